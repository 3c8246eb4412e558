//! Figures computed: exact whole numbers, by period and by dimensions.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use chrono::NaiveDate;
use polars::prelude::*;

use super::expr;
use super::frame::{self, day};
use super::spec::{Base, Catalogue, Formula, Ratio, Scope, Term, bases};
use super::views::{self, Material};
use crate::model::dates::{first_of_month, last_of_month};
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
    /// The days of a view's date column, in order, each once.
    days: RefCell<HashMap<(String, String), Rc<Vec<NaiveDate>>>>,
    measured: RefCell<HashMap<Measured, Rc<BTreeMap<Cell, i64>>>>,
}

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
        let made = Rc::new(frame::frame(&columns, &views::rows(view, self.material))?);
        self.frames.borrow_mut().insert(view.to_owned(), Rc::clone(&made));
        Ok(made)
    }

    /// A figure for a period.
    pub fn value(&self, id: &str, period: Period) -> PolarsResult<Amount> {
        if !self.is_known(id, period)? {
            return Ok(Amount::NotKnown);
        }
        Ok(self.by(id, period, &[])?.remove(&Vec::new()).unwrap_or(self.nothing(id)))
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

    /// Whether the newest export of a table is older than the period, and no row is dated in it or after it.
    fn is_behind(&self, table: Option<&str>, days: &[NaiveDate], period: Period) -> bool {
        let newest = table.and_then(|table| self.material.reach.get(table).copied().flatten());
        newest.is_some_and(|newest| newest < period.first) && days.last().is_none_or(|last| *last < period.first)
    }

    /// A figure for a period by dimensions; a cell where it has no rows is left out.
    pub fn by(&self, id: &str, period: Period, dimensions: &[String]) -> PolarsResult<BTreeMap<Cell, Amount>> {
        let Some(figure) = self.catalogue.figures.get(id) else { return Ok(BTreeMap::new()) };
        match &figure.formula {
            Formula::Base(base) => {
                let measured = self.measure(id, base, period, dimensions)?;
                Ok(measured.iter().map(|(cell, value)| (cell.clone(), Amount::Whole(*value))).collect())
            }
            Formula::Sum(terms) => {
                let sums = self.sum(terms, period, dimensions)?;
                Ok(sums.into_iter().map(|(cell, value)| (cell, Amount::Whole(value))).collect())
            }
            Formula::Ratio(ratio) => self.ratio(ratio, period, dimensions),
        }
    }

    fn ratio(&self, ratio: &Ratio, period: Period, dimensions: &[String]) -> PolarsResult<BTreeMap<Cell, Amount>> {
        let above = self.sum(&ratio.numerator, period, dimensions)?;
        let below = self.sum(&ratio.denominator, period, dimensions)?;
        let (times, per) = (self.product(&ratio.times, period)?, self.product(&ratio.per, period)?);
        let get = |map: &BTreeMap<Cell, i64>, cell: &Cell| i128::from(map.get(cell).copied().unwrap_or(0));
        let cells: BTreeSet<&Cell> = above.keys().chain(below.keys()).collect();
        let ratio = |cell: &Cell| reduced(get(&above, cell) * times, get(&below, cell) * per);
        Ok(cells.into_iter().map(|cell| (cell.clone(), ratio(cell))).collect())
    }

    /// The product of figures of the whole period; 1 of none.
    fn product(&self, ids: &[String], period: Period) -> PolarsResult<i128> {
        let mut product = 1;
        for id in ids {
            product *= match self.value(id, period)? {
                Amount::Whole(value) => i128::from(value),
                _ => 0,
            };
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

    fn sum(&self, terms: &[Term], period: Period, dimensions: &[String]) -> PolarsResult<BTreeMap<Cell, i64>> {
        let mut sums: BTreeMap<Cell, i64> = BTreeMap::new();
        for (sign, id) in terms {
            for (cell, amount) in self.by(id, period, dimensions)? {
                if let Amount::Whole(value) = amount {
                    *sums.entry(cell).or_insert(0) += sign * value;
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
        let rows = self.rows(base, period)?;
        let measure = expr::bind(&base.measure, self.material.as_of, period, self.material.named);
        let value = measure.cast(DataType::Int64).alias("value");
        let names: Vec<Expr> = dimensions.iter().map(|d| col(d.as_str())).collect();
        let found = match names.is_empty() {
            true => collect(rows.select([value]))?,
            false => collect(rows.group_by(names).agg([value]))?,
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
            Some(date) if base.scope == Scope::Dated => {
                Ok(self.days(&base.view, date)?.first().is_none_or(|first| *first > period.last))
            }
            _ => Ok(false),
        }
    }

    /// Whether the figures of parts add up to that of the whole: not where things are counted once. Over time not that
    /// of a state either.
    pub fn adds_up(&self, id: &str, over_time: bool) -> bool {
        let bases = bases(&self.catalogue.figures, id);
        bases.iter().all(|base| base.is_sum && (!over_time || base.scope == Scope::Dated))
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

    /// The rows of a measure: those that the period takes by the figure's scope, filtered.
    fn rows(&self, base: &Base, period: Period) -> PolarsResult<LazyFrame> {
        let held = self.frame(&base.view)?;
        let mut rows = match base.scope {
            Scope::SettledOrders => of_orders(&held, &*self.settled_orders(period)?)?.lazy(),
            _ => (*held).clone().lazy(),
        };
        if let Some(date) = &base.date {
            let opening = period.first.pred_opt().unwrap_or(period.first);
            let (first, last) = match base.scope {
                Scope::Until => (None, period.last),
                Scope::WithOpening => (Some(opening), period.last),
                Scope::Latest => {
                    let days = self.days(&base.view, date)?;
                    let newest = days.iter().copied().rfind(|d| *d <= period.last).unwrap_or(period.last);
                    (Some(newest), newest)
                }
                Scope::Dated | Scope::SettledOrders => (Some(period.first), period.last),
            };
            let dated = col(date.as_str()).lt_eq(day(last));
            rows = rows.filter(match first {
                Some(first) => col(date.as_str()).gt_eq(day(first)).and(dated),
                None => dated,
            });
        }
        Ok(match &base.filter {
            Some(filter) => rows.filter(expr::bind(filter, self.material.as_of, period, self.material.named)),
            None => rows,
        })
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
            let found = collect(self.rows(base, period)?.select([col("order_key")]))?;
            orders.extend(frame::values(&found, "order_key")?.iter().map(|v| v.text().to_owned()));
        }
        let orders = Rc::new(orders);
        self.settled.borrow_mut().insert(period, Rc::clone(&orders));
        Ok(orders)
    }

    /// Rows of a list, filtered; the filter may name the period.
    pub fn list(&self, view: &str, filter: Option<&Expr>, period: Period) -> PolarsResult<DataFrame> {
        let rows = (*self.frame(view)?).clone().lazy();
        match filter {
            Some(filter) => collect(rows.filter(expr::bind(filter, self.material.as_of, period, self.material.named))),
            None => collect(rows),
        }
    }
}

fn is_whole_months(period: Period) -> bool {
    period.first == first_of_month(period.first) && period.last == last_of_month(period.last)
}

/// The plans are a filter and a sum over frames in memory: planning them cleverly costs more than it saves.
fn collect(rows: LazyFrame) -> PolarsResult<DataFrame> {
    rows.without_optimizations().collect()
}

/// Keeps the rows whose order is in the set: a semi-join, which never makes a second row.
fn of_orders(frame: &DataFrame, orders: &HashSet<String>) -> PolarsResult<DataFrame> {
    let keys = frame.column("order_key")?.as_materialized_series();
    let mask: BooleanChunked = keys.str()?.iter().map(|key| key.is_some_and(|k| orders.contains(k))).collect();
    frame.filter(&mask)
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
