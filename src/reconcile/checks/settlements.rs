//! Settlements against their orders, their lines and themselves.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Check, CheckKind, by_order};
use crate::model::records::{Facts, Order, Settlement};
use crate::model::{Fen, Origin};
use crate::reconcile::clearing::live_settlements;
use crate::reconcile::dues;
use crate::reconcile::numbers::Numbers;

pub fn checks(facts: &Facts, sums: &HashMap<String, dues::LineSums>) -> Vec<Check> {
    let numbers = Numbers::new(facts);
    let sales: HashSet<&str> = facts.sales.iter().map(|s| s.sale_no.as_str()).collect();
    let mut checks = Vec::new();
    for (key, settlements) in by_order(facts) {
        let order = numbers.id_of_reference(key).and_then(|id| numbers.order(id)).map(|index| &facts.orders[index]);
        let live = live_settlements(&settlements);
        if !facts.orders.is_empty() && !sales.contains(key) && !numbers.is_known(key) {
            let newest = settlements.iter().max_by_key(|s| (s.settled_at, s.key()));
            checks.extend(newest.map(|s| check(CheckKind::OrderMissing, s, s.customer_due, "")));
        }
        if let Some(order) = order {
            checks.extend(not_completed(order, &settlements));
            let sum = sums.get(order.order_id.as_str()).copied().unwrap_or_default();
            checks.extend(differs_from_lines(facts, &live, sum));
        }
        // Two settlements on a number of two orders may be one of each.
        if order.is_some() || !numbers.is_known(key) {
            checks.extend(settled_twice(&live));
        }
        checks.extend(settlements.iter().filter_map(|s| adds_up(s)));
    }
    checks
}

fn check(kind: CheckKind, settlement: &Settlement, amount: Fen, detail: &str) -> Check {
    let detail = if detail.is_empty() { settlement.settlement_no.clone() } else { detail.to_owned() };
    Check {
        kind,
        order_no: settlement.order_no.clone(),
        receipt_no: String::new(),
        amount,
        date: settlement.settled_on(),
        detail,
        origins: vec![settlement.origin.clone()],
    }
}

/// Settled before the order's completion. Exports that carry days only are compared by day.
fn not_completed(order: &Order, settlements: &[&Settlement]) -> Option<Check> {
    let first = settlements.iter().filter(|s| !s.is_reversal()).min_by_key(|s| (s.settled_at, s.key()))?;
    if first.amounts_from == "lines" {
        return None; // its date is the order's own, taken from this very row
    }
    let settled = first.settled_at?;
    let early = match order.completed_at {
        None => !matches!(order.status.as_str(), "completed" | "settled" | ""),
        Some(done) if done.time() == chrono::NaiveTime::MIN || settled.time() == chrono::NaiveTime::MIN => {
            settled.date() < done.date()
        }
        Some(done) => settled < done,
    };
    early.then(|| {
        let mut found = check(CheckKind::SettledNotCompleted, first, first.customer_due, "");
        found.origins.push(order.origin.clone());
        found
    })
}

/// Labour or parts of the live settlement against the sum of the order's lines; of two live ones each stands for all.
fn differs_from_lines(facts: &Facts, live: &[&Settlement], sum: dues::LineSums) -> Option<Check> {
    let numbers: BTreeSet<&str> = live.iter().map(|s| s.settlement_no.as_str()).collect();
    let last = *numbers.iter().next_back()?;
    // Versions of one number carry increments; two numbers are a double settlement, which has its own check.
    let mut versions: Vec<&&Settlement> = live.iter().filter(|s| s.settlement_no == last).collect();
    versions.sort_by_key(|s| (s.key(), &s.origin));
    if versions.iter().any(|s| s.amounts_from == "lines") {
        return None;
    }
    let labor: Fen = versions.iter().map(|s| s.labor_amount).sum();
    let parts: Fen = versions.iter().map(|s| s.parts_amount).sum();
    let labor_off = if facts.labor_lines.is_empty() { Fen::ZERO } else { labor - sum.labor };
    let parts_off = if facts.part_lines.is_empty() { Fen::ZERO } else { parts - sum.parts };
    (!labor_off.is_zero() || !parts_off.is_zero()).then(|| {
        let detail = format!("{last}: {labor} − {} ; {parts} − {}", sum.labor, sum.parts);
        check(CheckKind::AmountLinesDiffer, versions[0], labor_off + parts_off, &detail)
    })
}

/// Two live settlements of one order.
fn settled_twice(live: &[&Settlement]) -> Option<Check> {
    let numbers: BTreeSet<&str> = live.iter().map(|s| s.settlement_no.as_str()).collect();
    if numbers.len() < 2 {
        return None;
    }
    let last = *numbers.iter().next_back()?;
    let mut later: Vec<&&Settlement> = live.iter().filter(|s| s.settlement_no == last).collect();
    later.sort_by_key(|s| (s.key(), &s.origin));
    let detail: Vec<&str> = numbers.iter().copied().collect();
    let mut found = check(
        CheckKind::DuplicateSettlement,
        later[0],
        later.iter().map(|s| s.customer_due).sum(),
        &detail.join(" / "),
    );
    found.origins = live.iter().map(|s| s.origin.clone()).collect::<BTreeSet<Origin>>().into_iter().collect();
    Some(found)
}

/// labour + parts + sublet − discount − waived − voucher − rounding = customer + warranty + insurance + internal due.
fn adds_up(s: &Settlement) -> Option<Check> {
    let net = s.gross() - s.discount_amount - s.waived_amount - s.voucher_amount - s.rounding_amount;
    let dues = s.customer_due + s.warranty_due + s.insurance_due + s.internal_due;
    let off = net - dues;
    (!off.is_zero()).then(|| check(CheckKind::DueDoesNotAddUp, s, off, &format!("{}: {net} ≠ {dues}", s.settlement_no)))
}
