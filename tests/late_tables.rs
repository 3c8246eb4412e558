//! Late changes of every table whose figures were reported, beside settlements, receipts and sales
//! (`tests/late_changes.rs`): what a figure counted is told, what simply happened later is not.

mod common;

use std::collections::BTreeSet;

use common::{Shop, files_of, records};

const DAY: &str = "2026-10-29";

/// A shop that reported the 29th with an order, its settlement and one more export.
fn reported(name: &str, content: &str) -> Shop {
    let shop = Shop::init();
    shop.put(
        "维修委托书_20261029.csv",
        "委托单号,进厂时间,预计交车时间,车牌号,维修类型,服务顾问,工单状态,竣工时间\n\
         W1,2026-10-29 08:00:00,2026-10-29 12:00:00,浙A10001,保养,刘三,已结算,2026-10-29 10:00:00\n\
         W2,2026-10-29 08:30:00,2026-10-30 12:00:00,浙A10002,保养,刘三,在修,\n",
    );
    shop.put(
        "结算单_20261029.csv",
        "结算单号,委托单号,结算时间,车牌号,工时费,客户应付\nJ1,W1,2026-10-29 11:00:00,浙A10001,300.00,300.00\n",
    );
    shop.put(name, content);
    shop.publish(DAY);
    assert_eq!(late(&shop, DAY), [""; 0]);
    shop
}

fn late(shop: &Shop, date: &str) -> Vec<String> {
    let rows = shop.exceptions(date).into_iter().filter(|row| row["code"] == "changed_after_report");
    rows.map(|row| row["detail"].clone()).collect()
}

/// What is told on the 30th when a second export comes after the first was reported.
fn told(first: (&str, &str), second: (&str, &str)) -> Vec<String> {
    let shop = reported(first.0, first.1);
    shop.put(second.0, second.1);
    shop.publish("2026-10-30");
    late(&shop, "2026-10-30")
}

const LABOUR: &str = "委托单号,行号,项目名称,维修技师,标准工时,实际工时,工时费\n";

#[test]
fn a_line_of_a_settled_order_is_told() {
    let name = "工时明细_20261029.csv";
    let lines = |rows: &str| format!("{LABOUR}{rows}");
    let first = lines("W1,1,换机油,阿强,1.0,1.0,200.00\nW1,2,检查,阿强,0.5,0.5,100.00\nW2,1,检查,阿强,0.5,0.5,50.00\n");
    let second = lines("W1,1,换机油,阿明,1.0,1.0,220.00\nW1,3,洗车,阿强,0.2,0.2,10.00\nW2,1,检查,阿强,0.5,0.5,80.00\n");
    let mut said = told((name, &first), (name, &second));
    said.sort();
    assert_eq!(
        said,
        [
            "工时明细 W1 1：维修技师 阿强 → 阿明，工时费 200.00 → 220.00",
            "工时明细 W1 2：删除，工时费 100.00；工时明细_20261029.csv 中已无此行，不再计入",
            "工时明细 W1 3：新增，工时费 10.00",
        ],
        "nothing is said of W2, which is not settled yet"
    );
}

/// Lines that come with a new settlement of the order count on its day.
#[test]
fn lines_of_an_order_that_is_settled_anew_are_no_change() {
    let shop = reported("工时明细_20261029.csv", &format!("{LABOUR}W1,1,换机油,阿强,1.0,1.0,300.00\n"));
    shop.put(
        "结算单_20261030.csv",
        "结算单号,委托单号,结算时间,车牌号,工时费,客户应付,单据类型,原结算单号\n\
         J2,W1,2026-10-30 09:00:00,浙A10001,-300.00,-300.00,负结算,J1\n\
         J3,W1,2026-10-30 09:10:00,浙A10001,280.00,280.00,正常,\n",
    );
    shop.put("工时明细_20261030.csv", format!("{LABOUR}W1,1,换机油,阿强,1.0,1.0,280.00\n"));
    shop.publish("2026-10-30");
    assert_eq!(late(&shop, "2026-10-30"), [""; 0]);
}

const CLAIMS: &str = "索赔单号,委托单号,工时费,材料费,索赔金额,申报日期,状态,审批日期,批准金额,付款日期,付款金额\n";

