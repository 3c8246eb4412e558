//! Numbers of an OpenDocument workbook that its formats fill up with zeros: the spreadsheet library tells what a cell
//! stores, the page beside it what it shows.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Shown texts of a sheet by 0-based row and column.
pub(super) type Shown = HashMap<(u32, u32), String>;

/// Of each sheet in order, the number cells that show leading zeros. Whatever cannot be followed has none.
pub(super) fn shown(file: &[u8]) -> Vec<Shown> {
    content(file).filter(|content| has_padded_format(content)).map_or_else(Vec::new, |content| cells(&content))
}

/// The part with the cells, whose size has been looked at before.
fn content(file: &[u8]) -> Option<String> {
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(file)).ok()?.by_name("content.xml").ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

/// Most workbooks have none, and need not be gone through twice.
fn has_padded_format(content: &str) -> bool {
    content
        .split("min-integer-digits=\"")
        .skip(1)
        .any(|rest| !rest.starts_with(['0', '1']) || !rest[1..].starts_with('"'))
}

#[derive(Default)]
struct Place {
    row: u32,
    column: u32,
    rows: u32,
    columns: u32,
}

fn cells(content: &str) -> Vec<Shown> {
    let mut xml = Reader::from_str(content);
    xml.config_mut().expand_empty_elements = true;
    let (mut sheets, mut place): (Vec<Shown>, Place) = (Vec::new(), Place::default());
    let (mut stored, mut text, mut in_text): (Option<f64>, String, bool) = (None, String::new(), false);
    loop {
        match xml.read_event() {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "table" => {
                    sheets.push(Shown::new());
                    place = Place::default();
                }
                "table-row" => {
                    place.rows = repeated(&tag, "number-rows-repeated");
                    place.column = 0;
                }
                "table-cell" | "covered-table-cell" => {
                    place.columns = repeated(&tag, "number-columns-repeated");
                    stored = attribute(&tag, "value").and_then(|value| value.parse().ok());
                    text.clear();
                }
                "p" => in_text = true,
                _ => {}
            },
            Ok(Event::End(tag)) => match tag.local_name().as_ref() {
                "table-row" => place.row = place.row.saturating_add(place.rows),
                "table-cell" | "covered-table-cell" => {
                    if let (Some(sheet), true) = (sheets.last_mut(), is_padded(&text, stored)) {
                        // Of cells that repeat each other the first: keys are not repeated.
                        sheet.insert((place.row, place.column), text.clone());
                    }
                    place.column = place.column.saturating_add(place.columns);
                }
                "p" => in_text = false,
                _ => {}
            },
            Ok(Event::Text(part)) if in_text => text.push_str(&part.xml10_content()),
            Ok(Event::Eof) | Err(_) => return sheets,
            Ok(_) => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn repeated(tag: &BytesStart<'_>, name: &str) -> u32 {
    attribute(tag, name).and_then(|count| count.parse().ok()).unwrap_or(1)
}

fn is_padded(text: &str, stored: Option<f64>) -> bool {
    let digits = text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    digits && text.parse::<f64>().ok() == stored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_that_a_format_shows_are_found_at_their_place() {
        let styles = "<number:number number:min-integer-digits=\"8\"/>";
        assert!(has_padded_format(styles) && !has_padded_format("<number:number number:min-integer-digits=\"1\"/>"));
        let content = format!(
            "<d>{styles}<table:table><table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
             <table:table-row><table:table-cell table:number-columns-repeated=\"3\"/>\
             <table:table-cell office:value-type=\"float\" office:value=\"123\"><text:p>00000123</text:p></table:table-cell>\
             <table:table-cell office:value-type=\"float\" office:value=\"5\"><text:p>5</text:p></table:table-cell>\
             </table:table-row></table:table></d>"
        );
        assert_eq!(cells(&content), [HashMap::from([((2, 3), "00000123".to_owned())])]);
    }
}
