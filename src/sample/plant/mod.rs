//! The faults that are put in on purpose, each on an order of its own, each written down.

mod books;
mod checks;
mod claims;
mod invoices;
mod maker;
mod open;
mod orders;
mod receipts;
mod statements;
mod typed;

use super::dice::Dice;
use super::events::{Planted, Settlement, Shop, Terms};
use crate::model::fen::Fen;
use chrono::{Duration, NaiveDate};

/// Plants everything that must be there before numbers are given, and lists what stands open at the end by itself.
pub fn plant(shop: &mut Shop, dice: &mut Dice) {
    let mut garden = Garden::new(shop, dice);
    // One of each first: a small sample runs out of clean orders.
    typed::plant(&mut garden);
    receipts::plant_open(&mut garden);
    checks::plant(&mut garden);
    orders::plant(&mut garden);
    // A quarter of the clean orders may be spoilt, not more: most of a shop's days are in order.
    if garden.candidates.len() > 90 {
        receipts::plant_cleared(&mut garden);
        checks::plant_more(&mut garden);
    }
    open::record(garden.shop);
}

/// Plants what needs claims and counted cash.
pub fn after_counting(shop: &mut Shop, dice: &mut Dice) {
    checks::cash(shop, dice);
    claims::plant(shop, dice);
}

/// Plants what others' statements must be written from.
pub fn before_statements(shop: &mut Shop, dice: &mut Dice) {
    statements::parts_unbilled(&mut Garden::new(shop, dice));
    statements::voucher_expired(shop);
    statements::invoice_missing(shop);
    maker::before(shop);
}

/// Plants what is wrong in others' statements.
pub fn after_statements(shop: &mut Shop, dice: &mut Dice) {
    invoices::plant(shop);
    statements::acquirers(shop, dice);
    maker::after(shop);
    statements::stock_differs(shop);
}

/// Plants gaps and differences that a report shows.
pub fn of_books(shop: &mut Shop, dice: &mut Dice) {
    books::files(shop);
    books::visits(shop);
    books::parts_short(shop);
    books::counts(shop, dice);
}

/// An order with nothing special: one settlement, paid in full with one receipt on the same day.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    order: usize,
    settlement: usize,
    receipt: usize,
    day: NaiveDate,
}

/// The shop while faults are planted.
struct Garden<'a> {
    shop: &'a mut Shop,
    dice: &'a mut Dice,
    candidates: Vec<Candidate>,
}

impl<'a> Garden<'a> {
    fn new(shop: &'a mut Shop, dice: &'a mut Dice) -> Garden<'a> {
        let mut candidates: Vec<Candidate> =
            (0..shop.receipts.len()).filter_map(|receipt| candidate(shop, receipt)).collect();
        dice.shuffle(&mut candidates);
        Garden { shop, dice, candidates }
    }

    /// Takes a clean order settled so many days before the end, or any if there is none; it is then special.
    fn take(&mut self, ages: std::ops::RangeInclusive<i64>, wanted: fn(&Settlement) -> bool) -> Option<Candidate> {
        let end = self.shop.end;
        let settlements = &self.shop.settlements;
        let fits = |one: &Candidate| wanted(&settlements[one.settlement]);
        let aged = |one: &Candidate| fits(one) && ages.contains(&(end - one.day).num_days());
        let at = self.candidates.iter().position(aged).or_else(|| self.candidates.iter().position(fits))?;
        let taken = self.candidates.remove(at);
        self.shop.orders[taken.order].special = true;
        Some(taken)
    }

    fn due(&self, one: Candidate) -> Fen {
        self.shop.settlements[one.settlement].due[0]
    }

    /// The day so many days after the order was settled, if the simulated days last that long.
    fn later(&self, one: Candidate, days: i64) -> Option<NaiveDate> {
        Some(one.day + Duration::days(days)).filter(|day| *day <= self.shop.end)
    }

    /// Writes down a fault of an order.
    fn record(&mut self, kind: &'static str, one: Candidate, receipt: Option<usize>, amount: Fen, note: &str) {
        let order_no = self.shop.orders[one.order].number.clone();
        let (date, note) = (one.day, note.to_string());
        self.shop.planted.push(Planted { kind, order_no, receipt, amount, date, note });
    }
}

/// The candidate that a receipt belongs to, if all about it is plain.
fn candidate(shop: &Shop, receipt: usize) -> Option<Candidate> {
    let paid = &shop.receipts[receipt];
    let settlement = paid.settlement?;
    let settled = &shop.settlements[settlement];
    let order = &shop.orders[settled.order];
    let components = &settled.components;
    let nothing_given = [components.discount, components.waived, components.voucher].iter().all(|fen| fen.is_zero());
    let customer_only = settled.due[1..].iter().all(|fen| fen.is_zero());
    let plain = !paid.dropped && !order.special && settled.terms == Terms::Immediate && paid.subjects.len() == 1;
    let in_full = paid.amount == settled.due[0] && paid.amount >= Fen(15_000) && paid.at.date() == settled.at.date();
    (nothing_given && customer_only && plain && in_full).then(|| Candidate {
        order: settled.order,
        settlement,
        receipt,
        day: settled.at.date(),
    })
}
