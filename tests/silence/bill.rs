//! A file as rows that can be changed and written again in its own form; the bills of payment platforms are lines.

use encoding_rs::{Encoding, GB18030, UTF_8};
use hesuan::sample::{Cell, Content, File, Form, Grid};

/// An export opened up.
#[derive(Clone)]
pub struct Page {
    pub name: String,
    pub grid: Grid,
    form: As,
    /// Where the headings stand.
    pub heading: usize,
}

#[derive(Clone, Copy)]
enum As {
    Form(Form),
    Lines(&'static Encoding),
}

impl Page {
    /// None where it is no table, or an empty one.
    pub fn of(file: &File) -> Option<Page> {
        let (grid, form) = match &file.content {
            Content::Table(grid, form) => (grid.clone(), As::Form(*form)),
            Content::Bytes(bytes) => {
                let encoding = if file.name.contains("All") { UTF_8 } else { GB18030 };
                (lines(&encoding.decode_without_bom_handling(bytes).0), As::Lines(encoding))
            }
        };
        let wide = |row: &Vec<Cell>| row.iter().filter(|cell| **cell != Cell::Empty).count() >= 4;
        let heading = grid.rows.iter().position(wide)?;
        Some(Page { name: file.name.clone(), grid, form, heading })
    }

    /// Rows that tell of something: no headings, titles, subtotals or comments.
    pub fn records(&self) -> Vec<usize> {
        let headings = &self.grid.rows[self.heading];
        let is_record = |row: &Vec<Cell>| {
            let first = row.iter().find(|cell| **cell != Cell::Empty);
            let is_sum =
                matches!(first, Some(Cell::Text(text)) if text.starts_with("合计") || text.starts_with("小计"));
            row.len() == headings.len() && row != headings && !is_sum
        };
        (self.heading + 1..self.grid.rows.len()).filter(|at| is_record(&self.grid.rows[*at])).collect()
    }

    /// True where a line of the file adds up or counts the others.
    pub fn has_total(&self) -> bool {
        let word = |row: &Vec<Cell>| matches!(row.first(), Some(Cell::Text(text)) if text.contains("合计"));
        self.grid.rows.iter().any(word) || matches!(self.form, As::Lines(_))
    }

    /// Texts of a row by which somebody would look for it: numbers of orders, receipts, cars.
    pub fn keys(&self, row: usize) -> Vec<String> {
        let is_key = |text: &&String| text.len() >= 5 && text.bytes().any(|byte| byte.is_ascii_digit());
        let texts =
            self.grid.rows[row].iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(text) } else { None });
        texts.filter(is_key).map(|text| text.trim_matches(['`', '\t', ' ']).to_owned()).collect()
    }

    pub fn remove_row(&mut self, at: usize) {
        self.grid.rows.remove(at);
        for merge in &mut self.grid.merges {
            merge[0] -= usize::from(merge[0] > at);
            merge[2] -= usize::from(merge[2] >= at);
        }
        self.grid.merges.retain(|[top, left, bottom, right]| bottom > top || right > left);
    }

    pub fn insert_row(&mut self, at: usize, row: Vec<Cell>) {
        self.grid.rows.insert(at, row);
        for merge in &mut self.grid.merges {
            merge[0] += usize::from(merge[0] >= at);
            merge[2] += usize::from(merge[2] >= at);
        }
    }

    /// The file with its rows as they are now.
    pub fn bytes(&self) -> Vec<u8> {
        match self.form {
            As::Form(form) => {
                let content = Content::Table(self.grid.clone(), form);
                File { name: self.name.clone(), content }.bytes().unwrap()
            }
            As::Lines(encoding) => {
                let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { String::new() };
                let line = |row: &Vec<Cell>| row.iter().map(text).collect::<Vec<_>>().join(",") + "\r\n";
                encoding.encode(&self.grid.rows.iter().map(line).collect::<String>()).0.into_owned()
            }
        }
    }
}

fn lines(text: &str) -> Grid {
    let row = |line: &str| line.split(',').map(Cell::text).collect();
    Grid { rows: text.lines().map(row).collect(), merges: Vec::new() }
}
