//! The eleven categories of the clearing, and the buckets of age.

use crate::model::Text;

/// Why an order or a receipt stands where it stands; the first that applies, top to bottom (DOMAIN section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    UnknownOrder,
    Deposit,
    Matched,
    ReversedNotRefunded,
    Rounding,
    DuplicateReceipt,
    Overpaid,
    LoanPending,
    OnAccount,
    Unpaid,
    Underpaid,
}

impl Category {
    pub const ALL: [Category; 11] = [
        Category::UnknownOrder,
        Category::Deposit,
        Category::Matched,
        Category::ReversedNotRefunded,
        Category::Rounding,
        Category::DuplicateReceipt,
        Category::Overpaid,
        Category::LoanPending,
        Category::OnAccount,
        Category::Unpaid,
        Category::Underpaid,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Category::UnknownOrder => "unknown_order",
            Category::Deposit => "deposit",
            Category::Matched => "matched",
            Category::ReversedNotRefunded => "reversed_not_refunded",
            Category::Rounding => "rounding",
            Category::DuplicateReceipt => "duplicate_receipt",
            Category::Overpaid => "overpaid",
            Category::LoanPending => "loan_pending",
            Category::OnAccount => "on_account",
            Category::Unpaid => "unpaid",
            Category::Underpaid => "underpaid",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Category::UnknownOrder => Text::new("单号不存在", "Unknown order"),
            Category::Deposit => Text::new("预收", "Deposit"),
            Category::Matched => Text::new("已销号", "Cleared"),
            Category::ReversedNotRefunded => Text::new("负结算未退款", "Reversed, not refunded"),
            Category::Rounding => Text::new("抹零差", "Rounding"),
            Category::DuplicateReceipt => Text::new("重复收款", "Duplicate receipt"),
            Category::Overpaid => Text::new("多收", "Overpaid"),
            Category::LoanPending => Text::new("放款在途", "Loan on the way"),
            Category::OnAccount => Text::new("挂账", "On account"),
            Category::Unpaid => Text::new("未收款", "Unpaid"),
            Category::Underpaid => Text::new("少收", "Underpaid"),
        }
    }

    /// What the accountant does about it.
    pub fn remedy(self) -> Text {
        match self {
            Category::UnknownOrder => Text::new(
                "核对收据上的单号，按建议确认所属委托单",
                "check the number on the receipt; confirm a suggestion",
            ),
            Category::Deposit => {
                Text::new("结算或交车后自动核销", "clears itself when the order is settled or the car delivered")
            }
            Category::Matched => Text::new("无需处理", "nothing to do"),
            Category::ReversedNotRefunded => {
                Text::new("退款，或重新结算后核销", "refund it, or settle the order again")
            }
            Category::Rounding => Text::new("在限额内核销尾差", "write the difference off within the limit"),
            Category::DuplicateReceipt => {
                Text::new("核对是否重复收款，退款或作废收据", "check for a double charge; refund or void the receipt")
            }
            Category::Overpaid => Text::new("退款，或转下一单预收", "refund it or keep it for the next order"),
            Category::LoanPending => Text::new("向贷款机构催放款", "ask the lender for the money"),
            Category::OnAccount => Text::new("按约定期限催收", "collect when it falls due"),
            Category::Unpaid => Text::new("向客户收款，或补挂账审批", "collect, or have it approved on account"),
            Category::Underpaid => Text::new("补收差额，或补免单审批", "collect the rest, or have it waived"),
        }
    }

    /// Everything that is not cleared is open and stays on the list.
    pub fn is_open(self) -> bool {
        self != Category::Matched
    }
}

/// Upper ends of the age buckets in days; beyond the last is the sixth.
const BUCKET_ENDS: [i64; 5] = [3, 7, 15, 30, 60];

pub const AGE_BUCKETS: [&str; 6] = ["0–3", "4–7", "8–15", "16–30", "31–60", ">60"];

/// The bucket of an age in days.
pub fn age_bucket(days: i64) -> &'static str {
    AGE_BUCKETS[BUCKET_ENDS.iter().position(|end| days <= *end).unwrap_or(BUCKET_ENDS.len())]
}
