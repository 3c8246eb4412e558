//! Dates that are owed: never made, made without what has come since, made stale by a late file, interrupted.
//!
//! Nothing is remembered for this but what the log says: a report knows what had come up to its line, and what came
//! after concerns it or does not. So no kill can forget a date.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::{Request, Shop};
use crate::ledger::{Ledger, LedgerError, Published, Touch};
use crate::model::Text;

/// How far back a published date is made again: two months and a day, so that a month's reports wait for the whole next
/// month.
const DAYS: u64 = 63;

/// Why a date is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was asked for, and the run was killed or a control total failed.
    Interrupted,
    /// Its run did not take place.
    NeverMade,
    /// It lacked a table of which an export has come since.
    Incomplete,
    /// A file came or went that concerns it.
    Stale,
    /// It was published before the day had ended.
    Unfinished,
}

impl Why {
    /// For machines.
    pub fn id(self) -> &'static str {
        match self {
            Why::Interrupted => "interrupted",
            Why::NeverMade => "never_made",
            Why::Incomplete => "incomplete",
            Why::Stale => "stale",
            Why::Unfinished => "unfinished",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Why::Interrupted => Text::new("上次没有做完", "interrupted"),
            Why::NeverMade => Text::new("没有做过", "never made"),
            Why::Incomplete => Text::new("缺的导出已到", "what was missing has come"),
            Why::Stale => Text::new("有迟到或更正的导出", "a file came late or was corrected"),
            Why::Unfinished => Text::new("当时未结束", "made before the day had ended"),
        }
    }
}

/// The dates that are owed, with the reason of each, oldest first: those before the newest date asked for and not asked
/// for themselves. `entries` is how many entries of the inbox cannot be taken now, where somebody has looked.
pub fn dates(
    shop: &Shop,
    ledger: &Ledger,
    request: &Request,
    entries: Option<usize>,
) -> Result<BTreeMap<NaiveDate, Why>, LedgerError> {
    let published = ledger.published()?;
    let newest = newest(&published);
    let Some(last) = request.dates.iter().max().copied() else { return Ok(BTreeMap::new()) };
    let from = last.checked_sub_days(Days::new(DAYS)).unwrap_or(last);
    let is_open = |date: &NaiveDate| *date >= from && *date < last && !request.dates.contains(date);
    let mut owed = BTreeMap::new();
    for date in ledger.asked()?.into_iter().filter(|date| is_open(date)) {
        owed.insert(date, Why::Interrupted);
    }
    if request.is_ordinary {
        owed.extend(never_made(shop, ledger, &newest, last)?.into_iter().map(|date| (date, Why::NeverMade)));
    }
    let candidates: Vec<&Published> = newest.values().copied().filter(|p| is_open(&p.as_of)).collect();
    let Some(oldest) = candidates.iter().map(|p| p.knows).min() else { return Ok(owed) };
    let touches = ledger.touches(oldest, &shop.reading.tables, &shop.forms())?;
    for report in candidates {
        let reasons = touches.iter().filter_map(|touch| concerns(touch, report));
        let unfinished = (!report.ended && report.as_of < request.today).then_some(Why::Unfinished);
        // What could not be taken then is gone from the inbox, or can be taken now.
        let is_marked = report.entries > 0 && entries.is_some_and(|now| i64::try_from(now) != Ok(report.entries));
        let marked = is_marked.then_some(Why::Stale);
        if let Some(why) = unfinished.or_else(|| reasons.chain(marked).min_by_key(|why| *why == Why::Stale)) {
            owed.insert(report.as_of, why);
        }
    }
    let closed = ledger.closed()?;
    owed.retain(|date, _| !closed.contains_key(&crate::model::dates::first_of_month(*date)));
    Ok(owed)
}

/// The newest revision of each date.
fn newest(published: &[Published]) -> BTreeMap<NaiveDate, &Published> {
    published.iter().map(|report| (report.as_of, report)).collect() // in order of revision: the last one stays
}

/// Dates between the first that was ever made or asked for and the last one, without a report: those that the workshop
/// is closed on and those that were taken back owe nothing.
fn never_made(
    shop: &Shop,
    ledger: &Ledger,
    newest: &BTreeMap<NaiveDate, &Published>,
    last: NaiveDate,
) -> Result<Vec<NaiveDate>, LedgerError> {
    let asked = ledger.asked()?;
    // Dates asked for by this very run are no past.
    let first = newest.keys().next().into_iter().chain(asked.iter().filter(|date| **date < last)).min().copied();
    let Some(first) = first else { return Ok(Vec::new()) };
    let taken_back = ledger.taken_back()?;
    let from = last.checked_sub_days(Days::new(shop.config.run.catch_up)).unwrap_or(last).max(first);
    let is_owed = |date: &NaiveDate| {
        let is_closed = shop.config.workshop.closed.contains(&date.weekday());
        !newest.contains_key(date) && !taken_back.contains(date) && !is_closed
    };
    Ok(from.iter_days().take_while(|date| *date < last).filter(is_owed).collect())
}

/// Whether something that came or went after a report concerns it.
fn concerns(touch: &Touch, report: &Published) -> Option<Why> {
    if touch.n <= report.knows {
        return None;
    }
    let lacked = touch.tables.iter().any(|table| report.lacks.contains(table));
    match touch.date {
        Some(date) if date > report.as_of => None,
        _ if lacked && !touch.is_gone => Some(Why::Incomplete),
        Some(_) => Some(Why::Stale),
        // Without a date it holds for every date; it is seen in the reports that follow.
        None => (touch.is_gone && touch.came <= report.knows).then_some(Why::Stale),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn touch(n: i64, date: Option<&str>, is_gone: bool) -> Touch {
        let tables = vec!["receipts".to_owned()];
        Touch { n, came: n - 5, name: "a.csv".to_owned(), date: date.map(day), tables, is_gone }
    }

    #[test]
    fn what_came_after_a_report_and_is_dated_up_to_it_concerns_it() {
        let report = Published { as_of: day("2026-10-20"), knows: 10, ..Published::default() };
        assert_eq!(concerns(&touch(11, Some("2026-10-20"), false), &report), Some(Why::Stale));
        assert_eq!(concerns(&touch(11, Some("2026-10-21"), false), &report), None);
        assert_eq!(concerns(&touch(10, Some("2026-10-20"), false), &report), None);
        assert_eq!(concerns(&touch(11, None, false), &report), None);
        assert_eq!(concerns(&touch(11, None, true), &report), Some(Why::Stale));
        assert_eq!(concerns(&touch(17, None, true), &report), None);
        let lacking = Published { lacks: vec!["receipts".to_owned()], ..report };
        assert_eq!(concerns(&touch(11, None, false), &lacking), Some(Why::Incomplete));
    }
}
