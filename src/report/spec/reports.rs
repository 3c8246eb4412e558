//! Report and workbook specs: readers, workbook, sheets of blocks.

use std::collections::BTreeMap;

use polars::prelude::Expr;
use serde::Deserialize;

use super::figures::Figure;
use crate::reconcile::CheckKind;
use crate::report::frame::ViewColumn;
use crate::report::{expr, views};
use crate::spec::tables::Tables;
use crate::spec::{Spanned, SpecError, SpecFile, SpecFiles};

/// A workbook: its readers, and the figures of its first sheet.
pub struct Workbook {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub readers_zh: String,
    pub readers_en: String,
    /// Figures of the first sheet, in order.
    pub headline: Vec<String>,
    /// Show what the clearing and the checks leave to a person.
    pub needs_person: bool,
    /// Show these checks only, where they fired.
    pub checks: Vec<CheckKind>,
}

/// A report: sheets of one workbook, due by its period.
pub struct Report {
    pub id: String,
    /// Codes of the field's catalogue: A1, D9.
    pub codes: Vec<String>,
    pub zh: String,
    pub en: String,
    pub span: Span,
    pub workbook: String,
    /// Place among the reports of its workbook, lowest first.
    pub place: u32,
    /// Tables without which the report is incomplete.
    pub needs: Vec<String>,
    /// Left out while none of the tables that it needs has ever been received: a register that a shop may keep.
    pub optional: bool,
    pub sheets: Vec<SheetSpec>,
}

/// When a report is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// Every date.
    Daily,
    /// Sundays.
    Weekly,
    /// The last day of a month.
    Monthly,
}

pub struct SheetSpec {
    pub zh: String,
    pub en: String,
    /// Date basis and other words under the title.
    pub note_zh: String,
    pub note_en: String,
    pub sign_off: bool,
    pub blocks: Vec<Block>,
}

pub struct Block {
    pub zh: String,
    pub en: String,
    pub kind: BlockKind,
    pub chart: Option<Chart>,
}

/// A chart beside a block's table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    pub kind: ChartKind,
    /// Figure or column whose values are drawn.
    pub values: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChartKind {
    Column,
    Bar,
    Line,
    Pie,
}

pub enum BlockKind {
    /// Columns of a view, filtered and ordered.
    List {
        view: String,
        filter: Option<Expr>,
        order: Vec<(String, bool)>,
        columns: Vec<ListColumn>,
        totals: Vec<String>,
    },
    /// Figures by dimensions of their views.
    Table { rows: Vec<(String, ViewColumn)>, figures: Vec<String>, period: Over },
    /// Figures by periods.
    Scorecard { figures: Vec<String> },
}

pub enum ListColumn {
    Plain(ViewColumn),
    /// numerator ÷ denominator, two columns of the view.
    Rate {
        zh: String,
        en: String,
        numerator: String,
        denominator: String,
    },
}

