//! What newer exports say of days already reported: told with what it was and what it is, and only that.

mod common;

use common::{Record, Shop, hesuan, number};
use serde_json::Value;

const ORDERS: &str = "委托单号,进厂时间,车牌号,维修类型,工单状态,竣工时间\n";
const SETTLEMENTS: &str = "结算单号,委托单号,结算时间,车牌号,工时费,客户应付,审批人\n";
const RECEIPTS: &str = "收据号,收款时间,收银员,业务单号,收款方式,收款金额\n";

/// 结算单 of October: number, day, due, approver.
fn settlements(rows: &[(u32, u32, &str, &str)]) -> String {
    let row = |(no, day, due, approver): &(u32, u32, &str, &str)| {
        format!("J{no},W{no},2026-10-{day} 11:0{no}:00,浙A1000{no},{due},{due},{approver}\n")
    };
    SETTLEMENTS.to_owned() + &rows.iter().map(row).collect::<String>()
}

fn receipts(rows: &[(u32, u32, &str)]) -> String {
    let row =
        |(no, day, amount): &(u32, u32, &str)| format!("S{no},2026-10-{day} 12:0{no}:00,田雨,W{no},现金,{amount}\n");
    RECEIPTS.to_owned() + &rows.iter().map(row).collect::<String>()
}

fn orders(rows: &[(u32, &str)]) -> String {
    let row = |(no, rest): &(u32, &str)| format!("W{no},2026-10-28 09:00:00,浙A1000{no},保养,{rest}\n");
    ORDERS.to_owned() + &rows.iter().map(row).collect::<String>()
}

const DONE: &str = "已结算,2026-10-29 10:00:00";

/// The exports of the 29th: three orders, settled and paid.
fn put_the_29th(shop: &Shop) {
    shop.put("维修委托书_20261029.csv", orders(&[(1, DONE), (2, DONE), (3, DONE), (9, "在修,")]));
    shop.put(
        "结算单_20261029.csv",
        settlements(&[(1, 29, "100.00", ""), (2, 29, "200.00", ""), (3, 29, "300.00", "")]),
    );
    shop.put("收银流水_20261029.csv", receipts(&[(1, 29, "100.00"), (2, 29, "200.00"), (3, 29, "300.00")]));
}

/// A shop that has published the 29th.
fn reported() -> Shop {
    let shop = Shop::init();
    put_the_29th(&shop);
    shop.publish("2026-10-29");
    assert_eq!(late(&shop, "2026-10-29"), [""; 0]);
    shop
}

fn fired(shop: &Shop, date: &str) -> Vec<Record> {
    let rows = shop.exceptions(date).into_iter().filter(|row| row["code"].starts_with("changed_after"));
    let rows: Vec<Record> = rows.collect();
    let count = |code: &str| rows.iter().filter(|row| row["code"] == code).count();
    for code in ["changed_after_report", "changed_after_close"] {
        assert_eq!(shop.manifest(date)["checks"][code], count(code), "{code} of the manifest");
    }
    rows
}

/// What the late changes of a date say.
fn late(shop: &Shop, date: &str) -> Vec<String> {
    fired(shop, date).into_iter().map(|row| row["detail"].clone()).collect()
}

