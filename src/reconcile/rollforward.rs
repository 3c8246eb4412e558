//! opening + new − cleared ± corrected = closing, in number and amount.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};

use super::clearing::Clearing;
use super::controls::ControlTotal;
use crate::model::{Fen, Period};

/// Items and their difference (received − due; negative = customers owe us).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Movement {
    pub items: i64,
    pub amount: Fen,
}

/// How the open items of one date became those of another. Unknown receipts are items too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollForward {
    pub period: Period,
    pub opening: Movement,
    /// Opened by what is dated in the period.
    pub new: Movement,
    /// Open at the beginning, not open at the end; counted positive.
    pub cleared: Movement,
    /// Opened or changed by what is dated before the period (late exports, late versions), and part payments of
    /// items that stay open.
    pub corrected: Movement,
    /// 关账后变更: what exports taken after a close changed in the closed month. Signed.
    pub changed_after_close: Movement,
    pub closing: Movement,
}

impl RollForward {
    /// The identity, once in number and once in amount.
    pub fn controls(&self, name: &str) -> [ControlTotal; 2] {
        let sum = |part: fn(&Movement) -> i64| {
            part(&self.opening) + part(&self.new) - part(&self.cleared)
                + part(&self.corrected)
                + part(&self.changed_after_close)
        };
        let title = |what: &str| {
            format!("{name}: opening + new − cleared ± corrected ± changed after close = closing ({what})")
        };
        [
            ControlTotal::new(title("items"), sum(|m| m.items), self.closing.items),
            ControlTotal::new(title("amount"), sum(|m| m.amount.0), self.closing.amount.0),
        ]
    }
}

/// The open items of a date by key (an order or sale, or an unknown receipt): the difference and the date of the newest
/// row. Either of a clearing, or as a closed month froze them.
pub type OpenItems = BTreeMap<(bool, String), (Fen, Option<NaiveDate>)>;

/// The open items of a clearing.
pub fn open_items(clearing: &Clearing) -> OpenItems {
    let items = clearing.items.iter().filter(|i| i.category.is_open());
    let mut open: OpenItems = items.map(|i| ((false, i.id.clone()), (i.diff(), i.changed_on))).collect();
    for unknown in &clearing.unknown {
        // Receipts stand by their place in the facts of their own date, so by number and amount here.
        let received_on = clearing.as_of - TimeDelta::days(unknown.age_days);
        open.insert((true, unknown.key.clone()), (unknown.amount, Some(received_on)));
    }
    open
}

/// `as_closed` are the closing items as they would be had nothing of a closed month changed since.
pub fn between(before: &OpenItems, as_closed: &OpenItems, after: &OpenItems, period: Period) -> RollForward {
    let mut out = RollForward {
        period,
        opening: total(before.values().map(|v| v.0)),
        new: Movement::default(),
        cleared: Movement::default(),
        corrected: Movement::default(),
        changed_after_close: Movement::default(),
        closing: total(after.values().map(|v| v.0)),
    };
    let keys: BTreeSet<&(bool, String)> = before.keys().chain(as_closed.keys()).collect();
    for key in keys {
        match (before.get(key), as_closed.get(key)) {
            (Some((was, _)), Some((is, _))) => out.corrected.amount += *is - *was,
            (Some((was, _)), None) => add(&mut out.cleared, *was),
            (None, Some((is, changed_on))) => {
                let in_period = changed_on.is_some_and(|d| d >= period.first);
                add(if in_period { &mut out.new } else { &mut out.corrected }, *is);
            }
            (None, None) => {}
        }
    }
    let keys: BTreeSet<&(bool, String)> = as_closed.keys().chain(after.keys()).collect();
    for key in keys {
        let of = |items: &OpenItems| items.get(key).map(|(fen, _)| *fen);
        let (was, is) = (of(as_closed), of(after));
        out.changed_after_close.items += i64::from(is.is_some()) - i64::from(was.is_some());
        out.changed_after_close.amount += is.unwrap_or_default() - was.unwrap_or_default();
    }
    out
}

fn add(movement: &mut Movement, amount: Fen) {
    movement.items += 1;
    movement.amount += amount;
}

fn total(amounts: impl Iterator<Item = Fen>) -> Movement {
    amounts.fold(Movement::default(), |mut movement, amount| {
        add(&mut movement, amount);
        movement
    })
}
