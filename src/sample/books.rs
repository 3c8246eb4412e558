//! What the showroom, the accessory shop and the parts counter write down, as typed events.

use super::pools::Part;
use crate::model::fen::Fen;
use chrono::{NaiveDate, NaiveDateTime};

/// A car sold.
#[derive(Debug, Clone)]
pub struct Contract {
    pub number: String,
    pub vin: String,
    pub model: &'static str,
    pub customer: String,
    pub plate: String,
    pub phone: String,
    pub salesperson: &'static str,
    pub ordered_on: NaiveDate,
    pub delivered_on: Option<NaiveDate>,
    pub cancelled_on: Option<NaiveDate>,
    pub list_price: Fen,
    pub price: Fen,
    pub cost: Fen,
    pub deposit: Fen,
    /// Accessories sold with the car.
    pub fitted: Vec<Part>,
    pub insurance: Fen,
    pub finance: Fen,
    /// What the customer pays beside the car and its accessories: insurance, purchase tax, licence, fees.
    pub with_it: [Fen; 4],
    pub trade_in: Fen,
    pub loan: Fen,
    pub lender: &'static str,
    /// Its invoice, once it is delivered.
    pub invoice: Option<usize>,
    /// A fault: delivered without an invoice.
    pub never_invoiced: bool,
}

impl Contract {
    /// What the accessories sold with the car bring.
    pub fn accessories(&self) -> Fen {
        self.fitted.iter().map(|item| Fen(item.4)).sum()
    }

    /// What the customer and the lender pay in all.
    pub fn total(&self) -> Fen {
        self.price + self.accessories() + self.with_it.into_iter().sum() - self.trade_in
    }
}

/// A new car in the shop's stock, from the day of its arrival to the day before it is delivered.
#[derive(Debug, Clone)]
pub struct StockCar {
    pub vin: String,
    pub model: &'static str,
    pub arrived_on: NaiveDate,
    pub left_on: Option<NaiveDate>,
    pub cost: Fen,
    pub place: &'static str,
}

impl StockCar {
    /// True where it stands in the shop in the evening of a day.
    pub fn stands_on(&self, day: NaiveDate) -> bool {
        self.arrived_on <= day && self.left_on.is_none_or(|left| left > day)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VisitKind {
    First,
    Again,
    Call,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Won,
    Lost,
    Open,
}

/// Somebody who comes to look at cars, or calls.
#[derive(Debug, Clone)]
pub struct Visit {
    pub number: String,
    pub at: NaiveDateTime,
    pub customer: String,
    pub kind: VisitKind,
    pub salesperson: &'static str,
    pub entered: bool,
    pub outcome: Outcome,
    pub reason: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MoveKind {
    Opening,
    In,
    Sale,
    Gift,
    Use,
}

impl MoveKind {
    /// Into the accessory shop, or out of it.
    pub fn comes_in(self) -> bool {
        matches!(self, MoveKind::Opening | MoveKind::In)
    }
}

/// An accessory that came in or went out. The quantity is never negative: its kind says which way it went.
#[derive(Debug, Clone)]
pub struct Move {
    pub number: String,
    pub on: NaiveDate,
    pub item: Part,
    pub kind: MoveKind,
    /// Hundredths of a piece.
    pub quantity: i64,
    /// What one costs the customer, where it goes to one.
    pub price: Option<Fen>,
    pub amount: Fen,
}

/// A part that the workshop asked the parts counter for.
#[derive(Debug, Clone)]
pub struct Request {
    pub order_no: String,
    pub part: &'static str,
    pub at: NaiveDateTime,
    /// Hundredths.
    pub quantity: i64,
    pub at_once: i64,
}

/// A part counted on its shelf.
#[derive(Debug, Clone)]
pub struct Count {
    pub on: NaiveDate,
    pub part: Part,
    /// Hundredths.
    pub book: i64,
    pub counted: i64,
}
