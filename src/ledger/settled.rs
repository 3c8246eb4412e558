//! The days on which orders were settled: lines of labour and parts have no date of their own that every export tells.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::facts::History;
use crate::clean::dates;
use crate::model::dates::last_of_month;
use crate::model::{Row, TableDef, Value};

/// Days of settlement by the order's number or internal key, in order.
pub struct Settled<'a> {
    days: HashMap<&'a str, Vec<NaiveDate>>,
}

impl<'a> Settled<'a> {
    pub fn new(history: &'a History<'_>) -> Settled<'a> {
        let mut days: HashMap<&str, Vec<NaiveDate>> = HashMap::new();
        if let Some((table, date)) = history.tables().get("settlements").and_then(|t| Some((t, t.date?))) {
            let orders: Vec<usize> = ["order_id", "order_no"].iter().filter_map(|name| table.column(name)).collect();
            for version in history.versions(&table.id) {
                let Some(day) = version.row.values[date].date() else { continue };
                for order in orders.iter().map(|at| version.row.values[*at].text()).filter(|text| !text.is_empty()) {
                    days.entry(order).or_default().push(day);
                }
            }
        }
        days.values_mut().for_each(|days| {
            days.sort_unstable();
            days.dedup();
        });
        Settled { days }
    }

    /// The day from which a row is counted, as an export of some date shows it: its own, or that of its order's newest
    /// settlement where that is earlier; of a row that only names a month, the month's last.
    pub fn day(&self, table: &TableDef, row: &Row, exported: Option<NaiveDate>) -> Option<NaiveDate> {
        let own = match (table.date, table.reported_with) {
            (Some(at), _) => row.values[at].date(),
            (None, Some(at)) => month_of(&row.values[at]).map(last_of_month),
            // What holds until further notice (rates) is told from the day of its export on.
            (None, None) => exported.filter(|_| !is_line(table)),
        };
        own.into_iter().chain(self.up_to(table, row, exported).last().copied()).min()
    }

    /// The day on which a line's order was settled again, as an export of some date knows it: its lines are then told
    /// anew on that day.
    pub fn again(&self, table: &TableDef, row: &Row, exported: Option<NaiveDate>) -> Option<NaiveDate> {
        let days = self.up_to(table, row, exported);
        days.last().copied().filter(|_| days.len() > 1)
    }

    /// The days of settlement of a line's order, up to the date of an export.
    fn up_to(&self, table: &TableDef, row: &Row, exported: Option<NaiveDate>) -> &[NaiveDate] {
        let order = Some(row.values[table.key[0]].text()).filter(|_| is_line(table));
        let days = order.and_then(|order| self.days.get(order)).map_or(&[][..], Vec::as_slice);
        &days[..exported.map_or(days.len(), |exported| days.partition_point(|day| *day <= exported))]
    }
}

/// Whether a table's rows are the lines of orders.
fn is_line(table: &TableDef) -> bool {
    table.key.len() > 1 && table.columns[table.key[0]].name == "order_id"
}

/// A day of the month that a value names.
fn month_of(value: &Value) -> Option<NaiveDate> {
    value.date().or_else(|| dates::month(value.text()))
}
