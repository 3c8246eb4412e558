//! Columns that nobody reads and that speak of money all the same: direction, refund, state, currency, tax.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::cells::{decimal, is_blank, text_of};
use super::direction::{Lexicon, Way, speaks_of_direction};
use super::normal::{self, column_letters};
use crate::finding::{Code, Finding};
use crate::read::{Cell, RawRow};
use crate::spec::blanks;
use crate::spec::tables::Tables;

/// A column with more different texts than this holds names, not words.
const WORDS: usize = 24;
/// Longer texts are no words.
const LONG: usize = 24;

const PARTS: [&str; 21] = [
    "退款",
    "退货",
    "退费",
    "红冲",
    "冲红",
    "冲销",
    "冲正",
    "作废",
    "撤销",
    "借贷",
    "收支",
    "收付",
    "币种",
    "币别",
    "货币",
    "汇率",
    "不含税",
    "未税",
    "税额",
    "税率",
    "税金",
];
const ENGLISH: [&str; 6] = ["CURRENCY", "REFUND", "VOID", "DIRECTION", "TAXRATE", "TAXAMOUNT"];
/// Words that say that nothing is unusual.
const HARMLESS: [&str; 12] = ["人民币", "RMB", "CNY", "元", "本币", "人民币元", "¥", "否", "N", "NO", "0", "FALSE"];

/// One column that nobody reads.
struct Column {
    place: usize,
    /// Its heading says so already.
    speaks: bool,
    /// Different words; `None` once there are too many.
    words: Option<BTreeSet<String>>,
    /// The text that was looked at last: columns repeat themselves.
    last: String,
    /// The first text that is not harmless, and its row.
    told: Option<(String, u32)>,
}

/// The columns of one sheet that nobody reads.
pub struct Unread<'a> {
    columns: Vec<Column>,
    lexicon: &'a Lexicon,
}

impl<'a> Unread<'a> {
    /// `places` are the columns that nobody reads, with their headings, normalised.
    pub fn new<'h>(
        places: impl Iterator<Item = (usize, &'h String)>,
        lexicon: &'a Lexicon,
        tables: &Tables,
    ) -> Unread<'a> {
        let column = |(place, heading): (usize, &String)| {
            let is_part = PARTS.iter().any(|p| heading.contains(p)) || ENGLISH.contains(&heading.as_str());
            let speaks = is_part || speaks_of_direction(tables, heading);
            Column { place, speaks, words: Some(BTreeSet::new()), last: String::new(), told: None }
        };
        Unread { columns: places.map(column).collect(), lexicon }
    }

    /// Only the columns whose headings speak.
    #[must_use]
    pub fn speaking(mut self) -> Unread<'a> {
        self.columns.retain(|column| column.speaks);
        self
    }

    pub fn row(&mut self, row: &RawRow) {
        for column in &mut self.columns {
            let Some(cell) = row.cells.get(column.place).filter(|c| !is_blank(c)) else { continue };
            let is_looked_at = match cell {
                Cell::Text(_) => true,
                Cell::Number(_) => column.speaks,
                _ => false,
            };
            if is_looked_at {
                column.see(&text_of(cell), row.number, self.lexicon);
            }
        }
    }

    /// The same of a row whose texts are at hand.
    pub fn texts<'t>(&mut self, row: u32, text: impl Fn(usize) -> Cow<'t, str>) {
        for column in &mut self.columns {
            let text = text(column.place);
            if !text.is_empty() && !blanks::built_in().is_nothing(&text) {
                column.see(&text, row, self.lexicon);
            }
        }
    }

    /// One finding a column, with the first word that is not harmless.
    pub fn finish(self, sheet: &str, headings: &[String], findings: &mut Vec<Finding>) {
        for column in self.columns {
            if let Some((word, row)) = column.told.filter(|_| column.speaks || column.words.is_some()) {
                let heading = headings.get(column.place).cloned().unwrap_or_default();
                let finding = Finding::new(Code::ColumnUnread, word).with(heading);
                findings.push(finding.at(sheet, row, &column_letters(column.place)));
            }
        }
    }
}

impl Column {
    fn see(&mut self, text: &str, row: u32, lexicon: &Lexicon) {
        let Some(words) = self.words.as_mut().filter(|_| self.last != text && text.len() <= LONG) else { return };
        text.clone_into(&mut self.last);
        if self.speaks && self.told.is_some() {
            return;
        }
        let word = normal::word(text);
        if self.told.is_none() && is_telling(&word, self.speaks, lexicon) {
            self.told = Some((text.to_owned(), row));
        }
        if !self.speaks {
            words.insert(word);
            if words.len() > WORDS {
                self.words = None;
            }
        }
    }
}

/// Whether a word is not harmless: below a heading that speaks whatever is not money in, else what went out or is void.
fn is_telling(word: &str, speaks: bool, lexicon: &Lexicon) -> bool {
    let way = lexicon.way(word);
    let is_nothing = HARMLESS.contains(&word) || decimal(&Cell::Text(word.to_owned())).is_some_and(|d| d.mantissa == 0);
    if speaks {
        return !is_nothing && way != Some(Way::In);
    }
    let is_word = word.chars().count() > 1 && !word.is_ascii();
    let is_taken_back = || word.contains(['退', '冲', '撤']);
    is_word && (matches!(way, Some(Way::Out | Way::Void)) || way == Some(Way::Unclear) && is_taken_back())
}
