//! Reporting periods: whole days in the store's local date.

use chrono::{Datelike, Months, NaiveDate};

/// A run of whole days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Period {
    pub fn day(date: NaiveDate) -> Period {
        Period { first: date, last: date }
    }

    /// From the first of the month up to `date`.
    pub fn month_to(date: NaiveDate) -> Period {
        Period { first: first_of_month(date), last: date }
    }

    /// From Monday up to `date`.
    pub fn week_to(date: NaiveDate) -> Period {
        let since = i64::from(date.weekday().num_days_from_monday());
        Period { first: date - chrono::TimeDelta::days(since), last: date }
    }

    /// From the first of January up to `date`.
    pub fn year_to(date: NaiveDate) -> Period {
        let first = date.with_ordinal(1).unwrap_or(date); // every year has a day 1
        Period { first, last: date }
    }

    /// As many days earlier.
    pub fn days_before(self, days: i64) -> Period {
        let back = |date: NaiveDate| date.checked_sub_signed(chrono::TimeDelta::days(days)).unwrap_or(date);
        Period { first: back(self.first), last: back(self.last) }
    }

    /// The same days of the month before: 1 to the same day number, or to that month's end where it is shorter
    /// or where this period ends on its month's end.
    pub fn month_before(self) -> Period {
        self.shift_months(1)
    }

    /// The same days one year earlier.
    pub fn year_before(self) -> Period {
        self.shift_months(12)
    }

    fn shift_months(self, months: u32) -> Period {
        let first = self.first.checked_sub_months(Months::new(months)).unwrap_or(self.first);
        let shifted = self.last.checked_sub_months(Months::new(months)).unwrap_or(self.last);
        let whole_month = self.first.day() == 1 && self.last == last_of_month(self.last);
        // Also a year to the end of a month: its last day is a month's end again.
        Period { first, last: if whole_month { last_of_month(shifted) } else { shifted } }
    }

    /// Number of days, at least 1.
    pub fn days(self) -> u64 {
        self.last.signed_duration_since(self.first).num_days().unsigned_abs() + 1
    }
}

pub fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date) // every month has a day 1
}

pub fn last_of_month(date: NaiveDate) -> NaiveDate {
    (first_of_month(date) + Months::new(1)).pred_opt().unwrap_or(date) // never before the first day of the calendar
}

/// Days since 1970-01-01: how a date is stored in the ledger's day columns of a frame.
pub fn epoch_days(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}

/// The date of a number of days since 1970-01-01.
pub fn from_epoch_days(days: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(days.saturating_add(719_163)).unwrap_or_default() // made by `epoch_days`
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_whole_month_compares_with_a_whole_month() {
        let march = Period { first: d("2026-03-01"), last: d("2026-03-31") };
        assert_eq!(march.month_before(), Period { first: d("2026-02-01"), last: d("2026-02-28") });
        let february = Period { first: d("2026-02-01"), last: d("2026-02-28") };
        assert_eq!(february.month_before().last, d("2026-01-31"));
        assert_eq!(Period::month_to(d("2026-03-30")).month_before().last, d("2026-02-28"));
        assert_eq!(Period::month_to(d("2024-02-29")).year_before().last, d("2023-02-28"));
    }

    #[test]
    fn epoch_is_1970() {
        assert_eq!(epoch_days(d("1970-01-02")), 1);
        assert_eq!(from_epoch_days(epoch_days(d("2026-10-31"))), d("2026-10-31"));
    }
}
