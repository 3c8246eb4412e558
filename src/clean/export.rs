//! One export, cleaned: its date, its sheets, the rows that each gives to which table, and what was wrong.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::dating::{self, Dating, Sayings};
use super::nearest::{self, Nearest};
use super::recognise::{self, Recognised};
use super::source::Source;
use super::{across, blocks, dates, grids, sheet};
use crate::finding::{Code, Finding};
use crate::model::Value;
use crate::model::forget::{Rule, forgets};
use crate::read::{Format, ProblemCode, RawFile, RawSheet, ReadProblem};
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

impl Export {
    /// Whether it was not read for a reason that may have passed at the next try: it says nothing of the file, and is
    /// read again.
    pub fn failed_for_the_moment(&self) -> bool {
        self.findings.iter().any(|finding| finding.code == Code::ReaderFailed)
    }

    /// Whether a reading limit stood in its way: it is read again when the limits are others.
    pub fn refused_by_limit(&self) -> bool {
        self.findings.iter().any(|finding| finding.code == Code::FileTooLarge)
    }
}

/// One sheet that a source claimed.
#[derive(Debug)]
pub struct CleanSheet {
    pub name: String,
    pub hidden: bool,
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

/// The rows that a sheet gives to one table: rows of the sheet = no record + read; read = taken + rejected.
#[derive(Debug)]
pub struct TableRows {
    /// Index of the table.
    pub table: usize,
    /// Rows of the sheet that have a cell, titles and headings among them.
    pub rows_sheet: u64,
    /// Rows that are no record of the table, by the reason.
    pub no_record: BTreeMap<NoRecord, u64>,
    pub rows_read: u64,
    pub rows_taken: u64,
    pub rows_rejected: u64,
    /// What the rejected rows say in the table's amount, in fen, as far as it can be read.
    pub refused_fen: i64,
    /// Rejected rows whose amount cannot be read.
    pub refused_unread: u64,
    pub rows: Vec<CleanRow>,
}

impl TableRows {
    pub fn rows_no_record(&self) -> u64 {
        self.no_record.values().sum()
    }
}

/// Why a row of a sheet is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoRecord {
    /// Above the headings, or above headings that stand again.
    Title,
    Heading,
    Total,
    /// Comments and summaries of payment bills.
    Summary,
    /// 制表人, 第 1 页 and the like.
    Footer,
    /// A running number, formulas that came to nothing, and no cell of a record.
    Blank,
    /// The source says that the table has nothing to do with it.
    Ignored,
    /// Of a hidden sheet, where a visible one has the number.
    Hidden,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanRow {
    /// 1-based row of the sheet (the first of them where payer rows were brought together).
    pub row: u32,
    /// 0; 1, 2, … for further, different rows of this export with the same key.
    pub twin: u32,
    /// The export itself says that the record is void (作废): it replaces earlier versions and does not stand.
    pub void: bool,
    /// Its line number was counted here: another file may give the same number to another line.
    pub counted: bool,
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
    /// Amounts of the column, up to the total, that cannot be read: a difference may be theirs.
    pub unread: u64,
}

impl Control {
    pub fn holds(&self) -> bool {
        self.sum_fen == self.total_fen || forgets(Rule::Total)
    }

    /// Whether it differs though every amount is known: the export is not what it was when it was made.
    pub fn fails(&self) -> bool {
        !self.holds() && self.unread == 0
    }
}

/// Turns the raw tables of one file into typed rows. Never fails: what cannot be used is a finding.
pub fn clean(sources: &[Source], tables: &Tables, file: &str, mut raw: RawFile) -> Export {
    let own = recognise::is_own(&raw.sheets);
    grids::join(sources, file, &mut raw, own);
    let mut findings: Vec<Finding> = raw.problems.iter().map(|p| problem(p, &raw.encoding)).collect();
    let says = Sayings { stated: dating::stated_by_name(file), made: Vec::new() };
    let is_archive = raw.format == Format::Archive;
    let mut parts = Parts {
        sources,
        tables,
        file,
        own,
        is_archive,
        sheets: Vec::new(),
        unknown: Vec::new(),
        title_date: None,
        says,
    };
    for raw_sheet in raw.sheets.iter().filter(|s| !s.rows.is_empty()) {
        parts.sheet(raw_sheet, &mut findings);
    }
    let Parts { mut sheets, unknown, title_date, mut says, .. } = parts;
    findings.extend(unknown.into_iter().map(|(nearest, finding)| unclaimed(sources, &sheets, nearest, finding)));
    if findings.is_empty() && raw.sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        findings.push(Finding::new(Code::FileEmpty, ""));
    }
    across::settle(sources, tables, &mut sheets, &mut findings);
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

/// The lists of one file, as they are found.
struct Parts<'a> {
    sources: &'a [Source],
    tables: &'a Tables,
    file: &'a str,
    /// A workbook that this program published.
    own: bool,
    is_archive: bool,
    sheets: Vec<CleanSheet>,
    /// Sheets that nobody claims, and what they come nearest to.
    unknown: Vec<(Option<Nearest>, Finding)>,
    /// What a title says of the date.
    title_date: Option<dates::Stated>,
    says: Sayings,
}

