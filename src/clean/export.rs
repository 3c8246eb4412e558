//! One export, cleaned: its date, its sheets, the rows that each gives to which table, and what was wrong.

use chrono::{NaiveDate, NaiveDateTime};

use super::recognise::{self, Recognised};
use super::source::Source;
use super::{dates, sheet};
use crate::finding::{Code, Finding};
use crate::model::Value;
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
        self.sum_fen == self.total_fen
    }
}

/// Turns the raw tables of one file into typed rows. Never fails: what cannot be used is a finding.
pub fn clean(sources: &[Source], tables: &Tables, file: &str, raw: RawFile) -> Export {
    let own = recognise::is_own(&raw.sheets);
    let mut findings: Vec<Finding> = raw.problems.iter().map(|p| problem(p, &raw.encoding)).collect();
    let mut sheets = Vec::new();
    let mut title_date = None;
    let mut made_at = None;
    for raw_sheet in raw.sheets.iter().filter(|s| !s.rows.is_empty()) {
        match recognise::recognise(sources, file, raw_sheet, own) {
            Recognised::One(claim) => {
                for line in recognise::title_lines(raw_sheet, claim.heading) {
                    if is_export_time(&line) {
                        made_at = made_at.max(time_in(&line));
                    } else {
                        title_date = dates::of_export(&line).or(title_date);
                    }
                }
                for line in recognise::comment_lines(raw_sheet, claim.heading) {
                    made_at = made_at.max(time_in(&line).filter(|_| is_export_time(&line)));
                }
                sheets.push(sheet::clean(sources, tables, &claim, raw_sheet, &mut findings));
            }
            Recognised::Several(claims) => {
                let ids: Vec<&str> = claims.iter().map(|i| sources[*i].id.as_str()).collect();
                findings.push(Finding::new(Code::ExportAmbiguous, ids.join(", ")).at(&raw_sheet.name, 0, ""));
            }
            Recognised::None if own => {}
            Recognised::None => {
                let seen = recognise::likely_headings(raw_sheet).join("、");
                findings.push(Finding::new(Code::ExportUnknown, seen).at(&raw_sheet.name, 0, ""));
            }
        }
    }
    if own {
        // What its other sheets look like is nobody's fault: an editor drops the values of their formulas.
        findings.retain(|f| f.sheet.is_empty() || sheets.iter().any(|s| s.name == f.sheet));
        findings.retain(|f| f.code != Code::FormulaWithoutValue || !is_total_row(&raw.sheets, f));
        findings.extend(sheets.is_empty().then(|| Finding::new(Code::OwnReport, "")));
    }
    let stated = dates::of_export(name_of(file)).or(title_date);
    let newest = |any_event| sheets.iter().filter_map(|s| newest_row(tables, s, any_event)).max();
    let date = match stated {
        // A month's export made on the way holds up to when it was made, or to its newest event.
        Some(month) if month.whole_month => {
            let reached = made_at.map(|t| t.date()).or_else(|| newest(true));
            Some(reached.map_or(month.date, |d| d.min(month.date)))
        }
        Some(day) => Some(day.date),
        None => newest(false),
    };
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

/// The date in an export's name: the last one that stands in it.
pub fn date_of_name(file: &str) -> Option<NaiveDate> {
    dates::of_export(name_of(file)).map(|s| s.date)
}

fn name_of(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

fn is_export_time(line: &str) -> bool {
    ["导出时间", "导出日期", "打印时间", "打印日期", "制表时间", "制表日期", "生成时间"]
        .iter()
        .any(|w| line.contains(w))
}

fn time_in(line: &str) -> Option<NaiveDateTime> {
    let from = line.find(|c: char| c.is_ascii_digit())?;
    let body = &line[from..];
    let end = body.find(|c: char| !(c.is_ascii_digit() || " -/:.年月日".contains(c))).unwrap_or(body.len());
    dates::read(body[..end].trim()).map(dates::Read::at)
}

/// The newest date of the rows' own events, or of any event inside them (a payment, a use).
fn newest_row(tables: &Tables, sheet: &CleanSheet, any_event: bool) -> Option<NaiveDate> {
    let of_table = |t: &TableRows| {
        let table = &tables.tables[t.table];
        let counts = |at: &usize| table.date == Some(*at) || (any_event && table.columns[*at].event);
        let columns: Vec<usize> = (0..table.columns.len()).filter(counts).collect();
        t.rows.iter().flat_map(|r| columns.iter().filter_map(|at| r.values[*at].date())).max()
    };
    sheet.tables.iter().filter_map(of_table).max()
}

fn problem(problem: &ReadProblem, encoding: &str) -> Finding {
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
