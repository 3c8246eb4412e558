//! Calls: one row a call, and one row a call and department.

use std::collections::{HashMap, HashSet};

use super::events::{Call, calls, of_labor, settled_days, standing};
use super::fleet::Fleet;
use crate::model::{ColumnKind, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::report::views::{
    Fields, Material, Orders, View, column, day, joined, plain, table_and, text, words_of, yes,
};
use crate::spec::tables::Tables;

pub const CALLS: View = View { id: "call_facts", grain: "one row a call", columns, rows };

pub const SCORES: View = View {
    id: "call_scores",
    grain: "one row a call that reached the customer and a department with a score",
    columns: score_columns,
    rows: score_rows,
};

/// The departments that a call asks about: column of the score, name.
pub const DEPARTMENTS: [(&str, Text); 6] = [
    ("score_reception", Text::new("接待", "Reception")),
    ("score_repair", Text::new("维修质量", "Repair quality")),
    ("score_price", Text::new("配件价格", "Parts price")),
    ("score_waiting", Text::new("等待时间", "Waiting time")),
    ("score_checkout", Text::new("结算", "Checkout")),
    ("score_cleanliness", Text::new("清洁", "Cleanliness")),
];

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Key, Text};
    table_and(
        tables,
        "callbacks",
        &[
            ("order_key", Key, "委托单", "Order"),
            ("advisor", Text, "服务顾问", "Advisor"),
            ("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
            ("team", Text, "班组", "Team"),
            ("model", Text, "车型", "Model"),
            ("phone", Text, "联系电话", "Phone"),
            ("settled_on", Date, "结算日期", "Settled on"),
            ("is_problem", Bool, "有问题", "Problem"),
            ("low", Text, "不满意项", "Not satisfied with"),
            ("technicians", Text, "维修技师", "Technicians"),
            ("case_nos", Text, "投诉单号", "Case no."),
            ("handled", Text, "处理情况", "What was done"),
            ("handled_by", Text, "处理人", "By whom"),
            ("closed_on", Date, "关闭日期", "Closed on"),
            ("second_visit", Text, "二次回访", "Second call"),
            ("club_member", Bool, "会员", "Club member"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("callbacks") else { return Vec::new() };
    let (fields, lang) = (Fields(Some(table)), material.lang);
    let orders = Orders::of(material);
    let settled = settled_days(&standing(material, &orders));
    let calls = calls(material, &orders);
    let cases = cases_of(material, &orders, &calls);
    let fleet = Fleet::of(material);
    let is_member = |call: &Call<'_>| {
        let vin = call.order.map_or("", |o| orders.record(o).vin.as_str());
        fleet.is_member(fleet.find(vin, fields.get(call.row, "plate").text()))
    };
    let content = material.named.number("satisfied_from");
    let low: Vec<Option<String>> = calls.iter().map(|c| low_of(&fields, c, content, material)).collect();
    let is_problem = |at: usize| calls[at].reached && (low[at].is_some() || cases[at].is_some());
    let wanted: HashSet<usize> =
        (0..calls.len()).filter(|at| is_problem(*at)).filter_map(|at| calls[at].order).collect();
    let technicians = of_labor(material, &orders, "technician", &|order| wanted.contains(&order));
    let row = |(at, call): (usize, &Call<'_>)| {
        let settled_on = call.order.and_then(|o| settled.get(&o).copied()).filter(|day| *day <= call.on);
        let team = call.order.filter(|_| is_problem(at)).and_then(|o| technicians.get(&o));
        let mut values = plain::values(table, call.row);
        values.push(call.order.map_or(text(call.reference), |o| text(orders.record(o).order_id.as_str())));
        values.extend(orders.values(call.order, &["advisor", "job_type", "team", "model", "phone"]));
        values.extend([
            day(settled_on),
            yes(is_problem(at)),
            text(low[at].clone().unwrap_or_default()),
            text(team.map_or_else(String::new, |names| joined(names.iter().copied(), lang))),
        ]);
        match &cases[at] {
            Some(case) => values.extend(case.clone()),
            None => values.extend(std::iter::repeat_n(Value::Null, CASE_COLUMNS)),
        }
        values.push(yes(is_member(call)));
        values
    };
    calls.iter().enumerate().map(row).collect()
}

/// What did not content: departments below the mark, or the whole; `None` where nothing was below it.
fn low_of(fields: &Fields<'_>, call: &Call<'_>, content: i64, material: &Material<'_>) -> Option<String> {
    let is_low = |name: &str| call.reached && fields.get(call.row, name).int().is_some_and(|score| score < content);
    let named = DEPARTMENTS.iter().filter(|(name, _)| is_low(name)).map(|(_, words)| words.get(material.lang));
    let words = joined(named, material.lang);
    let whole = is_low("score_overall").then(|| Text::new("总体", "Overall").get(material.lang).to_owned());
    if words.is_empty() { whole } else { Some(words) }
}

/// Columns of a call that its cases fill.
const CASE_COLUMNS: usize = 5;

/// The cases that each call led to: those of its order opened on its day or later, before the order's next call.
fn cases_of(material: &Material<'_>, orders: &Orders<'_>, calls: &[Call<'_>]) -> Vec<Option<Vec<Value>>> {
    let fields = Fields::of(material.tables, "complaints");
    let mut by_order: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, order) in calls.iter().enumerate().filter_map(|(at, call)| Some((at, call.order?))) {
        by_order.entry(order).or_default().push(at);
    }
    let mut led_to: Vec<Vec<&crate::model::Row>> = calls.iter().map(|_| Vec::new()).collect();
    for case in (material.rows)("complaints") {
        let order = orders.find(fields.get(case, "order_no").text());
        let (Some(order), Some(opened)) = (order, fields.get(case, "opened_on").date()) else { continue };
        let before = by_order.get(&order).into_iter().flatten().filter(|at| calls[**at].on <= opened);
        if let Some(call) = before.max_by_key(|at| calls[**at].on) {
            led_to[*call].push(case);
        }
    }
    let values = |cases: &Vec<&crate::model::Row>| {
        let all = |name: &str| text(joined(cases.iter().map(|c| fields.get(c, name).text()), material.lang));
        let closed = cases.iter().map(|c| fields.get(c, "closed_on").date()).max().flatten();
        let second = cases.iter().filter_map(|c| fields.get(c, "second_visit_ok").int()).min();
        let state = match closed {
            Some(_) => all("result"),
            None => text(Text::new("处理中", "in hand").get(material.lang)),
        };
        vec![all("case_no"), state, all("owner"), day(closed), text(second_call(second, closed.is_some(), material))]
    };
    led_to.iter().map(|cases| (!cases.is_empty()).then(|| values(cases))).collect()
}

/// What the second call heard.
pub fn second_call(ok: Option<i64>, closed: bool, material: &Material<'_>) -> &'static str {
    let word = match (ok, closed) {
        (Some(1), _) => Text::new("满意", "content"),
        (Some(_), _) => Text::new("不满意", "not content"),
        (None, true) => Text::new("待回访", "to be called"),
        (None, false) => return "",
    };
    word.get(material.lang)
}

fn score_columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Int, Key, Text};
    vec![
        column("order_no", Key, "委托单号", "Order no."),
        column("called_on", Date, "回访日期", "Called on"),
        column("department", Text, "部门", "Department"),
        column("advisor", Text, "服务顾问", "Advisor"),
        column("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
        column("score", Int, "评分", "Score"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户名称", "Customer"),
        column("comment", Text, "客户意见", "Comment"),
    ]
}

fn score_rows(material: &Material<'_>) -> ViewRows {
    let fields = Fields::of(material.tables, "callbacks");
    let orders = Orders::of(material);
    let mut rows = ViewRows::new();
    for call in calls(material, &orders).iter().filter(|call| call.reached) {
        let of_order = orders.values(call.order, &["advisor", "job_type"]);
        for (name, words) in DEPARTMENTS {
            let score = fields.get(call.row, name);
            if score.is_null() {
                continue;
            }
            let mut row = vec![text(call.reference), day(Some(call.on)), text(words.get(material.lang))];
            row.extend(of_order.iter().cloned());
            row.push(score.clone());
            row.extend(["plate", "customer", "comment"].map(|name| fields.get(call.row, name).clone()));
            rows.push(row);
        }
    }
    rows
}
