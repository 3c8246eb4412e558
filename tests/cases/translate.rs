//! The words of a case's `params` as a rules spec.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::keys::{Key, keys, whole_row};
use super::words::{first, text, tolerance, window};

/// Systems that leave a pair open of which both the amount and the date differ; the others tell it.
const ONE_FAULT: [&str; 1] = ["reconify"];

/// Columns of a case that does not say others.
const COLUMNS: [&str; 6] = ["id", "date", "amount", "currency", "reference", "name"];

/// What the words of a case's mode ask for, in one spelling.
struct Mode(String);

impl Mode {
    fn of(params: &Value) -> Mode {
        let mut mode = match &params["mode"] {
            Value::Array(list) => list.iter().map(text).collect::<Vec<_>>().join(" then "),
            other => text(other),
        };
        mode = mode.to_lowercase().replace(['_', '-'], " ");
        for (long, short) in [
            ("one to one", "1:1"),
            ("one to many", "1:n"),
            ("many to one", "n:1"),
            ("many to many", "n:m"),
            ("1 to 1", "1:1"),
            ("1 to many", "1:n"),
            ("many to 1", "n:1"),
            ("1 to n", "1:n"),
            ("n to 1", "n:1"),
            ("n to m", "n:m"),
            ("m:n", "n:m"),
            ("n:n", "n:m"),
            ("1:many", "1:n"),
            ("1:m", "1:n"),
        ] {
            mode = mode.replace(long, short);
        }
        Mode(mode)
    }

    fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.0.contains(word))
    }
}

/// A case on its way into rules.
struct Case<'v> {
    params: &'v Value,
    mode: Mode,
    keys: Vec<Key>,
    headings: [Vec<String>; 2],
    one_fault: bool,
}

/// The rules of a case, in TOML.
pub fn rules(folder: &Path, truth: &Value) -> String {
    let params = &truth["params"];
    let mode = Mode::of(params);
    let headings = ["left", "right"].map(|side| headings(folder, side, params));
    let incremental = mode.says(&["incremental"]);
    let window = window(params).filter(|_| !incremental);
    let by_currency = mode.says(&["balance", "per currency", "by currency"])
        || params["key"] == serde_json::json!(["currency"]) && !mode.says(&["1:1"]);
    let mut keys = if incremental { whole_row(&headings[0]) } else { keys(params, window.is_some(), by_currency) };
    let by_name = mode.says(&["name token", "names token", "name similar"]) || params["name_mode"] == "tokens";
    if by_name && !keys.iter().any(|key| key.is_worded) {
        keys.push(Key::new("name words", "name", "name", "normal = [\"words\"]\n".to_owned()));
    }
    let one_fault =
        ONE_FAULT.contains(&truth["system"].as_str().unwrap_or_default()) || params["both_differ"] == "open";
    let case = Case { params, mode, keys, headings, one_fault };
    let mut out = String::from("id = \"case\"\nzh = \"用例\"\nen = \"case\"\n");
    case.head(window, &mut out);
    for side in [0, 1] {
        case.side(side, &mut out);
    }
    case.keys.iter().for_each(|key| key.write(&mut out));
    case.compares(&mut out);
    case.decisions(&mut out);
    case.passes(&mut out);
    out
}

/// The heading row of a side: the first row that names the amount.
fn headings(folder: &Path, side: &str, params: &Value) -> Vec<String> {
    let bytes = std::fs::read(folder.join(format!("{side}.csv"))).unwrap_or_default();
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(&bytes).0.into_owned(),
    };
    let amount = mapped(params, side, "amount");
    let split = |line: &str| -> Vec<String> {
        let line = line.trim_start_matches('\u{feff}').trim_end();
        line.split([',', ';', '\t']).map(|h| h.trim().trim_matches('"').to_owned()).collect()
    };
    let found = text.lines().map(split).find(|row| row.iter().any(|h| h.eq_ignore_ascii_case(&amount)));
    found.unwrap_or_else(|| COLUMNS.map(str::to_owned).to_vec())
}

