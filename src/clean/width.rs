//! Rows of a text file that have more or fewer fields than the headings: put together again where there is only one way
//! in which every typed column reads, else refused. By position, one column's text would be read as another's.

use std::collections::BTreeMap;

use super::cells::{code_of, is_blank, text_of};
use super::plan::OutputPlan;
use super::source::ColumnSource;
use super::{amounts, dates, normal};
use crate::model::forget::{Rule, forgets};
use crate::model::{ColumnDef, ColumnKind, WordList};
use crate::read::{Cell, RawRow};
use crate::spec::tables::Tables;

/// Readings of one row beyond this many are as good as none.
const READINGS: usize = 64;

/// How a row fits its headings.
pub enum Fit {
    Right,
    /// Put together again: the row as it must be meant, and the first column that holds joined fields.
    Mended(RawRow, usize),
    /// No reading, or more than one.
    Wrong,
}

/// What stands in a column of the sheet, as far as a table says.
struct Typed<'a> {
    def: &'a ColumnDef,
    source: Option<&'a ColumnSource>,
    list: Option<&'a WordList>,
}

/// The widths of one sheet's rows.
pub struct Widths<'a> {
    /// Fields of the headings; 0 where rows have places of their own.
    headings: usize,
    /// Fields of a row as this export writes it: more than the headings where it ends each row with delimiters.
    base: usize,
    /// Whether fields at the end of a row are left out where they are empty.
    trims: bool,
    rows: usize,
    narrow: usize,
    by_width: BTreeMap<usize, usize>,
    columns: Vec<Option<Typed<'a>>>,
}

impl<'a> Widths<'a> {
    pub fn new(headings: &RawRow, rows: &[RawRow], plans: &'a [OutputPlan<'a>], tables: &'a Tables) -> Widths<'a> {
        let width = if headings.width == 0 { 0 } else { headings.cells.len() };
        let mut widths = Widths {
            headings: width,
            base: headings.width as usize,
            trims: false,
            rows: rows.len(),
            narrow: 0,
            by_width: BTreeMap::new(),
            columns: typed(width, plans, tables),
        };
        if width == 0 {
            return widths;
        }
        // Comments, totals and signatures are short by nature.
        let rows: Vec<&RawRow> = rows.iter().filter(|r| r.width as usize * 2 > width).collect();
        widths.rows = rows.len();
        for row in &rows {
            *widths.by_width.entry(row.width as usize).or_default() += 1;
        }
        widths.narrow = widths.by_width.range(..width).map(|(_, count)| count).sum();
        let ends_full = |row: &RawRow| row.width as usize == row.cells.len();
        widths.trims = widths.by_width.len() > 1 && rows.iter().all(|r| ends_full(r)) && ends_full(headings);
        let (usual, count) = widths.by_width.iter().max_by_key(|(_, count)| **count).map_or((0, 0), |(w, c)| (*w, *c));
        // Delimiters at the end of each row: proven by rows that cannot be read in any other way.
        if usual > width && count * 2 > rows.len() {
            let of_usual = || rows.iter().filter(|r| r.width as usize == usual);
            let unnamed = of_usual().any(|row| row.cells.len() > width);
            let only_so = |row: &&RawRow| widths.readings(&fields(row), width, false).is_empty();
            if unnamed || of_usual().any(only_so) {
                widths.base = usual;
            }
        }
        widths
    }

    /// How a data row fits; of a total row the required columns may be blank.
    pub fn fit(&self, row: &RawRow, is_total: bool) -> Fit {
        let width = row.width as usize;
        let has_places = self.headings == 0 || width == 0;
        let is_usual = (width == self.base || width == self.headings) && !(self.leaves_out() && width <= self.headings);
        if has_places || is_usual || forgets(Rule::Width) {
            return Fit::Right;
        }
        let fields = fields(row);
        let mut readings = self.readings(&fields, self.headings, is_total);
        if self.base != self.headings {
            readings.extend(self.readings(&fields, self.base, is_total));
        }
        if self.leaves_out() && width <= self.headings {
            // A comma within a number may hide in a row that is short by nature: it is as long as a full one then.
            for columns in width.saturating_sub(2).max(1)..width {
                let of_numbers =
                    |r: &Reading| self.columns[r.joined].as_ref().is_some_and(|t| t.def.kind != ColumnKind::Text);
                readings.extend(self.readings(&fields, columns, is_total).into_iter().filter(of_numbers));
            }
        }
        match (self.may_stand(row), readings.is_empty()) {
            (true, true) => Fit::Right,
            (true, false) if self.reads(&fields[..width.min(self.headings)], is_total) => Fit::Wrong,
            _ => self.only_one(row, readings),
        }
    }

