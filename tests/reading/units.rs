//! Unit, currency, tax: the amount is brought to yuan, or the column is refused and told.

use crate::case::{AMOUNTS, Case, RECEIPTS, SETTLEMENTS};

/// The receipts with another heading of the amount, and amounts in it.
fn receipts(heading: &str, amounts: [&str; 3]) -> String {
    let rows: String = (1..=3).map(|at| Case::receipt_row(at, amounts[at - 1])).collect();
    format!("{}\n{rows}", crate::case::RECEIPT_HEADINGS.replace("收款金额", heading))
}

fn all_read(case: &Case) {
    for (at, fen) in [(1, 123_450), (2, 88_000), (3, 5670)] {
        assert_eq!(case.receipt(at).map(|(fen, _)| fen), Some(fen), "receipt {at}");
    }
}

#[test]
fn units_of_the_yuan_in_a_heading() {
    for (heading, amounts) in [
        ("收款金额/分", ["123450", "88000", "5670"]),
        ("收款金额（千元）", ["1.2345", "0.88", "0.0567"]),
        ("收款金额_万元", ["0.12345", "0.088", "0.00567"]),
        ("收款金额（单位：元）", AMOUNTS),
    ] {
        let mut case = Case::new();
        case.put(RECEIPTS, receipts(heading, amounts)).night().ends_with(&[0]);
        all_read(&case);
        assert!(case.findings().is_empty(), "{heading}: {:#?}", case.findings());
    }
}

#[test]
fn another_currency_or_no_tax_is_no_money_and_told_once() {
    for (heading, word) in [("收款金额（港币）", "港币"), ("收款金额 USD", "USD"), ("收款金额[未税]", "未税")]
    {
        let mut case = Case::new();
        case.put(RECEIPTS, receipts(heading, AMOUNTS)).night();
        assert_eq!(case.receipt(1), None, "{heading}");
        let told = case.of_code("unit_refused");
        assert!(
            told.len() <= 2 && told[0]["message"].contains(word) && told[0]["file"] == RECEIPTS,
            "{heading}: {told:#?}"
        );
    }
}

#[test]
fn a_title_line_names_the_unit() {
    let sheet = receipts("收款金额", ["0.12345", "0.088", "0.00567"]);
    for content in [format!("收银流水,,,单位：万元\n{sheet}"), format!("{sheet}金额单位：万元\n")] {
        let mut case = Case::new();
        case.put(RECEIPTS, &content).night().ends_with(&[0]);
        all_read(&case);
    }
}

#[test]
fn a_column_of_currencies_counts_row_by_row() {
    let mut case = Case::new();
    let sheet = receipts("收款金额", AMOUNTS).replace(",备注\n", ",币种\n").replacen(",维修,\n", ",维修,CNY\n", 1);
    let sheet = sheet.replacen(",维修,\n", ",维修,USD\n", 1).replacen(",维修,\n", ",维修,人民币\n", 1);
    case.put(RECEIPTS, sheet).night();
    let fen = |at: usize| case.receipt(at).map(|(fen, _)| fen);
    assert_eq!((fen(1), fen(2), fen(3)), (Some(123_450), None, Some(5670)));
    assert!(case.told(RECEIPTS, 3));
}

#[test]
fn an_optional_column_in_another_currency_leaves_the_row() {
    let mut case = Case::new();
    case.put(SETTLEMENTS, Case::settlements().replace("优惠金额", "优惠金额（美元）")).night();
    assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450));
    assert!(!case.of_code("unit_refused").is_empty());
}

#[test]
fn a_word_that_nobody_knows_is_told() {
    let mut case = Case::new();
    case.put(RECEIPTS, receipts("收款金额（结汇前）", AMOUNTS)).night().ends_with(&[0]);
    all_read(&case);
    let told = case.of_code("unit_unknown");
    assert!(told.len() == 1 && told[0]["message"].contains("结汇前"), "{told:#?}");
}
