//! Dues that an export does not carry: the sums of the order's lines.

use std::collections::{HashMap, HashSet};

use super::numbers::Numbers;
use crate::finding::{Code, Finding};
use crate::model::records::Facts;
use crate::model::{Fen, Origin};

/// Labour, parts and the payers' dues of one order's lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineSums {
    pub labor: Fen,
    pub parts: Fen,
    /// Customer, warranty, insurance, internal. What a payer of no list would owe is in none of them.
    pub by_payer: [Fen; 4],
    pub labor_lines: u32,
    pub part_lines: u32,
}

const PAYERS: [&str; 4] = ["customer", "warranty", "insurance", "internal"];

/// Sums of the lines of every order, by internal key. Lines whose order is not known are left to the checks.
pub fn line_sums(facts: &Facts) -> HashMap<String, LineSums> {
    let numbers = Numbers::new(facts);
    let payers = Payers::of(facts);
    let mut sums: HashMap<String, LineSums> = HashMap::new();
    for line in &facts.labor_lines {
        let Some(id) = numbers.id_of_reference(&line.order_id) else { continue };
        let sum = sums.entry(id.to_owned()).or_default();
        let amount = line.amount.unwrap_or_default();
        sum.labor += amount;
        sum.owe(payers.place(&line.pay_type, &line.origin), amount);
        sum.labor_lines += 1;
    }
    for line in &facts.part_lines {
        let Some(id) = numbers.id_of_reference(&line.order_id) else { continue };
        let sum = sums.entry(id.to_owned()).or_default();
        let amount = line.known_amount().unwrap_or_default();
        sum.parts += amount;
        sum.owe(payers.place(&line.pay_type, &line.origin), amount);
        sum.part_lines += 1;
    }
    sums
}

impl LineSums {
    fn owe(&mut self, payer: Option<usize>, amount: Fen) {
        if let Some(payer) = payer {
            self.by_payer[payer] += amount;
        }
    }
}

/// Who pays for a line. An export that names no payer on any line has only customers'; where it names them, a line
/// without one, or with one that nobody knows, is nobody's: it is told, not guessed.
struct Payers<'a> {
    /// Exports (file and sheet) that name payers.
    named_in: HashSet<(i64, &'a str)>,
}

impl<'a> Payers<'a> {
    fn of(facts: &'a Facts) -> Payers<'a> {
        let labor = facts.labor_lines.iter().map(|l| (&l.pay_type, &l.origin));
        let parts = facts.part_lines.iter().map(|l| (&l.pay_type, &l.origin));
        let named = labor.chain(parts).filter(|(payer, _)| !payer.is_empty());
        Payers { named_in: named.map(|(_, origin)| (origin.file, origin.sheet.as_str())).collect() }
    }

    /// Place in [`PAYERS`]; none where it cannot be told.
    fn place(&self, pay_type: &str, origin: &Origin) -> Option<usize> {
        match pay_type {
            "" => (!self.named_in.contains(&(origin.file, origin.sheet.as_str()))).then_some(0),
            payer => PAYERS.iter().position(|known| *known == payer),
        }
    }
}

/// Fills in the settlements whose export carries no amounts, and says which lines have no price, no amount or no payer.
pub fn from_lines(facts: &mut Facts) -> Vec<Finding> {
    let mut findings = unpriced(facts);
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
        findings.extend(not_owed(facts));
    }
    findings
}

/// Lines of settlements that rest on them whose amount, or whose payer, is not known: they are in no due.
fn not_owed(facts: &Facts) -> Vec<Finding> {
    let numbers = Numbers::new(facts);
    let payers = Payers::of(facts);
    let from_lines = facts.settlements.iter().filter(|s| s.amounts_from == "lines");
    let orders: HashSet<&str> = from_lines.map(|s| s.order_id.as_str()).collect();
    let rests_on = |order: &str| numbers.id_of_reference(order).is_some_and(|id| orders.contains(id));
    let mut findings = Vec::new();
    let mut unpaid = |order: &str, pay_type: &str, amount: Option<Fen>, origin: &Origin| {
        let amount = amount.filter(|amount| !amount.is_zero());
        if let (Some(amount), None, true) = (amount, payers.place(pay_type, origin), rests_on(order)) {
            let finding = Finding::new(Code::PayerUnknown, pay_type).with(order).with(amount.to_string());
            findings.push(finding.at_row(origin));
        }
    };
    for line in &facts.labor_lines {
        unpaid(&line.order_id, &line.pay_type, line.amount, &line.origin);
    }
    for line in &facts.part_lines {
        unpaid(&line.order_id, &line.pay_type, line.known_amount(), &line.origin);
    }
    let no_amount = facts.labor_lines.iter().filter(|l| l.amount.is_none() && rests_on(&l.order_id));
    findings.extend(no_amount.map(|l| Finding::new(Code::LaborAmountMissing, &l.order_id).at_row(&l.origin)));
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
