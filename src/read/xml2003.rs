//! XML Spreadsheet 2003: a workbook as one XML file, which older systems still write and call `.xls`.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader as XmlReader;

use super::cells;
use super::limits::Budget;
use super::problems::{Problems, Refusal};
use super::raw::{Cell, Merge, ProblemCode, RawSheet};
use super::sheet::SheetBuilder;
use super::shown::Padded;
use super::text::Decoded;

/// Reads all worksheets. One whose XML breaks off is kept as far as it goes, and said.
pub(super) fn read(decoded: &Decoded, budget: &mut Budget, problems: &mut Problems) -> Result<Vec<RawSheet>, Refusal> {
    let mut xml = XmlReader::from_str(&decoded.text);
    xml.config_mut().expand_empty_elements = true;
    let mut book = Book::default();
    let mut sheets = Vec::new();
    loop {
        match xml.read_event() {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "Worksheet" => {
                let (sheet, whole) = worksheet(&mut xml, &tag, &book, decoded, budget, problems)?;
                if sheet.hidden {
                    problems.sheet(ProblemCode::SheetHidden, &sheet.name, "");
                }
                sheets.push(sheet);
                if let Some(said) = whole.err() {
                    problems.file(ProblemCode::FileDamaged, &said);
                    break;
                }
            }
            Ok(Event::Start(tag)) => book.note(&tag),
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "Workbook" => break,
            Ok(Event::Eof) => {
                problems.file(ProblemCode::FileDamaged, "</Workbook>");
                break;
            }
            Ok(_) => {}
            Err(e) => {
                problems.file(ProblemCode::FileDamaged, &e.to_string());
                break;
            }
        }
    }
    for sheet in &mut sheets {
        sheet.is_1904 = book.is_1904;
    }
    Ok(sheets)
}

/// What stands before the sheets.
#[derive(Default)]
struct Book {
    is_1904: bool,
    /// The style being read, and the formats that fill up with zeros, by style.
    style: String,
    padded: HashMap<String, Padded>,
}

impl Book {
    fn note(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "Date1904" => self.is_1904 = true,
            "Style" => self.style = attribute(tag, "ID").unwrap_or_default(),
            "NumberFormat" => {
                if let Some(padded) = attribute(tag, "Format").and_then(|format| Padded::of(&format)) {
                    self.padded.insert(self.style.clone(), padded);
                }
            }
            _ => {}
        }
    }
}

/// The value of an attribute, whatever its prefix.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0);
    value.ok().map(std::borrow::Cow::into_owned)
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.trim().parse().ok()
}

/// A cell whose end has not been seen.
#[derive(Default)]
struct Open {
    formula: bool,
    style: String,
    kind: String,
    /// Inside `Data`; a comment has one of its own.
    in_data: bool,
    in_comment: bool,
    has_data: bool,
    text: String,
}

fn worksheet(
    xml: &mut XmlReader<&[u8]>,
    tag: &BytesStart<'_>,
    book: &Book,
    decoded: &Decoded,
    budget: &mut Budget,
    problems: &mut Problems,
) -> Result<(RawSheet, Result<(), String>), Refusal> {
    let name = attribute(tag, "Name").unwrap_or_default();
    let mut sheet = SheetBuilder::new(budget);
    let (mut merges, mut hidden, mut visible) = (Vec::new(), false, false);
    // The row and the column of the cell that comes next, from 1 and from 0.
    let (mut row, mut column) = (0u32, 0u32);
    let mut open = Open::default();
    let whole = loop {
        match xml.read_event() {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "Row" => {
                    row = number(&tag, "Index").unwrap_or(row.saturating_add(1));
                    column = 0;
                }
                "Cell" => {
                    column = number(&tag, "Index").map_or(column, |index| index.saturating_sub(1));
                    let style = attribute(&tag, "StyleID").unwrap_or_default();
                    open = Open { formula: attribute(&tag, "Formula").is_some(), style, ..Open::default() };
                    let across = number(&tag, "MergeAcross").unwrap_or(0);
                    let down = number(&tag, "MergeDown").unwrap_or(0);
                    if across > 0 || down > 0 {
                        let last_column = column.saturating_add(across);
                        let last_row = row.saturating_add(down);
                        merges.push(Merge { first_row: row, last_row, first_column: column, last_column });
                    }
                }
                "Comment" => open.in_comment = true,
                "Data" if !open.in_comment => {
                    open.kind = attribute(&tag, "Type").unwrap_or_default();
                    (open.in_data, open.has_data) = (true, true);
                }
                "Visible" => visible = true,
                _ => {}
            },
            Ok(Event::End(tag)) => match tag.local_name().as_ref() {
                "Comment" => open.in_comment = false,
                "Data" => open.in_data = false,
                "Visible" => visible = false,
                "Cell" => {
                    let cell = closed(std::mem::take(&mut open), book, decoded, &name, (row, column), problems);
                    sheet.put(row, column as usize, cell)?;
                    let merge = merges.last().filter(|m| m.first_row == row && m.first_column == column);
                    column = merge.map_or(column, |m| m.last_column).saturating_add(1);
                }
                "Worksheet" => break Ok(()),
                _ => {}
            },
            Ok(Event::Text(text)) if open.in_data => open.text.push_str(&text.xml10_content()),
            Ok(Event::CData(text)) if open.in_data => open.text.push_str(&text.xml10_content()),
            Ok(Event::Text(text)) if visible => hidden |= text.xml10_content().contains("Hidden"),
            Ok(Event::GeneralRef(entity)) if open.in_data => match entity.resolve_char_ref() {
                Ok(Some(c)) => open.text.push(c),
                _ => open.text.push_str(named(&entity.xml10_content())),
            },
            Ok(Event::Eof) => break Err("</Worksheet>".to_owned()),
            Ok(_) => {}
            Err(e) => break Err(e.to_string()),
        }
    };
    Ok((sheet.finish(name, hidden, merges, problems)?, whole))
}

