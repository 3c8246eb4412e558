//! One receipt for several orders: companies that pay their account, and people who pay two orders at once.

use super::pay;
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Shop, Subject, Tender, Terms};
use crate::sample::pools::COMPANIES;
use chrono::{Duration, NaiveDate};

/// Every second week each company pays what was settled at least ten days before.
pub fn collect(shop: &mut Shop, dice: &mut Dice) {
    let mut paid = vec![false; shop.settlements.len()];
    let mut day = shop.start + Duration::days(16);
    while day <= shop.end {
        for company in 0..COMPANIES.len() {
            // Now and then a company is late; its orders grow older.
            if !dice.chance(20) {
                pay_account(shop, dice, company, day, &mut paid);
            }
        }
        day += Duration::days(14);
    }
}

fn pay_account(shop: &mut Shop, dice: &mut Dice, company: usize, day: NaiveDate, paid: &mut [bool]) {
    let mut open: Vec<usize> = (0..shop.settlements.len())
        .filter(|at| {
            let settlement = &shop.settlements[*at];
            let owner = shop.vehicles[shop.orders[settlement.order].vehicle].company;
            let ripe = settlement.at.date() + Duration::days(10) <= day;
            !paid[*at] && settlement.terms == Terms::OnAccount && owner == Some(company) && ripe
        })
        .collect();
    open.sort_by_key(|at| shop.settlements[*at].at);
    for group in open.chunks(3) {
        let amount: Fen = group.iter().map(|at| shop.settlements[*at].due[0]).sum();
        let orders: Vec<usize> = group.iter().map(|at| shop.settlements[*at].order).collect();
        let at = dice.moment(day, 10 * 60, 16 * 60);
        if let Some(receipt) = pay::receive(shop, dice, orders[0], None, at, Tender::Transfer, amount, "挂账回款") {
            name_orders(shop, receipt, &orders);
        }
        for at in group {
            paid[*at] = true;
        }
    }
}

/// Every sixth day two orders of the day are paid with one receipt.
pub fn combine(shop: &mut Shop, dice: &mut Dice) {
    for day in shop.days().skip(3).step_by(6) {
        let mut plain: Vec<usize> = (0..shop.receipts.len()).filter(|at| is_plain(shop, *at, day)).collect();
        if plain.len() < 6 {
            continue;
        }
        dice.shuffle(&mut plain);
        let (first, second) = (plain[0].min(plain[1]), plain[0].max(plain[1]));
        let orders: Vec<usize> = [first, second].iter().flat_map(|at| orders_of(shop, *at)).collect();
        let amount = shop.receipts[first].amount + shop.receipts[second].amount;
        let at = shop.receipts[first].at.max(shop.receipts[second].at);
        shop.receipts[second].dropped = true;
        let kept = &mut shop.receipts[first];
        (kept.at, kept.amount, kept.settlement, kept.remark) = (at, amount, None, "合并付款");
        name_orders(shop, first, &orders);
        for order in orders {
            shop.orders[order].special = true;
        }
    }
}

/// A receipt that pays the whole of one ordinary settlement of this day.
fn is_plain(shop: &Shop, receipt: usize, day: NaiveDate) -> bool {
    let receipt = &shop.receipts[receipt];
    let Some(settlement) = receipt.settlement.map(|at| &shop.settlements[at]) else {
        return false;
    };
    receipt.at.date() == day
        && settlement.at.date() == day
        && settlement.due[0] == receipt.amount
        && !shop.orders[settlement.order].special
}

fn orders_of(shop: &Shop, receipt: usize) -> Vec<usize> {
    let orders = shop.receipts[receipt].subjects.iter();
    orders.filter_map(|subject| if let Subject::Order(order) = subject { Some(*order) } else { None }).collect()
}

fn name_orders(shop: &mut Shop, receipt: usize, orders: &[usize]) {
    let numbers: Vec<&str> = orders.iter().map(|order| shop.orders[*order].number.as_str()).collect();
    let order_ref = numbers.join("、");
    shop.receipts[receipt].order_ref = order_ref;
    shop.receipts[receipt].subjects = orders.iter().map(|order| Subject::Order(*order)).collect();
}
