//! Numbers and limits out of the words of a case: `"0 to 5 business days from left"`, `"3 of smaller side, max 100"`.

use serde_json::Value;

use super::params::{Params, not_understood};

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

fn whole_numbers(text: &str) -> Vec<i64> {
    numbers(text).iter().filter_map(|n| n.split('.').next()?.parse().ok()).collect()
}

/// A whole number, as one or as text.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().trim_start_matches('+').parse().ok())
}

/// Before and after; negative before = the range begins later.
type Range = (i64, i64);

fn range(window: &Value) -> Option<Range> {
    if let Some(size) = window.as_i64() {
        return Some((size, size));
    }
    if let Some([from, to]) = window.as_array().map(Vec::as_slice) {
        return Some((-whole(from)?, whole(to)?));
    }
    if let Some(map) = window.as_object() {
        let known = ["before", "after", "from", "start", "min", "low", "to", "end", "max", "high", "days", "hours"];
        let more = ["minutes", "seconds", "anchor", "unit", "calendar"];
        if map.keys().any(|name| !known.contains(&name.as_str()) && !more.contains(&name.as_str())) {
            return None;
        }
        let size = |names: &[&str]| names.iter().find_map(|name| map.get(*name)).and_then(whole);
        let sizes = (size(&["before"]).map(i64::abs), size(&["after"]).map(i64::abs));
        let ends = (size(&["from", "start", "min", "low"]).map(|d| -d), size(&["to", "end", "max", "high"]));
        let both = size(&["days", "hours", "minutes", "seconds"]);
        let or = |a: Option<i64>, b: Option<i64>| a.or(b).or(both).unwrap_or(0);
        return Some((or(sizes.0, ends.0), or(sizes.1, ends.1)));
    }
    let words = window.as_str()?.to_lowercase();
    match whole_numbers(&words).as_slice() {
        [from, to, ..] if words.contains("before") && words.contains("after") => Some((from.abs(), to.abs())),
        [from, to, ..] => Some((-from, *to)),
        [one] if words.contains("after") || words.contains("later") => Some((0, one.abs())),
        [one] if words.contains("before") || words.contains("earlier") => Some((one.abs(), 0)),
        [one] => Some((one.abs(), one.abs())),
        [] => None,
    }
}

/// Names of a window by what it is counted in.
const DAYS: &[&str] = &[
    "date_window_days",
    "date_window",
    "window_days",
    "date_window_business_days",
    "date_tolerance_days",
    "date_tolerance",
    "max_days_apart",
    "date_proximity_days",
    "window",
];
const LAGS: &[&str] = &["date_lag_days", "date_lag", "lag_days"];
const HOURS: &[&str] = &["date_window_hours", "time_window_hours", "window_hours", "time_tolerance_hours", "max_hours"];
const MINUTES: &[&str] = &["date_window_minutes", "time_window_minutes", "window_minutes", "time_tolerance_minutes"];
const SECONDS: &[&str] = &[
    "date_window_seconds",
    "time_window_seconds",
    "window_seconds",
    "time_tolerance_seconds",
    "time_window",
    "date_drift_seconds",
    "allowable_drift_seconds",
    "drift_seconds",
];
const LOWS: &[&str] =
    &["date_low", "date_from", "date_min", "date_start", "date_window_low", "date_window_start", "min_days"];
const HIGHS: &[&str] =
    &["date_high", "date_to", "date_max", "date_end", "date_window_high", "date_window_end", "max_days"];
const ANCHORS: &[&str] = &["date_anchor", "date_window_anchor", "window_anchor", "anchor", "anchor_side"];

