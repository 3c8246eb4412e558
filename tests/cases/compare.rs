//! The buckets of a case against those of the program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

/// Left ids, right ids.
type Rows = (BTreeSet<String>, BTreeSet<String>);

/// Says how an answer differs from what is expected.
pub fn compare(truth: &Value, answer: &Value, contents: &Contents) -> Result<(), String> {
    if let Some(control) = answer["control_totals"].as_array().into_iter().flatten().find(|c| c["holds"] != true) {
        return Err(format!("a control total fails: {control}"));
    }
    let expected = &open_for_a_limit(&truth["expected"], answer)?;
    error(expected, answer)?;
    if truth["level"] != "counts" {
        buckets(expected, answer, contents)?;
    }
    totals(expected, answer)
}

/// Some cases list rows that no search looked at as skipped, with the bound as the reason; the program leaves them
/// without a partner and tells the same reason. Each such row must have it.
fn open_for_a_limit(expected: &Value, answer: &Value) -> Result<Value, String> {
    let mut expected = expected.clone();
    let words = |entry: &Value| entry["reason"].as_str().unwrap_or_default().to_lowercase();
    let is_limit =
        |entry: &Value| ["limit", "cap", "too large", "timeout", "budget"].iter().any(|w| words(entry).contains(w));
    let (limited, skipped): (Vec<Value>, Vec<Value>) = entries(&expected["skipped"]).into_iter().partition(is_limit);
    for side in ["left", "right"] {
        let told: BTreeSet<String> = entries(&answer["open_reasons"])
            .iter()
            .filter(|r| r["side"] == side && r["reason"].as_str().is_some_and(|reason| reason.ends_with("_limit")))
            .map(|r| r["id"].as_str().unwrap_or_default().to_owned())
            .collect();
        let mut open = ids(&expected[format!("unmatched_{side}")]);
        for id in limited.iter().flat_map(|entry| ids(&entry[side])) {
            // A row of the other side was not looked for by itself: it stands open as any other.
            if side == "left" && !told.contains(&id) {
                return Err(format!("{id} is not told as left out for a limit"));
            }
            open.insert(id);
        }
        expected[format!("unmatched_{side}")] = open.into_iter().collect();
    }
    expected["skipped"] = skipped.into();
    Ok(expected)
}

fn error(expected: &Value, answer: &Value) -> Result<(), String> {
    // How a system words an error is its own; of what kind it is, and which amounts it names, is not.
    let kind = |said: &str| {
        let low = said.to_lowercase();
        let kinds = ["duplicate", "exceed"];
        let kind = kinds.into_iter().find(|kind| low.contains(kind)).map_or(low.clone(), str::to_owned);
        let amounts: Vec<String> = super::words::numbers(&low).iter().map(|n| decimal(&n.as_str().into())).collect();
        (kind, amounts)
    };
    match (expected["error"].as_str(), answer["error"].as_str()) {
        (None, None) => Ok(()),
        (Some(want), Some(got)) if kind(want) == kind(got) => Ok(()),
        (want, got) => Err(format!("error {got:?}, expected {want:?}")),
    }
}

fn buckets(expected: &Value, answer: &Value, contents: &Contents) -> Result<(), String> {
    for bucket in ["matched", "amount_diff", "timing_diff", "ambiguous", "skipped"] {
        let (want, got) = (entries(&expected[bucket]), entries(&answer[bucket]));
        let by_id = |list: &[Value]| sorted(list.iter().map(rows));
        if by_id(&want) == by_id(&got) {
            for one in &want {
                let other = got.iter().find(|g| rows(g) == rows(one)).unwrap();
                details(bucket, one, other)?;
            }
            continue;
        }
        // Which of several rows that say the same is taken does not matter, as the cases' own notes say.
        let by_content = |list: &[Value]| sorted(list.iter().map(|entry| contents.of_entry(entry)));
        if by_content(&want) != by_content(&got) {
            return Err(format!("{bucket} {:?}, expected {:?}", by_id(&got), by_id(&want)));
        }
    }
    for (bucket, side) in [("unmatched_left", "left"), ("unmatched_right", "right"), ("duplicates", "left")] {
        let all = |value: &Value| sorted(ids(&value[bucket]).iter().map(|id| contents.of(side, id)));
        if all(expected) != all(answer) {
            return Err(format!("{bucket} {:?}, expected {:?}", ids(&answer[bucket]), ids(&expected[bucket])));
        }
    }
    Ok(())
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort();
    values
}

