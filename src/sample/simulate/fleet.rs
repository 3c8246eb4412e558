//! The vehicles that come to the shop, with their owners.

use crate::sample::Options;
use crate::sample::dice::Dice;
use crate::sample::events::{FileState, Habit, Shop, Vehicle};
use crate::sample::pools::{COMPANIES, GIVEN, MODELS, SURNAMES};
use chrono::{Duration, NaiveDate};
use std::collections::BTreeSet;

/// Days after which the maker wants a car for its first service, and again after every service.
pub const SERVICE_INTERVAL: i64 = 180;

/// Letters and digits of plates and VINs: I, O and Q are not used.
const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";

/// Fills the shop's list of vehicles: those that come again and again, fewer than there will be orders, then those
/// sold half a year ago, then those that have stayed away.
pub fn fill(shop: &mut Shop, dice: &mut Dice, options: &Options) {
    let visits = i64::from(options.days) * i64::from(options.orders_per_day);
    // Cars in the shop for days must not leave a day without a car to come.
    let wanted = (visits * 6 / 10).max(i64::from(options.orders_per_day) * 4).max(40);
    let region = format!("浙{}", dice.pick(&["C", "E", "G", "H"]));
    let mut plates = BTreeSet::new();
    let young = (i64::from(options.days) + 65) * visits * 9 / 10 / (i64::from(options.days) * 15).max(1);
    let gone = wanted / 3;
    shop.regulars = usize::try_from(wanted).unwrap_or(0);
    let habits = [(Habit::Regular, wanted), (Habit::Young, young.max(2)), (Habit::Gone, gone)];
    let all = habits.into_iter().flat_map(|(habit, count)| (0..count).map(move |at| (habit, at, count)));
    for (serial, (habit, at, count)) in (0..).zip(all) {
        let plate = loop {
            let plate = plate(dice, &region);
            if plates.insert(plate.clone()) {
                break plate;
            }
        };
        let [sold_on, serviced_on] = past(shop, dice, habit, at, count);
        let young = habit == Habit::Young;
        let mileage = if young { dice.between(2_200, 4_800) } else { dice.between(3_000, 90_000) };
        let company = (habit == Habit::Regular && dice.chance(5)).then(|| dice.index(COMPANIES.len()));
        let customer = match company {
            Some(company) => COMPANIES[company].to_string(),
            None => format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN)),
        };
        shop.vehicles.push(Vehicle {
            plate,
            vin: vin(dice, serial),
            model: dice.pick(&MODELS),
            customer,
            phone: phone(serial),
            company,
            mileage,
            first_mileage: mileage,
            habit,
            sold_on: sold_on.unwrap_or(shop.start),
            serviced_on,
            member: dice.chance(22),
            insured_until: shop.start + Duration::days(dice.between(-25, 340)),
            file: FileState::Full,
            busy_until: None,
        });
    }
}

/// 199 0000 is given to nobody: an invented number must not ring at a stranger's.
pub fn phone(serial: i64) -> String {
    format!("1990000{:04}", (serial * 7 + 13) % 10_000)
}

/// When a car was sold, and when it was last here before the first day. The first services of young cars fall due one
/// after the other, from some weeks before the first day to some weeks after the last.
fn past(shop: &Shop, dice: &mut Dice, habit: Habit, at: i64, count: i64) -> [Option<NaiveDate>; 2] {
    let before = |days: i64| shop.start.checked_sub_signed(Duration::days(days));
    match habit {
        Habit::Regular => [before(dice.between(400, 2_600)), before(dice.between(15, 172))],
        Habit::Young => {
            let span = (shop.end - shop.start).num_days() + 65;
            [before(SERVICE_INTERVAL + 25 - span * at / count.max(1)), None]
        }
        Habit::Gone => {
            let (low, high) = dice.weighted(&[((125, 265), 65), ((266, 700), 35)]);
            [before(dice.between(900, 2_600)), before(dice.between(low, high))]
        }
    }
}

/// One of the cars that come again and again.
pub fn regular(shop: &Shop, dice: &mut Dice) -> usize {
    dice.index(shop.regulars)
}

/// One of the cars that have stayed away: they stand last.
pub fn gone(shop: &Shop, dice: &mut Dice) -> usize {
    let first = shop.vehicles.iter().position(|one| one.habit == Habit::Gone).unwrap_or(0);
    first + dice.index(shop.vehicles.len() - first)
}

/// A plate of the region that the shop's customers live in.
pub fn plate_like(shop: &Shop, dice: &mut Dice) -> String {
    let region: String = shop.vehicles.first().map_or("浙E", |one| &one.plate).chars().take(2).collect();
    plate(dice, &region)
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
