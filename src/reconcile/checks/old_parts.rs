//! Old parts of approved claims that have not gone back to the maker in time.

use chrono::NaiveDate;

use super::{Check, CheckKind};
use crate::model::records::Facts;
use crate::reconcile::WarrantyTerms;

/// Decided more than the agreed days ago, approved, an old part named and not returned. The amount is what was
/// approved: the maker takes it back where the part does not come.
pub fn checks(facts: &Facts, as_of: NaiveDate, terms: WarrantyTerms) -> Vec<Check> {
    let mut checks = Vec::new();
    for claim in facts.claims.iter().filter(|c| !c.old_part_no.is_empty() && c.old_part_returned_on.is_none()) {
        let Some((approved, decided_on)) = claim.approved().zip(claim.decided_on) else { continue };
        if terms.old_part_due_on(claim).is_some_and(|due| as_of > due) {
            let days = as_of.signed_duration_since(decided_on).num_days();
            let detail = format!("{} {}: {days} > {}", claim.claim_no, claim.old_part_no, terms.old_part_days);
            let found = Check::new(CheckKind::OldPartLate, &claim.order_no, approved, Some(decided_on), detail);
            checks.push(found.from([&claim.origin]));
        }
    }
    checks
}
