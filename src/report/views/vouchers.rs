//! Vouchers (代金券): the register voucher by voucher, and its movement by face and month.

use std::collections::{BTreeMap, HashMap};

use chrono::{Months, NaiveDate};

use super::{Fields, Material, Orders, View, column, day, facts, number, text, yes};
use crate::model::dates::{first_of_month, last_of_month};
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const FACTS: View =
    View { id: "voucher_facts", grain: "one row a voucher and use of it", columns: fact_columns, rows: fact_rows };

pub const MONTHS: View = View {
    id: "voucher_months",
    grain: "one row a face and month with a movement or a balance, the last 13 months",
    columns: month_columns,
    rows: month_rows,
};

/// What became of one voucher. One that is used twice is two rows of the register and counts once, by its first use.
struct Voucher {
    face: i64,
    issued: Option<NaiveDate>,
    expires: Option<NaiveDate>,
    used: Option<NaiveDate>,
    void: Option<NaiveDate>,
}

impl Voucher {
    /// It holds to the end of its last day.
    fn lapses(&self) -> Option<NaiveDate> {
        self.expires.and_then(|last| last.succ_opt())
    }

    /// Whether it can still be used on a day.
    fn is_open(&self, on: NaiveDate) -> bool {
        let before = |day: Option<NaiveDate>| day.is_some_and(|day| day <= on);
        self.issued.is_none_or(|day| day <= on) && !before(self.used) && !before(self.void) && !before(self.lapses())
    }

    /// Its events up to a day. A voucher without a day of issue was there before everything. What is used is used, also
    /// after its last day: it had lapsed and comes back to be used. Void comes first only where nothing else came.
    fn events(&self, until: NaiveDate) -> Vec<(NaiveDate, Event, i64)> {
        let by = |day: Option<NaiveDate>| day.filter(|day| *day <= until);
        let (used, void, lapsed) = (by(self.used), by(self.void), by(self.lapses()));
        let ends = [(used, Event::Used), (void, Event::Void), (lapsed, Event::Expired)];
        let first = ends.iter().filter_map(|(day, event)| day.map(|day| (day, *event))).min();
        let issued = self.issued.unwrap_or(NaiveDate::MIN);
        if first.is_none() && issued > until {
            return Vec::new();
        }
        // One that ended before its issue was issued by then at the latest.
        let mut events = vec![(first.map_or(issued, |(day, _)| day.min(issued)), Event::Issued, 1)];
        let Some((day, event)) = first else { return events };
        events.push((day, event, 1));
        if let Some(used) = used.filter(|_| event != Event::Used) {
            events.extend([(used, event, -1), (used, Event::Used, 1)]);
        }
        events
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Issued,
    Used,
    Void,
    Expired,
}

fn vouchers(material: &Material<'_>) -> Vec<Voucher> {
    let fields = Fields::of(material.tables, "vouchers");
    let mut by_number: BTreeMap<&str, Voucher> = BTreeMap::new();
    for row in (material.rows)("vouchers") {
        let date = |name: &str| fields.get(row, name).date();
        let held = by_number.entry(fields.get(row, "voucher_no").text()).or_insert_with(|| Voucher {
            face: fields.get(row, "face_amount").int().unwrap_or(0),
            issued: date("issued_on"),
            expires: date("expires_on"),
            used: None,
            void: date("voided_on"),
        });
        held.used = [held.used, date("used_at")].into_iter().flatten().min();
    }
    by_number.into_values().collect()
}

fn month_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Text};
    let mut columns = vec![
        column("face", Fen, "面额", "Face"),
        column("month", Text, "月份", "Month"),
        column("month_first", Date, "月初", "First day"),
    ];
    let parts = [
        ("opening", "期初", "Opening"),
        ("issued", "发放", "Issued"),
        ("used", "使用", "Used"),
        ("expired", "过期", "Expired"),
        ("void", "作废", "Void"),
        ("closing", "期末", "Closing"),
    ];
    for (name, zh, en) in parts {
        columns.push(column(&format!("{name}_count"), Int, &format!("{zh}张数"), &format!("{en}, number")));
        columns.push(column(&format!("{name}_amount"), Fen, &format!("{zh}金额"), &format!("{en}, amount")));
    }
    columns
}

/// Numbers of one face: of one day's events.
#[derive(Default, Clone, Copy)]
struct Moved {
    issued: i64,
    used: i64,
    expired: i64,
    void: i64,
}

impl Moved {
    fn net(self) -> i64 {
        self.issued - self.used - self.expired - self.void
    }

    fn add(&mut self, event: Event, number: i64) {
        match event {
            Event::Issued => self.issued += number,
            Event::Used => self.used += number,
            Event::Void => self.void += number,
            Event::Expired => self.expired += number,
        }
    }
}

