//! The movement of every stocked part by month: opening + received − issued − sold − scrapped + difference = closing.

use std::collections::HashMap;

use chrono::{Months, NaiveDate};

use super::super::{Fields, Material, View, column, day, number, text, words_of};
use super::store::{Kind, Part, Stock, Store};
use crate::model::dates::{first_of_month, last_of_month};
use crate::model::{ColumnKind, Lang, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View =
    View { id: "parts_months", grain: "one row a stocked part and month, the last 13 months", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Key, Micro, Text};
    let mut columns = vec![
        column("part_no", Key, "配件编号", "Part no."),
        column("part_name", Text, "配件名称", "Part name"),
        column("category", words_of(tables, "parts_stock", "category"), "类别", "Category"),
        column("month", Text, "月份", "Month"),
        column("month_first", Date, "月初", "First day"),
        column("snapshot_on", Date, "期末快照", "Snapshot"),
    ];
    let parts = [
        ("opening", "期初", "Opening"),
        ("received", "入库", "Received"),
        ("issued", "维修出库", "Issued"),
        ("sold", "销售出库", "Sold"),
        ("scrapped", "报废", "Scrapped"),
        ("difference", "差异", "Difference"),
        ("closing", "期末", "Closing"),
    ];
    for (name, zh, en) in parts {
        columns.push(column(&format!("{name}_qty"), Micro, &format!("{zh}数量"), &format!("{en} quantity")));
        columns.push(column(&format!("{name}_value"), Fen, &format!("{zh}金额"), &format!("{en} value")));
    }
    columns.push(column("counted_qty", Micro, "盘点盈亏", "Count over/short"));
    columns.push(column("reason", Text, "差异说明", "Explanation"));
    columns
}

/// Months that are kept: the month itself and twelve before it.
const MONTHS: u32 = 13;

fn rows(material: &Material<'_>) -> ViewRows {
    let store = material.store();
    let counted = counted(material);
    let now = first_of_month(material.as_of);
    let mut rows = Vec::new();
    for back in (0..MONTHS).rev() {
        let Some(month) = now.checked_sub_months(Months::new(back)) else { continue };
        if store.days.iter().next().is_none_or(|first| *first >= month) {
            continue; // no snapshot to begin with
        }
        for (number, part) in store.parts.iter().filter(|(_, part)| part.is_stocked()) {
            let counted = counted.get(&(number.as_str(), month)).copied();
            rows.extend(of_month(material, store, (number, part), month, counted));
        }
    }
    rows
}

fn of_month(
    material: &Material<'_>,
    store: &Store,
    (part_no, part): (&str, &Part),
    month: NaiveDate,
    counted: Option<i64>,
) -> Option<Vec<Value>> {
    let last = last_of_month(month).min(material.as_of);
    let (_, opening) = store.held(part, month.pred_opt()?)?;
    let (snapshot, closing) = store.held(part, last)?;
    let [received, issued, sold, scrapped] =
        [Kind::Received, Kind::Issued, Kind::Sold, Kind::Scrapped].map(|kind| part.sum(kind, month, last));
    let mut difference = closing;
    difference.take(opening);
    difference.take(received);
    [issued, sold, scrapped].into_iter().for_each(|out| difference.add(out));
    let moved = [opening, received, issued, sold, scrapped, difference, closing];
    if moved.iter().all(|one| one.is_nothing()) {
        return None;
    }
    let mut values = vec![text(part_no)];
    values.extend(part.names());
    values.extend([text(month.format("%Y-%m").to_string()), Value::Date(month), day(Some(snapshot))]);
    values.extend(moved.iter().flat_map(|one| [Value::Int(one.qty), Value::Int(one.value)]));
    values.extend([number(counted), text(reason(difference, counted.unwrap_or(0), material.lang))]);
    Some(values)
}

/// What the difference of a part's month is.
fn reason(difference: Stock, counted: i64, lang: Lang) -> &'static str {
    let text = match (difference.qty, difference.value, counted) {
        (0, 0, 0) => return "",
        (0, _, 0) => Text::new("成本价变动或尾差", "unit cost changed, or rounding"),
        (0, _, _) => Text::new("盘点盈亏未入账", "a count's difference is not booked"),
        (qty, _, counted) if qty == counted => Text::new("盘点盈亏", "counted"),
        _ => Text::new("原因不明，请核对", "not explained, to be checked"),
    };
    text.get(lang)
}

/// Counted − book, by part and month.
fn counted<'a>(material: &Material<'a>) -> HashMap<(&'a str, NaiveDate), i64> {
    let fields = Fields::of(material.tables, "parts_counts");
    let mut counted = HashMap::new();
    for row in (material.rows)("parts_counts") {
        let whole = |name: &str| fields.get(row, name).int().unwrap_or(0);
        if let Some(day) = fields.get(row, "counted_on").date() {
            let key = (fields.get(row, "part_no").text(), first_of_month(day));
            *counted.entry(key).or_insert(0) += whole("counted_qty") - whole("book_qty");
        }
    }
    counted
}
