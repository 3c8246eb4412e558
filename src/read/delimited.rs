//! Comma, tab and semicolon separated text to rows.
//!
//! Hand-written, as the findings need what a general reader does not tell: the physical line on which a record starts,
//! blank lines counted, and the quote that never closes.

use super::limits::Budget;
use super::problems::{Problems, Refusal};
use super::raw::{Cell, Format, ProblemCode, RawRow, RawSheet};
use super::text::Decoded;
use super::{layout, text_formula};

/// Bytes and lines looked at to find the delimiter.
const SAMPLE: (usize, usize) = (64 << 10, 50);
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Quotes that never close and are taken for letters; a text with more of them is no table.
const OPEN_QUOTES: u32 = 100;

/// Reads a whole text file as one sheet without a name.
pub(super) fn read(
    decoded: &Decoded,
    budget: &mut Budget,
    problems: &mut Problems,
) -> Result<(Format, RawSheet), Refusal> {
    let mut records = Records::new(&decoded.text);
    if layout::is_fixed_columns(&decoded.text, records.delimiter) {
        return Err(Refusal::new(ProblemCode::FixedColumns, layout::first_line(&decoded.text)));
    }
    let format = if records.delimiter == b'\t' { Format::Tsv } else { Format::Csv };
    let mut rows: Vec<RawRow> = Vec::new();
    let (mut width, mut in_quote) = (8, false);
    loop {
        let mut cells = Vec::with_capacity(width);
        let Some((line, fault)) = records.next(&mut cells) else { break };
        in_quote = fault == Some(Fault::CutOff);
        if let Some(fault) = fault.filter(|_| !in_quote) {
            let column = cells.len().saturating_sub(1);
            problems.cell(ProblemCode::TextMalformed, "", line, column, fault.said());
        }
        let fields = u32::try_from(cells.len()).unwrap_or(u32::MAX);
        while matches!(cells.last(), Some(Cell::Empty)) {
            cells.pop();
        }
        if cells.is_empty() {
            continue;
        }
        if decoded.needs_mending() {
            mend(decoded, line, &mut cells, problems);
        }
        tell_formulas(line, &cells, problems);
        budget.spend(cells.len() as u64)?;
        width = cells.len();
        rows.push(RawRow { number: line, cells, width: fields });
        if records.open_quotes > OPEN_QUOTES {
            break;
        }
    }
    let is_cut = || decoded.ends_inside_a_letter() || layout::ends_inside(&rows);
    if in_quote || (!decoded.text.ends_with(['\n', '\r']) && is_cut()) {
        cut_off(&mut rows, problems);
    }
    Ok((format, RawSheet { rows, ..RawSheet::default() }))
}

/// The file ends inside its last row: what stands last in it is half a value, and is none.
fn cut_off(rows: &mut [RawRow], problems: &mut Problems) {
    let Some(RawRow { number, cells, width }) = rows.last_mut() else { return };
    let column = width.saturating_sub(1) as usize;
    match cells.get_mut(column) {
        Some(last) => {
            let half = if let Cell::Text(text) = &*last { text.clone() } else { String::new() };
            problems.cell(ProblemCode::TextCutOff, "", *number, column, &half);
            *last = Cell::Error(format!("{half}…"));
        }
        // It ends behind a delimiter.
        None => problems.cell(ProblemCode::TextCutOff, "", *number, column, ""),
    }
}

fn tell_formulas(line: u32, cells: &[Cell], problems: &mut Problems) {
    for (column, _) in cells.iter().enumerate().filter(|(_, cell)| matches!(cell, Cell::NoValue)) {
        problems.cell(ProblemCode::FormulaWithoutValue, "", line, column, "");
    }
}

fn mend(decoded: &Decoded, line: u32, cells: &mut [Cell], problems: &mut Problems) {
    for (column, cell) in cells.iter_mut().enumerate() {
        let Cell::Text(text) = cell else { continue };
        let faults = decoded.mend(text);
        if !faults.undecodable.is_empty() {
            problems.cell(ProblemCode::TextNotDecodable, "", line, column, &faults.undecodable);
        }
        if faults.nul {
            problems.cell(ProblemCode::TextMalformed, "", line, column, "NUL");
        }
    }
}

/// What is wrong with the quotes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The quote would swallow the lines below: it is taken for a letter.
    NeverClosed,
    /// The file ends inside the quotes.
    CutOff,
    /// A field over several lines goes on behind its closing quote: most likely a quote of another field closed it.
    GoesOn,
}

impl Fault {
    fn said(self) -> &'static str {
        match self {
            Fault::NeverClosed | Fault::CutOff => "quote never closes",
            Fault::GoesOn => "text behind a closing quote",
        }
    }
}

/// Cuts text into records.
#[derive(Debug)]
struct Records<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    delimiter: u8,
    open_quotes: u32,
}

