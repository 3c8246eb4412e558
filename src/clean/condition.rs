//! Which rows of an export an output takes, and which are left out on purpose.

use std::sync::Arc;

use serde::Deserialize;

use super::cells::text_of;
use super::direction::{Lexicon, Way};
use super::normal;
use crate::read::RawRow;
use crate::spec::tables::Tables;
use crate::spec::{Spanned, SpecError, SpecFile};

/// A test on the raw text of a cell.
#[derive(Debug)]
pub struct Condition {
    /// The heading of its column, each way in which it may be spelt.
    pub spellings: Vec<String>,
    pub is: Vec<String>,
    pub is_not: Vec<String>,
    /// What the word must say of the way that the money went.
    pub ways: Vec<Way>,
    lexicon: Arc<Lexicon>,
}

/// Rows that are no records of a table: what the export says there is meant for another one, or for nobody.
#[derive(Debug)]
pub struct Ignore {
    /// Index of the table; `None` for all of the source.
    pub table: Option<usize>,
    pub when_all: Vec<Condition>,
    /// Such a row ends the record of its key: what earlier exports told of it stands no more.
    pub void: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCondition {
    column: String,
    #[serde(default)]
    is: Vec<String>,
    #[serde(default)]
    is_not: Vec<String>,
    #[serde(default)]
    way: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawIgnore {
    table: Option<Spanned<String>>,
    when_all: Vec<RawCondition>,
    #[serde(default)]
    void: bool,
}

impl RawIgnore {
    pub fn checked(self, file: &SpecFile, tables: &Tables, lexicon: &Arc<Lexicon>) -> Result<Ignore, SpecError> {
        let find = |word: &Spanned<String>| {
            let at = tables.index(word.get_ref());
            at.ok_or_else(|| file.wrong_word(word, "table", &tables.ids()))
        };
        Ok(Ignore {
            table: self.table.as_ref().map(find).transpose()?,
            when_all: self.when_all.into_iter().map(|c| c.checked(file, lexicon)).collect::<Result<_, _>>()?,
            void: self.void,
        })
    }
}

impl RawCondition {
    pub fn checked(self, file: &SpecFile, lexicon: &Arc<Lexicon>) -> Result<Condition, SpecError> {
        let words = |list: &[String]| list.iter().map(|w| normal::word(w)).collect();
        Ok(Condition {
            spellings: self.column.split('|').map(normal::heading).collect(),
            is: words(&self.is),
            is_not: words(&self.is_not),
            ways: self.way.iter().map(|w| Way::of_word(file, w)).collect::<Result<_, _>>()?,
            lexicon: Arc::clone(lexicon),
        })
    }
}

impl Condition {
    /// The sheet's column that it looks at, where there is one.
    pub fn place(&self, headings: &super::plan::Headings) -> Option<usize> {
        self.spellings.iter().find_map(|heading| headings.find(heading))
    }

    /// Whether the row's cell in that column satisfies the condition; a column that is not there is blank.
    pub fn holds_in(&self, row: &RawRow, place: Option<usize>) -> bool {
        let cell = place.and_then(|p| row.cells.get(p));
        self.holds(&normal::word(&cell.map_or_else(String::new, text_of)))
    }

    /// Whether the cell's text (normalised) satisfies the condition.
    pub fn holds(&self, word: &str) -> bool {
        (self.is.is_empty() || self.is.iter().any(|w| w == word))
            && !self.is_not.iter().any(|w| w == word)
            && (self.ways.is_empty() || self.lexicon.way(word).is_some_and(|way| self.ways.contains(&way)))
    }
}
