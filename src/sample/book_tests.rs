//! The books beside the settlements: cars, accessories, parts asked for and counted, files, journals.

use super::books::{MoveKind, Outcome};
use super::events::{FileState, Habit, Job, Shop};
use super::simulate::fleet::SERVICE_INTERVAL;
use super::{Options, simulate};
use crate::model::fen::Fen;
use chrono::{Datelike, Duration, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// Both systems, with two seeds each.
fn shops() -> impl Iterator<Item = Shop> {
    [(1, 0), (1, 1), (5, 0), (5, 1)]
        .into_iter()
        .map(|(seed, index)| simulate(&Options { seed, ..Options::default() }, index))
}

/// The first words of the notes of a kind: a number, a VIN, a part.
fn noted<'a>(shop: &'a Shop, kind: &str) -> BTreeSet<&'a str> {
    let of_kind = shop.planted.iter().filter(|one| one.kind == kind);
    of_kind.map(|one| one.note.split(' ').next().unwrap()).collect()
}

fn stock(shop: &Shop, day: NaiveDate) -> BTreeSet<&str> {
    shop.cars.iter().filter(|car| car.stands_on(day)).map(|car| car.vin.as_str()).collect()
}

#[test]
fn cars_of_yesterday_and_arrivals_without_deliveries_are_the_cars_of_today() {
    for shop in shops() {
        for day in shop.days() {
            let mut expected = stock(&shop, day - Duration::days(1));
            for car in shop.cars.iter().filter(|car| car.arrived_on == day) {
                assert!(expected.insert(&car.vin), "{} arrives twice", car.vin);
            }
            for contract in shop.contracts.iter().filter(|one| one.delivered_on == Some(day)) {
                assert!(expected.remove(contract.vin.as_str()), "{} is delivered and was not there", contract.vin);
            }
            assert_eq!(stock(&shop, day), expected, "{day}");
        }
        let ages =
            shop.cars.iter().filter(|car| car.left_on.is_none()).map(|car| (shop.end - car.arrived_on).num_days());
        let ages: Vec<i64> = ages.collect();
        let older = |days: i64| ages.iter().filter(|age| **age > days).count();
        assert!(older(90) >= 5 && older(180) >= 1);
    }
}

#[test]
fn a_contracts_car_stands_in_stock_from_the_order_to_the_delivery() {
    for shop in shops() {
        let vins: BTreeSet<&str> = shop.cars.iter().map(|car| car.vin.as_str()).collect();
        assert_eq!(vins.len(), shop.cars.len());
        for contract in &shop.contracts {
            let last = contract.delivered_on.unwrap_or(shop.end + Duration::days(1));
            assert!(last > contract.ordered_on);
            for day in contract.ordered_on.iter_days().take_while(|day| *day < last) {
                assert!(stock(&shop, day).contains(contract.vin.as_str()), "{} on {day}", contract.number);
            }
        }
        assert!(shop.contracts.iter().filter(|one| one.cancelled_on.is_some()).count() >= 2);
        assert!(shop.contracts.iter().all(|one| one.cancelled_on.is_none() || one.delivered_on.is_none()));
    }
}

#[test]
fn visits_that_are_won_are_the_contracts_of_their_day() {
    for shop in shops() {
        let won = shop.visits.iter().filter(|visit| visit.outcome == Outcome::Won);
        let mut won: Vec<_> = won.map(|visit| (visit.at.date(), visit.customer.as_str(), visit.salesperson)).collect();
        let sold = shop.contracts.iter().filter(|one| one.ordered_on >= shop.start);
        let mut sold: Vec<_> = sold.map(|one| (one.ordered_on, one.customer.as_str(), one.salesperson)).collect();
        won.sort_unstable();
        sold.sort_unstable();
        assert_eq!(won, sold);
        assert!(shop.visits.iter().all(|visit| (visit.outcome == Outcome::Lost) != visit.reason.is_empty()));
        let not_entered = shop.visits.iter().filter(|visit| !visit.entered).map(|visit| visit.number.as_str());
        assert_eq!(not_entered.collect::<BTreeSet<&str>>(), noted(&shop, "visit_not_entered"));
    }
}

#[test]
fn no_accessory_is_ever_short_and_its_sales_are_those_of_orders_counter_and_cars() {
    for shop in shops() {
        let mut on_hand: BTreeMap<&str, i64> = BTreeMap::new();
        let mut days: Vec<NaiveDate> = shop.moves.iter().map(|one| one.on).collect();
        days.dedup();
        for day in days {
            for one in shop.moves.iter().filter(|one| one.on == day) {
                assert!(one.quantity > 0 && one.amount >= Fen::ZERO);
                let quantity = if one.kind.comes_in() { one.quantity } else { -one.quantity };
                *on_hand.entry(one.item.0).or_default() += quantity;
            }
            assert!(on_hand.values().all(|quantity| *quantity >= 0), "{day}: {on_hand:?}");
        }
        let sold: Fen = shop.moves.iter().filter(|one| one.kind == MoveKind::Sale).map(|one| one.amount).sum();
        let lines = shop.orders.iter().flat_map(|order| &order.parts);
        let lines = lines.chain(shop.sales.iter().flat_map(|sale| &sale.lines));
        let of_parts: Fen = lines.filter(|line| line.category == "精品").map(|line| line.amount).sum();
        let delivered = shop.contracts.iter().filter(|one| one.delivered_on.is_some_and(|day| day >= shop.start));
        assert_eq!(sold, of_parts + delivered.map(|one| one.accessories()).sum());
        // The parts store has the same pieces at the end, but for the piece that is planted to be missing.
        for one in shop.stock.iter().filter(|one| one.as_of == shop.end && on_hand.contains_key(one.part.0)) {
            let missing = if noted(&shop, "stock_differs").contains(one.part.0) { 100 } else { 0 };
            assert_eq!(one.quantity + missing, on_hand[one.part.0], "{}", one.part.0);
        }
    }
}

