//! The accountant's decisions (处理结果): which of them stand, whether they fit the facts, and what they move.
//!
//! A decision stands until it is withdrawn. On every date each one that stands is held against the facts as of that
//! date: what fits takes effect, what does not is an exception of its own and moves nothing. So no decision changes
//! what was received or due in all, but for `void`, which takes out a row that newer exports lack; `assign` only says on
//! which order it was received, `write_off` that the rest of a difference is given up.

mod moves;
mod sequence;
mod voids;
mod words;

use std::collections::HashMap;

use super::checks::{Check, CheckKind};
use super::clearing::{Clearing, Item, Unknown};
use crate::finding::{Code, Finding};
use crate::model::records::{Decision, Facts};
use crate::model::{Fen, Lang};

pub use moves::assign;
pub use sequence::{Act, standing};
pub use voids::{void, voided};

/// A decision and what became of it as of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub decision: Decision,
    pub act: Act,
    pub verdict: Verdict,
}

/// What became of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Not held against the facts yet.
    Open,
    /// It fits; what it moved or wrote off (0 for a word only).
    Effective(Fen),
    /// What it was about has been settled by the exports themselves.
    Settled,
    /// A later row took it back.
    Withdrawn,
    /// It does not fit and moves nothing.
    Unfit(Unfit),
}

/// Why a decision does not fit the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing bears the id.
    UnknownItem,
    /// No order, or more than one, bears the target's number.
    UnknownTarget,
    /// The difference, or the receipt, is not what it was when the decision was made.
    AmountChanged {
        was: Fen,
        is: Fen,
    },
    /// The receipt stands on another order now.
    OrderChanged,
    /// An earlier decision about it says something else and was not withdrawn.
    DecidedOtherwise,
    OverLimit(Fen),
    NoReason,
    /// Nobody is named who decided it.
    NoName,
    /// More than there is.
    TooMuch(Fen),
    /// A receipt without an order or a check cannot be written off, a check not be assigned.
    NotForThis,
    /// The order was paid by several receipts and the row does not say which is meant.
    WhichReceipt,
    /// No row that newer exports lack is meant: a row that is still exported is corrected in the system.
    NothingLacking,
    /// Newer exports lack several rows of it.
    WhichRow,
    /// Nothing decided stands that could be withdrawn.
    NothingToWithdraw,
}

impl Unfit {
    /// Whether the row lacks what every decision needs, whatever the facts are.
    fn is_lack(&self) -> bool {
        matches!(self, Unfit::NoReason | Unfit::NoName)
    }
}

/// The id of an order or counter sale in the exceptions sheet: the same on every date.
pub fn id_of_item(item: &Item) -> String {
    format!("O:{}", item.id)
}

/// The id of a receipt whose order is unknown.
pub fn id_of_unknown(unknown: &Unknown) -> String {
    format!("R:{}", unknown.key)
}

/// The ids of checks, in their order. Two of one kind, order, receipt and date are told apart by their place.
pub fn ids_of_checks(checks: &[Check]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let id = |check: &Check| {
        let date = check.date.map_or_else(String::new, |date| date.to_string());
        let base = format!("K:{}:{}:{}:{date}", check.kind.id(), check.order_no, check.receipt_no);
        let count = seen.entry(base.clone()).or_insert(0);
        *count += 1;
        if *count == 1 { base } else { format!("{base}#{count}") }
    };
    checks.iter().map(id).collect()
}

impl Judged {
    /// The id under which the decision itself is withdrawn: its item, with the target of a part of a receipt.
    pub fn id(&self) -> String {
        match self.decision.target_order.as_str() {
            target if self.act == Act::Assign && !target.is_empty() => format!("{}>{target}", self.decision.item),
            _ => self.decision.item.clone(),
        }
    }

    /// What it moves or writes off while it is in effect: 0 for a word.
    pub fn in_effect(&self) -> Option<Fen> {
        match self.verdict {
            Verdict::Effective(amount) => Some(amount),
            _ => None,
        }
    }

    fn refuse(&mut self, why: Unfit) {
        self.verdict = Verdict::Unfit(why);
    }
}

/// Gross differences by subject against the write-offs that stand: what each writes off, by place of the subject.
///
/// `gross` tells received − due of the order with this key, and whether it is settled.
pub fn write_off(
    judged: &mut [Judged],
    limit: Fen,
    gross: impl Fn(&str) -> Option<(usize, Fen, bool)>,
) -> HashMap<usize, Fen> {
    let mut written = HashMap::new();
    for one in judged.iter_mut().filter(|j| j.act == Act::WriteOff && j.verdict == Verdict::Open) {
        let found = one.decision.item.strip_prefix("O:").map(&gross);
        let verdict = match found {
            None => Err(Unfit::NotForThis),
            Some(None) => Err(Unfit::UnknownItem),
            Some(Some((_, _, false))) => Err(Unfit::NotForThis),
            Some(Some((place, diff, true))) => fits(&one.decision, diff, limit).map(|()| (place, diff)),
        };
        match verdict {
            Ok((place, diff)) => {
                written.insert(place, -diff);
                one.verdict = Verdict::Effective(-diff);
            }
            Err(why) => one.refuse(why),
        }
    }
    written
}

/// Whether a write-off fits: the whole difference that was decided on, within the limit.
fn fits(decision: &Decision, diff: Fen, limit: Fen) -> Result<(), Unfit> {
    // An amount that is given is what was decided on: the row may have been filled in together with one that moves a
    // receipt here.
    if let Some(was) = decision.amount.or(decision.shown).filter(|was| was.abs() != diff.abs()) {
        return Err(Unfit::AmountChanged { was, is: diff });
    }
    if diff.is_zero() {
        return Err(Unfit::AmountChanged { was: decision.shown.unwrap_or_default(), is: diff });
    }
    if diff.abs() > limit {
        return Err(Unfit::OverLimit(limit));
    }
    Ok(())
}

