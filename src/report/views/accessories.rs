//! Accessories (精品): the movements of their register, and what they came to by day and month.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Months, NaiveDate};

use super::{Fields, Material, View, column, cost, plain, table_and, text};
use crate::model::dates::first_of_month;
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const MOVES: View = View {
    id: "accessory_facts",
    grain: "one row an entry of the accessory register",
    columns: move_columns,
    rows: move_rows,
};

pub const SPANS: View = View {
    id: "accessory_stock",
    grain: "one row an item and span: the reporting date, and each of the last 13 months",
    columns: span_columns,
    rows: span_rows,
};

/// How an item moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What was there when the register began.
    Opening,
    In,
    Sale,
    Gift,
    /// Used by the shop, lost, written off.
    Use,
}

/// Words of a register's kinds, in this order: a 销售退货 is a sale taken back.
const KIND_WORDS: [(Kind, &[&str]); 5] = [
    (Kind::Opening, &["期初", "结存", "opening"]),
    (Kind::Gift, &["赠", "送", "gift"]),
    (Kind::Sale, &["销", "售", "sale", "sold"]),
    (Kind::In, &["入", "购", "进", "盘盈", "报溢", "调入", "in", "purchase"]),
    (Kind::Use, &["领", "用", "出", "报损", "报废", "盘亏", "耗", "use", "out"]),
];

const TAKEN_BACK: [&str; 2] = ["退", "return"];

/// The kind of an entry; a word that nobody knows goes by its sign.
fn kind_of(word: &str, qty: i64) -> Kind {
    let word = word.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| word.contains(w));
    let known = KIND_WORDS.iter().find(|(_, words)| says(words)).map(|(kind, _)| *kind);
    known.unwrap_or(if qty >= 0 { Kind::In } else { Kind::Use })
}

impl Kind {
    fn words(self) -> (&'static str, Text) {
        match self {
            Kind::Opening => ("opening", Text::new("期初", "Opening")),
            Kind::In => ("in", Text::new("入库", "In")),
            Kind::Sale => ("sale", Text::new("销售", "Sold")),
            Kind::Gift => ("gift", Text::new("赠送", "Given")),
            Kind::Use => ("use", Text::new("领用及其他", "Used")),
        }
    }

    fn is_out(self) -> bool {
        matches!(self, Kind::Sale | Kind::Gift | Kind::Use)
    }
}

/// A quantity in millionths and its cost in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Held {
    qty: i64,
    cost: i64,
}

impl Held {
    fn add(&mut self, sign: i64, other: Held) {
        self.qty += sign * other.qty;
        self.cost += sign * other.cost;
    }
}

/// One entry, its quantity positive in the direction of its kind.
struct Entry<'a> {
    row: &'a Row,
    day: NaiveDate,
    item: &'a str,
    kind: Kind,
    what: Held,
    /// Whether a row up to this one tells what the item costs.
    has_cost: bool,
    /// Fen charged; 0 where it was no sale.
    sales: i64,
}

/// Entries in order of day, then of the table.
fn entries<'a>(tables: &Tables, rows: &'a [Row]) -> Vec<Entry<'a>> {
    let fields = Fields::of(tables, "accessory_moves");
    let (qty_of, word_of) =
        (|row: &Row| fields.get(row, "qty").int().unwrap_or(0), |row: &'a Row| fields.get(row, "kind").text());
    // A register writes what goes out either as it is or with a minus: the greater number tells.
    let outs = || rows.iter().filter(|row| kind_of(word_of(row), qty_of(row)).is_out());
    let signed = outs().filter(|row| qty_of(row) < 0).count() > outs().filter(|row| qty_of(row) > 0).count();
    let mut ordered: Vec<(NaiveDate, &Row)> = Vec::new();
    for row in rows {
        ordered.extend(fields.get(row, "date").date().map(|day| (day, row)));
    }
    ordered.sort_by_key(|(day, _)| *day);
    let mut last_cost: HashMap<&str, Value> = HashMap::new();
    let mut opened: HashSet<&str> = HashSet::new();
    let mut entries = Vec::new();
    for (day, row) in ordered {
        let get = |name: &str| fields.get(row, name);
        let item = match get("item_no").text() {
            "" => get("item_name").text(),
            number => number,
        };
        if !get("unit_cost").is_null() {
            last_cost.insert(item, get("unit_cost").clone());
        }
        let kind = kind_of(word_of(row), qty_of(row));
        if kind == Kind::Opening && !opened.insert(item) {
            continue; // a later opening is the closing before it, told again
        }
        let back = TAKEN_BACK.iter().any(|w| word_of(row).to_lowercase().contains(w));
        let against = (kind.is_out() && signed) || (back && qty_of(row) > 0 && !signed);
        let qty = if against { -qty_of(row) } else { qty_of(row) };
        let unit_cost = last_cost.get(item).cloned().unwrap_or(Value::Null);
        let at_cost = cost(&Value::Int(qty), &unit_cost).int().unwrap_or(0);
        let charged = get("amount").int().or_else(|| cost(&Value::Int(qty), get("unit_price")).int()).unwrap_or(0);
        let sales = if kind == Kind::Sale { sold(charged, get("qty").int().map(|_| qty), back) } else { 0 };
        let has_cost = !unit_cost.is_null() || qty == 0;
        entries.push(Entry { row, day, item, kind, what: Held { qty, cost: at_cost }, has_cost, sales });
    }
    entries
}

