//! What an HTML cell stores beside what it shows: programs that save a sheet as a web page put the exact value into an
//! attribute and a rounded one onto the page.

use super::cells;
use super::raw::Cell;

/// Attributes of a cell that tell its value.
#[derive(Debug, Default)]
pub(super) struct Stored {
    /// `x:num="1234.5"` of Excel, `sdval="1234.5"` of LibreOffice: the number, whatever the page shows.
    number: Option<f64>,
    /// `x:str="…"`: the text.
    text: Option<String>,
    /// `data-value="1234.5"` and the like of web grids: anybody's, believed where the page shows it rounded.
    claimed: Option<f64>,
    /// The format says text, or says a date.
    is_text: bool,
    is_date: bool,
}

/// Attributes in which web grids keep the value that a cell shows rounded.
const CLAIMS: [&[u8]; 8] = [
    b"data-value",
    b"data-val",
    b"data-raw",
    b"data-order",
    b"data-sort",
    b"data-sort-value",
    b"data-original",
    b"data-num",
];

impl Stored {
    pub(super) fn attribute(&mut self, name: &[u8], value: &[u8]) {
        let value = String::from_utf8_lossy(value);
        let value = value.trim();
        let number = || value.parse::<f64>().ok().filter(|n| n.is_finite());
        match name {
            b"x:num" | b"sdval" => self.number = number().or(self.number),
            b"x:str" if !value.is_empty() => self.text = Some(value.to_owned()),
            b"x:str" => self.is_text = true,
            b"sdnum" => {
                // LANGUAGE;EPOCH;FORMAT
                let format = value.splitn(3, ';').nth(2).unwrap_or_default();
                self.is_date |= is_date_format(format);
                self.is_text |= format == "@";
            }
            b"style" => {
                let format = value.split("mso-number-format:").nth(1).unwrap_or_default();
                let format = format.split(';').next().unwrap_or_default().trim();
                self.is_text |= format.trim_matches(['"', '\'', ' ']).trim_start_matches('\\') == "@";
                self.is_date |= is_date_format(format);
            }
            _ if CLAIMS.contains(&name) => self.claimed = number().or(self.claimed),
            _ => {}
        }
    }

    /// The cell that shows `shown`.
    pub(super) fn cell(self, shown: String) -> Cell {
        if let Some(text) = self.text {
            return cells::text(text);
        }
        if self.is_text {
            return cells::text(shown);
        }
        if let Some(number) = self.number {
            return of_number(number, shown, self.is_date);
        }
        match self.claimed {
            Some(number) if rounds_to(number, &shown) && !is_exactly(number, &shown) => cells::number(number),
            _ => cells::text(shown),
        }
    }
}

fn of_number(number: f64, shown: String, is_date: bool) -> Cell {
    let is_clock =
        shown.matches([':', '-', '/', '年', '月']).count() >= 2 && shown.contains(|c: char| c.is_ascii_digit());
    if is_date || (is_clock && plain(&shown).is_none()) {
        let cell = cells::of_days(number, false);
        // A format that cannot be seen (it stands in a style sheet): the day must show that it is one.
        let agrees = match &cell {
            Cell::Date(day) => is_date || shown.contains(&day.format("%Y").to_string()),
            Cell::DateTime(at) => is_date || shown.contains(&at.format("%Y").to_string()),
            _ => false,
        };
        return if agrees { cell } else { cells::text(shown) };
    }
    // Yes and no are stored as numbers too, and a format may put letters of a key before its digits.
    let letters = shown.chars().filter(|c| c.is_alphabetic()).count();
    let has_digits = shown.contains(|c: char| c.is_ascii_digit());
    let is_key = shown.contains(|c: char| c.is_ascii_alphabetic()) && plain(&shown).is_none();
    if (letters > 0 && !has_digits) || is_key || has_leading_zeros(&shown) || is_exactly(number, &shown) {
        return cells::text(shown);
    }
    cells::number(number)
}

/// `0026103101`: zeros that a format shows belong to a number.
fn has_leading_zeros(shown: &str) -> bool {
    shown.len() > 1 && shown.starts_with('0') && shown.bytes().all(|b| b.is_ascii_digit())
}

