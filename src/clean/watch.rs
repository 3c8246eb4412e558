//! What usually holds in an export and does not in a row: shapes of dates, stray blanks, expectations of the spec.

use super::cells::{is_blank, text_of};
use super::normal::{self, column_letters};
use super::plan::Headings;
use super::source::Expect;
use crate::finding::{Code, Finding};
use crate::read::{Cell, RawRow};

/// The expectations of one sheet.
pub struct Watch<'a> {
    expects: Vec<(&'a Expect, usize, Option<usize>)>,
    sheet: &'a str,
}

impl<'a> Watch<'a> {
    pub fn new(expects: &'a [Expect], headings: &Headings, sheet: &'a str) -> Watch<'a> {
        let place = |e: &'a Expect| {
            let condition = e.filled_when.as_ref().map(|c| c.place(headings));
            // A condition on a column that is not there cannot be tested.
            match condition {
                Some(None) => None,
                other => Some((e, headings.find(&e.column)?, other.flatten())),
            }
        };
        Watch { expects: expects.iter().filter_map(place).collect(), sheet }
    }

    pub fn row(&mut self, row: &RawRow, findings: &mut Vec<Finding>) {
        for (expect, place, condition) in &self.expects {
            let raw = row.cells.get(*place);
            // As it stands in the file: stray blanks are something to see.
            let text = match raw {
                Some(Cell::Text(text)) => text.clone(),
                other => other.map_or_else(String::new, text_of),
            };
            let blank = raw.is_none_or(is_blank);
            let wrong = match (&expect.pattern, &expect.filled_when, condition) {
                (Some(pattern), _, _) if !blank && !pattern.is_match(&text) => true,
                (_, Some(when), Some(at)) if blank => {
                    when.holds(&normal::word(&row.cells.get(*at).map_or_else(String::new, text_of)))
                }
                _ => false,
            };
            if wrong {
                let finding = Finding::new(Code::ValueUnexpected, text).with(&expect.column);
                let finding = finding.with(format!("{} / {}", expect.zh, expect.en));
                findings.push(finding.at(self.sheet, row.number, &column_letters(*place)));
            }
        }
    }
}
