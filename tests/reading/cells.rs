//! Single cells: damaged numbers, broken optional cells, shapes of amounts and dates, characters that do not belong, absurd amounts.

use crate::case::{AMOUNTS, Case, DAY, ORDERS, RECEIPTS, SETTLEMENTS};

/// The receipts, the first of them with another text in place of `was`.
fn first_receipt(was: &str, is: &str) -> String {
    Case::receipts().replacen(was, is, 1)
}

fn night(name: &str, content: String) -> Case {
    let mut case = Case::new();
    case.put(name, content).night();
    case
}

// Numbers that a spreadsheet damaged.

#[test]
fn scientific_notation_joins_nothing() {
    let order = Case::order_no(1);
    let (reference, damaged) = (",转账,1234.50,,", ",转账,1234.50,4.2E+27,");
    for (was, is, column) in [(order.as_str(), "2.0261E+10", "业务单号"), (reference, damaged, "流水号")] {
        let case = night(RECEIPTS, first_receipt(was, is));
        assert_eq!(case.receipt(1).map(|(fen, _)| fen), Some(123_450), "{is}");
        let told = case.of_code("key_damaged");
        assert!(told.len() == 1 && told[0]["row"] == "2" && told[0]["message"].contains(column), "{told:#?}");
    }
}

#[test]
fn two_orders_that_became_one_number_are_none() {
    let orders = Case::orders().replace("W20261020001", "2.0261E+10").replace("W20261020002", "2.0261E+10");
    let case = night(ORDERS, orders);
    assert!(case.told(ORDERS, 2) && case.told(ORDERS, 3));
}

#[test]
fn a_part_number_with_an_e_is_none_of_them() {
    let parts = "委托单号,配件编号,配件名称,数量,销售价,金额\nW20261020001,12E3,滤芯,1,10.00,10.00\n";
    let case = night("用料明细_20261020.csv", parts.to_owned());
    assert!(case.of_code("key_damaged").is_empty());
}

// A broken cell that may be empty.

#[test]
fn a_broken_optional_cell_costs_no_money() {
    let settlements = |was: &str, is: &str| Case::settlements().replacen(was, is, 1);
    for (name, content) in [
        (SETTLEMENTS, settlements(",1234.50,0.00,0.00,", ",1234.50,0.00,见附件,")),
        (SETTLEMENTS, settlements("现结", "先欠")),
        (ORDERS, Case::orders().replacen("保养", "贴膜打蜡", 1)),
        (ORDERS, Case::orders().replacen("2026-10-20 09:01:00", "上午", 1)),
    ] {
        let case = night(name, content);
        assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450));
        assert!(case.told(name, 2));
        let findings = case.findings();
        let said = findings.iter().find(|f| f["row"] == "2").expect("told above");
        assert!(said["message"].contains("该行照计"), "{said:?}");
    }
}

#[test]
fn a_word_that_says_which_way_money_goes_costs_the_row() {
    let case = night(SETTLEMENTS, Case::settlements().replacen("正常", "冲账单", 1));
    assert_ne!(case.order(1).0, "matched");
    let told = case.of_code("direction_unknown");
    assert!(told.len() == 1 && told[0]["message"].contains("该行未计入"), "{told:#?}");
}

// Shapes of amounts and dates.

#[test]
fn amounts_as_a_cashier_writes_them() {
    for text in ["1234.50 元整", "RMB1234.50", "\"￥1,234.50\"", "1 234.50", "1.2345E+03", "人民币1234.50元"] {
        let case = night(RECEIPTS, first_receipt("1234.50", text));
        assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450), "{text}");
    }
    let case = night(RECEIPTS, first_receipt("1234.50", "1234.50-"));
    assert_eq!(case.receipt(1).map(|(fen, _)| fen), Some(-123_450));
}

#[test]
fn amounts_with_two_meanings_are_refused() {
    for text in ["\"1.234,50\"", "\"0,123\"", "800+434.50", "1234.50借", "US$1234.50"] {
        let case = night(RECEIPTS, first_receipt("1234.50", text));
        assert_eq!(case.receipt(1), None, "{text}");
        assert!(case.told(RECEIPTS, 2), "{text}");
    }
}

/// The time of the first receipt, as `explain` tells it; empty where it was not taken.
fn time_of_receipt(case: &Case) -> String {
    let told = case.explain(&Case::receipt_no(1));
    let records = told["records"].as_array().cloned().unwrap_or_default();
    let receipt = records.iter().find(|record| record["table"] == "receipts");
    receipt.and_then(|record| record["at"].as_str()).unwrap_or_default().to_owned()
}

#[test]
fn times_as_programs_and_people_write_them() {
    for text in [
        "2026/10/20 上午11:01",
        "2026-10-20(周二) 11:01",
        "\"Oct 20, 2026 11:01 AM\"",
        "2026-10-20T03:01:00Z",
        "2026-10-20T03:01:00.000+0000",
        "2026年10月20日 11时01分",
    ] {
        let case = night(RECEIPTS, first_receipt("2026-10-20 11:01:00", text));
        assert!(time_of_receipt(&case).starts_with("2026-10-20 11:01"), "{text}: {}", time_of_receipt(&case));
    }
}

