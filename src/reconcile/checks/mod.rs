//! The checks over the rows of the clearing: each names its order, amount and rows.

mod acquirer;
mod approvers;
mod cash;
mod contracts;
mod discounts;
mod gaps;
mod insurers;
mod invoices;
mod kind;
mod old_parts;
mod orders;
mod parts;
mod payments;
mod scrap;
mod settlements;
mod stock;
mod vouchers;

pub use cash::{CashKey, CashLine, lines as cash_lines};
pub use discounts::is_over as is_over_limit;
pub use kind::CheckKind;
pub use payments::{ClaimPayment, Paid, by_claim as claim_payments};

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Settings;
use super::clearing::Clearing;
use crate::finding::Finding;
use crate::model::records::{Facts, Settlement};
use crate::model::{Fen, Origin};

/// One check that fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub kind: CheckKind,
    pub order_no: String,
    pub receipt_no: String,
    /// What is at stake; the sign is the check's own (counted − calculated for cash).
    pub amount: Fen,
    pub date: Option<NaiveDate>,
    /// Names and numbers, without language: `J… / J…`, a cashier, a range of numbers.
    pub detail: String,
    /// The exact rows it comes from.
    pub origins: Vec<Origin>,
}

impl Check {
    /// A check on something else than a receipt.
    pub fn new(kind: CheckKind, order_no: &str, amount: Fen, date: Option<NaiveDate>, detail: String) -> Check {
        let order_no = order_no.to_owned();
        Check { kind, order_no, receipt_no: String::new(), amount, date, detail, origins: Vec::new() }
    }

    /// The rows it rests on.
    pub fn from<'a>(mut self, origins: impl IntoIterator<Item = &'a Origin>) -> Check {
        self.origins = origins.into_iter().cloned().collect();
        self
    }
}

/// Every check over the rows alone, in order of kind, date and order.
pub fn all(facts: &Facts, clearing: &Clearing, settings: &Settings, findings: &mut Vec<Finding>) -> Vec<Check> {
    let as_of = clearing.as_of;
    let sums = super::dues::line_sums(facts);
    let mut checks = Vec::new();
    checks.extend(orders::checks(facts, &sums, findings));
    checks.extend(settlements::checks(facts, &sums));
    checks.extend(discounts::checks(facts, settings.limits));
    checks.extend(approvers::checks(facts, settings.limits));
    checks.extend(contracts::checks(facts, clearing, settings));
    checks.extend(insurers::checks(facts, clearing, settings));
    checks.extend(scrap::checks(facts, as_of));
    checks.extend(vouchers::checks(facts));
    checks.extend(gaps::checks(facts, as_of));
    checks.extend(cash::checks(facts, findings));
    checks.extend(acquirer::checks(facts, as_of, settings));
    checks.extend(invoices::checks(facts));
    checks.extend(payments::checks(facts, as_of, settings.warranty));
    checks.extend(old_parts::checks(facts, as_of, settings.warranty));
    checks.extend(parts::checks(facts));
    checks.extend(stock::checks(facts, as_of));
    checks.extend(super::count::checks(facts, clearing, &sums));
    checks
}

/// Into the order of kind, date and order.
pub fn sort(checks: &mut [Check]) {
    checks.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
}

fn sort_key(check: &Check) -> impl Ord + '_ {
    (check.kind, check.date, &check.order_no, &check.receipt_no, &check.detail, check.amount, &check.origins)
}

/// Settlements by order: the internal key where there is one, else the number.
pub(in crate::reconcile) fn by_order(facts: &Facts) -> BTreeMap<&str, Vec<&Settlement>> {
    let mut map: BTreeMap<&str, Vec<&Settlement>> = BTreeMap::new();
    for settlement in &facts.settlements {
        map.entry(settlement.order_key()).or_default().push(settlement);
    }
    map
}
