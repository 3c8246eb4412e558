//! Formulas that nobody has calculated: a result that is not there is never 0.

use crate::book::{cells, xlsx};
use crate::case::{AMOUNTS, Case, RECEIPTS, SETTLEMENTS};

/// Settlements as a workbook; `due` makes the cell of the customer's due from row and amount.
fn settlements(workbook: &str, due: impl Fn(usize, &str) -> String) -> Vec<u8> {
    let mut rows = cells(&Case::settlements());
    for (at, row) in rows.iter_mut().enumerate().skip(1) {
        for place in [6, 7, 8, 10] {
            row[place] = format!("n:{}", row[place]);
        }
        row[9] = due(at + 1, AMOUNTS[at - 1]);
    }
    xlsx("", workbook, &[], &rows)
}

#[track_caller]
fn are_told(case: &mut Case, file: &str, rows: &[u32]) {
    case.night();
    for row in rows {
        assert!(case.told(file, *row), "row {row}: {:#?}", case.findings());
    }
    assert!(!case.of_code("formula_without_value").is_empty());
}

#[test]
fn zeros_of_a_workbook_that_asks_to_be_calculated_are_no_dues() {
    for workbook in ["<calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/>", "<calcPr calcCompleted=\"0\"/>", ""] {
        let mut case = Case::new();
        let book = settlements(workbook, |row, _| format!("f:G{row}+H{row}-I{row}=0"));
        case.without(SETTLEMENTS).put("结算单_20261020.xlsx", book);
        are_told(&mut case, "结算单_20261020.xlsx", &[2, 3, 4]);
        assert_eq!(case.receipt(1).map(|money| money.0), Some(123_450));
    }
}

#[test]
fn results_that_are_there_count() {
    let mut case = Case::new();
    let workbook = "<calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/>";
    let book = settlements(workbook, |row, amount| format!("f:G{row}+H{row}-I{row}={amount}"));
    case.without(SETTLEMENTS).put("结算单_20261020.xlsx", book);
    case.night().ends_with(&[0]);
    assert_eq!(case.order(2), ("matched".to_owned(), 88_000, 88_000));
    assert!(case.findings().is_empty(), "{:#?}", case.findings());
}

#[test]
fn formulas_in_text_are_told_and_texts_that_keep_their_zeros_are_not() {
    let mut case = Case::new();
    let rows =
        [Case::receipt_row(1, "=1200+34.5"), Case::receipt_row(2, "=\"880.00\""), Case::receipt_row(3, "=SUM(G2:G3)")];
    case.put(RECEIPTS, format!("{}\n{}", crate::case::RECEIPT_HEADINGS, rows.concat()));
    are_told(&mut case, RECEIPTS, &[2, 4]);
    assert_eq!(case.receipt(2), Some((88_000, Case::order_no(2))));
    assert_eq!((case.receipt(1), case.receipt(3)), (None, None));
}
