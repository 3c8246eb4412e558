//! The newest count of cars against the books.

use super::{Material, View, column, facts, text, yes};
use crate::model::records::CarCount;
use crate::model::{ColumnKind, Text, Value};
use crate::reconcile::count::{Counted, counted};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View {
    id: "counted_cars",
    grain: "one row a car of the newest count, and one a car that it passes over",
    columns,
    rows,
};

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
    counted(facts(material), &material.reconciled.clearing).iter().map(|counted| row(material, counted)).collect()
}

fn row(material: &Material<'_>, counted: &Counted<'_>) -> Vec<Value> {
    let here = match counted.row.map(|row| row.in_shop == Some(1)) {
        Some(true) => Text::new("在", "yes").get(material.lang),
        Some(false) => Text::new("不在", "no").get(material.lang),
        None => "",
    };
    let said = |of: fn(&CarCount) -> &String| counted.row.map_or(Value::Null, |row| text(of(row).as_str()));
    let source = counted.row.map(|row| super::places(material, std::slice::from_ref(&row.origin)));
    vec![
        Value::Date(counted.counted_on),
        text(counted.order_no),
        text(counted.plate),
        yes(counted.in_system),
        text(here),
        text(counted.outcome.title().get(material.lang)),
        text(counted.outcome.id()),
        said(|row| &row.place),
        said(|row| &row.reason),
        said(|row| &row.responsible),
        text(source.unwrap_or_default()),
    ]
}
