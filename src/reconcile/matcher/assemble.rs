//! Rows of any table on their way into a side.

use chrono::NaiveDate;

use super::normal::{compared, normal};
use super::rules::Rules;
use super::side::{Carried, NewRow, RowIndex, Side, Skip};
use super::symbols::Symbols;

/// Bytes of an id that room is made for.
const ID_BYTES: usize = 10;

/// Fills one side row by row.
pub struct Assembler<'a> {
    rules: &'a Rules,
    symbols: &'a mut Symbols,
    side: Side,
    /// Keys of which the spelling is kept beside the normal form.
    spelled: Vec<bool>,
}

/// What one row says: texts as they stand, the amount in units of the rules' scale.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'f> {
    pub id: &'f str,
    /// `None` where it is not a number or has too many decimals.
    pub amount: Option<i64>,
    pub date: Option<NaiveDate>,
    pub currency: &'f str,
    /// One text a key of the rules.
    pub keys: &'f [&'f str],
    /// One text a comparison of the rules.
    pub compared: &'f [&'f str],
    pub row: u32,
    /// False where a filter of the rules leaves it out.
    pub kept: bool,
}

impl<'a> Assembler<'a> {
    pub fn new(rules: &'a Rules, symbols: &'a mut Symbols) -> Assembler<'a> {
        let side = Side::new(rules.keys.len(), rules.compares.len());
        let spelled = rules.keys.iter().map(|key| key.normal.changes()).collect();
        Assembler { rules, symbols, side, spelled }
    }

    /// Goes on behind the rows of a side that stands already.
    pub fn over(rules: &'a Rules, symbols: &'a mut Symbols, side: Side) -> Assembler<'a> {
        Assembler { side, ..Assembler::new(rules, symbols) }
    }

    pub fn is_empty(&self) -> bool {
        self.side.is_empty()
    }

    /// Room for so many rows.
    pub fn reserve(&mut self, rows: usize) {
        self.side.reserve(rows, rows * ID_BYTES);
    }

    pub fn push(&mut self, fields: &Fields<'_>) -> RowIndex {
        let currency = self.symbols.intern(fields.currency.trim());
        let new = NewRow {
            id: fields.id,
            amount: fields.amount,
            date: fields.date,
            currency,
            row: fields.row,
        };
        let row = self.side.push(new);
        let mut excluded = false;
        for (key, text) in fields.keys.iter().enumerate() {
            let form = normal(&self.rules.keys[key].normal, text);
            excluded |= self.rules.excluded.iter().any(|(at, values)| *at == key && values.iter().any(|v| *v == form));
            self.side.keys[key].push(self.symbols.intern(&form));
            if self.spelled[key] {
                self.side.spelled[key].push(self.symbols.intern(text.trim()));
            }
        }
        for (at, text) in fields.compared.iter().enumerate() {
            let form = compared(&self.rules.compares[at], text);
            self.side.compared[at].push(self.symbols.intern(&form));
        }
        let skip = match (fields.kept, excluded) {
            (false, _) => Some(Skip::Filtered),
            (_, true) => Some(Skip::Excluded),
            _ => None,
        };
        if let Some(skip) = skip {
            self.side.skipped.retain(|(at, _)| *at != row);
            self.side.skipped.push((row, skip));
        }
        row
    }

    /// A row that an earlier run left open.
    pub fn push_carried(&mut self, fields: &Fields<'_>, carried: Carried) {
        let row = self.push(fields);
        self.side.carried.push((row, carried));
    }

    pub fn finish(self) -> Side {
        self.side
    }
}
