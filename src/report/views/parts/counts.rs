//! Counts of the shelves: book, documents and what lies there (帐卡物).

use super::super::{Fields, Material, View, cost, number, plain, table_and, text, words_of, yes};
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "count_facts", grain: "one row a part and day of counting", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Fen, Micro, Text};
    table_and(
        tables,
        "parts_counts",
        &[
            ("part_name", Text, "配件名称", "Part name"),
            ("category", words_of(tables, "parts_stock", "category"), "类别", "Category"),
            ("bin", Text, "库位", "Bin"),
            ("unit_cost", Micro, "成本价", "Unit cost"),
            ("documents_qty", Micro, "单据推算(卡)", "By documents (card)"),
            ("diff_qty", Micro, "盈亏数量", "Over/short"),
            ("book_value", Fen, "账面金额", "Book value"),
            ("diff_value", Fen, "盈亏金额", "Over/short, value"),
            ("surplus_value", Fen, "盘盈金额", "Surplus"),
            ("shortage_value", Fen, "盘亏金额", "Shortage"),
            ("is_equal", Bool, "账实相符", "Equal"),
            ("state", Text, "结果", "Result"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("parts_counts") else { return Vec::new() };
    let store = material.store();
    let fields = Fields(Some(table));
    let with_value = |row: &Row| {
        let get = |name: &str| fields.get(row, name);
        let (part, on) = (store.parts.get(get("part_no").text()), get("counted_on").date());
        let unit_cost = number(part.zip(on).and_then(|(part, on)| part.cost_at(on)));
        let by_documents = part.zip(on).and_then(|(part, on)| store.held(part, on)).map(|(_, held)| held.qty);
        let (book, counted) = (get("book_qty").int().unwrap_or(0), get("counted_qty").int().unwrap_or(0));
        let diff_value = cost(&Value::Int(counted - book), &unit_cost);
        let side = |sign: i64| diff_value.int().map_or(Value::Null, |value| Value::Int((sign * value).max(0)));
        let state = match (counted - book, by_documents.is_some_and(|held| held != book)) {
            (1.., _) => Text::new("盘盈", "surplus"),
            (..0, _) => Text::new("盘亏", "shortage"),
            (0, true) => Text::new("账实相符，与单据不符", "equal, but documents differ"),
            (0, false) => Text::new("相符", "equal"),
        };
        let mut values = plain::values(table, row);
        values.extend(store.names(get("part_no").text()));
        values.extend([
            part.map_or(Value::Null, |part| text(part.bin.as_str())),
            unit_cost.clone(),
            number(by_documents),
            Value::Int(counted - book),
            cost(get("book_qty"), &unit_cost),
            diff_value.clone(),
            side(1),
            side(-1),
            yes(counted == book),
            text(state.get(material.lang)),
        ]);
        values
    };
    (material.rows)("parts_counts").iter().map(with_value).collect()
}