impl Parts<'_> {
    /// Cleans each list of one sheet.
    fn sheet(&mut self, sheet: &RawSheet, findings: &mut Vec<Finding>) {
        let claim = match recognise::recognise(self.sources, self.file, sheet, self.own) {
            Recognised::One(claim) if !self.own => claim,
            recognised => return self.list(sheet, recognised, findings),
        };
        for block in blocks::split(self.sources, &claim, sheet) {
            if let Some((row, headings)) = block.unknown {
                let below = block.sheet.rows.iter().filter(|r| r.number > row).count() as u64;
                let finding = Finding::new(Code::BlockUnknown, headings.join("、")).counted(below);
                findings.push(finding.at(&sheet.name, row, ""));
                continue;
            }
            let recognised = recognise::recognise(self.sources, self.file, &block.sheet, self.own);
            self.list(&block.sheet, recognised, findings);
        }
    }

    fn list(&mut self, sheet: &RawSheet, recognised: Recognised, findings: &mut Vec<Finding>) {
        match recognised {
            Recognised::One(claim) => {
                for line in recognise::title_lines(sheet, claim.first) {
                    if dating::is_export_time(&line) {
                        self.says.made.extend(dating::time_in(&line));
                    } else {
                        self.title_date = dates::of_export(&line).or(self.title_date);
                    }
                }
                let comments = recognise::comment_lines(sheet, claim.heading).into_iter();
                let made = comments.filter(|line| dating::is_export_time(line)).filter_map(|l| dating::time_in(&l));
                self.says.made.extend(made);
                if self.is_archive {
                    self.title_date = dates::of_export(&sheet.name).or(self.title_date);
                }
                self.sheets.push(sheet::clean(self.sources, self.tables, &claim, sheet, findings));
            }
            Recognised::Several(claims) => {
                let ids: Vec<&str> = claims.iter().map(|i| self.sources[*i].id.as_str()).collect();
                findings.push(Finding::new(Code::ExportAmbiguous, ids.join(", ")).at(&sheet.name, 0, ""));
            }
            Recognised::None if self.own => {
                let lost = recognise::lost_headings(self.sources, sheet);
                let finding = |lost: Vec<String>| Finding::new(Code::FormDamaged, &sheet.name).with(lost.join("、"));
                findings.extend(lost.map(|lost| finding(lost).at(&sheet.name, 0, "")));
            }
            Recognised::None => {
                let nearest = nearest::nearest(self.sources, self.file, sheet);
                let seen = recognise::likely_headings(sheet).join("、");
                self.unknown.push((nearest, Finding::new(Code::ExportUnknown, seen).at(&sheet.name, 0, "")));
            }
        }
    }
}

/// What is said of a sheet that nobody claims: how near it comes to a source, unless another sheet is that export.
fn unclaimed(sources: &[Source], sheets: &[CleanSheet], nearest: Option<Nearest>, mut finding: Finding) -> Finding {
    let Some(nearest) = nearest else { return finding.with("–").with("–") };
    if nearest.is_near() && !sheets.iter().any(|sheet| sheet.source == nearest.source) {
        finding.code = Code::ExportNearlyKnown;
    }
    finding.with(&sources[nearest.source].zh).with(nearest.lacks.join("、"))
}

/// Whether a finding is about a 合计 row, which a form that is read back does not need.
fn is_total_row(sheets: &[crate::read::RawSheet], finding: &Finding) -> bool {
    let rows = sheets.iter().filter(|s| s.name == finding.sheet).flat_map(|s| &s.rows);
    let mut row = rows.filter(|row| row.number == finding.row);
    let first = row.next().and_then(|row| row.cells.iter().map(super::cells::text_of).find(|text| !text.is_empty()));
    first.is_some_and(|text| super::words::total_word(&text).is_some())
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
        ProblemCode::TextCutOff => Code::TextCutOff,
        ProblemCode::EncodingMixed => Code::EncodingMixed,
        ProblemCode::FixedColumns => Code::FixedColumns,
        ProblemCode::ArchiveUnread => Code::ArchiveUnread,
        ProblemCode::CellCut => Code::CellCut,
    };
    Finding::new(code, &problem.value).with(encoding).at(&problem.sheet, problem.row, &problem.column)
}
