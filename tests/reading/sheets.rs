//! One number on several sheets of a file: neither row is lost, a hidden sheet never outranks a visible one.

use rust_xlsxwriter::Workbook;

use crate::case::{AMOUNTS, Case, RECEIPT_HEADINGS};

const BOOK: &str = "收银流水_20261020.xlsx";

/// A workbook of text cells: name of the sheet, whether it is hidden, lines.
fn book(sheets: &[(&str, bool, String)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, hidden, lines) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        sheet.set_hidden(*hidden);
        for (row, line) in (0..).zip(lines.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    let shown = sheets.iter().position(|(_, hidden, _)| !hidden).unwrap();
    book.worksheet_from_index(shown).unwrap().set_active(true).set_first_tab(true);
    book.save_to_buffer().unwrap()
}

fn receipts(amounts: &[(usize, &str)]) -> String {
    let rows: String = amounts.iter().map(|(at, amount)| Case::receipt_row(*at, amount)).collect();
    format!("{RECEIPT_HEADINGS}\n{rows}")
}

fn night(sheets: &[(&str, bool, String)]) -> Case {
    let mut case = Case::new();
    case.without("收银流水_20261020.csv").put(BOOK, book(sheets)).night();
    case
}

fn whole() -> String {
    receipts(&[(1, AMOUNTS[0]), (2, AMOUNTS[1]), (3, AMOUNTS[2])])
}

#[test]
fn two_visible_sheets_that_differ_in_a_number_count_both_and_are_told() {
    let case = night(&[("一", false, whole()), ("二", false, receipts(&[(1, "100.00")]))]);
    assert_eq!(case.order(1).2, 133_450);
    let told = case.of_code("duplicate_key");
    assert!(told.len() == 1 && told[0]["sheet"] == "二" && told[0]["value"] == Case::receipt_no(1), "{told:#?}");
}

#[test]
fn a_hidden_sheet_of_other_values_never_counts_wherever_it_stands() {
    let old = receipts(&[(1, "1.00"), (2, "2.00"), (3, "3.00")]);
    for sheets in
        [[("旧", true, old.clone()), ("新", false, whole())], [("新", false, whole()), ("旧", true, old.clone())]]
    {
        let case = night(&sheets);
        for (at, fen) in [(1, 123_450), (2, 88_000), (3, 5_670)] {
            assert_eq!(case.receipt(at).map(|(fen, _)| fen), Some(fen));
        }
        assert!(case.of_code("duplicate_key").iter().all(|f| f["sheet"] == "旧"));
    }
}

#[test]
fn a_sheet_of_all_beside_its_parts_counts_once() {
    let parts = [receipts(&[(1, AMOUNTS[0])]), receipts(&[(2, AMOUNTS[1]), (3, AMOUNTS[2])])];
    let case = night(&[("上午", false, parts[0].clone()), ("下午", false, parts[1].clone()), ("全部", false, whole())]);
    assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450));
    assert!(case.of_code("duplicate_key").is_empty());
}

#[test]
fn lines_that_are_numbered_anew_on_each_sheet_are_all_there() {
    let line = |part: &str, price: &str| format!("{},{part},配件,1,1.00,{price},{price}\n", Case::order_no(1));
    let headings = "委托单号,配件编号,配件名称,数量,成本价,单价,金额\n";
    let sheets = [
        ("一", false, format!("{headings}{}{}", line("P1", "10.00"), line("P2", "20.00"))),
        ("二", false, format!("{headings}{}", line("P3", "30.00"))),
        ("全部", false, format!("{headings}{}{}{}", line("P1", "10.00"), line("P2", "20.00"), line("P3", "30.00"))),
    ];
    let mut case = Case::new();
    // The settlement says what the lines are worth.
    let settled = Case::settlements().replacen("1234.50,0.00,0.00,1234.50", "1174.50,60.00,0.00,1234.50", 1);
    case.put("结算单_20261020.csv", settled).put("用料明细_20261020.xlsx", book(&sheets)).night();
    let told: Vec<_> =
        case.findings().into_iter().filter(|f| f["file"].contains("用料") && f["severity"] != "info").collect();
    assert!(told.is_empty(), "{told:#?}");
    let explained = case.explain(&Case::order_no(1)).to_string();
    for part in ["P1", "P2", "P3"] {
        assert!(explained.contains(part), "{part} is lost");
    }
}
