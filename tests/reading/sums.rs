//! Absurd numbers: a run never stops, no sum wraps around, what cannot be is told at its row and the others stand.

use serde_json::Value;

use crate::case::{AMOUNTS, Case, RECEIPT_HEADINGS, RECEIPTS};

/// Every number of a manifest.
fn numbers(value: &Value, into: &mut Vec<f64>) {
    match value {
        Value::Number(number) => into.extend(number.as_f64()),
        Value::Array(all) => all.iter().for_each(|v| numbers(v, into)),
        Value::Object(all) => all.values().for_each(|v| numbers(v, into)),
        _ => {}
    }
}

/// The three receipts of the shop stand, and no number of the manifest is beyond what adds up exactly.
fn stands(case: &Case) {
    for (at, fen) in [(1, 123_450), (2, 88_000), (3, 5_670)] {
        assert_eq!(case.receipt(at), Some((fen, Case::order_no(at))));
    }
    let mut all = Vec::new();
    numbers(&case.manifest(), &mut all);
    assert!(all.iter().all(|n| n.abs() < 9.1e15), "{:?}", all.iter().filter(|n| n.abs() >= 9.1e15).collect::<Vec<_>>());
}

#[test]
fn thirty_account_numbers_in_the_column_of_amounts() {
    let mut case = Case::new();
    let sound: String = (1..=3).map(|at| Case::receipt_row(at, AMOUNTS[at - 1])).collect();
    let row = |n: usize| format!("SKX{n},2026-10-20 16:00:00,钱收,,客,转账,62220210010098765{n:02},,维修,\n");
    let absurd: String = (1..=30).map(row).collect();
    case.put(RECEIPTS, format!("{RECEIPT_HEADINGS}\n{sound}{absurd}"));
    case.night().ends_with(&[0, 3]);
    stands(&case);
    assert!((5..=34).all(|row| case.told(RECEIPTS, row)), "{:#?}", case.findings());
}

#[test]
fn registers_of_absurd_bills_and_hours() {
    let mut case = Case::new();
    let file = "应付账款_20261020.csv";
    let bill = |n: usize| format!("YF{n},甲公司,2026-10-20,配件,88888888888888888.88,2026-11-20\n");
    let bills: String = (1..=5).map(bill).collect();
    case.put(
        file,
        format!(
            "应付单号,供应商,账单日期,摘要,应付金额,付款期限\nYF9,乙公司,2026-10-20,配件,500.00,2026-11-20\n{bills}"
        ),
    );
    case.night().ends_with(&[0, 3]);
    stands(&case);
    assert!((3..=7).all(|row| case.told(file, row)), "{:#?}", case.findings());
    assert!(!case.told(file, 2), "the bill without a fault stands");
}

#[test]
fn quantity_times_price_beyond_any_amount() {
    let mut case = Case::new();
    let file = "用料明细_20261020.csv";
    case.put(
        file,
        format!(
            "委托单号,行号,配件编号,配件名称,数量,成本价,单价\n\
             {0},1,P1,机滤,999999999999,999999999.99,999999999.99\n\
             {0},2,P2,机油,4,30.00,58.00\n",
            Case::order_no(1)
        ),
    );
    case.night().ends_with(&[0, 3]);
    stands(&case);
    assert!(case.told(file, 2), "{:#?}", case.findings());
}

#[test]
fn a_total_row_at_the_end_of_all_integers() {
    let mut case = Case::new();
    case.put(RECEIPTS, format!("{}合计,,,,,,92233720368547758.07,,,\n", Case::receipts()));
    let ran = case.night().ends_with(&[4]);
    assert!(ran.out.contains("92,233,720,368,547,758.07"), "{ran:?}");
}

#[test]
fn rows_that_no_sum_can_hold_are_left_out_and_their_reports_are_incomplete() {
    let mut case = Case::new();
    let row = |n: usize| format!("SKX{n},2026-10-20 16:00:00,钱收,,客,转账,999999999.99,,维修,\n");
    let absurd: String = (1..=10_050).map(row).collect();
    case.put(RECEIPTS, format!("{}{absurd}", Case::receipts()));
    let ran = case.night().ends_with(&[3]);
    assert!(ran.out.contains(RECEIPTS), "{ran:?}");
    stands(&case);
    assert!(!case.of_code("sum_too_large").is_empty() && case.told(RECEIPTS, 5));
    assert!(!case.is_complete("order_clearing"));
}
