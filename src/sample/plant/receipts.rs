//! Faults between what is due and what was received: those open at the end and those cleared before it.

use super::{Candidate, Garden};
use crate::model::fen::Fen;
use crate::sample::dice::at_second;
use crate::sample::events::{Tender, Terms};
use crate::sample::simulate::{pay, settle};
use chrono::{Duration, NaiveDate, Timelike};
use std::collections::BTreeSet;

/// One of every category that stands open at the end.
pub fn plant_open(garden: &mut Garden) {
    deposit(garden);
    on_account(garden);
    for age in [2, 12, 45] {
        unpaid(garden, age, None);
    }
    differ(garden, "underpaid", 6, Fen(-5_000), None);
    differ(garden, "overpaid", 8, Fen(10_000), None);
    differ(garden, "rounding", 4, Fen(-37), None);
    differ(garden, "rounding", 14, Fen(50), None);
    duplicate(garden, 10, None);
    reversed(garden, 7, None);
}

/// The same faults earlier, put right some days later.
pub fn plant_cleared(garden: &mut Garden) {
    unpaid(garden, 40, Some(11));
    differ(garden, "underpaid", 36, Fen(-20_000), Some(6));
    differ(garden, "overpaid", 33, Fen(8_000), Some(4));
    duplicate(garden, 30, Some(2));
    reversed(garden, 28, Some(3));
}

/// An order that is not settled yet has money on it. `open::record` lists it.
fn deposit(garden: &mut Garden) {
    let settled: BTreeSet<usize> = garden.shop.settlements.iter().map(|one| one.order).collect();
    let unsettled = |at: &usize| !garden.shop.orders[*at].special && !settled.contains(at);
    let Some(order) = (0..garden.shop.orders.len()).rev().find(unsettled) else {
        return;
    };
    let at = garden.shop.orders[order].opened_at + Duration::minutes(9);
    let receipt = pay::receive(garden.shop, garden.dice, order, None, at, Tender::Wechat, Fen(50_000), "");
    if let Some(receipt) = receipt {
        garden.shop.receipts[receipt].purpose = "预收";
    }
}

fn on_account(garden: &mut Garden) {
    let Some(one) = garden.take(20..=35, |_| true) else {
        return;
    };
    garden.shop.settlements[one.settlement].terms = Terms::OnAccount;
    garden.shop.receipts[one.receipt].dropped = true;
    let due = garden.due(one);
    garden.record("on_account", one, None, due, "open");
}

fn unpaid(garden: &mut Garden, age: i64, cleared_after: Option<i64>) {
    let Some(one) = garden.take(age..=age + 7, |_| true) else {
        return;
    };
    garden.shop.receipts[one.receipt].dropped = true;
    let due = garden.due(one);
    let note = put_right(garden, one, cleared_after, due, Tender::Transfer, "补收");
    garden.record("unpaid", one, None, due, &note);
}

/// The receipt is off by `diff`.
fn differ(garden: &mut Garden, kind: &'static str, age: i64, diff: Fen, cleared_after: Option<i64>) {
    let Some(one) = garden.take(age..=age + 7, |settled| settled.due[0] > Fen(30_000)) else {
        return;
    };
    garden.shop.receipts[one.receipt].amount += diff;
    let note =
        put_right(garden, one, cleared_after, -diff, Tender::Wechat, if diff < Fen::ZERO { "补收" } else { "退款" });
    garden.record(kind, one, Some(one.receipt), diff, &note);
}

/// The same receipt once more, a few minutes later.
fn duplicate(garden: &mut Garden, age: i64, cleared_after: Option<i64>) {
    let Some(one) = garden.take(age..=age + 7, |_| true) else {
        return;
    };
    let due = garden.due(one);
    let first = &mut garden.shop.receipts[one.receipt];
    // Cash would make the drawer differ from what people remember taking.
    first.tender = Tender::Wechat;
    first.reference = pay::reference(garden.dice, Tender::Wechat);
    let mut again = first.clone();
    again.at = at_second(one.day, i64::from(first.at.num_seconds_from_midnight()) + 215);
    again.reference = pay::reference(garden.dice, Tender::Wechat);
    garden.shop.receipts.push(again);
    let second = garden.shop.receipts.len() - 1;
    let note = put_right(garden, one, cleared_after, -due, Tender::Wechat, "退款");
    garden.record("duplicate_receipt", one, Some(second), due, &note);
}

/// Paid, then taken back, and the money was not given back.
fn reversed(garden: &mut Garden, age: i64, cleared_after: Option<i64>) {
    let Some(one) = garden.take(age..=age + 7, |settled| settled.at.hour() < 18) else {
        return;
    };
    let due = garden.due(one);
    let settled = garden.shop.settlements[one.settlement].clone();
    let (back, at) = (settled.components.negated(), settled.at + Duration::minutes(50));
    settle::push(garden.shop, one.order, at, back, settled.terms, "", Some(one.settlement));
    let note = put_right(garden, one, cleared_after, -due, Tender::Transfer, "退款");
    garden.record("reversed_not_refunded", one, Some(one.receipt), due, &note);
}

/// Receives what puts a fault right some days later, and says so.
fn put_right(
    garden: &mut Garden,
    one: Candidate,
    after: Option<i64>,
    amount: Fen,
    tender: Tender,
    remark: &'static str,
) -> String {
    let day: Option<NaiveDate> = after.and_then(|days| garden.later(one, days));
    let Some(day) = day else { return "open".to_string() };
    let at = garden.dice.moment(day, 9 * 60 + 30, 16 * 60);
    pay::receive(garden.shop, garden.dice, one.order, None, at, tender, amount, remark);
    format!("cleared {day}")
}
