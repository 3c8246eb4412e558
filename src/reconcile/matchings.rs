//! Tables of a shop matched by rules (`report_specs/rules`), every night: what became of each row, and the checks that fire.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::checks::{Check, CheckKind};
use super::controls::ControlTotal;
use super::matcher::rules::{LEFT, RIGHT};
use super::matcher::{
    Bin, Bucket, CheckRule, Columns, Entry, Outcome, Places, RowIndex, Rules, Side, Symbols, Totals, match_sides,
};
use crate::model::dates::first_of_month;
use crate::model::{Calendar, Fen, Lang, Origin, Row, TableDef};

/// What the rules made of two tables.
#[derive(Debug, Clone)]
pub struct Matching {
    /// Id of the rules, and what they are called.
    pub id: String,
    pub zh: String,
    pub en: String,
    /// In order of outcome, then of the rows.
    pub items: Vec<MatchItem>,
    pub totals: Totals,
}

/// Rows that were closed together, or one row that is open.
#[derive(Debug, Clone)]
pub struct MatchItem {
    pub outcome: Bin,
    /// Why it stands where it stands, in Chinese and English.
    pub how: [String; 2],
    /// Names of the comparisons that differ.
    pub differing: Vec<String>,
    /// It could have been another row.
    pub is_ambiguous: bool,
    /// Ids of the rows of each side.
    pub ids: [String; 2],
    /// Sum of each side; `None` where no row stands there.
    pub amounts: [Option<Fen>; 2],
    /// Date of the first row of each side.
    pub dates: [Option<NaiveDate>; 2],
    pub order_no: String,
    pub receipt_no: String,
    /// What lists keep apart: a code of the rules' group column.
    pub group: String,
    /// The exact rows it comes from.
    pub origins: Vec<Origin>,
}

impl MatchItem {
    /// Left − right.
    pub fn diff(&self) -> Fen {
        self.amounts[LEFT].unwrap_or_default() - self.amounts[RIGHT].unwrap_or_default()
    }

    /// The date it counts on: the left one where there is one.
    pub fn date(&self) -> Option<NaiveDate> {
        self.dates[LEFT].or(self.dates[RIGHT])
    }
}

/// The two tables of some rules: definition and rows of each.
pub type Tables<'a> = [(&'a TableDef, &'a [Row]); 2];

/// Matches two tables as of a date. `exported`: the date of the export, by the ledger's number of the file.
///
/// Nothing is matched, and nothing told, where one of the tables has never come: then it knows nothing.
pub fn match_tables(
    rules: &Rules,
    tables: Tables<'_>,
    exported: &BTreeMap<i64, NaiveDate>,
    calendar: &Calendar,
    as_of: NaiveDate,
    lang: Lang,
) -> Option<(Matching, Vec<Check>, Vec<ControlTotal>)> {
    let mut symbols = Symbols::default();
    // The columns were found when the rules were loaded.
    let columns = [LEFT, RIGHT].map(|side| Columns::find(rules, side, tables[side].0).ok());
    let [Some(left), Some(right)] = &columns else { return None };
    let columns = [left, right];
    let sides = [LEFT, RIGHT].map(|side| columns[side].side(rules, tables[side].1, &mut symbols));
    if sides.iter().any(|side| side.len() == side.skipped.len()) {
        return None;
    }
    if !sides.iter().all(Side::is_summable) {
        // Amounts that no sum can hold: nothing is matched, and the run says that it cannot vouch for it.
        let control = ControlTotal::new(format!("{}: amounts can be summed", rules.id), 1, 0);
        let (id, zh, en) = (rules.id.clone(), rules.zh.clone(), rules.en.clone());
        return Some((
            Matching { id, zh, en, items: Vec::new(), totals: Totals::default() },
            Vec::new(),
            vec![control],
        ));
    }
    let outcome = match_sides([&sides[LEFT], &sides[RIGHT]], rules, calendar, Some(as_of));
    let maker = Maker { outcome: &outcome, columns, rows: [tables[LEFT].1, tables[RIGHT].1], exported, as_of, lang };
    let items = maker.items();
    let checks = rules.checks.as_ref().map_or_else(Vec::new, |rule| maker.checks(rule, &items));
    let totals = maker.totals();
    let mut controls = totals.controls();
    controls.iter_mut().for_each(|control| control.name = format!("{} {}", rules.id, control.name));
    let (id, zh, en) = (rules.id.clone(), rules.zh.clone(), rules.en.clone());
    Some((Matching { id, zh, en, items, totals }, checks, controls))
}