    /// Whether fields at the end of a row are left out as a habit.
    fn leaves_out(&self) -> bool {
        self.trims || (self.narrow > 0 && self.narrow * 2 >= self.rows)
    }

    /// Whether a row may be meant as it stands: what is too much is empty, or what is missing is left out as a habit.
    fn may_stand(&self, row: &RawRow) -> bool {
        let width = row.width as usize;
        if width >= self.headings {
            return row.cells.len() <= self.headings;
        }
        let others = self.by_width.get(&width).copied().unwrap_or(0) > 1;
        let needed = |typed: &Option<Typed<'_>>| typed.as_ref().is_some_and(|t| t.def.required);
        others && self.leaves_out() && !self.columns[width..].iter().any(needed)
    }

    /// The one reading of all in its typed columns. Where only free text may be cut in several ways, the last column
    /// takes the comma: that is the remark.
    fn only_one(&self, row: &RawRow, readings: Vec<Reading>) -> Fit {
        let typed = |cells: &[String]| -> Vec<String> {
            let is_typed = |at: usize| {
                let column = self.columns.get(at).and_then(Option::as_ref);
                column.is_some_and(|t| t.def.kind != ColumnKind::Text)
            };
            cells.iter().enumerate().filter(|(at, _)| is_typed(*at)).map(|(_, text)| text.clone()).collect()
        };
        let Some(best) = readings.iter().max_by_key(|reading| reading.joined) else { return Fit::Wrong };
        let own = typed(&best.cells);
        if readings.iter().any(|other| typed(&other.cells) != own) {
            return Fit::Wrong;
        }
        let cell = |text: &String| if text.is_empty() { Cell::Empty } else { Cell::Text(text.clone()) };
        let cells: Vec<Cell> = best.cells.iter().take(self.headings).map(cell).collect();
        Fit::Mended(RawRow { number: row.number, cells, width: row.width }, best.joined)
    }

    /// Every way to put the fields into so many columns in which all of them read.
    fn readings(&self, fields: &[String], columns: usize, is_total: bool) -> Vec<Reading> {
        let mut found = Vec::new();
        if fields.len() > columns && fields.len() - columns <= 8 {
            self.search(&Search { fields, columns, is_total }, 0, &mut Reading::default(), &mut found);
        }
        found
    }

    fn search(&self, search: &Search<'_>, at: usize, so_far: &mut Reading, found: &mut Vec<Reading>) {
        let column = so_far.cells.len();
        if column == search.columns {
            if at == search.fields.len() {
                found.push(so_far.clone());
            }
            return;
        }
        let excess = (search.fields.len() - at).saturating_sub(search.columns - column);
        for length in 1..=excess + 1 {
            let Some(text) = self.joined(column, &search.fields[at..at + length]) else { continue };
            if found.len() >= READINGS || !self.column_reads(column, &text, search.is_total) {
                continue;
            }
            let joined = so_far.joined;
            if length > 1 && joined == usize::MAX {
                so_far.joined = column;
            }
            so_far.cells.push(text);
            self.search(search, at + length, so_far, found);
            so_far.cells.pop();
            so_far.joined = joined;
        }
    }

