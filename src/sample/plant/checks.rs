//! Faults within settlements, vouchers, numbers and the counted cash.

use super::{Candidate, Garden};
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{CashCount, Planted, Shop, Tender};
use crate::sample::simulate::settle::whole_yuan;
use crate::sample::simulate::work::percent;
use chrono::{Duration, NaiveDate, Timelike};
use std::collections::BTreeMap;

pub fn plant(garden: &mut Garden) {
    amount_lines_differ(garden, 5, true);
    due_does_not_add_up(garden);
    duplicate_settlement(garden);
    give_away(garden, "discount_over_limit", 6);
    give_away(garden, "waiver_without_approval", 13);
    give_away(garden, "voucher_unknown", 15);
    vouchers(garden);
    number_gaps(garden);
}

/// A second one of those that a shop sees most.
pub fn plant_more(garden: &mut Garden) {
    amount_lines_differ(garden, 22, false);
    give_away(garden, "discount_over_limit", 38);
    give_away(garden, "waiver_without_approval", 44);
}

/// Labour or parts of the settlement are 50 yuan above the lines; what is due and paid follows the settlement.
fn amount_lines_differ(garden: &mut Garden, age: i64, labour: bool) {
    let Some(one) = garden.take(age..=age + 8, |_| true) else {
        return;
    };
    let more = Fen(5_000);
    let components = &mut garden.shop.settlements[one.settlement].components;
    if labour {
        components.labour[0] += more;
    } else {
        components.parts[0] += more;
    }
    charge(garden, one);
    let note = format!("{} above the lines", if labour { "labour" } else { "parts" });
    garden.record("amount_lines_differ", one, None, more, &note);
}

/// The system printed 10 yuan more than its own components give, and the customer paid that.
fn due_does_not_add_up(garden: &mut Garden) {
    let Some(one) = garden.take(11..=20, |_| true) else {
        return;
    };
    let more = Fen(1_000);
    garden.shop.settlements[one.settlement].due[0] += more;
    garden.shop.receipts[one.receipt].amount += more;
    garden.record("due_does_not_add_up", one, None, more, "customer due above the components");
}

/// The order was settled a second time and paid a second time.
fn duplicate_settlement(garden: &mut Garden) {
    let Some(one) = garden.take(9..=18, |settled| settled.at.hour() < 18) else {
        return;
    };
    let mut again = garden.shop.settlements[one.settlement].clone();
    again.at += Duration::minutes(25);
    garden.shop.settlements.push(again);
    let mut paid = garden.shop.receipts[one.receipt].clone();
    paid.at += Duration::minutes(31);
    paid.settlement = Some(garden.shop.settlements.len() - 1);
    (paid.tender, paid.reference) = (Tender::Transfer, String::new());
    garden.shop.receipts.push(paid);
    let (due, receipt) = (garden.due(one), garden.shop.receipts.len() - 1);
    garden.record("duplicate_settlement", one, Some(receipt), due, "settled twice, paid twice");
}

/// Something is taken off the due that nobody approved or that no voucher stands for.
fn give_away(garden: &mut Garden, kind: &'static str, age: i64) {
    let Some(one) = garden.take(age..=age + 8, |settled| settled.due[0] > Fen(30_000)) else {
        return;
    };
    let components = &mut garden.shop.settlements[one.settlement].components;
    let gross = components.gross_of_all();
    components.rounding = Fen::ZERO;
    let amount = match kind {
        "discount_over_limit" => whole_yuan(percent(gross, 31)),
        "waiver_without_approval" => Fen(12_000),
        _ => Fen(5_000),
    };
    match kind {
        "discount_over_limit" => components.discount = amount,
        "waiver_without_approval" => components.waived = amount,
        _ => components.voucher = amount,
    }
    charge(garden, one);
    garden.record(kind, one, None, amount, "no approver, no voucher; paid in full");
}

/// Makes due and receipt follow the components.
fn charge(garden: &mut Garden, one: Candidate) {
    let settlement = &mut garden.shop.settlements[one.settlement];
    settlement.due = settlement.components.due();
    garden.shop.receipts[one.receipt].amount = settlement.due[0];
}

