//! Writes a grid as an OpenDocument spreadsheet, as a shop does that works with LibreOffice.

use super::cell::{Cell, Grid};
use std::io::{Cursor, Write};
use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"#;
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.2"><office:automatic-styles><number:date-style style:name="N1"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/><number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/></number:date-style><style:style style:name="moment" style:family="table-cell" style:data-style-name="N1"/></office:automatic-styles><office:body><office:spreadsheet><table:table table:name="Sheet1">"#;
const TAIL: &str = "</table:table></office:spreadsheet></office:body></office:document-content>";

/// The bytes of the file. The zip's times are fixed: the same grid gives the same bytes.
pub fn write(grid: &Grid) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The format wants the type first and not packed, so that it can be read at a fixed place.
    let stored = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Stored);
    let packed = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Deflated);
    for (name, text, options) in [
        ("mimetype", MIME.to_string(), stored),
        ("META-INF/manifest.xml", MANIFEST.to_string(), packed),
        ("content.xml", content(grid), packed),
    ] {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn content(grid: &Grid) -> String {
    let mut xml = HEAD.to_string();
    for row in &grid.rows {
        xml.push_str("<table:table-row>");
        if row.is_empty() {
            xml.push_str("<table:table-cell/>");
        }
        for cell in row {
            xml.push_str(&cell_xml(cell));
        }
        xml.push_str("</table:table-row>");
    }
    xml + TAIL
}

fn cell_xml(cell: &Cell) -> String {
    use super::cell::DateShape::{Minutes, Seconds};
    let (kind, value) = match cell {
        Cell::Empty => return "<table:table-cell/>".to_string(),
        Cell::Text(_) => (r#"office:value-type="string""#.to_string(), cell.print(Seconds)),
        Cell::Money(_) | Cell::Number(..) => {
            let number = cell.print(Seconds);
            (format!(r#"office:value-type="float" office:value="{number}""#), number)
        }
        Cell::Date(day) => (format!(r#"office:value-type="date" office:date-value="{day}""#), cell.print(Seconds)),
        Cell::Time(at) => {
            let iso = at.format("%Y-%m-%dT%H:%M:%S");
            (
                format!(r#"table:style-name="moment" office:value-type="date" office:date-value="{iso}""#),
                cell.print(Minutes),
            )
        }
    };
    format!("<table:table-cell {kind}><text:p>{}</text:p></table:table-cell>", escape(&value))
}

/// Text between tags.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
