//! Who owes the shop what, and since when (应收账龄): customers on account, insurers, the maker.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::checks::claim_payments;
use super::clearing::{Clearing, Item, UnknownReason, live_settlements};
use super::controls::ControlTotal;
use crate::model::records::{Facts, Settlement};
use crate::model::{Fen, Origin, Text};

/// The class of a debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Debtor {
    /// 挂账
    Customer,
    Insurer,
    /// 三包
    Maker,
}

impl Debtor {
    pub const ALL: [Debtor; 3] = [Debtor::Customer, Debtor::Insurer, Debtor::Maker];

    pub fn id(self) -> &'static str {
        match self {
            Debtor::Customer => "customer",
            Debtor::Insurer => "insurer",
            Debtor::Maker => "maker",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Debtor::Customer => Text::new("客户挂账", "Customer on account"),
            Debtor::Insurer => Text::new("保险公司", "Insurer"),
            Debtor::Maker => Text::new("厂家三包", "Maker"),
        }
    }
}

/// One open debt. open = due − received > 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receivable {
    pub class: Debtor,
    /// The customer; nothing for an insurer, which no export names; for the maker the dealer that filed the claim, a code
    /// of its word list, or nothing.
    pub debtor: String,
    /// Whose order it is; nothing for a claim.
    pub customer: String,
    pub order_no: String,
    /// Settlement numbers; the claim's number for the maker.
    pub documents: Vec<String>,
    pub plate: String,
    /// The settlement, or the maker's decision: the age counts from it.
    pub since: Option<NaiveDate>,
    pub due: Fen,
    pub received: Fen,
    /// Collections of the same debtor that name no order, oldest debt first: a suggestion that moves no money.
    pub suggested: Fen,
    pub age_days: i64,
    pub origins: Vec<Origin>,
}

impl Receivable {
    pub fn open(&self) -> Fen {
        self.due - self.received
    }

    /// A full order that rests on facts alone.
    fn place(&self) -> impl Ord + '_ {
        (self.class, &self.debtor, self.since, &self.order_no, &self.documents, self.due)
    }
}

const BUCKET_ENDS: [i64; 5] = [30, 60, 90, 180, 365];

/// The buckets of age in days, youngest first.
pub const DEBT_BUCKETS: [&str; 6] = ["0–30", "31–60", "61–90", "91–180", "181–365", ">365"];

/// The bucket of an age in days.
pub fn debt_bucket(days: i64) -> &'static str {
    DEBT_BUCKETS[BUCKET_ENDS.iter().position(|end| days <= *end).unwrap_or(BUCKET_ENDS.len())]
}

/// Every open debt as of the clearing's date, in order of class, debtor and date.
pub fn of(facts: &Facts, clearing: &Clearing) -> Vec<Receivable> {
    let mut rows = of_orders(facts, clearing);
    rows.extend(of_maker(facts, clearing.as_of));
    rows.retain(|row| row.open().0 > 0);
    rows.sort_by(|a, b| a.place().cmp(&b.place()));
    suggest(facts, clearing, &mut rows);
    rows
}

/// What of an order's receipts is no payment by its customer.
#[derive(Default, Clone, Copy)]
struct Parts {
    /// Receipts of tender 挂账: charged to the account, not paid.
    charged: Fen,
    /// Receipts whose purpose says that an insurer paid.
    insurer: Fen,
}

fn of_orders(facts: &Facts, clearing: &Clearing) -> Vec<Receivable> {
    let mut by_number: HashMap<&str, Vec<&Settlement>> = HashMap::new();
    for settlement in &facts.settlements {
        by_number.entry(&settlement.order_no).or_default().push(settlement);
    }
    let mut parts: HashMap<usize, Parts> = HashMap::new();
    for allocation in &clearing.allocations {
        let receipt = &facts.receipts[allocation.receipt];
        let part = parts.entry(allocation.subject).or_default();
        if receipt.tender == "on_account" {
            part.charged += allocation.amount;
        } else if ["保险", "理赔"].iter().any(|word| receipt.purpose.contains(word)) {
            part.insurer += allocation.amount;
        }
    }
    let mut rows = Vec::new();
    for (place, item) in clearing.items.iter().enumerate() {
        let own = |s: &&&Settlement| item.settlement_nos.contains(&s.settlement_no) && is_of(s, item);
        let settlements = by_number.get(item.number.as_str()).map_or(&[][..], Vec::as_slice);
        let settlements: Vec<&Settlement> = settlements.iter().filter(own).copied().collect();
        let live = live_settlements(&settlements);
        let part = parts.get(&place).copied().unwrap_or_default();
        let insured: Fen = live.iter().map(|s| s.insurance_due).sum();
        // What insurers paid beyond their own part was paid for the customer's.
        let insurer = Fen(part.insurer.0.clamp(0, insured.0.max(0)));
        let received = item.received - part.charged - insurer;
        if part.charged.0 > 0 || item.terms == "on_account" {
            rows.push(of_item(item, Debtor::Customer, item.due, received, clearing.as_of));
        }
        if insured.0 > 0 {
            rows.push(of_item(item, Debtor::Insurer, insured, insurer, clearing.as_of));
        }
    }
    rows
}

