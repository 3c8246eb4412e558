//! The state of every record as of a date.
//!
//! The state of a record as of D is its newest version whose export is dated up to D or, where there is none, its
//! oldest version after D; an event inside a record that is dated after D has not happened as of D (DOMAIN section 1).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::ages::Ages;
use super::files::FileRecord;
use super::version::Version;
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
    /// Place of the first content of its name and date: what is corrected since takes its place.
    first: usize,
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
        let mut firsts: HashMap<(&str, Option<NaiveDate>), usize> = HashMap::new();
        let mut files = HashMap::new();
        for file in Ages::new(records).in_order() {
            let (rank, record, date) = (file.rank, file.record, file.record.export_date);
            let first = *firsts.entry((&record.name, date)).or_insert(rank);
            files.insert(record.id, FileAge { rank, first, date, counts: record.counts(), record });
        }
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
        let last_files = self.last_files(table, versions);
        let records = versions.iter().map(|v| v.record as usize + 1).max().unwrap_or(0);
        let mut best: Vec<Option<(Standing, &Version)>> = vec![None; records];
        for version in versions {
            let Some(standing) = self.standing(version) else { continue };
            let moved_out = || last_files.get(&version.record).is_some_and(|last| version.row.origin.file > *last);
            if self.came_after_close(table, &version.row) || moved_out() {
                continue;
            }
            let held = &mut best[version.record as usize];
            if held.is_none_or(|(other, _)| standing.beats(&other)) {
                *held = Some((standing, version));
            }
        }
        let dated = |row: &Row| table.date.and_then(|at| row.values[at].date());
        // Records are numbered in order of key.
        let picked = best.into_iter().flatten().map(|(_, version)| version).filter(|v| !v.void && !self.is_gone(v));
        let picked: Vec<&Version> = picked.filter(|v| dated(&v.row).is_none_or(|d| d <= self.as_of)).collect();
        let mut rows: Vec<Row> = picked.iter().map(|version| version.row.clone()).collect();
        tell_apart(table, &picked, &mut rows);
        for row in &mut rows {
            hide_later_events(table, row, self.as_of);
        }
        let exported = |row: &Row| self.files.get(&row.origin.file).and_then(|f| f.date);
        let newest_export = rows.iter().filter_map(exported).filter(|d| *d <= self.as_of).max();
        TableState { rows, newest_export }
    }

    /// Whether a newer export up to D has taken a record away, or a corrected one of the same name and date.
    fn is_gone(&self, version: &Version) -> bool {
        let (of, by) = (self.files.get(&version.row.origin.file), version.ended.and_then(|by| self.files.get(&by)));
        let Some((of, by)) = of.zip(by).filter(|(_, by)| by.counts) else { return false };
        self.is_dated_up_to(by.record.id) || by.first == of.first
    }

    /// The file up to D that has taken a version away.
    pub fn taken_away_by(&self, version: &Version) -> Option<i64> {
        version.ended.filter(|_| self.is_gone(version))
    }

    /// Whether a file counts and is dated up to D.
    pub fn knows(&self, file: i64) -> bool {
        self.files.get(&file).is_some_and(|f| f.counts) && self.is_dated_up_to(file)
    }

    /// Whether a final row of a closed month came after the close.
    fn came_after_close(&self, table: &TableDef, row: &Row) -> bool {
        let day = table.date.filter(|_| table.is_final).and_then(|at| row.values[at].date());
        day.and_then(|day| self.as_closed.get(&first_of_month(day))).is_some_and(|last| row.origin.file > *last)
    }

    /// The last file that speaks of a record that stood in a month when it was closed: a later one cannot move it out.
    fn last_files(&self, table: &TableDef, versions: &[Version]) -> HashMap<u32, i64> {
        let mut last_files: HashMap<u32, i64> = HashMap::new();
        let Some(date) = table.date.filter(|_| table.is_final) else { return last_files };
        for (month, last) in &self.as_closed {
            let mut stood: BTreeMap<u32, ((usize, u32), &Row)> = BTreeMap::new();
            for version in versions.iter().filter(|v| v.row.origin.file <= *last) {
                let Some(file) = self.files.get(&version.row.origin.file).filter(|f| f.counts) else { continue };
                let place = (file.rank, version.row.origin.row);
                let held = stood.entry(version.record).or_insert((place, &version.row));
                if place > held.0 {
                    *held = (place, &version.row);
                }
            }
            for (record, (_, row)) in stood {
                if row.values[date].date().is_some_and(|d| first_of_month(d) == *month) {
                    let held = last_files.entry(record).or_insert(*last);
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
            Standing::After { place: (file.first, Reverse(file.rank), version.row.origin.row) }
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
    After { place: (usize, Reverse<usize>, u32) },
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

/// Records of one single-column key get keys of their own, `X`, `X#2`, …: two live orders of one number are two.
fn tell_apart(table: &TableDef, picked: &[&Version], rows: &mut [Row]) {
    let ([key], false) = (table.key.as_slice(), table.identity.is_empty()) else { return };
    let mut place = 1;
    for at in 1..picked.len() {
        place = if picked[at].key == picked[at - 1].key { place + 1 } else { 1 };
        if place > 1 {
            rows[at].values[*key] = Value::Text(format!("{}#{place}", picked[at].key));
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
