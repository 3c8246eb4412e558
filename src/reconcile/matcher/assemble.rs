//! Rows of any table on their way into a side.

use chrono::{NaiveDate, NaiveTime};

use super::normal::{compared, normal};
use super::rules::{Rules, SideRule};
use super::side::{Carried, NewRow, RowIndex, Side, Skip};
use super::symbols::{Symbols, Texts};

/// Bytes of an id, and of a key, that room is made for.
const ID_BYTES: usize = 10;
const KEY_BYTES: usize = 14;

/// Fills one side row by row.
pub struct Assembler<'a> {
    rules: &'a Rules,
    symbols: &'a mut Symbols,
    side: Side,
    /// Whether rows are preferred by their source, and whether some are one row, on any side.
    ranked: bool,
    once: bool,
    /// Keys of which the spelling is kept beside the normal form.
    spelled: Vec<bool>,
    /// Normal forms that wait for their numbers, by key: they are looked up many at a time.
    waiting: Vec<Texts>,
}

/// Rows whose keys are looked up together.
const BATCH: usize = 1 << 10;

/// What one row says beside its keys and comparisons; the amount in units of the rules' scale.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'f> {
    pub id: &'f str,
    /// `None` where it is not a number or has too many decimals.
    pub amount: Option<i64>,
    pub date: Option<NaiveDate>,
    /// Its time of day; asked for only where a window is counted in seconds.
    pub time: Option<NaiveTime>,
    pub currency: &'f str,
    pub row: u32,
    /// False where a filter of the rules leaves it out.
    pub kept: bool,
    /// Place of its source in the order that the side prefers.
    pub rank: u16,
    /// What tells whether it is one row with another; empty: it is one of its own.
    pub once: &'f str,
    /// Why it cannot be understood, where it cannot.
    pub refused: Option<Skip>,
}

impl<'a> Assembler<'a> {
    pub fn new(rules: &'a Rules, symbols: &'a mut Symbols) -> Assembler<'a> {
        let side = Side::new(rules.keys.len(), rules.compares.len(), rules.asks_for_times());
        let any = |says: fn(&SideRule) -> bool| rules.sides.iter().any(says);
        let (ranked, once) = (any(|side| side.prefer.is_some()), any(|side| side.once.is_some()));
        let spelled = rules.keys.iter().map(|key| key.normal.changes()).collect();
        let waiting = vec![Texts::default(); rules.keys.len()];
        Assembler { rules, symbols, side, ranked, once, spelled, waiting }
    }

    /// Goes on behind the rows of a side that stands already.
    pub fn over(rules: &'a Rules, symbols: &'a mut Symbols, side: Side) -> Assembler<'a> {
        Assembler { side, ..Assembler::new(rules, symbols) }
    }

    pub fn is_empty(&self) -> bool {
        self.side.is_empty()
    }

    /// Rows so far.
    pub fn len(&self) -> usize {
        self.side.len()
    }

    /// Room for so many rows.
    pub fn reserve(&mut self, rows: usize) {
        self.side.reserve(rows, rows * ID_BYTES);
        // Most keys of the second side stand on the first one already.
        if self.symbols.len() < rows / 4 {
            self.symbols.reserve(rows, rows * KEY_BYTES);
        }
    }

    /// Begins a row; [`Assembler::key`] and [`Assembler::compared`] follow, once for each of the rules.
    pub fn push(&mut self, fields: &Fields<'_>) -> RowIndex {
        let currency = self.symbols.intern(fields.currency.trim());
        let Fields { id, amount, date, time, row, .. } = *fields;
        let row = self.side.push(NewRow { id, amount, date, time, currency, row });
        if self.ranked {
            self.side.ranks.push(fields.rank);
        }
        if self.once {
            let once = self.symbols.intern(fields.once);
            self.side.once.push(once);
        }
        if let Some(skip) = fields.refused {
            self.skip(row, skip);
        } else if !fields.kept {
            self.skip(row, Skip::Filtered);
        }
        row
    }

    /// The text of a key of the row that was begun last.
    pub fn key(&mut self, key: usize, text: &str) {
        let form = normal(&self.rules.keys[key].normal, text);
        let excluded = self.rules.excluded.iter().any(|(at, values)| *at == key && values.iter().any(|v| *v == form));
        self.waiting[key].push(&form);
        if self.waiting[key].len() == BATCH {
            self.look_up(key);
        }
        if self.rules.keys[key].normal.words {
            let words = form.split(' ').filter(|word| !word.is_empty());
            self.side.words[key].push(words.map(|word| self.symbols.intern(word)).collect());
        }
        if self.spelled[key] {
            self.side.spelled[key].push(self.symbols.intern(text.trim()));
        }
        let row = self.side.len() as RowIndex - 1; // a row was begun
        let is_left_out =
            |(last, skip): &(RowIndex, Skip)| *last == row && (*skip == Skip::Filtered || skip.is_refused());
        if excluded && !self.side.skipped.last().is_some_and(is_left_out) {
            self.skip(row, Skip::Excluded);
        }
    }

    /// A key of the row that was begun last is no key any more: a spreadsheet has rounded it. It is told as that, and joins
    /// nothing.
    pub fn damaged(&mut self, key: usize) {
        let row = self.side.len() as RowIndex - 1; // a row was begun
        if self.side.damaged.last() != Some(&row) {
            self.side.damaged.push(row);
        }
        self.key(key, "");
    }

    fn look_up(&mut self, key: usize) {
        self.symbols.intern_all(&self.waiting[key], &mut self.side.keys[key]);
        self.waiting[key].clear();
    }

    /// The text of a comparison of the row that was begun last.
    pub fn compared(&mut self, at: usize, text: &str) {
        let form = compared(&self.rules.compares[at], text);
        self.side.compared[at].push(self.symbols.intern(&form));
    }

    fn skip(&mut self, row: RowIndex, skip: Skip) {
        if self.side.skipped.last().is_some_and(|(last, _)| *last == row) {
            self.side.skipped.pop();
        }
        self.side.skipped.push((row, skip));
    }

    /// The row that was begun last has been left open by an earlier run.
    pub fn carried(&mut self, row: RowIndex, carried: Carried) {
        self.side.carried.push((row, carried));
    }

    pub fn finish(mut self) -> Side {
        (0..self.waiting.len()).for_each(|key| self.look_up(key));
        self.side
    }
}
