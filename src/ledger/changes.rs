//! Late changes: rows of days already reported that a file taken later changes, drops or adds.
//!
//! Only tables whose rows are final once reported are watched (`final` in the table spec): a settlement, a receipt, a
//! sale. A repair order lives on, and its changes are its life.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::facts::History;
use super::files::FileRecord;
use super::store::Version;
use crate::model::dates::first_of_month;
use crate::model::{Fen, Origin, TableDef, Value};
use crate::spec::tables::Tables;

/// One row that is no longer what was reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The date from which it shows: that of the file that tells it.
    pub since: Option<NaiveDate>,
    pub table: String,
    /// The row's own day.
    pub day: NaiveDate,
    pub key: String,
    /// The file that tells it.
    pub file: i64,
    pub what: What,
    /// The row as it was reported, and as it is.
    pub before: Option<Origin>,
    pub after: Option<Origin>,
    /// Its cells as they are, else as they were: names and numbers.
    pub values: Vec<Value>,
    /// is − was of the table's amount.
    pub amount: Fen,
    /// Its month was closed when the file came.
    pub after_close: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Column, what it was, what it is.
    Changed(Vec<(usize, Value, Value)>),
    /// A newer export of the day no longer has it; it lives on with its last values until it is explained.
    Dropped,
    /// A newer export of a day already reported has it and the former had not.
    Added,
}

/// The newest file that each closed month rests on, by first day of the month.
pub type ClosedFiles = BTreeMap<NaiveDate, i64>;

/// Every late change of every final table, in full order. Empty where everything came before it was reported.
pub fn changes(history: &History<'_>, tables: &Tables, records: &[FileRecord], closed: &ClosedFiles) -> Vec<Change> {
    if !records.iter().any(|r| r.taken_after.is_some()) {
        return Vec::new();
    }
    let files = Files::new(records);
    let mut found = Vec::new();
    for table in tables.tables.iter().filter(|t| t.is_final) {
        let Some(date) = table.date else { continue };
        let watch = Watch { table, date, files: &files, closed, rows: Rows::new(history.versions(&table.id), &files) };
        watch.changed_and_added(&mut found);
        watch.dropped(&mut found);
    }
    found.sort();
    found.dedup();
    found
}

/// The files that count, by the ledger's number, with their place in the order of age.
struct Files<'a> {
    by_id: HashMap<i64, (usize, &'a FileRecord)>,
}

impl<'a> Files<'a> {
    fn new(records: &'a [FileRecord]) -> Files<'a> {
        let mut order: Vec<&FileRecord> = records.iter().filter(|r| r.counts()).collect();
        order.sort_by(|a, b| a.age().cmp(&b.age()));
        Files { by_id: order.into_iter().enumerate().map(|(rank, record)| (record.id, (rank, record))).collect() }
    }

    fn record(&self, id: i64) -> Option<&'a FileRecord> {
        self.by_id.get(&id).map(|(_, record)| *record)
    }

    fn rank(&self, id: i64) -> usize {
        self.by_id.get(&id).map_or(0, |(rank, _)| *rank)
    }

    /// The source by which a row was read.
    fn source(&self, origin: &Origin) -> Option<&'a str> {
        let sheets = &self.record(origin.file)?.sheets;
        sheets.iter().find(|s| s.name == origin.sheet).map(|s| s.source.as_str())
    }
}

type Name<'v> = (&'v str, u32);

/// The versions of a table, by record and by file.
struct Rows<'v> {
    by_record: BTreeMap<Name<'v>, Vec<&'v Version>>,
    by_file: BTreeMap<i64, Vec<&'v Version>>,
}

impl<'v> Rows<'v> {
    fn new(versions: &'v [Version], files: &Files<'_>) -> Rows<'v> {
        let mut rows = Rows { by_record: BTreeMap::new(), by_file: BTreeMap::new() };
        for version in versions.iter().filter(|v| files.by_id.contains_key(&v.row.origin.file)) {
            rows.by_record.entry((&version.key, version.twin)).or_default().push(version);
            rows.by_file.entry(version.row.origin.file).or_default().push(version);
        }
        for versions in rows.by_record.values_mut() {
            versions.sort_by_key(|v| (v.row.origin.file, v.row.origin.row));
        }
        rows
    }

    fn of<'s>(&'s self, version: &'s Version) -> &'s [&'v Version] {
        self.by_record.get(&(version.key.as_str(), version.twin)).map_or(&[], Vec::as_slice)
    }
}

/// One table being watched.
struct Watch<'w, 'v> {
    table: &'w TableDef,
    date: usize,
    files: &'w Files<'w>,
    closed: &'w ClosedFiles,
    rows: Rows<'v>,
}

impl Watch<'_, '_> {
    fn day(&self, version: &Version) -> Option<NaiveDate> {
        version.row.values[self.date].date()
    }

    /// Files that were taken after something was published.
    fn late(&self) -> impl Iterator<Item = (&FileRecord, NaiveDate)> {
        self.rows.by_file.keys().filter_map(|id| self.files.record(*id)).filter_map(|r| Some((r, r.taken_after?)))
    }

