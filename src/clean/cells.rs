//! One raw cell to one typed value, or the reason why not.

use super::amounts::Sign;
use super::direction::speaks_of_return;
use super::source::{ColumnSource, Unit};
use super::units::Scale;
use super::{amounts, dates, normal};
use crate::finding::{Code, Finding};
use crate::model::dates::first_of_month;
use crate::model::fen::{Decimal, divide_half_away};
use crate::model::forget::{Rule, forgets};
use crate::model::keys;
use crate::model::{Blanks, ColumnDef, ColumnKind, Value, WordList};
use crate::read::Cell;
use crate::spec::blanks;
use chrono::NaiveTime;

/// What became of a cell.
#[derive(Debug)]
pub enum Cleaned {
    Value(Value),
    /// A value, and something to say about it.
    Noted(Value, Finding),
    /// No value: the finding says why, and whether the row is rejected or only the cell left empty.
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

/// Whether a cell holds nothing, or a word for nothing of the program's own list. For what a row is; whether a column's cell
/// is empty is told by [`is_empty`].
pub fn is_blank(cell: &Cell) -> bool {
    says_nothing(cell, blanks::built_in())
}

fn says_nothing(cell: &Cell, blanks: &Blanks) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) | Cell::Error(text) => blanks.is_nothing(text),
        _ => false,
    }
}

/// Whether a column's cell counts as empty. A word that the column's own list knows means what the list says, and a look-up that
/// failed (`#N/A` as an error value) is no empty number.
pub fn is_empty(cell: &Cell, column: &ColumnDef, source: &ColumnSource, list: Option<&WordList>, of: &Blanks) -> bool {
    if !says_nothing(cell, of) {
        return false;
    }
    match cell {
        Cell::Text(text) => normal::trimmed(text).is_empty() || !knows(text, column, source, list),
        Cell::Error(_) => !column.kind.is_number(),
        _ => true,
    }
}

/// Whether a column has a meaning of its own for a word.
fn knows(text: &str, column: &ColumnDef, source: &ColumnSource, list: Option<&WordList>) -> bool {
    let word = normal::word(text);
    source.words.contains_key(&word)
        || match column.kind {
            ColumnKind::Bool => yes_or_no(&word).is_some(),
            ColumnKind::Word(_) => list.is_some_and(|list| code_of(text, &source.words, list).is_some()),
            _ => false,
        }
}

/// The value of a cell that is not empty.
///
/// `scale` is what the sheet says of the column's numbers.
pub fn clean(
    cell: &Cell,
    column: &ColumnDef,
    source: &ColumnSource,
    list: Option<&WordList>,
    scale: &Scale,
) -> Cleaned {
    match cell {
        Cell::Error(text) => return refused(Code::CellError, text, column),
        Cell::NoValue => return refused(Code::FormulaWithoutValue, "", column),
        _ => {}
    }
    match column.kind {
        ColumnKind::Text => text(cell, column, source),
        ColumnKind::Key => key(cell, column, source),
        ColumnKind::Fen => scaled(cell, column, source, scale, 2),
        ColumnKind::Hours => scaled(cell, column, source, scale, 2),
        ColumnKind::Micro => scaled(cell, column, source, scale, 6),
        ColumnKind::Int => scaled(cell, column, source, scale, 0),
        ColumnKind::Date if source.unit == Unit::Month => month(cell, column, source),
        ColumnKind::Date => time(cell, column, source, true),
        ColumnKind::Time => time(cell, column, source, false),
        ColumnKind::Bool => yes_no(cell, column),
        ColumnKind::Word(_) => word(cell, column, source, list),
    }
}

/// No value. A row stands without an optional cell, but not without what names it, its amount or its direction.
fn refused(code: Code, value: impl Into<String>, column: &ColumnDef) -> Cleaned {
    let keeps_row = column.may_be_lost();
    Cleaned::Refused { finding: Finding::new(code, value).with(&column.zh).leaving(keeps_row), keeps_row }
}

