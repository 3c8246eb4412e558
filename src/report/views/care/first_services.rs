//! First services: the register of those done, and the cars sold with the day on which theirs falls due.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::events::{settled_days, standing};
use super::fleet::{Delivery, Fleet, deliveries};
use super::later;
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::report::views::{Fields, Material, Orders, View, column, day, days_between, facts, number, text, yes};
use crate::spec::tables::Tables;

pub const REGISTER: View = View {
    id: "first_services",
    grain: "one row a first-service order that is not void",
    columns: register_columns,
    rows: register_rows,
};

pub const SOLD: View = View {
    id: "sold_cars",
    grain: "one row a car handed over, or with a purchase date in its file",
    columns: sold_columns,
    rows: sold_rows,
};

fn register_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Int, Key, Text};
    vec![
        column("order_no", Key, "首保单号", "Order no."),
        column("opened_on", Date, "首保日期", "First service on"),
        column("settled_on", Date, "结算日期", "Settled on"),
        column("vin", Key, "车架号", "VIN"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户名称", "Customer"),
        column("phone", Text, "联系电话", "Phone"),
        column("model", Text, "车型", "Model"),
        column("sold_on", Date, "购车日期", "Sold on"),
        column("days_since_sale", Int, "购车后天数", "Days since sale"),
        column("mileage_km", Int, "里程", "Mileage (km)"),
        column("is_overdue", Bool, "是否超期", "Overdue"),
        column("overdue", Text, "超期情况", "Overdue by"),
        column("advisor", Text, "服务顾问", "Advisor"),
        column("claim_no", Key, "索赔单号", "Claim no."),
    ]
}

fn register_rows(material: &Material<'_>) -> ViewRows {
    let orders = Orders::of(material);
    let fleet = Fleet::of(material);
    let sold = deliveries(material);
    let settled = settled_days(&standing(material, &orders));
    let claims: HashMap<&str, &str> =
        facts(material).claims.iter().rev().map(|c| (c.order_no.as_str(), c.claim_no.as_str())).collect();
    let row = |at: usize| {
        let order = orders.record(at);
        let file = fleet.find(&order.vin, &order.plate);
        let sold_on = sold.get(order.vin.as_str()).map(|d| d.on).or_else(|| fleet.date(file, "sold_on"));
        let days = sold_on.zip(orders.opened_on(at)).map(|(sold, opened)| days_between(sold, opened));
        let km = orders.value(at, "mileage_km").int();
        let (over_days, over_km) = over(material, days, km);
        vec![
            text(order.order_no.as_str()),
            day(orders.opened_on(at)),
            day(settled.get(&at).copied()),
            text(order.vin.as_str()),
            text(order.plate.as_str()),
            text(order.customer.as_str()),
            orders.value(at, "phone").clone(),
            orders.value(at, "model").clone(),
            day(sold_on),
            number(days),
            number(km),
            either(over_days, over_km),
            text(overdue_words(material, over_days, over_km)),
            text(order.advisor.as_str()),
            text(claims.get(order.order_no.as_str()).copied().unwrap_or_default()),
        ]
    };
    orders.places().filter(|at| is_first_service(&orders, *at)).map(row).collect()
}

fn is_first_service(orders: &Orders<'_>, at: usize) -> bool {
    orders.record(at).is_live() && orders.record(at).job_type == "first_service"
}

/// Days and kilometres beyond the maker's terms; not known where the day or the mileage is not.
fn over(material: &Material<'_>, days: Option<i64>, km: Option<i64>) -> (Option<i64>, Option<i64>) {
    let beyond = |value: Option<i64>, id: &str| value.map(|v| v - material.named.number(id));
    (beyond(days, "first_service_days"), beyond(km, "first_service_km"))
}

/// Overdue by one of the terms; in time only where both are known to hold.
fn either(over_days: Option<i64>, over_km: Option<i64>) -> Value {
    let over = |value: Option<i64>| value.is_some_and(|v| v > 0);
    match (over(over_days) || over(over_km), over_days.is_some() && over_km.is_some()) {
        (true, _) => yes(true),
        (false, true) => yes(false),
        (false, false) => Value::Null,
    }
}

fn overdue_words(material: &Material<'_>, over_days: Option<i64>, over_km: Option<i64>) -> String {
    let lang = material.lang;
    let mut words = Vec::new();
    match over_days {
        Some(days) if days > 0 => words.push(Text::new("超期{0}天", "{0} days").fill(lang, &[&days.to_string()])),
        Some(_) => {}
        None => words.push(Text::new("购车日期不详", "sale date not known").get(lang).to_owned()),
    }
    match over_km {
        Some(km) if km > 0 => words.push(Text::new("超{0}公里", "{0} km").fill(lang, &[&km.to_string()])),
        Some(_) => {}
        None => words.push(Text::new("里程不详", "mileage not known").get(lang).to_owned()),
    }
    words.join(Text::new("，", ", ").get(lang))
}

