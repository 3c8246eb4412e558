//! Counter sales of parts: paid when they are sold.

use super::pay;
use super::work::product;
use crate::model::fen::Fen;
use crate::sample::dice::{Dice, at_second};
use crate::sample::events::{PartLine, Payer, Receipt, Sale, Shop, Style, Subject};
use crate::sample::pools::{ACCESSORIES, CASHIERS, COUNTER_CUSTOMERS, Part, REPAIR_PARTS, SERVICE_PARTS};
use chrono::{Duration, NaiveDate, NaiveDateTime};

/// Sells parts over the counter on one day, about one sheet for six repair orders.
pub fn sell(shop: &mut Shop, dice: &mut Dice, day: NaiveDate, orders_per_day: u32) {
    let count = dice.between(0, i64::from(orders_per_day / 3).max(1));
    let mut seconds: Vec<i64> = (0..count).map(|_| dice.between(9 * 3600, 17 * 3600 + 1800)).collect();
    seconds.sort_unstable();
    for (second, serial) in seconds.into_iter().zip(1..) {
        let at = at_second(day, second);
        // System A prints no line number, so each of its sheets has one line.
        let lines = if shop.style == Style::A { 1 } else { dice.between(1, 3) };
        let lines = sold_lines(dice, at, lines);
        let customer = dice.pick(&COUNTER_CUSTOMERS);
        shop.sales.push(Sale { number: format!("PX{}{serial:03}", day.format("%Y%m%d")), at, customer, lines });
        pay_sale(shop, dice, shop.sales.len() - 1);
    }
}

fn sold_lines(dice: &mut Dice, at: NaiveDateTime, count: i64) -> Vec<PartLine> {
    let mut pool: Vec<Part> = SERVICE_PARTS.iter().chain(&REPAIR_PARTS).chain(&ACCESSORIES).copied().collect();
    dice.shuffle(&mut pool);
    let count = usize::try_from(count).unwrap_or(1);
    let line = |(number, name, category, cost, price, _): Part| {
        let quantity = dice.between(1, 3) * 100;
        PartLine {
            number,
            name,
            category,
            payer: Payer::Customer,
            quantity,
            cost: Fen(cost),
            price: Fen(price),
            discount: Fen::ZERO,
            amount: product(quantity, Fen(price)),
            technician: "",
            issued_at: at,
        }
    };
    pool.into_iter().take(count).map(line).collect()
}

fn pay_sale(shop: &mut Shop, dice: &mut Dice, sale: usize) {
    let what = &shop.sales[sale];
    let tender = pay::tender(dice);
    shop.receipts.push(Receipt {
        number: String::new(),
        at: what.at + Duration::seconds(dice.between(30, 300)),
        cashier: dice.pick(&CASHIERS),
        order_ref: what.number.clone(),
        subjects: vec![Subject::Sale(sale)],
        settlement: None,
        plate: String::new(),
        payer: what.customer.to_string(),
        tender,
        amount: what.lines.iter().map(|line| line.amount).sum(),
        reference: pay::reference(dice, tender),
        purpose: "配件",
        remark: "",
        dropped: false,
    });
}
