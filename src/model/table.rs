//! Tables as data: which columns a canonical table or a register has, and rows of typed values with their origin.

use chrono::{NaiveDate, NaiveDateTime};

use super::fen::Fen;

/// A canonical table of DOMAIN section 2, or a register that a shop adds by a table spec.
#[derive(Debug, Clone)]
pub struct TableDef {
    /// `settlements`
    pub id: String,
    pub zh: String,
    pub en: String,
    /// Indices of the key columns. A newer row with the same key replaces the older one.
    pub key: Vec<usize>,
    /// Columns that tell two records of one key apart where an export shows both (an order number given twice).
    pub identity: Vec<usize>,
    /// The column that dates a row (its own event); a row dated after D does not exist as of D.
    pub date: Option<usize>,
    /// Its rows may be dated after the export that tells them: plans, statements of a month that was paid later.
    pub is_ahead: bool,
    /// Rows are final once they are reported: any later change is told, and a row that is dropped lives on.
    pub is_final: bool,
    /// The event by which exports list a record: it may be shown for the first time when that happens.
    pub listed_by: Option<usize>,
    /// Without a date: the column of the month (a date in it, or `2026-10`) with whose last day a row has been reported.
    pub reported_with: Option<usize>,
    /// Whether changes of reported days are told: not of forms, whose rows are what somebody says today.
    pub is_watched: bool,
    /// The balance that each row tells, and what brings it there.
    pub running: Option<Running>,
    /// The total that each row tells beside its parts.
    pub adds_up: Option<AddsUp>,
    /// The money column that control totals are shown for.
    pub amount: Option<usize>,
    /// Columns of which at least one must be filled; a row without any is rejected.
    pub any_of: Vec<usize>,
    pub columns: Vec<ColumnDef>,
}

impl TableDef {
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// The column whose rows belong to one document: the order of lines, the sale, the statement.
    pub fn document(&self) -> Option<usize> {
        let first =
            self.key.first().copied().filter(|at| self.key.len() > 1 && self.columns[*at].kind == ColumnKind::Key);
        self.column("order_id").or_else(|| self.column("order_no")).or(first)
    }

    /// The key column that numbers the lines of a document.
    pub fn line_number(&self) -> Option<usize> {
        self.key.last().copied().filter(|_| self.key.len() > 1)
    }
}

/// A column of balances: each is the one of the row before it, more by what came in and less by what went out.
#[derive(Debug, Clone)]
pub struct Running {
    pub balance: usize,
    pub plus: Vec<usize>,
    pub minus: Vec<usize>,
    /// Rows that differ in it have balances of their own.
    pub within: Option<usize>,
}

/// A total within a row: what stands in `plus`, less what stands in `minus`.
#[derive(Debug, Clone)]
pub struct AddsUp {
    pub total: usize,
    pub plus: Vec<usize>,
    pub minus: Vec<usize>,
}

#[derive(Debug, Clone)]
pub struct ColumnDef {
    pub name: String,
    pub zh: String,
    pub en: String,
    pub kind: ColumnKind,
    /// A row without it is rejected.
    pub required: bool,
    /// Index of the event column on which this one rests: after D neither has happened.
    pub with: Option<usize>,
    /// This date column is an event of its own inside the record (a payment, a closing): after D it is empty.
    pub event: bool,
    /// A cell of it that cannot be read rejects the row, though the cell may be empty: it is part of the key, the amount for
    /// which the row is there, or the word that says which way its money goes.
    pub decides: bool,
    /// `0` stands for nobody and nothing: a number that names something else, an approver.
    pub zero_is_none: bool,
    /// Whether published figures count what it says, so that another value on a reported day is a late change.
    pub counts: Counts,
}

impl ColumnDef {
    /// Whether a row stands without a cell of this column that cannot be read.
    pub fn may_be_lost(&self) -> bool {
        !self.required && !self.decides
    }
}

/// When a column's value counts in what was published of its row's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counts {
    Always,
    /// Names, remarks, numbers that only identify.
    Never,
    /// From the event in this column on: a promised time once the car is done.
    From(usize),
    /// A state that moves on by itself; only going to or from these words changes what was counted.
    State(Vec<String>),
}

/// The type of a column; decides how a cell is read and how a value is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    /// A number that names something: trimmed, half width, upper case, never arithmetic.
    Key,
    Fen,
    /// Hundredths of an hour.
    Hours,
    /// Quantities and unit prices in millionths.
    Micro,
    Int,
    Date,
    Time,
    Bool,
    /// A word of the list with this index.
    Word(usize),
}

impl ColumnKind {
    /// Whether its values are counted or added up.
    pub fn is_number(self) -> bool {
        matches!(self, ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Micro | ColumnKind::Int)
    }
}

/// A typed value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    Null,
    Text(String),
    Int(i64),
    Date(NaiveDate),
    Time(NaiveDateTime),
}

impl Value {
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub fn text(&self) -> &str {
        match self {
            Value::Text(text) => text,
            _ => "",
        }
    }

    /// Fen, hundredths, millionths, counts and yes/no (1/0) are all whole numbers.
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    pub fn fen(&self) -> Fen {
        Fen(self.int().unwrap_or(0))
    }

    pub fn date(&self) -> Option<NaiveDate> {
        match self {
            Value::Date(date) => Some(*date),
            Value::Time(time) => Some(time.date()),
            _ => None,
        }
    }

    pub fn time(&self) -> Option<NaiveDateTime> {
        match self {
            Value::Time(time) => Some(*time),
            Value::Date(date) => date.and_hms_opt(0, 0, 0),
            _ => None,
        }
    }
}

/// Where a row stands: every figure can be traced to this.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The ledger's number of the file.
    pub file: i64,
    /// Tab name, empty for text files.
    pub sheet: String,
    /// 1-based row as the spreadsheet shows it.
    pub row: u32,
}

impl Origin {
    /// `file!sheet:row`, the sheet left out for text files.
    pub fn place(&self, file: &str) -> String {
        if self.sheet.is_empty() {
            format!("{file}:{}", self.row)
        } else {
            format!("{file}!{}:{}", self.sheet, self.row)
        }
    }
}

/// One row of a table: a version of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub origin: Origin,
    /// One value a column of the table.
    pub values: Vec<Value>,
}

/// An enumeration: codes with their Chinese and English names and every word that exports use for them.
#[derive(Debug, Clone)]
pub struct WordList {
    pub id: String,
    pub words: Vec<Word>,
}

#[derive(Debug, Clone)]
pub struct Word {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// Further spellings, normalised.
    pub also: Vec<String>,
}

impl WordList {
    pub fn name(&self, code: &str, lang: super::Lang) -> String {
        self.words.iter().find(|w| w.code == code).map_or_else(
            || code.to_owned(),
            |w| match lang {
                super::Lang::Zh => w.zh.clone(),
                super::Lang::En => w.en.clone(),
            },
        )
    }
}
