//! Opening balances: a shop that begins in mid-year brings its open items in as a spreadsheet.

mod common;

use common::Shop;
use serde_json::Value;

const HEADINGS: &str =
    "余额日期,委托单号,收据号,车牌号,客户,服务顾问,结算单号,结算日期,结算方式,应收,收款日期,付款人,款项类型,已收";

/// One order owed 1,000.00 of which 200.00 came in, one on account, a deposit of 500.00, a receipt of nobody's order.
fn shop() -> Shop {
    let shop = Shop::init();
    let rows = [
        "2026-09-30,W801,,浙A80001,甲,王,J801,2026-09-20,现结,1000.00,2026-09-21,甲,维修款,200.00",
        "2026-09-30,W802,,浙A80002,乙公司,王,J802,2026-09-10,挂账,700.00,,,,",
        "2026-09-30,W803,SK803,浙A80003,丙,王,,,,,2026-09-28,丙,,500.00",
        "2026-09-30,,SK804,浙A80004,丁,,,,,,2026-09-29,丁,维修款,300.00",
    ];
    shop.put("期初未销.csv", format!("{HEADINGS}\n{}\n", rows.join("\n")));
    shop
}

fn open(manifest: &Value) -> Vec<(String, i64, i64)> {
    let counts = manifest["clearing"]["counts"].as_object().unwrap();
    let fen = |id: &String| manifest["clearing"]["diff_fen"][id].as_i64().unwrap();
    let open = counts.iter().filter(|(id, n)| *id != "matched" && n.as_i64() != Some(0));
    open.map(|(id, n)| (id.clone(), n.as_i64().unwrap(), fen(id))).collect()
}

fn expected(rows: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    rows.iter().map(|(id, n, fen)| ((*id).to_owned(), *n, *fen)).collect()
}

const OPENING: [(&str, i64, i64); 4] =
    [("deposit", 1, 50000), ("on_account", 1, -70000), ("underpaid", 1, -80000), ("unknown_order", 1, 30000)];

#[test]
fn the_first_month_opens_with_the_items_brought_in() {
    let shop = shop();
    shop.publish("2026-09-30");
    assert_eq!(open(&shop.manifest("2026-09-30")), expected(&OPENING));
    shop.publish("2026-10-01");
    let first = shop.manifest("2026-10-01");
    let roll = &first["clearing"]["roll_forward"][1];
    assert_eq!((&roll["opening"]["items"], &roll["opening"]["diff_fen"]), (&4.into(), &(-70000).into()));
    assert_eq!(roll["closing"], roll["opening"]);
    assert_eq!(first["totals"]["received_fen"], 0, "what was brought in is no receipt of the shop's");
}

#[test]
fn receipts_and_settlements_of_the_new_books_clear_them() {
    let shop = shop();
    shop.put(
        "收银流水_20261005.csv",
        "收据号,收款时间,收银员,业务单号,车牌号,付款人,收款方式,收款金额,款项类型\n\
         SK1,2026-10-05 11:05,秦,W801,浙A80001,甲,微信,800.00,维修款\n",
    );
    shop.put(
        "结算单_20261005.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,外加工费,优惠金额,免单金额,代金券,抹零,客户应付,三包金额,保险金额,内部金额,结算方式\n\
         J001,W803,2026-10-05 11:00,浙A80003,丙,王,500.00,0,0,0,0,0,0,500.00,0,0,0,现结\n",
    );
    shop.publish("2026-10-05");
    let manifest = shop.manifest("2026-10-05");
    assert_eq!(open(&manifest), expected(&[("on_account", 1, -70000), ("unknown_order", 1, 30000)]));
    assert_eq!(manifest["totals"]["received_fen"], 80000);
    assert_eq!(manifest["figures"]["2026-10"]["service_revenue"]["value_fen"], 50000);
}

#[test]
fn what_an_export_tells_itself_does_not_count_twice() {
    let shop = shop();
    shop.put(
        "结算单_20260910.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,外加工费,优惠金额,免单金额,代金券,抹零,客户应付,三包金额,保险金额,内部金额,结算方式\n\
         J802,W802,2026-09-10 11:00,浙A80002,乙公司,王,700.00,0,0,0,0,0,0,700.00,0,0,0,挂账\n",
    );
    shop.publish("2026-09-30");
    let manifest = shop.manifest("2026-09-30");
    assert_eq!(open(&manifest), expected(&OPENING), "700.00 once");
    assert_eq!(manifest["findings"]["by_code"]["opening_doubled"], 1);
}
