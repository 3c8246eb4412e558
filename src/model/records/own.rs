//! What the shop's own people write for hesuan: counts of cars, decisions.

use chrono::NaiveDate;

use super::{Columns, text};
use crate::model::fen::Fen;
use crate::model::table::{Origin, Row, TableDef};

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
        /// `assign`, `write_off`, `void`, `defer`, `explain`, `withdraw`.
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

/// A row that newer exports lack and that counts until somebody has decided.
#[derive(Debug, Clone)]
pub struct Lacking {
    pub origin: Origin,
    /// What it says in its table's amount.
    pub amount: Fen,
    /// The ids of exceptions by which a decision may mean it.
    pub ids: Vec<String>,
}

/// A row that a decision has taken out.
#[derive(Debug, Clone)]
pub struct Voided {
    /// The exception's id that the decision bears.
    pub item: String,
    pub origin: Origin,
    pub amount: Fen,
}
