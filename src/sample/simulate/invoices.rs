//! Invoices: for about a third of the settled orders one of just what the customer owes, and for every car delivered.

use super::months::{Month, months};
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Invoice, InvoiceKind, Shop};
use chrono::{Duration, NaiveDate};
use std::collections::BTreeMap;

pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    of_orders(shop, dice);
    for month in months(shop) {
        take_back(shop, month);
    }
    of_cars(shop);
}

/// Orders with one settlement and nothing special about them.
fn of_orders(shop: &mut Shop, dice: &mut Dice) {
    let mut settlements: BTreeMap<usize, u32> = BTreeMap::new();
    for settlement in &shop.settlements {
        *settlements.entry(settlement.order).or_insert(0) += 1;
    }
    for at in 0..shop.settlements.len() {
        let settlement = &shop.settlements[at];
        let order = &shop.orders[settlement.order];
        let plain = !order.special && order.exported && settlements[&settlement.order] == 1;
        let issued_on = settlement.at.date() + Duration::days(dice.between(0, 2));
        if !plain || settlement.due[0] <= Fen::ZERO || issued_on > shop.end || !dice.chance(34) {
            continue;
        }
        let vehicle = &shop.vehicles[order.vehicle];
        let kind = if vehicle.company.is_some() { InvoiceKind::Special } else { InvoiceKind::Ordinary };
        let (buyer, order_no, gross) = (vehicle.customer.clone(), order.number.clone(), settlement.due[0]);
        shop.invoices.push(invoice(kind, issued_on, buyer, order_no, gross));
    }
}

/// The first invoice of a month that was made out to the wrong buyer: taken back with a red one and issued again.
fn take_back(shop: &mut Shop, month: Month) {
    let again_on = |invoice: &Invoice| invoice.issued_on + Duration::days(1);
    let fits = |invoice: &Invoice| month.holds(invoice.issued_on) && month.holds(again_on(invoice));
    let Some(wrong) = shop.invoices.iter().position(fits) else { return };
    let first = shop.invoices[wrong].clone();
    let issued_on = again_on(&first);
    shop.invoices[wrong].buyer = "个人".to_string();
    let red = Invoice { issued_on, gross: -first.gross, voids: Some(wrong), ..shop.invoices[wrong].clone() };
    shop.invoices.extend([red, Invoice { issued_on, ..first }]);
}

fn of_cars(shop: &mut Shop) {
    for at in 0..shop.contracts.len() {
        let contract = &shop.contracts[at];
        let Some(issued_on) = contract.delivered_on.filter(|_| !contract.never_invoiced) else { continue };
        let car = invoice(InvoiceKind::Vehicle, issued_on, contract.customer.clone(), String::new(), contract.price);
        shop.contracts[at].invoice = Some(shop.invoices.len());
        shop.invoices.push(Invoice { contract: Some(at), ..car });
    }
}

/// A blue invoice without a number yet.
pub fn invoice(kind: InvoiceKind, issued_on: NaiveDate, buyer: String, order_no: String, gross: Fen) -> Invoice {
    Invoice { number: String::new(), kind, issued_on, buyer, order_no, contract: None, gross, voids: None }
}

/// Numbers the invoices in order of issue: VAT invoices in one run, those of cars in another, no hole in either.
pub fn number(shop: &mut Shop) {
    let mut order: Vec<usize> = (0..shop.invoices.len()).collect();
    order.sort_by_key(|at| (shop.invoices[*at].issued_on, *at));
    let (mut vat, mut car) = (0_u32, 0_u32);
    for at in order {
        let invoice = &mut shop.invoices[at];
        let serial = if invoice.kind == InvoiceKind::Vehicle { &mut car } else { &mut vat };
        *serial += 1;
        invoice.number = match invoice.kind {
            InvoiceKind::Vehicle => format!("0028{serial:04}"),
            _ => format!("2633200000001{serial:07}"),
        };
    }
}
