//! What goes wrong with an export, one thing at a time.

use super::bill::Page;
use hesuan::sample::Cell;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    DeleteRow,
    DeleteTail,
    BlankCell,
    Placeholder,
    RenameHeading,
    UnknownWord,
    MoveColumn,
    RepeatBlock,
    CutBytes,
    SwapHeadings,
    SwapCells,
    UnitInHeading,
    UnitInCell,
    DoubleElsewhere,
    DeleteColumn,
    DamageNumber,
    ChangeAmount,
    TurnSign,
    BadDate,
    OtherDate,
    Empty,
    HeadingsOnly,
    ShiftRow,
    DropField,
    TextRow,
    HeadingAgain,
    BlankRow,
    OtherKey,
    #[cfg_attr(not(feature = "forgettings"), expect(dead_code, reason = "only rules that are forgotten ask for it"))]
    /// Two rows of one number. Not among `FAULTS`, so that their seeds stay what they are.
    SameKey,
}

pub const FAULTS: [Fault; 28] = [
    Fault::DeleteRow,
    Fault::DeleteTail,
    Fault::BlankCell,
    Fault::Placeholder,
    Fault::RenameHeading,
    Fault::UnknownWord,
    Fault::MoveColumn,
    Fault::RepeatBlock,
    Fault::CutBytes,
    Fault::SwapHeadings,
    Fault::SwapCells,
    Fault::UnitInHeading,
    Fault::UnitInCell,
    Fault::DoubleElsewhere,
    Fault::DeleteColumn,
    Fault::DamageNumber,
    Fault::ChangeAmount,
    Fault::TurnSign,
    Fault::BadDate,
    Fault::OtherDate,
    Fault::Empty,
    Fault::HeadingsOnly,
    Fault::ShiftRow,
    Fault::DropField,
    Fault::TextRow,
    Fault::HeadingAgain,
    Fault::BlankRow,
    Fault::OtherKey,
];

/// A spoilt file.
pub struct Spoilt {
    pub name: String,
    pub bytes: Vec<u8>,
    /// What was done, for a person who must look at it.
    pub what: String,
    /// Numbers by which the rows are known that were touched.
    pub keys: Vec<String>,
    /// The heading of the column that was touched.
    pub headings: Vec<String>,
}

/// Does one fault to a page; none where the page has nothing of the kind.
pub fn spoil(page: &Page, fault: Fault, dice: &mut fastrand::Rng) -> Option<Spoilt> {
    Hand { page: page.clone(), dice, keys: Vec::new(), headings: Vec::new() }.spoil(fault)
}

struct Hand<'a> {
    page: Page,
    dice: &'a mut fastrand::Rng,
    keys: Vec<String>,
    headings: Vec<String>,
}