/// The period of a table's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    #[default]
    Day,
    /// The month to date.
    Month,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWorkbooks {
    workbook: Vec<RawWorkbook>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWorkbook {
    id: Spanned<String>,
    zh: String,
    en: String,
    readers_zh: String,
    readers_en: String,
    #[serde(default)]
    headline: Vec<Spanned<String>>,
    #[serde(default)]
    needs_person: bool,
    #[serde(default)]
    checks: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReport {
    id: String,
    #[serde(default)]
    codes: Vec<String>,
    zh: String,
    en: String,
    period: Span,
    workbook: Spanned<String>,
    #[serde(default = "last_place")]
    place: u32,
    #[serde(default)]
    needs: Vec<Spanned<String>>,
    #[serde(default)]
    optional: bool,
    sheet: Vec<RawSheet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSheet {
    zh: String,
    en: String,
    #[serde(default)]
    note_zh: String,
    #[serde(default)]
    note_en: String,
    #[serde(default)]
    sign_off: bool,
    block: Vec<RawBlock>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBlock {
    kind: Spanned<String>,
    #[serde(default)]
    zh: String,
    #[serde(default)]
    en: String,
    view: Option<Spanned<String>>,
    filter: Option<Spanned<String>>,
    #[serde(default)]
    order: Vec<Spanned<String>>,
    #[serde(default)]
    columns: Vec<Spanned<String>>,
    #[serde(default)]
    rates: Vec<RawRate>,
    #[serde(default)]
    totals: Vec<Spanned<String>>,
    #[serde(default)]
    rows: Vec<Spanned<String>>,
    #[serde(default)]
    figures: Vec<Spanned<String>>,
    #[serde(default)]
    period: Over,
    chart: Option<Chart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRate {
    zh: String,
    en: String,
    numerator: Spanned<String>,
    denominator: Spanned<String>,
}

fn last_place() -> u32 {
    1000
}

pub fn load_workbooks(files: &SpecFiles, figures: &BTreeMap<String, Figure>) -> Result<Vec<Workbook>, SpecError> {
    let ids: Vec<&str> = figures.keys().map(String::as_str).collect();
    let mut workbooks: Vec<Workbook> = Vec::new();
    for file in files.under("workbooks") {
        for raw in file.read::<RawWorkbooks>()?.workbook {
            if workbooks.iter().any(|w| w.id == *raw.id.get_ref()) {
                return Err(file.error_at(&raw.id, "a workbook of this id exists already"));
            }
            let headline = raw.headline.iter().map(|w| known(file, w, "figure", &ids)).collect::<Result<_, _>>()?;
            let check = |word: &Spanned<String>| {
                let kind = CheckKind::from_id(word.get_ref());
                kind.ok_or_else(|| file.wrong_word(word, "check", &CheckKind::ALL.map(CheckKind::id)))
            };
            let checks = raw.checks.iter().map(check).collect::<Result<_, _>>()?;
            workbooks.push(Workbook {
                id: raw.id.into_inner(),
                zh: raw.zh,
                en: raw.en,
                readers_zh: raw.readers_zh,
                readers_en: raw.readers_en,
                headline,
                needs_person: raw.needs_person,
                checks,
            });
        }
    }
    Ok(workbooks)
}

pub fn load(
    files: &SpecFiles,
    tables: &Tables,
    figures: &BTreeMap<String, Figure>,
    workbooks: &[Workbook],
) -> Result<Vec<Report>, SpecError> {
    let context = Context { tables, figures, workbooks };
    let mut reports: Vec<Report> = Vec::new();
    for file in files.under("reports/") {
        let report = context.report(file, file.read::<RawReport>()?)?;
        if let Some(twin) = reports.iter().position(|r| r.id == report.id) {
            if !file.of_shop {
                return Err(SpecError::new(file, None, format!("report `{}` exists already", report.id)));
            }
            reports.remove(twin);
        }
        reports.push(report);
    }
    reports.sort_by(|a, b| (a.span, a.place, &a.id).cmp(&(b.span, b.place, &b.id)));
    Ok(reports)
}

fn known(file: &SpecFile, word: &Spanned<String>, what: &str, valid: &[&str]) -> Result<String, SpecError> {
    if valid.contains(&word.get_ref().as_str()) {
        Ok(word.get_ref().clone())
    } else {
        Err(file.wrong_word(word, what, valid))
    }
}

/// What a report's words are checked against.
struct Context<'a> {
    tables: &'a Tables,
    figures: &'a BTreeMap<String, Figure>,
    workbooks: &'a [Workbook],
}

impl Context<'_> {
    fn report(&self, file: &SpecFile, raw: RawReport) -> Result<Report, SpecError> {
        let workbooks: Vec<&str> = self.workbooks.iter().map(|w| w.id.as_str()).collect();
        let tables = self.tables.ids();
        let needs = raw.needs.iter().map(|t| known(file, t, "table", &tables)).collect::<Result<_, _>>()?;
        Ok(Report {
            workbook: known(file, &raw.workbook, "workbook", &workbooks)?,
            sheets: raw.sheet.into_iter().map(|s| self.sheet(file, s)).collect::<Result<_, _>>()?,
            id: raw.id,
            codes: raw.codes,
            zh: raw.zh,
            en: raw.en,
            span: raw.period,
            place: raw.place,
            needs,
            optional: raw.optional,
        })
    }

    fn sheet(&self, file: &SpecFile, raw: RawSheet) -> Result<SheetSpec, SpecError> {
        Ok(SheetSpec {
            blocks: raw.block.into_iter().map(|b| self.block(file, b)).collect::<Result<_, _>>()?,
            zh: raw.zh,
            en: raw.en,
            note_zh: raw.note_zh,
            note_en: raw.note_en,
            sign_off: raw.sign_off,
        })
    }

    fn block(&self, file: &SpecFile, raw: RawBlock) -> Result<Block, SpecError> {
        let kind = match raw.kind.get_ref().as_str() {
            "list" => self.list(file, &raw)?,
            "table" => self.table(file, &raw)?,
            "scorecard" => BlockKind::Scorecard { figures: self.figure_ids(file, &raw.figures)? },
            _ => return Err(file.wrong_word(&raw.kind, "kind", &["list", "table", "scorecard"])),
        };
        Ok(Block { zh: raw.zh, en: raw.en, kind, chart: raw.chart })
    }

    fn figure_ids(&self, file: &SpecFile, words: &[Spanned<String>]) -> Result<Vec<String>, SpecError> {
        let ids: Vec<&str> = self.figures.keys().map(String::as_str).collect();
        words.iter().map(|w| known(file, w, "figure", &ids)).collect()
    }

    fn columns_of(&self, file: &SpecFile, raw: &RawBlock) -> Result<(String, Vec<ViewColumn>), SpecError> {
        let Some(view) = &raw.view else { return Err(file.error_at(&raw.kind, "this block needs a `view`")) };
        let columns = views::columns(view.get_ref(), self.tables);
        let columns = columns.ok_or_else(|| file.wrong_word(view, "view", &views::ids(self.tables)))?;
        Ok((view.get_ref().clone(), columns))
    }

    fn list(&self, file: &SpecFile, raw: &RawBlock) -> Result<BlockKind, SpecError> {
        let (view, all) = self.columns_of(file, raw)?;
        let names: Vec<&str> = all.iter().map(|c| c.name.as_str()).collect();
        let find = |word: &Spanned<String>| {
            let name = known(file, word, "column", &names)?;
            Ok(all[names.iter().position(|n| *n == name).unwrap_or(0)].clone()) // known
        };
        let mut columns = Vec::new();
        for word in &raw.columns {
            columns.push(ListColumn::Plain(find(word)?));
        }
        for rate in &raw.rates {
            let (zh, en) = (rate.zh.clone(), rate.en.clone());
            let (numerator, denominator) = (find(&rate.numerator)?.name, find(&rate.denominator)?.name);
            columns.push(ListColumn::Rate { zh, en, numerator, denominator });
        }
        let mut order = Vec::new();
        for word in &raw.order {
            let down = word.get_ref().starts_with('-');
            let name = word.get_ref().trim_start_matches('-').to_owned();
            if !names.contains(&name.as_str()) {
                return Err(file.wrong_word(word, "column", &names));
            }
            order.push((name, down));
        }
        let totals = raw.totals.iter().map(|w| Ok(find(w)?.name)).collect::<Result<_, SpecError>>()?;
        let filter = raw.filter.as_ref().map(|f| expr::parse(file, f, &all)).transpose()?;
        Ok(BlockKind::List { view, filter, order, columns, totals })
    }

    fn table(&self, file: &SpecFile, raw: &RawBlock) -> Result<BlockKind, SpecError> {
        let (_, all) = self.columns_of(file, raw)?;
        let names: Vec<&str> = all.iter().map(|c| c.name.as_str()).collect();
        let mut rows = Vec::new();
        for word in &raw.rows {
            let name = known(file, word, "column", &names)?;
            let column = all.iter().find(|c| c.name == name).cloned();
            rows.extend(column.map(|c| (name, c)));
        }
        Ok(BlockKind::Table { rows, figures: self.figure_ids(file, &raw.figures)?, period: raw.period })
    }
}
