//! One day's rows in several files, and numbers that two files use for different rows: nothing is lost, nothing counts
//! twice, and what cannot be told apart is said.

use crate::case::{AMOUNTS, Case, RECEIPT_HEADINGS};

const HEADINGS: &str = "委托单号,配件编号,配件名称,帐套,数量,销售价,金额,出库时间";

fn parts(rows: &[(usize, &str, &str)]) -> String {
    let row = |(order, part, amount): &(usize, &str, &str)| {
        format!("{},{part},件{part},客户,1,{amount},{amount},2026-10-20 09:00:00\n", Case::order_no(*order))
    };
    format!("{HEADINGS}\n{}", rows.iter().map(row).collect::<String>())
}

/// Settlements of parts alone, so that lines are held against them.
fn shop() -> Case {
    let mut case = Case::new();
    let row = |at: usize| {
        let (order, amount) = (Case::order_no(at), AMOUNTS[at - 1]);
        format!("J2026102000{at},{order},2026-10-20 10:0{at}:00,0.00,{amount},{amount},现结\n")
    };
    let rows: String = (1..=3).map(row).collect();
    case.put(crate::case::SETTLEMENTS, format!("结算单号,委托单号,结算时间,工时费,材料费,客户应付,结算方式\n{rows}"));
    case
}

#[test]
fn part_files_that_count_from_one_lose_no_line() {
    let mut case = shop();
    case.put("领料明细_20261020_1.csv", parts(&[(1, "P1", "1000.00"), (2, "P3", "880.00")]));
    case.put("领料明细_20261020_2.csv", parts(&[(1, "P2", "234.50"), (3, "P4", "56.70")]));
    case.night();
    assert!(!case.fires("amount_lines_differ", "W2026"));
    assert!(case.of_code("duplicate_key_files").is_empty() && case.of_code("rows_gone").is_empty());
}

#[test]
fn a_later_dump_of_the_whole_order_repeats_the_same_lines() {
    let mut case = shop();
    case.put("领料明细_20261019.csv", parts(&[(1, "P1", "1000.00"), (1, "P9", "5.00")]));
    // The lines stand in another order and one is gone.
    case.put(
        "领料明细_20261020.csv",
        parts(&[(1, "P2", "234.50"), (1, "P1", "1000.00"), (2, "P3", "880.00"), (3, "P4", "56.70")]),
    );
    case.night();
    assert!(!case.fires("amount_lines_differ", "W2026"));
    let gone = case.of_code("rows_gone");
    assert!(gone.len() == 1 && gone[0]["value"] == "5.00", "{gone:#?}");
}

#[test]
fn equal_lines_of_one_order_count_each() {
    let mut case = shop();
    let lines = [(1, "P1", "600.00"), (1, "P1", "600.00"), (1, "P2", "34.50"), (2, "P3", "880.00"), (3, "P4", "56.70")];
    case.put("领料明细_20261019.csv", parts(&lines));
    case.put("领料明细_20261020.csv", parts(&lines)).night();
    assert!(!case.fires("amount_lines_differ", "W2026"));
}

#[test]
fn lines_numbered_by_one_export_and_not_by_the_next_are_the_same_lines() {
    let mut case = shop();
    let numbered = |order: usize, line: u32, part: &str, amount: &str| {
        format!("{},{line},{part},件{part},客户,1,{amount},{amount},2026-10-20 09:00:00\n", Case::order_no(order))
    };
    let rows =
        [numbered(1, 7, "P1", "1000.00"), numbered(1, 8, "P2", "234.50"), numbered(2, 1, "P3", "880.00")].concat();
    let headings = HEADINGS.replacen("配件编号", "行号,配件编号", 1);
    case.put("领料明细_20261019.csv", format!("{headings}\n{rows}{}", numbered(3, 1, "P4", "56.70")));
    case.put("领料明细_20261020.csv", parts(&[(1, "P2", "234.50"), (1, "P1", "1000.00")])).night();
    assert!(!case.fires("amount_lines_differ", "W2026"));
}

#[test]
fn numbered_part_files_that_both_begin_with_one_keep_every_line_and_say_so() {
    let mut case = shop();
    let file = |rows: &[(usize, u32, &str, &str)]| {
        let row = |(order, line, part, amount): &(usize, u32, &str, &str)| {
            format!("{},{line},{part},件{part},客户,1,{amount},{amount}\n", Case::order_no(*order))
        };
        format!("委托单号,行号,配件编号,配件名称,帐套,数量,销售价,金额\n{}", rows.iter().map(row).collect::<String>())
    };
    case.put("领料明细_20261020_1.csv", file(&[(1, 1, "P1", "1000.00"), (2, 1, "P3", "880.00")]));
    case.put("领料明细_20261020_2.csv", file(&[(1, 1, "P2", "234.50"), (3, 1, "P4", "56.70")]));
    case.night();
    assert!(!case.fires("amount_lines_differ", "W2026"));
    let told = case.of_code("duplicate_key_files");
    assert!(told.len() == 1 && told[0]["file"] == "领料明细_20261020_2.csv" && told[0]["row"] == "2", "{told:#?}");
    assert!(told[0]["message"].contains("领料明细_20261020_1.csv:2"));
}

#[test]
fn a_line_that_may_be_the_former_one_changed_is_told() {
    let mut case = shop();
    case.put("领料明细_20261019.csv", parts(&[(1, "P1", "1200.00")]));
    case.put("领料明细_20261020.csv", parts(&[(1, "P1", "1234.50")])).night();
    let told = case.of_code("line_again");
    assert!(told.len() == 1 && told[0]["file"] == "领料明细_20261020.csv" && told[0]["row"] == "2", "{told:#?}");
    assert!(case.fires("amount_lines_differ", &Case::order_no(1)), "both count");
}

#[test]
fn two_cashiers_who_use_one_number_keep_both_receipts() {
    let mut case = Case::new();
    let receipt = |at: usize, clock: &str| {
        format!("SK001,2026-10-20 {clock}:00,钱收,{},客,转账,{},,维修,\n", Case::order_no(at), AMOUNTS[at - 1])
    };
    case.without(crate::case::RECEIPTS);
    case.put("收银流水_20261020_甲.csv", format!("{RECEIPT_HEADINGS}\n{}", receipt(1, "11:01")));
    case.put("收银流水_20261020_乙.csv", format!("{RECEIPT_HEADINGS}\n{}", receipt(2, "11:02"))).night();
    assert_eq!((case.order(1).2, case.order(2).2), (123_450, 88_000));
    let told = case.of_code("duplicate_key_files");
    assert!(told.len() == 1 && told[0]["value"] == "SK001", "{told:#?}");
}

#[test]
fn the_same_row_in_two_files_of_a_date_counts_once_and_a_newer_date_replaces() {
    let mut case = Case::new();
    let remark = |text: &str| Case::receipt_row(1, AMOUNTS[0]).replace(",维修,\n", &format!(",维修,{text}\n"));
    case.put("收银流水_20261020_补.csv", format!("{RECEIPT_HEADINGS}\n{}", remark("已开票")));
    case.put("收银流水_20261021.csv", format!("{RECEIPT_HEADINGS}\n{}", Case::receipt_row(2, "881.00")));
    case.night().ends_with(&[0]);
    assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450));
    assert!(case.of_code("duplicate_key_files").is_empty());
    case.night_of("2026-10-21");
    let exceptions = case.shop.exceptions("2026-10-21");
    assert!(
        exceptions.iter().any(|r| r["order_no"] == Case::order_no(2) && r["received_fen"] == "88100"),
        "{exceptions:#?}"
    );
}
