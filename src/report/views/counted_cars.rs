//! The newest count of cars against the books.

use super::{Material, View, column, day, facts, text, yes};
use crate::model::{ColumnKind, Text, Value};
use crate::reconcile::count::{Counted, counted};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "counted_cars", grain: "one row a car of the newest count", columns, rows };

fn columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Key, Text};
    vec![
        column("counted_on", Date, "盘点日期", "Counted on"),
        column("order_no", Key, "委托单号", "Order no."),
        column("plate", Key, "车牌号", "Plate"),
        column("in_system", Bool, "在系统", "In the system"),
        column("in_shop", Text, "实盘", "Counted"),
        column("outcome", Text, "结果", "Outcome"),
        column("outcome_id", Text, "结果代码", "Outcome id"),
        column("place", Text, "位置", "Place"),
        column("reason", Text, "差异原因", "Reason"),
        column("responsible", Text, "责任人", "Responsible"),
        column("source", Text, "来源", "Source"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let row = |counted: &Counted<'_>| {
        let row = counted.row;
        let here = if row.in_shop == Some(1) { Text::new("在", "yes") } else { Text::new("不在", "no") };
        vec![
            day(row.counted_on),
            text(row.order_no.as_str()),
            text(row.plate.as_str()),
            yes(counted.in_system),
            text(here.get(material.lang)),
            text(counted.outcome.title().get(material.lang)),
            text(counted.outcome.id()),
            text(row.place.as_str()),
            text(row.reason.as_str()),
            text(row.responsible.as_str()),
            text(super::places(material, std::slice::from_ref(&row.origin))),
        ]
    };
    let all: Vec<Vec<Value>> = counted(facts(material), &material.reconciled.clearing).iter().map(row).collect();
    all
}
