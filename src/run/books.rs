//! What the ledger knows, read once: the files, every version of every record, the closed months, the late changes.

use super::{Months, changes};
use crate::ledger::{
    self, Change, ClosedFiles, FileRecord, History, Ledger, LedgerError, Moment, ReadingSpecs, SheetColumns,
};
use crate::model::Lang;
use crate::model::forget::{Rule, forgets};
use crate::reconcile::Check;
use crate::spec::tables::Tables;

/// The books of a shop, from which every date is made.
pub struct Books<'a> {
    pub records: Vec<FileRecord>,
    /// The columns of their sheets.
    pub headings: Vec<SheetColumns>,
    pub history: History<'a>,
    pub months: Months,
    /// The newest file that each closed month rests on.
    pub closed: ClosedFiles,
    /// What files taken later changed of days already reported.
    pub changes: Vec<Change>,
}

impl<'a> Books<'a> {
    pub fn load(ledger: &Ledger, tables: &'a Tables) -> Result<Books<'a>, LedgerError> {
        let records = ledger.files()?;
        let headings = ledger.headings()?;
        let history = History::load(ledger, tables)?;
        let months = Months::load(ledger)?;
        let closed = months.files();
        let changes = if forgets(Rule::LateChange) { Vec::new() } else { ledger::changes(&history, &records, &closed) };
        Ok(Books { records, headings, history, months, closed, changes })
    }

    /// The books as of a date.
    pub fn moment(&self, as_of: chrono::NaiveDate) -> Moment<'_> {
        Moment::new(as_of, &self.records).with_closed(&self.closed)
    }

    /// The late changes that are known as of a moment, as checks.
    pub fn late_checks(&self, moment: &Moment<'_>, specs: &ReadingSpecs, lang: Lang) -> Vec<Check> {
        changes::checks(&changes::of_date(&self.changes, moment), &self.records, specs, lang)
    }
}
