//! Scrap and waste: what was written off, at cost, and what waste brought in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};

use super::super::{Fields, Material, View, column, cost, number, plain, table_and, text, words_of, yes};
use super::store::Part;
use crate::model::dates::first_of_month;
use crate::model::{ColumnKind, Row, Value, keys};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const ROWS: View =
    View { id: "scrap_facts", grain: "one row an entry of the scrap register", columns: row_columns, rows: row_rows };

pub const MONTHS: View = View {
    id: "scrap_months",
    grain: "one row a kind of waste, unit and month with a movement or a balance, the last 13 months",
    columns: month_columns,
    rows: month_rows,
};

fn row_columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Fen, Micro, Text};
    table_and(
        tables,
        "parts_scrap",
        &[
            ("part_name", Text, "配件名称", "Part name"),
            ("category", words_of(tables, "parts_stock", "category"), "配件类别", "Category"),
            ("is_part", Bool, "在册配件", "A stocked part"),
            ("is_sold", Bool, "已出售", "Sold"),
            ("cost", Fen, "账面金额", "Book value"),
            ("proceeds", Fen, "处置收入", "Proceeds"),
            ("cost_unit", Micro, "成本价", "Unit cost"),
        ],
    )
}

fn row_rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("parts_scrap") else { return Vec::new() };
    let store = material.store();
    let fields = Fields(Some(table));
    let with_cost = |row: &Row| {
        let get = |name: &str| fields.get(row, name);
        let part = store.parts.get(&keys::key(get("item").text()));
        let unit_cost = part.zip(get("date").date()).and_then(|(part, on)| part.cost_at(on));
        let unit_cost = number(unit_cost);
        let mut values = plain::values(table, row);
        values.extend(part.map_or([Value::Null, Value::Null], Part::names));
        values.extend([
            yes(part.is_some()),
            yes(is_sold(&fields, row)),
            cost(get("qty"), &unit_cost),
            Value::Int(proceeds(&fields, row)),
            unit_cost,
        ]);
        values
    };
    (material.rows)("parts_scrap").iter().map(with_cost).collect()
}

/// Waste leaves the shop where somebody buys it; without a buyer and money it only came in.
fn is_sold(fields: &Fields<'_>, row: &Row) -> bool {
    !fields.get(row, "buyer").text().is_empty() || proceeds(fields, row) != 0
}

/// The amount; quantity × price where the register has only these.
fn proceeds(fields: &Fields<'_>, row: &Row) -> i64 {
    let get = |name: &str| fields.get(row, name);
    get("amount").int().or_else(|| cost(get("qty"), get("unit_price")).int()).unwrap_or(0)
}

fn month_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Micro, Text};
    vec![
        column("kind", Text, "类别", "Kind"),
        column("unit", Text, "单位", "Unit"),
        column("month", Text, "月份", "Month"),
        column("month_first", Date, "月初", "First day"),
        column("opening", Micro, "期初", "Opening"),
        column("came", Micro, "产生/报废", "Came in"),
        column("sold", Micro, "出售", "Sold"),
        column("closing", Micro, "期末", "Closing"),
        column("entries", Int, "笔数", "Entries"),
        column("proceeds", Fen, "处置收入", "Proceeds"),
    ]
}

#[derive(Default, Clone, Copy)]
struct Month {
    came: i64,
    sold: i64,
    entries: i64,
    proceeds: i64,
}

/// A balance is known only of a kind whose coming in the register tells too: oil that is only sold has none.
fn month_rows(material: &Material<'_>) -> ViewRows {
    let fields = Fields::of(material.tables, "parts_scrap");
    let mut kinds: BTreeMap<(&str, &str), BTreeMap<NaiveDate, Month>> = BTreeMap::new();
    let mut told: BTreeSet<(&str, &str)> = BTreeSet::new();
    for row in (material.rows)("parts_scrap") {
        let get = |name: &str| fields.get(row, name);
        let Some(on) = get("date").date() else { continue };
        let key = (get("kind").text(), get("unit").text());
        let month = kinds.entry(key).or_default().entry(first_of_month(on)).or_default();
        let qty = get("qty").int().unwrap_or(0);
        month.entries += 1;
        month.proceeds += proceeds(&fields, row);
        if is_sold(&fields, row) {
            month.sold += qty;
        } else {
            month.came += qty;
            told.insert(key);
        }
    }
    let now = first_of_month(material.as_of);
    let mut rows = Vec::new();
    for (key, months) in &kinds {
        for back in (0..13).rev() {
            let Some(first) = now.checked_sub_months(Months::new(back)) else { continue };
            let opening: i64 = months.range(..first).map(|(_, m)| m.came - m.sold).sum();
            let month = months.get(&first).copied().unwrap_or_default();
            let balance = |qty: i64| if told.contains(key) { Value::Int(qty) } else { Value::Null };
            if month.entries == 0 && (opening == 0 || !told.contains(key)) {
                continue;
            }
            rows.push(vec![
                text(key.0),
                text(key.1),
                text(first.format("%Y-%m").to_string()),
                Value::Date(first),
                balance(opening),
                Value::Int(month.came),
                Value::Int(month.sold),
                balance(opening + month.came - month.sold),
                Value::Int(month.entries),
                Value::Int(month.proceeds),
            ]);
        }
    }
    rows
}
