//! What a cell stores and what it shows differ: the exact value counts, and zeros that a format shows belong to a number.

use crate::book::{cells, xlsx};
use crate::case::{AMOUNTS, Case, ORDERS, RECEIPTS, SETTLEMENTS};

#[track_caller]
fn clears(case: &mut Case) {
    case.night().ends_with(&[0]);
    for (at, fen) in [(1, 123_450), (2, 88_000), (3, 5_670)] {
        assert_eq!(case.order(at), ("matched".to_owned(), fen, fen), "{:#?}", case.findings());
    }
}

/// A web page of an export, the amounts shown without their decimals and kept in an attribute.
fn page(csv: &str, attribute: &str) -> String {
    let cell = |text: &String| match AMOUNTS.iter().find(|amount| *amount == text) {
        Some(amount) => format!("<td {attribute}=\"{amount}\">{:.0}</td>", amount.parse::<f64>().unwrap()),
        None => format!("<td>{text}</td>"),
    };
    let row = |cells: &Vec<String>| format!("<tr>{}</tr>", cells.iter().map(cell).collect::<String>());
    let rows: String = cells(csv).iter().map(row).collect();
    format!("<html><table>{rows}</table></html>")
}

#[test]
fn the_exact_amount_of_a_web_page_counts() {
    for attribute in ["x:num", "sdval", "data-value"] {
        let mut case = Case::new();
        case.without(SETTLEMENTS).put("结算单_20261020.xls", page(&Case::settlements(), attribute));
        clears(&mut case);
    }
}

#[test]
fn zeros_that_a_format_shows_are_kept_in_order_numbers() {
    let number = |text: &str| text.replace("W20261020", "00261020");
    let mut rows = cells(&number(&Case::settlements()));
    for row in &mut rows[1..] {
        row[1] = format!("s1:{}", row[1].trim_start_matches('0'));
    }
    let mut case = Case::new();
    case.put(ORDERS, number(&Case::orders())).put(RECEIPTS, number(&Case::receipts()));
    case.without(SETTLEMENTS).put("结算单_20261020.xlsx", xlsx("", "<calcPr calcId=\"1\"/>", &["00000000000"], &rows));
    case.night().ends_with(&[0]);
    let told = case.explain("00261020001");
    assert_eq!(told["stands"][0]["category"], "matched", "{told:#}");
}

#[test]
fn an_amount_in_the_format_of_a_date_is_the_amount() {
    let mut rows = cells(&Case::receipts());
    for (row, amount) in rows[1..].iter_mut().zip(AMOUNTS) {
        row[6] = format!("s1:{amount}");
    }
    let mut case = Case::new();
    case.without(RECEIPTS)
        .put("收银流水_20261020.xlsx", xlsx("", "<calcPr calcId=\"1\"/>", &["yyyy\\-mm\\-dd"], &rows));
    clears(&mut case);
}
