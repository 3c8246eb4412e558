//! Calls after a repair: the first, the second, again where nobody answered, and the second call after a complaint.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Kind, Task, of_order, why};
use crate::model::{Row, Text};
use crate::report::views::care::events::Call;
use crate::report::views::care::later;
use crate::report::views::{Fields, Material, Orders};

/// Tasks of settled orders and of closed complaints.
pub fn tasks(
    material: &Material<'_>,
    orders: &Orders<'_>,
    calls: &[Call<'_>],
    settled: &HashMap<usize, NaiveDate>,
) -> Vec<Task> {
    let mut by_order: HashMap<usize, Vec<&Call<'_>>> = HashMap::new();
    for call in calls {
        by_order.entry(call.order.unwrap_or(usize::MAX)).or_default().push(call);
    }
    let mut tasks = Vec::new();
    let mut places: Vec<usize> = settled.keys().copied().filter(|at| orders.is_customers(*at)).collect();
    places.sort_unstable();
    for at in places {
        let settled_on = settled[&at];
        let of_order = by_order.get(&at).map(Vec::as_slice).unwrap_or_default();
        let since: Vec<&Call<'_>> = of_order.iter().copied().filter(|c| c.on >= settled_on).collect();
        tasks.extend(first(material, orders, at, settled_on, &since));
        tasks.extend(second(material, orders, at, settled_on, &since));
        tasks.extend(again(material, orders, at, settled_on, &since));
    }
    tasks.extend(complaints(material, orders, &by_order));
    tasks
}

/// The day of a call that is made so many days after; none where the setting is 0.
fn after(material: &Material<'_>, kind: Kind, event_on: NaiveDate) -> Option<NaiveDate> {
    let days = material.named.number(kind.setting());
    (days > 0).then(|| later(event_on, days))
}

/// Settled, and not called since.
fn first(material: &Material<'_>, orders: &Orders<'_>, at: usize, on: NaiveDate, since: &[&Call<'_>]) -> Option<Task> {
    let due = after(material, Kind::First, on).filter(|_| since.is_empty())?;
    let words = Text::new("{0}结算，尚未回访", "settled on {0}, not called yet");
    Some(Task { why: why(material, words, &[on]), ..of_order(orders, at, Kind::First, due, on) })
}

/// Settled so many days ago, and not called on that day or later.
fn second(material: &Material<'_>, orders: &Orders<'_>, at: usize, on: NaiveDate, since: &[&Call<'_>]) -> Option<Task> {
    let due = after(material, Kind::Second, on).filter(|due| !since.iter().any(|c| c.on >= *due))?;
    let last_call = since.iter().map(|c| c.on).max();
    let words = Text::new("{0}结算，了解维修效果", "settled on {0}: how does the repair hold");
    Some(Task { last_call, why: why(material, words, &[on]), ..of_order(orders, at, Kind::Second, due, on) })
}

/// Called, and nobody has answered yet.
fn again(material: &Material<'_>, orders: &Orders<'_>, at: usize, on: NaiveDate, since: &[&Call<'_>]) -> Option<Task> {
    let last = since.iter().map(|c| c.on).max()?;
    if since.iter().any(|c| c.reached) {
        return None;
    }
    let words = Text::new("{0}回访未接通", "called on {0}, not reached");
    let task = of_order(orders, at, Kind::Again, later(last, 1), on);
    Some(Task { last_call: Some(last), why: why(material, words, &[last]), ..task })
}

/// Closed cases that nobody has asked about.
fn complaints(material: &Material<'_>, orders: &Orders<'_>, by_order: &HashMap<usize, Vec<&Call<'_>>>) -> Vec<Task> {
    let fields = Fields::of(material.tables, "complaints");
    let task = |case: &Row| {
        let closed = fields.get(case, "closed_on").date()?;
        let due = after(material, Kind::Complaint, closed)?;
        if !fields.get(case, "second_visit_ok").is_null() {
            return None;
        }
        let order = orders.find(fields.get(case, "order_no").text());
        let calls = order.and_then(|at| by_order.get(&at)).map(Vec::as_slice).unwrap_or_default();
        let words = Text::new("{0}结案：", "closed on {0}: ");
        let content = fields.get(case, "content").text();
        let number = fields.get(case, "case_no").text().to_owned();
        let why = why(material, words, &[closed]) + content;
        let last_call = calls.iter().map(|c| c.on).max();
        let mut task = match order {
            Some(at) => of_order(orders, at, Kind::Complaint, due, closed),
            None => Task::unknown(Kind::Complaint, due, closed),
        };
        (task.number, task.why, task.last_call) = (number, why, last_call);
        Some(task)
    };
    (material.rows)("complaints").iter().filter_map(task).collect()
}

impl Task {
    /// A task of which nothing more is known.
    fn unknown(kind: Kind, due_on: NaiveDate, event_on: NaiveDate) -> Task {
        let nothing = String::new;
        Task {
            kind,
            due_on,
            event_on,
            number: nothing(),
            order: None,
            vin: nothing(),
            plate: nothing(),
            customer: nothing(),
            phone: nothing(),
            model: nothing(),
            contact: nothing(),
            last_call: None,
            why: nothing(),
        }
    }
}
