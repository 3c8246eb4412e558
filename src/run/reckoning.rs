//! What a date comes to: the one place where the records as they stand, the clearing, the matchings of the shop's tables,
//! late changes, forms and decisions are put together. Runs, closes, `explain` and `verify` rest on it.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Books, Shop, forms, rolls};
use crate::ledger::{FileRecord, Moment, State};
use crate::model::Row;
use crate::reconcile::{self, Reconciled, RollForward};

/// What a date comes to, before any report is made of it.
pub struct Reckoning<'b> {
    pub as_of: NaiveDate,
    pub moment: Moment<'b>,
    /// The records as they stand.
    pub state: State,
    /// Files that count on the date, in order of age.
    pub files: Vec<&'b FileRecord>,
    /// Name of every file of the ledger.
    pub names: HashMap<i64, String>,
    /// The clearing, the matchings, and every check that fired, each with what was decided on it.
    pub reconciled: Reconciled,
}

/// Reckons a date.
pub fn reckon<'b>(shop: &Shop, books: &'b Books<'_>, as_of: NaiveDate) -> Reckoning<'b> {
    let moment = books.moment(as_of);
    let state = books.state(&moment, &shop.reading);
    let files = moment.files(&state.files());
    let mut reconciled = reconcile::reconcile(state.facts(&shop.reading.tables), as_of, &shop.config.settings);
    tracing::debug!("reconciled");
    match_tables(shop, &mut reconciled, &|table| state.rows(table), as_of);
    reconciled.add_checks(books.late_checks(&moment, &shop.reading, shop.lang));
    reconciled.add_checks(forms::checks(shop, &files));
    reconciled.forget_closed(|day| books.months.is_closed_before(day, as_of));
    reconciled.judge(shop.lang);
    tracing::debug!("matched");
    let names = books.records.iter().map(|r| (r.id, r.name.clone())).collect();
    Reckoning { as_of, moment, state, files, names, reconciled }
}

impl Reckoning<'_> {
    /// What was open, what is new, what was cleared: by day and by month.
    pub fn roll_forwards(&self, shop: &Shop, books: &Books<'_>) -> Vec<(String, RollForward)> {
        rolls::roll_forwards(shop, books, &self.reconciled, &self.moment)
    }
}

/// Matches the shop's tables by every rules spec that fires checks.
fn match_tables<'s>(shop: &Shop, reconciled: &mut Reconciled, rows: &dyn Fn(&str) -> &'s [Row], as_of: NaiveDate) {
    for rules in shop.rules.iter().filter(|rules| rules.checks.is_some()) {
        let table = |side: usize| rules.sides[side].table.as_deref().and_then(|id| shop.reading.tables.get(id));
        let (Some(left), Some(right)) = (table(0), table(1)) else { continue };
        let tables = [(left, rows(&left.id)), (right, rows(&right.id))];
        let calendar = &shop.config.settings.calendar;
        let matched = reconcile::match_tables(rules, tables, &reconciled.facts.exported, calendar, as_of, shop.lang);
        if let Some((matching, checks, controls)) = matched {
            reconciled.add(matching, checks, controls);
        }
    }
}
