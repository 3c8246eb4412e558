//! Exports of which too little could be taken, or nothing at all: as good as missing.

use serde_json::json;

use crate::case::{Case, ORDERS, RECEIPT_HEADINGS, RECEIPTS, SETTLEMENTS};
use crate::common::Ran;

/// The run ends with 3 and names the file in its red line; the report that rests on it says that it is incomplete.
fn is_missed(case: &Case, ran: Ran, file: &str, report: &str) {
    let ran = ran.ends_with(&[3]);
    assert!(ran.out.contains(file) || ran.err.contains(file), "{ran:#?}");
    assert!(!case.is_complete(report), "{report}");
    let missing = case.manifest()["missing"].to_string();
    assert!(missing.contains(file), "{missing}");
    let status = crate::common::hesuan().arg("status").arg(&case.shop.root).output().unwrap();
    assert!(Ran::of(&status).out.contains(file));
}

/// The month's value of a figure of money; null where it is not known.
fn figure(case: &Case, id: &str) -> serde_json::Value {
    case.manifest()["figures"]["2026-10"][id]["value_fen"].clone()
}

#[test]
fn receipts_of_which_no_row_can_be_taken_are_as_good_as_missing() {
    let mut case = Case::new();
    case.put(RECEIPTS, Case::receipts().replace("转账", "以物抵账"));
    let ran = case.night();
    is_missed(&case, ran, RECEIPTS, "cashier_daily");
    assert_eq!(case.of_code("export_refused").len(), 1);
    assert_eq!(case.of_code("unknown_word").len(), 3, "each row is told as well");
}

/// Fewer than half: what could be taken still clears its order.
#[test]
fn the_rows_that_could_be_taken_still_clear_orders() {
    let mut case = Case::new();
    let rows = [Case::receipt_row(1, "一千二"), Case::receipt_row(2, "八百八"), Case::receipt_row(3, "56.70")];
    case.put(RECEIPTS, format!("{RECEIPT_HEADINGS}\n{}", rows.concat()));
    let ran = case.night();
    is_missed(&case, ran, RECEIPTS, "cashier_daily");
    assert_eq!(case.order(3), ("matched".to_owned(), 5_670, 5_670));
    assert_eq!(case.order(1).0, "unpaid");
}

#[test]
fn half_of_the_rows_is_enough() {
    let mut case = Case::new();
    let bad = Case::receipt_row(4, "一百");
    case.put(RECEIPTS, format!("{}{bad}", Case::receipts()));
    case.night().ends_with(&[0]);
    assert_eq!(case.of_code("export_refused").len(), 0);
}

#[test]
fn settlements_whose_times_cannot_be_read() {
    let mut case = Case::new();
    case.put(SETTLEMENTS, Case::settlements().replace("2026-10-20 10:", "昨天 10:"));
    let ran = case.night();
    is_missed(&case, ran, SETTLEMENTS, "settlement_daily");
    assert_eq!(figure(&case, "service_revenue"), json!(null), "not 0");
}

#[test]
fn orders_without_a_time_of_opening() {
    let mut case = Case::new();
    case.put(ORDERS, Case::orders().replace("2026-10-20 08:", "昨天 08:"));
    let ran = case.night();
    is_missed(&case, ran, ORDERS, "service_daily");
}

#[test]
fn a_corrected_file_of_the_same_name_puts_it_right() {
    let mut case = Case::new();
    case.put(RECEIPTS, Case::receipts().replace("转账", "以物抵账"));
    case.night().ends_with(&[3]);
    case.put(RECEIPTS, Case::receipts());
    case.night().ends_with(&[0]);
    assert!(case.is_complete("cashier_daily"));
    assert_eq!(case.order(1).0, "matched");
}

#[test]
fn an_export_that_nobody_knows_is_missed_by_its_name() {
    let mut case = Case::new();
    case.put(RECEIPTS, "\u{1}\u{2}这不是表格");
    let ran = case.night();
    is_missed(&case, ran, RECEIPTS, "cashier_daily");
}

/// Beside the export itself, a printed copy or a note of its name is nobody's fault.
#[test]
fn a_note_beside_the_export_is_no_fault() {
    let mut case = Case::new();
    case.put("收银流水说明_20261020.txt", "今天一切正常，没有什么要说的。\n");
    case.put("合影_20261020.jpg", [0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F']);
    case.night().ends_with(&[0]);
}

#[test]
fn repeated_rows_are_taken_once_and_not_refused() {
    let mut case = Case::new();
    let rows = Case::receipts().lines().skip(1).collect::<Vec<_>>().join("\n");
    case.put(RECEIPTS, format!("{}{rows}\n{rows}\n", Case::receipts()));
    case.night().ends_with(&[0]);
    assert_eq!(case.of_code("export_refused").len(), 0);
}

/// Cells that are empty are told row by row, and the reports say so; the run ends with 3 where the export is due.
#[test]
fn rows_that_lack_their_amounts_are_missed_where_they_are_due() {
    let blank = |case: &mut Case| {
        let rows: Vec<String> = (1..=3).map(|at| Case::receipt_row(at, "")).collect();
        case.put(RECEIPTS, format!("{RECEIPT_HEADINGS}\n{}", rows.concat()));
    };
    let mut case = Case::new();
    blank(&mut case);
    case.night().ends_with(&[0]);
    assert!(!case.is_complete("cashier_daily"));
    assert_eq!(case.of_code("required_missing").len(), 3);
    let mut case = Case::new();
    case.set("[expected]\ndaily = [\"receipts\"]");
    blank(&mut case);
    let ran = case.night();
    is_missed(&case, ran, RECEIPTS, "cashier_daily");
}

#[test]
fn a_total_that_holds_only_with_refused_rows_ends_the_night_with_3() {
    let mut case = Case::new();
    let rows = Case::receipts().replacen(",转账,56.70", ",不知道的方式,56.70", 1);
    case.put(RECEIPTS, format!("{rows}合计,,,,,,2171.20,,,\n"));
    case.night().ends_with(&[3]);
    assert_eq!(case.of_code("export_partly_refused").len(), 1, "{:#?}", case.findings());
    assert_eq!((case.order(1).0, case.order(3).0), ("matched".to_owned(), "unpaid".to_owned()));
    assert!(!case.is_complete("order_clearing"));
}
