//! One raw cell to one typed value, or the reason why not.

use super::source::{ColumnSource, Sign, Unit};
use super::{amounts, dates, normal};
use crate::finding::{Code, Finding};
use crate::model::dates::first_of_month;
use crate::model::fen::Decimal;
use crate::model::{ColumnDef, ColumnKind, Value, WordList};
use crate::read::Cell;
use chrono::NaiveTime;

/// What became of a cell.
#[derive(Debug)]
pub enum Cleaned {
    Value(Value),
    /// A value, and something to say about it.
    Noted(Value, Finding),
    /// No value: the finding says why. The row is rejected unless the column may be empty (`keeps_row`).
    Refused {
        finding: Finding,
        keeps_row: bool,
    },
}

/// The text of a cell as a person sees it.
pub fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Empty | Cell::NoValue => String::new(),
        Cell::Text(text) => normal::trimmed(text).to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::DateTime(time) => time.to_string(),
        Cell::Bool(true) => "是".to_owned(),
        Cell::Bool(false) => "否".to_owned(),
        Cell::Error(text) => text.clone(),
    }
}

/// Whether a cell holds nothing, or only blanks or a dash.
pub fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => matches!(normal::trimmed(text), "" | "-" | "—" | "–" | "——"),
        _ => false,
    }
}

/// The value of a cell that is not blank.
pub fn clean(cell: &Cell, column: &ColumnDef, source: &ColumnSource, list: Option<&WordList>) -> Cleaned {
    match cell {
        Cell::Error(text) => {
            return refused(Finding::new(Code::CellError, text).with(&column.zh), may_be_empty(column));
        }
        Cell::NoValue => return refused(Finding::new(Code::FormulaWithoutValue, ""), may_be_empty(column)),
        _ => {}
    }
    match column.kind {
        ColumnKind::Text => Cleaned::Value(non_empty(in_own_words(text_of(cell), source))),
        ColumnKind::Key => key(cell, column, source),
        ColumnKind::Fen => scaled(cell, column, source, 2),
        ColumnKind::Hours => scaled(cell, column, source, 2),
        ColumnKind::Micro => scaled(cell, column, source, 6),
        ColumnKind::Int => scaled(cell, column, source, 0),
        ColumnKind::Date if source.unit == Unit::Month => month(cell, column),
        ColumnKind::Date => time(cell, column, true),
        ColumnKind::Time => time(cell, column, false),
        ColumnKind::Bool => yes_no(cell, column),
        ColumnKind::Word(_) => word(cell, column, source, list),
    }
}

/// Whether a row can stand without this cell: not without what names it, and never with an amount taken as 0.
fn may_be_empty(column: &ColumnDef) -> bool {
    use ColumnKind::{Bool, Date, Int, Text, Time};
    !column.required && matches!(column.kind, Text | Int | Date | Time | Bool)
}

fn refused(finding: Finding, keeps_row: bool) -> Cleaned {
    Cleaned::Refused { finding, keeps_row }
}

/// The source's own code for a text, where it has one.
fn in_own_words(text: String, source: &ColumnSource) -> String {
    if source.words.is_empty() {
        return text;
    }
    source.words.get(&normal::word(&text)).cloned().unwrap_or(text)
}

fn non_empty(text: String) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(text) }
}

fn key(cell: &Cell, column: &ColumnDef, source: &ColumnSource) -> Cleaned {
    if let Cell::Number(number) = cell {
        // Beyond 15 digits a spreadsheet's number has already lost its last digits.
        if number.abs() >= 1e15 {
            return refused(Finding::new(Code::KeyDamaged, number.to_string()).with(&column.zh), false);
        }
    }
    let body = match cell {
        Cell::Text(text) => normal::key(text),
        other => normal::key(&text_of(other)),
    };
    if source.prefix.is_empty() && source.suffix.is_empty() {
        return Cleaned::Value(non_empty(body));
    }
    Cleaned::Value(Value::Text(format!("{}{body}{}", source.prefix, source.suffix)))
}

/// A decimal number of a cell, exactly.
pub fn decimal(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Number(number) => amounts::from_cell(*number).ok(),
        Cell::Text(text) => amounts::number(normal::trimmed(text)).ok(),
        _ => None,
    }
}

/// `3%`, `３．５％`: a share of one, only where a plain quantity is expected.
fn percentage(cell: &Cell) -> Option<Decimal> {
    let Cell::Text(text) = cell else { return None };
    let body = normal::trimmed(text).strip_suffix(['%', '％'])?;
    let number = amounts::number(body).ok()?;
    Some(Decimal { scale: number.scale + 2, ..number })
}

