//! `hesuan explain`: where a number stands and why, and every row that speaks of it.

mod common;

use common::{Shop, hesuan};
use serde_json::Value;

/// An order that a later export completes, settled, paid in two receipts of two days, one of them short.
fn shop() -> Shop {
    let shop = Shop::init();
    let orders = "委托单号,进厂时间,车牌号,车架号,客户名称,服务顾问,维修类型,工单状态,竣工时间\n";
    shop.put(
        "维修委托书_20261029.csv",
        format!("{orders}W1,2026-10-29 09:00:00,浙A10001,LZXAB12C40PA000001,甲,王强,保养,在修,\n"),
    );
    shop.put(
        "维修委托书_20261030.csv",
        format!("{orders}W1,2026-10-29 09:00:00,浙A10001,LZXAB12C40PA000001,甲,王强,保养,已结算,2026-10-30 10:00:30\n"),
    );
    shop.put(
        "结算单_20261030.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,客户应付\n\
         J1,W1,2026-10-30 11:00:00,浙A10001,甲,王强,500.00,500.00\n",
    );
    shop.put(
        "收银流水_20261031.csv",
        "收据号,收款时间,收银员,业务单号,付款人,收款方式,收款金额\n\
         S1,2026-10-30 11:05:00,田雨,W1,甲,现金,300.00\n\
         S2,2026-10-31 09:00:00,田雨,W1,甲,微信,150.00\n\
         S3,2026-10-31 09:30:00,田雨,W9,乙,现金,80.00\n",
    );
    shop.publish("2026-10-31");
    shop
}

fn explained(shop: &Shop, options: &[&str]) -> String {
    let output = hesuan().arg("explain").arg(&shop.root).args(options).output().unwrap();
    assert!(output.status.success(), "{options:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_order_tells_its_sums_and_what_later_exports_changed() {
    let shop = shop();
    let text = explained(&shop, &["W1"]);
    for line in [
        "W1  少收: 应收 500.00，已收 450.00，差额 -50.00  (账龄 1 天)",
        "  应收  J1 2026-10-30 500.00  结算单_20261030.csv:2",
        "  已收  S1 2026-10-30 现金 300.00  收银流水_20261031.csv:2",
        "  已收  S2 2026-10-31 微信 150.00  收银流水_20261031.csv:3",
        "竣工时间 – → 2026-10-30 10:00:30，工单状态 在修 → 已结算  [维修委托书_20261030.csv:2] *",
    ] {
        assert!(text.contains(line), "{line}\nin\n{text}");
    }
    assert!(!text.contains("S3"), "another order's receipt:\n{text}");
}

/// The same story whichever of its numbers is asked for, however it is typed.
#[test]
fn every_number_of_an_order_leads_to_its_story() {
    let shop = shop();
    let of = |number: &str| -> Value { serde_json::from_str(&explained(&shop, &[number, "--json"])).unwrap() };
    let order = of("W1");
    assert_eq!(order["stands"][0]["category"], "underpaid");
    assert_eq!(order["stands"][0]["diff_fen"], -5000);
    assert_eq!(order["records"].as_array().unwrap().len(), 4, "order, settlement, two receipts");
    for number in ["j1", "S1", "Ｗ１", "浙A10001", "LZXAB12C40PA000001"] {
        let story = of(number);
        assert_eq!(story["stands"], order["stands"], "{number}");
        assert_eq!(story["records"], order["records"], "{number}");
    }
}

#[test]
fn an_earlier_date_shows_what_stood_then() {
    let text = explained(&shop(), &["W1", "--as-of", "2026-10-30", "--lang", "en"]);
    assert!(text.contains("W1  Underpaid: due 500.00, received 300.00: -200.00"), "{text}");
}

#[test]
fn an_unknown_receipt_says_why_and_a_number_that_nobody_knows_is_refused_with_its_neighbours() {
    let shop = shop();
    let text = explained(&shop, &["S3"]);
    assert!(text.contains("S3  单号不存在: 所写单号在任何导出中都不存在，收款 80.00 未分配"), "{text}");
    let refused = hesuan().arg("explain").arg(&shop.root).arg("W2").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("one slip away: ") && said.contains("W1"), "{said}");
}
