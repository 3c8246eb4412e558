//! Which of a row's new values change what was published of it.
//!
//! What simply happened later is none of them: an event filled in with what goes with it, a state that moved on, a
//! value that no figure counts.

use chrono::NaiveDate;

use crate::model::{Counts, Row, TableDef, Value};

/// A column, what it was, what it is.
pub type Cell = (usize, Value, Value);

/// A row that stood when its day was reported, and what a later file says instead.
pub struct Pair<'a> {
    pub table: &'a TableDef,
    pub stood: &'a Row,
    pub now: &'a Row,
    /// The date of the export that showed it as it stood.
    pub exported: Option<NaiveDate>,
    /// Both were read by one source: a cell that is empty is empty, and no column that an export lacks.
    pub is_same_source: bool,
    /// Whether the row's own day had been reported.
    pub is_reported: bool,
}

impl Pair<'_> {
    /// The columns that differ and that a published figure counted. `reported` tells whether a day had been reported.
    pub fn cells(&self, reported: &dyn Fn(NaiveDate) -> bool) -> Vec<Cell> {
        let pairs = self.stood.values.iter().zip(&self.now.values).enumerate();
        let differs = |(at, (was, is)): &(usize, (&Value, &Value))| {
            // Of one record only a line number that we counted can be another one, and it says nothing.
            was != is && !self.table.key.contains(at) && self.is_told(*at, was, is, reported)
        };
        pairs.filter(differs).map(|(at, (was, is))| (at, was.clone(), is.clone())).collect()
    }

    fn is_told(&self, at: usize, was: &Value, is: &Value, reported: &dyn Fn(NaiveDate) -> bool) -> bool {
        if self.table.is_final {
            // One that the export of another source leaves empty is none: it may simply lack the column.
            return self.is_reported && (self.is_same_source || !is.is_null());
        }
        if !self.is_same_source && (was.is_null() || is.is_null()) {
            return false;
        }
        let column = &self.table.columns[at];
        if column.counts == Counts::Never {
            return false;
        }
        if column.event {
            return was.date() != is.date() && self.has_counted(at, reported);
        }
        if let Some(event) = column.with {
            return self.has_counted(event, reported);
        }
        if Some(at) == self.table.date {
            return self.is_reported && was.date() != is.date();
        }
        let counts = match &column.counts {
            Counts::Always => !(was.is_null() && self.happened_now()),
            Counts::Never => false,
            Counts::From(event) => self.stood.values[*event].date().is_some_and(reported),
            Counts::State(words) => [was, is].into_iter().any(|value| words.iter().any(|word| word == value.text())),
        };
        self.is_reported && counts
    }

    /// Whether an event was counted on a reported day; or is dated on one only now, before the very export that did not
    /// show it.
    fn has_counted(&self, event: usize, reported: &dyn Fn(NaiveDate) -> bool) -> bool {
        let (was, is) = (self.stood.values[event].date(), self.now.values[event].date());
        match (was, is) {
            (Some(was), _) => reported(was),
            (None, Some(is)) => reported(is) && self.exported.is_some_and(|exported| is < exported),
            (None, None) => false,
        }
    }

    /// Whether an event was filled in: what was blank until then is filled in with it.
    fn happened_now(&self) -> bool {
        let is_filled = |at: usize| self.stood.values[at].is_null() && !self.now.values[at].is_null();
        (0..self.table.columns.len()).any(|at| self.table.columns[at].event && is_filled(at))
    }
}
