//! Month-end close: what stands in the way, all of it at once; the pack; the record. And opening a month again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use chrono::NaiveDate;

use super::day::{self, DayFacts, Purpose};
use super::missing::Missing;
use super::{Books, DateOutcome, Request, RunError, Shop, open};
use crate::finding::Code;
use crate::ledger::{self, Close, Closed, ClosedItem, Ledger, LedgerError, Published};
use crate::model::dates::last_of_month;
use crate::model::{Fen, Text};
use crate::publish::MANIFEST;
use crate::reconcile::decisions::{InEffect, id_of_item, id_of_unknown, ids_of_checks};
use crate::reconcile::{Category, Clearing, Reconciled, exception_codes, open_items, title_of_exception};

/// Code of what is missing, as `--accept` names it.
pub const MISSING: &str = "export_missing";
const MISSING_TITLE: Text = Text::new("缺少或不能读取的导出", "Exports missing or not readable");

/// What a person asked for.
pub struct Terms {
    /// First day of the month.
    pub month: NaiveDate,
    /// Codes that may stand in the way, each with the reason.
    pub accepted: Vec<(String, String)>,
    /// The day on which it is done.
    pub at: NaiveDate,
    /// Who does it.
    pub by: String,
}

/// Something that stands in the way of a close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    pub kind: ObstacleKind,
    /// Code of a category, a check or `export_missing`; name of a control total.
    pub code: String,
    pub title: String,
    pub count: i64,
    pub amount: Fen,
    /// The first of them, in words.
    pub which: Vec<String>,
    /// Why it is accepted; none where it is not.
    pub accepted: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObstacleKind {
    /// Nothing may be closed over it.
    ControlTotal,
    Missing,
    /// A severe exception that nobody has decided on.
    Exception,
}

/// What became of it.
pub enum Outcome {
    Closed(Box<DateOutcome>, Close),
    /// It was closed before.
    Already(Close),
    /// Something stands in the way, or it was a dry run: nothing was changed.
    NotClosed(Box<DateOutcome>),
}

/// Why a month cannot be closed or opened again whatever its books say.
#[derive(Debug, thiserror::Error)]
pub enum Order {
    #[error("{0} is not over yet")]
    NotOver(String),
    #[error("{0} must be closed first: a month opens with what the one before was closed with")]
    Before(String),
    #[error("{0} is closed and rests on it: reopen {0} first")]
    After(String),
    #[error("{0} is not closed")]
    NotClosed(String),
    #[error("{0} lies in the closed month {1}: reopen it first")]
    ClosedDate(NaiveDate, String),
    #[error("{0} has no reports that could be taken back")]
    NotPublished(NaiveDate),
    #[error("control totals cannot be accepted ({0}): correct the export and run again")]
    Control(String),
}

/// Takes what is new and closes the month, unless something that is not accepted stands in the way.
pub fn close(request: &Request, terms: &Terms, progress: &mut dyn FnMut(usize, usize)) -> Result<Outcome, RunError> {
    let shop = Shop::open(request)?;
    let lock = shop.lock()?;
    let mut ledger = open(&shop, request)?;
    let closed = ledger.closed()?;
    may_close(terms, &closed)?;
    if let Some(done) = closed.get(&terms.month).cloned() {
        if !request.dry_run {
            ledger.commit()?; // it may have been begun by a run that died
        }
        return Ok(Outcome::Already(done));
    }
    let archive = shop.archive()?;
    let mut inbox = shop.look(&lock)?;
    ledger::intake::take(&mut ledger, &archive, &mut inbox, &shop.reader, &shop.reading, progress)?;
    if !request.dry_run {
        ledger.save()?; // what was taken is safe before anything rests on it
    }
    let books = Books { inbox: inbox.findings, ..Books::load(&ledger, &shop.reading)? };
    let last_file = ledger.newest_file()?;
    let mut begun: Option<Close> = None;
    let mut record = |published: &Published, clearing: &Clearing| {
        let items = closing_items(clearing);
        let close = Close {
            id: 0,
            month: terms.month,
            is_close: true,
            at: terms.at,
            by: terms.by.clone(),
            reason: String::new(),
            accepted: terms.accepted.clone(),
            digest: published.digest.clone(),
            manifest_sha256: published.manifest_sha256.clone(),
            last_file,
            items: i64::try_from(items.len()).unwrap_or(i64::MAX),
            amount: items.iter().map(|item| item.diff).sum(),
        };
        // In this order: a log that ends between the two closes nothing.
        ledger.begin_close(&close, &items)?;
        ledger.record_published(published, true)?;
        begun = Some(close);
        ledger.save()
    };
    let date = last_of_month(terms.month);
    let day = day::report(&shop, &books, date, request, Purpose::Close(terms), &mut record)?;
    if request.dry_run || begun.is_none() {
        return Ok(Outcome::NotClosed(Box::new(day)));
    }
    settle_begun(&shop, &mut ledger)?;
    let done = ledger.closed()?.remove(&terms.month);
    ledger.commit()?;
    shop.back_up_whole()?;
    Ok(match done {
        Some(close) => Outcome::Closed(Box::new(day), close),
        None => Outcome::NotClosed(Box::new(day)),
    })
}

