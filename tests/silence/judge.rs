//! What a run said, and whether it said anything of what was spoilt.

use std::collections::{BTreeMap, BTreeSet};

use hesuan::model::forget::Rule;
use serde_json::Value;

use crate::common::{Ran, Record, Shop};
use crate::spoil::Spoilt;

/// The parts of the manifest that are figures.
const FIGURES: [&str; 7] = ["clearing", "checks", "matching", "totals", "day_totals", "figures", "figures_by"];

/// All that a run published and told.
pub struct Saying {
    pub code: i32,
    pub told: String,
    pub manifest: Value,
    findings: BTreeSet<Record>,
    exceptions: BTreeSet<Record>,
}

impl Saying {
    /// Runs a shop for a date, with a program that has forgotten a rule where one is named.
    pub fn of(shop: &Shop, date: &str, forgotten: Option<Rule>) -> Saying {
        let mut command = shop.command(&["--as-of", date]);
        if let Some(rule) = forgotten {
            command.env("HESUAN_FORGETS", format!("{rule:?}"));
        }
        let ran = Ran::of(&command.output().unwrap());
        let there = shop.folder(date).join("manifest.json").exists();
        let read = |records: fn(&Shop, &str) -> Vec<Record>| -> BTreeSet<Record> {
            if there { records(shop, date).into_iter().collect() } else { BTreeSet::new() }
        };
        Saying {
            code: ran.code.unwrap_or(-1),
            told: format!("{}{}", ran.out, ran.err),
            manifest: if there { shop.manifest(date) } else { Value::Null },
            findings: read(Shop::findings),
            exceptions: read(Shop::exceptions),
        }
    }

    /// Every number among the figures by its place; what is not known too.
    fn numbers(&self) -> BTreeMap<String, String> {
        let mut numbers = BTreeMap::new();
        FIGURES.iter().for_each(|part| leaves(part, &self.manifest[part], &mut numbers));
        numbers
    }

    /// Figures that are not those of another run.
    pub fn differences(&self, sound: &Saying) -> Vec<String> {
        let (own, others) = (self.numbers(), sound.numbers());
        let places: BTreeSet<&String> = own.keys().chain(others.keys()).collect();
        let shown = |place: &String, of: &BTreeMap<String, String>| of.get(place).cloned().unwrap_or_default();
        let differing = places.into_iter().filter(|place| own.get(*place) != others.get(*place));
        differing.map(|place| format!("{place}: {} is {}", shown(place, &others), shown(place, &own))).collect()
    }

    /// The first new word about what was spoilt, if there is one.
    pub fn tells(&self, sound: &Saying, spoilt: &Spoilt) -> Option<String> {
        if self.code == 4 {
            return self.told.contains(&spoilt.name).then(|| "exit 4 with the file's name".to_owned());
        }
        let finding = self.findings.difference(&sound.findings).find(|finding| names(finding, spoilt));
        let exception = || self.exceptions.difference(&sound.exceptions).find(|exception| concerns(exception, spoilt));
        let told = finding.or_else(exception)?;
        Some(told["code"].clone())
    }

    /// What is new, for a person.
    pub fn news(&self, sound: &Saying) -> Vec<String> {
        let short =
            |record: &Record| record.values().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join("|");
        let findings = self.findings.difference(&sound.findings).map(short);
        findings.chain(self.exceptions.difference(&sound.exceptions).map(short)).collect()
    }
}

/// What is said of a file or a sheet as a whole, of which there is no row to name.
const WHOLE: [&str; 10] = [
    "file_empty",
    "file_damaged",
    "file_unknown",
    "reader_failed",
    "sheet_unreadable",
    "text_not_decodable",
    "export_unknown",
    "export_nearly_known",
    "rows_vanished",
    "rows_gone",
];

/// An error or a warning about the file, with its place, or the value, key or heading that it is about; or that the
/// whole of it is of no use.
fn names(finding: &Record, spoilt: &Spoilt) -> bool {
    if finding["severity"] == "info" {
        return false;
    }
    let placed = !finding["row"].is_empty() || !finding["column"].is_empty();
    let about =
        |word: &String| !word.is_empty() && (finding["value"].contains(word) || finding["message"].contains(word));
    let about_it = spoilt.keys.iter().chain(&spoilt.headings).any(about);
    match finding["file"].contains(&spoilt.name) {
        true => placed || about_it || WHOLE.contains(&finding["code"].as_str()),
        false => spoilt.keys.iter().any(about),
    }
}

/// A check about a row that was touched, or money on an order that is not known.
fn concerns(exception: &Record, spoilt: &Spoilt) -> bool {
    let is_word = exception["kind"] == "check" || exception["code"] == "unknown_order";
    let has = |word: &String| exception.values().any(|cell| cell.contains(word));
    is_word && (spoilt.keys.iter().any(has) || has(&spoilt.name))
}

fn leaves(place: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| leaves(&format!("{place}/{key}"), value, into)),
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(at, value)| leaves(&format!("{place}/{at}"), value, into))
        }
        Value::Number(_) | Value::Null => drop(into.insert(place.to_owned(), value.to_string())),
        Value::String(_) | Value::Bool(_) => {}
    }
}
