//! The words of a case's `params` as a rules spec. A parameter that is not understood fails the case.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::keys::{Key, keys, whole_row};
use super::params::{PASSES, Params, not_understood};
use super::passes::{Mode, Tier};
use super::sides::Sides;
use super::words::{text, tolerance, window};

/// Systems that leave a pair open of which both the amount and the date differ; the others tell it.
const ONE_FAULT: [&str; 1] = ["reconify"];

/// A case as the program takes it.
pub struct Translation {
    /// Rules, in TOML.
    pub rules: String,
    /// Options of the command.
    pub options: Vec<String>,
}

/// The rules and options of a case, or what in it is not understood.
pub fn translate(folder: &Path, truth: &Value) -> Result<Translation, String> {
    let params = Params::new(&truth["params"]);
    let sides = Sides::read(folder, &params);
    let system = truth["system"].as_str().unwrap_or_default();
    let one_fault = ONE_FAULT.contains(&system) || params.words(&["both_differ"]) == "open";
    let several = several(&params)?;
    let scale = params.number(&["scale", "decimals", "minor_units"])?.unwrap_or(2);
    let mut tiers: Vec<Tier> = Vec::new();
    let mut all_keys: Vec<Key> = Vec::new();
    for own in several.iter().map(Some).chain(several.is_empty().then_some(None)) {
        let own = own.unwrap_or(&params);
        let mut tier = tier(own, &sides, scale, one_fault)?;
        tier.keys = tier.keys.into_iter().map(|key| known(&mut all_keys, key)).collect();
        tiers.push(tier);
    }
    let is_one = several.is_empty();
    let mut out = String::from("id = \"case\"\nzh = \"用例\"\nen = \"case\"\n");
    head(&params, &tiers[0], is_one, &mut out)?;
    for at in [0, 1] {
        sides.write(at, &params, &tiers[0], &mut out)?;
    }
    all_keys.iter().for_each(|key| key.write(&mut out));
    sides.compares(&params, &all_keys, &mut out)?;
    decisions(&params, &mut out);
    super::passes::write(&params, &tiers, is_one, &mut out)?;
    let options = match params.first(&["as_of", "today", "run_date"]) {
        Value::Null => Vec::new(),
        day => vec!["--as-of".to_owned(), text(day)],
    };
    for own in several.iter().chain([&params]) {
        own.all_read()?;
    }
    Ok(Translation { rules: out, options })
}

/// The rules of a case that has several, in their order.
fn several(params: &Params) -> Result<Vec<Params>, String> {
    let list = match params.first(PASSES) {
        Value::Null => return Ok(Vec::new()),
        Value::Array(list) if !list.is_empty() => list.clone(),
        other => return Err(not_understood(PASSES[0], other)),
    };
    let mut several: Vec<(u64, Params)> = Vec::new();
    for one in list {
        let own = params.over(&if one.is_string() { json!({ "mode": one }) } else { one });
        ["rule", "id", "label"].iter().for_each(|name| _ = own.get(name));
        let place = if own.get("priority").is_number() { own.number(&["priority"])? } else { own.number(&["order"])? };
        several.push((place.unwrap_or(0), own));
    }
    several.sort_by_key(|(place, _)| *place); // stable
    Ok(several.into_iter().map(|(_, own)| own).collect())
}

fn tier(params: &Params, sides: &Sides, scale: u64, one_fault: bool) -> Result<Tier, String> {
    let mode = Mode::of(params)?;
    let incremental = mode.says(&["incremental"]);
    let window = window(params, sides.have_times())?.filter(|_| !incremental && sides.have_dates());
    let is_currency = *params.get("key") == json!(["currency"]);
    let by_currency = mode.says(&["balance", "per currency", "by currency"]) || is_currency && !mode.says(&["1:1"]);
    let mut keys = keys(params, window.is_some(), by_currency)?;
    if incremental {
        keys = whole_row(&sides.headings[0]);
    }
    let names = params.words(&["name_mode", "name_match", "name_similarity", "name_matching"]);
    let is_worded = ["token", "jaccard", "word", "similar"].iter().any(|word| names.contains(word));
    if !(is_worded || ["", "none", "off", "false", "ignore"].contains(&names.as_str())) {
        return Err(not_understood("name_mode", &names.into()));
    }
    let by_name = is_worded || mode.says(&["name token", "names token", "name similar"]);
    if by_name && !keys.iter().any(|key| key.is_worded) {
        keys.push(Key::new("name words", "name", "name", "normal = [\"words\"]\n".to_owned()));
    }
    let tolerance = tolerance(params, scale)?;
    Tier::new(params, mode, keys, tolerance, window, one_fault)
}

