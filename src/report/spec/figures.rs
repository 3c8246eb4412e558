//! Figure specs: every key figure once.

mod raw;

use std::collections::BTreeMap;

use polars::prelude::Expr;
use serde::Deserialize;

pub use raw::{has_dimension, load};

/// A key figure: a measure on a view, or a quotient of other figures. A rate's total is the rate of the totals.
pub struct Figure {
    pub id: String,
    pub zh: String,
    pub en: String,
    /// What it means, with the settings that hold filled in.
    pub define_zh: String,
    pub define_en: String,
    pub unit: Unit,
    /// More is better (`true`), less is better (`false`), or neither.
    pub good_up: Option<bool>,
    /// A part of other figures, not shown by itself.
    pub internal: bool,
    /// Dimensions by which the manifest lists the figure of a month.
    pub by: Vec<String>,
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
    /// A mean score.
    Score,
    /// A mean number of days.
    Days,
    Months,
    /// How often something turns over.
    Turns,
    /// A quotient of like things that is no share.
    Times,
}

impl Unit {
    /// Whether sums of it grow with the days.
    pub fn is_whole(self) -> bool {
        matches!(self, Unit::Fen | Unit::Hours | Unit::Count | Unit::Quantity)
    }

    /// Whether it is a quotient shown as the number that it is.
    pub fn is_plain(self) -> bool {
        matches!(self, Unit::Score | Unit::Days | Unit::Months | Unit::Turns | Unit::Times)
    }
}

pub enum Formula {
    Base(Box<Base>),
    Ratio(Ratio),
    /// A sum of figures with signs.
    Sum(Vec<Term>),
}

/// A sign and the id of a figure.
pub type Term = (i64, String);

/// Sums of figures with signs: numerator ÷ denominator.
pub struct Ratio {
    pub numerator: Vec<Term>,
    pub denominator: Vec<Term>,
    /// Figures of the whole period, without dimensions, that multiply the numerator (days in the period).
    pub times: Vec<String>,
    /// The same for the denominator (number of snapshots).
    pub per: Vec<String>,
}

/// A measure on a view.
pub struct Base {
    pub view: String,
    /// The date column on which a row counts.
    pub date: Option<String>,
    pub filter: Option<Expr>,
    pub measure: Expr,
    pub scope: Scope,
    /// A view or table and its date column, since whose first row the figure is known; else since the view's own.
    pub known_from: Option<(String, String)>,
    /// Whether the expressions name the period: then the figure stands for any period though it has no date.
    pub names_period: bool,
    /// Whether the measure of a whole is the sum of its parts'.
    pub is_sum: bool,
    /// Figures without which this one is not known either: its rows tell something of other tables too.
    pub known_with: Vec<String>,
}

/// Which rows of the view a period takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Dated in the period; without a date the state of the reporting date.
    #[default]
    Dated,
    /// Of the settled orders of the period.
    SettledOrders,
    /// Dated up to the period's last day: a state.
    Until,
    /// Of the newest date not after the period's last day: a snapshot.
    Latest,
    /// Dated in the period or on the day before it: the snapshots of an average.
    WithOpening,
    /// Of a view with one row a month, dated on its first day: the months of the period. A day or a week has none.
    Months,
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

/// The measures that a figure rests on, itself or by its parts.
pub fn bases<'a>(figures: &'a BTreeMap<String, Figure>, id: &str) -> Vec<&'a Base> {
    let Some(figure) = figures.get(id) else { return Vec::new() };
    let of = |terms: &'a [Term]| terms.iter().flat_map(|(_, part)| bases(figures, part)).collect::<Vec<_>>();
    match &figure.formula {
        Formula::Base(base) => vec![base],
        Formula::Sum(terms) => of(terms),
        Formula::Ratio(ratio) => [of(&ratio.numerator), of(&ratio.denominator)].concat(),
    }
}