#[test]
fn an_amount_of_a_claim_is_told_and_its_way_through_the_maker_is_not() {
    let claims = |rows: &str| format!("{CLAIMS}{rows}");
    let first =
        claims("C1,W1,40.00,60.00,100.00,2026-10-28,已提交,,,,\nC2,W1,10.00,0.00,10.00,2026-10-28,已提交,,,,\n");
    let moved = claims(
        "C1,W1,40.00,60.00,100.00,2026-10-28,已付款,2026-10-30,90.00,2026-10-30,90.00\n\
         C2,W1,10.00,0.00,10.00,2026-10-28,已退回,,,,\n",
    );
    let (name, newer) = ("索赔单_20261029.csv", "索赔单_20261030.csv");
    assert_eq!(told((name, &first), (newer, &moved)), [""; 0]);
    let cut = claims("C1,W1,30.00,60.00,90.00,2026-10-28,已提交,,,,\nC2,W1,10.00,0.00,10.00,2026-10-28,已提交,,,,\n");
    assert_eq!(told((name, &first), (newer, &cut)), ["索赔单 C1：工时费 40.00 → 30.00，索赔金额 100.00 → 90.00"]);
}

/// What the maker had decided and paid by a reported day stands; and nothing is paid afterwards on a day before.
#[test]
fn a_payment_that_was_reported_is_told_when_it_changes() {
    let claims = |rows: &str| format!("{CLAIMS}{rows}");
    let of = |paid: &str| claims(&format!("C1,W1,40.00,60.00,100.00,2026-10-20,已付款,2026-10-22,100.00,{paid}\n"));
    let (name, newer) = ("索赔单_20261029.csv", "索赔单_20261030.csv");
    let changed = told((name, &of("2026-10-28,100.00")), (newer, &of("2026-10-28,80.00")));
    assert_eq!(changed, ["索赔单 C1：付款金额 100.00 → 80.00"]);
    let gone = told((name, &of("2026-10-28,100.00")), (newer, &of(",")));
    assert_eq!(gone, ["索赔单 C1：付款日期 2026-10-28 → –，付款金额 100.00 → –"]);
    let backdated = told((name, &of(",")), (newer, &of("2026-10-25,100.00")));
    assert_eq!(backdated, ["索赔单 C1：付款日期 – → 2026-10-25，付款金额 – → 100.00"]);
    assert_eq!(told((name, &of(",")), (newer, &of("2026-10-30,100.00"))), [""; 0]);
}

#[test]
fn counted_cash_is_told() {
    let counts = |amount: &str| format!("日期,收银员,收款方式,实点金额,接收人\n2026-10-29,田雨,现金,{amount},老周\n");
    let said = told(("收银交接_20261029.csv", &counts("500.00")), ("收银交接_20261029.csv", &counts("480.00")));
    assert_eq!(said, ["收银交接 2026-10-29 田雨 现金：实点金额 500.00 → 480.00"]);
}

#[test]
fn scores_of_calls_are_told() {
    let head = "委托单号,回访日期,是否接通,总体评分,客户意见\n";
    let calls = |rows: &str| format!("{head}{rows}");
    let name = "回访记录_20261029.csv";
    let first = calls("W1,2026-10-29,是,3,等太久\n");
    let second = calls("W1,2026-10-29,是,5,很满意\nW2,2026-10-29,是,5,\n");
    let said = told((name, &first), ("回访记录_20261030.csv", &second));
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said.contains(&"回访记录 W1 2026-10-29：总体评分 3 → 5".to_owned()), "{said:#?}");
    assert!(said.iter().any(|s| s.starts_with("回访记录 W2 2026-10-29：新增")), "{said:#?}");
}

#[test]
fn a_snapshot_of_stock_is_told() {
    let stock = |qty: &str| format!("快照日期,配件编号,配件名称,数量,成本价\n2026-10-29,P1,滤芯,{qty},20\n");
    let said = told(("配件库存_20261029.csv", &stock("10")), ("配件库存_20261029.csv", &stock("7")));
    assert_eq!(said, ["配件库存快照 2026-10-29 P1：数量 10 → 7"]);
}

