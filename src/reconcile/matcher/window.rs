//! Which dates may stand together: asymmetric, anchored to a named side, in calendar or working days.

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
        if left == NO_DATE || right == NO_DATE {
            return left == right;
        }
        let (from, to) = if self.anchor == LEFT { (left, right) } else { (right, left) };
        let days = if self.working_days {
            calendar.working_days_between(from_epoch_days(from), from_epoch_days(to))
        } else {
            i64::from(to) - i64::from(from)
        };
        (-self.before..=self.after).contains(&days) && days.abs() >= self.at_least
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
}
