//! The words of a case's `params` as a rules spec.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

/// One key of a case: its name, the columns of both sides, how it is brought to one form.
struct Key {
    name: String,
    left: String,
    right: String,
    more: String,
}

/// The rules of a case, in TOML.
pub fn rules(folder: &Path, truth: &Value) -> String {
    let params = &truth["params"];
    let mode = params["mode"].as_str().unwrap_or("1:1").to_lowercase();
    let headings = std::fs::read_to_string(folder.join("left.csv")).unwrap_or_default();
    let headings: Vec<String> = headings
        .lines()
        .next()
        .unwrap_or_default()
        .trim_start_matches('\u{feff}')
        .split(',')
        .map(str::to_owned)
        .collect();
    let keys = keys(params, &mode, &headings);
    let mut text = String::from("id = \"case\"\nzh = \"用例\"\nen = \"case\"\n");
    if let Some(scale) = params["scale"].as_u64() {
        writeln!(text, "scale = {scale}").unwrap();
    }
    tolerance(params, &mut text);
    window(params, &mode, &mut text);
    if params["duplicates"] == "error" {
        text.push_str("duplicates = \"error\"\n");
    }
    if mode.contains("balance") {
        text.push_str("zeros_are_settled = true\n");
    }
    for side in ["left", "right"] {
        self::side(params, &mode, side, &keys, &headings, &mut text);
    }
    for key in &keys {
        let blank = if params["null_keys"] == "equal" { "blank_equals_blank = true\n" } else { "" };
        let Key { name, left, right, more } = key;
        writeln!(text, "[[key]]\nname = {name:?}\nleft = {left:?}\nright = {right:?}\n{more}{blank}").unwrap();
    }
    compares(params, &keys, &headings, &mut text);
    if let Some(values) = params["exclude_keys"].as_array() {
        writeln!(text, "[[exclude]]\nkey = {:?}\nvalues = {}", keys[0].name, Value::Array(values.clone())).unwrap();
    }
    for (right, amount) in params["allocation"].as_object().into_iter().flatten() {
        writeln!(text, "[[decision]]\nkind = \"allocate\"\nright = [{right:?}]\namount = {amount}").unwrap();
    }
    passes(params, &mode, &keys, &mut text);
    text
}

/// `reference`, `trade_id=id`, `name equal`, `reference digits (\d+)`, `reference normalised: casefold, alphanumerics only`.
fn keys(params: &Value, mode: &str, headings: &[String]) -> Vec<Key> {
    let mut keys = Vec::new();
    if mode.contains("incremental") {
        return headings.iter().map(|h| key(h, h, h, "blank_equals_blank = true\n")).collect();
    }
    for word in params["key"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let column = word.split([' ', '=']).next().unwrap_or(word);
        // A key of dates is a window of days, and every match is within one currency anyway.
        if column == "date" && !params["date_window_days"].is_null() {
            continue;
        }
        let mut more = String::new();
        if let Some(at) = word.find('(') {
            writeln!(more, "pattern = '{}'", &word[at..]).unwrap();
        } else if word.contains("normalised") {
            more.push_str("normal = [\"upper\", \"alphanumeric\"]\n");
        }
        match word.split_once('=') {
            Some((left, right)) => keys.push(key(left, left, right, &more)),
            None => keys.push(key(column, column, column, &more)),
        }
    }
    keys
}

fn key(name: &str, left: &str, right: &str, more: &str) -> Key {
    Key { name: name.to_owned(), left: left.to_owned(), right: right.to_owned(), more: more.to_owned() }
}

fn tolerance(params: &Value, text: &mut String) {
    let mut parts = Vec::new();
    if let Some(amount) = params["amount_tolerance"].as_str() {
        parts.push(format!("amount = {amount:?}"));
    }
    if let Some(percent) = params["amount_tolerance_pct"].as_str() {
        let of = ["smaller", "larger", "left", "right"].into_iter().find(|base| percent.contains(base));
        let number = percent.split([' ', '%']).next().unwrap_or_default();
        parts.push(format!("percent = \"{number}%\", of = {:?}", of.unwrap_or("left")));
    }
    if params["tolerance_combine"] == "max" {
        parts.push("larger = true".to_owned());
    }
    if !parts.is_empty() {
        writeln!(text, "tolerance = {{ {} }}", parts.join(", ")).unwrap();
    }
}

