//! The state of every record as of a date.
//!
//! The state of a record as of D is its newest version whose export is dated up to D or, where there is none, its
//! oldest version after D; an event inside a record that is dated after D has not happened as of D (DOMAIN section 1).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::changes::ClosedFiles;
use super::files::FileRecord;
use super::store::Version;
use crate::model::dates::first_of_month;
use crate::model::{Row, TableDef, Value};

/// The files of the ledger, seen from a date.
pub struct Moment<'a> {
    pub as_of: NaiveDate,
    files: HashMap<i64, FileAge<'a>>,
    /// The newest file that each closed month rests on.
    closed: ClosedFiles,
    /// As `closed`: what came later into these months does not count.
    as_closed: ClosedFiles,
}

struct FileAge<'a> {
    /// Place in the order of age: higher is newer.
    rank: usize,
    date: Option<NaiveDate>,
    counts: bool,
    record: &'a FileRecord,
}

/// The rows of one table as of a date, in order of key.
#[derive(Debug, Clone, Default)]
pub struct TableState {
    pub rows: Vec<Row>,
    /// Date of the newest export up to D that rows of the state came from.
    pub newest_export: Option<NaiveDate>,
}

impl<'a> Moment<'a> {
    pub fn new(as_of: NaiveDate, records: &'a [FileRecord]) -> Moment<'a> {
        let mut order: Vec<&FileRecord> = records.iter().collect();
        order.sort_by(|a, b| a.age().cmp(&b.age()));
        let age = |(rank, record): (usize, &'a FileRecord)| {
            (record.id, FileAge { rank, date: record.export_date, counts: record.counts(), record })
        };
        let files = order.into_iter().enumerate().map(age).collect();
        Moment { as_of, files, closed: ClosedFiles::new(), as_closed: ClosedFiles::new() }
    }

    /// With the months that are closed: a decision of a closed month that came after its close counts from the next.
    pub fn with_closed(self, closed: &ClosedFiles) -> Moment<'a> {
        Moment { closed: closed.clone(), ..self }
    }

    /// As if nothing of these months had come after these files.
    pub fn as_closed(self, closed: &ClosedFiles) -> Moment<'a> {
        Moment { as_closed: closed.clone(), ..self }
    }

    /// The day from which a row of this day counts: a later month's first where its own was closed before it came.
    pub fn open_day(&self, day: NaiveDate, file: i64) -> NaiveDate {
        let mut day = day;
        while is_after(&self.closed, day, file) {
            day = first_of_month(day).checked_add_months(chrono::Months::new(1)).unwrap_or(NaiveDate::MAX);
        }
        day
    }

    /// Whether a file is dated up to D; an undated one holds for every date.
    pub fn is_dated_up_to(&self, file: i64) -> bool {
        self.files.get(&file).is_some_and(|f| f.date.is_none_or(|d| d <= self.as_of))
    }

    /// A file's place in the order of age: later is newer.
    pub fn rank(&self, file: i64) -> usize {
        self.files.get(&file).map_or(0, |f| f.rank)
    }

    /// Dates of the exports that have one, by file.
    pub fn exported(&self) -> BTreeMap<i64, NaiveDate> {
        self.files.iter().filter_map(|(id, file)| Some((*id, file.date?))).collect()
    }

    /// The files that count as of D: dated up to D, and those after D that `used` rows came from. In order of age.
    pub fn files(&self, used: &BTreeSet<i64>) -> Vec<&'a FileRecord> {
        let counts =
            |f: &&FileAge<'a>| f.counts && (f.date.is_none_or(|d| d <= self.as_of) || used.contains(&f.record.id));
        let mut files: Vec<&FileAge<'a>> = self.files.values().filter(counts).collect();
        files.sort_by_key(|f| f.rank);
        files.into_iter().map(|f| f.record).collect()
    }

    /// Picks each record's version and hides what has not happened yet.
    pub fn state(&self, table: &TableDef, versions: &[Version]) -> TableState {
        // Where one export shows two different rows of a key, what tells them apart is part of the record's name: a
        // later export may show only one of them.
        let doubled: HashSet<&str> = versions.iter().filter(|v| v.twin > 0).map(|v| v.key.as_str()).collect();
        let mut best: HashMap<Name<'_>, (Standing, &Row)> = HashMap::with_capacity(versions.len());
        for version in versions {
            let day = table.date.and_then(|at| version.row.values[at].date());
            if day.is_some_and(|day| is_after(&self.as_closed, day, version.row.origin.file)) {
                continue;
            }
            let Some(standing) = self.standing(version) else { continue };
            let apart = if doubled.contains(version.key.as_str()) { identity(table, version) } else { None };
            let twin = if apart.is_some() { 0 } else { version.twin };
            match best.entry((&version.key, apart, twin)) {
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert((standing, &version.row));
                }
                std::collections::hash_map::Entry::Occupied(mut entry) => {
                    if standing.beats(&entry.get().0) {
                        entry.insert((standing, &version.row));
                    }
                }
            }
        }
        let dated = |row: &Row| table.date.and_then(|at| row.values[at].date());
        let mut picked: Vec<(Name<'_>, &Row)> = best.into_iter().map(|(key, (_, row))| (key, row)).collect();
        picked.retain(|(_, row)| dated(row).is_none_or(|d| d <= self.as_of));
        picked.sort_by_key(|(key, _)| *key);
        let mut rows: Vec<Row> = picked.iter().map(|(_, row)| (*row).clone()).collect();
        tell_apart(table, &picked, &mut rows);
        for row in &mut rows {
            hide_later_events(table, row, self.as_of);
        }
        let exported = |row: &Row| self.files.get(&row.origin.file).and_then(|f| f.date);
        let newest_export = rows.iter().filter_map(exported).filter(|d| *d <= self.as_of).max();
        TableState { rows, newest_export }
    }

    fn standing(&self, version: &Version) -> Option<Standing> {
        let file = self.files.get(&version.row.origin.file).filter(|f| f.counts)?;
        let place = (file.rank, version.row.origin.row);
        Some(if file.date.is_none_or(|d| d <= self.as_of) {
            Standing::Before { place }
        } else {
            Standing::After { place }
        })
    }
}

