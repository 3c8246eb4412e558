//! Visits of the showroom and calls to it: when, for the first time or again, and what became of them.

use super::{Fields, Material, View, plain, table_and, text, yes};
use crate::model::{ColumnKind, Row, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "visit_facts", grain: "one row a visit or call of a buyer", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Text};
    table_and(
        tables,
        "showroom_visits",
        &[
            ("hour", Text, "时段", "Hour"),
            ("is_call", Bool, "来电", "Call"),
            ("is_first", Bool, "首次来店", "First visit"),
            ("is_entered", Bool, "已建档", "Entered"),
            ("is_won", Bool, "成交", "Won"),
            ("is_lost", Bool, "战败", "Lost"),
        ],
    )
}

/// Parts of the words that dealer systems use for kinds and outcomes.
const CALLS: [&str; 3] = ["来电", "电话", "CALL"];
const AGAIN: [&str; 6] = ["再次", "二次", "复访", "多次", "再来", "AGAIN"];
const WON: [&str; 7] = ["成交", "订", "签约", "签单", "交车", "购车", "WON"];
const NOT_WON: [&str; 4] = ["未", "退", "无", "没"];
const LOST: [&str; 5] = ["战败", "流失", "失败", "放弃", "LOST"];

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("showroom_visits") else { return Vec::new() };
    let fields = Fields(Some(table));
    let visit = |row: &Row| {
        let (kind, outcome) = (fields.get(row, "kind").text(), fields.get(row, "outcome").text());
        let is_call = has(kind, &CALLS);
        let lost = has(outcome, &LOST);
        let mut values = plain::values(table, row);
        values.extend([
            fields.get(row, "visited_at").time().map_or(Value::Null, |at| text(at.format("%H:00").to_string())),
            yes(is_call),
            // Whoever is not said to come again has come for the first time, where the export says a kind at all.
            if kind.is_empty() { Value::Null } else { yes(!is_call && !has(kind, &AGAIN)) },
            yes(fields.get(row, "entered_in_dms").int() == Some(1)),
            yes(!lost && has(outcome, &WON) && !has(outcome, &NOT_WON)),
            yes(lost),
        ]);
        values
    };
    (material.rows)("showroom_visits").iter().map(visit).collect()
}

fn has(text: &str, words: &[&str]) -> bool {
    let text = text.to_uppercase();
    words.iter().any(|word| text.contains(word))
}
