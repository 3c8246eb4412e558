//! What an export speaks for: the rows that a newer one lacks.
//!
//! A source says what its rows are complete for (`covers`); without it they only add. A file takes rows away only from
//! the former content of its own name, or from files of its source with an older date, and from these only within an
//! order, day or month of which it shows a standing row again. Two names of one date never take from each other. What is
//! taken away, and what vanishes though nothing takes it away, is a [`Gone`] and told.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::ages::{Aged, Ages};
use super::version::Version;
use crate::clean::Covers;
use crate::finding::{Code, Finding};
use crate::model::dates::first_of_month;
use crate::model::{ColumnKind, Fen, Origin, TableDef};

/// A row that a newer export lacks.
#[derive(Debug, Clone)]
pub struct Gone {
    /// The file that lacks it.
    pub by: i64,
    /// Where it stood last.
    pub origin: Origin,
    /// Its key as people read it.
    pub key: String,
    /// What it says in the table's amount.
    pub amount: Fen,
    /// It counts all the same: its source does not say what it is complete for, or its day had been reported.
    pub stays: bool,
}

/// Marks the versions that a newer file takes away (`Version::ended`) and tells all rows that newer files lack, and
/// lines of which nobody can say whether they are new or the former ones changed.
pub fn end(
    table: &TableDef,
    versions: &mut [Version],
    ages: &Ages<'_>,
    covers: &dyn Fn(&str) -> Option<Covers>,
) -> (Vec<Gone>, Vec<Finding>) {
    let mut sweep = Sweep::new(table, versions);
    for (file, source, rows) in fed(table, versions, ages) {
        sweep.take(Taken { file, source, covers: covers(source), rows });
    }
    let Sweep { ended, gone, doubts, .. } = sweep;
    for (at, file) in ended {
        versions[at].ended = Some(file);
    }
    (gone, doubts)
}

/// What each file that counts gives to the table, by source, in order of age; nothing where all its rows are gone.
fn fed<'a>(table: &'a TableDef, versions: &[Version], ages: &'a Ages<'a>) -> Vec<(Aged<'a>, &'a str, Vec<usize>)> {
    let mut fed: BTreeMap<(usize, &str), (Aged<'a>, Vec<usize>)> = BTreeMap::new();
    for file in ages.in_order().into_iter().filter(|f| f.record.counts()) {
        for sheet in file.record.sheets.iter().filter(|s| s.tables.iter().any(|t| t.table == table.id)) {
            fed.entry((file.rank, &sheet.source)).or_insert_with(|| (file, Vec::new()));
        }
    }
    for (at, version) in versions.iter().enumerate() {
        let origin = &version.row.origin;
        let Some(file) = ages.get(origin.file) else { continue };
        if let Some((_, rows)) = fed.get_mut(&(file.rank, ages.source(&table.id, origin))) {
            rows.push(at);
        }
    }
    fed.into_iter().map(|((_, source), (file, rows))| (file, source, rows)).collect()
}

/// What rows are shown together with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Scope<'a> {
    All,
    /// A day, or a month by its first.
    Day(NaiveDate),
    Document(&'a str),
}

/// The rows of one file that one source read.
struct Taken<'a> {
    file: Aged<'a>,
    source: &'a str,
    covers: Option<Covers>,
    rows: Vec<usize>,
}

/// A record as the newest file shows it.
struct Standing<'a> {
    version: usize,
    file: Aged<'a>,
    source: &'a str,
    scope: Option<Scope<'a>>,
    /// Files of several sources show it: none takes it away.
    is_shared: bool,
    /// That a newer file lacks it has been told.
    is_told: bool,
}

/// All files in order of age, one after another.
struct Sweep<'a> {
    table: &'a TableDef,
    versions: &'a [Version],
    standing: HashMap<u32, Standing<'a>>,
    /// Standing records by source and scope.
    scopes: HashMap<(&'a str, Scope<'a>), HashSet<u32>>,
    /// The records that the newest file of each name and source shows.
    named: HashMap<(&'a str, &'a str), Vec<u32>>,
    ended: Vec<(usize, i64)>,
    gone: Vec<Gone>,
    doubts: Vec<Finding>,
}