impl<'t> Records<'t> {
    fn new(text: &'t str) -> Self {
        let mut records = Records { text, at: 0, line: 1, delimiter: b',', open_quotes: 0 };
        // Excel's own way of naming the delimiter; the line is no data.
        let named = text.strip_prefix("sep=").and_then(|rest| rest.bytes().next());
        match named {
            Some(delimiter) if matches!(text.as_bytes().get(5), None | Some(b'\r' | b'\n')) => {
                records.delimiter = delimiter;
                records.at = 5;
                records.end_of_line();
            }
            _ => records.delimiter = delimiter_of(text),
        }
        records
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next record into `cells`: the line it starts on, and what is wrong with it.
    fn next(&mut self, cells: &mut Vec<Cell>) -> Option<(u32, Option<Fault>)> {
        self.peek()?;
        let start = self.line;
        let mut fault = None;
        loop {
            let (cell, wrong) = self.field();
            cells.push(cell);
            fault = fault.or(wrong);
            if self.peek() == Some(self.delimiter) {
                self.at += 1;
            } else {
                self.end_of_line();
                return Some((start, fault));
            }
        }
    }

    /// Steps over one line end: LF, CRLF or CR.
    fn end_of_line(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        } else if self.peek() != Some(b'\n') {
            return;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        }
        self.line = self.line.saturating_add(1);
    }

    fn field(&mut self) -> (Cell, Option<Fault>) {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.first() == Some(&b'"') {
            return self.quoted();
        }
        if rest.starts_with(b"=\"")
            && let Some(value) = self.formula_text()
        {
            return (value, None);
        }
        let length = self.plain_length(self.at);
        let value = &self.text[self.at..self.at + length];
        self.at += length;
        (cell(value.to_owned()), None)
    }

    /// Bytes from `from` to the next delimiter or line end.
    fn plain_length(&self, from: usize) -> usize {
        let rest = &self.text.as_bytes()[from..];
        rest.iter().position(|b| *b == self.delimiter || *b == b'\n' || *b == b'\r').unwrap_or(rest.len())
    }

    /// `="00123"` outside quotes, delimiters in it allowed; nothing if it does not close on its line.
    fn formula_text(&mut self) -> Option<Cell> {
        let rest = &self.text[self.at + 2..];
        let line = rest.find(['\n', '\r']).map_or(rest, |end| &rest[..end]);
        let close = line.find('"')?;
        if !matches!(line.as_bytes().get(close + 1), None | Some(b'\t' | b',' | b';' | b'|')) {
            return None;
        }
        self.at += 2 + close + 1;
        Some(super::cells::text(line[..close].to_owned()))
    }

    /// A field in quotes: doubled quotes are one, line breaks belong to it.
    fn quoted(&mut self) -> (Cell, Option<Fault>) {
        let (start, first_line) = (self.at, self.line);
        self.at += 1;
        let mut value = String::new();
        loop {
            let Some(length) = self.text[self.at..].find('"') else {
                (self.at, self.line) = (start, first_line);
                return self.never_closed();
            };
            let part = &self.text[self.at..self.at + length];
            self.line = self.line.saturating_add(line_ends(part));
            value.push_str(part);
            self.at += length + 1;
            if self.peek() != Some(b'"') {
                break;
            }
            value.push('"');
            self.at += 1;
        }
        let behind = self.plain_length(self.at);
        value.push_str(&self.text[self.at..self.at + behind]);
        self.at += behind;
        let fault = (behind > 0 && self.line > first_line).then_some(Fault::GoesOn);
        (cell(value), fault)
    }

    /// A field whose quote does not close: the rest of the last line, or a quote that is a letter.
    fn never_closed(&mut self) -> (Cell, Option<Fault>) {
        let rest = &self.text[self.at..];
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        if rest[line..].trim().is_empty() {
            self.at = self.text.len();
            return (super::cells::text(rest[..line].trim_start_matches('"').to_owned()), Some(Fault::CutOff));
        }
        self.open_quotes += 1;
        let length = self.plain_length(self.at);
        let value = self.text[self.at..self.at + length].to_owned();
        self.at += length;
        (super::cells::text(value), Some(Fault::NeverClosed))
    }
}

fn line_ends(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(i, b)| match b {
        b'\n' => true,
        b'\r' => bytes.get(i + 1) != Some(&b'\n'),
        _ => false,
    });
    u32::try_from(ends.count()).unwrap_or(u32::MAX)
}

/// The cell of a field; `="00123"`, with which exports keep Excel from making a number of it, is the text 00123, and any
/// other formula has no value here.
fn cell(value: String) -> Cell {
    if !value.starts_with('=') { super::cells::text(value) } else { text_formula::cell(value) }
}

/// The delimiter that stands equally often in most of the first lines, quotes respected.
pub(super) fn delimiter_of(text: &str) -> u8 {
    let mut lines: Vec<[u32; 4]> = vec![[0; 4]];
    let mut quoted = false;
    for byte in text.bytes().take(SAMPLE.0) {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\n' | b'\r' if lines.len() == SAMPLE.1 => break,
            b'\n' | b'\r' => lines.push([0; 4]),
            _ => {
                // `lines` starts with one element and only grows.
                let line = lines.len() - 1;
                if let Some(which) = DELIMITERS.iter().position(|d| *d == byte) {
                    lines[line][which] += 1;
                }
            }
        }
    }
    let score = |which: usize| {
        let counts: Vec<u32> = lines.iter().map(|l| l[which]).filter(|c| *c > 0).collect();
        let same = |count: u32| counts.iter().filter(|c| **c == count).count();
        counts.iter().map(|c| (same(*c), *c)).max().unwrap_or((0, 0))
    };
    // `max_by_key` takes the last of equals: the comma is put last.
    let best = (0..DELIMITERS.len()).rev().max_by_key(|which| score(*which));
    best.map_or(b',', |which| DELIMITERS[which])
}

#[cfg(test)]
#[path = "delimited_tests.rs"]
mod tests;
