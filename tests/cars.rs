//! Cars, insurers, accessories, approvers and other income from exports to what is published.

mod common;

use common::{Ran, Record, Shop, hesuan};
use serde_json::{Value, json};

const SETTLEMENTS: &str = "\
结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,优惠金额,免单金额,客户应付,保险金额,结算方式,审批人,保险公司,报案号
J1,W1,2026-09-01 11:00,浙A10001,甲,王强,1000.00,0,0,0,1000.00,现结,,示例人保财险,BA1
J2,W2,2026-09-02 11:00,浙A10002,乙,王强,1000.00,250.00,0,750.00,0,现结,王强,,
J3,W3,2026-09-03 11:00,浙A10003,丙,赵丽,1000.00,300.00,0,700.00,0,现结,孙立新,,
J4,W4,2026-09-04 11:00,浙A10004,丁,赵丽,500.00,0,500.00,0,0,现结,钱国栋,,
J5,W5,2026-09-05 11:00,浙A10005,戊,赵丽,1000.00,300.00,0,700.00,0,现结,钱国栋,,
J6,W6,2026-09-21 11:00,浙A10006,己,赵丽,100.00,0,100.00,0,0,现结,钱国栋,,
";

const CONTRACTS: &str = "\
合同号,签订日期,客户名称,销售顾问,车型,车架号,成交价,精品金额,保险费,合同总额,贷款金额,贷款机构,交车日期,退订日期,合同状态
HT1,2026-09-01,张三,何婷,轩逸,LGB00000000000001,100000.00,1000.00,2000.00,,60000.00,示例银行,2026-09-10,,已交车
HT2,2026-09-02,李四,何婷,轩逸,LGB00000000000002,90000.00,,,90000.00,,,2026-09-12,,已交车
HT3,2026-09-03,王五,郭涛,奇骏,,120000.00,,,,,,,,已签约
";

const RECEIPTS: &str = "\
收据号,收款时间,收银员,业务单号,车架号,付款人,收款方式,收款金额,款项类型
R01,2026-09-01 10:00,秦,HT1,,张三,转账,5000.00,定金
R02,2026-09-10 10:00,秦,,LGB00000000000001,张三,转账,38000.00,尾款
R03,2026-09-12 10:00,秦,HT2,,李四,转账,10000.00,购车款
R04,2026-09-15 10:00,秦,HT2,,李四,转账,80000.00,尾款
R05,2026-09-20 10:00,秦,,,示例人保,转账,800.00,保险回款
R06,2026-09-21 10:00,秦,,,绿源,转账,50.00,废旧物资款
R07,2026-09-22 10:00,秦,,,赵六,转账,100.00,会员储值
R08,2026-09-23 10:00,秦,JPX1,,散客,转账,300.00,精品款
R09,2026-09-24 10:00,秦,HT9,,某人,转账,77.00,购车款
R10,2026-09-25 10:00,秦,W2,,乙,转账,750.00,维修
R11,2026-09-25 10:01,秦,W3/W5,,丙,转账,1400.00,维修
";

const ACCESSORIES: &str = "\
单号,日期,精品编号,精品名称,业务类型,数量,成本价,单价,金额,精品销售单号,关联单号,客户名称,销售顾问
A1,2026-09-22,JP1,脚垫,销售,1,100,300,300,JPX1,,散客,何婷
A2,2026-09-22,JP2,贴膜,销售,1,100,500,500,JPX2,HT1,张三,何婷
";

const INSURER: &str = "\
回款单号,序号,保险公司,报案号,委托单号,回款日期,回款金额,扣减金额,扣减原因
HK1,1,示例人保财险,BA1,,2026-09-18,800.00,150.00,免赔额
HK1,2,示例人保财险,BA7,,2026-09-18,33.00,,
";

const APPROVERS: &str = "\
姓名,岗位,优惠权限(%),免单限额(元),生效日期,失效日期
王强,前台主管,25,300,2026-01-01,
钱国栋,服务经理,30%,400,2026-01-01,2026-09-20
";

