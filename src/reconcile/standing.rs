//! Where one subject stands: its sums, its dates and words, the category that it falls into.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::allocate::is_lenders;
use super::category::Category;
use super::clearing::{Allocation, Item, live_settlements};
use super::settings::Settings;
use super::subjects::Subject;
use crate::model::records::{AccessoryMove, Facts, Opening, Receipt, Settlement, VehicleSale};
use crate::model::{Fen, Origin};

/// What was received on a subject, and what a decision gives up.
#[derive(Clone, Copy)]
pub struct Sums {
    pub received: Fen,
    pub written_off: Fen,
}

/// A subject with what belongs to it looked up.
struct Whole<'a> {
    facts: &'a Facts,
    subject: &'a Subject,
    receipts: &'a [Allocation],
    settlements: Vec<&'a Settlement>,
    live: Vec<&'a Settlement>,
    openings: Vec<&'a Opening>,
    moves: Vec<&'a AccessoryMove>,
    contract: Option<&'a VehicleSale>,
    paid: Vec<&'a Receipt>,
}

/// The item of a subject as of a date. `receipts`: what is allocated to it, in order of time.
pub fn item(
    facts: &Facts,
    subject: &Subject,
    receipts: &[Allocation],
    sums: Sums,
    as_of: NaiveDate,
    settings: &Settings,
) -> Item {
    let whole = Whole::new(facts, subject, receipts);
    let terms = terms_of(&whole.live, &whole.openings).to_owned();
    let settled_on = whole.settled_on();
    let received_on = whole.paid.iter().filter_map(|r| r.received_at).map(|t| t.date()).max();
    let base = settled_on.or(received_on);
    let lent = whole.lent(settings);
    let loan = whole.contract.map_or(Fen::ZERO, |c| c.loan_amount);
    Item {
        id: subject.id.clone(),
        number: subject.number.clone(),
        kind: subject.kind(),
        contract: subject.contract,
        vin: whole.contract.map_or_else(String::new, |c| c.vin.clone()),
        lender: whole.contract.map_or_else(String::new, |c| settings.names.shown(&c.lender).to_owned()),
        loan,
        lent,
        category: categorise(&whole, &terms, sums, loan - lent, as_of, settings),
        due: subject.due,
        received: sums.received,
        written_off: sums.written_off,
        settled_on,
        received_on,
        changed_on: whole.changed_on().max(received_on),
        cross_day: settled_on.zip(received_on).is_some_and(|(s, r)| s != r),
        terms,
        settlement_nos: documents(&whole.settlements, &whole.openings),
        receipt_nos: whole.paid.iter().map(|r| r.receipt_no.clone()).collect(),
        tenders: distinct(whole.paid.iter().map(|r| &r.tender)),
        cashiers: distinct(whole.paid.iter().map(|r| &r.cashier)),
        advisor: whole.advisor(),
        plate: whole.word(|s| &s.plate, whole.order().map(|o| &o.plate), |o| &o.plate),
        customer: whole.customer(),
        age_days: base.map_or(0, |d| as_of.signed_duration_since(d).num_days()),
        origins: whole.origins(),
    }
}

impl<'a> Whole<'a> {
    fn new(facts: &'a Facts, subject: &'a Subject, receipts: &'a [Allocation]) -> Whole<'a> {
        let settlements: Vec<&Settlement> = subject.settlements.iter().map(|i| &facts.settlements[*i]).collect();
        Whole {
            facts,
            subject,
            receipts,
            live: live_settlements(&settlements),
            settlements,
            openings: subject.openings.iter().map(|i| &facts.openings[*i]).collect(),
            moves: subject.moves.iter().map(|i| &facts.accessory_moves[*i]).collect(),
            contract: subject.sale(facts),
            paid: receipts.iter().map(|a| &facts.receipts[a.receipt]).collect(),
        }
    }

    fn order(&self) -> Option<&'a crate::model::records::Order> {
        self.subject.order.map(|i| &self.facts.orders[i])
    }

    /// The day from which its age counts: settled, sold, delivered or cancelled.
    fn settled_on(&self) -> Option<NaiveDate> {
        let newest = |list: &[&Settlement]| list.iter().filter_map(|s| s.settled_on()).max();
        let settled = newest(&self.live).or_else(|| newest(&self.settlements));
        let of_contract = self.contract.and_then(|c| c.cancelled().or(c.delivered_on));
        let since = settled.or(self.sold_on()).or(of_contract);
        since.or_else(|| self.openings.iter().filter_map(|o| o.owed_since()).max())
    }

    fn sold_on(&self) -> Option<NaiveDate> {
        let sold = self.subject.sale_lines.iter().filter_map(|i| self.facts.sales[*i].sold_at).map(|t| t.date());
        sold.chain(self.moves.iter().filter_map(|m| m.date)).max()
    }

