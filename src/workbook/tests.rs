//! Every workbook is read back: by calamine for the cells, by their XML for what calamine does not tell.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use chrono::NaiveDate;

use super::write;
use crate::model::fen::Fen;
use crate::model::sheet::{
    Block, Book, BookWords, Cell, Chart, ChartKind, Column, Kind, Light, Note, Sheet, Table, Total,
};

fn book(sheets: Vec<Sheet>) -> Book {
    let words = BookWords {
        total: "合计".into(),
        sign_off: "制表：　审核：　批准：".into(),
        page_footer: "第 &P 页 共 &N 页".into(),
        back: "返回首页".into(),
        no_rows: "无".into(),
        font: "微软雅黑".into(),
    };
    Book {
        name: "簿".into(),
        title: "日报".into(),
        subtitle: "某店 2026-11-21".into(),
        as_of: day(21),
        properties: vec![("revision".into(), "1".into()), ("Revision".into(), "2".into()), (String::new(), "x".into())],
        words,
        sheets,
    }
}

fn sheet(name: &str, blocks: Vec<Block>) -> Sheet {
    Sheet { name: name.into(), title: name.into(), notes: Vec::new(), blocks, sign_off: true }
}

fn column(title: &str, kind: Kind, total: Total) -> Column {
    Column { title: title.into(), kind, total, choices: Vec::new() }
}

fn table(columns: Vec<Column>, rows: Vec<Vec<Cell>>, has_total: bool) -> Table {
    Table { heading: None, columns, rows, has_total, chart: None }
}

fn one_column(cells: Vec<Cell>) -> Table {
    table(vec![column("值", Kind::Mixed, Total::None)], cells.into_iter().map(|cell| vec![cell]).collect(), false)
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

fn open(book: &Book) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(write(book).unwrap())).unwrap()
}

/// Values of a sheet's column below the heading `under`.
fn below(book: &Book, sheet: &str, under: &str) -> Vec<Data> {
    let cells = open(book).worksheet_range(sheet).unwrap();
    let (row, column, _) =
        cells.used_cells().find(|(_, _, value)| **value == Data::String(under.into())).expect("the heading");
    (row + 1..cells.height()).map(|at| cells.get((at, column)).cloned().unwrap_or(Data::Empty)).collect()
}

fn text(value: &str) -> Data {
    Data::String(value.into())
}

#[test]
fn every_kind_of_cell_is_read_back() {
    let cells = vec![
        Cell::Text("文字".into()),
        Cell::Key("00123".into()),
        Cell::Count(-3),
        Cell::Money(Fen(-123_456_789)),
        Cell::Hours(150),
        Cell::Quantity(1_250_000),
        Cell::Rate { numerator: 1, denominator: 3 },
        Cell::Rate { numerator: 1, denominator: 0 },
        Cell::MoneyRate { numerator: 1000, denominator: 4 },
        Cell::Number { numerator: 300, denominator: 2, per: 100 },
        Cell::NotKnown,
        Cell::Light(Light::Red, "未达".into()),
        Cell::Link { sheet: "一".into(), text: "看".into() },
        Cell::Link { sheet: "没有".into(), text: "无处".into() },
        Cell::Trend(vec![Some(f64::NAN), None]),
        Cell::Date(NaiveDate::from_ymd_opt(1816, 1, 1).unwrap()),
        Cell::Trend(vec![Some(1.0), Some(f64::INFINITY), Some(-2.0)]),
        Cell::Empty,
    ];
    let expected = vec![
        text("文字"),
        text("00123"),
        Data::Float(-3.0),
        Data::Float(-1_234_567.89),
        Data::Float(1.5),
        Data::Float(1.25),
        Data::Float(1.0 / 3.0),
        text("–"),
        Data::Float(2.5),
        Data::Float(1.5),
        text("–"),
        text("● 未达"),
        text("看"),
        text("无处"),
        text("–"),
        text("1816-01-01"),
    ];
    let printed = book(vec![sheet("一", vec![Block::Table(one_column(cells))])]);
    assert_eq!(below(&printed, "一", "值")[..expected.len()], expected);
    assert_eq!(open(&printed).sheet_names(), ["一", "_trend"]);
    assert_eq!(open(&printed).worksheet_range("_trend").unwrap().get((0, 1)), Some(&Data::Empty));
}

