//! Amounts, quantities and hours as exports write them, read exactly.

use std::borrow::Cow;

use serde::Deserialize;

use super::capitals;
use super::normal::{half_width, is_invisible, trimmed};
use crate::model::fen::{Decimal, NotANumber};

/// The sign of a number where an export writes refunds and fees with or without a minus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    Plus,
    Minus,
}

/// Signs and words of the yuan before or behind a number.
const YUAN: [&str; 13] =
    ["人民币元", "人民币", "CN¥", "CN￥", "RMB¥", "RMB", "CNY", "¥", "￥", "元整", "元正", "圆整", "圆"];

/// Reads `1,234.50`, `￥1234.5元`, `(12.00)`, `１２．５`, `123.45-`, `1 234.50`, `RMB 80`, `1.2万`, `壹佰元整`.
///
/// Grouping marks must group thousands; what can be meant in two ways (`1.234,56`, `0,5`, two signs) is refused.
pub fn number(text: &str) -> Result<Decimal, NotANumber> {
    let plain = text.as_bytes();
    if !plain.is_empty() && plain.iter().all(|b| b.is_ascii_digit() || *b == b'.' || *b == b'-') && !text.ends_with('-')
    {
        return Decimal::parse(text);
    }
    let folded: String = trimmed(text).chars().filter(|c| !is_invisible(*c)).map(half_width).collect();
    let body = folded.trim().trim_start_matches('\'');
    if let Some(number) = capitals::amount(body) {
        return Ok(number);
    }
    let (mut body, mut minuses) = unwrapped(body);
    let mut factor = 1;
    if let Some(rest) = body.strip_suffix("万元").or_else(|| body.strip_suffix('万')) {
        (body, factor) = (rest.trim_end(), 10_000);
    } else if let Some(rest) = body.strip_suffix('元') {
        body = rest.trim_end();
    }
    // A sign may stand before or behind the yuan's.
    let mut signs = minuses;
    (body, minuses) = unwrapped(body);
    signs += minuses;
    if signs > 1 || body.starts_with(['+', '-']) {
        return Err(NotANumber::Malformed);
    }
    let body = ungrouped(body)?;
    if has_lost_digits(&body) {
        return Err(NotANumber::Malformed);
    }
    let number = Decimal::parse(&body)?;
    let mantissa = number.mantissa.checked_mul(factor).ok_or(NotANumber::TooLong)?;
    Ok(Decimal { mantissa: if signs == 1 { -mantissa } else { mantissa }, ..number })
}

/// Whether scientific notation ends above the yuan (`1.23E+05`): what was behind is gone.
fn has_lost_digits(body: &str) -> bool {
    let Some((mantissa, exponent)) = body.split_once(['E', 'e']) else { return false };
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    exponent.trim_start_matches('+').parse::<usize>().is_ok_and(|exponent| exponent > decimals)
}

/// Takes signs, brackets of a negative number and the yuan's signs away; returns how many say that it is negative.
fn unwrapped(text: &str) -> (&str, u32) {
    let mut body = text;
    let mut minuses = 0;
    loop {
        let before = body;
        if let Some(inner) = body.strip_prefix('(').and_then(|b| b.strip_suffix(')')) {
            (body, minuses) = (inner.trim(), minuses + 1);
        }
        if let Some(rest) = body.strip_prefix(['-', '△', '▲', '负']).or_else(|| body.strip_suffix('-')) {
            (body, minuses) = (rest.trim(), minuses + 1);
        } else if let Some(rest) = body.strip_prefix('+') {
            // A sign of its own, not one of two.
            body = if rest.trim_start().starts_with(['+', '-', '(']) { body } else { rest.trim_start() };
        }
        for sign in YUAN {
            body = without_sign(body, sign);
        }
        if body == before {
            return (body, minuses);
        }
    }
}

/// A word of the yuan away, in any case, before or behind.
fn without_sign<'a>(body: &'a str, sign: &str) -> &'a str {
    if body.len() <= sign.len() {
        return body;
    }
    let is_sign = |part: Option<&str>| part.is_some_and(|part| part.eq_ignore_ascii_case(sign));
    if is_sign(body.get(..sign.len())) {
        return body[sign.len()..].trim_start_matches([' ', ':']);
    }
    let at = body.len() - sign.len();
    if is_sign(body.get(at..)) { body[..at].trim_end() } else { body }
}

/// Takes grouping marks out: commas, blanks or apostrophes, one kind in a number. A mark that does not group three digits is
/// refused, since it may hide a typing error, and so is a group after a leading 0: that comma is a decimal one.
fn ungrouped(body: &str) -> Result<Cow<'_, str>, NotANumber> {
    let Some(mark) = body.chars().find(|c| [',', ' ', '\'', '’'].contains(c)) else { return Ok(Cow::Borrowed(body)) };
    let (whole, fraction) = body.split_once('.').map_or((body, None), |(whole, rest)| (whole, Some(rest)));
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or("");
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let grouped = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
    let mut count = 0;
    let rest = groups.all(|group| {
        count += 1;
        group.len() == 3 && digits(group)
    });
    if grouped && rest && count > 0 && fraction.is_none_or(digits) {
        Ok(Cow::Owned(body.replace(mark, "")))
    } else {
        Err(NotANumber::Malformed)
    }
}

/// Whether a text names its own unit (元, 万, RMB): a heading that says 万元 cannot mean it too.
pub fn says_its_unit(text: &str) -> bool {
    text.contains(['元', '圆', '万', '¥', '￥', '角', '分']) || text.contains("人民币")
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
            ("（￥1,234.50）", -123_450),
            ("￥(12.00)", -1200),
            ("１２．５", 1250),
            ("１，２３４．５０", 123_450),
            ("-1,000", -100_000),
            ("¥-3", -300),
            ("-¥3", -300),
            ("+¥123.45", 12_345),
            ("- 3", -300),
            (" 80.0000 ", 8000),
            ("123.45-", -12_345),
            ("1,234.50元整", 123_450),
            ("RMB 80", 8000),
            ("cny 1,234.50", 123_450),
            ("80.5RMB", 8050),
            ("80 人民币", 8000),
            ("人民币：80元", 8000),
            ("1 234.50", 123_450),
            ("1\u{a0}234\u{2009}567.8", 123_456_780),
            ("1'234.50", 123_450),
            ("\u{202d}12.50\u{202c}", 1250),
            ("=\"12.50\"", 1250),
            ("△3.20", -320),
            ("负3.20", -320),
            ("1.2万", 1_200_000),
            ("0.5万元", 500_000),
            ("1.2345E+03", 123_450),
            ("-0.00", 0),
            ("壹仟贰佰叁拾肆元伍角", 123_450),
        ] {
            assert_eq!(fen(text), Some(want), "{text}");
        }
    }

    #[test]
    fn what_has_two_meanings_or_none_is_refused() {
        for text in [
            "1,2O3.50",
            "1,23",
            "12,34.5",
            "1.234,50",
            "十",
            "1.2.3",
            "",
            "--3",
            "-(3)",
            "(-3)",
            "-3-",
            "+-3",
            "0,123",
            "1,234 567",
            "1, 234",
            "12.5%",
            "100/20",
            "100+20",
            "$12",
            "USD 12",
            "12.50贷",
            "12元/台",
            "1234·50",
            "元",
            "¥",
            "-",
            "1'23",
            "1.5亿",
            "３，４",
            "12 5",
            "1.23E+05",
            "2E+03",
        ] {
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
