//! Text of a cell stands in messages as it is, also where it looks like a placeholder of the message.

use crate::case::{Case, ORDERS, RECEIPTS, SETTLEMENTS};

/// A word that no list knows and that looks like all placeholders there are.
const BRACES: &str = "{arg0}{value}{count}{0}{1}";

fn told(case: &mut Case, file: &str) -> String {
    case.night().ends_with(&[0, 3]);
    let found = case.findings().into_iter().find(|f| f["file"].contains(file) && f["value"].contains('{'));
    found.unwrap_or_else(|| panic!("nothing told: {:#?}", case.findings()))["message"].clone()
}

#[test]
fn the_tender_of_a_receipt() {
    let mut case = Case::new();
    case.put(RECEIPTS, Case::receipts().replacen("转账", BRACES, 1));
    let message = told(&mut case, RECEIPTS);
    assert!(message.contains(BRACES) && message.contains("收款方式"), "{message}");
}

#[test]
fn the_heading_of_a_column() {
    let mut case = Case::new();
    let exports = Case::receipts().replacen("收款方式", "收款方式{value}", 1).replacen("转账", "换物{arg1}", 1);
    case.put(RECEIPTS, exports);
    case.night().ends_with(&[0, 3, 4]);
    let messages: Vec<String> = case.findings().into_iter().map(|f| f["message"].clone()).collect();
    assert!(messages.iter().any(|m| m.contains("{value}") || m.contains("{arg1}")), "{messages:#?}");
}

#[test]
fn the_state_of_an_order_and_a_settlement() {
    let mut case = Case::new();
    case.put(ORDERS, Case::orders().replacen("已结算", BRACES, 1));
    assert!(told(&mut case, ORDERS).contains(BRACES));
    let mut case = Case::new();
    case.put(SETTLEMENTS, Case::settlements().replacen("10:01:00", "{count}", 1));
    assert!(told(&mut case, SETTLEMENTS).contains("{count}"));
}
