//! What `check` says of the files: text for people, an object for machines.

use serde_json::{Value, json};

use super::check_file::{FileCheck, SheetCheck, Verdict};
use super::output::{grouped, wrapped, yuan};
use crate::finding::{Finding, Severity};
use crate::model::{Lang, Text};

const NO_FILES: Text = Text::new("没有文件", "No files");
const DATED: Text = Text::new("，导出日期 {0}", ", export date {0}");
const MADE: Text = Text::new("，导出时间 {0}", ", made at {0}");
const SHEET: Text = Text::new("工作表“{0}”", "sheet \"{0}\"");
const TAKEN_FOR: Text = Text::new("{0}（{1}），表头在第 {2} 行", "{0} ({1}), headings in row {2}");
const MAPPED: Text = Text::new("    对应 {0} 列：", "    {0} columns read: ");
const UNMAPPED: Text = Text::new("    未用 {0} 列：", "    {0} not used: ");
const MISSING: Text = Text::new("    没有 {0} 列：", "    {0} absent: ");
const ROWS: Text = Text::new(
    "    {0}（{1}）：读 {2} 行，取 {3} 行，拒 {4} 行",
    "    {0} ({1}): {2} rows read, {3} taken, {4} rejected",
);
const HOLD: Text = Text::new("    合计核对：{0} 项全部相符", "    totals: all {0} hold");
const FAIL: Text = Text::new(
    "    合计不符：第 {0} 行“{1}”列写 {2}，各行合计 {3}",
    "    total fails: row {0}, column \"{1}\" says {2}, the rows sum to {3}",
);
const MORE: Text = Text::new("  另有 {0} 条，加 -v 全部列出", "  {0} more, all of them with -v");
const FINDING: Text = Text::new("  [{0}] {1}{2}。{3}", "  [{0}] {1}{2}; {3}");
const COLON: Text = Text::new("：", ": ");
const ROW: Text = Text::new("第 {0} 行", "row {0}");
const COLUMN: Text = Text::new("{0} 列", "column {0}");
const SUMMARY: Text = Text::new(
    "共 {0} 个文件：{1} 个可用，{2} 个不能读取或不认识，{3} 个合计不符；拒收 {4} 行",
    "{0} files: {1} good, {2} not readable or not known, {3} with a total that fails; {4} rows rejected",
);

/// Findings that are shown of each file unless all are asked for.
const FIRST: usize = 5;

pub fn text(checks: &[FileCheck], all: bool, lang: Lang) -> String {
    if checks.is_empty() {
        return format!("{}\n", NO_FILES.get(lang));
    }
    let mut text: String = checks.iter().map(|check| file(check, all, lang)).collect();
    let number = |verdict: Verdict| checks.iter().filter(|check| check.verdict() == verdict).count();
    let numbers = [
        checks.len() as u64,
        number(Verdict::Good) as u64,
        number(Verdict::Unread) as u64,
        number(Verdict::TotalFails) as u64,
        checks.iter().map(FileCheck::rows_rejected).sum(),
    ]
    .map(grouped);
    text.push_str(&SUMMARY.fill(lang, &numbers.each_ref().map(String::as_str)));
    text + "\n"
}

fn file(check: &FileCheck, all: bool, lang: Lang) -> String {
    let mut text = format!("{}  {}", check.file, check.format);
    if !check.encoding.is_empty() {
        text = format!("{text} {}", check.encoding);
    }
    if let Some(date) = check.date {
        text.push_str(&DATED.fill(lang, &[&date.to_string()]));
    }
    if let Some(time) = check.made_at {
        text.push_str(&MADE.fill(lang, &[&time.format("%Y-%m-%d %H:%M").to_string()]));
    }
    text.push('\n');
    text.extend(check.sheets.iter().map(|each| sheet(each, lang)));
    let shown = if all { check.findings.len() } else { FIRST };
    text.extend(check.findings.iter().take(shown).map(|each| finding(each, lang)));
    if check.findings.len() > shown {
        text.push_str(&MORE.fill(lang, &[&(check.findings.len() - shown).to_string()]));
        text.push('\n');
    }
    text + "\n"
}

fn sheet(check: &SheetCheck, lang: Lang) -> String {
    let row = check.heading_row.to_string();
    let mut text = String::from("  ");
    if !check.name.is_empty() {
        text.push_str(&SHEET.fill(lang, &[&check.name]));
        text.push_str(COLON.get(lang));
    }
    text.push_str(&TAKEN_FOR.fill(lang, &[check.title(lang), &check.source, &row]));
    text.push('\n');
    text.push_str(&names(MAPPED, &mapped(check), lang));
    text.push_str(&names(UNMAPPED, &check.unmapped, lang));
    text.push_str(&names(MISSING, &check.missing, lang));
    for table in &check.tables {
        let numbers = [table.read, table.taken, table.rejected].map(grouped);
        let [read, taken, rejected] = numbers.each_ref().map(String::as_str);
        text.push_str(&ROWS.fill(lang, &[table.title(lang), &table.table, read, taken, rejected]));
        text.push('\n');
    }
    text + &controls(check, lang)
}