fn sold_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Int, Key, Text};
    vec![
        column("vin", Key, "车架号", "VIN"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户名称", "Customer"),
        column("phone", Text, "联系电话", "Phone"),
        column("model", Text, "车型", "Model"),
        column("contract_no", Key, "合同号", "Contract no."),
        column("salesperson", Text, "销售顾问", "Salesperson"),
        column("sold_on", Date, "交车日期", "Delivered on"),
        column("sold_here", Bool, "本店销售", "Sold here"),
        column("due_on", Date, "应首保日期", "First service due"),
        column("due_km", Int, "应首保里程", "Due at (km)"),
        column("days_left", Int, "距到期天数", "Days left"),
        column("done_on", Date, "首保日期", "First service on"),
        column("last_visit_on", Date, "最近来店", "Last visit"),
        column("state", Text, "首保状态", "State"),
        column("club_member", Bool, "会员", "Club member"),
    ]
}

fn sold_rows(material: &Material<'_>) -> ViewRows {
    let lang = material.lang;
    let row = |car: SoldCar<'_>| {
        let state = match (car.is_done, car.done_on) {
            (true, Some(on)) if on > car.due_on => Text::new("超期完成", "done late"),
            (true, _) => Text::new("已首保", "done"),
            (false, _) if car.due_on < material.as_of => Text::new("到期未做", "overdue"),
            (false, _) => Text::new("未到期", "not due yet"),
        };
        vec![
            text(car.vin),
            text(car.plate),
            text(car.customer),
            text(car.phone),
            text(car.model),
            text(car.delivery.map_or("", |d| d.contract_no)),
            text(car.delivery.map_or("", |d| d.salesperson)),
            day(Some(car.sold_on)),
            yes(car.delivery.is_some()),
            day(Some(car.due_on)),
            Value::Int(material.named.number("first_service_km")),
            Value::Int(days_between(material.as_of, car.due_on)),
            day(car.done_on),
            day(car.last_visit_on),
            text(state.get(lang)),
            yes(car.is_member),
        ]
    };
    sold_cars(material, &Orders::of(material), &Fleet::of(material)).into_iter().map(row).collect()
}

/// A car sold, and its first service.
pub struct SoldCar<'a> {
    pub vin: &'a str,
    pub plate: &'a str,
    pub customer: &'a str,
    pub phone: &'a str,
    pub model: &'a str,
    pub sold_on: NaiveDate,
    pub due_on: NaiveDate,
    /// The shop's own contract, where it sold the car.
    pub delivery: Option<Delivery<'a>>,
    /// Whether a first service was done.
    pub is_done: bool,
    pub done_on: Option<NaiveDate>,
    pub last_visit_on: Option<NaiveDate>,
    pub is_member: bool,
}

/// Cars handed over by the shop, and those whose file has a purchase date; by VIN.
pub fn sold_cars<'a>(material: &Material<'a>, orders: &Orders<'a>, fleet: &Fleet<'a>) -> Vec<SoldCar<'a>> {
    let visits = orders.by_vehicle();
    let mut cars: BTreeMap<&str, (Option<Delivery<'_>>, Option<&Row>)> = BTreeMap::new();
    let files = Fields::of(material.tables, "vehicles");
    for file in (material.rows)("vehicles") {
        let vin: &'a str = fleet.text(Some(file), "vin");
        if files.get(file, "sold_on").date().is_some() && !vin.is_empty() {
            cars.insert(vin, (None, Some(file)));
        }
    }
    for (vin, delivery) in deliveries(material) {
        cars.insert(vin, (Some(delivery), fleet.find(vin, "")));
    }
    let days = material.named.number("first_service_days");
    let car = |(vin, (delivery, file)): (&'a str, (Option<Delivery<'a>>, Option<&'a Row>))| {
        let sold_on = delivery.map(|d| d.on).or_else(|| fleet.date(file, "sold_on"))?;
        let places = visits.get(vin).map(Vec::as_slice).unwrap_or_default();
        let done = places.iter().copied().find(|at| is_first_service(orders, *at));
        let last = places.last().copied();
        let of_last = |name: &str| last.map_or("", |at| orders.text(at, name));
        let known = |of_file: &'a str, else_: &'a str| if of_file.is_empty() { else_ } else { of_file };
        Some(SoldCar {
            vin,
            plate: known(fleet.text(file, "plate"), of_last("plate")),
            customer: known(fleet.text(file, "customer"), delivery.map_or("", |d| d.customer)),
            phone: known(fleet.text(file, "phone"), of_last("phone")),
            model: known(fleet.text(file, "model"), delivery.map_or("", |d| d.model)),
            sold_on,
            due_on: later(sold_on, days),
            delivery,
            is_done: done.is_some(),
            done_on: done.and_then(|at| orders.opened_on(at)),
            last_visit_on: last.and_then(|at| orders.opened_on(at)),
            is_member: fleet.is_member(file),
        })
    };
    cars.into_iter().filter_map(car).collect()
}
