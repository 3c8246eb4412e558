use std::io::Write;

use super::*;
use crate::read::raw::{Cell, Merge};
use zip::write::SimpleFileOptions;

fn read_with(bytes: &[u8], limits: &Limits) -> RawFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    read_file(file.path(), limits)
}

fn read(bytes: &[u8]) -> RawFile {
    read_with(bytes, &Limits::default())
}

fn codes(file: &RawFile) -> Vec<ProblemCode> {
    file.problems.iter().map(|p| p.code).collect()
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("in memory");
        zip.write_all(content.as_bytes()).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#;
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const MAIN: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;

/// A workbook of raw sheet XML, with cell format 1 a date.
fn xlsx_of(workbook: &str, sheets: &[&str]) -> Vec<u8> {
    let names: Vec<String> = (1..=sheets.len()).map(|i| format!("xl/worksheets/sheet{i}.xml")).collect();
    let listed: String =
        (1..=sheets.len()).map(|i| format!(r#"<sheet name="S{i}" sheetId="{i}" r:id="rId{i}"/>"#)).collect();
    let book = format!(r#"<workbook {MAIN} xmlns:r="{OFFICE}">{workbook}<sheets>{listed}</sheets></workbook>"#);
    let parts: String = (1..=sheets.len())
        .map(|i| format!(r#"<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>"#))
        .collect();
    let rels = format!(
        r#"{RELS}{parts}<Relationship Id="rId99" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>"#
    );
    let root = format!(
        r#"{RELS}<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let styles = format!(r#"<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#);
    let bodies: Vec<String> = sheets.iter().map(|s| format!("<worksheet {MAIN}>{s}</worksheet>")).collect();
    let mut all = vec![
        ("_rels/.rels", root.as_str()),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &rels),
        ("xl/styles.xml", &styles),
    ];
    all.extend(names.iter().map(String::as_str).zip(bodies.iter().map(String::as_str)));
    zipped(&all)
}

fn day(y: i32, m: u32, d: u32) -> Cell {
    Cell::Date(chrono::NaiveDate::from_ymd_opt(y, m, d).expect("a real day"))
}

#[test]
fn xlsx_cells_are_what_they_are() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("结算").expect("a legal name");
    sheet.merge_range(0, 0, 0, 2, "标题", &rust_xlsxwriter::Format::new()).expect("in range");
    sheet.write(2, 1, 12.5).expect("in range");
    sheet.write(2, 2, true).expect("in range");
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.write_with_format(2, 3, 46_326.0, &date).expect("in range");
    book.add_worksheet().set_name("藏").expect("a legal name").set_hidden(true).write(0, 0, "x").expect("in range");
    let file = read(&book.save_to_buffer().expect("in memory"));
    assert_eq!((file.format, file.encoding.as_str()), (Format::Xlsx, ""));
    assert_eq!(codes(&file), [ProblemCode::SheetHidden]);
    let sheet = &file.sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.hidden, file.sheets[1].hidden), ("结算", false, true));
    assert_eq!(sheet.rows[0].cells, [Cell::Text("标题".into())]);
    assert_eq!(sheet.rows[1].number, 3);
    assert_eq!(sheet.rows[1].cells, [Cell::Empty, Cell::Number(12.5), Cell::Bool(true), day(2026, 10, 31)]);
    assert_eq!(sheet.merges, [Merge { first_row: 1, last_row: 1, first_column: 0, last_column: 2 }]);
}

#[test]
fn a_formula_without_value_is_never_nothing() {
    let cells = r#"<sheetData><row r="1"><c r="A1"><f>1+1</f></c><c r="B1"><f>1+1</f><v>2</v></c>
        <c r="C1" t="str"><f>""</f><v></v></c><c r="D1"><f t="shared" si="0"/><v/></c></row></sheetData>"#;
    let file = read(&xlsx_of("", &[cells]));
    assert_eq!(file.sheets[0].rows[0].cells, [Cell::NoValue, Cell::Number(2.0), Cell::Empty, Cell::NoValue]);
    let places: Vec<(ProblemCode, &str)> = file.problems.iter().map(|p| (p.code, p.column.as_str())).collect();
    assert_eq!(places, [(ProblemCode::FormulaWithoutValue, "A"), (ProblemCode::FormulaWithoutValue, "D")]);
}

#[test]
fn the_1904_epoch_holds() {
    let sheet = r#"<sheetData><row r="1"><c r="A1" s="1"><v>44864</v></c></row></sheetData>"#;
    let file = read(&xlsx_of(r#"<workbookPr date1904="1"/>"#, &[sheet]));
    assert_eq!(file.sheets[0].rows[0].cells, [day(2026, 10, 31)]);
}

#[test]
fn an_error_that_the_library_does_not_know_costs_its_cell() {
    let spill = r##"<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><f>A1#</f><v>#SPILL!</v></c>
        <c r="C1" t="str"><v>#7</v></c><c r="D1" t="e"><v>#N/A</v></c></row></sheetData>"##;
    let file = read(&xlsx_of("", &[spill, spill]));
    assert_eq!(codes(&file), []);
    let error = |name: &str| Cell::Error(name.into());
    for sheet in &file.sheets {
        let cells = [Cell::Number(1.0), error("#VALUE!"), Cell::Text("#7".into()), error("#N/A")];
        assert_eq!(sheet.rows[0].cells, cells);
    }
    assert_eq!(file.sheets.len(), 2);
}

#[test]
fn one_unreadable_sheet_does_not_cost_the_others() {
    let odd = r##"<sheetData><row r="1"><c r="A1" t="no such type"><v>1</v></c></row></sheetData>"##;
    let good = r##"<sheetData><row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><v>1E400</v></c></row></sheetData>"##;
    let file = read(&xlsx_of("", &[odd, good]));
    assert_eq!(codes(&file), [ProblemCode::SheetUnreadable]);
    assert_eq!(file.sheets.len(), 1);
    assert_eq!(file.sheets[0].rows[0].cells, [Cell::Error("#N/A".into()), Cell::Error("inf".into())]);
}

#[test]
fn far_corners_cost_nothing() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row>
        <row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>"#;
    let file = read(&xlsx_of("", &[sheet]));
    assert_eq!(codes(&file), [ProblemCode::CellFarAway]);
    assert_eq!((file.problems[0].row, file.problems[0].column.as_str()), (1_048_576, "XFD"));
    assert_eq!(file.sheets[0].rows.len(), 1);
}

#[test]
fn merges_of_several_sheets_stay_apart() {
    let with = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>
        <mergeCells count="1"><mergeCell ref="B2:D4"/></mergeCells>"#;
    let without = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#;
    let file = read(&xlsx_of("", &[without, with]));
    assert_eq!(file.sheets[0].merges, []);
    assert_eq!(file.sheets[1].merges, [Merge { first_row: 2, last_row: 4, first_column: 1, last_column: 3 }]);
}

#[test]
fn limits_hold() {
    let sheet = format!("<sheetData>{}</sheetData>", r#"<row><c><v>1</v></c></row>"#.repeat(10_000));
    let bytes = xlsx_of("", &[&sheet]);
    for limits in [
        Limits { file_bytes: 100, ..Limits::default() },
        Limits { unpacked_bytes: 100_000, ..Limits::default() },
        Limits { cells: 9_999, ..Limits::default() },
    ] {
        let file = read_with(&bytes, &limits);
        assert_eq!((codes(&file), file.sheets.len()), (vec![ProblemCode::FileTooLarge], 0));
    }
    assert_eq!(codes(&read(&bytes)), []);
    let many: Vec<(String, &str)> = (0..2_001).map(|i| (format!("xl/workbook{i}.xml"), "")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    assert_eq!(codes(&read(&zipped(&many))), [ProblemCode::FileTooLarge]);
}

#[test]
fn a_changed_byte_in_a_sheet_is_seen() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><v>123456</v></c></row></sheetData>"#;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut archive = zip::ZipArchive::new(Cursor::new(xlsx_of("", &[sheet]))).expect("just made");
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).expect("just made");
        let name = entry.name().expect("just made").into_owned();
        zip.start_file(name, stored).expect("in memory");
        std::io::copy(&mut entry, &mut zip).expect("in memory");
    }
    let mut bytes = zip.finish().expect("in memory").into_inner();
    assert_eq!(codes(&read(&bytes)), []);
    let at = bytes.windows(6).position(|w| w == b"123456").expect("stored as it is");
    bytes[at] = b'9';
    assert_eq!(codes(&read(&bytes)), [ProblemCode::FileDamaged]);
}

#[test]
fn what_is_cut_off_is_damaged() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#;
    let bytes = xlsx_of("", &[sheet]);
    let file = read(&bytes[..bytes.len() - 30]);
    assert_eq!((file.format, codes(&file)), (Format::Xlsx, vec![ProblemCode::FileDamaged]));
    let bytes = xls_of(&[(0, 0, 1.0)]);
    for length in [100, 600, bytes.len() / 2] {
        assert_eq!(codes(&read(&bytes[..length])), [ProblemCode::FileDamaged], "cut to {length}");
    }
}

#[test]
fn other_files_are_not_read() {
    for (bytes, code) in [
        (b"".to_vec(), ProblemCode::FileEmpty),
        (b" \r\n\t\n".to_vec(), ProblemCode::FileEmpty),
        (b"%PDF-1.4 ...".to_vec(), ProblemCode::FileUnknown),
        (zipped(&[("word/document.xml", "<a/>")]), ProblemCode::FileUnknown),
        (zipped(&[("xl/workbook.bin", "")]), ProblemCode::FileUnknown),
        (b"<?xml version=\"1.0\"?><a/>".to_vec(), ProblemCode::FileUnknown),
    ] {
        let file = read(&bytes);
        assert_eq!((file.format, codes(&file)), (Format::Unknown, vec![code]));
    }
    let missing = read_file(Path::new("/nonexistent/export.xls"), &Limits::default());
    assert_eq!(codes(&missing), [ProblemCode::ReaderFailed]);
}

#[test]
fn a_password_is_said() {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("in memory");
    file.create_stream("EncryptedPackage").expect("a legal name");
    file.flush().expect("in memory");
    let file = read(&file.into_inner().into_inner());
    assert_eq!((file.format, codes(&file)), (Format::Xlsx, vec![ProblemCode::FileEncrypted]));
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry>\
                    </manifest:manifest>";
    assert_eq!(codes(&read(&ods_with("", manifest))), [ProblemCode::FileEncrypted]);
}

/// A BIFF8 workbook with one sheet of numbers; the second sheet format is a date.
fn xls_of(cells: &[(u16, u16, f64)]) -> Vec<u8> {
    let record = |typ: u16, data: &[u8]| {
        let mut bytes = typ.to_le_bytes().to_vec();
        bytes.extend((data.len() as u16).to_le_bytes());
        bytes.extend(data);
        bytes
    };
    let bof = |kind: u16| record(0x0809, &[&0x0600u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let end = record(0x000A, &[]);
    let mut globals = bof(5);
    let name = [&[0u8, 0, 2, 0][..], b"S1"].concat();
    // Position of the sheet: behind this record and the end of the globals.
    let position = (globals.len() + 4 + 4 + name.len() + end.len()) as u32;
    globals.extend(record(0x0085, &[&position.to_le_bytes()[..], &name].concat()));
    globals.extend(&end);
    globals.extend(bof(0x10));
    for (row, column, value) in cells {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        globals.extend(record(0x0203, &[&place[..], &value.to_le_bytes()].concat()));
    }
    globals.extend(&end);
    // Streams below 4096 bytes are stored in the mini stream; padding makes it an ordinary one.
    globals.resize(globals.len().max(5_000), 0);
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("in memory");
    // calamine takes a container without any small stream for a broken one.
    file.create_stream("Small").and_then(|mut s| s.write_all(b"small")).expect("in memory");
    file.create_stream("Workbook").and_then(|mut s| s.write_all(&globals)).expect("in memory");
    file.flush().expect("in memory");
    file.into_inner().into_inner()
}

#[test]
fn xls_is_read_where_its_cells_stand() {
    let file = read(&xls_of(&[(1, 2, 12.5), (4, 1, 3.0)]));
    assert_eq!((file.format, file.problems.as_slice()), (Format::Xls, [].as_slice()));
    let sheet = &file.sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.rows[0].number, sheet.rows[1].number), ("S1", 2, 5));
    assert_eq!(sheet.rows[0].cells, [Cell::Empty, Cell::Empty, Cell::Number(12.5)]);
    assert_eq!(sheet.rows[1].cells, [Cell::Empty, Cell::Number(3.0)]);
}

fn ods_with(rows: &str, manifest: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"T\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", &content),
    ])
}