/// Heading and the column it feeds; the table is said only where there are several.
fn mapped(check: &SheetCheck) -> Vec<String> {
    let several = check.tables.len() > 1;
    let own = |column: &'_ str| match column.split_once('.') {
        Some((_, name)) if !several => name.to_owned(),
        _ => column.to_owned(),
    };
    check.mapped.iter().map(|(heading, column)| format!("{heading}→{}", own(column))).collect()
}

fn names(label: Text, items: &[String], lang: Lang) -> String {
    if items.is_empty() {
        return String::new();
    }
    let between = match lang {
        Lang::Zh => "、",
        Lang::En => ", ",
    };
    wrapped(&label.fill(lang, &[&items.len().to_string()]), items, between)
}

fn controls(check: &SheetCheck, lang: Lang) -> String {
    let mut text = String::new();
    for control in check.controls.iter().filter(|control| !control.holds()) {
        let (total, sum) = (yuan(control.total_fen), yuan(control.sum_fen));
        text.push_str(&FAIL.fill(lang, &[&control.row.to_string(), &control.heading, &total, &sum]));
        text.push('\n');
    }
    if text.is_empty() && !check.controls.is_empty() {
        text = HOLD.fill(lang, &[&check.controls.len().to_string()]) + "\n";
    }
    text
}

fn finding(finding: &Finding, lang: Lang) -> String {
    let remedy = finding.code.meaning().remedy.get(lang);
    let severity = severity(finding.severity()).get(lang);
    FINDING.fill(lang, &[severity, &place(finding, lang), &finding.message(lang), remedy]) + "\n"
}

/// `工作表“10月” 第 12 行 H 列：`
fn place(finding: &Finding, lang: Lang) -> String {
    let mut words = Vec::new();
    if !finding.sheet.is_empty() {
        words.push(SHEET.fill(lang, &[&finding.sheet]));
    }
    if finding.row > 0 {
        words.push(ROW.fill(lang, &[&finding.row.to_string()]));
    }
    if !finding.column.is_empty() {
        words.push(COLUMN.fill(lang, &[&finding.column]));
    }
    if words.is_empty() { String::new() } else { words.join(" ") + COLON.get(lang) }
}

fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Error => Text::new("错误", "error"),
        Severity::Warning => Text::new("警告", "warning"),
        Severity::Info => Text::new("提示", "note"),
    }
}

/// The files for machines; amounts in fen, every finding listed.
pub fn json(checks: &[FileCheck], exit_code: u8, lang: Lang) -> Value {
    let files: Vec<Value> = checks.iter().map(|check| file_json(check, lang)).collect();
    json!({ "exit_code": exit_code, "files": files })
}

fn file_json(check: &FileCheck, lang: Lang) -> Value {
    json!({
        "file": check.file,
        "verdict": match check.verdict() {
            Verdict::Good => "good",
            Verdict::Unread => "unread",
            Verdict::TotalFails => "total_fails",
        },
        "format": check.format,
        "encoding": check.encoding,
        "export_date": check.date.map(|date| date.to_string()),
        "made_at": check.made_at.map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string()),
        "sheets": check.sheets.iter().map(|sheet| sheet_json(sheet, lang)).collect::<Vec<_>>(),
        "findings": check.findings.iter().map(|finding| finding_json(finding, lang)).collect::<Vec<_>>(),
    })
}

fn sheet_json(check: &SheetCheck, lang: Lang) -> Value {
    let mapped = check.mapped.iter().map(|(heading, column)| json!({"heading": heading, "column": column}));
    let tables = check.tables.iter().map(|table| {
        json!({
            "table": table.table,
            "rows_read": table.read,
            "rows_taken": table.taken,
            "rows_rejected": table.rejected,
        })
    });
    let controls = check.controls.iter().map(|control| {
        json!({
            "row": control.row,
            "column": control.column,
            "heading": control.heading,
            "sum_fen": control.sum_fen,
            "total_fen": control.total_fen,
            "holds": control.holds(),
        })
    });
    json!({
        "sheet": check.name,
        "source": check.source,
        "title": check.title(lang),
        "heading_row": check.heading_row,
        "mapped": mapped.collect::<Vec<_>>(),
        "unmapped": check.unmapped,
        "missing": check.missing,
        "tables": tables.collect::<Vec<_>>(),
        "control_totals": controls.collect::<Vec<_>>(),
    })
}

fn finding_json(finding: &Finding, lang: Lang) -> Value {
    json!({
        "code": finding.code.id(),
        "severity": finding.severity().id(),
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "count": finding.count,
        "message": finding.message(lang),
        "remedy": finding.code.meaning().remedy.get(lang),
    })
}
