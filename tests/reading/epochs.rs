//! Workbooks that count their days from 1904: dates are right whatever the format of the cell.

use crate::book::{cells, xlsx};
use crate::case::{Case, ORDERS, RECEIPTS, SETTLEMENTS};

/// 20 October 2026 as a day from 1904.
const DAY: f64 = 46_315.0 - 1_462.0;
const IN_1904: &str = "<workbookPr date1904=\"1\"/>";

/// An export as a workbook whose `column` holds bare days, `hour` o'clock.
fn book(csv: &str, column: usize, style: &str, hour: f64) -> Vec<u8> {
    let mut rows = cells(csv);
    for row in &mut rows[1..] {
        row[column] = format!("{style}:{}", DAY + hour / 24.0);
    }
    xlsx(IN_1904, "<calcPr calcId=\"1\"/>", &["General"], &rows)
}

#[track_caller]
fn counts(case: &mut Case) {
    case.night().ends_with(&[0]);
    for (at, fen) in [(1, 123_450), (2, 88_000), (3, 5_670)] {
        assert_eq!(case.order(at), ("matched".to_owned(), fen, fen), "{:#?}", case.findings());
    }
    assert!(case.of_code("not_a_date").is_empty());
}

#[test]
fn receipts_with_bare_days_of_1904_stand_on_their_day() {
    for style in ["n", "s1"] {
        let mut case = Case::new();
        case.without(RECEIPTS).put("收银流水_20261020.xlsx", book(&Case::receipts(), 1, style, 12.0));
        counts(&mut case);
    }
}

#[test]
fn settlements_with_bare_days_of_1904_stand_on_their_day() {
    let mut case = Case::new();
    case.without(SETTLEMENTS).put("结算单_20261020.xlsx", book(&Case::settlements(), 2, "n", 6.0));
    counts(&mut case);
}

#[test]
fn orders_with_bare_days_of_1904_were_opened_on_their_day() {
    let mut case = Case::new();
    case.without(ORDERS).put("维修委托书_20261020.xlsx", book(&Case::orders(), 1, "n", 6.0));
    counts(&mut case);
    let told = case.explain(&Case::order_no(1)).to_string();
    assert!(told.contains("2026-10-20") && !told.contains("2022-10-"), "{told}");
}
