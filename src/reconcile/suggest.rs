//! Suggestions for receipts whose order is unknown: shown, best first, never applied.

use chrono::NaiveDate;

use super::allocate::{Allocated, NotAllocated};
use super::cases::Cases;
use super::clearing::{Item, Suggestion, Unknown};
use super::numbers::read_reference;
use super::settings::Names;
use super::subjects::SubjectKind;
use super::vins::is_vin;
use crate::model::Text;
use crate::model::records::{Facts, Receipt};

/// Why an open order is suggested; best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The number is borne by this and another live order.
    SameNumber,
    /// The car is that of the contract.
    SameCar,
    /// It may be this line of an insurer's statement, or another.
    SameLine,
    SameAmountAndPlate,
    SameAmountAndNearNumber,
    SameAmountAndPayer,
}

impl Reason {
    pub fn title(self) -> Text {
        match self {
            Reason::SameNumber => Text::new("单号相同（重号）", "same number (borne twice)"),
            Reason::SameCar => Text::new("车架号相同", "same car"),
            Reason::SameLine => Text::new("保险回款明细金额相同", "same amount as the insurer's line"),
            Reason::SameAmountAndPlate => Text::new("金额与车牌相同", "same amount and plate"),
            Reason::SameAmountAndNearNumber => Text::new("金额相同、单号差一个字", "same amount, number one edit away"),
            Reason::SameAmountAndPayer => Text::new("金额与付款人相同、3日内", "same amount and payer within 3 days"),
        }
    }
}

/// The unknown receipts with the open orders, contracts and cases that each probably belongs to.
pub fn all(facts: &Facts, items: &[Item], allocated: &Allocated, as_of: NaiveDate, names: &Names) -> Vec<Unknown> {
    let suggest = |unknown: &NotAllocated| {
        let row = &facts.receipts[unknown.receipt];
        let age_days = row.received_at.map_or(0, |t| as_of.signed_duration_since(t.date()).num_days());
        let mut suggestions = told_twice(facts, items, unknown, &allocated.cases);
        let more = match row.purpose == "insurance" {
            true => of_cases(row, unknown, &allocated.cases, names),
            false => of_items(items, row, unknown, names),
        };
        for suggestion in more {
            if !suggestions.iter().any(|s| s.id == suggestion.id) {
                suggestions.push(suggestion);
            }
        }
        suggestions.sort();
        let NotAllocated { receipt, key, amount, reason, .. } = unknown.clone();
        Unknown { receipt, key, amount, reason, suggestions, age_days }
    };
    allocated.unknown.iter().map(suggest).collect()
}

/// What bears the receipt's number or car as well, and the lines that it may be.
fn told_twice(facts: &Facts, items: &[Item], unknown: &NotAllocated, cases: &Cases) -> Vec<Suggestion> {
    let mut found = Vec::new();
    for id in &unknown.doubled {
        if let Some(order) = facts.orders.iter().find(|o| o.order_id == *id) {
            let (number, plate) = (order.order_no.clone(), order.plate.clone());
            found.push(Suggestion { reason: Reason::SameNumber, number, id: id.clone(), plate });
        } else if let Some(sale) = facts.vehicle_sales.iter().find(|s| s.contract_no == *id) {
            let (number, plate) = (sale.contract_no.clone(), sale.vin.clone());
            found.push(Suggestion { reason: Reason::SameCar, number, id: id.clone(), plate });
        } else if let Some(item) = items.iter().find(|i| i.id == *id) {
            found.push(suggestion(Reason::SameNumber, item));
        }
    }
    for line in unknown.lines.iter().map(|at| &facts.insurer_payments[*at]) {
        let number = if line.case_no.is_empty() { &line.order_no } else { &line.case_no };
        let case = cases.by_number(number).and_then(|case| cases.all[case].orders.first());
        let number = case.map_or(number, |order| &order.number).clone();
        let id = format!("{} {}", line.statement_no, line.line_no);
        found.push(Suggestion { reason: Reason::SameLine, number, plate: id.clone(), id });
    }
    found
}

/// Cases that still owe just what the insurer paid.
fn of_cases(receipt: &Receipt, unknown: &NotAllocated, cases: &Cases, names: &Names) -> Vec<Suggestion> {
    let numbers = read_reference(&receipt.order_ref);
    let mut found = Vec::new();
    for case in cases.all.iter().filter(|case| case.left() == unknown.amount) {
        let near = |number: &str| numbers.iter().any(|n| is_one_edit_away(n, number));
        let reason = if near(&case.case_no) || case.orders.iter().any(|order| near(&order.number)) {
            Reason::SameAmountAndNearNumber
        } else if names.same(&receipt.payer, &case.insurer) {
            Reason::SameAmountAndPayer
        } else {
            continue;
        };
        let (number, plate) = (case.order_no().to_owned(), case.case_no.clone());
        found.push(Suggestion { reason, id: number.clone(), number, plate });
    }
    found
}

fn suggestion(reason: Reason, item: &Item) -> Suggestion {
    let shown = if item.kind == SubjectKind::Contract { &item.vin } else { &item.plate };
    Suggestion { reason, number: item.number.clone(), id: item.id.clone(), plate: shown.clone() }
}

/// Open orders, sales and contracts that lack just what was paid: all of the difference, or of a contract what is due of
/// the customer or of the lender.
fn of_items(items: &[Item], receipt: &Receipt, unknown: &NotAllocated, names: &Names) -> Vec<Suggestion> {
    let numbers = read_reference(&receipt.order_ref);
    let cars: Vec<&str> =
        numbers.iter().map(String::as_str).filter(|n| is_vin(n)).chain([receipt.vin.as_str()]).collect();
    let mut found = Vec::new();
    for item in items.iter().filter(|i| i.category.is_open() && i.diff().0 < 0) {
        let owed = [-item.diff(), -item.diff() - item.lender_owes(), item.lender_owes()];
        if !owed.contains(&unknown.amount) || unknown.amount.0 <= 0 {
            continue;
        }
        let near_date = receipt
            .received_at
            .zip(item.settled_on)
            .is_some_and(|(received, settled)| received.date().signed_duration_since(settled).num_days().abs() <= 3);
        let reason = if !item.vin.is_empty() && cars.contains(&item.vin.as_str()) {
            Reason::SameCar
        } else if !receipt.plate.is_empty() && receipt.plate == item.plate {
            Reason::SameAmountAndPlate
        } else if numbers.iter().any(|n| is_one_edit_away(n, &item.number)) {
            Reason::SameAmountAndNearNumber
        } else if is_payer(receipt, item, near_date, names) {
            Reason::SameAmountAndPayer
        } else {
            continue;
        };
        found.push(suggestion(reason, item));
    }
    found
}

/// The customer within 3 days, or the lender whenever it pays.
fn is_payer(receipt: &Receipt, item: &Item, near_date: bool, names: &Names) -> bool {
    let is_customer = !receipt.payer.is_empty() && receipt.payer == item.customer && near_date;
    is_customer || names.same(&receipt.payer, &item.lender)
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
