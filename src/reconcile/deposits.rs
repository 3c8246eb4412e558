//! Deposits (预收款): what customers paid before there was anything to pay, what became of it, what is left.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::checks::{Check, CheckKind};
use super::clearing::Clearing;
use super::controls::ControlTotal;
use super::settings::DepositOwner;
use crate::model::dates::first_of_month;
use crate::model::records::{Facts, Receipt};
use crate::model::{Fen, Origin};

/// One owner's month: opening + received − applied − refunded = closing. All parts are positive in the usual course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DepositMonth {
    /// Plate or payer, as the shop sets it.
    pub owner: String,
    /// The first day of the month.
    pub month: NaiveDate,
    pub opening: Fen,
    pub received: Fen,
    /// Used for orders: by a receipt of tender 预收款, or by the clearing, see [`of`].
    pub applied: Fen,
    pub refunded: Fen,
}

impl DepositMonth {
    /// What the shop holds at the end; negative = more was used than was paid.
    pub fn closing(&self) -> Fen {
        self.opening + self.received - self.applied - self.refunded
    }
}

/// The movement of all deposits up to a date.
#[derive(Debug, Clone, Default)]
pub struct Deposits {
    /// In order of owner, then month; every month from an owner's first movement on in which there is a movement or a
    /// balance.
    pub months: Vec<DepositMonth>,
    events: BTreeMap<String, Vec<Event>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Received,
    Applied,
    Refunded,
}

/// One movement of an owner's balance; a positive amount raises it where received, lowers it otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    day: NaiveDate,
    kind: Kind,
    amount: Fen,
    origin: Origin,
}

/// The movement of all deposits.
///
/// - **received**: receipts whose purpose is a deposit, positive; **refunded**: the same, negative.
/// - **applied**: receipts of tender 预收款, whatever their purpose (they move no money); a negative one gives back. And
///   a deposit that names an order: once the order is settled the clearing counts it as paid on it, so it is applied
///   as far as the order's other receipts leave something due, on the day of the settlement or of the deposit,
///   whichever is later. Of several such receipts the oldest is used first.
pub fn of(facts: &Facts, clearing: &Clearing, owner: DepositOwner) -> Deposits {
    let mut events: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    let mut add = |receipt: &Receipt, day: Option<NaiveDate>, kind: Kind, amount: Fen| {
        if let Some(day) = day.filter(|_| !amount.is_zero()) {
            let event = Event { day, kind, amount, origin: receipt.origin.clone() };
            events.entry(owner_of(receipt, owner)).or_default().push(event);
        }
    };
    for receipt in &facts.receipts {
        let day = receipt.received_at.map(|t| t.date());
        match () {
            () if receipt.tender == "prepaid" => add(receipt, day, Kind::Applied, receipt.amount),
            () if !is_deposit(receipt) => {}
            () if receipt.amount.0 >= 0 => add(receipt, day, Kind::Received, receipt.amount),
            () => add(receipt, day, Kind::Refunded, -receipt.amount),
        }
    }
    for (receipt, day, amount) in applied_by_number(facts, clearing) {
        add(&facts.receipts[receipt], day, Kind::Applied, amount);
    }
    events.values_mut().for_each(|list| list.sort());
    let last = first_of_month(clearing.as_of);
    let months = events.iter().flat_map(|(owner, list)| months_of(owner, list, last)).collect();
    Deposits { months, events }
}

/// Money taken in advance: not an application of it.
fn is_deposit(receipt: &Receipt) -> bool {
    receipt.tender != "prepaid" && receipt.purpose == "deposit"
}

fn owner_of(receipt: &Receipt, owner: DepositOwner) -> String {
    let (first, other) = match owner {
        DepositOwner::Vehicle => (&receipt.plate, &receipt.payer),
        DepositOwner::Customer => (&receipt.payer, &receipt.plate),
    };
    if first.is_empty() { other.clone() } else { first.clone() }
}