/// A key as it is called in the rules: two of one name that differ have two names.
fn known(all: &mut Vec<Key>, key: Key) -> Key {
    if all.contains(&key) {
        return key;
    }
    let mut key = key;
    let name = key.name.clone();
    for number in 2.. {
        if all.contains(&key) {
            return key;
        }
        if all.iter().all(|other| other.name != key.name) {
            break;
        }
        key.name = format!("{name} {number}");
    }
    all.push(key.clone());
    key
}

fn head(params: &Params, tier: &Tier, is_one: bool, out: &mut String) -> Result<(), String> {
    if let Some(scale) = params.number(&["scale", "decimals", "minor_units"])? {
        writeln!(out, "scale = {scale}").unwrap();
    }
    if is_one {
        [&tier.tolerance, &tier.window].into_iter().flatten().for_each(|line| writeln!(out, "{line}").unwrap());
    }
    let holidays = params.first(&["holidays", "calendar_holidays"]);
    let holidays = if holidays.is_null() { &params.get("calendar")["holidays"] } else { holidays };
    if let Some(days) = holidays.as_array() {
        writeln!(out, "calendar = {{ holidays = {} }}", Value::Array(days.clone())).unwrap();
    }
    let policies: [(&str, &[&str]); 6] = [
        ("error", &["error", "refuse", "reject"]),
        ("keep_first", &["first", "oldest", "earliest"]),
        ("keep_last", &["last", "latest", "newest"]),
        ("set_aside", &["aside", "exclude", "remove"]),
        ("tell", &["report", "tell", "annotat", "flag", "warn"]),
        ("pair", &["pair", "allow", "keep", "match"]),
    ];
    let names = ["duplicates", "duplicate_policy", "on_duplicate", "duplicate_keys"];
    if let Some(policy) = params.choice(&names, &policies)? {
        writeln!(out, "duplicates = {policy:?}").unwrap();
    }
    let zeros = params.flag(&["zeros_are_settled", "ignore_zero", "ignore_zeros"])?;
    if tier.mode.says(&["balance"]) || zeros == Some(true) {
        out.push_str("zeros_are_settled = true\n");
    }
    Ok(())
}

/// Allocations, overrides, pairs that never match.
fn decisions(params: &Params, out: &mut String) {
    for (right, amount) in params.get("allocation").as_object().into_iter().flatten() {
        writeln!(out, "[[decision]]\nkind = \"allocate\"\nright = [{right:?}]\namount = {:?}", text(amount)).unwrap();
    }
    let lists = [
        ("allocate", "allocation"),
        ("match", "overrides"),
        ("match", "decisions"),
        ("match", "manual_matches"),
        ("match", "manual"),
    ];
    let never = ["never_match", "never", "rejected"].map(|name| ("never", name));
    for (kind, name) in lists.into_iter().chain(never) {
        for one in params.get(name).as_array().into_iter().flatten() {
            let (left, right) = if one.is_array() { (&one[0], &one[1]) } else { (&one["left"], &one["right"]) };
            let ids = |side: &Value| if side.is_array() || side.is_null() { side.clone() } else { json!([side]) };
            let kind = one["kind"].as_str().unwrap_or(kind);
            writeln!(out, "[[decision]]\nkind = {kind:?}").unwrap();
            for (side, ids) in [("left", ids(left)), ("right", ids(right))].iter().filter(|(_, ids)| ids.is_array()) {
                writeln!(out, "{side} = {ids}").unwrap();
            }
            for name in ["amount", "until"].into_iter().filter(|name| !one[*name].is_null()) {
                writeln!(out, "{name} = {:?}", text(&one[name])).unwrap();
            }
        }
    }
}
