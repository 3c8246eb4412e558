//! What a shop's reports must say on its last day, computed from what happened in it and never from its exports.
//!
//! A fact is a place in `manifest.json` and the whole number that stands there: fen, pieces, hundredths of an hour.

use super::books::{MoveKind, Outcome};
use super::events::{Order, Settlement, Shop, Tender};
use crate::model::fen::Fen;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// Facts by their place in the manifest (a JSON pointer).
pub type Truth = BTreeMap<String, i64>;

/// The facts of the last day: sums since the beginning, of the month to date and of the day.
pub fn truth(shop: &Shop) -> Truth {
    let mut truth = Truth::new();
    totals(shop, &mut truth);
    let end = shop.end;
    let first = end.with_day(1).unwrap_or(end);
    let periods = [(end.format("%Y-%m").to_string(), first), (end.to_string(), end)];
    for (id, unit, events) in flows(shop) {
        for (period, first) in &periods {
            let sum = events.iter().filter(|(day, _)| (*first..=end).contains(day)).map(|(_, value)| value).sum();
            truth.insert(format!("/figures/{period}/{id}/{unit}"), sum);
        }
    }
    truth
}

/// An id of a figure, the key of its value, and what adds to it on which day.
type Flow = (&'static str, &'static str, Vec<(NaiveDate, i64)>);

const FEN: &str = "value_fen";
const COUNT: &str = "value";

fn flows(shop: &Shop) -> Vec<Flow> {
    [settled(shop), money(shop), orders(shop), care(shop), claims(shop), showroom(shop), registers(shop)].concat()
}

fn totals(shop: &Shop, truth: &mut Truth) {
    let mut add = |name: &str, first: Option<NaiveDate>, value: i64| {
        let part = if first.is_some() { "day_totals" } else { "totals" };
        truth.insert(format!("/{part}/{name}"), value);
    };
    for first in [None, Some(shop.end)] {
        let holds = |day: NaiveDate| day <= shop.end && first.is_none_or(|first| day >= first);
        let settled: Vec<&Settlement> = shop.settlements.iter().filter(|one| holds(one.at.date())).collect();
        let of_settled = |part: fn(&Settlement) -> Fen| settled.iter().map(|one| part(one).0).sum::<i64>();
        let received: Vec<_> = shop.receipts.iter().filter(|one| !one.dropped && holds(one.at.date())).collect();
        let live = shop.orders.iter().filter(|one| is_live(one, shop.end) && holds(one.opened_at.date()));
        add("live_orders", first, count(live));
        add("settlements", first, count(settled.iter()));
        add("labor_fen", first, of_settled(|one| one.components.labour.into_iter().sum()));
        add("parts_fen", first, of_settled(|one| one.components.parts.into_iter().sum()));
        add("customer_due_fen", first, of_settled(|one| one.due[0]));
        let sold = shop.sales.iter().filter(|one| holds(one.at.date())).flat_map(|one| &one.lines);
        add("counter_sales_fen", first, sold.map(|line| line.amount.0).sum());
        add("receipts", first, count(received.iter()));
        add("received_fen", first, received.iter().map(|one| one.amount.0).sum());
        for (tender, id) in TENDERS {
            let of_tender = received.iter().filter(|one| one.tender == tender);
            if of_tender.clone().next().is_some() {
                add(&format!("by_tender_fen/{id}"), first, of_tender.map(|one| one.amount.0).sum());
            }
        }
    }
}

const TENDERS: [(Tender, &str); 5] = [
    (Tender::Cash, "cash"),
    (Tender::Card, "card"),
    (Tender::Wechat, "wechat"),
    (Tender::Alipay, "alipay"),
    (Tender::Transfer, "transfer"),
];

fn count<T>(of: impl Iterator<Item = T>) -> i64 {
    of.map(|_| 1).sum()
}

/// An order that an export shows and that is not void on a day.
fn is_live(order: &Order, day: NaiveDate) -> bool {
    order.exported && order.void_on.is_none_or(|void| void > day)
}

fn settled(shop: &Shop) -> Vec<Flow> {
    let sum = |part: fn(&Settlement) -> Fen| -> Vec<(NaiveDate, i64)> {
        shop.settlements.iter().map(|one| (one.at.date(), part(one).0)).collect()
    };
    vec![
        ("settlement_sheets", COUNT, shop.settlements.iter().map(|one| (one.at.date(), 1)).collect()),
        ("labour_revenue", FEN, sum(|one| one.components.labour.into_iter().sum())),
        ("parts_revenue", FEN, sum(|one| one.components.parts.into_iter().sum())),
        ("sublet_revenue", FEN, sum(|one| one.components.sublet.into_iter().sum())),
        (
            "service_revenue",
            FEN,
            sum(|one| one.components.gross_of_all() - one.components.discount - one.components.waived),
        ),
        ("discounts", FEN, sum(|one| one.components.discount)),
        ("waivers", FEN, sum(|one| one.components.waived)),
        ("vouchers_used", FEN, sum(|one| one.components.voucher)),
        ("rounding_given", FEN, sum(|one| one.components.rounding)),
        ("customer_due", FEN, sum(|one| one.due[0])),
        ("warranty_due", FEN, sum(|one| one.due[1])),
        ("insurance_due", FEN, sum(|one| one.due[2])),
        ("internal_due", FEN, sum(|one| one.due[3])),
    ]
}

