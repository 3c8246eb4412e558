//! Faults between the shop's own books and what others say: acquirers, the tax platform, the maker, the shelves.

use super::Garden;
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{AcquirerLine, PartLine, Payer, Planted, Shop, Subject, Tender};
use crate::sample::pools::SERVICE_PARTS;
use crate::sample::simulate::acquirer::{fee, working_day};
use crate::sample::simulate::pay;
use chrono::{Duration, NaiveDate};

/// Writes down a fault that is no receipt's.
pub fn record(shop: &mut Shop, kind: &'static str, order_no: &str, amount: Fen, date: NaiveDate, note: String) {
    let order_no = order_no.to_string();
    shop.planted.push(Planted { kind, order_no, receipt: None, amount, date, note });
}

/// A part that went into the car and stands on its order with nothing to pay.
pub fn parts_unbilled(garden: &mut Garden) {
    let Some(one) = garden.take(6..=16, |_| true) else {
        return;
    };
    let (number, name, category, cost, price, quantity) = SERVICE_PARTS[7];
    let order = &mut garden.shop.orders[one.order];
    order.parts.push(PartLine {
        number,
        name,
        category,
        payer: Payer::Customer,
        quantity,
        cost: Fen(cost),
        price: Fen(price),
        discount: Fen::ZERO,
        amount: Fen::ZERO,
        technician: order.labour.first().map_or("", |line| line.technician),
        issued_at: order.opened_at + Duration::minutes(52),
    });
    garden.record("parts_unbilled", one, None, Fen(price), &format!("{number} {name} issued, amount 0"));
}

/// A voucher that was taken five days after its last day.
pub fn voucher_expired(shop: &mut Shop) {
    let used = |at: &usize| {
        let of = shop.vouchers[*at].used;
        of.is_some_and(|(order, day)| !shop.orders[order].special && (shop.end - day.date()).num_days() >= 2)
    };
    let Some(at) = (0..shop.vouchers.len()).rev().find(used) else { return };
    let Some((order, used_at)) = shop.vouchers[at].used else { return };
    shop.orders[order].special = true;
    let voucher = &mut shop.vouchers[at];
    voucher.expires_on = used_at.date() - Duration::days(5);
    voucher.issued_on = voucher.expires_on - Duration::days(180);
    let (face, note) = (voucher.face, format!("{} expired on {}", voucher.number, voucher.expires_on));
    let order_no = shop.orders[order].number.clone();
    record(shop, "voucher_expired", &order_no, face, used_at.date(), note);
}

/// A car delivered without its invoice.
pub fn invoice_missing(shop: &mut Shop) {
    let end = shop.end;
    let old = |day: Option<NaiveDate>| day.is_some_and(|day| (end - day).num_days() >= 6);
    let Some(at) = shop.contracts.iter().rposition(|one| old(one.delivered_on)) else { return };
    let contract = &mut shop.contracts[at];
    contract.never_invoiced = true;
    let (number, price, day) = (contract.number.clone(), contract.price, contract.delivered_on.unwrap_or(end));
    let note = format!("{} delivered, no invoice", contract.vin);
    record(shop, "invoice_missing", &number, price, day, note);
}

/// What the acquirers' statements have otherwise than the cashiers.
pub fn acquirers(shop: &mut Shop, dice: &mut Dice) {
    if let Some((at, receipt)) = take(shop, 5, &[Tender::Wechat]) {
        let line = shop.acquirer.remove(at);
        let note = format!("{} not on the statement", line.reference);
        of_receipt(shop, "acquirer_missing", receipt, line.gross, note);
    }
    if let Some((at, receipt)) = take(shop, 8, &[Tender::Alipay, Tender::Wechat]) {
        let line = &mut shop.acquirer[at];
        line.gross -= Fen(1_000);
        line.fee = fee(line.tender, line.gross);
        let note = format!("{} 10 yuan less on the statement", line.reference);
        of_receipt(shop, "acquirer_differs", receipt, Fen(1_000), note);
    }
    if let Some((at, receipt)) = take(shop, 11, &[Tender::Card]) {
        let line = &mut shop.acquirer[at];
        line.settled_on = working_day(line.at.date(), 4);
        let note = format!("{} settled on {}, the fourth working day", line.reference, line.settled_on);
        let gross = line.gross;
        of_receipt(shop, "acquirer_late", receipt, gross, note);
    }
    if let Some((at, receipt)) = take(shop, 7, &[Tender::Card, Tender::Alipay]) {
        let line = &mut shop.acquirer[at];
        line.fee += Fen(100);
        let note = format!("{} fee 1 yuan too high", line.reference);
        of_receipt(shop, "fee_differs", receipt, Fen(100), note);
    }
    extra(shop, dice);
}

/// A payment that no cashier received.
fn extra(shop: &mut Shop, dice: &mut Dice) {
    let day = (shop.end - Duration::days(9)).max(shop.start);
    let gross = Fen(26_800);
    let line = AcquirerLine {
        reference: pay::reference(dice, Tender::Wechat),
        refunds: None,
        at: dice.moment(day, 10 * 60, 16 * 60),
        settled_on: working_day(day, 1),
        tender: Tender::Wechat,
        gross,
        fee: fee(Tender::Wechat, gross),
        receipt: None,
    };
    let note = format!("{} on the statement, no receipt", line.reference);
    record(shop, "acquirer_extra", "", gross, day, note);
    shop.acquirer.push(line);
    shop.acquirer.sort_by_key(|line| line.at);
}

/// The latest line at least so many days old whose receipt pays one ordinary order, which is special from now on.
fn take(shop: &mut Shop, age: i64, tenders: &[Tender]) -> Option<(usize, usize)> {
    let order = |line: &AcquirerLine| match line.receipt.map(|at| &shop.receipts[at].subjects[..]) {
        Some([Subject::Order(order)]) => Some(*order).filter(|order| !shop.orders[*order].special),
        _ => None,
    };
    let fits = |line: &AcquirerLine| {
        let old = (shop.end - line.at.date()).num_days() >= age;
        old && line.gross > Fen(10_000) && tenders.contains(&line.tender) && order(line).is_some()
    };
    let at = shop.acquirer.iter().rposition(fits)?;
    let (order, receipt) = (order(&shop.acquirer[at])?, shop.acquirer[at].receipt?);
    shop.orders[order].special = true;
    Some((at, receipt))
}

fn of_receipt(shop: &mut Shop, kind: &'static str, receipt: usize, amount: Fen, note: String) {
    let (order_no, date) = (shop.receipts[receipt].order_ref.clone(), shop.receipts[receipt].at.date());
    shop.planted.push(Planted { kind, order_no, receipt: Some(receipt), amount, date, note });
}

/// A part of which one piece is missing on the last snapshot.
pub fn stock_differs(shop: &mut Shop) {
    let end = shop.end;
    let moved = |at: &usize| shop.stock[*at].as_of == end && shop.stock[*at].last_out.is_some();
    let Some(at) = (0..shop.stock.len()).filter(moved).nth(3) else { return };
    shop.stock[at].quantity -= 100;
    let part = shop.stock[at].part;
    let note = format!("{} one piece less than its movements give", part.0);
    record(shop, "stock_differs", "", Fen(part.3), end, note);
}
