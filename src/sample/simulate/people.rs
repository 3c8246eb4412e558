//! What the front desk and the customer-care people note: appointments, calls, complaints, attendance.

use super::fleet;
use crate::sample::dice::{Dice, at_second};
use crate::sample::events::{Appointment, Attendance, Callback, Complaint, Job, Shop};
use crate::sample::pools::{GIVEN, SURNAMES, TEAMS};
use chrono::{Duration, NaiveDate, Timelike};

/// The departments that a call asks about.
pub const DEPARTMENTS: [&str; 6] = ["接待", "维修质量", "配件价格", "等待时间", "结算", "清洁"];

pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    for day in shop.days() {
        appointments(shop, dice, day);
        attendance(shop, dice, day);
    }
    callbacks(shop, dice);
    complaints(shop, dice);
}

/// A third of a day's customers had an appointment; a few others had one and did not come.
fn appointments(shop: &mut Shop, dice: &mut Dice, day: NaiveDate) {
    let first = shop.orders.partition_point(|order| order.opened_at.date() < day);
    let mut serial = 0;
    for at in first..shop.orders.len() {
        if shop.orders[at].opened_at.date() > day {
            break;
        }
        let twin = shop.orders[first..at].iter().any(|order| order.number == shop.orders[at].number);
        let comes = matches!(shop.orders[at].job, Job::Maintenance | Job::Repair | Job::FirstService) && !twin;
        if !comes || shop.orders[at].void_on.is_some() || !dice.chance(40) {
            continue;
        }
        serial += 1;
        let number = format!("Y{}{serial:03}", day.format("%Y%m%d"));
        shop.orders[at].appointment = Some(number.clone());
        // Half an hour early or late, some to the hour.
        let early = dice.weighted(&[(0, 55), (1_800, 25), (-1_800, 20)]);
        let order = &shop.orders[at];
        let vehicle = &shop.vehicles[order.vehicle];
        shop.appointments.push(Appointment {
            number,
            planned_at: at_second(day, i64::from(order.opened_at.hour()) * 3600 + early),
            plate: vehicle.plate.clone(),
            customer: vehicle.customer.clone(),
            order_no: Some(order.number.clone()),
            proactive: dice.chance(40),
        });
    }
    for _ in 0..dice.between(0, 2) {
        serial += 1;
        let plate = shop.vehicles[fleet::regular(shop, dice)].plate.clone();
        let planned_at = at_second(day, dice.between(8, 16) * 3600);
        let number = format!("Y{}{serial:03}", day.format("%Y%m%d"));
        let customer = format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN));
        let proactive = dice.chance(60);
        shop.appointments.push(Appointment { number, planned_at, plate, customer, order_no: None, proactive });
    }
}

fn attendance(shop: &mut Shop, dice: &mut Dice, day: NaiveDate) {
    for (team, technicians) in TEAMS {
        for technician in technicians {
            let hours = dice.weighted(&[(800, 80), (0, 14), (400, 6)]);
            shop.attendance.push(Attendance { day, technician, team, hours });
        }
    }
}

/// Customers of settled orders are called within a few days; not all of them, and not all answer.
fn callbacks(shop: &mut Shop, dice: &mut Dice) {
    let mut called = vec![false; shop.orders.len()];
    for at in 0..shop.settlements.len() {
        let settlement = &shop.settlements[at];
        let order = settlement.order;
        let on = settlement.at.date() + Duration::days(dice.between(1, 3));
        let asked = on >= shop.start
            && !matches!(shop.orders[order].job, Job::Internal | Job::Pdi)
            && settlement.reverses.is_none();
        if !asked || called[order] || on > shop.end || !dice.chance(88) {
            continue;
        }
        called[order] = true;
        let (scores, comment) = answers(dice);
        shop.callbacks.push(Callback { order, on, scores, comment });
    }
    shop.callbacks.sort_by_key(|call| call.on);
    // Somebody called on the last day is not content with the repair.
    let end = shop.end;
    let last = shop.callbacks.iter_mut().rev().find(|call| call.on == end && call.scores.is_some());
    if let Some(call) = last {
        call.scores = Some([5, 2, 4, 4, 5, 5, 3]);
        call.comment = "维修质量方面不太满意，异响没有解决".to_string();
    }
}

/// Mostly contented; one in twenty names a department.
fn answers(dice: &mut Dice) -> (Option<[i64; 7]>, String) {
    if dice.chance(16) {
        return (None, String::new());
    }
    let mut scores = [0; 7];
    for score in &mut scores {
        *score = dice.weighted(&[(5, 76), (4, 24)]);
    }
    if !dice.chance(5) {
        return (Some(scores), String::new());
    }
    let department = dice.index(DEPARTMENTS.len());
    scores[department] = dice.between(1, 3);
    scores[6] = dice.between(2, 3);
    (Some(scores), format!("{}方面不太满意", DEPARTMENTS[department]))
}

/// A discontented caller becomes a case; most cases are closed in time.
fn complaints(shop: &mut Shop, dice: &mut Dice) {
    let mut serial = 0;
    let mut last = None;
    for call in &shop.callbacks {
        let Some(scores) = call.scores.filter(|_| !call.comment.is_empty()) else {
            continue;
        };
        serial = if last == Some(call.on) { serial + 1 } else { 1 };
        last = Some(call.on);
        let department = DEPARTMENTS[(0..6).min_by_key(|at| scores[*at]).unwrap_or(0)];
        let closed_on = call.on + Duration::days(dice.between(1, 5));
        shop.complaints.push(Complaint {
            number: format!("TS{}{serial:03}", call.on.format("%Y%m%d")),
            order: call.order,
            opened_on: call.on,
            department,
            content: call.comment.clone(),
            owner: shop.orders[call.order].advisor,
            due_on: call.on + Duration::days(3),
            closed_on: (closed_on <= shop.end && dice.chance(90)).then_some(closed_on),
            satisfied: dice.chance(85),
        });
    }
    // Two cases at least stand open at the end although they were due.
    let end = shop.end;
    let late = shop.complaints.iter_mut().rev().filter(|one| one.due_on < end);
    late.take(2).for_each(|one| one.closed_on = None);
    // One has just been closed: its second call is to be made.
    let recent = |one: &&mut Complaint| one.opened_on + Duration::days(1) <= end && one.due_on >= end;
    if let Some(one) = shop.complaints.iter_mut().find(recent) {
        one.closed_on = Some(end);
    }
}
