//! Comebacks with the order that they come back from: who did the work, what it was, how many days ago.

use std::collections::{BTreeSet, HashMap};

use super::{Fields, Material, OrderIndex, View, column, day, fen, text};
use crate::model::{ColumnKind, Fen, Row, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "comebacks", grain: "one row an order that is a comeback", columns, rows };

fn columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Key, Text};
    vec![
        column("order_no", Key, "返修单号", "Comeback order"),
        column("opened_on", Date, "返修日期", "Opened on"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户名称", "Customer"),
        column("advisor", Text, "服务顾问", "Advisor"),
        column("original_no", Key, "原委托单号", "Original order"),
        column("original_on", Date, "原进厂日期", "Original opened on"),
        column("days_between", Int, "间隔天数", "Days between"),
        column("original_advisor", Text, "原服务顾问", "Original advisor"),
        column("team", Text, "责任班组", "Team"),
        column("technician", Text, "主修技师", "Technicians"),
        column("operations", Text, "原项目", "Original work"),
        column("repair", Text, "返修项目", "Rework"),
        column("hours", ColumnKind::Hours, "返修工时", "Rework hours"),
        column("loss", Fen, "损失金额", "Loss"),
    ]
}

/// What the labour lines of an order say.
#[derive(Default)]
struct Work<'a> {
    technicians: BTreeSet<&'a str>,
    operations: Vec<&'a str>,
    hours: i64,
    amount: Fen,
}

fn rows(material: &Material<'_>) -> ViewRows {
    let orders = OrderIndex::new(material);
    let fields = Fields::of(material.tables, "repair_orders");
    let work = work(material, &orders);
    let nothing = Work::default();
    let of = |order: Option<&Row>| {
        let id = order.map_or("", |o| fields.get(o, "order_id").text());
        work.get(id).unwrap_or(&nothing)
    };
    let is_comeback =
        |row: &&Row| fields.get(row, "job_type").text() == "comeback" && fields.get(row, "status").text() != "void";
    let row = |order: &Row| {
        let get = |name: &str| fields.get(order, name).clone();
        let original = orders.find(get("comeback_of").text());
        let of_original = |name: &str| original.map_or(Value::Null, |o| fields.get(o, name).clone());
        let (opened, before) = (get("opened_at").date(), of_original("opened_at").date());
        let between = opened.zip(before).map(|(now, then)| now.signed_duration_since(then).num_days());
        let (own, former) = (of(Some(order)), of(original));
        vec![
            get("order_no"),
            day(opened),
            get("plate"),
            get("customer"),
            get("advisor"),
            original.map_or_else(|| get("comeback_of"), |o| fields.get(o, "order_no").clone()),
            day(before),
            between.map_or(Value::Null, Value::Int),
            of_original("advisor"),
            of_original("team"),
            text(former.technicians.iter().copied().collect::<Vec<_>>().join("、")),
            text(former.operations.join("、")),
            text(own.operations.join("、")),
            Value::Int(own.hours),
            fen(own.amount),
        ]
    };
    (material.rows)("repair_orders").iter().filter(is_comeback).map(row).collect()
}

/// Labour by order id: a line is many to one.
fn work<'a>(material: &Material<'a>, orders: &OrderIndex<'a>) -> HashMap<&'a str, Work<'a>> {
    let tables = material.tables;
    let place = |table: &str, name: &str| tables.get(table).and_then(|t| t.column(name));
    let mut work: HashMap<&str, Work<'_>> = HashMap::new();
    let Some(id_at) = place("repair_orders", "order_id") else { return work };
    for row in (material.rows)("labor_lines") {
        let get = |name: &str| place("labor_lines", name).map_or(&Value::Null, |at| &row.values[at]);
        let Some(order) = orders.find(get("order_id").text()) else { continue };
        let own = work.entry(order.values[id_at].text()).or_default();
        if !get("technician").is_null() {
            own.technicians.insert(get("technician").text());
        }
        if !get("op_name").is_null() {
            own.operations.push(get("op_name").text());
        }
        own.hours += get("actual_hours").int().unwrap_or(0);
        own.amount = own.amount + get("amount").fen();
    }
    work
}
