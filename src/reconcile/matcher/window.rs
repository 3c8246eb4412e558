//! Which dates may stand together: asymmetric, anchored to a named side, in calendar days, working days or seconds.

use std::cmp::Ordering;

use super::rules::LEFT;
use super::side::{DAY_SECONDS, Moment, NO_DATE, NO_TIME};
use crate::model::calendar::Calendar;
use crate::model::dates::from_epoch_days;

/// The other side's date lies from `before` units before the anchor's date to `after` units after it: before = −2,
/// after = 4 is the second to the fourth day after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The side whose date the units are counted from: [`LEFT`] or `RIGHT`.
    pub anchor: usize,
    pub before: i64,
    pub after: i64,
    /// So many units apart at least, on either side.
    pub at_least: i64,
    pub unit: Unit,
}

/// What a window is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Days,
    WorkingDays,
    /// From one time of day to another; hours and minutes are brought to seconds.
    Seconds,
}

impl Window {
    /// Whether two rows may stand together. A date that is not known stands with none: what cannot be checked does not
    /// hold. Of a row without a time of day a window in seconds holds only where it does for every time.
    pub fn holds(&self, left: Moment, right: Moment, calendar: &Calendar) -> bool {
        if !left.is_known() || !right.is_known() {
            return false;
        }
        let (least, most) = self.between(left, right, calendar);
        let (before, after) = if self.anchor == LEFT { (self.before, self.after) } else { (self.after, self.before) };
        let nearest = if least <= 0 && most >= 0 { 0 } else { least.abs().min(most.abs()) };
        least >= -before && most <= after && nearest >= self.at_least
    }

    /// Units from the left row to the right one: the fewest and the most that they may be.
    fn between(&self, left: Moment, right: Moment, calendar: &Calendar) -> (i64, i64) {
        match self.unit {
            Unit::Days => {
                let days = i64::from(right.day) - i64::from(left.day);
                (days, days)
            }
            Unit::WorkingDays => {
                let enough = self.before.max(self.after).max(self.at_least).max(0) + 1;
                let days = calendar.working_days_at_most(from_epoch_days(left.day), from_epoch_days(right.day), enough);
                (days, days)
            }
            Unit::Seconds => {
                let ((first_left, last_left), (first_right, last_right)) = (left.seconds(), right.seconds());
                (first_right - last_left, last_right - first_left)
            }
        }
    }

    /// Whether the window can be checked on a row: its date is known, and its time where that is asked for.
    pub fn can_be_checked(&self, moment: Moment) -> bool {
        moment.is_known() && (self.unit != Unit::Seconds || moment.second != NO_TIME)
    }

    /// Whether the date of an original may stand with that of its reversal, both of one side: the units are counted from
    /// the original's date, whatever the anchor.
    pub fn holds_within_a_side(&self, original: Moment, reversal: Moment, calendar: &Calendar) -> bool {
        Window { anchor: LEFT, ..*self }.holds(original, reversal, calendar)
    }

    /// Where another side's day lies to the window around the day of `side`: before it, in it, behind it. It tells a search
    /// where to look, day by day; [`Window::holds`] decides. A date that is not known lies before all others.
    pub fn place(&self, side: usize, date: i32, other: i32, calendar: &Calendar) -> Ordering {
        if date == NO_DATE || other == NO_DATE {
            return other.cmp(&date);
        }
        let (before, after) = if side == self.anchor { (self.before, self.after) } else { (self.after, self.before) };
        let days = i64::from(other) - i64::from(date);
        let (least, most) = match self.unit {
            Unit::Days => (days, days),
            Unit::WorkingDays => {
                let enough = before.max(after).max(0) + 1;
                let days = calendar.working_days_at_most(from_epoch_days(date), from_epoch_days(other), enough);
                (days, days)
            }
            // The last second of one day to the first of the other, and the other way round.
            Unit::Seconds => (days * DAY_SECONDS - DAY_SECONDS + 1, days * DAY_SECONDS + DAY_SECONDS - 1),
        };
        match () {
            () if most < -before => Ordering::Less,
            () if least > after => Ordering::Greater,
            () => Ordering::Equal,
        }
    }