/// The rows of the register whose cost nobody knows: they count as if they cost nothing.
pub fn without_cost<'a>(tables: &Tables, rows: &'a [Row]) -> Vec<&'a Row> {
    entries(tables, rows).into_iter().filter(|entry| !entry.has_cost).map(|entry| entry.row).collect()
}

/// What a sale was charged, negative where it was taken back. The amount goes the way of the quantity, however the
/// register signs it; without a quantity its kind and its own sign say the way.
fn sold(charged: i64, qty: Option<i64>, back: bool) -> i64 {
    match qty {
        Some(qty) => charged.abs() * qty.signum(),
        None if back => -charged.abs(),
        None => charged,
    }
}

fn move_columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Fen, Micro, Text};
    table_and(
        tables,
        "accessory_moves",
        &[
            ("item", Text, "精品", "Item"),
            ("move", Text, "业务", "Movement"),
            ("move_id", Text, "业务代码", "Movement (id)"),
            ("moved_qty", Micro, "数量", "Quantity"),
            ("cost", Fen, "成本", "Cost"),
            ("sales", Fen, "销售额", "Sales"),
            ("margin", Fen, "毛利", "Margin"),
        ],
    )
}

fn move_rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("accessory_moves") else { return Vec::new() };
    let entries = entries(material.tables, (material.rows)("accessory_moves"));
    let names = names(material, &entries);
    let row = |entry: &Entry<'_>| {
        let (id, words) = entry.kind.words();
        let margin = if entry.kind == Kind::Sale { Value::Int(entry.sales - entry.what.cost) } else { Value::Null };
        let mut values = plain::values(table, entry.row);
        values.extend([
            names.get(entry.item).cloned().unwrap_or_else(|| text(entry.item)),
            text(words.get(material.lang)),
            text(id),
            Value::Int(entry.what.qty),
            if entry.has_cost { Value::Int(entry.what.cost) } else { Value::Null },
            Value::Int(entry.sales),
            margin,
        ]);
        values
    };
    entries.iter().map(row).collect()
}

/// The newest name of each item.
fn names<'a>(material: &Material<'a>, entries: &[Entry<'a>]) -> HashMap<&'a str, Value> {
    let fields = Fields::of(material.tables, "accessory_moves");
    let mut names = HashMap::new();
    for entry in entries {
        let name = fields.get(entry.row, "item_name");
        if !name.text().is_empty() {
            names.insert(entry.item, name.clone());
        }
    }
    names
}

const PARTS: [(&str, &str, &str); 6] = [
    ("opening", "期初", "Opening"),
    ("in", "入库", "In"),
    ("sale", "销售", "Sold"),
    ("gift", "赠送", "Given"),
    ("use", "领用", "Used"),
    ("closing", "期末", "Closing"),
];

fn span_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Key, Micro, Text};
    let mut columns = vec![
        column("span", Text, "期间", "Span"),
        column("first", Date, "自", "From"),
        column("month_first", Date, "月初", "First day of the month"),
        column("item_no", Key, "精品编号", "Item no."),
        column("item_name", Text, "精品名称", "Item"),
    ];
    for (name, zh, en) in PARTS {
        columns.push(column(&format!("{name}_qty"), Micro, &format!("{zh}数量"), &format!("{en} quantity")));
        columns.push(column(&format!("{name}_cost"), Fen, &format!("{zh}金额"), &format!("{en} at cost")));
    }
    columns.push(column("sales", Fen, "销售额", "Sales"));
    columns.push(column("margin", Fen, "毛利", "Margin"));
    columns
}

