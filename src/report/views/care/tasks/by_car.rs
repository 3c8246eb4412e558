//! Tasks that a car's age or mileage brings: first services, maintenance, letters, new cars.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Kind, Task, of_order, why};
use crate::model::Text;
use crate::report::views::care::events::Call;
use crate::report::views::care::first_services::{SoldCar, sold_cars};
use crate::report::views::care::fleet::Fleet;
use crate::report::views::care::later;
use crate::report::views::care::upkeep::{Upkeep, upkeep};
use crate::report::views::{Material, Orders};

/// Tasks of cars sold and of cars maintained.
pub fn tasks<'a>(
    material: &Material<'a>,
    orders: &Orders<'a>,
    fleet: &Fleet<'a>,
    calls: &[Call<'_>],
    settled: &HashMap<usize, NaiveDate>,
) -> Vec<Task> {
    let mut last_calls: HashMap<&str, NaiveDate> = HashMap::new();
    for call in calls {
        let last = last_calls.entry(call.reference).or_insert(call.on);
        *last = call.on.max(*last);
    }
    let mut tasks = Vec::new();
    for car in sold_cars(material, orders, fleet) {
        tasks.extend(first_service(material, &car));
        for kind in [Kind::NewCarFirst, Kind::NewCarSecond] {
            tasks.extend(new_car(material, &car, kind, &last_calls));
        }
    }
    for vehicle in upkeep(material, orders, fleet).iter().filter(|v| v.booked_on.is_none()) {
        tasks.push(maintenance(material, vehicle, Kind::Maintenance, vehicle.remind_on(material)));
        tasks.push(maintenance(material, vehicle, Kind::MaintenanceLetter, vehicle.letter_on(material)));
    }
    let mut places: Vec<(usize, NaiveDate)> = settled.iter().map(|(at, on)| (*at, *on)).collect();
    places.sort_unstable();
    let firsts = places.into_iter().filter(|(at, _)| orders.record(*at).job_type == "first_service");
    tasks.extend(firsts.map(|(at, on)| {
        let words = Text::new("{0}完成首保", "first service done on {0}");
        Task { why: why(material, words, &[on]), ..of_order(orders, at, Kind::ThanksLetter, on, on) }
    }));
    tasks
}

fn of_car(car: &SoldCar<'_>, kind: Kind, due_on: NaiveDate, event_on: NaiveDate) -> Task {
    Task {
        kind,
        due_on,
        event_on,
        number: car.delivery.map_or("", |d| d.contract_no).to_owned(),
        order: None,
        vin: car.vin.to_owned(),
        plate: car.plate.to_owned(),
        customer: car.customer.to_owned(),
        phone: car.phone.to_owned(),
        model: car.model.to_owned(),
        contact: car.delivery.map_or("", |d| d.salesperson).to_owned(),
        last_call: None,
        why: String::new(),
    }
}

/// A car that has not been here for service since it was sold.
fn first_service(material: &Material<'_>, car: &SoldCar<'_>) -> Option<Task> {
    if car.last_visit_on.is_some() {
        return None;
    }
    let due = later(car.due_on, -material.named.number(Kind::FirstService.setting()));
    let words = Text::new("{0}交车，应首保{1}或{2}公里", "delivered on {0}, first service due on {1} or at {2} km");
    let km = material.named.number("first_service_km").to_string();
    let why = words.fill(material.lang, &[&car.sold_on.to_string(), &car.due_on.to_string(), &km]);
    Some(Task { why, ..of_car(car, Kind::FirstService, due, car.due_on) })
}

/// A car that the shop handed over; a call that names its contract settles it.
fn new_car(
    material: &Material<'_>,
    car: &SoldCar<'_>,
    kind: Kind,
    last_calls: &HashMap<&str, NaiveDate>,
) -> Option<Task> {
    let delivery = car.delivery?;
    let days = material.named.number(kind.setting());
    let due = later(delivery.on, days);
    let last_call = last_calls.get(delivery.contract_no).copied();
    let from = if kind == Kind::NewCarFirst { delivery.on } else { due };
    if days == 0 || last_call.is_some_and(|on| on >= from) {
        return None;
    }
    let words = Text::new("{0}交车", "delivered on {0}");
    Some(Task { last_call, why: why(material, words, &[delivery.on]), ..of_car(car, kind, due, delivery.on) })
}

fn maintenance(material: &Material<'_>, vehicle: &Upkeep<'_>, kind: Kind, due_on: NaiveDate) -> Task {
    let words = Text::new("预计{0}保养（按{1}）", "maintenance expected on {0} (by {1})");
    let basis = vehicle.basis.get(material.lang);
    Task {
        kind,
        due_on,
        event_on: vehicle.expected_on,
        number: String::new(),
        order: None,
        vin: vehicle.vin.to_owned(),
        plate: vehicle.plate.to_owned(),
        customer: vehicle.customer.to_owned(),
        phone: vehicle.phone.to_owned(),
        model: vehicle.model.to_owned(),
        contact: vehicle.advisor.to_owned(),
        last_call: None,
        why: words.fill(material.lang, &[&vehicle.expected_on.to_string(), basis]),
    }
}