#[test]
fn a_day_that_may_be_two_is_refused_unless_the_source_says_which() {
    for text in ["5/10/2026 11:01", "20/10/26", "26-10-20", "10月20日"] {
        let case = night(RECEIPTS, first_receipt("2026-10-20 11:01:00", text));
        assert_eq!(case.receipt(1), None, "{text}");
        assert!(case.told(RECEIPTS, 2), "{text}");
    }
}

#[test]
fn a_moment_of_another_zone_may_be_of_another_day() {
    let case = night(RECEIPTS, first_receipt("2026-10-20 11:01:00", "2026-10-19T17:30:00.250Z"));
    assert!(time_of_receipt(&case).starts_with("2026-10-20 01:30"));
    let case = night(RECEIPTS, first_receipt("2026-10-20 11:01:00", "2026-10-20T16:30:00Z"));
    assert_eq!(case.order(1).2, 0, "received on the 21st");
    let case = night(RECEIPTS, first_receipt("2026-10-20 11:01:00", "2026-10-20 08:01 -0300"));
    assert!(time_of_receipt(&case).starts_with("2026-10-20 19:01"));
}

#[test]
fn day_and_time_in_two_columns() {
    let split = |day: &str, time: &str| {
        let sheet = Case::receipts().replace("收款时间", &format!("{day},{time}"));
        sheet.replace("2026-10-20 11", "2026-10-20,11")
    };
    for (day, time) in [("收款日期", "收款时间"), ("交易日期", "交易时间"), ("收款日期", "时间")]
    {
        let case = night(RECEIPTS, split(day, time));
        assert!(time_of_receipt(&case).starts_with("2026-10-20 11:01"), "{day} {time}");
        assert_eq!(case.order(1).0, "matched", "{day} {time}");
    }
}

// Characters that do not belong.

#[test]
fn invisible_characters_keep_no_receipt_from_its_order() {
    for hidden in ['\u{ad}', '\u{202e}', '\u{2066}', '\u{2060}', '\u{200d}', '\u{fe0f}'] {
        let case = night(RECEIPTS, first_receipt("W20261020001", &format!("W2026{hidden}1020001")));
        assert_eq!(case.order(1).0, "matched", "{hidden:?}");
    }
}

#[test]
fn decorated_numbers_are_found_or_told() {
    for text in [
        "工单：W20261020001",
        "【W20261020001】",
        "W20261020001号",
        "W2026 1020 001",
        "#W20261020001",
        "“W20261020001”",
        "W20261020001.00",
    ] {
        let case = night(RECEIPTS, first_receipt("W20261020001", text));
        assert!(case.order(1).0 == "matched" || case.told(RECEIPTS, 2), "{text}");
        assert_eq!(case.receipt(1).map(|(fen, _)| fen), Some(123_450), "{text}");
    }
    let case = night(RECEIPTS, first_receipt("W20261020001", "\"W20261020001、W20261020002\""));
    assert!(case.of_code("number_decorated").is_empty());
}

// Absurd amounts.

#[test]
fn numbers_of_something_else_are_no_amounts() {
    for text in ["6222021234567890", "13800138000", "99999999999999999999999999", "1E+25"] {
        let case = night(RECEIPTS, first_receipt("1234.50", text));
        assert_eq!((case.receipt(1), case.receipt(2).map(|(fen, _)| fen)), (None, Some(88_000)), "{text}");
        assert!(case.told(RECEIPTS, 2), "{text}");
        assert!(case.manifest()["day_totals"]["received_fen"].as_i64().is_some_and(|fen| fen == 93_670), "{text}");
    }
}

#[test]
fn absurd_quantities_and_hours_stop_no_run() {
    let hours = "委托单号,项目名称,标准工时,工时费\nW20261020001,换油,88888888888888,10.00\n";
    let case = night("工时明细_20261020.csv", hours.to_owned());
    assert!(case.told("工时明细_20261020", 2));
    let parts = "委托单号,配件编号,配件名称,数量,销售价,金额\nW20261020001,A1,滤芯,6222021234567890,10.00,10.00\n";
    let case = night("用料明细_20261020.csv", parts.to_owned());
    assert!(case.told("用料明细_20261020", 2) && case.manifest()["as_of"] == DAY);
}

#[test]
fn a_sheet_full_of_card_numbers() {
    let rows: String = (4..40).map(|at| Case::receipt_row(at, "6222021234567800")).collect();
    let case = night(RECEIPTS, format!("{}{rows}", Case::receipts()));
    for (at, amount) in [(1, 123_450), (2, 88_000), (3, 5670)] {
        assert_eq!(case.receipt(at).map(|(fen, _)| fen), Some(amount), "{}", AMOUNTS[at - 1]);
    }
    assert!((5..=20).all(|row| case.told(RECEIPTS, row)));
}