fn explained(shop: &Shop, options: &[&str]) -> String {
    let output = hesuan().arg("explain").arg(&shop.root).args(options).output().unwrap();
    assert!(output.status.success(), "{options:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_corrected_file_tells_what_it_changes_and_what_it_drops() {
    let shop = reported();
    shop.put("结算单_20261029.csv", settlements(&[(2, 29, "200.00", ""), (1, 29, "120.00", "")]));
    shop.publish("2026-10-29");
    shop.publish("2026-10-30");
    for date in ["2026-10-29", "2026-10-30"] {
        let rows = fired(&shop, date);
        assert_eq!(rows.len(), 2, "{rows:#?}");
        let (changed, dropped) = (&rows[0], &rows[1]);
        assert_eq!(changed["detail"], "结算单 J1：工时费 100.00 → 120.00，客户应付 100.00 → 120.00");
        assert_eq!((changed["order_no"].as_str(), number(changed, "amount_fen")), ("W1", Some(2_000)));
        assert_eq!(changed["event_date"], "2026-10-29");
        assert_eq!(changed["source"], "结算单_20261029.csv:2; 结算单_20261029.csv:3", "both rows");
        let said = "结算单 J3：删除，客户应付 300.00；结算单_20261029.csv 中已无此行，未说明前仍按原值计入";
        assert_eq!(dropped["detail"], said);
        assert_eq!((dropped["order_no"].as_str(), number(dropped, "amount_fen")), ("W3", Some(-30_000)));
        // The dropped settlement lives on: its order is still cleared.
        assert!(!shop.exceptions(date).iter().any(|row| row["kind"] == "clearing" && row["order_no"] == "W3"));
    }
    let text = explained(&shop, &["W1"]);
    assert!(text.contains("! 事后变更  20.00 结算单 J1："), "{text}");
    assert!(text.contains("100.00 → 120.00  [结算单_20261029.csv:3] *  ！报出后"), "{text}");
    let story: Value = serde_json::from_str(&explained(&shop, &["J1", "--json"])).unwrap();
    let is_settlement = |r: &&Value| r["table"] == "settlements";
    let record = story["records"].as_array().unwrap().iter().find(is_settlement).unwrap();
    let flags: Vec<&Value> = record["versions"].as_array().unwrap().iter().map(|v| &v["after_report"]).collect();
    assert_eq!(flags, [false, true]);
    let text = explained(&shop, &["W3", "--lang", "en"]);
    assert!(text.contains("! Changed after it was reported  -300.00 Settlements J3: dropped, "), "{text}");
    assert!(!explained(&shop, &["W2"]).contains("事后变更"));
}

/// An export of several days, under another name: it changes, adds and drops; what it does not speak of is not dropped.
#[test]
fn an_overlapping_export_of_another_name_tells_the_same() {
    let shop = reported();
    let week =
        settlements(&[(1, 29, "100.00", "刘总"), (2, 29, "200.00", ""), (4, 29, "50.00", ""), (5, 30, "60.00", "")]);
    shop.put("结算单_本周_20261030.csv", week);
    shop.publish("2026-10-30");
    let said = [
        "结算单 J1：审批人 – → 刘总",
        "结算单 J3：删除，客户应付 300.00；结算单_本周_20261030.csv 中已无此行，未说明前仍按原值计入",
        "结算单 J4：新增，客户应付 50.00",
    ];
    assert_eq!(late(&shop, "2026-10-30"), said);
    // As of the 29th that export does not exist yet.
    shop.publish("2026-10-29");
    assert_eq!(late(&shop, "2026-10-29"), [""; 0]);
    // A still newer one shows the dropped row again; it speaks for one row in three of the 29th only.
    shop.put("结算单_补_20261031.csv", settlements(&[(3, 29, "300.00", ""), (6, 31, "10.00", "")]));
    shop.publish("2026-10-31");
    assert_eq!(late(&shop, "2026-10-31"), [said[0], said[2]]);
}

#[test]
fn a_receipt_and_its_amount_are_told_by_its_number() {
    let shop = reported();
    shop.put("收银流水_20261029.csv", receipts(&[(1, 29, "100.00"), (2, 29, "150.00"), (3, 29, "300.00")]));
    shop.publish("2026-10-30");
    let rows = fired(&shop, "2026-10-30");
    assert_eq!(rows.len(), 1, "{rows:#?}");
    assert_eq!((rows[0]["receipt_no"].as_str(), number(&rows[0], "amount_fen")), ("S2", Some(-5_000)));
    assert!(explained(&shop, &["S2", "--lang", "en"]).contains("Receipts S2: Amount 200.00 → 150.00"));
}

#[test]
fn nothing_is_late_that_came_before_the_first_publication() {
    let shop = Shop::init();
    put_the_29th(&shop);
    shop.put("结算单_20261030.csv", settlements(&[(1, 29, "120.00", ""), (2, 29, "200.00", ""), (4, 29, "1.00", "")]));
    shop.publish("2026-10-30");
    assert_eq!(late(&shop, "2026-10-30"), [""; 0]);
    assert!(!explained(&shop, &["W1"]).contains("报出后"));
}

/// Orders live on, days that were not reported are nobody's yet, and what is repeated is not changed.
#[test]
fn nothing_is_late_that_lives_on_or_is_new_or_repeated() {
    let shop = reported();
    shop.put("维修委托书_20261030.csv", orders(&[(1, DONE), (9, "已结算,2026-10-30 10:00:00")]));
    shop.put("结算单_20261030.csv", settlements(&[(1, 29, "100.00", ""), (9, 30, "90.00", "")]));
    shop.put("收银流水_20261030.csv", receipts(&[(9, 30, "90.00")]));
    shop.publish("2026-10-30");
    assert_eq!(late(&shop, "2026-10-30"), [""; 0]);
    assert!(!explained(&shop, &["W9"]).contains("报出后"));
    assert!(!explained(&shop, &["W1"]).contains("报出后"), "repeated word for word");
}

/// A day whose file had never come is late as a whole, not changed row by row; an older export changes nothing.
#[test]
fn a_late_first_file_and_an_older_export_change_nothing() {
    let shop = reported();
    shop.put("收银流水_20261028.csv", receipts(&[(7, 28, "70.00")]));
    shop.put("结算单_20261028.csv", settlements(&[(1, 29, "999.00", "")]));
    shop.publish("2026-10-30");
    assert_eq!(late(&shop, "2026-10-30"), [""; 0]);
}

/// A name without a date comes with other days each time: yesterday's rows are not dropped by today's.
#[test]
fn a_name_that_is_used_every_day_drops_nothing() {
    let shop = Shop::init();
    shop.put("结算单.csv", settlements(&[(1, 29, "100.00", ""), (2, 29, "200.00", "")]));
    shop.publish("2026-10-29");
    shop.put("结算单.csv", settlements(&[(3, 30, "300.00", ""), (4, 30, "50.00", "")]));
    shop.publish("2026-10-30");
    assert_eq!(late(&shop, "2026-10-30"), [""; 0]);
    shop.put("结算单.csv", settlements(&[(3, 30, "300.00", "")]));
    shop.publish("2026-10-31");
    let said = late(&shop, "2026-10-31");
    assert!(matches!(said.as_slice(), [one] if one.starts_with("结算单 J4：删除，客户应付 50.00")), "{said:?}");
}

/// A wrong file of failing totals was never published as good: its correction is no late change.
#[test]
fn the_correction_of_a_file_whose_totals_fail_is_no_change() {
    let shop = Shop::init();
    put_the_29th(&shop);
    let with_total = |due: &str| settlements(&[(1, 29, due, "")]) + "合计,,,,100.00,100.00,\n";
    shop.publish("2026-10-28");
    shop.put("结算单_20261029.csv", with_total("90.00"));
    shop.run("2026-10-29").ends_with(&[4]);
    shop.put("结算单_20261029.csv", with_total("100.00"));
    shop.publish("2026-10-29");
    assert_eq!(late(&shop, "2026-10-29"), [""; 0]);
}

/// What was published when is a fact: rows derived anew from the archive tell the same changes.
#[test]
fn late_changes_survive_a_new_derivation() {
    let shop = reported();
    shop.put(
        "结算单_20261029.csv",
        settlements(&[(1, 29, "120.00", ""), (2, 29, "200.00", ""), (3, 29, "300.00", "")]),
    );
    shop.publish("2026-10-30");
    let said = late(&shop, "2026-10-30");
    assert_eq!(said.len(), 1);
    // Another word list: every row is derived anew.
    let words = "[[list]]\nid = \"shade\"\nwords = [{ code = \"red\", zh = \"红\", en = \"red\" }]\n";
    std::fs::create_dir_all(shop.root.join("report_specs")).unwrap();
    std::fs::write(shop.root.join("report_specs/words_own.toml"), words).unwrap();
    shop.publish("2026-10-30");
    assert_eq!(late(&shop, "2026-10-30"), said);
}

/// The same files make another date where they came after it was reported: its digest says so.
#[test]
fn what_was_published_when_is_part_of_the_digest() {
    let (nightly, at_once) = (reported(), Shop::init());
    put_the_29th(&at_once);
    for shop in [&nightly, &at_once] {
        shop.put("结算单_20261030.csv", settlements(&[(1, 29, "120.00", "")]));
        shop.publish("2026-10-30");
    }
    assert_eq!((late(&nightly, "2026-10-30").len(), late(&at_once, "2026-10-30").len()), (1, 0));
    let digest = |shop: &Shop| shop.manifest("2026-10-30")["ledger_digest"].as_str().unwrap().to_owned();
    assert_ne!(digest(&nightly), digest(&at_once));
}
