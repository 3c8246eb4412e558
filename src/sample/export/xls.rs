//! Writes a grid as a real `.xls`: BIFF8 records in a compound file. Only what a plain export needs.

use super::cell::{Cell, Grid};
use super::number::{cell_number, serial};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Result, Seek, SeekFrom, Write};
use std::time::{Duration, SystemTime};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CODEPAGE: u16 = 0x0042;
const WINDOW1: u16 = 0x003D;
const DATEMODE: u16 = 0x0022;
const FONT: u16 = 0x0031;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const STYLE: u16 = 0x0293;
const BOUNDSHEET: u16 = 0x0085;
const SST: u16 = 0x00FC;
const CONTINUE: u16 = 0x003C;
const DIMENSIONS: u16 = 0x0200;
const WINDOW2: u16 = 0x023E;
const LABELSST: u16 = 0x00FD;
const NUMBER: u16 = 0x0203;

/// The longest record body of BIFF8.
const LONGEST: usize = 8_224;
/// The cell formats that follow the 15 style formats: general, date, date with time.
const GENERAL: u16 = 15;
const DAY: u16 = 16;
const MOMENT: u16 = 17;
/// The first format number that is free for a file's own formats.
const OWN_FORMAT: u16 = 164;

/// The bytes of a workbook with one sheet, `Sheet0`, as POI names it.
pub fn write(grid: &Grid) -> Result<Vec<u8>> {
    // Version 3, as Excel writes it: readers expect it, and its sectors are small.
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    let mut stream = workbook(grid);
    // A stream below 4096 bytes would go to the file's mini stream, which some readers do not look into.
    stream.resize(stream.len().max(4_096), 0);
    file.create_stream("/Workbook")?.write_all(&stream)?;
    // The library stamps the root with the clock; the same grid must give the same bytes.
    file.set_modified_time("/", SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600))?;
    file.flush()?;
    let mut inner = file.into_inner();
    let mut bytes = Vec::new();
    inner.seek(SeekFrom::Start(0))?;
    inner.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Globals, then the sheet; the globals say where the sheet begins, so they are measured first.
fn workbook(grid: &Grid) -> Vec<u8> {
    let strings = Strings::of(grid);
    let start = globals(&strings, 0).len();
    let mut stream = globals(&strings, u32::try_from(start).unwrap_or(0));
    sheet(&mut stream, grid, &strings);
    stream
}

fn record(stream: &mut Vec<u8>, kind: u16, body: &[u8]) {
    stream.extend(kind.to_le_bytes());
    stream.extend(u16::try_from(body.len()).unwrap_or(0).to_le_bytes());
    stream.extend(body);
}

