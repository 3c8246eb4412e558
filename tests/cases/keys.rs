//! The keys of a case: `reference`, `trade_id=id`, `reference digits (\d+)`, `reference first 8 characters`.

use std::fmt::Write as _;

use serde_json::Value;

use super::params::{Params, not_understood};
use super::words::{numbers, text};

/// One key of a case: its name, the columns of both sides, how it is brought to one form.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    pub name: String,
    pub left: String,
    pub right: String,
    /// Further lines of its rule.
    more: String,
    /// Compared by its words.
    pub is_worded: bool,
}

impl Key {
    pub fn new(name: &str, left: &str, right: &str, more: String) -> Key {
        let is_worded = more.contains("\"words\"");
        Key { name: name.to_owned(), left: left.to_owned(), right: right.to_owned(), more, is_worded }
    }

    pub fn write(&self, out: &mut String) {
        let Key { name, left, right, more, .. } = self;
        writeln!(out, "[[key]]\nname = {name:?}\nleft = {left:?}\nright = {right:?}\n{more}").unwrap();
    }
}

const KEYS: &[&str] = &["key", "keys", "match_on", "match_keys", "join_on", "key_columns", "group_by", "by"];

/// All keys. A key of dates is a window of days, and every match is within one currency anyway.
pub fn keys(params: &Params, has_window: bool, by_currency: bool) -> Result<Vec<Key>, String> {
    let list = match params.first(KEYS) {
        Value::Array(list) => list.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let form = Form::of(params)?;
    let mut keys: Vec<Key> = Vec::new();
    for word in &list {
        if let (Some(left), Some(right)) = (word["left"].as_str(), word["right"].as_str()) {
            let words = ["normalise", "normalize", "form", "mode"].map(|name| text(&word[name])).join(" ");
            keys.push(Key::new(left, left, right, form.lines(&words)));
            continue;
        }
        if !word.is_string() {
            return Err(not_understood(KEYS[0], word));
        }
        let words = text(word);
        let parts: Vec<&str> = if words.contains(' ') { vec![words.as_str()] } else { words.split('+').collect() };
        for word in parts {
            let word = word.trim();
            let column = word.split([' ', '=', ':', ',']).next().unwrap_or(word);
            if (column == "date" && has_window) || (column == "currency" && !by_currency) {
                continue;
            }
            let more = form.lines(&word[column.len()..]);
            // `reference contained in name`: a text of one side among the words of another column.
            if let Some((_, other)) = word.split_once("contained in ").or_else(|| word.split_once("contains ")) {
                let other = other.split(' ').find(|w| ["name", "reference", "date"].contains(w)).unwrap_or(column);
                let (left, right) = if word.contains("contains ") { (other, column) } else { (column, other) };
                keys.push(Key::new(column, left, right, more));
                continue;
            }
            match word.split_once('=') {
                Some((left, right)) => keys.push(Key::new(left.trim(), left.trim(), right.trim(), more)),
                None => keys.push(Key::new(column, column, column, more)),
            }
        }
    }
    Ok(keys)
}

/// Every column as a key: a row is known where all of it is.
pub fn whole_row(headings: &[String]) -> Vec<Key> {
    headings.iter().map(|h| Key::new(h, h, h, "blank_equals_blank = true\n".to_owned())).collect()
}

/// Words that ask for a comparison by words.
const WORDED: &[&str] = &["token", "jaccard", "similar", "contain", "partial text", "words"];

/// What all keys of a case have in common.
struct Form {
    any_case: bool,
    blanks_are_equal: bool,
    /// Words of a list of steps: `["trim", "casefold"]`.
    steps: String,
}

impl Form {
    fn of(params: &Params) -> Result<Form, String> {
        let case = params.flag(&["case_insensitive", "ignore_case"])?.unwrap_or(false);
        let exact = params.flag(&["case_sensitive"])?;
        let blanks = [
            (true, &["equal", "match", "join"][..]),
            (false, &["never", "missing", "differ", "skip", "unmatched", "ignore", "no"]),
        ];
        let said = params.words(&["null_keys", "blank_keys", "empty_keys", "null_key"]);
        let no_join = said.contains("never") || said.contains("no match") || said.contains("not");
        let blanks_are_equal = !no_join
            && params.choice(&["null_keys", "blank_keys", "empty_keys", "null_key"], &blanks)?.unwrap_or(false);
        let must_be_set = params.flag(&["reference_must_set", "require_key", "key_required"])?;
        let steps = params.words(&[
            "normalise",
            "normalize",
            "normalisation",
            "normalization",
            "key_normalise",
            "key_normalize",
        ]);
        Ok(Form {
            any_case: case || exact == Some(false),
            blanks_are_equal: blanks_are_equal && must_be_set != Some(true),
            steps,
        })
    }

    /// The normal form that words behind a column's name ask for.
    fn lines(&self, words: &str) -> String {
        let low = format!("{} {}", words.to_lowercase(), self.steps);
        let says = |list: &[&str]| list.iter().any(|w| low.contains(w));
        let mut out = String::new();
        if let Some(pattern) = pattern(words, &words.to_lowercase()) {
            writeln!(out, "pattern = '{pattern}'").unwrap();
        }
        let mut normal = Vec::new();
        if says(&["case", "upper", "lower", "normali"]) && !says(&["case-sensitive", "case sensitive"]) || self.any_case
        {
            normal.push("upper");
        }
        if says(&["normali", "alphanum", "punctuation", "separator", "dashes", "spaces"]) {
            normal.push("alphanumeric");
        }
        if says(WORDED) {
            normal.push("words");
        }
        if says(&["zero", "unpadded"]) {
            normal.push("unpadded");
        }
        if !normal.is_empty() {
            writeln!(out, "normal = {normal:?}").unwrap();
        }
        if self.blanks_are_equal || says(&["blank equals blank", "blanks equal"]) {
            out.push_str("blank_equals_blank = true\n");
        }
        out
    }
}

fn pattern(words: &str, low: &str) -> Option<String> {
    if let (Some(from), Some(to)) = (words.find('('), words.rfind(')')) {
        return Some(words[from..=to].to_owned());
    }
    let count = numbers(low).first().map(|n| n.trim_start_matches('-').to_owned());
    let mark = |word: &str| {
        let rest = low.split_once(word)?.1.trim();
        let mark = rest.split(' ').next().unwrap_or(rest).trim_matches(['"', '\'', '`']);
        (!mark.is_empty()).then(|| mark.replace('-', "\\-").replace('/', "\\/").replace('.', "\\."))
    };
    match (low, count) {
        (w, Some(n)) if w.contains("first") => Some(format!("^(.{{0,{n}}})")),
        (w, Some(n)) if w.contains("last") => Some(format!("(.{{0,{n}}})$")),
        (w, _) if w.contains("after") => Some(format!("([^{}]*)$", mark("after ")?)),
        (w, _) if w.contains("before") => Some(format!("^([^{}]*)", mark("before ")?)),
        (w, _) if w.contains("letter") => Some("^[A-Za-z]*[- ]?(.*)$".to_owned()),
        (w, _) if w.contains("prefix") => {
            let prefix = mark("prefix ").filter(|p| !p.starts_with("strip") && !p.starts_with("optional"));
            Some(prefix.map_or("^[A-Za-z]*[- ]?(.*)$".to_owned(), |p| format!("(?i)^(?:{p})?[- ]?(.*)$")))
        }
        (w, _) if w.contains("digits") => Some("(\\d+)".to_owned()),
        _ => None,
    }
}
