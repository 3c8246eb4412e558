//! What a report returns and a workbook prints: books of sheets of typed cells.
//!
//! `report` builds these values, `workbook` turns them into xlsx and `publish` names the files.
//! Nothing here knows a dealership or a file format, so the same value can be printed as text in a test.

use chrono::{NaiveDate, NaiveDateTime};

use super::fen::Fen;
use super::lang::Text;

/// One workbook, before it is a file.
#[derive(Debug, Clone)]
pub struct Book {
    /// File name without folder and extension, e.g. `收银与销号`.
    pub name: String,
    /// Large line on the first sheet.
    pub title: String,
    /// Store and reporting date, shown under every sheet's title.
    pub subtitle: String,
    /// Reporting date; also the file's creation time, so that equal facts give equal bytes.
    pub as_of: NaiveDate,
    /// Custom document properties (revision, digest of the inputs, ...).
    pub properties: Vec<(String, String)>,
    /// Words that the writer itself prints.
    pub words: BookWords,
    pub sheets: Vec<Sheet>,
}

/// The few words a workbook writer prints by itself, in the reader's language.
#[derive(Debug, Clone)]
pub struct BookWords {
    /// `合计`
    pub total: String,
    /// Sign-off line, e.g. `制表：　审核：　批准：`; printed under sheets with [`Sheet::sign_off`].
    pub sign_off: String,
    /// Footer with Excel codes, e.g. `第 &P 页 共 &N 页`.
    pub page_footer: String,
    /// Link text back to the first sheet, e.g. `返回首页`.
    pub back: String,
    /// Shown instead of rows where a list is empty, e.g. `无`.
    pub no_rows: String,
    /// Font of every cell, e.g. `微软雅黑`.
    pub font: String,
}

/// One sheet: a title and blocks, top to bottom.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Tab name; unique in the book, at most 31 UTF-16 units, none of `[]:*?/\`.
    pub name: String,
    pub title: String,
    /// Lines under the title: date basis, what is missing, `未核平`.
    pub notes: Vec<Note>,
    pub blocks: Vec<Block>,
    /// Print the 制表 / 审核 / 批准 line.
    pub sign_off: bool,
}

/// A line of text with a weight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub text: String,
    pub light: Option<Light>,
}

#[derive(Debug, Clone)]
pub enum Block {
    Table(Table),
    /// Free lines, e.g. what needs a person.
    Notes(Vec<Note>),
}

/// A rectangle of cells under headings. Every row has exactly one cell a column.
#[derive(Debug, Clone)]
pub struct Table {
    /// Line above the table; `None` where the sheet's title says it.
    pub heading: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Print a total row; each column says how ([`Column::total`]).
    pub has_total: bool,
    pub chart: Option<Chart>,
}

/// Names of the last two sheets of every workbook: by them a workbook of ours is known again.
pub const DEFINITIONS: Text = Text::new("口径", "Definitions");
pub const SOURCES: Text = Text::new("数据来源", "Sources");

#[derive(Debug, Clone)]
pub struct Column {
    pub title: String,
    pub kind: Kind,
    pub total: Total,
    /// The words that may be chosen in a column that people fill in; none where anything may be written.
    pub choices: Vec<String>,
}

/// What a column holds: decides number format, alignment and width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Order, receipt, part numbers, VINs, plates: text that must stay text.
    Key,
    Count,
    /// Yuan with two decimals, from fen.
    Money,
    /// Hours with two decimals, from hundredths.
    Hours,
    /// Quantity with up to three decimals.
    Quantity,
    /// Per cent with two decimals.
    Rate,
    /// A quotient that is not a per cent, in yuan with two decimals (单车产值).
    MoneyRate,
    /// A quotient that is not a per cent and not money, two decimals (单车工时).
    Number,
    Date,
    DateTime,
    /// Red, amber, green with the word beside it.
    Light,
    /// Mixed kinds, one below the other (a scorecard): each cell's own kind decides its format.
    Mixed,
    /// Twelve small figures drawn as a sparkline; cells are [`Cell::Trend`].
    Trend,
}

/// How a column is totalled.
#[derive(Debug, Clone, PartialEq)]
pub enum Total {
    /// Nothing in the total row.
    None,
    /// A sum formula over the column, with its exact cached value.
    Sum,
    /// The rate of the totals of two other columns of this table (0-based), as a formula.
    Ratio { numerator: usize, denominator: usize },
    /// A value the report computed (the rate of totals whose parts are not columns here).
    Value(Cell),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing belongs here.
    Empty,
    /// Something belongs here and is not known, or a rate whose denominator is 0: printed `–`.
    NotKnown,
    Text(String),
    Key(String),
    Count(i64),
    Money(Fen),
    /// Hundredths of an hour.
    Hours(i64),
    /// Millionths of a unit.
    Quantity(i64),
    /// numerator ÷ denominator, shown as per cent; denominator 0 is printed `–`.
    Rate {
        numerator: i64,
        denominator: i64,
    },
    /// numerator in fen ÷ count, shown in yuan.
    MoneyRate {
        numerator: i64,
        denominator: i64,
    },
    /// numerator ÷ (denominator × `per`), a plain number.
    Number {
        numerator: i64,
        denominator: i64,
        per: i64,
    },
    Date(NaiveDate),
    DateTime(NaiveDateTime),
    Light(Light, String),
    /// Text that jumps to another sheet of the book.
    Link {
        sheet: String,
        text: String,
    },
    /// Values oldest first; `None` = not known.
    Trend(Vec<Option<f64>>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    Green,
    Amber,
    Red,
    /// Neither good nor bad: grey.
    Plain,
}

/// A chart over columns of its table (0-based).
#[derive(Debug, Clone)]
pub struct Chart {
    pub kind: ChartKind,
    pub title: String,
    pub category: usize,
    pub values: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    Column,
    Bar,
    Line,
    Pie,
}
