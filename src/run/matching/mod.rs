//! `hesuan match`: two files, rules, and what became of every row.
//!
//! One call a hop, as in a shop's run: read, clean, match. Plain text is streamed, everything else goes through the
//! fenced reader; rows of a table go through the source specs, rows of any other file by the names of its columns.

mod book;
mod carried;
mod plain;
mod residual;
mod row;
mod tables;
mod taker;
mod told;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::finding::Finding;
use crate::ledger::{Reader, ReadingSpecs};
use crate::model::Calendar;
use crate::model::dates::from_epoch_days;
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::{NO_DATE, Outcome, Rules, Side, Symbols, match_sides};
use crate::spec::SpecError;

pub use book::workbook;
pub use residual::residuals;

/// What a person asked for.
pub struct Request<'a> {
    /// Left and right file.
    pub files: [PathBuf; 2],
    pub rules: Rules,
    /// What an earlier run left open.
    pub opening: Option<PathBuf>,
    pub calendar: Calendar,
    pub as_of: Option<NaiveDate>,
    pub reader: &'a Reader,
    pub specs: &'a ReadingSpecs,
}

/// Two sides, ready to be matched.
pub struct Loaded {
    pub rules: Rules,
    pub sides: [Side; 2],
    pub files: [LoadedFile; 2],
    pub symbols: Symbols,
    pub calendar: Calendar,
    /// The day on which ages are counted: as asked, else the newest date of both sides.
    pub as_of: Option<NaiveDate>,
}

/// What is known of a file that a side came from.
#[derive(Debug, Clone, Default)]
pub struct LoadedFile {
    pub name: String,
    /// What was wrong with it, row by row.
    pub findings: Vec<Finding>,
    /// Hardly anything could be taken from it.
    pub is_unread: bool,
    /// The file's own totals against its rows, in units of the rules' scale.
    pub controls: Vec<ControlTotal>,
}

/// Why two files cannot be matched at all.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum MatchingError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Spec(#[from] SpecError),
    #[error("{path} cannot be read: {error}")]
    Unreadable { path: String, error: std::io::Error },
    /// Nothing could be got out of the file; the findings say why.
    #[error("{file} cannot be read: {why}")]
    Refused { file: String, why: String },
    #[error("{file} has no column {missing}")]
    #[diagnostic(help("its headings are: {seen}"))]
    ColumnMissing { file: String, missing: String, seen: String },
    #[error("{file} is no export of the table `{table}`")]
    #[diagnostic(help("`hesuan check {file}` says what it is taken for"))]
    NotOfTable { file: String, table: String },
    #[error("the rules name {what}")]
    Rules { what: String },
}

impl Loaded {
    /// Reads both files, and what an earlier run left open.
    pub fn load(request: Request<'_>) -> Result<Loaded, MatchingError> {
        let mut symbols = Symbols::default();
        let rules = request.rules;
        let opening = request.opening.as_deref().map(|path| carried::read(path, &rules)).transpose()?;
        let mut sides = Vec::with_capacity(2);
        let mut files = Vec::with_capacity(2);
        for (side, path) in request.files.iter().enumerate() {
            let (rows, file) =
                load_side(&rules, side, path, request.reader, request.specs, &mut symbols, opening.as_ref())?;
            sides.push(rows);
            files.push(file);
        }
        let mut calendar = request.calendar;
        calendar.holidays.extend(&rules.holidays);
        calendar.workdays.extend(&rules.workdays);
        let newest = sides.iter().flat_map(|side| &side.dates).copied().filter(|d| *d != NO_DATE).max();
        // Both were pushed above.
        let (Ok(sides), Ok(files)) = (<[Side; 2]>::try_from(sides), <[LoadedFile; 2]>::try_from(files)) else {
            return Err(MatchingError::Rules { what: "no two sides".to_owned() });
        };
        Ok(Loaded { as_of: request.as_of.or(newest.map(from_epoch_days)), rules, sides, files, symbols, calendar })
    }

    pub fn outcome(&self) -> Outcome<'_> {
        match_sides([&self.sides[0], &self.sides[1]], &self.rules, &self.calendar, self.as_of)
    }
}

fn load_side(
    rules: &Rules,
    side: usize,
    path: &Path,
    reader: &Reader,
    specs: &ReadingSpecs,
    symbols: &mut Symbols,
    opening: Option<&carried::Opening>,
) -> Result<(Side, LoadedFile), MatchingError> {
    let (mut rows, file) = match &rules.sides[side].table {
        Some(table) => tables::load(rules, side, table, path, reader, specs, symbols)?,
        None => plain::load(rules, side, path, reader, &specs.tables, symbols)?,
    };
    if let Some(opening) = opening {
        rows = opening.add(rules, side, symbols, rows);
    }
    if !rows.is_summable() {
        let why = "its amounts sum to more than can be counted".to_owned();
        return Err(MatchingError::Refused { file: file.name, why });
    }
    Ok((rows, file))
}

/// The name by which messages speak of a file.
fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