/// The window of a case in TOML; `None` where dates do not matter. `has_times`: dates of the case have times of day.
pub fn window(params: &Params, has_times: bool) -> Result<Option<String>, String> {
    let windows = [(DAYS, "days"), (LAGS, "lag"), (HOURS, "hours"), (MINUTES, "minutes"), (SECONDS, "seconds")];
    let (mut window, mut unit, mut name) = (&Value::Null, "days", "date_window_days");
    for (names, of) in windows {
        let found = params.first(names);
        if !found.is_null() {
            (window, unit, name) = (found, of, names[0]);
        }
    }
    let (low, high) = (params.first(LOWS), params.first(HIGHS));
    let anchor = format!("{} {}", params.words(ANCHORS), text(&window["anchor"]).to_lowercase()).trim().to_owned();
    let direction = params.words(&["date_direction", "date_lag_direction", "lag_direction", "direction"]);
    let inclusive = params.flag(&["inclusive", "date_inclusive"])?;
    let calendar = params.words(&["calendar", "date_unit", "window_unit", "day_type", "date_calendar"]);
    let business = params.flag(&["business_days", "working_days", "date_business_days"])?;
    let said = format!("{} {direction} {calendar}", text(window)).to_lowercase();
    let edges = if low.is_null() && high.is_null() {
        if window.is_null() {
            return Ok(None);
        }
        range(window).ok_or_else(|| not_understood(name, window))?
    } else if window.is_null() {
        let edge = |value: &Value, name: &str| match value {
            Value::Null => Ok(0),
            value => whole(value).ok_or_else(|| not_understood(name, value)),
        };
        (-edge(low, LOWS[0])?, edge(high, HIGHS[0])?)
    } else {
        return Err(format!("{name} and {} both", LOWS[0]));
    };
    let (mut before, mut after) = edges;
    let (is_lag, mut at_least) = (unit == "lag" || !direction.is_empty(), 0);
    if inclusive == Some(false) {
        (before, after) = (before - 1, after - 1);
    }
    if said.contains("right_before_left") || said.contains("right before left") {
        (before, after) = (after, before);
    } else if (is_lag || said.contains("abs") || said.contains("either")) && before < 0 && !said.contains("left") {
        (at_least, before) = (-before, after);
    }
    let rights = ["right", "target", "sub", "internal"];
    let in_words = ["anchor right", "from right", "of right", "of the right", "from the right", "right side"];
    let is_right = rights.iter().any(|w| anchor.contains(w)) || in_words.iter().any(|w| said.contains(w));
    if !anchor.is_empty() && !is_right && !["left", "source", "base", "bank"].iter().any(|w| anchor.contains(w)) {
        return Err(not_understood(ANCHORS[0], &anchor.into()));
    }
    let working = business == Some(true)
        || !params.get("date_window_business_days").is_null()
        || ["business", "working"].iter().any(|word| said.contains(word));
    let of_words = ["hour", "minute", "second"].iter().find(|word| said.contains(**word));
    let unit = match (unit, of_words) {
        (_, Some(word)) => format!("{word}s"),
        ("days" | "lag", None) if working => "working_days".to_owned(),
        ("days" | "lag", None) => "days".to_owned(),
        (unit, None) => unit.to_owned(),
    };
    // Where no row has a time of day, hours are whole days.
    let a_day = match unit.as_str() {
        "hours" => 24,
        "minutes" => 1_440,
        "seconds" => 86_400,
        _ => 1,
    };
    let (unit, a_day) =
        if has_times { (unit.as_str(), 1) } else { (if a_day > 1 { "days" } else { unit.as_str() }, a_day) };
    let whole_days = |edge: i64| if edge < 0 { -(-edge).div_euclid(a_day) } else { edge.div_euclid(a_day) };
    let (before, after, anchor) = (whole_days(before), whole_days(after), if is_right { "right" } else { "left" });
    Ok(Some(format!(
        "window = {{ before = {before}, after = {after}, at_least = {at_least}, anchor = {anchor:?}, unit = {unit:?} }}"
    )))
}

/// Names of an absolute tolerance.
const AMOUNTS: &[&str] = &[
    "amount_tolerance",
    "amount_tolerance_abs",
    "abs_amount_tolerance",
    "amount_tolerance_absolute",
    "write_off_limit",
    "writeoff_limit",
    "write_off",
    "payment_tolerance",
    "fee_tolerance",
    "atm_fee",
    "max_fee",
    "max_difference",
    "tolerance",
];
const PERCENTS: &[&str] = &[
    "amount_tolerance_pct",
    "amount_tolerance_percent",
    "amount_tolerance_percentage",
    "percent_tolerance",
    "pct_tolerance",
    "tolerance_pct",
    "tolerance_percent",
    "payment_tolerance_pct",
    "drift_pct",
    "max_fee_pct",
];
const CAPS: &[&str] = &["amount_tolerance_cap", "amount_cap", "tolerance_cap", "amount_tolerance_max", "pct_cap"];
const SIDES: &[&str] = &[
    "amount_tolerance_side",
    "payment_tolerance_side",
    "tolerance_side",
    "amount_tolerance_direction",
    "tolerance_direction",
    "amount_direction",
];

/// Which side may be the larger one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Larger {
    Left,
    Right,
    Either,
}

const LARGER: &[(Larger, &[&str])] = &[
    (Larger::Left, &["underpay", "left larger", "left may", "only left", "left only", "right smaller", "right below"]),
    (
        Larger::Right,
        &["overpay", "right larger", "right may", "only right", "right only", "left smaller", "left below"],
    ),
    (Larger::Left, &["below", "short", "under"]),
    (Larger::Right, &["above", "over"]),
    (Larger::Either, &["both", "either", "abs", "symmetric"]),
];

