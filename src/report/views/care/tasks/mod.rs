//! What customer care has to do: calls, invitations, reminders and letters, each with its day.

mod by_call;
mod by_car;

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::events::{calls, of_labor, settled_days, standing};
use super::fleet::Fleet;
use super::later;
use crate::model::{ColumnKind, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::report::views::{Material, Orders, View, column, day, days_between, joined, text, words_of, yes};
use crate::spec::tables::Tables;

pub const VIEW: View = View {
    id: "followup_tasks",
    grain: "one row a task that is open on the date and due on it, on the day after, or a few days before",
    columns,
    rows,
};

/// The kinds of tasks, in the order of the sheet. `{0}` is the number of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    First,
    Second,
    Again,
    Complaint,
    FirstService,
    Maintenance,
    MaintenanceLetter,
    ThanksLetter,
    NewCarFirst,
    NewCarSecond,
}

impl Kind {
    /// Code for filters, group, name.
    fn words(self) -> (&'static str, &'static str, Text) {
        match self {
            Kind::First => ("call_first", "call", Text::new("维修后{0}日回访", "{0}-day call after repair")),
            Kind::Second => ("call_second", "call", Text::new("{0}日跟踪", "{0}-day follow-up")),
            Kind::Again => ("call_again", "call", Text::new("未接通再拨", "not reached, call again")),
            Kind::Complaint => ("complaint_second", "call", Text::new("投诉二次回访", "second call after a complaint")),
            Kind::FirstService => ("first_service", "invite", Text::new("首保邀请", "first-service invitation")),
            Kind::Maintenance => ("maintenance", "invite", Text::new("定期保养提醒", "maintenance reminder")),
            Kind::MaintenanceLetter => ("letter_invite", "letter", Text::new("定期保养邀请信", "maintenance letter")),
            Kind::ThanksLetter => {
                ("letter_thanks", "letter", Text::new("首保感谢信", "letter of thanks, first service"))
            }
            Kind::NewCarFirst => ("new_car_first", "new_car", Text::new("新车交车{0}日回访", "{0}-day call, new car")),
            Kind::NewCarSecond => {
                ("new_car_second", "new_car", Text::new("新车交车{0}日跟踪", "{0}-day follow-up, new car"))
            }
        }
    }

    /// The setting that says after how many days.
    fn setting(self) -> &'static str {
        match self {
            Kind::First => "followup_first_days",
            Kind::Second => "followup_second_days",
            Kind::NewCarFirst => "new_car_first_days",
            Kind::NewCarSecond => "new_car_second_days",
            Kind::Complaint => "complaint_call_days",
            Kind::FirstService => "first_service_call_days",
            Kind::Maintenance => "maintenance_call_days",
            Kind::MaintenanceLetter => "maintenance_letter_days",
            Kind::Again | Kind::ThanksLetter => "",
        }
    }
}

/// One task.
struct Task {
    kind: Kind,
    due_on: NaiveDate,
    /// What it follows or precedes: settlement, delivery, closing, the day expected.
    event_on: NaiveDate,
    /// Order, case or contract.
    number: String,
    order: Option<usize>,
    vin: String,
    plate: String,
    customer: String,
    phone: String,
    model: String,
    /// Who had the customer: advisor, salesperson.
    contact: String,
    last_call: Option<NaiveDate>,
    why: String,
}

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Int, Key, Text};
    vec![
        column("kind", Text, "任务", "Task"),
        column("kind_id", Text, "任务代码", "Task id"),
        column("group_id", Text, "类别", "Group"),
        column("place", Int, "次序", "Place"),
        column("due_on", Date, "应办日期", "Due on"),
        column("days_late", Int, "逾期天数", "Days late"),
        column("event_on", Date, "事由日期", "Date of the event"),
        column("number", Key, "单号", "No."),
        column("vin", Key, "车架号", "VIN"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户名称", "Customer"),
        column("phone", Text, "联系电话", "Phone"),
        column("model", Text, "车型", "Model"),
        column("contact", Text, "服务/销售顾问", "Advisor or salesperson"),
        column("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
        column("work", Text, "维修项目", "Work done"),
        column("technicians", Text, "维修技师", "Technicians"),
        column("last_call", Date, "上次回访", "Last call"),
        column("club_member", Bool, "会员", "Club member"),
        column("why", Text, "说明", "Why"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let orders = Orders::of(material);
    let fleet = Fleet::of(material);
    let calls = calls(material, &orders);
    let settled = settled_days(&standing(material, &orders));
    let mut tasks = by_call::tasks(material, &orders, &calls, &settled);
    tasks.extend(by_car::tasks(material, &orders, &fleet, &calls, &settled));
    tasks.retain(|task| is_on_list(material, task));
    let named: HashSet<usize> = tasks.iter().filter_map(|task| task.order).collect();
    let wanted = |order: usize| named.contains(&order);
    let work = of_labor(material, &orders, "op_name", &wanted);
    let technicians = of_labor(material, &orders, "technician", &wanted);
    let row = |task: &Task| {
        let (id, group, name) = task.kind.words();
        let days = material.named.number(task.kind.setting()).to_string();
        let file = fleet.find(&task.vin, &task.plate);
        let known = |own: &str, name: &str| text(if own.is_empty() { fleet.text(file, name) } else { own });
        let lines = |words: &HashMap<usize, Vec<&str>>| {
            let of_order = task.order.and_then(|order| words.get(&order));
            text(of_order.map_or_else(String::new, |words| joined(words.iter().copied(), material.lang)))
        };
        let late = days_between(task.due_on, material.as_of);
        vec![
            text(name.fill(material.lang, &[&days])),
            text(id),
            text(group),
            Value::Int(task.kind as i64),
            day(Some(task.due_on)),
            if late > 0 { Value::Int(late) } else { Value::Null },
            day(Some(task.event_on)),
            text(task.number.as_str()),
            text(task.vin.as_str()),
            known(&task.plate, "plate"),
            known(&task.customer, "customer"),
            known(&task.phone, "phone"),
            known(&task.model, "model"),
            text(task.contact.as_str()),
            orders.known(task.order, "job_type"),
            lines(&work),
            lines(&technicians),
            day(task.last_call),
            yes(fleet.is_member(file)),
            text(task.why.as_str()),
        ]
    };
    tasks.iter().map(row).collect()
}

/// Due from a few days before the date to the day after it; a complaint waits until it is called.
fn is_on_list(material: &Material<'_>, task: &Task) -> bool {
    let oldest = later(material.as_of, -material.named.number("followup_keep_days"));
    let old_enough = task.kind == Kind::Complaint || task.due_on >= oldest;
    old_enough && task.due_on <= later(material.as_of, 1)
}

/// `{0}` of a reason is a day, `{1}` another.
fn why(material: &Material<'_>, words: Text, days: &[NaiveDate]) -> String {
    let days: Vec<String> = days.iter().map(NaiveDate::to_string).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    words.fill(material.lang, &days)
}

/// A task of an order, with what the order says.
fn of_order(orders: &Orders<'_>, at: usize, kind: Kind, due_on: NaiveDate, event_on: NaiveDate) -> Task {
    let record = orders.record(at);
    Task {
        kind,
        due_on,
        event_on,
        number: record.order_no.clone(),
        order: Some(at),
        vin: record.vin.clone(),
        plate: record.plate.clone(),
        customer: record.customer.clone(),
        phone: orders.text(at, "phone").to_owned(),
        model: orders.text(at, "model").to_owned(),
        contact: record.advisor.clone(),
        last_call: None,
        why: String::new(),
    }
}
