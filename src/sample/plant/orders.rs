//! Faults of orders: numbers borne twice, orders in no export, orders settled too early, and defects of one day's files.

use super::Garden;
use crate::model::fen::Fen;
use crate::sample::dice::at_second;
use crate::sample::events::{Planted, Shop};
use chrono::{Duration, NaiveDate, Timelike};

pub fn plant(garden: &mut Garden) {
    duplicate_order_no(garden.shop);
    order_missing(garden);
    settled_not_completed(garden);
    defects(garden.shop);
}

/// Two cars that came in last bear one number. Nothing has been done to them yet, so only the number is wrong.
fn duplicate_order_no(shop: &mut Shop) {
    let untouched = |at: &usize| {
        let order = &shop.orders[*at];
        let settled = shop.settlements.iter().any(|one| one.order == *at);
        let paid = shop.receipts.iter().any(|one| one.order_ref.contains(&order.number));
        !order.special && !settled && !paid && order.void_on.is_none()
    };
    let open: Vec<usize> = (0..shop.orders.len()).rev().take(200).filter(untouched).collect();
    let day = |at: usize| shop.orders[at].opened_at.date();
    let twins = open.windows(2).find(|pair| day(pair[0]) == day(pair[1]));
    let Some(&[second, first]) = twins else { return };
    let date = day(first);
    let number = shop.orders[first].number.clone();
    for at in [first, second] {
        let order = &mut shop.orders[at];
        order.number.clone_from(&number);
        order.special = true;
        order.completed_at = None;
        order.comeback_of = None;
        order.labour.clear();
        order.parts.clear();
    }
    let plates: Vec<&str> = [first, second].map(|at| shop.vehicles[shop.orders[at].vehicle].plate.as_str()).to_vec();
    let note = format!("open; {} and {}", plates[0], plates[1]);
    let kind = "duplicate_order_no";
    shop.planted.push(Planted { kind, order_no: number, receipt: None, amount: Fen::ZERO, date, note });
}

fn order_missing(garden: &mut Garden) {
    let Some(one) = garden.take(12..=22, |_| true) else {
        return;
    };
    garden.shop.orders[one.order].exported = false;
    let due = garden.due(one);
    garden.record("order_missing", one, None, due, "in no order export; paid in full");
}

/// The car was finished after the customer had paid.
fn settled_not_completed(garden: &mut Garden) {
    let Some(one) = garden.take(8..=16, |settled| settled.at.hour() < 19) else {
        return;
    };
    let settled_at = garden.shop.settlements[one.settlement].at;
    let seconds = i64::from(settled_at.num_seconds_from_midnight()) + 5_400;
    garden.shop.orders[one.order].completed_at = Some(at_second(one.day, seconds));
    let due = garden.due(one);
    garden.record("settled_not_completed", one, None, due, "completed 90 minutes after the settlement");
}

/// Chooses the day whose files have defects and what they are; the files themselves are spoilt when they are written.
fn defects(shop: &mut Shop) {
    let last = shop.end - Duration::days(9);
    let mut days: Vec<NaiveDate> = shop.days().collect();
    // The nearest day at least nine days before the end, else the latest that has both kinds of order.
    days.sort_by_key(|day| (*day > last, -(*day - shop.start).num_days()));
    let chosen = days.into_iter().find_map(|day| Some((day, repeated(shop, day, false)?, repeated(shop, day, true)?)));
    let Some((day, unknown_job, impossible_date)) = chosen else {
        return;
    };
    shop.defects.day = Some(day);
    shop.defects.unknown_job = Some(unknown_job);
    shop.defects.impossible_date = Some(impossible_date);
    for at in [unknown_job, impossible_date] {
        shop.orders[at].special = true;
    }
    let plain = (0..shop.receipts.len()).filter(|at| {
        let receipt = &shop.receipts[*at];
        receipt.at.date() == day && !receipt.dropped && receipt.subjects.len() == 1
    });
    shop.defects.wide = plain.take(2).collect();
}

/// An order opened (or completed) on this day whose row comes once more, sound, in a later export.
fn repeated(shop: &Shop, day: NaiveDate, completed: bool) -> Option<usize> {
    let later = |at: usize| shop.settlements.iter().any(|one| one.order == at && one.at.date() > day);
    (0..shop.orders.len()).find(|at| {
        let order = &shop.orders[*at];
        let opened_on = order.opened_at.date();
        let completed_on = order.completed_at.map(|at| at.date());
        let fits = if completed { completed_on == Some(day) && opened_on < day } else { opened_on == day };
        fits && completed_on.is_some() && !order.special && order.exported && later(*at)
    })
}
