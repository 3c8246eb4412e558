//! What the workshop asks the parts counter for: every part that it gets, a little before it gets it.

use crate::sample::books::Request;
use crate::sample::dice::Dice;
use crate::sample::events::{Order, Shop};
use chrono::Duration;

/// One request for every part of an order; most are filled at once, some in part or later.
pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    let mut requests = Vec::new();
    for order in &shop.orders {
        of_order(&mut requests, dice, order);
    }
    shop.requests.extend(requests);
    shop.requests.sort_by(|one, other| (one.at, &one.order_no, one.part).cmp(&(other.at, &other.order_no, other.part)));
}

fn of_order(requests: &mut Vec<Request>, dice: &mut Dice, order: &Order) {
    let first = requests.len();
    for line in &order.parts {
        let again = requests[first..].iter_mut().find(|one| one.part == line.number);
        if let Some(request) = again {
            request.quantity += line.quantity;
            request.at_once += line.quantity;
            continue;
        }
        // Nobody asks before the car is there.
        let at = (line.issued_at - Duration::seconds(dice.between(120, 900))).max(order.opened_at);
        let (order_no, quantity) = (order.number.clone(), line.quantity);
        requests.push(Request { order_no, part: line.number, at, quantity, at_once: quantity });
    }
    for request in &mut requests[first..] {
        if dice.chance(5) {
            // Half of it in whole pieces: nothing where one piece was asked for.
            request.at_once = request.quantity / 200 * 100;
        }
    }
}
