//! How customers pay: at once, the next day, in several tenders, with a deposit before.

use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Job, Payer, Receipt, Shop, Subject, Tender, Terms};
use crate::sample::pools::CASHIERS;
use chrono::{Duration, NaiveDateTime};

const TENDERS: [(Tender, i64); 5] =
    [(Tender::Wechat, 42), (Tender::Alipay, 20), (Tender::Card, 20), (Tender::Cash, 12), (Tender::Transfer, 6)];

pub fn tender(dice: &mut Dice) -> Tender {
    dice.weighted(&TENDERS)
}

/// A tender that leaves the drawer alone, for refunds.
pub fn tender_without_cash(dice: &mut Dice) -> Tender {
    dice.weighted(&[(Tender::Wechat, 60), (Tender::Alipay, 40)])
}

/// A large repair that takes days is begun with a deposit. Returns what was received.
pub fn deposit(shop: &mut Shop, dice: &mut Dice, order: usize, completed_at: NaiveDateTime) -> Option<Fen> {
    let what = &shop.orders[order];
    let labour: Fen = what.labour.iter().filter(|line| line.payer == Payer::Customer).map(|line| line.amount).sum();
    let parts: Fen = what.parts.iter().filter(|line| line.payer == Payer::Customer).map(|line| line.amount).sum();
    let long = completed_at.date() > what.opened_at.date() && matches!(what.job, Job::Body | Job::Repair);
    let company = shop.vehicles[what.vehicle].company.is_some();
    if !long || company || labour + parts < Fen(90_000) || !dice.chance(60) {
        return None;
    }
    // Whole hundreds of yuan, at most 40 %: discount and voucher never bring the due below it.
    let amount = Fen((labour + parts).0 * 4 / 10 / 10_000 * 10_000);
    let at = what.opened_at + Duration::seconds(dice.between(300, 900));
    let tender = tender(dice);
    let receipt = receive(shop, dice, order, None, at, tender, amount, "")?;
    shop.receipts[receipt].purpose = "预收";
    Some(amount)
}

/// Pays a settlement as its customer does. Who has an account pays later, see `accounts`.
pub fn pay(shop: &mut Shop, dice: &mut Dice, settlement: usize, deposit: Fen) {
    let (order, due) = (shop.settlements[settlement].order, shop.settlements[settlement].due[0] - deposit);
    if due.is_zero() || shop.settlements[settlement].terms == Terms::OnAccount {
        return;
    }
    let settled_at = shop.settlements[settlement].at;
    let tender = tender(dice);
    if dice.chance(6) {
        let day = settled_at.date() + Duration::days(dice.between(1, 3));
        let at = dice.moment(day, 9 * 60, 17 * 60);
        receive(shop, dice, order, None, at, tender, due, "次日补收");
        return;
    }
    let at = settled_at + Duration::seconds(dice.between(60, 900));
    if due > Fen(30_000) && dice.chance(8) {
        let first = Fen(due.0 / 3 / 1_000 * 1_000);
        receive(shop, dice, order, Some(settlement), at, Tender::Cash, first, "");
        let other = tender_without_cash(dice);
        receive(shop, dice, order, Some(settlement), at + Duration::seconds(40), other, due - first, "");
        return;
    }
    receive(shop, dice, order, Some(settlement), at, tender, due, "");
}

/// Takes money for an order, unless that lies behind the last day. Returns the receipt's position.
#[expect(clippy::too_many_arguments, reason = "a receipt has that many facts and each caller gives them all")]
pub fn receive(
    shop: &mut Shop,
    dice: &mut Dice,
    order: usize,
    settlement: Option<usize>,
    at: NaiveDateTime,
    tender: Tender,
    amount: Fen,
    remark: &'static str,
) -> Option<usize> {
    if at.date() > shop.end {
        return None;
    }
    let vehicle = &shop.vehicles[shop.orders[order].vehicle];
    let receipt = Receipt {
        number: String::new(),
        at,
        cashier: dice.pick(&CASHIERS),
        order_ref: shop.orders[order].number.clone(),
        subjects: vec![Subject::Order(order)],
        settlement,
        plate: vehicle.plate.clone(),
        payer: vehicle.customer.clone(),
        tender,
        amount,
        reference: reference(dice, tender),
        purpose: "维修",
        remark,
        dropped: false,
    };
    shop.receipts.push(receipt);
    Some(shop.receipts.len() - 1)
}

/// The acquirer's number; cash and transfers have none.
pub fn reference(dice: &mut Dice, tender: Tender) -> String {
    match tender {
        Tender::Cash | Tender::Transfer => String::new(),
        _ => dice.between(100_000_000_000, 999_999_999_999).to_string(),
    }
}
