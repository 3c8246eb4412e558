//! What stands between records is none: totals under every name, signatures, rows numbered ahead. And each row of a
//! sheet is accounted for.

use serde_json::Value;

use crate::case::{AMOUNTS, Case, RECEIPT_HEADINGS, RECEIPTS};

fn night(below: &str) -> Case {
    let mut case = Case::new();
    case.put(RECEIPTS, format!("{}{below}", Case::receipts())).night();
    case
}

/// The line of the manifest for the receipts.
fn input(case: &Case) -> Value {
    let inputs = case.manifest()["inputs"].as_array().cloned().unwrap_or_default();
    inputs.into_iter().find(|i| i["file"] == RECEIPTS).unwrap_or(Value::Null)
}

#[track_caller]
fn is_quiet(case: &Case, no_record: i64) {
    assert!(case.findings().is_empty(), "{:#?}", case.findings());
    let input = input(case);
    assert_eq!(input["rows_no_record"], no_record, "{input}");
    assert_eq!(input["rows_read"], 3, "{input}");
}

#[test]
fn totals_under_every_name_are_held_against_the_rows() {
    for total in [
        "汇总,,,,,,2171.20,,,\n",
        ",,,,,总计,2171.20,,,\n",
        "转账 汇总,,,,,,2171.20,,,\n总计,,,,,,2171.20,,,\n",
        "过次页,,,,,,2171.20,,,\n",
        "合计,,,,,,2171.20,,,\n本年累计,,,,,,987654.00,,,\n",
        "合计,,,,,贰仟壹佰柒拾壹元贰角整,2171.20,,,\n",
    ] {
        is_quiet(&night(total), 1 + i64::try_from(total.lines().count()).unwrap());
    }
    for wrong in ["汇总,,,,,,2171.21,,,\n", "过次页,,,,,,2000.00,,,\n", ",,,,,总计,1.00,,,\n"] {
        let mut case = Case::new();
        case.put(RECEIPTS, format!("{}{wrong}", Case::receipts())).night().ends_with(&[4]);
    }
}

#[test]
fn pages_carry_their_sums_forward() {
    let row = |at: usize| Case::receipt_row(at, AMOUNTS[at - 1]);
    let pages = format!(
        "{RECEIPT_HEADINGS}\n承前页,,,,,,1000.00,,,\n{}过次页,,,,,,2234.50,,,\n第 1 页,,,,,,,,,\n收银流水,,,,,,,,,\n\
         {RECEIPT_HEADINGS}\n承前页,,,,,,2234.50,,,\n{}{}过次页,,,,,,3171.20,,,\n",
        row(1),
        row(2),
        row(3)
    );
    let mut case = Case::new();
    case.put(RECEIPTS, &pages).night().ends_with(&[0]);
    is_quiet(&case, 8);
    let mut case = Case::new();
    case.put(RECEIPTS, pages.replace("3171.20", "3171.00")).night().ends_with(&[4]);
}

#[test]
fn signatures_lines_and_rows_without_a_record() {
    for below in [
        "制表：,钱收,,审核：,顾一,,,,,\n",
        "财务主管：,,,店长：,,,,,,\n打印时间：2026-10-20 18:00:00,,,第 1 页 共 1 页,,,,,,\n",
        "----------,,,,,,,,,\n",
        "以上共 3 笔,,,,,,,,,\n",
        ",,,,,,0.00,,,\n,,,,,,0.00,,,\n",
        ",,,,,,#N/A,,,\n,,,,,,#VALUE!,,,\n",
    ] {
        is_quiet(&night(below), 1 + i64::try_from(below.lines().count()).unwrap());
    }
}

#[test]
fn a_customer_who_is_called_like_a_total_is_a_record() {
    for name in ["汇总商贸有限公司", "共计数码", "合计", "承前页印刷厂"] {
        let row = Case::receipt_row(1, "1.00").replacen("SK20261020001", "SK20261020004", 1).replace("客1", name);
        let case = night(&row);
        assert_eq!(case.money("SK20261020004").map(|(fen, _)| fen), Some(100), "{name}");
    }
    // Without its number it is a faulty record, and no total that fails.
    let row = ",2026-10-20 12:00:00,钱收,W20261020001,合计运输队,转账,5.00,,维修,\n合计,,,,,,2176.20,,,\n";
    let case = night(row);
    assert!(case.told(RECEIPTS, 5), "{:#?}", case.findings());
    let input = input(&case);
    assert_eq!((&input["refused_fen"], &input["rows_rejected"]), (&500.into(), &1.into()));
    assert_eq!(input["control_total_holds"], true);
}

#[test]
fn where_the_amount_of_a_refused_row_is_not_known_a_difference_may_be_its_own() {
    let row = Case::receipt_row(1, "拾元X").replacen("SK20261020001", "SK20261020004", 1);
    let case = night(&format!("{row}合计,,,,,,2181.20,,,\n"));
    let told = case.of_code("control_total_differs");
    assert!(told.len() == 1 && told[0]["message"].contains("可疑的行：5"), "{told:#?}");
    assert_eq!(case.receipt(1).map(|(fen, _)| fen), Some(123_450));
}

#[test]
fn a_row_that_no_output_takes_is_told_with_its_word() {
    let bill = |kinds: [&str; 3]| {
        let row = |at: usize, kind: &str| {
            format!(
                "20261020220014{at}\t,60000000{at}\t,{kind}\t,维修费,2026-10-20 11:0{at}:00,2026-10-20 11:0{at}:05,50.00,50.00,-0.30\n"
            )
        };
        let rows: String = kinds.iter().zip(1..).map(|(kind, at)| row(at, kind)).collect();
        format!(
            "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,订单金额（元）,商家实收（元）,服务费（元）\n{rows}"
        )
    };
    let name = "支付宝_20261020_业务明细.csv";
    let mut case = Case::new();
    case.put(name, bill(["交易", "交易", "退交易款项"])).night();
    let told = case.of_code("row_unclaimed");
    assert!(told.len() == 1 && told[0]["row"] == "4" && told[0]["value"] == "退交易款项", "{told:#?}");
    let inputs = case.manifest()["inputs"].as_array().cloned().unwrap_or_default();
    let input = inputs.iter().find(|i| i["file"] == name).unwrap();
    let counts = ["rows_sheet", "rows_no_record", "rows_read", "rows_taken", "rows_rejected"]
        .map(|key| input[key].as_i64().unwrap());
    assert_eq!(counts, [4, 1, 3, 2, 1]);
}
