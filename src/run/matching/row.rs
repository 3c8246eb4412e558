//! One row of any table: its texts, amounts and dates by the place of a column.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveTime};

use crate::clean::{amounts, cells, dates, normal};
use crate::read::{Cell, RawRow, stream};
use crate::reconcile::matcher::DecimalMark;

/// A day, and the time of it where the row says one.
pub type Date = (NaiveDate, Option<NaiveTime>);

/// A row as it stands in a file.
pub trait PlainRow {
    /// Trimmed; empty where the row is shorter.
    fn text(&self, place: usize) -> Cow<'_, str>;

    /// Cells, or fields of a line.
    fn width(&self) -> usize;

    /// Fields as written, where a row's cells have no places of their own: a line of text.
    fn fields(&self) -> Option<usize>;

    /// Whether a line end stands behind it.
    fn is_ended(&self) -> bool;

    /// Bytes that it takes in its file, about; 0 where that is not known.
    fn bytes(&self) -> u64;

    /// In units of 10^-scale; `None` where it is no number or has more decimals.
    fn amount(&self, place: usize, scale: u32, mark: DecimalMark) -> Option<i64> {
        exact(&self.text(place), scale, mark)
    }

    fn date(&self, place: usize) -> Option<Date> {
        date_of(&self.text(place))
    }

    /// Whether a spreadsheet has rounded what identifies the row: a number of more digits than it keeps, or one that it
    /// shows as 9.88724E+11.
    fn is_damaged(&self, place: usize) -> bool {
        is_scientific(&self.text(place))
    }
}

/// A text with at most `scale` decimals that are not zero.
pub fn exact(text: &str, scale: u32, mark: DecimalMark) -> Option<i64> {
    let plain = match mark {
        DecimalMark::Point => Cow::Borrowed(text),
        DecimalMark::Comma => with_point(text)?,
    };
    match amounts::number(&plain).ok()?.to_units(scale).ok()? {
        (units, true) => Some(units).filter(|units| *units != i64::MIN), // its sign cannot be turned
        (_, false) => None,
    }
}

/// `1.234,56` with the marks of `1,234.56`; nothing where its points group no thousands.
fn with_point(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['.', ',']) {
        return Some(Cow::Borrowed(text));
    }
    let (whole, decimals) = text.split_once(',').map_or((text, None), |(whole, decimals)| (whole, Some(decimals)));
    let mut groups = whole.split('.').skip(1);
    let is_grouped = groups.all(|group| group.chars().take(3).filter(char::is_ascii_digit).count() == 3);
    if !is_grouped || decimals.is_some_and(|decimals| decimals.contains(['.', ','])) {
        return None;
    }
    let whole = whole.replace('.', ",");
    Some(Cow::Owned(decimals.map_or(whole.clone(), |decimals| format!("{whole}.{decimals}"))))
}

pub fn date_of(text: &str) -> Option<Date> {
    if text.is_empty() { None } else { dates::read(text).map(|read| (read.date, read.time)) }
}

/// `9.88724E+11`: one digit, decimals, a power of ten. Without decimals it is one only where it has its plus, since `2E5` may
/// be a name.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, power)) = text.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, decimals) = mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    let (has_plus, power) = power.strip_prefix('+').map_or((false, power), |power| (true, power));
    whole.len() == 1 && digits(whole) && digits(power) && decimals.map_or(has_plus, digits)
}

/// Numbers from which on a spreadsheet keeps no more than fifteen digits.
const FIFTEEN_DIGITS: f64 = 1e15;

impl PlainRow for stream::Record {
    fn text(&self, place: usize) -> Cow<'_, str> {
        let text = self.get(place).map_or("", stream::field);
        Cow::Borrowed(normal::trimmed(text))
    }

    fn width(&self) -> usize {
        self.len()
    }

    fn fields(&self) -> Option<usize> {
        Some(self.len())
    }

    fn is_ended(&self) -> bool {
        stream::Record::is_ended(self)
    }

    fn bytes(&self) -> u64 {
        stream::Record::bytes(self) as u64
    }
}

impl PlainRow for RawRow {
    fn text(&self, place: usize) -> Cow<'_, str> {
        match self.cells.get(place) {
            Some(Cell::Text(text)) => Cow::Borrowed(normal::trimmed(text)),
            Some(cell) => Cow::Owned(cells::text_of(cell)),
            None => Cow::Borrowed(""),
        }
    }

    fn width(&self) -> usize {
        self.cells.len()
    }

    fn fields(&self) -> Option<usize> {
        (self.width > 0).then_some(self.width as usize)
    }

    fn is_ended(&self) -> bool {
        true // the reader tells where a text is cut off
    }

    fn bytes(&self) -> u64 {
        0
    }

    /// A number cell may carry the residue of binary arithmetic; further off than a thousandth it is refused.
    fn amount(&self, place: usize, scale: u32, mark: DecimalMark) -> Option<i64> {
        let Some(Cell::Number(value)) = self.cells.get(place) else { return exact(&self.text(place), scale, mark) };
        let number = amounts::from_cell(*value).ok()?;
        let (units, is_exact) = number.to_units(scale).ok()?;
        (is_exact || !amounts::off_by_more_than_a_thousandth(number, units, scale)).then_some(units)
    }

    fn date(&self, place: usize) -> Option<Date> {
        match self.cells.get(place)? {
            Cell::Date(date) => Some((*date, None)),
            Cell::DateTime(time) => Some((time.date(), Some(time.time()))),
            Cell::Number(value) => dates::from_serial(*value).map(|time| (time.date(), Some(time.time()))),
            Cell::Text(text) => date_of(normal::trimmed(text)),
            _ => None,
        }
    }

    fn is_damaged(&self, place: usize) -> bool {
        match self.cells.get(place) {
            Some(Cell::Number(value)) => value.abs() >= FIFTEEN_DIGITS,
            _ => is_scientific(&self.text(place)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comma_is_read_where_the_rules_say_so() {
        let fen = |text: &str| exact(text, 2, DecimalMark::Comma);
        assert_eq!(
            ["1.234,56", "-1.234.567,8", "12,5", "7", "1.000"].map(fen),
            [Some(123_456), Some(-123_456_780), Some(1_250), Some(700), Some(100_000)]
        );
        assert_eq!(["1,234.56", "1,2,3", "12.5", "1.23,4", "1,234"].map(fen), [None; 5]);
        assert_eq!(exact("1.234,56", 2, DecimalMark::Point), None);
    }

    #[test]
    fn numbers_that_a_spreadsheet_has_rounded() {
        for text in ["9.88724E+11", "2.0261e+11", "1E+15", "9.88724E11"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["", "E", "2E5", "12E+4", "ABC1.2E+3", "9.88724E+11X", "1.E+3", "W2026E", "3.5E-2"] {
            assert!(!is_scientific(text), "{text}");
        }
    }
}
