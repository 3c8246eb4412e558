//! Reports to workbooks: the first sheet that answers, the sheets of the reports, definitions and sources.

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use super::blocks::{self, Place, Targets};
use super::figures::Figures;
use super::spec::{Against, Block, BlockKind, Chart, ChartKind, Over, Report, SheetSpec, Span, Workbook};
use super::views::Material;
use super::{pages, ties};
use crate::model::sheet::{self, Book, BookWords, Light, Note, Sheet};
use crate::model::{Lang, Text};

/// What a workbook says of the run beside its figures.
pub struct About {
    pub store: String,
    /// Name and version of the program, digest of the facts.
    pub program: String,
    pub digest: String,
    /// 未核平: the cash of the day does not balance.
    pub cash_open: bool,
    /// What is missing, by report id: the report is incomplete and says so.
    pub missing: Vec<(String, Vec<String>)>,
    pub sources: pages::Sources,
}

/// A workbook and the reports it holds.
pub struct MadeBook {
    pub book: Book,
    /// Report id, title, and the names of its sheets.
    pub reports: Vec<(String, String, Vec<String>)>,
}

/// The workbooks of these reports, in the order of the workbook specs.
pub fn books(
    material: &Material<'_>,
    figures: &Figures<'_>,
    due: &[&Report],
    about: &About,
) -> PolarsResult<Vec<MadeBook>> {
    let place = Place { figures, tables: material.tables, as_of: material.as_of, lang: material.lang };
    let targets = Targets::read(material.tables.get("targets"), (material.rows)("targets"));
    let maker = Maker { material, place, targets, about };
    let mut made = Vec::new();
    for workbook in &figures.catalogue.workbooks {
        let reports: Vec<&Report> = due.iter().copied().filter(|r| r.workbook == workbook.id).collect();
        if !reports.is_empty() {
            made.push(maker.book(workbook, &reports)?);
        }
    }
    Ok(made)
}

/// What all workbooks of a date are made from.
struct Maker<'a, 'm, 'f> {
    material: &'a Material<'m>,
    place: Place<'a, 'f>,
    targets: Targets,
    about: &'a About,
}

impl Maker<'_, '_, '_> {
    fn pick(&self, zh: &str, en: &str) -> String {
        if self.material.lang == Lang::Zh { zh.to_owned() } else { en.to_owned() }
    }

    fn book(&self, workbook: &Workbook, reports: &[&Report]) -> PolarsResult<MadeBook> {
        let (material, about) = (self.material, self.about);
        let catalogue = self.place.figures.catalogue;
        let mut sheets = Vec::new();
        let mut listed = Vec::new();
        let mut used: BTreeSet<String> = workbook.headline.iter().cloned().collect();
        for report in reports {
            let mut names = Vec::new();
            for (at, spec) in report.sheets.iter().enumerate() {
                let mut sheet = self.sheet(report, spec)?;
                if at + 1 == report.sheets.len() && !report.ties.is_empty() {
                    sheet.blocks.push(sheet::Block::Table(self.ties(report)?));
                }
                names.push(sheet.name.clone());
                sheets.push(sheet);
                used.extend(spec.blocks.iter().flat_map(|b| figures_of(&b.kind)).cloned());
            }
            listed.push((report.id.clone(), self.pick(&report.zh, &report.en), names));
        }
        let span = reports.iter().map(|r| r.span).max().unwrap_or(Span::Daily);
        let columns = Against::usual(span);
        let headline = blocks::scorecard(&self.place, &workbook.headline, &columns, span.usual(), &self.targets)?;
        let mut all = vec![pages::front(material, workbook, headline, &listed, about)];
        all.extend(sheets);
        all.push(pages::definitions(catalogue, &used, material.lang));
        all.extend(pages::sources(about, material, catalogue));
        let readers = self.pick(&workbook.readers_zh, &workbook.readers_en);
        let book = Book {
            name: self.pick(&workbook.zh, &workbook.en),
            title: self.pick(&workbook.zh, &workbook.en),
            subtitle: format!("{} · {} · {readers}", about.store, stated(span.usual(), material.as_of)),
            as_of: material.as_of,
            properties: vec![
                ("as_of".to_owned(), material.as_of.to_string()),
                ("program".to_owned(), about.program.clone()),
                ("digest".to_owned(), about.digest.clone()),
            ],
            words: words(material.lang),
            sheets: all,
        };
        Ok(MadeBook { book, reports: listed })
    }

    fn sheet(&self, report: &Report, spec: &SheetSpec) -> PolarsResult<Sheet> {
        let lang = self.material.lang;
        let mut notes = Vec::new();
        if !spec.note_zh.is_empty() {
            let note = self.pick(&spec.note_zh, &spec.note_en);
            notes.push(Note { text: self.material.named.fill(&note, lang), light: None });
        }
        if let Some(day) = report.due_day {
            let text =
                Text::new("次月{0}日上报", "Handed in on day {0} of the next month").fill(lang, &[&day.to_string()]);
            notes.push(Note { text, light: None });
        }
        if self.about.cash_open && report.span == Span::Daily {
            let text = Text::new(
                "未核平：当日现金核算与实点不符，见现金核对表",
                "NOT BALANCED: the day's cash does not tie, see the cash tie-out",
            );
            notes.push(Note { text: text.get(lang).to_owned(), light: Some(Light::Red) });
        }
        for (_, missing) in self.about.missing.iter().filter(|(id, lacks)| *id == report.id && !lacks.is_empty()) {
            let text = Text::new("不完整：缺少 {0}", "INCOMPLETE: missing {0}").fill(lang, &[&missing.join("、")]);
            notes.push(Note { text, light: Some(Light::Red) });
        }
        let mut made = Vec::new();
        for block in &spec.blocks {
            made.push(sheet::Block::Table(self.block(block)?));
        }
        let name = self.pick(&spec.zh, &spec.en);
        Ok(Sheet { title: name.clone(), name, notes, blocks: made, sign_off: spec.sign_off })
    }

    fn block(&self, block: &Block) -> PolarsResult<sheet::Table> {
        let (place, targets) = (&self.place, &self.targets);
        let mut table = match &block.kind {
            BlockKind::List(list) => blocks::list(place, list, block.over.period(self.material.as_of))?,
            BlockKind::Table(table) => blocks::table(place, table, block.over, targets)?,
            BlockKind::Scorecard { figures, columns } => {
                blocks::scorecard(place, figures, columns, block.over, targets)?
            }
        };
        let heading = self.pick(&block.zh, &block.en);
        table.heading = (!heading.is_empty()).then(|| heading.clone());
        let chart = block.chart.as_ref();
        let across = matches!(&block.kind, BlockKind::Table(table) if table.across.is_some());
        table.chart = chart.and_then(|chart| chart_of(chart, place.figures, &table, across, &heading, place.lang));
        Ok(table)
    }

    /// 勾稽: what must be equal, and whether it is.
    fn ties(&self, report: &Report) -> PolarsResult<sheet::Table> {
        let proven = ties::prove(self.place.figures, report, self.material.as_of)?;
        Ok(pages::ties(report, &proven, self.material.lang))
    }
}

