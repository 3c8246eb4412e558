//! Typed rows to frames and back. Whole numbers stay whole numbers: no amount becomes floating point here.

use chrono::{DateTime, NaiveDate};
use polars::prelude::*;

use crate::model::dates::epoch_days;
use crate::model::{ColumnKind, Value};

/// A column of a view, known before any data is read.
#[derive(Debug, Clone)]
pub struct ViewColumn {
    pub name: String,
    pub zh: String,
    pub en: String,
    pub kind: ColumnKind,
}

/// Rows of a view: one value a column.
pub type ViewRows = Vec<Vec<Value>>;

/// A frame with these columns in this order.
pub fn frame(columns: &[ViewColumn], rows: &[Vec<Value>]) -> PolarsResult<DataFrame> {
    let series: Vec<Column> = columns.iter().enumerate().map(|(at, column)| series(column, at, rows)).collect();
    DataFrame::new(rows.len(), series)
}

fn series(column: &ViewColumn, at: usize, rows: &[Vec<Value>]) -> Column {
    let name: PlSmallStr = column.name.as_str().into();
    let values = rows.iter().map(|row| &row[at]);
    match column.kind {
        ColumnKind::Text | ColumnKind::Key | ColumnKind::Word(_) => {
            let texts = values.map(|v| match v {
                Value::Text(text) => Some(text.as_str()),
                _ => None,
            });
            StringChunked::from_iter_options(name, texts).into_column()
        }
        ColumnKind::Date => {
            let days = values.map(|v| v.date().map(epoch_days));
            Int32Chunked::from_iter_options(name, days).into_date().into_column()
        }
        ColumnKind::Time => {
            let micros = values.map(|v| v.time().map(|t| t.and_utc().timestamp_micros()));
            Int64Chunked::from_iter_options(name, micros).into_datetime(TimeUnit::Microseconds, None).into_column()
        }
        ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Micro | ColumnKind::Int | ColumnKind::Bool => {
            Int64Chunked::from_iter_options(name, values.map(Value::int)).into_column()
        }
    }
}

/// The values of a frame's column, in the order of its rows.
pub fn values(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Value>> {
    let column = frame.column(name)?;
    let series = column.as_materialized_series();
    Ok(match series.dtype() {
        DataType::String => {
            series.str()?.iter().map(|t| t.map_or(Value::Null, |t| Value::Text(t.to_owned()))).collect()
        }
        DataType::Date => {
            let days = series.to_physical_repr().into_owned();
            days.i32()?.iter().map(|d| d.and_then(date_of).map_or(Value::Null, Value::Date)).collect()
        }
        DataType::Datetime(_, _) => {
            let micros = series.to_physical_repr().into_owned();
            let time = |m: i64| DateTime::from_timestamp_micros(m).map(|t| t.naive_utc());
            micros.i64()?.iter().map(|m| m.and_then(time).map_or(Value::Null, Value::Time)).collect()
        }
        _ => {
            let numbers = series.cast(&DataType::Int64)?;
            numbers.i64()?.iter().map(|n| n.map_or(Value::Null, Value::Int)).collect()
        }
    })
}

fn date_of(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days + 719_163)
}

/// A day as an expression.
pub fn day(date: NaiveDate) -> Expr {
    lit(epoch_days(date)).cast(DataType::Date)
}