/// The letter of an entity.
fn named(entity: &str) -> &'static str {
    match entity {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{A0}",
        _ => "\u{FFFD}",
    }
}

fn closed(
    mut open: Open,
    book: &Book,
    decoded: &Decoded,
    sheet: &str,
    (row, column): (u32, u32),
    problems: &mut Problems,
) -> Cell {
    if open.formula && (!open.has_data || (open.text.is_empty() && open.kind != "String")) {
        problems.cell(ProblemCode::FormulaWithoutValue, sheet, row, column as usize, "");
        return Cell::NoValue;
    }
    let faults = decoded.mend(&mut open.text);
    if !faults.undecodable.is_empty() {
        problems.cell(ProblemCode::TextNotDecodable, sheet, row, column as usize, &faults.undecodable);
    }
    if faults.nul {
        problems.cell(ProblemCode::TextMalformed, sheet, row, column as usize, "NUL");
    }
    let text = open.text;
    match open.kind.as_str() {
        "Number" => match text.trim().parse::<f64>() {
            Ok(number) => match book.padded.get(&open.style).and_then(|format| format.shown(number)) {
                Some(shown) => Cell::Text(shown),
                None => cells::number(number),
            },
            Err(_) => cells::text(text),
        },
        "DateTime" => cells::iso_date(&text).unwrap_or_else(|| cells::text(text)),
        "Boolean" => Cell::Bool(text.trim() == "1" || text.trim().eq_ignore_ascii_case("true")),
        "Error" => Cell::Error(text),
        _ => cells::text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::limits::Limits;
    use crate::read::raw::ReadProblem;
    use crate::read::text::decode;

    fn book(styles: &str, sheets: &str) -> (Vec<RawSheet>, Vec<ReadProblem>) {
        let xml = format!(
            "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
             <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
             xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">{styles}{sheets}</Workbook>"
        );
        let mut problems = Problems::default();
        let sheets = read(&decode(xml.into_bytes()), &mut Budget::new(&Limits::default()), &mut problems);
        (sheets.expect("within the budget"), problems.finish())
    }

    fn text(s: &str) -> Cell {
        Cell::Text(s.into())
    }

    #[test]
    fn places_types_and_merges() {
        let rows = "<Row><Cell ss:MergeAcross=\"1\"><Data ss:Type=\"String\">标题 &amp; &#20803;</Data></Cell>\
                    <Cell><Data ss:Type=\"String\">金额</Data></Cell></Row>\
                    <Row ss:Index=\"4\"><Cell ss:Index=\"2\" ss:StyleID=\"z\"><Data ss:Type=\"Number\">26</Data></Cell>\
                    <Cell><Data ss:Type=\"Number\">1234.5</Data><Comment><ss:Data>说明</ss:Data></Comment></Cell>\
                    <Cell><Data ss:Type=\"DateTime\">2026-10-20T00:00:00.000</Data></Cell>\
                    <Cell><Data ss:Type=\"Error\">#N/A</Data></Cell><Cell/><Cell><Data ss:Type=\"Boolean\">1</Data></Cell></Row>";
        let styles = "<Styles><Style ss:ID=\"z\"><NumberFormat ss:Format=\"0000\"/></Style></Styles>";
        let (sheets, problems) =
            book(styles, &format!("<Worksheet ss:Name=\"流水\"><Table>{rows}</Table></Worksheet>"));
        assert_eq!(problems, []);
        let sheet = &sheets[0];
        assert_eq!((sheet.name.as_str(), sheet.hidden), ("流水", false));
        assert_eq!(
            (sheet.rows[0].number, &sheet.rows[0].cells),
            (1, &vec![text("标题 & 元"), Cell::Empty, text("金额")])
        );
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 20).expect("a real day");
        let second = [
            Cell::Empty,
            text("0026"),
            Cell::Number(1234.5),
            Cell::Date(day),
            Cell::Error("#N/A".into()),
            Cell::Empty,
            Cell::Bool(true),
        ];
        assert_eq!((sheet.rows[1].number, sheet.rows[1].cells.as_slice()), (4, second.as_slice()));
        assert_eq!(sheet.merges, [Merge { first_row: 1, last_row: 1, first_column: 0, last_column: 1 }]);
    }

    #[test]
    fn formulas_without_data_hidden_sheets_and_ends_that_are_missing_are_told() {
        let sheet = "<Worksheet ss:Name=\"a\"><Table><Row><Cell ss:Formula=\"=RC[-1]\"/></Row></Table>\
                     <WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>";
        let (sheets, problems) = book("<x:Date1904/>", &format!("{sheet}<Worksheet ss:Name=\"b\"><Table><Row>"));
        assert_eq!(sheets[0].rows[0].cells, [Cell::NoValue]);
        assert!(sheets[0].hidden && sheets[0].is_1904);
        let codes: Vec<ProblemCode> = problems.iter().map(|p| p.code).collect();
        assert_eq!(codes, [ProblemCode::FormulaWithoutValue, ProblemCode::SheetHidden, ProblemCode::FileDamaged]);
    }
}
