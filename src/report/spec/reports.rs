//! Report and workbook specs: readers, workbook, sheets of blocks.

mod raw;

use chrono::{Datelike, NaiveDate, Weekday};
use polars::prelude::Expr;
use serde::Deserialize;

use super::figures::{Term, Unit};
use crate::model::Period;
use crate::model::dates::last_of_month;
use crate::reconcile::CheckKind;
use crate::report::frame::ViewColumn;

pub use raw::{load, load_workbooks};

/// A workbook: its readers, and the figures of its first sheet.
pub struct Workbook {
    pub id: String,
    pub zh: String,
    pub en: String,
    pub readers_zh: String,
    pub readers_en: String,
    /// Figures of the first sheet, in order.
    pub headline: Vec<String>,
    /// Show what the clearing and the checks leave to a person.
    pub needs_person: bool,
    /// Show these checks only, where they fired.
    pub checks: Vec<CheckKind>,
}

/// A report: sheets of one workbook, due by its period.
pub struct Report {
    pub id: String,
    /// Codes of the field's catalogue: A1, D9.
    pub codes: Vec<String>,
    pub zh: String,
    pub en: String,
    pub span: Span,
    /// Day of the next month on which it is handed in, where a day is set.
    pub due_day: Option<u32>,
    pub workbook: String,
    /// Place among the reports of its workbook, lowest first.
    pub place: u32,
    /// Tables without which the report is incomplete.
    pub needs: Vec<String>,
    /// Left out while none of the tables that it needs has ever been received: a register that a shop may keep.
    pub optional: bool,
    pub sheets: Vec<SheetSpec>,
    pub ties: Vec<Tie>,
}

/// When a report is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// Every date.
    Daily,
    /// Sundays.
    Weekly,
    /// The last day of a month.
    Monthly,
}

impl Span {
    /// Whether a report of this span is due for a date.
    pub fn is_due(self, as_of: NaiveDate) -> bool {
        match self {
            Span::Daily => true,
            Span::Weekly => as_of.weekday() == Weekday::Sun,
            Span::Monthly => as_of == last_of_month(as_of),
        }
    }

    /// The period that its blocks are of unless they say another.
    pub fn usual(self) -> Over {
        match self {
            Span::Daily => Over::Day,
            Span::Weekly => Over::Week,
            Span::Monthly => Over::Month,
        }
    }
}

/// Two sums of figures that must be equal.
pub struct Tie {
    pub zh: String,
    pub en: String,
    pub left: Vec<Term>,
    pub right: Vec<Term>,
    pub over: Over,
    /// Two ways of computing one thing: a control total of the run. Else what exports say of each other, only shown.
    pub strict: bool,
    /// What both sides are counted in.
    pub unit: Unit,
}

pub struct SheetSpec {
    pub zh: String,
    pub en: String,
    /// Date basis and other words under the title.
    pub note_zh: String,
    pub note_en: String,
    pub sign_off: bool,
    pub blocks: Vec<Block>,
}

pub struct Block {
    pub zh: String,
    pub en: String,
    pub over: Over,
    pub kind: BlockKind,
    pub chart: Option<Chart>,
}

/// A chart beside a block's table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    pub kind: ChartKind,
    /// Figure or column whose values are drawn.
    pub values: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChartKind {
    Column,
    Bar,
    Line,
    Pie,
}

pub enum BlockKind {
    List(ListSpec),
    Table(TableSpec),
    /// Figures by periods.
    Scorecard {
        figures: Vec<String>,
        columns: Vec<Against>,
    },
}

/// Columns of a view, filtered and ordered.
pub struct ListSpec {
    pub view: String,
    pub filter: Option<Expr>,
    pub order: Vec<(String, bool)>,
    pub columns: Vec<ListColumn>,
    pub totals: Vec<String>,
    /// Phones are shown whole: a call list.
    pub whole_phones: bool,
    /// No more rows than this.
    pub top: Option<usize>,
    /// Empty rows at the end, to write in by hand.
    pub extra: usize,
}

/// Figures by dimensions of their views, or by days or months.
pub struct TableSpec {
    pub rows: Vec<(String, ViewColumn)>,
    pub by: Option<Step>,
    /// Each figure once a month or a day, across: figures by a dimension and time.
    pub across: Option<Step>,
    pub figures: Vec<String>,
    pub compare: Vec<Against>,
    /// With the targets of the dimension's members.
    pub targets: bool,
}

/// Days or months, down a table instead of a dimension or across it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Each day of the period.
    Day,
    /// The twelve months that end with the period's.
    Month,
}

pub enum ListColumn {
    Plain(ViewColumn),
    /// numerator ÷ denominator, two columns of the view.
    Rate {
        zh: String,
        en: String,
        numerator: String,
        denominator: String,
    },
    /// Empty, to be filled in by hand.
    Blank {
        zh: String,
        en: String,
        /// Words that may be chosen, in Chinese and English; none where anything may be written.
        words: Vec<(String, String)>,
    },
}

/// The period of a block's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    Day,
    /// Monday to the date.
    Week,
    /// The month to date.
    Month,
    /// The year to date.
    Year,
}

impl Over {
    /// The period that ends with the date.
    pub fn period(self, as_of: NaiveDate) -> Period {
        match self {
            Over::Day => Period::day(as_of),
            Over::Week => Period::week_to(as_of),
            Over::Month => Period::month_to(as_of),
            Over::Year => Period::year_to(as_of),
        }
    }

    /// The period before (环比).
    pub fn before(self, period: Period) -> Period {
        match self {
            Over::Day => period.days_before(1),
            Over::Week => period.days_before(7),
            Over::Month => period.month_before(),
            Over::Year => period.year_before(),
        }
    }

    /// The same period of last year (同比); a week is the one of the same weekdays.
    pub fn last_year(self, period: Period) -> Period {
        if self == Over::Week { period.days_before(364) } else { period.year_before() }
    }
}

/// What a scorecard or a table sets beside a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The block's own period.
    Period,
    Day,
    Week,
    Month,
    Year,
    /// 环比: the period before, and the change.
    Before,
    /// 同比: the same period of last year, and the change.
    LastYear,
    /// The same week of the month before: four weeks earlier.
    MonthAgo,
    /// The month's target, what is attained, a light.
    Target,
    /// The month's end at the pace so far.
    Pace,
    /// The last twelve months as a sparkline.
    Trend,
}

impl Against {
    /// What a scorecard shows unless it says otherwise.
    pub fn usual(span: Span) -> Vec<Against> {
        use Against::{Before, Day, LastYear, Month, MonthAgo, Pace, Period, Target, Trend, Year};
        match span {
            Span::Daily => vec![Day, Month, Before, LastYear, Target, Pace],
            Span::Weekly => vec![Period, Before, MonthAgo, Month],
            Span::Monthly => vec![Period, Before, LastYear, Year, Target, Trend],
        }
    }
}
