//! Sheets of decisions that are damaged or filled in by half: nothing moves, and the next workbook has it as an exception.

use crate::case::{Case, DAY, RECEIPTS};
use crate::common::fill::{Edit, fill, rename_heading};

const COPY: &str = "处理_20261020.csv";
const BOOK: &str = "收银与销号.xlsx";
const HEADINGS: &str = "委托单号,收据号,差额,报表日,编号,处理,目标单号,处理金额,处理原因,处理人";

/// A night in which one receipt bears no order's number.
fn shop() -> Case {
    let mut case = Case::new();
    case.put(RECEIPTS, Case::receipts().replacen("W20261020002", "W2O261O2OOO2x", 1));
    case.night().ends_with(&[0]);
    assert_eq!(case.order(2).0, "unpaid");
    case
}

/// The second night, with rows of a copy of the sheet.
fn decide(case: &mut Case, headings: &str, rows: &[&str]) {
    case.put(COPY, format!("{headings}\n{}\n", rows.join("\n")));
    case.night().ends_with(&[0, 3]);
}

fn unfit(case: &Case) -> Vec<String> {
    let found = case.shop.exceptions(DAY).into_iter().filter(|e| e["code"] == "decision_unfit");
    found.map(|e| e["detail"].clone()).collect()
}

#[test]
fn without_a_name_or_a_reason_nothing_moves() {
    for (row, says) in [
        (",SK20261020002,880.00,2026-10-20,R:SK20261020002,归属,W20261020002,,单号写错,", "未填处理人"),
        (",SK20261020002,880.00,2026-10-20,R:SK20261020002,归属,W20261020002,, ,陈静", "未填处理原因"),
        (",SK20261020002,880.00,2026-10-20,R:SK20261020002,说明,,,客户已确认,", "未填处理人"),
    ] {
        let mut case = shop();
        decide(&mut case, HEADINGS, &[row]);
        assert_eq!(case.order(2).0, "unpaid");
        assert!(unfit(&case).iter().any(|detail| detail.contains(says)), "{says}: {:?}", unfit(&case));
    }
}

#[test]
fn a_row_that_is_put_right_is_no_exception_any_more() {
    let mut case = shop();
    decide(&mut case, HEADINGS, &[",SK20261020002,880.00,2026-10-20,R:SK20261020002,归属,W20261020002,,单号写错,"]);
    assert_eq!(unfit(&case).len(), 1);
    case.put(
        "处理2.csv",
        format!("{HEADINGS}\n,SK20261020002,880.00,2026-10-20,R:SK20261020002,归属,W20261020002,,单号写错,陈静\n"),
    );
    case.night().ends_with(&[0, 3]);
    assert_eq!(unfit(&case), Vec::<String>::new());
    assert_eq!(case.order(2).0, "matched");
}

#[test]
fn a_word_that_no_list_knows_or_none_at_all() {
    for word in ["归入", ""] {
        let mut case = shop();
        let row = format!(",SK20261020002,880.00,2026-10-20,R:SK20261020002,{word},W20261020002,,单号写错,陈静");
        decide(&mut case, HEADINGS, &[&row]);
        assert_eq!(case.order(2).0, "unpaid");
        assert!(unfit(&case).iter().any(|d| d.contains(&format!("{COPY}:2"))), "{word}: {:?}", unfit(&case));
        assert!(case.told(COPY, 2));
    }
}

#[test]
fn an_amount_that_cannot_be_read_moves_nothing() {
    let mut case = shop();
    decide(
        &mut case,
        HEADINGS,
        &[",SK20261020002,880.00,2026-10-20,R:SK20261020002,归属,W20261020002,一半,单号写错,陈静"],
    );
    assert_eq!(case.order(2).0, "unpaid");
    assert!(unfit(&case).iter().any(|d| d.contains("处理金额") && d.contains("一半")), "{:?}", unfit(&case));
}

#[test]
fn a_sheet_that_lost_its_ids_or_its_days() {
    let mut case = shop();
    decide(
        &mut case,
        "收据号,差额,报表日,处理,目标单号,处理原因,处理人",
        &["SK20261020002,880.00,2026-10-20,归属,W20261020002,单号写错,陈静"],
    );
    assert_eq!(case.order(2).0, "unpaid");
    assert!(unfit(&case).iter().any(|d| d.contains(COPY) && d.contains("编号")), "{:?}", unfit(&case));
    let mut case = shop();
    decide(
        &mut case,
        "收据号,差额,编号,处理,目标单号,处理原因,处理人",
        &["SK20261020002,880.00,R:SK20261020002,归属,W20261020002,单号写错,陈静"],
    );
    assert_eq!(case.order(2).0, "unpaid");
    assert!(unfit(&case).iter().any(|d| d.contains("报表日")), "{:?}", unfit(&case));
}

#[test]
fn a_workbook_whose_column_was_renamed() {
    let mut case = shop();
    let (book, filled) = (case.shop.folder(DAY).join(BOOK), case.shop.root.join("filled.xlsx"));
    let edit = "异常处理 | 编号=R:SK20261020002 | 处理=归属, 目标单号=W20261020002, 处理原因=单号写错, 处理人=陈静";
    fill(&book, &filled, &[Edit::read(edit)]);
    rename_heading(&filled, &case.shop.inbox().join(BOOK), "异常处理", "处理", "怎么办");
    case.night().ends_with(&[0, 3]);
    assert_eq!(case.order(2).0, "unpaid");
    assert_eq!(case.of_code("form_damaged").len(), 1, "{:#?}", case.findings());
    assert!(unfit(&case).iter().any(|d| d.contains(BOOK) && d.contains("处理")), "{:?}", unfit(&case));
    // The workbook again, as it should be.
    let filled = std::fs::read(&filled).unwrap();
    case.shop.put(BOOK, filled);
    case.night().ends_with(&[0, 3]);
    assert_eq!(case.order(2).0, "matched");
    assert_eq!(unfit(&case), Vec::<String>::new());
}
