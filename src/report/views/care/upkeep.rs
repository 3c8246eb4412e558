//! Periodic maintenance: when each vehicle is expected again.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::fleet::Fleet;
use super::later;
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::report::views::{Fields, Material, Orders, View, column, day, days_between, number, text, yes};
use crate::spec::tables::Tables;

pub const VIEW: View =
    View { id: "maintenance_due", grain: "one row a vehicle whose next maintenance can be foreseen", columns, rows };

fn columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Int, Key, Text};
    vec![
        column("vin", Key, "车架号", "VIN"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户名称", "Customer"),
        column("phone", Text, "联系电话", "Phone"),
        column("model", Text, "车型", "Model"),
        column("advisor", Text, "服务顾问", "Advisor"),
        column("club_member", Bool, "会员", "Club member"),
        column("last_on", Date, "上次保养日期", "Last service"),
        column("last_km", Int, "上次保养里程", "Last service (km)"),
        column("daily_km", Int, "日均里程", "Km a day"),
        column("expected_on", Date, "预计下次保养日期", "Expected on"),
        column("expected_km", Int, "预计下次保养里程", "Expected at (km)"),
        column("basis", Text, "预计依据", "Basis"),
        column("letter_on", Date, "邀请信日期", "Letter on"),
        column("remind_on", Date, "电话提醒日期", "Call on"),
        column("days_left", Int, "距预计天数", "Days left"),
        column("booked_on", Date, "已预约", "Booked"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let row = |u: Upkeep<'_>| {
        vec![
            text(u.vin),
            text(u.plate),
            text(u.customer),
            text(u.phone),
            text(u.model),
            text(u.advisor),
            yes(u.is_member),
            day(u.last_on),
            number(u.last_km),
            number(u.daily_km),
            day(Some(u.expected_on)),
            number(u.last_km.map(|km| km + material.named.number("maintenance_km"))),
            text(u.basis.get(material.lang)),
            day(Some(u.letter_on(material))),
            day(Some(u.remind_on(material))),
            Value::Int(days_between(material.as_of, u.expected_on)),
            day(u.booked_on),
        ]
    };
    upkeep(material, &Orders::of(material), &Fleet::of(material)).into_iter().map(row).collect()
}

/// A vehicle's next maintenance.
pub struct Upkeep<'a> {
    pub vin: &'a str,
    pub plate: &'a str,
    pub customer: &'a str,
    pub phone: &'a str,
    pub model: &'a str,
    pub advisor: &'a str,
    pub is_member: bool,
    pub last_on: Option<NaiveDate>,
    pub last_km: Option<i64>,
    pub daily_km: Option<i64>,
    pub expected_on: NaiveDate,
    pub basis: Text,
    /// The next appointment from the date on.
    pub booked_on: Option<NaiveDate>,
}

impl Upkeep<'_> {
    pub fn remind_on(&self, material: &Material<'_>) -> NaiveDate {
        later(self.expected_on, -material.named.number("maintenance_call_days"))
    }

    pub fn letter_on(&self, material: &Material<'_>) -> NaiveDate {
        later(self.expected_on, -material.named.number("maintenance_letter_days"))
    }
}

const BY_FILE: Text = Text::new("档案", "file");
const BY_MILEAGE: Text = Text::new("日均里程", "mileage");
const BY_TERM: Text = Text::new("期限", "term");

