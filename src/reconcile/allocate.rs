//! Receipts to orders: by number only, several orders filled in the order in which they are named.

use std::collections::HashMap;

use super::clearing::{Allocation, UnknownReason};
use super::numbers::read_reference;
use super::subjects::{Found, Subjects};
use crate::model::Fen;
use crate::model::records::{Facts, Receipt};

/// What became of the receipts.
pub struct Allocated {
    /// In order of time, then receipt number.
    pub allocations: Vec<Allocation>,
    pub unknown: Vec<NotAllocated>,
    /// Received on each subject.
    pub received: Vec<Fen>,
}

/// A receipt none of whose orders is known, or what is left of it.
#[derive(Debug, Clone)]
pub struct NotAllocated {
    pub receipt: usize,
    /// Its number, with a mark where several such receipts bear it: the same on every date.
    pub key: String,
    pub amount: Fen,
    pub reason: UnknownReason,
    /// Live orders that share its number.
    pub doubled: Vec<String>,
}

/// Allocates every receipt, in order of time, then receipt number.
pub fn allocate(facts: &Facts, subjects: &Subjects<'_>) -> Allocated {
    let mut order: Vec<usize> = (0..facts.receipts.len()).collect();
    order.sort_by(|a, b| when(&facts.receipts[*a]).cmp(&when(&facts.receipts[*b])));
    let mut out =
        Allocated { allocations: Vec::new(), unknown: Vec::new(), received: vec![Fen::ZERO; subjects.all.len()] };
    let mut bearing: HashMap<&str, usize> = HashMap::new();
    for index in order {
        let receipt = &facts.receipts[index];
        match targets(receipt, subjects) {
            Ok(targets) => fill(index, receipt.amount, &targets, subjects, &mut out),
            Err((reason, doubled)) => {
                let count = bearing.entry(receipt.receipt_no.as_str()).or_insert(0);
                *count += 1;
                let key = match count {
                    1 => receipt.receipt_no.clone(),
                    count => format!("{}#{count}", receipt.receipt_no),
                };
                out.unknown.push(NotAllocated { receipt: index, key, amount: receipt.amount, reason, doubled });
            }
        }
    }
    out
}

impl Allocated {
    /// Into the order of the receipts again, after decisions have moved some.
    pub fn sort(&mut self, facts: &Facts) {
        self.allocations.sort_by(|a, b| when(&facts.receipts[a.receipt]).cmp(&when(&facts.receipts[b.receipt])));
    }
}

/// A full order that never rests on the order of files or rows.
fn when(receipt: &Receipt) -> impl Ord + '_ {
    (receipt.received_at, &receipt.receipt_no, receipt.amount, &receipt.tender, &receipt.order_ref, &receipt.payer)
}

/// The subjects that a receipt names and that are known, in order.
fn targets(receipt: &Receipt, subjects: &Subjects<'_>) -> Result<Vec<usize>, (UnknownReason, Vec<String>)> {
    if !receipt.order_id.is_empty() {
        let found = subjects.by_id(&receipt.order_id);
        return found.map(|index| vec![index]).ok_or((UnknownReason::NotFound, Vec::new()));
    }
    let numbers = read_reference(&receipt.order_ref);
    let mut known = Vec::new();
    let mut doubled = Vec::new();
    for number in &numbers {
        match subjects.find(number) {
            Found::Subject(index) if !known.contains(&index) => known.push(index),
            Found::Several(ids) => doubled.extend(ids),
            _ => {}
        }
    }
    match (known.is_empty(), numbers.is_empty(), doubled.is_empty()) {
        (false, ..) => Ok(known),
        (_, true, _) => Err((UnknownReason::NoNumber, doubled)),
        (_, _, false) => Err((UnknownReason::Doubled, doubled)),
        _ => Err((UnknownReason::NotFound, doubled)),
    }
}

/// Each order takes up to what is still due (a refund: up to what was received too much); the rest stays on the last.
fn fill(receipt: usize, amount: Fen, targets: &[usize], subjects: &Subjects<'_>, out: &mut Allocated) {
    let mut rest = amount;
    for (place, subject) in targets.iter().enumerate() {
        let due = subjects.all[*subject].due - out.received[*subject];
        let share = match place + 1 == targets.len() {
            true => rest,
            false if rest.0 >= 0 => Fen(rest.0.min(due.0.max(0))),
            false => Fen(rest.0.max(due.0.min(0))),
        };
        if share.is_zero() && place + 1 < targets.len() {
            continue;
        }
        out.received[*subject] += share;
        out.allocations.push(Allocation { receipt, subject: *subject, amount: share, decided_on: None });
        rest -= share;
    }
}
