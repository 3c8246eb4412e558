//! Reports to workbooks: the first sheet that answers, the sheets of the reports, definitions and sources.

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use super::blocks;
use super::figures::Figures;
use super::pages;
use super::spec::{Block, BlockKind, Chart, ChartKind, Over, Report, SheetSpec, Workbook};
use super::views::Material;
use crate::model::sheet::{self, Book, BookWords, Light, Note, Sheet};
use crate::model::{Lang, Period, Text};

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
    let mut made = Vec::new();
    for workbook in &figures.catalogue.workbooks {
        let reports: Vec<&Report> = due.iter().copied().filter(|r| r.workbook == workbook.id).collect();
        if !reports.is_empty() {
            made.push(book(material, figures, workbook, &reports, about)?);
        }
    }
    Ok(made)
}

fn book(
    material: &Material<'_>,
    figures: &Figures<'_>,
    workbook: &Workbook,
    reports: &[&Report],
    about: &About,
) -> PolarsResult<MadeBook> {
    let lang = material.lang;
    let pick = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    let mut sheets = Vec::new();
    let mut listed = Vec::new();
    let mut used: BTreeSet<String> = workbook.headline.iter().cloned().collect();
    for report in reports {
        let mut names = Vec::new();
        for spec in &report.sheets {
            let sheet = report_sheet(material, figures, report, spec, about)?;
            names.push(sheet.name.clone());
            sheets.push(sheet);
            used.extend(spec.blocks.iter().flat_map(|b| figures_of(&b.kind)).cloned());
        }
        listed.push((report.id.clone(), pick(&report.zh, &report.en), names));
    }
    let targets = blocks::targets(material.tables.get("targets"), (material.rows)("targets"), material.as_of);
    let headline = blocks::scorecard(figures, &workbook.headline, material.as_of, &targets, lang)?;
    let mut all = vec![pages::front(material, workbook, headline, &listed, about)];
    all.extend(sheets);
    all.push(pages::definitions(figures.catalogue, &used, lang));
    all.extend(pages::sources(about, lang));
    let subtitle =
        format!("{} · {} · {}", about.store, material.as_of, pick(&workbook.readers_zh, &workbook.readers_en));
    let book = Book {
        name: pick(&workbook.zh, &workbook.en),
        title: pick(&workbook.zh, &workbook.en),
        subtitle,
        as_of: material.as_of,
        properties: vec![
            ("as_of".to_owned(), material.as_of.to_string()),
            ("program".to_owned(), about.program.clone()),
            ("digest".to_owned(), about.digest.clone()),
        ],
        words: words(lang),
        sheets: all,
    };
    Ok(MadeBook { book, reports: listed })
}

fn figures_of(kind: &BlockKind) -> &[String] {
    match kind {
        BlockKind::List { .. } => &[],
        BlockKind::Table { figures, .. } | BlockKind::Scorecard { figures } => figures,
    }
}

fn report_sheet(
    material: &Material<'_>,
    figures: &Figures<'_>,
    report: &Report,
    spec: &SheetSpec,
    about: &About,
) -> PolarsResult<Sheet> {
    let lang = material.lang;
    let pick = |zh: &str, en: &str| if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() };
    let mut notes = Vec::new();
    if !spec.note_zh.is_empty() {
        notes.push(Note { text: pick(&spec.note_zh, &spec.note_en), light: None });
    }
    if about.cash_open {
        let text = Text::new(
            "未核平：当日现金核算与实点不符，见现金核对表",
            "NOT BALANCED: the day's cash does not tie, see the cash tie-out",
        );
        notes.push(Note { text: text.get(lang).to_owned(), light: Some(Light::Red) });
    }
    for (_, missing) in about.missing.iter().filter(|(id, lacks)| *id == report.id && !lacks.is_empty()) {
        let text = Text::new("不完整：缺少 {0}", "INCOMPLETE: missing {0}").fill(lang, &[&missing.join("、")]);
        notes.push(Note { text, light: Some(Light::Red) });
    }
    let mut made = Vec::new();
    for block in &spec.blocks {
        made.push(sheet::Block::Table(make_block(material, figures, block)?));
    }
    let name = pick(&spec.zh, &spec.en);
    Ok(Sheet { title: name.clone(), name, notes, blocks: made, sign_off: spec.sign_off })
}

fn make_block(material: &Material<'_>, figures: &Figures<'_>, block: &Block) -> PolarsResult<sheet::Table> {
    let lang = material.lang;
    let day = Period::day(material.as_of);
    let month = Period::month_to(material.as_of);
    let mut table = match &block.kind {
        kind @ BlockKind::List { .. } => blocks::list(figures, material.tables, kind, month, lang)?,
        BlockKind::Table { rows, figures: ids, period } => {
            let period = if *period == Over::Month { month } else { day };
            blocks::table(figures, material.tables, rows, ids, period, lang)?
        }
        BlockKind::Scorecard { figures: ids } => {
            let targets = blocks::targets(material.tables.get("targets"), (material.rows)("targets"), material.as_of);
            blocks::scorecard(figures, ids, material.as_of, &targets, lang)?
        }
    };
    let heading = if lang == Lang::Zh { &block.zh } else { &block.en };
    table.heading = (!heading.is_empty()).then(|| heading.clone());
    table.chart = block.chart.as_ref().and_then(|chart| chart_of(chart, figures, &table, heading, lang));
    Ok(table)
}

/// The chart of a block: the first column against the named figures, which stand in the table by their titles.
fn chart_of(
    chart: &Chart,
    figures: &Figures<'_>,
    table: &sheet::Table,
    heading: &str,
    lang: Lang,
) -> Option<sheet::Chart> {
    let title_of = |id: &String| figures.catalogue.figures.get(id).map(|f| f.name(lang).to_owned());
    let titles: Vec<String> = chart.values.iter().filter_map(title_of).collect();
    let values: Vec<usize> = titles.iter().filter_map(|t| table.columns.iter().position(|c| c.title == *t)).collect();
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
