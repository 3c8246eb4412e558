//! Figures computed: exact whole numbers, by period and by dimensions.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use chrono::NaiveDate;
use polars::prelude::*;

use super::expr;
use super::frame;
use super::spec::{Base, Catalogue, Formula, Ratio, Scope, Term, bases};
use super::views::{self, Material};
use crate::model::dates::{epoch_days, first_of_month, last_of_month};
use crate::model::{Period, Value};

/// The value of a figure: a whole number, a numerator and a denominator, or nothing that any export tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    Whole(i64),
    Ratio {
        numerator: i64,
        denominator: i64,
    },
    /// No export has told it: a table that never came, a time before the first row.
    NotKnown,
}

/// Values of dimensions, in the order of the dimensions.
pub type Cell = Vec<Value>;

/// Computes figures on the views of one date; each view is made once, each measure once.
pub struct Figures<'a> {
    material: &'a Material<'a>,
    pub catalogue: &'a Catalogue,
    frames: RefCell<HashMap<String, Rc<DataFrame>>>,
    settled: RefCell<HashMap<Period, Rc<HashSet<String>>>>,
    /// Which rows a period takes of a view, before any figure's own filter.
    taken: RefCell<HashMap<Taken, Rc<BooleanChunked>>>,
    /// The days of a view's date column, in order, each once.
    days: RefCell<HashMap<DateColumn, Rc<Vec<NaiveDate>>>>,
    measured: RefCell<HashMap<Measured, Rc<BTreeMap<Cell, i64>>>>,
}

/// A view, its date column.
type DateColumn = (String, String);

/// A view, its date column, scope, period.
type Taken = (String, Option<String>, Scope, Period);

/// A figure, a period, dimensions.
type Measured = (String, Period, Vec<String>);

/// The figure whose orders are the settled orders of a period.
const SETTLED: &str = "settled_orders";

