//! Faults between claims and what the maker pays for them, and old parts that are not sent back.

use super::statements::record;
use crate::model::fen::Fen;
use crate::sample::events::{Claim, ClaimPayment, Shop};
use chrono::{Duration, NaiveDate};

/// Days from the decision after which money or an old part is surely late.
const LATE: i64 = 33;

/// Before the statement is written: a claim that is never paid, an old part that is never sent back.
pub fn before(shop: &mut Shop) {
    let end = shop.end;
    let late = |claim: &Claim| claim.decided_on.is_some_and(|day| (end - day).num_days() >= LATE);
    let fits = |claim: &Claim| claim.own_shop && !claim.refused && claim.paid_on.is_some() && late(claim);
    let unpaid = shop.claims.iter().position(fits);
    if let Some(at) = unpaid {
        change(shop, at, |claim| claim.paid_on = None);
        note(shop, "claim_outstanding", at, total(&shop.claims[at]), "approved, never paid");
    }
    let has_part = |claim: &Claim| fits(claim) && claim.old_part_returned_on.is_some();
    let kept = (0..shop.claims.len()).rev().find(|at| Some(*at) != unpaid && has_part(&shop.claims[*at]));
    if let Some(at) = kept {
        change(shop, at, |claim| claim.old_part_returned_on = None);
        note(shop, "old_part_late", at, total(&shop.claims[at]), "old part never sent back");
    }
}

/// On the statement: one paid short, one too much, one twice.
pub fn after(shop: &mut Shop) {
    let clean = |shop: &Shop, payment: &ClaimPayment| {
        let claim = shop.claims.iter().find(|claim| claim.number == payment.claim);
        let planted = shop.planted.iter().any(|one| one.note.starts_with(&payment.claim));
        claim.is_some_and(|claim| claim.own_shop) && !planted && payment.paid > Fen(10_000)
    };
    for kind in ["claim_short_paid", "claim_over_paid", "claim_paid_twice"] {
        let Some(at) = (0..shop.payments.len()).find(|at| clean(shop, &shop.payments[*at])) else { return };
        let amount = match kind {
            "claim_short_paid" => {
                shop.payments[at].paid = shop.payments[at].paid - Fen(5_000);
                shop.payments[at].remark = "工时核减";
                Fen(5_000)
            }
            "claim_over_paid" => {
                shop.payments[at].paid += Fen(3_000);
                Fen(3_000)
            }
            _ => {
                let again = shop.payments[at].clone();
                let paid_on = (again.paid_on + Duration::days(4)).min(shop.end);
                shop.payments.push(ClaimPayment { paid_on, ..again });
                shop.payments[at].paid
            }
        };
        let number = shop.payments[at].claim.clone();
        let claim = shop.claims.iter().position(|claim| claim.number == number);
        let what = match kind {
            "claim_short_paid" => "paid 50 yuan less than approved",
            "claim_over_paid" => "paid 30 yuan more than approved",
            _ => "on the statement twice",
        };
        if let Some(claim) = claim {
            note(shop, kind, claim, amount, what);
        }
    }
    shop.payments.sort_by(|one, other| (one.paid_on, &one.claim).cmp(&(other.paid_on, &other.claim)));
}

/// Changes a claim in the shop's list and in the upload system alike.
fn change(shop: &mut Shop, at: usize, how: fn(&mut Claim)) {
    let number = shop.claims[at].number.clone();
    how(&mut shop.claims[at]);
    shop.portal.iter_mut().filter(|claim| claim.number == number).for_each(how);
}

fn note(shop: &mut Shop, kind: &'static str, at: usize, amount: Fen, what: &str) {
    let claim = &shop.claims[at];
    let date: NaiveDate = claim.decided_on.unwrap_or(claim.filed_on);
    let (order_no, note) = (claim.order_no.clone(), format!("{} {what}", claim.number));
    record(shop, kind, &order_no, amount, date, note);
}

fn total(claim: &Claim) -> Fen {
    claim.labour + claim.parts
}
