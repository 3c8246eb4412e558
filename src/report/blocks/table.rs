//! A table: figures by dimensions, its total computed as the figure itself without dimensions.

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use super::{cell_of, figure_cell, figure_kind, kind_of, title};
use crate::model::sheet::{Cell, Column, Table, Total};
use crate::model::{Lang, Period, Text};
use crate::report::figures::{Amount, Figures};
use crate::report::frame::ViewColumn;
use crate::report::spec::{Figure, Formula};
use crate::spec::tables::Tables;

pub fn table(
    figures: &Figures<'_>,
    tables: &Tables,
    dimensions: &[(String, ViewColumn)],
    ids: &[String],
    period: Period,
    lang: Lang,
) -> PolarsResult<Table> {
    let names: Vec<String> = dimensions.iter().map(|(name, _)| name.clone()).collect();
    let shown: Vec<&Figure> = ids.iter().filter_map(|id| figures.catalogue.figures.get(id)).collect();
    let mut by_figure = Vec::new();
    for figure in &shown {
        by_figure.push(figures.by(&figure.id, period, &names)?);
    }
    let keys: BTreeSet<_> = by_figure.iter().flat_map(|f| f.keys().cloned()).collect();
    let mut columns: Vec<Column> = dimensions
        .iter()
        .map(|(_, c)| Column { title: title(&c.zh, &c.en, lang), kind: kind_of(c), total: Total::None })
        .collect();
    for figure in &shown {
        let total = total(figures, figure, period)?;
        columns.push(Column { title: figure.name(lang).to_owned(), kind: figure_kind(figure.unit), total });
    }
    let mut rows = Vec::new();
    for key in &keys {
        let named = key.iter().zip(dimensions).map(|(value, (_, column))| match value.is_null() {
            true => Cell::Text(Text::new("（空）", "(blank)").get(lang).to_owned()),
            false => cell_of(column, value, tables, lang),
        });
        let mut row: Vec<Cell> = named.collect();
        for (figure, values) in shown.iter().zip(&by_figure) {
            let nothing = match figure.formula {
                Formula::Ratio { .. } => Amount::Ratio { numerator: 0, denominator: 0 },
                _ => Amount::Whole(0),
            };
            row.push(figure_cell(figure, values.get(key).copied().unwrap_or(nothing)));
        }
        rows.push(row);
    }
    Ok(Table { heading: None, columns, rows, has_total: true, chart: None })
}

/// Sums of whole amounts are sums of the column; what counts distinct things, and rates, are computed anew.
fn total(figures: &Figures<'_>, figure: &Figure, period: Period) -> PolarsResult<Total> {
    let whole = figures.value(&figure.id, period)?;
    Ok(match (whole, figure.unit) {
        (Amount::Whole(_), super::Unit::Fen | super::Unit::Hours | super::Unit::Quantity) => Total::Sum,
        (amount, _) => Total::Value(figure_cell(figure, amount)),
    })
}