impl<'a> Figures<'a> {
    pub fn new(material: &'a Material<'a>, catalogue: &'a Catalogue) -> Figures<'a> {
        Figures {
            material,
            catalogue,
            frames: RefCell::default(),
            settled: RefCell::default(),
            taken: RefCell::default(),
            days: RefCell::default(),
            measured: RefCell::default(),
        }
    }

    /// The frame of a view.
    pub fn frame(&self, view: &str) -> PolarsResult<Rc<DataFrame>> {
        if let Some(held) = self.frames.borrow().get(view) {
            return Ok(Rc::clone(held));
        }
        let columns = views::columns(view, self.material.tables).unwrap_or_default();
        let rows = views::rows(view, self.material);
        tracing::debug!(view, rows = rows.len(), "view made");
        let made = Rc::new(frame::frame(&columns, &rows)?);
        self.frames.borrow_mut().insert(view.to_owned(), Rc::clone(&made));
        Ok(made)
    }

    /// A figure for a period.
    pub fn value(&self, id: &str, period: Period) -> PolarsResult<Amount> {
        if !self.is_known(id, period)? {
            return Ok(Amount::NotKnown);
        }
        Ok(self.cells(id, period, &[])?.remove(&Vec::new()).unwrap_or(self.nothing(id)))
    }

    /// Whether exports tell the figure for a period: all that it rests on has come, and began before the period's end.
    pub fn is_known(&self, id: &str, period: Period) -> PolarsResult<bool> {
        for base in bases(&self.catalogue.figures, id) {
            if !self.is_told(base, period)? {
                return Ok(false);
            }
        }
        match self.catalogue.figures.get(id).map(|f| &f.formula) {
            Some(Formula::Ratio(ratio)) => Ok(!self.is_lopsided(ratio, period)?),
            _ => Ok(true),
        }
    }

    /// Whether one side of a quotient is told of much more of the period than the other: hours worked since January and
    /// hours attended since October are no rate of the year. Rows of the months beside each other may be of one start.
    fn is_lopsided(&self, ratio: &Ratio, period: Period) -> PolarsResult<bool> {
        let mut begun = Vec::new();
        for (_, id) in ratio.numerator.iter().chain(&ratio.denominator) {
            for base in bases(&self.catalogue.figures, id) {
                begun.extend(self.begun(base)?);
            }
        }
        let (Some(first), Some(last)) = (begun.iter().min(), begun.iter().max()) else { return Ok(false) };
        let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(*first);
        Ok(*last > next && *last > period.first)
    }

    /// The month since which rows of a measure are told; nothing of a state.
    fn begun(&self, base: &Base) -> PolarsResult<Option<NaiveDate>> {
        let (view, date) = match (&base.known_from, &base.date, base.scope) {
            (Some((view, date)), _, _) => (view, date),
            (None, Some(date), Scope::Dated | Scope::WithOpening) => (&base.view, date),
            (None, _, Scope::SettledOrders) => match self.settled_base() {
                Some(Base { view, date: Some(date), .. }) => (view, date),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        Ok(self.days(view, date)?.first().copied().map(first_of_month))
    }

    fn is_told(&self, base: &Base, period: Period) -> PolarsResult<bool> {
        for other in &base.known_with {
            if !self.is_known(other, period)? {
                return Ok(false);
            }
        }
        let table = views::rests_on(&base.view, self.material.tables);
        if table.is_some_and(|table| !self.material.received.contains(table)) {
            return Ok(false);
        }
        if table.and_then(|table| self.material.refused.get(table)).is_some_and(|days| holds_one(days, period)) {
            return Ok(false);
        }
        if let Some((view, date)) = &base.known_from {
            let begun = self.days(view, date)?.first().is_some_and(|first| first_of_month(*first) <= period.last);
            return Ok(begun);
        }
        if base.scope == Scope::SettledOrders {
            return match self.settled_base() {
                Some(settled) => self.is_told(settled, period),
                None => Ok(true),
            };
        }
        if base.scope == Scope::Months && !self.is_of_months(period) {
            return Ok(false);
        }
        let Some(date) = &base.date else { return Ok(true) };
        let days = self.days(&base.view, date)?;
        let opening = period.first.pred_opt().unwrap_or(period.first);
        Ok(match base.scope {
            // The state at a month's end is not told by a snapshot of the month before.
            Scope::Latest if is_whole_months(period) && self.is_behind(table, &days, period) => false,
            Scope::Latest => days.first().is_some_and(|first| *first <= period.last),
            Scope::WithOpening => days.iter().any(|d| (opening..=period.last).contains(d)),
            Scope::Dated if self.is_behind(table, &days, period) => false,
            // Rows of a month tell all of that month.
            _ => days.first().is_none_or(|first| first_of_month(*first) <= period.last),
        })
    }

    /// Whether a period is whole months, the last one perhaps only up to the reporting date.
    fn is_of_months(&self, period: Period) -> bool {
        let ends = [last_of_month(period.last), self.material.as_of];
        period.first == first_of_month(period.first) && ends.contains(&period.last)
    }

    /// Whether the newest export of a table is older than the period, and no row is dated in it or after it.
    fn is_behind(&self, table: Option<&str>, days: &[NaiveDate], period: Period) -> bool {
        let newest = table.and_then(|table| self.material.reach.get(table).copied().flatten());
        newest.is_some_and(|newest| newest < period.first) && days.last().is_none_or(|last| *last < period.first)
    }

    /// A figure for a period by dimensions; a cell where it has no rows is left out. Of one that is not known, because one
    /// of its parts is not, there are no cells: part of a sum is no sum.
    pub fn by(&self, id: &str, period: Period, dimensions: &[String]) -> PolarsResult<BTreeMap<Cell, Amount>> {
        if self.is_known(id, period)? { self.cells(id, period, dimensions) } else { Ok(BTreeMap::new()) }
    }

    fn cells(&self, id: &str, period: Period, dimensions: &[String]) -> PolarsResult<BTreeMap<Cell, Amount>> {
        let Some(figure) = self.catalogue.figures.get(id) else { return Ok(BTreeMap::new()) };
        match &figure.formula {
            Formula::Base(base) => {
                let measured = self.measure(id, base, period, dimensions)?;
                Ok(measured.iter().map(|(cell, value)| (cell.clone(), whole(i128::from(*value)))).collect())
            }
            Formula::Sum(terms) => {
                let sums = self.sum(terms, period, dimensions)?;
                Ok(sums.into_iter().map(|(cell, value)| (cell, value.map_or(Amount::NotKnown, whole))).collect())
            }
            Formula::Ratio(ratio) => self.ratio(ratio, period, dimensions),
        }
    }

    fn ratio(&self, ratio: &Ratio, period: Period, dimensions: &[String]) -> PolarsResult<BTreeMap<Cell, Amount>> {
        let above = self.sum(&ratio.numerator, period, dimensions)?;
        let below = self.sum(&ratio.denominator, period, dimensions)?;
        let (times, per) = (self.product(&ratio.times, period)?, self.product(&ratio.per, period)?);
        let side = |map: &BTreeMap<Cell, Option<i128>>, cell: &Cell, by: Option<i128>| {
            map.get(cell).copied().unwrap_or(Some(0))?.checked_mul(by?)
        };
        let cells: BTreeSet<&Cell> = above.keys().chain(below.keys()).collect();
        let ratio = |cell: &Cell| match (side(&above, cell, times), side(&below, cell, per)) {
            (Some(numerator), Some(denominator)) => reduced(numerator, denominator),
            _ => Amount::NotKnown,
        };
        Ok(cells.into_iter().map(|cell| (cell.clone(), ratio(cell))).collect())
    }

    /// The product of figures of the whole period; 1 of none, nothing where it cannot be counted.
    fn product(&self, ids: &[String], period: Period) -> PolarsResult<Option<i128>> {
        let mut product = Some(1_i128);
        for id in ids {
            let factor = match self.value(id, period)? {
                Amount::Whole(value) => i128::from(value),
                _ => 0,
            };
            product = product.and_then(|product| product.checked_mul(factor));
        }
        Ok(product)
    }

    fn nothing(&self, id: &str) -> Amount {
        match self.catalogue.figures.get(id).map(|f| &f.formula) {
            Some(Formula::Ratio(_)) => Amount::Ratio { numerator: 0, denominator: 0 },
            _ => Amount::Whole(0),
        }
    }

    /// What stands where a figure has no rows for a cell: nothing, or not known.
    pub fn blank(&self, id: &str, period: Period) -> PolarsResult<Amount> {
        Ok(if self.is_known(id, period)? { self.nothing(id) } else { Amount::NotKnown })
    }

    /// Sums by dimensions; one of which a part cannot be counted exactly is nothing.
    fn sum(&self, terms: &[Term], period: Period, dimensions: &[String]) -> PolarsResult<BTreeMap<Cell, Option<i128>>> {
        let mut sums: BTreeMap<Cell, Option<i128>> = BTreeMap::new();
        for (sign, id) in terms {
            for (cell, amount) in self.cells(id, period, dimensions)? {
                let sum = sums.entry(cell).or_insert(Some(0));
                match amount {
                    Amount::Whole(value) => *sum = sum.map(|sum| sum + i128::from(*sign) * i128::from(value)),
                    Amount::NotKnown => *sum = None,
                    Amount::Ratio { .. } => {} // a rate is never summed: the specs are checked
                }
            }
        }
        Ok(sums)
    }

    fn measure(
        &self,
        id: &str,
        base: &Base,
        period: Period,
        dimensions: &[String],
    ) -> PolarsResult<Rc<BTreeMap<Cell, i64>>> {
        let key = (id.to_owned(), period, dimensions.to_vec());
        if let Some(held) = self.measured.borrow().get(&key) {
            return Ok(Rc::clone(held));
        }
        if !self.is_told(base, period)? || self.is_outside(base, period)? {
            return Ok(Rc::default()); // nothing is dated in it: last year of a shop that began this year
        }
        let measure = self.bound(&base.measure, period);
        let rows = self.rows(base, period, |name| dimensions.iter().any(|d| d == name) || names(&measure, name))?;
        let value = measure.cast(DataType::Int64).alias("value");
        let by: Vec<Expr> = dimensions.iter().map(|d| col(d.as_str())).collect();
        let found = match by.is_empty() {
            true => collect(rows.lazy().select_seq([value]))?,
            false => collect(rows.lazy().group_by(by).agg([value]))?,
        };
        let mut columns = Vec::new();
        for dimension in dimensions {
            columns.push(frame::values(&found, dimension)?);
        }
        let values = frame::values(&found, "value")?;
        let mut cells = BTreeMap::new();
        for (row, value) in values.iter().enumerate() {
            let cell: Cell = columns.iter().map(|c| c[row].clone()).collect();
            cells.insert(cell, value.int().unwrap_or(0));
        }
        let cells = Rc::new(cells);
        self.measured.borrow_mut().insert(key, Rc::clone(&cells));
        Ok(cells)
    }

    /// Whether every row of the measure's view is dated after the period.
    fn is_outside(&self, base: &Base, period: Period) -> PolarsResult<bool> {
        match &base.date {
            Some(date) if matches!(base.scope, Scope::Dated | Scope::Months) => {
                Ok(self.days(&base.view, date)?.first().is_none_or(|first| *first > period.last))
            }
            _ => Ok(false),
        }
    }

    /// Whether the figures of parts add up to that of the whole: not where things are counted once. Over time not that
    /// of a state either.
    pub fn adds_up(&self, id: &str, over_time: bool) -> bool {
        let bases = bases(&self.catalogue.figures, id);
        bases.iter().all(|base| base.is_sum && (!over_time || matches!(base.scope, Scope::Dated | Scope::Months)))
    }

    /// The days of a view's date column, in order.
    fn days(&self, view: &str, date: &str) -> PolarsResult<Rc<Vec<NaiveDate>>> {
        let key = (view.to_owned(), date.to_owned());
        if let Some(held) = self.days.borrow().get(&key) {
            return Ok(Rc::clone(held));
        }
        let frame = self.frame(view)?;
        let days: BTreeSet<NaiveDate> = frame::values(&frame, date)?.iter().filter_map(Value::date).collect();
        let days = Rc::new(days.into_iter().collect::<Vec<_>>());
        self.days.borrow_mut().insert(key, Rc::clone(&days));
        Ok(days)
    }

    /// The rows of a measure, filtered, with the columns that are wanted; only they and those of the filter are moved.
    fn rows(&self, base: &Base, period: Period, wanted: impl Fn(&str) -> bool) -> PolarsResult<DataFrame> {
        let all = self.frame(&base.view)?;
        let filter = base.filter.as_ref().map(|filter| self.bound(filter, period));
        let named = |name: &str| wanted(name) || filter.as_ref().is_some_and(|filter| names(filter, name));
        let kept = all.get_column_names().into_iter().filter(|name| named(name.as_str()));
        let kept: Vec<PlSmallStr> = kept.cloned().collect();
        // A measure that names no column counts rows.
        let narrow = if kept.is_empty() { (*all).clone() } else { all.select(kept)? };
        let rows = narrow.filter_seq(&*self.taken(base, period)?)?;
        match filter {
            Some(filter) => rows.filter_seq(&mask(&rows, filter)?),
            None => Ok(rows),
        }
    }

    /// Which rows of a view a period takes by a figure's scope.
    fn taken(&self, base: &Base, period: Period) -> PolarsResult<Rc<BooleanChunked>> {
        let key = (base.view.clone(), base.date.clone(), base.scope, period);
        if let Some(held) = self.taken.borrow().get(&key) {
            return Ok(Rc::clone(held));
        }
        let all = self.frame(&base.view)?;
        let mut rows = match base.scope {
            Scope::SettledOrders => of_orders(&all, &*self.settled_orders(period)?)?,
            _ => BooleanChunked::full("taken".into(), true, all.height()),
        };
        if let Some(date) = &base.date {
            let (first, last) = self.span(base, date, period)?;
            rows = &rows & &dated(&all, date, first, last)?;
        }
        let rows = Rc::new(rows);
        self.taken.borrow_mut().insert(key, Rc::clone(&rows));
        Ok(rows)
    }

    /// The days from which a figure's scope takes rows; from the beginning where there is no first.
    fn span(&self, base: &Base, date: &str, period: Period) -> PolarsResult<(Option<NaiveDate>, NaiveDate)> {
        let opening = period.first.pred_opt().unwrap_or(period.first);
        Ok(match base.scope {
            Scope::Until => (None, period.last),
            Scope::WithOpening => (Some(opening), period.last),
            Scope::Latest => {
                let days = self.days(&base.view, date)?;
                let newest = days.iter().copied().rfind(|d| *d <= period.last).unwrap_or(period.last);
                (Some(newest), newest)
            }
            Scope::Dated | Scope::SettledOrders | Scope::Months => (Some(period.first), period.last),
        })
    }

    fn bound(&self, expr: &Expr, period: Period) -> Expr {
        expr::bind(expr, self.material.as_of, period, self.material.named)
    }

    /// The measure whose orders are the settled orders of a period.
    fn settled_base(&self) -> Option<&'a Base> {
        match self.catalogue.figures.get(SETTLED).map(|f| &f.formula) {
            Some(Formula::Base(base)) => Some(base),
            _ => None,
        }
    }

    /// Orders with at least one settlement in the period that is not reversed in it.
    fn settled_orders(&self, period: Period) -> PolarsResult<Rc<HashSet<String>>> {
        if let Some(held) = self.settled.borrow().get(&period) {
            return Ok(Rc::clone(held));
        }
        let mut orders = HashSet::new();
        if let Some(base) = self.settled_base() {
            let found = self.rows(base, period, |name| name == "order_key")?;
            orders.extend(frame::values(&found, "order_key")?.iter().map(|v| v.text().to_owned()));
        }
        let orders = Rc::new(orders);
        self.settled.borrow_mut().insert(period, Rc::clone(&orders));
        Ok(orders)
    }

    /// Rows of a list, filtered; the filter may name the period.
    pub fn list(&self, view: &str, filter: Option<&Expr>, period: Period) -> PolarsResult<DataFrame> {
        let all = self.frame(view)?;
        match filter {
            Some(filter) => all.filter_seq(&mask(&all, self.bound(filter, period))?),
            None => Ok((*all).clone()),
        }
    }
}

fn holds_one(days: &BTreeSet<NaiveDate>, period: Period) -> bool {
    days.range(period.first..=period.last).next().is_some()
}

fn is_whole_months(period: Period) -> bool {
    period.first == first_of_month(period.first) && period.last == last_of_month(period.last)
}

/// The plans are small and over frames in memory: planning them cleverly costs more than it saves, and so does handing
/// them to other threads, which is why rows are filtered here and not by the plan.
fn collect(rows: LazyFrame) -> PolarsResult<DataFrame> {
    rows.without_optimizations().collect()
}

/// Which rows fulfil a condition; one that is not known does not.
fn mask(frame: &DataFrame, condition: Expr) -> PolarsResult<BooleanChunked> {
    let found = collect(frame.clone().lazy().select_seq([condition.alias("holds")]))?;
    Ok(found.column("holds")?.as_materialized_series().bool()?.clone())
}

/// Which rows are dated on these days.
fn dated(frame: &DataFrame, date: &str, first: Option<NaiveDate>, last: NaiveDate) -> PolarsResult<BooleanChunked> {
    let days = frame.column(date)?.as_materialized_series().to_physical_repr().into_owned();
    let days = days.i32()?;
    let until = days.lt_eq(epoch_days(last));
    Ok(first.map_or_else(|| until.clone(), |first| &days.gt_eq(epoch_days(first)) & &until))
}

/// Whether an expression names a column.
fn names(expr: &Expr, column: &str) -> bool {
    expr.into_iter().any(|part| matches!(part, Expr::Column(name) if name.as_str() == column))
}

/// Which rows are of an order of the set: a semi-join, which never makes a second row.
fn of_orders(frame: &DataFrame, orders: &HashSet<String>) -> PolarsResult<BooleanChunked> {
    let keys = frame.column("order_key")?.as_materialized_series();
    Ok(keys.str()?.iter().map(|key| key.is_some_and(|k| orders.contains(k))).collect())
}

/// The largest number that a spreadsheet holds exactly, in round figures: 2^53 is just above it.
const EXACT: i128 = 9_000_000_000_000_000;

/// A whole amount; one that a spreadsheet could only show nearly is not known.
fn whole(value: i128) -> Amount {
    let exact = i64::try_from(value).ok().filter(|_| value.abs() <= EXACT);
    exact.map_or(Amount::NotKnown, Amount::Whole)
}

/// A quotient in whole numbers that fit, in lowest terms only where they would not.
fn reduced(numerator: i128, denominator: i128) -> Amount {
    let fit = |n: i128, d: i128| match (i64::try_from(n), i64::try_from(d)) {
        (Ok(numerator), Ok(denominator)) => Some(Amount::Ratio { numerator, denominator }),
        _ => None,
    };
    let (mut a, mut b) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let common = i128::try_from(a.max(1)).unwrap_or(1);
    let exact = fit(numerator, denominator).or_else(|| fit(numerator / common, denominator / common));
    exact.unwrap_or(Amount::NotKnown)
}
