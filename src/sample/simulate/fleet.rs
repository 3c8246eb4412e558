//! The vehicles that come to the shop, with their owners.

use crate::sample::Options;
use crate::sample::dice::Dice;
use crate::sample::events::{Shop, Vehicle};
use crate::sample::pools::{COMPANIES, GIVEN, MODELS, SURNAMES};
use std::collections::BTreeSet;

/// Letters and digits of plates and VINs: I, O and Q are not used.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";

/// Fills the shop's list of vehicles: fewer than there will be orders, so that they return.
pub fn fill(shop: &mut Shop, dice: &mut Dice, options: &Options) {
    let visits = i64::from(options.days) * i64::from(options.orders_per_day);
    // Cars in the shop for days must not leave a day without a car to come.
    let wanted = (visits * 6 / 10).max(i64::from(options.orders_per_day) * 4).max(40);
    let region = format!("浙{}", dice.pick(&["C", "E", "G", "H"]));
    let mut plates = BTreeSet::new();
    for serial in 0..wanted {
        let plate = loop {
            let plate = plate(dice, &region);
            if plates.insert(plate.clone()) {
                break plate;
            }
        };
        let company = dice.chance(5).then(|| dice.index(COMPANIES.len()));
        let customer = match company {
            Some(company) => COMPANIES[company].to_string(),
            None => format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN)),
        };
        shop.vehicles.push(Vehicle {
            plate,
            vin: vin(dice, serial),
            model: dice.pick(&MODELS),
            customer,
            // 199 0000 is given to nobody: an invented number must not ring at a stranger's.
            phone: format!("1990000{:04}", (serial * 7 + 13) % 10_000),
            company,
            mileage: dice.between(3_000, 90_000),
            busy_until: None,
        });
    }
}

/// A plate of the region: one in ten of a new-energy car, which has one character more.
fn plate(dice: &mut Dice, region: &str) -> String {
    if dice.chance(10) {
        return format!("{region}{}{:05}", dice.pick(&["D", "F"]), dice.between(1, 99_999));
    }
    let rest: String = (0..5).map(|_| char::from(dice.pick(ALPHABET))).collect();
    format!("{region}{rest}")
}

/// A VIN with a correct check digit; the serial number makes it unique.
pub fn vin(dice: &mut Dice, serial: i64) -> String {
    let middle: String = (0..5).map(|_| char::from(dice.pick(ALPHABET))).collect();
    let mut vin = format!("LZX{middle}0PA{serial:06}").into_bytes();
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 = vin.iter().zip(WEIGHTS).map(|(byte, weight)| vin_value(*byte) * weight).sum();
    vin[8] = match sum % 11 {
        10 => b'X',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    vin.into_iter().map(char::from).collect()
}

fn vin_value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'H' => u32::from(byte - b'A') + 1,
        b'J'..=b'R' => u32::from(byte - b'J') + 1,
        b'S'..=b'Z' => u32::from(byte - b'S') + 2,
        _ => 0,
    }
}
