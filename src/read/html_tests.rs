use super::*;
use crate::read::limits::Limits;
use crate::read::raw::{Cell, Merge, ReadProblem};
use crate::read::text::decode;

fn read_bytes(bytes: Vec<u8>) -> (Result<Vec<RawSheet>, Refusal>, Vec<ReadProblem>) {
    let decoded = decode(bytes);
    let mut problems = Problems::default();
    let sheets = read(&decoded, &mut Budget::new(&Limits::default()), &mut problems);
    (sheets, problems.finish())
}

/// Every table as `name` and rows as `number: a|b|c`.
fn tables(html: &str) -> Vec<(String, Vec<String>)> {
    let (sheets, problems) = read_bytes(html.as_bytes().to_vec());
    assert_eq!(problems, []);
    sheets.expect("readable").iter().map(|s| (s.name.clone(), shown(s))).collect()
}

fn rows(html: &str) -> Vec<String> {
    let mut tables = tables(html);
    assert_eq!(tables.len(), 1);
    tables.remove(0).1
}

fn shown(sheet: &RawSheet) -> Vec<String> {
    let cell = |cell: &Cell| match cell {
        Cell::Text(s) => s.clone(),
        other => format!("{other:?}").replace("Empty", ""),
    };
    let row = |row: &crate::read::raw::RawRow| row.cells.iter().map(cell).collect::<Vec<_>>().join("|");
    sheet.rows.iter().map(|r| format!("{}: {}", r.number, row(r))).collect()
}

#[test]
fn spans_move_their_neighbours() {
    let html = "<table><tr><td rowspan=2>a<td colspan=\"2\">b</td><td>c</tr><tr><td>d<td>e<td>f</table>";
    assert_eq!(rows(html), ["1: a|b||c", "2: |d|e|f"]);
    let (sheets, _) = read_bytes(html.into());
    let merge = |r1, r2, c1, c2| Merge { first_row: r1, last_row: r2, first_column: c1, last_column: c2 };
    assert_eq!(sheets.expect("readable")[0].merges, [merge(1, 2, 0, 0), merge(1, 1, 1, 2)]);
}

#[test]
fn a_span_ends_with_its_section_and_its_table() {
    let html = "<table><thead><tr><th rowspan=9>h<th>i</thead><tbody><tr><td>1<td rowspan=65535>2</table>";
    assert_eq!(rows(html), ["1: h|i", "2: 1|2"]);
    let (sheets, _) = read_bytes(html.into());
    let ends: Vec<u32> = sheets.expect("readable")[0].merges.iter().map(|m| m.last_row).collect();
    assert_eq!(ends, [1, 2]);
}

#[test]
fn text_is_trimmed_entities_are_letters_breaks_are_lines() {
    let html = "<table><tr><td>&nbsp;\n 1&nbsp;234 &lt;&#20803;&gt;\n\t x <br/> y <p>z</p>&nbsp;</td><td>&nbsp;</td>\
                <td style='mso-number-format:\"\\@\"'>00123</td></tr></table>";
    assert_eq!(rows(html), ["1: 1 234 <元> x\ny\nz||00123"]);
}

#[test]
fn missing_end_tags_and_rows() {
    assert_eq!(rows("<table><td>a<th>b<tr><tr><td>c</td></table>"), ["1: a|b", "3: c"]);
}

#[test]
fn scripts_styles_and_comments_are_no_text() {
    let html = "<style>td{<td>}</style><table><tr><td>a<script>'<td>x'</script><!-- <td>y --><td>b</table>";
    assert_eq!(rows(html), ["1: a|b"]);
}

#[test]
fn a_table_in_a_cell_is_a_table_of_its_own() {
    let html = "<table><tr><td>before<table><tr><td>in<td>ner</table> after<td>next</table><table><tr><td>z</table>";
    let expected = [("表1", vec!["1: before after|next"]), ("表2", vec!["1: in|ner"]), ("表3", vec!["1: z"])];
    let found = tables(html);
    assert_eq!(found.len(), 3);
    for ((name, rows), (expected_name, expected_rows)) in found.iter().zip(expected) {
        assert_eq!((name.as_str(), rows.iter().map(String::as_str).collect()), (expected_name, expected_rows));
    }
}

#[test]
fn a_cut_file_is_damaged_and_keeps_its_rows() {
    let (sheets, problems) = read_bytes("<table><tr><td>a<td>b<tr><td>c<td>d".into());
    assert_eq!(shown(&sheets.expect("readable")[0]), ["1: a|b", "2: c|d"]);
    assert_eq!(problems[0].code, ProblemCode::FileDamaged);
}

#[test]
fn no_table_no_data() {
    let (sheets, _) = read_bytes("<html><body>login again</body></html>".into());
    assert_eq!(sheets.expect_err("no table").code, ProblemCode::FileUnknown);
}

#[test]
fn huge_spans_and_depths_are_harmless() {
    let wide = "<table><tr><td colspan=999999999 rowspan=999999999>a<td>b</table>";
    let (sheets, _) = read_bytes(wide.into());
    assert_eq!(sheets.expect("readable")[0].rows[0].cells.len(), 1_001);
    let deep = "<table><tr><td>x".repeat(50_000);
    let (sheets, _) = read_bytes(deep.into_bytes());
    assert_eq!(sheets.expect("readable").len(), 50_000);
    let (sheets, problems) = read_bytes(format!("<table><tr>{}</table>", "<td colspan=1000>x".repeat(20)).into_bytes());
    assert_eq!(sheets.expect("readable")[0].rows[0].cells.len(), 16_001);
    assert_eq!(problems.len(), 3);
}

#[test]
fn a_bad_byte_is_told_with_its_cell() {
    let mut bytes = b"<html><meta charset=gb2312><table><tr><td>1</td><td>".to_vec();
    bytes.extend(encoding_rs::GB18030.encode("张").0.iter());
    bytes.extend(b"\xFF</td></tr></table>");
    let (sheets, problems) = read_bytes(bytes);
    assert_eq!(shown(&sheets.expect("readable")[0]), ["1: 1|张\u{FFFD}"]);
    let told = &problems[0];
    assert_eq!(
        (told.code, told.row, told.column.as_str(), told.value.as_str()),
        (ProblemCode::TextNotDecodable, 1, "B", "FF")
    );
}
