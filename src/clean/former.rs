//! Headings that mean something else now than they did: an export that still writes the former thing keeps its meaning,
//! and the run says so.

use serde::Deserialize;

use super::amounts;
use super::cells::{is_blank, text_of};
use super::normal::{self, column_letters};
use super::plan::{Headings, OutputPlan};
use crate::finding::{Code, Finding};
use crate::read::{Cell, RawRow};
use crate::spec::{Spanned, SpecError};

/// A heading that changed its meaning.
#[derive(Debug)]
pub struct Former {
    /// Normalised.
    heading: String,
    /// The column of the table that it feeds now, and the one that it fed.
    now: usize,
    was: usize,
    /// Headings beside which it means what it means now; where there are none, cells that are all amounts keep the
    /// former meaning.
    unless: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawFormer {
    heading: String,
    now: Spanned<String>,
    was: Spanned<String>,
    #[serde(default)]
    unless: Vec<String>,
}

impl RawFormer {
    pub fn checked(&self, find: &dyn Fn(&Spanned<String>) -> Result<usize, SpecError>) -> Result<Former, SpecError> {
        Ok(Former {
            heading: normal::heading(&self.heading),
            now: find(&self.now)?,
            was: find(&self.was)?,
            unless: self.unless.iter().map(|h| normal::heading(h)).collect(),
        })
    }
}

/// Gives headings their former meaning where the sheet still uses it, each with a finding at its column.
///
/// Nothing is done where the former column stands in the sheet under a name of its own, or where no cell is filled in.
pub fn apply(
    plans: &mut [OutputPlan<'_>],
    headings: &Headings,
    shown: &[String],
    below: &[RawRow],
    sheet: &str,
    findings: &mut Vec<Finding>,
) {
    for plan in plans {
        for former in &plan.output.former {
            let Some(place) = headings.find(&former.heading) else { continue };
            let reads = |column: usize| plan.columns[column].as_ref().map_or(&[][..], |(_, places)| places.as_slice());
            let is_new = former.unless.iter().any(|heading| headings.find(heading).is_some());
            let keeps = !is_new && reads(former.now).contains(&place) && plan.direct[former.was] == 0;
            if !keeps || !are_amounts(below, place) {
                continue;
            }
            let (was, now) = (&plan.table.columns[former.was], &plan.table.columns[former.now]);
            let heading = shown.get(place).map_or("", String::as_str);
            let finding = Finding::new(Code::AliasChanged, heading).with(&was.zh).with(&now.zh);
            findings.push(finding.at(sheet, 0, &column_letters(place)));
            plan.turn(place, former.now, former.was, headings);
        }
    }
}

/// Whether every filled cell of a column is an amount, and some are.
fn are_amounts(below: &[RawRow], place: usize) -> bool {
    let is_amount = |cell: &Cell| matches!(cell, Cell::Number(_)) || amounts::number(&text_of(cell)).is_ok();
    let mut filled = below.iter().filter_map(|row| row.cells.get(place)).filter(|cell| !is_blank(cell)).peekable();
    filled.peek().is_some() && filled.all(is_amount)
}
