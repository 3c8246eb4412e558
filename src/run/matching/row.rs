//! One row of any table: its texts, amounts and dates by the place of a column.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::clean::{amounts, cells, dates, normal};
use crate::read::{Cell, RawRow, stream};

/// A row as it stands in a file.
pub trait PlainRow {
    /// Trimmed; empty where the row is shorter.
    fn text(&self, place: usize) -> Cow<'_, str>;

    /// In units of 10^-scale; `None` where it is no number or has more decimals.
    fn amount(&self, place: usize, scale: u32) -> Option<i64> {
        exact(&self.text(place), scale)
    }

    fn date(&self, place: usize) -> Option<NaiveDate> {
        let text = self.text(place);
        if text.is_empty() { None } else { dates::read(&text).map(|read| read.date) }
    }
}

/// A text with at most `scale` decimals that are not zero.
pub fn exact(text: &str, scale: u32) -> Option<i64> {
    match amounts::number(text).ok()?.to_units(scale).ok()? {
        (units, true) => Some(units).filter(|units| *units != i64::MIN), // its sign cannot be turned
        (_, false) => None,
    }
}

impl PlainRow for stream::Record {
    fn text(&self, place: usize) -> Cow<'_, str> {
        let text = self.get(place).map_or("", stream::field);
        Cow::Borrowed(normal::trimmed(text))
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

    /// A number cell may carry the residue of binary arithmetic; further off than a thousandth it is refused.
    fn amount(&self, place: usize, scale: u32) -> Option<i64> {
        let Some(Cell::Number(value)) = self.cells.get(place) else { return exact(&self.text(place), scale) };
        let number = amounts::from_cell(*value).ok()?;
        let (units, is_exact) = number.to_units(scale).ok()?;
        (is_exact || !amounts::off_by_more_than_a_thousandth(number, units, scale)).then_some(units)
    }

    fn date(&self, place: usize) -> Option<NaiveDate> {
        match self.cells.get(place)? {
            Cell::Date(date) => Some(*date),
            Cell::DateTime(time) => Some(time.date()),
            Cell::Number(value) => dates::from_serial(*value).map(|time| time.date()),
            Cell::Text(text) => dates::read(text).map(|read| read.date),
            _ => None,
        }
    }
}
