//! Which dates may stand together: asymmetric, anchored to a named side, in calendar or working days.

use std::cmp::Ordering;

use super::rules::LEFT;
use super::side::NO_DATE;
use crate::model::calendar::Calendar;
use crate::model::dates::from_epoch_days;

/// The other side's date lies from `before` days before the anchor's date to `after` days after it: before = −2,
/// after = 4 is the second to the fourth day after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The side whose date the days are counted from: [`LEFT`] or `RIGHT`.
    pub anchor: usize,
    pub before: i64,
    pub after: i64,
    /// So many days apart at least, on either side.
    pub at_least: i64,
    pub working_days: bool,
}

impl Window {
    /// Whether two dates may stand together. A date that is not known stands with none, unless neither is known.
    pub fn holds(&self, left: i32, right: i32, calendar: &Calendar) -> bool {
        self.place(LEFT, left, right, calendar) == Ordering::Equal && self.are_apart(left, right, calendar)
    }

    /// Whether two dates lie as far apart as they must.
    fn are_apart(&self, left: i32, right: i32, calendar: &Calendar) -> bool {
        if self.at_least == 0 || left == NO_DATE || right == NO_DATE {
            return true;
        }
        let days = match self.working_days {
            true => calendar.working_days_at_most(from_epoch_days(left), from_epoch_days(right), self.at_least),
            false => i64::from(right) - i64::from(left),
        };
        days.abs() >= self.at_least
    }

    /// Whether the date of an original may stand with that of its reversal, both of one side: the days are counted from
    /// the original's date, whatever the anchor.
    pub fn holds_within_a_side(&self, original: i32, reversal: i32, calendar: &Calendar) -> bool {
        Window { anchor: LEFT, ..*self }.holds(original, reversal, calendar)
    }

    /// Where another side's date lies to the window around the date of `side`: before it, in it, behind it. How far apart
    /// two dates must be at least is not asked here. A date that is not known lies before all others.
    pub fn place(&self, side: usize, date: i32, other: i32, calendar: &Calendar) -> Ordering {
        if date == NO_DATE || other == NO_DATE {
            return other.cmp(&date);
        }
        let (before, after) = if side == self.anchor { (self.before, self.after) } else { (self.after, self.before) };
        let days = if self.working_days {
            calendar.working_days_at_most(from_epoch_days(date), from_epoch_days(other), before.max(after).max(0) + 1)
        } else {
            i64::from(other) - i64::from(date)
        };
        match () {
            () if days < -before => Ordering::Less,
            () if days > after => Ordering::Greater,
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

    #[test]
    fn a_window_may_begin_after_its_anchor() {
        let window = Window { anchor: LEFT, before: -2, after: 4, at_least: 0, working_days: false };
        let held = |right: i32| window.holds(100, right, &Calendar::default());
        assert_eq!([101, 102, 104, 105].map(held), [false, true, true, false]);
        let from_right = Window { anchor: RIGHT, ..window };
        assert!(from_right.holds(103, 100, &Calendar::default()) && !from_right.holds(100, 103, &Calendar::default()));
        let lag = Window { before: 3, after: 3, at_least: 1, ..window };
        assert_eq!(
            [96, 97, 100, 103].map(|right| lag.holds(100, right, &Calendar::default())),
            [false, true, false, true]
        );
    }

    #[test]
    fn both_sides_see_one_window() {
        let calendar = Calendar::default();
        for (anchor, working_days) in [(0, false), (1, false), (0, true), (1, true)] {
            let window = Window { anchor, before: 1, after: 3, at_least: 0, working_days };
            for (left, right) in (20_000..20_012).flat_map(|l| (20_000..20_012).map(move |r| (l, r))) {
                let holds = window.holds(left, right, &calendar);
                assert_eq!(holds, window.place(1, right, left, &calendar) == Ordering::Equal);
                assert_eq!(holds, window.mirrored().holds(right, left, &calendar));
            }
            assert!(window.holds(NO_DATE, NO_DATE, &calendar) && !window.holds(NO_DATE, 20_000, &calendar));
        }
    }

    /// From year 1 to year 9999 there are millions of days: nobody counts them to know that they are more than three.
    #[test]
    fn dates_far_apart_cost_nothing() {
        let window = Window { anchor: LEFT, before: 3, after: 3, at_least: 0, working_days: true };
        let calendar = Calendar::default();
        assert!((0..2_000).all(|n| !window.holds(-700_000 + n, 2_900_000, &calendar)));
    }
}
