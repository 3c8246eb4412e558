//! The maker's statement of what it paid for claims: one line for every claim paid, as the shop's own list has it.

use crate::sample::events::{ClaimPayment, Shop};

pub fn fill(shop: &mut Shop) {
    for claim in &shop.claims {
        let Some(paid_on) = claim.paid_on else { continue };
        let approved = claim.labour + claim.parts;
        let (claim, remark) = (claim.number.clone(), "");
        shop.payments.push(ClaimPayment { claim, paid_on, approved, paid: approved, remark });
    }
}
