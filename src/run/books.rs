//! What the ledger knows, read once: the files, every version of every record, the closed months, the late changes.

use super::{Months, changes, exchanged, voids};
use crate::finding::Finding;
use crate::ledger::{
    self, Change, ClosedFiles, FileRecord, History, Ledger, LedgerError, Moment, ReadingSpecs, SheetColumns, State,
};
use crate::model::Lang;
use crate::model::forget::{Rule, forgets};
use crate::reconcile::{Check, decisions};

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
    /// Headings that may have been exchanged, each by its file.
    pub exchanged: Vec<Finding>,
    /// What this run says of entries of the inbox that it could not take; empty where nothing was taken.
    pub inbox: Vec<Finding>,
}

impl<'a> Books<'a> {
    pub fn load(ledger: &Ledger, specs: &'a ReadingSpecs) -> Result<Books<'a>, LedgerError> {
        let records = ledger.files()?;
        let headings = ledger.headings()?;
        let history = History::load(ledger, specs, &records)?;
        let months = Months::load(ledger)?;
        let closed = months.files();
        let changes = if forgets(Rule::LateChange) { Vec::new() } else { ledger::changes(&history, &records, &closed) };
        let exchanged = exchanged::found(&history);
        Ok(Books { records, headings, history, months, closed, changes, exchanged, inbox: Vec::new() })
    }

    /// The books as of a date.
    pub fn moment(&self, as_of: chrono::NaiveDate) -> Moment<'_> {
        Moment::new(as_of, &self.records).with_closed(&self.closed)
    }

    /// The state as of a moment, without the rows that decisions have voided.
    pub fn state(&self, moment: &Moment<'_>, specs: &ReadingSpecs) -> State {
        self.without_voided(self.history.as_of(moment), moment, specs)
    }

    /// Only what the clearing rests on.
    pub fn clearing_state(&self, moment: &Moment<'_>, specs: &ReadingSpecs) -> State {
        self.without_voided(self.history.clearing_as_of(moment), moment, specs)
    }

    fn without_voided(&self, mut state: State, moment: &Moment<'_>, specs: &ReadingSpecs) -> State {
        let decisions = state.decisions(&specs.tables);
        if decisions.iter().any(|decision| decision.decision == "void") {
            let lacking = voids::lacking(self, moment, specs, &state);
            let voided = decisions::voided(&decisions, &lacking);
            state.take_out(lacking, voided);
        }
        state
    }

    /// The late changes that are known as of a moment, as checks.
    pub fn late_checks(&self, moment: &Moment<'_>, specs: &ReadingSpecs, lang: Lang) -> Vec<Check> {
        changes::checks(&changes::of_date(&self.changes, moment), &self.records, specs, lang)
    }
}