#[test]
fn dates_are_dates() {
    let noon = day(2).and_hms_opt(12, 0, 0).unwrap();
    let printed =
        book(vec![sheet("一", vec![Block::Table(one_column(vec![Cell::Date(day(1)), Cell::DateTime(noon)]))])]);
    let read: Vec<f64> = below(&printed, "一", "值")
        .iter()
        .filter_map(|value| match value {
            Data::DateTime(date) => Some(date.as_f64()),
            _ => None,
        })
        .collect();
    assert_eq!(read, [46_327.0, 46_328.5]);
}

#[test]
fn no_text_is_a_formula_or_a_link() {
    let evil = ["=1+1", "＝cmd", "+86 138", "-1", "@x", "https://example.com", " =1", "\t=1"];
    let mut content = sheet("=1", vec![]);
    content.title = "=1+1".into();
    content.notes = evil.iter().map(|text| Note { text: (*text).into(), light: None }).collect();
    let mut list = table(
        vec![column("=A1", Kind::Text, Total::None), column("值", Kind::Text, Total::Value(Cell::Text("=2".into())))],
        evil.iter().map(|text| vec![Cell::Key((*text).into()), Cell::Text((*text).into())]).collect(),
        true,
    );
    list.heading = Some("=1+1".into());
    list.chart = Some(Chart { kind: ChartKind::Line, title: "=Sheet1!$A$1".into(), category: 0, values: vec![1] });
    content.blocks.push(Block::Table(list));
    let mut printed = book(vec![content]);
    printed.title = "=1+1".into();
    printed.words.total = "=SUM(A1)".into();

    let mut read = open(&printed);
    assert_eq!(read.worksheet_formula("=1").unwrap().used_cells().filter(|(_, _, f)| !f.is_empty()).count(), 0);
    let bytes = write(&printed).unwrap();
    let parts = unpacked(&bytes);
    assert!(!parts.contains("<hyperlink "));
    assert!(parts.contains("quotePrefix=\"1\""));
    let values = below(&printed, "=1", "值");
    assert_eq!(values[..6], evil[..6].iter().map(|value| text(value)).collect::<Vec<_>>());
}

#[test]
fn a_column_of_which_nothing_is_known_has_no_total_of_0() {
    let columns = vec![column("单号", Kind::Key, Total::None), column("成本", Kind::Money, Total::Sum)];
    let rows = vec![vec![Cell::Key("1".into()), Cell::NotKnown], vec![Cell::Key("2".into()), Cell::Empty]];
    let printed = book(vec![sheet("一", vec![Block::Table(table(columns, rows, true))])]);
    assert_eq!(below(&printed, "一", "成本")[2], text("–"));
}

