//! What an earlier run left open, taken as the opening of this one: with its age and where it came from.

use std::borrow::Cow;
use std::path::Path;

use super::row::{Date, Written, date_of, exact};
use super::{MatchingError, name_of};
use crate::model::strangers::looks_like_formula;
use crate::reconcile::matcher::{Assembler, Carried, Fields, Rules, Side, Symbols};

/// The rows of a residual file (`--residual` of the run before).
pub struct Opening {
    rows: Vec<OpeningRow>,
}

struct OpeningRow {
    side: usize,
    id: String,
    date: Option<Date>,
    amount: i64,
    currency: String,
    keys: Vec<String>,
    compared: Vec<String>,
    row: u32,
    carried: Carried,
}

/// Columns of a residual file before those of the keys.
pub const COLUMNS: [&str; 5] = ["side", "id", "date", "amount", "currency"];
/// … and behind them.
pub const MORE_COLUMNS: [&str; 8] =
    ["original_amount", "first_seen", "age_days", "bucket", "reason", "partner", "row", "origin"];

/// The column of a key or a comparison.
pub fn column(kind: &str, name: &str) -> String {
    format!("{kind}.{name}")
}

/// Reads a residual file that `--residual` wrote under the same rules.
pub fn read(path: &Path, rules: &Rules) -> Result<Opening, MatchingError> {
    let file = name_of(path);
    let bad = |error: csv::Error| MatchingError::Refused { file: file.clone(), why: error.to_string() };
    let bytes =
        std::fs::read(path).map_err(|error| MatchingError::Unreadable { path: path.display().to_string(), error })?;
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::Reader::from_reader(body);
    let headings = reader.headers().map_err(bad)?.clone();
    let at = |name: &str| headings.iter().position(|h| h == name);
    let keys: Vec<String> = rules.keys.iter().map(|k| column("key", &k.name)).collect();
    let compares: Vec<String> = rules.compares.iter().map(|c| column("compare", &c.name)).collect();
    let needed = ["side", "id", "amount"].into_iter().map(str::to_owned).chain(keys.iter().cloned());
    let missing: Vec<String> = needed.filter(|name| at(name).is_none()).collect();
    if !missing.is_empty() {
        let seen = headings.iter().collect::<Vec<_>>().join(", ");
        return Err(MatchingError::ColumnMissing { file, missing: missing.join(", "), seen });
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(bad)?;
        let text = |name: &str| at(name).and_then(|at| record.get(at)).unwrap_or_default();
        let texts = |names: &[String]| names.iter().map(|name| unquoted(text(name)).to_owned()).collect();
        let amount = |name: &str| exact(text(name), &Written::plain(rules.scale)).ok();
        let line = record.position().map_or(0, csv::Position::line);
        let (Some(value), Some(side)) = (amount("amount"), ["left", "right"].iter().position(|s| *s == text("side")))
        else {
            let why =
                format!("line {line}: `{}` `{}`: expected left or right and an amount", text("side"), text("amount"));
            return Err(MatchingError::Refused { file, why });
        };
        rows.push(OpeningRow {
            side,
            id: unquoted(text("id")).to_owned(),
            date: date_of(text("date")),
            amount: value,
            currency: unquoted(text("currency")).to_owned(),
            keys: texts(&keys),
            compared: texts(&compares),
            row: text("row").parse().unwrap_or(0),
            carried: Carried {
                first_seen: text("first_seen").parse().ok(),
                origin: unquoted(text("origin")).to_owned(),
                original: amount("original_amount").unwrap_or(value),
            },
        });
    }
    Ok(Opening { rows })
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it; one that has some already gets one
/// more, so that every text comes back as it was.
pub fn quoted(text: &str) -> Cow<'_, str> {
    if looks_like_formula(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| looks_like_formula(rest.trim_start_matches('\''))).unwrap_or(text)
}

impl Opening {
    /// The rows of one side behind those of its file.
    pub fn add(&self, rules: &Rules, side: usize, symbols: &mut Symbols, rows: Side) -> Side {
        let mut assembler = Assembler::over(rules, symbols, rows);
        for row in self.rows.iter().filter(|row| row.side == side) {
            let at = assembler.push(&Fields {
                id: &row.id,
                amount: Some(row.amount),
                date: row.date.map(|(day, _)| day),
                time: row.date.and_then(|(_, time)| time),
                currency: &row.currency,
                row: row.row,
                kept: true,
                rank: u16::MAX, // what has waited since an earlier run comes after what is new
                ..Fields::default()
            });
            row.keys.iter().enumerate().for_each(|(key, text)| assembler.key(key, text));
            row.compared.iter().enumerate().for_each(|(compare, text)| assembler.compared(compare, text));
            assembler.carried(at, row.carried.clone());
        }
        assembler.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_none_is_a_formula() {
        for text in ["", "A1", "'", "'A", "=1", "'=1", "''=1", "＝1", "-5", "\tx", "@x", "'+"] {
            assert_eq!(unquoted(&quoted(text)), text);
            assert!(!looks_like_formula(&quoted(text)), "{text}");
        }
    }
}