fn month_rows(material: &Material<'_>) -> ViewRows {
    let vouchers = vouchers(material);
    let mut faces: BTreeMap<i64, BTreeMap<NaiveDate, Moved>> = BTreeMap::new();
    for voucher in &vouchers {
        let months = faces.entry(voucher.face).or_default();
        for (on, event, number) in voucher.events(material.as_of) {
            let month = if on == NaiveDate::MIN { on } else { first_of_month(on) };
            months.entry(month).or_default().add(event, number);
        }
    }
    let now = first_of_month(material.as_of);
    let mut rows = Vec::new();
    for (face, months) in &faces {
        for back in (0..13).rev() {
            let Some(first) = now.checked_sub_months(Months::new(back)) else { continue };
            let opening: i64 = months.range(..first).map(|(_, moved)| moved.net()).sum();
            let moved = months.get(&first).copied().unwrap_or_default();
            let last = last_of_month(first).min(material.as_of);
            // Counted voucher by voucher, not from the movement: the one must come to the other.
            let open = vouchers.iter().filter(|v| v.face == *face && v.is_open(last)).count();
            let closing = i64::try_from(open).unwrap_or(i64::MAX);
            let parts = [opening, moved.issued, moved.used, moved.expired, moved.void, closing];
            if parts.iter().all(|number| *number == 0) {
                continue;
            }
            let mut row = vec![Value::Int(*face), text(first.format("%Y-%m").to_string()), Value::Date(first)];
            row.extend(parts.iter().flat_map(|number| [Value::Int(*number), Value::Int(number * face)]));
            rows.push(row);
        }
    }
    rows
}

fn fact_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Key, Text};
    vec![
        column("voucher_no", Key, "券号", "Voucher no."),
        column("face_amount", Fen, "面额", "Face"),
        column("issued_on", Date, "发放日期", "Issued on"),
        column("expires_on", Date, "到期日", "Expires on"),
        column("plate", Text, "车牌号", "Plate"),
        column("order_no", Key, "使用委托单号", "Used on order"),
        column("used_on", Date, "使用日期", "Used on"),
        column("settlement_no", Key, "结算单号", "Settlement no."),
        column("customer", Text, "客户", "Customer"),
        column("advisor", Text, "经手人", "Advisor"),
        column("deducted", Fen, "抵扣金额", "Deducted"),
        column("forfeited", Fen, "作废余额", "Forfeited"),
        column("is_open", Bool, "未使用", "Open"),
        column("expires_soon", Bool, "一个月内到期", "Runs out within a month"),
        column("state", Text, "状态", "State"),
    ]
}

/// An order's live settlement with a voucher: number, customer, advisor, and what is left of the deduction.
struct Deduction<'a> {
    settlement: &'a str,
    customer: &'a str,
    advisor: &'a str,
    left: i64,
}

fn fact_rows(material: &Material<'_>) -> ViewRows {
    let fields = Fields::of(material.tables, "vouchers");
    let orders = Orders::of(material);
    let mut deductions = deductions(material);
    let mut rows: Vec<&Row> = (material.rows)("vouchers").iter().collect();
    // Several vouchers of one order share its deduction in order of number, each up to its face.
    rows.sort_by_key(|row| (fields.get(row, "voucher_no").text(), fields.get(row, "used_at").time()));
    let soon = material.as_of + Months::new(1);
    let mut values = Vec::new();
    for row in rows {
        let get = |name: &str| fields.get(row, name);
        let reference = get("order_no").text();
        let id = orders.find(reference).map_or(reference, |order| orders.key(order));
        let face = get("face_amount").int().unwrap_or(0);
        let deduction = if get("used_at").is_null() { None } else { deductions.get_mut(id) };
        let (deducted, told) = match deduction {
            Some(one) => {
                let used = one.left.min(face).max(0);
                one.left -= used;
                (Some(used), [one.settlement, one.customer, one.advisor])
            }
            None => (None, [""; 3]),
        };
        let (open, state) = state(&fields, row, material.as_of);
        values.push(vec![
            get("voucher_no").clone(),
            get("face_amount").clone(),
            get("issued_on").clone(),
            get("expires_on").clone(),
            get("plate").clone(),
            get("order_no").clone(),
            day(get("used_at").date()),
            text(told[0]),
            text(told[1]),
            text(told[2]),
            number(deducted),
            number(deducted.map(|used| face - used)),
            yes(open),
            yes(get("expires_on").date().is_some_and(|last| last <= soon)),
            text(state.get(material.lang)),
        ]);
    }
    values
}

/// Whether it is open, and its state in words.
fn state(fields: &Fields<'_>, row: &Row, as_of: NaiveDate) -> (bool, Text) {
    let date = |name: &str| fields.get(row, name).date();
    match (date("used_at"), date("voided_on"), date("expires_on")) {
        (Some(used), _, Some(last)) if used > last => (false, Text::new("过期后使用", "used after its last day")),
        (Some(_), ..) => (false, Text::new("已使用", "used")),
        (None, Some(_), _) => (false, Text::new("作废", "void")),
        (None, None, Some(last)) if last < as_of => (false, Text::new("已过期", "expired")),
        _ => (true, Text::new("未使用", "open")),
    }
}

/// By internal key of the order, by its number where no order is known; what reversals took back is taken off.
fn deductions<'a>(material: &Material<'a>) -> HashMap<&'a str, Deduction<'a>> {
    let orders = Orders::of(material);
    let mut deductions: HashMap<&str, Deduction<'_>> = HashMap::new();
    for settlement in facts(material).settlements.iter().filter(|s| !s.voucher_amount.is_zero()) {
        let key = settlement.order_key();
        let id = orders.find(key).map_or(key, |order| orders.key(order));
        let (settlement_no, customer, advisor) = (&settlement.settlement_no, &settlement.customer, &settlement.advisor);
        let empty = Deduction { settlement: settlement_no, customer, advisor, left: 0 };
        let one = deductions.entry(id).or_insert(empty);
        one.left += settlement.voucher_amount.0;
        if !settlement.is_reversal() {
            one.settlement = settlement_no;
        }
    }
    deductions
}