/// The tolerance of a case in TOML; `None` where there is none.
pub fn tolerance(params: &Params, scale: u64) -> Result<Option<String>, String> {
    let mut parts = Vec::new();
    let (amount, cap) = (params.first(AMOUNTS), params.first(CAPS));
    let minor = params.number(&["amount_tolerance_minor", "amount_tolerance_cents"])?;
    let percent = params.words(PERCENTS).replace('_', " ");
    let (low, high) = (
        params.first(&["amount_tolerance_low", "amount_low", "amount_tolerance_below", "tolerance_low"]),
        params.first(&["amount_tolerance_high", "amount_high", "amount_tolerance_above", "tolerance_high"]),
    );
    let said = format!("{} {percent}", text(amount).to_lowercase());
    let in_words = LARGER[..2].iter().find(|(_, words)| words.iter().any(|word| said.contains(word)));
    let larger = params.choice(SIDES, LARGER)?.or(in_words.map(|(larger, _)| *larger)).unwrap_or(Larger::Either);
    let one_way = |below: &str, above: &str, limit: &str| match larger {
        Larger::Left => format!("{below} = {limit:?}, {above} = \"0\""),
        Larger::Right => format!("{below} = \"0\", {above} = {limit:?}"),
        Larger::Either => format!("{above} = {limit:?}"),
    };
    let limits = limits(amount);
    if limits.is_empty() && !amount.is_null() {
        return Err(not_understood(AMOUNTS[0], amount));
    }
    match limits.as_slice() {
        [below, above] => parts.push(format!("below = {below:?}, amount = {above:?}")),
        [one] => parts.push(one_way("below", "amount", one)),
        _ => {}
    }
    if !low.is_null() || !high.is_null() {
        let limit = |value: &Value| {
            numbers(&text(value)).first().map_or("0".to_owned(), |n| n.trim_start_matches('-').to_owned())
        };
        parts.push(format!("below = {:?}, amount = {:?}", limit(low), limit(high)));
    }
    if let Some(minor) = minor {
        let factor = 10_u64.pow(scale as u32);
        parts.push(one_way(
            "below",
            "amount",
            &format!("{}.{:0width$}", minor / factor, minor % factor, width = scale as usize),
        ));
    }
    let (share, rest) = percent.split_once(',').unwrap_or((&percent, ""));
    if let Some(number) = numbers(share).first() {
        let given =
            params.words(&["amount_tolerance_base", "percentage_base", "pct_base", "tolerance_base", "percent_of"]);
        let base = base(&format!("{share} {given}"));
        parts.push(format!("{}, of = {base:?}", one_way("percent_below", "percent", &format!("{number}%"))));
        let said = numbers(rest).into_iter().next();
        if let Some(cap) = numbers(&text(cap)).into_iter().next().or(said) {
            parts.push(one_way("below", "amount", &cap));
        }
    } else if !percent.is_empty() {
        return Err(not_understood(PERCENTS[0], &percent.into()));
    } else if let Some(cap) = numbers(&text(cap)).first() {
        parts.push(format!("amount = {cap:?}"));
    }
    let combine = [
        (true, &["max", "or", "larger", "either", "any", "greater"][..]),
        (false, &["min", "and", "smaller", "both", "lesser", "all"]),
    ];
    if params.choice(&["tolerance_combine", "combine", "tolerance_mode"], &combine)? == Some(true) {
        parts.push("larger = true".to_owned());
    }
    Ok((!parts.is_empty()).then(|| format!("tolerance = {{ {} }}", parts.join(", "))))
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
        ("smaller", &["small", "min", "lower", "lesser"]),
        ("larger", &["of the larg", "of larg", "max", "higher", "greater", "bigger"]),
        ("average", &["average", "avg", "mean"]),
        ("right", &["of right", "of the right", "target", "sub", "internal", " right"]),
    ];
    let words = words.replace("% of", "of");
    let found = bases.iter().find(|(_, words_of)| words_of.iter().any(|w| words.contains(w)));
    match found {
        Some((base, _)) => base,
        None if words.contains(" larger") && !words.contains("left") => "larger",
        None => "left",
    }
}

/// How copies and other ties are treated.
pub fn ties(params: &Params) -> Result<Option<&'static str>, String> {
    let words: [(&str, &[&str]); 3] = [
        ("leave", &["leave", "left open", "open", "unmatched", "refuse", "skip"]),
        (
            "flag",
            &["flag", "lowest", "first", "suggest", "confirm", "earliest", "oldest", "order", "by date", "id", "warn"],
        ),
        ("leave", &["ambiguous", "none"]),
    ];
    let names = [
        "tie",
        "ties",
        "tie_break",
        "tie_breaker",
        "on_tie",
        "ambiguous",
        "ambiguity",
        "on_ambiguous",
        "ambiguity_policy",
    ];
    params.choice(&names, &words)
}