    /// The date of the newest row that its due rests on.
    fn changed_on(&self) -> Option<NaiveDate> {
        let settled = self.settlements.iter().filter_map(|s| s.settled_on()).max();
        let brought = self.openings.iter().filter_map(|o| o.balance_on).max();
        let of_contract = self.contract.and_then(|c| c.delivered_on.max(c.cancelled()));
        settled.max(self.sold_on()).max(brought).max(of_contract)
    }

    /// A word of the newest settlement, else of the order, else of the newest opening item.
    fn word(
        &self,
        from_settlement: fn(&Settlement) -> &String,
        from_order: Option<&'a String>,
        from_opening: fn(&Opening) -> &String,
    ) -> String {
        let newest = self.settlements.iter().max_by_key(|s| (s.settled_at, s.key()));
        let newest_opening = self.openings.iter().max_by_key(|o| (o.balance_on, &o.settlement_no, &o.origin));
        let settled = newest.map(|s| from_settlement(s)).filter(|t| !t.is_empty());
        let brought = newest_opening.map(|o| from_opening(o));
        settled.or(from_order.filter(|t| !t.is_empty())).or(brought).cloned().unwrap_or_default()
    }

    fn customer(&self) -> String {
        let sold = self.subject.sale_lines.first().map(|line| &self.facts.sales[*line].customer);
        let sold = sold.or_else(|| self.moves.first().map(|line| &line.customer));
        match sold.or_else(|| self.contract.map(|c| &c.customer)) {
            Some(name) => name.clone(),
            None => self.word(|s| &s.customer, self.order().map(|o| &o.customer), |o| &o.customer),
        }
    }

    /// The advisor of an order, the salesperson of a contract or of accessories.
    fn advisor(&self) -> String {
        let sells = self.contract.map(|c| &c.salesperson).or_else(|| self.moves.first().map(|m| &m.salesperson));
        match sells {
            Some(name) => name.clone(),
            None => self.word(|s| &s.advisor, self.order().map(|o| &o.advisor), |o| &o.advisor),
        }
    }

    fn origins(&self) -> Vec<Origin> {
        let mut origins: Vec<Origin> = self.settlements.iter().map(|s| s.origin.clone()).collect();
        origins.extend(self.subject.sale_lines.iter().map(|i| self.facts.sales[*i].origin.clone()));
        origins.extend(self.moves.iter().map(|m| m.origin.clone()));
        origins.extend(self.contract.map(|c| c.origin.clone()));
        origins.extend(self.openings.iter().map(|o| o.origin.clone()));
        origins.extend(self.paid.iter().filter(|r| !r.is_opening).map(|r| r.origin.clone()));
        if origins.is_empty() {
            origins.extend(self.order().map(|o| o.origin.clone()));
        }
        origins
    }

    /// What a contract's lender has paid of the loan.
    fn lent(&self, settings: &Settings) -> Fen {
        let Some(contract) = self.contract else { return Fen::ZERO };
        let lent = self.receipts.iter().zip(&self.paid).filter(|(_, r)| is_lenders(r, &contract.lender, settings));
        lent.map(|(allocation, _)| allocation.amount).sum()
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

fn categorise(
    whole: &Whole<'_>,
    terms: &str,
    sums: Sums,
    loan_to_come: Fen,
    as_of: NaiveDate,
    settings: &Settings,
) -> Category {
    let (received, tolerance) = (sums.received, settings.limits.rounding_tolerance);
    let diff = received - whole.subject.due + sums.written_off;
    let positive = |amount: Fen| amount.0 > 0;
    let delivered = whole.contract.filter(|c| c.is_owed()).and_then(|c| c.delivered_on);
    let on_the_way = delivered.is_some_and(|day| {
        as_of.signed_duration_since(day).num_days() <= settings.debts.loan_days
            && -diff.0 <= loan_to_come.0.max(0) + tolerance.0
    });
    match () {
        () if !whole.subject.is_settled(whole.facts) && positive(received) => Category::Deposit,
        () if diff.is_zero() => Category::Matched,
        () if is_reversed(whole) && positive(received) => Category::ReversedNotRefunded,
        () if diff.abs() <= tolerance => Category::Rounding,
        () if positive(diff) && diff == repeated(whole.facts, whole.receipts) => Category::DuplicateReceipt,
        () if positive(diff) => Category::Overpaid,
        () if on_the_way => Category::LoanPending,
        () if received.is_zero() && terms == "on_account" => Category::OnAccount,
        () if received.is_zero() => Category::Unpaid,
        () => Category::Underpaid,
    }
}

/// Every settlement taken back, or the contract cancelled. What was settled before the shop began is reversed once
/// nothing of it is due any more.
fn is_reversed(whole: &Whole<'_>) -> bool {
    let subject = whole.subject;
    let brought: Fen = whole.openings.iter().map(|o| o.due).sum();
    let is_settled = !subject.settlements.is_empty() && whole.live.is_empty() && subject.sale_lines.is_empty();
    let is_cancelled = whole.contract.is_some_and(|c| c.cancelled().is_some());
    (is_settled || is_cancelled) && (brought.is_zero() || subject.due.is_zero())
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
