//! Which dates may stand together: asymmetric, anchored to a named side, in calendar or working days.

use std::cmp::Ordering;

use super::rules::LEFT;
use super::side::NO_DATE;
use crate::model::calendar::Calendar;
use crate::model::dates::from_epoch_days;

/// The other side's date lies from `before` days before the anchor's date to `after` days after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The side whose date the days are counted from: [`LEFT`] or `RIGHT`.
    pub anchor: usize,
    pub before: i64,
    pub after: i64,
    pub working_days: bool,
}

impl Window {
    /// Whether two dates may stand together. A date that is not known stands with none, unless neither is known.
    pub fn holds(&self, left: i32, right: i32, calendar: &Calendar) -> bool {
        self.place(LEFT, left, right, calendar) == Ordering::Equal
    }

    /// Whether the date of an original may stand with that of its reversal, both of one side: the days are counted from
    /// the original's date, whatever the anchor.
    pub fn holds_within_a_side(&self, original: i32, reversal: i32, calendar: &Calendar) -> bool {
        Window { anchor: LEFT, ..*self }.holds(original, reversal, calendar)
    }

    /// Where another side's date lies to the window around the date of `side`: before it, in it, behind it. A date that
    /// is not known lies before all others.
    pub fn place(&self, side: usize, date: i32, other: i32, calendar: &Calendar) -> Ordering {
        if date == NO_DATE || other == NO_DATE {
            return other.cmp(&date);
        }
        let (before, after) = if side == self.anchor { (self.before, self.after) } else { (self.after, self.before) };
        let days = if self.working_days {
            calendar.working_days_at_most(from_epoch_days(date), from_epoch_days(other), before.max(after) + 1)
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

    #[test]
    fn both_sides_see_one_window() {
        let calendar = Calendar::default();
        for (anchor, working_days) in [(0, false), (1, false), (0, true), (1, true)] {
            let window = Window { anchor, before: 1, after: 3, working_days };
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
        let window = Window { anchor: LEFT, before: 3, after: 3, working_days: true };
        let calendar = Calendar::default();
        assert!((0..2_000).all(|n| !window.holds(-700_000 + n, 2_900_000, &calendar)));
    }
}
