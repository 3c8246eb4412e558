//! The parts store: bought on Mondays what the week before took, snapshots at the month's end, a few parts scrapped.
//! For every part opening + received − issued − sold − scrapped = closing, between any two snapshots.

use super::months::months;
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Purchase, Scrap, Shop, Stock};
use crate::sample::pools::{
    ACCESSORIES, ACCIDENT_PARTS, BODY_PARTS, Part, REPAIR_PARTS, SERVICE_PARTS, SLOW_PARTS, WARRANTY_PARTS,
};
use chrono::{Datelike, Duration, NaiveDate, Weekday};
use std::collections::BTreeMap;

/// What no part ever falls below, in hundredths.
const RESERVE: i64 = 500;

/// Quantities by day, in hundredths.
type ByDay = BTreeMap<NaiveDate, i64>;

pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    scrap(shop, dice);
    let taken = taken(shop);
    buy(shop, &taken);
    let mut days = vec![shop.start - Duration::days(1)];
    days.extend(months(shop).iter().map(|month| month.last));
    for part in parts() {
        let out = taken.get(part.0).cloned().unwrap_or_default();
        let opening = opening(shop, part, &out);
        for day in &days {
            let stock = snapshot(shop, part, &out, opening, *day);
            shop.stock.push(stock);
        }
    }
    for as_of in days {
        let before = |days: i64| shop.start.checked_sub_signed(Duration::days(days));
        let slow = SLOW_PARTS.iter().map(|(part, pieces, came, went)| Stock {
            as_of,
            part: *part,
            quantity: pieces * 100,
            last_in: before(*came),
            last_out: went.and_then(before),
        });
        shop.stock.extend(slow);
    }
    shop.stock.sort_by_key(|one| (one.as_of, one.part.0));
}

fn parts() -> impl Iterator<Item = Part> {
    let pools: [&[Part]; 6] =
        [&SERVICE_PARTS, &REPAIR_PARTS, &BODY_PARTS, &ACCIDENT_PARTS, &WARRANTY_PARTS, &ACCESSORIES];
    pools.into_iter().flatten().copied()
}

/// Every month a part past its date is written off and the waste oil is sold.
fn scrap(shop: &mut Shop, dice: &mut Dice) {
    for month in months(shop) {
        let on = month.first + (month.last - month.first) * 2 / 3;
        let part = dice.pick(&SERVICE_PARTS[4..]);
        shop.scrap.push(Scrap {
            number: format!("BF{}001", on.format("%Y%m%d")),
            on,
            kind: "配件报废",
            part: Some(part),
            item: part.1,
            quantity: dice.between(1, 2) * 100,
            unit: "瓶",
            amount: Fen::ZERO,
            buyer: "",
        });
        let quantity = dice.between(80, 160) * 100;
        shop.scrap.push(Scrap {
            number: format!("FY{}001", month.last.format("%Y%m%d")),
            on: month.last,
            kind: "废油",
            part: None,
            item: "废机油",
            quantity,
            unit: "千克",
            amount: Fen(quantity / 100 * 210),
            buyer: "示例再生资源有限公司",
        });
    }
}

/// What left the shelves, by part and day: issued to orders, sold over the counter, scrapped.
fn taken(shop: &Shop) -> BTreeMap<&'static str, ByDay> {
    let mut taken: BTreeMap<&'static str, ByDay> = BTreeMap::new();
    let mut add = |part: &'static str, day: NaiveDate, quantity: i64| {
        *taken.entry(part).or_default().entry(day).or_insert(0) += quantity;
    };
    for line in shop.orders.iter().flat_map(|order| &order.parts) {
        add(line.number, line.issued_at.date(), line.quantity);
    }
    for sale in &shop.sales {
        sale.lines.iter().for_each(|line| add(line.number, sale.at.date(), line.quantity));
    }
    for scrap in &shop.scrap {
        if let Some(part) = scrap.part {
            add(part.0, scrap.on, scrap.quantity);
        }
    }
    taken
}

/// Orders on every Monday, in whole pieces, what was taken in the seven days before; it comes on Wednesday.
fn buy(shop: &mut Shop, taken: &BTreeMap<&'static str, ByDay>) {
    for ordered_on in shop.days().filter(|day| day.weekday() == Weekday::Mon) {
        let week = ordered_on - Duration::days(7)..ordered_on;
        let received_on = Some(ordered_on + Duration::days(2)).filter(|day| *day <= shop.end);
        let wanted = parts().filter_map(|part| {
            let quantity: i64 = taken.get(part.0)?.range(week.clone()).map(|(_, quantity)| *quantity).sum();
            (quantity > 0).then_some((part, (quantity + 99) / 100 * 100))
        });
        for (line, (part, quantity)) in (1..).zip(wanted) {
            let number = format!("CG{}001", ordered_on.format("%Y%m%d"));
            shop.purchases.push(Purchase { number, line, part, quantity, ordered_on, received_on });
        }
    }
}

fn received(shop: &Shop, part: Part, until: NaiveDate) -> i64 {
    let of_part = shop.purchases.iter().filter(|one| one.part.0 == part.0);
    of_part.filter(|one| one.received_on.is_some_and(|day| day <= until)).map(|one| one.quantity).sum()
}

fn taken_until(out: &ByDay, until: NaiveDate) -> i64 {
    out.range(..=until).map(|(_, quantity)| *quantity).sum()
}

/// So much that the reserve is there on every day.
fn opening(shop: &Shop, part: Part, out: &ByDay) -> i64 {
    let short = out.keys().map(|day| taken_until(out, *day) - received(shop, part, *day)).max();
    RESERVE + (short.unwrap_or(0).max(0) + 99) / 100 * 100
}

fn snapshot(shop: &Shop, part: Part, out: &ByDay, opening: i64, as_of: NaiveDate) -> Stock {
    let arrivals = shop.purchases.iter().filter(|one| one.part.0 == part.0).filter_map(|one| one.received_on);
    // What moves at all moved in the week before the first day too.
    let before = |days: i64| shop.start.checked_sub_signed(Duration::days(days));
    Stock {
        as_of,
        part,
        quantity: opening + received(shop, part, as_of) - taken_until(out, as_of),
        last_in: arrivals.filter(|day| *day <= as_of).max().or(before(6)),
        last_out: out.range(..=as_of).next_back().map(|(day, _)| *day).or(before(2)),
    }
}
