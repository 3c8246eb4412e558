//! One row per payer: the rows of one settlement are brought together into the payer columns.

use std::collections::{BTreeMap, HashMap};

use super::cells::{code_of, fen, text_of};
use super::export::CleanRow;
use super::normal::column_letters;
use super::plan::OutputPlan;
use super::rows::key_text;
use super::units::Scale;
use crate::finding::{Code, Finding};
use crate::model::{Value, WordList};
use crate::read::RawRow;

/// The settlements of a sheet, gathered payer by payer.
pub struct Payers {
    list: WordList,
    places: HashMap<String, usize>,
    rows: Vec<CleanRow>,
    rows_taken: u64,
    differing: Vec<(u32, String, String)>,
}

impl Payers {
    pub fn new(list: &WordList) -> Payers {
        Payers { list: list.clone(), places: HashMap::new(), rows: Vec::new(), rows_taken: 0, differing: Vec::new() }
    }

    pub fn rows_taken(&self) -> u64 {
        self.rows_taken
    }

    /// Adds one payer's row to its settlement; a finding where payer or amount cannot be read.
    pub fn row(&mut self, plan: &OutputPlan<'_>, row: &RawRow, values: Vec<Value>, sheet: &str) -> Option<Finding> {
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
        self.rows_taken += 1;
        let place = self.place(plan, row.number, values);
        let held = &mut self.rows[place].values[*column];
        *held = Value::Int(held.int().unwrap_or(0) + fen);
        None
    }

    /// The settlement that the row belongs to, its other columns brought together.
    fn place(&mut self, plan: &OutputPlan<'_>, row: u32, mut values: Vec<Value>) -> usize {
        let Some(pivot) = plan.output.pivot.as_ref() else { return 0 };
        for column in pivot.into.values() {
            values[*column] = Value::Int(0);
        }
        let key = key_text(&values, &plan.table.key);
        if let Some(place) = self.places.get(&key).copied() {
            let held = &mut self.rows[place].values;
            for (column, value) in values.into_iter().enumerate() {
                if pivot.into.values().any(|c| *c == column) || value.is_null() {
                    continue;
                }
                if pivot.sum.contains(&column) {
                    held[column] = Value::Int(held[column].int().unwrap_or(0) + value.int().unwrap_or(0));
                } else if held[column].is_null() {
                    held[column] = value;
                } else if held[column] != value {
                    self.differing.push((row, key.replace('\u{1f}', " / "), plan.table.columns[column].zh.clone()));
                }
            }
            return place;
        }
        self.rows.push(CleanRow { row, twin: 0, counted: false, values });
        self.places.insert(key, self.rows.len() - 1);
        self.rows.len() - 1
    }

    pub fn finish(self, plan: &OutputPlan<'_>, sheet: &str, findings: &mut Vec<Finding>) -> Vec<CleanRow> {
        debug_assert!(plan.output.pivot.is_some(), "payers are gathered for a pivot");
        for (row, key, column) in self.differing {
            findings.push(Finding::new(Code::PayerRowsDiffer, key).with(column).at(sheet, row, ""));
        }
        self.rows
    }
}
