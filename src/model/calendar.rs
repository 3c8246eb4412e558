//! Working days: weekends, public holidays and the days worked in their stead (调休).

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

/// Which days of the store's local calendar are worked by those it waits for: banks, acquirers, the maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Days of the week that are not worked.
    pub weekend: Vec<Weekday>,
    /// Days that are not worked, whatever day of the week they are.
    pub holidays: BTreeSet<NaiveDate>,
    /// Days that are worked though they lie on a weekend; they outrank `holidays`.
    pub workdays: BTreeSet<NaiveDate>,
}

/// Saturday and Sunday off, no holidays.
impl Default for Calendar {
    fn default() -> Calendar {
        let weekend = vec![Weekday::Sat, Weekday::Sun];
        Calendar { weekend, holidays: BTreeSet::new(), workdays: BTreeSet::new() }
    }
}

impl Calendar {
    /// Whether a day is worked.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        let off = self.holidays.contains(&date) || self.weekend.contains(&date.weekday());
        self.workdays.contains(&date) || !off
    }

    /// The working day that lies `days` working days after `date`, before it where negative; `date` itself for 0,
    /// worked or not. Two working days after a Friday is the Tuesday.
    ///
    /// A calendar without any working day in reach (all seven days off, or the end of dates) gives the last day tried.
    pub fn add_working_days(&self, date: NaiveDate, days: i64) -> NaiveDate {
        let step = |day: NaiveDate| if days < 0 { day.pred_opt() } else { day.succ_opt() };
        let (mut day, mut left, mut idle) = (date, days.unsigned_abs(), 0);
        while left > 0 && idle < LONGEST_BREAK {
            let Some(next) = step(day) else { break };
            day = next;
            if self.is_working(day) {
                left -= 1;
                idle = 0;
            } else {
                idle += 1;
            }
        }
        day
    }

    /// Working days from `from` (not counted) to `to` (counted); the same number, negative, the other way round.
    /// From a Friday to the Monday it is 1, from the Friday to the Sunday 0.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.working_days_at_most(from, to, i64::MAX)
    }

    /// The same, counted no further than `most` days in either direction.
    pub fn working_days_at_most(&self, from: NaiveDate, to: NaiveDate, most: i64) -> i64 {
        let count = |first: NaiveDate, last: NaiveDate| {
            let worked = first.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| self.is_working(*day));
            i64::try_from(worked.take(usize::try_from(most).unwrap_or(usize::MAX)).count()).unwrap_or(i64::MAX)
        };
        if from <= to { count(from, to) } else { -count(to, from) }
    }
}

/// Days off in a row after which a calendar is taken to have no working day at all.
const LONGEST_BREAK: u32 = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// The National Day week of 2026: 1 to 7 October off, Saturday the 10th worked.
    fn national_day() -> Calendar {
        Calendar {
            holidays: (1..=7).map(|day| NaiveDate::from_ymd_opt(2026, 10, day).unwrap()).collect(),
            workdays: [d("2026-10-10")].into(),
            ..Calendar::default()
        }
    }

    #[test]
    fn holidays_are_off_and_made_up_days_are_worked() {
        let calendar = national_day();
        assert!(calendar.is_working(d("2026-09-30")));
        assert!(!calendar.is_working(d("2026-10-01")));
        assert!(calendar.is_working(d("2026-10-10")), "a Saturday worked in their stead");
        assert!(!calendar.is_working(d("2026-10-11")));
        assert!(Calendar::default().is_working(d("2026-10-01")), "no holidays unless they are named");
    }

    #[test]
    fn working_days_are_added_and_taken_away() {
        let calendar = national_day();
        assert_eq!(calendar.add_working_days(d("2026-09-30"), 2), d("2026-10-09"));
        assert_eq!(calendar.add_working_days(d("2026-09-30"), 3), d("2026-10-10"));
        assert_eq!(calendar.add_working_days(d("2026-10-12"), -2), d("2026-10-09"));
        assert_eq!(calendar.add_working_days(d("2026-10-03"), 0), d("2026-10-03"));
        assert_eq!(Calendar::default().add_working_days(d("2026-10-16"), 2), d("2026-10-20"));
    }

    #[test]
    fn days_between_count_the_end_and_not_the_beginning() {
        let calendar = Calendar::default();
        assert_eq!(calendar.working_days_between(d("2026-10-16"), d("2026-10-19")), 1);
        assert_eq!(calendar.working_days_between(d("2026-10-16"), d("2026-10-18")), 0);
        assert_eq!(calendar.working_days_between(d("2026-10-19"), d("2026-10-16")), -1);
        assert_eq!(calendar.working_days_between(d("2026-10-16"), d("2026-10-16")), 0);
        let day = d("2026-09-29");
        for days in 0..12 {
            assert_eq!(national_day().working_days_between(day, national_day().add_working_days(day, days)), days);
        }
    }

    #[test]
    fn a_calendar_without_working_days_ends() {
        let days: Vec<Weekday> = d("2026-10-12").iter_days().take(7).map(|day| day.weekday()).collect();
        let calendar = Calendar { weekend: days, ..Calendar::default() };
        assert!(calendar.add_working_days(d("2026-10-16"), 2) > d("2026-10-16"));
        assert_eq!(calendar.working_days_between(d("2026-10-16"), d("2026-12-16")), 0);
    }
}
