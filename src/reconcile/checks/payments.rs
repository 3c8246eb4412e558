//! What the maker approved against what it paid, claim by claim.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Check, CheckKind};
use crate::model::Fen;
use crate::model::records::{Claim, Facts, MakerPayment};
use crate::reconcile::WarrantyTerms;

/// How the payments of a claim stand to what was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paid {
    /// Nothing yet.
    Nothing,
    Short,
    InFull,
    /// More than approved, by paying the same amount again.
    Twice,
    /// More than approved otherwise, or without any approval.
    Over,
    /// No register and no upload system knows the claim.
    NoClaim,
}

/// Approval and payments of one claim.
#[derive(Debug, Clone)]
pub struct ClaimPayment<'a> {
    /// Of the shop's register, else of the upload system.
    pub claim: Option<&'a Claim>,
    /// As the shop's register has it, else the upload system, else the maker's statement; 0 where nobody has one.
    pub approved: Fen,
    pub lines: Vec<&'a MakerPayment>,
    /// Sum of the statement's lines; what the register says where the claim is on no statement.
    pub paid: Fen,
    /// The part of what is paid too much that is the approved amount over again.
    pub twice: Fen,
}

impl ClaimPayment<'_> {
    /// paid − approved; negative = the maker still owes.
    pub fn off(&self) -> Fen {
        self.paid - self.approved
    }

    pub fn state(&self) -> Paid {
        match self.off().0 {
            _ if self.claim.is_none() => Paid::NoClaim,
            0 => Paid::InFull,
            less if less < 0 && self.paid.0 > 0 => Paid::Short,
            less if less < 0 => Paid::Nothing,
            _ if self.twice == self.off() => Paid::Twice,
            _ => Paid::Over,
        }
    }
}

/// Every claim that is approved or paid, by number.
pub fn by_claim(facts: &Facts) -> BTreeMap<&str, ClaimPayment<'_>> {
    let mut known: BTreeMap<&str, (&Claim, Option<Fen>)> = BTreeMap::new();
    for claim in facts.claims.iter().chain(&facts.portal_claims) {
        let (_, approved) = known.entry(&claim.claim_no).or_insert((claim, None));
        *approved = approved.or(claim.approved());
    }
    let mut lines: BTreeMap<&str, Vec<&MakerPayment>> = BTreeMap::new();
    for line in &facts.maker_payments {
        lines.entry(&line.claim_no).or_default().push(line);
    }
    let numbers = known.iter().filter(|(_, (_, approved))| approved.is_some()).map(|(number, _)| *number);
    let numbers: std::collections::BTreeSet<&str> = numbers.chain(lines.keys().copied()).collect();
    let mut payments = BTreeMap::new();
    for number in numbers {
        let claim = known.get(number).map(|(claim, _)| *claim);
        let lines = lines.remove(number).unwrap_or_default();
        let stated = || lines.iter().find_map(|line| line.approved_amount).filter(|_| claim.is_some());
        let approved = known.get(number).and_then(|(_, approved)| *approved).or_else(stated).unwrap_or_default();
        let own = claim.filter(|c| c.paid_on.is_some()).and_then(|c| c.paid_amount).unwrap_or_default();
        let paid = if lines.is_empty() { own } else { lines.iter().map(|line| line.paid_amount).sum() };
        let twice = paid_again(approved, paid, &lines);
        payments.insert(number, ClaimPayment { claim, approved, lines, paid, twice });
    }
    payments
}

/// What of the excess is the approved amount paid again: further lines of just that amount.
fn paid_again(approved: Fen, paid: Fen, lines: &[&MakerPayment]) -> Fen {
    let same = lines.iter().filter(|line| line.paid_amount == approved).count();
    let again: Fen = std::iter::repeat_n(approved, same.saturating_sub(1)).sum();
    Fen(again.0.min((paid - approved).0).max(0))
}

/// Only where a statement of the maker has come: before that what is unpaid and what is merely unknown look alike. The
/// amount of every check is paid − approved, negative where the maker still owes.
pub fn checks(facts: &Facts, as_of: NaiveDate, terms: WarrantyTerms) -> Vec<Check> {
    let mut checks = Vec::new();
    if facts.maker_payments.is_empty() || (facts.claims.is_empty() && facts.portal_claims.is_empty()) {
        return checks;
    }
    for (number, payment) in by_claim(facts) {
        let decided_on = payment.claim.and_then(|c| c.decided_on);
        let overdue = decided_on.is_some_and(|d| as_of.signed_duration_since(d).num_days() > terms.pay_days);
        let found: &[(CheckKind, Fen)] = match payment.state() {
            Paid::InFull => &[],
            Paid::Nothing if !overdue => &[],
            Paid::Nothing => &[(CheckKind::ClaimOutstanding, payment.off())],
            Paid::Short => &[(CheckKind::ClaimShortPaid, payment.off())],
            Paid::Twice => &[(CheckKind::ClaimPaidTwice, payment.twice)],
            Paid::Over | Paid::NoClaim if payment.twice.0 > 0 => {
                &[(CheckKind::ClaimPaidTwice, payment.twice), (CheckKind::ClaimOverPaid, payment.off() - payment.twice)]
            }
            Paid::Over => &[(CheckKind::ClaimOverPaid, payment.off())],
            // A line and its own take-back leave nothing to ask for.
            Paid::NoClaim if payment.paid.is_zero() => &[],
            Paid::NoClaim => &[(CheckKind::ClaimOverPaid, payment.paid)],
        };
        for (kind, amount) in found {
            checks.push(check(*kind, *amount, number, &payment));
        }
    }
    checks
}

fn check(kind: CheckKind, amount: Fen, number: &str, payment: &ClaimPayment<'_>) -> Check {
    let approved = match payment.claim {
        Some(_) => payment.approved.to_string(),
        None => "?".to_owned(),
    };
    let statements: Vec<&str> = payment.lines.iter().map(|line| line.statement_no.as_str()).collect();
    let detail = format!("{number}: {} / {approved} {}", payment.paid, statements.join(" / "));
    let paid_on = payment.lines.iter().filter_map(|line| line.paid_on).max();
    let date = if kind == CheckKind::ClaimOutstanding { payment.claim.and_then(|c| c.decided_on) } else { paid_on };
    let order = payment.claim.map_or("", |c| &c.order_no);
    let origins = payment.claim.map(|c| &c.origin).into_iter().chain(payment.lines.iter().map(|line| &line.origin));
    Check::new(kind, order, amount, date, detail.trim_end().to_owned()).from(origins)
}