#[test]
fn every_part_of_an_order_was_asked_for_and_what_waits_is_planted() {
    for shop in shops() {
        let mut issued: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for order in &shop.orders {
            for line in &order.parts {
                *issued.entry((&order.number, line.number)).or_default() += line.quantity;
            }
        }
        let mut waiting = BTreeSet::new();
        for request in &shop.requests {
            assert!((0..=request.quantity).contains(&request.at_once));
            match issued.remove(&(request.order_no.as_str(), request.part)) {
                Some(quantity) => assert_eq!(quantity, request.quantity),
                None => assert!(waiting.insert(request.order_no.as_str())),
            }
        }
        assert!(issued.is_empty(), "issued and never asked for: {issued:?}");
        let planted = shop.planted.iter().filter(|one| one.kind == "part_short").map(|one| one.order_no.as_str());
        assert_eq!(waiting, planted.collect());
        let short = shop.requests.iter().filter(|one| one.at_once < one.quantity).count();
        assert!(short * 100 / shop.requests.len() < 10 && short > 20);
    }
}

#[test]
fn counts_are_what_the_books_say_but_for_the_planted_parts() {
    for shop in shops() {
        let mut differing = BTreeSet::new();
        for count in &shop.shelf_counts {
            let book = shop.stock.iter().find(|one| one.as_of == count.on && one.part.0 == count.part.0).unwrap();
            assert_eq!(book.quantity, count.book);
            if count.counted != count.book {
                differing.insert((count.on, count.part.0));
            }
        }
        let planted = shop.planted.iter().filter(|one| one.kind == "count_differs");
        assert_eq!(differing, planted.map(|one| (one.date, one.note.split(' ').next().unwrap())).collect());
        assert_eq!(differing.len(), 4);
    }
}

#[test]
fn cars_of_orders_have_files_but_for_the_planted_ones() {
    for shop in shops() {
        let visited: BTreeSet<usize> = shop.orders.iter().map(|order| order.vehicle).collect();
        let with = |states: [FileState; 2]| -> BTreeSet<&str> {
            let vehicles = visited.iter().map(|at| &shop.vehicles[*at]);
            vehicles.filter(|one| states.contains(&one.file)).map(|one| one.vin.as_str()).collect()
        };
        assert_eq!(with([FileState::Missing; 2]), noted(&shop, "file_missing"));
        assert_eq!(with([FileState::OldPhone; 2]), noted(&shop, "file_differs"));
        assert_eq!(with([FileState::NoPhone, FileState::NoModel]), noted(&shop, "file_gap"));
        let mut today = shop.orders.iter().filter(|order| order.opened_at.date() == shop.end);
        assert!(today.any(|order| shop.vehicles[order.vehicle].file == FileState::Missing));
    }
}

#[test]
fn first_services_are_of_cars_sold_half_a_year_before() {
    for shop in shops() {
        let first = shop.orders.iter().filter(|order| order.job == Job::FirstService);
        let late: Vec<i64> = first
            .map(|order| {
                let vehicle = &shop.vehicles[order.vehicle];
                assert_eq!(vehicle.habit, Habit::Young);
                (order.opened_at.date() - vehicle.sold_on).num_days() - SERVICE_INTERVAL
            })
            .collect();
        assert!(late.len() > 20 && late.iter().any(|days| *days > 0) && late.iter().any(|days| *days < 0));
        let due = |one: &&super::events::Vehicle| {
            let due = one.sold_on + Duration::days(SERVICE_INTERVAL);
            one.habit == Habit::Young && due >= shop.start && due <= shop.end
        };
        assert!(shop.vehicles.iter().filter(due).any(|one| one.busy_until.is_none()), "somebody does not come");
    }
}

#[test]
fn the_workshop_has_large_tickets_late_cars_and_care_products_of_everybody() {
    for shop in shops() {
        let large = shop.settlements.iter().filter(|one| one.components.gross_of_all() >= Fen(1_000_000));
        assert!(large.count() >= 2);
        let late = shop.orders.iter().filter(|order| {
            let open = order.completed_at.is_none() && order.void_on.is_none();
            open && order.promised_at.date() < shop.end - Duration::days(3)
        });
        assert!(late.count() >= 1);
        let lines = shop.orders.iter().flat_map(|order| &order.parts);
        let care: BTreeSet<&str> = lines.filter(|line| line.category == "养护品").map(|line| line.technician).collect();
        assert_eq!(care.len(), 12);
        let months: BTreeSet<u32> = shop.vouchers.iter().map(|one| one.issued_on.month()).collect();
        assert!([9, 10].iter().all(|month| months.contains(month)));
        let expired = shop.vouchers.iter().filter(|one| one.used.is_none() && one.expires_on < shop.end);
        assert!(expired.count() >= 3);
        let overdue = shop.complaints.iter().filter(|one| one.closed_on.is_none() && one.due_on < shop.end);
        assert!(overdue.count() >= 2);
    }
}

#[test]
fn journals_foot_line_by_line() {
    for shop in shops() {
        let mut last: BTreeMap<&str, (usize, Fen)> = BTreeMap::new();
        for line in &shop.journals {
            let before = last.insert(line.account, (line.serial, line.balance));
            if let Some((serial, balance)) = before {
                assert_eq!((line.serial, line.balance), (serial + 1, balance + line.paid_in - line.paid_out));
            }
            assert!(line.balance > Fen::ZERO);
        }
        assert_eq!(last.len(), 2);
    }
}