const SCRAP: &str = "\
出售单号,出售日期,类别,品名,数量,单位,单价,金额,收购方
FJ1,2026-09-21,废旧出售,废铁,10,公斤,5.50,55.00,绿源
";

fn shop() -> Shop {
    let shop = Shop::init();
    let held = std::fs::read_to_string(shop.root.join("hesuan.toml")).unwrap();
    let aliases = "\n[aliases]\n\"示例人保\" = \"示例人保财险\"\n";
    std::fs::write(shop.root.join("hesuan.toml"), held + aliases).unwrap();
    for (name, text) in [
        ("结算单_20260930", SETTLEMENTS),
        ("汽车销售合同_20260930", CONTRACTS),
        ("收银流水_20260930", RECEIPTS),
        ("精品进销存_20260930", ACCESSORIES),
        ("保险公司回款明细_202609", INSURER),
        ("审批权限表_20260901", APPROVERS),
        ("废旧物资_202609", SCRAP),
    ] {
        shop.put(&format!("{name}.csv"), text);
    }
    shop
}

/// What fired: check, document, fen.
fn checks(shop: &Shop, date: &str) -> Vec<(String, String, i64)> {
    let rows = shop.exceptions(date);
    let fired = rows.iter().filter(|row| row["kind"] == "check" && row["code"] != "number_gap");
    let named =
        |row: &Record| (row["code"].clone(), row["order_no"].clone(), row["amount_fen"].parse::<i64>().unwrap());
    fired.map(named).collect()
}

#[test]
fn every_yuan_of_the_month_stands_on_something() {
    let shop = shop();
    shop.publish("2026-09-30");
    let clearing = &shop.manifest("2026-09-30")["clearing"];
    assert_eq!(
        clearing["received_fen"],
        json!({
            "receipts": 13_647_700, "orders_and_sales": 245_000, "contracts": 13_300_000, "insurers": 80_000,
            "other_income": 15_000, "unknown": 7_700,
        })
    );
    assert_eq!(
        clearing["other_income_fen"],
        json!({ "agency": 0, "scrap": 5_000, "topup": 10_000, "guarantee": 0, "other": 0 })
    );
    let counts = &clearing["counts"];
    for (category, count) in [("matched", 8), ("loan_pending", 1), ("unknown_order", 1), ("underpaid", 0)] {
        assert_eq!(counts[category], count, "{category}: {counts}");
    }
    let lender = |balance: &&Value| balance["class"] == "lender";
    let balances = shop.manifest("2026-09-30")["receivables"].clone();
    let loan = balances.as_array().unwrap().iter().find(lender).unwrap().clone();
    assert_eq!((loan["debtor"].as_str(), loan["outstanding_fen"].as_i64()), (Some("示例银行"), Some(6_000_000)));
    assert_eq!(loan["by_age"]["16-30"], 6_000_000);
    // A receipt and the line that tells it are one payment; a line of no case is told.
    let insurer = balances.as_array().unwrap().iter().find(|b| b["class"] == "insurer").unwrap();
    let sums = ["due_fen", "paid_fen", "deducted_fen", "outstanding_fen"].map(|key| insurer[key].as_i64().unwrap());
    assert_eq!(sums, [100_000, 80_000, 15_000, 5_000], "{insurer}");
    let told = shop.findings("2026-09-30");
    assert_eq!(told.iter().filter(|row| row["code"] == "insurer_line_unknown").count(), 1, "{told:#?}");
}

