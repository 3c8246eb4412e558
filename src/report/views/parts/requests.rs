//! What orders asked of the store: request by request, and order by order.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::super::{
    Fields, Material, Orders, View, column, day, days_between, facts, number, plain, table_and, text, words_of, yes,
};
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const REQUESTS: View = View {
    id: "request_facts",
    grain: "one row an order and part that it asked for",
    columns: request_columns,
    rows: request_rows,
};

pub const ORDERS: View = View {
    id: "request_orders",
    grain: "one row an order that needed parts",
    columns: order_columns,
    rows: order_rows,
};

fn request_columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Int, Micro, Text};
    table_and(
        tables,
        "parts_requests",
        &[
            ("part_name", Text, "配件名称", "Part name"),
            ("category", words_of(tables, "parts_stock", "category"), "类别", "Category"),
            ("plate", Text, "车牌号", "Plate"),
            ("advisor", Text, "服务顾问", "Advisor"),
            ("short_at_once", Micro, "缺件数量", "Short at once"),
            ("is_short", Bool, "缺件", "Short"),
            ("issued", Micro, "已出库", "Issued"),
            ("waiting", Micro, "待发数量", "Waiting"),
            ("on_hand", Micro, "现有库存", "On hand"),
            ("on_order", Micro, "在途", "On order"),
            ("days_waiting", Int, "等待(天)", "Waiting (days)"),
            ("state", Text, "状态", "State"),
        ],
    )
}

/// One request with what came of it.
pub struct Request<'a> {
    row: &'a Row,
    order: Option<usize>,
    pub part_no: &'a str,
    pub order_no: &'a str,
    on: Option<NaiveDate>,
    asked: i64,
    /// Filled at once; `None` = the export does not say.
    filled: Option<i64>,
    issued: i64,
    /// Still owed to an open order, in millionths.
    pub waiting: i64,
}

/// Every request, in order of the table.
pub fn requests<'a>(material: &Material<'a>) -> Vec<Request<'a>> {
    let fields = Fields::of(material.tables, "parts_requests");
    let orders = Orders::of(material);
    let issued = issued(material, &orders);
    let settlements = &facts(material).settlements;
    let settled: HashSet<&str> = settlements.iter().flat_map(|s| [s.order_id.as_str(), &s.order_no]).collect();
    let mut requests = Vec::new();
    for row in (material.rows)("parts_requests") {
        let get = |name: &str| fields.get(row, name);
        let (order_no, part_no) = (get("order_no").text(), get("part_no").text());
        let order = orders.find(order_no);
        let id = order.map_or(order_no, |order| orders.key(order));
        let issued = issued.get(&(id, part_no)).copied().unwrap_or(0);
        let (asked, filled) = (get("requested_qty").int().unwrap_or(0), get("filled_at_once_qty").int());
        let is_open = order.is_some_and(|order| is_open(&orders, order)) && !settled.contains(id);
        let waiting = if is_open { (asked - issued.max(filled.unwrap_or(0))).max(0) } else { 0 };
        let on = get("requested_at").date();
        requests.push(Request { row, order, part_no, order_no, on, asked, filled, issued, waiting });
    }
    requests
}

/// Live and not completed.
fn is_open(orders: &Orders<'_>, order: usize) -> bool {
    orders.record(order).is_live() && orders.value(order, "completed_at").is_null()
}

/// Quantity issued, by order and part.
fn issued<'a>(material: &Material<'a>, orders: &Orders<'a>) -> HashMap<(&'a str, &'a str), i64> {
    let mut issued: HashMap<(&str, &str), i64> = HashMap::new();
    if (material.rows)("parts_requests").is_empty() {
        return issued;
    }
    for line in &facts(material).part_lines {
        let id = orders.find(&line.order_id).map_or(line.order_id.as_str(), |order| orders.key(order));
        *issued.entry((id, &line.part_no)).or_insert(0) += line.qty.unwrap_or(0);
    }
    issued
}

fn request_rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("parts_requests") else { return Vec::new() };
    let orders = Orders::of(material);
    let store = material.store();
    let held = |part_no: &str| {
        let part = store.parts.get(part_no)?;
        Some((store.held(part, material.as_of)?.1.qty, part.on_order))
    };
    let row = |request: &Request<'_>| {
        let of_order = |name: &str| orders.known(request.order, name);
        let short = request.filled.map(|filled| (request.asked - filled).max(0));
        let (on_hand, on_order) = held(request.part_no).unzip();
        let waited = request.on.map(|on| days_between(on, material.as_of));
        let state = match (request.waiting > 0, on_hand.is_some_and(|held| held >= request.waiting), short) {
            (true, true, _) => Text::new("已到货，待发料", "here, to be issued"),
            (true, false, _) => Text::new("缺料", "short"),
            (false, _, Some(1..)) => Text::new("已补足", "supplied later"),
            (false, _, _) => Text::new("已满足", "supplied"),
        };
        let mut values = plain::values(table, request.row);
        values.extend(store.names(request.part_no));
        values.extend([
            of_order("plate"),
            of_order("advisor"),
            number(short),
            yes(short.is_some_and(|short| short > 0)),
            Value::Int(request.issued),
            Value::Int(request.waiting),
            number(on_hand),
            number(on_order),
            number(waited.filter(|_| request.waiting > 0)),
            text(state.get(material.lang)),
        ]);
        values
    };
    requests(material).iter().map(row).collect()
}

fn order_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Int, Key, Micro, Text};
    vec![
        column("order_no", Key, "委托单号", "Order no."),
        column("plate", Text, "车牌号", "Plate"),
        column("advisor", Text, "服务顾问", "Advisor"),
        column("requested_on", Date, "首次需求日期", "First asked on"),
        column("parts", Int, "需求项数", "Parts asked for"),
        column("requested", Micro, "需求数量", "Requested"),
        column("filled", Micro, "即时满足数量", "Filled at once"),
        column("is_known", Bool, "满足数量已知", "Known"),
        column("is_whole", Bool, "一次配齐", "Supplied at once"),
    ]
}

fn order_rows(material: &Material<'_>) -> ViewRows {
    let orders = Orders::of(material);
    let requests = requests(material);
    let mut by_order: BTreeMap<&str, Vec<&Request<'_>>> = BTreeMap::new();
    for request in &requests {
        by_order.entry(request.order_no).or_default().push(request);
    }
    let row = |(order_no, requests): (&str, Vec<&Request<'_>>)| {
        let order = requests.iter().find_map(|r| r.order);
        let of_order = |name: &str| orders.known(order, name);
        let is_short = |r: &&Request<'_>| r.filled.is_some_and(|filled| filled < r.asked);
        let is_known = requests.iter().all(|r| r.filled.is_some());
        vec![
            text(order_no),
            of_order("plate"),
            of_order("advisor"),
            day(requests.iter().filter_map(|r| r.on).min()),
            Value::Int(i64::try_from(requests.len()).unwrap_or(i64::MAX)),
            Value::Int(requests.iter().map(|r| r.asked).sum()),
            Value::Int(requests.iter().filter_map(|r| r.filled).sum()),
            yes(is_known),
            yes(is_known && !requests.iter().any(is_short)),
        ]
    };
    by_order.into_iter().map(row).collect()
}
