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

/// Spoils a payment; returns the amount that is wrong.
type Fault = fn(&mut Shop, usize) -> Fen;

/// On the statement: one paid short, one too much, one twice.
pub fn after(shop: &mut Shop) {
    let clean = |shop: &Shop, payment: &ClaimPayment| {
        let claim = shop.claims.iter().find(|claim| claim.number == payment.claim);
        let planted = shop.planted.iter().any(|one| one.note.starts_with(&payment.claim));
        claim.is_some_and(|claim| claim.own_shop) && !planted && payment.paid > Fen(10_000)
    };
    let faults: [(&str, &str, Fault); 3] = [
        ("claim_short_paid", "paid 50 yuan less than approved", paid_short),
        ("claim_over_paid", "paid 30 yuan more than approved", paid_over),
        ("claim_paid_twice", "on the statement twice", paid_twice),
    ];
    for (kind, what, fault) in faults {
        let Some(at) = (0..shop.payments.len()).find(|at| clean(shop, &shop.payments[*at])) else { break };
        let number = shop.payments[at].claim.clone();
        let amount = fault(shop, at);
        if let Some(claim) = shop.claims.iter().position(|claim| claim.number == number) {
            note(shop, kind, claim, amount, what);
        }
    }
    shop.payments.sort_by(|one, other| (one.paid_on, &one.claim).cmp(&(other.paid_on, &other.claim)));
}

fn paid_short(shop: &mut Shop, at: usize) -> Fen {
    shop.payments[at].paid -= Fen(5_000);
    shop.payments[at].remark = "工时核减";
    Fen(5_000)
}

fn paid_over(shop: &mut Shop, at: usize) -> Fen {
    shop.payments[at].paid += Fen(3_000);
    Fen(3_000)
}

fn paid_twice(shop: &mut Shop, at: usize) -> Fen {
    let again = shop.payments[at].clone();
    let paid_on = (again.paid_on + Duration::days(4)).min(shop.end);
    let paid = again.paid;
    shop.payments.push(ClaimPayment { paid_on, ..again });
    paid
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
