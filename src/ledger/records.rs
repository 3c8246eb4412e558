//! Which versions are of one record.
//!
//! A record is named by its key. One file may show a key on different rows, and so may two files of one source and one
//! export date (two cashiers, two parts of an export): these are records of their own, and what a later export shows
//! joins the one that it agrees with. Where line numbers were counted by us, the key is the content of the line
//! (`store.rs`); where another export numbers the same lines, they are these lines.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::ages::Ages;
use super::version::{COUNTED, Version, content_of};
use crate::clean::{stated_by_name, stem};
use crate::finding::{Code, Finding};
use crate::model::{ColumnKind, TableDef, Value};

/// Gives every version of a table the number of its record, in order of key, and tells which keys two files of one date
/// use for different rows.
pub fn name(table: &TableDef, versions: &mut [Version], ages: &Ages<'_>) -> Vec<Finding> {
    let numbered = numbered_lines(table, versions);
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::with_capacity(versions.len());
    for (at, version) in versions.iter().enumerate() {
        let key = numbered.get(&at).map_or(version.key.as_str(), |other| versions[*other].key.as_str());
        groups.entry(key).or_default().push(at);
    }
    let mut groups: Vec<(&str, Vec<usize>)> = groups.into_iter().collect();
    groups.sort_unstable_by_key(|(key, _)| *key);
    let mut records = vec![u32::MAX; versions.len()];
    let (mut next, mut findings) = (0, Vec::new());
    for (_, mut group) in groups {
        if is_one(table, versions, ages, &group) {
            group.iter().for_each(|at| records[*at] = next);
            next += 1;
            continue;
        }
        group.sort_by_key(|at| ages.place(&versions[*at].row.origin));
        let mut classes = Classes { table, versions, ages, classes: Vec::new() };
        for at in &group {
            findings.extend(classes.put(*at));
        }
        for class in classes.in_order() {
            class.iter().for_each(|at| records[*at] = next);
            next += 1;
        }
    }
    for (version, record) in versions.iter_mut().zip(records) {
        version.record = record;
    }
    findings
}

/// Lines counted by us that another export numbers: each with the numbered line of that content.
fn numbered_lines(table: &TableDef, versions: &[Version]) -> HashMap<usize, usize> {
    let counted = |v: &&Version| v.is_counted();
    let scope = |key: &str| key.split(['\u{1f}', COUNTED]).next().unwrap_or_default().to_owned();
    let scopes: HashSet<String> = versions.iter().filter(counted).map(|v| scope(&v.key)).collect();
    let mut found = HashMap::new();
    if scopes.is_empty() {
        return found;
    }
    // The lines of each content, one a key, in order of key.
    let mut lines: HashMap<String, BTreeMap<&str, usize>> = HashMap::new();
    let numbered = |(_, v): &(usize, &Version)| !v.is_counted() && scopes.contains(&scope(&v.key));
    for (at, version) in versions.iter().enumerate().filter(numbered) {
        let Some(content) = content_of(table, &version.row.values) else { continue };
        lines.entry(content).or_default().entry(version.key.as_str()).or_insert(at);
    }
    for (at, version) in versions.iter().enumerate().filter(|(_, v)| v.is_counted()) {
        let Some((content, nth)) = version.key.rsplit_once(COUNTED) else { continue };
        let same = lines.get(content).and_then(|lines| lines.values().nth(nth.parse().ok()?));
        let other_file = |other: &&usize| versions[**other].row.origin.file != version.row.origin.file;
        found.extend(same.filter(other_file).map(|other| (at, *other)));
    }
    found
}

/// Whether all versions of a key are of one record: no file shows it twice, and no two files of one date differ in it.
fn is_one(table: &TableDef, versions: &[Version], ages: &Ages<'_>, group: &[usize]) -> bool {
    if group.len() == 1 {
        return true;
    }
    if group.iter().any(|at| versions[*at].twin > 0) {
        return false;
    }
    let file = |at: &usize| ages.get(versions[*at].row.origin.file).map(|f| f.record);
    let mut of_date: BTreeMap<Option<NaiveDate>, Vec<usize>> = BTreeMap::new();
    for at in group {
        of_date.entry(file(at).and_then(|f| f.export_date)).or_default().push(*at);
    }
    let is_alone = |of_date: &[usize]| {
        let first = file(&of_date[0]).map(|f| &f.name);
        of_date.iter().all(|at| file(at).map(|f| &f.name) == first)
    };
    // Files of two names and one date are few: only these are compared with each other.
    of_date.values().filter(|at| !is_alone(at)).all(|ats| {
        let rival = |a: &usize, b: &usize| is_rival(table, &versions[*a], &versions[*b], ages);
        (1..ats.len()).all(|at| !ats[..at].iter().any(|earlier| rival(earlier, &ats[at])))
    })
}

/// Whether two rows of one key come from two files of one source and one date, and are not the same document.
fn is_rival(table: &TableDef, a: &Version, b: &Version, ages: &Ages<'_>) -> bool {
    let (Some(one), Some(other)) = (ages.get(a.row.origin.file), ages.get(b.row.origin.file)) else { return false };
    // What says of itself that it is void is no second document, but what became of the first.
    !a.void
        && !b.void
        && one.record.export_date == other.record.export_date
        && one.record.name != other.record.name
        && span(&one.record.name) == span(&other.record.name)
        && one.record.counts()
        && other.record.counts()
        && ages.source(&table.id, &a.row.origin) == ages.source(&table.id, &b.row.origin)
        && (differ_in_identity(table, a, b) || differ(table, a, b))
}

