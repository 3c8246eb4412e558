//! What a row below the headings is: a record, or one of the many things that exports and people put between records.

use super::cells::{decimal, is_blank, text_of};
use super::normal;
use super::plan::{Headings, OutputPlan};
use super::recognise;
use super::summary;
use super::words::{self, Sums};
use crate::model::ColumnKind;
use crate::read::{Cell, RawRow};

/// What a row below the headings is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Data,
    /// 合计, 小计, 承前页 and their like.
    Total(Sums),
    /// The headings again, as printed reports have them on each page.
    Headings,
    /// 总交易单数, 应结订单总金额 …: the headings of a summary; the row below has its values.
    SummaryHeadings,
    /// `#收入合计：5笔，共1000.00元`: what a payment bill says beside its data.
    Comment(String),
    /// 制表人, 第 1 页, lines of dashes and the like.
    Footer,
    /// A running number or formulas that came to nothing, and no cell of a record.
    Blank,
}

/// What one sheet's columns are for, as far as a row's kind rests on it.
pub struct Shape<'a> {
    headings: &'a Headings,
    /// Required columns that hold a number by which the record is known.
    keys: Vec<usize>,
    /// Required columns that hold no amount, where the table has no such number.
    required: Vec<usize>,
    dates: Vec<usize>,
    money: Vec<usize>,
    /// Columns of running numbers: 序号, 行号.
    running: Vec<usize>,
}

impl<'a> Shape<'a> {
    pub fn new(headings: &'a Headings, plans: &[OutputPlan<'_>]) -> Shape<'a> {
        let mut shape = Shape {
            headings,
            keys: Vec::new(),
            required: Vec::new(),
            dates: Vec::new(),
            money: Vec::new(),
            running: Vec::new(),
        };
        for plan in plans {
            for (def, column) in plan.table.columns.iter().zip(&plan.columns) {
                let Some((_, places)) = column else { continue };
                let Some(first) = places.first().copied().filter(|_| def.required) else { continue };
                match def.kind {
                    ColumnKind::Key => shape.keys.push(first),
                    ColumnKind::Fen | ColumnKind::Micro | ColumnKind::Hours => {}
                    _ => shape.required.push(first),
                }
                if matches!(def.kind, ColumnKind::Date | ColumnKind::Time) {
                    shape.dates.push(first);
                }
            }
            shape.money.extend(plan.money().into_iter().map(|(place, _)| place));
        }
        shape.running = (0..headings.texts.len()).filter(|p| is_running(&headings.texts[*p])).collect();
        shape.keys.retain(|p| !shape.running.contains(p));
        shape
    }

    pub fn kind(&self, row: &RawRow) -> Kind {
        let mut filled = row.cells.iter().enumerate().filter(|(_, c)| !is_blank(c));
        let Some((first_at, first)) = filled.next() else { return Kind::Blank };
        if let Cell::Text(text) = first {
            if self.is_headings(row, first_at, text) {
                return Kind::Headings;
            }
            if summary::is_headings(row) {
                return Kind::SummaryHeadings;
            }
            if let Some(line) = summary::comment(row).filter(|_| self.names_nobody(row, first_at)) {
                return Kind::Comment(line);
            }
        }
        if let Some(sums) = self.total(row) {
            return Kind::Total(sums);
        }
        if self.keys.iter().any(|p| *p != first_at && row.cells.get(*p).is_some_and(|c| !is_blank(c))) {
            return Kind::Data; // most rows: what names a record stands in it
        }
        if self.is_footer(row) {
            return Kind::Footer;
        }
        if self.is_empty(row) { Kind::Blank } else { Kind::Data }
    }

    fn is_headings(&self, row: &RawRow, first_at: usize, text: &str) -> bool {
        self.headings.texts.get(first_at).is_some_and(|h| may_be(h, text) && *h == normal::heading(text))
            && recognise::headings(row)
                .iter()
                .zip(&self.headings.texts)
                .filter(|(a, _)| !a.is_empty())
                .all(|(a, b)| a == b)
    }

    /// The word of a total may stand in any column; the first in the row holds.
    fn total(&self, row: &RawRow) -> Option<Sums> {
        let is_filled = |p: &&usize| row.cells.get(**p).is_some_and(|c| !is_blank(c));
        let named: Vec<usize> = self.keys.iter().filter(is_filled).copied().take(2).collect();
        if named.len() > 1 {
            return None; // most rows: what names a record stands in it
        }
        for (at, cell) in row.cells.iter().enumerate() {
            let Cell::Text(text) = cell else { continue };
            // A record's own number stands beside the word: its customer, or its part, is called so.
            if named.iter().any(|key| *key != at) {
                continue;
            }
            if let Some(word) = words::total(text)
                && self.names_nobody(row, at)
                && (word.is_exact || self.sums_only(row, at))
            {
                return Some(word.sums);
            }
        }
        None
    }

    /// A total names no record: what a record is known by is blank, but for the cell that holds the word.
    fn names_nobody(&self, row: &RawRow, word_at: usize) -> bool {
        let known_by = if self.keys.is_empty() { &self.required } else { &self.keys };
        let blank = |p: &usize| row.cells.get(*p).is_none_or(is_blank);
        let free = |p: &&usize| **p != word_at;
        // Where no number names a record, a day beside the word may be the day that is summed.
        let is_day = |p: &usize| self.keys.is_empty() && self.dates.contains(p) && known_by.len() > 1;
        known_by.iter().filter(free).all(|p| blank(p) || is_day(p))
    }

    /// Whether nothing but numbers and further words of totals stands beside the word.
    fn sums_only(&self, row: &RawRow, word_at: usize) -> bool {
        let others = row.cells.iter().enumerate().filter(|(at, cell)| *at != word_at && !is_blank(cell));
        others.map(|(_, cell)| cell).all(|cell| decimal(cell).is_some() || words::total(&text_of(cell)).is_some())
    }

    /// Signatures, page numbers, notes: one cell that begins so, or several of them with their names; never an amount.
    fn is_footer(&self, row: &RawRow) -> bool {
        let filled: Vec<(usize, String)> =
            row.cells.iter().enumerate().filter(|(_, c)| !is_blank(c)).map(|(at, c)| (at, text_of(c))).collect();
        let amount = |(at, _): &(usize, String)| {
            self.money.contains(at) && row.cells.get(*at).is_some_and(|c| decimal(c).is_some())
        };
        let texts: Vec<&str> = filled.iter().map(|(_, text)| text.as_str()).collect();
        words::is_below(&texts) && (filled.len() == 1 || !filled.iter().any(amount))
    }

    /// Whether no cell says anything that a record would: blank, a running number, 0, an error that came of blanks.
    fn is_empty(&self, row: &RawRow) -> bool {
        row.cells.iter().enumerate().all(|(at, cell)| {
            let nothing =
                is_blank(cell) || matches!(cell, Cell::Error(_)) || decimal(cell).is_some_and(|d| d.mantissa == 0);
            nothing || (self.running.contains(&at) && decimal(cell).is_some())
        })
    }
}

/// Headings of numbers that only count the rows of a sheet.
fn is_running(heading: &str) -> bool {
    ["序号", "行号", "行次", "项次", "次序", "NO", "NO.", "№", "顺序号", "序"].contains(&heading)
}

/// Whether a cell could be this heading, by its first character: spares most cells the normalising.
fn may_be(heading: &str, text: &str) -> bool {
    let first = normal::trimmed(text).chars().next().map(normal::half_width);
    heading
        .chars()
        .next()
        .is_some_and(|h| first.is_some_and(|f| f == h || f.to_uppercase().eq([h]) || !f.is_alphanumeric()))
}