#[test]
fn an_invoice_that_was_voided_afterwards_is_told() {
    let invoices = |status: &str| {
        format!(
            "发票号码,发票类型,开票日期,购方名称,不含税金额,税额,价税合计,发票状态\n00001,专票,2026-10-29,甲,100.00,13.00,113.00,{status}\n"
        )
    };
    let name = "发票_20261029.csv";
    assert_eq!(told((name, &invoices("正常")), (name, &invoices("作废"))), ["发票 00001：发票状态 正常 → 作废"]);
}

/// An order goes its way; but one that is voided was counted as arrived, and a promise is kept or not.
#[test]
fn an_order_moves_on_and_only_what_was_counted_is_told() {
    let order = |rest: &str| {
        format!(
            "委托单号,进厂时间,预计交车时间,车牌号,维修类型,服务顾问,工单状态,竣工时间\n\
             W2,2026-10-29 08:30:00,{rest}\n"
        )
    };
    let newer = "维修委托书_20261030.csv";
    let none = ("收银流水_20261029.csv", "收据号,收款时间,收银员,业务单号,收款方式,收款金额\n");
    let said = |rest: &str| told(none, (newer, &order(rest)));
    assert_eq!(said("2026-10-31 12:00:00,浙A10002,保养,王四,已结算,2026-10-30 10:00:00"), [""; 0]);
    assert_eq!(said("2026-10-30 12:00:00,浙A10002,保养,刘三,作废,"), ["维修委托书 W2：工单状态 在修 → 作废"]);
    assert_eq!(said("2026-10-30 12:00:00,浙A10002,三包,刘三,在修,"), ["维修委托书 W2：维修类型 保养 → 三包"]);
    let done = "委托单号,进厂时间,预计交车时间,车牌号,维修类型,服务顾问,工单状态,竣工时间\n\
                W1,2026-10-29 08:00:00,2026-10-29 18:00:00,浙A10001,保养,刘三,已结算,2026-10-29 10:00:00\n";
    assert_eq!(told(none, (newer, done)), ["维修委托书 W1：预计交车 2026-10-29 12:00 → 2026-10-29 18:00"]);
}

/// An export that no report rests on yet is changed by nobody.
#[test]
fn what_was_not_published_is_not_changed() {
    let claims = |amount: &str| format!("{CLAIMS}C1,W1,,,{amount},2026-10-28,已提交,,,,\n");
    let shop = reported("收银流水_20261029.csv", "收据号,收款时间,收银员,业务单号,收款方式,收款金额\n");
    shop.put("索赔单_20261030.csv", claims("100.00"));
    shop.put("索赔单_20261031.csv", claims("90.00"));
    shop.publish("2026-10-31");
    assert_eq!(late(&shop, "2026-10-31"), [""; 0]);
}

/// Night by night over two systems' exports: nothing is told but what was planted.
#[test]
fn the_nights_of_a_shop_tell_of_nothing_but_what_is_planted() {
    let end: chrono::NaiveDate = "2026-10-31".parse().unwrap();
    let group = Shop::sample(&["--shops", "2", "--days", "30", "--orders-per-day", "6"]);
    for name in ["S01", "S02"] {
        let shop = Shop::at(&group.root.join(name));
        let held = group.root.join(format!("{name}-held"));
        std::fs::rename(shop.inbox(), &held).unwrap();
        std::fs::create_dir(shop.inbox()).unwrap();
        let mut files: Vec<_> = files_of(&held).into_iter().collect();
        for night in (0..8).rev().map(|back| end - chrono::TimeDelta::days(back)) {
            let is_due = |name: &str| hesuan::clean::stated_by_name(name).is_none_or(|stated| stated.date <= night);
            for (name, path) in files.extract_if(.., |(name, _)| is_due(name)) {
                shop.put(&name, std::fs::read(path).unwrap());
            }
            shop.publish(&night.to_string());
        }
        let planted = records(&shop.root.join("planted.csv"));
        let planted: BTreeSet<&str> = planted.iter().map(|row| row["order_no"].as_str()).collect();
        let rows = shop.exceptions("2026-10-31");
        let rows = rows.iter().filter(|row| row["code"].starts_with("changed_after"));
        let unplanted: Vec<_> = rows.filter(|row| !planted.contains(row["order_no"].as_str())).collect();
        assert!(unplanted.is_empty(), "{name}: {unplanted:#?}");
    }
}
