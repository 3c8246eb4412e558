//! Report and workbook specs as typed, and their checks.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::codes::FieldCode;
use super::super::figures::{Figure, Formula, Term, Unit, has_dimension};
use super::{
    Against, Block, BlockKind, Chart, ListColumn, ListSpec, Over, Report, SheetSpec, Span, Step, TableSpec, Tie,
    Workbook,
};
use crate::reconcile::CheckKind;
use crate::report::frame::ViewColumn;
use crate::report::{expr, views};
use crate::spec::named::Named;
use crate::spec::tables::Tables;
use crate::spec::words::wrong_with_title;
use crate::spec::{Spanned, SpecError, SpecFile, SpecFiles};

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
    codes: Vec<Spanned<String>>,
    zh: String,
    en: String,
    period: Span,
    due_day: Option<u32>,
    workbook: Spanned<String>,
    #[serde(default = "last_place")]
    place: u32,
    #[serde(default)]
    needs: Vec<Spanned<String>>,
    #[serde(default)]
    optional: bool,
    sheet: Vec<RawSheet>,
    #[serde(default)]
    tie: Vec<RawTie>,
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
struct RawTie {
    zh: String,
    en: String,
    left: Vec<Spanned<String>>,
    right: Vec<Spanned<String>>,
    #[serde(default)]
    strict: bool,
    period: Option<Over>,
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
    blanks: Vec<RawBlank>,
    /// The column that the blanks stand before; else they stand last.
    blanks_before: Option<Spanned<String>>,
    #[serde(default)]
    totals: Vec<Spanned<String>>,
    #[serde(default)]
    whole_phones: bool,
    top: Option<usize>,
    #[serde(default)]
    extra: usize,
    #[serde(default)]
    rows: Vec<Spanned<String>>,
    by: Option<Step>,
    across: Option<Step>,
    #[serde(default)]
    figures: Vec<Spanned<String>>,
    #[serde(default)]
    compare: Vec<Against>,
    #[serde(default)]
    targets: bool,
    periods: Option<Vec<Against>>,
    period: Option<Over>,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBlank {
    zh: String,
    en: String,
    /// A word list: its words are offered in the cell.
    words: Option<Spanned<String>>,
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
            titled(file, &raw, &workbooks)?;
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

/// The titles of a workbook are names of files, each of one workbook.
fn titled(file: &SpecFile, raw: &RawWorkbook, others: &[Workbook]) -> Result<(), SpecError> {
    for title in [&raw.zh, &raw.en] {
        if let Some(said) = wrong_with_title(title) {
            return Err(file.error_at(&raw.id, said));
        }
    }
    let is_same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    match others.iter().find(|other| is_same(&other.zh, &raw.zh) || is_same(&other.en, &raw.en)) {
        Some(other) => Err(file.error_at(&raw.id, format!("the workbook `{}` has this title already", other.id))),
        None => Ok(()),
    }
}

pub fn load(
    files: &SpecFiles,
    tables: &Tables,
    named: &Named,
    figures: &BTreeMap<String, Figure>,
    workbooks: &[Workbook],
    codes: &[FieldCode],
) -> Result<Vec<Report>, SpecError> {
    let context = Context { tables, named, figures, workbooks, codes };
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
    named: &'a Named,
    figures: &'a BTreeMap<String, Figure>,
    workbooks: &'a [Workbook],
    codes: &'a [FieldCode],
}

/// Excel takes no longer list of choices, commas between them included.
const LONGEST_CHOICES: usize = 255;

impl Context<'_> {
    fn report(&self, file: &SpecFile, raw: RawReport) -> Result<Report, SpecError> {
        let workbooks: Vec<&str> = self.workbooks.iter().map(|w| w.id.as_str()).collect();
        let tables = self.tables.ids();
        let codes: Vec<&str> = self.codes.iter().map(|c| c.id.as_str()).collect();
        let needs = raw.needs.iter().map(|t| known(file, t, "table", &tables)).collect::<Result<_, _>>()?;
        let span = raw.period;
        Ok(Report {
            workbook: known(file, &raw.workbook, "workbook", &workbooks)?,
            sheets: raw.sheet.into_iter().map(|s| self.sheet(file, s, span)).collect::<Result<_, _>>()?,
            ties: raw.tie.into_iter().map(|t| self.tie(file, t, span)).collect::<Result<_, _>>()?,
            id: raw.id,
            codes: raw.codes.iter().map(|c| known(file, c, "code", &codes)).collect::<Result<_, _>>()?,
            zh: raw.zh,
            en: raw.en,
            span,
            due_day: raw.due_day,
            place: raw.place,
            needs,
            optional: raw.optional,
        })
    }

    fn sheet(&self, file: &SpecFile, raw: RawSheet, span: Span) -> Result<SheetSpec, SpecError> {
        Ok(SheetSpec {
            blocks: raw.block.into_iter().map(|b| self.block(file, b, span)).collect::<Result<_, _>>()?,
            zh: raw.zh,
            en: raw.en,
            note_zh: raw.note_zh,
            note_en: raw.note_en,
            sign_off: raw.sign_off,
        })
    }

    fn tie(&self, file: &SpecFile, raw: RawTie, span: Span) -> Result<Tie, SpecError> {
        let ids: Vec<&str> = self.figures.keys().map(String::as_str).collect();
        let term = |word: &Spanned<String>| {
            let (sign, id) = word.get_ref().strip_prefix('-').map_or((1, word.get_ref().as_str()), |id| (-1, id));
            match self.figures.get(id).map(|f| &f.formula) {
                None => Err(file.wrong_word(word, "figure", &ids)),
                Some(Formula::Ratio(_)) => Err(file.error_at(word, "a tie is between sums: rates have none")),
                Some(_) => Ok((sign, id.to_owned())),
            }
        };
        let terms = |words: &[Spanned<String>]| words.iter().map(term).collect::<Result<Vec<Term>, SpecError>>();
        let (left, right) = (terms(&raw.left)?, terms(&raw.right)?);
        let over = raw.period.unwrap_or(span.usual());
        let mut units = left.iter().filter_map(|(_, id)| self.figures.get(id)).map(|f| f.unit);
        let first = units.next().unwrap_or(Unit::Count);
        let unit = if units.all(|unit| unit == first) { first } else { Unit::Count };
        Ok(Tie { zh: raw.zh, en: raw.en, left, right, over, strict: raw.strict, unit })
    }

    fn block(&self, file: &SpecFile, raw: RawBlock, span: Span) -> Result<Block, SpecError> {
        let kind = match raw.kind.get_ref().as_str() {
            "list" => BlockKind::List(self.list(file, &raw)?),
            "table" => BlockKind::Table(self.table(file, &raw)?),
            "scorecard" => BlockKind::Scorecard {
                figures: self.figure_ids(file, &raw.figures)?,
                columns: raw.periods.unwrap_or_else(|| Against::usual(span)),
            },
            _ => return Err(file.wrong_word(&raw.kind, "kind", &["list", "table", "scorecard"])),
        };
        Ok(Block { zh: raw.zh, en: raw.en, over: raw.period.unwrap_or(span.usual()), kind, chart: raw.chart })
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

    fn list(&self, file: &SpecFile, raw: &RawBlock) -> Result<ListSpec, SpecError> {
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
        let blanks = raw.blanks.iter().map(|b| self.blank(file, b)).collect::<Result<Vec<_>, _>>()?;
        let at = match &raw.blanks_before {
            None => columns.len(),
            Some(word) => {
                let shown: Vec<&str> = raw.columns.iter().map(|c| c.get_ref().as_str()).collect();
                let name = known(file, word, "column of this list", &shown)?;
                shown.iter().position(|c| **c == *name).unwrap_or(columns.len()) // known
            }
        };
        columns.splice(at..at, blanks);
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
        let filter = raw.filter.as_ref().map(|f| expr::parse(file, f, &all, self.named)).transpose()?;
        Ok(ListSpec {
            view,
            filter,
            order,
            columns,
            totals,
            whole_phones: raw.whole_phones,
            top: raw.top,
            extra: raw.extra,
        })
    }

    fn blank(&self, file: &SpecFile, raw: &RawBlank) -> Result<ListColumn, SpecError> {
        let lists: Vec<&str> = self.tables.lists.iter().map(|list| list.id.as_str()).collect();
        let mut words = Vec::new();
        if let Some(word) = &raw.words {
            let list = self.tables.list(word.get_ref()).ok_or_else(|| file.wrong_word(word, "word list", &lists))?;
            words = list.words.iter().map(|word| (word.zh.clone(), word.en.clone())).collect();
            for choices in [words.iter().map(|w| &w.0).collect::<Vec<_>>(), words.iter().map(|w| &w.1).collect()] {
                let length: usize = choices.iter().map(|choice| choice.chars().count() + 1).sum();
                if length > LONGEST_CHOICES || choices.iter().any(|choice| choice.contains(',')) {
                    let message = format!("the words of `{}` are too many for a cell, or hold a comma", word.get_ref());
                    return Err(file.error_at(word, message));
                }
            }
        }
        Ok(ListColumn::Blank { zh: raw.zh.clone(), en: raw.en.clone(), words })
    }

    fn table(&self, file: &SpecFile, raw: &RawBlock) -> Result<TableSpec, SpecError> {
        if raw.by.is_some() != raw.rows.is_empty() {
            return Err(file.error_at(&raw.kind, "a table needs either `rows` (dimensions) or `by` (day or month)"));
        }
        let mut rows = Vec::new();
        if raw.by.is_none() {
            let (_, all) = self.columns_of(file, raw)?;
            let names: Vec<&str> = all.iter().map(|c| c.name.as_str()).collect();
            for word in &raw.rows {
                let name = known(file, word, "column", &names)?;
                let column = all.iter().find(|c| c.name == name).cloned();
                rows.extend(column.map(|c| (name, c)));
                for figure in &raw.figures {
                    has_dimension(file, self.tables, self.figures, figure.get_ref(), word)?;
                }
            }
        }
        if let Some(wrong) = raw.compare.iter().find(|c| !matches!(c, Against::Before | Against::LastYear)) {
            let message = format!("a table compares with before or last_year, not {wrong:?}");
            return Err(file.error_at(&raw.kind, message));
        }
        if raw.across.is_some() && (raw.by.is_some() || !raw.compare.is_empty() || raw.targets) {
            let hint = "`across` stands with `rows` and `figures` only: not with `by`, `compare` or `targets`";
            return Err(file.error_at(&raw.kind, hint));
        }
        if raw.targets && raw.rows.len() != 1 {
            return Err(file.error_at(&raw.kind, "targets need exactly one dimension in `rows`"));
        }
        let (figures, compare) = (self.figure_ids(file, &raw.figures)?, raw.compare.clone());
        Ok(TableSpec { rows, by: raw.by, across: raw.across, figures, compare, targets: raw.targets })
    }
}
