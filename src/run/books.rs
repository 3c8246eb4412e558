//! What the ledger knows, read once: the files, every version of every record, the closed months, the late changes.

use super::{Months, changes, exchanged, voids};
use crate::finding::Finding;
use crate::ledger::{
    self, Change, ClosedFiles, FileRecord, History, Ledger, LedgerError, Moment, Published, ReadingSpecs, SheetColumns,
    State,
};
use crate::model::Lang;
use crate::model::forget::{Rule, forgets};
use crate::publish::Standing;
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
    /// Every revision ever published.
    pub published: Vec<Published>,
    /// Those that were not taken back.
    pub standing: Vec<Published>,
    /// The newest line of the log: what has come up to it, these books know.
    pub line: i64,
    /// The newest line that a report rests on.
    pub fact: i64,
}

impl<'a> Books<'a> {
    pub fn load(ledger: &Ledger, specs: &'a ReadingSpecs) -> Result<Books<'a>, LedgerError> {
        Books::known_at(ledger, specs, ledger.newest_line())
    }

    /// The books as they were when the log had so many lines.
    pub fn known_at(ledger: &Ledger, specs: &'a ReadingSpecs, line: i64) -> Result<Books<'a>, LedgerError> {
        let records = ledger.files_at(line)?;
        let headings = ledger.headings()?;
        let history = History::load(ledger, specs, &records)?;
        let months = Months::load(ledger)?;
        let closed = months.files();
        let changes = if forgets(Rule::LateChange) { Vec::new() } else { ledger::changes(&history, &records, &closed) };
        let exchanged = exchanged::found(&history);
        let (published, standing) = (ledger.ever_published()?, ledger.published()?);
        Ok(Books {
            records,
            headings,
            history,
            months,
            closed,
            changes,
            exchanged,
            inbox: Vec::new(),
            published,
            standing,
            line,
            fact: ledger.newest_fact()?,
        })
    }

    /// The newest revision of a date.
    pub fn standing(&self, as_of: chrono::NaiveDate) -> Option<Standing> {
        let newest = self.standing.iter().rfind(|p| p.as_of == as_of)?;
        let Published { revision, manifest_sha256, files, .. } = newest.clone();
        Some(Standing { revision, manifest_sha256, files })
    }

    /// The newest day of which an export with a usable sheet speaks.
    pub fn newest_day(&self) -> Option<chrono::NaiveDate> {
        self.records.iter().filter(|record| !record.sheets.is_empty()).filter_map(|record| record.export_date).max()
    }

    /// The number of a date's next revision.
    pub fn next_revision(&self, as_of: chrono::NaiveDate) -> i64 {
        self.published.iter().filter(|p| p.as_of == as_of).map(|p| p.revision).max().unwrap_or(0) + 1
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