fn refused_with(code: Code, cell: &Cell, column: &ColumnDef, arg: &str) -> Cleaned {
    let keeps_row = column.may_be_lost();
    let finding = Finding::new(code, text_of(cell)).with(&column.zh).with(arg);
    Cleaned::Refused { finding: finding.leaving(keeps_row), keeps_row }
}

fn text(cell: &Cell, column: &ColumnDef, source: &ColumnSource) -> Cleaned {
    let shown = text_of(cell);
    if is_unknown_return(&shown, source) {
        let finding = Finding::new(Code::WordOfReturn, &shown).with(&column.zh);
        return Cleaned::Noted(Value::Text(shown), finding);
    }
    let text = in_own_words(shown, source);
    if column.zero_is_none {
        if is_zero(&text) {
            return Cleaned::Value(Value::Null);
        }
        if is_damaged(cell, &text) {
            return refused(Code::KeyDamaged, text, column);
        }
    }
    noted_if_decorated(non_empty(text), cell, column)
}

/// Columns that name a document of another export: what does not belong to the number keeps the two apart.
const REFERENCES: [&str; 9] = [
    "order_ref",
    "order_no",
    "order_id",
    "settlement_no",
    "reverses",
    "sale_no",
    "contract_no",
    "comeback_of",
    "reference",
];

/// The value as it is: nothing is cut off a number in silence, but that it bears more than a number is told.
fn noted_if_decorated(value: Value, cell: &Cell, column: &ColumnDef) -> Cleaned {
    if REFERENCES.contains(&column.name.as_str()) && keys::is_decorated(&keys::key(value.text())) {
        return Cleaned::Noted(value, Finding::new(Code::NumberDecorated, text_of(cell)).with(&column.zh));
    }
    Cleaned::Value(value)
}

/// `0`, `000`, `0.0`: a number that nobody has.
fn is_zero(text: &str) -> bool {
    text.starts_with('0') && text.bytes().all(|b| matches!(b, b'0' | b'.'))
}

/// Whether a number that names something has lost digits: beyond 15 a spreadsheet's number cell has rounded them away, and
/// scientific notation holds only the first few. One cell may hold several numbers.
fn is_damaged(cell: &Cell, text: &str) -> bool {
    if forgets(Rule::DamagedKey) {
        return false;
    }
    match cell {
        Cell::Number(number) => number.abs() >= 1e15,
        _ => text.contains(['E', 'e']) && text.split(['/', '、', ',', '，', ';', '；', ' ']).any(keys::is_scientific),
    }
}

/// The source's own code for a text, where it has one.
fn in_own_words(text: String, source: &ColumnSource) -> String {
    if source.words.is_empty() {
        return text;
    }
    source.words.get(&normal::word(&text)).cloned().unwrap_or(text)
}

/// Whether a column that has words of its own holds another one, and that speaks of something taken back.
fn is_unknown_return(text: &str, source: &ColumnSource) -> bool {
    let word = normal::word(text);
    let knows = || source.words.contains_key(&word) || source.words.values().any(|known| normal::word(known) == word);
    !source.words.is_empty() && speaks_of_return(&word) && !knows()
}

fn non_empty(text: String) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(text) }
}

fn key(cell: &Cell, column: &ColumnDef, source: &ColumnSource) -> Cleaned {
    let body = match cell {
        Cell::Text(text) => normal::key(text),
        other => normal::key(&text_of(other)),
    };
    if is_damaged(cell, &body) {
        return refused(Code::KeyDamaged, text_of(cell), column);
    }
    if column.zero_is_none && is_zero(&body) {
        return Cleaned::Value(Value::Null);
    }
    if source.prefix.is_empty() && source.suffix.is_empty() {
        return noted_if_decorated(non_empty(body), cell, column);
    }
    Cleaned::Value(Value::Text(format!("{}{body}{}", source.prefix, source.suffix)))
}