fn words(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn globals(strings: &Strings, sheet_start: u32) -> Vec<u8> {
    let mut stream = Vec::new();
    record(&mut stream, BOF, &words(&[0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 0, 6, 0]));
    record(&mut stream, CODEPAGE, &words(&[1200]));
    record(&mut stream, WINDOW1, &words(&[0, 0, 0x4000, 0x2000, 0x0038, 0, 0, 1, 600]));
    record(&mut stream, DATEMODE, &words(&[0]));
    for _ in 0..4 {
        let mut font = words(&[220, 0, 0x7FFF, 400, 0]);
        font.extend([0, 0, 134, 0]);
        font.extend(short_text("宋体"));
        record(&mut stream, FONT, &font);
    }
    for (number, format) in [(OWN_FORMAT, "yyyy-mm-dd"), (OWN_FORMAT + 1, "yyyy-mm-dd hh:mm:ss")] {
        let mut body = number.to_le_bytes().to_vec();
        body.extend(long_text(format));
        record(&mut stream, FORMAT, &body);
    }
    for at in 0..18 {
        record(&mut stream, XF, &cell_format(at));
    }
    record(&mut stream, STYLE, &[0x00, 0x80, 0x00, 0xFF]);
    let mut bound = sheet_start.to_le_bytes().to_vec();
    bound.extend([0, 0]);
    bound.extend(short_text("Sheet0"));
    record(&mut stream, BOUNDSHEET, &bound);
    strings.write(&mut stream);
    record(&mut stream, EOF, &[]);
    stream
}

/// The first 15 are style formats, as every reader expects; the others are for cells.
fn cell_format(at: u16) -> Vec<u8> {
    let (number_format, kind) = match at {
        DAY => (OWN_FORMAT, 0x0001),
        MOMENT => (OWN_FORMAT + 1, 0x0001),
        GENERAL => (0, 0x0001),
        _ => (0, 0xFFF5),
    };
    let own_format = if number_format == 0 { 0 } else { 0x0400 };
    words(&[0, number_format, kind, 0x0020, own_format, 0, 0, 0, 0, 0x20C0])
}

fn sheet(stream: &mut Vec<u8>, grid: &Grid, strings: &Strings) {
    record(stream, BOF, &words(&[0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 0, 6, 0]));
    let rows = u32::try_from(grid.rows.len()).unwrap_or(0);
    let columns = u16::try_from(grid.rows.iter().map(Vec::len).max().unwrap_or(0)).unwrap_or(0);
    let mut dimensions = 0_u32.to_le_bytes().to_vec();
    dimensions.extend(rows.to_le_bytes());
    dimensions.extend(words(&[0, columns, 0]));
    record(stream, DIMENSIONS, &dimensions);
    for (row, cells) in (0..).zip(&grid.rows) {
        for (column, cell) in (0..).zip(cells) {
            put(stream, row, column, cell, strings);
        }
    }
    record(stream, WINDOW2, &words(&[0x06B6, 0, 0, 64, 0, 0, 0, 0, 0]));
    record(stream, EOF, &[]);
}

fn put(stream: &mut Vec<u8>, row: u16, column: u16, cell: &Cell, strings: &Strings) {
    let (format, value) = match cell {
        Cell::Empty => return,
        Cell::Text(text) => {
            let mut body = words(&[row, column, GENERAL]);
            body.extend(strings.position(text).to_le_bytes());
            record(stream, LABELSST, &body);
            return;
        }
        Cell::Money(fen) => (GENERAL, cell_number(fen.0, 2)),
        Cell::Number(units, decimals) => (GENERAL, cell_number(*units, *decimals)),
        Cell::Date(day) => (DAY, serial(day.and_time(chrono::NaiveTime::MIN))),
        Cell::Time(at) => (MOMENT, serial(*at)),
    };
    let mut body = words(&[row, column, format]);
    body.extend(value.to_le_bytes());
    record(stream, NUMBER, &body);
}

/// The workbook's texts, each once.
struct Strings {
    positions: BTreeMap<String, u32>,
    in_order: Vec<String>,
    uses: u32,
}

impl Strings {
    fn of(grid: &Grid) -> Strings {
        let mut strings = Strings { positions: BTreeMap::new(), in_order: Vec::new(), uses: 0 };
        for cell in grid.rows.iter().flatten() {
            let Cell::Text(text) = cell else { continue };
            strings.uses += 1;
            if !strings.positions.contains_key(text) {
                strings.positions.insert(text.clone(), u32::try_from(strings.in_order.len()).unwrap_or(0));
                strings.in_order.push(text.clone());
            }
        }
        strings
    }

    fn position(&self, text: &str) -> u32 {
        self.positions.get(text).copied().unwrap_or(0)
    }

    /// A record is full before a text that does not fit, never within one: a CONTINUE then begins with a new text.
    fn write(&self, stream: &mut Vec<u8>) {
        let mut kind = SST;
        let mut body = self.uses.to_le_bytes().to_vec();
        body.extend(u32::try_from(self.in_order.len()).unwrap_or(0).to_le_bytes());
        for text in &self.in_order {
            let text = long_text(text);
            if body.len() + text.len() > LONGEST {
                record(stream, kind, &body);
                (kind, body) = (CONTINUE, Vec::new());
            }
            body.extend(text);
        }
        record(stream, kind, &body);
    }
}

/// A text with its length in two bytes, in UTF-16.
fn long_text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = u16::try_from(units.len()).unwrap_or(0).to_le_bytes().to_vec();
    bytes.push(1);
    bytes.extend(words(&units));
    bytes
}

/// A text with its length in one byte, in UTF-16.
fn short_text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = vec![u8::try_from(units.len()).unwrap_or(0), 1];
    bytes.extend(words(&units));
    bytes
}