/// Holds words (defer, explain) about orders and receipts against the clearing.
pub fn words_on_items(judged: &mut [Judged], facts: &Facts, items: &[Item], unknown: &[Unknown]) {
    if !judged.iter().any(|j| j.is_word_on(false)) {
        return; // most dates: nothing to look up
    }
    let open: HashMap<String, Fen> = items
        .iter()
        .filter(|i| i.category.is_open())
        .map(|i| (id_of_item(i), i.diff()))
        .chain(unknown.iter().map(|u| (id_of_unknown(u), u.amount)))
        .collect();
    let is_known = |id: &str| match id.split_at_checked(2) {
        Some(("O:", key)) => items.iter().any(|i| i.id == key) || facts.orders.iter().any(|o| o.order_id == key),
        Some(("R:", key)) => facts.receipts.iter().any(|r| Some(r.receipt_no.as_str()) == key.split('#').next()),
        _ => false,
    };
    for one in judged.iter_mut().filter(|j| j.is_word_on(false)) {
        one.verdict = match open.get(&one.decision.item) {
            Some(diff) => said(&one.decision, *diff),
            None if is_known(&one.decision.item) => Verdict::Settled,
            None => Verdict::Unfit(Unfit::UnknownItem),
        };
    }
}

/// Holds everything that was decided about checks against these checks, which are all of their kinds.
pub fn words_on_checks(judged: &mut [Judged], checks: &[Check], is_kind: impl Fn(CheckKind) -> bool) {
    let kind_of = |j: &Judged| j.decision.item.split(':').nth(1).and_then(CheckKind::from_id);
    let is_meant = |j: &Judged| j.is_open_on_check() && kind_of(j).is_none_or(&is_kind);
    if !judged.iter().any(is_meant) {
        return;
    }
    let fired: HashMap<String, Fen> = ids_of_checks(checks).into_iter().zip(checks.iter().map(|c| c.amount)).collect();
    for one in judged.iter_mut().filter(|j| is_meant(j)) {
        one.verdict = match (kind_of(one), fired.get(&one.decision.item)) {
            _ if !one.act.is_word() => Verdict::Unfit(Unfit::NotForThis),
            (None, _) => Verdict::Unfit(Unfit::UnknownItem),
            (Some(_), Some(amount)) => said(&one.decision, *amount),
            (Some(_), None) => Verdict::Settled,
        };
    }
}

impl Judged {
    fn is_open_on_check(&self) -> bool {
        self.verdict == Verdict::Open && self.decision.item.starts_with("K:")
    }

    /// A word (defer, explain) that nobody has judged yet, about a check or about an order or receipt.
    fn is_word_on(&self, check: bool) -> bool {
        self.act.is_word() && self.verdict == Verdict::Open && self.decision.item.starts_with("K:") == check
    }

    /// A row without a reason or a name, as a finding at its place; none where it has both, whether it fits or not.
    pub fn incomplete(&self, lang: Lang) -> Option<Finding> {
        let Verdict::Unfit(why) = &self.verdict else { return None };
        let finding = || Finding::new(Code::DecisionIncomplete, self.id()).with(why.words(lang));
        why.is_lack().then(|| finding().at_row(&self.decision.origin))
    }

    /// A decision that does not fit, as a check of its own; none where it fits.
    pub fn unfit_check(&self, lang: Lang) -> Option<Check> {
        let Verdict::Unfit(why) = &self.verdict else { return None };
        let decision = &self.decision;
        let detail = format!("{} {}: {}", self.id(), self.act.title().get(lang), why.words(lang));
        let amount = decision.amount.or(decision.shown).unwrap_or_default();
        let number = decision.item.strip_prefix("O:").unwrap_or_default();
        let mut check = Check::new(CheckKind::DecisionUnfit, number, amount, decision.as_of, detail);
        check.receipt_no = decision.item.strip_prefix("R:").unwrap_or_default().to_owned();
        Some(check.from([&decision.origin]))
    }
}

/// A word about an amount holds while the amount is what it was.
fn said(decision: &Decision, is: Fen) -> Verdict {
    match decision.shown {
        Some(was) if was != is => Verdict::Unfit(Unfit::AmountChanged { was, is }),
        _ => Verdict::Effective(Fen::ZERO),
    }
}

/// The decisions that hold, by what they are about.
pub struct InEffect<'a> {
    about: HashMap<&'a str, Vec<&'a Judged>>,
    /// Receipts assigned, by the target as it was written.
    to: HashMap<&'a str, Vec<&'a Judged>>,
}

impl<'a> InEffect<'a> {
    pub fn of(clearing: &'a Clearing) -> InEffect<'a> {
        let mut found = InEffect { about: HashMap::new(), to: HashMap::new() };
        for judged in clearing.decisions.iter().filter(|j| j.in_effect().is_some() && j.act != Act::Withdraw) {
            found.about.entry(&judged.decision.item).or_default().push(judged);
            if judged.act == Act::Assign {
                found.to.entry(&judged.decision.target_order).or_default().push(judged);
            }
        }
        found
    }

    /// What was decided about an exception, by its id, in the order in which it was made.
    pub fn about(&self, id: &str) -> &[&'a Judged] {
        self.about.get(id).map_or(&[], Vec::as_slice)
    }

    /// What was assigned to an order: by its number, or by its key where two orders bear the number.
    pub fn to(&self, item: &Item) -> impl Iterator<Item = &'a Judged> + '_ {
        let of = |number: &str| self.to.get(number).into_iter().flatten().copied();
        let by_key = if item.id == item.number { "" } else { &item.id };
        of(&item.number).chain(of(by_key))
    }
}
