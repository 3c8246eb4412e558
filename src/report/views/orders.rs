//! Repair orders: one row an order.

use std::collections::HashMap;

use chrono::Timelike;

use super::{
    Fields, Material, Orders, View, cost, day, days_between, facts, fen, number, plain, settled_days, table_and, text,
    vehicle, yes,
};
use crate::model::{ColumnKind, Fen, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "orders", grain: "one row an order", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Text};
    table_and(
        tables,
        "repair_orders",
        &[
            ("vehicle", Text, "车辆", "Vehicle"),
            ("is_live", Bool, "有效", "Live"),
            ("has_appointment", Bool, "有预约", "Appointed"),
            ("on_time", Bool, "准时竣工", "On time"),
            ("settled_on", Date, "结算日期", "Settled on"),
            ("in_shop", Bool, "在厂", "In the shop"),
            ("overdue", Bool, "超时", "Overdue"),
            ("days_in_shop", Int, "在厂天数", "Days in shop"),
            ("state", Text, "当前状态", "State"),
            ("opened_hour", Text, "进厂时点", "Hour of arrival"),
            ("labor_value", Fen, "工时金额", "Labour so far"),
            ("parts_value", Fen, "已领料金额", "Parts issued"),
            ("parts_cost", Fen, "已领料成本", "Cost of parts issued"),
            ("value", Fen, "预计金额", "Value so far"),
            ("as_of", Date, "盘点日期", "Counted on"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("repair_orders") else { return Vec::new() };
    let fields = Fields(Some(table));
    let mut settled = settled_days(material);
    for (id, on) in settled_before(material) {
        settled.entry(id).or_insert(on);
    }
    let sums = crate::reconcile::line_sums(facts(material));
    let costs = costs(material);
    let with_state = |row: &crate::model::Row| {
        let get = |name: &str| fields.get(row, name);
        let live = get("status").text() != "void";
        let (opened, promised, completed) = (get("opened_at"), get("promised_at"), get("completed_at"));
        let settled_on = settled.get(get("order_id").text()).copied();
        let in_shop = live && settled_on.is_none();
        let late = completed.is_null() && promised.date().is_some_and(|d| d <= material.as_of);
        let on_time = promised.time().zip(completed.time()).map_or(Value::Null, |(p, c)| yes(c <= p));
        let days = number(opened.date().map(|opened| days_between(opened, material.as_of)));
        let id = get("order_id").text();
        let (labor, parts) = sums.get(id).map_or((Fen::ZERO, Fen::ZERO), |sum| (sum.labor, sum.parts));
        let cost = costs.get(id).copied().unwrap_or(Fen::ZERO);
        let mut values = plain::values(table, row);
        values.extend([
            vehicle(get("vin"), get("plate")),
            yes(live),
            yes(!get("appointment_no").text().is_empty()),
            on_time,
            day(settled_on),
            yes(in_shop),
            yes(in_shop && late),
            days,
            text(state(material.lang, live, settled_on.is_some(), !completed.is_null(), late)),
            opened.time().map_or(Value::Null, |t| text(format!("{:02}:00", t.hour()))),
            fen(labor),
            fen(parts),
            fen(cost),
            fen(labor + parts),
            Value::Date(material.as_of),
        ]);
        values
    };
    (material.rows)("repair_orders").iter().map(with_state).collect()
}

/// Orders that were settled before the shop began, by id: an opening due stands on them.
fn settled_before<'a>(material: &Material<'a>) -> Vec<(&'a str, chrono::NaiveDate)> {
    let orders = Orders::of(material);
    let of = |opening: &'a crate::model::records::Opening| {
        Some((orders.key(orders.find(&opening.order_no)?), opening.owed_since()?))
    };
    facts(material).openings.iter().filter_map(of).collect()
}

/// Cost of the parts issued to each order, by its id; a line is many to one.
fn costs<'a>(material: &Material<'a>) -> HashMap<&'a str, Fen> {
    let orders = Orders::of(material);
    let fields = Fields::of(material.tables, "part_lines");
    let mut costs: HashMap<&str, Fen> = HashMap::new();
    for row in (material.rows)("part_lines") {
        let Some(order) = orders.find(fields.get(row, "order_id").text()) else { continue };
        let sum = costs.entry(orders.key(order)).or_default();
        *sum += cost(fields.get(row, "qty"), fields.get(row, "unit_cost")).fen();
    }
    costs
}

/// Where an order stands as of the date, from its events alone.
fn state(lang: crate::model::Lang, live: bool, settled: bool, completed: bool, late: bool) -> &'static str {
    let word = match (live, settled, completed, late) {
        (false, ..) => crate::model::Text::new("作废", "Void"),
        (_, true, ..) => crate::model::Text::new("已结算", "Settled"),
        (_, _, true, _) => crate::model::Text::new("竣工未结算", "Completed, not settled"),
        (_, _, _, true) => crate::model::Text::new("超时未竣工", "Overdue"),
        _ => crate::model::Text::new("在修", "Open"),
    };
    word.get(lang)
}
