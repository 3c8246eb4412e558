use super::*;
use crate::read::limits::Limits;
use crate::read::raw::ReadProblem;
use crate::read::text::decode;

fn read_bytes(bytes: &[u8]) -> (Format, RawSheet, Vec<ReadProblem>) {
    let mut problems = Problems::default();
    let mut budget = Budget::new(&Limits::default());
    let decoded = decode(bytes.to_vec());
    let (format, sheet) = read(&decoded, &mut budget, &mut problems).expect("within the budget");
    (format, sheet, problems.finish())
}

/// Rows as `line: a|b|c`.
fn rows(text: &str) -> Vec<String> {
    let (_, sheet, problems) = read_bytes(text.as_bytes());
    assert_eq!(problems, []);
    shown(&sheet)
}

fn shown(sheet: &RawSheet) -> Vec<String> {
    let cell = |cell: &Cell| match cell {
        Cell::Text(s) => s.clone(),
        Cell::Empty => String::new(),
        other => format!("{other:?}"),
    };
    sheet
        .rows
        .iter()
        .map(|r| format!("{}: {}", r.number, r.cells.iter().map(cell).collect::<Vec<_>>().join("|")))
        .collect()
}

#[test]
fn quotes_breaks_blank_lines_and_ragged_rows() {
    let text = "a,b,c\r\n\r\n\"1,\"\"x\"\"\",\"two\r\nlines\",\r\nonly\r\n,,\r\nlast,5\" pipe";
    assert_eq!(rows(text), ["1: a|b|c", "3: 1,\"x\"|two\r\nlines", "5: only", "7: last|5\" pipe"]);
}

#[test]
fn text_formulas_keep_their_zeros() {
    assert_eq!(rows("a,b\n=\"00123\",\"=\"\"007\"\"\"\n=\"1,2\",=x\n"), ["1: a|b", "2: 00123|007", "3: 1,2|=x"]);
    let (_, sheet, problems) = read_bytes(b"a,b\n1,=A1+2\n");
    assert_eq!(shown(&sheet), ["1: a|b", "2: 1|NoValue"]);
    assert_eq!((problems[0].code, problems[0].row), (ProblemCode::FormulaWithoutValue, 2));
}

#[test]
fn the_delimiter_is_found() {
    assert_eq!(rows("a\tb,c\n1\t2\n"), ["1: a|b,c", "2: 1|2"]);
    assert_eq!(rows("日期;金额\n1;1,5\n2;2,5\n3;3\n"), ["1: 日期|金额", "2: 1|1,5", "3: 2|2,5", "4: 3|3"]);
    assert_eq!(rows("title\n\"x;y;z\",2\n3,4\n"), ["1: title", "2: x;y;z|2", "3: 3|4"]);
    assert_eq!(rows("sep=;\na,b;c\n"), ["2: a,b|c"]);
    assert_eq!(rows("one\rtwo\r"), ["1: one", "2: two"]);
    assert_eq!(read_bytes(b"a\tb\n").0, Format::Tsv);
}

#[test]
fn a_quote_that_never_closes_is_a_letter_and_told() {
    let (_, sheet, problems) = read_bytes("a,b\n1,2\n3,\"4\n5,6\n".as_bytes());
    assert_eq!(shown(&sheet), ["1: a|b", "2: 1|2", "3: 3|\"4", "4: 5|6"]);
    assert_eq!((problems[0].code, problems[0].row, problems[0].column.as_str()), (ProblemCode::TextMalformed, 3, "B"));
}

#[test]
fn an_end_inside_a_row_is_told_and_half_a_value_is_none() {
    for (end, row, column, last) in [("A3,x,3", 4, "C", "Error(\"3…\")"), ("A3,\"x,3", 4, "B", "Error(\"x,3…\")")] {
        let (_, sheet, problems) = read_bytes(format!("n,m,c\nA1,x,1.50\nA2,x,2.50\n{end}").as_bytes());
        let told = &problems[0];
        assert_eq!((told.code, told.row, told.column.as_str()), (ProblemCode::TextCutOff, row, column));
        assert!(shown(&sheet)[3].ends_with(last), "{:?}", shown(&sheet));
    }
}

#[test]
fn a_quote_closed_by_another_field_is_said() {
    let (_, _, problems) = read_bytes("a,b\n\"1,2\n\"3\",4\n".as_bytes());
    assert_eq!((problems[0].code, problems[0].row), (ProblemCode::TextMalformed, 2));
}

#[test]
fn a_bad_byte_is_told_with_its_place_and_its_row_is_kept() {
    let mut bytes = encoding_rs::GB18030.encode("单号,客户\nJS01,张").0.into_owned();
    bytes.extend([0xFF, b'\n']);
    bytes.extend(encoding_rs::GB18030.encode("JS02,李四\n").0.iter());
    let (_, sheet, problems) = read_bytes(&bytes);
    assert_eq!(shown(&sheet), ["1: 单号|客户", "2: JS01|张\u{FFFD}", "3: JS02|李四"]);
    let told = &problems[0];
    assert_eq!(
        (told.code, told.row, told.column.as_str(), told.value.as_str()),
        (ProblemCode::TextNotDecodable, 2, "B", "FF")
    );
}

#[test]
fn nul_is_malformed() {
    let (_, sheet, problems) = read_bytes(b"a,b\n1,\x002\n");
    assert_eq!(shown(&sheet), ["1: a|b", "2: 1|\u{FFFD}2"]);
    assert_eq!((problems[0].code, problems[0].row), (ProblemCode::TextMalformed, 2));
}

#[test]
fn an_end_inside_a_letter_is_a_cut_whatever_stands_before() {
    for encoding in [encoding_rs::UTF_8, encoding_rs::GB18030] {
        let bytes = encoding.encode("单号,备注\nA1,长长\nA2,短\n制表：顾一").0;
        let (_, _, whole) = read_bytes(&bytes);
        assert_eq!(whole, []);
        let (_, _, problems) = read_bytes(&bytes[..bytes.len() - 1]);
        assert!(problems.iter().any(|p| p.code == ProblemCode::TextCutOff), "{problems:?}");
    }
}