/// `date_window_days`: a number, or before and after; `date_anchor` and `business_days` where a case has them.
fn window(params: &Value, mode: &str, text: &mut String) {
    let window = &params["date_window_days"];
    if window.is_null() || mode.contains("incremental") {
        return;
    }
    let days = match (window.as_u64(), window.as_array(), window.as_object()) {
        (Some(days), ..) => format!("days = {days}"),
        (_, Some(pair), _) => {
            let day = |at: usize| pair.get(at).and_then(Value::as_i64).map_or(0, i64::abs);
            format!("before = {}, after = {}", day(0), day(1))
        }
        (.., Some(map)) => {
            let day = |name: &str| map.get(name).and_then(Value::as_i64).map_or(0, i64::abs);
            format!("before = {}, after = {}", day("before"), day("after"))
        }
        _ => return,
    };
    let anchor = ["date_anchor", "anchor"].iter().find_map(|name| params[*name].as_str()).unwrap_or("left");
    let anchor = if anchor.contains("right") || anchor.contains("target") { "right" } else { "left" };
    let working = params["business_days"] == true || params["calendar"].to_string().contains("business");
    let unit = if working { "working_days" } else { "days" };
    writeln!(text, "window = {{ {days}, anchor = {anchor:?}, unit = {unit:?} }}").unwrap();
    if let Some(holidays) = params["holidays"].as_array() {
        writeln!(text, "calendar = {{ holidays = {} }}", Value::Array(holidays.clone())).unwrap();
    }
}

fn side(params: &Value, mode: &str, side: &str, keys: &[Key], headings: &[String], text: &mut String) {
    let has = |name: &str| headings.iter().any(|h| h == name);
    let mapped = |name: &str| match (side, params["map"][name].as_str()) {
        ("right", Some(own)) => own.to_owned(),
        _ => name.to_owned(),
    };
    let id = match (has("id"), keys.first()) {
        (true, _) | (false, None) => "id".to_owned(),
        (false, Some(key)) => {
            if side == "left" {
                key.left.clone()
            } else {
                key.right.clone()
            }
        }
    };
    writeln!(text, "[{side}]\nid = [{id:?}]\namount = {:?}", mapped("amount")).unwrap();
    for name in ["date", "currency"] {
        if has(name) {
            writeln!(text, "{name} = {:?}", mapped(name)).unwrap();
        }
    }
    if side == "right" && mode.contains("= 0") {
        text.push_str("negate = true\n");
    }
    for name in ["filter".to_owned(), format!("filter_{side}")] {
        // `drop rows where name = CANCELLED`
        if let Some((column, word)) =
            params[&name].as_str().and_then(|f| f.strip_prefix("drop rows where ")).and_then(|f| f.split_once(" = "))
        {
            writeln!(text, "drop = [{{ column = {column:?}, is = [{word:?}] }}]").unwrap();
        }
    }
}

/// What is told where it differs: the columns that a case compares, and every text column that is no key.
fn compares(params: &Value, keys: &[Key], headings: &[String], text: &mut String) {
    let special = ["id", "date", "amount", "currency"];
    let words = params["compare"].to_string().to_lowercase();
    for heading in headings.iter().filter(|h| !special.contains(&h.as_str()) && !keys.iter().any(|k| k.left == **h)) {
        let right = params["map"][heading].as_str().unwrap_or(heading);
        let blanks = if words.contains("null=blank") { "blanks = [\"NULL\"]\n" } else { "" };
        let case = "normal = [\"upper\"]\n";
        writeln!(text, "[[compare]]\nname = {heading:?}\nleft = {heading:?}\nright = {right:?}\n{case}{blanks}")
            .unwrap();
    }
}

fn passes(params: &Value, mode: &str, keys: &[Key], text: &mut String) {
    let limits = |text: &mut String| {
        for (name, own) in [("max_subset_size", "max_size"), ("max_group_size", "max_rows")] {
            if let Some(number) = params[name].as_u64() {
                writeln!(text, "{own} = {number}").unwrap();
            }
        }
    };
    let mut pass = |kind: &str, more: &str| writeln!(text, "[[pass]]\nkind = {kind:?}\n{more}").unwrap();
    if mode.contains("allocation given") {
        pass("decisions", "");
        return;
    }
    if mode.contains("revers") || params["reversals"] == true {
        pass("reversals", "");
    }
    if mode.contains("partial") || mode.contains("allocat") || mode.contains("fifo") {
        pass("one_to_one", "exact = true");
        pass("allocate", "");
        return;
    }
    let all = if mode.contains("per currency, all or nothing") { "all_currencies = true" } else { "" };
    let split = mode.contains("split") || mode.contains("subset");
    if mode.contains("1:1") || split || mode.contains("balance") || mode.contains("incremental") {
        pass("one_to_one", "ties = \"flag\"");
    }
    if mode.contains("n:m")
        || (mode.contains("1:n") && !split)
        || mode.contains("group")
        || params["whole_group_first"] == true
    {
        pass("groups", all);
    }
    if mode.contains("pool") || params["balanced_pool_first"] == true {
        pass("pools", "");
    }
    if split {
        let mut more = String::new();
        limits(&mut more);
        pass("subsets", &more);
    } else if !keys.is_empty() && !mode.contains("incremental") {
        pass("differences", all);
    }
}
