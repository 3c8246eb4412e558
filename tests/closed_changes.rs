//! Changes after a close: a correction of the next month, with a line of its own in the roll-forward.

mod common;

use common::{Ran, Shop, hesuan};
use serde_json::Value;

const SETTLEMENTS: &str = "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,外加工费,优惠金额,免单金额,代金券,抹零,客户应付,三包金额,保险金额,内部金额,结算方式";

fn settlement(number: &str, order: &str, time: &str, amount: &str) -> String {
    format!("{number},{order},{time},浙A10001,甲,王,{amount},0,0,0,0,0,0,{amount},0,0,0,现结")
}

fn put_settlements(shop: &Shop, name: &str, rows: &[String]) {
    shop.put(name, format!("{SETTLEMENTS}\n{}\n", rows.join("\n")));
}

fn put_receipts(shop: &Shop, day: &str, rows: &[&str]) {
    let head = "收据号,收款时间,收银员,业务单号,车牌号,付款人,收款方式,收款金额,款项类型";
    shop.put(&format!("收银流水_{}.csv", day.replace('-', "")), format!("{head}\n{}\n", rows.join("\n")));
}

/// Two settlements of the 29th, both paid but for 40.00, and a day after it.
fn reported() -> Shop {
    let shop = Shop::init();
    put_settlements(
        &shop,
        "结算单_20261029.csv",
        &[
            settlement("J001", "W001", "2026-10-29 11:00", "300.00"),
            settlement("J002", "W002", "2026-10-29 11:10", "240.00"),
        ],
    );
    put_receipts(
        &shop,
        "2026-10-29",
        &[
            "SK1,2026-10-29 11:05,秦,W001,浙A10001,甲,微信,300.00,维修款",
            "SK2,2026-10-29 11:15,秦,W002,浙A10002,乙,微信,200.00,维修款",
        ],
    );
    shop.publish("2026-10-29");
    shop.publish("2026-10-31");
    shop
}

fn fired<'m>(manifest: &'m Value, check: &str) -> &'m Value {
    &manifest["checks"][check]
}

#[test]
fn after_the_close_it_is_a_correction_of_the_next_month_with_a_line_of_its_own() {
    let shop = reported();
    Ran::of(&hesuan().arg("close").arg(&shop.root).arg("2026-10").output().unwrap()).ends_with(&[0]);
    let closed = shop.manifest("2026-10-31");
    put_settlements(
        &shop,
        "结算单_20261029.csv",
        &[
            settlement("J001", "W001", "2026-10-29 11:00", "320.00"),
            settlement("J002", "W002", "2026-10-29 11:10", "240.00"),
            settlement("J003", "W003", "2026-10-29 16:10", "70.00"),
        ],
    );
    put_settlements(&shop, "结算单_20261102.csv", &[settlement("J004", "W004", "2026-11-02 11:00", "10.00")]);
    shop.publish("2026-11-02");
    assert_eq!(shop.manifest("2026-10-31"), closed, "the closed month is not rewritten");
    let now = shop.manifest("2026-11-02");
    assert_eq!(*fired(&now, "changed_after_close"), 2);
    assert_eq!(*fired(&now, "changed_after_report"), 0);
    let roll = &now["clearing"]["roll_forward"][1];
    let part = |name: &str| (roll[name]["items"].as_i64().unwrap(), roll[name]["diff_fen"].as_i64().unwrap());
    assert_eq!(part("opening"), (1, -4000), "as it was closed");
    assert_eq!(part("changed_after_close"), (2, -9000), "20.00 and 70.00 more are due");
    assert_eq!(part("new"), (1, -1000));
    assert_eq!(part("corrected"), (0, 0));
    assert_eq!(part("closing"), (4, -14000));
    let verify = Ran::of(&hesuan().arg("verify").arg(&shop.root).output().unwrap());
    verify.ends_with(&[0]);
}

#[test]
fn the_month_after_opens_with_the_correction_and_tells_it_no_more() {
    let shop = Shop::init();
    let close = |month: &str| {
        let mut close = hesuan();
        close.arg("close").arg(&shop.root).arg(month);
        for code in ["changed_after_close", "export_missing"] {
            close.args(["--accept", code]);
        }
        Ran::of(&close.args(["--reason", "已核对"]).output().unwrap()).ends_with(&[0])
    };
    let month = |date: &str| {
        let manifest = shop.manifest(date);
        let roll = &manifest["clearing"]["roll_forward"][1];
        let part = |name: &str| (roll[name]["items"].as_i64().unwrap(), roll[name]["diff_fen"].as_i64().unwrap());
        [part("opening"), part("corrected"), part("changed_after_close"), part("closing")]
    };
    let of_august = |amount| {
        put_settlements(&shop, "结算单_20260829.csv", &[settlement("J001", "W001", "2026-08-29 11:00", amount)])
    };
    of_august("300.00");
    shop.publish("2026-08-29");
    shop.publish("2026-08-31");
    close("2026-08");
    of_august("320.00");
    shop.publish("2026-09-30");
    assert_eq!(month("2026-09-30"), [(1, -30000), (0, 0), (0, -2000), (1, -32000)]);
    close("2026-09");
    assert_eq!(month("2026-09-30"), [(1, -30000), (0, 0), (0, -2000), (1, -32000)]);
    shop.publish("2026-10-01");
    assert_eq!(month("2026-10-01"), [(1, -32000), (0, 0), (0, 0), (1, -32000)]);
}
