//! Rows that a source leaves out on purpose and that end what earlier exports told of their record; running numbers of a
//! sheet that are no numbers of lines; numbers of lines that two sheets use.

use rust_xlsxwriter::Workbook;

use crate::case::{AMOUNTS, Case, DAY, SETTLEMENTS};

const HEADINGS: &str =
    "工单唯一编号,维修单号,入厂时间,出厂时间,车牌号,车主名,工单状态,是否删除,支付方式,结算时间,最终实际支付金额";

fn orders(rows: &[(&str, &str, &str)]) -> String {
    let row = |(id, state, paid): &(&str, &str, &str)| {
        let (status, deleted) = state.split_once('/').unwrap_or((state, "0"));
        format!(
            "{id},W{id},2026-10-18 08:00:00,2026-10-18 16:00:00,粤B,客,{status},{deleted},现金,2026-10-18 15:00:00,{paid}\n"
        )
    };
    format!("{HEADINGS}\n{}", rows.iter().map(row).collect::<String>())
}

/// The workshop's order export of three days before, then of the day.
fn nights(before: &[(&str, &str, &str)], today: &[(&str, &str, &str)]) -> Case {
    let mut case = Case::new();
    case.put("维修工单_20261019.csv", orders(before)).night_of("2026-10-19");
    case.put("维修工单_20261020.csv", orders(today)).night();
    case
}

fn receipts_of(case: &Case) -> i64 {
    case.manifest()["totals"]["received_fen"].as_i64().unwrap()
}

#[test]
fn an_order_that_is_deleted_ends_its_settlement_and_its_receipt() {
    let sound = nights(
        &[("77", "交车", "100.00"), ("78", "交车", "50.00")],
        &[("77", "交车", "100.00"), ("78", "交车", "50.00")],
    );
    let deleted = nights(
        &[("77", "交车", "100.00"), ("78", "交车", "50.00")],
        &[("77", "交车", "100.00"), ("78", "交车/1", "50.00")],
    );
    assert_eq!(receipts_of(&sound) - receipts_of(&deleted), 5_000);
    assert!(deleted.explain("W77").to_string().contains("10000"));
}

#[test]
fn an_order_that_goes_back_into_the_shop_unpaid_ends_its_receipt() {
    let reopened = nights(&[("77", "交车", "100.00")], &[("77", "维修派工", "-1.00")]);
    let never = nights(&[("78", "交车", "1.00")], &[("78", "交车", "1.00")]);
    assert_eq!(receipts_of(&never) - receipts_of(&reopened), 100);
    // What was reported the night before is told.
    assert!(reopened.fires("changed_after_report", "W77"), "{:#?}", reopened.shop.exceptions(DAY));
}

#[test]
fn an_order_that_was_never_due_ends_nothing_and_nothing_is_told() {
    let case = nights(&[("77", "维修派工", "-1.00")], &[("77", "维修派工", "-1.00")]);
    assert!(!case.fires("changed_after_report", "W77"));
    assert!(case.of_code("row_unclaimed").is_empty() && case.of_code("rows_gone").is_empty());
    let paid = nights(&[("77", "维修派工", "-1.00")], &[("77", "交车", "30.00")]);
    assert_eq!(receipts_of(&paid) - receipts_of(&case), 3_000);
}

const PARTS: &str = "委托单号,序号,配件编号,配件名称,帐套,数量,销售价,金额,出库时间";

fn parts(rows: &[(usize, usize, &str, &str)]) -> String {
    let row = |(order, line, part, amount): &(usize, usize, &str, &str)| {
        format!("{},{line},{part},件{part},客户,1,{amount},{amount},2026-10-20 09:00:00\n", Case::order_no(*order))
    };
    format!("{PARTS}\n{}", rows.iter().map(row).collect::<String>())
}

/// The shop with settlements of parts alone, so that lines are held against them.
fn of_parts() -> Case {
    let mut case = Case::new();
    let row = |at: usize| {
        let (order, amount) = (Case::order_no(at), AMOUNTS[at - 1]);
        format!("J2026102000{at},{order},2026-10-20 10:0{at}:00,0.00,{amount},{amount},现结\n")
    };
    let rows: String = (1..=3).map(row).collect();
    case.put(SETTLEMENTS, format!("结算单号,委托单号,结算时间,工时费,材料费,客户应付,结算方式\n{rows}"));
    case
}

#[test]
fn a_number_that_runs_over_the_whole_sheet_is_no_number_of_a_line() {
    // The next export has one row more in front: every running number is another one, and no line is.
    let mut case = of_parts();
    case.put(
        "领料明细_20261019.csv",
        parts(&[(1, 1, "P1", "1000.00"), (1, 2, "P2", "234.50"), (2, 3, "P3", "880.00")]),
    );
    let today =
        parts(&[(3, 1, "P4", "56.70"), (1, 2, "P1", "1000.00"), (1, 3, "P2", "234.50"), (2, 4, "P3", "880.00")]);
    case.put("领料明细_20261020.csv", today).night();
    assert!(!case.fires("amount_lines_differ", "W2026"), "{:#?}", case.shop.exceptions(DAY));
    assert!(case.of_code("rows_gone").is_empty(), "{:#?}", case.findings());
}

#[test]
fn two_parts_of_an_export_that_run_on_lose_no_line() {
    let mut case = of_parts();
    case.put("领料明细_20261020_1.csv", parts(&[(1, 1, "P1", "1000.00"), (2, 2, "P3", "880.00")]));
    case.put("领料明细_20261020_2.csv", parts(&[(1, 1, "P2", "234.50"), (3, 2, "P4", "56.70")])).night();
    assert!(!case.fires("amount_lines_differ", "W2026"), "{:#?}", case.shop.exceptions(DAY));
}

#[test]
fn numbers_that_begin_anew_in_each_order_stay_what_they_are() {
    let mut case = of_parts();
    case.put("领料明细_20261019.csv", parts(&[(1, 1, "P1", "999.00"), (1, 2, "P2", "234.50"), (2, 1, "P3", "880.00")]));
    // The first line was changed: by its number it is the same one.
    let today = [(1, 1, "P1", "1000.00"), (1, 2, "P2", "234.50"), (2, 1, "P3", "880.00"), (3, 1, "P4", "56.70")];
    case.put("领料明细_20261020.csv", parts(&today)).night();
    assert!(!case.fires("amount_lines_differ", "W2026"), "{:#?}", case.shop.exceptions(DAY));
    assert!(case.of_code("rows_gone").is_empty());
}

#[test]
fn a_number_of_a_line_that_two_sheets_use_for_different_lines_is_told() {
    let mut book = Workbook::new();
    for (name, lines) in [
        ("一", parts(&[(1, 1, "P1", "1000.00"), (2, 1, "P3", "880.00")])),
        ("二", parts(&[(1, 1, "P2", "234.50"), (3, 1, "P4", "56.70")])),
    ] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, line) in (0..).zip(lines.lines()) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    let mut case = of_parts();
    case.put("领料明细_20261020.xlsx", book.save_to_buffer().unwrap()).night();
    assert!(!case.fires("amount_lines_differ", "W2026"), "both lines count");
    let told = case.of_code("line_renumbered");
    assert!(told.len() == 1 && told[0]["sheet"] == "二" && told[0]["row"] == "2", "{:#?}", case.findings());
}
