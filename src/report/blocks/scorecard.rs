//! A scorecard: figures by periods, against target, with a light and the word beside it.

use std::collections::HashMap;

use polars::prelude::PolarsResult;

use super::{figure_cell, rate_cell, share};
use crate::model::dates::last_of_month;
use crate::model::sheet::{Cell, Column, Kind, Light, Table, Total};
use crate::model::{Lang, Period, Row, TableDef, Text};
use crate::report::figures::{Amount, Figures};
use crate::report::spec::{Figure, Unit};

/// Targets of a month for the whole shop, by figure, in the figure's own unit (rates in millionths).
pub type Targets = HashMap<String, i64>;

/// Reads the targets of the month that `as_of` lies in; scope empty or 全店 is the whole shop.
pub fn targets(table: Option<&TableDef>, rows: &[Row], as_of: chrono::NaiveDate) -> Targets {
    let mut found = Targets::new();
    let Some(table) = table else { return found };
    let place = |name: &str| table.column(name);
    let (Some(month), Some(metric), Some(scope), Some(value)) =
        (place("month"), place("metric"), place("scope"), place("value"))
    else {
        return found;
    };
    for row in rows {
        let of_month = crate::clean::dates::all_in(row.values[month].text()).last() == Some(&last_of_month(as_of));
        let whole = matches!(row.values[scope].text(), "" | "全店" | "all" | "store");
        if let (true, Some(micro)) = (of_month && whole, row.values[value].int()) {
            found.insert(row.values[metric].text().to_lowercase(), micro);
        }
    }
    found
}

/// Figures down, periods across: day, month to date, the month before to the same day, last year, target, pace.
pub fn scorecard(
    figures: &Figures<'_>,
    ids: &[String],
    as_of: chrono::NaiveDate,
    targets: &Targets,
    lang: Lang,
) -> PolarsResult<Table> {
    let mut rows = Vec::new();
    for id in ids {
        if let Some(figure) = figures.catalogue.figures.get(id) {
            rows.push(row(figures, figure, as_of, targets, lang)?);
        }
    }
    let column = |text: Text, kind: Kind| Column { title: text.get(lang).to_owned(), kind, total: Total::None };
    let columns = vec![
        column(Text::new("指标", "Figure"), Kind::Text),
        column(Text::new("当日", "Day"), Kind::Mixed),
        column(Text::new("月累计", "Month to date"), Kind::Mixed),
        column(Text::new("上月同期", "Month before"), Kind::Mixed),
        column(Text::new("环比", "Change"), Kind::Rate),
        column(Text::new("去年同期", "Last year"), Kind::Mixed),
        column(Text::new("同比", "On last year"), Kind::Rate),
        column(Text::new("目标", "Target"), Kind::Mixed),
        column(Text::new("达成率", "Attained"), Kind::Rate),
        column(Text::new("预计月末", "Pace"), Kind::Mixed),
        column(Text::new("状态", "State"), Kind::Light),
    ];
    Ok(without_empty(Table { heading: None, columns, rows, has_total: false, chart: None }))
}

/// Leaves out comparisons that no figure has: a shop without targets sees no empty target columns.
fn without_empty(mut table: Table) -> Table {
    let is_empty = |at: usize| table.rows.iter().all(|row| matches!(row[at], Cell::Empty | Cell::NotKnown));
    let keep: Vec<bool> = (0..table.columns.len()).map(|at| at < 3 || !is_empty(at)).collect();
    let mut column = 0;
    table.columns.retain(|_| {
        column += 1;
        keep[column - 1]
    });
    for row in &mut table.rows {
        let mut column = 0;
        row.retain(|_| {
            column += 1;
            keep[column - 1]
        });
    }
    table
}

