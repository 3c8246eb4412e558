//! What `match` says to machines: all buckets, every row in one.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::Lang;
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::rules::{LEFT, RIGHT};
use crate::reconcile::matcher::{Bin, Bucket, Entry, Outcome, RowIndex, Skip, amount_text};
use crate::run::matching::{Loaded, LoadedFile};

#[derive(Serialize)]
pub struct MatchJson<'a> {
    program: Program,
    rules: &'a str,
    files: [&'a str; 2],
    as_of: Option<String>,
    matched: Vec<EntryJson<'a>>,
    amount_diff: Vec<EntryJson<'a>>,
    timing_diff: Vec<EntryJson<'a>>,
    ambiguous: Vec<EntryJson<'a>>,
    skipped: Vec<SkippedJson<'a>>,
    unmatched_left: Vec<&'a str>,
    unmatched_right: Vec<&'a str>,
    duplicates: Vec<&'a str>,
    error: Option<String>,
    /// Why a row is open, where it is more than "nothing fits".
    open_reasons: Vec<ReasonJson<'a>>,
    decisions: Vec<DecisionJson<'a>>,
    /// What was wrong with the files; the first of each kind and column, with how many there are.
    findings: Vec<FindingJson<'a>>,
    totals: TotalsJson,
    control_totals: Vec<ControlJson<'a>>,
}

#[derive(Serialize)]
struct Program {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct EntryJson<'a> {
    left: Vec<&'a str>,
    right: Vec<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    class: &'static str,
    pass: &'static str,
    keys: Vec<&'a str>,
    diff: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<i32>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    ambiguous: bool,
    /// Some row has an equal, and the id decided which was taken.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tie: bool,
    /// Comparisons that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    residual_left: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    residual_right: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allocations: Vec<AllocationJson<'a>>,
    /// Each a set of rows of the other side that would do, where one row was looked at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alternatives: Vec<Vec<&'a str>>,
    /// The same with both sides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<SetJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggested: Vec<SetJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

#[derive(Serialize)]
struct SetJson<'a> {
    left: Vec<&'a str>,
    right: Vec<&'a str>,
}

#[derive(Serialize)]
struct AllocationJson<'a> {
    left: &'a str,
    right: &'a str,
    amount: String,
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    left: Vec<&'a str>,
    right: Vec<&'a str>,
    reason: &'static str,
    /// Rows of the files, where what stands there could not be understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<[Vec<u32>; 2]>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    side: &'static str,
    file: &'a str,
    sheet: &'a str,
    row: u32,
    column: &'a str,
    code: &'static str,
    severity: &'static str,
    value: &'a str,
    message: String,
    count: u64,
}

#[derive(Serialize)]
struct ReasonJson<'a> {
    side: &'static str,
    id: &'a str,
    reason: &'static str,
}

#[derive(Serialize)]
struct DecisionJson<'a> {
    kind: &'static str,
    left: &'a [String],
    right: &'a [String],
    standing: &'static str,
    reason: &'a str,
    by: &'a str,
}

#[derive(Serialize)]
struct TotalsJson {
    /// Signed sums.
    left: String,
    right: String,
    left_absolute: String,
    right_absolute: String,
    total_left: i64,
    total_right: i64,
    matched_count: usize,
    unmatched_left_count: usize,
    unmatched_right_count: usize,
    residual_left: String,
    residual_right: String,
    /// Pairs that differ in a compared column, by column.
    differences: BTreeMap<String, usize>,
    /// Σ left − Σ right by currency, where a row names one.
    drift: BTreeMap<String, String>,
    bins: BTreeMap<&'static str, [BinJson; 2]>,
}

#[derive(Serialize)]
struct BinJson {
    rows: i64,
    amount: String,
    absolute: String,
}

#[derive(Serialize)]
struct ControlJson<'a> {
    name: &'a str,
    left: i64,
    right: i64,
    holds: bool,
}

/// All buckets, every row in one; lists in an order that rests on what rows say.
pub fn json<'a>(
    loaded: &'a Loaded,
    outcome: &'a Outcome<'_>,
    controls: &'a [ControlTotal],
    lang: Lang,
) -> MatchJson<'a> {
    let maker = Maker { loaded, outcome };
    let entries = |bucket: Bucket| maker.entries(bucket);
    MatchJson {
        program: Program { name: "hesuan", version: env!("CARGO_PKG_VERSION") },
        rules: &loaded.rules.id,
        files: [&loaded.files[0].name, &loaded.files[1].name],
        as_of: loaded.as_of.map(|d| d.to_string()),
        matched: entries(Bucket::Matched),
        amount_diff: entries(Bucket::AmountDiff),
        timing_diff: entries(Bucket::TimingDiff),
        ambiguous: entries(Bucket::Ambiguous),
        skipped: maker.skipped(),
        unmatched_left: maker.ids_in_order(LEFT, &outcome.unmatched[LEFT]),
        unmatched_right: maker.ids_in_order(RIGHT, &outcome.unmatched[RIGHT]),
        duplicates: [LEFT, RIGHT].iter().flat_map(|s| maker.ids_in_order(*s, &outcome.duplicates[*s])).collect(),
        error: outcome.error.as_ref().map(|error| error.text(loaded.rules.scale)),
        open_reasons: maker.reasons(),
        decisions: maker.decisions(),
        findings: maker.findings(lang),
        totals: maker.totals(),
        control_totals: controls
            .iter()
            .map(|c| ControlJson { name: &c.name, left: c.left, right: c.right, holds: c.holds() })
            .collect(),
    }
}

