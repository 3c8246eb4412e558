//! A list: columns of a view, filtered and ordered, with sums.

use polars::prelude::*;

use super::{Place, cell_of, kind_of, title};
use crate::model::sheet::{Cell, Column, Kind, Table, Total};
use crate::model::{Lang, Period, Value};
use crate::report::frame;
use crate::report::spec::{ListColumn, ListSpec};
use crate::report::views;

/// The rows of a list, fully ordered: by the spec's order, then by every column of the view.
pub fn list(place: &Place<'_, '_>, spec: &ListSpec, period: Period) -> PolarsResult<Table> {
    let lang = place.lang;
    let found = place.figures.list(&spec.view, spec.filter.as_ref(), period)?;
    let mut all: Vec<(String, Vec<Value>)> = Vec::new();
    for column in views::columns(&spec.view, place.tables).unwrap_or_default() {
        all.push((column.name.clone(), frame::values(&found, &column.name)?));
    }
    let at = |name: &str| all.iter().position(|(n, _)| n == name).unwrap_or(0); // checked by the spec
    let order: Vec<(usize, bool)> = spec.order.iter().map(|(name, down)| (at(name), *down)).collect();
    let mut rows: Vec<usize> = (0..found.height()).collect();
    rows.sort_by(|a, b| {
        let by = order.iter().map(|(column, down)| {
            let (left, right) = (&all[*column].1[*a], &all[*column].1[*b]);
            if *down { right.cmp(left) } else { left.cmp(right) }
        });
        let rest = all.iter().map(|(_, values)| values[*a].cmp(&values[*b]));
        by.chain(rest).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    rows.truncate(spec.top.unwrap_or(usize::MAX));
    let value = |name: &str, row: usize| &all[at(name)].1[row];
    let cells =
        rows.iter().map(|row| spec.columns.iter().map(|c| cell(place, spec, c, &|name| value(name, *row))).collect());
    Ok(Table {
        heading: None,
        columns: spec.columns.iter().map(|c| column(c, &spec.columns, &spec.totals, lang)).collect(),
        rows: cells.collect(),
        has_total: !spec.totals.is_empty(),
        chart: None,
    })
}

fn cell<'a>(place: &Place<'_, '_>, spec: &ListSpec, column: &ListColumn, value: &dyn Fn(&str) -> &'a Value) -> Cell {
    match column {
        ListColumn::Blank { .. } => Cell::Empty,
        ListColumn::Plain(column) if spec.whole_phones && column.name == "phone" => match value("phone") {
            Value::Text(phone) => Cell::Text(phone.clone()),
            _ => Cell::Empty,
        },
        ListColumn::Plain(column) => cell_of(column, value(&column.name), place.tables, place.lang),
        ListColumn::Rate { numerator, denominator, .. } => match (value(numerator).int(), value(denominator).int()) {
            (Some(numerator), Some(denominator)) => Cell::Rate { numerator, denominator },
            _ => Cell::NotKnown,
        },
    }
}

fn column(column: &ListColumn, all: &[ListColumn], totals: &[String], lang: Lang) -> Column {
    let is_total = |name: &str| totals.iter().any(|t| t == name);
    match column {
        ListColumn::Plain(column) => Column {
            title: title(&column.zh, &column.en, lang),
            kind: kind_of(column),
            total: if is_total(&column.name) { Total::Sum } else { Total::None },
        },
        ListColumn::Blank { zh, en } => Column { title: title(zh, en, lang), kind: Kind::Text, total: Total::None },
        ListColumn::Rate { zh, en, numerator, denominator } => {
            let place =
                |name: &str| all.iter().position(|c| matches!(c, ListColumn::Plain(column) if column.name == name));
            // The total of a rate is the rate of the totals, where both stand in the list.
            let total = match (place(numerator), place(denominator)) {
                (Some(n), Some(d)) if is_total(numerator) && is_total(denominator) => {
                    Total::Ratio { numerator: n, denominator: d }
                }
                _ => Total::None,
            };
            Column { title: title(zh, en, lang), kind: Kind::Rate, total }
        }
    }
}