#[test]
fn totals_are_formulas_with_their_value() {
    let columns = vec![
        column("单号", Kind::Key, Total::None),
        column("台次", Kind::Count, Total::Sum),
        column("金额", Kind::Money, Total::Sum),
        column("配件(元)", Kind::Money, Total::Sum),
        column("单车", Kind::MoneyRate, Total::Ratio { numerator: 2, denominator: 1 }),
        column("零", Kind::Rate, Total::Ratio { numerator: 1, denominator: 7 }),
        column("率", Kind::Rate, Total::Value(Cell::Rate { numerator: 1, denominator: 8 })),
        column("无", Kind::Count, Total::Sum),
        column("量", Kind::Quantity, Total::Sum),
        column("态", Kind::Light, Total::Value(Cell::Light(Light::Green, "平".into()))),
    ];
    let row = |fen| {
        let rest = [Cell::NotKnown, Cell::Empty, Cell::Empty, Cell::Count(0), Cell::Quantity(100_000), Cell::Empty];
        let mut cells = vec![Cell::Key("1".into()), Cell::Count(1), Cell::Money(Fen(fen)), Cell::Money(Fen(-fen))];
        cells.extend(rest);
        cells
    };
    let rows: Vec<Vec<Cell>> = (0..10).map(|_| row(10)).collect();
    let printed = book(vec![sheet("一", vec![Block::Table(table(columns, rows, true))])]);
    let total = |heading: &str| below(&printed, "一", heading)[10].clone();
    assert_eq!(total("单号"), text("合计"));
    assert_eq!(total("台次"), Data::Float(10.0));
    assert_eq!(total("金额"), Data::Float(1.0));
    assert_eq!(total("配件(元)"), Data::Float(-1.0));
    assert_eq!(total("单车"), Data::Float(0.1));
    assert_eq!(total("零"), text("–"));
    assert_eq!(total("率"), Data::Float(0.125));
    assert_eq!(total("无"), Data::Float(0.0));
    assert_eq!(total("量"), Data::Float(1.0));
    assert_eq!(total("态"), text("● 平"));

    let formulas = open(&printed).worksheet_formula("一").unwrap();
    let said: Vec<&str> = formulas.used_cells().map(|(_, _, f)| f.as_str()).filter(|f| !f.is_empty()).collect();
    let expected = [
        "SUBTOTAL(109,list_1[台次])",
        "ROUND(SUBTOTAL(109,list_1[金额]),2)",
        "ROUND(SUBTOTAL(109,D7:D16),2)",
        "IF(B17=0,\"–\",C17/B17)",
        "IF(H17=0,\"–\",B17/H17)",
        "1/8",
        "SUBTOTAL(109,list_1[无])",
        "ROUND(SUBTOTAL(109,list_1[量]),6)",
    ];
    assert_eq!(said, expected);
}

#[test]
fn equal_books_give_equal_bytes() {
    let cells = (0..50).map(|n| Cell::Trend(vec![Some(f64::from(n)), Some(1.0)])).collect();
    let mut list = table(
        vec![column("日", Kind::Date, Total::None), column("额", Kind::Money, Total::Sum)],
        vec![vec![Cell::Date(day(1)), Cell::Money(Fen(5))]],
        true,
    );
    list.chart = Some(Chart { kind: ChartKind::Pie, title: "图".into(), category: 0, values: vec![1] });
    let printed = book(vec![sheet("一", vec![Block::Table(one_column(cells)), Block::Table(list)])]);
    let first = write(&printed).unwrap();
    // Longer than the resolution of the times in a zip would be, were they the clock's.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    assert!(first == write(&printed).unwrap());
}

#[test]
fn names_that_excel_refuses_are_changed_and_links_follow() {
    let jump = one_column(vec![Cell::Link { sheet: "a/b's".into(), text: "去".into() }]);
    let sheets = vec![sheet("History", vec![Block::Table(jump)]), sheet("a/b's", vec![]), sheet("A?B'S", vec![])];
    let printed = book(sheets);
    assert_eq!(open(&printed).sheet_names(), ["History 2", "a_b's", "A_B'S 2"]);
    let parts = unpacked(&write(&printed).unwrap());
    assert!(parts.contains("location=\"'a_b''s'!A1\""));
    assert!(parts.contains("location=\"'History 2'!A1\""));
}

#[test]
fn repeated_headings_and_several_tables() {
    let columns = || vec![column("金额", Kind::Money, Total::Sum), column("金额", Kind::Money, Total::Sum)];
    let rows = || vec![vec![Cell::Money(Fen(100)), Cell::Money(Fen(200))]];
    let one = || Block::Table(table(columns(), rows(), true));
    let printed = book(vec![sheet("一", vec![one(), one()]), sheet("二", vec![one()])]);
    assert_eq!(below(&printed, "一", "金额 2")[..2], [Data::Float(2.0), Data::Float(2.0)]);
    let parts = unpacked(&write(&printed).unwrap());
    for name in ["list_1", "list_2", "list_3"] {
        assert!(parts.contains(&format!("displayName=\"{name}\"")), "{name}");
    }
    assert_eq!(parts.matches("state=\"frozen\"").count(), 1, "only the sheet with one table");
}

