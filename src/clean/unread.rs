//! Columns that nobody reads and that speak of money all the same: direction, refund, state, currency, tax.

use std::collections::BTreeMap;

use super::cells::{decimal, is_blank, text_of};
use super::direction::{Lexicon, Way, speaks_of_direction};
use super::normal::{self, column_letters};
use crate::finding::{Code, Finding};
use crate::read::{Cell, RawRow};
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

/// One column that no output reads.
struct Column {
    place: usize,
    /// Its heading says so already.
    speaks: bool,
    /// Different words, and the row where each stands first; `None` once there are too many.
    words: Option<BTreeMap<String, (String, u32)>>,
}

/// The columns of one sheet that no output reads.
pub struct Unread<'a> {
    columns: Vec<Column>,
    lexicon: &'a Lexicon,
}

impl<'a> Unread<'a> {
    /// `places` are the columns that no output reads, with their headings, normalised.
    pub fn new<'h>(
        places: impl Iterator<Item = (usize, &'h String)>,
        lexicon: &'a Lexicon,
        tables: &Tables,
    ) -> Unread<'a> {
        let column = |(place, heading): (usize, &String)| {
            let is_part = PARTS.iter().any(|p| heading.contains(p)) || ENGLISH.contains(&heading.as_str());
            let speaks = is_part || speaks_of_direction(tables, heading);
            Column { place, speaks, words: Some(BTreeMap::new()) }
        };
        Unread { columns: places.map(column).collect(), lexicon }
    }

    pub fn row(&mut self, row: &RawRow) {
        for column in &mut self.columns {
            let Some(words) = &mut column.words else { continue };
            let Some(cell) = row.cells.get(column.place).filter(|c| !is_blank(c)) else { continue };
            match cell {
                Cell::Text(text) if text.len() > LONG => {}
                Cell::Text(_) | Cell::Number(_) if column.speaks || matches!(cell, Cell::Text(_)) => {
                    let text = text_of(cell);
                    words.entry(normal::word(&text)).or_insert((text, row.number));
                }
                _ => {}
            }
            if words.len() > WORDS && !column.speaks {
                column.words = None;
            }
        }
    }

    /// One finding a column, with the first word that is not harmless.
    pub fn finish(self, sheet: &str, headings: &[String], findings: &mut Vec<Finding>) {
        let lexicon = self.lexicon;
        for column in self.columns {
            let words = column.words.unwrap_or_default();
            let telling = |word: &str| {
                let way = lexicon.way(word);
                let is_nothing =
                    HARMLESS.contains(&word) || decimal(&Cell::Text(word.to_owned())).is_some_and(|d| d.mantissa == 0);
                let is_word = word.chars().count() > 1 && !word.is_ascii();
                if column.speaks {
                    !is_nothing && way != Some(Way::In)
                } else {
                    let is_taken_back = || word.contains(['退', '冲', '撤']);
                    is_word
                        && (matches!(way, Some(Way::Out | Way::Void)) || way == Some(Way::Unclear) && is_taken_back())
                }
            };
            let mut found: Vec<&(String, u32)> =
                words.iter().filter(|(w, _)| telling(w)).map(|(_, shown)| shown).collect();
            found.sort_by_key(|(_, row)| *row);
            if let Some((word, row)) = found.first() {
                let heading = headings.get(column.place).cloned().unwrap_or_default();
                let finding = Finding::new(Code::ColumnUnread, word).with(heading);
                findings.push(finding.at(sheet, *row, &column_letters(column.place)));
            }
        }
    }
}
