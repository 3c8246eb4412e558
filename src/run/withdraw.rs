//! Taking back: a file that should not have come, the reports of a date that should not have been made.

use chrono::NaiveDate;

use super::{Request, RunError, Shop, open};
use crate::ledger::Event;
use crate::model::dates::first_of_month;
use crate::publish;

/// Takes a file of the inbox back, by its name below it; the dates that it touches are made anew by the next run.
pub fn withdraw(request: &Request, name: &str, by: &str, reason: &str) -> Result<(), RunError> {
    let shop = Shop::open(request)?;
    let _lock = shop.lock()?;
    let mut ledger = open(&shop, request)?;
    ledger.withdraw(name, by, reason)?;
    ledger.commit()?;
    shop.back_up()
}

/// Takes the reports of a date back; returns the revision that was. Nothing later rests on it.
pub fn unpublish(request: &Request, date: NaiveDate, by: &str, reason: &str) -> Result<i64, RunError> {
    let shop = Shop::open(request)?;
    let _lock = shop.lock()?;
    let mut ledger = open(&shop, request)?;
    let month = first_of_month(date);
    if ledger.closed()?.contains_key(&month) {
        return Err(super::close::Order::ClosedDate(date, super::close::name_of(month)).into());
    }
    let newest = ledger.published()?.into_iter().rfind(|published| published.as_of == date);
    let Some(newest) = newest else { return Err(super::close::Order::NotPublished(date).into()) };
    ledger.note(Event::Unpublished { as_of: date, by: by.to_owned(), reason: reason.to_owned() })?;
    ledger.save()?; // what the log says is done again by the next run, should this one die here
    publish::take_back(&shop.reports, &date.to_string(), newest.revision)?;
    ledger.commit()?;
    shop.back_up()?;
    Ok(newest.revision)
}
