//! The showroom: the cars that stand in stock, day by day, and the people who come to look at them.

use super::{contracts, fleet};
use crate::sample::books::{Outcome, StockCar, Visit, VisitKind};
use crate::sample::dice::Dice;
use crate::sample::events::Shop;
use crate::sample::pools::{GIVEN, MODELS, SALESPEOPLE, SURNAMES};
use chrono::{Datelike, Duration, NaiveDate, Weekday};

/// Serial numbers, in their VINs, of cars that nobody has ordered yet.
const FIRST_UNSOLD: i64 = 700_000;
/// Days after the last one whose cars stand in stock already.
const DAYS_AFTER: i64 = 90;
const PLACES: [&str; 4] = ["展厅", "一号库", "二号库", "停车场"];
const REASONS: [(&str, i64); 6] =
    [("竞品", 34), ("价格", 30), ("颜色配置", 12), ("无现车", 10), ("金融方案", 6), ("推迟购车", 8)];

pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    stock(shop, dice);
    for day in shop.days() {
        visits(shop, dice, day);
    }
}

/// Every contract's car until it is delivered, and the cars that will be sold after the last day.
fn stock(shop: &mut Shop, dice: &mut Dice) {
    for at in 0..shop.contracts.len() {
        let contract = &shop.contracts[at];
        shop.cars.push(StockCar {
            vin: contract.vin.clone(),
            model: contract.model,
            arrived_on: contract.ordered_on - age(dice),
            left_on: contract.delivered_on,
            cost: contract.cost,
            place: dice.pick(&PLACES),
        });
    }
    let mut serial = FIRST_UNSOLD;
    for after in 1..=DAYS_AFTER {
        let arrived_on = shop.end + Duration::days(after) - age(dice);
        if arrived_on <= shop.end {
            serial += 1;
            let model = dice.index(MODELS.len());
            let (vin, cost, place) = (fleet::vin(dice, serial), contracts::cost(model), dice.pick(&PLACES));
            shop.cars.push(StockCar { vin, model: MODELS[model], arrived_on, left_on: None, cost, place });
        }
    }
    shop.cars.sort_by(|one, other| (one.arrived_on, &one.vin).cmp(&(other.arrived_on, &other.vin)));
}

/// How long a car stands before somebody orders it: mostly some weeks, now and then very long.
fn age(dice: &mut Dice) -> Duration {
    let (low, high) = dice.weighted(&[((4, 35), 62), ((36, 85), 22), ((86, 170), 11), ((171, 330), 5)]);
    Duration::days(dice.between(low, high))
}

/// A day's visits and calls: those that ended in a contract, and more of the others at the week's end.
fn visits(shop: &mut Shop, dice: &mut Dice, day: NaiveDate) {
    let mut of_day: Vec<Visit> = Vec::new();
    for contract in shop.contracts.iter().filter(|contract| contract.ordered_on == day) {
        let kind = dice.weighted(&[(VisitKind::Again, 7), (VisitKind::First, 3)]);
        let visit = visit(dice, day, contract.customer.clone(), kind, contract.salesperson);
        of_day.push(Visit { outcome: Outcome::Won, ..visit });
    }
    let busy = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    for _ in 0..if busy { dice.between(9, 15) } else { dice.between(5, 10) } {
        let customer = format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN));
        let kind = dice.weighted(&[(VisitKind::First, 50), (VisitKind::Again, 24), (VisitKind::Call, 26)]);
        let salesperson = dice.pick(&SALESPEOPLE);
        let mut visit = visit(dice, day, customer, kind, salesperson);
        if dice.chance(if kind == VisitKind::Call { 6 } else { 24 }) {
            (visit.outcome, visit.reason) = (Outcome::Lost, dice.weighted(&REASONS));
        }
        of_day.push(visit);
    }
    of_day.sort_by_key(|visit| visit.at);
    for (serial, mut visit) in (1..).zip(of_day) {
        visit.number = format!("KL{}{serial:03}", day.format("%Y%m%d"));
        shop.visits.push(visit);
    }
}

fn visit(dice: &mut Dice, day: NaiveDate, customer: String, kind: VisitKind, salesperson: &'static str) -> Visit {
    let at = dice.moment(day, 9 * 60, 17 * 60 + 40);
    Visit { number: String::new(), at, customer, kind, salesperson, entered: true, outcome: Outcome::Open, reason: "" }
}
