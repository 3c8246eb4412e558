//! An export before it has a file format: cells, and how a system lays them out on a sheet.

use crate::model::fen::Fen;
use chrono::{NaiveDate, NaiveDateTime};

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Money(Fen),
    /// A whole number of 10^-decimals.
    Number(i64, u32),
    Date(NaiveDate),
    Time(NaiveDateTime),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    pub fn time(at: Option<NaiveDateTime>) -> Cell {
        at.map_or(Cell::Empty, Cell::Time)
    }

    pub fn date(day: Option<NaiveDate>) -> Cell {
        day.map_or(Cell::Empty, Cell::Date)
    }

    /// The cell as text, as a text export prints it.
    pub fn print(&self, shape: DateShape) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Money(fen) => fen.to_string(),
            Cell::Number(units, decimals) => decimal(*units, *decimals),
            Cell::Date(day) => {
                day.format(if shape == DateShape::Slash { "%Y/%-m/%-d" } else { "%Y-%m-%d" }).to_string()
            }
            Cell::Time(at) => match shape {
                DateShape::Slash => at.format("%Y/%-m/%-d %-H:%M").to_string(),
                DateShape::Minutes => at.format("%Y-%m-%d %H:%M").to_string(),
                DateShape::Seconds => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            },
        }
    }
}

/// How a text export prints a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateShape {
    /// 2026-10-05 08:30:12
    Seconds,
    /// 2026-10-05 08:30
    Minutes,
    /// 2026/10/5 8:30
    Slash,
}

/// `units` × 10^-`decimals` in digits.
fn decimal(units: i64, decimals: u32) -> String {
    if decimals == 0 {
        return units.to_string();
    }
    let factor = 10_u64.pow(decimals);
    let (sign, digits) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
    let width = usize::try_from(decimals).unwrap_or(0);
    format!("{sign}{}.{:0width$}", digits / factor, digits % factor)
}

/// One export: what it says, not yet how it looks.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub titles: Vec<String>,
    /// A system that prints a blank row between its titles and its headings.
    pub blank_after_titles: bool,
    pub headings: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
    /// The columns that the system adds up in a last row 合计.
    pub summed: Vec<usize>,
    /// The column by which a printed page groups its rows.
    pub group: usize,
}

/// A sheet laid out in rows.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    pub rows: Vec<Vec<Cell>>,
    /// First row, first column, last row, last column.
    pub merges: Vec<[usize; 4]>,
}

impl Sheet {
    /// Headings and rows alone, as text exports are.
    pub fn bare(&self) -> Grid {
        let mut grid = Grid { rows: vec![self.heading_row()], merges: Vec::new() };
        grid.rows.extend(self.rows.iter().cloned());
        grid
    }

    /// The same with the rows of a group behind each other.
    pub fn grouped(&self, shape: DateShape) -> Grid {
        let mut grid = self.bare();
        grid.rows[1..].sort_by_key(|row| row[self.group].print(shape));
        grid
    }

    /// Titles, headings, rows, 合计: the usual export.
    pub fn plain(&self) -> Grid {
        let mut grid = self.top();
        grid.rows.extend(self.rows.iter().cloned());
        if !self.summed.is_empty() {
            grid.rows.push(self.sum("合计", &self.rows));
        }
        grid
    }

    /// A printed page: the title merged, the headings again before every group, the group's cell merged, 小计 below it.
    pub fn paged(&self) -> Grid {
        let mut grid = self.top();
        if !self.titles.is_empty() {
            grid.merges.push([0, 0, 0, self.headings.len() - 1]);
        }
        let mut rows = self.rows.clone();
        rows.sort_by_key(|row| row[self.group].print(DateShape::Seconds));
        for (serial, group) in rows.chunk_by(|one, other| one[self.group] == other[self.group]).enumerate() {
            if serial > 0 {
                grid.rows.push(self.heading_row());
            }
            let first = grid.rows.len();
            grid.rows.extend(group.iter().cloned());
            if group.len() > 1 {
                for row in &mut grid.rows[first + 1..] {
                    row[self.group] = Cell::Empty;
                }
                grid.merges.push([first, self.group, first + group.len() - 1, self.group]);
            }
            grid.rows.push(self.sum("小计", group));
        }
        grid.rows.push(self.sum("合计", &self.rows));
        grid
    }

    fn top(&self) -> Grid {
        let mut rows: Vec<Vec<Cell>> = self.titles.iter().map(|title| vec![Cell::text(title)]).collect();
        if self.blank_after_titles {
            rows.push(Vec::new());
        }
        rows.push(self.heading_row());
        Grid { rows, merges: Vec::new() }
    }

    fn heading_row(&self) -> Vec<Cell> {
        self.headings.iter().map(|heading| Cell::text(*heading)).collect()
    }

    fn sum(&self, word: &str, rows: &[Vec<Cell>]) -> Vec<Cell> {
        let money = |cell: &Cell| if let Cell::Money(fen) = cell { *fen } else { Fen::ZERO };
        let mut total = vec![Cell::Empty; self.headings.len()];
        total[0] = Cell::text(word);
        for column in &self.summed {
            total[*column] = Cell::Money(rows.iter().map(|row| money(&row[*column])).sum());
        }
        total
    }
}
