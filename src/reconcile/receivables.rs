//! Who owes the shop what, and since when (应收账龄): customers, companies, insurers, lenders, the maker.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::cases::Case;
use super::checks::claim_payments;
use super::clearing::{Clearing, Item, UnknownReason};
use super::controls::ControlTotal;
use super::subjects::SubjectKind;
use crate::model::records::{Facts, Settlement};
use crate::model::{Fen, Origin, Text};

/// The class of a debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Debtor {
    /// 挂账, and what customers still owe of a car that they have.
    Customer,
    /// The same of a customer that is a company.
    Company,
    Insurer,
    /// 按揭
    Lender,
    /// 三包
    Maker,
}

/// Parts of a name that only companies bear.
const COMPANY_WORDS: [&str; 12] =
    ["公司", "集团", "工厂", "中心", "银行", "医院", "学校", "大学", "事务所", "商行", "合作社", "委员会"];

impl Debtor {
    pub const ALL: [Debtor; 5] = [Debtor::Customer, Debtor::Company, Debtor::Insurer, Debtor::Lender, Debtor::Maker];

    /// The class of a customer by its name.
    fn of_customer(name: &str) -> Debtor {
        if COMPANY_WORDS.iter().any(|word| name.contains(word)) { Debtor::Company } else { Debtor::Customer }
    }

    pub fn id(self) -> &'static str {
        match self {
            Debtor::Customer => "customer",
            Debtor::Company => "company",
            Debtor::Insurer => "insurer",
            Debtor::Lender => "lender",
            Debtor::Maker => "maker",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Debtor::Customer => Text::new("客户", "Customer"),
            Debtor::Company => Text::new("单位客户", "Company"),
            Debtor::Insurer => Text::new("保险公司", "Insurer"),
            Debtor::Lender => Text::new("贷款机构", "Lender"),
            Debtor::Maker => Text::new("厂家三包", "Maker"),
        }
    }
}

/// One open debt. open = due − received − deducted > 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receivable {
    pub class: Debtor,
    /// The customer, insurer or lender; nothing for one that no export names; for the maker the dealer that filed the
    /// claim, a second-level one by its name, a code of its word list, or nothing.
    pub debtor: String,
    /// Whose order it is; nothing for a claim.
    pub customer: String,
    /// An order's number, or a contract's.
    pub order_no: String,
    /// The insurer's number of the case.
    pub case_no: String,
    /// Who asks for the money: the advisor or salesperson.
    pub advisor: String,
    /// Settlement numbers; the claim's number for the maker.
    pub documents: Vec<String>,
    pub plate: String,
    /// The settlement, or the maker's decision: the age counts from it.
    pub since: Option<NaiveDate>,
    pub due: Fen,
    pub received: Fen,
    /// What an insurer says that it will not pay.
    pub deducted: Fen,
    /// The last payment on it.
    pub paid_on: Option<NaiveDate>,
    /// Collections of the same debtor that name no order, oldest debt first: a suggestion that moves no money.
    pub suggested: Fen,
    pub age_days: i64,
    pub origins: Vec<Origin>,
}