/// One voucher used for two orders, one that gave more than its face.
fn vouchers(garden: &mut Garden) {
    let shop = &mut *garden.shop;
    let free = |shop: &Shop, at: usize| shop.vouchers[at].used.filter(|(order, _)| !shop.orders[*order].special);
    let mut used: Vec<usize> = (0..shop.vouchers.len()).filter(|at| free(shop, *at).is_some()).collect();
    used.sort_by_key(|at| shop.vouchers[*at].used.map(|(_, used_at)| used_at));
    if let [.., before, last] = used[..] {
        let (number, face) = (shop.vouchers[before].number.clone(), shop.vouchers[last].face);
        shop.vouchers[last].number.clone_from(&number);
        planted_voucher(shop, "voucher_reused", last, face, format!("{number} used for two orders"));
        for at in [before, last] {
            if let Some((order, _)) = shop.vouchers[at].used {
                shop.orders[order].special = true;
            }
        }
    }
    let above = used.into_iter().rev().skip(2).find(|at| shop.vouchers[*at].face > Fen(5_000));
    if let Some(at) = above {
        let over = shop.vouchers[at].face - Fen(5_000);
        shop.vouchers[at].face = Fen(5_000);
        let note = format!("{} has a face of 50 yuan only", shop.vouchers[at].number);
        planted_voucher(shop, "voucher_over_face", at, over, note);
    }
}

fn planted_voucher(shop: &mut Shop, kind: &'static str, voucher: usize, amount: Fen, note: String) {
    if let Some((order, at)) = shop.vouchers[voucher].used {
        shop.orders[order].special = true;
        let order_no = shop.orders[order].number.clone();
        shop.planted.push(Planted { kind, order_no, receipt: None, amount, date: at.date(), note });
    }
}

/// The third number of one day's settlements and of another day's receipts is never used.
fn number_gaps(garden: &mut Garden) {
    let shop = &mut *garden.shop;
    let settled = shop.settlements.iter().map(|one| one.at.date()).collect();
    let received = shop.receipts.iter().filter(|one| !one.dropped).map(|one| one.at.date()).collect();
    shop.gaps.settlement = busy_day(shop.end, 5, settled);
    shop.gaps.receipt = busy_day(shop.end, 11, received);
    for (prefix, day) in [("J", shop.gaps.settlement), ("SK", shop.gaps.receipt)] {
        if let Some(date) = day {
            let note = format!("{prefix}{}003 is not used", date.format("%Y%m%d"));
            let (order_no, amount) = (String::new(), Fen::ZERO);
            shop.planted.push(Planted { kind: "number_gap", order_no, receipt: None, amount, date, note });
        }
    }
}

/// The day nearest before `age` days ago with enough documents to have a hole among them.
fn busy_day(end: NaiveDate, age: i64, days: Vec<NaiveDate>) -> Option<NaiveDate> {
    let mut count: BTreeMap<NaiveDate, u32> = BTreeMap::new();
    for day in days {
        *count.entry(day).or_insert(0) += 1;
    }
    let busy = |(_, documents): &(&NaiveDate, &u32)| **documents >= 4;
    let latest = end - Duration::days(age);
    let before = count.iter().rev().filter(|(day, _)| **day <= latest).find(busy);
    before.or_else(|| count.iter().find(|one| busy(one))).map(|(day, _)| *day)
}

/// One drawer holds ten yuan too much, another, on another day, fifty too little.
pub fn cash(shop: &mut Shop, dice: &mut Dice) {
    let mut taken = None;
    for (kind, diff, oldest) in [("cash_over", Fen(1_000), 25), ("cash_short", Fen(-5_000), 15)] {
        let recent = |day: NaiveDate| (shop.end - day).num_days() <= oldest;
        let full = |count: &CashCount| count.counted > Fen(10_000) && recent(count.day) && taken != Some(count.day);
        let drawers: Vec<usize> = (0..shop.counts.len()).filter(|at| full(&shop.counts[*at])).collect();
        if drawers.is_empty() {
            continue;
        }
        let count = &mut shop.counts[dice.pick(&drawers)];
        count.counted += diff;
        taken = Some(count.day);
        let (date, note) = (count.day, format!("cashier {}", count.cashier));
        shop.planted.push(Planted { kind, order_no: String::new(), receipt: None, amount: diff, date, note });
    }
}
