//! A table: figures by dimensions, or by days or months; its total computed as the figure itself without dimensions.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::PolarsResult;

use super::scorecard::months;
use super::targets::Targets;
use super::{Place, cell_of, change, figure_cell, figure_kind, kind_of, rate_cell, share, title};
use crate::model::sheet::{Cell, Column, Kind, Table, Total};
use crate::model::{Period, Text, Value};
use crate::report::figures::{self, Amount};
use crate::report::spec::{Against, Figure, Over, Step, TableSpec};

/// Months of a table by month.
const MONTHS: u32 = 12;

pub fn table(place: &Place<'_, '_>, spec: &TableSpec, over: Over, targets: &Targets) -> PolarsResult<Table> {
    let shown: Vec<&Figure> = spec.figures.iter().filter_map(|id| place.figures.catalogue.figures.get(id)).collect();
    let mut made = match spec.by {
        None => Rows::by_dimensions(place, spec, &shown, over)?,
        Some(step) => Rows::by_step(place, &shown, step, over)?,
    };
    for figure in &shown {
        made.add_figure(place, spec, figure, over, targets)?;
    }
    Ok(Table { heading: None, columns: made.columns, rows: made.rows, has_total: true, chart: None })
}

/// What a row of the table is of.
enum Member {
    Cell(figures::Cell),
    Period(Period),
}

/// The table while its columns are added.
struct Rows {
    members: Vec<Member>,
    /// What the totals are of.
    whole: Period,
    /// Periods that stand across.
    across: Vec<Period>,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Rows {
    fn by_dimensions(place: &Place<'_, '_>, spec: &TableSpec, shown: &[&Figure], over: Over) -> PolarsResult<Rows> {
        let across = match spec.across {
            Some(step) => steps(place, shown, step, over)?,
            None => Vec::new(),
        };
        let last = over.period(place.as_of);
        let whole = Period { first: across.first().map_or(last.first, |p| p.first), last: last.last };
        let names = dimensions(spec);
        let mut keys: BTreeSet<figures::Cell> = BTreeSet::new();
        for figure in shown {
            keys.extend(place.figures.by(&figure.id, whole, &names)?.into_keys());
        }
        let column = |(_, c): &(String, crate::report::frame::ViewColumn)| Column {
            title: title(&c.zh, &c.en, place.lang),
            kind: kind_of(c),
            total: Total::None,
            choices: Vec::new(),
        };
        let named = |key: &figures::Cell| {
            let cell =
                |(value, (_, column)): (&Value, &(String, crate::report::frame::ViewColumn))| match value.is_null() {
                    true => Cell::Text(Text::new("（空）", "(blank)").get(place.lang).to_owned()),
                    false => cell_of(column, value, place.tables, place.lang),
                };
            key.iter().zip(&spec.rows).map(cell).collect()
        };
        Ok(Rows {
            whole,
            columns: spec.rows.iter().map(column).collect(),
            rows: keys.iter().map(named).collect(),
            members: keys.into_iter().map(Member::Cell).collect(),
            across,
        })
    }

    fn by_step(place: &Place<'_, '_>, shown: &[&Figure], step: Step, over: Over) -> PolarsResult<Rows> {
        let whole = over.period(place.as_of);
        let periods = steps(place, shown, step, over)?;
        let (heading, kind) = match step {
            Step::Day => (Text::new("日期", "Date"), Kind::Date),
            Step::Month => (Text::new("月份", "Month"), Kind::Key),
        };
        let named = |period: &Period| match step {
            Step::Day => vec![Cell::Date(period.first)],
            Step::Month => vec![Cell::Key(period.first.format("%Y-%m").to_string())],
        };
        let first = periods.first().map_or(whole.first, |p| p.first);
        Ok(Rows {
            whole: Period { first, last: whole.last },
            columns: vec![Column {
                title: heading.get(place.lang).to_owned(),
                kind,
                total: Total::None,
                choices: Vec::new(),
            }],
            rows: periods.iter().map(named).collect(),
            members: periods.into_iter().map(Member::Period).collect(),
            across: Vec::new(),
        })
    }

    /// A figure's column, and those that compare it.
    fn add_figure(
        &mut self,
        place: &Place<'_, '_>,
        spec: &TableSpec,
        figure: &Figure,
        over: Over,
        targets: &Targets,
    ) -> PolarsResult<()> {
        if spec.across.is_some() {
            return self.add_across(place, spec, figure);
        }
        let now = self.values(place, spec, figure, |period| period)?;
        let whole = place.figures.value(&figure.id, self.whole)?;
        let name = figure.name(place.lang);
        let cells = now.iter().map(|amount| figure_cell(figure, *amount)).collect();
        let sum = total(place, figure, whole, spec.by.is_some());
        self.add(name.to_owned(), figure_kind(figure.unit), sum, cells);
        for against in &spec.compare {
            let (word, back): (Text, fn(Over, Period) -> Period) = match against {
                Against::LastYear => (Text::new("{0} 同比", "{0}, on last year"), Over::last_year),
                _ => (Text::new("{0} 环比", "{0}, change"), Over::before),
            };
            let kind = match spec.by {
                Some(Step::Day) => Over::Day,
                Some(Step::Month) => Over::Month,
                None => over,
            };
            let then = self.values(place, spec, figure, |period| back(kind, period))?;
            let cells = now.iter().zip(&then).map(|(now, then)| change(*now, *then)).collect();
            let whole_then = place.figures.value(&figure.id, back(kind, self.whole))?;
            let total = if spec.by.is_some() { Total::None } else { Total::Value(change(whole, whole_then)) };
            self.add(word.fill(place.lang, &[name]), Kind::Rate, total, cells);
        }
        if spec.targets && targets.has_members(&figure.id) {
            self.add_targets(place, figure, &now, whole, targets);
        }
        Ok(())
    }

    /// A figure's columns, one a period.
    fn add_across(&mut self, place: &Place<'_, '_>, spec: &TableSpec, figure: &Figure) -> PolarsResult<()> {
        for period in self.across.clone() {
            let values = self.values(place, spec, figure, |_| period)?;
            let sum = total(place, figure, place.figures.value(&figure.id, period)?, false);
            let stated = match spec.across {
                Some(Step::Day) => period.first.to_string(),
                _ => period.first.format("%Y-%m").to_string(),
            };
            let cells = values.iter().map(|amount| figure_cell(figure, *amount)).collect();
            self.add(format!("{} {stated}", figure.name(place.lang)), figure_kind(figure.unit), sum, cells);
        }
        Ok(())
    }

    fn add_targets(
        &mut self,
        place: &Place<'_, '_>,
        figure: &Figure,
        now: &[Amount],
        whole: Amount,
        targets: &Targets,
    ) {
        let of = |scope: &str| targets.of(figure, place.as_of, scope);
        let scope = |row: &Vec<Cell>| match row.first() {
            Some(Cell::Text(text) | Cell::Key(text)) => text.clone(),
            _ => String::new(),
        };
        let wanted: Vec<Option<Amount>> = self.rows.iter().map(|row| of(&scope(row))).collect();
        let cell = |target: &Option<Amount>| target.map_or(Cell::NotKnown, |t| figure_cell(figure, t));
        let attained = |(now, target): (&Amount, &Option<Amount>)| rate_cell(target.and_then(|t| share(*now, t)));
        let rates: Vec<Cell> = now.iter().zip(&wanted).map(attained).collect();
        let total = of("");
        let name = figure.name(place.lang);
        let title = Text::new("{0} 目标", "{0}, target").fill(place.lang, &[name]);
        self.add(title, figure_kind(figure.unit), Total::Value(cell(&total)), wanted.iter().map(cell).collect());
        let title = Text::new("{0} 达成率", "{0}, attained").fill(place.lang, &[name]);
        self.add(title, Kind::Rate, Total::Value(attained((&whole, &total))), rates);
    }

    fn add(&mut self, title: String, kind: Kind, total: Total, cells: Vec<Cell>) {
        self.columns.push(Column { title, kind, total, choices: Vec::new() });
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.push(cell);
        }
    }

