//! What should have come and did not.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::Shop;
use super::unusable::unusable;
use crate::finding::{Code, Finding};
use crate::ledger::{FileRecord, State};
use crate::model::{Lang, TableDef};

/// An export that is missing or cannot be used, and the tables that go without it.
pub struct Missing {
    /// The date for which it was due.
    pub day: NaiveDate,
    pub what: String,
    pub tables: Vec<String>,
    /// Whether the run says so in red and ends with 3; without it, only the reports that it concerns are incomplete.
    pub is_owed: bool,
    pub finding: Finding,
}

/// Exports that were due on a day of the stretch and are missing, and those that came and cannot be used.
///
/// Reports of the day ask for the day only, those of a week or a month for each of its days.
pub fn missing(shop: &Shop, records: &[FileRecord], from: NaiveDate, as_of: NaiveDate) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut owed: Owed<'_> = BTreeSet::new();
    let forms = forms(shop);
    for table in shop.reading.tables.tables.iter().filter(|table| !forms.contains(table.id.as_str())) {
        let came = days_of(records, &table.id, as_of);
        let expected = shop.config.expected_daily.as_ref().map(|expected| expected.contains(&table.id));
        // Days before the first export of a table are before its time.
        let begun = came.first().map_or(as_of, |first| from.max(*first));
        for day in begun.iter_days().take_while(|day| *day <= as_of) {
            if !expected.unwrap_or_else(|| is_due(&came, day)) {
                continue;
            }
            owed.insert((table.id.as_str(), day));
            if !came.contains(&day) {
                let name = name_of(shop, table);
                let finding = Finding::new(Code::ExportMissing, name).with(day.to_string());
                let (what, tables) = (format!("{name} {day}"), vec![table.id.clone()]);
                missing.push(Missing { day, what, tables, is_owed: true, finding });
            }
        }
    }
    missing.extend(unusable(shop, records, from, as_of, &owed));
    missing
}

/// Tables of which an export is due, with its day.
pub type Owed<'a> = BTreeSet<(&'a str, NaiveDate)>;

/// What came for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    Something,
    Nothing,
    /// Nothing, as on this weekday a week ago, in a shop that is at work on the others.
    DayOff,
}

/// Whether any export came for the date, or any record is dated on it.
pub fn came(shop: &Shop, records: &[FileRecord], state: &State, as_of: NaiveDate) -> Came {
    let forms = forms(shop);
    let is_export =
        |r: &&FileRecord| r.sheets.iter().flat_map(|s| &s.tables).any(|t| !forms.contains(t.table.as_str()));
    let days: BTreeSet<NaiveDate> = records.iter().filter(is_export).flat_map(FileRecord::days).collect();
    let is_dated = |table: &TableDef| {
        table.date.is_some_and(|at| state.rows(&table.id).iter().any(|row| row.values[at].date() == Some(as_of)))
    };
    let tables = shop.reading.tables.tables.iter().filter(|table| !forms.contains(table.id.as_str()));
    if days.contains(&as_of) || tables.into_iter().any(is_dated) {
        return Came::Something;
    }
    let week_ago = as_of - Days::new(7);
    let known_before = days.first().is_some_and(|first| *first < week_ago);
    let at_work = days.range(week_ago..as_of).count();
    if known_before && at_work >= 3 && !days.contains(&week_ago) { Came::DayOff } else { Came::Nothing }
}

/// A day of which nothing came: every report of it rests on nothing.
pub fn nothing_came(shop: &Shop, as_of: NaiveDate) -> Missing {
    let title = Code::NothingCame.meaning().title.get(shop.lang);
    Missing {
        day: as_of,
        what: format!("{as_of}（{title}）"),
        tables: shop.reading.tables.tables.iter().map(|t| t.id.clone()).collect(),
        is_owed: true,
        finding: Finding::new(Code::NothingCame, as_of.to_string()),
    }
}

/// A day that has not ended: what is made of it is replaced when it has.
pub fn not_ended(shop: &Shop, as_of: NaiveDate) -> Missing {
    let title = Code::DayNotEnded.meaning().title.get(shop.lang);
    Missing {
        day: as_of,
        what: format!("{as_of}（{title}）"),
        tables: shop.reading.tables.tables.iter().map(|t| t.id.clone()).collect(),
        is_owed: false,
        finding: Finding::new(Code::DayNotEnded, as_of.to_string()),
    }
}

/// Tables of forms: they come when somebody has something to say, so none is ever due by habit.
fn forms(shop: &Shop) -> BTreeSet<&str> {
    let outputs = shop.reading.sources.iter().filter(|source| source.returned).flat_map(|source| &source.outputs);
    outputs.map(|output| shop.reading.tables.tables[output.table].id.as_str()).collect()
}

/// A table's name in the shop's language.
pub fn name_of<'a>(shop: &Shop, table: &'a TableDef) -> &'a str {
    if shop.lang == Lang::Zh { &table.zh } else { &table.en }
}

/// How far the exports of each table reach: the newest date in the names of its files that count, or nothing where a
/// file tells no date in its name and may reach further.
pub fn reach(files: &[&FileRecord]) -> BTreeMap<String, Option<NaiveDate>> {
    let mut reach: BTreeMap<String, Option<NaiveDate>> = BTreeMap::new();
    for record in files {
        let newest = record.days().max().filter(|_| record.is_dated_by_name());
        for table in record.sheets.iter().flat_map(|s| &s.tables) {
            let known = reach.entry(table.table.clone()).or_insert(newest);
            *known = known.zip(newest).map(|(a, b)| a.max(b));
        }
    }
    reach
}

/// Dates up to D for which an export that feeds the table has come, whichever system wrote it.
fn days_of(records: &[FileRecord], table: &str, as_of: NaiveDate) -> BTreeSet<NaiveDate> {
    let feeds = |r: &&FileRecord| r.sheets.iter().flat_map(|s| &s.tables).any(|t| t.table == table);
    records.iter().filter(feeds).flat_map(FileRecord::days).filter(|d| *d <= as_of).collect()
}

/// Learnt from the past: an export that came on nearly every one of the last 14 days, and on this weekday a week ago
/// where it was known then, is due today.
fn is_due(came: &BTreeSet<NaiveDate>, as_of: NaiveDate) -> bool {
    let window: Vec<&NaiveDate> = came.range(as_of - Days::new(14)..as_of).collect();
    let Some(first) = window.first() else { return false };
    let days = as_of.signed_duration_since(**first).num_days();
    let often = window.len() >= 3 && i64::try_from(window.len()).unwrap_or(0) * 10 >= days * 8;
    let week_ago = as_of - Days::new(7);
    often && (**first > week_ago || came.contains(&week_ago))
}
