//! What is wrong with a file, row by row: the first of each kind one by one, the others counted.

use std::collections::BTreeMap;

use crate::clean::normal;
use crate::finding::{Code, Finding};

/// Findings of one kind and column that are named one by one.
const NAMED: usize = 50;

/// Findings of one file as they are met.
#[derive(Debug, Default)]
pub struct Told {
    file: String,
    sheet: String,
    list: Vec<Finding>,
    /// How many there are of a kind and column, and the last one that was named.
    counts: BTreeMap<(Code, String), (usize, usize)>,
}

impl Told {
    pub fn new(file: &str, sheet: &str) -> Told {
        Told { file: file.to_owned(), sheet: sheet.to_owned(), ..Told::default() }
    }

    /// Something at a row and, where it is one cell, its 0-based column.
    pub fn say(&mut self, code: Code, value: &str, row: u32, column: Option<usize>, args: &[&str]) {
        let letters = column.map(normal::column_letters).unwrap_or_default();
        let (count, last) = self.counts.entry((code, letters.clone())).or_default();
        *count += 1;
        if *count > NAMED {
            self.list[*last].count += 1;
            return;
        }
        *last = self.list.len();
        let sheet = self.sheet.clone();
        let mut finding = Finding::new(code, value).at(&sheet, row, &letters);
        finding.file.clone_from(&self.file);
        finding.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self.list.push(match code {
            Code::NotADate | Code::KeyDamaged => finding.leaving(true),
            Code::NotAnAmount | Code::NumberTooLarge | Code::UnitRefused => finding.leaving(false),
            _ => finding,
        });
    }

    pub fn sheet(&self) -> &str {
        &self.sheet
    }

    pub fn into_findings(self) -> Vec<Finding> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_bad_cells_are_named_up_to_a_bound_and_counted() {
        let mut told = Told::new("a.csv", "");
        (0..1_000).for_each(|row| told.say(Code::NotAnAmount, "x", row + 2, Some(3), &["金额"]));
        told.say(Code::NotAnAmount, "y", 7, Some(4), &["实收"]);
        let findings = told.into_findings();
        assert_eq!(findings.len(), NAMED + 1);
        assert_eq!(findings.iter().map(|f| f.count).sum::<u64>(), 1_001);
        assert_eq!((findings[0].row, findings[0].column.as_str(), findings[0].file.as_str()), (2, "D", "a.csv"));
    }
}
