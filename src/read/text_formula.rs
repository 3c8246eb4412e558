//! Fields of text files that begin with `=`: a spreadsheet would calculate them, a text file holds no result.

use super::cells;
use super::raw::Cell;

/// The cell of a field that begins with `=`.
///
/// `="00123"` is the text 00123, `=-12.50` the number, `=HYPERLINK("…","W1")` what it shows; a formula that would have to
/// be calculated has no value, and anything else that begins so is text.
pub(super) fn cell(value: String) -> Cell {
    let body = value[1..].trim();
    match body.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if !inner.contains('"') => return cells::text(inner.to_owned()),
        _ => {}
    }
    if body.parse::<f64>().is_ok_and(f64::is_finite)
        && body.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
    {
        return cells::text(body.to_owned());
    }
    if let Some(label) = label(body) {
        return cells::text(label.to_owned());
    }
    if is_formula(body) { Cell::NoValue } else { cells::text(value) }
}

/// What `HYPERLINK("address","label")` shows.
fn label(body: &str) -> Option<&str> {
    let head = body.get(..10)?;
    let arguments = body.get(10..)?.strip_suffix(')')?.trim_end().strip_suffix('"')?;
    if !head.eq_ignore_ascii_case("HYPERLINK(") {
        return None;
    }
    let (_, label) = arguments.rsplit_once('"')?;
    arguments.contains(',').then_some(label)
}

/// Whether it is made of what formulas are made of: a function, a cell or a number, and something between two of them.
fn is_formula(body: &str) -> bool {
    let (first, rest) = match body.strip_prefix(['+', '-', '(']) {
        Some(rest) => (rest.trim_start(), rest),
        None => (body, body),
    };
    if !first.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '$') {
        return false;
    }
    if let Some((name, _)) = body.split_once('(')
        && body.ends_with(')')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "+-.$*/".contains(c))
    {
        return true;
    }
    let operands: Vec<&str> = rest.split(['+', '-', '*', '/', '&', ':', '!', '^', '<', '>', '=', '(', ')']).collect();
    let all = operands.iter().filter(|o| !o.trim().is_empty()).all(|o| is_operand(o.trim()));
    all && (operands.len() > 1 || is_cell(first))
}

fn is_operand(text: &str) -> bool {
    is_cell(text) || text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'%')
}

/// `A1`, `$AB$12`: up to three letters and a row that a sheet can have.
fn is_cell(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| *c != '$').collect();
    let Some(digits) = bare.find(|c: char| c.is_ascii_digit()) else { return false };
    let (letters, row) = bare.split_at(digits);
    let named = (1..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphabetic());
    named && row.parse::<u32>().is_ok_and(|row| (1..=1_048_576).contains(&row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_in_text_has_no_value_and_an_equals_sign_alone_makes_none() {
        let text = |s: &str| Cell::Text(s.to_owned());
        for formula in
            ["=1+2", "=E2-F2", "=A1", "=$B$3*0.5", "=SUM(A1:A3)", "=-SUM(C2:C9)", "=ROUND(A1*1.13,2)", "=(A1+B1)/2"]
        {
            assert_eq!(cell(formula.to_owned()), Cell::NoValue, "{formula}");
        }
        for (field, shown) in [
            ("=\"00123\"", "00123"),
            ("=-12.50", "-12.50"),
            ("=880", "880"),
            ("=HYPERLINK(\"http://x/?a=1\",\"W20261020001\")", "W20261020001"),
            ("=W20261020001", "=W20261020001"),
            ("====", "===="),
            ("=备注", "=备注"),
            ("=", "="),
            ("=\"a\"&\"b\"", "=\"a\"&\"b\""),
            ("=é(", "=é("),
        ] {
            assert_eq!(cell(field.to_owned()), text(shown), "{field}");
        }
    }
}
