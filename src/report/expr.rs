//! Expressions of figure and report specs: SQL expressions from a short list of functions, checked against the view
//! before any data is read.

use chrono::NaiveDate;
use polars::prelude::{Expr, lit};

use super::frame::{ViewColumn, day};
use crate::model::Period;
use crate::spec::named::{Named, NamedValue};
use crate::spec::{Spanned, SpecError, SpecFile};

/// Functions that an expression may call.
pub const FUNCTIONS: &[&str] = &[
    "SUM",
    "COUNT",
    "MIN",
    "MAX",
    "COALESCE",
    "ABS",
    "IF",
    "NULLIF",
    "LEFT",
    "UPPER",
    "LOWER",
    "LENGTH",
    "STARTS_WITH",
];

/// Words of the language itself.
const WORDS: &[&str] = &[
    "AND", "OR", "NOT", "IS", "NULL", "IN", "LIKE", "BETWEEN", "DISTINCT", "CASE", "WHEN", "THEN", "ELSE", "END",
    "TRUE", "FALSE",
];

/// Days that every expression may name, whatever the view.
pub const DAYS: &[&str] = &["as_of", "period_first", "period_last"];

/// Parses an expression of a spec; an unknown column, setting or function is refused with the valid ones.
pub fn parse(
    file: &SpecFile,
    text: &Spanned<String>,
    columns: &[ViewColumn],
    named: &Named,
) -> Result<Expr, SpecError> {
    let settings = named.all().iter().filter(|s| !matches!(s.value, NamedValue::Word(_))).map(|s| s.id.as_str());
    let columns = columns.iter().map(|c| c.name.as_str());
    let names: Vec<&str> = columns.chain(DAYS.iter().copied()).chain(settings).collect();
    for (word, is_call) in words(text.get_ref()) {
        let upper = word.to_uppercase();
        if is_call && !WORDS.contains(&upper.as_str()) {
            if !FUNCTIONS.contains(&upper.as_str()) {
                return Err(SpecError::unknown_word(file, text.span(), &word, "function", FUNCTIONS));
            }
        } else if !is_call && !WORDS.contains(&upper.as_str()) && !names.contains(&word.as_str()) {
            return Err(SpecError::unknown_word(file, text.span(), &word, "column", &names));
        }
    }
    polars::sql::sql_expr(text.get_ref())
        .map_err(|e| file.error_at(text, format!("the expression cannot be read: {e}")))
}

/// The expression with its days and settings put in: only columns of the view are left.
pub fn bind(expr: &Expr, as_of: NaiveDate, period: Period, named: &Named) -> Expr {
    let value = |name: &str| match name {
        "as_of" => Some(day(as_of)),
        "period_first" => Some(day(period.first)),
        "period_last" => Some(day(period.last)),
        _ => match &named.get(name)?.value {
            NamedValue::Number(number) | NamedValue::Rate(number) => Some(lit(*number)),
            stretch => stretch.before(period.last).map(day),
        },
    };
    expr.clone().map_expr(|part| match &part {
        Expr::Column(name) => value(name.as_str()).unwrap_or(part),
        _ => part,
    })
}

/// The identifiers of an expression and whether each is called like a function; string literals are left out.
fn words(text: &str) -> Vec<(String, bool)> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c == '\'' {
            at += 1;
            while at < chars.len() && chars[at] != '\'' {
                at += 1;
            }
            at += 1;
        } else if c.is_alphabetic() || c == '_' {
            let start = at;
            while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                at += 1;
            }
            let word: String = chars[start..at].iter().collect();
            let next = chars[at..].iter().find(|c| !c.is_whitespace());
            found.push((word, next == Some(&'(')));
        } else if c.is_ascii_digit() {
            while at < chars.len() && (chars[at].is_ascii_alphanumeric() || chars[at] == '.') {
                at += 1;
            }
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_an_expression() {
        let found = words("SUM(amount - cost) + COUNT(DISTINCT order_id) >= 'SUM(x)' AND a IN (1, 2)");
        let names: Vec<&str> = found.iter().map(|(w, _)| w.as_str()).collect();
        assert_eq!(names, ["SUM", "amount", "cost", "COUNT", "DISTINCT", "order_id", "AND", "a", "IN"]);
        assert!(found[0].1 && !found[1].1);
    }
}
