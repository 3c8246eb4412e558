//! The headings of a sheet: one row of them, or several with groups above (客户信息 over 姓名 and 电话).

use std::borrow::Cow;
use std::collections::HashMap;

use super::cells::text_of;
use super::normal;
use super::source::Source;
use crate::read::{Cell, Merge, RawRow, RawSheet};

/// Rows of headings, at most: groups, headings, and what a printed form puts below.
const MOST_ROWS: usize = 3;
/// Columns that have a heading of their own, at most.
const MOST_COLUMNS: usize = 1_000;

/// Rows of a sheet that may be its headings.
#[derive(Debug)]
pub struct HeadingRows {
    /// Indices into the sheet's rows, both included.
    pub first: usize,
    pub last: usize,
    /// Number of the last of them, and the fields as written in a text file.
    number: u32,
    width: u32,
    columns: Vec<Column>,
    /// The lowest text of each column, normalised.
    names: Vec<String>,
    /// Whether some column has several texts one over the other.
    grouped: bool,
}

/// What may be the heading of a column: the lowest text over it, and all of them from the top.
#[derive(Debug)]
struct Column {
    lowest: String,
    joined: String,
    /// What the texts above the lowest say in brackets: a unit of the group is one of its columns.
    qualifiers: String,
    /// The lowest text stands over another column too.
    is_repeated: bool,
}

impl HeadingRows {
    /// The rows `first` to `last`, whose numbers follow each other.
    pub fn of(sheet: &RawSheet, first: usize, last: usize) -> HeadingRows {
        let rows = &sheet.rows[first..=last];
        let (top, bottom) = (rows[0].number, rows[last - first].number);
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0).min(MOST_COLUMNS);
        let text = |row: &RawRow, at: usize| row.cells.get(at).map_or_else(String::new, text_of);
        let mut texts: Vec<Vec<String>> = rows.iter().map(|row| (0..width).map(|at| text(row, at)).collect()).collect();
        if rows.len() > 1 {
            let near = |m: &&Merge| m.first_row <= bottom && m.last_row >= top;
            let merges: Vec<&Merge> = sheet.merges.iter().filter(near).collect();
            (0..rows.len() - 1).for_each(|at| spread(&mut texts, at, rows, &merges));
        }
        let column = |at: usize| {
            let mut parts: Vec<&str> = texts.iter().map(|row| row[at].as_str()).filter(|t| !t.is_empty()).collect();
            parts.dedup();
            let lowest = parts.last().copied().unwrap_or_default().to_owned();
            let qualifiers = parts.iter().rev().skip(1).map(|text| bracketed(text)).collect();
            Column { lowest, joined: parts.concat(), qualifiers, is_repeated: false }
        };
        let mut columns: Vec<Column> = (0..width).map(column).collect();
        let names: Vec<String> = columns.iter().map(|column| normal::heading(&column.lowest)).collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        names.iter().for_each(|name| *counts.entry(name).or_default() += 1);
        columns.iter_mut().zip(&names).for_each(|(column, name)| column.is_repeated = counts[name.as_str()] > 1);
        HeadingRows {
            first,
            last,
            number: bottom,
            width: rows.iter().map(|row| row.width).max().unwrap_or(0),
            names,
            grouped: columns.iter().any(|column| column.joined != column.lowest),
            columns,
        }
    }

    /// Several rows that begin at `first`, as many as there are.
    pub fn several(sheet: &RawSheet, first: usize) -> impl Iterator<Item = HeadingRows> {
        let all_words =
            move |last: &usize| follow(sheet, first, *last) && sheet.rows[first..=*last].iter().all(is_words);
        let last = (first + 1..first + MOST_ROWS).filter(all_words);
        last.map(move |last| HeadingRows::of(sheet, first, last))
    }

    /// The headings as a source would read them, normalised: the lowest text of each column, with its group where that is
    /// what the source knows, or where the lowest alone stands over several columns.
    pub fn names(&self, source: &Source) -> Cow<'_, [String]> {
        if !self.grouped {
            return Cow::Borrowed(&self.names);
        }
        let name = |at: usize| {
            if self.wants_group(at, source) {
                normal::heading(&self.columns[at].joined)
            } else {
                self.names[at].clone()
            }
        };
        Cow::Owned((0..self.columns.len()).map(name).collect())
    }

    /// The headings of [`HeadingRows::names`] as they stand in the sheet.
    pub fn row(&self, source: &Source) -> RawRow {
        let shown = |(at, column): (usize, &Column)| {
            let Column { lowest, joined, qualifiers, .. } = column;
            let text = if self.wants_group(at, source) { joined.clone() } else { format!("{lowest}{qualifiers}") };
            if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
        };
        let cells = self.columns.iter().enumerate().map(shown).collect();
        RawRow { number: self.number, cells, width: self.width }
    }

    fn wants_group(&self, at: usize, source: &Source) -> bool {
        let (column, name) = (&self.columns[at], &self.names[at]);
        if column.joined == column.lowest {
            return false;
        }
        column.is_repeated || (!knows(source, name) && knows(source, &normal::heading(&column.joined)))
    }
}

