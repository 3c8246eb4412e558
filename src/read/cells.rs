//! A spreadsheet library's values to [`Cell`]s.

use calamine::{Data, DataRef, ExcelDateTime, ExcelDateTimeType};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::raw::Cell;

const MS_PER_DAY: f64 = 86_400_000.0;
/// The serial number of the day after 9999-12-31.
const END_OF_DATES: f64 = 2_958_466.0;
/// Days between the two epochs.
const EPOCH_1904: f64 = 1_462.0;

/// A number, or the text of one that is none.
pub(super) fn number(value: f64) -> Cell {
    if value.is_finite() { Cell::Number(value) } else { Cell::Error(value.to_string()) }
}

/// Text; an empty one is no cell.
pub(super) fn text(value: String) -> Cell {
    if value.is_empty() { Cell::Empty } else { Cell::Text(value) }
}

/// A cell of a streamed xlsx sheet.
pub(super) fn from_ref(value: DataRef<'_>, is_1904: bool) -> Cell {
    match value {
        DataRef::SharedString(s) => text(s.to_owned()),
        other => from_data(other.into(), is_1904),
    }
}

/// A cell of a sheet held in memory (xls, ods).
pub(super) fn from_data(value: Data, is_1904: bool) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(s) => text(s),
        Data::Float(f) => number(f),
        Data::Int(i) => number(i as f64),
        Data::Bool(b) => Cell::Bool(b),
        Data::Error(e) => Cell::Error(e.to_string()),
        Data::DateTime(d) => serial(&d, is_1904),
        Data::DateTimeIso(s) => iso_date(&s).unwrap_or_else(|| text(s)),
        Data::DurationIso(s) => iso_duration(&s).unwrap_or_else(|| text(s)),
    }
}

/// A number with a date format.
///
/// Stays a number (of days) where it is no date: a length of time, a time of day without a day (0 up to 1),
/// 29 February 1900, which never was, and what is before the epoch or after the year 9999.
fn serial(cell: &ExcelDateTime, is_1904: bool) -> Cell {
    let days = cell.as_f64();
    if cell.is_duration() || !(1.0..END_OF_DATES).contains(&days) {
        return number(days);
    }
    let days_1900 = if is_1904 { days + EPOCH_1904 } else { days };
    // The 1900 system counts a 29 February that never was; the days before it are one off.
    let shifted = if days_1900 < 60.0 { days_1900 + 1.0 } else { days_1900 };
    if (60.0..61.0).contains(&days_1900) {
        return number(days);
    }
    let milliseconds = (shifted * MS_PER_DAY).round() as i64;
    let seconds = (milliseconds + 500).div_euclid(1_000);
    epoch().and_then(|e| e.checked_add_signed(TimeDelta::seconds(seconds))).map_or_else(|| number(days), moment)
}

/// A number that a date format shows.
pub(super) fn of_days(days: f64, is_1904: bool) -> Cell {
    if !days.is_finite() {
        return number(days);
    }
    serial(&ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904), is_1904)
}

/// Day 0 of the 1900 system, counted back from March 1900.
fn epoch() -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)
}

/// Midnight is a date, any other time a moment.
fn moment(when: NaiveDateTime) -> Cell {
    if when.time() == chrono::NaiveTime::MIN { Cell::Date(when.date()) } else { Cell::DateTime(when) }
}

/// `2026-10-31`, `2026-10-31T12:30:15.250`, with or without `Z`.
pub(super) fn iso_date(value: &str) -> Option<Cell> {
    let value = value.trim().trim_end_matches('Z');
    if let Ok(date) = NaiveDate::parse_from_str(value, "%Y-%m-%d") {
        return Some(Cell::Date(date));
    }
    let when = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"].iter().find_map(|f| {
        // A moment between two seconds belongs to the nearer one.
        let parsed = NaiveDateTime::parse_from_str(value, f).ok()?;
        let milliseconds = parsed.and_utc().timestamp_millis();
        chrono::DateTime::from_timestamp((milliseconds + 500).div_euclid(1_000), 0)
    })?;
    Some(moment(when.naive_utc()))
}

/// `PT36H15M00S` as a number of days, as the other formats hold a length of time.
fn iso_duration(value: &str) -> Option<Cell> {
    let mut seconds = 0.0;
    let mut digits = String::new();
    for c in value.strip_prefix("PT")?.chars() {
        let unit = match c {
            'H' => 3_600.0,
            'M' => 60.0,
            'S' => 1.0,
            _ => {
                digits.push(if c == ',' { '.' } else { c });
                continue;
            }
        };
        seconds += std::mem::take(&mut digits).parse::<f64>().ok()? * unit;
    }
    if digits.is_empty() { Some(number(seconds / 86_400.0)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta as Length};

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    fn cell(days: f64, is_1904: bool) -> Cell {
        serial(&ExcelDateTime::new(days, DateTime, is_1904), is_1904)
    }

    #[test]
    fn serial_days_of_both_epochs() {
        assert_eq!(cell(1.0, false), Cell::Date(day(1900, 1, 1)));
        assert_eq!(cell(59.0, false), Cell::Date(day(1900, 2, 28)));
        assert_eq!(cell(60.0, false), Cell::Number(60.0));
        assert_eq!(cell(61.0, false), Cell::Date(day(1900, 3, 1)));
        assert_eq!(cell(45_296.0, false), Cell::Date(day(2024, 1, 5)));
        assert_eq!(cell(45_296.0 - EPOCH_1904, true), Cell::Date(day(2024, 1, 5)));
        assert_eq!(cell(2_958_465.0, false), Cell::Date(day(9999, 12, 31)));
        assert_eq!(cell(0.5, false), Cell::Number(0.5));
        assert_eq!(cell(-1.0, false), Cell::Number(-1.0));
    }

    #[test]
    fn a_moment_is_rounded_to_the_second_also_over_midnight() {
        let noon = day(2024, 1, 5).and_hms_opt(12, 0, 1).expect("a real time");
        assert_eq!(cell(45_296.5 + 1.4 / 86_400.0, false), Cell::DateTime(noon));
        assert_eq!(cell(45_296.999_999_988_42, false), Cell::Date(day(2024, 1, 6)));
    }

    #[test]
    fn lengths_and_non_numbers_are_no_dates() {
        assert_eq!(serial(&ExcelDateTime::new(1.25, Length, false), false), Cell::Number(1.25));
        assert_eq!(number(f64::INFINITY), Cell::Error("inf".into()));
        assert_eq!(iso_duration("PT36H00M00S"), Some(Cell::Number(1.5)));
        assert_eq!(iso_duration("P1D"), None);
    }

    #[test]
    fn iso_text_is_a_date_or_a_moment() {
        assert_eq!(iso_date("2024-01-05"), Some(Cell::Date(day(2024, 1, 5))));
        assert_eq!(iso_date("2024-01-05T00:00:00"), Some(Cell::Date(day(2024, 1, 5))));
        let late = day(2024, 1, 5).and_hms_opt(23, 59, 59).expect("a real time");
        assert_eq!(iso_date("2024-01-05T23:59:59.2Z"), Some(Cell::DateTime(late)));
        assert_eq!(iso_date("5.1.2024"), None);
    }
}
