//! The records of a shop, built directly in short words. Days count from 1 October 2026.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use hesuan::model::records::{AccessoryMove, InsurerPayment, Order, Receipt, Settlement, VehicleSale};
use hesuan::model::{Fen, Origin};
use hesuan::reconcile::Limits;

pub const LIMITS: Limits = Limits { rounding_tolerance: Fen(100), write_off: Fen(500), discount_rate_x10000: 2000 };

pub fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).unwrap() + Days::new(number)
}

pub fn at(number: u64, minute: i64) -> NaiveDateTime {
    day(number).and_hms_opt(0, 0, 0).unwrap() + TimeDelta::minutes(minute)
}

/// Every row of a test has a place of its own: table and index.
pub fn place(table: i64, row: usize) -> Origin {
    Origin { file: table, sheet: String::new(), row: u32::try_from(row).unwrap() }
}

pub fn order(id: &str, number: &str, opened_at: NaiveDateTime) -> Order {
    Order {
        order_id: id.into(),
        order_no: number.into(),
        opened_at: Some(opened_at),
        completed_at: None,
        plate: format!("粤B{id}"),
        vin: String::new(),
        customer: format!("客户{id}"),
        advisor: "李明".into(),
        job_type: "repair".into(),
        status: "completed".into(),
        origin: place(1, 0),
    }
}

pub fn settlement(settlement_no: &str, order_no: &str, settled_at: NaiveDateTime, due: i64) -> Settlement {
    Settlement {
        settlement_no: settlement_no.into(),
        version: Some(1),
        order_id: String::new(),
        order_no: order_no.into(),
        settled_at: Some(settled_at),
        plate: format!("粤B{order_no}"),
        customer: format!("客户{order_no}"),
        advisor: "李明".into(),
        labor_amount: Fen(due),
        parts_amount: Fen(0),
        sublet_amount: Fen(0),
        discount_amount: Fen(0),
        waived_amount: Fen(0),
        voucher_amount: Fen(0),
        rounding_amount: Fen(0),
        customer_due: Fen(due),
        warranty_due: Fen(0),
        insurance_due: Fen(0),
        internal_due: Fen(0),
        insurer: String::new(),
        case_no: String::new(),
        terms: "immediate".into(),
        approver: String::new(),
        kind: "normal".into(),
        reverses: String::new(),
        amounts_from: String::new(),
        origin: place(2, 0),
    }
}

pub fn receipt(receipt_no: &str, reference: &str, received_at: NaiveDateTime, amount: i64) -> Receipt {
    Receipt {
        receipt_no: receipt_no.into(),
        received_at: Some(received_at),
        cashier: "王芳".into(),
        order_ref: reference.into(),
        order_id: String::new(),
        settlement_no: String::new(),
        vin: String::new(),
        plate: String::new(),
        payer: String::new(),
        tender: "cash".into(),
        amount: Fen(amount),
        reference: String::new(),
        purpose: String::new(),
        is_opening: false,
        origin: place(3, 0),
    }
}

/// A contract of a car, ordered on a day, with nothing due on it yet.
pub fn contract(contract_no: &str, ordered_on: NaiveDate, price: i64) -> VehicleSale {
    VehicleSale {
        contract_no: contract_no.into(),
        vin: String::new(),
        customer: format!("客户{contract_no}"),
        salesperson: "何婷".into(),
        ordered_on: Some(ordered_on),
        delivered_on: None,
        cancelled_on: None,
        price: Fen(price),
        accessory_amount: Fen(0),
        insurance_amount: Fen(0),
        tax_amount: Fen(0),
        licence_amount: Fen(0),
        fee_amount: Fen(0),
        trade_in_amount: Fen(0),
        total_amount: None,
        loan_amount: Fen(0),
        lender: String::new(),
        invoice_no: String::new(),
        status: String::new(),
        origin: place(6, 0),
    }
}

/// A line of a sale of accessories over the counter.
pub fn accessory(move_no: &str, sale_no: &str, date: NaiveDate, amount: i64) -> AccessoryMove {
    AccessoryMove {
        move_no: move_no.into(),
        date: Some(date),
        item_no: "JP-1".into(),
        kind: "销售".into(),
        amount: Fen(amount),
        sale_no: sale_no.into(),
        order_ref: String::new(),
        customer: "散客".into(),
        salesperson: "何婷".into(),
        origin: place(7, 0),
    }
}

/// A line of an insurer's statement.
pub fn insurer_line(
    statement_no: &str,
    line_no: &str,
    case_no: &str,
    paid_on: NaiveDate,
    amount: i64,
) -> InsurerPayment {
    InsurerPayment {
        statement_no: statement_no.into(),
        line_no: line_no.into(),
        insurer: "平安财险".into(),
        case_no: case_no.into(),
        order_no: String::new(),
        paid_on: Some(paid_on),
        amount: Fen(amount),
        deducted: Fen(0),
        origin: place(8, 0),
    }
}
