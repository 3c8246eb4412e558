//! Comebacks with the order that they come back from: who did the work, what it was, how many days ago.

use std::collections::{BTreeSet, HashMap};

use super::{Fields, Material, Orders, View, column, day, days_between, fen, joined, number, text};
use crate::model::{ColumnKind, Fen, Value};
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
    let orders = Orders::of(material);
    let work = work(material, &orders);
    let nothing = Work::default();
    let of = |order: Option<usize>| order.and_then(|at| work.get(&at)).unwrap_or(&nothing);
    let is_comeback = |at: &usize| orders.record(*at).is_live() && orders.record(*at).job_type == "comeback";
    let row = |at: usize| {
        let get = |name: &str| orders.value(at, name).clone();
        let original = orders.find(orders.text(at, "comeback_of"));
        let of_original = |name: &str| orders.known(original, name);
        let (opened, before) = (orders.opened_on(at), original.and_then(|original| orders.opened_on(original)));
        let (own, former) = (of(Some(at)), of(original));
        let words = |words: &[&str]| text(joined(words.iter().copied(), material.lang));
        let technicians: Vec<&str> = former.technicians.iter().copied().collect();
        vec![
            get("order_no"),
            day(opened),
            get("plate"),
            get("customer"),
            get("advisor"),
            if original.is_some() { of_original("order_no") } else { get("comeback_of") },
            day(before),
            number(opened.zip(before).map(|(now, then)| days_between(then, now))),
            of_original("advisor"),
            of_original("team"),
            words(&technicians),
            words(&former.operations),
            words(&own.operations),
            Value::Int(own.hours),
            fen(own.amount),
        ]
    };
    orders.places().filter(is_comeback).map(row).collect()
}

/// Labour by order: a line is many to one.
fn work<'a>(material: &Material<'a>, orders: &Orders<'a>) -> HashMap<usize, Work<'a>> {
    let fields = Fields::of(material.tables, "labor_lines");
    let mut work: HashMap<usize, Work<'_>> = HashMap::new();
    for row in (material.rows)("labor_lines") {
        let get = |name: &str| fields.get(row, name);
        let Some(order) = orders.find(get("order_id").text()) else { continue };
        let own = work.entry(order).or_default();
        if !get("technician").is_null() {
            own.technicians.insert(get("technician").text());
        }
        own.operations.push(get("op_name").text());
        own.hours += get("actual_hours").int().unwrap_or(0);
        own.amount += get("amount").fen();
    }
    work
}
