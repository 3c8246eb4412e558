//! The only place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Days, NaiveDate};

/// China has one time zone and no summer time. The shop's day counts, not that of the machine: a server that runs on
/// UTC would otherwise take the day before yesterday until eight in the morning.
const EAST_OF_GREENWICH: u64 = 8 * 3600;

/// Today in the shop.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
pub fn today() -> NaiveDate {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    date_at(since)
}

/// Now in the shop, in words: for the log, nothing is decided by it.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
pub fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let local = i64::try_from(since + EAST_OF_GREENWICH).unwrap_or_default();
    let time = DateTime::from_timestamp(local, 0).map(|time| time.naive_utc()).unwrap_or_default();
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// The last day that is over.
pub fn yesterday() -> NaiveDate {
    today().checked_sub_days(Days::new(1)).unwrap_or_default()
}

fn date_at(seconds: u64) -> NaiveDate {
    let local = i64::try_from(seconds + EAST_OF_GREENWICH).unwrap_or_default();
    DateTime::from_timestamp(local, 0).map(|time| time.date_naive()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_midnight_in_china() {
        // 2026-10-31 15:59:59 and 16:00:00 UTC
        assert_eq!(date_at(1_793_462_399).to_string(), "2026-10-31");
        assert_eq!(date_at(1_793_462_400).to_string(), "2026-11-01");
    }
}
