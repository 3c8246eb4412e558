//! Dates as arguments: of the time in which somebody keeps books.

use chrono::{Datelike, NaiveDate};

/// The first and the last year that a command takes; beyond them somebody has mistyped, and calendars end.
const YEARS: [i32; 2] = [1990, 2199];

/// `2026-10-31`.
pub fn parse(text: &str) -> Result<NaiveDate, String> {
    let date: NaiveDate = text.parse().map_err(|_| "write it as 2026-10-31".to_owned())?;
    let [first, last] = YEARS;
    match date.year() {
        year if (first..=last).contains(&year) => Ok(date),
        year => Err(format!("the year {year} is not between {first} and {last}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_of_this_time_are_taken() {
        assert_eq!(parse("2026-10-31").map(|date| date.to_string()), Ok("2026-10-31".to_owned()));
        for wrong in ["+262142-12-31", "-262143-01-01", "0000-01-01", "9999-12-31", "2026-02-30", "31.10.2026", ""] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
