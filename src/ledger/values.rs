//! Values as the database holds them, read back.

use chrono::{NaiveDate, NaiveDateTime};
use rusqlite::types::ValueRef;

use crate::model::{ColumnKind, Value};

/// A column's value by its kind.
pub fn value_of(value: ValueRef<'_>, kind: ColumnKind) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes).unwrap_or_default(); // written from a string
            match kind {
                ColumnKind::Date => date_of(text).map_or(Value::Null, Value::Date),
                ColumnKind::Time => time_of(text).map_or(Value::Null, Value::Time),
                _ => Value::Text(text.to_owned()),
            }
        }
        _ => Value::Null,
    }
}

/// `2026-10-31`, by hand: dates are most of what is read back.
fn date_of(text: &str) -> Option<NaiveDate> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)
}

fn time_of(text: &str) -> Option<NaiveDateTime> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    date_of(text)?.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)
}
