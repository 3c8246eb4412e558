//! The state of every record as of a date.
//!
//! The state of a record as of D is its newest version whose export is dated up to D or, where there is none, its
//! oldest version after D; an event inside a record that is dated after D has not happened as of D (DOMAIN section 1).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::files::FileRecord;
use super::store::Version;
use crate::model::dates::first_of_month;
use crate::model::{Row, TableDef, Value};

/// The newest file that each closed month rests on, by the month's first day.
pub type ClosedFiles = BTreeMap<NaiveDate, i64>;

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

    /// These months as their closes left them: what came after these files changes none of their final rows, moves none
    /// in or out, and as of a date in one of them is not there at all. Records that live on are as they are: an order of
    /// a closed month is completed in the next.
    pub fn as_closed(mut self, closed: &ClosedFiles) -> Moment<'a> {
        if let Some(last) = closed.get(&first_of_month(self.as_of)) {
            self.files.iter_mut().filter(|(id, _)| *id > last).for_each(|(_, file)| file.counts = false);
        }
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
        let names = Names::new(table, versions);
        let last_files = self.last_files(table, &names, versions);
        let mut best: HashMap<Name<'_>, (Standing, &Version)> = HashMap::with_capacity(versions.len());
        for version in versions {
            let Some(standing) = self.standing(version) else { continue };
            let name = names.of(version);
            let moved_out = || last_files.get(&name).is_some_and(|last| version.row.origin.file > *last);
            if self.came_after_close(table, &version.row) || moved_out() {
                continue;
            }
            match best.entry(name) {
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert((standing, version));
                }
                std::collections::hash_map::Entry::Occupied(mut entry) => {
                    if standing.beats(&entry.get().0) {
                        entry.insert((standing, version));
                    }
                }
            }
        }
        let dated = |row: &Row| table.date.and_then(|at| row.values[at].date());
        let mut picked: Vec<(Name<'_>, &Row)> =
            best.into_iter().filter(|(_, (_, version))| !version.void).map(|(key, (_, v))| (key, &v.row)).collect();
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

    /// Whether a final row of a closed month came after the close.
    fn came_after_close(&self, table: &TableDef, row: &Row) -> bool {
        let day = table.date.filter(|_| table.is_final).and_then(|at| row.values[at].date());
        day.and_then(|day| self.as_closed.get(&first_of_month(day))).is_some_and(|last| row.origin.file > *last)
    }

    /// The last file that speaks of a record that stood in a month when it was closed: a later one cannot move it out.
    fn last_files<'v>(&self, table: &TableDef, names: &Names<'v>, versions: &'v [Version]) -> HashMap<Name<'v>, i64> {
        let mut last_files: HashMap<Name<'v>, i64> = HashMap::new();
        let Some(date) = table.date.filter(|_| table.is_final) else { return last_files };
        for (month, last) in &self.as_closed {
            let mut stood: BTreeMap<Name<'v>, ((usize, u32), &Row)> = BTreeMap::new();
            for version in versions.iter().filter(|v| v.row.origin.file <= *last) {
                let Some(file) = self.files.get(&version.row.origin.file).filter(|f| f.counts) else { continue };
                let place = (file.rank, version.row.origin.row);
                let held = stood.entry(names.of(version)).or_insert((place, &version.row));
                if place > held.0 {
                    *held = (place, &version.row);
                }
            }
            for (name, (_, row)) in stood {
                if row.values[date].date().is_some_and(|d| first_of_month(d) == *month) {
                    let held = last_files.entry(name).or_insert(*last);
                    *held = (*held).min(*last);
                }
            }
        }
        last_files
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
pub(super) type Name<'a> = (&'a str, Option<&'a str>, u32);

/// What names the records of a table.
///
/// Where one export shows two different rows of a key, what tells them apart is part of the record's name: a later
/// export may show only one of them.
pub(super) struct Names<'a> {
    table: &'a TableDef,
    doubled: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    pub fn new(table: &'a TableDef, versions: &'a [Version]) -> Names<'a> {
        Names { table, doubled: versions.iter().filter(|v| v.twin > 0).map(|v| v.key.as_str()).collect() }
    }

    /// The name of the record that a version is of.
    pub fn of(&self, version: &'a Version) -> Name<'a> {
        let apart = if self.doubled.contains(version.key.as_str()) { identity(self.table, version) } else { None };
        (&version.key, apart, if apart.is_some() { 0 } else { version.twin })
    }
}

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
