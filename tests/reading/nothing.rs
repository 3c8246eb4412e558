//! Words for nothing: an empty cell in every column, and no error where the cell may be empty.

use crate::case::{AMOUNTS, Case, ORDERS, RECEIPTS, SETTLEMENTS};

const WORDS: [&str; 6] = ["——", "\\", "暂无", "none", "#N/A", "（空）"];

#[test]
fn optional_amounts_and_dates_are_empty_and_nobody_complains() {
    for word in WORDS {
        let mut case = Case::new();
        let settlements = Case::settlements()
            .replace(",1234.50,0.00,0.00,1234.50,0.00,", &format!(",1234.50,{word},{word},1234.50,{word},"));
        let orders = Case::orders().replace("2026-10-20 09:01:00", word);
        case.put(SETTLEMENTS, settlements).put(ORDERS, orders).night().ends_with(&[0]);
        assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450), "{word}");
        assert!(case.findings().is_empty(), "{word}: {:#?}", case.findings());
    }
}

#[test]
fn two_receipts_without_an_order_are_not_one() {
    let mut case = Case::new();
    let row = |at: usize, word: &str| Case::receipt_row(at, "10.00").replace(&Case::order_no(at), word);
    case.put(RECEIPTS, format!("{}{}{}{}", Case::receipts(), row(4, "未填"), row(5, "0"), row(6, "N/A"))).night();
    for at in 4..=6 {
        let open = case.shop.exceptions(crate::case::DAY);
        let row = open.iter().find(|r| r.values().any(|cell| *cell == Case::receipt_no(at))).expect("an open receipt");
        assert_eq!(row["order_no"], "", "{row:?}");
    }
}

#[test]
fn nobody_approved() {
    for word in ["/", "无需", "NULL", "0", "***"] {
        let mut case = Case::new();
        let settlements = Case::settlements().replace(
            ",1234.50,0.00,0.00,1234.50,0.00,现结,,",
            &format!(",2469.00,0.00,1234.50,1234.50,0.00,现结,{word},"),
        );
        case.put(SETTLEMENTS, settlements).night();
        assert!(case.fires("discount_over_limit", &Case::order_no(1)), "{word}");
    }
}

#[test]
fn a_required_cell_is_missing() {
    let mut case = Case::new();
    let rows = format!("{}{}", Case::receipt_row(1, AMOUNTS[0]), Case::receipt_row(2, "不详"));
    case.put(RECEIPTS, format!("{}\n{rows}", crate::case::RECEIPT_HEADINGS)).night();
    assert_eq!(case.receipt(2), None);
    assert!(case.told(RECEIPTS, 3));
}

#[test]
fn a_shop_adds_words_of_its_own() {
    let settlements = Case::settlements().replacen(",1234.50,0.00,0.00,", ",1234.50,0.00,待补,", 1);
    let mut case = Case::new();
    case.put(SETTLEMENTS, &settlements).night();
    assert!(case.told(SETTLEMENTS, 2));
    let mut case = Case::new();
    case.set("[blanks]\nwords = [\"待补\"]").put(SETTLEMENTS, &settlements).night().ends_with(&[0]);
    assert!(case.findings().is_empty(), "{:#?}", case.findings());
}
