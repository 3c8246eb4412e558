//! What is said of a column, not of each of its cells, and how often one thing is said.

use std::collections::{BTreeMap, BTreeSet};

use super::dates;
use super::normal::{self, column_letters};
use super::plan::OutputPlan;
use crate::finding::{Code, Finding};
use crate::model::{ColumnKind, Value};
use crate::read::Cell;

/// Findings of one code in one column beyond this many are counted, not listed.
const LISTED: u64 = 50;

/// A cell that gave a column its value: how many columns were asked before, and where it stands.
pub struct Used<'a> {
    pub turn: usize,
    pub place: usize,
    pub cell: &'a Cell,
    pub row: u32,
}

/// Things said once a column, not once a cell.
#[derive(Default)]
pub struct Notes {
    listed: BTreeMap<(Code, String), (u64, Option<Finding>)>,
    /// Shapes of dates, by sheet column: shape and first row.
    shapes: BTreeMap<usize, (String, BTreeMap<&'static str, u32>)>,
    /// Trimmed keys, by sheet column: heading, count, first row.
    trimmed: BTreeMap<usize, (String, u64, u32)>,
    /// Dates taken from a later column: names of both, count, first row.
    borrowed: BTreeMap<(usize, usize), (String, u64, u32)>,
    /// Spellings of one code, by column: code to spellings, and the first row.
    spellings: BTreeMap<usize, (String, Spellings, u32)>,
}

/// A number without the marks that exports put round it so that a spreadsheet keeps its digits: no blanks to speak of.
fn as_exported(text: &str) -> &str {
    let text = text.strip_prefix('`').unwrap_or(text);
    text.trim_end_matches('\t')
}

/// Code to the words that stand for it.
type Spellings = BTreeMap<String, BTreeSet<String>>;

impl Notes {
    /// Lists a finding, or only counts it when the column has had its share.
    pub fn say(&mut self, finding: Finding, findings: &mut Vec<Finding>) {
        let entry = self.listed.entry((finding.code, finding.column.clone())).or_insert((0, None));
        entry.0 += 1;
        // One unit is wrong, not each of its cells.
        let listed = if finding.code == Code::UnitRefused { 1 } else { LISTED };
        if entry.0 <= listed {
            findings.push(finding);
        } else if let Some(rest) = &mut entry.1 {
            rest.count += 1;
        } else {
            entry.1 = Some(finding);
        }
    }

    pub fn used(&mut self, plan: &OutputPlan<'_>, column: usize, used: Used<'_>, value: &Value) {
        let Used { turn, place, cell, row } = used;
        let def = &plan.table.columns[column];
        let Cell::Text(text) = cell else {
            if turn > 0 && matches!(def.kind, ColumnKind::Date | ColumnKind::Time) {
                self.borrow(plan, column, place, &def.zh, row);
            }
            return;
        };
        match def.kind {
            ColumnKind::Date | ColumnKind::Time => {
                if let Some(read) = dates::read(text) {
                    let entry = self.shapes.entry(place).or_insert_with(|| (def.zh.clone(), BTreeMap::new()));
                    entry.1.entry(read.shape).or_insert(row);
                }
                if turn > 0 {
                    self.borrow(plan, column, place, &def.zh, row);
                }
            }
            ColumnKind::Key if normal::key(text) != as_exported(text).to_uppercase() => {
                let entry = self.trimmed.entry(place).or_insert_with(|| (def.zh.clone(), 0, row));
                entry.1 += 1;
            }
            ColumnKind::Word(_) => self.spelling(plan, column, value.text(), text, row),
            _ => {}
        }
    }

    /// Words for one tender, told apart: 现金 beside 现金支付. Other lists group different things on purpose.
    fn spelling(&mut self, plan: &OutputPlan<'_>, column: usize, code: &str, text: &str, row: u32) {
        let def = &plan.table.columns[column];
        if def.name == "tender" {
            let entry = self.spellings.entry(column).or_insert_with(|| (def.zh.clone(), BTreeMap::new(), row));
            entry.1.entry(code.to_owned()).or_default().insert(normal::word(text));
        }
    }

    fn borrow(&mut self, plan: &OutputPlan<'_>, column: usize, place: usize, name: &str, row: u32) {
        let first = plan.columns[column].as_ref().and_then(|(_, p)| p.first()).copied().unwrap_or(place);
        let entry = self.borrowed.entry((first, place)).or_insert_with(|| (name.to_owned(), 0, row));
        entry.1 += 1;
    }

    pub fn finish(self, sheet: &str, headings: &[String], findings: &mut Vec<Finding>) {
        let shown = |place: usize| headings.get(place).cloned().unwrap_or_default();
        for (_, (_, rest)) in self.listed {
            findings.extend(rest);
        }
        for (place, (_, shapes)) in self.shapes.into_iter().filter(|(_, (_, s))| s.len() > 1) {
            let names: Vec<&str> = shapes.keys().copied().collect();
            let row = shapes.values().copied().max().unwrap_or(0);
            let finding =
                Finding::new(Code::MixedFormats, shapes.len().to_string()).with(shown(place)).with(names.join(", "));
            findings.push(finding.at(sheet, row, &column_letters(place)).counted(shapes.len() as u64));
        }
        for (place, (_, count, row)) in self.trimmed {
            let finding = Finding::new(Code::TextTrimmed, "").with(shown(place)).counted(count);
            findings.push(finding.at(sheet, row, &column_letters(place)));
        }
        for ((first, place), (name, count, row)) in self.borrowed {
            let finding = Finding::new(Code::DateFromOtherColumn, "")
                .with(if first == place { name } else { shown(first) })
                .with(shown(place));
            findings.push(finding.at(sheet, row, &column_letters(place)).counted(count));
        }
        for (_, (name, codes, row)) in self.spellings {
            for words in codes.into_iter().filter(|(_, w)| w.len() > 1).map(|(_, w)| w) {
                let words: Vec<String> = words.into_iter().collect();
                let finding = Finding::new(Code::WordsVary, words.join("、")).with(&name);
                findings.push(finding.at(sheet, row, "").counted(words.len() as u64));
            }
        }
    }
}
