//! Vouchers used against the register: used twice, after their expiry, not in it, above the face.

use std::collections::BTreeMap;

use super::{Check, CheckKind, by_order};
use crate::model::Fen;
use crate::model::records::{Facts, Voucher};
use crate::reconcile::clearing::live_settlements;

pub fn checks(facts: &Facts) -> Vec<Check> {
    let mut checks = reused(facts);
    checks.extend(facts.vouchers.iter().filter_map(expired));
    let mut by_number: BTreeMap<&str, Vec<&Voucher>> = BTreeMap::new();
    for voucher in facts.vouchers.iter().filter(|v| !v.order_no.is_empty()) {
        by_number.entry(&voucher.order_no).or_default().push(voucher);
    }
    for settlements in by_order(facts).values() {
        let live = live_settlements(settlements);
        let used: Fen = live.iter().map(|s| s.voucher_amount).sum();
        let Some(first) = live.iter().find(|s| s.voucher_amount.0 > 0) else { continue };
        let vouchers = by_number.get(first.order_no.as_str()).map_or(&[][..], Vec::as_slice);
        let face: Fen = vouchers.iter().map(|v| v.face_amount).sum();
        // A register made before the settlement cannot know the voucher's use yet: nothing is said.
        let known = facts.vouchers_known_to.zip(first.settled_on()).is_some_and(|(known, settled)| known >= settled);
        let kind = match vouchers.is_empty() {
            true if known => CheckKind::VoucherUnknown,
            false if used > face => CheckKind::VoucherOverFace,
            _ => continue,
        };
        let numbers: Vec<&str> = vouchers.iter().map(|v| v.voucher_no.as_str()).collect();
        let mut origins = vec![first.origin.clone()];
        origins.extend(vouchers.iter().map(|v| v.origin.clone()));
        checks.push(Check {
            kind,
            order_no: first.order_no.clone(),
            receipt_no: String::new(),
            amount: if kind == CheckKind::VoucherUnknown { used } else { used - face },
            date: first.settled_on(),
            detail: format!("{} {used} / {face} {}", first.settlement_no, numbers.join(" / ")).trim_end().to_owned(),
            origins,
        });
    }
    checks
}

/// Used after the last day on which it holds.
fn expired(voucher: &Voucher) -> Option<Check> {
    let (used_on, expires_on) = (voucher.used_at?.date(), voucher.expires_on?);
    (used_on > expires_on).then(|| {
        let detail = format!("{}: {used_on} > {expires_on}", voucher.voucher_no);
        let check =
            Check::new(CheckKind::VoucherExpired, &voucher.order_no, voucher.face_amount, Some(used_on), detail);
        check.from([&voucher.origin])
    })
}

/// One voucher number used on two orders: two rows of the register.
fn reused(facts: &Facts) -> Vec<Check> {
    let mut uses: BTreeMap<&str, Vec<&Voucher>> = BTreeMap::new();
    for voucher in facts.vouchers.iter().filter(|v| !v.order_no.is_empty()) {
        uses.entry(&voucher.voucher_no).or_default().push(voucher);
    }
    let mut checks = Vec::new();
    for (number, mut vouchers) in uses.into_iter().filter(|(_, v)| v.len() > 1) {
        vouchers.sort_by_key(|v| (v.used_at, &v.order_no));
        let last = vouchers[vouchers.len() - 1]; // two at least
        let orders: Vec<&str> = vouchers.iter().map(|v| v.order_no.as_str()).collect();
        checks.push(Check {
            kind: CheckKind::VoucherReused,
            order_no: last.order_no.clone(),
            receipt_no: String::new(),
            amount: last.face_amount,
            date: last.used_at.map(|t| t.date()),
            detail: format!("{number}: {}", orders.join(" / ")),
            origins: vouchers.iter().map(|v| v.origin.clone()).collect(),
        });
    }
    checks
}
