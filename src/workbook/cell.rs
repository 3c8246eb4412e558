//! One cell of a table: what it prints, how wide that is, and writing it.

use std::borrow::Cow;

use rust_xlsxwriter::{Url, Worksheet, XlsxError};

use super::Shared;
use super::figure;
use super::names::link_target;
use super::styles::{Look, Part};
use super::text::{clean, looks_like_formula, width};
use crate::model::sheet::{Cell, Kind, Light};

/// Printed where something belongs and is not known.
pub const UNKNOWN: &str = "–";
/// Width of a drawn trend.
const TREND_CHARS: usize = 16;
/// Excel holds 65,530 links a sheet; a jump in every row of a longer list is no help anyway.
const MOST_LINKED_ROWS: u32 = 10_000;

/// What a cell comes down to in a spreadsheet.
#[derive(Debug, PartialEq)]
pub enum Printed<'a> {
    Nothing,
    Number(f64, Look),
    Text(Cow<'a, str>, Look),
    Link { sheet: &'a str, text: Cow<'a, str> },
    Trend(&'a [Option<f64>]),
}

pub fn printed(cell: &Cell) -> Printed<'_> {
    let unknown = || Printed::Text(Cow::Borrowed(UNKNOWN), Look::Unknown);
    match cell {
        Cell::Empty => Printed::Nothing,
        Cell::NotKnown => unknown(),
        Cell::Text(text) => {
            let text = clean(text);
            let look = if text.chars().count() > 255 { Look::LongText } else { Look::Text };
            Printed::Text(text, look)
        }
        Cell::Key(text) => Printed::Text(clean(text), Look::Key),
        Cell::Light(light, word) => Printed::Text(Cow::Owned(light_text(word)), Look::Light(*light)),
        Cell::Link { sheet, text } => Printed::Link { sheet, text: clean(text) },
        Cell::Trend(values) if values.iter().flatten().any(|value| value.is_finite()) => Printed::Trend(values),
        Cell::Trend(_) => unknown(),
        Cell::Date(date) => dated(cell, Look::Date, || date.to_string()),
        Cell::DateTime(time) => dated(cell, Look::DateTime, || time.to_string()),
        _ => match figure::number(cell) {
            Some(number) => Printed::Number(number, number_look(cell)),
            None => unknown(),
        },
    }
}

/// The word of a light with a spot before it, so that it is seen without its colour too.
pub fn light_text(word: &str) -> String {
    clean(&format!("● {word}")).into_owned()
}

/// A day outside Excel's calendar is printed as text: the reader sees what the source says.
fn dated<'a>(cell: &Cell, look: Look, text: impl Fn() -> String) -> Printed<'a> {
    match figure::number(cell) {
        Some(number) => Printed::Number(number, look),
        None => Printed::Text(Cow::Owned(text()), Look::Key),
    }
}

fn number_look(cell: &Cell) -> Look {
    match cell {
        Cell::Count(_) => Look::Whole,
        Cell::Money(_) => Look::Money,
        Cell::Quantity(micro) if micro % 1_000_000 == 0 => Look::Whole,
        Cell::Quantity(_) => Look::Fraction,
        Cell::Rate { .. } => Look::Rate,
        // A quotient of money below zero is as red as the money it is made of.
        Cell::MoneyRate { .. } => Look::Money,
        _ => Look::Number,
    }
}

/// How a number of this column looks where no cell says it, e.g. in a total.
pub fn column_look(kind: Kind) -> Look {
    match kind {
        Kind::Count => Look::Whole,
        Kind::Money | Kind::MoneyRate => Look::Money,
        Kind::Quantity => Look::Fraction,
        Kind::Rate => Look::Rate,
        Kind::Date => Look::Date,
        Kind::DateTime => Look::DateTime,
        _ => Look::Number,
    }
}

/// Characters a printed cell takes.
pub fn printed_width(printed: &Printed) -> usize {
    match printed {
        Printed::Nothing => 0,
        Printed::Number(number, look) => number_width(*number, *look),
        Printed::Text(text, _) | Printed::Link { text, .. } => width(text),
        Printed::Trend(_) => TREND_CHARS,
    }
}

pub fn number_width(number: f64, look: Look) -> usize {
    let grouped = |number: f64| {
        let digits = (number.abs().max(1.0).log10().floor() + 1.0) as usize;
        digits + (digits - 1) / 3 + usize::from(number < 0.0)
    };
    match look {
        Look::Whole => grouped(number),
        Look::Rate => grouped(number * 100.0) + 4,
        Look::Date => 10,
        Look::DateTime => 16,
        Look::Fraction => grouped(number) + 4,
        _ => grouped(number) + 3,
    }
}

/// Writes one cell with the format of its own kind.
pub fn put(
    sheet: &mut Worksheet,
    shared: &mut Shared,
    at: (u32, u16),
    cell: &Cell,
    part: Part,
) -> Result<(), XlsxError> {
    let (row, column) = at;
    match printed(cell) {
        Printed::Nothing => {
            sheet.write_blank(row, column, shared.styles.cell(Look::Empty, part, false))?;
        }
        Printed::Number(number, look) => {
            sheet.write_number_with_format(row, column, number, shared.styles.cell(look, part, false))?;
        }
        Printed::Text(text, look) => put_text(sheet, shared, at, &text, look, part)?,
        Printed::Link { sheet: target, text } => put_link(sheet, shared, at, target, &text, part)?,
        Printed::Trend(values) => {
            sheet.write_blank(row, column, shared.styles.cell(Look::Empty, part, false))?;
            let line = shared.trends.draw(values);
            sheet.add_sparkline(row, column, &line)?;
        }
    }
    Ok(())
}

fn put_text(
    sheet: &mut Worksheet,
    shared: &mut Shared,
    (row, column): (u32, u16),
    text: &str,
    look: Look,
    part: Part,
) -> Result<(), XlsxError> {
    let format = shared.styles.cell(look, part, looks_like_formula(text));
    sheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}

/// A jump, or plain text where there is no such sheet (or no room for more jumps).
fn put_link(
    sheet: &mut Worksheet,
    shared: &mut Shared,
    at: (u32, u16),
    target: &str,
    text: &str,
    part: Part,
) -> Result<(), XlsxError> {
    let Some(target) = shared.names.resolve(target).filter(|_| at.0 < MOST_LINKED_ROWS && !text.is_empty()) else {
        return put_text(sheet, shared, at, text, Look::Text, part);
    };
    let url = Url::new(link_target(target)).set_text(text);
    let format = shared.styles.cell(Look::Link, part, looks_like_formula(text));
    sheet.write_url_with_format(at.0, at.1, url, format)?;
    Ok(())
}

/// A note as it prints: one with a light bears the spot too.
pub fn note_text(text: &str, light: Option<Light>) -> Cow<'_, str> {
    match light {
        Some(_) => Cow::Owned(light_text(text)),
        None => clean(text),
    }
}
