//! Workbooks filled in as a person would: cells of a row, found by what another of its cells says.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use calamine::{Reader, Xlsx, open_workbook};
use regex::Regex;

use super::books::shown;

/// One row to be filled in: sheet, the cell by which it is found (heading, text), and what is written (heading, text).
pub struct Edit {
    pub sheet: String,
    pub find: (String, String),
    pub put: Vec<(String, String)>,
}

impl Edit {
    /// `sheet | 编号=R:SK1 | 处理=归属, 目标单号=W1`; a row found by a heading without a text is the first empty one.
    pub fn read(line: &str) -> Edit {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [sheet, find, put] = parts[..] else { panic!("no edit: {line}") };
        let pair = |text: &str| {
            let (heading, value) = text.split_once('=').unwrap_or_else(|| panic!("no cell: {text}"));
            (heading.trim().to_owned(), value.trim().to_owned())
        };
        Edit { sheet: sheet.to_owned(), find: pair(find), put: put.split(',').map(pair).collect() }
    }
}

/// Fills in a copy of a workbook cell by cell, in its own XML: nothing else of it changes.
pub fn fill(from: &Path, to: &Path, edits: &[Edit]) {
    let mut entries = entries(from);
    for edit in edits {
        let (place, cells) = cells(from, edit);
        let path = format!("xl/worksheets/sheet{}.xml", place + 1);
        let (_, bytes) = entries.iter_mut().find(|(name, _)| *name == path).unwrap_or_else(|| panic!("no {path}"));
        let mut xml = String::from_utf8(std::mem::take(bytes)).unwrap();
        for (address, value) in cells {
            xml = written(&xml, &address, &value);
        }
        *bytes = xml.into_bytes();
    }
    save(to, entries);
}

fn save(to: &Path, entries: Vec<(String, Vec<u8>)>) {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    fs::write(to, zip.finish().unwrap().into_inner()).unwrap();
}

/// A copy of a workbook in which somebody wrote another heading over one of a sheet's.
pub fn rename_heading(from: &Path, to: &Path, sheet: &str, heading: &str, new: &str) {
    let mut book: Xlsx<_> = open_workbook(from).unwrap();
    let place = book.sheet_names().iter().position(|name| name == sheet).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let (rows, width) = range.end().unwrap();
    let all = (0..=rows).flat_map(|row| (0..=width).map(move |column| (row, column)));
    let is_it = |at: &(u32, u32)| range.get_value(*at).is_some_and(|cell| shown(cell) == heading);
    let (row, column) = all.into_iter().find(is_it).unwrap_or_else(|| panic!("no heading {heading}"));
    let mut entries = entries(from);
    let path = format!("xl/worksheets/sheet{}.xml", place + 1);
    let (_, bytes) = entries.iter_mut().find(|(name, _)| *name == path).unwrap();
    *bytes = written(std::str::from_utf8(bytes).unwrap(), &address(row, column), new).into_bytes();
    save(to, entries);
}

fn entries(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut entries = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        entries.push((entry.name().unwrap().into_owned(), bytes));
    }
    entries
}

/// Place of the sheet, and address and text of each cell to be written.
fn cells(path: &Path, edit: &Edit) -> (usize, Vec<(String, String)>) {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let place = book.sheet_names().iter().position(|name| *name == edit.sheet);
    let place = place.unwrap_or_else(|| panic!("{}: no sheet {}", path.display(), edit.sheet));
    let range = book.worksheet_range(&edit.sheet).unwrap();
    let (last, width) = range.end().unwrap();
    let text = |row: u32, column: u32| range.get_value((row, column)).map_or_else(String::new, shown);
    let wanted = || std::iter::once(&edit.find.0).chain(edit.put.iter().map(|(heading, _)| heading));
    let column = |row: u32, heading: &String| (0..=width).find(|column| text(row, *column) == *heading);
    let heading_row = (0..=last).find(|row| wanted().all(|heading| column(*row, heading).is_some()));
    let heading_row = heading_row.unwrap_or_else(|| panic!("{}: headings not found", edit.sheet));
    let find = column(heading_row, &edit.find.0).unwrap();
    let row = (heading_row + 1..=last).find(|row| text(*row, find) == edit.find.1);
    let row = row.unwrap_or_else(|| panic!("{}: no row with {} = {}", edit.sheet, edit.find.0, edit.find.1));
    let cell =
        |(heading, value): &(String, String)| (address(row, column(heading_row, heading).unwrap()), value.clone());
    (place, edit.put.iter().map(cell).collect())
}

/// `A1`, from row and column counted from 0.
fn address(row: u32, column: u32) -> String {
    let mut letters = String::new();
    let mut left = column + 1;
    while left > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((left - 1) % 26).unwrap()));
        left = (left - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

/// The sheet with one cell's value replaced; its format stays.
fn written(xml: &str, address: &str, value: &str) -> String {
    let cell = Regex::new(&format!(r#"<c r="{address}"( s="\d+")?[^>]*?(/>|>.*?</c>)"#)).unwrap();
    let found = cell.captures(xml).unwrap_or_else(|| panic!("no cell {address}"));
    let format = found.get(1).map_or("", |m| m.as_str());
    let new = match value.parse::<f64>() {
        Ok(number) => format!(r#"<c r="{address}"{format}><v>{number}</v></c>"#),
        Err(_) => format!(r#"<c r="{address}"{format} t="inlineStr"><is><t>{value}</t></is></c>"#),
    };
    xml.replacen(found.get(0).unwrap().as_str(), &new, 1)
}

/// Whether Python and openpyxl are there; says so where they are not.
pub fn has_openpyxl() -> bool {
    let asked = Command::new("python3").args(["-c", "import openpyxl"]).stderr(Stdio::null()).status();
    let found = asked.is_ok_and(|status| status.success());
    if !found {
        eprintln!("skipped: python3 with openpyxl is not there");
    }
    found
}

/// The same by openpyxl, which writes the whole workbook anew: formulas lose their values.
pub fn fill_by_openpyxl(from: &Path, to: &Path, edits: &[Edit]) {
    let script = "import sys, openpyxl\n\
                  book = openpyxl.load_workbook(sys.argv[1])\n\
                  for line in sys.stdin.read().splitlines():\n    \
                      sheet, address, value = line.split('\\t')\n    \
                      book[sheet][address] = value\n\
                  book.save(sys.argv[2])\n";
    let mut lines = String::new();
    for edit in edits {
        for (address, value) in cells(from, edit).1 {
            lines += &format!("{}\t{address}\t{value}\n", edit.sheet);
        }
    }
    let mut python = Command::new("python3");
    python.args(["-c", script]).arg(from).arg(to).stdin(Stdio::piped());
    let mut python = python.spawn().unwrap();
    python.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    assert!(python.wait().unwrap().success());
}