/// The days that a workbook is of.
fn stated(over: Over, as_of: chrono::NaiveDate) -> String {
    let period = over.period(as_of);
    if period.first == period.last { as_of.to_string() } else { format!("{} – {}", period.first, period.last) }
}

fn figures_of(kind: &BlockKind) -> &[String] {
    match kind {
        BlockKind::List(_) => &[],
        BlockKind::Table(table) => &table.figures,
        BlockKind::Scorecard { figures, .. } => figures,
    }
}

/// The chart of a block: the first column against the named figures, which stand in the table by their titles.
fn chart_of(
    chart: &Chart,
    figures: &Figures<'_>,
    table: &sheet::Table,
    across: bool,
    heading: &str,
    lang: Lang,
) -> Option<sheet::Chart> {
    let title_of = |id: &String| figures.catalogue.figures.get(id).map(|f| f.name(lang).to_owned());
    let titles: Vec<String> = chart.values.iter().filter_map(title_of).collect();
    let is_of = |column: &str, title: &str| match across {
        true => column.strip_prefix(title).is_some_and(|rest| rest.starts_with(' ')),
        false => column == title,
    };
    let of = |title: &String| (0..table.columns.len()).filter(|at| is_of(&table.columns[*at].title, title)).collect();
    let values: Vec<usize> = titles.iter().flat_map(|title| -> Vec<usize> { of(title) }).collect();
    if values.is_empty() || table.rows.is_empty() {
        return None;
    }
    let kind = match chart.kind {
        ChartKind::Column => sheet::ChartKind::Column,
        ChartKind::Bar => sheet::ChartKind::Bar,
        ChartKind::Line => sheet::ChartKind::Line,
        ChartKind::Pie => sheet::ChartKind::Pie,
    };
    Some(sheet::Chart { kind, title: format!("{} {heading}", titles.join(" / ")), category: 0, values })
}

fn words(lang: Lang) -> BookWords {
    let text = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    BookWords {
        total: text("合计", "Total"),
        sign_off: text(
            "制表：　　　　　　审核：　　　　　　批准：",
            "Prepared:            Checked:            Approved:",
        ),
        page_footer: text("第 &P 页 共 &N 页", "Page &P of &N"),
        back: text("返回首页", "Back to the first sheet"),
        no_rows: text("无", "none"),
        font: "微软雅黑".to_owned(),
    }
}
