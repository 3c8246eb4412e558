//! Published workbooks read back: cells as text, formulas with the values that they carry, and LibreOffice's opinion.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};

/// Sheet, row and column, counted from 0.
pub type Place = (String, u32, u32);

pub struct Book {
    /// Sheets in their order.
    pub sheets: Vec<(String, Range<Data>)>,
    /// Text of every formula.
    pub formulas: BTreeMap<Place, String>,
}

impl Book {
    #[track_caller]
    pub fn open(path: &Path) -> Book {
        let mut book: Xlsx<_> = open_workbook(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let names = book.sheet_names();
        let sheets = names.iter().map(|name| (name.clone(), book.worksheet_range(name).unwrap())).collect();
        let mut formulas = BTreeMap::new();
        for name in names {
            let range = book.worksheet_formula(&name).unwrap();
            let (row, column) = range.start().unwrap_or_default();
            for (r, c, text) in range.used_cells().filter(|(_, _, text)| !text.is_empty()) {
                let place = (name.clone(), row + u32::try_from(r).unwrap(), column + u32::try_from(c).unwrap());
                formulas.insert(place, text.clone());
            }
        }
        Book { sheets, formulas }
    }

    #[track_caller]
    pub fn sheet(&self, name: &str) -> &Range<Data> {
        &self.sheets.iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("no sheet {name}")).1
    }

    pub fn value(&self, (sheet, row, column): &Place) -> Data {
        self.sheet(sheet).get_value((*row, *column)).cloned().unwrap_or_default()
    }

    /// A sheet's rows as text, from its first row and column; trailing empty cells go.
    #[track_caller]
    pub fn text(&self, name: &str) -> Vec<Vec<String>> {
        let range = self.sheet(name);
        let Some((last, width)) = range.end() else { return Vec::new() };
        let cell = |r, c| range.get_value((r, c)).map(shown).unwrap_or_default();
        let row = |r| {
            let mut cells: Vec<String> = (0..=width).map(|c| cell(r, c)).collect();
            while cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            cells
        };
        (0..=last).map(row).collect()
    }

    /// The list under a title: its rows by heading, as far as the row that says 合计 or 无, or an empty one.
    #[track_caller]
    pub fn list(&self, sheet: &str, title: &str) -> Vec<BTreeMap<String, String>> {
        let rows = self.text(sheet);
        let at = rows.iter().position(|row| row.first().is_some_and(|cell| cell == title));
        let at = at.unwrap_or_else(|| panic!("{sheet}: no title {title} in\n{rows:#?}")) + 1;
        let ends = |row: &[String]| row.is_empty() || row[0] == "合计" || row[0] == "无";
        let body = rows[at + 1..].iter().take_while(|row| !ends(row));
        body.map(|row| {
            let cell = |c: usize| row.get(c).cloned().unwrap_or_default();
            rows[at].iter().enumerate().map(|(c, heading)| (heading.clone(), cell(c))).collect()
        })
        .collect()
    }
}

/// A cell as text: numbers in their shortest form, dates as ISO.
pub fn shown(cell: &Data) -> String {
    match cell {
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            let text = format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
            text.strip_suffix(" 00:00:00").unwrap_or(&text).to_owned()
        }
        Data::Error(error) => format!("{error}"),
        other => other.to_string(),
    }
}

/// The office program, where there is one; says so where there is none.
pub fn has_office() -> bool {
    let asked = Command::new("soffice").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let found = asked.is_ok_and(|status| status.success());
    if !found {
        eprintln!("skipped: LibreOffice (soffice) is not there");
    }
    found
}

/// Has LibreOffice open workbooks and write them anew into `out`, every formula calculated by it.
///
/// It trusts values that it finds: the copies that it gets carry none in any formula cell.
#[track_caller]
pub fn recalculated(books: &[PathBuf], scratch: &Path) -> Vec<Book> {
    let (stripped, out) = (scratch.join("stripped"), scratch.join("out"));
    fs::create_dir_all(&stripped).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", scratch.join("profile").display());
    let mut office = Command::new("soffice");
    office.args([profile.as_str(), "--headless", "--convert-to", "xlsx", "--outdir"]).arg(&out);
    for path in books {
        let copy = stripped.join(path.file_name().unwrap());
        fs::write(&copy, without_values(&fs::read(path).unwrap())).unwrap();
        office.arg(copy);
    }
    let said = office.stdin(Stdio::null()).output().unwrap();
    let names = books.iter().map(|path| out.join(path.file_name().unwrap()));
    names
        .map(|path| {
            assert!(path.exists(), "LibreOffice did not open it: {}", String::from_utf8_lossy(&said.stderr));
            Book::open(&path)
        })
        .collect()
}

/// The workbook without the values of its formulas.
fn without_values(bytes: &[u8]) -> Vec<u8> {
    let formula = regex::Regex::new(r"(</f>)<v>[^<]*</v>").unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        if name.starts_with("xl/worksheets/sheet") {
            let text = String::from_utf8(content).unwrap();
            content = formula.replace_all(&text, "$1").into_owned().into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&content).unwrap();
    }
    to.finish().unwrap().into_inner()
}
