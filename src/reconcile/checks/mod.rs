//! The checks over the rows of the clearing: each names its order, amount and rows.

mod cash;
mod discounts;
mod gaps;
mod kind;
mod orders;
mod settlements;
mod vouchers;

pub use cash::{CashKey, CashLine, lines as cash_lines};
pub use discounts::is_over as is_over_limit;
pub use kind::CheckKind;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Limits;
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

/// Every check, in order of kind, date and order.
pub fn all(facts: &Facts, clearing: &Clearing, limits: Limits, findings: &mut Vec<Finding>) -> Vec<Check> {
    let sums = super::dues::line_sums(facts);
    let mut checks = Vec::new();
    checks.extend(orders::checks(facts, &sums, findings));
    checks.extend(settlements::checks(facts, &sums));
    checks.extend(discounts::checks(facts, limits));
    checks.extend(vouchers::checks(facts));
    checks.extend(gaps::checks(facts, clearing.as_of));
    checks.extend(cash::checks(facts, findings));
    checks.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    checks
}

fn sort_key(check: &Check) -> impl Ord + '_ {
    (check.kind, check.date, &check.order_no, &check.receipt_no, &check.detail, check.amount, &check.origins)
}

/// Settlements by order: the internal key where there is one, else the number.
fn by_order(facts: &Facts) -> BTreeMap<&str, Vec<&Settlement>> {
    let mut map: BTreeMap<&str, Vec<&Settlement>> = BTreeMap::new();
    for settlement in &facts.settlements {
        map.entry(settlement.order_key()).or_default().push(settlement);
    }
    map
}