#[test]
fn an_empty_table_says_so() {
    let columns = vec![column("单号", Kind::Key, Total::None), column("金额", Kind::Money, Total::Sum)];
    let mut empty = table(columns, Vec::new(), true);
    empty.chart = Some(Chart { kind: ChartKind::Bar, title: "图".into(), category: 0, values: vec![1] });
    let printed = book(vec![sheet("一", vec![Block::Table(empty)]), sheet("空", vec![])]);
    assert_eq!(below(&printed, "一", "单号")[0], text("无"));
    assert!(!unpacked(&write(&printed).unwrap()).contains("<table "));
}

#[test]
fn huge_and_unprintable_texts_are_made_harmless() {
    let huge = "🚗".repeat(40_000);
    let mut content = sheet(&huge, vec![]);
    content.notes.push(Note { text: huge.clone(), light: Some(Light::Amber) });
    let cells = vec![
        Cell::Text(huge.clone()),
        Cell::Key("a\0b\u{1b}\u{FFFE}".into()),
        Cell::Text("_x0041_".into()),
        Cell::Light(Light::Plain, huge.clone()),
        Cell::Link { sheet: huge.clone(), text: huge.clone() },
    ];
    content.blocks.push(Block::Table(one_column(cells)));
    content.blocks.push(Block::Table(table(
        vec![column(&huge, Kind::Text, Total::None)],
        vec![vec![Cell::Empty]],
        true,
    )));
    let mut printed = book(vec![content]);
    printed.title = format!("{huge}\0");
    printed.properties.push((huge.clone(), huge.clone()));
    printed.words.page_footer = huge.clone();
    printed.words.total = huge;
    let name = open(&printed).sheet_names()[0].clone();
    let read = below(&printed, &name, "值");
    let Data::String(cut) = &read[0] else { panic!("a text") };
    assert!(cut.encode_utf16().count() <= 32_767 && cut.ends_with('…'));
    assert_eq!(read[1], text("a\u{FFFD}b\u{FFFD}\u{FFFD}"));
    assert_eq!(read[2], text("_x0041_"));
}

#[test]
fn a_book_that_contradicts_itself_is_refused() {
    let short = table(
        vec![column("a", Kind::Text, Total::None), column("b", Kind::Text, Total::None)],
        vec![vec![Cell::Empty]],
        false,
    );
    let rates = table(
        vec![column("率", Kind::Rate, Total::Sum)],
        vec![vec![Cell::Rate { numerator: 1, denominator: 2 }]],
        true,
    );
    let nowhere = table(
        vec![column("率", Kind::Rate, Total::Ratio { numerator: 0, denominator: 9 })],
        vec![vec![Cell::Empty]],
        true,
    );
    for (wrong, says) in [(short, "row 1 has 1 cells"), (rates, "cannot be summed"), (nowhere, "not there")] {
        let error = write(&book(vec![sheet("一", vec![Block::Table(wrong)])])).unwrap_err().to_string();
        assert!(error.contains("一") && error.contains(says), "{error}");
    }
}

#[test]
fn a_book_without_sheets_or_words_still_opens() {
    let mut bare = book(Vec::new());
    open(&bare);
    bare.sheets = vec![sheet("一", vec![Block::Notes(vec![])]), sheet("二", vec![Block::Table(one_column(vec![]))])];
    let nothing = String::new;
    bare.words = BookWords {
        total: nothing(),
        sign_off: nothing(),
        page_footer: nothing(),
        back: nothing(),
        no_rows: nothing(),
        font: nothing(),
    };
    (bare.title, bare.subtitle) = (nothing(), nothing());
    assert_eq!(open(&bare).sheet_names(), ["一", "二"]);
}

/// The XML of every part, one after the other.
fn unpacked(bytes: &[u8]) -> String {
    use std::io::Read;

    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for index in 0..archive.len() {
        archive.by_index(index).unwrap().read_to_string(&mut all).unwrap();
    }
    all
}
