//! Clearing: what was due and received on every order, and the category it falls into.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::allocate::{self, Allocated};
use super::cases::Cases;
use super::category::Category;
use super::decisions::{self, Judged};
use super::settings::Settings;
use super::standing;
use super::subjects::{SubjectKind, Subjects};
use super::suggest;
use crate::finding::Finding;
use crate::model::records::{Facts, Settlement};
use crate::model::{Fen, Origin};

/// The clearing of all orders as of a date. Indices of allocations point into [`Facts`] and `items`.
#[derive(Debug)]
pub struct Clearing {
    pub as_of: NaiveDate,
    /// Every order, sale and contract with a due or a receipt, in order of number.
    pub items: Vec<Item>,
    pub unknown: Vec<Unknown>,
    /// Receipts that stand on their purpose alone, in order of time.
    pub other: Vec<OtherIncome>,
    /// What insurers owe and paid; orders of it by their place among the subjects.
    pub cases: Cases,
    /// By receipt, in order of time; `subject` is an index into `items`.
    pub allocations: Vec<Allocation>,
    /// What the accountant decided, in the order in which it was made.
    pub decisions: Vec<Judged>,
}

impl Clearing {
    /// Difference and age in days of everything in a category, unknown receipts among them.
    pub fn of_category(&self, category: Category) -> Vec<(Fen, i64)> {
        let items = self.items.iter().filter(|i| i.category == category).map(|i| (i.diff(), i.age_days));
        let unknown = self.unknown.iter().filter(|_| category == Category::UnknownOrder);
        items.chain(unknown.map(|u| (u.amount, u.age_days))).collect()
    }
}

/// A receipt that stands on its purpose alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherIncome {
    /// Index into the receipts.
    pub receipt: usize,
}

/// One order, sale or contract. diff = received − due + written off.
#[derive(Debug, Clone)]
pub struct Item {
    /// Internal key.
    pub id: String,
    /// The number that people see.
    pub number: String,
    pub kind: SubjectKind,
    /// The contract that it is, as an index into the facts.
    pub contract: Option<usize>,
    pub vin: String,
    pub lender: String,
    /// The loan of a contract, and what its lender has paid of it.
    pub loan: Fen,
    pub lent: Fen,
    pub category: Category,
    pub due: Fen,
    pub received: Fen,
    /// What a decision gives up of the difference: positive where the customer paid too little.
    pub written_off: Fen,
    pub settled_on: Option<NaiveDate>,
    /// Date of the last receipt.
    pub received_on: Option<NaiveDate>,
    /// Date of the newest row it rests on: settlement, reversal, sale, opening balance or receipt.
    pub changed_on: Option<NaiveDate>,
    /// 跨日: settled and received on different days.
    pub cross_day: bool,
    /// Terms of the newest settlement that stands, else of the opening item.
    pub terms: String,
    pub settlement_nos: Vec<String>,
    pub receipt_nos: Vec<String>,
    pub tenders: Vec<String>,
    pub cashiers: Vec<String>,
    pub advisor: String,
    pub plate: String,
    pub customer: String,
    /// Days from the settlement, or from the receipt where there is none.
    pub age_days: i64,
    /// The exact rows it comes from.
    pub origins: Vec<Origin>,
}

impl Item {
    pub fn diff(&self) -> Fen {
        self.received - self.due + self.written_off
    }

    /// Parts or accessories over the counter.
    pub fn is_sale(&self) -> bool {
        matches!(self.kind, SubjectKind::Sale | SubjectKind::AccessorySale)
    }

    /// What a lender still owes: as much of the loan as is still due, never below 0; nothing before delivery.
    pub fn lender_owes(&self) -> Fen {
        Fen((self.loan - self.lent).0.min(-self.diff().0).max(0))
    }

    /// The date from which its age counts.
    pub fn event_date(&self) -> Option<NaiveDate> {
        self.settled_on.or(self.received_on)
    }
}

/// A part of a receipt on one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    pub receipt: usize,
    pub subject: usize,
    pub amount: Fen,
    /// Date of the decision that put it there; none where its own number did.
    pub decided_on: Option<NaiveDate>,
}