/// Whether a row of a closed month came after what its close rests on.
fn is_after(closed: &ClosedFiles, day: NaiveDate, file: i64) -> bool {
    closed.get(&first_of_month(day)).is_some_and(|last| file > *last)
}

/// How a version stands towards D.
#[derive(Debug, Clone, Copy)]
enum Standing {
    Before { place: (usize, u32) },
    After { place: (usize, u32) },
}

impl Standing {
    fn beats(&self, other: &Standing) -> bool {
        match (self, other) {
            (Standing::Before { place: mine }, Standing::Before { place: theirs }) => mine > theirs,
            (Standing::Before { .. }, Standing::After { .. }) => true,
            (Standing::After { .. }, Standing::Before { .. }) => false,
            (Standing::After { place: mine }, Standing::After { place: theirs }) => mine < theirs,
        }
    }
}

/// Name of a record: its key, what tells it from another of that key, and else its place among the rows of the key.
type Name<'a> = (&'a str, Option<&'a str>, u32);

/// The first of the identity columns that is filled.
fn identity<'a>(table: &TableDef, version: &'a Version) -> Option<&'a str> {
    table.identity.iter().map(|at| version.row.values[*at].text()).find(|text| !text.is_empty())
}

/// Records of one single-column key get keys of their own, `X`, `X#2`, …: two live orders of one number are two.
fn tell_apart(table: &TableDef, picked: &[(Name<'_>, &Row)], rows: &mut [Row]) {
    let ([key], false) = (table.key.as_slice(), table.identity.is_empty()) else { return };
    let mut place = 1;
    for at in 1..picked.len() {
        place = if picked[at].0.0 == picked[at - 1].0.0 { place + 1 } else { 1 };
        if place > 1 {
            rows[at].values[*key] = Value::Text(format!("{}#{place}", picked[at].0.0));
        }
    }
}

fn hide_later_events(table: &TableDef, row: &mut Row, as_of: NaiveDate) {
    for at in 0..table.columns.len() {
        if table.columns[at].event && row.values[at].date().is_some_and(|d| d > as_of) {
            row.values[at] = Value::Null;
            for (other, column) in table.columns.iter().enumerate() {
                if column.with == Some(at) {
                    row.values[other] = Value::Null;
                }
            }
        }
    }
}