/// The parts of a heading that stand in brackets, with them.
fn bracketed(text: &str) -> String {
    let mut inside = false;
    let part = |c: &char| {
        let opens = matches!(c, '(' | '（' | '[' | '【');
        let closes = matches!(c, ')' | '）' | ']' | '】');
        inside = (inside || opens) && !closes;
        inside || closes
    };
    text.chars().filter(part).collect()
}

/// Whether a row has nothing but words: headings have letters in them, amounts and dates have not.
fn is_words(row: &RawRow) -> bool {
    let is_word = |cell: &Cell| match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty() || text.contains(char::is_alphabetic),
        _ => false,
    };
    row.cells.iter().all(is_word)
}

fn follow(sheet: &RawSheet, first: usize, last: usize) -> bool {
    let number = |at: usize| sheet.rows.get(at).map(|row| row.number as usize);
    number(first).zip(number(last)).is_some_and(|(top, bottom)| bottom == top + (last - first))
}

/// Texts of a row above others, over the columns that they stand for: those of a merge, or the blank ones to the right of
/// a group.
fn spread(texts: &mut [Vec<String>], at: usize, rows: &[RawRow], merges: &[&Merge]) {
    for column in 0..texts[at].len() {
        if !texts[at][column].is_empty() {
            continue;
        }
        let place = u32::try_from(column).unwrap_or(u32::MAX);
        let covers = |m: &&&Merge| {
            (m.first_row..=m.last_row).contains(&rows[at].number) && (m.first_column..=m.last_column).contains(&place)
        };
        if let Some(merge) = merges.iter().find(covers) {
            // The rows are few and their numbers follow each other.
            let above = rows.iter().position(|row| row.number == merge.first_row);
            let value = above.and_then(|row| texts[row].get(merge.first_column as usize)).cloned();
            texts[at][column] = value.unwrap_or_default();
        } else if column > 0 && !texts[at + 1][column].is_empty() && !texts[at + 1][column - 1].is_empty() {
            texts[at][column] = texts[at][column - 1].clone();
        }
    }
}

/// Whether a source reads a column of this heading.
fn knows(source: &Source, heading: &str) -> bool {
    let named = |names: &Vec<String>| names.iter().any(|name| name == heading);
    let in_column =
        |column: &super::source::ColumnSource| [&column.from, &column.then, &column.clock].into_iter().any(named);
    source.headings.iter().any(named)
        || source.outputs.iter().any(|output| {
            output.columns.iter().flatten().any(in_column)
                || output.when_all.iter().chain(&output.when_any).any(|condition| named(&condition.spellings))
                || output.pivot.as_ref().is_some_and(|pivot| named(&pivot.payer) || named(&pivot.amount))
        })
}

