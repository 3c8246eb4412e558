//! Parts that were charged: lines of orders and of counter sales together, by where they went.

use super::super::{Fields, Material, Orders, View, column, cost, day_of, facts, number, text, words_of};
use super::store::Store;
use crate::model::{ColumnKind, Lang, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View =
    View { id: "parts_out", grain: "one row a part line of an order or a line of a counter sale", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Key, Micro, Text};
    vec![
        column("source", Text, "去向", "Sold by"),
        column("source_id", Text, "去向代码", "Sold by (id)"),
        column("out_on", Date, "出库/销售日期", "Out on"),
        column("document", Key, "委托单/销售单号", "Order or sale no."),
        column("part_no", Key, "配件编号", "Part no."),
        column("part_name", Text, "配件名称", "Part name"),
        column("category", words_of(tables, "part_lines", "category"), "类别", "Category"),
        column("pay_type", words_of(tables, "part_lines", "pay_type"), "帐套", "Payer"),
        column("qty", Micro, "数量", "Quantity"),
        column("amount", Fen, "收费金额", "Amount"),
        column("discount", Fen, "优惠", "Discount"),
        column("cost", Fen, "成本", "Cost"),
        column("margin", Fen, "毛利", "Margin"),
    ]
}

/// Where a part went.
#[derive(Clone, Copy)]
enum Source {
    Workshop,
    Counter,
    Internal,
}

impl Source {
    fn words(self, lang: Lang) -> [Value; 2] {
        let (id, name) = match self {
            Source::Workshop => ("workshop", Text::new("维修用料", "Workshop")),
            Source::Counter => ("counter", Text::new("单独销售", "Counter")),
            Source::Internal => ("internal", Text::new("内部领用", "Internal")),
        };
        [text(name.get(lang)), text(id)]
    }
}

fn rows(material: &Material<'_>) -> ViewRows {
    let store = material.store();
    let mut rows = issued(material, store);
    rows.extend(sold(material, store));
    rows
}

fn issued(material: &Material<'_>, store: &Store) -> ViewRows {
    let fields = Fields::of(material.tables, "part_lines");
    let orders = Orders::of(material);
    let mut rows = Vec::new();
    // Facts keep the order of the table's rows.
    for (row, line) in (material.rows)("part_lines").iter().zip(&facts(material).part_lines) {
        let get = |name: &str| fields.get(row, name);
        let source = if line.pay_type == "internal" { Source::Internal } else { Source::Workshop };
        let order_no = orders.find(&line.order_id).map(|order| orders.value(order, "order_no").clone());
        let amount = number(line.known_amount().map(|fen| fen.0));
        let mut values = source.words(material.lang).to_vec();
        values.extend([day_of(get("issued_at")), order_no.unwrap_or_else(|| text(line.order_id.as_str()))]);
        values.extend(part(store, get("part_no"), get("part_name"), get("category")));
        values.extend([get("pay_type").clone(), get("qty").clone()]);
        values.extend(money(amount, get("discount").clone(), cost(get("qty"), get("unit_cost"))));
        rows.push(values);
    }
    rows
}

fn sold(material: &Material<'_>, store: &Store) -> ViewRows {
    let fields = Fields::of(material.tables, "parts_sales");
    let mut rows = Vec::new();
    for row in (material.rows)("parts_sales") {
        let get = |name: &str| fields.get(row, name);
        let mut values = Source::Counter.words(material.lang).to_vec();
        values.extend([day_of(get("sold_at")), get("sale_no").clone()]);
        values.extend(part(store, get("part_no"), get("part_name"), get("category")));
        values.extend([Value::Null, get("qty").clone()]);
        values.extend(money(get("amount").clone(), Value::Null, cost(get("qty"), get("unit_cost"))));
        rows.push(values);
    }
    rows
}

/// Number, name and category: one name for each number, however documents write it; the line's own category.
fn part(store: &Store, part_no: &Value, name: &Value, category: &Value) -> [Value; 3] {
    let [of_store, class] = store.names(part_no.text());
    let name = if of_store.is_null() { name.clone() } else { of_store };
    [part_no.clone(), name, if category.is_null() { class } else { category.clone() }]
}

/// Amount, discount, cost, margin.
fn money(amount: Value, discount: Value, cost: Value) -> [Value; 4] {
    let margin = number(amount.int().zip(cost.int()).map(|(amount, cost)| amount - cost));
    [amount, discount, cost, margin]
}
