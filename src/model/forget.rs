//! Rules that a test build can forget, so that a test shows that somebody would notice.
//!
//! Without the feature `forgettings`, which no program for a shop is built with, nothing can be forgotten: the question
//! is answered while compiling.

/// A rule that tells of a fault in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A row of a text file has as many fields as the headings.
    Width,
    /// A row that no output takes is told.
    Unclaimed,
    /// A unit in a heading is read or refused.
    Unit,
    /// A word that no list knows is told.
    UnknownWord,
    /// A number that a spreadsheet damaged is no key.
    DamagedKey,
    /// A date that is none is told.
    BadDate,
    /// A 合计 is held against the rows.
    Total,
    /// Equal rows count once, others of one key are told.
    Twins,
    /// Rows that a newer export lacks are told.
    Vanished,
    /// A changed value that a report counted is told.
    LateChange,
}

impl Rule {
    pub const ALL: [Rule; 10] = [
        Rule::Width,
        Rule::Unclaimed,
        Rule::Unit,
        Rule::UnknownWord,
        Rule::DamagedKey,
        Rule::BadDate,
        Rule::Total,
        Rule::Twins,
        Rule::Vanished,
        Rule::LateChange,
    ];
}

#[cfg(not(feature = "forgettings"))]
mod switch {
    pub const fn forgets(_: super::Rule) -> bool {
        false
    }
}

#[cfg(feature = "forgettings")]
mod switch {
    use super::Rule;
    use std::sync::OnceLock;

    static FORGOTTEN: OnceLock<Rule> = OnceLock::new();

    /// Forgets a rule, by its name, for the rest of the process.
    pub fn forget(name: &str) {
        if let Some(rule) = Rule::ALL.into_iter().find(|rule| format!("{rule:?}") == name) {
            let _ = FORGOTTEN.set(rule); // the first one stays
        }
    }

    pub fn forgets(rule: Rule) -> bool {
        FORGOTTEN.get() == Some(&rule)
    }
}

pub use switch::*;
