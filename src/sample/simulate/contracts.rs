//! Cars sold: a contract every few days, delivered a week or so later.

use super::fleet;
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Contract, Shop};
use crate::sample::pools::{GIVEN, MODELS, SALESPEOPLE, SURNAMES};
use chrono::Duration;

/// The maker's list price of each model, in fen.
const LIST_PRICES: [i64; 6] = [11_980_000, 13_980_000, 16_980_000, 8_980_000, 15_880_000, 18_980_000];

/// Serial numbers of new cars in their VINs, away from those of the customers' cars.
const FIRST_SERIAL: i64 = 500_000;

/// Sells a car every fourth day.
pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    for (serial, ordered_on) in (FIRST_SERIAL..).zip(shop.days().skip(1).step_by(4)) {
        let model = dice.index(MODELS.len());
        let list_price = Fen(LIST_PRICES[model]);
        let delivered_on = ordered_on + Duration::days(dice.between(3, 12));
        shop.contracts.push(Contract {
            number: format!("HT{}001", ordered_on.format("%Y%m%d")),
            vin: fleet::vin(dice, serial),
            model: MODELS[model],
            customer: format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN)),
            salesperson: dice.pick(&SALESPEOPLE),
            ordered_on,
            delivered_on: Some(delivered_on).filter(|day| *day <= shop.end),
            list_price,
            price: list_price - Fen(dice.between(20, 120) * 10_000),
            cost: Fen(list_price.0 / 100 * 91),
            deposit: Fen(500_000),
            invoice: None,
            never_invoiced: false,
        });
    }
}
