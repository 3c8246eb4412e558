//! Gaps and differences in the shop's own books, which a report shows and no check fires on: cars without a file,
//! visits that nobody entered, parts that an open order waits for, counts that differ from the books.

use super::statements::record;
use crate::model::fen::Fen;
use crate::sample::books::{Outcome, Request};
use crate::sample::dice::Dice;
use crate::sample::events::{FileState, Job, Order, Purchase, Shop};
use crate::sample::pools::REPAIR_PARTS;
use crate::sample::simulate::months::months;
use crate::sample::simulate::work::product;
use chrono::Duration;

/// Cars that were in the shop and have no file, or one with a gap.
pub fn files(shop: &mut Shop) {
    let fits = |order: &Order| {
        let visits = !matches!(order.job, Job::Pdi | Job::Internal | Job::FirstService) && order.exported;
        visits && !order.special && order.void_on.is_none()
    };
    let orders: Vec<usize> = (0..shop.orders.len()).filter(|at| fits(&shop.orders[*at])).collect();
    let last: Vec<usize> = orders.iter().copied().filter(|at| shop.orders[*at].opened_at.date() == shop.end).collect();
    let spread = orders.into_iter().skip(20).step_by(61);
    let states = [FileState::Missing, FileState::NoPhone, FileState::OldPhone, FileState::NoModel];
    for (at, state) in last.into_iter().take(4).chain(spread).zip(states.into_iter().cycle()) {
        let vehicle = shop.orders[at].vehicle;
        if shop.vehicles[vehicle].file != FileState::Full {
            continue;
        }
        shop.vehicles[vehicle].file = state;
        let first = shop.orders.iter().find(|order| order.vehicle == vehicle).unwrap_or(&shop.orders[at]);
        let (number, day) = (first.number.clone(), first.opened_at.date());
        let vin = &shop.vehicles[vehicle].vin;
        let (kind, what) = match state {
            FileState::Missing => ("file_missing", "no file"),
            FileState::NoPhone => ("file_gap", "a file without a phone"),
            FileState::OldPhone => ("file_differs", "another phone in its file than on its order"),
            FileState::Full | FileState::NoModel => ("file_gap", "a file without a model"),
        };
        let note = format!("{vin} has {what}");
        record(shop, kind, &number, Fen::ZERO, day, note);
    }
}

/// Visits that are in the showroom's book and not in the dealer system.
pub fn visits(shop: &mut Shop) {
    let open = |at: &usize| shop.visits[*at].outcome == Outcome::Open;
    let mut open: Vec<usize> = (0..shop.visits.len()).filter(open).collect();
    let last = open.pop();
    for at in open.into_iter().skip(7).step_by(37).chain(last) {
        shop.visits[at].entered = false;
        let (note, day) = (format!("{} not entered", shop.visits[at].number), shop.visits[at].at.date());
        record(shop, "visit_not_entered", "", Fen::ZERO, day, note);
    }
}

/// Open orders of the last days that wait for a part: asked for, not there, ordered the same day.
pub fn parts_short(shop: &mut Shop) {
    let waits = |order: &&Order| {
        let age = (shop.end - order.opened_at.date()).num_days();
        let open = order.completed_at.is_none() && order.void_on.is_none() && !order.special;
        open && (1..=9).contains(&age) && matches!(order.job, Job::Repair | Job::Body | Job::Warranty)
    };
    let waiting: Vec<Order> = shop.orders.iter().filter(waits).take(4).cloned().collect();
    for (order, part) in waiting.into_iter().zip([1, 6, 3, 0]) {
        let part = REPAIR_PARTS[part];
        let at = order.opened_at + Duration::minutes(55);
        if order.parts.iter().any(|line| line.number == part.0) {
            continue;
        }
        let (number, on) = (order.number.clone(), at.date());
        shop.requests.push(Request { order_no: order.number, part: part.0, at, quantity: part.5, at_once: 0 });
        let line =
            1 + i64::try_from(shop.purchases.iter().filter(|one| one.received_on.is_none()).count()).unwrap_or(0);
        let urgent = format!("CG{}901", on.format("%Y%m%d"));
        shop.purchases.push(Purchase {
            number: urgent,
            line,
            part,
            quantity: part.5,
            ordered_on: on,
            received_on: None,
        });
        let note = format!("{} asked for and not there", part.0);
        record(shop, "part_short", &number, product(part.5, Fen(part.4)), on, note);
    }
}

/// Two parts of every count lie otherwise than the books say.
pub fn counts(shop: &mut Shop, dice: &mut Dice) {
    let off = |shop: &Shop, part: &str| shop.planted.iter().any(|one| one.note.starts_with(part));
    for month in months(shop) {
        let clean = |at: &usize| {
            let count = &shop.shelf_counts[*at];
            count.on == month.last && count.book > 200 && !off(shop, count.part.0)
        };
        let mut counts: Vec<usize> = (0..shop.shelf_counts.len()).filter(clean).collect();
        dice.shuffle(&mut counts);
        for (at, difference) in counts.into_iter().zip([-100, 200]) {
            let count = &mut shop.shelf_counts[at];
            count.counted += difference;
            let (part, on) = (count.part, count.on);
            let off = if difference > 0 { "two pieces more" } else { "one piece less" };
            let note = format!("{} counted {off} than the books say", part.0);
            record(shop, "count_differs", "", product(difference, Fen(part.3)), on, note);
        }
    }
}