struct Maker<'a> {
    loaded: &'a Loaded,
    outcome: &'a Outcome<'a>,
}

impl<'a> Maker<'a> {
    fn id(&self, side: usize, row: RowIndex) -> &'a str {
        self.outcome.sides()[side].id(row)
    }

    fn ids(&self, side: usize, rows: &[RowIndex]) -> Vec<&'a str> {
        rows.iter().map(|row| self.id(side, *row)).collect()
    }

    fn ids_in_order(&self, side: usize, rows: &[RowIndex]) -> Vec<&'a str> {
        let mut rows = rows.to_vec();
        rows.sort_by(|a, b| self.outcome.sides()[side].order(*a, *b));
        self.ids(side, &rows)
    }

    /// Rows of the file, in order.
    fn file_rows(&self, side: usize, rows: &[RowIndex]) -> Vec<u32> {
        let mut numbers: Vec<u32> = rows.iter().map(|row| self.outcome.sides()[side].rows[*row as usize]).collect();
        numbers.sort_unstable();
        numbers
    }

    fn findings(&self, lang: Lang) -> Vec<FindingJson<'a>> {
        let of_side = |side: &'static str, file: &'a LoadedFile| {
            file.findings.iter().map(move |finding| FindingJson {
                side,
                file: &finding.file,
                sheet: &finding.sheet,
                row: finding.row,
                column: &finding.column,
                code: finding.code.id(),
                severity: finding.severity().id(),
                value: &finding.value,
                message: finding.message(lang),
                count: finding.count,
            })
        };
        let [left, right] = &self.loaded.files;
        of_side("left", left).chain(of_side("right", right)).collect()
    }

    fn amount(&self, units: i64) -> String {
        amount_text(units.into(), self.loaded.rules.scale)
    }

    fn entries(&self, bucket: Bucket) -> Vec<EntryJson<'a>> {
        self.outcome.in_order(bucket).into_iter().map(|(place, entry)| self.entry(place, entry)).collect()
    }

    fn entry(&self, place: u32, entry: &Entry) -> EntryJson<'a> {
        let [left, right] = self.outcome.rows(entry);
        let pass = self.outcome.pass(entry);
        let extra = self.outcome.extra(place);
        let sets = |list: &[[Vec<RowIndex>; 2]]| {
            let set =
                |s: &[Vec<RowIndex>; 2]| SetJson { left: self.ids(LEFT, &s[LEFT]), right: self.ids(RIGHT, &s[RIGHT]) };
            list.iter().map(set).collect::<Vec<_>>()
        };
        let choices = extra.map_or(&[][..], |e| e.choices.as_slice());
        let residual = |side: usize| {
            let list = &extra?.residuals[side];
            (!list.is_empty()).then(|| self.amount(list.iter().map(|(_, rest)| rest).sum()))
        };
        let by_currency = extra.map_or(&[][..], |e| e.by_currency.as_slice());
        EntryJson {
            left: self.ids(LEFT, left),
            right: self.ids(RIGHT, right),
            class: entry.class.id(),
            pass: pass.kind.id(),
            keys: pass.keys.iter().map(|key| self.loaded.rules.keys[*key].name.as_str()).collect(),
            diff: match by_currency.is_empty() {
                true => self.amount(entry.diff),
                false => self.currencies(by_currency),
            },
            days: self.outcome.days(entry),
            ambiguous: entry.ambiguous,
            tie: entry.tie,
            fields: self.outcome.differing(entry),
            residual_left: residual(LEFT),
            residual_right: residual(RIGHT),
            allocations: extra.map_or_else(Vec::new, |e| self.allocations(&e.allocations)),
            alternatives: self.alternatives(choices),
            choices: sets(choices),
            suggested: extra.map_or_else(Vec::new, |e| sets(&e.suggested)),
            reason: extra.and_then(|e| e.reason).map(|reason| reason.id()),
        }
    }

    fn currencies(&self, by_currency: &[(u32, i64)]) -> String {
        let mut parts: Vec<String> = by_currency
            .iter()
            .map(|(currency, diff)| format!("{} {}", self.loaded.symbols.text(*currency), self.amount(*diff)))
            .collect();
        parts.sort();
        parts.join("; ")
    }

    fn allocations(&self, list: &[(RowIndex, RowIndex, i64)]) -> Vec<AllocationJson<'a>> {
        let one = |(left, right, amount): &(RowIndex, RowIndex, i64)| AllocationJson {
            left: self.id(LEFT, *left),
            right: self.id(RIGHT, *right),
            amount: self.amount(*amount),
        };
        list.iter().map(one).collect()
    }

    /// Where all choices are of one row: the sets of the other side.
    fn alternatives(&self, choices: &[[Vec<RowIndex>; 2]]) -> Vec<Vec<&'a str>> {
        for side in [LEFT, RIGHT] {
            let is_one = choices.iter().all(|set| set[side].len() == 1 && set[side] == choices[0][side]);
            if is_one && !choices.is_empty() {
                return choices.iter().map(|set| self.ids(1 - side, &set[1 - side])).collect();
            }
        }
        Vec::new()
    }

    fn skipped(&self) -> Vec<SkippedJson<'a>> {
        let mut by_reason: BTreeMap<Skip, [Vec<RowIndex>; 2]> = BTreeMap::new();
        for (side, list) in self.outcome.skipped.iter().enumerate() {
            for (row, skip) in list {
                by_reason.entry(*skip).or_default()[side].push(*row);
            }
        }
        let json = |(skip, rows): (Skip, [Vec<RowIndex>; 2])| SkippedJson {
            left: self.ids_in_order(LEFT, &rows[LEFT]),
            right: self.ids_in_order(RIGHT, &rows[RIGHT]),
            reason: skip.id(),
            rows: skip.is_refused().then(|| [LEFT, RIGHT].map(|side| self.file_rows(side, &rows[side]))),
        };
        by_reason.into_iter().map(json).collect()
    }

    fn reasons(&self) -> Vec<ReasonJson<'a>> {
        let mut reasons = Vec::new();
        for (side, rows) in self.outcome.unmatched.iter().enumerate() {
            let mut rows = rows.clone();
            rows.sort_by(|a, b| self.outcome.sides()[side].order(*a, *b));
            for row in rows {
                let reason = self.outcome.reason(side, row).id();
                if reason != "no_candidate" {
                    reasons.push(ReasonJson { side: ["left", "right"][side], id: self.id(side, row), reason });
                }
            }
        }
        reasons
    }

    fn decisions(&self) -> Vec<DecisionJson<'a>> {
        let rules = &self.loaded.rules;
        let one = |(decision, standing): (
            &'a crate::reconcile::matcher::rules::Decision,
            &crate::reconcile::matcher::Standing,
        )| {
            DecisionJson {
                kind: decision.kind.id(),
                left: &decision.rows[LEFT],
                right: &decision.rows[RIGHT],
                standing: standing.id(),
                reason: &decision.reason,
                by: &decision.by,
            }
        };
        rules.decisions.iter().zip(&self.outcome.standings).map(one).collect()
    }

    fn totals(&self) -> TotalsJson {
        let [left, right] = self.outcome.totals.read;
        let mut differences: BTreeMap<String, usize> = BTreeMap::new();
        let mut residual = [0, 0];
        let mut matched_count = 0;
        for (place, entry) in self.outcome.entries() {
            for name in self.outcome.differing(entry) {
                *differences.entry(name.to_owned()).or_insert(0) += 1;
            }
            if entry.bucket == Bucket::Matched {
                matched_count += 1;
                self.outcome.residuals(place, entry).iter().for_each(|(side, _, rest)| residual[*side] += rest);
            }
        }
        let bin = |bin: Bin| {
            let json = |side: usize| {
                let sum = self.outcome.totals.bin(side, bin);
                BinJson { rows: sum.rows, amount: self.amount(sum.amount), absolute: self.amount(sum.absolute) }
            };
            (bin.id(), [json(LEFT), json(RIGHT)])
        };
        TotalsJson {
            left: self.amount(left.amount),
            right: self.amount(right.amount),
            left_absolute: self.amount(left.absolute),
            right_absolute: self.amount(right.absolute),
            total_left: left.rows,
            total_right: right.rows,
            matched_count,
            unmatched_left_count: self.outcome.unmatched[LEFT].len(),
            unmatched_right_count: self.outcome.unmatched[RIGHT].len(),
            residual_left: self.amount(residual[LEFT]),
            residual_right: self.amount(residual[RIGHT]),
            differences,
            drift: self.drift(),
            bins: Bin::ALL.into_iter().map(bin).collect(),
        }
    }

    fn drift(&self) -> BTreeMap<String, String> {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for (side, sign) in [(LEFT, 1), (RIGHT, -1)] {
            let rows = self.outcome.sides()[side];
            for (amount, currency) in rows.amounts.iter().zip(&rows.currencies).filter(|(_, c)| **c != 0) {
                *sums.entry(self.loaded.symbols.text(*currency)).or_insert(0) += sign * amount;
            }
        }
        sums.into_iter().map(|(currency, sum)| (currency.to_owned(), self.amount(sum))).collect()
    }
}
