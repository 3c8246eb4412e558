//! What a shop sets for the clearing and the checks, read from `hesuan.toml` by `config`.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use crate::model::keys::folded;
use crate::model::records::Claim;
use crate::model::{Calendar, Fen};

/// Limits that a store sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Differences up to this are 抹零差.
    pub rounding_tolerance: Fen,
    /// The largest difference that a decision may write off; nothing may be where the shop sets none.
    pub write_off: Fen,
    /// Discount above this share of labour + parts + sublet needs an approver, in ten-thousandths.
    pub discount_rate_x10000: i64,
}

/// 1.00 yuan, nothing written off, and 20 %.
impl Default for Limits {
    fn default() -> Limits {
        Limits { rounding_tolerance: Fen(100), write_off: Fen::ZERO, discount_rate_x10000: 2000 }
    }
}

/// Everything that a store sets for one date's clearing and checks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    pub limits: Limits,
    pub calendar: Calendar,
    pub acquirer: AcquirerTerms,
    pub warranty: WarrantyTerms,
    pub deposit_owner: DepositOwner,
    pub debts: DebtTerms,
    pub names: Names,
}

/// How long others may take to pay, in calendar days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DebtTerms {
    /// A lender, from the delivery of the car: until then its loan is on the way (放款在途).
    pub loan_days: i64,
    /// An insurer, from the last settlement of the case.
    pub insurer_days: i64,
}

/// 30 days for a lender, 60 for an insurer.
impl Default for DebtTerms {
    fn default() -> DebtTerms {
        DebtTerms { loan_days: 30, insurer_days: 60 }
    }
}

/// Names of lenders and insurers: the same after clean-up, or by `[aliases]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// A cleaned short name to the full one, as it is written.
    full: BTreeMap<String, String>,
}

impl Names {
    /// From short names and the full names that they stand for.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Names {
        Names { full: pairs.into_iter().map(|(short, full)| (cleaned(&short), full)).collect() }
    }

    /// The name as it is shown: the full one.
    pub fn shown<'n>(&'n self, name: &'n str) -> &'n str {
        self.full.get(&cleaned(name)).map_or(name, String::as_str).trim()
    }

    /// The name as names are compared.
    pub fn key(&self, name: &str) -> String {
        cleaned(self.shown(name))
    }

    /// Whether two names are of one debtor; a blank one is nobody's.
    pub fn same(&self, left: &str, right: &str) -> bool {
        !left.is_empty() && !right.is_empty() && (left == right || self.key(left) == self.key(right))
    }
}

/// Half width, no blanks, upper case, brackets of one shape.
fn cleaned(name: &str) -> String {
    let plain = |c: char| match c {
        '【' | '[' | '〔' => '(',
        '】' | ']' | '〕' => ')',
        c => c,
    };
    folded(name).map(plain).collect()
}

/// What was agreed with the acquirers of card, WeChat and Alipay payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcquirerTerms {
    /// Fee by channel (`wechat`, `alipay`, `card`, or a statement's own word) in millionths of the gross; a channel
    /// that is not named has no fee check.
    pub fee_rates_micro: BTreeMap<String, i64>,
    /// Working days after the transaction day within which it must be settled.
    pub days: i64,
}

/// Two working days, no rates.
impl Default for AcquirerTerms {
    fn default() -> AcquirerTerms {
        AcquirerTerms { fee_rates_micro: BTreeMap::new(), days: 2 }
    }
}

/// The maker's terms, in calendar days from its decision on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WarrantyTerms {
    /// Within which an approved claim is paid.
    pub pay_days: i64,
    /// Within which its old part goes back.
    pub old_part_days: i64,
}

/// 30 days for both.
impl Default for WarrantyTerms {
    fn default() -> WarrantyTerms {
        WarrantyTerms { pay_days: 30, old_part_days: 30 }
    }
}

impl WarrantyTerms {
    /// The last day on which the old part of an approved claim may go back in time; `None` where none is due.
    pub fn old_part_due_on(&self, claim: &Claim) -> Option<NaiveDate> {
        claim.approved()?;
        claim.decided_on?.checked_add_signed(TimeDelta::days(self.old_part_days))
    }
}

/// Whom a deposit belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DepositOwner {
    /// The plate; the payer where the receipt has none.
    #[default]
    Vehicle,
    /// The payer; the plate where the receipt has none.
    Customer,
}