    /// Fields as the one text that a comma may have cut: a number with its thousands apart, or free text.
    fn joined(&self, column: usize, parts: &[String]) -> Option<String> {
        let [first, rest @ ..] = parts else { return None };
        let Some((last, middle)) = rest.split_last() else { return Some(first.clone()) };
        let is_number = |kind: ColumnKind| {
            matches!(kind, ColumnKind::Fen | ColumnKind::Micro | ColumnKind::Hours | ColumnKind::Int)
        };
        let kind = self.columns.get(column).and_then(Option::as_ref).map(|t| t.def.kind);
        let may_be_number = kind.is_none_or(is_number);
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let head = first.trim().trim_start_matches(['-', '+', '¥', '￥', '(', '"', ' ']);
        let tail = last.trim().trim_end_matches([')', '元', '-', '"', ' ']);
        let whole = tail.split_once('.').map_or(tail, |(whole, _)| whole);
        let thousands = (1..=3).contains(&head.len())
            && digits(head)
            && middle.iter().all(|m| m.len() == 3 && digits(m))
            && whole.len() == 3
            && digits(whole);
        if may_be_number && thousands {
            return Some(parts.join(",").replace('"', ""));
        }
        let is_text = kind.is_none_or(|k| k == ColumnKind::Text);
        (is_text && parts.iter().all(|p| !p.trim().is_empty())).then(|| parts.join(","))
    }

    fn reads(&self, fields: &[String], is_total: bool) -> bool {
        fields.iter().enumerate().all(|(column, text)| self.column_reads(column, text, is_total))
    }

    fn column_reads(&self, column: usize, text: &str, is_total: bool) -> bool {
        let Some(typed) = self.columns.get(column).and_then(Option::as_ref) else { return true };
        if is_blank(&Cell::Text(text.to_owned())) {
            return is_total || !typed.def.required;
        }
        let text = normal::trimmed(text);
        match typed.def.kind {
            ColumnKind::Fen | ColumnKind::Micro | ColumnKind::Hours | ColumnKind::Int => {
                amounts::number(text.trim_end_matches(['%', '％'])).is_ok()
            }
            ColumnKind::Date | ColumnKind::Time => is_total || dates::read(text).is_some(),
            // An amount that slipped into the place of a number.
            ColumnKind::Key => !(text.contains('.') && amounts::number(text).is_ok()),
            ColumnKind::Word(_) => match (typed.list, typed.source) {
                (Some(list), Some(source)) => is_total || code_of(text, &source.words, list).is_some(),
                _ => true,
            },
            ColumnKind::Text | ColumnKind::Bool => true,
        }
    }
}

/// One way to read a row: a text for each column, and the first column whose text was joined.
#[derive(Clone)]
struct Reading {
    cells: Vec<String>,
    joined: usize,
}

impl Default for Reading {
    fn default() -> Reading {
        Reading { cells: Vec::new(), joined: usize::MAX }
    }
}

struct Search<'s> {
    fields: &'s [String],
    columns: usize,
    is_total: bool,
}

/// The fields of a row as written, those at the end included.
fn fields(row: &RawRow) -> Vec<String> {
    let mut fields: Vec<String> = row.cells.iter().map(raw_text).collect();
    fields.resize((row.width as usize).max(fields.len()), String::new());
    fields
}

fn raw_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        other => text_of(other),
    }
}

fn typed<'a>(width: usize, plans: &'a [OutputPlan<'a>], tables: &'a Tables) -> Vec<Option<Typed<'a>>> {
    let mut columns: Vec<Option<Typed<'a>>> = (0..width).map(|_| None).collect();
    for plan in plans {
        for (def, source) in plan.table.columns.iter().zip(&plan.columns) {
            let Some((source, places)) = source else { continue };
            let list = match def.kind {
                ColumnKind::Word(list) => tables.lists.get(list),
                _ => None,
            };
            for place in places.iter().filter(|p| **p < width) {
                columns[*place].get_or_insert(Typed { def, source: Some(*source), list });
            }
        }
        if let (Some((_, amount)), Some(at)) = (plan.payer.filter(|(_, a)| *a < width), plan.table.amount) {
            columns[amount].get_or_insert(Typed { def: &plan.table.columns[at], source: None, list: None });
        }
    }
    columns
}
