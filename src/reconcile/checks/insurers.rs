//! Insurers that paid otherwise than they owe, or nothing.
//!
//! Part payments that the rest follows fire until it comes. A case of an order that is not settled yet says nothing.

use super::{Check, CheckKind};
use crate::model::Fen;
use crate::model::records::Facts;
use crate::reconcile::cases::Case;
use crate::reconcile::clearing::Clearing;
use crate::reconcile::settings::Settings;

pub fn checks(facts: &Facts, clearing: &Clearing, settings: &Settings) -> Vec<Check> {
    let mut checks = Vec::new();
    for case in clearing.cases.all.iter().filter(|case| case.settled_on.is_some()) {
        let came = !case.paid.is_zero() || !case.deducted.is_zero();
        let age = case.settled_on.map_or(0, |day| clearing.as_of.signed_duration_since(day).num_days());
        if came && case.left().abs() > settings.limits.rounding_tolerance {
            checks.push(check(CheckKind::InsurerShortPaid, facts, case, case.left()));
        } else if !came && case.due.0 > 0 && age > settings.debts.insurer_days {
            checks.push(check(CheckKind::InsurerOutstanding, facts, case, case.due));
        }
    }
    checks
}

fn check(kind: CheckKind, facts: &Facts, case: &Case, amount: Fen) -> Check {
    let deducted = if case.deducted.is_zero() { String::new() } else { format!(" − {}", case.deducted) };
    let detail = format!("{} {} {} − {}{deducted}", case.insurer, case.case_no, case.due, case.paid);
    let settlements = case.orders.iter().flat_map(|order| &order.settlements);
    let origins = settlements.map(|at| &facts.settlements[*at].origin);
    let origins = origins.chain(case.receipts.iter().map(|r| &facts.receipts[r.receipt].origin));
    let origins = origins.chain(case.lines.iter().map(|at| &facts.insurer_payments[*at].origin));
    Check::new(kind, case.order_no(), amount, case.settled_on, detail.trim_start().to_owned()).from(origins)
}
