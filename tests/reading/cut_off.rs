//! Text files that end inside a row: half a value is none, and rows may be missing behind it.

use crate::case::{Case, ORDERS, RECEIPTS, SETTLEMENTS};

/// The run ends with 3 and says in which row the file ends.
#[track_caller]
fn is_told(case: &mut Case, file: &str, row: u32) {
    case.night().ends_with(&[3]);
    let told = case.of_code("text_cut_off");
    assert_eq!(told.len(), 1, "{:#?}", case.findings());
    assert_eq!((told[0]["file"].as_str(), told[0]["row"].as_str()), (file, row.to_string().as_str()));
}

#[test]
fn half_an_amount_is_no_amount() {
    let text = Case::receipts();
    let mut case = Case::new();
    case.put(RECEIPTS, &text[..text.rfind("56.70").unwrap() + 2]);
    is_told(&mut case, RECEIPTS, 4);
    assert_eq!(case.receipt(3), None);
    assert_eq!(case.order(2), ("matched".to_owned(), 88_000, 88_000));
}

#[test]
fn an_end_in_the_last_column_is_told_by_the_rows_above() {
    let headings = "收据号,收款时间,收款方式,业务单号,收款金额";
    let row = |at: usize, amount: &str| {
        format!("{},2026-10-20 11:0{at}:00,转账,{},{amount}\n", Case::receipt_no(at), Case::order_no(at))
    };
    let text = format!("{headings}\n{}{}{}", row(1, "1234.50"), row(2, "880.00"), row(3, "56.70"));
    for end in [3, 4, 5] {
        let mut case = Case::new();
        case.put(RECEIPTS, &text[..text.len() - end]);
        is_told(&mut case, RECEIPTS, 4);
        assert_eq!(case.receipt(3), None);
    }
    let mut case = Case::new();
    case.put(RECEIPTS, text.trim_end());
    case.night().ends_with(&[0]);
    assert!(case.findings().is_empty(), "{:#?}", case.findings());
}

#[test]
fn settlements_that_end_inside_quotes_are_cut_off() {
    let text = Case::settlements();
    let mut case = Case::new();
    case.put(SETTLEMENTS, text[..text.rfind("客3").unwrap()].to_owned() + "\"客");
    is_told(&mut case, SETTLEMENTS, 4);
}

#[test]
fn a_quote_that_never_closes_hides_no_rows() {
    let mut case = Case::new();
    case.put(ORDERS, Case::orders().replace("客1", "\"客1"));
    case.night();
    assert!(case.told(ORDERS, 2), "{:#?}", case.findings());
    assert_eq!(case.order(3), ("matched".to_owned(), 5_670, 5_670));
}

#[test]
fn a_footer_without_a_line_end_is_no_cut() {
    for footer in ["合计,2171.20", "制表人：钱收", "共3笔"] {
        let mut case = Case::new();
        case.put(RECEIPTS, Case::receipts() + footer);
        case.night();
        assert!(case.of_code("text_cut_off").is_empty(), "{footer}");
    }
}
