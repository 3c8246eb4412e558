//! Words beside an amount: which way the money went, and whether there was any.

use crate::case::{AMOUNTS, Case, RECEIPT_HEADINGS, RECEIPTS, SETTLEMENTS};

/// The receipts and a fourth of 234.50 on the first order, with a column more.
fn receipts(heading: &str, words: [&str; 2]) -> String {
    let with = |row: String, word: &str| row.replace('\n', &format!(",{word}\n"));
    let rows: String = (1..=3).map(|at| with(Case::receipt_row(at, AMOUNTS[at - 1]), words[0])).collect();
    let fourth = with(Case::receipt_row(1, "234.50").replacen("SK20261020001", "SK20261020004", 1), words[1]);
    format!("{RECEIPT_HEADINGS},{heading}\n{rows}{fourth}")
}

fn night(name: &str, content: String) -> Case {
    let mut case = Case::new();
    case.put(name, content).night();
    case
}

/// What the fourth receipt counts as.
fn fourth(case: &Case) -> Option<i64> {
    case.money("SK20261020004").map(|(fen, _)| fen)
}

#[test]
fn money_that_went_out_counts_with_a_minus() {
    for (heading, words) in [
        ("收/支", ["收入", "支出"]),
        ("收付标志", ["收", "付"]),
        ("资金方向", ["收款", "返还客户"]),
        ("交易类型", ["收款", "部分退货"]),
    ] {
        let case = night(RECEIPTS, receipts(heading, words));
        assert_eq!(fourth(&case), Some(-23_450), "{heading}");
        assert_eq!(case.order(1).2, 100_000, "{heading}");
    }
}

#[test]
fn a_row_that_is_no_money_is_told_as_a_number() {
    for (heading, words) in [
        ("是否作废", ["0", "1"]),
        ("单据状态", ["已收款", "待收款"]),
        ("交易结果", ["成功", "退款失败"]),
        ("作废日期", ["", "2026-10-20"]),
    ] {
        let case = night(RECEIPTS, receipts(heading, words));
        assert_eq!(fourth(&case), None, "{heading}");
        assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450), "{heading}");
        assert_eq!(case.of_code("row_void").len(), 1, "{heading}: {:#?}", case.findings());
    }
}

#[test]
fn what_can_be_meant_in_two_ways_and_what_nobody_knows_is_refused() {
    for (heading, words, code) in [
        ("状态", ["正常", "已退款"], "direction_unclear"),
        ("借贷方向", ["借", "贷"], "direction_unclear"),
        ("是否红冲", ["否", "是"], "direction_unclear"),
        ("收支方向", ["收入", "调拨"], "direction_unknown"),
    ] {
        let case = night(RECEIPTS, receipts(heading, words));
        assert_eq!(fourth(&case), None, "{heading}");
        let told = case.of_code(code);
        assert!(told.len() == 1 && told[0]["row"] == "5" && told[0]["value"] == words[1], "{heading}: {told:#?}");
        assert_eq!(case.order(2).0, "matched", "{heading}");
    }
}

#[test]
fn a_column_of_refunds_and_a_kind_of_money_say_it_too() {
    let rows: String = (1..=3).map(|at| Case::receipt_row(at, AMOUNTS[at - 1]).replace('\n', ",0.00\n")).collect();
    let refund = Case::receipt_row(1, "0.00").replacen("SK20261020001", "SK20261020004", 1).replace('\n', ",234.50\n");
    let case = night(RECEIPTS, format!("{RECEIPT_HEADINGS},退款金额\n{rows}{refund}"));
    assert_eq!(fourth(&case), Some(-23_450));
    let kind = Case::receipt_row(1, "234.50").replacen("SK20261020001", "SK20261020004", 1).replace("维修", "退定金");
    let case = night(RECEIPTS, format!("{}{kind}", Case::receipts()));
    assert_eq!(fourth(&case), Some(-23_450));
    // A payment that was refunded in part, in one row: its day is not the refund's.
    let both = Case::receipts().replace("备注\n", "备注,退款金额\n").replacen(",维修,\n", ",维修,,234.50\n", 1);
    let case = night(RECEIPTS, both);
    assert!(case.receipt(1).is_none() && case.told(RECEIPTS, 2), "{:#?}", case.findings());
}

#[test]
fn a_settlement_stands_until_its_own_row_says_that_it_was_cancelled() {
    let headings = |text: String| text.replace("原结算单号\n", "原结算单号,是否红冲,冲销日期\n");
    let sheet = |first: &str, sign: &str| {
        let rows = headings(Case::settlements()).replace(",正常,\n", ",正常,,否,\n");
        let rows = rows.replacen(",正常,,否,\n", &format!(",正常,,{first}\n"), 1);
        if sign.is_empty() { rows } else { rows.replace("1234.50", "-1234.50") }
    };
    for sign in ["", "-"] {
        let case = night(SETTLEMENTS, sheet("是,2026-10-20", sign));
        assert_eq!(case.order(1), ("reversed_not_refunded".to_owned(), 0, 123_450), "{sign}");
        let case = night(SETTLEMENTS, sheet("是,2026-10-25", sign));
        assert_eq!(case.order(1), ("matched".to_owned(), 123_450, 123_450), "{sign}");
    }
    let case = night(SETTLEMENTS, sheet("是,", ""));
    assert_eq!(case.order(1).1, 0);
    assert!(case.told(SETTLEMENTS, 2));
}

