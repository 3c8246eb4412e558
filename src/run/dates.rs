//! Dates that can be reported: not after both today and all exports, not before all data.

use chrono::NaiveDate;

use super::{Books, Request};

/// A date of which nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    #[error("{date} has not come yet, and the newest export speaks of {newest}: nothing is published for it")]
    Future { date: NaiveDate, newest: NaiveDate },
    #[error("{date} is before the first date of all exports ({first}): nothing is published for it")]
    BeforeAll { date: NaiveDate, first: NaiveDate },
}

/// The dates asked for of which something can be said; an error where that is none of them.
pub fn sensible(books: &Books<'_>, request: &Request) -> Result<Vec<NaiveDate>, DateError> {
    let mut refused = None;
    let mut sensible = Vec::new();
    let (first, newest) = (books.history.first_day(&books.records), books.newest_day());
    for date in &request.dates {
        let newest = newest.unwrap_or(request.today);
        let wrong = match first {
            Some(first) if *date < first => Some(DateError::BeforeAll { date: *date, first }),
            _ if *date > request.today && *date > newest => Some(DateError::Future { date: *date, newest }),
            _ => None,
        };
        match wrong {
            Some(error) => {
                tracing::warn!("{error}");
                refused = refused.or(Some(error));
            }
            None => sensible.push(*date),
        }
    }
    match refused {
        Some(error) if sensible.is_empty() => Err(error),
        _ => Ok(sensible),
    }
}
