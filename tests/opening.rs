//! Opening items (期初未销): a shop that starts on 1 October brings in what was open at the end of September.

mod common;

use common::exports::{self, Kind};
use common::{Record, Shop, hesuan};
use serde_json::{Value, json};

/// An order that owes 1,000.00, a deposit of 500.00, a cash receipt of 300.00 without an order, 800.00 on account.
const OPENING: &str = "\
截止日期,委托单号,收据号,车牌号,客户名称,服务顾问,结算单号,结算日期,结算方式,应收,收款日期,收款方式,付款人,款项类型,已收,备注
2026-09-30,W101,,浙A10001,甲,王强,J101,2026-09-10,现结,1000.00,,,,,,
,W102,SK20260925001,浙A10002,乙,,,,,,2026-09-25,微信,乙,,500.00,
,,SK20260925003,,,,,,,,2026-09-25,现金,丙,,300.00,无单号
,W104,,浙A10004,顺达物流,李明,J104,2026-08-15,挂账,800.00,,,,,0.00,
";

const ORDERS: &str = "\
委托单号,进厂时间,车牌号,车架号,客户名称,服务顾问,维修类型,工单状态,竣工时间
W102,2026-10-09 09:00:00,浙A10002,LZXAB12C40PA000002,乙,王强,保养,已结算,2026-10-10 10:00:00
";

const SETTLEMENTS: &str = "\
结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,客户应付
J20261010001,W102,2026-10-10 11:00:00,浙A10002,乙,王强,700.00,700.00
";

const RECEIPTS: &str = "\
收据号,收款时间,收银员,业务单号,付款人,收款方式,收款金额
SK20261008001,2026-10-08 10:00:00,田雨,W101,甲,现金,1000.00
SK20261010001,2026-10-10 11:10:00,田雨,W102,乙,微信,200.00
";

const COUNTS: &str = "日期,收银员,收款方式,实点金额,接收人\n2026-10-08,田雨,现金,1000.00,赵敏\n";

fn october(shop: &Shop) {
    shop.put("维修委托书_20261010.csv", ORDERS);
    shop.put("结算单_20261010.csv", SETTLEMENTS);
    shop.put("收银流水_20261010.csv", RECEIPTS);
    shop.put("收银交接_20261008.csv", COUNTS);
}

/// Begun at the end of September, and gone through October.
fn shop() -> Shop {
    let shop = Shop::init();
    shop.put("期初未销.csv", OPENING);
    shop.publish("2026-09-30");
    october(&shop);
    shop.publish("2026-10-31");
    shop
}

/// Code, order, receipt and difference of every item that is open.
fn open_items(shop: &Shop, date: &str) -> Vec<[String; 4]> {
    let cells = |row: &Record| ["code", "order_no", "receipt_no", "diff_fen"].map(|c| row[c].clone());
    shop.exceptions(date).iter().filter(|row| row["kind"] == "clearing").map(cells).collect()
}

fn item(code: &str, order_no: &str, receipt_no: &str, diff: &str) -> [String; 4] {
    [code, order_no, receipt_no, diff].map(str::to_owned)
}

fn figure<'a>(manifest: &'a Value, period: &str, id: &str) -> &'a Value {
    &manifest["figures"][period][id]
}

#[track_caller]
fn controls_hold(manifest: &Value) {
    let controls = manifest["control_totals"].as_array().unwrap();
    let failed: Vec<&Value> = controls.iter().filter(|c| c["holds"] != true).collect();
    assert!(failed.is_empty() && !controls.is_empty(), "{failed:#?}");
}

fn codes(shop: &Shop, date: &str) -> Vec<String> {
    shop.findings(date).iter().map(|row| row["code"].clone()).collect()
}

