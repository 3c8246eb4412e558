//! How `hesuan report` words the catalogue.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::model::{Lang, Text};
use crate::report::spec::{BlockKind, Figure, Span, Workbook};
use crate::report::{Catalogue, Report};

fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if lang == Lang::Zh { zh } else { en }
}

/// When a report is due, in words.
fn due(report: &Report, lang: Lang) -> String {
    let word = match report.span {
        Span::Daily => Text::new("日报，每天", "daily"),
        Span::Weekly => Text::new("周报，周日", "weekly, on Sundays"),
        Span::Monthly => Text::new("月报，月末", "monthly, on the last day"),
    };
    match report.due_day {
        Some(day) => {
            let more = Text::new("，次月{0}日上报", ", handed in on day {0} of the next month");
            format!("{}{}", word.get(lang), more.fill(lang, &[&day.to_string()]))
        }
        None => word.get(lang).to_owned(),
    }
}

fn workbook<'a>(catalogue: &'a Catalogue, report: &Report) -> Option<&'a Workbook> {
    catalogue.workbooks.iter().find(|w| w.id == report.workbook)
}

/// Figures that a report shows, in order of id.
fn figures<'a>(catalogue: &'a Catalogue, report: &Report) -> Vec<&'a Figure> {
    let blocks = report.sheets.iter().flat_map(|s| &s.blocks);
    let ids: BTreeSet<&String> = blocks
        .flat_map(|b| match &b.kind {
            BlockKind::List(_) => &[],
            BlockKind::Table(table) => table.figures.as_slice(),
            BlockKind::Scorecard { figures, .. } => figures.as_slice(),
        })
        .collect();
    ids.into_iter().filter_map(|id| catalogue.figures.get(id)).collect()
}

/// One report a line, under its workbook.
pub fn list(catalogue: &Catalogue, lang: Lang) -> String {
    let mut text = String::new();
    for book in &catalogue.workbooks {
        let mut reports = catalogue.reports.iter().filter(|r| r.workbook == book.id).peekable();
        if reports.peek().is_none() {
            continue;
        }
        let readers = pick(lang, &book.readers_zh, &book.readers_en);
        let _ = writeln!(text, "{} ({readers})", pick(lang, &book.zh, &book.en)); // a string always takes it
        for report in reports {
            let name = pick(lang, &report.zh, &report.en);
            let codes = report.codes.join(" ");
            let _ = writeln!(text, "  {:<24} {name}  [{codes}]  {}", report.id, due(report, lang));
        }
    }
    text
}

/// What one report holds.
pub fn show(catalogue: &Catalogue, report: &Report, lang: Lang) -> String {
    let label = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang);
    let mut text = String::new();
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    line(format!("{}  {}  [{}]", report.id, pick(lang, &report.zh, &report.en), report.codes.join(" ")));
    for answered in catalogue.codes.iter().filter(|c| report.codes.contains(&c.id)) {
        line(format!("  {}  {}", answered.id, pick(lang, &answered.zh, &answered.en)));
    }
    line(format!("{}: {}", label("出表", "Due"), due(report, lang)));
    if let Some(book) = workbook(catalogue, report) {
        let readers = pick(lang, &book.readers_zh, &book.readers_en);
        line(format!("{}: {} ({readers})", label("工作簿", "Workbook"), pick(lang, &book.zh, &book.en)));
    }
    line(format!("{}: {}", label("数据", "Inputs"), report.needs.join(", ")));
    line(format!("{}:", label("工作表", "Sheets")));
    for sheet in &report.sheets {
        line(format!("  {}  {}", pick(lang, &sheet.zh, &sheet.en), pick(lang, &sheet.note_zh, &sheet.note_en)));
    }
    let shown = figures(catalogue, report);
    if !shown.is_empty() {
        line(format!("{}:", label("指标", "Figures")));
    }
    for figure in shown {
        line(format!("  {}  {}: {}", figure.id, figure.name(lang), figure.definition(lang)));
    }
    if !report.ties.is_empty() {
        line(format!("{}:", label("勾稽", "Ties")));
    }
    for tie in &report.ties {
        let strict = match tie.strict {
            true => label("必须相符，否则不发布", "must hold, else nothing is published"),
            false => label("列示差额", "the difference is shown"),
        };
        line(format!("  {}  ({strict})", pick(lang, &tie.zh, &tie.en)));
    }
    text
}

pub fn list_json(catalogue: &Catalogue) -> Value {
    let row = |report: &Report| {
        let book = workbook(catalogue, report);
        json!({
            "id": report.id, "zh": report.zh, "en": report.en, "codes": report.codes,
            "period": period(report.span), "due_day": report.due_day, "needs": report.needs,
            "workbook": book.map(|b| json!({
                "id": b.id, "zh": b.zh, "en": b.en, "readers_zh": b.readers_zh, "readers_en": b.readers_en,
            })),
        })
    };
    Value::Array(catalogue.reports.iter().map(row).collect())
}

pub fn show_json(catalogue: &Catalogue, report: &Report) -> Value {
    let figure = |f: &Figure| {
        json!({
            "id": f.id, "zh": f.zh, "en": f.en, "define_zh": f.define_zh, "define_en": f.define_en,
        })
    };
    let sheets =
        report.sheets.iter().map(|s| json!({ "zh": s.zh, "en": s.en, "note_zh": s.note_zh, "note_en": s.note_en }));
    let ties = report.ties.iter().map(|t| json!({ "zh": t.zh, "en": t.en, "strict": t.strict }));
    json!({
        "id": report.id, "zh": report.zh, "en": report.en, "codes": report.codes, "period": period(report.span),
        "due_day": report.due_day, "workbook": report.workbook, "needs": report.needs,
        "sheets": sheets.collect::<Vec<_>>(),
        "figures": figures(catalogue, report).into_iter().map(figure).collect::<Vec<_>>(),
        "ties": ties.collect::<Vec<_>>(),
    })
}

fn period(span: Span) -> &'static str {
    match span {
        Span::Daily => "daily",
        Span::Weekly => "weekly",
        Span::Monthly => "monthly",
    }
}
