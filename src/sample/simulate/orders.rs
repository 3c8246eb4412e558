//! The orders that are opened on one day, each followed to its end.

use super::{fleet, pay, settle, work};
use crate::sample::dice::{Dice, at_second};
use crate::sample::events::{Habit, Job, Order, Shop, Vehicle};
use crate::sample::pools::{ADVISORS, JOB_SHARES, TEAMS};
use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, Timelike, Weekday};

/// Opens a day's orders. Sundays are quieter.
pub fn open_day(shop: &mut Shop, dice: &mut Dice, day: NaiveDate, orders_per_day: u32) {
    let share = if day.weekday() == Weekday::Sun { dice.between(45, 65) } else { dice.between(88, 124) };
    let count = (i64::from(orders_per_day) * share / 100).max(1);
    let mut seconds: Vec<i64> = (0..count).map(|_| dice.between(8 * 3600, 17 * 3600 + 1200)).collect();
    seconds.sort_unstable();
    for (at, serial) in seconds.into_iter().zip(1..) {
        open(shop, dice, at_second(day, at), serial);
    }
}

/// Opens one order and lets it be worked on, settled and paid, as far as the simulated days go.
fn open(shop: &mut Shop, dice: &mut Dice, opened_at: NaiveDateTime, serial: i64) {
    let day = opened_at.date();
    // The last day has a comeback and a first service, so that its reports have them.
    let wanted = match serial {
        2 if day == shop.end => Some(Job::Comeback),
        3 if day == shop.end => Some(Job::FirstService),
        _ => None,
    };
    let (job, vehicle, comeback_of) = visit(shop, dice, day, wanted);
    let void = dice.chance(1);
    let team = if job == Job::Body { 2 } else { dice.index(2) };
    let (labour, parts) = if void { Default::default() } else { work::lines(dice, job, opened_at, team) };
    let completed_at = work::completion(dice, job, opened_at);
    let late = dice.chance(12);
    let promised_at = completed_at + Duration::minutes(if late { -dice.between(15, 45) } else { dice.between(0, 90) });
    // Some cars stand for weeks, long after they were promised.
    let stuck = matches!(job, Job::Repair | Job::Body) && dice.chance(3);
    let wait = Duration::days(if stuck { dice.between(9, 20) } else { 0 });
    let completed_at = completed_at + wait;
    shop.vehicles[vehicle].mileage += dice.between(200, 4_000);
    shop.vehicles[vehicle].busy_until = Some(completed_at.date());
    shop.orders.push(Order {
        number: format!("W{}{serial:03}", day.format("%Y%m%d")),
        opened_at,
        promised_at: promised_at.with_second(0).unwrap_or(promised_at),
        completed_at: (!void && completed_at.date() <= shop.end).then_some(completed_at),
        void_on: void.then_some(day),
        vehicle,
        mileage: shop.vehicles[vehicle].mileage,
        advisor: dice.pick(&ADVISORS),
        team: TEAMS[team].0,
        job,
        appointment: None,
        comeback_of,
        labour,
        parts,
        exported: true,
        special: void,
    });
    if void {
        return;
    }
    let order = shop.orders.len() - 1;
    let deposit = pay::deposit(shop, dice, order, completed_at);
    let settled_at = settling_time(dice, completed_at);
    shop.vehicles[vehicle].busy_until = Some(settled_at.date());
    if settled_at.date() <= shop.end {
        settle::settle(shop, dice, order, settled_at, deposit);
    }
}

/// What comes in: a kind of job and a car that is not in the shop; a comeback brings the car of an earlier order.
fn visit(shop: &Shop, dice: &mut Dice, day: NaiveDate, wanted: Option<Job>) -> (Job, usize, Option<String>) {
    let mut job = wanted.unwrap_or_else(|| dice.weighted(&JOB_SHARES));
    if job == Job::FirstService {
        match due_first_service(shop, dice, day) {
            Some(vehicle) => return (job, vehicle, None),
            None => job = Job::Maintenance,
        }
    }
    if job == Job::Comeback {
        // Mostly within ten days, now and then after more than a month.
        let reach = if dice.chance(12) { 700 } else { 150 };
        for _ in 0..20 {
            let recent = shop.orders.len().min(reach);
            if recent == 0 {
                break;
            }
            let earlier = &shop.orders[shop.orders.len() - 1 - dice.index(recent)];
            let worth = matches!(earlier.job, Job::Repair | Job::Maintenance | Job::Body) && earlier.void_on.is_none();
            let worth = worth && (day - earlier.opened_at.date()).num_days() < 60;
            if worth && is_free(shop, earlier.vehicle, day) {
                return (job, earlier.vehicle, Some(earlier.number.clone()));
            }
        }
        job = Job::Repair;
    }
    // Now and then somebody comes back who had stayed away.
    if dice.chance(1) {
        let vehicle = fleet::gone(shop, dice);
        if is_free(shop, vehicle, day) {
            return (job, vehicle, None);
        }
    }
    let mut vehicle = fleet::regular(shop, dice);
    // The pool is several times a day's orders; should all draws fail, a car comes twice, which is no fault.
    for _ in 0..60 {
        if is_free(shop, vehicle, day) {
            break;
        }
        vehicle = fleet::regular(shop, dice);
    }
    (job, vehicle, None)
}

/// A car sold half a year ago that has not been here: from some weeks before its first service falls due to some after.
fn due_first_service(shop: &Shop, dice: &mut Dice, day: NaiveDate) -> Option<usize> {
    let due = |vehicle: &Vehicle| (day - vehicle.sold_on).num_days() - fleet::SERVICE_INTERVAL;
    let comes = |vehicle: &Vehicle| vehicle.habit == Habit::Young && vehicle.busy_until.is_none();
    let young: Vec<usize> = (0..shop.vehicles.len())
        .filter(|at| comes(&shop.vehicles[*at]) && (-20..=28).contains(&due(&shop.vehicles[*at])))
        .collect();
    (!young.is_empty()).then(|| dice.pick(&young))
}

fn is_free(shop: &Shop, vehicle: usize, day: NaiveDate) -> bool {
    shop.vehicles[vehicle].busy_until.is_none_or(|until| until < day)
}

/// Most customers settle when the car is ready; some the next day, a few days later.
fn settling_time(dice: &mut Dice, completed_at: NaiveDateTime) -> NaiveDateTime {
    let wait = dice.weighted(&[(0, 91), (1, 7), (5, 2)]);
    if wait == 0 {
        return completed_at + Duration::seconds(dice.between(300, 3_000));
    }
    let days = wait + if wait > 1 { dice.between(0, 4) } else { 0 };
    dice.moment(completed_at.date() + Duration::days(days), 9 * 60, 17 * 60)
}
