//! The calendar: one row a day of the three years up to the reporting date.

use chrono::{Datelike, Days, NaiveDate};

use super::{Material, View, column, day};
use crate::model::{ColumnKind, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "calendar", grain: "one row a day", columns, rows };

/// Three years: this one, the same days of last year, and the twelve months before them.
const DAYS: u64 = 3 * 366;

fn columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Hours, Int};
    vec![
        column("date", Date, "日期", "Date"),
        column("days", Int, "天数", "Days"),
        column("open_hours", Hours, "营业小时", "Hours open"),
        column("bay_hours", Hours, "工位小时", "Bay hours"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let first = material.as_of.checked_sub_days(Days::new(DAYS)).unwrap_or(NaiveDate::MIN);
    let workshop = material.workshop;
    let row = |date: NaiveDate| {
        let open = if workshop.closed.contains(&date.weekday()) { 0 } else { workshop.hours_per_day_x100 };
        vec![day(Some(date)), Value::Int(1), Value::Int(open), Value::Int(open * workshop.bays)]
    };
    first.iter_days().take_while(|d| *d <= material.as_of).map(row).collect()
}
