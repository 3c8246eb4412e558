//! Order numbers typed wrong: receipts that find no order, and the orders that therefore stay unpaid.

use super::{Candidate, Garden};
use chrono::Duration;
use std::collections::BTreeSet;

/// How a number was mistyped.
type Slip = fn(&mut Garden, &str) -> Option<String>;

pub fn plant(garden: &mut Garden) {
    two_candidates(garden);
    let slips: [(&str, Slip, bool); 3] = [
        ("one digit changed", changed, true),
        ("two digits swapped", swapped, true),
        ("one digit missing", missing, false),
    ];
    for ((what, slip, with_plate), age) in slips.into_iter().zip([3, 9, 17]) {
        let Some(one) = garden.take(age..=age + 6, |_| true) else {
            continue;
        };
        let number = garden.shop.orders[one.order].number.clone();
        if let Some(typed) = slip(garden, &number) {
            mistype(garden, one, &typed, with_plate);
            let note = format!("open; typed {typed}: {what}");
            let due = garden.due(one);
            garden.record("unknown_order", one, Some(one.receipt), due, &note);
            garden.record("unpaid", one, None, due, "open; its receipt is the unknown_order one");
        }
    }
}

fn mistype(garden: &mut Garden, one: Candidate, typed: &str, with_plate: bool) {
    let receipt = &mut garden.shop.receipts[one.receipt];
    receipt.order_ref = typed.to_string();
    receipt.subjects.clear();
    receipt.settlement = None;
    if !with_plate {
        receipt.plate.clear();
    }
}

/// Two orders of one day with the same due; the last digit of the number is missing, so that both fit equally well.
fn two_candidates(garden: &mut Garden) {
    let Some((first, second)) = pair(garden) else { return };
    garden.candidates.retain(|one| one.order != first.order && one.order != second.order);
    let number = garden.shop.orders[first.order].number.clone();
    let typed = &number[..number.len() - 1];
    copy_work(garden, first, second);
    mistype(garden, first, typed, false);
    garden.shop.receipts[first.receipt].payer = "微信用户".to_string();
    garden.shop.receipts[second.receipt].dropped = true;
    let due = garden.due(first);
    let other = garden.shop.orders[second.order].number.clone();
    let note = format!("open; typed {typed}: one digit missing, {other} fits as well");
    garden.record("unknown_order", first, Some(first.receipt), due, &note);
    for one in [first, second] {
        garden.shop.orders[one.order].special = true;
        garden.record("unpaid", one, None, due, "open; one of two that fit an unknown_order receipt");
    }
}

/// Two clean orders whose numbers differ in the last digit only.
fn pair(garden: &Garden) -> Option<(Candidate, Candidate)> {
    let stem = |one: &Candidate| {
        let number = &garden.shop.orders[one.order].number;
        number[..number.len() - 1].to_string()
    };
    let known = known_numbers(garden);
    let recent = |one: &&Candidate| (2..30).contains(&(garden.shop.end - one.day).num_days());
    for first in garden.candidates.iter().filter(recent) {
        let fits =
            |other: &&Candidate| other.order != first.order && other.day == first.day && stem(other) == stem(first);
        if let Some(second) = garden.candidates.iter().find(fits).filter(|_| !known.contains(&stem(first))) {
            return Some((*first, *second));
        }
    }
    None
}

/// The second order becomes the same work at the same price as the first.
fn copy_work(garden: &mut Garden, first: Candidate, second: Candidate) {
    let shop = &mut *garden.shop;
    let source = shop.orders[first.order].clone();
    let issued_at = shop.orders[second.order].opened_at + Duration::minutes(12);
    let target = &mut shop.orders[second.order];
    (target.job, target.team, target.labour, target.parts) = (source.job, source.team, source.labour, source.parts);
    for line in &mut target.parts {
        line.issued_at = issued_at;
    }
    shop.settlements[second.settlement].components = shop.settlements[first.settlement].components;
    shop.settlements[second.settlement].due = shop.settlements[first.settlement].due;
}

fn known_numbers(garden: &Garden) -> BTreeSet<String> {
    let orders = garden.shop.orders.iter().map(|order| order.number.clone());
    orders.chain(garden.shop.sales.iter().map(|sale| sale.number.clone())).collect()
}

/// The first of the slips, in random order, that is no existing number.
fn first_unknown(garden: &mut Garden, mut slips: Vec<Vec<u8>>) -> Option<String> {
    let known = known_numbers(garden);
    garden.dice.shuffle(&mut slips);
    let texts = slips.into_iter().map(|bytes| bytes.into_iter().map(char::from).collect::<String>());
    texts.into_iter().find(|text| !known.contains(text))
}

fn changed(garden: &mut Garden, number: &str) -> Option<String> {
    let digits = number.len() - 3..number.len();
    let mut slips = Vec::new();
    for at in digits {
        for digit in b'0'..=b'9' {
            let mut bytes = number.as_bytes().to_vec();
            if bytes[at] != digit {
                bytes[at] = digit;
                slips.push(bytes);
            }
        }
    }
    first_unknown(garden, slips)
}

fn swapped(garden: &mut Garden, number: &str) -> Option<String> {
    let mut slips = Vec::new();
    for at in 5..number.len() - 1 {
        let mut bytes = number.as_bytes().to_vec();
        if bytes[at] != bytes[at + 1] {
            bytes.swap(at, at + 1);
            slips.push(bytes);
        }
    }
    first_unknown(garden, slips)
}

fn missing(garden: &mut Garden, number: &str) -> Option<String> {
    let mut slips = Vec::new();
    for at in 1..number.len() {
        let mut bytes = number.as_bytes().to_vec();
        bytes.remove(at);
        slips.push(bytes);
    }
    first_unknown(garden, slips)
}
