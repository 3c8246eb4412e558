//! Customers: calls, cases, visits, first services, upkeep, files, and what is to be done on a day.

mod calls;
mod complaints;
mod files;
mod first_services;
mod fleet;
mod order_files;
mod orders;
mod tasks;
mod upkeep;
mod visits;

pub use calls::{CALLS, SCORES};
pub use complaints::VIEW as COMPLAINTS;
pub use files::VIEW as FILES;
pub use first_services::{REGISTER as FIRST_SERVICES, SOLD as SOLD_CARS};
pub use order_files::VIEW as ORDER_FILES;
pub use tasks::VIEW as TASKS;
pub use upkeep::VIEW as UPKEEP;
pub use visits::VIEW as VISITS;

use chrono::{Days, NaiveDate};

use crate::model::{Lang, Text, Value};

/// A date so many days later; earlier where the number is negative.
fn later(date: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(by) } else { date.checked_add_days(by) };
    moved.unwrap_or(date) // beyond the calendar
}

fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

fn number(number: Option<i64>) -> Value {
    number.map_or(Value::Null, Value::Int)
}

/// Several words in one cell, each once, in their order.
fn joined<'a>(words: impl IntoIterator<Item = &'a str>, lang: Lang) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in words {
        if !word.is_empty() && !kept.contains(&word) {
            kept.push(word);
        }
    }
    kept.join(Text::new("、", ", ").get(lang))
}