/// A receipt none of whose orders is known: it is not allocated.
#[derive(Debug, Clone)]
pub struct Unknown {
    /// Index into the receipts.
    pub receipt: usize,
    /// Receipt number, with a mark where several rows bear it: the same on every date.
    pub key: String,
    pub amount: Fen,
    pub reason: UnknownReason,
    pub suggestions: Vec<Suggestion>,
    pub age_days: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownReason {
    /// The reference is empty.
    NoNumber,
    NotFound,
    /// Two live orders bear the number, or two contracts the car.
    Doubled,
    /// It may be one or another line of an insurer's statement.
    LinesAlike,
}

/// An open order that a receipt probably belongs to. Never applied by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suggestion {
    pub reason: suggest::Reason,
    pub number: String,
    pub id: String,
    pub plate: String,
}

/// Clears everything as of `as_of`; `facts` hold nothing dated later.
pub fn clear(facts: &Facts, as_of: NaiveDate, settings: &Settings, findings: &mut Vec<Finding>) -> Clearing {
    let subjects = Subjects::new(facts, findings);
    let mut allocated = allocate::allocate(facts, &subjects, settings, findings);
    let mut judged = decisions::standing(&facts.decisions);
    decisions::void(&mut judged, facts);
    decisions::assign(&mut judged, facts, &subjects, &mut allocated, settings);
    let gross = |id: &str| {
        let at = subjects.by_id(id)?;
        Some((at, allocated.received[at] - subjects.all[at].due, subjects.all[at].is_settled(facts)))
    };
    let written_off = decisions::write_off(&mut judged, settings.limits.write_off, gross);
    let by_subject = by_subject(&allocated, subjects.all.len());
    let mut items: Vec<Item> = Vec::new();
    let mut place: HashMap<usize, usize> = HashMap::new();
    for (index, subject) in subjects.all.iter().enumerate() {
        let receipts = &by_subject[index];
        if !subject.had_due(facts) && receipts.is_empty() {
            continue; // in the workshop, or ordered: nothing to clear yet
        }
        place.insert(index, items.len());
        let written_off = written_off.get(&index).copied().unwrap_or_default();
        let sums = standing::Sums { received: allocated.received[index], written_off };
        items.push(standing::item(facts, subject, receipts, sums, as_of, settings));
    }
    let allocations = allocated.allocations.iter().map(|a| Allocation { subject: place[&a.subject], ..*a }).collect();
    let unknown = suggest::all(facts, &items, &allocated, as_of, &settings.names);
    decisions::words_on_items(&mut judged, facts, &items, &unknown);
    let Allocated { other, cases, .. } = allocated;
    sorted(Clearing { as_of, items, unknown, other, cases, allocations, decisions: judged })
}

/// Items in order of number, then key: an order that rests on facts alone.
fn sorted(mut clearing: Clearing) -> Clearing {
    let mut order: Vec<usize> = (0..clearing.items.len()).collect();
    order.sort_by(|a, b| {
        let key = |i: &usize| (&clearing.items[*i].number, &clearing.items[*i].id);
        key(a).cmp(&key(b))
    });
    let mut new_place = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        new_place[*old] = new;
    }
    let mut slots: Vec<Option<Item>> = clearing.items.into_iter().map(Some).collect();
    clearing.items = order.iter().filter_map(|old| slots[*old].take()).collect();
    for allocation in &mut clearing.allocations {
        allocation.subject = new_place[allocation.subject];
    }
    clearing
}

fn by_subject(allocated: &Allocated, subjects: usize) -> Vec<Vec<Allocation>> {
    let mut lists = vec![Vec::new(); subjects];
    for allocation in &allocated.allocations {
        lists[allocation.subject].push(*allocation);
    }
    lists
}

/// Normal settlements that no reversal takes back.
pub fn live_settlements<'a>(settlements: &[&'a Settlement]) -> Vec<&'a Settlement> {
    settlements.iter().filter(|s| !s.is_reversal() && reversal_of(s, settlements).is_none()).copied().collect()
}

/// The reversal that takes a settlement back: it names it, bears its number, or, naming none, is the only reversal of
/// an order that has only this one settlement.
pub fn reversal_of<'a>(settlement: &Settlement, of_order: &[&'a Settlement]) -> Option<&'a Settlement> {
    let names_it =
        |r: &&&Settlement| r.reverses == settlement.settlement_no || r.settlement_no == settlement.settlement_no;
    let mut reversals = of_order.iter().filter(|s| s.is_reversal());
    if let Some(reversal) = reversals.clone().find(names_it) {
        return Some(reversal);
    }
    let only = of_order.iter().filter(|s| !s.is_reversal()).count() == 1;
    match (reversals.next(), reversals.next()) {
        (Some(reversal), None) if only && reversal.reverses.is_empty() => Some(reversal),
        _ => None,
    }
}
