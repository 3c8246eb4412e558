//! What was open, what is new, what was cleared: by day and by month.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Books, Shop, changes};
use crate::ledger::{Change, Moment};
use crate::model::dates::first_of_month;
use crate::model::{Period, Text};
use crate::reconcile::{self, OpenItems, Reconciled, RollForward};

/// The day against the day before, the month against the end of the month before; a closed month as it was closed.
pub fn roll_forwards(
    shop: &Shop,
    books: &Books<'_>,
    closing: &Reconciled,
    moment: &Moment<'_>,
) -> Vec<(String, RollForward)> {
    let as_of = moment.as_of;
    let periods =
        [(Text::new("当日", "day"), Period::day(as_of)), (Text::new("本月", "month to date"), Period::month_to(as_of))];
    let clear = |moment: &Moment<'_>| {
        let state = books.clearing_state(moment, &shop.reading);
        reconcile::clear(state.facts(&shop.reading.tables), moment.as_of, &shop.config.settings)
    };
    let mut openings: BTreeMap<NaiveDate, OpenItems> = BTreeMap::new();
    let mut rolls = Vec::new();
    for (name, period) in periods {
        let before = period.first.pred_opt().unwrap_or(period.first);
        let opening = openings.entry(before).or_insert_with(|| match books.months.closing(before) {
            Some(items) => items.clone(),
            None => reconcile::open_items(&clear(&books.moment(before))),
        });
        // A period that opens as a closed month left it tells what has changed since that close.
        let closed = books.months.closed_up_to(before);
        let is_late = |change: &Change| closed.get(&first_of_month(change.day)).is_some_and(|last| change.file > *last);
        let late = changes::of_date(&books.changes, moment);
        let as_closed = late.into_iter().any(is_late).then(|| clear(&books.moment(moment.as_of).as_closed(&closed)));
        let roll = reconcile::roll_forward(opening, as_closed.as_ref(), &closing.clearing, period);
        rolls.push((name.get(shop.lang).to_owned(), roll));
    }
    rolls
}
