//! Which dates may stand together: asymmetric, anchored to a named side, in calendar or working days.

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
        if left == NO_DATE || right == NO_DATE {
            return left == right;
        }
        let (from, to) = if self.anchor == LEFT { (left, right) } else { (right, left) };
        let days = if self.working_days {
            calendar.working_days_between(from_epoch_days(from), from_epoch_days(to))
        } else {
            i64::from(to) - i64::from(from)
        };
        (-self.before..=self.after).contains(&days)
    }

    /// The same window read from the other side: what is left and what is right change places.
    pub fn mirrored(self) -> Window {
        Window { anchor: 1 - self.anchor, ..self }
    }
}
