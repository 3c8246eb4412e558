//! The only step into binary floating point: a spreadsheet's number cell knows nothing else.

use chrono::{NaiveDate, NaiveDateTime, Timelike};

/// Units of 10^-decimals as a spreadsheet number: the double nearest to the decimal.
pub fn cell_number(units: i64, decimals: u32) -> f64 {
    // Division of two exactly representable integers is rounded once, to the double nearest to the decimal.
    units as f64 / 10_f64.powi(i32::try_from(decimals).unwrap_or(0))
}

/// A moment as the day number of the 1900 calendar with the time as a fraction.
pub fn serial(at: NaiveDateTime) -> f64 {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or(NaiveDate::MIN);
    let days = (at.date() - epoch).num_days();
    days as f64 + f64::from(at.num_seconds_from_midnight()) / 86_400.0
}