    /// The same window read from the other side: what is left and what is right change places.
    pub fn mirrored(self) -> Window {
        Window { anchor: 1 - self.anchor, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::matcher::rules::RIGHT;

    fn day(day: i32) -> Moment {
        Moment { day, second: NO_TIME }
    }

    fn held(window: Window, left: i32, right: i32) -> bool {
        window.holds(day(left), day(right), &Calendar::default())
    }

    #[test]
    fn a_window_may_begin_after_its_anchor() {
        let window = Window { anchor: LEFT, before: -2, after: 4, at_least: 0, unit: Unit::Days };
        assert_eq!([101, 102, 104, 105].map(|right| held(window, 100, right)), [false, true, true, false]);
        let from_right = Window { anchor: RIGHT, ..window };
        assert!(held(from_right, 103, 100) && !held(from_right, 100, 103));
        let lag = Window { before: 3, after: 3, at_least: 1, ..window };
        assert_eq!([96, 97, 100, 103].map(|right| held(lag, 100, right)), [false, true, false, true]);
    }

    #[test]
    fn both_sides_see_one_window() {
        let calendar = Calendar::default();
        for (anchor, unit) in
            [(0, Unit::Days), (1, Unit::Days), (0, Unit::WorkingDays), (1, Unit::WorkingDays), (1, Unit::Seconds)]
        {
            let window = Window { anchor, before: 1, after: 3, at_least: 0, unit };
            for (left, right) in (20_000..20_012).flat_map(|l| (20_000..20_012).map(move |r| (l, r))) {
                let holds = window.holds(day(left), day(right), &calendar);
                let is_near = window.place(1, right, left, &calendar) == Ordering::Equal;
                assert!(if unit == Unit::Seconds { is_near || !holds } else { is_near == holds });
                assert_eq!(holds, window.mirrored().holds(day(right), day(left), &calendar));
            }
        }
    }

    #[test]
    fn what_cannot_be_checked_does_not_hold() {
        let window = Window { anchor: LEFT, before: 1, after: 3, at_least: 0, unit: Unit::Days };
        assert!(!held(window, NO_DATE, NO_DATE) && !held(window, NO_DATE, 20_000) && !held(window, 20_000, NO_DATE));
    }

    /// Two hours: 23:30 stands with 01:30 of the next day, and with no day of which the hour is not known; two days
    /// stand with any hour of the next.
    #[test]
    fn seconds_run_over_midnight() {
        let window =
            |hours: i64| Window { anchor: LEFT, before: 0, after: hours * 3_600, at_least: 0, unit: Unit::Seconds };
        let at = |day: i32, minutes: i32| Moment { day, second: minutes * 60 };
        let holds = |hours: i64, left: Moment, right: Moment| window(hours).holds(left, right, &Calendar::default());
        assert!(holds(2, at(5, 1_410), at(6, 90)) && !holds(2, at(5, 1_410), at(6, 91)));
        assert!(!holds(2, at(6, 90), at(5, 1_410)), "only after the left one");
        assert!(!holds(2, at(5, 0), day(5)) && holds(48, at(5, 0), day(6)));
        assert!(!window(2).can_be_checked(day(5)) && window(2).can_be_checked(at(5, 0)));
    }

    /// From year 1 to year 9999 there are millions of days: nobody counts them to know that they are more than three.
    #[test]
    fn dates_far_apart_cost_nothing() {
        let window = Window { anchor: LEFT, before: 3, after: 3, at_least: 0, unit: Unit::WorkingDays };
        assert!((0..2_000).all(|n| !held(window, -700_000 + n, 2_900_000)));
    }
}
