//! Receipts to what they stand on: by number only, several documents filled in the order in which they are named.

use std::collections::HashMap;

use super::cases::Cases;
use super::clearing::{Allocation, OtherIncome, UnknownReason};
use super::numbers::read_reference;
use super::purpose::Registers;
use super::settings::Settings;
use super::subjects::{Found, SubjectKind, Subjects};
use super::vins::is_vin;
use crate::finding::Finding;
use crate::model::Fen;
use crate::model::records::{Facts, Receipt};

/// What became of the receipts.
pub struct Allocated {
    /// In order of time, then receipt number.
    pub allocations: Vec<Allocation>,
    pub unknown: Vec<NotAllocated>,
    /// Received on each subject.
    pub received: Vec<Fen>,
    /// Of that, from the contract's lender.
    pub lent: Vec<Fen>,
    /// What stands on its purpose alone.
    pub other: Vec<OtherIncome>,
    /// Insurers' cases with what was paid on them.
    pub cases: Cases,
}

/// A receipt none of whose orders is known, or what is left of it.
#[derive(Debug, Clone)]
pub struct NotAllocated {
    pub receipt: usize,
    /// Its number, with a mark where several such receipts bear it: the same on every date.
    pub key: String,
    pub amount: Fen,
    pub reason: UnknownReason,
    /// Live orders that share its number, contracts that share its car.
    pub doubled: Vec<String>,
    /// Lines of insurers' statements that it may be, as indices into the facts.
    pub lines: Vec<usize>,
}

/// What a receipt stands on.
enum Stands {
    Subjects(Vec<usize>),
    /// Insurers' cases.
    Cases(Vec<usize>),
    /// Lines of an insurer's statement that count for it.
    Lines,
    /// Its purpose.
    Other,
    Unknown {
        reason: UnknownReason,
        doubled: Vec<String>,
        lines: Vec<usize>,
    },
}

