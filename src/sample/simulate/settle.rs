//! Settlements: what an order costs each payer, and the ones that are taken back and made again.

use super::fleet;
use super::pay;
use super::work::percent;
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Components, Job, Order, Payer, Settlement, Shop, Terms, Voucher};
use crate::sample::pools::MANAGERS;
use chrono::{Duration, NaiveDate, NaiveDateTime, Timelike};

/// Settles an order and lets the customer pay.
pub fn settle(shop: &mut Shop, dice: &mut Dice, order: usize, at: NaiveDateTime, deposit: Option<Fen>) {
    let (mut components, approver) = priced(dice, &shop.orders[order], deposit.is_some());
    let company = shop.vehicles[shop.orders[order].vehicle].company.is_some();
    let terms = if company && components.due()[0] > Fen::ZERO { Terms::OnAccount } else { Terms::Immediate };
    if components.voucher > Fen::ZERO {
        use_voucher(shop, dice, order, at, components.voucher);
    }
    let plain = deposit.is_none() && terms == Terms::Immediate && components.discount.is_zero();
    let simple =
        plain && components.voucher.is_zero() && components.waived.is_zero() && components.due()[0] > Fen(20_000);
    if simple && at.hour() < 17 && dice.chance(2) {
        components.rounding = Fen::ZERO;
        settle_twice(shop, dice, order, at, components);
        return;
    }
    if terms == Terms::Immediate && dice.chance(35) {
        components.rounding = Fen(components.due()[0].0 % 100);
    }
    let settlement = push(shop, order, at, components, terms, approver, None);
    pay::pay(shop, dice, settlement, deposit.unwrap_or(Fen::ZERO));
}

/// The components of an order's settlement and who approved what is given away.
fn priced(dice: &mut Dice, order: &Order, has_deposit: bool) -> (Components, &'static str) {
    let mut components = Components::default();
    for line in &order.labour {
        components.labour[line.payer as usize] += line.amount;
    }
    for line in &order.parts {
        components.parts[line.payer as usize] += line.amount;
    }
    let customer_works = !components.labour[0].is_zero();
    if customer_works && matches!(order.job, Job::Repair | Job::Body) && dice.chance(6) {
        components.sublet[0] = Fen(dice.between(12, 48) * 1_000);
    }
    let gross = components.gross(Payer::Customer);
    if gross < Fen(10_000) {
        return (components, "");
    }
    let mut approver = "";
    if dice.chance(16) {
        let share = dice.between(3, 12);
        components.discount = whole_yuan(percent(gross, share));
    } else if dice.chance(1) {
        components.discount = whole_yuan(percent(gross, 25));
        approver = MANAGERS[0];
    }
    if gross > Fen(40_000) && dice.chance(7) {
        components.voucher = Fen(dice.pick(&[5_000, 10_000, 20_000]));
    } else if !has_deposit && dice.chance(1) {
        components.waived = components.due()[0];
        approver = MANAGERS[1];
    }
    (components, approver)
}

/// Cut to whole yuan.
pub fn whole_yuan(amount: Fen) -> Fen {
    Fen(amount.0 - amount.0 % 100)
}

/// Settled without the promised discount, taken back and settled again, with the difference paid back if it was paid.
fn settle_twice(shop: &mut Shop, dice: &mut Dice, order: usize, at: NaiveDateTime, first: Components) {
    shop.orders[order].special = true;
    let share = dice.between(5, 10);
    let mut second = first;
    second.discount = whole_yuan(percent(first.gross(Payer::Customer), share));
    let wrong = push(shop, order, at, first, Terms::Immediate, "", None);
    let tender = pay::tender_without_cash(dice);
    let paid_first = dice.chance(50);
    if paid_first {
        pay::receive(shop, dice, order, Some(wrong), at + Duration::minutes(4), tender, first.due()[0], "");
    }
    push(shop, order, at + Duration::minutes(40), first.negated(), Terms::Immediate, "", Some(wrong));
    let right = push(shop, order, at + Duration::minutes(43), second, Terms::Immediate, "", None);
    let (amount, remark) = if paid_first { (-second.discount, "重结退款") } else { (second.due()[0], "") };
    pay::receive(shop, dice, order, Some(right), at + Duration::minutes(49), tender, amount, remark);
}

/// Adds a settlement whose dues follow from its components; the number comes later.
pub fn push(
    shop: &mut Shop,
    order: usize,
    at: NaiveDateTime,
    components: Components,
    terms: Terms,
    approver: &'static str,
    reverses: Option<usize>,
) -> usize {
    let due = components.due();
    shop.settlements.push(Settlement { number: String::new(), order, at, components, due, terms, approver, reverses });
    shop.settlements.len() - 1
}

fn use_voucher(shop: &mut Shop, dice: &mut Dice, order: usize, at: NaiveDateTime, face: Fen) {
    let issued_on = at.date() - Duration::days(dice.between(10, 80));
    let plate = shop.vehicles[shop.orders[order].vehicle].plate.clone();
    push_voucher(shop, face, issued_on, plate, Some((order, at)));
}

/// Vouchers that customers hold and have not used: old ones that expire meanwhile, newer ones, and those given out now.
pub fn issue_unused_vouchers(shop: &mut Shop, dice: &mut Dice) {
    let last = (shop.end - shop.start).num_days();
    for (low, high) in [(90, 177), (0, 60), (-last, 0)].into_iter().cycle().take(30) {
        let issued_on = shop.start - Duration::days(dice.between(low, high));
        let plate = shop.vehicles[fleet::regular(shop, dice)].plate.clone();
        let face = Fen(dice.pick(&[5_000, 10_000]));
        push_voucher(shop, face, issued_on, plate, None);
    }
}

/// Adds a voucher under the next number.
fn push_voucher(shop: &mut Shop, face: Fen, issued_on: NaiveDate, plate: String, used: Option<(usize, NaiveDateTime)>) {
    let number = format!("DJQ{:06}", shop.vouchers.len() + 1);
    let expires_on = issued_on + Duration::days(180);
    shop.vouchers.push(Voucher { number, face, issued_on, expires_on, plate, used });
}
