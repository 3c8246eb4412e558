//! What stands open at the end without anybody having planted it, so that the list of planted items is complete.

use crate::model::fen::Fen;
use crate::sample::events::{Planted, Receipt, Shop, Subject, Terms};
use std::collections::BTreeSet;

/// Lists every ordinary order with money due or received that does not balance at the end.
pub fn record(shop: &mut Shop) {
    let mut due = vec![Fen::ZERO; shop.orders.len()];
    let mut received = vec![Fen::ZERO; shop.orders.len()];
    let mut last: Vec<Option<usize>> = vec![None; shop.orders.len()];
    for (at, settlement) in shop.settlements.iter().enumerate() {
        due[settlement.order] += settlement.due[0];
        last[settlement.order] = Some(at);
    }
    let is_kept = |receipt: &&Receipt| !receipt.dropped;
    for receipt in shop.receipts.iter().filter(is_kept) {
        match receipt.subjects[..] {
            [Subject::Order(order)] => received[order] += receipt.amount,
            [Subject::Sale(_) | Subject::Contract(_)] | [] => {}
            // A receipt for several orders is made of their whole dues.
            _ => {
                for subject in &receipt.subjects {
                    if let Subject::Order(order) = subject {
                        received[*order] = due[*order];
                    }
                }
            }
        }
    }
    // Other faults lie on orders that balance, or stand open besides.
    let about_money = |one: &&Planted| one.note.starts_with("open") || one.note.starts_with("cleared");
    let known: BTreeSet<&str> = shop.planted.iter().filter(about_money).map(|one| one.order_no.as_str()).collect();
    let mut found = Vec::new();
    for order in 0..shop.orders.len() {
        let diff = received[order] - due[order];
        // A planted order that does not balance is on the list already.
        if diff.is_zero() || known.contains(shop.orders[order].number.as_str()) {
            continue;
        }
        let (kind, date) = match last[order].map(|at| &shop.settlements[at]) {
            None => ("deposit", shop.orders[order].opened_at.date()),
            Some(settled) if settled.terms == Terms::OnAccount => ("on_account", settled.at.date()),
            Some(settled) => (if received[order].is_zero() { "unpaid" } else { "underpaid" }, settled.at.date()),
        };
        let (order_no, note) = (shop.orders[order].number.clone(), "open; ordinary business".to_string());
        found.push(Planted { kind, order_no, receipt: None, amount: diff.abs(), date, note });
    }
    shop.planted.append(&mut found);
}
