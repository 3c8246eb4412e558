//! Numbers and limits out of the words of a case: `"0 to 5 business days from left"`, `"3 of smaller side, max 100"`.

use serde_json::Value;

/// The first of these params that is there.
pub fn first<'v>(params: &'v Value, names: &[&str]) -> &'v Value {
    names.iter().map(|name| &params[*name]).find(|value| !value.is_null()).unwrap_or(&Value::Null)
}

/// A text or a number as text; of anything else its JSON.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// All numbers of a text, with their signs; a dash behind a digit is no sign.
pub fn numbers(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in text.chars() {
        let goes_on = last.is_ascii_digit() || "+-.".contains(last);
        match c {
            '0'..='9' if goes_on && !found.is_empty() => found.last_mut().unwrap().push(c),
            '0'..='9' => found.push(c.to_string()),
            '.' if last.is_ascii_digit() => found.last_mut().unwrap().push(c),
            '-' | '+' | '−' if !last.is_ascii_digit() => {
                found.push(if c == '+' { String::new() } else { "-".to_owned() })
            }
            _ => {}
        }
        // `1..3` is two numbers: the second dot ends the first.
        last = if c == '.' && last == '.' {
            ' '
        } else if c == '−' {
            '-'
        } else {
            c
        };
    }
    let whole = |n: &String| n.trim_end_matches('.').to_owned();
    found.iter().map(whole).filter(|n| n.chars().any(|c| c.is_ascii_digit())).collect()
}

fn days(text: &str) -> Vec<i64> {
    numbers(text).iter().filter_map(|n| n.split('.').next()?.parse().ok()).collect()
}

/// `[[before, after], …]` in days; negative before = the range begins later.
fn range(window: &Value) -> Option<(i64, i64)> {
    if let Some(days) = window.as_i64() {
        return Some((days, days));
    }
    if let Some([from, to]) = window.as_array().map(Vec::as_slice) {
        return Some((-from.as_i64()?, to.as_i64()?));
    }
    if let Some(map) = window.as_object() {
        let day = |names: &[&str]| names.iter().find_map(|name| map.get(*name)).and_then(Value::as_i64);
        let sizes = (day(&["before"]).map(i64::abs), day(&["after"]).map(i64::abs));
        let ends = (day(&["from", "start", "min"]).map(|d| -d), day(&["to", "end", "max"]));
        let days = day(&["days"]);
        let or = |a: Option<i64>, b: Option<i64>| a.or(b).or(days).unwrap_or(0);
        return Some((or(sizes.0, ends.0), or(sizes.1, ends.1)));
    }
    let words = window.as_str()?.to_lowercase();
    match days(&words).as_slice() {
        [from, to, ..] if words.contains("before") && words.contains("after") => Some((from.abs(), to.abs())),
        [from, to, ..] => Some((-from, *to)),
        [one] if words.contains("after") || words.contains("later") => Some((0, one.abs())),
        [one] if words.contains("before") || words.contains("earlier") => Some((one.abs(), 0)),
        [one] => Some((one.abs(), one.abs())),
        [] => None,
    }
}

/// The window of a case in TOML; `None` where dates do not matter.
pub fn window(params: &Value) -> Option<String> {
    let names = ["date_window_days", "date_window", "window_days", "date_window_business_days", "date_tolerance_days"];
    let window = first(params, &names);
    let lag = first(params, &["date_lag_days", "date_lag", "lag_days"]);
    let (window, is_lag) = if window.is_null() { (lag, true) } else { (window, false) };
    let (mut before, mut after) = range(window)?;
    let said = format!("{} {}", text(window), text(first(params, &["direction", "date_lag_direction"]))).to_lowercase();
    let mut at_least = 0;
    if params["inclusive"] == false {
        (before, after) = (before - 1, after - 1);
    }
    if said.contains("right_before_left") || said.contains("right before left") {
        (before, after) = (after, before);
    } else if (is_lag || said.contains("abs") || said.contains("either")) && before < 0 && !said.contains("left") {
        (at_least, before) = (-before, after);
    }
    let anchors = ["date_window_anchor", "date_anchor", "window_anchor", "anchor"];
    let anchor = format!("{} {}", text(first(params, &anchors)), said).to_lowercase();
    let right =
        ["anchor right", "from right", "of right", "of the right", "from the right", "right side", "target", "sub"];
    let is_right =
        text(first(params, &anchors)).to_lowercase().starts_with("right") || right.iter().any(|w| anchor.contains(w));
    let working = params["business_days"] == true
        || params["working_days"] == true
        || !params["date_window_business_days"].is_null()
        || [text(&params["calendar"]), said].iter().any(|w| w.contains("business") || w.contains("working"));
    let (anchor, unit) = (if is_right { "right" } else { "left" }, if working { "working_days" } else { "days" });
    Some(format!(
        "window = {{ before = {before}, after = {after}, at_least = {at_least}, anchor = {anchor:?}, unit = {unit:?} }}"
    ))
}

