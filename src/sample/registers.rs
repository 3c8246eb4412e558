//! The lines of the registers that a shop keeps beside its system, as typed events.

use crate::model::fen::Fen;
use chrono::{NaiveDate, NaiveDateTime};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolUse {
    Loan,
    Upkeep,
    Calibration,
}

/// A tool lent, looked after or calibrated.
#[derive(Debug, Clone)]
pub struct ToolEntry {
    pub number: String,
    /// Number and name.
    pub tool: (&'static str, &'static str),
    pub kind: ToolUse,
    pub on: NaiveDate,
    pub person: &'static str,
    pub due_on: NaiveDate,
    pub done_on: Option<NaiveDate>,
    pub in_order: bool,
}

/// One person on one course.
#[derive(Debug, Clone)]
pub struct Training {
    pub number: String,
    pub course: &'static str,
    pub level: &'static str,
    pub person: &'static str,
    pub department: &'static str,
    pub planned_on: NaiveDate,
    pub held_on: Option<NaiveDate>,
    /// Hundredths of an hour.
    pub hours: i64,
    /// None where the person did not come.
    pub score: Option<i64>,
    pub certificate: String,
}

/// An order inspected before the car is handed over.
#[derive(Debug, Clone)]
pub struct Inspection {
    pub number: String,
    pub order_no: String,
    pub at: NaiveDateTime,
    pub inspector: &'static str,
    pub technician: &'static str,
    pub stage: &'static str,
    pub item: &'static str,
    pub round: i64,
    /// What was wrong and what was done, where it failed.
    pub fault: Option<(&'static str, &'static str)>,
}

/// The key of a car in stock, handed out.
#[derive(Debug, Clone)]
pub struct KeyEntry {
    pub number: String,
    pub vin: String,
    pub key: String,
    pub person: &'static str,
    pub purpose: &'static str,
    pub taken_at: NaiveDateTime,
    pub returned_at: Option<NaiveDateTime>,
}

/// A line of the treasurer's journal with the balance after it.
#[derive(Debug, Clone)]
pub struct Journal {
    pub account: &'static str,
    pub serial: usize,
    pub on: NaiveDate,
    pub summary: &'static str,
    pub party: &'static str,
    pub paid_in: Fen,
    pub paid_out: Fen,
    pub balance: Fen,
}