impl Hand<'_> {
    fn spoil(mut self, fault: Fault) -> Option<Spoilt> {
        let whole = self.page.bytes();
        let mut beside = false;
        let mut cut = None;
        let what = match fault {
            Fault::DeleteRow => self.delete_row()?,
            Fault::DeleteTail => self.delete_tail()?,
            Fault::RepeatBlock => self.repeat_block()?,
            Fault::MoveColumn => self.move_column()?,
            Fault::DeleteColumn => self.delete_column()?,
            Fault::RenameHeading => self.head(|_| "备考栏甲".to_owned())?,
            Fault::UnitInHeading => self.unit_in_heading()?,
            Fault::SwapHeadings => self.swap_headings()?,
            Fault::SwapCells => self.swap_cells()?,
            Fault::ShiftRow => self.shift_row(true)?,
            Fault::DropField => self.shift_row(false)?,
            Fault::TextRow => self.insert(vec![Cell::text("制表：张三"), Cell::Empty, Cell::text("审核：李四")])?,
            Fault::BlankRow => self.insert(Vec::new())?,
            Fault::HeadingAgain => self.insert(self.page.grid.rows[self.page.heading].clone())?,
            Fault::Empty => {
                cut = Some(0);
                "no byte".to_owned()
            }
            Fault::HeadingsOnly => {
                self.page.grid.rows.truncate(self.page.heading + 1);
                self.page.grid.merges.clear();
                "headings only".to_owned()
            }
            Fault::CutBytes => {
                let at = self.dice.usize(whole.len() / 3..whole.len());
                cut = Some(at);
                format!("{at} of {} bytes", whole.len())
            }
            Fault::SameKey => self.same_key()?,
            Fault::DoubleElsewhere => {
                beside = true;
                self.double_elsewhere()?
            }
            _ => self.cell(fault)?,
        };
        let mut bytes = self.page.bytes();
        if let Some(at) = cut {
            bytes = whole[..at].to_vec();
        } else if bytes == whole && !beside {
            return None;
        }
        let name = if beside { numbered(&self.page.name) } else { self.page.name.clone() };
        Some(Spoilt { name, bytes, what, keys: self.keys, headings: self.headings })
    }

    fn record(&mut self) -> Option<usize> {
        let records = self.page.records();
        let row = *records.get(self.dice.usize(..records.len().max(1)))?;
        self.keys.extend(self.page.keys(row));
        Some(row)
    }

    fn heading(&self, column: usize) -> String {
        let cell = self.page.grid.rows[self.page.heading].get(column);
        if let Some(Cell::Text(text)) = cell { text.clone() } else { String::new() }
    }

    fn column(&mut self) -> usize {
        let column = self.dice.usize(..self.page.grid.rows[self.page.heading].len());
        self.headings.push(self.heading(column));
        column
    }

    fn delete_row(&mut self) -> Option<String> {
        let row = self.record()?;
        self.page.remove_row(row);
        Some(format!("row {} gone", row + 1))
    }

    fn delete_tail(&mut self) -> Option<String> {
        let row = self.record()?;
        for at in row..self.page.grid.rows.len() {
            self.keys.extend(self.page.keys(at));
        }
        while self.page.grid.rows.len() > row {
            self.page.remove_row(row);
        }
        Some(format!("rows from {} gone", row + 1))
    }

    fn repeat_block(&mut self) -> Option<String> {
        let records = self.page.records();
        let first = self.dice.usize(..records.len().max(1));
        let block = records.get(first..(first + self.dice.usize(1..4)).min(records.len()))?;
        let rows: Vec<Vec<Cell>> = block.iter().map(|at| self.page.grid.rows[*at].clone()).collect();
        let after = *block.last()? + 1;
        for at in block {
            self.keys.extend(self.page.keys(*at));
        }
        for row in rows.into_iter().rev() {
            self.page.insert_row(after, row);
        }
        Some(format!("rows repeated behind {after}"))
    }

    fn move_column(&mut self) -> Option<String> {
        let width = self.page.grid.rows[self.page.heading].len();
        let (from, to) = (self.column(), self.dice.usize(..width));
        self.page.grid.merges.clear();
        for row in self.page.grid.rows.iter_mut().filter(|row| row.len() == width) {
            let cell = row.remove(from);
            row.insert(to, cell);
        }
        (from != to).then(|| format!("column {} moved from {from} to {to}", self.headings[0]))
    }

    fn delete_column(&mut self) -> Option<String> {
        let width = self.page.grid.rows[self.page.heading].len();
        let column = self.column();
        self.page.grid.merges.clear();
        self.page.grid.rows.iter_mut().filter(|row| row.len() == width).for_each(|row| drop(row.remove(column)));
        Some(format!("column {} gone", self.headings[0]))
    }

    /// Changes one heading wherever it stands.
    fn head(&mut self, change: impl Fn(&str) -> String) -> Option<String> {
        let column = self.column();
        self.rename(column, change)
    }

    fn rename(&mut self, column: usize, change: impl Fn(&str) -> String) -> Option<String> {
        let headings = self.page.grid.rows[self.page.heading].clone();
        let (old, new) = (self.heading(column), change(&self.heading(column)));
        for row in self.page.grid.rows.iter_mut().filter(|row| **row == headings) {
            row[column] = Cell::text(&new);
        }
        self.headings.push(new.clone());
        Some(format!("{old} is called {new}"))
    }

    fn unit_in_heading(&mut self) -> Option<String> {
        let row = self.record()?;
        let money = |cell: &Cell| matches!(cell, Cell::Money(fen) if !fen.is_zero());
        let columns: Vec<usize> =
            (0..self.page.grid.rows[row].len()).filter(|at| money(&self.page.grid.rows[row][*at])).collect();
        let column = *columns.get(self.dice.usize(..columns.len().max(1)))?;
        self.headings.push(self.heading(column));
        let (unit, decimals) = UNITS[self.dice.usize(..UNITS.len())];
        for cell in self.page.grid.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
            if let (Cell::Money(fen), Some(decimals)) = (&cell, decimals) {
                *cell = Cell::Number(fen.0, decimals);
            }
        }
        self.rename(column, |old| format!("{old}{unit}"))
    }

    fn swap_headings(&mut self) -> Option<String> {
        let (one, other) = (self.column(), self.column());
        if one == other {
            return None;
        }
        let headings = self.page.grid.rows[self.page.heading].clone();
        for row in self.page.grid.rows.iter_mut().filter(|row| **row == headings) {
            row.swap(one, other);
        }
        Some(format!("headings {} and {} swapped", self.headings[0], self.headings[1]))
    }

    fn swap_cells(&mut self) -> Option<String> {
        let row = self.record()?;
        let column = self.dice.usize(..self.page.grid.rows[row].len() - 1);
        self.headings.extend([self.heading(column), self.heading(column + 1)]);
        self.page.grid.rows[row].swap(column, column + 1);
        Some(format!("row {}: {} and {} swapped", row + 1, self.headings[0], self.headings[1]))
    }

    /// One field too many, or one too few, somewhere in a row.
    fn shift_row(&mut self, longer: bool) -> Option<String> {
        let row = self.record()?;
        let column = self.dice.usize(..self.page.grid.rows[row].len());
        self.headings.push(self.heading(column));
        let cells = &mut self.page.grid.rows[row];
        if longer {
            cells.insert(column, Cell::Empty);
        } else {
            cells.remove(column);
        }
        Some(format!("row {}: shifted at {}", row + 1, self.headings[0]))
    }

    fn insert(&mut self, row: Vec<Cell>) -> Option<String> {
        let at = self.dice.usize(self.page.heading + 1..=self.page.grid.rows.len());
        self.page.insert_row(at, row);
        Some(format!("a row put in as {}", at + 1))
    }

    /// The number in the first column of a row stands in another one too.
    fn same_key(&mut self) -> Option<String> {
        let (row, other) = (self.record()?, self.record()?);
        let number = self.page.grid.rows[other].first()?.clone();
        let is_number = matches!(&number, Cell::Text(text) if text.bytes().filter(u8::is_ascii_digit).count() >= 4);
        if !is_number || self.page.grid.rows[row].first() == Some(&number) {
            return None;
        }
        self.page.grid.rows[row][0] = number;
        Some(format!("row {} bears the number of row {}", row + 1, other + 1))
    }

    /// A file of the headings and one row that another file has too.
    fn double_elsewhere(&mut self) -> Option<String> {
        let row = self.record()?;
        let rows = &self.page.grid.rows;
        let kept: Vec<Vec<Cell>> = rows[..=self.page.heading].iter().chain([&rows[row]]).cloned().collect();
        self.page.grid.rows = kept;
        self.page.grid.merges.clear();
        Some(format!("row {} in a file of its own", row + 1))
    }

    /// Changes one cell that is of the kind which the fault needs.
    fn cell(&mut self, fault: Fault) -> Option<String> {
        let row = self.record()?;
        let columns: Vec<usize> = (0..self.page.grid.rows[row].len())
            .filter(|at| self.page.grid.rows[row][*at] != Cell::Empty)
            .filter(|at| changed(&self.page.grid.rows[row][*at], fault).is_some())
            .collect();
        let column = *columns.get(self.dice.usize(..columns.len().max(1)))?;
        self.headings.push(self.heading(column));
        let old = self.page.grid.rows[row][column].clone();
        let new = changed(&old, fault)?;
        let what = format!("row {}, {}: {old:?} is {new:?}", row + 1, self.headings[0]);
        self.page.grid.rows[row][column] = new;
        Some(what)
    }
}