/// Opens the newest closed month again; its reports are made anew by the next runs of its dates.
pub fn reopen(request: &Request, month: NaiveDate, at: NaiveDate, by: &str, reason: &str) -> Result<Close, RunError> {
    let shop = Shop::open(request)?;
    let _lock = shop.lock()?;
    let mut ledger = open(&shop, request)?;
    let closed = ledger.closed()?;
    if let Some((later, _)) = closed.range(month..).find(|(later, _)| **later > month) {
        return Err(Order::After(name_of(*later)).into());
    }
    let Some(close) = closed.get(&month) else { return Err(Order::NotClosed(name_of(month)).into()) };
    ledger.reopen(close, at, by, reason)?;
    let close = close.clone();
    ledger.commit()?;
    Ok(close)
}

/// `2026-10`
pub fn name_of(month: NaiveDate) -> String {
    month.format("%Y-%m").to_string()
}

/// Months are closed in their order, when they are over.
fn may_close(terms: &Terms, closed: &Closed) -> Result<(), Order> {
    if last_of_month(terms.month) >= terms.at {
        return Err(Order::NotOver(name_of(terms.month)));
    }
    match closed.last_key_value() {
        Some((newest, _)) if *newest < terms.month => {
            let next = newest.checked_add_months(chrono::Months::new(1)).unwrap_or(*newest);
            if next == terms.month { Ok(()) } else { Err(Order::Before(name_of(next))) }
        }
        Some((newest, _)) if !closed.contains_key(&terms.month) => Err(Order::After(name_of(*newest))),
        _ => Ok(()),
    }
}

/// A close that was written down is done where its pack stands, and was never made where it does not.
pub fn settle_begun(shop: &Shop, ledger: &mut Ledger) -> Result<(), LedgerError> {
    for close in ledger.begun_closes()? {
        let path = shop.reports.join(last_of_month(close.month).to_string()).join(MANIFEST);
        let stands = fs::read(path).is_ok_and(|bytes| ledger::hash_of(&bytes) == close.manifest_sha256);
        match stands {
            true => ledger.finish_close(close.id)?,
            false => ledger.drop_close(close.id)?,
        }
    }
    Ok(())
}

fn closing_items(clearing: &Clearing) -> Vec<ClosedItem> {
    let describe: BTreeMap<(bool, &str), (&str, Category)> = clearing
        .items
        .iter()
        .map(|i| ((false, i.id.as_str()), (i.number.as_str(), i.category)))
        .chain(clearing.unknown.iter().map(|u| ((true, u.key.as_str()), (u.key.as_str(), Category::UnknownOrder))))
        .collect();
    let item = |((is_receipt, key), (diff, changed_on)): ((bool, String), (Fen, Option<NaiveDate>))| {
        let (number, category) = describe.get(&(is_receipt, key.as_str())).copied().unwrap_or(("", Category::Unpaid));
        ClosedItem { is_receipt, number: number.to_owned(), category: category.id().to_owned(), diff, changed_on, key }
    };
    open_items(clearing).into_iter().map(item).collect()
}

/// How many of a kind are named.
const NAMED: usize = 5;

