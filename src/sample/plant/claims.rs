//! Differences between the shop's warranty claims and the maker's upload system.

use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Claim, Planted, Shop};

/// One claim of each kind of difference, all of the shop's own and old enough to be due.
pub fn plant(shop: &mut Shop, dice: &mut Dice) {
    let mut own: Vec<usize> = (0..shop.claims.len()).filter(|at| is_ripe(shop, *at)).collect();
    dice.shuffle(&mut own);
    let mut own = own.into_iter();
    let mut gone_from_shop = Vec::new();
    let mut gone_from_portal = Vec::new();
    if let Some(at) = own.next() {
        record(shop, "claim_differs", at, Fen(1_000), "the upload system has 10 yuan more labour");
        undecided(shop, at);
        shop.portal[at].labour += Fen(1_000);
    }
    if let Some(at) = own.next() {
        record(shop, "claim_missing", at, total(&shop.claims[at]), "not in the upload system");
        undecided(shop, at);
        gone_from_portal.push(at);
    }
    if let Some(at) = own.next() {
        record(shop, "claim_unbilled", at, total(&shop.claims[at]), "never filed");
        gone_from_portal.push(at);
        gone_from_shop.push(at);
    }
    // A claim of the second-level dealer: missing on the shop's side it leaves no order unbilled.
    if let Some(at) = (0..shop.claims.len()).rev().find(|at| !shop.claims[*at].own_shop) {
        record(shop, "claim_extra", at, total(&shop.claims[at]), "only in the upload system");
        undecided(shop, at);
        gone_from_shop.push(at);
    }
    remove(&mut shop.claims, &gone_from_shop);
    remove(&mut shop.portal, &gone_from_portal);
}

/// The maker neither decides nor pays what the two lists have differently: that would be a second fault.
fn undecided(shop: &mut Shop, at: usize) {
    for claim in [&mut shop.claims[at], &mut shop.portal[at]] {
        (claim.decided_on, claim.paid_on) = (None, None);
    }
}

fn total(claim: &Claim) -> Fen {
    claim.labour + claim.parts
}

fn is_ripe(shop: &Shop, at: usize) -> bool {
    let age = (shop.end - shop.claims[at].filed_on).num_days();
    shop.claims[at].own_shop && (9..40).contains(&age)
}

fn remove(claims: &mut Vec<Claim>, positions: &[usize]) {
    let mut at = 0;
    claims.retain(|_| {
        at += 1;
        !positions.contains(&(at - 1))
    });
}

fn record(shop: &mut Shop, kind: &'static str, at: usize, amount: Fen, what: &str) {
    let claim = &shop.claims[at];
    let (order_no, date) = (claim.order_no.clone(), claim.filed_on);
    let note = format!("{} {what}", claim.number);
    shop.planted.push(Planted { kind, order_no, receipt: None, amount, date, note });
}
