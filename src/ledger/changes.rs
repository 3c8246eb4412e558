//! Late changes: what files say of days that had been reported, or of months that had been closed, before they came.
//!
//! A file is late for a day when that day was already published as it was taken (`FileRecord::taken_after`); files are
//! compared in the order in which they were taken, and what stands among them is picked by age, as everywhere. Of final
//! rows every change is told, of others what figures count (`counted.rs`).

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::counted::{Cell, Pair};
use super::facts::History;
use super::files::FileRecord;
use super::settled::Settled;
use super::state::ClosedFiles;
use super::version::Version;
use crate::model::dates::first_of_month;
use crate::model::{Fen, Origin, Row, TableDef, Value};

/// What one file changes in one record after the record's day was reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub table: String,
    pub key: String,
    /// The row's own date, before the change.
    pub day: NaiveDate,
    /// The file that changed, dropped or added it.
    pub file: i64,
    pub kind: ChangeKind,
    pub before: Option<Origin>,
    pub after: Option<Origin>,
    /// The row's month had been closed when the file came.
    pub after_close: bool,
    /// is − was in the table's amount.
    pub amount: Fen,
    /// The row as it is now, or was when it was last shown.
    pub values: Vec<Value>,
}

/// What became of the row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Index of each column that differs, what it was, what it is.
    Changed(Vec<Cell>),
    /// Newer exports lack it. It lives on with its last values.
    Dropped,
    /// A newer export that is complete for its order, day or month lacks it. It does not count any more.
    Removed,
    Added,
    /// A newer export says itself that it is void. It does not count any more.
    Voided,
    /// It was void and stands again.
    Restored,
}

/// All late changes of all watched tables, in full order.
pub fn changes(history: &History<'_>, records: &[FileRecord], closed: &ClosedFiles) -> Vec<Change> {
    let mut found = Vec::new();
    if records.iter().all(|r| r.taken_after.is_none()) && closed.is_empty() {
        return found; // nothing had been reported when they came
    }
    let mut order: Vec<&FileRecord> = records.iter().collect();
    order.sort_by(|a, b| a.age().cmp(&b.age()));
    let files: Files<'_> = order.into_iter().enumerate().map(|(rank, record)| (record.id, (rank, record))).collect();
    let settled = Settled::new(history);
    for table in history.tables().tables.iter().filter(|t| t.is_watched) {
        let watch = Watch::new(table, history.versions(&table.id), &settled, &files, closed);
        for shown in &watch.records {
            watch.added(shown, &mut found);
            watch.changed(shown, &mut found);
            watch.removed(shown, &mut found);
            if table.is_final {
                found.extend(watch.dropped(shown));
            }
        }
    }
    found.sort();
    found
}

/// Every file by its number, with its place in the order of age.
type Files<'a> = HashMap<i64, (usize, &'a FileRecord)>;

/// A record as one file shows it.
#[derive(Clone, Copy)]
struct Shown<'a> {
    /// Which of the table's records it is.
    record: usize,
    file: &'a FileRecord,
    rank: usize,
    row: &'a Row,
    version: &'a Version,
    source: &'a str,
    /// The day from which it is counted.
    day: NaiveDate,
    /// The day on which its order was settled again.
    again: Option<NaiveDate>,
}