/// Everything that stands in the way, in order of gravity.
pub fn obstacles(shop: &Shop, reconciled: &Reconciled, facts: &DayFacts, terms: &Terms) -> Vec<Obstacle> {
    let mut found: Vec<Obstacle> = Vec::new();
    for control in facts.controls.iter().filter(|c| !c.holds()) {
        found.push(Obstacle {
            kind: ObstacleKind::ControlTotal,
            code: control.name.clone(),
            title: crate::report::control_name(&control.name, &reconciled.matchings, shop.lang),
            count: 1,
            amount: Fen(control.left.saturating_sub(control.right)), // a stated total may be any number
            which: vec![format!("{} ≠ {}", control.left, control.right)],
            accepted: None,
        });
    }
    // A month may end on a day on which the shop was closed.
    let is_owed = |m: &&Missing| m.is_owed && m.finding.code != Code::NothingCame;
    let missing: BTreeSet<&String> = facts.missing.iter().filter(is_owed).map(|m| &m.what).collect();
    if !missing.is_empty() {
        found.push(Obstacle {
            kind: ObstacleKind::Missing,
            code: MISSING.to_owned(),
            title: MISSING_TITLE.get(shop.lang).to_owned(),
            count: i64::try_from(missing.len()).unwrap_or(i64::MAX),
            amount: Fen::ZERO,
            which: missing.into_iter().cloned().collect(),
            accepted: None,
        });
    }
    found.extend(exceptions(shop, reconciled));
    for obstacle in found.iter_mut().filter(|o| o.kind != ObstacleKind::ControlTotal) {
        obstacle.accepted = terms.accepted.iter().find(|(code, _)| *code == obstacle.code).map(|(_, why)| why.clone());
    }
    found
}

/// Severe exceptions that nobody has decided on, by code.
fn exceptions(shop: &Shop, reconciled: &Reconciled) -> Vec<Obstacle> {
    let clearing = &reconciled.clearing;
    let is_severe = |code: &str| shop.config.severe.iter().any(|severe| severe == code);
    let in_effect = InEffect::of(clearing);
    let is_decided = |id: &str| !in_effect.about(id).is_empty();
    let mut open: Vec<(String, Text, String, Fen)> = Vec::new();
    for item in clearing.items.iter().filter(|i| is_severe(i.category.id()) && !is_decided(&id_of_item(i))) {
        open.push((item.category.id().to_owned(), item.category.title(), item.number.clone(), item.diff()));
    }
    let unknown = Category::UnknownOrder;
    for receipt in clearing.unknown.iter().filter(|u| is_severe(unknown.id()) && !is_decided(&id_of_unknown(u))) {
        open.push((unknown.id().to_owned(), unknown.title(), receipt.key.clone(), receipt.amount));
    }
    for (check, id) in reconciled.checks.iter().zip(ids_of_checks(&reconciled.checks)) {
        if is_severe(check.kind.id()) && !is_decided(&id) {
            let date = check.date.map_or_else(String::new, |d| d.to_string());
            let words = [date.as_str(), &check.order_no, &check.receipt_no, &check.detail];
            let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
            open.push((check.kind.id().to_owned(), check.kind.title(), words.join(" "), check.amount));
        }
    }
    let mut by_code: BTreeMap<String, Obstacle> = BTreeMap::new();
    for (code, title, which, amount) in open {
        let obstacle = by_code.entry(code.clone()).or_insert_with(|| Obstacle {
            kind: ObstacleKind::Exception,
            code,
            title: title.get(shop.lang).to_owned(),
            count: 0,
            amount: Fen::ZERO,
            which: Vec::new(),
            accepted: None,
        });
        obstacle.count += 1;
        obstacle.amount += amount;
        if obstacle.which.len() < NAMED {
            obstacle.which.push(which);
        }
    }
    by_code.into_values().collect()
}

/// What `--accept` may name: codes with their titles.
pub fn acceptable() -> Vec<(&'static str, Text)> {
    let of_code = |code: &'static str| (code, title_of_exception(code).unwrap_or(Text::new(code, code)));
    std::iter::once((MISSING, MISSING_TITLE)).chain(exception_codes().into_iter().map(of_code)).collect()
}

/// The code that a person means: the code itself, or its title in either language; none where nothing is called so.
pub fn code_of(word: &str) -> Option<&'static str> {
    let word = word.trim();
    let is_called = |(code, title): &(&str, Text)| {
        *code == word.to_lowercase() || title.zh == word || title.en.eq_ignore_ascii_case(word)
    };
    acceptable().into_iter().find(is_called).map(|(code, _)| code)
}
