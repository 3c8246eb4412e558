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
    let empty = vec![Cell::Empty; spec.columns.len()];
    // Numerator and denominator of the rows, in order; a rate of a row is known where both are.
    let parts = |numerator: &str, denominator: &str| -> Vec<(Option<i64>, Option<i64>)> {
        rows.iter().map(|row| (value(numerator, *row).int(), value(denominator, *row).int())).collect()
    };
    Ok(Table {
        heading: None,
        columns: spec.columns.iter().map(|c| column(c, spec, &parts, lang)).collect(),
        rows: cells.chain((0..spec.extra).map(|_| empty.clone())).collect(),
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

/// Numerators and denominators of a list's rows.
type Parts<'a> = dyn Fn(&str, &str) -> Vec<(Option<i64>, Option<i64>)> + 'a;

fn column(column: &ListColumn, spec: &ListSpec, parts: &Parts<'_>, lang: Lang) -> Column {
    let is_total = |name: &str| spec.totals.iter().any(|t| t == name);
    match column {
        ListColumn::Plain(column) => Column {
            title: title(&column.zh, &column.en, lang),
            kind: kind_of(column),
            total: if is_total(&column.name) { Total::Sum } else { Total::None },
            choices: Vec::new(),
        },
        ListColumn::Blank { zh, en, words } => Column {
            title: title(zh, en, lang),
            kind: Kind::Text,
            total: Total::None,
            choices: words.iter().map(|(zh, en)| title(zh, en, lang)).collect(),
        },
        ListColumn::Rate { zh, en, numerator, denominator } => {
            let total = match is_total(denominator) {
                true => total_rate(spec, &parts(numerator, denominator), numerator, denominator),
                false => Total::None,
            };
            Column { title: title(zh, en, lang), kind: Kind::Rate, total, choices: Vec::new() }
        }
    }
}

/// The total of a rate is the rate of the totals where both stand in the list and every row knows both or neither; else
/// the rate of the rows that know both.
fn total_rate(spec: &ListSpec, parts: &[(Option<i64>, Option<i64>)], numerator: &str, denominator: &str) -> Total {
    let is_total = |name: &str| spec.totals.iter().any(|t| t == name);
    let stands = |c: &ListColumn, name: &str| matches!(c, ListColumn::Plain(column) if column.name == name);
    let place = |name: &str| spec.columns.iter().position(|c| stands(c, name)).filter(|_| is_total(name));
    let is_even = parts.iter().all(|(n, d)| n.is_some() == d.is_some());
    if let (Some(numerator), Some(denominator), true) = (place(numerator), place(denominator), is_even) {
        return Total::Ratio { numerator, denominator };
    }
    let known = || parts.iter().filter_map(|(n, d)| n.zip(*d));
    let cell = Cell::Rate { numerator: known().map(|(n, _)| n).sum(), denominator: known().map(|(_, d)| d).sum() };
    Total::Value(if matches!(cell, Cell::Rate { denominator: 0, .. }) { Cell::NotKnown } else { cell })
}
