//! Faults of invoices, planted before they are numbered; their numbers are written down afterwards.

use super::statements::record;
use crate::model::fen::Fen;
use crate::sample::events::{Invoice, InvoiceKind, Shop};
use chrono::Duration;

/// One invoice of a hundred yuan too much, one for an order that does not exist.
pub fn plant(shop: &mut Shop) {
    differs(shop);
    unknown(shop);
}

fn differs(shop: &mut Shop) {
    let alone = |one: &Invoice| shop.invoices.iter().filter(|other| other.order_no == one.order_no).count() == 1;
    let clean = |one: &Invoice| {
        let special = shop.orders.iter().any(|order| order.number == one.order_no && order.special);
        one.kind != InvoiceKind::Vehicle && one.voids.is_none() && alone(one) && !special
    };
    let old = |one: &Invoice| (shop.end - one.issued_on).num_days() >= 6;
    let Some(at) = shop.invoices.iter().rposition(|one| old(one) && clean(one)) else { return };
    let invoice = &mut shop.invoices[at];
    invoice.gross += Fen(10_000);
    let (order_no, day) = (invoice.order_no.clone(), invoice.issued_on);
    if let Some(order) = shop.orders.iter_mut().find(|order| order.number == order_no) {
        order.special = true;
    }
    record(shop, "invoice_differs", &order_no, Fen(10_000), day, "invoice 100 yuan above the due".to_string());
}

fn unknown(shop: &mut Shop) {
    let day = (shop.end - Duration::days(8)).max(shop.start);
    let order_no = format!("W{}901", day.format("%Y%m%d"));
    let gross = Fen(68_000);
    shop.invoices.push(Invoice {
        number: String::new(),
        kind: InvoiceKind::Ordinary,
        issued_on: day,
        buyer: "个人".to_string(),
        order_no: order_no.clone(),
        contract: None,
        gross,
        voids: None,
    });
    record(shop, "invoice_unknown", &order_no, gross, day, "invoice for an order that does not exist".to_string());
}