impl<'a> Sweep<'a> {
    fn new(table: &'a TableDef, versions: &'a [Version]) -> Sweep<'a> {
        Sweep {
            table,
            versions,
            standing: HashMap::new(),
            scopes: HashMap::new(),
            named: HashMap::new(),
            ended: Vec::new(),
            gone: Vec::new(),
            doubts: Vec::new(),
        }
    }

    fn take(&mut self, taken: Taken<'a>) {
        let shown: HashSet<u32> = taken.rows.iter().map(|at| self.versions[*at].record).collect();
        let mut lost = self.former(&taken, &shown);
        lost.extend(self.older(&taken, &shown));
        for record in lost {
            self.lose(record, &taken, shown.is_empty());
        }
        for at in &taken.rows {
            self.put(*at, &taken);
        }
        let name = (taken.file.record.name.as_str(), taken.source);
        self.named.insert(name, shown.into_iter().collect());
    }

    /// Records of the former content of its name that a file lacks. A corrected export takes its place whole where the
    /// name tells the date; else where it shows at least half again: a name without a date may come with the next rows.
    fn former(&self, taken: &Taken<'a>, shown: &HashSet<u32>) -> BTreeSet<u32> {
        let name = (taken.file.record.name.as_str(), taken.source);
        let Some(held) = self.named.get(&name) else { return BTreeSet::new() };
        let again = held.iter().filter(|record| shown.contains(record)).count();
        let is_corrected = crate::clean::stated_by_name(&taken.file.record.name).is_some();
        if !is_corrected && (again == 0 || 2 * again < held.len()) {
            return BTreeSet::new();
        }
        held.iter().copied().filter(|record| self.lacks(*record, taken, shown)).collect()
    }

    /// Records of older files that a file lacks though it shows others of their order, day or month again.
    fn older(&mut self, taken: &Taken<'a>, shown: &HashSet<u32>) -> BTreeSet<u32> {
        let mut scopes: BTreeMap<Scope<'a>, Vec<usize>> = BTreeMap::new();
        for at in &taken.rows {
            if let Some(scope) = self.scope(*at, taken.covers) {
                scopes.entry(scope).or_default().push(*at);
            }
        }
        let is_money = self.table.amount.is_some();
        let speaks = taken.covers.is_some() || self.shows_most(taken.source, &scopes, shown);
        let (mut lost, mut doubts) = (BTreeSet::new(), Vec::new());
        for (scope, rows) in scopes {
            let Some(held) = self.scopes.get(&(taken.source, scope)) else { continue };
            // What a source does not say, or says of all there is, is believed where most of it is shown again.
            let by_most = matches!(taken.covers, Some(Covers::All) | None);
            if by_most && 2 * rows.len() < held.len() {
                continue;
            }
            let again = held.iter().filter(|record| shown.contains(record)).count();
            let lacking: Vec<u32> = held.iter().copied().filter(|r| self.lacks(*r, taken, shown)).collect();
            let is_meant = match taken.covers {
                Some(Covers::All) => again >= lacking.len(),
                Some(_) => true,
                None => again >= lacking.len() && (speaks || (is_money && again >= 2 * lacking.len().max(1))),
            };
            if again > 0 && is_meant {
                lost.extend(lacking);
            } else if again == 0 {
                doubts.extend(rows.iter().filter_map(|at| self.doubt(*at, &lacking)));
            }
        }
        self.doubts.extend(doubts);
        lost
    }

    /// Whether a file shows most of what stands between its first and its last day again: half where rows bear money, all
    /// but a tenth of other records. A list of what is still open or was changed goes back to old days too, but speaks for
    /// none of them.
    fn shows_most(&self, source: &'a str, scopes: &BTreeMap<Scope<'a>, Vec<usize>>, shown: &HashSet<u32>) -> bool {
        let days = || scopes.keys().filter_map(|scope| if let Scope::Day(day) = scope { Some(*day) } else { None });
        let Some((first, last)) = days().min().zip(days().max()) else { return true };
        let held = first
            .iter_days()
            .take_while(|day| *day <= last)
            .filter_map(|day| self.scopes.get(&(source, Scope::Day(day))));
        let (mut again, mut all) = (0, 0);
        for records in held {
            all += records.len();
            again += records.iter().filter(|record| shown.contains(record)).count();
        }
        if self.table.amount.is_some() { 2 * again >= all } else { 10 * again >= 9 * all }
    }

    /// Whether a file lacks a record that it could take away.
    fn lacks(&self, record: u32, taken: &Taken<'a>, shown: &HashSet<u32>) -> bool {
        let Some(held) = self.standing.get(&record).filter(|_| !shown.contains(&record)) else { return false };
        let (old, new) = (held.file.record, taken.file.record);
        let is_older = old.export_date.zip(new.export_date).is_some_and(|(old, new)| old < new);
        !held.is_shared && held.source == taken.source && (is_older || old.name == new.name)
    }

    /// A line whose number was counted by us, of an order of which nothing else is shown again, with the code of an
    /// older line: a second one, or that one changed.
    fn doubt(&self, at: usize, held: &[u32]) -> Option<Finding> {
        let version = &self.versions[at];
        let codes = |at: usize| {
            let is_code = |c: &usize| self.table.columns[*c].kind == ColumnKind::Key && !self.table.key.contains(c);
            let codes =
                (0..self.table.columns.len()).filter(is_code).map(move |c| self.versions[at].row.values[c].text());
            codes.collect::<Vec<&str>>()
        };
        let own = codes(at);
        if !version.is_counted() || own.iter().all(|code| code.is_empty()) {
            return None;
        }
        let older = held.iter().filter_map(|record| self.standing.get(record));
        let older = older.map(|standing| (standing.version, standing.file)).find(|(other, _)| codes(*other) == own)?;
        let place = self.versions[older.0].row.origin.place(&older.1.record.name);
        let finding = Finding::new(Code::LineAgain, version.shown_key()).with(own.join(" ")).with(place);
        Some(finding.at_row(&version.row.origin))
    }

    fn lose(&mut self, record: u32, taken: &Taken<'a>, shows_nothing: bool) {
        let Some(held) = self.standing.get_mut(&record) else { return };
        let version = &self.versions[held.version];
        let day = self.table.date.and_then(|at| version.row.values[at].date());
        let was_reported = self.table.is_final && day.is_some_and(|day| taken.file.record.taken_after >= Some(day));
        // An export without any row is more often broken than right.
        let stays = taken.covers.is_none() || was_reported || shows_nothing;
        if !held.is_told {
            self.gone.push(Gone {
                by: taken.file.record.id,
                origin: version.row.origin.clone(),
                key: version.shown_key(),
                amount: self.table.amount.map_or(Fen::ZERO, |at| version.row.values[at].fen()),
                stays,
            });
        }
        held.is_told = true;
        if !stays {
            self.ended.push((held.version, taken.file.record.id));
            let scope = held.scope.map(|scope| (held.source, scope));
            if let Some(held) = scope.and_then(|scope| self.scopes.get_mut(&scope)) {
                held.remove(&record);
            }
            self.standing.remove(&record);
        }
    }

    fn put(&mut self, at: usize, taken: &Taken<'a>) {
        let record = self.versions[at].record;
        let scope = self.scope(at, taken.covers);
        let Taken { file, source, .. } = *taken;
        let former = self.standing.remove(&record);
        if let Some(held) = former.as_ref().and_then(|held| Some((held.source, held.scope?))) {
            self.scopes.entry(held).or_default().remove(&record);
        }
        let is_shared = former.is_some_and(|held| held.is_shared || held.source != source);
        if self.versions[at].void {
            return; // its own word: it stands no more
        }
        if let Some(scope) = scope {
            self.scopes.entry((source, scope)).or_default().insert(record);
        }
        self.standing.insert(record, Standing { version: at, file, source, scope, is_shared, is_told: false });
    }

    /// What a row is complete with. Where a source does not say, a day, else an order, else all there is.
    fn scope(&self, at: usize, covers: Option<Covers>) -> Option<Scope<'a>> {
        let row = &self.versions[at].row;
        let day = || self.table.date.and_then(|at| row.values[at].date());
        let document = || {
            let text = row.values[self.table.document()?].text();
            Some(Scope::Document(text)).filter(|_| !text.is_empty())
        };
        match covers {
            Some(Covers::All) => Some(Scope::All),
            Some(Covers::Order) => document(),
            Some(Covers::Day) => day().map(Scope::Day),
            Some(Covers::Month) => day().map(|day| Scope::Day(first_of_month(day))),
            None if self.table.date.is_some() => day().map(Scope::Day),
            None if self.table.document().is_some() => document(),
            None => Some(Scope::All),
        }
    }
}
