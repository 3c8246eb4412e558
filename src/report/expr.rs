//! Expressions of figure and report specs: SQL expressions from a short list of functions, checked against the view
//! before any data is read.

use polars::prelude::Expr;

use super::frame::ViewColumn;
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

/// Parses an expression of a spec; an unknown column or function is refused with the valid ones.
pub fn parse(file: &SpecFile, text: &Spanned<String>, columns: &[ViewColumn]) -> Result<Expr, SpecError> {
    let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).chain(DAYS.iter().copied()).collect();
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
