//! One side of a match: its rows in columns, so that millions of them fit.

use chrono::{NaiveDate, NaiveTime, Timelike};

use super::symbols::{BLANK, Symbol, Texts};
use crate::model::dates::epoch_days;

/// A row of a side.
pub type RowIndex = u32;

/// Where no date is known.
pub const NO_DATE: i32 = i32::MIN;

/// What the sizes of a side's amounts may sum to: far enough from the last number for any difference of sums.
pub const LARGEST_SUM: i64 = i64::MAX / 8;

/// Where no time of day is known.
pub const NO_TIME: i32 = -1;

/// Seconds of a day.
pub const DAY_SECONDS: i64 = 86_400;

/// When a row happened: its day, and its time where the rules ask for it and the row says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Days since 1970-01-01, or [`NO_DATE`].
    pub day: i32,
    /// Seconds of the day, or [`NO_TIME`].
    pub second: i32,
}

impl Moment {
    pub fn is_known(self) -> bool {
        self.day != NO_DATE
    }

    /// The first and the last second in which it can lie, since 1970-01-01.
    pub fn seconds(self) -> (i64, i64) {
        let start = i64::from(self.day) * DAY_SECONDS;
        match self.second {
            NO_TIME => (start, start + DAY_SECONDS - 1),
            second => (start + i64::from(second), start + i64::from(second)),
        }
    }

    /// Seconds to another one; whole days where a time is not known, 0 where a date is not.
    pub fn apart(self, other: Moment) -> u64 {
        if !self.is_known() || !other.is_known() {
            return 0;
        }
        if self.second == NO_TIME || other.second == NO_TIME {
            return u64::from(self.day.abs_diff(other.day)) * DAY_SECONDS.unsigned_abs();
        }
        self.seconds().0.abs_diff(other.seconds().0)
    }
}

/// Why a row takes no part in the matching. It is counted all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// A filter of the rules leaves it out.
    Filtered,
    /// The amount is not a number, or has more decimals than the rules allow.
    NotANumber,
    /// Its key is excluded by the rules.
    Excluded,
    /// An amount of zero that needs no partner.
    Zero,
    /// The accountant set it aside.
    SetAside,
    /// Its line has another number of fields than the headings: which text belongs where is not known.
    Width,
    /// The file ends inside it.
    CutOff,
    /// Its amount is in another unit or currency than its side's.
    Unit,
}

impl Skip {
    /// As `skipped` says it in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Skip::Filtered => "filtered",
            Skip::NotANumber => "amount is not a number",
            Skip::Excluded => "excluded",
            Skip::Zero => "zero",
            Skip::SetAside => "set aside",
            Skip::Width => "another number of fields than the headings",
            Skip::CutOff => "the file ends inside the row",
            Skip::Unit => "amount is in another unit or currency",
        }
    }

    /// Whether nobody asked for it: the row could not be understood.
    pub fn is_refused(self) -> bool {
        matches!(self, Skip::NotANumber | Skip::Width | Skip::CutOff | Skip::Unit)
    }
}

/// The rows of one side. All columns have one value a row.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// What names a row for people.
    pub ids: Texts,
    /// In units of 10^-scale of the rules; the sign is the side's own, turned where the rules say so.
    pub amounts: Vec<i64>,
    /// Days since 1970-01-01, or [`NO_DATE`].
    pub dates: Vec<i32>,
    /// Seconds of the day, or [`NO_TIME`]; empty where the rules ask for days only.
    pub times: Vec<i32>,
    /// Place of the row's source in the order that the rules prefer, 0 first; empty where they prefer none.
    pub ranks: Vec<u16>,
    /// What the rules say is one row only; empty where they say nothing of it.
    pub once: Vec<Symbol>,
    pub currencies: Vec<Symbol>,
    /// One column a key of the rules, normalised.
    pub keys: Vec<Vec<Symbol>>,
    /// The same as spelled, for keys that the rules normalise; else empty.
    pub spelled: Vec<Vec<Symbol>>,
    /// For keys compared by their words, the words of each row; else empty.
    pub words: Vec<Vec<Vec<Symbol>>>,
    /// One column a comparison of the rules.
    pub compared: Vec<Vec<Symbol>>,
    /// Row of the file, 1-based as a spreadsheet shows it.
    pub rows: Vec<u32>,
    /// Rows that take no part.
    pub skipped: Vec<(RowIndex, Skip)>,
    /// Rows of which a key was damaged by a spreadsheet (9.88724E+11): it is blank here, in order of index.
    pub damaged: Vec<RowIndex>,
    /// Rows carried forward from an earlier run, in order of index; all others are new.
    pub carried: Vec<(RowIndex, Carried)>,
    /// Whether the rules ask for times of day.
    with_times: bool,
}

