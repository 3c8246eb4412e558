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
    let expected = &truth["expected"];
    error(expected, answer)?;
    if truth["level"] != "counts" {
        buckets(expected, answer, contents)?;
    }
    totals(expected, answer)
}

fn error(expected: &Value, answer: &Value) -> Result<(), String> {
    match (expected["error"].as_str(), answer["error"].as_str()) {
        (None, None) => Ok(()),
        (Some(want), Some(got)) if want == got => Ok(()),
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
        Contents(["left.csv", "right.csv"].map(|name| {
            let text = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            let split = |line: &str| line.split_once(',').map(|(id, rest)| (id.to_owned(), rest.to_owned()));
            text.lines().skip(1).filter_map(split).collect()
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
    if bucket == "matched" && class != other {
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
            other => totals[other].clone(),
        };
        let same = if want.is_object() || want.is_array() { *want == got } else { decimal(want) == decimal(&got) };
        if !same {
            return Err(format!("totals: {name} {got}, expected {want}"));
        }
    }
    Ok(())
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
