//! One row per payer: the rows of one settlement are brought together into the payer columns.

use std::collections::{BTreeMap, HashMap};

use super::cells::{code_of, fen, text_of};
use super::normal::column_letters;
use super::plan::OutputPlan;
use super::reversal::Draft;
use super::rows::key_text;
use super::units::Scale;
use crate::finding::{Code, Finding};
use crate::model::{Value, WordList};
use crate::read::RawRow;

/// The settlements of a sheet, gathered payer by payer.
pub struct Payers {
    list: WordList,
    places: HashMap<String, usize>,
    drafts: Vec<Draft>,
    differing: Vec<(u32, String, String)>,
}

impl Payers {
    pub fn new(list: &WordList) -> Payers {
        Payers { list: list.clone(), places: HashMap::new(), drafts: Vec::new(), differing: Vec::new() }
    }

    /// Adds one payer's row to its settlement; a finding where payer or amount cannot be read.
    pub fn row(&mut self, plan: &OutputPlan<'_>, row: &RawRow, draft: Draft, sheet: &str) -> Option<Finding> {
        let (pivot, (payer_at, amount_at)) = (plan.output.pivot.as_ref()?, plan.payer?);
        let word = row.cells.get(payer_at).map_or_else(String::new, text_of);
        let Some(payer) = code_of(&word, &BTreeMap::new(), &self.list) else {
            let known: Vec<&str> = self.list.words.iter().map(|w| w.zh.as_str()).collect();
            let finding = Finding::new(Code::UnknownWord, word).with(pivot.payer.join("|")).with(known.join("、"));
            return Some(finding.at(sheet, row.number, &column_letters(payer_at)));
        };
        let amount = row.cells.get(amount_at).map_or(Err(Code::NotAnAmount), |cell| fen(cell, &plan.payer_scale));
        let (fen, column) = match (amount, pivot.into.get(&payer)) {
            (Ok(fen), Some(column)) => (fen, column),
            (amount, _) => {
                let shown = row.cells.get(amount_at).map_or_else(String::new, text_of);
                let unit = if let Scale::Refused(word) = &plan.payer_scale { word.as_str() } else { "" };
                let finding = Finding::new(amount.err().unwrap_or(Code::NotAnAmount), shown);
                let finding = finding.with(pivot.amount.join("|")).with(unit).leaving(false);
                return Some(finding.at(sheet, row.number, &column_letters(amount_at)));
            }
        };
        let fen = if pivot.negate { fen.saturating_neg() } else { fen };
        let place = self.place(plan, draft);
        let held = &mut self.drafts[place].row.values[*column];
        *held = Value::Int(held.int().unwrap_or(0).saturating_add(fen));
        None
    }

    /// The settlement that the row belongs to, its other columns brought together.
    fn place(&mut self, plan: &OutputPlan<'_>, mut draft: Draft) -> usize {
        let Some(pivot) = plan.output.pivot.as_ref() else { return 0 };
        for column in pivot.into.values() {
            draft.row.values[*column] = Value::Int(0);
        }
        let key = key_text(&draft.row.values, &plan.table.key);
        let Some(place) = self.places.get(&key).copied() else {
            self.drafts.push(draft);
            self.places.insert(key, self.drafts.len() - 1);
            return self.drafts.len() - 1;
        };
        let held = &mut self.drafts[place];
        // What one payer's row says of the settlement holds for all of it.
        if draft.said.way > held.said.way {
            held.said = draft.said;
            held.row.void = draft.row.void;
        }
        if held.cancelled.is_null() {
            held.cancelled = draft.cancelled;
        }
        for (column, value) in draft.row.values.into_iter().enumerate() {
            if pivot.into.values().any(|c| *c == column) || value.is_null() {
                continue;
            }
            let held = &mut held.row.values[column];
            if pivot.sum.contains(&column) {
                *held = Value::Int(held.int().unwrap_or(0).saturating_add(value.int().unwrap_or(0)));
            } else if held.is_null() {
                *held = value;
            } else if *held != value {
                let shown = key.replace('\u{1f}', " / ");
                self.differing.push((draft.row.row, shown, plan.table.columns[column].zh.clone()));
            }
        }
        place
    }

    pub fn finish(self, sheet: &str, findings: &mut Vec<Finding>) -> Vec<Draft> {
        for (row, key, column) in self.differing {
            findings.push(Finding::new(Code::PayerRowsDiffer, key).with(column).at(sheet, row, ""));
        }
        self.drafts
    }
}
