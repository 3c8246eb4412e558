//! What the rows of an export are complete for: the word `covers` of a spec.

use crate::model::TableDef;
use crate::spec::{Spanned, SpecError, SpecFile};

/// What the rows of an export are complete for: a row that a newer one lacks is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Covers {
    /// Every order, sale or statement that it shows.
    Order,
    Day,
    Month,
    /// All there is.
    All,
}

impl Covers {
    /// The word of a spec, where it says one; refused where a table that the source feeds has no such thing.
    pub(super) fn checked<'t>(
        file: &SpecFile,
        word: Option<&Spanned<String>>,
        mut tables: impl Iterator<Item = &'t TableDef>,
    ) -> Result<Option<Covers>, SpecError> {
        let Some(word) = word else { return Ok(None) };
        let (covers, fits): (Covers, fn(&TableDef) -> bool) = match word.get_ref().as_str() {
            "order" => (Covers::Order, |t| t.document().is_some()),
            "day" => (Covers::Day, |t| t.date.is_some()),
            "month" => (Covers::Month, |t| t.date.is_some()),
            "all" => (Covers::All, |_| true),
            _ => return Err(file.wrong_word(word, "covers", &["order", "day", "month", "all"])),
        };
        match tables.find(|table| !fits(table)) {
            None => Ok(Some(covers)),
            Some(table) => {
                let message = format!("`covers` does not fit the table `{}`: it has no column that says so", table.id);
                Err(file.error_at(word, message))
            }
        }
    }
}