/// A number as people write it: signs of currency and grouping taken away.
fn plain(shown: &str) -> Option<String> {
    let upper = shown.to_uppercase();
    let bare = ["RMB", "CNY", "USD", "HKD", "EUR"].iter().fold(upper, |text, word| text.replace(word, ""));
    let bare = bare.replace(['¥', '￥', '$', '€', ',', '，', ' ', '\u{A0}', '元', '+'], "");
    let (negative, body) = match bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (true, inner.to_owned()),
        None => (false, bare),
    };
    body.parse::<f64>().ok().filter(|n| n.is_finite())?;
    Some(if negative { format!("-{body}") } else { body })
}

/// Whether what is shown is the very number: then its digits are not made binary, a long key's would suffer.
fn is_exactly(number: f64, shown: &str) -> bool {
    shown.parse() == Ok(number)
}

/// Whether what is shown is the number, rounded to the decimals shown.
fn rounds_to(number: f64, shown: &str) -> bool {
    let Some(text) = plain(shown) else { return false };
    let decimals = text.split_once('.').map_or(0, |(_, part)| part.len());
    let Ok(value) = text.parse::<f64>() else { return false };
    let unit = 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    // As exact as it is shown, or more so: 880 for 880.00 is no news.
    (number - value).abs() <= unit / 2.0 + 1e-9 && !has_leading_zeros(shown)
}

fn is_date_format(format: &str) -> bool {
    let mut quoted = false;
    let bare: String = format
        .chars()
        .filter(|c| {
            quoted ^= *c == '"';
            !quoted
        })
        .collect();
    let lower = bare.to_ascii_lowercase();
    !lower.contains("general")
        && !lower.contains('@')
        && ["yy", "dd", "hh", "h:", "m/d"].iter().any(|w| lower.contains(w))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn cell(attributes: &[(&str, &str)], shown: &str) -> Cell {
        let mut stored = Stored::default();
        attributes.iter().for_each(|(name, value)| stored.attribute(name.as_bytes(), value.as_bytes()));
        stored.cell(shown.to_owned())
    }

    #[test]
    fn the_stored_value_wins_over_the_shown_one() {
        assert_eq!(cell(&[("x:num", "1234.5")], "1,235"), Cell::Number(1234.5));
        assert_eq!(cell(&[("sdval", "56.7"), ("sdnum", "1033;0;\"¥\"#,##0")], "¥57"), Cell::Number(56.7));
        assert_eq!(cell(&[("x:num", "12345")], "1.23"), Cell::Number(12345.0));
        assert_eq!(cell(&[("x:num", "0")], ""), Cell::Number(0.0));
        assert_eq!(cell(&[("data-value", "56.7")], "57"), Cell::Number(56.7));
        assert_eq!(cell(&[("x:str", "0012")], "12"), Cell::Text("0012".into()));
    }

    #[test]
    fn what_only_looks_like_a_number_stays_as_shown() {
        let text = |s: &str| Cell::Text(s.into());
        assert_eq!(cell(&[("x:num", "")], "880.00"), text("880.00"));
        assert_eq!(cell(&[("x:num", "26103101")], "0026103101"), text("0026103101"));
        assert_eq!(cell(&[("x:num", "123")], "W00123"), text("W00123"));
        assert_eq!(cell(&[("sdval", "1"), ("sdnum", "1033;0;BOOLEAN")], "是"), text("是"));
        assert_eq!(cell(&[("x:num", "7"), ("style", "mso-number-format:'\\@'")], "007"), text("007"));
        assert_eq!(cell(&[("data-value", "3")], "微信"), text("微信"));
        assert_eq!(cell(&[("data-order", "20261020")], "2026-10-20"), text("2026-10-20"));
        assert_eq!(cell(&[], "x"), text("x"));
    }

    #[test]
    fn days_are_days() {
        let at = NaiveDate::from_ymd_opt(2026, 10, 31).and_then(|d| d.and_hms_opt(11, 20, 0)).expect("a real time");
        let stored = [("sdval", "46326.4722222222"), ("sdnum", "1033;0;YYYY-MM-DD HH:MM")];
        assert_eq!(cell(&stored, "2026-10-31 11:20"), Cell::DateTime(at));
        assert_eq!(cell(&[("x:num", "46326.4722222222")], "2026/10/31 11:20"), Cell::DateTime(at));
        assert_eq!(cell(&[("x:num", "5")], "1-2-3"), Cell::Text("1-2-3".into()));
    }
}
