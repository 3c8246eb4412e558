//! The two tables of a case: their headings, what their columns are called, which rows take part.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::keys::Key;
use super::params::{Params, not_understood};
use super::passes::Tier;
use super::words::text;

/// Columns of a case that does not say others.
const COLUMNS: [&str; 6] = ["id", "date", "amount", "currency", "reference", "name"];

const SIDES: [&str; 2] = ["left", "right"];

pub struct Sides {
    pub headings: [Vec<String>; 2],
    /// Rows below the headings.
    rows: [Vec<Vec<String>>; 2],
    dates: [Option<usize>; 2],
}

impl Sides {
    pub fn read(folder: &Path, params: &Params) -> Sides {
        let tables = SIDES.map(|side| table(folder, side, params));
        let [(left, left_rows), (right, right_rows)] = tables;
        let headings = [left, right];
        let dates = [0, 1].map(|at| headings[at].iter().position(|h| *h == mapped(params, SIDES[at], "date")));
        Sides { headings, rows: [left_rows, right_rows], dates }
    }

    pub fn have_dates(&self) -> bool {
        self.dates.iter().all(Option::is_some)
    }

    /// Whether a date of the case has a time of day.
    pub fn have_times(&self) -> bool {
        let date = |side: usize| {
            self.dates[side].into_iter().flat_map(move |at| self.rows[side].iter().map(move |r| r.get(at)))
        };
        (0..2).flat_map(date).flatten().any(|date| date.contains(':'))
    }

    fn has(&self, at: usize, name: &str) -> bool {
        self.headings[at].iter().any(|heading| heading == name)
    }

    /// The column of a side in which one of these words stands.
    fn column_of(&self, at: usize, words: &[String]) -> Option<&str> {
        let holds =
            |column: &usize| self.rows[at].iter().any(|row| row.get(*column).is_some_and(|cell| words.contains(cell)));
        let column = (0..self.headings[at].len()).find(holds)?;
        Some(&self.headings[at][column])
    }

    pub fn write(&self, at: usize, params: &Params, tier: &Tier, out: &mut String) -> Result<(), String> {
        let side = SIDES[at];
        let id = mapped(params, side, "id");
        let id = match (self.has(at, &id), tier.keys.first()) {
            (true, _) | (false, None) => id,
            (false, Some(key)) => [&key.left, &key.right][at].clone(),
        };
        writeln!(out, "[{side}]\nid = [{id:?}]\namount = {:?}", mapped(params, side, "amount")).unwrap();
        let by_currency = currency_counts(params)?;
        for name in ["date", "currency"] {
            let own = mapped(params, side, name);
            if self.has(at, &own) && (name == "date" || by_currency) {
                writeln!(out, "{name} = {own:?}").unwrap();
            }
        }
        let home = params.first(&["currency_default", "default_currency", "base_currency", "home_currency"]);
        // Where currencies are to be ignored all rows are in one.
        let home = if by_currency { text(home) } else { "any".to_owned() };
        if !home.is_empty() {
            writeln!(out, "currency_default = {home:?}").unwrap();
        }
        let sign = ["sign", "right_sign", "sign_convention"].map(|name| params.words(&[name])).join(" ");
        let opposite = tier.mode.says(&["= 0"]) || ["opposite", "negat", "inverse"].iter().any(|w| sign.contains(w));
        let turns_left = params.flag(&["negate_left"])? == Some(true);
        let turns_right = params.flag(&["negate_right", "flip_right_sign"])? == Some(true);
        if [turns_left, turns_right || (opposite && !turns_left)][at] {
            out.push_str("negate = true\n");
        }
        let signed = params.flag(&["signed"])?;
        if signed == Some(false) || ["absolute", "ignore"].iter().any(|w| sign.contains(w)) {
            out.push_str("absolute = true\n");
        }
        self.decimal(params, out)?;
        self.prefer(at, params, out)?;
        once(side, params, out)?;
        filters(side, params, out)
    }