/// Every vehicle that was maintained here or whose file says when it is due; by vehicle.
pub fn upkeep<'a>(material: &Material<'a>, orders: &Orders<'a>, fleet: &Fleet<'a>) -> Vec<Upkeep<'a>> {
    let visits = orders.by_vehicle();
    let booked = booked(material);
    let mut vehicles: BTreeSet<&'a str> = visits.keys().copied().collect();
    let files = Fields::of(material.tables, "vehicles");
    vehicles.extend((material.rows)("vehicles").iter().map(|row| files.get(row, "vin").text()));
    let of_vehicle = |vehicle: &'a str| {
        let places = visits.get(vehicle).map(Vec::as_slice).unwrap_or_default();
        let last_visit = places.last().copied();
        let of_last = |name: &str| last_visit.map_or("", |at| orders.text(at, name));
        let vin = if last_visit.is_some() { of_last("vin") } else { vehicle };
        let file = fleet.find(vin, of_last("plate"));
        let known = |of_order: &'a str, name: &str| if of_order.is_empty() { fleet.text(file, name) } else { of_order };
        let plate = known(of_last("plate"), "plate");
        let next = Next::of(material, orders, places, fleet, file)?;
        Some(Upkeep {
            vin,
            plate,
            customer: known(of_last("customer"), "customer"),
            phone: known(of_last("phone"), "phone"),
            model: known(of_last("model"), "model"),
            advisor: of_last("advisor"),
            is_member: fleet.is_member(file),
            last_on: next.last_on,
            last_km: next.last_km,
            daily_km: next.daily_km,
            expected_on: next.expected_on,
            basis: next.basis,
            booked_on: booked.get(plate).copied(),
        })
    };
    vehicles.into_iter().filter(|v| !v.is_empty()).filter_map(of_vehicle).collect()
}

struct Next {
    last_on: Option<NaiveDate>,
    last_km: Option<i64>,
    daily_km: Option<i64>,
    expected_on: NaiveDate,
    basis: Text,
}

impl Next {
    /// The file's own date where it is newer than the last maintenance; else the sooner of the maker's mileage at the
    /// vehicle's daily mileage and the maker's term.
    fn of<'a>(
        material: &Material<'a>,
        orders: &Orders<'a>,
        places: &[usize],
        fleet: &Fleet<'a>,
        file: Option<&'a Row>,
    ) -> Option<Next> {
        let maintained = |at: &&usize| matches!(orders.text(**at, "job_type"), "maintenance" | "first_service");
        let last = places.iter().filter(maintained).filter_map(|at| Some((orders.opened_on(*at)?, *at))).next_back();
        let of_order = last.map(|(on, at)| (on, orders.value(at, "mileage_km").int()));
        let of_file = fleet
            .date(file, "last_service_on")
            .map(|on| (on, file.and_then(|file| fleet.value(file, "last_mileage_km").int())));
        let newest = of_order.into_iter().chain(of_file).max_by_key(|(on, _)| *on);
        let (last_on, last_km) = (newest.map(|(on, _)| on), newest.and_then(|(_, km)| km));
        let pace = pace(orders, places);
        let daily_km = pace.map(|(km, days)| km / days);
        if let Some(due) = fleet.date(file, "next_service_on").filter(|due| last_on.is_none_or(|last| *due > last)) {
            return Some(Next { last_on, last_km, daily_km, expected_on: due, basis: BY_FILE });
        }
        let (term, km) = (material.named.number("maintenance_days"), material.named.number("maintenance_km"));
        let by_mileage = pace.map(|(driven, days)| km * days / driven).filter(|days| *days < term);
        let basis = if by_mileage.is_some() { BY_MILEAGE } else { BY_TERM };
        let expected_on = later(last_on?, by_mileage.unwrap_or(term));
        Some(Next { last_on, last_km, daily_km, expected_on, basis })
    }
}

/// Kilometres and days between the last two readings of different days; none where the mileage did not grow.
fn pace(orders: &Orders<'_>, places: &[usize]) -> Option<(i64, i64)> {
    let reading = |at: &usize| Some((orders.opened_on(*at)?, orders.value(*at, "mileage_km").int()?));
    let mut readings = places.iter().rev().filter_map(reading);
    let (last_on, last_km) = readings.next()?;
    let (on, km) = readings.find(|(on, _)| *on < last_on)?;
    (last_km > km).then(|| (last_km - km, days_between(on, last_on)))
}

/// The next appointment of each plate from the date on.
fn booked<'a>(material: &Material<'a>) -> HashMap<&'a str, NaiveDate> {
    let fields = Fields::of(material.tables, "appointments");
    let mut found: HashMap<&str, NaiveDate> = HashMap::new();
    for row in (material.rows)("appointments") {
        let (plate, on) = (fields.get(row, "plate").text(), fields.get(row, "planned_at").date());
        if let Some(on) = on.filter(|on| *on > material.as_of && !plate.is_empty()) {
            let held = found.entry(plate).or_insert(on);
            *held = on.min(*held);
        }
    }
    found
}
