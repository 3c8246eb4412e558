//! Counter sales of parts: one row a line of a sale.

use std::collections::HashMap;

use super::{Fields, Material, View, cost, number, plain, table_and, text};
use crate::model::ColumnKind;
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "sale_facts", grain: "one row a line of a counter sale", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    table_and(
        tables,
        "parts_sales",
        &[
            ("cost", ColumnKind::Fen, "成本", "Cost"),
            ("margin", ColumnKind::Fen, "毛利", "Margin"),
            ("clearing", ColumnKind::Text, "收款状态", "Paid"),
            ("is_open", ColumnKind::Bool, "未结清", "Open"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("parts_sales") else { return Vec::new() };
    let fields = Fields(Some(table));
    let items = material.reconciled.clearing.items.iter().filter(|i| i.is_sale());
    let categories: HashMap<&str, crate::reconcile::Category> =
        items.map(|i| (i.number.as_str(), i.category)).collect();
    let with_cost = |row: &crate::model::Row| {
        let mut values = plain::values(table, row);
        let cost = cost(fields.get(row, "qty"), fields.get(row, "unit_cost"));
        let margin = number(fields.get(row, "amount").int().zip(cost.int()).map(|(amount, cost)| amount - cost));
        let category = categories.get(fields.get(row, "sale_no").text());
        values.extend([
            cost,
            margin,
            text(category.map_or("", |c| c.title().get(material.lang))),
            super::yes(category.is_some_and(|c| c.is_open())),
        ]);
        values
    };
    (material.rows)("parts_sales").iter().map(with_cost).collect()
}
