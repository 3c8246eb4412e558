//! Dates that name their month: `31-Oct-2026`, `31 October 2026`, `Oct 31, 2026`. Nobody reads them in two ways.

use chrono::NaiveDate;

use super::Shape;

const MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];

/// The date at the start of a text, and what follows it.
pub fn named(body: &str) -> Option<(NaiveDate, &str, Shape)> {
    if !body.bytes().take(12).any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let (first, rest) = word(body)?;
    let (second, rest) = word(rest)?;
    let (year, rest) = word(rest)?;
    let (day, month) = match month(first) {
        Some(month) => (second, month),
        None => (first, self::month(second)?),
    };
    if year.len() != 4 || day.len() > 2 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)?;
    Some((date, rest, ("D-Mon-YYYY", "D-Mon-YYYY hh:mm")))
}

/// The letters or digits up to the next mark, and what is behind it.
fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches([' ', '-', '/', ',', '.']);
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn month(word: &str) -> Option<u32> {
    let word = word.to_ascii_uppercase();
    let is = |name: &&str| {
        word.len() >= 3 && (**name == word || name[..3] == word || (word == "SEPT" && name.starts_with("SEPT")))
    };
    let at = MONTHS.iter().position(is)?;
    u32::try_from(at + 1).ok()
}
