//! Warranty claims: one for every settlement with warranty due, and the maker's view of them.

use super::fleet;
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Claim, Shop};
use chrono::{Duration, NaiveDate};
use std::collections::BTreeMap;

/// Files the claims of the shop and of its second-level dealer; the upload system has the same ones.
pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    let mut claims = Vec::new();
    for settlement in &shop.settlements {
        let filed_on = settlement.at.date() + Duration::days(dice.between(0, 4));
        if settlement.due[1] > Fen::ZERO && filed_on <= shop.end {
            let order = &shop.orders[settlement.order];
            let vin = shop.vehicles[order.vehicle].vin.clone();
            let (labour, parts) = (settlement.components.labour[1], settlement.components.parts[1]);
            claims.push(claim(dice, shop.end, true, order.number.clone(), vin, labour, parts, filed_on));
        }
    }
    for day in shop.days().skip(2).step_by(5) {
        let vin = shop.vehicles[fleet::regular(shop, dice)].vin.clone();
        let number = format!("EW{}001", day.format("%Y%m%d"));
        claims.push(claim(dice, shop.end, false, number, vin, Fen(6_400), Fen(24_980), day));
    }
    claims.sort_by_key(|claim| claim.filed_on);
    let mut per_day: BTreeMap<NaiveDate, u32> = BTreeMap::new();
    for claim in &mut claims {
        let serial = per_day.entry(claim.filed_on).or_insert(0);
        *serial += 1;
        claim.number = format!("SB{}{serial:03}", claim.filed_on.format("%Y%m%d"));
        if claim.parts > Fen::ZERO {
            claim.old_part = format!("OP{}{serial:03}", claim.filed_on.format("%Y%m%d"));
        }
    }
    shop.portal = claims.clone();
    shop.claims = claims;
}

/// A claim on its way: decided after a week or so, paid two weeks later, the old part sent back meanwhile.
#[expect(clippy::too_many_arguments, reason = "the facts of a claim")]
fn claim(
    dice: &mut Dice,
    end: NaiveDate,
    own_shop: bool,
    order_no: String,
    vin: String,
    labour: Fen,
    parts: Fen,
    filed_on: NaiveDate,
) -> Claim {
    let not_later = |day: NaiveDate| (day <= end).then_some(day);
    let decided_on = not_later(filed_on + Duration::days(dice.between(5, 14)));
    let refused = dice.chance(7);
    // What is not decided yet has more often come back once.
    let resubmissions = i64::from(dice.chance(if decided_on.is_none() { 25 } else { 12 }));
    let paid_after = Duration::days(dice.between(8, 18));
    let returned_after = Duration::days(dice.between(10, 20));
    Claim {
        number: String::new(),
        own_shop,
        order_no,
        vin,
        labour,
        parts,
        filed_on,
        resubmissions,
        decided_on,
        refused,
        paid_on: decided_on.filter(|_| !refused).and_then(|day| not_later(day + paid_after)),
        old_part: String::new(),
        old_part_returned_on: Some(filed_on + returned_after).filter(|day| *day <= end && parts > Fen::ZERO),
    }
}
