//! 作废: a row that newer exports lack counts until a person has said, with name and reason, that it was deleted.

use crate::case::{AMOUNTS, Case, DAY, RECEIPT_HEADINGS, RECEIPTS, SETTLEMENTS};

const HEADINGS: &str = "委托单号,收据号,差额,报表日,编号,处理,目标单号,处理金额,处理原因,处理人";

/// Drops a copy of the exceptions sheet with one row filled in.
fn decide(case: &mut Case, id: &str, word: &str, amount: &str, reason: &str) {
    let by = if reason.is_empty() { "" } else { "王会计" };
    case.put(
        &format!("处理结果_{word}{amount}{by}.csv"),
        format!("{HEADINGS}\n,,,{DAY},{id},{word},,{amount},{reason},{by}\n"),
    );
    case.night();
}

/// The shop as it was reported, then its settlements without the second.
fn without_a_settlement() -> Case {
    let mut case = Case::new();
    case.night();
    let lines: Vec<String> = Case::settlements().lines().map(str::to_owned).collect();
    case.put(SETTLEMENTS, [&lines[0][..], &lines[1], &lines[3]].join("\n") + "\n").night();
    case
}

fn without_a_receipt() -> Case {
    let mut case = Case::new();
    case.night();
    let rows: String = [1, 3].iter().map(|at| Case::receipt_row(*at, AMOUNTS[at - 1])).collect();
    case.put(RECEIPTS, format!("{RECEIPT_HEADINGS}\n{rows}")).night();
    case
}

fn matched() -> (String, i64, i64) {
    ("matched".to_owned(), 88_000, 88_000)
}

#[test]
fn a_settlement_that_was_deleted_counts_until_it_is_voided() {
    let mut case = without_a_settlement();
    assert_eq!(case.order(2), matched());
    assert!(case.fires("changed_after_report", &Case::order_no(2)));
    let id = format!("K:changed_after_report:{}::{DAY}", Case::order_no(2));
    decide(&mut case, &id, "作废", "", "结算单录错已删除");
    assert_eq!(case.order(2), ("deposit".to_owned(), 0, 88_000));
    assert_eq!(case.manifest()["day_totals"]["customer_due_fen"], 129_120, "no figure counts it");
    assert!(!case.fires("decision_unfit", ""));
    let controls = case.manifest()["control_totals"].clone();
    let own = controls.as_array().unwrap().iter().find(|c| c["name"].as_str().unwrap().starts_with("voided")).cloned();
    assert!(own.is_some_and(|c| c["holds"] == true && c["left_fen"] == 88_000), "{controls:#}");
    assert!(case.explain(&Case::order_no(2)).to_string().contains("作废"));
}

#[test]
fn without_a_reason_it_still_counts() {
    let mut case = without_a_settlement();
    let id = format!("K:changed_after_report:{}::{DAY}", Case::order_no(2));
    decide(&mut case, &id, "作废", "", "");
    assert_eq!(case.order(2), matched());
    assert!(case.fires("decision_unfit", ""));
}

#[test]
fn a_deleted_receipt_is_voided_by_its_order_and_comes_back_when_that_is_withdrawn() {
    let mut case = without_a_receipt();
    assert_eq!(case.order(2), matched());
    let id = format!("O:{}", Case::order_no(2));
    decide(&mut case, &id, "作废", "", "重复录入");
    assert_eq!(case.order(2), ("unpaid".to_owned(), 88_000, 0));
    decide(&mut case, &id, "撤回", "", "查明未重复");
    assert_eq!(case.order(2), matched());
}

#[test]
fn a_row_that_is_still_exported_is_not_voided_and_the_amount_must_be_its() {
    let mut case = without_a_receipt();
    decide(&mut case, &format!("O:{}", Case::order_no(1)), "作废", "", "想删除");
    assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450));
    assert!(case.fires("decision_unfit", &Case::order_no(1)));
    decide(&mut case, &format!("O:{}", Case::order_no(2)), "作废", "800.00", "金额不对");
    assert_eq!(case.order(2), matched());
    assert!(case.fires("decision_unfit", &Case::order_no(2)));
}
