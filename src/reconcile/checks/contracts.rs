//! Cars that left, and invoices that were issued, before the money had come.
//!
//! Both stand for what happened on their day, whatever came later: receipts of later days make nothing good here.

use chrono::NaiveDate;

use super::{Check, CheckKind};
use crate::model::records::{Facts, Invoice, VehicleSale};
use crate::model::{Fen, Origin};
use crate::reconcile::allocate::is_lenders;
use crate::reconcile::clearing::{Allocation, Clearing, Item};
use crate::reconcile::gate::{Gates, is_of_car};
use crate::reconcile::settings::Settings;

pub fn checks(facts: &Facts, clearing: &Clearing, settings: &Settings) -> Vec<Check> {
    let paid = Paid::new(facts, clearing, settings);
    let delivered = facts.vehicle_sales.iter().enumerate().filter_map(|(at, sale)| delivered(&paid, at, sale));
    let mut checks: Vec<Check> = delivered.collect();
    let gates = Gates::new(facts);
    for invoice in facts.invoices.iter().filter(|i| is_of_car(i) && !i.is_void() && !i.is_red()) {
        if let Some(at) = invoice.issued_on.and_then(|day| gates.contract(&invoice.vin, day)) {
            checks.extend(invoiced(&paid, at, invoice));
        }
    }
    checks
}

/// A delivered contract for which received + loan still to come < due on the day of delivery.
fn delivered(paid: &Paid<'_>, at: usize, sale: &VehicleSale) -> Option<Check> {
    let day = sale.delivered_on?;
    let (received, loan) = paid.up_to(at, day);
    let short = sale.total() - received - loan;
    let detail = format!("{} {} < {}", sale.customer, received + loan, sale.total());
    (short > paid.settings.limits.rounding_tolerance).then(|| {
        let check = Check::new(CheckKind::DeliveredUnpaid, &sale.contract_no, short, Some(day), detail);
        check.from(paid.origins(at, &sale.origin))
    })
}

/// A motor-vehicle invoice on whose day received + loan still to come + trade-in < price.
fn invoiced(paid: &Paid<'_>, at: usize, invoice: &Invoice) -> Option<Check> {
    let (sale, day) = (&paid.facts.vehicle_sales[at], invoice.issued_on?);
    let (received, loan) = paid.up_to(at, day);
    let short = sale.price - received - loan - sale.trade_in_amount;
    let detail = format!("{} {} < {}", invoice.invoice_no, received + loan + sale.trade_in_amount, sale.price);
    (short > paid.settings.limits.rounding_tolerance).then(|| {
        let check = Check::new(CheckKind::VehicleInvoiceUnpaid, &sale.contract_no, short, Some(day), detail);
        check.from([&invoice.origin].into_iter().chain(paid.origins(at, &sale.origin)))
    })
}

/// What was received on each contract, by day.
struct Paid<'a> {
    facts: &'a Facts,
    settings: &'a Settings,
    /// By the place of the contract: its item and what is allocated to it.
    of_contract: std::collections::HashMap<usize, (&'a Item, Vec<&'a Allocation>)>,
}

impl<'a> Paid<'a> {
    fn new(facts: &'a Facts, clearing: &'a Clearing, settings: &'a Settings) -> Paid<'a> {
        let items = clearing.items.iter().filter_map(|item| Some((item.contract?, (item, Vec::new()))));
        let mut of_contract: std::collections::HashMap<usize, (&Item, Vec<&Allocation>)> = items.collect();
        for allocation in &clearing.allocations {
            if let Some(at) = clearing.items[allocation.subject].contract
                && let Some((_, allocations)) = of_contract.get_mut(&at)
            {
                allocations.push(allocation);
            }
        }
        Paid { facts, settings, of_contract }
    }

    /// Received up to and including a day, and what of the loan was still to come after it.
    fn up_to(&self, at: usize, day: NaiveDate) -> (Fen, Fen) {
        let sale = &self.facts.vehicle_sales[at];
        let (mut received, mut lent) = (Fen::ZERO, Fen::ZERO);
        for allocation in self.of_contract.get(&at).map_or(&[][..], |(_, list)| list.as_slice()) {
            let receipt = &self.facts.receipts[allocation.receipt];
            if receipt.received_at.is_some_and(|t| t.date() <= day) {
                received += allocation.amount;
                if is_lenders(receipt, &sale.lender, self.settings) {
                    lent += allocation.amount;
                }
            }
        }
        (received, Fen((sale.loan_amount - lent).0.max(0)))
    }

    fn origins<'s>(&'s self, at: usize, own: &'s Origin) -> impl Iterator<Item = &'s Origin> + 's {
        let of_item = self.of_contract.get(&at).into_iter().flat_map(|(item, _)| &item.origins);
        std::iter::once(own).chain(of_item.filter(move |origin| *origin != own))
    }
}
