//! Blocks of a sheet: lists, tables by dimensions, scorecards by periods.

mod list;
mod scorecard;
mod table;
mod targets;

pub use list::list;
pub use scorecard::scorecard;
pub use table::table;
pub use targets::Targets;

use super::figures::{Amount, Figures};
use super::frame::ViewColumn;
use super::spec::{Figure, Unit};
use crate::model::fen::divide_half_away;
use crate::model::sheet::{Cell, Kind};
use crate::model::{ColumnKind, Fen, Lang, Value};
use crate::spec::tables::Tables;

/// What every block is made from.
pub struct Place<'a, 'f> {
    pub figures: &'a Figures<'f>,
    pub tables: &'a Tables,
    pub as_of: chrono::NaiveDate,
    pub lang: Lang,
}

/// How a view's column is shown.
fn kind_of(column: &ViewColumn) -> Kind {
    match column.kind {
        ColumnKind::Text | ColumnKind::Word(_) | ColumnKind::Bool => Kind::Text,
        ColumnKind::Key => Kind::Key,
        ColumnKind::Fen => Kind::Money,
        ColumnKind::Hours => Kind::Hours,
        ColumnKind::Micro => Kind::Quantity,
        ColumnKind::Int => Kind::Count,
        ColumnKind::Date => Kind::Date,
        ColumnKind::Time => Kind::DateTime,
    }
}

/// A view's value as a cell: codes become words, phones are masked.
fn cell_of(column: &ViewColumn, value: &Value, tables: &Tables, lang: Lang) -> Cell {
    match (value, column.kind) {
        (Value::Null, _) => Cell::Empty,
        (Value::Text(code), ColumnKind::Word(list)) => Cell::Text(tables.lists[list].name(code, lang)),
        (Value::Text(text), ColumnKind::Key) => Cell::Key(text.clone()),
        (Value::Text(text), _) if column.name == "phone" => Cell::Text(masked(text)),
        (Value::Text(text), _) => Cell::Text(text.clone()),
        (Value::Int(fen), ColumnKind::Fen) => Cell::Money(Fen(*fen)),
        (Value::Int(hours), ColumnKind::Hours) => Cell::Hours(*hours),
        (Value::Int(quantity), ColumnKind::Micro) => Cell::Quantity(*quantity),
        (Value::Int(yes), ColumnKind::Bool) => {
            let word =
                if *yes == 1 { crate::model::Text::new("是", "yes") } else { crate::model::Text::new("否", "no") };
            Cell::Text(word.get(lang).to_owned())
        }
        (Value::Int(number), _) => Cell::Count(*number),
        (Value::Date(date), _) => Cell::Date(*date),
        (Value::Time(time), _) => Cell::DateTime(*time),
    }
}

/// 138****5678: only call lists show whole numbers.
fn masked(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().collect();
    if digits.len() < 8 {
        return phone.to_owned();
    }
    let hide = digits.len() - 8..digits.len() - 4;
    digits.iter().enumerate().map(|(i, c)| if hide.contains(&i) { '*' } else { *c }).collect()
}

/// How a figure is shown.
fn figure_kind(unit: Unit) -> Kind {
    match unit {
        Unit::Fen => Kind::Money,
        Unit::Hours => Kind::Hours,
        Unit::Count => Kind::Count,
        Unit::Quantity => Kind::Quantity,
        Unit::Rate => Kind::Rate,
        Unit::FenPerCount => Kind::MoneyRate,
        Unit::FenPerHour | Unit::HoursPerCount => Kind::Number,
        plain if plain.is_plain() => Kind::Number,
        _ => Kind::Mixed,
    }
}

/// A figure's amount as a cell; a rate whose denominator is 0 is not known.
fn figure_cell(figure: &Figure, amount: Amount) -> Cell {
    match amount {
        Amount::NotKnown | Amount::Ratio { denominator: 0, .. } => Cell::NotKnown,
        Amount::Ratio { numerator, denominator } => match figure.unit {
            Unit::FenPerCount => Cell::MoneyRate { numerator, denominator },
            // Fen per hundredth of an hour is yuan per hour.
            Unit::FenPerHour => Cell::Number { numerator, denominator, per: 1 },
            plain if plain.is_plain() => Cell::Number { numerator, denominator, per: 1 },
            Unit::HoursPerCount => Cell::Number { numerator, denominator, per: 100 },
            _ => Cell::Rate { numerator, denominator },
        },
        Amount::Whole(value) => match figure.unit {
            Unit::Fen => Cell::Money(Fen(value)),
            Unit::Hours => Cell::Hours(value),
            Unit::Quantity => Cell::Quantity(value),
            _ => Cell::Count(value),
        },
    }
}

/// A figure as a fraction, for comparisons: whole numbers over 1.
fn fraction(amount: Amount) -> Option<(i64, i64)> {
    match amount {
        Amount::NotKnown | Amount::Ratio { denominator: 0, .. } => None,
        Amount::Ratio { numerator, denominator } => Some((numerator, denominator)),
        Amount::Whole(value) => Some((value, 1)),
    }
}

/// One fraction ÷ another, as a rate cell in ten-thousandths; not known where the base is not positive.
fn share(amount: Amount, of: Amount) -> Option<i64> {
    let ((n, d), (base_n, base_d)) = (fraction(amount)?, fraction(of)?);
    let denominator = i128::from(d) * i128::from(base_n);
    if base_n <= 0 || denominator <= 0 {
        return None;
    }
    let numerator = (i128::from(n) * i128::from(base_d)).checked_mul(10_000)?;
    // Twice the numerator is formed where it is rounded.
    let is_small = numerator.checked_mul(2).is_some_and(|twice| twice.checked_add(denominator).is_some());
    if is_small { i64::try_from(divide_half_away(numerator, denominator)).ok() } else { None }
}

/// Change against a base: (now − then) ÷ then; not known where then is not positive.
fn change(now: Amount, then: Amount) -> Cell {
    rate_cell(share(now, then).and_then(|s| s.checked_sub(10_000)))
}

/// A rate in ten-thousandths as a cell.
fn rate_cell(rate: Option<i64>) -> Cell {
    rate.map_or(Cell::NotKnown, |numerator| Cell::Rate { numerator, denominator: 10_000 })
}

/// The reader's name of a column.
fn title(zh: &str, en: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}
