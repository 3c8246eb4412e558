//! Clearing order by order (逐笔销号), and the checks over the same rows. Typed records, no frames.
//!
//! The rules are DOMAIN section 3. Nothing here guesses: a receipt whose order cannot be told is shown as unknown,
//! with suggestions, and only the accountant's decision moves money.

mod allocate;
mod category;
pub mod checks;
mod clearing;
mod controls;
mod dues;
pub mod matcher;
mod numbers;
mod rollforward;
mod subjects;
mod suggest;

use chrono::NaiveDate;

pub use category::{AGE_BUCKETS, Category, age_bucket};
pub use checks::{Check, CheckKind, is_over_limit};
pub use clearing::{Allocation, Clearing, Item, Suggestion, Unknown, UnknownReason, reversal_of};
pub use controls::ControlTotal;
pub use dues::{LineSums, line_sums};
pub use numbers::Numbers;
pub use rollforward::{Movement, RollForward};
pub use suggest::Reason;

use crate::finding::Finding;
use crate::model::records::Facts;
use crate::model::{Fen, Period};

/// Limits that a store sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Differences up to this are 抹零差.
    pub rounding_tolerance: Fen,
    /// Discount above this share of labour + parts + sublet needs an approver, in ten-thousandths.
    pub discount_rate_x10000: i64,
}

/// The clearing and the checks of one date.
#[derive(Debug)]
pub struct Reconciled {
    pub facts: Facts,
    pub clearing: Clearing,
    pub checks: Vec<Check>,
    pub controls: Vec<ControlTotal>,
    pub findings: Vec<Finding>,
}

/// Fills in dues that rest on lines, clears every order and runs every check.
pub fn reconcile(mut facts: Facts, as_of: NaiveDate, limits: Limits) -> Reconciled {
    let mut findings = dues::from_lines(&mut facts);
    let clearing = clearing::clear(&facts, as_of, limits.rounding_tolerance, &mut findings);
    let checks = checks::all(&facts, &clearing, limits, &mut findings);
    let controls = controls::of_clearing(&facts, &clearing);
    Reconciled { facts, clearing, checks, controls, findings }
}

/// Clears every order of an earlier date, for a roll-forward: no checks, and findings belong to their own date.
pub fn clear(mut facts: Facts, as_of: NaiveDate, limits: Limits) -> Clearing {
    dues::from_lines(&mut facts);
    clearing::clear(&facts, as_of, limits.rounding_tolerance, &mut Vec::new())
}

/// How the open items of one date became those of another.
pub fn roll_forward(opening: &Clearing, closing: &Clearing, period: Period) -> RollForward {
    rollforward::between(opening, closing, period)
}