fn explained(shop: &Shop, options: &[&str]) -> String {
    let output = hesuan().arg("explain").arg(&shop.root).args(options).output().unwrap();
    assert!(output.status.success(), "{options:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_was_open_before_the_first_day_is_open_on_it() {
    let shop = shop();
    let expected = [
        item("unknown_order", "", "SK20260925003", "30000"),
        item("unpaid", "W101", "", "-100000"),
        item("deposit", "W102", "SK20260925001", "50000"),
        item("on_account", "W104", "", "-80000"),
    ];
    assert_eq!(open_items(&shop, "2026-09-30"), expected);
    let ages: Vec<String> = shop.exceptions("2026-09-30").iter().map(|row| row["age_days"].clone()).collect();
    assert_eq!(ages, ["5", "20", "5", "46"], "from the receipt or the settlement, not from the balance");
    let manifest = shop.manifest("2026-09-30");
    controls_hold(&manifest);
    assert_eq!(figure(&manifest, "2026-09", "deposits_held")["value_fen"], 50_000);
    assert_eq!(figure(&manifest, "2026-09", "receivables_open")["value_fen"], 80_000);
    assert_eq!(figure(&manifest, "2026-09", "receivables_60")["value_fen"], 80_000, "46 days old");
    assert_eq!(codes(&shop, "2026-09-30"), Vec::<String>::new(), "a whole sheet has nothing to be said of");
}

#[test]
fn the_first_month_opens_with_them_and_clears_them_as_any_other() {
    let shop = shop();
    let expected = [item("unknown_order", "", "SK20260925003", "30000"), item("on_account", "W104", "", "-80000")];
    assert_eq!(open_items(&shop, "2026-10-31"), expected);
    let manifest = shop.manifest("2026-10-31");
    controls_hold(&manifest);
    let [day, month] = [0, 1].map(|at| &manifest["clearing"]["roll_forward"][at]);
    let of = |name: &str| (month[name]["items"].as_i64().unwrap(), month[name]["diff_fen"].as_i64().unwrap());
    let moved = ["opening", "new", "cleared", "corrected", "closing"].map(of);
    assert_eq!(moved, [(4, -100_000), (0, 0), (2, -50_000), (0, 0), (2, -50_000)]);
    assert_eq!(day["opening"]["items"], 2);
    assert_eq!(manifest["clearing"]["counts"]["matched"], 2, "W101 by the receipt, W102 by its deposit and another");
    assert_eq!(figure(&manifest, "2026-10", "deposits_held")["value_fen"], 0, "used by the settlement");
    assert_eq!(figure(&manifest, "2026-10", "receivables_open")["value_fen"], 80_000);
}

#[test]
fn no_figure_of_the_first_month_counts_them() {
    let shop = shop();
    let manifest = shop.manifest("2026-10-31");
    for (id, fen) in [("received", 120_000), ("service_revenue", 70_000), ("customer_due", 70_000)] {
        assert_eq!(figure(&manifest, "2026-10", id)["value_fen"], fen, "{id}");
    }
    for (id, count) in [("receipts_count", 2), ("settled_orders", 1), ("settlement_sheets", 1), ("arrivals", 1)] {
        assert_eq!(figure(&manifest, "2026-10", id)["value"], count, "{id}");
    }
    let totals = &manifest["totals"];
    assert_eq!([&totals["receipts"], &totals["received_fen"]], [&json!(2), &json!(120_000)]);
    assert_eq!([&totals["opening_due_fen"], &totals["opening_received_fen"]], [&json!(180_000), &json!(80_000)]);
    let fired: Vec<Record> = shop.exceptions("2026-10-31").into_iter().filter(|row| row["kind"] == "check").collect();
    assert!(fired.is_empty(), "no hole in their numbers, no cash of theirs to count, no order missing: {fired:#?}");
    assert!(!codes(&shop, "2026-10-31").contains(&"cash_not_counted".to_owned()), "nobody counts last month's cash");
}

#[test]
fn a_sheet_of_any_kind_and_name_is_known_for_what_it_is() {
    for kind in Kind::ALL {
        let shop = Shop::init();
        shop.put(&format!("结转.{}", kind.ending()), kind.file(&exports::rows(OPENING)));
        shop.publish("2026-09-30");
        assert_eq!(open_items(&shop, "2026-09-30").len(), 4, "{kind:?}");
        assert_eq!(shop.manifest("2026-09-30")["inputs"][0]["source"], "opening_items", "{kind:?}");
    }
}

#[test]
fn the_story_of_a_number_begins_with_its_opening_item() {
    let shop = shop();
    let text = explained(&shop, &["W101"]);
    for line in [
        "W101  已销号: 应收 1000.00 ＝ 已收 1000.00",
        "  期初应收  J101 2026-09-10 1000.00  期初未销.csv:2",
        "  已收  SK20261008001 2026-10-08 现金 1000.00  收银流水_20261010.csv:2",
    ] {
        assert!(text.contains(line), "{line}\nin\n{text}");
    }
    let text = explained(&shop, &["J20261010001"]);
    assert!(text.contains("  期初已收  SK20260925001 2026-09-25 微信 500.00  期初未销.csv:3"), "{text}");
    assert!(!text.contains("期初应收"), "nothing was due on it:\n{text}");
    assert!(explained(&shop, &["SK20260925003"]).contains("300.00"));
    let story: Value = serde_json::from_str(&explained(&shop, &["W104", "--json"])).unwrap();
    assert_eq!(story["stands"][0]["dues"][0]["is_opening"], true);
    assert_eq!(story["records"][0]["table"], "opening_items");
}

/// Its settlement is in the exports: of the two the exports are believed.
#[test]
fn what_the_exports_have_too_is_counted_once_and_said() {
    let shop = Shop::init();
    shop.put("期初未销.csv", OPENING);
    october(&shop);
    shop.put(
        "结算单_20260930.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,客户应付\n\
         J101,W101,2026-09-10 11:00:00,浙A10001,甲,王强,1000.00,1000.00\n",
    );
    shop.put(
        "收银流水_20260930.csv",
        "收据号,收款时间,收银员,业务单号,付款人,收款方式,收款金额\n\
         SK20260925001,2026-09-25 10:00:00,田雨,W102,乙,微信,500.00\n",
    );
    shop.publish("2026-09-30");
    shop.publish("2026-10-31");
    for (date, clearing) in [("2026-09-30", ("unpaid", 1)), ("2026-10-31", ("matched", 2))] {
        let manifest = shop.manifest(date);
        controls_hold(&manifest);
        assert_eq!(manifest["clearing"]["counts"][clearing.0], clearing.1, "{date}");
        let doubled: Vec<Record> =
            shop.findings(date).into_iter().filter(|row| row["code"] == "opening_doubled").collect();
        let told: Vec<[&str; 3]> =
            doubled.iter().map(|r| ["severity", "value", "row"].map(|c| r[c].as_str())).collect();
        assert_eq!(told, [["error", "W101", "2"], ["error", "W102", "3"]], "{date}");
        let [settled, received] = &doubled[..] else { panic!("{doubled:?}") };
        assert!(settled["message"].contains("J101 2026-09-10"), "{settled:?}");
        assert!(received["message"].contains("SK20260925001 2026-09-25"), "{received:?}");
        assert!(settled["remedy"].contains("改为 0"), "{settled:?}");
    }
}

#[test]
fn a_later_settlement_of_the_same_order_is_added_to_what_it_owed() {
    let shop = Shop::init();
    shop.put("期初未销.csv", OPENING);
    shop.put(
        "结算单_20261005.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,客户应付\n\
         J20261005001,W101,2026-10-05 11:00:00,浙A10001,甲,王强,50.00,50.00\n",
    );
    shop.publish("2026-10-05");
    assert!(open_items(&shop, "2026-10-05").contains(&item("unpaid", "W101", "", "-105000")));
    assert!(!codes(&shop, "2026-10-05").contains(&"opening_doubled".to_owned()), "it is after the balance");
    controls_hold(&shop.manifest("2026-10-05"));
}

#[test]
fn a_row_that_cannot_count_says_what_to_do() {
    let shop = Shop::init();
    shop.put(
        "期初未销.csv",
        "截止日期,委托单号,收据号,应收,结算日期,已收\n\
         2026-09-30,,,100.00,,\n\
         2026-09-30,,SK1,200.00,,\n\
         2026-09-30,W3/W4,,300.00,,\n\
         2026-09-30,W5,,400.00,2026-10-02,\n\
         ,W6,,,,50.00\n",
    );
    shop.publish("2026-09-30");
    let findings = shop.findings("2026-09-30");
    let told: Vec<[&str; 3]> = findings.iter().map(|f| ["code", "severity", "row"].map(|c| f[c].as_str())).collect();
    let expected = [
        ["none_filled", "error", "2"],
        ["opening_without_order", "error", "3"],
        ["opening_without_order", "error", "4"],
        ["opening_dated_later", "warning", "5"],
    ];
    assert_eq!(told, expected, "{findings:#?}");
    assert!(findings[0]["message"].contains("委托单号 / 收据号"), "{:?}", findings[0]);
    // The date of a row that has none is the one above it.
    assert_eq!(
        open_items(&shop, "2026-09-30"),
        [item("unpaid", "W5", "", "-40000"), item("deposit", "W6", "期初-W6", "5000")]
    );
    let input = &shop.manifest("2026-09-30")["inputs"][0];
    assert_eq!(
        [&input["rows_read"], &input["rows_taken"], &input["rows_rejected"]],
        [5, 4, 1].map(|n| json!(n)).each_ref()
    );
    controls_hold(&shop.manifest("2026-09-30"));
}

/// The key leaves out the date: a sheet with another date replaces the first, and a row of zeros takes one back.
#[test]
fn a_corrected_sheet_replaces_the_former_one() {
    let shop = Shop::init();
    shop.put("期初未销.csv", "截止日期,委托单号,应收,已收\n2026-09-29,W1,100.00,\n2026-09-29,W2,200.00,\n");
    shop.publish("2026-09-30");
    assert_eq!(open_items(&shop, "2026-09-30").len(), 2);
    shop.put("期初未销.csv", "截止日期,委托单号,应收,已收\n2026-09-30,W1,150.00,20.00\n2026-09-30,W2,0.00,0.00\n");
    shop.publish("2026-09-30");
    assert_eq!(open_items(&shop, "2026-09-30"), [item("underpaid", "W1", "期初-W1", "-13000")]);
    controls_hold(&shop.manifest("2026-09-30"));
}

#[test]
fn without_a_column_of_the_balance_date_the_sheet_is_not_taken_for_something_else() {
    let shop = Shop::init();
    shop.put("期初未销_20260930.csv", "委托单号,应收,已收\nW1,100.00,\n");
    shop.publish("2026-09-30");
    assert_eq!(codes(&shop, "2026-09-30"), ["export_nearly_known", "nothing_came"]);
}

/// An order that is also in the order exports.
#[test]
fn an_opening_item_finds_the_order_of_its_number() {
    let shop = Shop::init();
    shop.put("期初未销.csv", "截止日期,委托单号,应收,已收\n2026-09-30,W1,100.00,\n");
    shop.put(
        "维修委托书_20261001.csv",
        "委托单号,进厂时间,车牌号,车架号,客户名称,服务顾问,维修类型,工单状态,竣工时间\n\
         W1,2026-09-20 09:00:00,浙A10001,LZXAB12C40PA000001,甲,王强,保养,竣工,2026-09-21 09:00:00\n",
    );
    shop.publish("2026-10-01");
    assert_eq!(open_items(&shop, "2026-10-01"), [item("unpaid", "W1", "", "-10000")]);
    let row = &shop.exceptions("2026-10-01")[0];
    assert!(row["detail"].contains("浙A10001") && row["detail"].contains("王强"), "told by the order: {row:?}");
    assert_eq!(figure(&shop.manifest("2026-10-01"), "2026-10", "in_shop")["value"], 0, "it was settled before");
}

/// The worked example of the manual page says what the program does.
#[test]
fn the_example_of_the_manual_is_as_it_says() {
    let page = include_str!("../docs/opening-balances.md");
    let example = page.split("```csv\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let shop = Shop::init();
    shop.put("期初未销_20260930.csv", example);
    shop.publish("2026-09-30");
    let expected = [
        item("unknown_order", "", "SK20260925003", "30000"),
        item("unpaid", "W101", "", "-100000"),
        item("deposit", "W102", "SK20260925001", "50000"),
        item("underpaid", "W104", "SK20260901007", "-60000"),
    ];
    assert_eq!(open_items(&shop, "2026-09-30"), expected);
    assert_eq!(codes(&shop, "2026-09-30"), Vec::<String>::new());
    let manifest = shop.manifest("2026-09-30");
    assert_eq!(figure(&manifest, "2026-09", "receivables_open")["value_fen"], 60_000);
    shop.publish("2026-10-31");
    let opening = &shop.manifest("2026-10-31")["clearing"]["roll_forward"][1]["opening"];
    assert_eq!([&opening["items"], &opening["diff_fen"]], [&json!(4), &json!(-80_000)]);
}
