//! Figures computed: exact whole numbers, by period and by dimensions.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use polars::prelude::*;

use super::frame::{self, day};
use super::spec::{Base, Catalogue, Formula};
use super::views::{self, Material};
use crate::model::{Period, Value};

/// The value of a figure: a whole number, or a numerator and a denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    Whole(i64),
    Ratio { numerator: i64, denominator: i64 },
}

/// Values of dimensions, in the order of the dimensions.
pub type Cell = Vec<Value>;

/// Computes figures on the views of one date; each view is made once, each measure once.
pub struct Figures<'a> {
    material: &'a Material<'a>,
    pub catalogue: &'a Catalogue,
    frames: RefCell<HashMap<String, Rc<DataFrame>>>,
    settled: RefCell<HashMap<Period, Rc<HashSet<String>>>>,
    /// The first day of a view's date column.
    first_days: RefCell<HashMap<(String, String), Option<chrono::NaiveDate>>>,
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
            first_days: RefCell::default(),
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
        Ok(self.by(id, period, &[])?.remove(&Vec::new()).unwrap_or(self.nothing(id)))
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
            Formula::Ratio { numerator, denominator } => {
                let (above, below) =
                    (self.sum(numerator, period, dimensions)?, self.sum(denominator, period, dimensions)?);
                let cells: BTreeSet<&Cell> = above.keys().chain(below.keys()).collect();
                let get = |map: &BTreeMap<Cell, i64>, cell: &Cell| map.get(cell).copied().unwrap_or(0);
                let ratio =
                    |cell: &Cell| Amount::Ratio { numerator: get(&above, cell), denominator: get(&below, cell) };
                Ok(cells.into_iter().map(|cell| (cell.clone(), ratio(cell))).collect())
            }
        }
    }

    fn nothing(&self, id: &str) -> Amount {
        match self.catalogue.figures.get(id).map(|f| &f.formula) {
            Some(Formula::Ratio { .. }) => Amount::Ratio { numerator: 0, denominator: 0 },
            _ => Amount::Whole(0),
        }
    }

    fn sum(&self, terms: &[(i64, String)], period: Period, dimensions: &[String]) -> PolarsResult<BTreeMap<Cell, i64>> {
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
        if self.is_outside(base, period)? {
            return Ok(Rc::default()); // nothing is dated in it: last year of a shop that began this year
        }
        let rows = self.rows(base, period)?;
        let value = base.measure.clone().cast(DataType::Int64).alias("value");
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
        let Some(date) = base.date.as_ref().filter(|_| !base.of_settled_orders) else { return Ok(false) };
        let key = (base.view.clone(), date.clone());
        if let Some(first) = self.first_days.borrow().get(&key) {
            return Ok(first.is_none_or(|first| first > period.last));
        }
        let frame = self.frame(&base.view)?;
        let first = frame::values(&frame, date)?.iter().filter_map(Value::date).min();
        self.first_days.borrow_mut().insert(key, first);
        Ok(first.is_none_or(|first| first > period.last))
    }

    /// The rows of a measure: dated in the period, of the settled orders where the figure says so, filtered.
    fn rows(&self, base: &Base, period: Period) -> PolarsResult<LazyFrame> {
        let held = self.frame(&base.view)?;
        let mut rows = match base.of_settled_orders {
            true => of_orders(&held, &*self.settled_orders(period)?)?.lazy(),
            false => (*held).clone().lazy(),
        };
        if let Some(date) = &base.date {
            rows = rows
                .filter(col(date.as_str()).gt_eq(day(period.first)).and(col(date.as_str()).lt_eq(day(period.last))));
        }
        rows = with_days(rows, self.material.as_of, period);
        Ok(match &base.filter {
            Some(filter) => rows.filter(filter.clone()),
            None => rows,
        })
    }

    /// Orders with at least one settlement in the period that is not reversed in it.
    fn settled_orders(&self, period: Period) -> PolarsResult<Rc<HashSet<String>>> {
        if let Some(held) = self.settled.borrow().get(&period) {
            return Ok(Rc::clone(held));
        }
        let mut orders = HashSet::new();
        if let Some(Formula::Base(base)) = self.catalogue.figures.get(SETTLED).map(|f| &f.formula) {
            let found = collect(self.rows(base, period)?.select([col("order_key")]))?;
            orders.extend(frame::values(&found, "order_key")?.iter().map(|v| v.text().to_owned()));
        }
        let orders = Rc::new(orders);
        self.settled.borrow_mut().insert(period, Rc::clone(&orders));
        Ok(orders)
    }

    /// Rows of a list, filtered; the day is the period.
    pub fn list(&self, view: &str, filter: Option<&Expr>, period: Period) -> PolarsResult<DataFrame> {
        let rows = with_days((*self.frame(view)?).clone().lazy(), self.material.as_of, period);
        match filter {
            Some(filter) => collect(rows.filter(filter.clone())),
            None => collect(rows),
        }
    }
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

/// The days that every expression may name.
fn with_days(rows: LazyFrame, as_of: chrono::NaiveDate, period: Period) -> LazyFrame {
    rows.with_columns([
        day(as_of).alias("as_of"),
        day(period.first).alias("period_first"),
        day(period.last).alias("period_last"),
    ])
}
