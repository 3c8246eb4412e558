//! What each cashier counts in the evening.

use crate::model::fen::Fen;
use crate::sample::events::{CashCount, Shop, Tender};
use crate::sample::pools::CASHIERS;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Counts the cash of every day and cashier: what the receipts say.
pub fn count(shop: &mut Shop) {
    let mut taken: BTreeMap<(NaiveDate, &str), Fen> = BTreeMap::new();
    for receipt in shop.receipts.iter().filter(|receipt| !receipt.dropped && receipt.tender == Tender::Cash) {
        *taken.entry((receipt.at.date(), receipt.cashier)).or_default() += receipt.amount;
    }
    for day in shop.days() {
        for cashier in CASHIERS {
            let counted = taken.get(&(day, cashier)).copied().unwrap_or_default();
            shop.counts.push(CashCount { day, cashier, counted });
        }
    }
}
