//! Receipts: one row a receipt, with the settlement date of the first order it was allocated to.

use std::collections::{HashMap, HashSet};

use super::{Material, View, day, facts, plain, table_and, text, yes};
use crate::model::{ColumnKind, Text};
use crate::reconcile::{Category, Clearing, SubjectKind};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "receipt_facts", grain: "one row a receipt", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    table_and(
        tables,
        "receipts",
        &[
            ("settled_on", ColumnKind::Date, "结算日期", "Settled on"),
            ("cleared_numbers", ColumnKind::Text, "核销单号", "Cleared orders"),
            ("is_known", ColumnKind::Bool, "单号有效", "Known"),
            ("is_earlier", ColumnKind::Bool, "收前日", "Settled earlier"),
            ("clearing", ColumnKind::Text, "销号状态", "Clearing"),
            ("side", ColumnKind::Text, "归属", "Stands on"),
            ("side_id", ColumnKind::Text, "归属代码", "Stands on, id"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("receipts") else { return Vec::new() };
    let clearing = &material.reconciled.clearing;
    let mut items: HashMap<usize, Vec<&crate::reconcile::Item>> = HashMap::new();
    for allocation in &clearing.allocations {
        items.entry(allocation.receipt).or_default().push(&clearing.items[allocation.subject]);
    }
    let (cases, others) = (case_numbers(clearing), clearing.other.iter().map(|o| o.receipt).collect::<HashSet<_>>());
    // Facts keep the order of the table's rows, so a receipt's index is its row's.
    let with_items = |(index, row): (usize, &crate::model::Row)| {
        let own = items.get(&index).map_or(&[][..], Vec::as_slice);
        let received = facts(material).receipts[index].received_at.map(|t| t.date());
        let settled = own.iter().filter_map(|i| i.settled_on).min();
        let of_cases = cases.get(&index).map_or(&[][..], Vec::as_slice);
        let numbers: Vec<&str> = own.iter().map(|i| i.number.as_str()).chain(of_cases.iter().copied()).collect();
        let side = match own.first() {
            Some(item) if item.kind == SubjectKind::Contract => Side::Contract,
            Some(item) if item.is_sale() => Side::Sale,
            Some(_) => Side::Order,
            None if cases.contains_key(&index) => Side::Insurer,
            None if others.contains(&index) => Side::Other,
            None => Side::Unknown,
        };
        let state = match (own.first(), side) {
            (Some(item), _) => item.category.title(),
            (None, Side::Unknown) => Category::UnknownOrder.title(),
            (None, side) => side.title(),
        };
        let mut values = plain::values(table, row);
        values.extend([
            day(settled),
            text(numbers.join(" ")),
            yes(side != Side::Unknown),
            yes(settled.zip(received).is_some_and(|(s, r)| s < r)),
            text(state.get(material.lang)),
            text(side.title().get(material.lang)),
            text(side.id()),
        ]);
        values
    };
    (material.rows)("receipts").iter().enumerate().map(with_items).collect()
}

/// The orders of the cases that each insurer's receipt stands on; none where lines of a statement tell them.
fn case_numbers(clearing: &Clearing) -> HashMap<usize, Vec<&str>> {
    let mut numbers: HashMap<usize, Vec<&str>> = HashMap::new();
    for case in &clearing.cases.all {
        for receipt in &case.receipts {
            numbers.entry(receipt.receipt).or_default().push(case.order_no());
        }
    }
    for (receipt, _) in &clearing.cases.by_lines {
        numbers.entry(*receipt).or_default();
    }
    numbers
}

/// What a receipt stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Order,
    Sale,
    Contract,
    Insurer,
    Other,
    Unknown,
}

impl Side {
    fn id(self) -> &'static str {
        match self {
            Side::Order => "order",
            Side::Sale => "sale",
            Side::Contract => "contract",
            Side::Insurer => "insurer",
            Side::Other => "other",
            Side::Unknown => "unknown",
        }
    }

    fn title(self) -> Text {
        match self {
            Side::Order => Text::new("委托单", "order"),
            Side::Sale => Text::new("零售", "counter sale"),
            Side::Contract => Text::new("汽车合同", "car contract"),
            Side::Insurer => Text::new("保险案件", "insurer's case"),
            Side::Other => Text::new("其他收款", "other income"),
            Side::Unknown => Text::new("单号不存在", "unknown"),
        }
    }
}
