//! Lines and receipts that a newer export lacks: taken away where the export speaks for their order, never in silence.

use crate::case::{Case, DAY};

const LABOUR: &str = "工时明细_20261020.csv";
const LABOUR_HEADINGS: &str = "委托单号,行号,工时代码,项目名称,帐套,标准工时,工时费";
const PARTS_HEADINGS: &str = "委托单号,行号,配件编号,配件名称,帐套,数量,销售价,金额";

fn labour(rows: &[(usize, u32, &str, &str)]) -> String {
    let row = |(order, line, code, amount): &(usize, u32, &str, &str)| {
        format!("{},{line},{code},项目{code},客户,1.00,{amount}\n", Case::order_no(*order))
    };
    format!("{LABOUR_HEADINGS}\n{}", rows.iter().map(row).collect::<String>())
}

fn parts(rows: &[(usize, u32, &str, &str)]) -> String {
    let row = |(order, line, part, amount): &(usize, u32, &str, &str)| {
        format!("{},{line},{part},件{part},客户,1,{amount},{amount}\n", Case::order_no(*order))
    };
    format!("{PARTS_HEADINGS}\n{}", rows.iter().map(row).collect::<String>())
}

/// The order's lines, paid by its settlement, and one line too many.
const SOUND: [(usize, u32, &str, &str); 4] =
    [(1, 1, "A1", "1000.00"), (1, 2, "A2", "234.50"), (2, 1, "A3", "880.00"), (3, 1, "A4", "56.70")];

fn with_a_slip() -> Vec<(usize, u32, &'static str, &'static str)> {
    let mut rows = SOUND.to_vec();
    rows.push((2, 2, "A9", "77.00"));
    rows
}

#[test]
fn a_corrected_export_of_the_same_name_takes_the_line_away() {
    let mut case = Case::new();
    case.put(LABOUR, labour(&with_a_slip())).night();
    assert!(case.fires("amount_lines_differ", &Case::order_no(2)));
    case.put(LABOUR, labour(&SOUND)).night();
    assert!(!case.fires("amount_lines_differ", &Case::order_no(2)));
    let gone = case.of_code("rows_gone");
    assert_eq!(gone.len(), 1, "{gone:#?}");
    assert!(gone[0]["file"] == LABOUR && gone[0]["value"] == "77.00" && gone[0]["message"].contains("20002 / 2"));
    let told = case.explain(&Case::order_no(2)).to_string();
    assert!(told.contains(&format!("\"gone_by\":\"{LABOUR}\"")), "{told}");
}

#[test]
fn a_later_export_takes_lines_away_from_the_orders_that_it_repeats_and_from_no_other() {
    let mut case = Case::new();
    case.put("工时明细_20261019.csv", labour(&with_a_slip()));
    // Order 1 is not repeated, order 2 is, but for the slip.
    case.put(LABOUR, labour(&[(2, 1, "A3", "880.00")])).night();
    assert!(!case.fires("amount_lines_differ", "W2026"));
    assert_eq!(case.of_code("rows_gone").len(), 1);
    assert!(case.of_code("rows_vanished").is_empty());
}

#[test]
fn lines_that_are_only_added_take_none_away() {
    let mut case = Case::new();
    case.put("领料明细_20261019.csv", parts(&[(1, 1, "P1", "1000.00"), (2, 1, "P3", "880.00"), (3, 1, "P4", "56.70")]));
    case.put("领料明细_20261020.csv", parts(&[(1, 2, "P2", "234.50")])).night();
    assert!(case.of_code("rows_gone").is_empty() && case.of_code("rows_vanished").is_empty());
    let told = case.explain(&Case::order_no(1)).to_string();
    assert!(told.contains("P1") && told.contains("P2") && !told.contains("\"gone_by\":\""), "{told}");
}

#[test]
fn before_the_newer_export_the_line_is_still_there() {
    let mut case = Case::new();
    case.put("工时明细_20261020.csv", labour(&with_a_slip()));
    case.put("工时明细_20261021.csv", labour(&SOUND)).night();
    assert!(case.fires("amount_lines_differ", &Case::order_no(2)), "as of the 20th");
    assert!(case.of_code("rows_gone").is_empty());
    case.night_of("2026-10-21");
    let told = case.shop.findings("2026-10-21");
    assert!(told.iter().any(|f| f["code"] == "rows_gone" && f["file"] == "工时明细_20261021.csv"));
    assert!(!case.shop.exceptions("2026-10-21").iter().any(|r| r["code"] == "amount_lines_differ"));
}

