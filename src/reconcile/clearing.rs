//! Clearing: what was due and received on every order, and the category it falls into.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::allocate::{self, Allocated};
use super::category::Category;
use super::decisions::{self, Judged};
use super::settings::Limits;
use super::subjects::{Subject, Subjects};
use super::suggest;
use crate::finding::Finding;
use crate::model::records::{Facts, Opening, Receipt, Settlement};
use crate::model::{Fen, Origin};

/// The clearing of all orders as of a date. Indices of allocations point into [`Facts`] and `items`.
#[derive(Debug)]
pub struct Clearing {
    pub as_of: NaiveDate,
    /// Every order and counter sale with a settlement, a sale, an opening due or a receipt, in order of number.
    pub items: Vec<Item>,
    pub unknown: Vec<Unknown>,
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

/// One order or counter sale. diff = received − due + written off.
#[derive(Debug, Clone)]
pub struct Item {
    /// Internal key.
    pub id: String,
    /// The number that people see.
    pub number: String,
    pub is_sale: bool,
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
    /// Two live orders bear the number.
    Doubled,
}

/// An open order that a receipt probably belongs to. Never applied by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suggestion {
    pub reason: suggest::Reason,
    pub number: String,
    pub id: String,
    pub plate: String,
}

/// Clears every order as of `as_of`; `facts` hold nothing dated later.
pub fn clear(facts: &Facts, as_of: NaiveDate, limits: Limits, findings: &mut Vec<Finding>) -> Clearing {
    let subjects = Subjects::new(facts, findings);
    let mut allocated = allocate::allocate(facts, &subjects);
    let mut judged = decisions::standing(&facts.decisions);
    decisions::void(&mut judged, facts);
    decisions::assign(&mut judged, facts, &subjects, &mut allocated);
    let gross = |id: &str| {
        let at = subjects.by_id(id)?;
        Some((at, allocated.received[at] - subjects.all[at].due, subjects.all[at].is_settled(facts)))
    };
    let written_off = decisions::write_off(&mut judged, limits.write_off, gross);
    let by_subject = by_subject(&allocated, subjects.all.len());
    let mut items: Vec<Item> = Vec::new();
    let mut place: HashMap<usize, usize> = HashMap::new();
    for (index, subject) in subjects.all.iter().enumerate() {
        let receipts = &by_subject[index];
        if !subject.is_settled(facts) && receipts.is_empty() {
            continue; // in the workshop: nothing to clear yet
        }
        place.insert(index, items.len());
        let amounts = Amounts {
            received: allocated.received[index],
            written_off: written_off.get(&index).copied().unwrap_or_default(),
            tolerance: limits.rounding_tolerance,
        };
        items.push(item(facts, subject, receipts, amounts, as_of));
    }
    let unknown = suggest::all(facts, &items, &allocated.unknown, as_of);
    let allocations = allocated.allocations.iter().map(|a| Allocation { subject: place[&a.subject], ..*a }).collect();
    decisions::words_on_items(&mut judged, facts, &items, &unknown);
    sorted(Clearing { as_of, items, unknown, allocations, decisions: judged })
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

/// What the category of a subject rests on beside its due.
#[derive(Clone, Copy)]
struct Amounts {
    received: Fen,
    written_off: Fen,
    tolerance: Fen,
}

fn item(facts: &Facts, subject: &Subject, receipts: &[Allocation], amounts: Amounts, as_of: NaiveDate) -> Item {
    let settlements: Vec<&Settlement> = subject.settlements.iter().map(|i| &facts.settlements[*i]).collect();
    let live = live_settlements(&settlements);
    let openings: Vec<&Opening> = subject.openings.iter().map(|i| &facts.openings[*i]).collect();
    let terms = terms_of(&live, &openings);
    let category = categorise(facts, subject, receipts, &live, terms, amounts);
    let newest = |list: &[&Settlement]| list.iter().filter_map(|s| s.settled_on()).max();
    let sold_on = subject.sale_lines.iter().filter_map(|i| facts.sales[*i].sold_at).map(|t| t.date()).max();
    let settled_on = newest(&live).or_else(|| newest(&settlements)).or(sold_on);
    let settled_on = settled_on.or_else(|| openings.iter().filter_map(|o| o.owed_since()).max());
    let brought_on = openings.iter().filter_map(|o| o.balance_on).max();
    let paid: Vec<&Receipt> = receipts.iter().map(|a| &facts.receipts[a.receipt]).collect();
    let received_on = paid.iter().filter_map(|r| r.received_at).map(|t| t.date()).max();
    let order = subject.order.map(|i| &facts.orders[i]);
    let newest_settlement = settlements.iter().max_by_key(|s| (s.settled_at, s.key()));
    let newest_opening = openings.iter().max_by_key(|o| (o.balance_on, &o.settlement_no, &o.origin));
    let word = |from_settlement: fn(&Settlement) -> &String,
                from_order: Option<&String>,
                from_opening: fn(&Opening) -> &String| {
        let settled = newest_settlement.map(|s| from_settlement(s)).filter(|t| !t.is_empty());
        let brought = newest_opening.map(|o| from_opening(o));
        settled.or(from_order.filter(|t| !t.is_empty())).or(brought).cloned().unwrap_or_default()
    };
    let mut origins: Vec<Origin> = settlements.iter().map(|s| s.origin.clone()).collect();
    origins.extend(subject.sale_lines.iter().map(|i| facts.sales[*i].origin.clone()));
    origins.extend(openings.iter().map(|o| o.origin.clone()));
    origins.extend(paid.iter().filter(|r| !r.is_opening).map(|r| r.origin.clone()));
    if origins.is_empty() {
        origins.extend(order.map(|o| o.origin.clone()));
    }
    let base = settled_on.or(received_on);
    Item {
        id: subject.id.clone(),
        number: subject.number.clone(),
        is_sale: !subject.sale_lines.is_empty(),
        category,
        due: subject.due,
        received: amounts.received,
        written_off: amounts.written_off,
        settled_on,
        received_on,
        changed_on: newest(&settlements).max(sold_on).max(received_on).max(brought_on),
        cross_day: settled_on.zip(received_on).is_some_and(|(s, r)| s != r),
        terms: terms.to_owned(),
        settlement_nos: documents(&settlements, &openings),
        receipt_nos: paid.iter().map(|r| r.receipt_no.clone()).collect(),
        tenders: distinct(paid.iter().map(|r| &r.tender)),
        cashiers: distinct(paid.iter().map(|r| &r.cashier)),
        advisor: word(|s| &s.advisor, order.map(|o| &o.advisor), |o| &o.advisor),
        plate: word(|s| &s.plate, order.map(|o| &o.plate), |o| &o.plate),
        customer: match subject.sale_lines.first() {
            Some(line) => facts.sales[*line].customer.clone(),
            None => word(|s| &s.customer, order.map(|o| &o.customer), |o| &o.customer),
        },
        age_days: base.map_or(0, |d| as_of.signed_duration_since(d).num_days()),
        origins,
    }
}

/// Terms of the newest settlement that stands; what was settled before the shop began tells its own.
fn terms_of<'a>(live: &[&'a Settlement], openings: &[&'a Opening]) -> &'a str {
    let settled = live.iter().max_by_key(|s| (s.settled_at, s.key())).map(|s| s.terms.as_str());
    let owed = openings.iter().filter(|o| !o.due.is_zero());
    let brought = || owed.max_by_key(|o| (o.balance_on, o.settled_on, &o.origin)).map(|o| o.terms.as_str());
    settled.or_else(brought).unwrap_or("")
}

/// Numbers of the settlements, those of opening items that have one among them.
fn documents(settlements: &[&Settlement], openings: &[&Opening]) -> Vec<String> {
    let mut numbers: Vec<String> = settlements.iter().map(|s| s.settlement_no.clone()).collect();
    let brought = openings.iter().map(|o| &o.settlement_no).filter(|n| !n.is_empty());
    numbers.extend(brought.cloned());
    numbers
}

fn distinct<'a>(words: impl Iterator<Item = &'a String>) -> Vec<String> {
    let set: BTreeSet<&String> = words.filter(|w| !w.is_empty()).collect();
    set.into_iter().cloned().collect()
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

fn categorise(
    facts: &Facts,
    subject: &Subject,
    receipts: &[Allocation],
    live: &[&Settlement],
    terms: &str,
    amounts: Amounts,
) -> Category {
    let Amounts { received, tolerance, .. } = amounts;
    let settled = subject.is_settled(facts);
    let brought: Fen = subject.openings.iter().map(|i| facts.openings[*i].due).sum();
    // What was settled before the shop began is reversed once nothing of it is due any more.
    let all_reversed = !subject.settlements.is_empty()
        && live.is_empty()
        && subject.sale_lines.is_empty()
        && (brought.is_zero() || subject.due.is_zero());
    let diff = received - subject.due + amounts.written_off;
    let positive = |amount: Fen| amount.0 > 0;
    match () {
        () if !settled && positive(received) => Category::Deposit,
        () if diff.is_zero() => Category::Matched,
        () if all_reversed && positive(received) => Category::ReversedNotRefunded,
        () if diff.abs() <= tolerance => Category::Rounding,
        () if positive(diff) && diff == repeated(facts, receipts) => Category::DuplicateReceipt,
        () if positive(diff) => Category::Overpaid,
        () if received.is_zero() && terms == "on_account" => Category::OnAccount,
        () if received.is_zero() => Category::Unpaid,
        () => Category::Underpaid,
    }
}

/// Sum of the receipts that repeat an earlier one: same order, tender and amount within 10 minutes. Of an opening
/// receipt nobody knows the minute.
fn repeated(facts: &Facts, receipts: &[Allocation]) -> Fen {
    let minutes = chrono::TimeDelta::minutes(10);
    let repeats = |later: usize| {
        let one = &facts.receipts[receipts[later].receipt];
        receipts[..later].iter().map(|a| &facts.receipts[a.receipt]).any(|earlier| {
            let timed = !one.is_opening && !earlier.is_opening;
            let near = one.received_at.zip(earlier.received_at).is_some_and(|(a, b)| timed && a - b <= minutes);
            one.tender == earlier.tender && one.amount == earlier.amount && one.receipt_no != earlier.receipt_no && near
        })
    };
    (0..receipts.len()).filter(|i| repeats(*i)).map(|i| receipts[i].amount).sum()
}