/// Deposits that name a settled order: receipt, day and how much of it the order used.
fn applied_by_number(facts: &Facts, clearing: &Clearing) -> Vec<(usize, Option<NaiveDate>, Fen)> {
    let mut on_item: BTreeMap<usize, Vec<(usize, Fen)>> = BTreeMap::new();
    // One without a day is in no month: its like is left out on both sides of the control total.
    let dated = |receipt: &Receipt| is_deposit(receipt) && receipt.received_at.is_some();
    for allocation in clearing.allocations.iter().filter(|a| dated(&facts.receipts[a.receipt])) {
        on_item.entry(allocation.subject).or_default().push((allocation.receipt, allocation.amount));
    }
    let mut applied = Vec::new();
    for (subject, deposits) in on_item {
        let item = &clearing.items[subject];
        let Some(settled_on) = item.settled_on else { continue };
        let of_deposits: Fen = deposits.iter().map(|(_, amount)| *amount).sum();
        let mut left = Fen((item.due - (item.received - of_deposits)).0.clamp(0, of_deposits.0.max(0)));
        // Allocations stand in order of time.
        for (receipt, amount) in deposits.into_iter().filter(|(_, amount)| amount.0 > 0) {
            let used = left.min(amount);
            left -= used;
            let paid_on = facts.receipts[receipt].received_at.map(|t| t.date());
            applied.push((receipt, paid_on.map(|d| d.max(settled_on)), used));
        }
    }
    applied
}

fn months_of(owner: &str, events: &[Event], last: NaiveDate) -> Vec<DepositMonth> {
    let mut months = Vec::new();
    let Some(mut month) = events.first().map(|event| first_of_month(event.day)) else { return months };
    let mut opening = Fen::ZERO;
    while month <= last {
        let mut one = DepositMonth { owner: owner.to_owned(), month, opening, ..DepositMonth::default() };
        for event in events.iter().filter(|event| first_of_month(event.day) == month) {
            match event.kind {
                Kind::Received => one.received += event.amount,
                Kind::Applied => one.applied += event.amount,
                Kind::Refunded => one.refunded += event.amount,
            }
        }
        opening = one.closing();
        let moved = [one.opening, one.received, one.applied, one.refunded].iter().any(|amount| !amount.is_zero());
        if moved {
            months.push(one);
        }
        month = month + Months::new(1);
    }
    months
}

impl Deposits {
    /// deposit_overdrawn: an owner's balance as of the date is below 0. Dated when it last went below; the amount is the
    /// balance. Where no deposit was ever received the balances lie in another system, and nothing is said.
    pub fn overdrawn(&self) -> Vec<Check> {
        if !self.events.values().flatten().any(|event| event.kind == Kind::Received) {
            return Vec::new();
        }
        let mut checks = Vec::new();
        for (owner, events) in &self.events {
            let (mut balance, mut below_since) = (Fen::ZERO, None);
            for event in events {
                balance = if event.kind == Kind::Received { balance + event.amount } else { balance - event.amount };
                below_since = if balance.0 < 0 { below_since.or(Some(event.day)) } else { None };
            }
            if below_since.is_some() {
                let check = Check::new(CheckKind::DepositOverdrawn, "", balance, below_since, owner.clone());
                checks.push(check.from(events.iter().map(|event| &event.origin)));
            }
        }
        checks
    }

    /// Σ received − applied − refunded of the receipts themselves = Σ of every owner's last closing.
    pub fn control(&self, facts: &Facts, clearing: &Clearing) -> ControlTotal {
        let dated = |r: &&Receipt| r.received_at.is_some();
        let paid: Fen = facts.receipts.iter().filter(|r| is_deposit(r)).filter(dated).map(|r| r.amount).sum();
        let used: Fen = facts.receipts.iter().filter(|r| r.tender == "prepaid").filter(dated).map(|r| r.amount).sum();
        let by_number: Fen = applied_by_number(facts, clearing).iter().map(|(_, _, amount)| *amount).sum();
        let closing: Fen = self.last_closings().sum();
        ControlTotal::new(
            "deposits: opening + received − applied − refunded = closing",
            (paid - used - by_number).0,
            closing.0,
        )
    }

    /// The closing of each owner's last month.
    fn last_closings(&self) -> impl Iterator<Item = Fen> + '_ {
        let is_last = |at: usize| self.months.get(at + 1).is_none_or(|next| next.owner != self.months[at].owner);
        (0..self.months.len()).filter(move |at| is_last(*at)).map(|at| self.months[at].closing())
    }
}
