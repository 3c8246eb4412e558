//! The calendar: one row a day from the month of the shop's first order up to the reporting date.

use chrono::{Datelike, NaiveDate};

use super::{Material, View, column, day, facts};
use crate::model::dates::first_of_month;
use crate::model::{ColumnKind, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "calendar", grain: "one row a day", columns, rows };

fn columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Hours, Int};
    vec![
        column("date", Date, "日期", "Date"),
        column("days", Int, "天数", "Days"),
        column("open_hours", Hours, "营业小时", "Hours open"),
        column("bay_hours", Hours, "工位小时", "Bay hours"),
        column("bays_from", Date, "工位数已知的日期", "Day whose bays are known"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    // Before its first order nothing is known of a shop, nor how many hours it was open; of its first month all is.
    let facts = facts(material);
    let opened = facts.orders.iter().filter_map(|o| o.opened_at).min();
    let settled = facts.settlements.iter().filter_map(|s| s.settled_at).min();
    let first = first_of_month(opened.or(settled).map_or(material.as_of, |t| t.date()));
    let workshop = material.workshop;
    let row = |date: NaiveDate| {
        let open = if workshop.closed.contains(&date.weekday()) { 0 } else { workshop.hours_per_day_x100 };
        let bays_from = day((workshop.bays > 0).then_some(date));
        vec![day(Some(date)), Value::Int(1), Value::Int(open), Value::Int(open * workshop.bays), bays_from]
    };
    first.iter_days().take_while(|d| *d <= material.as_of).map(row).collect()
}