/// By the internal key where the settlement carries one: two orders may bear one number.
fn is_of(settlement: &Settlement, item: &Item) -> bool {
    settlement.order_id.is_empty() || settlement.order_id == item.id
}

fn of_item(item: &Item, class: Debtor, due: Fen, received: Fen, as_of: NaiveDate) -> Receivable {
    Receivable {
        class,
        debtor: if class == Debtor::Insurer { String::new() } else { item.customer.clone() },
        customer: item.customer.clone(),
        order_no: item.number.clone(),
        documents: item.settlement_nos.clone(),
        plate: item.plate.clone(),
        since: item.event_date(),
        due,
        received,
        suggested: Fen::ZERO,
        age_days: item.event_date().map_or(0, |day| as_of.signed_duration_since(day).num_days()),
        origins: item.origins.clone(),
    }
}

/// Approved claims, with what the maker's statements, else the register itself, say is paid.
fn of_maker(facts: &Facts, as_of: NaiveDate) -> Vec<Receivable> {
    let mut rows = Vec::new();
    for (number, payment) in claim_payments(facts) {
        let Some(claim) = payment.claim else { continue };
        let origins = std::iter::once(&claim.origin).chain(payment.lines.iter().map(|line| &line.origin));
        rows.push(Receivable {
            class: Debtor::Maker,
            debtor: claim.dealer.clone(),
            customer: String::new(),
            order_no: claim.order_no.clone(),
            documents: vec![number.to_owned()],
            plate: String::new(),
            since: claim.decided_on,
            due: payment.approved,
            received: payment.paid,
            suggested: Fen::ZERO,
            age_days: claim.decided_on.map_or(0, |day| as_of.signed_duration_since(day).num_days()),
            origins: origins.cloned().collect(),
        });
    }
    rows
}

/// Collections (挂账回款, 回款, 还款) that name no order: on the payer's debts, oldest first, each up to what is open.
fn suggest(facts: &Facts, clearing: &Clearing, rows: &mut [Receivable]) {
    let mut collected: BTreeMap<&str, Fen> = BTreeMap::new();
    for unknown in clearing.unknown.iter().filter(|u| u.reason == UnknownReason::NoNumber) {
        let receipt = &facts.receipts[unknown.receipt];
        if ["回款", "还款"].iter().any(|word| receipt.purpose.contains(word)) && !receipt.payer.is_empty() {
            *collected.entry(&receipt.payer).or_default() += unknown.amount;
        }
    }
    // Rows of one debtor stand in order of date.
    for row in rows.iter_mut().filter(|row| row.class == Debtor::Customer) {
        if let Some(left) = collected.get_mut(row.debtor.as_str()).filter(|left| left.0 > 0) {
            row.suggested = row.open().min(*left);
            *left -= row.suggested;
        }
    }
}

/// Σ due − Σ received = Σ open by buckets of age, for each class.
pub fn controls(rows: &[Receivable]) -> Vec<ControlTotal> {
    let control = |class: Debtor| {
        let own: Vec<&Receivable> = rows.iter().filter(|row| row.class == class).collect();
        let owed: Fen = own.iter().map(|row| row.due).sum::<Fen>() - own.iter().map(|row| row.received).sum();
        let in_bucket = |bucket: &&str| -> Fen {
            own.iter().filter(|row| debt_bucket(row.age_days) == *bucket).map(|row| row.open()).sum()
        };
        let by_age: Fen = DEBT_BUCKETS.iter().map(in_bucket).sum();
        ControlTotal::new(format!("receivables of {}: due − received = open by age", class.id()), owed.0, by_age.0)
    };
    Debtor::ALL.into_iter().map(control).collect()
}
