//! Writes a grid as delimited text: comma or tab, in the encodings that dealer systems use.

use super::cell::{Cell, DateShape, Grid};
use encoding_rs::GB18030;

/// How a system writes its text exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// UTF-8 without a mark, as the cash counts come.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Marked,
    /// GB18030, thousands separated, blanks behind some order numbers.
    Gb18030,
    /// UTF-16 little-endian with a mark, tabs, texts of digits as ="…" so that Excel keeps their zeros.
    Utf16Tabs,
}

/// The bytes of the file; the first row is its headings.
pub fn write(grid: &Grid, dialect: Dialect, shape: DateShape) -> Vec<u8> {
    let separator = if dialect == Dialect::Utf16Tabs { "\t" } else { "," };
    let mut text = String::new();
    for (serial, row) in grid.rows.iter().enumerate() {
        let fields: Vec<String> =
            row.iter().enumerate().map(|(column, cell)| field(cell, column, serial, dialect, shape)).collect();
        text.push_str(&fields.join(separator));
        text.push_str("\r\n");
    }
    encode(&text, dialect)
}

fn field(cell: &Cell, column: usize, serial: usize, dialect: Dialect, shape: DateShape) -> String {
    let text = cell.print(shape);
    let is_key = matches!(cell, Cell::Text(_)) && text.bytes().any(|byte| byte.is_ascii_digit());
    match dialect {
        Dialect::Gb18030 => match cell {
            Cell::Money(_) => quoted(&thousands(&text)),
            // Every fifth order number is padded, as fixed-width fields of old systems are.
            Cell::Text(_) if is_key && column == 3 && serial.is_multiple_of(5) && serial > 0 => text + "  ",
            _ => quoted(&text),
        },
        Dialect::Utf16Tabs if is_key => format!("=\"{text}\""),
        Dialect::Utf16Tabs => text,
        Dialect::Utf8 | Dialect::Utf8Marked => quoted(&text),
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_string() }
}

/// `-1234.50` as `-1,234.50`.
fn thousands(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}.{cents}")
}

fn encode(text: &str, dialect: Dialect) -> Vec<u8> {
    match dialect {
        Dialect::Utf8 => text.as_bytes().to_vec(),
        Dialect::Utf8Marked => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Dialect::Gb18030 => GB18030.encode(text).0.into_owned(),
        Dialect::Utf16Tabs => [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
    }
}
