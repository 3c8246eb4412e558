//! Receipts: one row a receipt, with the settlement date of the first order it was allocated to.

use std::collections::HashMap;

use super::{Material, View, day, facts, plain, table_and, text, yes};
use crate::model::ColumnKind;
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "receipt_facts", grain: "one row a receipt", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    table_and(
        tables,
        "receipts",
        &[
            ("settled_on", ColumnKind::Date, "结算日期", "Settled on"),
            ("cleared_numbers", ColumnKind::Text, "核销单号", "Cleared orders"),
            ("is_known", ColumnKind::Bool, "单号有效", "Known"),
            ("is_earlier", ColumnKind::Bool, "收前日", "Settled earlier"),
            ("clearing", ColumnKind::Text, "销号状态", "Clearing"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("receipts") else { return Vec::new() };
    let clearing = &material.reconciled.clearing;
    let mut items: HashMap<usize, Vec<&crate::reconcile::Item>> = HashMap::new();
    for allocation in &clearing.allocations {
        items.entry(allocation.receipt).or_default().push(&clearing.items[allocation.subject]);
    }
    // Facts keep the order of the table's rows, so a receipt's index is its row's.
    let with_items = |(index, row): (usize, &crate::model::Row)| {
        let own = items.get(&index).map_or(&[][..], Vec::as_slice);
        let received = facts(material).receipts[index].received_at.map(|t| t.date());
        let settled = own.iter().filter_map(|i| i.settled_on).min();
        let numbers: Vec<&str> = own.iter().map(|i| i.number.as_str()).collect();
        let state = own.first().map_or(crate::reconcile::Category::UnknownOrder, |i| i.category);
        let mut values = plain::values(table, row);
        values.extend([
            day(settled),
            text(numbers.join(" ")),
            yes(!own.is_empty()),
            yes(settled.zip(received).is_some_and(|(s, r)| s < r)),
            text(state.title().get(material.lang)),
        ]);
        values
    };
    (material.rows)("receipts").iter().enumerate().map(with_items).collect()
}
