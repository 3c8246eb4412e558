//! Journals of cash and bank accounts: each line with the balance that the lines before it give.

use super::{Fields, Material, View, fen, plain, table_and, yes};
use crate::model::{ColumnKind, Fen, Row, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "journal_lines", grain: "one row a line of a journal", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Fen};
    table_and(
        tables,
        "cash_journal",
        &[
            ("brought_forward", Fen, "账户期初", "Brought forward"),
            ("balance_computed", Fen, "推算余额", "Balance computed"),
            ("balance_off", Fen, "余额差异", "Off by"),
            ("is_off", Bool, "余额不符", "Balance wrong"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("cash_journal") else { return Vec::new() };
    let fields = Fields(Some(table));
    let mut rows: Vec<&Row> = (material.rows)("cash_journal").iter().collect();
    rows.sort_by_key(|row| {
        let number = fields.get(row, "entry_no").text();
        (fields.get(row, "account").text(), fields.get(row, "date").date(), number.len(), number)
    });
    let amount = |row: &Row, name: &str| fields.get(row, name).int().unwrap_or(0);
    let mut lines = Vec::new();
    let mut former: Option<&Row> = None;
    for row in rows {
        let (moved, balance) = (amount(row, "paid_in") - amount(row, "paid_out"), amount(row, "balance"));
        let before = former.filter(|f| fields.get(f, "account") == fields.get(row, "account"));
        // The first line of an account says by its balance what was there before it.
        let forward = if before.is_none() { balance - moved } else { 0 };
        let computed = before.map_or(balance, |f| amount(f, "balance") + moved);
        let mut values: Vec<Value> = plain::values(table, row);
        values.extend([fen(Fen(forward)), fen(Fen(computed)), fen(Fen(balance - computed)), yes(balance != computed)]);
        lines.push(values);
        former = Some(row);
    }
    lines
}
