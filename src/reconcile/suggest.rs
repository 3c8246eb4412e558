//! Suggestions for receipts whose order is unknown: shown, best first, never applied.

use chrono::NaiveDate;

use super::allocate::NotAllocated;
use super::clearing::{Item, Suggestion, Unknown};
use crate::model::Text;
use crate::model::records::{Facts, Receipt};

/// Why an open order is suggested; best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The number is borne by this and another live order.
    SameNumber,
    SameAmountAndPlate,
    SameAmountAndNearNumber,
    SameAmountAndPayer,
}

impl Reason {
    pub fn title(self) -> Text {
        match self {
            Reason::SameNumber => Text::new("单号相同（重号）", "same number (borne twice)"),
            Reason::SameAmountAndPlate => Text::new("金额与车牌相同", "same amount and plate"),
            Reason::SameAmountAndNearNumber => Text::new("金额相同、单号差一个字", "same amount, number one edit away"),
            Reason::SameAmountAndPayer => Text::new("金额与付款人相同、3日内", "same amount and payer within 3 days"),
        }
    }
}

/// The unknown receipts with the open orders that each probably belongs to.
pub fn all(facts: &Facts, items: &[Item], unknown: &[NotAllocated], as_of: NaiveDate) -> Vec<Unknown> {
    let suggest = |unknown: &NotAllocated| {
        let row = &facts.receipts[unknown.receipt];
        let age_days = row.received_at.map_or(0, |t| as_of.signed_duration_since(t.date()).num_days());
        let suggestions = suggestions(facts, items, row, unknown);
        let NotAllocated { receipt, key, amount, reason, .. } = unknown.clone();
        Unknown { receipt, key, amount, reason, suggestions, age_days }
    };
    unknown.iter().map(suggest).collect()
}

fn suggestions(facts: &Facts, items: &[Item], receipt: &Receipt, unknown: &NotAllocated) -> Vec<Suggestion> {
    let mut found: Vec<Suggestion> = Vec::new();
    for id in &unknown.doubled {
        if let Some(order) = facts.orders.iter().find(|o| o.order_id == *id) {
            let (number, plate) = (order.order_no.clone(), order.plate.clone());
            found.push(Suggestion { reason: Reason::SameNumber, number, id: id.clone(), plate });
        }
    }
    let numbers = super::numbers::read_reference(&receipt.order_ref);
    for item in items.iter().filter(|i| i.category.is_open() && i.diff().0 < 0 && unknown.amount == -i.diff()) {
        let near_date = receipt
            .received_at
            .zip(item.settled_on)
            .is_some_and(|(received, settled)| received.date().signed_duration_since(settled).num_days().abs() <= 3);
        let reason = if !receipt.plate.is_empty() && receipt.plate == item.plate {
            Reason::SameAmountAndPlate
        } else if numbers.iter().any(|n| is_one_edit_away(n, &item.number)) {
            Reason::SameAmountAndNearNumber
        } else if !receipt.payer.is_empty() && receipt.payer == item.customer && near_date {
            Reason::SameAmountAndPayer
        } else {
            continue;
        };
        if !found.iter().any(|s| s.id == item.id) {
            let (number, id, plate) = (item.number.clone(), item.id.clone(), item.plate.clone());
            found.push(Suggestion { reason, number, id, plate });
        }
    }
    found.sort();
    found
}

/// One changed, missing, added or two swapped neighbouring characters.
pub fn is_one_edit_away(left: &str, right: &str) -> bool {
    let (l, r): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let prefix = l.iter().zip(&r).take_while(|(a, b)| a == b).count();
    let suffix = l[prefix..].iter().rev().zip(r[prefix..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (l, r) = (&l[prefix..l.len() - suffix], &r[prefix..r.len() - suffix]);
    match (l.len(), r.len()) {
        (1, 1) | (0, 1) | (1, 0) => true,
        (2, 2) => l[0] == r[1] && l[1] == r[0],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_one_edit_away as near;

    #[test]
    fn one_edit() {
        assert!(near("W20260902911", "W20260902011"));
        assert!(near("W2026090201", "W20260902011"));
        assert!(near("W202609020111", "W20260902011"));
        assert!(near("W20260920011", "W20260902011"));
        assert!(!near("W20260902011", "W20260902011"));
        assert!(!near("W20260902922", "W20260902011"));
        assert!(!near("", "W1"));
    }
}
