//! A scorecard: figures down, periods across, against target, with a light and the word beside it.

use chrono::NaiveDate;
use polars::prelude::PolarsResult;

use super::targets::{Targets, light};
use super::{Place, change, figure_cell, rate_cell, share};
use crate::model::dates::last_of_month;
use crate::model::fen::divide_half_away;
use crate::model::sheet::{Cell, Column, Kind, Table, Total};
use crate::model::{Period, Text};
use crate::report::figures::{Amount, Figures};
use crate::report::spec::{Against, Figure, Formula, Over, Scope};

/// Months of a sparkline.
const TREND: u32 = 12;

/// Figures down, periods across. Comparisons are of the block's period, of a day's block of the month to date.
pub fn scorecard(
    place: &Place<'_, '_>,
    ids: &[String],
    against: &[Against],
    over: Over,
    targets: &Targets,
) -> PolarsResult<Table> {
    let mut rows = Vec::new();
    for figure in ids.iter().filter_map(|id| place.figures.catalogue.figures.get(id)) {
        let line = Line::of(place, figure, over)?;
        let mut row = vec![Cell::Text(figure.name(place.lang).to_owned())];
        for part in against {
            row.extend(line.cells(*part, targets)?);
        }
        rows.push(row);
    }
    let column = |(text, kind): (Text, Kind)| Column {
        title: text.get(place.lang).to_owned(),
        kind,
        total: Total::None,
        choices: Vec::new(),
    };
    let mut columns = vec![column((Text::new("指标", "Figure"), Kind::Text))];
    columns.extend(against.iter().flat_map(|part| titles(*part, over)).map(column));
    Ok(without_empty(Table { heading: None, columns, rows, has_total: false, chart: None }))
}

/// The columns of a part, in the order of [`Line::cells`].
fn titles(part: Against, over: Over) -> Vec<(Text, Kind)> {
    let of = |over: Over| match over {
        Over::Day => Text::new("当日", "Day"),
        Over::Week => Text::new("本周", "Week"),
        Over::Month => Text::new("本月", "Month"),
        Over::Year => Text::new("本年", "Year"),
    };
    let before = match over {
        Over::Day => Text::new("上月同期", "Month before"),
        Over::Week => Text::new("上周", "Week before"),
        Over::Month => Text::new("上月", "Month before"),
        Over::Year => Text::new("上年同期", "Year before"),
    };
    match part {
        Against::Period => vec![(of(over), Kind::Mixed)],
        Against::Day => vec![(of(Over::Day), Kind::Mixed)],
        Against::Week => vec![(of(Over::Week), Kind::Mixed)],
        Against::Month => vec![(Text::new("月累计", "Month to date"), Kind::Mixed)],
        Against::Year => vec![(Text::new("年累计", "Year to date"), Kind::Mixed)],
        Against::Before => vec![(before, Kind::Mixed), (Text::new("环比", "Change"), Kind::Rate)],
        Against::LastYear => {
            vec![(Text::new("去年同期", "Last year"), Kind::Mixed), (Text::new("同比", "On last year"), Kind::Rate)]
        }
        Against::MonthAgo => {
            vec![
                (Text::new("上月同周", "Week a month ago"), Kind::Mixed),
                (Text::new("较上月同周", "On a month ago"), Kind::Rate),
            ]
        }
        Against::Target => vec![
            (Text::new("目标", "Target"), Kind::Mixed),
            (Text::new("达成率", "Attained"), Kind::Rate),
            (Text::new("状态", "State"), Kind::Light),
        ],
        Against::Pace => vec![(Text::new("预计月末", "Pace"), Kind::Mixed)],
        Against::Trend => vec![(Text::new("近12个月", "12 months"), Kind::Trend)],
    }
}

/// Leaves out comparisons that no figure has: a shop without targets sees no empty target columns.
fn without_empty(mut table: Table) -> Table {
    let nothing = |cell: &Cell| match cell {
        Cell::Empty | Cell::NotKnown => true,
        Cell::Trend(points) => points.iter().flatten().count() < 2,
        _ => false,
    };
    let is_empty = |at: usize| table.rows.iter().all(|row| nothing(&row[at]));
    let keep: Vec<bool> = (0..table.columns.len()).map(|at| at < 2 || !is_empty(at)).collect();
    let mut kept = keep.iter();
    table.columns.retain(|_| *kept.next().unwrap_or(&true));
    for row in &mut table.rows {
        let mut kept = keep.iter();
        row.retain(|_| *kept.next().unwrap_or(&true));
    }
    table
}

/// One figure and the periods that it is compared over.
struct Line<'a, 'f> {
    place: &'a Place<'a, 'f>,
    figure: &'a Figure,
    over: Over,
    /// What comparisons are of: the block's period, of a day's block the month to date.
    base: (Over, Period),
    now: Amount,
    /// A figure of the state of a day (open items, cars in the shop) has no month and no month before.
    dated: bool,
}

impl<'a, 'f> Line<'a, 'f> {
    fn of(place: &'a Place<'a, 'f>, figure: &'a Figure, over: Over) -> PolarsResult<Line<'a, 'f>> {
        let kind = if over == Over::Day { Over::Month } else { over };
        let base = (kind, kind.period(place.as_of));
        let now = place.figures.value(&figure.id, base.1)?;
        Ok(Line { place, figure, over, base, now, dated: is_dated(place.figures, &figure.id) })
    }