/// What the rows of a case say beside their id.
pub struct Contents([BTreeMap<String, String>; 2]);

impl Contents {
    pub fn read(folder: &Path) -> Contents {
        Contents(["left", "right"].map(|side| {
            let file = |name: String| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            let split = |line: &str| line.split_once(',').map(|(id, rest)| (id.to_owned(), rest.to_owned()));
            let rows = |text: String| text.lines().skip(1).filter_map(split).collect::<Vec<_>>();
            [rows(file(format!("{side}.csv"))), rows(file(format!("{side}2.csv")))].concat().into_iter().collect()
        }))
    }

    /// The row without its id; the id itself where no row has it.
    fn of(&self, side: &str, id: &str) -> String {
        self.0[usize::from(side == "right")].get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn of_entry(&self, entry: &Value) -> [Vec<String>; 2] {
        ["left", "right"].map(|side| sorted(ids(&entry[side]).iter().map(|id| self.of(side, id))))
    }
}

fn entries(list: &Value) -> Vec<Value> {
    list.as_array().cloned().unwrap_or_default()
}

fn ids(list: &Value) -> BTreeSet<String> {
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    list.as_array().into_iter().flatten().map(text).collect()
}

fn rows(entry: &Value) -> Rows {
    (ids(&entry["left"]), ids(&entry["right"]))
}

fn details(bucket: &str, want: &Value, got: &Value) -> Result<(), String> {
    let (class, other) = (want["class"].as_str(), got["class"].as_str());
    if bucket == "matched" && class != other && !is_in_other_words(class, got) {
        return Err(format!("class {other:?} of {:?}, expected {class:?}", rows(want)));
    }
    for number in ["diff", "residual_left", "residual_right"] {
        if !want[number].is_null() && decimal(&want[number]) != decimal(&got[number]) {
            return Err(format!("{number} {} of {:?}, expected {}", got[number], rows(want), want[number]));
        }
    }
    for field in ["days", "ambiguous", "reason"] {
        if !want[field].is_null() && want[field] != got[field] {
            return Err(format!("{field} {} of {:?}, expected {}", got[field], rows(want), want[field]));
        }
    }
    if got["ambiguous"] == true && want["ambiguous"] != true {
        return Err(format!("{:?} is flagged as ambiguous", rows(want)));
    }
    let sets = |value: &Value| entries(&value["alternatives"]).iter().map(ids).collect::<BTreeSet<_>>();
    if !want["alternatives"].is_null() && sets(want) != sets(got) {
        return Err(format!("alternatives {:?}, expected {:?}", sets(got), sets(want)));
    }
    Ok(())
}

/// The cases know no class for what cancels out inside one side or was decided by a person: they call it by its shape.
fn is_in_other_words(class: Option<&str>, got: &Value) -> bool {
    let (left, right) = rows(got);
    let is_pair = left.len().max(right.len()) == 1 || left.len() + right.len() == 2;
    let shape = if decimal(&got["diff"]) != "0" {
        "tolerance"
    } else if is_pair {
        "exact"
    } else {
        "group"
    };
    match got["class"].as_str() {
        Some("reversal") => class == Some(shape) || class == Some("group") || class.is_none(),
        Some("decided") => class == Some(shape) || class.is_none(),
        Some(_) => class.is_none(),
        None => false,
    }
}

/// A number without trailing zeros; any other text as it is.
fn decimal(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is_number = text.chars().all(|c| c.is_ascii_digit() || ".-".contains(c));
    if is_number && text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

fn totals(expected: &Value, answer: &Value) -> Result<(), String> {
    let totals = &answer["totals"];
    for (name, want) in expected["totals"].as_object().into_iter().flatten() {
        let got = match name.as_str() {
            "name_differences" => totals["differences"]["name"].as_u64().unwrap_or(0).into(),
            "new_rows" => totals["unmatched_right_count"].clone(),
            "fields" | "days" => pair(answer, name),
            "drift" | "drift_abs" => drift(want, totals, name),
            other if totals[other].is_null() => of_bins(answer, other),
            other => totals[other].clone(),
        };
        let same = if want.is_object() || want.is_array() { *want == got } else { decimal(want) == decimal(&got) };
        if !same {
            return Err(format!("totals: {name} {got}, expected {want}"));
        }
    }
    Ok(())
}

/// A bin and a side.
type BinOfSide = (&'static str, &'static str);

/// Totals that other systems name, from what the bins hold: rows, signed or absolute sums of one side or of both.
const OF_BINS: [(&str, &[BinOfSide], &str); 13] = [
    ("matched", &[("matched", "left")], "rows"),
    ("matched_amount_left", &[("matched", "left")], "amount"),
    ("matched_amount_right", &[("matched", "right")], "amount"),
    ("unmatched_left", &[("unmatched", "left")], "rows"),
    ("unmatched_right", &[("unmatched", "right")], "rows"),
    ("unmatched_amount_left", &[("unmatched", "left")], "amount"),
    ("unmatched_amount_right", &[("unmatched", "right")], "amount"),
    ("unmatched_left_amount", &[("unmatched", "left")], "amount"),
    ("unmatched_right_amount", &[("unmatched", "right")], "amount"),
    ("ambiguous_amount_left", &[("ambiguous", "left")], "amount"),
    ("ambiguous_amount_right", &[("ambiguous", "right")], "amount"),
    ("skipped_count", &[("skipped", "left"), ("skipped", "right")], "rows"),
    ("duplicate_count", &[("duplicates", "left"), ("duplicates", "right")], "rows"),
];

fn of_bins(answer: &Value, name: &str) -> Value {
    let cents = |value: &Value| -> i64 {
        let (whole, part) =
            decimal(value).split_once('.').map_or((decimal(value), String::new()), |(w, p)| (w.into(), p.into()));
        format!("{whole}{part:0<9}").parse().unwrap_or(0)
    };
    let bins = |parts: &[BinOfSide], field: &str| -> i64 {
        let place = |side: &str| usize::from(side == "right");
        parts.iter().map(|(bin, side)| cents(&answer["totals"]["bins"][*bin][place(side)][field])).sum()
    };
    let differences: i64 = entries(&answer["amount_diff"]).iter().map(|e| cents(&e["diff"]).abs()).sum();
    let units = match name {
        "amount_diff_count" | "timing_diff_count" | "ambiguous_count" => {
            return entries(&answer[name.trim_end_matches("_count")]).len().into();
        }
        "amount_diff_total" => differences,
        "total_discrepancy" => {
            let open = [("unmatched", "left"), ("unmatched", "right"), ("ambiguous", "left"), ("ambiguous", "right")];
            bins(&open, "amount") + differences
        }
        other => match OF_BINS.iter().find(|(own, ..)| *own == other) {
            Some((_, parts, field)) => bins(parts, field),
            None => return Value::Null,
        },
    };
    let sign = if units < 0 { "-" } else { "" };
    let units = units.unsigned_abs();
    format!("{sign}{}.{:09}", units / 1_000_000_000, units % 1_000_000_000).into()
}

/// What differs in the only pair of a case: amount and date count as fields too.
fn pair(answer: &Value, name: &str) -> Value {
    let entry = &answer["amount_diff"][0];
    if name == "days" {
        return entry["days"].clone();
    }
    let mut fields = vec![Value::from("amount")];
    if entry["days"] != 0 {
        fields.push("date".into());
    }
    fields.extend(entries(&entry["fields"]));
    Value::Array(fields)
}

/// Left + right by currency; the program turns the sign of the right side, so its difference is that sum.
fn drift(want: &Value, totals: &Value, name: &str) -> Value {
    let mut sums: BTreeMap<String, Value> = BTreeMap::new();
    for currency in want.as_object().into_iter().flatten().map(|(currency, _)| currency) {
        let sum = decimal(&totals["drift"][currency]);
        let sum = if name == "drift_abs" { sum.trim_start_matches('-').to_owned() } else { sum };
        sums.insert(currency.clone(), sum.into());
    }
    serde_json::to_value(sums).unwrap()
}
