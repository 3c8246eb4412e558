//! The accessory shop: what it had, bought, sold, gave away and used, movement by movement.
//!
//! Items that the parts store keeps as well move here as they move there. Items for new cars are its own: bought on
//! Mondays what the week before took, and on the first day so much that none ever runs out.

use crate::model::fen::Fen;
use crate::sample::books::{Move, MoveKind};
use crate::sample::dice::Dice;
use crate::sample::events::{PartLine, Shop};
use crate::sample::pools::{ACCESSORIES, CAR_ACCESSORIES, GIFTS, Part};
use crate::sample::simulate::work::product;
use chrono::{Datelike, Duration, NaiveDate, Weekday};
use std::collections::BTreeMap;

/// What no item ever falls below, in hundredths.
const RESERVE: i64 = 300;

pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    let mut moves = of_the_parts_store(shop);
    let gone = with_cars(shop, dice);
    moves.extend(bought(shop, &gone));
    moves.extend(gone);
    moves.sort_by_key(|one| (one.on, one.kind, one.item.0));
    let mut per_day: BTreeMap<NaiveDate, u32> = BTreeMap::new();
    for one in &mut moves {
        let serial = per_day.entry(one.on).or_insert(0);
        *serial += 1;
        one.number = format!("JC{}{serial:03}", one.on.format("%Y%m%d"));
    }
    shop.moves = moves;
}

fn moved(on: NaiveDate, item: Part, kind: MoveKind, quantity: i64) -> Move {
    let cost = product(quantity, Fen(item.3));
    let amount = if kind.comes_in() { cost } else { Fen::ZERO };
    let price = (!kind.comes_in()).then_some(Fen(item.4));
    Move { number: String::new(), on, item, kind, quantity, price, amount }
}

/// The items that the parts store has too: its stock on the first morning, what it bought, what went out by orders and sales.
fn of_the_parts_store(shop: &Shop) -> Vec<Move> {
    let mut moves = Vec::new();
    let before = shop.start - Duration::days(1);
    for item in ACCESSORIES {
        let stock = shop.stock.iter().filter(|one| one.as_of == before && one.part.0 == item.0);
        moves.extend(stock.map(|one| moved(before, item, MoveKind::Opening, one.quantity)));
        let bought = shop.purchases.iter().filter(|one| one.part.0 == item.0);
        let came = bought.filter_map(|one| one.received_on.map(|day| moved(day, item, MoveKind::In, one.quantity)));
        moves.extend(came);
        let fitted = shop.orders.iter().flat_map(|order| &order.parts);
        let lines = fitted.chain(shop.sales.iter().flat_map(|sale| &sale.lines));
        let sold = |line: &PartLine| Move {
            price: Some(line.price),
            amount: line.amount,
            ..moved(line.issued_at.date(), item, MoveKind::Sale, line.quantity)
        };
        moves.extend(lines.filter(|line| line.number == item.0).map(sold));
    }
    moves
}

/// What goes with the new cars, sold or given, and what the shop uses itself.
fn with_cars(shop: &Shop, dice: &mut Dice) -> Vec<Move> {
    let mut moves = Vec::new();
    for contract in &shop.contracts {
        let Some(on) = contract.delivered_on.filter(|day| *day >= shop.start) else { continue };
        let sold = |item: &Part| Move { amount: Fen(item.4), ..moved(on, *item, MoveKind::Sale, 100) };
        moves.extend(contract.fitted.iter().map(sold));
        let gifts = GIFTS.iter().filter(|_| dice.chance(60)).map(|item| moved(on, *item, MoveKind::Gift, 100));
        moves.extend(gifts);
    }
    for on in shop.days().filter(|day| day.weekday() == Weekday::Fri) {
        moves.push(moved(on, dice.pick(&GIFTS), MoveKind::Use, dice.between(1, 2) * 100));
    }
    moves
}

/// The opening stock of the items for new cars, and every Monday what went out in the seven days before.
fn bought(shop: &Shop, gone: &[Move]) -> Vec<Move> {
    let mut moves = Vec::new();
    for item in CAR_ACCESSORIES.into_iter().chain(GIFTS) {
        let out = |from: NaiveDate, to: NaiveDate| -> i64 {
            let of_item = gone.iter().filter(|one| one.item.0 == item.0 && one.on >= from && one.on < to);
            of_item.map(|one| one.quantity).sum()
        };
        let (mut stock, mut lowest) = (0, 0);
        for day in shop.days() {
            let week = out(day - Duration::days(7), day);
            if day.weekday() == Weekday::Mon && week > 0 {
                moves.push(moved(day, item, MoveKind::In, week));
                stock += week;
            }
            stock -= out(day, day + Duration::days(1));
            lowest = lowest.min(stock);
        }
        moves.push(moved(shop.start - Duration::days(1), item, MoveKind::Opening, RESERVE - lowest));
    }
    moves
}
