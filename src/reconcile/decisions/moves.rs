//! `assign`: receipts, or parts of them, to the orders that the accountant names.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Act, Judged, Unfit, Verdict};
use crate::model::Fen;
use crate::model::keys::key;
use crate::model::records::{Decision, Facts};
use crate::reconcile::allocate::Allocated;
use crate::reconcile::clearing::Allocation;
use crate::reconcile::subjects::{Found, Subjects};

/// Moves what the decisions that stand assign. A decision that rests on another one waits for it, so that their order
/// does not matter; what is left at the end does not fit.
pub fn assign(judged: &mut [Judged], facts: &Facts, subjects: &Subjects<'_>, allocated: &mut Allocated) {
    let before = Before { unknown: allocated.unknown.clone(), received: allocated.received.clone() };
    loop {
        let mut moved = false;
        for one in judged.iter_mut().filter(|j| j.act == Act::Assign && is_waiting(j)) {
            match plan(&one.decision, facts, subjects, allocated, &before) {
                Ok(Some(step)) => {
                    one.verdict = Verdict::Effective(step.amount);
                    step.take(allocated);
                    moved = true;
                }
                Ok(None) => one.verdict = Verdict::Settled,
                Err(why) => one.refuse(why),
            }
        }
        if !moved {
            return;
        }
    }
}

/// One that was refused for the facts may fit when another has moved; one that contradicts another may not.
fn is_waiting(judged: &Judged) -> bool {
    match &judged.verdict {
        Verdict::Open => true,
        Verdict::Unfit(why) => matches!(why, Unfit::OrderChanged | Unfit::WhichReceipt | Unfit::AmountChanged { .. }),
        _ => false,
    }
}

/// How things stood before any decision.
struct Before {
    unknown: Vec<crate::reconcile::allocate::NotAllocated>,
    received: Vec<Fen>,
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
    fn take(&self, allocated: &mut Allocated) {
        match self.from {
            None => {
                for unknown in allocated.unknown.iter_mut().filter(|u| u.receipt == self.receipt) {
                    unknown.amount -= self.amount;
                }
                allocated.unknown.retain(|u| !u.amount.is_zero());
            }
            Some(from) => {
                allocated.received[from] -= self.amount;
                let is_its = |a: &Allocation| a.receipt == self.receipt && a.subject == from;
                let mut left = self.amount;
                for allocation in allocated.allocations.iter_mut().filter(|a| is_its(a)) {
                    let taken = if left.abs() < allocation.amount.abs() { left } else { allocation.amount };
                    allocation.amount -= taken;
                    left -= taken;
                }
                allocated.allocations.retain(|a| !a.amount.is_zero() || !is_its(a));
            }
        }
        allocated.received[self.to] += self.amount;
        let Step { receipt, to, amount, on, .. } = *self;
        allocated.allocations.push(Allocation { receipt, subject: to, amount, decided_on: on });
    }
}

/// What a decision moves, nothing where the exports have done it themselves, or why it does not fit.
fn plan(
    decision: &Decision,
    facts: &Facts,
    subjects: &Subjects<'_>,
    allocated: &Allocated,
    before: &Before,
) -> Result<Option<Step>, Unfit> {
    let to = target(&decision.target_order, subjects).ok_or(Unfit::UnknownTarget)?;
    let (receipt, from, available) = match decision.item.split_at_checked(2) {
        Some(("R:", key)) => match from_unknown(decision, key, to, facts, allocated, before)? {
            Some((receipt, available)) => (receipt, None, available),
            None => return Ok(None),
        },
        Some(("O:", id)) => {
            let from = subjects.by_id(id).ok_or(Unfit::UnknownItem)?;
            let (receipt, available) = from_order(decision, from, facts, subjects, allocated, before)?;
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

fn target(number: &str, subjects: &Subjects<'_>) -> Option<usize> {
    let number = key(number);
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
    before: &Before,
) -> Result<Option<(usize, Fen)>, Unfit> {
    let Some(first) = before.unknown.iter().find(|u| u.key == key) else {
        let number = key.split('#').next().unwrap_or(key);
        let Some(receipt) = facts.receipts.iter().position(|r| r.receipt_no == number) else {
            return Err(Unfit::UnknownItem);
        };
        // A corrected export may name the order by now: the one decided on, or another.
        let stands = allocated.allocations.iter().any(|a| a.receipt == receipt && a.subject == to);
        return if stands { Ok(None) } else { Err(Unfit::OrderChanged) };
    };
    let left = allocated.unknown.iter().find(|u| u.key == key).map_or(Fen::ZERO, |u| u.amount);
    if let Some(was) = decision.shown.filter(|was| *was != first.amount && *was != left) {
        return Err(Unfit::AmountChanged { was, is: first.amount });
    }
    if left.is_zero() {
        return Err(Unfit::DecidedOtherwise);
    }
    Ok(Some((first.receipt, left)))
}

/// The receipt of an order that a decision means, and how much of it stands there.
fn from_order(
    decision: &Decision,
    from: usize,
    facts: &Facts,
    subjects: &Subjects<'_>,
    allocated: &Allocated,
    before: &Before,
) -> Result<(usize, Fen), Unfit> {
    let due = subjects.all[from].due;
    let (first, now) = (before.received[from] - due, allocated.received[from] - due);
    if let Some(was) = decision.shown.filter(|was| *was != first && *was != now) {
        return Err(Unfit::AmountChanged { was, is: now });
    }
    let named: Vec<&str> = decision.receipt_nos.split_whitespace().collect();
    let is_named = |receipt: usize| named.is_empty() || named.contains(&facts.receipts[receipt].receipt_no.as_str());
    let here: Vec<(usize, Fen)> = allocated
        .allocations
        .iter()
        .filter(|a| a.subject == from && is_named(a.receipt))
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