/// A name without a date comes with the next rows as often as with all of them.
#[test]
fn a_name_without_a_date_takes_away_what_it_repeats_by_half() {
    let mut case = Case::new();
    let order = |at: usize| [SOUND[0], SOUND[1], SOUND[2], SOUND[3]].into_iter().filter(move |row| row.0 == at);
    case.put("工时明细.csv", labour(&order(1).chain(order(2)).collect::<Vec<_>>())).night();
    case.put("工时明细.csv", labour(&order(3).collect::<Vec<_>>())).night();
    assert!(!case.fires("amount_lines_differ", "W2026"), "the next rows");
    case.put("工时明细.csv", labour(&with_a_slip())).night();
    assert!(case.fires("amount_lines_differ", &Case::order_no(2)));
    case.put("工时明细.csv", labour(&SOUND)).night();
    assert!(!case.fires("amount_lines_differ", "W2026"), "all of them, but for one");
}

#[test]
fn two_names_of_one_date_never_take_from_each_other() {
    let mut case = Case::new();
    case.put("工时明细_20261020_一车间.csv", labour(&[(1, 1, "A1", "1000.00"), (1, 2, "A2", "234.50")]));
    case.put(
        "工时明细_20261020_二车间.csv",
        labour(&[(1, 1, "A1", "1000.00"), (2, 1, "A3", "880.00"), (3, 1, "A4", "56.70")]),
    )
    .night();
    assert!(case.of_code("rows_gone").is_empty() && !case.fires("amount_lines_differ", "W2026"));
}

#[test]
fn a_receipt_that_a_newer_export_lacks_still_counts_and_is_told() {
    let mut case = Case::new();
    case.night();
    let rows: String = [1, 3].iter().map(|at| Case::receipt_row(*at, crate::case::AMOUNTS[at - 1])).collect();
    case.put("收银流水_202610.csv", format!("{}\n{rows}", crate::case::RECEIPT_HEADINGS));
    case.put("收银流水_20261020.csv", format!("{}\n{rows}", crate::case::RECEIPT_HEADINGS)).night();
    assert_eq!(case.receipt(2), Some((88_000, Case::order_no(2))));
    let told = case.of_code("rows_vanished");
    assert!(told.iter().any(|f| f["value"] == "880.00" && f["message"].contains("SK20261020002")), "{told:#?}");
}

#[test]
fn a_snapshot_that_is_exported_again_is_the_whole_stock_of_its_day() {
    let stock = |rows: &[(&str, u32)]| {
        let row = |(part, qty): &(&str, u32)| format!("{DAY},{part},件{part},{qty},10.00\n");
        let rows: String = rows.iter().map(row).collect();
        format!("快照日期,配件编号,配件名称,库存数量,成本价\n{rows}")
    };
    let mut case = Case::new();
    case.put("配件库存快照_20261020.csv", stock(&[("P1", 2), ("P2", 5), ("P3", 1)])).night();
    case.put("配件库存快照_20261020.csv", stock(&[("P1", 2), ("P2", 5)])).night();
    let gone = case.of_code("rows_gone");
    assert!(gone.len() == 1 && gone[0]["message"].contains("P3"), "{gone:#?}");
}

#[test]
fn content_that_comes_back_under_its_name_is_what_the_name_says() {
    let mut case = Case::new();
    case.put(LABOUR, labour(&with_a_slip())).night();
    case.put(LABOUR, labour(&SOUND)).night();
    assert!(!case.fires("amount_lines_differ", &Case::order_no(2)));
    case.put(LABOUR, labour(&with_a_slip())).night();
    assert!(case.fires("amount_lines_differ", &Case::order_no(2)), "the first content again");
}

#[test]
fn an_export_without_any_row_takes_nothing_away() {
    let mut case = Case::new();
    case.put(LABOUR, labour(&SOUND)).night();
    case.put(LABOUR, labour(&[])).night();
    assert!(!case.fires("amount_lines_differ", "W2026"));
    let told = case.of_code("rows_vanished");
    assert!(told.len() == 1 && told[0]["message"].contains("4 行"), "{told:#?}");
}