    fn decimal(&self, params: &Params, out: &mut String) -> Result<(), String> {
        let mark = params.words(&["decimal", "decimal_separator", "decimal_mark", "decimal_point"]);
        let grouped = params.words(&["thousands", "thousands_separator", "grouping"]);
        let is_comma = ["comma", ","].contains(&mark.trim()) && !mark.is_empty();
        match (mark.as_str(), grouped.as_str()) {
            ("" | "." | "point" | "dot", "" | "," | "comma" | "none") => {}
            _ if is_comma && ["", ".", "point", "dot", " ", "none"].contains(&grouped.as_str()) => {
                out.push_str("decimal = \",\"\n");
            }
            _ => return Err(not_understood("decimal", &format!("{mark} {grouped}").into())),
        }
        let layout = params.words(&["date_format", "date_layout"]);
        match layout.as_str() {
            "" => Ok(()),
            year_first if ["2006", "%y", "yyyy"].iter().any(|year| year_first.starts_with(year)) => Ok(()),
            _ => Err(not_understood("date_format", &layout.into())),
        }
    }

    /// Which source of a side comes first.
    fn prefer(&self, at: usize, params: &Params, out: &mut String) -> Result<(), String> {
        let names =
            ["source_priority", "priority_of_sources", "source_order", "sources", "prefer", "rights", "priority"];
        let value = params.first(&names);
        let own = &value[SIDES[at]];
        let value = if own.is_null() { value } else { own };
        let list = if value.is_object() {
            [&value["order"], &value["values"]].into_iter().find(|v| !v.is_null())
        } else {
            Some(value)
        };
        let column = [params.first(&["source_column", "priority_column", "source_col"]), &value["column"]];
        let column = column.into_iter().find_map(Value::as_str);
        let list: Vec<String> = match list.unwrap_or(&Value::Null) {
            Value::Null => return Ok(()),
            Value::Array(list) => list.iter().map(text).collect(),
            Value::String(words) => words.split([',', '>', '<']).map(|w| w.trim().to_owned()).collect(),
            other => return Err(not_understood(names[0], other)),
        };
        let found = column.filter(|name| self.has(at, name)).or_else(|| self.column_of(at, &list));
        let elsewhere = || self.column_of(1 - at, &list).is_some() || column.is_some_and(|name| self.has(1 - at, name));
        match found {
            Some(column) => {
                writeln!(out, "prefer = {{ column = {column:?}, order = {list:?} }}").unwrap();
                Ok(())
            }
            None if elsewhere() => Ok(()),
            None => Err(not_understood(names[0], value)),
        }
    }

    /// What is told where it differs: every text column that is no key.
    pub fn compares(&self, params: &Params, keys: &[Key], out: &mut String) -> Result<(), String> {
        let special = ["id", "date", "amount", "currency"].map(|name| mapped(params, "left", name));
        let words = params.get("compare").to_string().to_lowercase();
        let known = ["null=blank", "trim", "case-insensitive", "case insensitive", "ignore case", ""];
        for entry in params.get("compare").as_array().into_iter().flatten().map(text) {
            let forms = entry.split_once(':').map_or("", |(_, forms)| forms).to_lowercase();
            if let Some(form) = forms.split(',').map(str::trim).find(|form| !known.contains(form)) {
                return Err(not_understood("compare", &form.into()));
            }
        }
        let blanks = if words.contains("null=blank") { "blanks = [\"NULL\"]\n" } else { "" };
        for heading in &self.headings[0] {
            let right = mapped(params, "right", heading);
            let is_free = !special.contains(heading) && !keys.iter().any(|k| k.left == *heading);
            if is_free && !heading.is_empty() && self.headings[1].contains(&right) {
                let case = "normal = [\"upper\"]\n";
                writeln!(out, "[[compare]]\nname = {heading:?}\nleft = {heading:?}\nright = {right:?}\n{case}{blanks}")
                    .unwrap();
            }
        }
        if let (Some(values), Some(key)) = (params.get("exclude_keys").as_array(), keys.first()) {
            writeln!(out, "[[exclude]]\nkey = {:?}\nvalues = {}", key.name, Value::Array(values.clone())).unwrap();
        }
        Ok(())
    }
}

/// The heading row of a side, the first that names the amount, and the rows below it.
fn table(folder: &Path, side: &str, params: &Params) -> (Vec<String>, Vec<Vec<String>>) {
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
    let mut lines = text.lines().map(split);
    let found = lines.find(|row| row.iter().any(|h| h.eq_ignore_ascii_case(&amount)));
    (found.unwrap_or_else(|| COLUMNS.map(str::to_owned).to_vec()), lines.collect())
}

/// A side's own name of a column.
fn mapped(params: &Params, side: &str, name: &str) -> String {
    let own = format!("map_{side}");
    let (columns, map) = (params.get("columns"), params.get("map"));
    let maps = [params.get(&own), &columns[side], &map[side]];
    let both = if side == "right" { &map[name] } else { &Value::Null };
    let found = maps.iter().find_map(|map| map[name].as_str()).or(both.as_str()).or(columns[name].as_str());
    found.unwrap_or(name).to_owned()
}

