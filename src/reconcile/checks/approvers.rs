//! Approvals against the list of who may approve what (审批权限表).
//!
//! Looked at are discounts over the shop's limit and waivers that somebody approved; what nobody approved has checks of its
//! own. Where no list has ever come nothing is said.

use std::collections::HashMap;

use super::discounts::is_over;
use super::{Check, CheckKind};
use crate::model::keys::folded;
use crate::model::records::{Approver, Facts, Settlement};
use crate::reconcile::Limits;

/// One, in millionths. A limit below it is a part of one (0.3 = 30 %), and so is 1 in a list where none is higher.
const ONE: i64 = 1_000_000;

pub fn checks(facts: &Facts, limits: Limits) -> Vec<Check> {
    if facts.approvers.is_empty() {
        return Vec::new();
    }
    let list = List::new(&facts.approvers);
    let advisors: HashMap<&str, &str> =
        facts.orders.iter().map(|o| (o.order_no.as_str(), o.advisor.as_str())).collect();
    let mut checks = Vec::new();
    for settlement in facts.settlements.iter().filter(|s| !s.is_reversal() && !s.approver.is_empty()) {
        if settlement.waived_amount.0 <= 0 && !is_over(settlement, limits) {
            continue;
        }
        let advisor = [&settlement.advisor, *advisors.get(settlement.order_no.as_str()).unwrap_or(&"")];
        let fired = [
            (CheckKind::ApproverUnknown, list.on(settlement).next().is_none()),
            (CheckKind::ApproverIsAdvisor, advisor.iter().any(|a| !a.is_empty() && is_same(a, &settlement.approver))),
            (CheckKind::ApproverOverLimit, list.is_over(settlement, limits)),
        ];
        checks.extend(fired.into_iter().filter(|(_, fires)| *fires).map(|(kind, _)| check(kind, settlement)));
    }
    checks
}

fn is_same(left: &str, right: &str) -> bool {
    folded(left).eq(folded(right))
}

/// The list, with limits that are parts of one told from per cents.
struct List<'a> {
    by_name: HashMap<String, Vec<&'a Approver>>,
    /// None of its limits is above 1: it writes parts of one.
    of_parts: bool,
}

impl<'a> List<'a> {
    fn new(approvers: &'a [Approver]) -> List<'a> {
        let mut by_name: HashMap<String, Vec<&Approver>> = HashMap::new();
        for approver in approvers {
            by_name.entry(folded(&approver.name).collect()).or_default().push(approver);
        }
        let highest = approvers.iter().filter_map(|a| a.discount_limit).max();
        List { by_name, of_parts: highest.is_some_and(|limit| limit <= ONE) }
    }

    /// What the list says of the approver on the settlement's day.
    fn on<'s>(&'s self, settlement: &'s Settlement) -> impl Iterator<Item = &'a Approver> + 's {
        let name: String = folded(&settlement.approver).collect();
        let valid = |a: &&&Approver| settlement.settled_on().is_none_or(|day| a.is_valid_on(day));
        self.by_name.get(&name).into_iter().flatten().filter(valid).copied()
    }

    /// Whether every row of the approver that is valid allows less. Discount and waiver are each against its own limit;
    /// a discount within the shop's own limit needs nobody.
    fn is_over(&self, settlement: &Settlement, limits: Limits) -> bool {
        let exceeds = |approver: &Approver| {
            let waived = approver.waiver_limit.is_some_and(|limit| settlement.waived_amount > limit);
            let discount = approver.discount_limit.filter(|_| is_over(settlement, limits)).is_some_and(|limit| {
                let scale = if limit < ONE || self.of_parts { 100 } else { 1 };
                let allowed = i128::from(settlement.gross().0) * i128::from(limit) * scale;
                i128::from(settlement.discount_amount.0) * i128::from(ONE) * 100 > allowed
            });
            waived || discount
        };
        let mut rows = self.on(settlement).peekable();
        rows.peek().is_some() && rows.all(exceeds)
    }
}

/// The amount is the waiver, else the discount.
fn check(kind: CheckKind, settlement: &Settlement) -> Check {
    let waived = settlement.waived_amount.0 > 0;
    let amount = if waived { settlement.waived_amount } else { settlement.discount_amount };
    let detail = format!("{} {} {amount} / {}", settlement.settlement_no, settlement.approver, settlement.gross());
    let check = Check::new(kind, &settlement.order_no, amount, settlement.settled_on(), detail);
    check.from([&settlement.origin])
}
