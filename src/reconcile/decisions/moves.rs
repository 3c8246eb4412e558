//! `assign`: receipts, or parts of them, to the orders that the accountant names.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Act, Judged, Unfit, Verdict};
use crate::model::Fen;
use crate::model::keys::key;
use crate::model::records::{Decision, Facts, Receipt};
use crate::reconcile::allocate::Allocated;
use crate::reconcile::clearing::Allocation;
use crate::reconcile::settings::Settings;
use crate::reconcile::subjects::{Found, Subjects};

/// Moves what the decisions that stand assign.
///
/// A decision is about what the receipts' own numbers did: what another decision put on an order moves on by
/// withdrawing that one. So decisions about different things do not depend on each other.
///
/// A receipt of an insurer goes to the case of the order: its money is never the customer's.
pub fn assign(
    judged: &mut [Judged],
    facts: &Facts,
    subjects: &Subjects<'_>,
    allocated: &mut Allocated,
    settings: &Settings,
) {
    if !judged.iter().any(|j| j.act == Act::Assign && j.verdict == Verdict::Open) {
        return;
    }
    let mut seen = Seen::new(subjects, allocated);
    for one in judged.iter_mut().filter(|j| j.act == Act::Assign && j.verdict == Verdict::Open) {
        match plan(&one.decision, facts, subjects, allocated, &seen) {
            Ok(Some(step)) => {
                one.verdict = Verdict::Effective(step.amount);
                step.take(&facts.receipts[step.receipt], subjects, allocated, settings);
                seen.note(&step, subjects, allocated);
            }
            Ok(None) => one.verdict = Verdict::Settled,
            Err(why) => one.refuse(why),
        }
    }
    allocated.sort(facts);
}

/// What a sheet may have shown when a decision was made: how things stood before any decision, and after each.
struct Seen {
    /// What was left of each unknown receipt, by key.
    unknown: BTreeMap<String, (usize, Vec<Fen>)>,
    /// received − due of each subject.
    differences: Vec<Vec<Fen>>,
}

impl Seen {
    fn new(subjects: &Subjects<'_>, allocated: &Allocated) -> Seen {
        let unknown = allocated.unknown.iter().map(|u| (u.key.clone(), (u.receipt, vec![u.amount]))).collect();
        let differences = subjects.all.iter().zip(&allocated.received).map(|(s, received)| vec![*received - s.due]);
        Seen { unknown, differences: differences.collect() }
    }

    fn note(&mut self, step: &Step, subjects: &Subjects<'_>, allocated: &Allocated) {
        for at in step.from.into_iter().chain([step.to]) {
            self.differences[at].push(allocated.received[at] - subjects.all[at].due);
        }
        for unknown in allocated.unknown.iter().filter(|u| u.receipt == step.receipt) {
            if let Some((_, amounts)) = self.unknown.get_mut(&unknown.key) {
                amounts.push(unknown.amount);
            }
        }
    }
}

/// A move that fits.
struct Step {
    receipt: usize,
    from: Option<usize>,
    to: usize,
    amount: Fen,
    on: Option<NaiveDate>,
}

impl Step {
    fn take(&self, row: &Receipt, subjects: &Subjects<'_>, allocated: &mut Allocated, settings: &Settings) {
        match self.from {
            None => {
                for unknown in allocated.unknown.iter_mut().filter(|u| u.receipt == self.receipt) {
                    unknown.amount -= self.amount;
                }
                allocated.unknown.retain(|u| !u.amount.is_zero());
            }
            Some(from) => {
                allocated.received[from] -= self.amount;
                let is_its = |a: &Allocation| a.receipt == self.receipt && a.subject == from && a.decided_on.is_none();
                let mut left = self.amount;
                for allocation in allocated.allocations.iter_mut().filter(|a| is_its(a)) {
                    let taken = if left.abs() < allocation.amount.abs() { left } else { allocation.amount };
                    allocation.amount -= taken;
                    left -= taken;
                }
                allocated.allocations.retain(|a| !a.amount.is_zero() || !is_its(a));
            }
        }
        let Step { receipt, to, amount, on, .. } = *self;
        let cases = allocated.cases.of_subject(to).to_vec();
        let number = std::slice::from_ref(&subjects.all[to].number);
        if !cases.is_empty() && allocated.cases.is_insurers(row, number, subjects, settings) {
            return allocated.cases.pay(receipt, amount, &cases, on);
        }
        allocated.received[to] += amount;
        allocated.allocations.push(Allocation { receipt, subject: to, amount, decided_on: on });
    }
}

