//! What `check` keeps of one file: everything but its rows.

use chrono::{NaiveDate, NaiveDateTime};

use crate::clean::{CleanSheet, Control, Export};
use crate::finding::{Code, Finding};
use crate::ledger::ReadingSpecs;
use crate::model::{Lang, TableDef};

/// One file, checked.
pub struct FileCheck {
    pub file: String,
    /// `xlsx`, `csv`, …; `unknown`.
    pub format: String,
    pub encoding: String,
    pub date: Option<NaiveDate>,
    pub made_at: Option<NaiveDateTime>,
    pub sheets: Vec<SheetCheck>,
    /// Gravest first, then in order of place.
    pub findings: Vec<Finding>,
}

/// One sheet that a source claims.
pub struct SheetCheck {
    pub name: String,
    pub source: String,
    zh: String,
    en: String,
    pub heading_row: u32,
    /// Heading as it stands and `table.column`.
    pub mapped: Vec<(String, String)>,
    pub unmapped: Vec<String>,
    pub missing: Vec<String>,
    pub tables: Vec<TableCheck>,
    pub controls: Vec<Control>,
}

/// The rows that a sheet gives to one table.
pub struct TableCheck {
    pub table: String,
    zh: String,
    en: String,
    pub read: u64,
    pub taken: u64,
    pub rejected: u64,
}

/// How a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// Not readable, or of no kind that a source knows.
    Unread,
    TotalFails,
}

impl FileCheck {
    pub fn new(file: &str, export: Export, specs: &ReadingSpecs) -> FileCheck {
        let mut findings = export.findings;
        findings.sort_by_key(Finding::severity); // stable: in order of place within one severity
        FileCheck {
            file: file.to_owned(),
            format: format!("{:?}", export.format).to_lowercase(),
            encoding: export.encoding,
            date: export.date,
            made_at: export.made_at,
            sheets: export.sheets.into_iter().map(|sheet| SheetCheck::new(sheet, specs)).collect(),
            findings,
        }
    }

    /// An entry of a folder that is no file that could be read.
    pub fn of_entry(finding: Finding) -> FileCheck {
        FileCheck {
            file: finding.file.clone(),
            format: String::new(),
            encoding: String::new(),
            date: None,
            made_at: None,
            sheets: Vec::new(),
            findings: vec![finding],
        }
    }

    pub fn verdict(&self) -> Verdict {
        if self.controls().any(|control| !control.holds()) {
            Verdict::TotalFails
        } else if self.sheets.is_empty() || self.findings.iter().any(|finding| is_unread(finding.code)) {
            Verdict::Unread
        } else {
            Verdict::Good
        }
    }

    pub fn controls(&self) -> impl Iterator<Item = &Control> {
        self.sheets.iter().flat_map(|sheet| &sheet.controls)
    }

    pub fn rows_rejected(&self) -> u64 {
        self.sheets.iter().flat_map(|sheet| &sheet.tables).map(|table| table.rejected).sum()
    }
}

/// Codes that say that a file or a sheet of it is not in the books. A sheet nobody knows beside one that is known
/// (notes, a pivot) is not among them.
fn is_unread(code: Code) -> bool {
    code == Code::FileUnknown || (code.is_unread() && code != Code::TextCutOff)
}

impl SheetCheck {
    fn new(sheet: CleanSheet, specs: &ReadingSpecs) -> SheetCheck {
        let source = &specs.sources[sheet.source];
        let table = |rows: &crate::clean::TableRows| {
            let def: &TableDef = &specs.tables.tables[rows.table];
            TableCheck {
                table: def.id.clone(),
                zh: def.zh.clone(),
                en: def.en.clone(),
                read: rows.rows_read,
                taken: rows.rows_taken,
                rejected: rows.rows_rejected,
            }
        };
        SheetCheck {
            tables: sheet.tables.iter().map(table).collect(),
            name: sheet.name,
            source: source.id.clone(),
            zh: source.zh.clone(),
            en: source.en.clone(),
            heading_row: sheet.heading_row,
            mapped: sheet.mapped,
            unmapped: sheet.unmapped,
            missing: sheet.missing,
            controls: sheet.controls,
        }
    }

    pub fn title(&self, lang: Lang) -> &str {
        title(&self.zh, &self.en, lang)
    }
}

impl TableCheck {
    pub fn title(&self, lang: Lang) -> &str {
        title(&self.zh, &self.en, lang)
    }
}

fn title<'a>(zh: &'a str, en: &'a str, lang: Lang) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