#[test]
fn a_reversal_is_never_added_and_what_is_void_leaves_the_night_before() {
    let reversal = Case::settlements().lines().nth(1).unwrap().replace("J20261020001", "J20261020009");
    let reversal = reversal.replace(",正常,", ",负结算,J20261020001");
    let case = night(SETTLEMENTS, format!("{}{reversal}\n", Case::settlements()));
    assert_eq!(case.order(1).1, 0);
    let mut case = Case::new();
    case.night().ends_with(&[0]);
    case.put("结算单_20261020_晚.csv", Case::settlements().replacen("正常", "作废", 1)).night();
    assert_eq!(case.order(1).1, 0, "{:#?}", case.findings());
    assert_eq!(case.order(2), ("matched".to_owned(), 88_000, 88_000));
}

#[test]
fn payer_rows_are_reversed_together() {
    let headings = "结算单号,委托单号,结算时间,车牌号,客户名称,付费类别,应收金额,单据类型,原结算单号";
    let row = |no: &str, who: &str, amount: &str, kind: &str| {
        format!("{no},{},2026-10-20 10:01:00,粤B00001,客1,{who},{amount},{kind}\n", Case::order_no(1))
    };
    let rows = [
        row("J1", "客户付费", "1234.50", "正常,"),
        row("J1", "保险付费", "300.00", "正常,"),
        row("J2", "客户付费", "1234.50", "红冲,J1"),
        row("J2", "保险付费", "300.00", "红冲,J1"),
    ];
    let case = night(SETTLEMENTS, format!("{headings}\n{}", rows.concat()));
    assert_eq!(case.order(1).1, 0, "{:#?}", case.findings());
}

#[test]
fn a_block_of_refunds_below_the_receipts_is_read_by_its_own_headings() {
    let block = |names: [&str; 3]| {
        format!(
            "\n{},,,,,,,,,\n{}单号,{}日期,操作员,业务单号,客户,{}方式,{}金额,流水号,款项类型,备注\n\
             TK1,2026-10-20 15:00,钱收,{},客1,转账,34.50,,维修,\n",
            names[0],
            names[1],
            names[1],
            names[1],
            names[1],
            Case::order_no(1)
        )
    };
    let case = night(RECEIPTS, format!("{}{}", Case::receipts(), block(["退款明细", "退款", ""])));
    assert_eq!(case.money("TK1").map(|(fen, _)| fen), Some(-3450), "{:#?}", case.findings());
    let case = night(RECEIPTS, format!("{}{}", Case::receipts(), block(["找还明细", "找还", ""])));
    assert_eq!(case.money("TK1"), None);
    assert!(case.told(RECEIPTS, 7), "{:#?}", case.findings());
}

#[test]
fn an_unread_column_that_speaks_of_money_is_told_once() {
    let content = Case::settlements()
        .replace("原结算单号\n", "原结算单号,税率,会员等级\n")
        .replace(",正常,\n", ",正常,,13%,金卡\n");
    let case = night(SETTLEMENTS, content);
    let told = case.of_code("column_unread");
    assert!(told.len() == 1 && told[0]["value"] == "13%" && told[0]["row"] == "2", "{told:#?}");
}

#[test]
fn a_word_of_a_return_that_nobody_knows_is_told() {
    for word in ["维修反冲", "客户毁约撤单", "保养套餐退订"] {
        let odd = Case::receipt_row(1, "234.50").replacen("SK20261020001", "SK20261020004", 1).replace("维修", word);
        let case = night(RECEIPTS, format!("{}{odd}", Case::receipts()));
        // What receipts are for is a list of words: one that it does not know is an error there.
        let told = case.of_code("unknown_word");
        assert!(told.len() == 1 && told[0]["row"] == "5" && told[0]["value"] == word, "{word}: {:#?}", case.findings());
        assert_eq!(fourth(&case), Some(23_450), "it counts as it is written");
    }
    // With a minus it is clear, and what only looks so is none.
    for (word, amount) in [("维修反冲", "-234.50"), ("冲洗", "234.50"), ("退休职工优惠", "234.50")] {
        let odd = Case::receipt_row(1, amount).replacen("SK20261020001", "SK20261020004", 1).replace("维修", word);
        let case = night(RECEIPTS, format!("{}{odd}", Case::receipts()));
        assert!(case.of_code("word_of_return").is_empty(), "{word}");
    }
}

#[test]
fn a_kind_of_movement_that_speaks_of_a_return_is_told() {
    let headings = "单号,日期,精品编号,精品名称,业务类型,数量,成本价,单价,金额";
    let row = |no: u32, kind: &str| format!("JP{no},2026-10-20,A1,脚垫,{kind},1,50.00,99.00,99.00\n");
    let rows = row(1, "采购入库") + &row(2, "销售") + &row(3, "销售退货") + &row(4, "对冲调整");
    let case = night("精品进销存_20261020.csv", format!("{headings}\n{rows}"));
    let told = case.of_code("word_of_return");
    assert!(told.len() == 1 && told[0]["row"] == "5" && told[0]["value"] == "对冲调整", "{told:#?}");
}
