//! How a [`RawFile`] crosses the pipe between the reading child and its parent: compact, and read back without trust and
//! as it comes, so that the parent holds it once.
//!
//! Numbers are LEB128 where small ones are usual, else little-endian. A cell is one tag byte and what the tag asks for;
//! tags from [`SHORT`] on are a text of `tag - SHORT` bytes.

use std::io::Read;

use chrono::{DateTime, Datelike, NaiveDate};

use super::limits::Limits;
use super::raw::{Cell, Format, Merge, ProblemCode, RawFile, RawRow, RawSheet, ReadProblem};

/// First byte of every record.
pub(super) const VERSION: u8 = 4;

const EMPTY: u8 = 0;
const TEXT: u8 = 1;
const NUMBER: u8 = 2;
const DATE: u8 = 3;
const MOMENT: u8 = 4;
const FALSE: u8 = 5;
const TRUE: u8 = 6;
const ERROR: u8 = 7;
const NO_VALUE: u8 = 8;
const SHORT: u8 = 16;

const FORMATS: [Format; 9] = [
    Format::Xlsx,
    Format::Xls,
    Format::Ods,
    Format::Csv,
    Format::Tsv,
    Format::Html,
    Format::Xml2003,
    Format::Archive,
    Format::Unknown,
];
const CODES: [ProblemCode; 17] = [
    ProblemCode::FileEmpty,
    ProblemCode::FileDamaged,
    ProblemCode::FileEncrypted,
    ProblemCode::FileUnknown,
    ProblemCode::FileTooLarge,
    ProblemCode::ReaderFailed,
    ProblemCode::SheetUnreadable,
    ProblemCode::SheetHidden,
    ProblemCode::TextNotDecodable,
    ProblemCode::FormulaWithoutValue,
    ProblemCode::TextMalformed,
    ProblemCode::CellFarAway,
    ProblemCode::TextCutOff,
    ProblemCode::EncodingMixed,
    ProblemCode::FixedColumns,
    ProblemCode::ArchiveUnread,
    ProblemCode::CellCut,
];

/// Bytes that are no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// Appends the record of `file` to `out`.
pub(super) fn encode(file: &RawFile, out: &mut Vec<u8>) {
    out.push(VERSION);
    out.push(place(&FORMATS, &file.format));
    string(out, &file.encoding);
    count(out, file.problems.len() as u64);
    for problem in &file.problems {
        out.push(place(&CODES, &problem.code));
        count(out, u64::from(problem.row));
        string(out, &problem.sheet);
        string(out, &problem.column);
        string(out, &problem.value);
    }
    count(out, file.sheets.len() as u64);
    for sheet in &file.sheets {
        encode_sheet(sheet, out);
    }
}

fn encode_sheet(sheet: &RawSheet, out: &mut Vec<u8>) {
    string(out, &sheet.name);
    out.push(u8::from(sheet.hidden) | u8::from(sheet.is_1904) << 1);
    count(out, sheet.merges.len() as u64);
    for merge in &sheet.merges {
        for number in [merge.first_row, merge.last_row, merge.first_column, merge.last_column] {
            count(out, u64::from(number));
        }
    }
    count(out, sheet.rows.len() as u64);
    let mut before = 0;
    for row in &sheet.rows {
        count(out, u64::from(row.number.wrapping_sub(before)));
        before = row.number;
        count(out, u64::from(row.width));
        count(out, row.cells.len() as u64);
        for cell in &row.cells {
            encode_cell(cell, out);
        }
    }
}

fn encode_cell(cell: &Cell, out: &mut Vec<u8>) {
    match cell {
        Cell::Empty => out.push(EMPTY),
        Cell::Text(s) => match u8::try_from(s.len()).ok().and_then(|n| n.checked_add(SHORT)) {
            Some(tag) => {
                out.push(tag);
                out.extend_from_slice(s.as_bytes());
            }
            None => {
                out.push(TEXT);
                string(out, s);
            }
        },
        Cell::Number(n) => {
            out.push(NUMBER);
            out.extend_from_slice(&n.to_le_bytes());
        }
        Cell::Date(d) => {
            out.push(DATE);
            out.extend_from_slice(&d.num_days_from_ce().to_le_bytes());
        }
        Cell::DateTime(d) => {
            out.push(MOMENT);
            out.extend_from_slice(&d.and_utc().timestamp().to_le_bytes());
        }
        Cell::Bool(b) => out.push(if *b { TRUE } else { FALSE }),
        Cell::Error(s) => {
            out.push(ERROR);
            string(out, s);
        }
        Cell::NoValue => out.push(NO_VALUE),
    }
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    // The lists hold every variant (a test sees to it); an index beyond them would be refused by the decoder.
    all.iter().position(|x| x == one).unwrap_or(usize::from(u8::MAX)) as u8
}

fn string(out: &mut Vec<u8>, value: &str) {
    count(out, value.len() as u64);
    out.extend_from_slice(value.as_bytes());
}

