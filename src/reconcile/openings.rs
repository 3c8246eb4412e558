//! Opening items (期初未销): what a shop that starts in mid-year brings with it, made part of the facts.
//!
//! What is due stands on its order as a settlement would. What was received becomes a receipt, so that a deposit, a part
//! payment and a receipt of an unknown order go the way of every other; it is marked, because no cashier of this ledger
//! took it: cash, numbers and the figures of receipts leave it out. What the exports tell themselves is not added again.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};

use super::numbers::read_reference;
use crate::finding::{Code, Finding};
use crate::model::records::{Facts, Opening, Receipt};

/// Adds the receipts of the opening items, and takes out the items that cannot count or would count twice.
pub fn bring_in(facts: &mut Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    if facts.openings.is_empty() {
        return findings;
    }
    let (mut kept, mut receipts) = (Vec::new(), Vec::new());
    let openings = std::mem::take(&mut facts.openings);
    let told = Told::of(facts);
    for mut opening in openings {
        let Some(balance_on) = opening.balance_on else { continue }; // required: the row would have been rejected
        findings.extend(keep_within(&mut opening, balance_on));
        match refused(&opening, balance_on, &told) {
            Some(finding) => findings.push(finding.at_row(&opening.origin)),
            None => {
                receipts.extend(receipt_of(&opening, balance_on));
                kept.push(opening);
            }
        }
    }
    facts.openings = kept;
    // After the rows of the table: the index of a receipt of an export is its row's.
    facts.receipts.extend(receipts);
    findings
}

/// What the exports tell: the first day of every order settled, sale, settlement and receipt, with how to name it.
struct Told {
    orders: HashMap<String, (NaiveDate, String)>,
    settlements: HashMap<String, NaiveDate>,
    receipts: HashMap<String, NaiveDate>,
}

impl Told {
    fn of(facts: &Facts) -> Told {
        let mut told = Told { orders: HashMap::new(), settlements: HashMap::new(), receipts: HashMap::new() };
        let mut order = |number: &str, day: NaiveDate, document: &str| {
            let first = told.orders.entry(number.to_owned()).or_insert((day, document.to_owned()));
            *first = first.clone().min((day, document.to_owned()));
        };
        let earliest = |map: &mut HashMap<String, NaiveDate>, number: &str, day: NaiveDate| {
            let first = map.entry(number.to_owned()).or_insert(day);
            *first = day.min(*first);
        };
        for settlement in &facts.settlements {
            if let Some(day) = settlement.settled_on() {
                order(&settlement.order_no, day, &settlement.settlement_no);
                earliest(&mut told.settlements, &settlement.settlement_no, day);
            }
        }
        for line in &facts.sales {
            if let Some(at) = line.sold_at {
                order(&line.sale_no, at.date(), &line.sale_no);
            }
        }
        for line in facts.accessory_moves.iter().filter(|line| line.sold().is_some()) {
            if let Some(day) = line.date {
                order(&line.sale_no, day, &line.sale_no);
            }
        }
        for sale in &facts.vehicle_sales {
            if let Some(day) = sale.delivered_on {
                order(&sale.contract_no, day, &sale.contract_no);
            }
        }
        for receipt in &facts.receipts {
            if let Some(at) = receipt.received_at {
                earliest(&mut told.receipts, &receipt.receipt_no, at.date());
            }
        }
        told
    }

    /// The document of the exports, dated up to the balance, that tells what the opening item tells.
    fn document(&self, opening: &Opening, balance_on: NaiveDate) -> Option<String> {
        let of_order = read_reference(&opening.order_no)
            .iter()
            .find_map(|number| self.orders.get(number).filter(|(day, _)| *day <= balance_on).cloned());
        let named = |map: &HashMap<String, NaiveDate>, number: &String| {
            map.get(number).filter(|day| **day <= balance_on).map(|day| (*day, number.clone()))
        };
        let found = of_order
            .or_else(|| named(&self.settlements, &opening.settlement_no))
            .or_else(|| named(&self.receipts, &opening.receipt_no));
        found.map(|(day, number)| format!("{number} {day}"))
    }
}

/// Why an opening item does not count.
fn refused(opening: &Opening, balance_on: NaiveDate, told: &Told) -> Option<Finding> {
    if !opening.due.is_zero() && read_reference(&opening.order_no).len() != 1 {
        return Some(Finding::new(Code::OpeningWithoutOrder, &opening.order_no).with(opening.due.to_string()));
    }
    if opening.due.is_zero() && opening.received.is_zero() {
        return None; // a row taken back: it says nothing that could count twice
    }
    let document = told.document(opening, balance_on)?;
    Some(Finding::new(Code::OpeningDoubled, name_of(opening)).with(balance_on.to_string()).with(document))
}

/// Nothing of a balance is later than the balance: what is dated so counts as of it, and a finding says so.
fn keep_within(opening: &mut Opening, balance_on: NaiveDate) -> Vec<Finding> {
    let (name, origin) = (name_of(opening), opening.origin.clone());
    let mut findings = Vec::new();
    for date in [&mut opening.settled_on, &mut opening.received_on] {
        if let Some(later) = date.filter(|d| *d > balance_on) {
            let finding = Finding::new(Code::OpeningDatedLater, &name).with(balance_on.to_string());
            findings.push(finding.with(later.to_string()).at_row(&origin));
            *date = Some(balance_on);
        }
    }
    findings
}

fn name_of(opening: &Opening) -> String {
    let number = if opening.order_no.is_empty() { &opening.receipt_no } else { &opening.order_no };
    number.clone()
}

/// What was received, as a receipt of its own.
fn receipt_of(opening: &Opening, balance_on: NaiveDate) -> Option<Receipt> {
    if opening.received.is_zero() {
        return None;
    }
    let or = |text: &String, other: &str| if text.is_empty() { other.to_owned() } else { text.clone() };
    // Money on an order with nothing due is a deposit; of money without an order nobody knows what it is.
    let is_deposit = opening.due.is_zero() && !opening.order_no.is_empty();
    Some(Receipt {
        origin: opening.origin.clone(),
        receipt_no: or(&opening.receipt_no, &format!("期初-{}", opening.order_no)),
        received_at: Some(opening.received_on.unwrap_or(balance_on).and_time(NaiveTime::MIN)),
        cashier: String::new(),
        order_ref: opening.order_no.clone(),
        order_id: String::new(),
        settlement_no: opening.settlement_no.clone(),
        vin: String::new(),
        plate: opening.plate.clone(),
        payer: or(&opening.payer, &opening.customer),
        tender: opening.tender.clone(),
        amount: opening.received,
        reference: String::new(),
        purpose: or(&opening.purpose, if is_deposit { "deposit" } else { "" }),
        is_opening: true,
    })
}