impl Receivable {
    pub fn open(&self) -> Fen {
        self.due - self.received - self.deducted
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
    let mut rows = of_items(facts, clearing);
    rows.extend(clearing.cases.all.iter().flat_map(|case| of_case(facts, case, clearing.as_of)));
    rows.extend(of_maker(facts, clearing.as_of));
    rows.retain(|row| row.open().0 > 0);
    rows.sort_by(|a, b| a.place().cmp(&b.place()));
    suggest(facts, clearing, &mut rows);
    rows
}

/// Orders on account, and contracts of delivered cars: what the customer owes, and what the lender.
fn of_items(facts: &Facts, clearing: &Clearing) -> Vec<Receivable> {
    // Receipts of tender 挂账 charge the account: they pay nothing.
    let mut charged: HashMap<usize, Fen> = HashMap::new();
    for allocation in clearing.allocations.iter().filter(|a| facts.receipts[a.receipt].tender == "on_account") {
        *charged.entry(allocation.subject).or_default() += allocation.amount;
    }
    let mut rows = Vec::new();
    for (place, item) in clearing.items.iter().enumerate() {
        let charged = charged.get(&place).copied().unwrap_or_default();
        let class = Debtor::of_customer(&item.customer);
        if item.kind == SubjectKind::Contract {
            let (lent, left) = (item.lent, -item.diff() - item.lender_owes());
            let own = item.received - lent - charged;
            rows.push(of_item(item, class, [own + left + charged, own], clearing.as_of));
            rows.push(of_item(item, Debtor::Lender, [lent + item.lender_owes(), lent], clearing.as_of));
        } else if charged.0 > 0 || item.terms == "on_account" {
            rows.push(of_item(item, class, [item.due, item.received - charged], clearing.as_of));
        }
    }
    rows
}

fn of_item(item: &Item, class: Debtor, [due, received]: [Fen; 2], as_of: NaiveDate) -> Receivable {
    Receivable {
        class,
        debtor: if class == Debtor::Lender { item.lender.clone() } else { item.customer.clone() },
        customer: item.customer.clone(),
        order_no: item.number.clone(),
        case_no: String::new(),
        advisor: item.advisor.clone(),
        documents: item.settlement_nos.clone(),
        plate: item.plate.clone(),
        since: item.event_date(),
        due,
        received,
        deducted: Fen::ZERO,
        paid_on: item.received_on,
        suggested: Fen::ZERO,
        age_days: item.event_date().map_or(0, |day| as_of.signed_duration_since(day).num_days()),
        origins: item.origins.clone(),
    }
}

/// One row an order of an insurer's case. Of several orders what came fills them in order of settlement.
fn of_case(facts: &Facts, case: &Case, as_of: NaiveDate) -> Vec<Receivable> {
    let receipts = case.receipts.iter().map(|r| &facts.receipts[r.receipt]);
    let lines = case.lines.iter().map(|at| &facts.insurer_payments[*at]);
    let paid_on = receipts.clone().filter_map(|r| r.received_at).map(|t| t.date());
    let paid_on = paid_on.chain(lines.clone().filter_map(|l| l.paid_on)).max();
    let of_payments: Vec<Origin> = receipts.map(|r| &r.origin).chain(lines.map(|l| &l.origin)).cloned().collect();
    let deducted = if case.orders.len() == 1 { case.deducted } else { Fen::ZERO };
    let row = |(order, left): (&super::cases::CaseOrder, Fen)| {
        let settlements: Vec<&Settlement> = order.settlements.iter().map(|at| &facts.settlements[*at]).collect();
        let newest = settlements.iter().max_by_key(|s| (s.settled_at, s.key()));
        let word = |of: fn(&Settlement) -> &String| newest.map_or_else(String::new, |s| of(s).clone());
        Receivable {
            class: Debtor::Insurer,
            debtor: case.insurer.clone(),
            customer: word(|s| &s.customer),
            order_no: order.number.clone(),
            case_no: case.case_no.clone(),
            advisor: word(|s| &s.advisor),
            documents: settlements.iter().map(|s| s.settlement_no.clone()).collect(),
            plate: word(|s| &s.plate),
            since: case.settled_on,
            due: order.due,
            received: order.due - left - deducted,
            deducted,
            paid_on,
            suggested: Fen::ZERO,
            age_days: case.settled_on.map_or(0, |day| as_of.signed_duration_since(day).num_days()),
            origins: settlements.iter().map(|s| s.origin.clone()).chain(of_payments.iter().cloned()).collect(),
        }
    };
    case.orders.iter().zip(case.left_by_order()).map(row).collect()
}

/// Approved claims, with what the maker's statements, else the register itself, say is paid.
fn of_maker(facts: &Facts, as_of: NaiveDate) -> Vec<Receivable> {
    let mut rows = Vec::new();
    for (number, payment) in claim_payments(facts) {
        let Some(claim) = payment.claim else { continue };
        let origins = std::iter::once(&claim.origin).chain(payment.lines.iter().map(|line| &line.origin));
        rows.push(Receivable {
            class: Debtor::Maker,
            debtor: match claim.dealer.as_str() {
                "second_level" if !claim.dealer_name.is_empty() => claim.dealer_name.clone(),
                code => code.to_owned(),
            },
            customer: String::new(),
            order_no: claim.order_no.clone(),
            case_no: String::new(),
            advisor: String::new(),
            documents: vec![number.to_owned()],
            plate: String::new(),
            since: claim.decided_on,
            due: payment.approved,
            received: payment.paid,
            deducted: Fen::ZERO,
            paid_on: payment.lines.iter().filter_map(|line| line.paid_on).max().or(claim.paid_on),
            suggested: Fen::ZERO,
            age_days: claim.decided_on.map_or(0, |day| as_of.signed_duration_since(day).num_days()),
            origins: origins.cloned().collect(),
        });
    }
    rows
}

/// Collections (挂账回款) that name no order: on the payer's debts, oldest first, each up to what is open.
fn suggest(facts: &Facts, clearing: &Clearing, rows: &mut [Receivable]) {
    let mut collected: BTreeMap<&str, Fen> = BTreeMap::new();
    for unknown in clearing.unknown.iter().filter(|u| u.reason == UnknownReason::NoNumber) {
        let receipt = &facts.receipts[unknown.receipt];
        if receipt.purpose == "account" && !receipt.payer.is_empty() {
            *collected.entry(&receipt.payer).or_default() += unknown.amount;
        }
    }
    // Rows of one debtor stand in order of date.
    for row in rows.iter_mut().filter(|row| matches!(row.class, Debtor::Customer | Debtor::Company)) {
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
        let owed: Fen = own.iter().map(|row| row.due - row.received - row.deducted).sum();
        let in_bucket = |bucket: &&str| -> Fen {
            own.iter().filter(|row| debt_bucket(row.age_days) == *bucket).map(|row| row.open()).sum()
        };
        let by_age: Fen = DEBT_BUCKETS.iter().map(in_bucket).sum();
        ControlTotal::new(
            format!("receivables of {}: due − received − deducted = open by age", class.id()),
            owed.0,
            by_age.0,
        )
    };
    Debtor::ALL.into_iter().map(control).collect()
}