    fn value(&self, period: Period) -> PolarsResult<Amount> {
        self.place.figures.value(&self.figure.id, period)
    }

    fn show(&self, amount: Amount) -> Cell {
        figure_cell(self.figure, amount)
    }

    fn cells(&self, part: Against, targets: &Targets) -> PolarsResult<Vec<Cell>> {
        let as_of = self.place.as_of;
        let (kind, period) = self.base;
        let to_date = |over: Over| -> PolarsResult<Cell> {
            if !self.dated {
                return Ok(Cell::NotKnown);
            }
            Ok(self.show(self.value(over.period(as_of))?))
        };
        Ok(match part {
            Against::Period => vec![self.show(self.value(self.over.period(as_of))?)],
            Against::Day => vec![self.show(self.value(Period::day(as_of))?)],
            Against::Week => vec![to_date(Over::Week)?],
            Against::Month => vec![to_date(Over::Month)?],
            Against::Year => vec![to_date(Over::Year)?],
            Against::Before => self.against(kind.before(period))?,
            Against::LastYear => self.against(kind.last_year(period))?,
            Against::MonthAgo => self.against(period.days_before(28))?,
            Against::Target => self.target(targets)?,
            Against::Pace => vec![self.pace(as_of)?.map_or(Cell::NotKnown, |p| self.show(p))],
            Against::Trend => vec![Cell::Trend(self.trend(as_of)?)],
        })
    }

    fn against(&self, then: Period) -> PolarsResult<Vec<Cell>> {
        if !self.dated {
            return Ok(vec![Cell::NotKnown, Cell::NotKnown]);
        }
        let then = self.value(then)?;
        Ok(vec![self.show(then), change(self.now, then)])
    }

    /// The month's target, against the month to date; the light judges the pace where the figure has one.
    fn target(&self, targets: &Targets) -> PolarsResult<Vec<Cell>> {
        let as_of = self.place.as_of;
        let target = targets.of(self.figure, as_of, "");
        let Some(wanted) = target else { return Ok(vec![Cell::NotKnown, Cell::NotKnown, Cell::Empty]) };
        let to_date = self.value(Period::month_to(as_of))?;
        let expected = self.pace(as_of)?.unwrap_or(to_date);
        let state = light(self.figure, target, expected, self.place.lang);
        Ok(vec![self.show(wanted), rate_cell(share(to_date, wanted)), state])
    }

    /// The month's end at the pace so far: sums grow with the days, rates stay. It says something of what is wanted; not
    /// of differences and reductions, nor of states.
    fn pace(&self, as_of: NaiveDate) -> PolarsResult<Option<Amount>> {
        if !self.dated || self.figure.good_up == Some(false) || is_state(self.place.figures, &self.figure.id) {
            return Ok(None);
        }
        let days = Period::month_to(as_of).days();
        let all = Period::month_to(last_of_month(as_of)).days();
        Ok(match self.value(Period::month_to(as_of))? {
            Amount::Whole(value) if self.figure.unit.is_whole() => {
                let scaled = divide_half_away(i128::from(value) * i128::from(all), i128::from(days));
                i64::try_from(scaled).ok().map(Amount::Whole)
            }
            Amount::NotKnown => None,
            as_it_is => Some(as_it_is),
        })
    }

    /// The figure of each of the last twelve months, the newest to date; drawing only.
    fn trend(&self, as_of: NaiveDate) -> PolarsResult<Vec<Option<f64>>> {
        let mut points = Vec::new();
        for period in months(as_of, TREND) {
            let amount = if self.dated { self.value(period)? } else { Amount::NotKnown };
            points.push(match amount {
                Amount::Whole(value) => Some(value as f64),
                Amount::Ratio { denominator: 0, .. } => None,
                Amount::Ratio { numerator, denominator } => Some(numerator as f64 / denominator as f64),
                Amount::NotKnown => None,
            });
        }
        Ok(points)
    }
}

/// The last months up to a date, oldest first, the last one to date.
pub fn months(as_of: NaiveDate, count: u32) -> Vec<Period> {
    let month = |back: u32| {
        let first = Period::month_to(as_of).first.checked_sub_months(chrono::Months::new(back)).unwrap_or(as_of);
        Period { first, last: if back == 0 { as_of } else { last_of_month(first) } }
    };
    (0..count).rev().map(month).collect()
}

/// Whether a figure stands for any period, not for the state of the reporting date alone.
fn is_dated(figures: &Figures<'_>, id: &str) -> bool {
    let bases = crate::report::spec::bases(&figures.catalogue.figures, id);
    bases.iter().any(|base| base.date.is_some() || base.scope == Scope::SettledOrders || base.names_period)
}

/// Whether a figure is a state at the period's end: it does not grow with the days.
fn is_state(figures: &Figures<'_>, id: &str) -> bool {
    match figures.catalogue.figures.get(id).map(|f| &f.formula) {
        Some(Formula::Base(base)) => matches!(base.scope, Scope::Until | Scope::Latest),
        Some(Formula::Sum(terms)) => terms.iter().any(|(_, part)| is_state(figures, part)),
        _ => false,
    }
}