fn scaled(cell: &Cell, column: &ColumnDef, source: &ColumnSource, decimals: u32) -> Cleaned {
    let wrong = if column.kind == ColumnKind::Fen { Code::NotAnAmount } else { Code::NotANumber };
    let bad = || refused(Finding::new(wrong, text_of(cell)).with(&column.zh), may_be_empty(column));
    let percent = if column.kind == ColumnKind::Micro { percentage(cell) } else { None };
    let Some(mut number) = percent.or_else(|| decimal(cell)) else { return bad() };
    match source.unit {
        Unit::Plain | Unit::Month => {}
        Unit::TenThousand => number.mantissa = number.mantissa.saturating_mul(10_000),
        // Minutes become hours: 1/60, kept exact to the ten-thousandth before the one rounding below.
        Unit::Minutes => {
            number.mantissa = crate::model::fen::divide_half_away(number.mantissa.saturating_mul(10_000), 60);
            number.scale += 4;
        }
    }
    let Ok((units, exact)) = number.to_units(decimals) else { return bad() };
    let rounded = !exact
        && column.kind == ColumnKind::Fen
        && match cell {
            Cell::Number(_) => amounts::off_by_more_than_a_thousandth(number, units, 2),
            _ => true,
        };
    let units = match source.sign {
        None if source.negate => -units,
        None => units,
        Some(Sign::Plus) => units.abs(),
        Some(Sign::Minus) => -units.abs(),
    };
    if rounded {
        return Cleaned::Noted(Value::Int(units), Finding::new(Code::AmountRounded, text_of(cell)).with(&column.zh));
    }
    Cleaned::Value(Value::Int(units))
}

fn time(cell: &Cell, column: &ColumnDef, day_only: bool) -> Cleaned {
    let read = match cell {
        Cell::Date(date) if dates::plausible(*date) => date.and_hms_opt(0, 0, 0),
        Cell::DateTime(time) if dates::plausible(time.date()) => Some(*time),
        Cell::Number(number) => {
            dates::from_serial(*number).or_else(|| dates::read(&number.to_string()).map(dates::Read::at))
        }
        Cell::Text(text) => dates::read(text).map(dates::Read::at),
        _ => None,
    };
    match read {
        Some(time) if day_only => Cleaned::Value(Value::Date(time.date())),
        Some(time) => Cleaned::Value(Value::Time(time)),
        None => refused(Finding::new(Code::NotADate, text_of(cell)).with(&column.zh), may_be_empty(column)),
    }
}

/// The first day of a month, whether the cell says a month or a day of it.
fn month(cell: &Cell, column: &ColumnDef) -> Cleaned {
    if let Some(first) = dates::month(&text_of(cell)) {
        return Cleaned::Value(Value::Date(first));
    }
    match time(cell, column, true) {
        Cleaned::Value(Value::Date(day)) => Cleaned::Value(Value::Date(first_of_month(day))),
        other => other,
    }
}

/// The time of day that stands in a cell of its own.
pub fn time_of_day(cell: &Cell) -> Option<NaiveTime> {
    match cell {
        Cell::Text(text) => dates::time_of_day(text),
        Cell::DateTime(time) => Some(time.time()),
        // A part of a day, as a spreadsheet keeps it, or digits (83015) that became a number.
        Cell::Number(part) if (0.0..1.0).contains(part) => dates::part_of_day(*part),
        Cell::Number(digits) => dates::time_of_day(&digits.to_string()),
        _ => None,
    }
}

fn yes_no(cell: &Cell, column: &ColumnDef) -> Cleaned {
    match normal::word(&text_of(cell)).as_str() {
        "是" | "Y" | "YES" | "TRUE" | "1" | "√" | "有" | "合格" | "通过" | "已接通" | "接通" | "已到店" | "到店"
        | "已访" | "✓" | "在" | "在厂" => Cleaned::Value(Value::Int(1)),
        "否" | "N" | "NO" | "FALSE" | "0" | "×" | "X" | "无" | "不合格" | "未通过" | "未接通" | "未接" | "未到店"
        | "未进厂" | "✗" | "不在" | "不在厂" => Cleaned::Value(Value::Int(0)),
        _ => refused(Finding::new(Code::NotYesNo, text_of(cell)).with(&column.zh), may_be_empty(column)),
    }
}

fn word(cell: &Cell, column: &ColumnDef, source: &ColumnSource, list: Option<&WordList>) -> Cleaned {
    let text = text_of(cell);
    let Some(list) = list else { return Cleaned::Value(non_empty(text)) };
    match code_of(&text, &source.words, list) {
        Some(code) => Cleaned::Value(non_empty(code)),
        None => {
            let known: Vec<&str> = list.words.iter().map(|w| w.zh.as_str()).collect();
            refused(Finding::new(Code::UnknownWord, text).with(&column.zh).with(known.join("、")), false)
        }
    }
}

/// The code for a word: the source's own words first, then the list's names and spellings.
pub fn code_of(text: &str, own: &std::collections::BTreeMap<String, String>, list: &WordList) -> Option<String> {
    let word = normal::word(text);
    if let Some(code) = own.get(&word) {
        return Some(code.clone());
    }
    let is = |name: &str| normal::word(name) == word;
    let found = list.words.iter().find(|w| is(&w.zh) || is(&w.code) || is(&w.en) || w.also.iter().any(|a| is(a)));
    found.map(|w| w.code.clone())
}
