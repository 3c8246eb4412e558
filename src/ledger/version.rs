//! One row of one file, as the version of a record, and by what it is known.

use super::archive::hash_of;
use crate::clean::key_text;
use crate::model::{Row, TableDef, Value};

/// A version of a record: one row of one file.
#[derive(Debug, Clone)]
pub struct Version {
    /// Key columns as one text, and which of several different rows of one export with that key. A line whose number we
    /// counted is keyed by what it says ([`content_of`]) and how many of the same stood before it.
    pub key: String,
    pub twin: u32,
    /// The export says that the record is void: it stands no more, whatever earlier exports say.
    pub void: bool,
    /// Which of the table's records it is of, in order of key.
    pub record: u32,
    /// The newer file that takes the record away, where this is its last version before that.
    pub ended: Option<i64>,
    pub row: Row,
}

/// Stands in the key of a line whose number was counted by us, between order, content and place among equal lines.
pub(super) const COUNTED: char = '\u{1e}';

impl Version {
    /// The key as people read it; of a line that we counted, its order.
    pub fn shown_key(&self) -> String {
        self.key.split(COUNTED).next().unwrap_or_default().replace('\u{1f}', " / ")
    }

    /// Whether its line number was counted by us.
    pub fn is_counted(&self) -> bool {
        self.key.contains(COUNTED)
    }
}

/// What a line says without its number, after the document that it stands in.
pub(super) fn content_of(table: &TableDef, values: &[Value]) -> Option<String> {
    let number = table.line_number()?;
    let others: Vec<usize> = table.key.iter().copied().filter(|at| *at != number).collect();
    let said: Vec<String> = (0..values.len()).filter(|at| *at != number).map(|at| key_text(values, &[at])).collect();
    let mut digest = hash_of(said.join("\u{1f}").as_bytes());
    digest.truncate(16);
    Some(format!("{}{COUNTED}{digest}", key_text(values, &others)))
}