fn money(shop: &Shop) -> Vec<Flow> {
    let received = shop.receipts.iter().filter(|one| !one.dropped);
    let sold = shop.sales.iter().flat_map(|one| one.lines.iter().map(|line| (one.at.date(), line.amount.0)));
    let journal = |part: fn(&super::registers::Journal) -> Fen| -> Vec<(NaiveDate, i64)> {
        shop.journals.iter().map(|one| (one.on, part(one).0)).collect()
    };
    vec![
        ("received", FEN, received.clone().map(|one| (one.at.date(), one.amount.0)).collect()),
        ("receipts_count", COUNT, received.map(|one| (one.at.date(), 1)).collect()),
        ("counter_sales", FEN, sold.collect()),
        ("journal_in", FEN, journal(|one| one.paid_in)),
        ("journal_out", FEN, journal(|one| one.paid_out)),
    ]
}

fn orders(shop: &Shop) -> Vec<Flow> {
    let live = shop.orders.iter().filter(|one| is_live(one, shop.end));
    vec![
        ("arrivals", COUNT, live.map(|one| (one.opened_at.date(), 1)).collect()),
        ("appointments_planned", COUNT, shop.appointments.iter().map(|one| (one.planned_at.date(), 1)).collect()),
        ("attended_hours", COUNT, shop.attendance.iter().map(|one| (one.day, one.hours)).collect()),
        ("parts_requested", COUNT, shop.requests.iter().map(|one| (one.at.date(), one.quantity * 10_000)).collect()),
    ]
}

fn care(shop: &Shop) -> Vec<Flow> {
    let calls = || shop.callbacks.iter();
    let closed = shop.complaints.iter().filter_map(|one| one.closed_on);
    vec![
        ("calls_made", COUNT, calls().map(|one| (one.on, 1)).collect()),
        ("calls_reached", COUNT, calls().filter(|one| one.scores.is_some()).map(|one| (one.on, 1)).collect()),
        ("complaints_opened", COUNT, shop.complaints.iter().map(|one| (one.opened_on, 1)).collect()),
        ("complaints_closed", COUNT, closed.map(|day| (day, 1)).collect()),
    ]
}

fn claims(shop: &Shop) -> Vec<Flow> {
    let total = |one: &super::events::Claim| (one.labour + one.parts).0;
    let paid = shop.claims.iter().filter_map(|one| Some((one.paid_on?, total(one))));
    vec![
        ("claims_filed", COUNT, shop.claims.iter().map(|one| (one.filed_on, 1)).collect()),
        ("claim_amount", FEN, shop.claims.iter().map(|one| (one.filed_on, total(one))).collect()),
        ("claims_paid_sum", FEN, paid.collect()),
    ]
}

fn showroom(shop: &Shop) -> Vec<Flow> {
    let visits = || shop.visits.iter();
    let won = visits().filter(|one| one.outcome == Outcome::Won);
    let delivered = || shop.contracts.iter().filter_map(|one| Some((one.delivered_on?, one)));
    let sold = shop.moves.iter().filter(|one| one.kind == MoveKind::Sale);
    vec![
        ("visits", COUNT, visits().map(|one| (one.at.date(), 1)).collect()),
        ("visits_won", COUNT, won.map(|one| (one.at.date(), 1)).collect()),
        ("vehicles_ordered", COUNT, shop.contracts.iter().map(|one| (one.ordered_on, 1)).collect()),
        ("vehicles_delivered", COUNT, delivered().map(|(day, _)| (day, 1)).collect()),
        ("vehicle_sales_revenue", FEN, delivered().map(|(day, one)| (day, one.price.0)).collect()),
        ("accessory_sales", FEN, sold.map(|one| (one.on, one.amount.0)).collect()),
    ]
}

fn registers(shop: &Shop) -> Vec<Flow> {
    let first = shop.inspections.iter().filter(|one| one.round == 1);
    vec![
        ("inspected", COUNT, first.map(|one| (one.at.date(), 1)).collect()),
        ("keys_taken", COUNT, shop.keys.iter().map(|one| (one.taken_at.date(), 1)).collect()),
        ("scrap_entries", COUNT, shop.scrap.iter().map(|one| (one.on, 1)).collect()),
        ("counted_items", COUNT, shop.shelf_counts.iter().map(|one| (one.on, 1)).collect()),
    ]
}
