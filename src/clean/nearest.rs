//! A sheet that no source claims: which one it comes nearest to, and what it lacks of it.

use super::heading_rows::HeadingRows;
use super::recognise::{HEADING_ROWS, is_named};
use super::source::Source;
use crate::read::RawSheet;

/// The source that a sheet comes nearest to.
#[derive(Debug)]
pub struct Nearest {
    pub source: usize,
    /// The headings of the source that stand in none of its rows, the first spelling of each.
    pub lacks: Vec<String>,
    /// How many headings the source has in all.
    of: usize,
    /// Its file or sheet bears the source's name.
    named: bool,
}

impl Nearest {
    /// Whether it is an export of that source to all appearance: a heading was renamed or left out.
    pub fn is_near(&self) -> bool {
        let found = self.of - self.lacks.len();
        let all_but_one = self.lacks.len() == 1 && self.of >= 4;
        found >= 2 && (all_but_one || (self.named && self.lacks.len() * 2 <= self.of))
    }
}

/// Finds the source of which most headings stand in one row (or in the rows of groups and headings) of the sheet. Forms
/// are not looked for.
pub fn nearest(sources: &[Source], file: &str, sheet: &RawSheet) -> Option<Nearest> {
    let mut best: Option<(Nearest, (usize, usize, bool))> = None;
    for at in 0..sheet.rows.len().min(HEADING_ROWS) {
        let single = std::iter::once(HeadingRows::of(sheet, at, at));
        for rows in single.chain(HeadingRows::several(sheet, at)) {
            for (index, source) in sources.iter().enumerate().filter(|(_, source)| !source.returned) {
                let lacks = lacking(source, &rows.names(source));
                let found = source.headings.len() - lacks.len();
                if found == 0 {
                    continue;
                }
                let named = is_named(source, file) || is_named(source, &sheet.name);
                // In thousandths: of equals the one with more headings, and the one that bears the name.
                let score = (found * 1_000 / source.headings.len(), found, named);
                if best.as_ref().is_none_or(|(_, known)| score > *known) {
                    let of = source.headings.len();
                    best = Some((Nearest { source: index, lacks, of, named }, score));
                }
            }
        }
    }
    best.map(|(nearest, _)| nearest)
}

fn lacking(source: &Source, row: &[String]) -> Vec<String> {
    let absent = |spellings: &&Vec<String>| !spellings.iter().any(|heading| row.contains(heading));
    source.headings.iter().filter(absent).filter_map(|spellings| spellings.first().cloned()).collect()
}
