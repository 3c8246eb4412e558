//! The days on which orders were settled: lines of labour and parts have no date of their own that every export tells.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::facts::History;
use crate::model::{Row, TableDef};

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
        for days in days.values_mut() {
            days.sort_unstable();
            days.dedup();
        }
        Settled { days }
    }

    /// The day from which a row is counted, as an export of some date shows it: its own, or that of its order's newest
    /// settlement where that is earlier. What is settled anew counts on the new day.
    pub fn day(&self, table: &TableDef, row: &Row, exported: Option<NaiveDate>) -> Option<NaiveDate> {
        let own = table.date.and_then(|at| row.values[at].date());
        let is_line = table.key.len() > 1 && table.columns[table.key[0]].name == "order_id";
        let settled = is_line.then(|| self.days.get(row.values[table.key[0]].text())).flatten();
        let settled = settled.and_then(|days| days.iter().rev().find(|day| exported.is_none_or(|e| **day <= e)));
        own.into_iter().chain(settled.copied()).min()
    }
}
