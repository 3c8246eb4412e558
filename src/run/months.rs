//! The closed months of a shop, as a run needs them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Books, DateOutcome, Shop};
use crate::ledger::{Closed, ClosedFiles, ClosedItem, Ledger, LedgerError};
use crate::model::dates::{first_of_month, last_of_month};
use crate::reconcile::OpenItems;

/// The closed months and the open items that the newest of them were closed with.
#[derive(Debug, Default)]
pub struct Months {
    closed: Closed,
    /// By the last day of the month.
    closing: BTreeMap<NaiveDate, OpenItems>,
}

impl Months {
    pub fn load(ledger: &Ledger) -> Result<Months, LedgerError> {
        let closed = ledger.closed()?;
        let mut closing = BTreeMap::new();
        for (month, close) in &closed {
            let items = ledger.closed_items(close)?;
            closing.insert(last_of_month(*month), items.into_iter().map(open_item).collect());
        }
        Ok(Months { closed, closing })
    }

    /// Whether the date lies in a closed month.
    pub fn is_closed(&self, date: NaiveDate) -> bool {
        self.closed.contains_key(&first_of_month(date))
    }

    /// Whether the date lies in a closed month before that of another date.
    pub fn is_closed_before(&self, date: NaiveDate, of: NaiveDate) -> bool {
        first_of_month(date) < first_of_month(of) && self.is_closed(date)
    }

    /// The newest file that each closed month rests on.
    pub fn files(&self) -> ClosedFiles {
        self.closed.iter().map(|(month, close)| (*month, close.last_file)).collect()
    }

    /// The closed months up to the one that ends on this date, all as its close left them: by the newest file of that
    /// close. Empty where the date ends no closed month.
    pub fn closed_up_to(&self, date: NaiveDate) -> ClosedFiles {
        let Some(last) = self.closed.get(&first_of_month(date)).filter(|_| date == last_of_month(date)) else {
            return ClosedFiles::new();
        };
        self.closed.range(..=last.month).map(|(month, _)| (*month, last.last_file)).collect()
    }

    /// The open items as of a date, where it is the last of a closed month.
    pub fn closing(&self, date: NaiveDate) -> Option<&OpenItems> {
        self.closing.get(&date)
    }

    /// What a run says of a date that it leaves as it is.
    pub(super) fn outcome(&self, shop: &Shop, books: &Books<'_>, as_of: NaiveDate) -> DateOutcome {
        let revision = books.standing(as_of).map_or(0, |standing| standing.revision);
        DateOutcome::untouched(as_of, shop.reports.join(as_of.to_string()), revision)
    }
}

fn open_item(item: ClosedItem) -> ((bool, String), (crate::model::Fen, Option<NaiveDate>)) {
    ((item.is_receipt, item.key), (item.diff, item.changed_on))
}