#[test]
fn each_check_names_its_document() {
    let shop = shop();
    shop.publish("2026-09-30");
    let fired = checks(&shop, "2026-09-30");
    let of = |code: &str| -> Vec<(&str, i64)> {
        fired.iter().filter(|(kind, ..)| kind == code).map(|(_, document, fen)| (document.as_str(), *fen)).collect()
    };
    assert_eq!(of("delivered_unpaid"), [("HT2", 8_000_000)], "paid three days later; HT1's loan was to come");
    assert_eq!(of("insurer_short_paid"), [("W1", 5_000)]);
    assert_eq!(of("scrap_differs"), [("2026-09", -500)]);
    assert_eq!(of("approver_is_advisor"), [("W2", 25_000)]);
    assert_eq!(of("approver_unknown"), [("W3", 30_000), ("W6", 10_000)], "not in the list; no longer in it");
    assert_eq!(of("approver_over_limit"), [("W4", 50_000)], "W2 and W5 are at their limits");
}

#[test]
fn what_happened_on_a_day_stays_listed_until_its_month_is_closed() {
    let shop = shop();
    shop.publish("2026-09-30");
    shop.publish("2026-10-05");
    let early = |date: &str| checks(&shop, date).iter().filter(|(kind, ..)| kind == "delivered_unpaid").count();
    assert_eq!(early("2026-10-05"), 1);
    let mut close = hesuan();
    close.arg("close").arg(&shop.root).arg("2026-09");
    for code in ["unknown_order", "export_missing"] {
        close.args(["--accept", code]);
    }
    Ran::of(&close.args(["--reason", "已核对"]).output().unwrap()).ends_with(&[0]);
    shop.publish("2026-10-06");
    assert_eq!((early("2026-10-06"), early("2026-10-05")), (0, 1));
}

#[test]
fn a_contract_is_explained_by_its_number_its_car_and_its_customer() {
    let shop = shop();
    shop.publish("2026-09-30");
    let story = |asked: &str| -> Value {
        let mut explain = hesuan();
        explain.arg("explain").arg(&shop.root).args([asked, "--json"]);
        serde_json::from_str(&Ran::of(&explain.output().unwrap()).ends_with(&[0]).out).unwrap()
    };
    for asked in ["HT1", "LGB00000000000001", "张三"] {
        let stands = &story(asked)["stands"][0];
        assert_eq!(stands["number"], "HT1", "{asked}");
        assert_eq!((&stands["due_fen"], &stands["received_fen"]), (&json!(10_300_000), &json!(4_300_000)), "{asked}");
        assert_eq!(stands["category"], "loan_pending");
        assert_eq!(stands["receipts"].as_array().unwrap().len(), 2);
    }
    assert_eq!(story("W1")["stands"][0]["insured"][0]["left_fen"], 5_000);
    assert_eq!(story("R07")["elsewhere"][0]["purpose"], "topup");
    assert_eq!(story("R05")["elsewhere"][0]["case_of"], Value::Null, "the statement's lines tell its case");
}

/// A contract that tells its total and every part of it is held against itself; one that leaves a part blank is not.
#[test]
fn a_total_that_is_not_its_parts_is_told_with_its_row() {
    let shop = Shop::init();
    let contracts = "\
合同号,签订日期,客户名称,车型,车架号,成交价,精品金额,保险费,购置税,上牌费,服务费,置换抵扣金额,合同总额,交车日期
HT1,2026-09-01,张三,轩逸,LGB00000000000001,100000.00,1000.00,2000.00,8849.56,500.00,800.00,20000.00,93149.56,2026-09-10
HT2,2026-09-02,李四,轩逸,LGB00000000000002,90000.00,0,0,7964.60,500.00,0,0,98465.60,2026-09-12
HT3,2026-09-03,王五,奇骏,LGB00000000000003,120000.00,,,,,,,125000.00,2026-09-20
";
    shop.put("汽车销售台账_20260930.csv", contracts);
    shop.publish("2026-09-30");
    let told: Vec<Record> = shop.findings("2026-09-30").into_iter().filter(|f| f["code"] == "parts_differ").collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((&*told[0]["row"], &*told[0]["column"], &*told[0]["value"]), ("3", "M", "98465.60"));
    assert!(told[0]["message"].contains("98,464.60") || told[0]["message"].contains("98464.60"), "{told:#?}");
}
