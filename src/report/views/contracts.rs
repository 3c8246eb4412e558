//! Contracts of cars: what was earned with each, and where it stands as of the date.

use super::{Fields, Material, View, day, days_between, number, plain, table_and, text, yes};
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "sale_contracts", grain: "one row a contract of a car", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Text};
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
        ],
    )
}

/// Words with which dealer systems mark a contract that is void.
const CANCELLED: [&str; 8] = ["退订", "退定", "退车", "取消", "作废", "解约", "CANCEL", "VOID"];

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
        if cancelled || CANCELLED.iter().any(|word| status.contains(word)) {
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
    let contract = |row: &Row| {
        let mut values = plain::values(table, row);
        values.extend(computed(material, &fields, row));
        values
    };
    (material.rows)("vehicle_sales").iter().map(contract).collect()
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