/// Allocates every receipt, in order of time, then receipt number.
pub fn allocate(facts: &Facts, subjects: &Subjects<'_>, settings: &Settings, findings: &mut Vec<Finding>) -> Allocated {
    let mut order: Vec<usize> = (0..facts.receipts.len()).collect();
    order.sort_by(|a, b| when(&facts.receipts[*a]).cmp(&when(&facts.receipts[*b])));
    let none = || vec![Fen::ZERO; subjects.all.len()];
    let cases = Cases::new(facts, subjects, &order, settings, findings);
    let registers = Registers::new(facts, subjects);
    let mut out = Allocated {
        allocations: Vec::new(),
        unknown: Vec::new(),
        received: none(),
        lent: none(),
        other: Vec::new(),
        cases,
    };
    let mut bearing: HashMap<&str, usize> = HashMap::new();
    for index in order {
        let receipt = &facts.receipts[index];
        match stands(index, facts, subjects, &mut out.cases, &registers, settings) {
            Stands::Subjects(targets) => fill(index, &targets, facts, subjects, settings, &mut out),
            Stands::Cases(cases) => out.cases.pay(index, receipt.amount, &cases, None),
            Stands::Lines => out.cases.told_by_lines(index, receipt.amount),
            Stands::Other => out.other.push(OtherIncome { receipt: index }),
            Stands::Unknown { reason, doubled, lines } => {
                let count = bearing.entry(receipt.receipt_no.as_str()).or_insert(0);
                *count += 1;
                let key = match count {
                    1 => receipt.receipt_no.clone(),
                    count => format!("{}#{count}", receipt.receipt_no),
                };
                out.unknown.push(NotAllocated { receipt: index, key, amount: receipt.amount, reason, doubled, lines });
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

fn stands(
    index: usize,
    facts: &Facts,
    subjects: &Subjects<'_>,
    cases: &mut Cases,
    registers: &Registers<'_>,
    settings: &Settings,
) -> Stands {
    let receipt = &facts.receipts[index];
    let numbers = read_reference(&receipt.order_ref);
    let (known, doubled) = named(receipt, &numbers, subjects);
    if cases.is_told_by_lines(index) {
        return Stands::Lines;
    }
    let unknown =
        |reason: UnknownReason, lines: Vec<usize>| Stands::Unknown { reason, doubled: doubled.clone(), lines };
    if let Some(lines) = cases.alike(index) {
        return unknown(UnknownReason::LinesAlike, lines.to_vec());
    }
    let is_order = |at: &usize| subjects.all[*at].kind() == SubjectKind::Order;
    if cases.is_insurers(receipt, &numbers, subjects, settings) && (known.is_empty() || known.iter().any(is_order)) {
        let named = cases.named(&numbers, &known, subjects);
        if !named.is_empty() {
            return Stands::Cases(named);
        }
        if let Some(order) = known.iter().copied().find(is_order) {
            return Stands::Cases(vec![cases.of_uninsured(order, receipt, subjects, settings)]);
        }
    }
    match (known.is_empty(), numbers.is_empty(), doubled.is_empty()) {
        (false, ..) => Stands::Subjects(known),
        _ if doubled.is_empty() && registers.is_other_income(receipt, &numbers) => Stands::Other,
        (_, _, false) => unknown(UnknownReason::Doubled, Vec::new()),
        (_, true, _) => unknown(UnknownReason::NoNumber, Vec::new()),
        _ => unknown(UnknownReason::NotFound, Vec::new()),
    }
}

/// The subjects that a receipt names and that are known, in order, and the keys that a number or car of it leaves open.
fn named(receipt: &Receipt, numbers: &[String], subjects: &Subjects<'_>) -> (Vec<usize>, Vec<String>) {
    if !receipt.order_id.is_empty() {
        return (subjects.by_id(&receipt.order_id).into_iter().collect(), Vec::new());
    }
    let day = receipt.received_at.map(|t| t.date());
    let mut known = Vec::new();
    let mut doubled = Vec::new();
    let mut take = |found: Found| match found {
        Found::Subject(index) if !known.contains(&index) => known.push(index),
        Found::Several(ids) => doubled.extend(ids),
        _ => {}
    };
    for number in numbers {
        match subjects.find(number) {
            Found::Nothing if is_vin(number) => take(subjects.find_vin(number, day)),
            found => take(found),
        }
    }
    // A car in a column of its own: every row of the workshop may have one, so it speaks of contracts only where the
    // receipt is not for work or parts.
    let is_workshops = ["service", "parts", "insurance"].contains(&receipt.purpose.as_str());
    if known.is_empty() && doubled.is_empty() && !receipt.vin.is_empty() && !is_workshops {
        match subjects.find_vin(&receipt.vin, day) {
            Found::Subject(index) => known.push(index),
            Found::Several(ids) => doubled.extend(ids),
            Found::Nothing => {}
        }
    }
    (known, doubled)
}

/// Whether a receipt is the lender's of a contract.
pub fn is_lenders(receipt: &Receipt, lender: &str, settings: &Settings) -> bool {
    receipt.purpose == "loan" || settings.names.same(&receipt.payer, lender)
}

/// Each document takes up to what is still due, those named first; what is left goes to a contract that is not delivered
/// yet, else to the last. A refund takes what was received too much, then what was received, from the last back.
fn fill(
    index: usize,
    targets: &[usize],
    facts: &Facts,
    subjects: &Subjects<'_>,
    settings: &Settings,
    out: &mut Allocated,
) {
    let receipt = &facts.receipts[index];
    let lends = |at: usize| subjects.all[at].sale(facts).is_some_and(|s| is_lenders(receipt, &s.lender, settings));
    let mut shares = vec![Fen::ZERO; targets.len()];
    let mut rest = receipt.amount;
    if targets.len() > 1 && rest.0 > 0 {
        for (share, at) in shares.iter_mut().zip(targets) {
            let mut due = subjects.all[*at].due - out.received[*at];
            if let Some(sale) = subjects.all[*at].sale(facts).filter(|_| !lends(*at)) {
                due -= Fen((sale.loan_amount - out.lent[*at]).0.max(0));
            }
            *share = rest.min(Fen(due.0.max(0)));
            rest -= *share;
        }
    } else if targets.len() > 1 {
        let too_much = |at: usize| out.received[at] - subjects.all[at].due;
        for (share, at) in shares.iter_mut().zip(targets).rev() {
            *share = rest.max(Fen(-too_much(*at).0.max(0)));
            rest -= *share;
        }
        for (share, at) in shares.iter_mut().zip(targets).rev() {
            let more = rest.max(Fen(-(out.received[*at] + *share).0.max(0)));
            *share += more;
            rest -= more;
        }
    }
    let pending = |at: &usize| subjects.all[*at].sale(facts).is_some_and(|sale| sale.is_pending());
    let last = targets.iter().position(|at| rest.0 > 0 && pending(at)).unwrap_or(targets.len() - 1);
    shares[last] += rest;
    for (share, at) in shares.into_iter().zip(targets) {
        if share.is_zero() && targets.len() > 1 && *at != targets[last] {
            continue;
        }
        out.received[*at] += share;
        if lends(*at) {
            out.lent[*at] += share;
        }
        out.allocations.push(Allocation { receipt: index, subject: *at, amount: share, decided_on: None });
    }
}
