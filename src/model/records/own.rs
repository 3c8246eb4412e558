//! What the shop's own people write for hesuan: opening balances, counts of cars, decisions.

use chrono::NaiveDate;

use super::{Columns, Receipt, text};
use crate::model::fen::Fen;
use crate::model::table::{Origin, Row, TableDef};

record!(
    /// What was open when the shop began with hesuan (期初未销): a due, what was received, or both.
    Opening {
        /// The balance as of the end of this day.
        balance_on: date,
        order_no: text,
        receipt_no: text,
        plate: text,
        customer: text,
        advisor: text,
        settlement_no: text,
        settled_on: date,
        terms: text,
        due: fen,
        received_on: date,
        payer: text,
        purpose: text,
        received: fen,
    }
);

impl Opening {
    /// What was received, as a receipt that takes the usual way: allocated by its number, else unknown.
    pub fn receipt(&self) -> Option<Receipt> {
        let day = self.received_on.or(self.balance_on)?;
        let purpose = if self.purpose.is_empty() && self.due.is_zero() { "预收款" } else { self.purpose.as_str() };
        let number = match (self.receipt_no.is_empty(), self.order_no.is_empty()) {
            (false, _) => self.receipt_no.clone(),
            (true, false) => format!("期初-{}", self.order_no),
            (true, true) => return None,
        };
        (!self.received.is_zero()).then(|| Receipt {
            origin: self.origin.clone(),
            receipt_no: number,
            received_at: day.and_hms_opt(0, 0, 0),
            cashier: String::new(),
            order_ref: self.order_no.clone(),
            order_id: String::new(),
            settlement_no: String::new(),
            plate: self.plate.clone(),
            payer: if self.payer.is_empty() { self.customer.clone() } else { self.payer.clone() },
            tender: String::new(),
            amount: self.received,
            reference: String::new(),
            purpose: purpose.to_owned(),
        })
    }
}

record!(
    /// One car of a count (在修车辆盘点).
    CarCount {
        counted_on: date,
        /// As printed from the books; empty for a car that was written in by hand.
        order_no: text,
        plate: text,
        /// 1: it stood in the shop.
        in_shop: int,
        place: text,
        reason: text,
        responsible: text,
    }
);

record!(
    /// What the accountant decided about one exception (处理结果).
    Decision {
        /// Date of the workbook that it was written into: it counts from this date.
        as_of: date,
        /// The exception's id: `O:` and an order's key, `R:` and a receipt's number, `K:` and a check.
        item: text,
        /// `assign`, `write_off`, `defer`, `explain`, `withdraw`.
        decision: text,
        target_order: text,
        amount: maybe_fen,
        reason: text,
        decided_by: text,
        /// As the row has them: one of several that an order was paid by.
        receipt_nos: text,
        /// The difference that the row showed when the decision was made.
        shown: maybe_fen,
    }
);
