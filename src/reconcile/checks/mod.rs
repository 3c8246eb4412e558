//! The checks over the rows of the clearing: each names its order, amount and rows.

mod cash;
mod discounts;
mod gaps;
mod orders;
mod settlements;
mod vouchers;

pub use cash::{CashKey, CashLine, lines as cash_lines};
pub use discounts::is_over as is_over_limit;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Limits;
use super::clearing::Clearing;
use crate::finding::Finding;
use crate::model::records::{Facts, Settlement};
use crate::model::{Fen, Origin, Text};

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

/// The kind of a check; the order is that of DOMAIN section 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckKind {
    DuplicateOrderNo,
    OrderMissing,
    SettledNotCompleted,
    AmountLinesDiffer,
    DueDoesNotAddUp,
    DuplicateSettlement,
    DiscountOverLimit,
    WaiverWithoutApproval,
    VoucherReused,
    VoucherUnknown,
    VoucherOverFace,
    NumberGap,
    CashOver,
    CashShort,
}

impl CheckKind {
    pub const ALL: [CheckKind; 14] = [
        CheckKind::DuplicateOrderNo,
        CheckKind::OrderMissing,
        CheckKind::SettledNotCompleted,
        CheckKind::AmountLinesDiffer,
        CheckKind::DueDoesNotAddUp,
        CheckKind::DuplicateSettlement,
        CheckKind::DiscountOverLimit,
        CheckKind::WaiverWithoutApproval,
        CheckKind::VoucherReused,
        CheckKind::VoucherUnknown,
        CheckKind::VoucherOverFace,
        CheckKind::NumberGap,
        CheckKind::CashOver,
        CheckKind::CashShort,
    ];

    pub fn id(self) -> &'static str {
        match self {
            CheckKind::DuplicateOrderNo => "duplicate_order_no",
            CheckKind::OrderMissing => "order_missing",
            CheckKind::SettledNotCompleted => "settled_not_completed",
            CheckKind::AmountLinesDiffer => "amount_lines_differ",
            CheckKind::DueDoesNotAddUp => "due_does_not_add_up",
            CheckKind::DuplicateSettlement => "duplicate_settlement",
            CheckKind::DiscountOverLimit => "discount_over_limit",
            CheckKind::WaiverWithoutApproval => "waiver_without_approval",
            CheckKind::VoucherReused => "voucher_reused",
            CheckKind::VoucherUnknown => "voucher_unknown",
            CheckKind::VoucherOverFace => "voucher_over_face",
            CheckKind::NumberGap => "number_gap",
            CheckKind::CashOver => "cash_over",
            CheckKind::CashShort => "cash_short",
        }
    }

    pub fn title(self) -> Text {
        match self {
            CheckKind::DuplicateOrderNo => Text::new("委托单号重复", "Order number borne twice"),
            CheckKind::OrderMissing => Text::new("结算无委托书", "Settled without an order"),
            CheckKind::SettledNotCompleted => Text::new("未竣工先结算", "Settled before completion"),
            CheckKind::AmountLinesDiffer => Text::new("结算与明细不符", "Settlement differs from lines"),
            CheckKind::DueDoesNotAddUp => Text::new("应付勾稽不符", "Dues do not add up"),
            CheckKind::DuplicateSettlement => Text::new("重复结算", "Settled twice"),
            CheckKind::DiscountOverLimit => Text::new("优惠超权限", "Discount over the limit"),
            CheckKind::WaiverWithoutApproval => Text::new("免单未审批", "Waiver without approval"),
            CheckKind::VoucherReused => Text::new("代金券重复使用", "Voucher used twice"),
            CheckKind::VoucherUnknown => Text::new("代金券无登记", "Voucher not in the register"),
            CheckKind::VoucherOverFace => Text::new("代金券超面额", "Voucher above its face"),
            CheckKind::NumberGap => Text::new("断号", "Gap in numbers"),
            CheckKind::CashOver => Text::new("长款", "Cash over"),
            CheckKind::CashShort => Text::new("短款", "Cash short"),
        }
    }
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