/// The tolerance of a case in TOML; `None` where there is none.
pub fn tolerance(params: &Value) -> Option<String> {
    let mut parts = Vec::new();
    let amount = first(
        params,
        &[
            "amount_tolerance",
            "write_off_limit",
            "writeoff_limit",
            "write_off",
            "payment_tolerance",
            "fee_tolerance",
            "atm_fee",
            "max_fee",
        ],
    );
    let cap = first(params, &["amount_cap", "tolerance_cap", "amount_tolerance_cap", "amount_tolerance_max"]);
    let one_way = ["amount_tolerance_side", "payment_tolerance_side", "tolerance_side", "amount_tolerance"]
        .iter()
        .any(|name| text(&params[*name]).to_lowercase().contains("underpay"));
    let limits = limits(amount);
    match limits.as_slice() {
        [below, above] => parts.push(format!("below = {below:?}, amount = {above:?}")),
        [one] if one_way => parts.push(format!("below = {one:?}, amount = \"0\"")),
        [one] => parts.push(format!("amount = {one:?}")),
        _ => {}
    }
    if let Some(cap) = numbers(&text(cap)).first() {
        parts.push(format!("amount = {cap:?}"));
    }
    let percent = text(first(
        params,
        &["amount_tolerance_pct", "amount_tolerance_percent", "payment_tolerance_pct", "drift_pct"],
    ));
    let (percent, rest) =
        percent.split_once(',').map_or((percent.clone(), String::new()), |(p, r)| (p.to_owned(), r.to_owned()));
    if let Some(number) = numbers(&percent).first() {
        parts.push(format!("percent = \"{number}%\", of = {:?}", base(&percent.to_lowercase())));
        if let Some(cap) = numbers(&rest).first() {
            parts.push(format!("amount = {cap:?}"));
        }
    }
    if ["max", "or", "larger", "either", "any"].contains(&text(&params["tolerance_combine"]).as_str()) {
        parts.push("larger = true".to_owned());
    }
    (!parts.is_empty()).then(|| format!("tolerance = {{ {} }}", parts.join(", ")))
}

/// One limit, or one below and one above: `"5"`, `[-1, 3]`, `{"below": "1", "above": "3"}`, `"-1..+3"`.
fn limits(amount: &Value) -> Vec<String> {
    let mut all = match amount {
        Value::Array(pair) => pair.iter().flat_map(|limit| numbers(&text(limit))).collect(),
        Value::Object(map) => {
            let limit =
                |names: &[&str]| names.iter().find_map(|name| map.get(*name)).map(text).unwrap_or("0".to_owned());
            vec![limit(&["below", "low", "lower", "from", "under"]), limit(&["above", "high", "upper", "to", "over"])]
        }
        other => numbers(&text(other)),
    };
    all.truncate(2);
    all.iter().map(|limit| limit.trim_start_matches('-').to_owned()).collect()
}

/// Of what a percentage is taken.
fn base(words: &str) -> &'static str {
    let bases: [(&str, &[&str]); 4] = [
        ("smaller", &["small", "min", "lower"]),
        ("larger", &["larg", "max", "higher", "greater", "bigger"]),
        ("average", &["average", "avg", "mean"]),
        ("right", &["right", "target", "sub", "internal"]),
    ];
    bases.iter().find(|(_, words_of)| words_of.iter().any(|w| words.contains(w))).map_or("left", |(base, _)| base)
}
