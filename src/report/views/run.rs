//! What a run knows of itself: control totals, findings, what is missing, what it publishes.

use super::{Material, View, column, text};
use crate::model::{ColumnKind, Text, Value};
use crate::reconcile::title_of_exception;
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const CONTROLS: View =
    View { id: "control_totals", grain: "one row a control total", columns: control_columns, rows: control_rows };

pub const FINDINGS: View =
    View { id: "findings", grain: "one row a code of finding", columns: finding_columns, rows: finding_rows };

pub const MISSING: View =
    View { id: "missing", grain: "one row an export that is missing", columns: missing_columns, rows: missing_rows };

pub const PACK: View =
    View { id: "pack", grain: "one row a sheet of a report of the date", columns: pack_columns, rows: pack_rows };

fn control_columns(_: &Tables) -> Vec<ViewColumn> {
    vec![
        column("place", ColumnKind::Int, "序号", "No."),
        column("name", ColumnKind::Text, "控制总数", "Control total"),
        column("left", ColumnKind::Int, "左（分或行）", "Left (fen or rows)"),
        column("right", ColumnKind::Int, "右（分或行）", "Right (fen or rows)"),
        column("state", ColumnKind::Text, "结果", "Result"),
    ]
}

fn control_rows(material: &Material<'_>) -> ViewRows {
    let row = |(place, total): (i64, &crate::reconcile::ControlTotal)| {
        let state = if total.holds() { Text::new("相符", "holds") } else { Text::new("不符", "fails") };
        vec![
            Value::Int(place),
            text(crate::report::pages::control_name(&total.name, &material.reconciled.matchings, material.lang)),
            Value::Int(total.left),
            Value::Int(total.right),
            text(state.get(material.lang)),
        ]
    };
    (1..).zip(&material.run.controls).map(row).collect()
}

fn finding_columns(_: &Tables) -> Vec<ViewColumn> {
    vec![
        column("title", ColumnKind::Text, "问题", "Finding"),
        column("severity", ColumnKind::Text, "级别", "Severity"),
        column("count", ColumnKind::Int, "数量", "Number"),
    ]
}

fn finding_rows(material: &Material<'_>) -> ViewRows {
    let row = |(title, severity, count): &(String, String, i64)| {
        vec![text(title.as_str()), text(severity.as_str()), Value::Int(*count)]
    };
    material.run.findings.iter().map(row).collect()
}

fn missing_columns(_: &Tables) -> Vec<ViewColumn> {
    vec![column("what", ColumnKind::Text, "缺少的导出", "Missing export")]
}

fn missing_rows(material: &Material<'_>) -> ViewRows {
    material.run.missing.iter().map(|what| vec![text(what.as_str())]).collect()
}

fn pack_columns(_: &Tables) -> Vec<ViewColumn> {
    vec![
        column("place", ColumnKind::Int, "序号", "No."),
        column("workbook", ColumnKind::Text, "工作簿", "Workbook"),
        column("report", ColumnKind::Text, "报表", "Report"),
        column("sheet", ColumnKind::Text, "工作表", "Sheet"),
        column("copies", ColumnKind::Int, "份数", "Copies"),
    ]
}

/// Copies of the month-end pack: treasurer, station head, general manager.
const COPIES: i64 = 3;

fn pack_rows(material: &Material<'_>) -> ViewRows {
    let sheets = material.run.pack.iter().flat_map(|(workbook, report, sheets)| {
        sheets.iter().map(move |sheet| (workbook.as_str(), report.as_str(), sheet.as_str()))
    });
    let row = |(place, (workbook, report, sheet)): (i64, (&str, &str, &str))| {
        vec![Value::Int(place), text(workbook), text(report), text(sheet), Value::Int(COPIES)]
    };
    (1..).zip(sheets).map(row).collect()
}

pub const CLOSE: View = View {
    id: "close",
    grain: "one row for the state of the month, one what was accepted at its close",
    columns: close_columns,
    rows: close_rows,
};

fn close_columns(_: &Tables) -> Vec<ViewColumn> {
    vec![
        column("place", ColumnKind::Int, "序号", "No."),
        column("what", ColumnKind::Text, "事项", "Matter"),
        column("reason", ColumnKind::Text, "说明", "Reason"),
    ]
}

fn close_rows(material: &Material<'_>) -> ViewRows {
    let state = match material.run.close {
        Some(_) => Text::new("已关账：本月报表不再改动", "closed: the month's reports are not changed any more"),
        None => Text::new("未关账", "not closed"),
    };
    let month = Text::new("月结状态", "State of the month").get(material.lang).to_owned();
    let mut rows = vec![vec![Value::Int(0), text(month), text(state.get(material.lang))]];
    if let Some(closed) = &material.run.close {
        let by = Text::new("关账人", "Closed by").get(material.lang).to_owned();
        rows.push(vec![Value::Int(1), text(by), text(closed.by.as_str())]);
    }
    let accepted = material.run.close.iter().flat_map(|closed| &closed.accepted);
    let label = Text::new("接受：", "accepted: ").get(material.lang);
    rows.extend((2..).zip(accepted).map(|(place, (code, reason))| {
        let title = title_of_exception(code).map_or(code.as_str(), |title| title.get(material.lang));
        vec![Value::Int(place), text(format!("{label}{title}")), text(reason.as_str())]
    }));
    rows
}