#[test]
fn ods_cells_are_what_they_are() {
    let rows = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>单号</text:p></table:table-cell>\
        <table:table-cell table:formula=\"of:=1+1\"/><table:table-cell office:value-type=\"date\" \
        office:date-value=\"2026-10-31\"/><table:table-cell office:value-type=\"float\" office:value=\"1.5\"/>\
        </table:table-row>";
    let file = read(&ods_with(rows, "<manifest:manifest/>"));
    assert_eq!((file.format, codes(&file)), (Format::Ods, vec![ProblemCode::FormulaWithoutValue]));
    let expected = [Cell::Text("单号".into()), Cell::NoValue, day(2026, 10, 31), Cell::Number(1.5)];
    assert_eq!(file.sheets[0].rows[0].cells, expected);
}

#[test]
fn an_ods_without_the_end_of_its_table_does_not_hang() {
    let mut whole = ods_with("", "<manifest:manifest/>");
    assert_eq!(codes(&read(&whole)), []);
    whole = zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", "<office:spreadsheet><table:table table:name=\"T\"></office:spreadsheet>"),
    ]);
    assert_eq!(codes(&read(&whole)), [ProblemCode::FileDamaged]);
}

#[test]
fn utf16_tab_text_called_xls() {
    let text = "单号\t金额\r\n=\"001\"\t1,234.50\r\n";
    let bytes: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let file = read(&bytes);
    assert_eq!((file.format, file.encoding.as_str()), (Format::Tsv, "UTF-16LE"));
    assert_eq!(file.sheets[0].rows[1].cells, [Cell::Text("001".into()), Cell::Text("1,234.50".into())]);
}