/// A cell after a fault; none where the fault does not happen to such cells.
fn changed(cell: &Cell, fault: Fault) -> Option<Cell> {
    let has_digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count() >= 4;
    match (fault, cell) {
        (Fault::BlankCell, _) => Some(Cell::Empty),
        (Fault::Placeholder, _) => Some(Cell::text("--")),
        (Fault::UnknownWord, Cell::Text(text)) if !has_digits(text) => Some(Cell::text("蓬莱")),
        (Fault::DamageNumber, Cell::Text(text)) if has_digits(text) => Some(Cell::text("2.0261E+11")),
        (Fault::OtherKey, Cell::Text(text)) if has_digits(text) => Some(Cell::text(format!("{text}9"))),
        (Fault::ChangeAmount, Cell::Money(fen)) => Some(Cell::Money(*fen + hesuan::model::Fen(100_000))),
        (Fault::TurnSign, Cell::Money(fen)) if !fen.is_zero() => Some(Cell::Money(-*fen)),
        (Fault::UnitInCell, Cell::Money(fen)) if !fen.is_zero() => Some(Cell::text(format!("{}分", fen.0))),
        (Fault::BadDate, Cell::Date(_) | Cell::Time(_)) => Some(Cell::text("2026-13-45")),
        (Fault::OtherDate, Cell::Date(day)) => Some(Cell::Date(*day - chrono::Duration::days(1))),
        (Fault::OtherDate, Cell::Time(at)) => Some(Cell::Time(*at - chrono::Duration::days(1))),
        _ => None,
    }
}

/// What is put behind a heading, and how many decimals a fen has in it; in another currency the numbers stay.
const UNITS: [(&str, Option<u32>); 7] = [
    ("(分)", Some(0)),
    ("【角】", Some(1)),
    ("/百元", Some(4)),
    ("(千元)", Some(5)),
    ("（万元）", Some(6)),
    ("(USD)", None),
    ("（不含税）", None),
];

/// A name as somebody gives it to a second part.
pub fn numbered(name: &str) -> String {
    name.rsplit_once('.').map_or_else(|| format!("{name}_2"), |(stem, ending)| format!("{stem}_2.{ending}"))
}