/// Whether a name speaks of a whole month: the export of a month shows the rows of its days again.
fn span(name: &str) -> bool {
    stated_by_name(name).is_some_and(|stated| stated.whole_month)
}

fn differ_in_identity(table: &TableDef, a: &Version, b: &Version) -> bool {
    let apart = (identity(table, a), identity(table, b));
    matches!(apart, (Some(a), Some(b)) if a != b)
}

/// The first of the identity columns that is filled.
fn identity<'a>(table: &TableDef, version: &'a Version) -> Option<&'a str> {
    table.identity.iter().map(|at| version.row.values[*at].text()).find(|text| !text.is_empty())
}

/// Whether two rows are different documents and not one in two states: they differ in what a document never changes. Told
/// only of tables that count money or quantities, where a lost row is a wrong sum.
fn differ(table: &TableDef, a: &Version, b: &Version) -> bool {
    let counts = |kind| matches!(kind, ColumnKind::Micro | ColumnKind::Hours);
    let is_counted = table.amount.is_some() || (table.date.is_some() && table.columns.iter().any(|c| counts(c.kind)));
    if !table.identity.is_empty() || !is_counted {
        return false;
    }
    let pairs = || {
        let lasting =
            |at: &usize| !table.key.contains(at) && !table.columns[*at].event && table.columns[*at].with.is_none();
        (0..table.columns.len())
            .filter(lasting)
            .map(|at| (table.columns[at].kind, &a.row.values[at], &b.row.values[at]))
    };
    let named = pairs().any(|(kind, a, b)| kind == ColumnKind::Key && !a.is_null() && !b.is_null());
    let unlike = |(kind, a, b): (ColumnKind, &Value, &Value)| match kind {
        ColumnKind::Word(_) | ColumnKind::Bool => false,
        ColumnKind::Text => table.key.len() > 1 && !named && !a.is_null() && !b.is_null() && a != b,
        ColumnKind::Date | ColumnKind::Time => {
            a.date().zip(b.date()).is_some_and(|(a, b)| a != b) || clocks_differ(a, b)
        }
        _ => !a.is_null() && !b.is_null() && a != b,
    };
    // Each has an amount that the other lacks: the payers of one settlement in two files.
    let lacks =
        |from: fn((&Value, &Value)) -> bool| pairs().any(|(kind, a, b)| kind == ColumnKind::Fen && from((a, b)));
    pairs().any(unlike) || (lacks(|(a, b)| a.is_null() && !b.is_null()) && lacks(|(a, b)| !a.is_null() && b.is_null()))
}

/// Whether two times of one day differ though both tell more than the day.
fn clocks_differ(a: &Value, b: &Value) -> bool {
    let clock = |value: &Value| value.time().map(|t| t.time()).filter(|t| *t != chrono::NaiveTime::MIN);
    clock(a).zip(clock(b)).is_some_and(|(a, b)| a != b)
}

/// The records of one key, each a list of versions in order of age.
struct Classes<'a, 'f> {
    table: &'a TableDef,
    versions: &'a [Version],
    ages: &'a Ages<'f>,
    classes: Vec<Vec<usize>>,
}

impl Classes<'_, '_> {
    /// Puts the next version in order of age where it belongs; told where another file of its date is the cause that it
    /// stands alone.
    fn put(&mut self, at: usize) -> Option<Finding> {
        if let Some(class) = self.joined(at) {
            self.classes[class].push(at);
            return None;
        }
        let version = &self.versions[at];
        let mut held = self.classes.iter().filter_map(|class| class.last()).map(|last| &self.versions[*last]);
        let rival = held.rfind(|held| is_rival(self.table, held, version, self.ages));
        self.classes.push(vec![at]);
        let other = &rival?.row.origin;
        let place = other.place(&self.ages.get(other.file)?.record.name);
        Some(Finding::new(Code::DuplicateKeyFiles, version.shown_key()).with(place).at_row(&version.row.origin))
    }

    /// The record that a version is of: the one that bears its identity or agrees with it, else the one that the former
    /// content of its file or an older export showed.
    fn joined(&self, at: usize) -> Option<usize> {
        let version = &self.versions[at];
        let file = self.ages.get(version.row.origin.file)?;
        let latest = |class: usize| &self.versions[self.classes[class][self.classes[class].len() - 1]];
        let free: Vec<usize> =
            (0..self.classes.len()).filter(|c| latest(*c).row.origin.file != version.row.origin.file).collect();
        let find = |fits: &dyn Fn(&Version) -> bool| free.iter().copied().find(|class| fits(latest(*class)));
        if identity(self.table, version).is_some() {
            let own = find(&|held| identity(self.table, held) == identity(self.table, version));
            return own.or_else(|| find(&|held| identity(self.table, held).is_none()));
        }
        let name = |held: &Version| self.ages.get(held.row.origin.file).map_or("", |f| f.record.name.as_str());
        let date = |held: &Version| self.ages.get(held.row.origin.file).and_then(|f| f.record.export_date);
        let is_other_day = |held: &Version| date(held) != file.record.export_date;
        find(&|held| held.row.values == version.row.values)
            .or_else(|| find(&|held| !differ(self.table, held, version)))
            .or_else(|| find(&|held| name(held) == file.record.name))
            .or_else(|| find(&|held| is_other_day(held) && stem(name(held)) == stem(&file.record.name)))
            .or_else(|| find(&is_other_day))
    }

    /// The records in an order that rests on what they are: identity, then age.
    fn in_order(mut self) -> Vec<Vec<usize>> {
        let (table, versions) = (self.table, self.versions);
        self.classes.sort_by_key(|class| identity(table, &versions[class[0]]));
        self.classes
    }
}
