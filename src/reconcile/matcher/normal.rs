//! Keys and comparisons brought to one form.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::rules::{CompareRule, Normal};
use crate::model::fen::Decimal;
use crate::model::keys::{key, trimmed};

/// The normal form of a key's text; empty = blank.
pub fn normal<'t>(rule: &Normal, text: &'t str) -> Cow<'t, str> {
    let mut text = Cow::Borrowed(trimmed(text));
    if rule.blanks.iter().any(|word| word.eq_ignore_ascii_case(&text)) {
        return Cow::Borrowed("");
    }
    if let Some(pattern) = &rule.pattern {
        let found = pattern.captures(&text).and_then(|c| c.get(1).or_else(|| c.get(0))).map(|m| m.as_str().to_owned());
        text = Cow::Owned(found.unwrap_or_default());
    }
    if rule.key {
        text = Cow::Owned(key(&text));
    }
    if rule.upper {
        text = Cow::Owned(text.to_uppercase());
    }
    if rule.alphanumeric {
        text = Cow::Owned(text.chars().filter(|c| c.is_alphanumeric()).collect());
    }
    if rule.words {
        text = Cow::Owned(words(&text).join(" "));
    }
    if rule.unpadded && text.len() > 1 {
        let plain = text.trim_start_matches('0');
        text = Cow::Owned(if plain.is_empty() { "0".to_owned() } else { plain.to_owned() });
    }
    text
}

/// The words of a text in upper case, each once, in order.
fn words(text: &str) -> Vec<String> {
    let upper = text.to_uppercase();
    let all: BTreeSet<&str> = upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    all.into_iter().map(str::to_owned).collect()
}

/// The normal form of a compared value: amounts without trailing zeros, so that 1.50 equals 1.5.
pub fn compared<'t>(rule: &CompareRule, text: &'t str) -> Cow<'t, str> {
    let text = normal(&rule.normal, text);
    match Decimal::parse(&text) {
        Ok(number) if rule.is_amount => Cow::Owned(plain(number)),
        _ => text,
    }
}

fn plain(number: Decimal) -> String {
    let Decimal { mut mantissa, mut scale } = number;
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    amount_text(mantissa, scale)
}

/// An amount in units of 10^-scale as people write it: `-12.50`.
pub fn amount_text(units: i128, scale: u32) -> String {
    let mut text = String::new();
    push_amount(&mut text, units, scale);
    text
}

/// The same behind a text that stands already.
pub fn push_amount(text: &mut String, units: i128, scale: u32) {
    if units < 0 {
        text.push('-');
    }
    let mut digits = [0_u8; 40];
    let (mut rest, mut at) = (units.unsigned_abs(), digits.len());
    // At least one digit stands before the point.
    while rest > 0 || digits.len() - at <= scale as usize {
        at -= 1;
        // Nearly every amount fits in 64 bits, and dividing those costs a fraction.
        let (tenth, digit) = match u64::try_from(rest) {
            Ok(small) => (u128::from(small / 10), (small % 10) as u8),
            Err(_) => (rest / 10, (rest % 10) as u8),
        };
        digits[at] = b'0' + digit;
        rest = tenth;
    }
    let point = digits.len() - scale as usize;
    for (place, digit) in digits.iter().enumerate().skip(at) {
        if place == point {
            text.push('.');
        }
        text.push(char::from(*digit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_meet_in_their_normal_form() {
        let rule = Normal { upper: true, alphanumeric: true, ..Normal::default() };
        assert_eq!(normal(&rule, "INV-1024"), normal(&rule, " inv 1024 "));
        let rule = Normal { pattern: regex::Regex::new(r"(\d+)").ok(), ..Normal::default() };
        assert_eq!(normal(&rule, "ABC-123"), "123");
        assert_eq!(normal(&rule, "ABC"), "");
        let rule = Normal { blanks: vec!["NULL".into()], unpadded: true, ..Normal::default() };
        assert_eq!(
            (normal(&rule, "null"), normal(&rule, "0070"), normal(&rule, "000")),
            ("".into(), "70".into(), "0".into())
        );
    }

    #[test]
    fn amounts_are_written_with_their_decimals() {
        assert_eq!(amount_text(-1205, 2), "-12.05");
        assert_eq!(amount_text(5, 3), "0.005");
        assert_eq!(amount_text(7, 0), "7");
        assert_eq!(amount_text(0, 2), "0.00");
        assert_eq!(amount_text(-i128::from(i64::MAX), 9), "-9223372036.854775807");
        let rule = CompareRule {
            name: String::new(),
            zh: String::new(),
            columns: [String::new(), String::new()],
            is_amount: true,
            normal: Normal::default(),
        };
        assert_eq!(compared(&rule, "1.50"), "1.5");
        assert_eq!(compared(&rule, "abc"), "abc");
    }
}