/// Whether a row of headings goes on below: in a merge of both rows, or with headings of groups in an otherwise blank row.
pub fn goes_on_below(sheet: &RawSheet, at: usize) -> bool {
    if !follow(sheet, at, at + 1) {
        return false;
    }
    let (row, below) = (&sheet.rows[at], &sheet.rows[at + 1]);
    let text = |row: &RawRow, place: usize| row.cells.get(place).map_or_else(String::new, text_of);
    let is_word = |cell: &Cell| match cell {
        Cell::Empty => true,
        Cell::Text(text) => !text.contains(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    if !below.cells.iter().all(is_word) {
        return false;
    }
    if sheet.merges.iter().any(|m| m.first_row == row.number && m.last_row == below.number) {
        return true;
    }
    let width = row.cells.len().max(below.cells.len());
    let blanks = (0..width).filter(|place| text(below, *place).is_empty()).count();
    let fills = (0..width).any(|place| text(row, place).is_empty() && !text(below, place).is_empty());
    let whole = (0..width).all(|place| !text(row, place).is_empty() || !text(below, place).is_empty());
    fills && whole && blanks >= 2
}

/// Whether a row of headings has more of them above: over a blank cell of its own stands a word. Titles and the conditions
/// of a report are no headings.
pub fn goes_on_above(sheet: &RawSheet, at: usize) -> bool {
    if at == 0 || !follow(sheet, at - 1, at) {
        return false;
    }
    let (above, row) = (&sheet.rows[at - 1], &sheet.rows[at]);
    let texts: Vec<String> = above.cells.iter().map(text_of).collect();
    let filled = texts.iter().filter(|text| !text.is_empty()).count();
    let speaks = texts.iter().any(|text| text.contains([':', '：']) || text.contains(|c: char| c.is_ascii_digit()));
    let over_blank = |(place, text): (usize, &String)| {
        let own = row.cells.get(place).map_or_else(String::new, text_of);
        place < row.cells.len() && own.is_empty() && !text.is_empty()
    };
    filled >= 2 && !speaks && texts.iter().enumerate().any(over_blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(lines: &[&str], merges: Vec<Merge>) -> RawSheet {
        let row = |(at, line): (usize, &&str)| {
            let cell = |t: &str| if t.is_empty() { Cell::Empty } else { Cell::Text(t.to_owned()) };
            RawRow { number: at as u32 + 1, cells: line.split(',').map(cell).collect(), width: 0 }
        };
        RawSheet { rows: lines.iter().enumerate().map(row).collect(), merges, ..RawSheet::default() }
    }

    fn source(headings: &[&str]) -> Source {
        Source {
            id: "s".into(),
            zh: "试".into(),
            en: "Try".into(),
            of_shop: false,
            names: vec![],
            headings: headings.iter().map(|h| vec![(*h).to_owned()]).collect(),
            without: vec![],
            returned: false,
            covers: None,
            outputs: vec![],
            ignores: vec![],
            aside: vec![],
            lexicon: std::sync::Arc::default(),
            expects: vec![],
        }
    }

    #[test]
    fn the_lower_heading_counts_and_its_group_where_it_is_repeated() {
        let known = source(&["单号", "应收金额"]);
        let text = sheet(&["单号,应收,,实收,", ",金额,优惠,金额,方式", "A1,1,0,1,现金"], vec![]);
        let names = HeadingRows::of(&text, 0, 1).names(&known).into_owned();
        assert_eq!(names, ["单号", "应收金额", "优惠", "实收金额", "方式"]);
    }

    #[test]
    fn a_source_that_knows_the_group_gets_it_and_merges_say_how_far_it_reaches() {
        let merge = |first_column, last_column| Merge { first_row: 1, last_row: 1, first_column, last_column };
        let wide = sheet(&["单号,客户,,,备注", ",姓名,,电话,"], vec![merge(1, 3)]);
        let names = HeadingRows::of(&wide, 0, 1).names(&source(&["单号", "客户电话"])).into_owned();
        assert_eq!(names, ["单号", "姓名", "客户", "客户电话", "备注"]);
    }

    #[test]
    fn a_unit_of_a_group_is_one_of_its_columns() {
        let text = sheet(&["单号,金额（万元）,", ",应收,实收", "A1,1,1"], vec![]);
        let row = HeadingRows::of(&text, 0, 1).row(&source(&["单号", "应收", "实收"]));
        assert_eq!(row.cells[1..], [Cell::Text("应收（万元）".into()), Cell::Text("实收（万元）".into())]);
    }

    #[test]
    fn headings_go_on_below_groups_and_not_below_rows_of_data_or_titles() {
        assert!(goes_on_below(&sheet(&["单号,时间,客户,", ",,姓名,电话"], vec![]), 0));
        assert!(!goes_on_below(&sheet(&["单号,时间,客户,", "A1,2026,张三,"], vec![]), 0));
        assert!(!goes_on_below(&sheet(&["单号,时间,客户", "合计,,"], vec![]), 0));
        let merges = vec![Merge { first_row: 1, last_row: 2, first_column: 0, last_column: 0 }];
        assert!(goes_on_below(&sheet(&["单号,时间,客户,", ",,姓名,电话"], merges), 0));
        assert!(goes_on_above(&sheet(&["单号,客户,", ",姓名,电话"], vec![]), 1));
        assert!(!goes_on_above(&sheet(&["收银流水,门店：一店", ",姓名,电话"], vec![]), 1));
    }
}