/// Whether rows of different currencies are kept apart.
fn currency_counts(params: &Params) -> Result<bool, String> {
    let value = params.first(&["currency", "match_currency", "currency_match", "currency_rule", "currency_required"]);
    match value {
        Value::Null => Ok(true),
        Value::Bool(counts) => Ok(*counts),
        Value::String(words) => {
            let words = words.to_lowercase().replace(['_', '-'], " ");
            let says = |list: &[&str]| list.iter().any(|word| words.contains(word));
            if says(&["blank", "missing", "convert", "rate"]) {
                return Err(not_understood("currency", value));
            }
            match () {
                () if says(&["ignore", "any", "not", "off"]) => Ok(false),
                () if says(&[
                    "equal",
                    "same",
                    "must",
                    "match",
                    "required",
                    "exact",
                    "strict",
                    "per currency",
                    "separate",
                ]) =>
                {
                    Ok(true)
                }
                () => Err(not_understood("currency", value)),
            }
        }
        other => Err(not_understood("currency", other)),
    }
}

/// Rows that are one row by a key of their own.
fn once(side: &str, params: &Params, out: &mut String) -> Result<(), String> {
    let own = ["dedupe", "dedup", "unique", "once"].map(|name| format!("{name}_{side}"));
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let value = params.first(&own);
    let both = params.first(&[
        "dedupe",
        "dedup",
        "remove_duplicates",
        "unique",
        "dedupe_by",
        "unique_by",
        "duplicates_by",
        "once",
    ]);
    let value = if value.is_null() { both } else { value };
    let by = match value {
        Value::Null | Value::Bool(false) => return Ok(()),
        Value::Array(list) => json!(list),
        Value::String(column) => json!(column.split(['+', ',']).map(str::trim).collect::<Vec<_>>()),
        Value::Object(map) => match map.get("by").or(map.get("key")).or(map.get("columns")) {
            Some(Value::String(column)) => json!([column]),
            Some(list @ Value::Array(_)) => list.clone(),
            _ => return Err(not_understood("dedupe", value)),
        },
        other => return Err(not_understood("dedupe", other)),
    };
    let keeps = [("first", &["first", "oldest", "earliest"][..]), ("last", &["last", "latest", "newest"])];
    let said = text(&value["keep"]).to_lowercase();
    let keep = params.choice(&["dedupe_keep", "keep"], &keeps)?;
    let keep = keep.unwrap_or(if keeps[1].1.iter().any(|word| said.contains(word)) { "last" } else { "first" });
    writeln!(out, "once = {{ by = {by}, keep = {keep:?} }}").unwrap();
    Ok(())
}

/// `drop rows where name = CANCELLED`, `keep rows where name != X`, and ids that are left out.
fn filters(side: &str, params: &Params, out: &mut String) -> Result<(), String> {
    let (mut keep, mut drop) = (Vec::new(), Vec::new());
    for name in ["filter".to_owned(), format!("filter_{side}")] {
        let value = params.get(&name);
        let said = text(value);
        if said.is_empty() {
            continue;
        }
        let parts = said.split_once(" where ").and_then(|(verb, test)| {
            let signs = ["!=", " not in ", "=", " in "];
            signs.into_iter().find_map(|sign| Some((verb, sign, test.split_once(sign)?)))
        });
        let Some((verb, sign, (column, words))) = parts else { return Err(not_understood("filter", value)) };
        let words: Vec<&str> = words.split(',').map(|w| w.trim().trim_matches(['[', ']', '"', '\''])).collect();
        let test = if sign.contains('!') || sign.contains("not") { "is_not" } else { "is" };
        let list = if verb.contains("keep") || verb.contains("only") { &mut keep } else { &mut drop };
        list.push(format!("{{ column = {:?}, {test} = {words:?} }}", column.trim()));
    }
    let ids = params.first(&["exclude_ids", "excluded_ids"]);
    if ids.is_array() {
        drop.push(format!("{{ column = {:?}, is = {ids} }}", mapped(params, side, "id")));
    }
    for (name, list) in [("keep", keep), ("drop", drop)] {
        if !list.is_empty() {
            writeln!(out, "{name} = [{}]", list.join(", ")).unwrap();
        }
    }
    Ok(())
}
