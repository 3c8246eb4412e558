//! Figure specs: every key figure once.

use std::collections::BTreeMap;

use polars::prelude::Expr;
use serde::Deserialize;

use crate::report::{expr, views};
use crate::spec::tables::Tables;
use crate::spec::{Spanned, SpecError, SpecFile, SpecFiles};

/// A key figure: a measure on a view, or a quotient of other figures. A rate's total is the rate of the totals.
pub struct Figure {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub define_zh: String,
    pub define_en: String,
    pub unit: Unit,
    /// More is better (`true`), less is better (`false`), or neither.
    pub good_up: Option<bool>,
    /// A part of other figures, not shown by itself.
    pub internal: bool,
    pub formula: Formula,
}

/// What the whole numbers of a figure are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Fen,
    /// Hundredths of an hour.
    Hours,
    Count,
    /// Millionths.
    Quantity,
    /// A quotient shown as per cent.
    Rate,
    /// Fen per count, shown in yuan.
    FenPerCount,
    /// Fen per hundredth of an hour, shown in yuan per hour.
    FenPerHour,
    /// Hundredths of an hour per count, shown in hours.
    HoursPerCount,
    /// A mean score: sum of scores ÷ calls, shown as a number.
    Score,
}

pub enum Formula {
    Base(Box<Base>),
    /// Sums of figures with signs: numerator ÷ denominator.
    Ratio {
        numerator: Vec<(i64, String)>,
        denominator: Vec<(i64, String)>,
    },
    /// A sum of figures with signs.
    Sum(Vec<(i64, String)>),
}

/// A measure on a view.
pub struct Base {
    pub view: String,
    /// The date column on which a row counts.
    pub date: Option<String>,
    pub filter: Option<Expr>,
    pub measure: Expr,
    /// Only rows of the settled orders of the period (`settled_orders`).
    pub of_settled_orders: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    figure: Vec<RawFigure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFigure {
    id: Spanned<String>,
    zh: String,
    en: String,
    #[serde(default)]
    define_zh: String,
    #[serde(default)]
    define_en: String,
    unit: Unit,
    good: Option<Direction>,
    #[serde(default)]
    internal: bool,
    view: Option<Spanned<String>>,
    date: Option<Spanned<String>>,
    filter: Option<Spanned<String>>,
    measure: Option<Spanned<String>>,
    scope: Option<Scope>,
    numerator: Option<Vec<Spanned<String>>>,
    denominator: Option<Vec<Spanned<String>>>,
    sum: Option<Vec<Spanned<String>>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Up,
    Down,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Scope {
    SettledOrders,
}

pub fn load(files: &SpecFiles, tables: &Tables) -> Result<BTreeMap<String, Figure>, SpecError> {
    let mut raws: Vec<(&SpecFile, RawFigure)> = Vec::new();
    for file in files.under("figures/") {
        raws.extend(file.read::<RawFile>()?.figure.into_iter().map(|raw| (file, raw)));
    }
    let ids: Vec<String> = raws.iter().map(|(_, raw)| raw.id.get_ref().clone()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut figures: BTreeMap<String, Figure> = BTreeMap::new();
    for (file, raw) in raws {
        let (id, of_shop) = (raw.id.clone(), file.of_shop);
        let figure = raw.checked(file, tables, &ids)?;
        if figures.insert(figure.id.clone(), figure).is_some() && !of_shop {
            return Err(file.error_at(&id, format!("figure `{}` exists already", id.get_ref())));
        }
    }
    Ok(figures)
}

impl RawFigure {
    fn checked(self, file: &SpecFile, tables: &Tables, ids: &[&str]) -> Result<Figure, SpecError> {
        let terms = |list: &[Spanned<String>]| {
            let term = |word: &Spanned<String>| {
                let (sign, id) = word.get_ref().strip_prefix('-').map_or((1, word.get_ref().as_str()), |id| (-1, id));
                if !ids.contains(&id) {
                    return Err(file.wrong_word(word, "figure", ids));
                }
                Ok((sign, id.to_owned()))
            };
            list.iter().map(term).collect::<Result<Vec<_>, SpecError>>()
        };
        let formula = match (&self.measure, &self.numerator, &self.denominator, &self.sum) {
            (Some(measure), None, None, None) => Formula::Base(Box::new(self.base(file, tables, measure)?)),
            (None, Some(n), Some(d), None) => Formula::Ratio { numerator: terms(n)?, denominator: terms(d)? },
            (None, None, None, Some(sum)) => Formula::Sum(terms(sum)?),
            _ => {
                let hint = "give `view` and `measure`, or `numerator` and `denominator`, or `sum`";
                return Err(file.error_at(&self.id, hint));
            }
        };
        Ok(Figure {
            id: self.id.into_inner(),
            zh: self.zh,
            en: self.en,
            define_zh: self.define_zh,
            define_en: self.define_en,
            unit: self.unit,
            good_up: self.good.map(|g| matches!(g, Direction::Up)),
            internal: self.internal,
            formula,
        })
    }

    fn base(&self, file: &SpecFile, tables: &Tables, measure: &Spanned<String>) -> Result<Base, SpecError> {
        let Some(view) = &self.view else { return Err(file.error_at(measure, "a measure needs a `view`")) };
        let columns = views::columns(view.get_ref(), tables);
        let columns = columns.ok_or_else(|| file.wrong_word(view, "view", &views::ids(tables)))?;
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        if let Some(date) = self.date.as_ref().filter(|d| !names.contains(&d.get_ref().as_str())) {
            return Err(file.wrong_word(date, "column", &names));
        }
        Ok(Base {
            view: view.get_ref().clone(),
            date: self.date.as_ref().map(|d| d.get_ref().clone()),
            filter: self.filter.as_ref().map(|f| expr::parse(file, f, &columns)).transpose()?,
            measure: expr::parse(file, measure, &columns)?,
            of_settled_orders: matches!(self.scope, Some(Scope::SettledOrders)),
        })
    }
}

impl Figure {
    pub fn name(&self, lang: crate::model::Lang) -> &str {
        match lang {
            crate::model::Lang::Zh => &self.zh,
            crate::model::Lang::En => &self.en,
        }
    }

    pub fn definition(&self, lang: crate::model::Lang) -> &str {
        match lang {
            crate::model::Lang::Zh => &self.define_zh,
            crate::model::Lang::En => &self.define_en,
        }
    }
}
