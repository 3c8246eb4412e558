//! Labour and part lines: one row a line, with what its order says.

use std::collections::HashMap;

use super::{Fields, Material, Orders, View, cost, day, number, plain, settled_days, table_and, text, words_of};
use crate::model::{ColumnKind, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const LABOR: View =
    View { id: "labor_facts", grain: "one row a labour line", columns: labor_columns, rows: labor_rows };

pub const PARTS: View = View { id: "part_facts", grain: "one row a part line", columns: part_columns, rows: part_rows };

fn labor_columns(tables: &Tables) -> Vec<ViewColumn> {
    table_and(tables, "labor_lines", &of_order_columns(tables))
}

fn part_columns(tables: &Tables) -> Vec<ViewColumn> {
    let mut more = of_order_columns(tables);
    more.extend([
        ("known_amount", ColumnKind::Fen, "金额", "Amount"),
        ("cost", ColumnKind::Fen, "成本", "Cost"),
        ("margin", ColumnKind::Fen, "毛利", "Margin"),
    ]);
    table_and(tables, "part_lines", &more)
}

fn of_order_columns(tables: &Tables) -> Vec<(&'static str, ColumnKind, &'static str, &'static str)> {
    vec![
        ("settled_on", ColumnKind::Date, "结算日期", "Settled on"),
        ("claim_nos", ColumnKind::Key, "索赔单号", "Claims"),
        ("order_key", ColumnKind::Key, "委托单", "Order"),
        ("order_no", ColumnKind::Key, "委托单号", "Order no."),
        ("advisor", ColumnKind::Text, "服务顾问", "Advisor"),
        ("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
        ("plate", ColumnKind::Text, "车牌号", "Plate"),
        ("vin", ColumnKind::Key, "车架号", "VIN"),
        ("model", ColumnKind::Text, "车型", "Model"),
    ]
}

fn labor_rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("labor_lines") else { return Vec::new() };
    let looked_up = of_order(material);
    let with_order = |row: &crate::model::Row| {
        let mut values = plain::values(table, row);
        values.extend(looked_up(Fields(Some(table)).get(row, "order_id").text()));
        values
    };
    (material.rows)("labor_lines").iter().map(with_order).collect()
}

fn part_rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("part_lines") else { return Vec::new() };
    let looked_up = of_order(material);
    let fields = Fields(Some(table));
    // Facts keep the order of the table's rows and know the amount where the export has only quantity and price.
    let with_order = |(row, line): (&crate::model::Row, &crate::model::records::PartLine)| {
        let mut values = plain::values(table, row);
        values.extend(looked_up(fields.get(row, "order_id").text()));
        let amount = number(line.known_amount().map(|fen| fen.0));
        let cost = cost(fields.get(row, "qty"), fields.get(row, "unit_cost"));
        let margin = number(amount.int().zip(cost.int()).map(|(amount, cost)| amount - cost));
        values.extend([amount, cost, margin]);
        values
    };
    (material.rows)("part_lines").iter().zip(&super::facts(material).part_lines).map(with_order).collect()
}

/// Looks up what a line's order says, when it was settled and which claims name it: many to one.
fn of_order<'a>(material: &Material<'a>) -> impl Fn(&str) -> Vec<Value> + 'a {
    let orders = Orders::of(material);
    let settled = settled_days(material);
    let mut claims: HashMap<&str, Vec<&str>> = HashMap::new();
    for claim in &super::facts(material).claims {
        claims.entry(claim.order_no.as_str()).or_default().push(&claim.claim_no);
    }
    move |reference: &str| {
        let Some(order) = orders.find(reference) else {
            let mut values = vec![Value::Null, Value::Null, text(reference), text(reference)];
            values.resize(9, Value::Null);
            return values;
        };
        let get = |name: &str| orders.value(order, name).clone();
        let settled = settled.get(orders.key(order)).copied();
        let claims = claims.get(orders.text(order, "order_no")).map_or(Value::Null, |nos| text(nos.join(" ")));
        let mut values = vec![day(settled), claims];
        values.extend(["order_id", "order_no", "advisor", "job_type", "plate", "vin", "model"].map(get));
        values
    }
}