/// A side's own name of a column.
fn mapped(params: &Value, side: &str, name: &str) -> String {
    let own = format!("map_{side}");
    let maps = [&params[own.as_str()], &params["columns"][side], &params["map"][side]];
    let both = if side == "right" { &params["map"][name] } else { &Value::Null };
    let found = maps.iter().find_map(|map| map[name].as_str()).or(both.as_str()).or(params["columns"][name].as_str());
    found.unwrap_or(name).to_owned()
}

impl Case<'_> {
    fn head(&self, window: Option<String>, out: &mut String) {
        let params = self.params;
        if let Some(scale) = params["scale"].as_u64() {
            writeln!(out, "scale = {scale}").unwrap();
        }
        let lines = [tolerance(params), window];
        lines.iter().flatten().for_each(|line| writeln!(out, "{line}").unwrap());
        let holidays = first(params, &["holidays", "calendar_holidays"]);
        let holidays = if holidays.is_null() { &params["calendar"]["holidays"] } else { holidays };
        if let Some(days) = holidays.as_array() {
            writeln!(out, "calendar = {{ holidays = {} }}", Value::Array(days.clone())).unwrap();
        }
        let said = text(&params["duplicates"]).to_lowercase();
        let policies: [(&str, &[&str]); 5] = [
            ("error", &["error", "refuse"]),
            ("keep_first", &["first"]),
            ("keep_last", &["last", "latest", "newest"]),
            ("set_aside", &["aside", "exclude"]),
            ("tell", &["report", "tell", "annotat", "flag"]),
        ];
        if let Some((policy, _)) = policies.iter().find(|(_, words)| words.iter().any(|w| said.contains(w))) {
            writeln!(out, "duplicates = {policy:?}").unwrap();
        }
        if self.mode.says(&["balance"]) || params["zeros_are_settled"] == true || params["ignore_zero"] == true {
            out.push_str("zeros_are_settled = true\n");
        }
    }

    fn side(&self, at: usize, out: &mut String) {
        let (params, side) = (self.params, ["left", "right"][at]);
        let has = |name: &str| self.headings[at].iter().any(|h| h == name);
        let id = mapped(params, side, "id");
        let id = match (has(&id), self.keys.first()) {
            (true, _) | (false, None) => id,
            (false, Some(key)) => {
                if at == 0 {
                    key.left.clone()
                } else {
                    key.right.clone()
                }
            }
        };
        writeln!(out, "[{side}]\nid = [{id:?}]\namount = {:?}", mapped(params, side, "amount")).unwrap();
        for name in ["date", "currency"] {
            let own = mapped(params, side, name);
            let counts =
                name == "date" || !["ignore", "any", "not"].iter().any(|w| text(&params["currency"]).starts_with(w));
            if has(&own) && counts {
                writeln!(out, "{name} = {own:?}").unwrap();
            }
        }
        let sign = ["sign", "right_sign", "sign_convention"].map(|name| text(&params[name]).to_lowercase()).join(" ");
        let opposite = self.mode.says(&["= 0"]) || ["opposite", "negat", "inverse"].iter().any(|w| sign.contains(w));
        if params[format!("negate_{side}").as_str()] == true || (at == 1 && opposite && params["negate_left"] != true) {
            out.push_str("negate = true\n");
        }
        if params["signed"] == false || ["absolute", "ignore"].iter().any(|w| sign.contains(w)) {
            out.push_str("absolute = true\n");
        }
        self.filters(side, out);
    }

    /// `drop rows where name = CANCELLED`, `keep rows where name != X`, and ids that are left out.
    fn filters(&self, side: &str, out: &mut String) {
        let (mut keep, mut drop) = (Vec::new(), Vec::new());
        for name in ["filter".to_owned(), format!("filter_{side}")] {
            let said = text(&self.params[&name]);
            let Some((verb, test)) = said.split_once(" where ") else { continue };
            let parts =
                ["!=", " not in ", "=", " in "].into_iter().find_map(|sign| Some((sign, test.split_once(sign)?)));
            let Some((sign, (column, words))) = parts else { continue };
            let words: Vec<&str> = words.split(',').map(|w| w.trim().trim_matches(['[', ']', '"', '\''])).collect();
            let test = if sign.contains('!') || sign.contains("not") { "is_not" } else { "is" };
            let list = if verb.contains("keep") || verb.contains("only") { &mut keep } else { &mut drop };
            list.push(format!("{{ column = {:?}, {test} = {words:?} }}", column.trim()));
        }
        let ids = first(self.params, &["exclude_ids", "excluded_ids"]);
        if ids.is_array() {
            drop.push(format!("{{ column = {:?}, is = {ids} }}", mapped(self.params, side, "id")));
        }
        for (name, list) in [("keep", keep), ("drop", drop)] {
            if !list.is_empty() {
                writeln!(out, "{name} = [{}]", list.join(", ")).unwrap();
            }
        }
    }

    /// What is told where it differs: every text column that is no key.
    fn compares(&self, out: &mut String) {
        let special = ["id", "date", "amount", "currency"].map(|name| mapped(self.params, "left", name));
        let words = self.params["compare"].to_string().to_lowercase();
        let blanks = if words.contains("null=blank") { "blanks = [\"NULL\"]\n" } else { "" };
        for heading in &self.headings[0] {
            let right = mapped(self.params, "right", heading);
            let is_free = !special.contains(heading) && !self.keys.iter().any(|k| k.left == *heading);
            if is_free && !heading.is_empty() && self.headings[1].contains(&right) {
                let case = "normal = [\"upper\"]\n";
                writeln!(out, "[[compare]]\nname = {heading:?}\nleft = {heading:?}\nright = {right:?}\n{case}{blanks}")
                    .unwrap();
            }
        }
        if let (Some(values), Some(key)) = (self.params["exclude_keys"].as_array(), self.keys.first()) {
            writeln!(out, "[[exclude]]\nkey = {:?}\nvalues = {}", key.name, Value::Array(values.clone())).unwrap();
        }
    }

    /// Allocations, overrides, pairs that never match.
    fn decisions(&self, out: &mut String) {
        for (right, amount) in self.params["allocation"].as_object().into_iter().flatten() {
            writeln!(out, "[[decision]]\nkind = \"allocate\"\nright = [{right:?}]\namount = {:?}", text(amount))
                .unwrap();
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
            for one in self.params[name].as_array().into_iter().flatten() {
                let (left, right) = if one.is_array() { (&one[0], &one[1]) } else { (&one["left"], &one["right"]) };
                let ids = |side: &Value| {
                    if side.is_array() || side.is_null() { side.clone() } else { serde_json::json!([side]) }
                };
                let kind = one["kind"].as_str().unwrap_or(kind);
                writeln!(out, "[[decision]]\nkind = {kind:?}").unwrap();
                for (side, ids) in [("left", ids(left)), ("right", ids(right))].iter().filter(|(_, ids)| ids.is_array())
                {
                    writeln!(out, "{side} = {ids}").unwrap();
                }
                for (name, own) in [("amount", "amount"), ("until", "until")] {
                    if !one[name].is_null() {
                        writeln!(out, "{own} = {:?}", text(&one[name])).unwrap();
                    }
                }
            }
        }
    }

    fn passes(&self, out: &mut String) {
        let mode = &self.mode;
        let mut pass = |kind: &str, more: &str| writeln!(out, "[[pass]]\nkind = {kind:?}\n{more}").unwrap();
        pass("decisions", "");
        if mode.says(&["allocation given"]) {
            return;
        }
        if mode.says(&["revers", "netting", "within one side", "one sided", "clearing", "offset"])
            || self.params["reversals"] == true
        {
            pass("reversals", "whole = true");
        }
        if mode.says(&["partial", "allocat", "fifo", "greedy", "covered", "oldest first"]) {
            let strict =
                mode.says(&["strict", "no partial", "all or nothing"]) || self.params["allow_partial"] == false;
            pass("one_to_one", "exact = true");
            pass("allocate", if strict { "whole = true" } else { "" });
            return;
        }
        let whole = mode.says(&["whole"]) || self.params["whole_group_first"] == true;
        let subset = mode.says(&["split", "subset"]);
        let group = whole
            || mode.says(&["group", "clearing"])
            || (mode.says(&["1:n", "n:1", "n:m"]) && !subset)
            || mode.says(&["by key"]) && subset;
        let single = mode.says(&["1:1", "balance", "incremental", "split", "exact", "keyed"])
            || mode.0.is_empty()
            || !(subset || group || mode.says(&["pool", "revers", "netting"]));
        let leave = mode.says(&["no ambiguous"])
            || ["leave", "open", "unmatched"].contains(&text(first(self.params, &["ambiguous", "ties"])).as_str());
        let ties = if leave { "ties = \"leave\"" } else { "ties = \"flag\"" };
        let all = if mode.says(&["per currency, all or nothing"]) { "all_currencies = true" } else { "" };
        let many = match (mode.says(&["1:n"]), mode.says(&["n:1"]), mode.says(&["n:m"]) || subset || whole) {
            (true, false, false) => "many = \"right\"",
            (false, true, false) => "many = \"left\"",
            _ => "",
        };
        // A key of the case by its words takes the place of equal keys; one that the mode adds comes after them.
        let worded = self.keys.iter().find(|key| key.is_worded);
        if worded.is_some_and(|key| key.name != "name words") || (worded.is_some() && self.keys.len() == 1) {
            pass("similar", &self.similar());
            return;
        }
        if single && group {
            pass("one_to_one", &format!("{ties}\nexact = true"));
            pass("groups", &format!("{all}\n{many}\nexact = true"));
        }
        if single {
            pass("one_to_one", ties);
        }
        if group {
            pass("groups", &format!("{all}\n{many}"));
        }
        if mode.says(&["pool"]) || self.params["balanced_pool_first"] == true {
            pass("pools", "");
        }
        if subset {
            pass("subsets", &self.limits());
        } else if self.keys.iter().any(|key| key.name != "date") && !mode.says(&["incremental"]) {
            let pairs = if group { "" } else { "pairs = true" };
            pass("differences", &format!("{all}\n{pairs}\none_fault = {}", self.one_fault));
        }
        if worded.is_some() {
            pass("similar", &format!("key = [\"name words\"]\n{}", self.similar()));
        }
    }

    /// How much alike two texts must be.
    fn similar(&self) -> String {
        let said = format!("{} {}", self.params["key"], self.mode.0).to_lowercase();
        let given = text(first(self.params, &["name_match_threshold", "threshold", "min_similarity", "min_score"]));
        let share: f64 = given.parse().unwrap_or(0.5);
        let percent = if share <= 1.0 { share * 100.0 } else { share };
        let contains = ["contain", "partial text"].iter().any(|w| said.contains(w));
        format!("similar = \"{percent:.2}%\"\ncontains = {contains}")
    }

    /// Bounds and directions of a subset search.
    fn limits(&self) -> String {
        let mut more = String::new();
        let size = first(self.params, &["max_subset_size", "max_size"]);
        let rows = first(self.params, &["max_group_size", "max_candidates", "max_pool"]);
        let shown = self.params["max_alternatives"].as_u64().map_or(8, |n| n + 1);
        for (name, number) in [("max_size", size.as_u64()), ("max_rows", rows.as_u64()), ("alternatives", Some(shown))]
        {
            if let Some(number) = number {
                writeln!(more, "{name} = {number}").unwrap();
            }
        }
        if self.params["same_sign"] == true || text(&self.params["sign"]).contains("same") {
            more.push_str("same_sign = true\n");
        }
        if self.mode.says(&["keyed then", "without key", "without a key", "keyless", "no key"]) {
            more.push_str("key = []\n");
        }
        if self.mode.says(&["n:m"]) && !self.mode.says(&["by key"]) {
            more.push_str("many = \"sets\"\n");
        } else if self.mode.says(&["1:n"]) && !self.mode.says(&["n:1"]) {
            more.push_str("many = \"right\"\n");
        }
        more
    }
}