/// What a decision moves, nothing where the exports have done it themselves, or why it does not fit.
fn plan(
    decision: &Decision,
    facts: &Facts,
    subjects: &Subjects<'_>,
    allocated: &Allocated,
    seen: &Seen,
) -> Result<Option<Step>, Unfit> {
    let to = target(&decision.target_order, subjects, allocated).ok_or(Unfit::UnknownTarget)?;
    let (receipt, from, available) = match decision.item.split_at_checked(2) {
        Some(("R:", key)) => match from_unknown(decision, key, to, facts, allocated, seen)? {
            Some((receipt, available)) => (receipt, None, available),
            None => return Ok(None),
        },
        Some(("O:", id)) => {
            let from = subjects.by_id(id).ok_or(Unfit::UnknownItem)?;
            let (receipt, available) = from_order(decision, from, facts, subjects, allocated, seen)?;
            (receipt, Some(from), available)
        }
        Some(("K:", _)) => return Err(Unfit::NotForThis),
        _ => return Err(Unfit::UnknownItem),
    };
    let amount = part(decision, available)?;
    if from == Some(to) {
        return Err(Unfit::UnknownTarget);
    }
    Ok(Some(Step { receipt, from, to, amount, on: decision.as_of }))
}

/// What is moved: the amount decided, with the sign of what there is, or all of it.
fn part(decision: &Decision, available: Fen) -> Result<Fen, Unfit> {
    let Some(amount) = decision.amount.map(Fen::abs).filter(|amount| !amount.is_zero()) else { return Ok(available) };
    if amount > available.abs() {
        return Err(Unfit::TooMuch(available));
    }
    Ok(if available.0 < 0 { -amount } else { amount })
}

/// The order, sale or contract of a number; of an insurer's case the first of its orders.
fn target(number: &str, subjects: &Subjects<'_>, allocated: &Allocated) -> Option<usize> {
    let number = key(number);
    if let Some(case) = allocated.cases.by_number(&number) {
        return allocated.cases.all[case].orders.first().map(|order| order.subject);
    }
    match subjects.find(&number) {
        Found::Subject(at) => Some(at),
        // An internal key tells two orders of one number apart.
        _ => subjects.by_id(&number),
    }
}

/// A receipt whose order is unknown, and how much of it is left.
fn from_unknown(
    decision: &Decision,
    key: &str,
    to: usize,
    facts: &Facts,
    allocated: &Allocated,
    seen: &Seen,
) -> Result<Option<(usize, Fen)>, Unfit> {
    let Some((receipt, amounts)) = seen.unknown.get(key) else {
        let number = key.split('#').next().unwrap_or(key);
        let Some(receipt) = facts.receipts.iter().position(|r| r.receipt_no == number) else {
            return Err(Unfit::UnknownItem);
        };
        // A corrected export may name the order by now: the one decided on, or another.
        let on_case = |case: &usize| allocated.cases.all[*case].receipts.iter().any(|r| r.receipt == receipt);
        let stands = allocated.allocations.iter().any(|a| a.receipt == receipt && a.subject == to)
            || allocated.cases.of_subject(to).iter().any(on_case);
        return if stands { Ok(None) } else { Err(Unfit::OrderChanged) };
    };
    let left = allocated.unknown.iter().find(|u| u.key == key).map_or(Fen::ZERO, |u| u.amount);
    if let Some(was) = decision.shown.filter(|was| !amounts.contains(was)) {
        return Err(Unfit::AmountChanged { was, is: left });
    }
    if left.is_zero() {
        return Err(Unfit::DecidedOtherwise);
    }
    Ok(Some((*receipt, left)))
}

/// The receipt of an order that a decision means, and how much of it stands there.
fn from_order(
    decision: &Decision,
    from: usize,
    facts: &Facts,
    subjects: &Subjects<'_>,
    allocated: &Allocated,
    seen: &Seen,
) -> Result<(usize, Fen), Unfit> {
    if let Some(was) = decision.shown.filter(|was| !seen.differences[from].contains(was)) {
        return Err(Unfit::AmountChanged { was, is: allocated.received[from] - subjects.all[from].due });
    }
    let named: Vec<&str> = decision.receipt_nos.split_whitespace().collect();
    let is_named = |receipt: usize| named.is_empty() || named.contains(&facts.receipts[receipt].receipt_no.as_str());
    let here: Vec<(usize, Fen)> = allocated
        .allocations
        .iter()
        .filter(|a| a.subject == from && a.decided_on.is_none() && is_named(a.receipt))
        .fold(BTreeMap::<usize, Fen>::new(), |mut sums, a| {
            *sums.entry(a.receipt).or_default() += a.amount;
            sums
        })
        .into_iter()
        .collect();
    let of_amount: Vec<&(usize, Fen)> = here
        .iter()
        .filter(|(_, amount)| decision.amount.is_some_and(|decided| decided.abs() == amount.abs()))
        .collect();
    match (here.as_slice(), of_amount.as_slice()) {
        ([], _) => Err(Unfit::OrderChanged),
        ([one], _) => Ok(*one),
        (_, [one]) => Ok(**one),
        _ => Err(Unfit::WhichReceipt),
    }
}
