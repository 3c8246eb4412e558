//! Gives settlements and receipts their numbers: dense within a day, but for the planted holes.

use crate::sample::events::Shop;
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::BTreeMap;

/// Numbers all settlements and receipts in order of time.
pub fn assign(shop: &mut Shop) {
    let times: Vec<(usize, NaiveDateTime)> = shop.settlements.iter().map(|one| one.at).enumerate().collect();
    for (at, number) in sequence("J", times, shop.gaps.settlement) {
        shop.settlements[at].number = number;
    }
    let received = shop.receipts.iter().enumerate().filter(|(_, receipt)| !receipt.dropped);
    let times = received.map(|(at, receipt)| (at, receipt.at)).collect();
    for (at, number) in sequence("SK", times, shop.gaps.receipt) {
        shop.receipts[at].number = number;
    }
}

/// The numbers of a day's documents; on the day of the gap the number in the middle is never used.
fn sequence(prefix: &str, mut times: Vec<(usize, NaiveDateTime)>, gap: Option<NaiveDate>) -> Vec<(usize, String)> {
    times.sort_by_key(|(at, time)| (*time, *at));
    let mut per_day: BTreeMap<NaiveDate, u32> = BTreeMap::new();
    let numbered = times.into_iter().map(|(at, time)| {
        let day = time.date();
        let serial = per_day.entry(day).or_insert(0);
        *serial += 1;
        if gap == Some(day) && *serial == 3 {
            *serial += 1;
        }
        (at, format!("{prefix}{}{serial:03}", day.format("%Y%m%d")))
    });
    numbered.collect()
}
