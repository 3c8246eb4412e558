//! Contracts of cars: what was earned with each, and where it stands as of the date.

use std::collections::HashMap;

use super::{Fields, Material, View, day, days_between, facts, number, plain, table_and, text, yes};
use crate::model::records::CANCELLED_WORDS;
use crate::model::{ColumnKind, Origin, Row, Text, Value};
use crate::reconcile::{CheckKind, Gated, Item, gates};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "sale_contracts", grain: "one row a contract of a car", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Key, Text};
    table_and(
        tables,
        "vehicle_sales",
        &[
            ("off_list", Fen, "优惠金额", "Off list price"),
            ("margin", Fen, "整车毛利", "Margin of the car"),
            ("other_income", Fen, "衍生收入", "Other income"),
            ("total_margin", Fen, "综合毛利", "Total margin"),
            ("state", Text, "合同进度", "Stands"),
            ("state_id", Text, "进度代码", "State id"),
            ("cancelled_day", Date, "退订日", "Day cancelled"),
            ("counted_on", Date, "退订日或订单日", "Day cancelled or ordered"),
            ("days", Int, "订单至交车天数", "Days from order to delivery"),
            ("is_priced", Bool, "有成本", "Cost known"),
            ("due_total", Fen, "应收合计", "Due in all"),
            ("received", Fen, "已收", "Received"),
            ("lent", Fen, "其中放款", "Of it by the lender"),
            ("balance", Fen, "未收", "Not received"),
            ("customer_owes", Fen, "尾款", "Customer owes"),
            ("lender_owes", Fen, "待放款", "Lender owes"),
            ("paid", Text, "收款状态", "Paid"),
            ("paid_id", Text, "收款状态代码", "Paid id"),
            ("owed_days", Int, "交车后天数", "Days since delivery"),
            ("gate", Text, "开票", "Invoice"),
            ("gate_id", Text, "开票代码", "Invoice id"),
            ("gate_short", Fen, "开票差额", "Lacks for the invoice"),
            ("gate_invoice_no", Key, "已开发票", "Invoice issued"),
            ("gate_issued_on", Date, "开票日期", "Issued on"),
        ],
    )
}

/// Where a contract stands as of the date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Ordered,
    Delivered,
    Cancelled,
}

impl Stands {
    /// Events after the date are hidden in the row already.
    pub fn of(fields: &Fields<'_>, row: &Row) -> Stands {
        let status = fields.get(row, "status").text().to_uppercase();
        let cancelled = fields.get(row, "cancelled_on").date().is_some();
        if cancelled || CANCELLED_WORDS.iter().any(|word| status.contains(word)) {
            Stands::Cancelled
        } else if fields.get(row, "delivered_on").date().is_some() {
            Stands::Delivered
        } else {
            Stands::Ordered
        }
    }

    fn words(self) -> (&'static str, Text) {
        match self {
            Stands::Ordered => ("ordered", Text::new("已订未交", "ordered")),
            Stands::Delivered => ("delivered", Text::new("已交车", "delivered")),
            Stands::Cancelled => ("cancelled", Text::new("已退订", "cancelled")),
        }
    }
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("vehicle_sales") else { return Vec::new() };
    let fields = Fields(Some(table));
    let money = Money::of(material);
    let contract = |row: &Row| {
        let mut values = plain::values(table, row);
        values.extend(computed(material, &fields, row));
        values.extend(money.values(material, row));
        values
    };
    (material.rows)("vehicle_sales").iter().map(contract).collect()
}

/// What the clearing and the gate of invoices say of each contract, by its row.
struct Money<'a> {
    items: HashMap<usize, &'a Item>,
    gates: HashMap<usize, Gated>,
    /// Place of a contract among the facts.
    places: HashMap<&'a Origin, usize>,
}

impl<'a> Money<'a> {
    fn of(material: &Material<'a>) -> Money<'a> {
        let reconciled = material.reconciled;
        let items = reconciled.clearing.items.iter().filter_map(|item| Some((item.contract?, item))).collect();
        let early = reconciled.checks.iter().filter(|c| c.kind == CheckKind::VehicleInvoiceUnpaid);
        let early: Vec<&str> = early.map(|c| c.order_no.as_str()).collect();
        let gates = gates(&reconciled.facts, &reconciled.clearing, &early, &reconciled.settings);
        let sales = reconciled.facts.vehicle_sales.iter().enumerate();
        Money {
            items,
            gates: gates.into_iter().map(|gate| (gate.contract, gate)).collect(),
            places: sales.map(|(at, sale)| (&sale.origin, at)).collect(),
        }
    }

    /// Empty where nothing was due on it or received: a contract that waits for its car.
    fn values(&self, material: &Material<'_>, row: &Row) -> Vec<Value> {
        let place = self.places.get(&row.origin).copied();
        let sale = place.map(|at| &facts(material).vehicle_sales[at]);
        let item = place.and_then(|at| self.items.get(&at).copied());
        let gate = place.and_then(|at| self.gates.get(&at));
        let left = item.map_or(0, |i| (-i.diff().0).max(0));
        let lender = item.map_or(0, |i| i.lender_owes().0);
        let owed = sale.filter(|sale| sale.is_owed() && left > 0).and_then(|sale| sale.delivered_on);
        vec![
            number(sale.map(|sale| sale.total().0)),
            Value::Int(item.map_or(0, |i| i.received.0)),
            Value::Int(item.map_or(0, |i| i.lent.0)),
            Value::Int(left),
            Value::Int(left - lender),
            Value::Int(lender),
            text(item.map_or("", |i| i.category.title().get(material.lang))),
            text(item.map_or("", |i| i.category.id())),
            number(owed.map(|day| days_between(day, material.as_of))),
            text(gate.map_or("", |g| g.gate.title().get(material.lang))),
            text(gate.map_or("", |g| g.gate.id())),
            number(gate.map(|g| g.short.0)),
            text(gate.map_or("", |g| g.invoice_no.as_str())),
            day(gate.and_then(|g| g.issued_on)),
        ]
    }
}

fn computed(material: &Material<'_>, fields: &Fields<'_>, row: &Row) -> Vec<Value> {
    let amount = |name: &str| fields.get(row, name).int();
    let (ordered, delivered) = (fields.get(row, "ordered_on").date(), fields.get(row, "delivered_on").date());
    let stands = Stands::of(fields, row);
    let (id, words) = stands.words();
    // Systems that write no day of cancellation: the contract counts as cancelled on the day of its order.
    let cancelled = fields.get(row, "cancelled_on").date().or(ordered).filter(|_| stands == Stands::Cancelled);
    let until = delivered.unwrap_or(material.as_of);
    let difference = |left: &str, right: &str| amount(left).zip(amount(right)).map(|(l, r)| l - r);
    let margin = difference("price", "cost");
    let incomes = ["accessory_income", "insurance_income", "finance_income"].map(amount);
    let other: i64 = incomes.iter().flatten().sum();
    vec![
        number(difference("list_price", "price")),
        number(margin),
        number(incomes.iter().any(Option::is_some).then_some(other)),
        number(margin.map(|m| m + other)),
        text(words.get(material.lang)),
        text(id),
        day(cancelled),
        day(cancelled.or(ordered)),
        number(ordered.filter(|_| stands != Stands::Cancelled).map(|o| days_between(o, until))),
        yes(margin.is_some()),
    ]
}
