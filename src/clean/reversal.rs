//! Settlements that were taken back: what the words of a row make of it, two rows where it stood for a while.

use super::direction::{Said, Way};
use super::export::CleanRow;
use crate::model::{TableDef, Value};

/// A row and what it says of itself, before it is known whether it stands.
#[derive(Debug, Clone)]
pub struct Draft {
    pub row: CleanRow,
    pub said: Said,
    /// The day on which it was cancelled, as its own row says.
    pub cancelled: Value,
}

/// The columns of a table whose records can be reversed.
pub struct Reversible {
    date: usize,
    number: usize,
    version: Option<usize>,
    kind: usize,
    reverses: usize,
    /// Every amount of the record, and those of them that are due.
    amounts: Vec<usize>,
    dues: Vec<usize>,
}

impl Reversible {
    /// `None` where the table has no kinds of records, or nothing that says which one a record reverses.
    pub fn new(table: &TableDef, amounts: &[usize]) -> Option<Reversible> {
        Some(Reversible {
            date: table.date?,
            number: *table.key.first()?,
            version: table.key.get(1).copied(),
            kind: table.column("kind")?,
            reverses: table.column("reverses")?,
            amounts: amounts.to_vec(),
            dues: amounts.iter().copied().filter(|at| table.columns[*at].name.ends_with("_due")).collect(),
        })
    }

    /// The rows of a draft; the draft itself where its words can be meant in two ways.
    pub fn settled(&self, mut draft: Draft) -> Result<Vec<CleanRow>, Draft> {
        let is_of_other = {
            let reverses = draft.row.values[self.reverses].text();
            !reverses.is_empty() && reverses != draft.row.values[self.number].text()
        };
        let is_cancelled = !draft.cancelled.is_null() && !is_of_other;
        match draft.said.way {
            _ if is_cancelled => return Ok(self.cancelled(draft)),
            None | Some(Way::In) => {}
            Some(Way::Void) => {
                draft.row.void = true;
                self.each(&mut draft.row.values, |_| 0);
            }
            Some(Way::Out) => self.reverse(&mut draft.row.values),
            Some(Way::Unclear) if is_of_other || self.sign(&draft.row.values) < 0 => {
                self.reverse(&mut draft.row.values);
            }
            Some(Way::Unclear) if self.sign(&draft.row.values) == 0 => {}
            Some(Way::Unclear) => return Err(draft),
        }
        Ok(vec![draft.row])
    }

    /// A reversal takes money back: dues written without a minus get one.
    fn reverse(&self, values: &mut [Value]) {
        if self.sign(values) > 0 {
            self.each(values, i64::saturating_neg);
        }
        values[self.kind] = Value::Text("reversal".to_owned());
    }

    /// It stood until it was cancelled, whatever the sign of its amounts, and is taken back on that day: a second row
    /// under the same number, so that no hole comes into the numbers, whose version is the first one's with a minus.
    fn cancelled(&self, draft: Draft) -> Vec<CleanRow> {
        let mut first = draft.row;
        if self.sign(&first.values) < 0 {
            self.each(&mut first.values, i64::saturating_neg);
        }
        first.values[self.kind] = Value::Text("normal".to_owned());
        first.values[self.reverses] = Value::Null;
        let mut second = first.clone();
        self.each(&mut second.values, i64::saturating_neg);
        second.values[self.kind] = Value::Text("reversal".to_owned());
        second.values[self.reverses] = first.values[self.number].clone();
        let on_same_day = draft.cancelled.date() == first.values[self.date].date();
        second.values[self.date] = if on_same_day { first.values[self.date].clone() } else { draft.cancelled };
        if let Some(version) = self.version {
            second.values[version] = Value::Int(first.values[version].int().unwrap_or(1).saturating_neg());
        }
        vec![first, second]
    }

    fn each(&self, values: &mut [Value], of: impl Fn(i64) -> i64) {
        for at in &self.amounts {
            if let Value::Int(units) = &mut values[*at] {
                *units = of(*units);
            }
        }
    }

    /// Of what is due, or where nothing is, of all amounts.
    fn sign(&self, values: &[Value]) -> i64 {
        let sum = |places: &[usize]| -> i128 { places.iter().filter_map(|at| values[*at].int()).map(i128::from).sum() };
        let due = sum(&self.dues).signum();
        i64::try_from(if due == 0 { sum(&self.amounts).signum() } else { due }).unwrap_or(0) // -1, 0 or 1
    }
}
