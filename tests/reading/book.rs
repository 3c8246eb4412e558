//! A workbook written by hand, so that a test decides what each cell stores and how it is shown.

use crate::common::packed::zipped;

const MAIN: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// One sheet of rows of cells.
///
/// A cell is text, or `n:12.5` (a number), `s1:12.5` (a number in the first of `formats`), `f:A2-B2` (a formula without a
/// result) or `f:A2-B2=0` (a formula with one). `workbook` stands behind the list of sheets, `before` in front of it.
pub fn xlsx(before: &str, workbook: &str, formats: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let body: String = rows.iter().enumerate().map(|(at, cells)| row(at + 1, cells)).collect();
    let numbered = formats.iter().enumerate().map(|(at, format)| (at + 164, format));
    let codes: String = numbered
        .clone()
        .map(|(id, f)| format!(r#"<numFmt numFmtId="{id}" formatCode="{}"/>"#, f.replace('"', "&quot;")))
        .collect();
    let styles: String = numbered.map(|(id, _)| format!(r#"<xf numFmtId="{id}"/>"#)).collect();
    let relation = |id: &str, kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/>"#
        )
    };
    let styled = format!(r#"<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>"#);
    zipped(&[
        ("_rels/.rels", (relation("rId1", "officeDocument", "xl/workbook.xml") + "</Relationships>").as_bytes()),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook {MAIN} xmlns:r="{OFFICE}">{before}<sheets><sheet name="S1" sheetId="1" r:id="rId1"/></sheets>{workbook}</workbook>"#
            )
            .as_bytes(),
        ),
        ("xl/_rels/workbook.xml.rels", (relation("rId1", "worksheet", "worksheets/sheet1.xml") + &styled).as_bytes()),
        (
            "xl/styles.xml",
            format!(
                r#"<styleSheet {MAIN}><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>"#
            )
            .as_bytes(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet {MAIN}><sheetData>{body}</sheetData></worksheet>").as_bytes(),
        ),
    ])
}

/// The cells of an export written with commas.
pub fn cells(csv: &str) -> Vec<Vec<String>> {
    csv.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn row(number: usize, cells: &[String]) -> String {
    let cells: String = cells.iter().enumerate().map(|(at, text)| cell(&reference(at, number), text)).collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}

fn reference(column: usize, row: usize) -> String {
    format!("{}{row}", char::from(b'A' + u8::try_from(column).unwrap()))
}

fn cell(place: &str, text: &str) -> String {
    let value = |v: &str| if v.is_empty() { String::new() } else { format!("<v>{v}</v>") };
    match text.split_once(':') {
        _ if text.is_empty() => String::new(),
        Some(("n", number)) => format!(r#"<c r="{place}">{}</c>"#, value(number)),
        Some(("s1", number)) => format!(r#"<c r="{place}" s="1">{}</c>"#, value(number)),
        Some(("f", formula)) => {
            let (formula, result) = formula.split_once('=').unwrap_or((formula, ""));
            format!(r#"<c r="{place}"><f>{formula}</f>{}</c>"#, value(result))
        }
        _ => format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#),
    }
}