/// The days of which a side tells.
#[derive(Clone, Copy)]
struct Known {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

struct Maker<'a> {
    outcome: &'a Outcome<'a>,
    columns: [&'a Columns<'a>; 2],
    rows: [&'a [Row]; 2],
    exported: &'a BTreeMap<i64, NaiveDate>,
    as_of: NaiveDate,
    lang: Lang,
}

impl Maker<'_> {
    fn items(&self) -> Vec<MatchItem> {
        let buckets = [Bucket::AmountDiff, Bucket::TimingDiff, Bucket::Ambiguous, Bucket::Matched];
        let entries = buckets.into_iter().flat_map(|bucket| self.outcome.in_order(bucket));
        let mut items: Vec<MatchItem> = entries.map(|(_, entry)| self.of_entry(entry)).collect();
        for (side, rows) in self.outcome.unmatched.iter().enumerate() {
            let mut rows = rows.clone();
            rows.sort_by(|a, b| self.outcome.sides()[side].order(*a, *b));
            items.extend(rows.iter().map(|row| self.of_row(side, *row)));
        }
        items.sort_by_key(|item| item.outcome); // stable: in order of the rows within an outcome
        items
    }

    /// Totals of the items: a pair whose parts differ counts where its item stands.
    fn totals(&self) -> Totals {
        let mut totals = self.outcome.totals.clone();
        let entries = self.outcome.entries().map(|(_, entry)| entry);
        for entry in entries.filter(|e| e.bucket == Bucket::Matched && !self.outcome.differing(e).is_empty()) {
            for (side, rows) in self.outcome.rows(entry).into_iter().enumerate() {
                let amounts = rows.iter().map(|row| self.outcome.sides()[side].amount(*row));
                totals.shift(side, Bin::Matched, Bin::AmountDiff, amounts);
            }
        }
        totals
    }

    fn of_entry(&self, entry: &Entry) -> MatchItem {
        let how = [Lang::Zh, Lang::En].map(|lang| self.outcome.why(entry, lang));
        let differing: Vec<String> = self.outcome.differing(entry).into_iter().map(str::to_owned).collect();
        // A pair whose amounts agree and whose parts do not is no clean match.
        let outcome = match entry.bucket {
            Bucket::Matched if !differing.is_empty() => Bin::AmountDiff,
            bucket => Bin::of(bucket),
        };
        MatchItem { is_ambiguous: entry.ambiguous, differing, ..self.item(outcome, how, self.outcome.rows(entry)) }
    }

    fn of_row(&self, side: usize, row: RowIndex) -> MatchItem {
        let rows: [&[RowIndex]; 2] = if side == LEFT { [&[row], &[]] } else { [&[], &[row]] };
        let how = [Lang::Zh, Lang::En].map(|lang| self.outcome.why_open(side, row, lang).to_owned());
        self.item(Bin::Unmatched, how, rows)
    }

    fn item(&self, outcome: Bin, how: [String; 2], rows: [&[RowIndex]; 2]) -> MatchItem {
        let sides = self.outcome.sides();
        let source = |side: usize, row: &RowIndex| &self.rows[side][*row as usize];
        let ids = |side: usize| {
            let shown: Vec<&str> = rows[side].iter().take(SHOWN).map(|row| sides[side].id(*row)).collect();
            shown.join(" / ") + if rows[side].len() > SHOWN { " …" } else { "" }
        };
        let amount = |side: usize| {
            let sum: i64 = rows[side].iter().map(|row| sides[side].amount(*row)).sum();
            (!rows[side].is_empty()).then_some(Fen(sum))
        };
        let date = |side: usize| {
            let first = rows[side].first()?;
            source(side, first).values[self.columns[side].places.date?].date()
        };
        let named = |column: fn(&Places) -> Option<usize>| {
            let of_side = |side: usize| {
                let text =
                    self.columns[side].text(source(side, rows[side].first()?), column(&self.columns[side].places)?);
                (!text.is_empty()).then_some(text)
            };
            of_side(LEFT).or_else(|| of_side(RIGHT)).unwrap_or_default()
        };
        MatchItem {
            outcome,
            how,
            differing: Vec::new(),
            is_ambiguous: false,
            ids: [ids(LEFT), ids(RIGHT)],
            amounts: [amount(LEFT), amount(RIGHT)],
            dates: [date(LEFT), date(RIGHT)],
            order_no: named(|places| places.order),
            receipt_no: named(|places| places.receipt),
            group: named(|places| places.group),
            origins: (0..2).flat_map(|s| rows[s].iter().map(move |row| source(s, row).origin.clone())).collect(),
        }
    }

