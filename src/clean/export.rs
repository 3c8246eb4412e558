//! One export, cleaned: its date, its sheets, the rows that each gives to which table, and what was wrong.

use chrono::{NaiveDate, NaiveDateTime};

use super::dating::{self, Dating, Sayings};
use super::recognise::{self, Recognised};
use super::source::Source;
use super::{dates, sheet};
use crate::finding::{Code, Finding};
use crate::model::Value;
use crate::model::forget::{Rule, forgets};
use crate::read::{Format, ProblemCode, RawFile, ReadProblem};
use crate::spec::tables::Tables;

/// One file, cleaned.
#[derive(Debug)]
pub struct Export {
    pub format: Format,
    pub encoding: String,
    /// The day the export speaks for: from its name, else its title, else its newest row; `None` = any day.
    pub date: Option<NaiveDate>,
    /// When it was made, where an export-time line says so: orders exports of one date.
    pub made_at: Option<NaiveDateTime>,
    pub sheets: Vec<CleanSheet>,
    /// Of the whole file and of its sheets, in order of place.
    pub findings: Vec<Finding>,
}

/// One sheet that a source claimed.
#[derive(Debug)]
pub struct CleanSheet {
    pub name: String,
    /// Index of the source.
    pub source: usize,
    /// 1-based row of the headings.
    pub heading_row: u32,
    /// Heading as it stands and the column of the table it feeds.
    pub mapped: Vec<(String, String)>,
    pub unmapped: Vec<String>,
    pub missing: Vec<String>,
    pub controls: Vec<Control>,
    pub tables: Vec<TableRows>,
}

/// The rows that a sheet gives to one table. read = taken + rejected.
#[derive(Debug)]
pub struct TableRows {
    /// Index of the table.
    pub table: usize,
    pub rows_read: u64,
    pub rows_taken: u64,
    pub rows_rejected: u64,
    pub rows: Vec<CleanRow>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanRow {
    /// 1-based row of the sheet (the first of them where payer rows were brought together).
    pub row: u32,
    /// 0; 1, 2, … for further, different rows of this export with the same key.
    pub twin: u32,
    pub values: Vec<Value>,
}

/// A 合计 or 小计 row against the rows it sums, one money column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// 1-based row of the total.
    pub row: u32,
    /// Heading as it stands.
    pub heading: String,
    /// Column letters.
    pub column: String,
    /// Sum of the rows as they stand, in fen.
    pub sum_fen: i64,
    /// What the total row says, in fen.
    pub total_fen: i64,
    /// Whether this is the primary amount of the table.
    pub primary: bool,
    /// 合计 of the whole, not 小计 of a part.
    pub grand: bool,
}

impl Control {
    pub fn holds(&self) -> bool {
        self.sum_fen == self.total_fen || forgets(Rule::Total)
    }
}

/// Turns the raw tables of one file into typed rows. Never fails: what cannot be used is a finding.
pub fn clean(sources: &[Source], tables: &Tables, file: &str, raw: RawFile) -> Export {
    let own = recognise::is_own(&raw.sheets);
    let mut findings: Vec<Finding> = raw.problems.iter().map(|p| problem(p, &raw.encoding)).collect();
    let mut sheets = Vec::new();
    let mut says = Sayings { stated: dating::stated_by_name(file), made: Vec::new() };
    let mut title_date = None;
    for raw_sheet in raw.sheets.iter().filter(|s| !s.rows.is_empty()) {
        match recognise::recognise(sources, file, raw_sheet, own) {
            Recognised::One(claim) => {
                for line in recognise::title_lines(raw_sheet, claim.heading) {
                    if dating::is_export_time(&line) {
                        says.made.extend(dating::time_in(&line));
                    } else {
                        title_date = dates::of_export(&line).or(title_date);
                    }
                }
                let comments = recognise::comment_lines(raw_sheet, claim.heading).into_iter();
                says.made
                    .extend(comments.filter(|line| dating::is_export_time(line)).filter_map(|l| dating::time_in(&l)));
                sheets.push(sheet::clean(sources, tables, &claim, raw_sheet, &mut findings));
            }
            Recognised::Several(claims) => {
                let ids: Vec<&str> = claims.iter().map(|i| sources[*i].id.as_str()).collect();
                findings.push(Finding::new(Code::ExportAmbiguous, ids.join(", ")).at(&raw_sheet.name, 0, ""));
            }
            Recognised::None if own => {
                let lost = recognise::lost_headings(sources, raw_sheet);
                let finding =
                    |lost: Vec<String>| Finding::new(Code::FormDamaged, &raw_sheet.name).with(lost.join("、"));
                findings.extend(lost.map(|lost| finding(lost).at(&raw_sheet.name, 0, "")));
            }
            Recognised::None => {
                let seen = recognise::likely_headings(raw_sheet).join("、");
                findings.push(Finding::new(Code::ExportUnknown, seen).at(&raw_sheet.name, 0, ""));
            }
        }
    }
    if own {
        // What its other sheets look like is nobody's fault: an editor drops the values of their formulas.
        let is_read = |f: &Finding| f.sheet.is_empty() || sheets.iter().any(|s| s.name == f.sheet);
        findings.retain(|f| f.code == Code::FormDamaged || is_read(f));
        findings.retain(|f| f.code != Code::FormulaWithoutValue || !is_total_row(&raw.sheets, f));
        findings.extend(sheets.is_empty().then(|| Finding::new(Code::OwnReport, "")));
    }
    says.stated = says.stated.or(title_date);
    let Dating { date, made_at, findings: of_date } = Dating::new(tables, &sheets, &says);
    findings.extend(of_date);
    if date.is_none() && !sheets.is_empty() {
        findings.push(Finding::new(Code::ExportUndated, ""));
    }
    for finding in &mut findings {
        file.clone_into(&mut finding.file);
    }
    Export { format: raw.format, encoding: raw.encoding, date, made_at, sheets, findings }
}

/// Whether a finding is about a 合计 row, which a form that is read back does not need.
fn is_total_row(sheets: &[crate::read::RawSheet], finding: &Finding) -> bool {
    let rows = sheets.iter().filter(|s| s.name == finding.sheet).flat_map(|s| &s.rows);
    let mut row = rows.filter(|row| row.number == finding.row);
    let first = row.next().and_then(|row| row.cells.iter().map(super::cells::text_of).find(|text| !text.is_empty()));
    first.is_some_and(|text| super::plan::total_word(&text).is_some())
}

/// What a reader's problem means.
pub fn problem(problem: &ReadProblem, encoding: &str) -> Finding {
    let code = match problem.code {
        ProblemCode::FileEmpty => Code::FileEmpty,
        ProblemCode::FileDamaged => Code::FileDamaged,
        ProblemCode::FileEncrypted => Code::FileEncrypted,
        ProblemCode::FileUnknown => Code::FileUnknown,
        ProblemCode::FileTooLarge => Code::FileTooLarge,
        ProblemCode::ReaderFailed => Code::ReaderFailed,
        ProblemCode::SheetUnreadable => Code::SheetUnreadable,
        ProblemCode::SheetHidden => Code::SheetHidden,
        ProblemCode::TextNotDecodable => Code::TextNotDecodable,
        ProblemCode::FormulaWithoutValue => Code::FormulaWithoutValue,
        ProblemCode::TextMalformed => Code::TextMalformed,
        ProblemCode::CellFarAway => Code::CellFarAway,
    };
    Finding::new(code, &problem.value).with(encoding).at(&problem.sheet, problem.row, &problem.column)
}