fn row(
    figures: &Figures<'_>,
    figure: &Figure,
    as_of: chrono::NaiveDate,
    targets: &Targets,
    lang: Lang,
) -> PolarsResult<Vec<Cell>> {
    let month = Period::month_to(as_of);
    let value = |period: Period| figures.value(&figure.id, period);
    let (day, to_date) = (value(Period::day(as_of))?, value(month)?);
    let (before, last_year) = (value(month.month_before())?, value(month.year_before())?);
    let dated = is_dated(figures, &figure.id);
    let past = |amount: Amount| match dated && !is_nothing(amount) {
        true => figure_cell(figure, amount),
        false => Cell::NotKnown,
    };
    let target = targets.get(&figure.id).and_then(|micro| target_amount(figure, *micro));
    let attained = target.and_then(|t| share(to_date, t));
    // A pace says something of what grows with the days and is wanted; not of differences and reductions.
    let pace = pace(figure, to_date, as_of).filter(|_| dated && figure.good_up != Some(false));
    Ok(vec![
        Cell::Text(figure.name(lang).to_owned()),
        figure_cell(figure, day),
        if dated { figure_cell(figure, to_date) } else { Cell::NotKnown },
        past(before),
        change(to_date, before, dated),
        past(last_year),
        change(to_date, last_year, dated),
        target.map_or(Cell::NotKnown, |t| figure_cell(figure, t)),
        rate_cell(attained),
        pace.map_or(Cell::NotKnown, |p| figure_cell(figure, p)),
        light(figure, target, pace.unwrap_or(to_date), lang),
    ])
}

/// A figure of the state of a day (open items, cars in the shop) has no month and no month before.
fn is_dated(figures: &Figures<'_>, id: &str) -> bool {
    use crate::report::spec::Formula;
    match figures.catalogue.figures.get(id).map(|f| &f.formula) {
        Some(Formula::Base(base)) => base.date.is_some() || base.of_settled_orders,
        Some(Formula::Ratio { numerator, .. }) => numerator.iter().any(|(_, part)| is_dated(figures, part)),
        Some(Formula::Sum(parts)) => parts.iter().any(|(_, part)| is_dated(figures, part)),
        None => false,
    }
}

fn is_nothing(amount: Amount) -> bool {
    matches!(amount, Amount::Whole(0) | Amount::Ratio { denominator: 0, .. })
}

/// Change against a base: (now − then) ÷ then; not known where then is not positive.
fn change(now: Amount, then: Amount, dated: bool) -> Cell {
    rate_cell(share(now, then).filter(|_| dated).map(|s| s - 10_000))
}

/// A target in the figure's own unit. Targets are given in yuan, hours, pieces or as a rate (0.03 = 3 %).
fn target_amount(figure: &Figure, micro: i64) -> Option<Amount> {
    Some(match figure.unit {
        Unit::Fen | Unit::Hours => Amount::Whole(micro / 10_000),
        Unit::Count => Amount::Whole(micro / 1_000_000),
        Unit::Quantity => Amount::Whole(micro),
        Unit::Rate | Unit::Score => Amount::Ratio { numerator: micro, denominator: 1_000_000 },
        Unit::FenPerCount => Amount::Ratio { numerator: micro / 10_000, denominator: 1 },
        Unit::FenPerHour => Amount::Ratio { numerator: micro, denominator: 1_000_000 },
        Unit::HoursPerCount => Amount::Ratio { numerator: micro / 10_000, denominator: 1 },
    })
}

/// The month's end at the pace so far: sums grow with the days, rates stay.
fn pace(figure: &Figure, to_date: Amount, as_of: chrono::NaiveDate) -> Option<Amount> {
    let days = Period::month_to(as_of).days();
    let all = Period::month_to(last_of_month(as_of)).days();
    match to_date {
        Amount::Whole(value) if matches!(figure.unit, Unit::Fen | Unit::Hours | Unit::Count | Unit::Quantity) => {
            let scaled = crate::model::fen::divide_half_away(i128::from(value) * i128::from(all), i128::from(days));
            i64::try_from(scaled).ok().map(Amount::Whole)
        }
        Amount::Whole(_) => None,
        ratio => Some(ratio),
    }
}

/// Green from the target on, amber up to a tenth off, red beyond; the word stands beside the colour.
fn light(figure: &Figure, target: Option<Amount>, expected: Amount, lang: Lang) -> Cell {
    let (Some(target), Some(up)) = (target, figure.good_up) else { return Cell::Empty };
    let Some(attained) = share(expected, target) else { return Cell::Empty };
    let (good, fair) =
        if up { (attained >= 10_000, attained >= 9_000) } else { (attained <= 10_000, attained <= 11_000) };
    let (light, word) = match (good, fair) {
        (true, _) => (Light::Green, Text::new("达标", "on target")),
        (_, true) => (Light::Amber, Text::new("预警", "close")),
        _ => (Light::Red, Text::new("未达", "missed")),
    };
    Cell::Light(light, word.get(lang).to_owned())
}