    fn changed_and_added(&self, found: &mut Vec<Change>) {
        for (file, reported) in self.late() {
            for version in self.rows.by_file.get(&file.id).map_or(&[][..], Vec::as_slice) {
                let earlier = self.rows.of(version).iter().filter(|v| v.row.origin.file < file.id);
                let place = |v: &&&Version| (self.files.rank(v.row.origin.file), v.row.origin.row);
                let Some(before) = earlier.max_by_key(place) else {
                    self.added(file, reported, version, found);
                    continue;
                };
                let is_newer = self.files.rank(file.id) > self.files.rank(before.row.origin.file);
                let Some(day) = self.day(before).filter(|day| *day <= reported && is_newer) else { continue };
                let cells = self.cells(before, version);
                if !cells.is_empty() {
                    let rows = (Some(*before), Some(*version));
                    found.push(self.change(file, day, What::Changed(cells), rows));
                }
            }
        }
    }

    fn added(&self, file: &FileRecord, reported: NaiveDate, version: &Version, found: &mut Vec<Change>) {
        let Some(day) = self.day(version).filter(|day| *day <= reported) else { return };
        let source = self.files.source(&version.row.origin);
        let speaks = |other: &FileRecord| {
            other.id < file.id
                && other.days().any(|d| d == day)
                && other.sheets.iter().any(|s| Some(s.source.as_str()) == source)
        };
        let has_come = self.files.by_id.values().any(|(_, other)| speaks(other));
        if has_come || self.is_closed(day, file.id) {
            found.push(self.change(file, day, What::Added, (None, Some(version))));
        }
    }

    /// Rows that a corrected export no longer has.
    fn dropped(&self, found: &mut Vec<Change>) {
        for (file, reported) in self.late() {
            let mine = self.rows.by_file.get(&file.id).map_or(&[][..], Vec::as_slice);
            let names: BTreeSet<Name<'_>> = mine.iter().map(|v| (v.key.as_str(), v.twin)).collect();
            for former in self.formers(file, mine) {
                let mut days: BTreeMap<NaiveDate, Vec<&Version>> = BTreeMap::new();
                for version in self.rows.by_file.get(&former.id).map_or(&[][..], Vec::as_slice) {
                    if let Some(day) = self.day(version).filter(|day| *day <= reported) {
                        days.entry(day).or_default().push(version);
                    }
                }
                for (day, versions) in days {
                    let gone: Vec<&&Version> =
                        versions.iter().filter(|v| !names.contains(&(v.key.as_str(), v.twin))).collect();
                    // An export of another name may be of another cashier: it must hold most of the day's rows.
                    if former.name != file.name && gone.len() * 2 > versions.len() {
                        continue;
                    }
                    for version in gone.into_iter().filter(|v| !self.shown_again(v, file.id)) {
                        let mut change = self.change(file, day, What::Dropped, (Some(version), None));
                        change.amount = -self.table.amount.map_or(Fen::ZERO, |at| version.row.values[at].fen());
                        found.push(change);
                    }
                }
            }
        }
    }

    /// Earlier files that a late one stands for: of its name, or of its source with rows of its own among them.
    fn formers(&self, file: &FileRecord, mine: &[&Version]) -> Vec<&FileRecord> {
        let mut ids: BTreeSet<i64> = BTreeSet::new();
        for version in mine {
            let source = self.files.source(&version.row.origin);
            let others = self.rows.of(version).iter().map(|v| &v.row.origin).filter(|o| o.file < file.id);
            ids.extend(others.filter(|o| self.files.source(o) == source).map(|o| o.file));
        }
        let of_name = self.rows.by_file.keys().filter(|id| **id < file.id);
        ids.extend(of_name.filter(|id| self.files.record(**id).is_some_and(|r| r.name == file.name)));
        let is_older = |id: &i64| self.files.rank(*id) < self.files.rank(file.id);
        ids.into_iter().filter(is_older).filter_map(|id| self.files.record(id)).collect()
    }

    fn shown_again(&self, version: &Version, since: i64) -> bool {
        self.rows.of(version).iter().any(|v| v.row.origin.file > since)
    }

    /// Cells that differ. A blank one counts only within one source: another export may simply lack the column.
    fn cells(&self, before: &Version, after: &Version) -> Vec<(usize, Value, Value)> {
        let same_source = self.files.source(&before.row.origin) == self.files.source(&after.row.origin);
        let pairs = before.row.values.iter().zip(&after.row.values).enumerate();
        let differs = |(_, (was, is)): &(usize, (&Value, &Value))| was != is && (same_source || !is.is_null());
        pairs.filter(differs).map(|(at, (was, is))| (at, was.clone(), is.clone())).collect()
    }

    fn is_closed(&self, day: NaiveDate, file: i64) -> bool {
        self.closed.get(&first_of_month(day)).is_some_and(|last| file > *last)
    }

    fn change(
        &self,
        file: &FileRecord,
        day: NaiveDate,
        what: What,
        (before, after): (Option<&Version>, Option<&Version>),
    ) -> Change {
        let amount =
            |v: Option<&Version>| self.table.amount.and_then(|at| Some(v?.row.values[at].fen())).unwrap_or_default();
        let row = after.or(before);
        Change {
            since: file.export_date,
            table: self.table.id.clone(),
            day,
            key: row.map_or_else(String::new, |v| v.key.clone()),
            file: file.id,
            what,
            before: before.map(|v| v.row.origin.clone()),
            after: after.map(|v| v.row.origin.clone()),
            values: row.map_or_else(Vec::new, |v| v.row.values.clone()),
            amount: amount(after) - amount(before),
            after_close: self.is_closed(day, file.id),
        }
    }
}
