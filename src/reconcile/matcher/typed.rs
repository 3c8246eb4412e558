//! Rows of a table, typed, as a side: values by the names of the table's columns.

use std::borrow::Cow;

use chrono::NaiveTime;

use super::assemble::{Assembler, Fields};
use super::normal::amount_text;
use super::places::Places;
use super::rules::Rules;
use super::side::Side;
use super::symbols::Symbols;
use crate::model::{ColumnKind, Row, TableDef, Value};

/// One side's columns of a table.
pub struct Columns<'t> {
    table: &'t TableDef,
    side: usize,
    pub places: Places,
}

impl<'t> Columns<'t> {
    /// Says which columns the table has not.
    pub fn find(rules: &Rules, side: usize, table: &'t TableDef) -> Result<Columns<'t>, String> {
        let places = Places::find(rules, side, |name| table.column(name))
            .map_err(|missing| format!("a column `{}` that the table `{}` has not", missing.join("`, `"), table.id))?;
        Ok(Columns { table, side, places })
    }

    /// A side of rows. Row `n` of the side is row `n` of the list.
    pub fn side(&self, rules: &Rules, rows: &[Row], symbols: &mut Symbols) -> Side {
        let own = &rules.sides[self.side];
        let mut assembler = Assembler::new(rules, symbols);
        for row in rows {
            let places = &self.places;
            let text = |at: usize| self.text(row, at);
            let value = &row.values[places.amount];
            let units = units_of(value, self.table.columns[places.amount].kind, rules.scale);
            let names: Vec<String> = places.id.iter().map(|at| text(*at)).collect();
            let once = places.once(|at| Cow::Owned(text(at)));
            assembler.push(&Fields {
                id: &if names.is_empty() { row.origin.row.to_string() } else { names.join("-") },
                // An empty amount of a typed row is nothing: the cleaner has refused what was no number.
                amount: units.or(value.is_null().then_some(0)).map(|u| own.signed(u)),
                date: places.date.and_then(|at| row.values[at].date()),
                time: places.date.and_then(|at| time_of(&row.values[at])),
                currency: &own.currency_of(places.currency.map(text).unwrap_or_default()),
                row: row.origin.row,
                rank: places.rank(own, |at| Cow::Owned(text(at))),
                once: &once,
                refused: None,
                kept: places.keeps(own, |at| Cow::Owned(text(at))),
            });
            places.keys.iter().enumerate().for_each(|(key, at)| assembler.key(key, &text(*at)));
            places.compared.iter().enumerate().for_each(|(compare, at)| assembler.compared(compare, &text(*at)));
        }
        assembler.finish()
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

/// The time of day of a value that has one.
fn time_of(value: &Value) -> Option<NaiveTime> {
    if let Value::Time(time) = value { Some(time.time()) } else { None }
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
