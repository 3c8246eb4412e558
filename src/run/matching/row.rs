//! One row of any table: its texts, amounts and dates by the place of a column.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveTime};

use crate::clean::units::Scale;
use crate::clean::{amounts, cells, dates, normal};
use crate::finding::Code;
use crate::model::fen::Decimal;
use crate::model::keys;
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

    /// In units of the rules' scale, or why it is none.
    fn amount(&self, place: usize, written: &Written) -> Result<i64, Code> {
        exact(&self.text(place), written)
    }

    fn date(&self, place: usize) -> Option<Date> {
        date_of(&self.text(place))
    }

    /// Whether a spreadsheet has rounded what identifies the row: a number of more digits than it keeps, or one that it
    /// shows as 9.88724E+11.
    fn is_damaged(&self, place: usize) -> bool {
        keys::is_scientific(&self.text(place))
    }
}

/// How the amounts of a column are written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Decimals that they may have at most.
    pub decimals: u32,
    pub mark: DecimalMark,
    /// What one of them is in yuan.
    pub unit: Scale,
}

impl Written {
    /// In whole units with a decimal point.
    pub fn plain(decimals: u32) -> Written {
        Written { decimals, mark: DecimalMark::Point, unit: Scale::PLAIN }
    }

    /// A number in units of the rules' scale, with whether it is exactly that.
    fn units(&self, number: Decimal) -> Result<(Decimal, i64, bool), Code> {
        let Scale::Times(times, parts) = self.unit else { return Err(Code::UnitRefused) };
        let number = cells::multiplied(number, times, parts).ok_or(Code::NumberTooLarge)?;
        let (units, is_exact) = number.to_units(self.decimals).map_err(|_| Code::NumberTooLarge)?;
        let whole = units.unsigned_abs() / 10_u64.pow(self.decimals.min(9));
        if whole < TOO_LARGE { Ok((number, units, is_exact)) } else { Err(Code::NumberTooLarge) }
    }
}

/// No amount is so large: a card number in its column is.
pub const TOO_LARGE: u64 = 10_000_000_000_000;

/// A text with no more decimals than the rules allow, but for zeros.
pub fn exact(text: &str, written: &Written) -> Result<i64, Code> {
    let plain = match written.mark {
        DecimalMark::Point => Cow::Borrowed(text),
        DecimalMark::Comma => with_point(text).ok_or(Code::NotAnAmount)?,
    };
    let number = amounts::number(&plain).map_err(|_| Code::NotAnAmount)?;
    let (_, units, is_exact) = written.units(number)?;
    if is_exact { Ok(units) } else { Err(Code::NotAnAmount) }
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
    fn amount(&self, place: usize, written: &Written) -> Result<i64, Code> {
        let Some(Cell::Number(value)) = self.cells.get(place) else { return exact(&self.text(place), written) };
        let number = amounts::from_cell(*value).map_err(|_| Code::NotAnAmount)?;
        let (number, units, is_exact) = written.units(number)?;
        let is_near = is_exact || !amounts::off_by_more_than_a_thousandth(number, units, written.decimals);
        if is_near { Ok(units) } else { Err(Code::NotAnAmount) }
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
            _ => keys::is_scientific(&self.text(place)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comma_is_read_where_the_rules_say_so() {
        let fen = |text: &str| exact(text, &Written { mark: DecimalMark::Comma, ..Written::plain(2) }).ok();
        assert_eq!(
            ["1.234,56", "-1.234.567,8", "12,5", "7", "1.000"].map(fen),
            [Some(123_456), Some(-123_456_780), Some(1_250), Some(700), Some(100_000)]
        );
        assert_eq!(["1,234.56", "1,2,3", "12.5", "1.23,4", "1,234"].map(fen), [None; 5]);
        assert_eq!(exact("1.234,56", &Written::plain(2)), Err(Code::NotAnAmount));
    }

    #[test]
    fn amounts_are_brought_to_yuan_and_absurd_ones_are_none() {
        let of = |text: &str, unit: Scale| exact(text, &Written { unit, ..Written::plain(2) });
        assert_eq!(of("123450", Scale::Times(1, 100)), Ok(123_450));
        assert_eq!(of("0.12345", Scale::Times(1_000_000, 100)), Ok(123_450));
        assert_eq!(of("1", Scale::Refused("USD".to_owned())), Err(Code::UnitRefused));
        for text in ["6222020200112233", "-92233720368547758.08"] {
            assert_eq!(of(text, Scale::PLAIN), Err(Code::NumberTooLarge), "{text}");
        }
        assert_eq!(
            (of("12.345", Scale::PLAIN), of("/", Scale::PLAIN)),
            (Err(Code::NotAnAmount), Err(Code::NotAnAmount))
        );
    }
}
