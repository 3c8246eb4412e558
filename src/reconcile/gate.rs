//! The three-way gate of a car: receipts × contract × VIN → the motor-vehicle invoice (可开票清单).

use std::collections::HashMap;

use chrono::NaiveDate;

use super::clearing::{Clearing, Item};
use super::settings::Settings;
use super::subjects::SubjectKind;
use crate::model::records::{Facts, Invoice, VehicleSale};
use crate::model::{Fen, Text};

/// Whether an invoice is of a car: by its kind, or because it names a car and no order.
pub fn is_of_car(invoice: &Invoice) -> bool {
    !invoice.vin.is_empty() && (invoice.kind.contains("机动车") || invoice.order_no.is_empty())
}

/// Contracts by the car that they bear.
pub struct Gates<'a> {
    by_vin: HashMap<&'a str, Vec<(usize, &'a VehicleSale)>>,
}

impl<'a> Gates<'a> {
    pub fn new(facts: &'a Facts) -> Gates<'a> {
        let mut by_vin: HashMap<&str, Vec<(usize, &VehicleSale)>> = HashMap::new();
        for (at, sale) in facts.vehicle_sales.iter().enumerate().filter(|(_, sale)| !sale.vin.is_empty()) {
            by_vin.entry(&sale.vin).or_default().push((at, sale));
        }
        Gates { by_vin }
    }

    /// The one contract that a car stood under on a day; none where there was none or more than one.
    pub fn contract(&self, vin: &str, day: NaiveDate) -> Option<usize> {
        let contracts = self.by_vin.get(vin)?.iter().filter(|(_, sale)| sale.ordered_on.is_none_or(|on| on <= day));
        let mut live = contracts.filter(|(_, sale)| sale.cancelled().is_none_or(|on| on > day));
        match (live.next(), live.next()) {
            (Some((at, _)), None) => Some(*at),
            _ => None,
        }
    }
}

/// Whether the invoice of a contract may be issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Issued before the price had come.
    TooEarly,
    /// Car, contract and money agree: it may be issued today.
    Open,
    /// Money is missing.
    NotPaid,
    /// No car is allocated, or another contract bears it too.
    NoCar,
    Issued,
}

impl Gate {
    pub fn id(self) -> &'static str {
        match self {
            Gate::TooEarly => "too_early",
            Gate::Open => "may_issue",
            Gate::NotPaid => "not_paid",
            Gate::NoCar => "no_car",
            Gate::Issued => "issued",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Gate::TooEarly => Text::new("已提前开票", "issued too early"),
            Gate::Open => Text::new("可开票", "may be issued"),
            Gate::NotPaid => Text::new("款未到齐", "money missing"),
            Gate::NoCar => Text::new("未配车", "no car"),
            Gate::Issued => Text::new("已开票", "issued"),
        }
    }
}

/// A contract before the gate, as of the clearing's date.
#[derive(Debug, Clone)]
pub struct Gated {
    /// Index into the facts.
    pub contract: usize,
    pub gate: Gate,
    pub received: Fen,
    /// What of the loan is still to come.
    pub loan_to_come: Fen,
    /// What the price lacks; 0 where it has come.
    pub short: Fen,
    /// The live blue invoice of the car, else the one that the contract names.
    pub invoice_no: String,
    pub issued_on: Option<NaiveDate>,
}

/// Every contract that is not cancelled, in their order. `early`: contracts whose invoice was issued before the money.
pub fn all(facts: &Facts, clearing: &Clearing, early: &[&str], settings: &Settings) -> Vec<Gated> {
    let gates = Gates::new(facts);
    let of_contract = clearing.items.iter().filter(|i| i.kind == SubjectKind::Contract);
    let items: HashMap<usize, &Item> = of_contract.filter_map(|i| Some((i.contract?, i))).collect();
    let invoices = blue_by_car(facts);
    let gated = |(at, sale): (usize, &VehicleSale)| {
        let item = items.get(&at);
        let received = item.map_or(Fen::ZERO, |i| i.received);
        let loan_to_come = Fen((sale.loan_amount - item.map_or(Fen::ZERO, |i| i.lent)).0.max(0));
        let short = Fen((sale.price - received - loan_to_come - sale.trade_in_amount).0.max(0));
        let invoice = invoices.get(sale.vin.as_str());
        let is_alone = gates.contract(&sale.vin, clearing.as_of) == Some(at);
        let is_issued = invoice.is_some() || !sale.invoice_no.is_empty();
        let gate = match () {
            () if is_issued && early.contains(&sale.contract_no.as_str()) => Gate::TooEarly,
            () if is_issued => Gate::Issued,
            () if !is_alone => Gate::NoCar,
            () if short > settings.limits.rounding_tolerance => Gate::NotPaid,
            () => Gate::Open,
        };
        let invoice_no = invoice.map_or_else(|| sale.invoice_no.clone(), |i| i.invoice_no.clone());
        let issued_on = invoice.and_then(|i| i.issued_on);
        Gated { contract: at, gate, received, loan_to_come, short, invoice_no, issued_on }
    };
    facts.vehicle_sales.iter().enumerate().filter(|(_, sale)| sale.cancelled().is_none()).map(gated).collect()
}

/// The newest blue invoice of each car that no red letter takes back.
fn blue_by_car(facts: &Facts) -> HashMap<&str, &Invoice> {
    let reds = facts.invoices.iter().filter(|i| i.is_red());
    let taken: std::collections::HashSet<&str> = reds.map(|i| i.voids.as_str()).collect();
    let is_live = |i: &&Invoice| !i.is_void() && !i.is_red() && !taken.contains(i.invoice_no.as_str());
    let mut found: HashMap<&str, &Invoice> = HashMap::new();
    for invoice in facts.invoices.iter().filter(|i| is_of_car(i)).filter(is_live) {
        let newest = found.entry(&invoice.vin).or_insert(invoice);
        if (invoice.issued_on, &invoice.invoice_no) > (newest.issued_on, &newest.invoice_no) {
            *newest = invoice;
        }
    }
    found
}