    /// The figure of every member, for another period where the caller moves it.
    fn values(
        &self,
        place: &Place<'_, '_>,
        spec: &TableSpec,
        figure: &Figure,
        moved: impl Fn(Period) -> Period,
    ) -> PolarsResult<Vec<Amount>> {
        let blank = place.figures.blank(&figure.id, moved(self.whole))?;
        let by: BTreeMap<figures::Cell, Amount> = match spec.by {
            None => place.figures.by(&figure.id, moved(self.whole), &dimensions(spec))?,
            Some(_) => BTreeMap::new(),
        };
        let mut values = Vec::new();
        for member in &self.members {
            values.push(match member {
                Member::Cell(cell) => by.get(cell).copied().unwrap_or(blank),
                Member::Period(period) => place.figures.value(&figure.id, moved(*period))?,
            });
        }
        Ok(values)
    }
}

/// Days of the period, or the months up to it; those before the first row of anything shown are left out.
fn steps(place: &Place<'_, '_>, shown: &[&Figure], step: Step, over: Over) -> PolarsResult<Vec<Period>> {
    let whole = over.period(place.as_of);
    let all: Vec<Period> = match step {
        Step::Day => whole.first.iter_days().take_while(|d| *d <= whole.last).map(Period::day).collect(),
        Step::Month => months(place.as_of, MONTHS),
    };
    let mut periods = Vec::new();
    for period in all {
        let mut is_known = !periods.is_empty();
        for figure in shown {
            is_known = is_known || place.figures.is_known(&figure.id, period)?;
        }
        if is_known {
            periods.push(period);
        }
    }
    Ok(periods)
}

fn dimensions(spec: &TableSpec) -> Vec<String> {
    spec.rows.iter().map(|(name, _)| name.clone()).collect()
}

/// Sums of whole amounts are sums of the column; what counts distinct things, states, and rates, are computed anew.
fn total(place: &Place<'_, '_>, figure: &Figure, whole: Amount, over_time: bool) -> Total {
    match whole {
        Amount::Whole(_) if figure.unit.is_whole() && place.figures.adds_up(&figure.id, over_time) => Total::Sum,
        amount => Total::Value(figure_cell(figure, amount)),
    }
}
