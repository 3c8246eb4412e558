//! Scrap and waste sold against what the cashier took for it, month by month.
//!
//! Months that have not ended say nothing, nor those before the first row of the register.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Check, CheckKind};
use crate::model::dates::{first_of_month, last_of_month};
use crate::model::records::Facts;
use crate::model::{Fen, Origin};

/// What one month sold and took, with its rows.
#[derive(Default)]
struct Month<'a> {
    sold: Fen,
    taken: Fen,
    origins: Vec<&'a Origin>,
}

/// Receipts of purpose scrap ≠ amounts sold; the amount is received − sold, the document the month.
pub fn checks(facts: &Facts, as_of: NaiveDate) -> Vec<Check> {
    let mut months: BTreeMap<NaiveDate, Month<'_>> = BTreeMap::new();
    for row in facts.scrap.iter().filter(|row| !row.amount.is_zero()) {
        if let Some(day) = row.date {
            let month = months.entry(first_of_month(day)).or_default();
            month.sold += row.amount;
            month.origins.push(&row.origin);
        }
    }
    let Some(first) = facts.scrap.iter().filter_map(|row| row.date).min().map(first_of_month) else {
        return Vec::new();
    };
    for receipt in facts.receipts.iter().filter(|r| r.purpose == "scrap" && !r.is_opening) {
        if let Some(day) = receipt.received_at.map(|t| t.date()).filter(|day| *day >= first) {
            let month = months.entry(first_of_month(day)).or_default();
            month.taken += receipt.amount;
            month.origins.push(&receipt.origin);
        }
    }
    let differs = |(day, month): (NaiveDate, Month<'_>)| {
        let (last, off) = (last_of_month(day), month.taken - month.sold);
        let detail = format!("{} ≠ {}", month.taken, month.sold);
        (last <= as_of && !off.is_zero()).then(|| {
            let number = day.format("%Y-%m").to_string();
            Check::new(CheckKind::ScrapDiffers, &number, off, Some(last), detail).from(month.origins)
        })
    };
    months.into_iter().filter_map(differs).collect()
}
