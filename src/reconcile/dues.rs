//! Dues that an export does not carry: the sums of the order's lines.

use std::collections::HashMap;

use super::numbers::Numbers;
use crate::finding::{Code, Finding};
use crate::model::Fen;
use crate::model::records::Facts;

/// Labour, parts and the payers' dues of one order's lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineSums {
    pub labor: Fen,
    pub parts: Fen,
    /// Customer, warranty, insurance, internal.
    pub by_payer: [Fen; 4],
    pub labor_lines: u32,
    pub part_lines: u32,
}

const PAYERS: [&str; 4] = ["customer", "warranty", "insurance", "internal"];

/// Sums of the lines of every order, by internal key. Lines whose order is not known are left to the checks.
pub fn line_sums(facts: &Facts) -> HashMap<String, LineSums> {
    let numbers = Numbers::new(facts);
    let mut sums: HashMap<String, LineSums> = HashMap::new();
    let payer = |pay_type: &str| PAYERS.iter().position(|p| *p == pay_type).unwrap_or(0);
    for line in &facts.labor_lines {
        let Some(id) = numbers.id_of_reference(&line.order_id) else { continue };
        let sum = sums.entry(id.to_owned()).or_default();
        let amount = line.amount.unwrap_or_default();
        sum.labor += amount;
        sum.by_payer[payer(&line.pay_type)] += amount;
        sum.labor_lines += 1;
    }
    for line in &facts.part_lines {
        let Some(id) = numbers.id_of_reference(&line.order_id) else { continue };
        let sum = sums.entry(id.to_owned()).or_default();
        let amount = line.known_amount().unwrap_or_default();
        sum.parts += amount;
        sum.by_payer[payer(&line.pay_type)] += amount;
        sum.part_lines += 1;
    }
    sums
}

/// Fills in the settlements whose export carries no amounts, and says which lines have no price.
pub fn from_lines(facts: &mut Facts) -> Vec<Finding> {
    let findings = unpriced(facts);
    if facts.settlements.iter().any(|s| s.amounts_from == "lines") {
        let sums = line_sums(facts);
        for settlement in facts.settlements.iter_mut().filter(|s| s.amounts_from == "lines") {
            let sum = sums.get(&settlement.order_id).copied().unwrap_or_default();
            settlement.labor_amount = sum.labor;
            settlement.parts_amount = sum.parts;
            let [customer, warranty, insurance, internal] = sum.by_payer;
            settlement.customer_due = customer;
            settlement.warranty_due = warranty;
            settlement.insurance_due = insurance;
            settlement.internal_due = internal;
        }
    }
    findings
}

/// Part lines without a price, one by one, and those priced 0, counted.
fn unpriced(facts: &Facts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut zero: Option<Finding> = None;
    for line in &facts.part_lines {
        let at = |f: Finding| f.at_row(&line.origin);
        if line.known_amount().is_none() {
            findings.push(at(Finding::new(Code::PartPriceMissing, &line.order_id).with(&line.part_no)));
        } else if line.unit_price == Some(0) {
            match &mut zero {
                Some(first) => first.count += 1,
                None => zero = Some(at(Finding::new(Code::PartPriceZero, &line.order_id))),
            }
        }
    }
    findings.extend(zero);
    findings
}
