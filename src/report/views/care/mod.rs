//! Customers: calls, cases, visits, first services, upkeep, files, and what is to be done on a day.

mod calls;
mod complaints;
mod events;
mod files;
mod first_services;
mod fleet;
mod order_files;
mod tasks;
mod upkeep;
mod visits;

pub use calls::{CALLS, SCORES};
pub use complaints::VIEW as COMPLAINTS;
pub use events::{settled_days, standing};
pub use files::VIEW as FILES;
pub use first_services::{REGISTER as FIRST_SERVICES, SOLD as SOLD_CARS};
pub use order_files::VIEW as ORDER_FILES;
pub use tasks::VIEW as TASKS;
pub use upkeep::VIEW as UPKEEP;
pub use visits::VIEW as VISITS;

use chrono::{Days, NaiveDate};

/// A date so many days later; earlier where the number is negative.
fn later(date: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(by) } else { date.checked_add_days(by) };
    moved.unwrap_or(date) // beyond the calendar
}
