//! Amounts, quantities and hours as exports write them, read exactly.

use super::normal::half_width;
use crate::model::fen::{Decimal, NotANumber};

/// Reads `1,234.50`, `￥1234.5元`, `(12.00)`, `１２．５`, `-3`, `80.0000`. Grouping commas must group thousands.
pub fn number(text: &str) -> Result<Decimal, NotANumber> {
    let plain = text.as_bytes();
    if !plain.is_empty() && plain.iter().all(|b| b.is_ascii_digit() || *b == b'.' || *b == b'-') {
        return Decimal::parse(text);
    }
    let folded: String = text.chars().map(half_width).collect();
    let mut body = folded.trim();
    let mut negative = false;
    if let Some(inner) = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
        negative = true;
        body = inner.trim();
    }
    if let Some(rest) = body.strip_prefix('-') {
        negative = !negative;
        body = rest.trim_start();
    }
    for sign in ["¥", "￥", "RMB", "CNY"] {
        body = body.strip_prefix(sign).unwrap_or(body).trim_start();
    }
    body = body.strip_suffix('元').unwrap_or(body).trim_end();
    let number = Decimal::parse(&ungrouped(body)?)?;
    Ok(if negative { Decimal { mantissa: -number.mantissa, ..number } } else { number })
}

/// Takes grouping commas out; a comma that does not group three digits is refused, since it may hide a typing error.
fn ungrouped(body: &str) -> Result<String, NotANumber> {
    if !body.contains(',') {
        return Ok(body.to_owned());
    }
    let whole = body.split('.').next().unwrap_or(body);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("").trim_start_matches(['-', '+']);
    let grouped = (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3);
    let after_point = body.split_once('.').is_none_or(|(_, fraction)| !fraction.contains(','));
    if grouped && after_point { Ok(body.replace(',', "")) } else { Err(NotANumber::Malformed) }
}

/// A number cell of a spreadsheet, the only way in from binary floating point: its shortest decimal form.
pub fn from_cell(value: f64) -> Result<Decimal, NotANumber> {
    Decimal::parse(&value.to_string())
}

/// How far a rounded value may lie from the cell's number before it is said: 0.001 of a unit.
///
/// Binary residue such as 0.30000000000000004 lies far inside.
pub fn off_by_more_than_a_thousandth(number: Decimal, units: i64, decimals: u32) -> bool {
    match number.to_units(decimals + 3) {
        Ok((fine, _)) => fine.abs_diff(units.saturating_mul(1000)) > 1,
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fen(text: &str) -> Option<i64> {
        number(text).ok().and_then(|n| n.to_units(2).ok()).map(|(v, _)| v)
    }

    #[test]
    fn shapes_of_amounts() {
        for (text, want) in [
            ("1,234.50", 123_450),
            ("￥1234.5元", 123_450),
            ("(12.00)", -1200),
            ("１２．５", 1250),
            ("-1,000", -100_000),
            ("¥-3", -300),
            (" 80.0000 ", 8000),
        ] {
            assert_eq!(fen(text), Some(want), "{text}");
        }
    }

    #[test]
    fn typing_errors_are_refused() {
        for text in ["1,2O3.50", "1,23", "12,34.5", "1.234,50", "十", "1.2.3", "", "--3"] {
            assert_eq!(fen(text), None, "{text}");
        }
    }

    #[test]
    fn binary_residue_is_silent_and_a_third_fen_is_not() {
        let residue = from_cell(0.1 + 0.2).unwrap();
        assert!(!off_by_more_than_a_thousandth(residue, residue.to_units(2).unwrap().0, 2));
        let third = from_cell(1.005).unwrap();
        assert_eq!(third.to_units(2).unwrap().0, 101);
        assert!(off_by_more_than_a_thousandth(third, 101, 2));
    }
}
