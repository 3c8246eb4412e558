//! What insurers pay on the orders that they owe on: by transfer, some weeks after the settlement.

use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Payer, Planted, Receipt, Shop, Tender};
use crate::sample::pools::{CASHIERS, INSURERS};
use chrono::{Duration, NaiveDate};
use std::collections::BTreeMap;

/// What the insurer of the first order keeps back.
const KEPT: Fen = Fen(20_000);

/// The insurer of an order.
pub fn of(order_no: &str) -> &'static str {
    INSURERS[order_no.bytes().map(usize::from).sum::<usize>() % INSURERS.len()]
}

/// The insurer's number of an order's case.
pub fn case_no(order_no: &str) -> String {
    format!("BA{}", order_no.trim_start_matches(|c: char| !c.is_ascii_digit()))
}

/// One payment for every order that an insurer owes on: of its number, every third of its case's.
pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    let mut owed: BTreeMap<usize, (Fen, NaiveDate)> = BTreeMap::new();
    for settlement in &shop.settlements {
        let (due, day) = (settlement.due[Payer::Insurance as usize], settlement.at.date());
        let entry = owed.entry(settlement.order).or_insert((Fen::ZERO, day));
        *entry = (entry.0 + due, entry.1.max(day));
    }
    let mut is_short = true;
    for (order, (due, settled_on)) in owed {
        let (day, by_case) = (settled_on + Duration::days(dice.between(12, 28)), dice.chance(33));
        let (cashier, at) = (dice.pick(&CASHIERS), dice.moment(day, 9 * 60, 17 * 60));
        if due.0 <= 0 || day > shop.end || settled_on < shop.start {
            continue;
        }
        let number = shop.orders[order].number.clone();
        let mut amount = due;
        if is_short && due > KEPT {
            is_short = false;
            amount -= KEPT;
            let (kind, note) = ("insurer_short_paid", format!("{} paid too little", of(&number)));
            shop.planted.push(Planted { kind, order_no: number.clone(), receipt: None, amount: KEPT, date: day, note });
        }
        shop.receipts.push(Receipt {
            number: String::new(),
            at,
            cashier,
            order_ref: if by_case { case_no(&number) } else { number.clone() },
            subjects: Vec::new(),
            settlement: None,
            plate: String::new(),
            payer: of(&number).to_owned(),
            tender: Tender::Transfer,
            amount,
            reference: String::new(),
            purpose: "保险回款",
            remark: "",
            dropped: false,
        });
    }
}
