//! What insurers say that they paid, and who may give money away.

use chrono::NaiveDate;

use super::{Columns, text};
use crate::model::fen::Fen;
use crate::model::table::{Origin, Row, TableDef};

record!(
    /// One line of an insurer's statement (保险公司回款明细).
    InsurerPayment {
        statement_no: text,
        line_no: text,
        insurer: text,
        case_no: text,
        order_no: text,
        paid_on: date,
        amount: fen,
        /// What the insurer will not pay.
        deducted: fen,
    }
);

record!(
    /// One person of the list of approvers (审批权限表), for a stretch of days.
    Approver {
        name: text,
        /// Millionths of a per cent of labour + parts + sublet; `None` = no limit.
        discount_limit: int,
        /// Of one document; `None` = no limit.
        waiver_limit: maybe_fen,
        valid_from: date,
        /// The last valid day.
        valid_until: date,
    }
);

impl Approver {
    /// Whether the list holds the person on a day.
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_until.is_none_or(|until| day <= until)
    }
}