/// A decimal number of a cell, exactly.
pub fn decimal(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Number(number) => amounts::from_cell(*number).ok(),
        Cell::Text(text) => amounts::number(text).ok(),
        Cell::Date(date) => dates::as_number(date.and_hms_opt(0, 0, 0)?),
        Cell::DateTime(time) => dates::as_number(*time),
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

fn scaled(cell: &Cell, column: &ColumnDef, source: &ColumnSource, scale: &Scale, decimals: u32) -> Cleaned {
    let wrong = if column.kind == ColumnKind::Fen { Code::NotAnAmount } else { Code::NotANumber };
    let percent = if column.kind == ColumnKind::Micro { percentage(cell) } else { None };
    let Some(number) = percent.or_else(|| decimal(cell)) else { return refused(wrong, text_of(cell), column) };
    let number = match scale {
        _ if forgets(Rule::Unit) => Some(number),
        Scale::Refused(word) => return refused_with(Code::UnitRefused, cell, column, word),
        Scale::Times(1, 1) => Some(number),
        // The cell says 元, the heading another unit: one of them is wrong.
        Scale::Times(..) if matches!(cell, Cell::Text(text) if amounts::says_its_unit(text)) => {
            return refused(wrong, text_of(cell), column);
        }
        Scale::Times(times, parts) => multiplied(number, *times, *parts),
    };
    let too_large = || refused_with(Code::NumberTooLarge, cell, column, &bound(column.kind).to_string());
    let Some((units, exact)) = number.and_then(|n| n.to_units(decimals).ok()) else { return too_large() };
    if units.unsigned_abs() / 10_u64.pow(decimals) >= bound(column.kind) {
        return too_large();
    }
    let rounded = !exact
        && column.kind == ColumnKind::Fen
        && match (cell, number) {
            (Cell::Number(_), Some(number)) => amounts::off_by_more_than_a_thousandth(number, units, 2),
            (Cell::Date(_) | Cell::DateTime(_), _) => false,
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

/// The fen of an amount, or why it is none.
pub fn fen(cell: &Cell, scale: &Scale) -> Result<i64, Code> {
    let number = decimal(cell).ok_or(Code::NotAnAmount)?;
    let Scale::Times(times, parts) = scale else { return Err(Code::UnitRefused) };
    let fen = multiplied(number, *times, *parts).and_then(|n| n.to_units(2).ok()).map(|(fen, _)| fen);
    fen.filter(|fen| fen.unsigned_abs() / 100 < bound(ColumnKind::Fen)).ok_or(Code::NumberTooLarge)
}

/// A number in another unit, kept to a ten-thousandth of the parts before the one rounding of its column; exact for powers of ten.
pub fn multiplied(number: Decimal, times: i128, parts: i128) -> Option<Decimal> {
    let mantissa = number.mantissa.checked_mul(times)?;
    match parts {
        1 => Some(Decimal { mantissa, ..number }),
        100 => Some(Decimal { mantissa, scale: number.scale + 2 }),
        _ => {
            let fine = mantissa.checked_mul(10_000).filter(|fine| fine.unsigned_abs() < 1 << 120)?;
            Some(Decimal { mantissa: divide_half_away(fine, parts), scale: number.scale + 4 })
        }
    }
}

/// No number of its kind is so large; a card number, a telephone or a number of an order in the wrong column is. Ten million
/// amounts below it, added up, stay far inside the range of [`crate::model::Fen`].
fn bound(kind: ColumnKind) -> u64 {
    match kind {
        ColumnKind::Hours => 1_000_000,
        ColumnKind::Int => 1_000_000_000_000,
        _ => 1_000_000_000,
    }
}

fn time(cell: &Cell, column: &ColumnDef, source: &ColumnSource, day_only: bool) -> Cleaned {
    if is_day_zero(cell) {
        return Cleaned::Value(Value::Null);
    }
    let read = |text: &str| dates::read_as(text, source.dates).map(dates::Read::at);
    let read = match cell {
        Cell::Date(date) if dates::plausible(*date) => date.and_hms_opt(0, 0, 0),
        Cell::DateTime(time) if dates::plausible(time.date()) => Some(*time),
        Cell::Number(number) => dates::from_serial(*number).or_else(|| read(&number.to_string())),
        Cell::Text(text) => read(text).or_else(|| dates::from_serial_text(text)),
        _ => None,
    };
    match read {
        Some(time) if day_only => Cleaned::Value(Value::Date(time.date())),
        Some(time) => Cleaned::Value(Value::Time(time)),
        None if forgets(Rule::BadDate) => Cleaned::Value(Value::Null),
        None => refused(Code::NotADate, text_of(cell), column),
    }
}

/// Day 0 of a spreadsheet, or the day with which systems fill an empty date.
fn is_day_zero(cell: &Cell) -> bool {
    match cell {
        Cell::Number(number) => *number == 0.0,
        Cell::Date(date) => dates::is_day_zero(*date),
        Cell::DateTime(time) => dates::is_day_zero(time.date()) && time.time() == NaiveTime::MIN,
        Cell::Text(text) => matches!(normal::trimmed(text), "0" | "0.0" | "00"),
        _ => false,
    }
}

/// The first day of a month, whether the cell says a month or a day of it.
fn month(cell: &Cell, column: &ColumnDef, source: &ColumnSource) -> Cleaned {
    if let Some(first) = dates::month(&text_of(cell)) {
        return Cleaned::Value(Value::Date(first));
    }
    match time(cell, column, source, true) {
        Cleaned::Value(Value::Date(day)) => Cleaned::Value(Value::Date(first_of_month(day))),
        other => other,
    }
}

/// Whether a cell holds a time of day and no day.
pub fn is_clock(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => text.contains([':', '：', '时']) && dates::time_of_day(text).is_some(),
        Cell::Number(part) => *part > 0.0 && *part < 1.0,
        Cell::DateTime(time) => dates::is_day_zero(time.date()),
        _ => false,
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
    match yes_or_no(&normal::word(&text_of(cell))) {
        Some(yes) => Cleaned::Value(Value::Int(i64::from(yes))),
        None => refused(Code::NotYesNo, text_of(cell), column),
    }
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "是" | "Y" | "YES" | "TRUE" | "1" | "√" | "有" | "合格" | "通过" | "已接通" | "接通" | "已到店" | "到店"
        | "已访" | "✓" | "在" | "在厂" => Some(true),
        "否" | "N" | "NO" | "FALSE" | "0" | "×" | "X" | "无" | "不合格" | "未通过" | "未接通" | "未接" | "未到店"
        | "未进厂" | "✗" | "不在" | "不在厂" => Some(false),
        _ => None,
    }
}

fn word(cell: &Cell, column: &ColumnDef, source: &ColumnSource, list: Option<&WordList>) -> Cleaned {
    let text = text_of(cell);
    let Some(list) = list else { return Cleaned::Value(non_empty(text)) };
    match code_of(&text, &source.words, list) {
        Some(code) => Cleaned::Value(non_empty(code)),
        None if forgets(Rule::UnknownWord) => Cleaned::Value(Value::Null),
        None => {
            let known: Vec<&str> = list.words.iter().map(|w| w.zh.as_str()).collect();
            refused_with(Code::UnknownWord, cell, column, &known.join("、"))
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
    let exact = list.words.iter().find(|w| is(&w.zh) || is(&w.code) || is(&w.en) || w.also.iter().any(|a| is(a)));
    // `*二级*`: any word that holds it, where no list has the word itself.
    let holds = |also: &String| {
        let part = also.strip_prefix('*').and_then(|rest| rest.strip_suffix('*'));
        part.is_some_and(|part| !part.is_empty() && word.contains(part))
    };
    let found = exact.or_else(|| list.words.iter().find(|w| w.also.iter().any(holds)));
    found.map(|w| w.code.clone())
}
