//! The same table of text as files of several kinds, as dealer systems write them.

use std::fmt::Write as _;

/// Heading row first.
pub type Rows<'a> = &'a [Vec<&'a str>];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    CsvUtf8,
    CsvGb18030,
    TabUtf16,
    /// An HTML table that calls itself .xls.
    HtmlXls,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Xlsx, Kind::CsvUtf8, Kind::CsvGb18030, Kind::TabUtf16, Kind::HtmlXls];

    pub fn ending(self) -> &'static str {
        match self {
            Kind::Xlsx => "xlsx",
            Kind::CsvUtf8 | Kind::CsvGb18030 => "csv",
            Kind::TabUtf16 => "txt",
            Kind::HtmlXls => "xls",
        }
    }

    pub fn file(self, rows: Rows<'_>) -> Vec<u8> {
        match self {
            Kind::Xlsx => xlsx(rows),
            Kind::CsvUtf8 => delimited(rows, ',').into_bytes(),
            Kind::CsvGb18030 => encoding_rs::GB18030.encode(&delimited(rows, ',')).0.into_owned(),
            Kind::TabUtf16 => utf16(&delimited(rows, '\t')),
            Kind::HtmlXls => html(rows).into_bytes(),
        }
    }
}

/// Text of lines like `a,b,c` as rows; blanks around cells go.
pub fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().filter(|line| !line.is_empty()).map(|line| line.split(',').map(str::trim).collect()).collect()
}

fn delimited(rows: Rows<'_>, between: char) -> String {
    rows.iter().map(|row| row.join(&between.to_string()) + "\r\n").collect()
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// With amounts as numbers, as a system that writes real spreadsheets does.
fn xlsx(rows: Rows<'_>) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            let amount = cell.contains('.').then(|| cell.parse::<f64>().ok()).flatten();
            match amount {
                Some(amount) => sheet.write_number(row, column, amount).unwrap(),
                None => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn html(rows: Rows<'_>) -> String {
    let mut text = String::from("<html><head><meta charset=\"utf-8\"></head><body><table border=1>\n");
    for row in rows {
        let cells: String = row.iter().map(|cell| format!("<td>{cell}&nbsp;</td>")).collect();
        writeln!(text, "<tr>{cells}</tr>").unwrap();
    }
    text + "</table></body></html>\n"
}
