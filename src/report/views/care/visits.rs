//! Customer-pay visits: what churn is counted on.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::events::{Standing, standing};
use super::fleet::Fleet;
use crate::model::{ColumnKind, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::report::views::{
    Fields, Material, Orders, View, column, day, days_between, is_own_work, number, text, words_of, yes,
};
use crate::spec::tables::Tables;

pub const VIEW: View = View {
    id: "customer_visits",
    grain: "one row a settlement that stands, with something due from the customer, of a customer's car",
    columns,
    rows,
};

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Key, Text};
    vec![
        column("settlement_no", Key, "结算单号", "Settlement no."),
        column("order_no", Key, "委托单号", "Order no."),
        column("settled_on", Date, "来店日期", "Visit"),
        column("previous_on", Date, "上次来店", "Visit before"),
        column("next_on", Date, "下次来店", "Next visit"),
        column("visit_month", Text, "最后来店月份", "Month of last visit"),
        column("vehicle", Text, "车辆", "Vehicle"),
        column("vin", Key, "车架号", "VIN"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户名称", "Customer"),
        column("phone", Text, "联系电话", "Phone"),
        column("model", Text, "车型", "Model"),
        column("mileage_km", Int, "里程", "Mileage (km)"),
        column("advisor", Text, "服务顾问", "Advisor"),
        column("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
        column("customer_due", Fen, "客户应付", "Customer due"),
        column("days_away", Int, "未来店天数", "Days away"),
        column("won_back", Bool, "流失后回厂", "Won back"),
        column("is_new", Bool, "首次来店", "First visit"),
        column("club_member", Bool, "会员", "Club member"),
        column("tracked_on", Date, "跟踪日期", "Called on"),
        column("tracked", Text, "跟踪结果", "Call result"),
        column("reason", Text, "流失原因", "Reason"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let orders = Orders::of(material);
    let fleet = Fleet::of(material);
    let tracks = tracks(material);
    let visits: Vec<Standing<'_>> = standing(material, &orders)
        .into_iter()
        .filter(|s| is_visit(s, &orders) && !vehicle(s, &orders).is_empty())
        .collect();
    let (before, after) = neighbours(&visits, &orders);
    let row = |(at, visit): (usize, &Standing<'_>)| {
        let of_order = |name: &str| orders.known(visit.order, name);
        let (vin, plate) = (of_order("vin"), visit.settlement.plate.as_str());
        let file = fleet.find(vin.text(), plate);
        let phone = if of_order("phone").is_null() { text(fleet.text(file, "phone")) } else { of_order("phone") };
        let away = days_between(visit.on, material.as_of);
        let back = before[at].is_some_and(|previous| previous <= material.named.back("churn_window", visit.on));
        let track = tracks.get(vin.text()).or_else(|| tracks.get(plate)).filter(|t| t.on >= visit.on);
        let none = Text::new("未跟踪", "not called yet").get(material.lang);
        vec![
            text(visit.settlement.settlement_no.as_str()),
            text(visit.settlement.order_no.as_str()),
            day(Some(visit.on)),
            day(before[at]),
            day(after[at]),
            text(format!("{}-{:02}", visit.on.year(), visit.on.month())),
            text(vehicle(visit, &orders)),
            vin,
            text(plate),
            text(visit.settlement.customer.as_str()),
            phone,
            of_order("model"),
            of_order("mileage_km"),
            text(visit.settlement.advisor.as_str()),
            of_order("job_type"),
            Value::Int(visit.settlement.customer_due.0),
            number(after[at].is_none().then_some(away)),
            yes(back),
            yes(before[at].is_none()),
            yes(fleet.is_member(file)),
            day(track.map(|t| t.on)),
            text(track.map_or("", |t| t.result)),
            text(track.map_or(none, |t| t.reason)),
        ]
    };
    visits.iter().enumerate().map(row).collect()
}

fn is_visit(standing: &Standing<'_>, orders: &Orders<'_>) -> bool {
    let own = standing.order.is_some_and(|o| is_own_work(&orders.record(o).job_type));
    standing.settlement.customer_due.0 > 0 && !own
}

/// VIN of the order, or the plate.
fn vehicle<'a>(standing: &Standing<'a>, orders: &Orders<'a>) -> &'a str {
    let known = standing.order.map(|o| orders.vehicle(o)).filter(|v| !v.is_empty());
    known.unwrap_or(&standing.settlement.plate)
}

type Days = Vec<Option<NaiveDate>>;

/// The same vehicle's visit before and after each visit.
fn neighbours(visits: &[Standing<'_>], orders: &Orders<'_>) -> (Days, Days) {
    let mut oldest_first: Vec<usize> = (0..visits.len()).collect();
    oldest_first.sort_by_key(|at| (visits[*at].on, visits[*at].settlement.key()));
    let (mut before, mut after) = (vec![None; visits.len()], vec![None; visits.len()]);
    let mut last: HashMap<&str, usize> = HashMap::new();
    for at in oldest_first {
        if let Some(former) = last.insert(vehicle(&visits[at], orders), at) {
            before[at] = Some(visits[former].on);
            after[former] = Some(visits[at].on);
        }
    }
    (before, after)
}

/// What the last call to a lost customer said.
struct Track<'a> {
    on: NaiveDate,
    result: &'a str,
    reason: &'a str,
}

/// The last call to each vehicle of the register of lost customers, by VIN and by plate.
fn tracks<'a>(material: &Material<'a>) -> HashMap<&'a str, Track<'a>> {
    let fields = Fields::of(material.tables, "lost_customers");
    let mut found: HashMap<&str, Track<'_>> = HashMap::new();
    for row in (material.rows)("lost_customers") {
        let text = |name: &str| fields.get(row, name).text();
        let Some(on) = fields.get(row, "called_on").date() else { continue };
        for vehicle in [text("vin"), text("plate")].into_iter().filter(|v| !v.is_empty()) {
            if found.get(vehicle).is_none_or(|held| held.on <= on) {
                found.insert(vehicle, Track { on, result: text("result"), reason: text("reason") });
            }
        }
    }
    found
}
