//! What the ledger knows of a file, apart from its rows.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use crate::clean::Control;
use crate::finding::Finding;

/// A file that is to be taken.
#[derive(Debug, Clone)]
pub struct FileMeta {
    pub sha256: String,
    /// Path below inbox/, with `/`.
    pub name: String,
    pub bytes: u64,
}

/// A file taken, and what was made of it.
#[derive(Debug, Clone)]
pub struct FileRecord {
    /// The ledger's number; later files have higher ones.
    pub id: i64,
    pub sha256: String,
    pub name: String,
    /// Further names under which the same content came.
    pub other_names: Vec<String>,
    pub format: String,
    pub encoding: String,
    pub export_date: Option<NaiveDate>,
    pub made_at: Option<NaiveDateTime>,
    /// Where it stands among files of other names.
    pub ranked: Ranked,
    /// The newest reporting date that was published when it was taken.
    pub taken_after: Option<NaiveDate>,
    /// Every name under which it came has other content since.
    pub replaced: bool,
    /// Name of a file with an earlier date that has the very same events: this one is no export of its date.
    pub repeats: Option<String>,
    pub sheets: Vec<SheetRecord>,
    pub findings: Vec<Finding>,
}

/// What orders a file among those of other names: its own date and time, or those of a newer arrival of its name that
/// says it is older. So the newest arrival of a name is what that name says, whatever its rows' dates are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ranked {
    pub date: Option<NaiveDate>,
    pub made_at: Option<NaiveDateTime>,
}

/// Finds out which files were replaced under all their names, and how files are ordered; they come in order of taking.
pub fn replace(files: &mut [FileRecord]) {
    let mut newest: HashMap<String, i64> = HashMap::new();
    // A further name is noted only while nothing has come under it.
    for file in files.iter() {
        for name in &file.other_names {
            newest.insert(name.clone(), file.id);
        }
    }
    for file in files.iter() {
        newest.insert(file.name.clone(), file.id); // in order of taking: the last one stays
    }
    let mut later: HashMap<String, Ranked> = HashMap::new();
    for file in files.iter_mut().rev() {
        let is_newest = |name: &String| newest.get(name) == Some(&file.id);
        file.replaced = !is_newest(&file.name) && !file.other_names.iter().any(is_newest);
        let own = Ranked { date: file.export_date, made_at: file.made_at };
        file.ranked = match later.get(&file.name) {
            Some(next) if next.date < own.date => *next,
            Some(next) if next.date == own.date => Ranked { made_at: next.made_at, ..own },
            _ => own,
        };
        later.insert(file.name.clone(), file.ranked);
    }
}

#[derive(Debug, Clone)]
pub struct SheetRecord {
    pub name: String,
    pub source: String,
    pub heading_row: u32,
    pub tables: Vec<TableRecord>,
    pub controls: Vec<Control>,
}

/// rows of the sheet = no record + read; read = taken + rejected.
#[derive(Debug, Clone)]
pub struct TableRecord {
    pub table: String,
    pub rows_sheet: u64,
    /// Titles, headings, totals, footers, rows that the source leaves to other tables.
    pub rows_no_record: u64,
    pub rows_read: u64,
    pub rows_taken: u64,
    pub rows_rejected: u64,
    /// What the rejected rows say in the table's amount, in fen, as far as it can be read.
    pub refused_fen: i64,
    /// Rejected rows whose amount cannot be read.
    pub refused_unread: u64,
    /// Where its taken rows are events of one day: what they say, whatever their order; else empty.
    pub digest: String,
}

impl FileRecord {
    /// Whether no 合计 and 小计 of the file differs from rows whose amounts are all known.
    pub fn totals_hold(&self) -> bool {
        !self.sheets.iter().flat_map(|s| &s.controls).any(Control::fails)
    }

    /// Whether the file's rows count: a file whose totals fail counts until a newer one of its name has come.
    pub fn counts(&self) -> bool {
        !self.replaced || self.totals_hold()
    }

    /// The days that the file speaks for: its own, and those of its other names. A copy that is named after a month
    /// says no more than the file itself, which tells how far it reaches; only one without rows is of that whole month.
    /// Events that came under several dates are those of the earliest: what repeats them is no export of its date.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        let is_blank = self.sheets.iter().flat_map(|s| &s.tables).all(|t| t.rows_read == 0);
        let others = self.other_names.iter().filter_map(|name| crate::clean::stated_by_name(name));
        let others = others.filter(move |stated| is_blank || !stated.whole_month).map(|stated| stated.date);
        let own = self.export_date.filter(|_| self.repeats.is_none());
        let first = if self.has_events() { self.first_stated() } else { None };
        own.into_iter().chain(others).filter(move |day| first.is_none_or(|first| *day <= first))
    }

    /// Whether it has rows of tables of events, which are of one date and no other.
    pub fn has_events(&self) -> bool {
        self.sheets.iter().flat_map(|s| &s.tables).any(|t| !t.digest.is_empty())
    }

    /// The earliest day that its own date or one of its names states.
    fn first_stated(&self) -> Option<NaiveDate> {
        let others = self.other_names.iter().filter_map(|name| crate::clean::stated_by_name(name));
        let others = others.filter(|stated| !stated.whole_month).map(|stated| stated.date);
        self.export_date.into_iter().chain(others).min()
    }

    /// Every day of which it would show a record: its own, and those of the month or stretch that its name states.
    pub fn speaks_for(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        let stretch = crate::clean::stated_by_name(&self.name).filter(|stated| stated.whole_month);
        let own = stretch.zip(self.export_date).into_iter();
        // No name states more than some years.
        let days =
            own.flat_map(|(stated, last)| stated.first.iter_days().take(3660).take_while(move |day| *day < last));
        days.chain(self.days())
    }

    /// Whether one of the names under which it came tells a date.
    pub fn is_dated_by_name(&self) -> bool {
        std::iter::once(&self.name).chain(&self.other_names).any(|name| crate::clean::stated_by_name(name).is_some())
    }

    /// How files of overlapping content are ordered: later in this order is newer.
    ///
    /// Date of the export first, then the time at which it was made; files of one date are told apart by name. Of one
    /// name the one taken later is newer, whatever it says of itself. So the order of taking different files never
    /// matters.
    pub fn age(&self) -> (Option<NaiveDate>, Option<NaiveDateTime>, &str, i64) {
        (self.ranked.date, self.ranked.made_at, &self.name, self.id)
    }
}