fn count(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads one record of `length` bytes from `from`, which must hold nothing else.
///
/// The other side is not trusted: a record longer than [`Limits::answer_bytes`], and more cells than
/// [`Limits::cells`], are refused before room is made for them.
pub(super) fn decode(from: &mut impl Read, length: u64, limits: &Limits) -> Result<RawFile, Malformed> {
    if length > limits.answer_bytes() {
        return Err(Malformed);
    }
    // Rows, merged regions and problems together: each row has a cell.
    let others = limits.cells.saturating_mul(2).saturating_add(100_000);
    let mut from = Source { from, left: length, cells: limits.cells, others };
    if from.byte()? != VERSION {
        return Err(Malformed);
    }
    let format = from.one_of(&FORMATS)?;
    let encoding = from.string()?;
    let problems = from.list(5, |from| {
        Ok(ReadProblem {
            code: from.one_of(&CODES)?,
            row: from.number()?,
            sheet: from.string()?,
            column: from.string()?,
            value: from.string()?,
        })
    })?;
    let sheets = from.list(4, Source::sheet)?;
    if from.left == 0 { Ok(RawFile { format, encoding, sheets, problems }) } else { Err(Malformed) }
}

/// What is left to decode, and of how much room may be made for it.
struct Source<'r, R> {
    from: &'r mut R,
    /// Bytes of the record.
    left: u64,
    cells: u64,
    others: u64,
}

impl<R: Read> Source<'_, R> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Malformed> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(Malformed)?;
        self.from.read_exact(bytes).map_err(|_| Malformed)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn byte(&mut self) -> Result<u8, Malformed> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn count(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    fn number(&mut self) -> Result<u32, Malformed> {
        u32::try_from(self.count()?).map_err(|_| Malformed)
    }

    fn string(&mut self) -> Result<String, Malformed> {
        let length = self.count()?;
        self.text(length)
    }

    fn text(&mut self, length: u64) -> Result<String, Malformed> {
        // No room is made for what the record cannot hold.
        let length = usize::try_from(length).ok().filter(|_| length <= self.left).ok_or(Malformed)?;
        let mut bytes = vec![0; length];
        self.fill(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| Malformed)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Result<T, Malformed> {
        all.get(usize::from(self.byte()?)).copied().ok_or(Malformed)
    }

    /// How many items come, each of at least `least` bytes: a count that the rest cannot hold, or that is over what is
    /// allowed, is refused before room is made for it.
    fn items(&mut self, least: u64, allowed: impl Fn(&mut Self) -> &mut u64) -> Result<usize, Malformed> {
        let items = self.count()?;
        if items.checked_mul(least).is_none_or(|bytes| bytes > self.left) {
            return Err(Malformed);
        }
        let allowed = allowed(self);
        *allowed = allowed.checked_sub(items).ok_or(Malformed)?;
        usize::try_from(items).map_err(|_| Malformed)
    }

    /// A count and as many items.
    fn list<T>(
        &mut self,
        least: u64,
        mut item: impl FnMut(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let items = self.items(least, |from| &mut from.others)?;
        let mut list = Vec::with_capacity(items);
        for _ in 0..items {
            list.push(item(self)?);
        }
        Ok(list)
    }

    fn sheet(&mut self) -> Result<RawSheet, Malformed> {
        let name = self.string()?;
        let marks = self.byte()?;
        let (hidden, is_1904) = (marks & 1 != 0, marks & 2 != 0);
        let merges = self.list(4, |from| {
            Ok(Merge {
                first_row: from.number()?,
                last_row: from.number()?,
                first_column: from.number()?,
                last_column: from.number()?,
            })
        })?;
        let mut number = 0u32;
        let rows = self.list(3, |from| {
            number = number.wrapping_add(from.number()?);
            Ok(RawRow { number, width: from.number()?, cells: from.row()? })
        })?;
        Ok(RawSheet { name, hidden, is_1904, rows, merges })
    }

    fn row(&mut self) -> Result<Vec<Cell>, Malformed> {
        let cells = self.items(1, |from| &mut from.cells)?;
        let mut row = Vec::with_capacity(cells);
        for _ in 0..cells {
            row.push(self.cell()?);
        }
        Ok(row)
    }

    fn cell(&mut self) -> Result<Cell, Malformed> {
        Ok(match self.byte()? {
            EMPTY => Cell::Empty,
            TEXT => Cell::Text(self.string()?),
            NUMBER => Cell::Number(f64::from_le_bytes(self.array()?)),
            DATE => {
                let days = i32::from_le_bytes(self.array()?);
                Cell::Date(NaiveDate::from_num_days_from_ce_opt(days).ok_or(Malformed)?)
            }
            MOMENT => {
                let seconds = i64::from_le_bytes(self.array()?);
                Cell::DateTime(DateTime::from_timestamp(seconds, 0).ok_or(Malformed)?.naive_utc())
            }
            FALSE => Cell::Bool(false),
            TRUE => Cell::Bool(true),
            ERROR => Cell::Error(self.string()?),
            NO_VALUE => Cell::NoValue,
            tag => Cell::Text(self.text(u64::from(tag.checked_sub(SHORT).ok_or(Malformed)?))?),
        })
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