/// One table, its records and the files that feed it.
struct Watch<'a, 'f> {
    table: &'a TableDef,
    closed: &'a ClosedFiles,
    files: &'f Files<'a>,
    /// Versions of each record, one a file, in order of taking.
    records: Vec<Vec<Shown<'a>>>,
    /// Records that each file shows.
    held: HashMap<i64, HashSet<usize>>,
    /// Records that each file shows on a day.
    of_day: HashMap<(i64, NaiveDate), Vec<usize>>,
    /// Files that show rows of a day, by the source that they were read by.
    showing: HashMap<(NaiveDate, &'a str), BTreeSet<i64>>,
    /// First and last day that each file shows.
    span: HashMap<i64, (NaiveDate, NaiveDate)>,
    /// Files that feed the table, by name.
    named: HashMap<&'a str, Vec<i64>>,
    /// The first file taken that speaks for a day, by source.
    spoken: HashMap<(NaiveDate, &'a str), i64>,
}

impl<'a, 'f> Watch<'a, 'f> {
    fn new(
        table: &'a TableDef,
        versions: &'a [Version],
        settled: &Settled<'_>,
        files: &'f Files<'a>,
        closed: &'a ClosedFiles,
    ) -> Watch<'a, 'f> {
        let mut watch = Watch {
            table,
            closed,
            files,
            records: records_of(table, versions, settled, files),
            held: HashMap::new(),
            of_day: HashMap::new(),
            showing: HashMap::new(),
            span: HashMap::new(),
            named: HashMap::new(),
            spoken: HashMap::new(),
        };
        for file in files.values().map(|(_, file)| *file).filter(|file| file.counts()) {
            for source in sources(file, &table.id) {
                watch.named.entry(&file.name).or_default().push(file.id);
                for day in file.speaks_for() {
                    let first = watch.spoken.entry((day, source)).or_insert(file.id);
                    *first = (*first).min(file.id);
                }
            }
        }
        for shown in watch.records.iter().flatten().filter(|_| table.is_final) {
            watch.held.entry(shown.file.id).or_default().insert(shown.record);
            watch.of_day.entry((shown.file.id, shown.day)).or_default().push(shown.record);
            watch.showing.entry((shown.day, shown.source)).or_default().insert(shown.file.id);
            let span = watch.span.entry(shown.file.id).or_insert((shown.day, shown.day));
            *span = (span.0.min(shown.day), span.1.max(shown.day));
        }
        watch
    }

    /// Whether the month of a day had been closed when a file came.
    fn is_closed(&self, day: NaiveDate, file: &FileRecord) -> bool {
        self.closed.get(&first_of_month(day)).is_some_and(|last| file.id > *last)
    }

    /// Whether a day had been reported when a file came.
    fn is_late(&self, day: NaiveDate, file: &FileRecord) -> bool {
        file.taken_after.is_some_and(|reported| day <= reported) || self.is_closed(day, file)
    }

    /// Whether a line comes with a settlement that nothing had been reported of when the file came.
    fn is_settled_anew(&self, shown: &Shown<'_>, file: &FileRecord) -> bool {
        shown.again.is_some_and(|day| !self.is_late(day, file))
    }

    fn amount(&self, row: &Row) -> Fen {
        self.table.amount.map_or(Fen::ZERO, |at| row.values[at].fen())
    }

    fn change(&self, now: &Shown<'_>, file: &FileRecord, kind: ChangeKind) -> Change {
        Change {
            table: self.table.id.clone(),
            key: now.version.key.clone(),
            day: now.day,
            file: file.id,
            kind,
            before: None,
            after: None,
            after_close: self.is_closed(now.day, file),
            amount: Fen::ZERO,
            values: now.row.values.clone(),
        }
    }

    /// A record that nobody knew, of a day for which an earlier export of its kind had spoken, or of a closed month.
    fn added(&self, shown: &[Shown<'_>], found: &mut Vec<Change>) {
        let first = shown.iter().find(|s| !s.version.void); // before that nothing stood
        let Some(first) = first.filter(|s| self.is_late(s.day, s.file)) else { return };
        let has_spoken =
            |day: NaiveDate| self.spoken.get(&(day, first.source)).is_some_and(|file| *file < first.file.id);
        let event = self.table.listed_by.and_then(|at| first.row.values[at].date());
        if self.is_settled_anew(first, first.file) || event.is_some_and(|day| !has_spoken(day)) {
            return; // shown by what has happened since
        }
        let spoken = has_spoken(first.day);
        if spoken || (self.table.is_final && self.is_closed(first.day, first.file)) {
            let change = self.change(first, first.file, ChangeKind::Added);
            found.push(Change { after: Some(first.row.origin.clone()), amount: self.amount(first.row), ..change });
        }
    }

    /// Every version that took the place of another one and says something else of what had been reported.
    fn changed(&self, shown: &[Shown<'_>], found: &mut Vec<Change>) {
        let begun = shown.iter().position(|s| !s.version.void).unwrap_or(shown.len());
        let Some((mut stood, later)) = shown[begun..].split_first() else { return };
        let mut published = Published::default();
        for now in later {
            if now.rank < stood.rank {
                continue; // an older export taken late: what stands is not changed by it
            }
            published.add(stood);
            // A row cannot be moved into a closed month either.
            let into_closed = self.table.is_final && self.is_closed(now.day, now.file);
            let is_reported = self.is_late(stood.day, now.file) || into_closed;
            let pair = Pair {
                table: self.table,
                stood: stood.row,
                now: now.row,
                exported: stood.file.export_date,
                is_same_source: stood.source == now.source,
                is_reported,
            };
            let cells = pair.cells(&|day| self.is_late(day, now.file));
            let is_told = published.is_before(now.file) && !self.is_settled_anew(now, now.file);
            let kind = match (stood.version.void, now.version.void) {
                (true, true) => None,
                (false, true) => is_reported.then_some(ChangeKind::Voided),
                (true, false) => is_reported.then_some(ChangeKind::Restored),
                (false, false) => (!cells.is_empty()).then_some(ChangeKind::Changed(cells)),
            };
            if let Some(kind) = kind.filter(|_| self.table.is_final || is_told) {
                // A void row is told by what it said while it stood.
                let values = if now.version.void { &stood.row.values } else { &now.row.values };
                found.push(Change {
                    day: stood.day,
                    before: Some(stood.row.origin.clone()),
                    after: Some(now.row.origin.clone()),
                    after_close: into_closed || self.is_closed(stood.day, now.file),
                    amount: self.counted(now) - self.counted(stood),
                    values: values.clone(),
                    ..self.change(now, now.file, kind)
                });
            }
            stood = now;
        }
    }

    /// What a version counts: nothing where it is void.
    fn counted(&self, shown: &Shown<'_>) -> Fen {
        if shown.version.void { Fen::ZERO } else { self.amount(shown.row) }
    }

    /// A record that a newer file took away, of a day that had been reported.
    fn removed(&self, shown: &[Shown<'_>], found: &mut Vec<Change>) {
        let mut published = Published::default();
        for last in shown {
            published.add(last);
            let Some((_, file)) = last.version.ended.and_then(|file| self.files.get(&file)) else { continue };
            let is_reported = self.is_late(last.day, file) && published.is_before(file);
            if file.id > last.file.id && is_reported && !self.is_settled_anew(last, file) {
                let change = self.change(last, file, ChangeKind::Removed);
                let before = Some(last.row.origin.clone());
                found.push(Change { before, amount: -self.amount(last.row), ..change });
            }
        }
    }

    /// A record that newer exports lack, though they speak of its day: told of the first of them.
    fn dropped(&self, shown: &[Shown<'a>]) -> Option<Change> {
        let last = shown.iter().max_by_key(|s| s.rank).filter(|last| !last.version.void)?;
        let file = shown.iter().flat_map(|s| self.lacking(s, last.rank)).min_by_key(|file| file.id)?;
        let change = self.change(last, file, ChangeKind::Dropped);
        Some(Change { before: Some(last.row.origin.clone()), amount: -self.amount(last.row), ..change })
    }

    /// Files that lack a record though they speak of its day: taken later than one that shows it, newer than all that
    /// show it, late. Corrected files of the same name, and other exports of the same source that hold at least half of
    /// what it shows of the day.
    fn lacking(&self, shown: &Shown<'a>, newest: usize) -> impl Iterator<Item = &'a FileRecord> {
        let corrected = self.named.get(shown.file.name.as_str()).into_iter().flatten();
        let corrected = corrected.filter(|id| self.corrects(**id, shown));
        let others = self.showing.get(&(shown.day, shown.source)).into_iter().flatten();
        let others = others.filter(move |id| self.is_newer(**id, shown, newest) && self.holds_half(**id, shown));
        let files = corrected.filter(move |id| self.is_newer(**id, shown, newest)).chain(others);
        files.filter_map(|id| self.files.get(id)).map(|(_, file)| *file)
    }

    fn is_newer(&self, id: i64, shown: &Shown<'_>, newest: usize) -> bool {
        let newer = |(rank, file): &(usize, &FileRecord)| *rank > newest && self.is_late(shown.day, file);
        id > shown.file.id && self.files.get(&id).is_some_and(newer)
    }

    /// Whether a file of the same name speaks for a row's day: a name without a date may come with other days.
    fn corrects(&self, id: i64, shown: &Shown<'_>) -> bool {
        let same_date = self.files.get(&id).is_some_and(|(_, file)| file.export_date == shown.file.export_date);
        same_date || self.span.get(&id).is_some_and(|(first, last)| *first <= shown.day && shown.day <= *last)
    }

    fn holds_half(&self, id: i64, shown: &Shown<'_>) -> bool {
        let of_day = self.of_day.get(&(shown.file.id, shown.day)).map_or(&[][..], Vec::as_slice);
        let held = self.held.get(&id);
        2 * of_day.iter().filter(|record| held.is_some_and(|h| h.contains(record))).count() >= of_day.len()
    }
}

/// Whether what a record said had been published: an export that no report rests on yet is changed by nobody.
#[derive(Default)]
struct Published {
    /// The earliest date of an export that showed it; `None` within for one of any date.
    exported: Option<Option<NaiveDate>>,
    /// The earliest of what had been published when they were taken.
    taken_after: Option<Option<NaiveDate>>,
}

impl Published {
    fn add(&mut self, shown: &Shown<'_>) {
        let earliest = |held: Option<Option<NaiveDate>>, own| Some(held.map_or(own, |held| held.min(own)));
        self.exported = earliest(self.exported, shown.file.export_date);
        self.taken_after = earliest(self.taken_after, shown.file.taken_after);
    }

    /// Whether a report had been published that knew it when a file came.
    fn is_before(&self, file: &FileRecord) -> bool {
        let dated = self.exported.is_some_and(|exported| exported <= file.taken_after);
        dated || self.taken_after.is_some_and(|before| before < file.taken_after)
    }
}

/// The sources that a file feeds a table by.
fn sources<'a>(file: &'a FileRecord, table: &str) -> impl Iterator<Item = &'a str> {
    file.sheets.iter().filter(move |s| s.tables.iter().any(|t| t.table == table)).map(|s| s.source.as_str())
}

/// The versions of each record, one a file, in order of taking; rows of files that do not count are none.
fn records_of<'a>(
    table: &'a TableDef,
    versions: &'a [Version],
    settled: &Settled<'_>,
    files: &Files<'a>,
) -> Vec<Vec<Shown<'a>>> {
    let mut places: HashMap<u32, usize> = HashMap::new();
    let mut records: Vec<Vec<Shown<'a>>> = Vec::new();
    for version in versions {
        let (row, origin) = (&version.row, &version.row.origin);
        let Some((rank, file)) = files.get(&origin.file).copied().filter(|(_, file)| file.counts()) else { continue };
        let own = settled.day(table, row, file.export_date);
        // One that only says that its record is void may lack its day: it is of the day of what it ends.
        let day =
            own.or_else(|| version.void.then(|| records.get(*places.get(&version.record)?)?.last().map(|s| s.day))?);
        let Some(day) = day else { continue };
        let again = settled.again(table, row, file.export_date);
        let is_its = |s: &&super::SheetRecord| s.name == origin.sheet && s.tables.iter().any(|t| t.table == table.id);
        let source = file.sheets.iter().find(is_its).map_or("", |s| s.source.as_str());
        let record = *places.entry(version.record).or_insert(records.len());
        if record == records.len() {
            records.push(Vec::new());
        }
        records[record].push(Shown { record, file, rank, row, version, source, day, again });
    }
    for shown in &mut records {
        shown.sort_by_key(|s| (s.file.id, s.row.origin.row));
        shown.reverse();
        shown.dedup_by_key(|s| s.file.id); // within one file the later row holds, as in the state of a date
        shown.reverse();
    }
    records
}
