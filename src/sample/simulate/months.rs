//! The calendar months of the simulated days.

use crate::sample::events::Shop;
use chrono::{Datelike, NaiveDate};

/// A calendar month, cut at the shop's first and last day.
#[derive(Debug, Clone, Copy)]
pub struct Month {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Month {
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

pub fn months(shop: &Shop) -> Vec<Month> {
    let days: Vec<NaiveDate> = shop.days().collect();
    let groups = days.chunk_by(|one, other| (one.year(), one.month()) == (other.year(), other.month()));
    groups.map(|days| Month { first: days[0], last: days[days.len() - 1] }).collect()
}
