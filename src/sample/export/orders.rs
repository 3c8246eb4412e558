//! The repair order export of a day: what was opened, completed, settled or voided on it, as it stands that evening.

use super::cell::{Cell, DateShape, Sheet};
use super::words::{self, by};
use crate::sample::events::{Order, Shop, Style};
use chrono::NaiveDate;
use std::collections::BTreeMap;

pub const FILE: [&str; 2] = ["维修委托书", "工单查询"];
pub const HEADINGS: [[&str; 16]; 2] = [
    [
        "委托单号",
        "进厂时间",
        "竣工时间",
        "预计交车",
        "车牌号",
        "车架号",
        "车型",
        "行驶里程",
        "客户名称",
        "联系电话",
        "服务顾问",
        "班组",
        "维修类型",
        "预约单号",
        "返修原单",
        "工单状态",
    ],
    [
        "工单号",
        "开单时间",
        "完工日期",
        "预交车时间",
        "牌照号",
        "底盘号",
        "车系",
        "进厂里程",
        "送修人",
        "手机",
        "服务顾问",
        "维修班组",
        "业务种类",
        "预约号",
        "原工单号",
        "状态",
    ],
];
/// The advisor's column, by which system A groups its printed pages.
const ADVISOR: usize = 10;

/// The rows of every day's export, as positions of orders.
pub fn by_day(shop: &Shop) -> BTreeMap<NaiveDate, Vec<usize>> {
    let mut days: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
    let mut add = |day: NaiveDate, at: usize| {
        if shop.orders[at].exported {
            days.entry(shop.export_day(day)).or_default().push(at);
        }
    };
    for (at, order) in shop.orders.iter().enumerate() {
        add(order.opened_at.date(), at);
        order.completed_at.into_iter().for_each(|moment| add(moment.date(), at));
        order.void_on.into_iter().for_each(|day| add(day, at));
    }
    for settlement in &shop.settlements {
        add(settlement.at.date(), settlement.order);
    }
    for orders in days.values_mut() {
        orders.sort_unstable();
        orders.dedup();
    }
    days
}

/// The sheet of one day; `shape` is needed where a defect prints a date that no calendar has.
pub fn sheet(shop: &Shop, day: NaiveDate, orders: &[usize], shape: DateShape) -> Sheet {
    let rows = orders.iter().map(|at| row(shop, *at, day, shape)).collect();
    let titles = by(shop.style, [Vec::new(), vec![format!("工单查询 {day}")]]);
    let headings = by(shop.style, HEADINGS).to_vec();
    Sheet { titles, headings, rows, group: ADVISOR, ..Sheet::default() }
}

fn row(shop: &Shop, at: usize, day: NaiveDate, shape: DateShape) -> Vec<Cell> {
    let order = &shop.orders[at];
    let vehicle = &shop.vehicles[order.vehicle];
    let completed_at = order.completed_at.filter(|moment| moment.date() <= day);
    let spoilt = |which: Option<usize>| shop.defects.day == Some(day) && which == Some(at);
    let completed = match completed_at {
        Some(_) if spoilt(shop.defects.impossible_date) => Cell::text(impossible(day, shape)),
        moment => Cell::time(moment),
    };
    let job = if spoilt(shop.defects.unknown_job) { "季节性检测" } else { words::job(shop.style, order.job) };
    let mileage = match shop.style {
        Style::A => Cell::text(grouped(order.mileage)),
        Style::B => Cell::Number(order.mileage, 0),
    };
    vec![
        Cell::text(&order.number),
        Cell::Time(order.opened_at),
        completed,
        Cell::Time(order.promised_at),
        Cell::text(&vehicle.plate),
        Cell::text(&vehicle.vin),
        Cell::text(vehicle.model),
        mileage,
        Cell::text(&vehicle.customer),
        Cell::text(&vehicle.phone),
        Cell::text(order.advisor),
        Cell::text(order.team),
        Cell::text(job),
        Cell::text(order.appointment.as_deref().unwrap_or_default()),
        Cell::text(order.comeback_of.as_deref().unwrap_or_default()),
        Cell::text(status(shop, order, at, day)),
    ]
}

/// The state of an order in the evening of a day.
fn status(shop: &Shop, order: &Order, at: usize, day: NaiveDate) -> &'static str {
    let until = |moment: chrono::NaiveDateTime| moment.date() <= day;
    let live: i32 = shop
        .settlements
        .iter()
        .filter(|one| one.order == at && until(one.at))
        .map(|one| if one.reverses.is_some() { -1 } else { 1 })
        .sum();
    if order.void_on.is_some_and(|void| void <= day) {
        "作废"
    } else if live > 0 {
        "已结算"
    } else if order.completed_at.is_some_and(until) {
        by(shop.style, ["竣工", "已竣工"])
    } else {
        by(shop.style, ["在修", "未竣工"])
    }
}

/// A moment on the 32nd of the month.
fn impossible(day: NaiveDate, shape: DateShape) -> String {
    day.format(if shape == DateShape::Slash { "%Y/%-m/32 15:10" } else { "%Y-%m-32 15:10" }).to_string()
}

/// 64,210
fn grouped(kilometres: i64) -> String {
    if kilometres < 1_000 {
        kilometres.to_string()
    } else {
        format!("{},{:03}", kilometres / 1_000, kilometres % 1_000)
    }
}
