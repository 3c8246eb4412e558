//! Complaint cases: where each stands as of the date.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::calls::second_call;
use super::events::of_labor;
use crate::model::{ColumnKind, Row, Text};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::report::views::{
    Fields, Material, Orders, View, days_between, joined, number, plain, table_and, text, words_of, yes,
};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "complaint_facts", grain: "one row a complaint case", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Int, Text};
    table_and(
        tables,
        "complaints",
        &[
            ("plate", Text, "车牌号", "Plate"),
            ("customer", Text, "客户名称", "Customer"),
            ("phone", Text, "联系电话", "Phone"),
            ("model", Text, "车型", "Model"),
            ("advisor", Text, "服务顾问", "Advisor"),
            ("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
            ("technicians", Text, "维修技师", "Technicians"),
            ("days_open", Int, "耗时(天)", "Days"),
            ("days_late", Int, "超期天数", "Days late"),
            ("is_closed", Bool, "已结案", "Closed"),
            ("is_overdue", Bool, "逾期", "Overdue"),
            ("needs_second_call", Bool, "待二次回访", "Second call due"),
            ("second_call", Text, "客户反映", "Customer says"),
            ("is_repeated", Bool, "重复投诉", "Complained before"),
            ("state", Text, "状态", "State"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("complaints") else { return Vec::new() };
    let (fields, lang) = (Fields(Some(table)), material.lang);
    let orders = Orders::of(material);
    let cases = (material.rows)("complaints");
    let order_of = |case: &Row| orders.find(fields.get(case, "order_no").text());
    let wanted: HashSet<usize> = cases.iter().filter_map(order_of).collect();
    let technicians = of_labor(material, &orders, "technician", &|order| wanted.contains(&order));
    let repeated = repeated(&fields, &orders, cases);
    let row = |(at, case): (usize, &Row)| {
        let order = order_of(case);
        let date = |name: &str| fields.get(case, name).date();
        let ok = fields.get(case, "second_visit_ok").int();
        let stand = Stand::new(date("opened_on"), date("due_on"), date("closed_on"), ok, material.as_of);
        let mut values = plain::values(table, case);
        values.extend(orders.values(order, &["plate", "customer", "phone", "model", "advisor", "job_type"]));
        let names = order.and_then(|o| technicians.get(&o));
        values.extend([
            text(names.map_or_else(String::new, |names| joined(names.iter().copied(), lang))),
            number(stand.days_open),
            number(stand.days_late),
            yes(stand.closed),
            yes(stand.overdue),
            yes(stand.closed && ok.is_none()),
            text(second_call(ok, stand.closed, material)),
            yes(repeated[at]),
            text(stand.state.get(lang)),
        ]);
        values
    };
    cases.iter().enumerate().map(row).collect()
}

/// Where a case stands.
struct Stand {
    closed: bool,
    days_open: Option<i64>,
    /// Days past the due date, closed or not; none while it is not past.
    days_late: Option<i64>,
    overdue: bool,
    state: Text,
}

impl Stand {
    fn new(
        opened: Option<NaiveDate>,
        due: Option<NaiveDate>,
        closed: Option<NaiveDate>,
        ok: Option<i64>,
        as_of: NaiveDate,
    ) -> Stand {
        let end = closed.unwrap_or(as_of);
        let late = due.map(|due| days_between(due, end)).filter(|days| *days > 0);
        let state = match (closed, ok, late, due == Some(as_of)) {
            (Some(_), Some(0), ..) => Text::new("已结案，客户不满意", "closed, not content"),
            (Some(_), _, Some(_), _) => Text::new("超期结案", "closed late"),
            (Some(_), ..) => Text::new("已结案", "closed"),
            (None, _, Some(_), _) => Text::new("逾期未结", "overdue"),
            (None, _, None, true) => Text::new("今日到期", "due today"),
            (None, ..) => Text::new("处理中", "in hand"),
        };
        Stand {
            closed: closed.is_some(),
            days_open: opened.map(|opened| days_between(opened, end)),
            days_late: late,
            overdue: closed.is_none() && late.is_some(),
            state,
        }
    }
}

/// Whether the vehicle had complained before: an earlier case, or one of the same day with a lower number.
fn repeated(fields: &Fields<'_>, orders: &Orders<'_>, cases: &[Row]) -> Vec<bool> {
    let key = |case: &Row| (fields.get(case, "opened_on").date(), fields.get(case, "case_no").text().to_owned());
    let vehicle = |case: &Row| orders.find(fields.get(case, "order_no").text()).map(|o| orders.vehicle(o));
    let mut first: HashMap<&str, (Option<NaiveDate>, String)> = HashMap::new();
    for (vehicle, key) in cases.iter().filter_map(|case| Some((vehicle(case)?, key(case)))) {
        let held = first.entry(vehicle).or_insert_with(|| key.clone());
        if key < *held {
            *held = key;
        }
    }
    cases.iter().map(|case| vehicle(case).is_some_and(|v| first[v] < key(case))).collect()
}
