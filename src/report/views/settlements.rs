//! Settlements: one row a settlement sheet, reversals negative, with what its order says.

use std::collections::HashMap;

use super::{Fields, Material, Orders, View, day, facts, plain, table_and, text, vehicle, words_of, yes};
use crate::model::records::Settlement;
use crate::model::{ColumnKind, Fen, Value};
use crate::reconcile::reversal_of;
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "settlement_facts", grain: "one row a settlement sheet", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Key, Text};
    table_and(
        tables,
        "settlements",
        &[
            ("order_key", Key, "委托单", "Order"),
            ("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
            ("team", Text, "班组", "Team"),
            ("model", Text, "车型", "Model"),
            ("vehicle", Text, "车辆", "Vehicle"),
            ("is_reversal", Bool, "负结算", "Reversal"),
            ("reversed_on", Date, "冲销日期", "Reversed on"),
            ("gross", Fen, "合计(折前)", "Gross"),
            ("reduced_amount", Fen, "优惠与免单", "Discount and waived"),
            ("revenue", Fen, "产值", "Revenue"),
            ("received", Fen, "已收", "Received"),
            ("outstanding", Fen, "未收", "Outstanding"),
            ("has_reduction", Bool, "有优惠", "Reduced"),
            ("over_limit", Text, "权限", "Limit"),
            ("third_day", Date, "第三日", "Third day"),
            ("called_in_3_days", Bool, "三日内回访", "Called within 3 days"),
            ("came_back", Bool, "30天内返修", "Came back within 30 days"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("settlements") else { return Vec::new() };
    let orders = Orders::of(material);
    let calls = first_calls(material);
    let comebacks = comebacks(&orders);
    // Facts keep the order of the table's rows, with dues from lines filled in.
    let settlements = &facts(material).settlements;
    let mut by_order: HashMap<&str, Vec<&Settlement>> = HashMap::new();
    for settlement in settlements {
        by_order.entry(settlement.order_key()).or_default().push(settlement);
    }
    let items: HashMap<&str, (Fen, Fen)> =
        material.reconciled.clearing.items.iter().map(|i| (i.id.as_str(), (i.due, i.received))).collect();
    let fact = |(row, s): (&crate::model::Row, &Settlement)| {
        let order = orders.find(s.order_key());
        let of_order = |name: &str| orders.known(order, name);
        let key = order.map_or(s.order_key(), |o| orders.key(o));
        let reversal = if s.is_reversal() { None } else { reversal_of(s, &by_order[s.order_key()]) };
        let (due, received) = items.get(key).copied().unwrap_or_default();
        let mut values = plain::values(table, row);
        put_dues(table, &mut values, s);
        let over = crate::reconcile::is_over_limit(s, material.limits);
        values.extend([
            text(key),
            of_order("job_type"),
            of_order("team"),
            of_order("model"),
            vehicle(&of_order("vin"), &text(s.plate.as_str())),
            yes(s.is_reversal()),
            day(reversal.and_then(Settlement::settled_on)),
            Value::Int(s.gross().0),
            Value::Int((s.discount_amount + s.waived_amount).0),
            Value::Int((s.gross() - s.discount_amount - s.waived_amount).0),
            Value::Int(received.0),
            Value::Int((due - received).0),
            yes(reduced(s)),
            text(limit_word(material.lang, s, over)),
            s.settled_on().map_or(Value::Null, |d| Value::Date(d + chrono::Days::new(3))),
            yes(called(s, &calls)),
            yes(came_back(s, key, &comebacks)),
        ]);
        values
    };
    (material.rows)("settlements").iter().zip(settlements).map(fact).collect()
}

/// Dues that the export does not carry stand in the facts, not in the row.
fn put_dues(table: &crate::model::TableDef, values: &mut [Value], s: &Settlement) {
    let dues = [
        ("labor_amount", s.labor_amount),
        ("parts_amount", s.parts_amount),
        ("customer_due", s.customer_due),
        ("warranty_due", s.warranty_due),
        ("insurance_due", s.insurance_due),
        ("internal_due", s.internal_due),
    ];
    for (name, amount) in dues {
        if let Some(at) = table.column(name) {
            values[at] = Value::Int(amount.0);
        }
    }
}

fn reduced(s: &Settlement) -> bool {
    [s.discount_amount, s.waived_amount, s.voucher_amount, s.rounding_amount].iter().any(|a| !a.is_zero())
}

fn limit_word(lang: crate::model::Lang, s: &Settlement, over: bool) -> &'static str {
    let approved = !s.approver.is_empty();
    let word = match (over || s.waived_amount.0 > 0, approved) {
        (true, true) => crate::model::Text::new("已审批", "approved"),
        (true, false) => crate::model::Text::new("未审批", "not approved"),
        (false, _) => crate::model::Text::new("权限内", "within the limit"),
    };
    word.get(lang)
}

/// Days on which each order was called.
fn first_calls<'a>(material: &Material<'a>) -> HashMap<&'a str, Vec<chrono::NaiveDate>> {
    let fields = Fields::of(material.tables, "callbacks");
    let mut calls: HashMap<&str, Vec<chrono::NaiveDate>> = HashMap::new();
    for row in (material.rows)("callbacks") {
        if let Some(date) = fields.get(row, "called_on").date() {
            calls.entry(fields.get(row, "order_no").text()).or_default().push(date);
        }
    }
    calls
}

/// Days within which an order that comes back was not fixed at the first visit.
const COMEBACK_DAYS: u64 = 30;

/// Days on which each order came back, by its order id; void orders are none.
fn comebacks<'a>(orders: &Orders<'a>) -> HashMap<&'a str, Vec<chrono::NaiveDate>> {
    let mut found: HashMap<&str, Vec<chrono::NaiveDate>> = HashMap::new();
    for at in orders.places().filter(|at| orders.record(*at).is_live()) {
        let original = orders.find(orders.text(at, "comeback_of"));
        if let Some((original, day)) = original.zip(orders.opened_on(at)) {
            found.entry(orders.key(original)).or_default().push(day);
        }
    }
    found
}

fn came_back(s: &Settlement, key: &str, comebacks: &HashMap<&str, Vec<chrono::NaiveDate>>) -> bool {
    let Some(settled) = s.settled_on() else { return false };
    let last = settled + chrono::Days::new(COMEBACK_DAYS);
    comebacks.get(key).is_some_and(|days| days.iter().any(|d| *d >= settled && *d <= last))
}

/// Called within 3 days after the settlement date.
fn called(s: &Settlement, calls: &HashMap<&str, Vec<chrono::NaiveDate>>) -> bool {
    let Some(settled) = s.settled_on() else { return false };
    let last = settled + chrono::Days::new(3);
    calls.get(s.order_no.as_str()).is_some_and(|dates| dates.iter().any(|d| *d >= settled && *d <= last))
}