/// What is known of a row that an earlier run left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The day on which it was first left open.
    pub first_seen: Option<NaiveDate>,
    /// File and row that it came from.
    pub origin: String,
    /// What it was before parts of it were matched.
    pub original: i64,
}

/// One row on its way into a side.
#[derive(Debug, Clone, Copy)]
pub struct NewRow<'a> {
    pub id: &'a str,
    /// `None` where it is not a number.
    pub amount: Option<i64>,
    pub date: Option<NaiveDate>,
    /// Its time of day.
    pub time: Option<NaiveTime>,
    pub currency: Symbol,
    pub row: u32,
}

impl Side {
    /// A side for so many keys and comparisons; `with_times`: its rows' times of day are kept.
    pub fn new(keys: usize, compared: usize, with_times: bool) -> Side {
        Side {
            with_times,
            keys: vec![Vec::new(); keys],
            spelled: vec![Vec::new(); keys],
            words: vec![Vec::new(); keys],
            compared: vec![Vec::new(); compared],
            ..Side::default()
        }
    }

    /// Adds a row; its keys and comparisons are pushed by the caller, one each.
    pub fn push(&mut self, new: NewRow<'_>) -> RowIndex {
        let index = RowIndex::try_from(self.len()).unwrap_or(RowIndex::MAX); // a reader stops at its cell limit long before
        self.ids.push(new.id);
        self.amounts.push(new.amount.unwrap_or(0));
        self.dates.push(new.date.map_or(NO_DATE, epoch_days));
        if self.with_times {
            let second = |time: NaiveTime| time.num_seconds_from_midnight().cast_signed(); // below 86,400
            self.times.push(new.time.map_or(NO_TIME, second));
        }
        self.currencies.push(new.currency);
        self.rows.push(new.row);
        if new.amount.is_none() {
            self.skipped.push((index, Skip::NotANumber));
        }
        index
    }

    pub fn len(&self) -> usize {
        self.amounts.len()
    }

    /// Whether any sum and difference of its amounts can be counted. A side of which this is not so must not be matched.
    pub fn is_summable(&self) -> bool {
        let sum: u128 = self.amounts.iter().map(|amount| u128::from(amount.unsigned_abs())).sum();
        sum <= u128::from(LARGEST_SUM.unsigned_abs())
    }

    pub fn is_empty(&self) -> bool {
        self.amounts.is_empty()
    }

    pub fn amount(&self, row: RowIndex) -> i64 {
        self.amounts[row as usize]
    }

    pub fn date(&self, row: RowIndex) -> i32 {
        self.dates[row as usize]
    }

    pub fn id(&self, row: RowIndex) -> &str {
        self.ids.get(row as usize)
    }

    pub fn carried(&self, row: RowIndex) -> Option<&Carried> {
        self.carried.binary_search_by_key(&row, |(at, _)| *at).ok().map(|at| &self.carried[at].1)
    }

    /// Rows that turn out not to be understood after all: their amounts count for nothing.
    pub fn refuse(&mut self, rows: &[RowIndex], skip: Skip) {
        self.skipped.retain(|(row, _)| rows.binary_search(row).is_err());
        self.skipped.extend(rows.iter().map(|row| (*row, skip)));
        self.skipped.sort_unstable();
        rows.iter().for_each(|row| self.amounts[*row as usize] = 0);
    }

    pub fn moment(&self, row: RowIndex) -> Moment {
        Moment { day: self.date(row), second: self.times.get(row as usize).copied().unwrap_or(NO_TIME) }
    }

    /// Place of the row's source in the order that the rules prefer.
    pub fn rank(&self, row: RowIndex) -> u16 {
        self.ranks.get(row as usize).copied().unwrap_or(0)
    }

    pub fn is_damaged(&self, row: RowIndex) -> bool {
        self.damaged.binary_search(&row).is_ok()
    }

    /// Whether a key is blank on a row.
    pub fn is_blank(&self, key: usize, row: RowIndex) -> bool {
        self.keys[key][row as usize] == BLANK
    }

    /// Room for so many rows.
    pub fn reserve(&mut self, rows: usize, id_bytes: usize) {
        self.ids.reserve(rows, id_bytes);
        self.amounts.reserve_exact(rows);
        self.dates.reserve_exact(rows);
        self.currencies.reserve_exact(rows);
        self.rows.reserve_exact(rows);
        for column in self.keys.iter_mut().chain(&mut self.compared) {
            column.reserve_exact(rows);
        }
    }

    /// The order in which rows of equal rank stand: date and time, then id, then amount. It rests on what rows say alone.
    pub fn order(&self, a: RowIndex, b: RowIndex) -> std::cmp::Ordering {
        (self.moment(a), self.id(a), self.amount(a)).cmp(&(self.moment(b), self.id(b), self.amount(b)))
    }
}
