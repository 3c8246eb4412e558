//! Calculated against counted money: one row a day, cashier and tender.

use super::{Material, View, column, facts, text, words_of, yes};
use crate::model::{ColumnKind, Text, Value};
use crate::reconcile::checks::cash_lines;
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "cash", grain: "one row a day, cashier and tender", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    vec![
        column("date", ColumnKind::Date, "日期", "Date"),
        column("cashier", ColumnKind::Text, "收银员", "Cashier"),
        column("tender", words_of(tables, "receipts", "tender"), "收款方式", "Tender"),
        column("receipts", ColumnKind::Int, "笔数", "Receipts"),
        column("calculated", ColumnKind::Fen, "核算应收", "Calculated"),
        column("counted", ColumnKind::Fen, "收银实点", "Counted"),
        column("difference", ColumnKind::Fen, "差额", "Difference"),
        column("state", ColumnKind::Text, "结果", "Result"),
        column("is_open", ColumnKind::Bool, "未核平", "Not balanced"),
        column("handed_to", ColumnKind::Text, "接收人", "Handed to"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let line =
        |((date, cashier, tender), line): (crate::reconcile::checks::CashKey, crate::reconcile::checks::CashLine)| {
            let difference = line.counted.map(|counted| counted - line.calculated);
            let must_count = tender == "cash" && !line.calculated.is_zero();
            let open = difference.map_or(must_count, |d| !d.is_zero());
            let state = match difference.map(|d| d.0) {
                Some(0) => Text::new("相符", "agrees"),
                Some(over) if over > 0 => Text::new("长款", "over"),
                Some(_) => Text::new("短款", "short"),
                None if must_count => Text::new("未点", "not counted"),
                None => Text::new("不清点", "no count"),
            };
            vec![
                Value::Date(date),
                text(cashier),
                text(tender),
                Value::Int(i64::from(line.receipts)),
                Value::Int(line.calculated.0),
                line.counted.map_or(Value::Null, |f| Value::Int(f.0)),
                difference.map_or(Value::Null, |f| Value::Int(f.0)),
                text(state.get(material.lang)),
                yes(open),
                text(line.handed_to),
            ]
        };
    cash_lines(facts(material)).into_iter().map(line).collect()
}
