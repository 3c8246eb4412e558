//! Rows of a table, typed, as a side: values by the names of the table's columns.

use super::assemble::{Assembler, Fields};
use super::normal::amount_text;
use super::rules::{RowTest, Rules};
use super::side::Side;
use super::symbols::Symbols;
use crate::model::{ColumnKind, Row, TableDef, Value};

/// Where the columns of a table stand that one side's rules name.
pub struct Columns<'t> {
    table: &'t TableDef,
    side: usize,
    id: Vec<usize>,
    amount: usize,
    date: Option<usize>,
    currency: Option<usize>,
    keys: Vec<usize>,
    compared: Vec<usize>,
    keep: Vec<usize>,
    drop: Vec<usize>,
    /// What a check names: the order's and the receipt's number.
    pub order: Option<usize>,
    pub receipt: Option<usize>,
}

impl<'t> Columns<'t> {
    /// Says which column the table has not.
    pub fn find(rules: &Rules, side: usize, table: &'t TableDef) -> Result<Columns<'t>, String> {
        let at = |name: &String| {
            table.column(name).ok_or_else(|| format!("a column `{name}` that the table `{}` has not", table.id))
        };
        let own = &rules.sides[side];
        let all = |names: &mut dyn Iterator<Item = &String>| names.map(at).collect::<Result<Vec<usize>, String>>();
        let tests = |tests: &[RowTest]| tests.iter().map(|t| at(&t.column)).collect::<Result<Vec<usize>, String>>();
        Ok(Columns {
            table,
            side,
            id: all(&mut own.id.iter())?,
            amount: at(&own.amount)?,
            date: own.date.as_ref().map(at).transpose()?,
            currency: own.currency.as_ref().map(at).transpose()?,
            keys: all(&mut rules.keys.iter().map(|k| &k.columns[side]))?,
            compared: all(&mut rules.compares.iter().map(|c| &c.columns[side]))?,
            keep: tests(&own.keep)?,
            drop: tests(&own.drop)?,
            order: own.order.as_ref().map(at).transpose()?,
            receipt: own.receipt.as_ref().map(at).transpose()?,
        })
    }

    /// A side of rows. Row `n` of the side is row `n` of the list.
    pub fn side(&self, rules: &Rules, rows: &[Row], symbols: &mut Symbols) -> Side {
        let own = &rules.sides[self.side];
        let mut assembler = Assembler::new(rules, symbols);
        for row in rows {
            let text = |at: usize| self.text(row, at);
            let kept = own.keep.iter().zip(&self.keep).all(|(test, at)| test.holds(&text(*at)))
                && !own.drop.iter().zip(&self.drop).any(|(test, at)| test.holds(&text(*at)));
            let value = &row.values[self.amount];
            let units = units_of(value, self.table.columns[self.amount].kind, rules.scale);
            let names: Vec<String> = self.id.iter().map(|at| text(*at)).collect();
            assembler.push(&Fields {
                id: &if names.is_empty() { row.origin.row.to_string() } else { names.join("-") },
                // An empty amount of a typed row is nothing: the cleaner has refused what was no number.
                amount: units.or(value.is_null().then_some(0)).map(|u| if own.negate { -u } else { u }),
                date: self.date.and_then(|at| row.values[at].date()),
                currency: &self.currency.map(text).unwrap_or_default(),
                row: row.origin.row,
                kept,
            });
            self.keys.iter().enumerate().for_each(|(key, at)| assembler.key(key, &text(*at)));
            self.compared.iter().enumerate().for_each(|(compare, at)| assembler.compared(compare, &text(*at)));
        }
        assembler.finish()
    }

    /// Place of a column of the table.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.table.column(name)
    }

    /// A value as a person would type it.
    pub fn text(&self, row: &Row, at: usize) -> String {
        match &row.values[at] {
            Value::Null => String::new(),
            Value::Text(text) => text.clone(),
            Value::Int(number) => amount_text((*number).into(), decimals(self.table.columns[at].kind)),
            Value::Date(date) => date.to_string(),
            Value::Time(time) => time.to_string(),
        }
    }
}

/// Decimals in which a column's whole numbers are counted.
fn decimals(kind: ColumnKind) -> u32 {
    match kind {
        ColumnKind::Fen | ColumnKind::Hours => 2,
        ColumnKind::Micro => 6,
        _ => 0,
    }
}

fn units_of(value: &Value, kind: ColumnKind, scale: u32) -> Option<i64> {
    let number = value.int()?;
    let own = decimals(kind);
    if own <= scale {
        return number.checked_mul(10_i64.checked_pow(scale - own)?);
    }
    let factor = 10_i64.checked_pow(own - scale)?;
    (number % factor == 0).then_some(number / factor)
}
