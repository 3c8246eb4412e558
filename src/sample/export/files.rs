//! The customers' files: one row a car, as they stand in the evening of a day.

use super::cell::{Cell, Sheet};
use super::words::{by, yes};
use crate::sample::books::Contract;
use crate::sample::events::{FileState, Job, Shop, Vehicle};
use crate::sample::simulate::fleet::SERVICE_INTERVAL;
use crate::sample::simulate::months::months;
use chrono::{Duration, NaiveDate};
use std::collections::HashMap;

pub const FILE: [&str; 2] = ["客户车辆档案", "车主档案"];
pub const HEADINGS: [[&str; 11]; 2] = [
    [
        "车架号",
        "车牌号",
        "客户名称",
        "联系电话",
        "车型",
        "购车日期",
        "上次保养日期",
        "上次保养里程",
        "下次保养日期",
        "会员",
        "保险到期日",
    ],
    [
        "底盘号",
        "牌照号",
        "车主",
        "手机",
        "车系",
        "销售日期",
        "最近保养日期",
        "最近保养里程",
        "预计下次保养日期",
        "是否会员",
        "保险截止日期",
    ],
];

/// A number that nobody answers any more.
const OLD_PHONE: &str = "19900009999";

/// The evening before the first day and the end of every month.
pub fn days(shop: &Shop) -> Vec<NaiveDate> {
    let mut days = vec![shop.start - Duration::days(1)];
    days.extend(months(shop).iter().map(|month| month.last));
    days
}

/// Every file that there is in the evening of a day; a car sold gets one when it is delivered.
pub fn sheet(shop: &Shop, day: NaiveDate) -> Sheet {
    let services = services(shop, day);
    let known = shop.vehicles.iter().enumerate().filter(|(_, one)| one.file != FileState::Missing);
    let mut rows: Vec<Vec<Cell>> = known.map(|(at, one)| row(one, services.get(&at).copied())).collect();
    let delivered = shop.contracts.iter().filter(|one| one.delivered_on.is_some_and(|on| on <= day));
    rows.extend(delivered.map(row_of_new_car));
    Sheet { headings: by(shop.style, HEADINGS).to_vec(), rows, ..Sheet::default() }
}

/// The last service of every car that had one until a day: when, and at how many kilometres.
fn services(shop: &Shop, day: NaiveDate) -> HashMap<usize, (NaiveDate, i64)> {
    let mut last = HashMap::new();
    for order in shop.orders.iter().filter(|order| matches!(order.job, Job::Maintenance | Job::FirstService)) {
        if let Some(done) = order.completed_at.map(|at| at.date()).filter(|done| *done <= day) {
            last.insert(order.vehicle, (done, order.mileage));
        }
    }
    last
}

fn row(vehicle: &Vehicle, service: Option<(NaiveDate, i64)>) -> Vec<Cell> {
    let serviced_on = service.map(|one| one.0).or(vehicle.serviced_on);
    let mileage = match service {
        Some((_, mileage)) => Cell::Number(mileage, 0),
        None => vehicle.serviced_on.map_or(Cell::Empty, |_| Cell::Number(vehicle.first_mileage, 0)),
    };
    let due = serviced_on.unwrap_or(vehicle.sold_on) + Duration::days(SERVICE_INTERVAL);
    let old = vehicle.file == FileState::OldPhone;
    let phone = if old { OLD_PHONE } else { &vehicle.phone };
    let unless = |gap: FileState, text: &str| Cell::text(if vehicle.file == gap { "" } else { text });
    vec![
        Cell::text(&vehicle.vin),
        Cell::text(&vehicle.plate),
        Cell::text(&vehicle.customer),
        unless(FileState::NoPhone, phone),
        unless(FileState::NoModel, vehicle.model),
        Cell::Date(vehicle.sold_on),
        Cell::date(serviced_on),
        mileage,
        Cell::Date(due),
        Cell::text(yes(vehicle.member)),
        Cell::Date(vehicle.insured_until),
    ]
}

fn row_of_new_car(contract: &Contract) -> Vec<Cell> {
    let sold_on = contract.delivered_on.unwrap_or(contract.ordered_on);
    vec![
        Cell::text(&contract.vin),
        Cell::text(&contract.plate),
        Cell::text(&contract.customer),
        Cell::text(&contract.phone),
        Cell::text(contract.model),
        Cell::Date(sold_on),
        Cell::Empty,
        Cell::Empty,
        Cell::Date(sold_on + Duration::days(SERVICE_INTERVAL)),
        Cell::text(yes(contract.finance.0 > 0)),
        Cell::Date(sold_on + Duration::days(365)),
    ]
}
