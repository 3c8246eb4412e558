//! Discounts and waivers: every normal settlement, reversed later or not.

use super::{Check, CheckKind};
use crate::model::Fen;
use crate::model::records::{Facts, Settlement};
use crate::reconcile::Limits;

pub fn checks(facts: &Facts, limits: Limits) -> Vec<Check> {
    let mut checks = Vec::new();
    for settlement in facts.settlements.iter().filter(|s| !s.is_reversal() && s.approver.is_empty()) {
        if is_over(settlement, limits) {
            checks.push(check(CheckKind::DiscountOverLimit, settlement, settlement.discount_amount));
        }
        if settlement.waived_amount.0 > 0 {
            checks.push(check(CheckKind::WaiverWithoutApproval, settlement, settlement.waived_amount));
        }
    }
    checks
}

/// Discount above the limit's share of labour + parts + sublet, exactly.
pub fn is_over(settlement: &Settlement, limits: Limits) -> bool {
    let discount = i128::from(settlement.discount_amount.0) * 10_000;
    settlement.discount_amount.0 > 0
        && discount > i128::from(settlement.gross().0) * i128::from(limits.discount_rate_x10000)
}

fn check(kind: CheckKind, settlement: &Settlement, amount: Fen) -> Check {
    Check {
        kind,
        order_no: settlement.order_no.clone(),
        receipt_no: String::new(),
        amount,
        date: settlement.settled_on(),
        detail: format!("{} {} / {}", settlement.settlement_no, amount, settlement.gross()),
        origins: vec![settlement.origin.clone()],
    }
}
