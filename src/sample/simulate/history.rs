//! What stood in the system before the first day: the last visit of cars that have stayed away since, and of some that
//! came again.

use super::{pay, settle, work};
use crate::sample::dice::Dice;
use crate::sample::events::{Components, Habit, Job, Order, Shop, Tender, Terms, Vehicle};
use crate::sample::pools::{ADVISORS, TEAMS};
use chrono::{Duration, NaiveDate};
use std::collections::BTreeMap;

/// Nothing older than that is in the system, counted from the last day: less than a year, so that no month of a year
/// ago is there in part only.
const DAYS_KEPT: i64 = 330;

/// Of the cars that come again one in so many is in the system with its last visit: no month between is empty.
const ONE_IN: usize = 4;

/// One service for every such car, paid by transfer.
pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    let oldest = shop.end.checked_sub_signed(Duration::days(DAYS_KEPT)).unwrap_or(shop.start);
    let kept = |(at, one): &(usize, &Vehicle)| match one.habit {
        Habit::Gone => true,
        Habit::Regular => at % ONE_IN == 0,
        Habit::Young => false,
    };
    let cars = shop.vehicles.iter().enumerate().filter(kept);
    let mut visits: Vec<(NaiveDate, usize)> =
        cars.filter_map(|(at, one)| Some((one.serviced_on.filter(|day| *day >= oldest)?, at))).collect();
    visits.sort_unstable();
    let mut per_day: BTreeMap<NaiveDate, u32> = BTreeMap::new();
    for (day, vehicle) in visits {
        let serial = per_day.entry(day).or_insert(0);
        *serial += 1;
        visit(shop, dice, day, vehicle, *serial);
    }
}

fn visit(shop: &mut Shop, dice: &mut Dice, day: NaiveDate, vehicle: usize, serial: u32) {
    // One after the other, as they are numbered.
    let opened_at = dice.moment(day, 8 * 60, 8 * 60 + 50) + Duration::hours(i64::from(serial % 8));
    let team = dice.index(2);
    let (labour, parts) = work::lines(dice, Job::Maintenance, opened_at, team);
    let completed_at = opened_at + Duration::minutes(dice.between(60, 140));
    let mut components = Components::default();
    labour.iter().for_each(|line| components.labour[line.payer as usize] += line.amount);
    parts.iter().for_each(|line| components.parts[line.payer as usize] += line.amount);
    shop.orders.push(Order {
        number: format!("W{}{serial:03}", day.format("%Y%m%d")),
        opened_at,
        promised_at: completed_at + Duration::minutes(30),
        completed_at: Some(completed_at),
        void_on: None,
        vehicle,
        mileage: shop.vehicles[vehicle].first_mileage,
        advisor: dice.pick(&ADVISORS),
        team: TEAMS[team].0,
        job: Job::Maintenance,
        appointment: None,
        comeback_of: None,
        labour,
        parts,
        exported: true,
        special: true,
    });
    let (order, at) = (shop.orders.len() - 1, completed_at + Duration::minutes(12));
    let settlement = settle::push(shop, order, at, components, Terms::Immediate, "", None);
    let (paid_at, due) = (at + Duration::minutes(3), components.due()[0]);
    pay::receive(shop, dice, order, Some(settlement), paid_at, Tender::Transfer, due, "");
}
