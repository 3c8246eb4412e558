//! Cars sold: about one contract a day, delivered a week or so later; one in twenty is cancelled.

use super::fleet;
use crate::model::fen::Fen;
use crate::sample::books::Contract;
use crate::sample::dice::Dice;
use crate::sample::events::Shop;
use crate::sample::pools::{CAR_ACCESSORIES, GIVEN, MODELS, Part, SALESPEOPLE, SURNAMES};
use chrono::{Duration, NaiveDate};

/// The maker's list price of each model, in fen.
const LIST_PRICES: [i64; 6] = [11_980_000, 13_980_000, 16_980_000, 8_980_000, 15_880_000, 18_980_000];

/// Serial numbers of new cars in their VINs, away from those of the customers' cars.
const FIRST_SERIAL: i64 = 500_000;

/// The usual wait for a car.
const DAYS_TO_DELIVERY: i64 = 7;

/// Contracts are made from so many days before the first day: what is ordered then is delivered after it.
const DAYS_BEFORE: i64 = 10;

/// Sells no car, one or a few on every day.
pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    let mut serial = FIRST_SERIAL;
    let first = shop.start - Duration::days(DAYS_BEFORE);
    let end = shop.end;
    for ordered_on in first.iter_days().take_while(|day| *day <= end) {
        // The last day has an order and a delivery, so that its report has them.
        let least = i64::from(ordered_on == end || ordered_on == end - Duration::days(DAYS_TO_DELIVERY));
        for of_day in 1..=dice.weighted(&[(0, 36), (1, 40), (2, 19), (3, 5)]).max(least) {
            serial += 1;
            let contract = contract(shop, dice, serial, ordered_on, of_day);
            shop.contracts.push(contract);
        }
    }
}

/// What a car of a model costs the shop.
pub fn cost(model: usize) -> Fen {
    Fen(LIST_PRICES[model] / 100 * 91)
}

fn contract(shop: &Shop, dice: &mut Dice, serial: i64, ordered_on: NaiveDate, of_day: i64) -> Contract {
    let model = dice.index(MODELS.len());
    let list_price = Fen(LIST_PRICES[model]);
    let happens = |day: NaiveDate| Some(day).filter(|day| *day <= shop.end);
    let earliest = shop.start + Duration::days(dice.between(0, 4));
    let last = ordered_on == shop.end - Duration::days(DAYS_TO_DELIVERY);
    let wait = if last { DAYS_TO_DELIVERY } else { dice.between(3, 12) };
    let delivered_on = happens((ordered_on + Duration::days(wait)).max(earliest));
    let cancelled = serial % 20 == 9 && !last;
    let cancelled_on = happens(ordered_on + Duration::days(dice.between(2, 6))).filter(|_| cancelled);
    Contract {
        number: format!("HT{}{of_day:03}", ordered_on.format("%Y%m%d")),
        vin: fleet::vin(dice, serial),
        model: MODELS[model],
        customer: format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN)),
        plate: fleet::plate_like(shop, dice),
        phone: fleet::phone(serial),
        salesperson: dice.pick(&SALESPEOPLE),
        ordered_on,
        delivered_on: delivered_on.filter(|_| !cancelled),
        cancelled_on,
        list_price,
        price: list_price - Fen(dice.between(20, 120) * 10_000),
        cost: cost(model),
        deposit: Fen(500_000),
        fitted: fitted(dice),
        insurance: Fen(dice.between(0, 26) * 10_000),
        with_it: [Fen::ZERO; 4],
        trade_in: Fen::ZERO,
        loan: Fen::ZERO,
        lender: "",
        finance: if dice.chance(45) { Fen(dice.between(20, 52) * 10_000) } else { Fen::ZERO },
        invoice: None,
        never_invoiced: false,
    }
}

/// Up to three accessories with a car.
fn fitted(dice: &mut Dice) -> Vec<Part> {
    let mut items = CAR_ACCESSORIES.to_vec();
    dice.shuffle(&mut items);
    items.truncate(usize::try_from(dice.between(0, 3)).unwrap_or(0));
    items
}
