//! The one source of chance: a seeded generator and the few draws that a shop's day needs.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// A seeded generator. The same seed gives the same draws on every machine, so no draw is of pointer width.
pub struct Dice(fastrand::Rng);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(fastrand::Rng::with_seed(seed))
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.i64(low..=high.max(low))
    }

    /// True in `percent` of 100 draws.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// A position in a list of `length` items; 0 for an empty one.
    pub fn index(&mut self, length: usize) -> usize {
        let last = i64::try_from(length).unwrap_or(i64::MAX).saturating_sub(1).max(0);
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }

    /// One item of a list that is not empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.index(items.len())]
    }

    /// One item, as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, items: &[(T, i64)]) -> T {
        let mut left = self.between(1, items.iter().map(|item| item.1).sum());
        for (item, weight) in items {
            left -= weight;
            if left <= 0 {
                return *item;
            }
        }
        items[items.len() - 1].0
    }

    /// Puts the items into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }

    /// A moment of a day between two minutes of it, with seconds.
    pub fn moment(&mut self, day: NaiveDate, from_minute: i64, to_minute: i64) -> NaiveDateTime {
        let seconds = self.between(from_minute * 60, to_minute * 60 + 59);
        at_second(day, seconds)
    }
}

/// The moment `seconds` after midnight of a day; later than a day's end is its last second.
pub fn at_second(day: NaiveDate, seconds: i64) -> NaiveDateTime {
    let seconds = u32::try_from(seconds.clamp(0, 86_399)).unwrap_or(0);
    day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or(NaiveTime::MIN))
}
