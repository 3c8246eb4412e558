//! The kinds of checks: their ids and titles, in the order in which they are listed.

use crate::model::Text;

/// The kind of a check; the order is that of DOMAIN section 3, kin beside kin.
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
    ApproverUnknown,
    ApproverIsAdvisor,
    ApproverOverLimit,
    VoucherReused,
    VoucherUnknown,
    VoucherOverFace,
    VoucherExpired,
    DeliveredUnpaid,
    VehicleInvoiceUnpaid,
    InsurerShortPaid,
    InsurerOutstanding,
    ScrapDiffers,
    NumberGap,
    CashOver,
    CashShort,
    AcquirerMissing,
    AcquirerExtra,
    AcquirerDiffers,
    AcquirerLate,
    FeeDiffers,
    InvoiceMissing,
    InvoiceDiffers,
    InvoiceUnknown,
    ClaimMissing,
    ClaimExtra,
    ClaimDiffers,
    ClaimUnbilled,
    ClaimShortPaid,
    ClaimOverPaid,
    ClaimPaidTwice,
    ClaimOutstanding,
    OldPartLate,
    DepositOverdrawn,
    PartsUnbilled,
    StockDiffers,
    CarNotInShop,
    CarNotInSystem,
    ChangedAfterReport,
    ChangedAfterClose,
    DecisionUnfit,
}

use CheckKind::*;

/// Every kind, at its place in the order: id (stable: manifest, exceptions.csv, rules), title.
#[rustfmt::skip]
const MEANINGS: [(CheckKind, &str, Text); 48] = [
    (DuplicateOrderNo, "duplicate_order_no", Text::new("委托单号重复", "Order number borne twice")),
    (OrderMissing, "order_missing", Text::new("结算无委托书", "Settled without an order")),
    (SettledNotCompleted, "settled_not_completed", Text::new("未竣工先结算", "Settled before completion")),
    (AmountLinesDiffer, "amount_lines_differ", Text::new("结算与明细不符", "Settlement differs from lines")),
    (DueDoesNotAddUp, "due_does_not_add_up", Text::new("应付勾稽不符", "Dues do not add up")),
    (DuplicateSettlement, "duplicate_settlement", Text::new("重复结算", "Settled twice")),
    (DiscountOverLimit, "discount_over_limit", Text::new("优惠超权限", "Discount over the limit")),
    (WaiverWithoutApproval, "waiver_without_approval", Text::new("免单未审批", "Waiver without approval")),
    (ApproverUnknown, "approver_unknown", Text::new("审批人不在权限表", "Approver not on the list")),
    (ApproverIsAdvisor, "approver_is_advisor", Text::new("审批人即服务顾问", "Approver is the order's own advisor")),
    (ApproverOverLimit, "approver_over_limit", Text::new("审批超本人权限", "Approved beyond the approver's limit")),
    (VoucherReused, "voucher_reused", Text::new("代金券重复使用", "Voucher used twice")),
    (VoucherUnknown, "voucher_unknown", Text::new("代金券无登记", "Voucher not in the register")),
    (VoucherOverFace, "voucher_over_face", Text::new("代金券超面额", "Voucher above its face")),
    (VoucherExpired, "voucher_expired", Text::new("代金券过期使用", "Voucher used after its expiry")),
    (DeliveredUnpaid, "delivered_unpaid", Text::new("未收全款先交车", "Delivered before it was paid")),
    (VehicleInvoiceUnpaid, "vehicle_invoice_unpaid", Text::new("未收全款先开票", "Car invoiced before it was paid")),
    (InsurerShortPaid, "insurer_short_paid", Text::new("保险少付", "Insurer paid otherwise than due")),
    (InsurerOutstanding, "insurer_outstanding", Text::new("保险逾期未付", "Insurer's payment overdue")),
    (ScrapDiffers, "scrap_differs", Text::new("废旧款不符", "Scrap sold and received differ")),
    (NumberGap, "number_gap", Text::new("断号", "Gap in numbers")),
    (CashOver, "cash_over", Text::new("长款", "Cash over")),
    (CashShort, "cash_short", Text::new("短款", "Cash short")),
    (AcquirerMissing, "acquirer_missing", Text::new("收单对账单无此笔", "Receipt not on the acquirer's statement")),
    (AcquirerExtra, "acquirer_extra", Text::new("收单对账单多出", "On the acquirer's statement, no receipt")),
    (AcquirerDiffers, "acquirer_differs", Text::new("收单金额不符", "Acquirer's amount differs")),
    (AcquirerLate, "acquirer_late", Text::new("收单入账迟延", "Acquirer settled late")),
    (FeeDiffers, "fee_differs", Text::new("手续费不符", "Acquirer's fee differs")),
    (InvoiceMissing, "invoice_missing", Text::new("未见发票", "Invoice missing")),
    (InvoiceDiffers, "invoice_differs", Text::new("发票金额不符", "Invoice differs")),
    (InvoiceUnknown, "invoice_unknown", Text::new("发票无依据", "Invoice without a settlement or contract")),
    (ClaimMissing, "claim_missing", Text::new("三包系统漏报", "Claim not in the upload system")),
    (ClaimExtra, "claim_extra", Text::new("三包系统多出", "Claim only in the upload system")),
    (ClaimDiffers, "claim_differs", Text::new("三包金额不符", "Claim differs")),
    (ClaimUnbilled, "claim_unbilled", Text::new("漏报索赔", "Warranty work not claimed")),
    (ClaimShortPaid, "claim_short_paid", Text::new("索赔少付", "Claim short paid")),
    (ClaimOverPaid, "claim_over_paid", Text::new("索赔多付", "Claim over paid")),
    (ClaimPaidTwice, "claim_paid_twice", Text::new("索赔重复付款", "Claim paid twice")),
    (ClaimOutstanding, "claim_outstanding", Text::new("索赔逾期未付", "Claim payment overdue")),
    (OldPartLate, "old_part_late", Text::new("旧件逾期未返", "Old part not returned in time")),
    (DepositOverdrawn, "deposit_overdrawn", Text::new("预收款透支", "Deposit overdrawn")),
    (PartsUnbilled, "parts_unbilled", Text::new("领料未收费", "Parts issued, not billed")),
    (StockDiffers, "stock_differs", Text::new("库存与进出不符", "Stock differs from its movements")),
    (CarNotInShop, "car_not_in_shop", Text::new("系统有、实盘无", "In the system, not in the shop")),
    (CarNotInSystem, "car_not_in_system", Text::new("实盘有、系统无", "In the shop, not in the system")),
    (ChangedAfterReport, "changed_after_report", Text::new("事后变更", "Changed after it was reported")),
    (ChangedAfterClose, "changed_after_close", Text::new("关账后变更", "Changed after the close")),
    (DecisionUnfit, "decision_unfit", Text::new("处理不再适用", "Decision does not fit")),
];

impl CheckKind {
    pub const ALL: [CheckKind; MEANINGS.len()] = {
        let mut all = [MEANINGS[0].0; MEANINGS.len()];
        let mut at = 0;
        while at < MEANINGS.len() {
            all[at] = MEANINGS[at].0;
            at += 1;
        }
        all
    };

    pub fn id(self) -> &'static str {
        MEANINGS[self as usize].1
    }

    pub fn title(self) -> Text {
        MEANINGS[self as usize].2
    }

    /// The kind of an id, as rules name it.
    pub fn from_id(id: &str) -> Option<CheckKind> {
        CheckKind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_place() {
        for (place, kind) in CheckKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place, "{}", kind.id());
            assert_eq!(CheckKind::from_id(kind.id()), Some(kind));
        }
    }
}