    fn checks(&self, rule: &CheckRule, items: &[MatchItem]) -> Vec<Check> {
        let known = [LEFT, RIGHT].map(|side| Known { from: self.known_from(side), to: self.known_to(side) });
        items.iter().filter_map(|item| self.check(rule, item, known)).collect()
    }

    fn check(&self, rule: &CheckRule, item: &MatchItem, known: [Known; 2]) -> Option<Check> {
        let (kind, amount) = match (item.outcome, item.amounts) {
            (Bin::Unmatched, [Some(left), None]) => (rule.unmatched_left?, left),
            (Bin::Unmatched, [None, Some(right)]) => (rule.unmatched_right?, right),
            (Bin::AmountDiff | Bin::TimingDiff | Bin::Ambiguous, _) => (rule.differs?, item.diff()),
            _ => return None,
        };
        if item.outcome == Bin::Unmatched && !self.is_due(rule, item, known) {
            return None;
        }
        Some(self.fire(kind, amount, item))
    }

    /// Whether a row without a partner is old enough to be told, and the other side could know of it.
    fn is_due(&self, rule: &CheckRule, item: &MatchItem, known: [Known; 2]) -> bool {
        let other = if item.amounts[LEFT].is_some() { RIGHT } else { LEFT };
        let Some(date) = item.date() else { return true };
        let Known { from, to } = known[other];
        let is_known = from.is_none_or(|from| date >= from) && to.is_none_or(|to| date <= to);
        let is_known = !rule.wait_for_other_side || is_known;
        is_known && rule.after_days.is_none_or(|days| self.as_of.signed_duration_since(date).num_days() > days)
    }

    /// The month of the first row of a side that takes part: of what was before it, the side says nothing.
    fn known_from(&self, side: usize) -> Option<NaiveDate> {
        let at = self.columns[side].places.date?;
        self.taking_part(side).filter_map(|row| row.values[at].date()).min().map(first_of_month)
    }

    /// The newest export that rows of a side which take part came from.
    fn known_to(&self, side: usize) -> Option<NaiveDate> {
        self.taking_part(side).filter_map(|row| self.exported.get(&row.origin.file).copied()).max()
    }

    fn taking_part(&self, side: usize) -> impl Iterator<Item = &Row> {
        let skipped: HashSet<RowIndex> = self.outcome.skipped[side].iter().map(|(row, _)| *row).collect();
        (0..).zip(self.rows[side]).filter(move |(row, _)| !skipped.contains(row)).map(|(_, row)| row)
    }

    fn fire(&self, kind: CheckKind, amount: Fen, item: &MatchItem) -> Check {
        let side = |side: usize| item.amounts[side].map(|sum| format!("{} {sum}", item.ids[side]));
        let both: Vec<String> = [side(LEFT), side(RIGHT)].into_iter().flatten().collect();
        let mut detail = both.join(" / ");
        if !item.differing.is_empty() {
            let compares = self.outcome.rules().compares.iter();
            let of_item = compares.filter(|compare| item.differing.contains(&compare.name));
            let titles: Vec<&str> = of_item.map(|compare| compare.title(self.lang)).collect();
            detail.push_str(&format!(" ≠ {}", titles.join(" ")));
        }
        let mut check = Check::new(kind, &item.order_no, amount, item.date(), detail).from(&item.origins);
        check.receipt_no.clone_from(&item.receipt_no);
        check
    }
}

/// Ids of one side that an item names.
const SHOWN: usize = 6;
