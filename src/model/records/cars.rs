//! What a customer buys beside service: contracts of cars, accessories over the counter.

use chrono::NaiveDate;

use super::{Columns, text};
use crate::model::fen::Fen;
use crate::model::table::{Origin, Row, TableDef};

record!(
    /// A contract of a car (汽车销售合同). Events after the date of the state are not in it.
    VehicleSale {
        contract_no: text,
        vin: text,
        customer: text,
        salesperson: text,
        ordered_on: date,
        delivered_on: date,
        cancelled_on: date,
        price: fen,
        accessory_amount: fen,
        insurance_amount: fen,
        tax_amount: fen,
        licence_amount: fen,
        fee_amount: fen,
        /// What the old car counts for: taken off.
        trade_in_amount: fen,
        /// What the contract comes to; `None` = the sum of its parts.
        total_amount: maybe_fen,
        loan_amount: fen,
        lender: text,
        invoice_no: text,
        status: text,
    }
);

record!(
    /// One movement of the accessory shop (精品进销存).
    AccessoryMove {
        move_no: text,
        date: date,
        item_no: text,
        /// As the register writes it: 销售, 销售退货, 赠送 …
        kind: text,
        amount: fen,
        /// The sale that it is a line of; empty = it only moves stock.
        sale_no: text,
        /// The order or contract that it is part of.
        order_ref: text,
        customer: text,
        salesperson: text,
    }
);

/// Words with which dealer systems mark a contract that is void, in upper case.
pub const CANCELLED_WORDS: [&str; 8] = ["退订", "退定", "退车", "取消", "作废", "解约", "CANCEL", "VOID"];

impl VehicleSale {
    /// The day from which nothing is due on it; a system that writes a state and no day means the day of the order.
    pub fn cancelled(&self) -> Option<NaiveDate> {
        let status = self.status.to_uppercase();
        let says_so = CANCELLED_WORDS.iter().any(|word| status.contains(word));
        self.cancelled_on.or(self.ordered_on.filter(|_| says_so))
    }

    /// Delivered and not cancelled.
    pub fn is_owed(&self) -> bool {
        self.delivered_on.is_some() && self.cancelled().is_none()
    }

    /// Neither delivered nor cancelled.
    pub fn is_pending(&self) -> bool {
        self.delivered_on.is_none() && self.cancelled().is_none()
    }

    /// What the contract comes to, delivered or not.
    pub fn total(&self) -> Fen {
        let parts = self.price
            + self.accessory_amount
            + self.insurance_amount
            + self.tax_amount
            + self.licence_amount
            + self.fee_amount
            - self.trade_in_amount;
        self.total_amount.unwrap_or(parts)
    }

    /// What is due as of the date of the state.
    pub fn due(&self) -> Fen {
        if self.is_owed() { self.total() } else { Fen::ZERO }
    }
}

impl AccessoryMove {
    /// What it adds to its sale: a return (退货) takes back, whichever sign it is written with; none where it is a line of
    /// no sale, or neither sold nor taken back.
    pub fn sold(&self) -> Option<Fen> {
        let word = self.kind.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|w| word.contains(w));
        let is_back = says(&["退", "return"]);
        let is_sale = says(&["销", "售", "sale", "sold"]) || (is_back && !says(&["领", "赠", "采购", "进货", "供"]));
        (is_sale && !self.sale_no.is_empty()).then(|| if is_back { -self.amount.abs() } else { self.amount })
    }
}