/// What an item came to in a span.
#[derive(Default, Clone, Copy)]
struct Span {
    opening: Held,
    moved: [Held; 4],
    /// Counted by itself, entry by entry: the movement must foot to it.
    closing: Held,
    sales: i64,
}

fn span_rows(material: &Material<'_>) -> ViewRows {
    let entries = entries(material.tables, (material.rows)("accessory_moves"));
    let names = names(material, &entries);
    let mut by_item: BTreeMap<&str, Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in &entries {
        by_item.entry(entry.item).or_default().push(entry);
    }
    let bases = bases(material, &entries, &by_item);
    let now = first_of_month(material.as_of);
    let months = (0..13).rev().filter_map(|back| now.checked_sub_months(Months::new(back)));
    let mut spans: Vec<(&str, NaiveDate, NaiveDate)> = vec![("day", material.as_of, material.as_of)];
    spans.extend(months.map(|month| ("month", month, crate::model::dates::last_of_month(month).min(material.as_of))));
    let began = entries.first().map(|entry| first_of_month(entry.day));
    let mut rows = Vec::new();
    for (span, first, last) in spans {
        if began.is_none_or(|began| began > last) {
            continue;
        }
        for (item, entries) in &by_item {
            let one = of_span(entries, bases.get(item).copied().unwrap_or_default(), first, last);
            let parts = [one.opening, one.moved[0], one.moved[1], one.moved[2], one.moved[3], one.closing];
            if parts.iter().all(|held| *held == Held::default()) && one.sales == 0 {
                continue;
            }
            let month = if span == "month" { Value::Date(first) } else { Value::Null };
            let mut row = vec![text(span), Value::Date(first), month, text(*item)];
            row.push(names.get(item).cloned().unwrap_or(Value::Null));
            row.extend(parts.iter().flat_map(|held| [Value::Int(held.qty), Value::Int(held.cost)]));
            row.extend([Value::Int(one.sales), Value::Int(one.sales - one.moved[1].cost)]);
            rows.push(row);
        }
    }
    rows
}

fn of_span(entries: &[&Entry<'_>], base: Held, first: NaiveDate, last: NaiveDate) -> Span {
    let mut span = Span { opening: base, closing: base, ..Span::default() };
    for entry in entries.iter().filter(|entry| entry.day <= last) {
        let sign = if entry.kind.is_out() { -1 } else { 1 };
        span.closing.add(sign, entry.what);
        if entry.day < first || entry.kind == Kind::Opening {
            span.opening.add(sign, entry.what);
            continue;
        }
        let place = match entry.kind {
            Kind::Opening | Kind::In => 0,
            Kind::Sale => 1,
            Kind::Gift => 2,
            Kind::Use => 3,
        };
        span.moved[place].add(1, entry.what);
        span.sales += entry.sales;
    }
    span
}

/// What lay there before the register began: as the newest parts snapshot before its first day lists the item. A register
/// that tells openings of its own needs none.
fn bases<'a>(
    material: &Material<'a>,
    entries: &[Entry<'a>],
    by_item: &BTreeMap<&'a str, Vec<&Entry<'a>>>,
) -> HashMap<&'a str, Held> {
    let fields = Fields::of(material.tables, "parts_stock");
    let tells_openings = entries.iter().any(|entry| entry.kind == Kind::Opening);
    let Some(began) = entries.first().map(|entry| entry.day).filter(|_| !tells_openings) else {
        return HashMap::new();
    };
    let day_of = |row: &Row| fields.get(row, "as_of").date();
    let rows = (material.rows)("parts_stock");
    let newest = rows.iter().filter_map(day_of).filter(|day| *day < began).max();
    let mut bases: HashMap<&str, Held> = HashMap::new();
    for row in rows.iter().filter(|row| newest.is_some() && day_of(row) == newest) {
        let get = |name: &str| fields.get(row, name);
        let Some((item, _)) = by_item.get_key_value(get("part_no").text()) else { continue };
        let value = cost(get("qty"), get("unit_cost")).int().unwrap_or(0);
        bases.entry(item).or_default().add(1, Held { qty: get("qty").int().unwrap_or(0), cost: value });
    }
    bases
}
