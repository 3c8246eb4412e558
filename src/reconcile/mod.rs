//! Clearing order by order (逐笔销号), and the checks over the same rows. Typed records, no frames.
//!
//! The rules are DOMAIN section 3. Nothing here guesses: a receipt whose order cannot be told is shown as unknown,
//! with suggestions, and only the accountant's decision moves money.

mod allocate;
mod cases;
mod category;
pub mod checks;
mod clearing;
mod controls;
pub mod count;
mod debtors;
pub mod decisions;
mod deposits;
mod dues;
mod gate;
pub mod matcher;
mod matchings;
mod numbers;
mod openings;
mod pairing;
mod purpose;
mod receivables;
mod rollforward;
mod settings;
mod sides;
mod standing;
mod subjects;
mod suggest;
mod vins;

use chrono::NaiveDate;

pub use cases::{Case, CaseOrder, CaseReceipt, Cases};
pub use category::{AGE_BUCKETS, Category, age_bucket};
pub use checks::{Check, CheckKind, ClaimPayment, Paid, claim_payments, is_over_limit};
pub use clearing::{
    Allocation, Clearing, Item, OtherIncome, Suggestion, Unknown, UnknownReason, live_settlements, reversal_of,
};
pub use controls::ControlTotal;
pub use debtors::Balance;
pub use deposits::{DepositMonth, Deposits};
pub use dues::{LineSums, line_sums};
pub use gate::{Gate, Gated, all as gates};
pub use matchings::{MatchItem, Matching, match_tables};
pub use numbers::{Bearer, Numbers, read_reference};
pub use receivables::{DEBT_BUCKETS, Debtor, Receivable, debt_bucket};
pub use rollforward::{Movement, OpenItems, RollForward, open_items};
pub use settings::{AcquirerTerms, DebtTerms, DepositOwner, Limits, Names, Settings, WarrantyTerms};
pub use sides::{Received, other_income};
pub use subjects::SubjectKind;
pub use suggest::{Reason, is_one_edit_away};

use crate::finding::Finding;
use crate::model::records::Facts;
use crate::model::{Period, Text};

/// The clearing and the checks of one date.
#[derive(Debug)]
pub struct Reconciled {
    pub facts: Facts,
    pub clearing: Clearing,
    pub checks: Vec<Check>,
    pub deposits: Deposits,
    /// Every open debt, in order of class, debtor and date.
    pub receivables: Vec<Receivable>,
    /// What each debtor owes in all, in order of class and name.
    pub balances: Vec<Balance>,
    /// What the rules made of the shop's tables, in order of id.
    pub matchings: Vec<Matching>,
    /// What it was all done by.
    pub settings: Settings,
    pub controls: Vec<ControlTotal>,
    pub findings: Vec<Finding>,
}

/// Fills in dues that rest on lines, brings in the opening items, clears every order and runs every check.
pub fn reconcile(mut facts: Facts, as_of: NaiveDate, settings: &Settings) -> Reconciled {
    let mut findings = dues::from_lines(&mut facts);
    findings.extend(openings::bring_in(&mut facts));
    let clearing = clearing::clear(&facts, as_of, settings, &mut findings);
    let deposits = deposits::of(&facts, &clearing, settings.deposit_owner);
    let receivables = receivables::of(&facts, &clearing);
    let balances = debtors::of(&facts, &clearing, &receivables, &settings.names);
    let mut checks = checks::all(&facts, &clearing, settings, &mut findings);
    checks.extend(deposits.overdrawn());
    checks::sort(&mut checks);
    let mut controls = controls::of_clearing(&facts, &clearing);
    controls.push(deposits.control(&facts, &clearing));
    controls.extend(receivables::controls(&receivables));
    let (settings, matchings) = (settings.clone(), Vec::new());
    Reconciled { facts, clearing, checks, deposits, receivables, balances, matchings, settings, controls, findings }
}

impl Reconciled {
    /// Adds what rules made of two tables: its checks and control totals are those of the run.
    pub fn add(&mut self, matching: Matching, checks: Vec<Check>, controls: Vec<ControlTotal>) {
        self.matchings.push(matching);
        self.add_checks(checks);
        self.controls.extend(controls);
    }

    /// Adds checks that rest on more than the rows as they stand.
    pub fn add_checks(&mut self, checks: Vec<Check>) {
        self.checks.extend(checks);
        checks::sort(&mut self.checks);
    }

    /// Leaves out what stands only until its month is closed: cars delivered or invoiced before they were paid.
    pub fn forget_closed(&mut self, is_closed: impl Fn(NaiveDate) -> bool) {
        let until_closed =
            |kind: CheckKind| matches!(kind, CheckKind::DeliveredUnpaid | CheckKind::VehicleInvoiceUnpaid);
        self.checks.retain(|check| !(until_closed(check.kind) && check.date.is_some_and(&is_closed)));
    }

    /// Holds what was decided about checks against those that fired, and tells every decision that does not fit as a
    /// check of its own. To be called once, when all checks are there.
    pub fn judge(&mut self, lang: crate::model::Lang) {
        let judged = &mut self.clearing.decisions;
        decisions::words_on_checks(judged, &self.checks, |kind| kind != CheckKind::DecisionUnfit);
        self.findings.extend(judged.iter().filter_map(|j| j.incomplete(lang)));
        // Beside those of forms that could not be read, which stand among the checks already.
        let of_forms = self.checks.iter().filter(|check| check.kind == CheckKind::DecisionUnfit).cloned();
        let mut unfit: Vec<Check> = of_forms.chain(judged.iter().filter_map(|j| j.unfit_check(lang))).collect();
        checks::sort(&mut unfit);
        // Such a check can be explained too; what does not fit of these words is told beside the others.
        decisions::words_on_checks(judged, &unfit, |kind| kind == CheckKind::DecisionUnfit);
        let unfit = judged.iter().filter_map(|j| j.unfit_check(lang)).collect();
        self.add_checks(unfit);
    }
}

/// Codes of every exception: the categories that are open, and the checks.
pub fn exception_codes() -> Vec<&'static str> {
    let categories = Category::ALL.iter().filter(|c| c.is_open()).map(|c| c.id());
    categories.chain(CheckKind::ALL.iter().map(|k| k.id())).collect()
}

/// The title of a category or a check, by its code.
pub fn title_of_exception(code: &str) -> Option<Text> {
    let category = Category::ALL.into_iter().find(|c| c.id() == code).map(Category::title);
    category.or_else(|| CheckKind::from_id(code).map(CheckKind::title))
}

/// Clears every order of an earlier date, for a roll-forward: no checks, and findings belong to their own date.
pub fn clear(mut facts: Facts, as_of: NaiveDate, settings: &Settings) -> Clearing {
    dues::from_lines(&mut facts);
    openings::bring_in(&mut facts);
    clearing::clear(&facts, as_of, settings, &mut Vec::new())
}

/// How the open items of one date became those of another. `as_closed`: the closing as it would be had nothing of a
/// closed month changed since; the closing itself where nothing has.
pub fn roll_forward(
    opening: &OpenItems,
    as_closed: Option<&Clearing>,
    closing: &Clearing,
    period: Period,
) -> RollForward {
    let after = open_items(closing);
    match as_closed {
        Some(as_closed) => rollforward::between(opening, &open_items(as_closed), &after, period),
        None => rollforward::between(opening, &after, &after, period),
    }
}
