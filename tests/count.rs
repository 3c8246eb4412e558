//! The count of cars: the count sheet comes back through the inbox and yields its three outcomes.

mod common;

use common::Shop;
use common::books::Book;

const ORDERS: &str = "委托单号,进厂时间,竣工时间,车牌号,车架号,客户名称,服务顾问,维修类型,状态";

/// Three cars in the shop at the month's end, and one settled and not paid.
fn shop() -> Shop {
    let shop = Shop::init();
    let order = |number: &str, plate: &str, status: &str| {
        format!("{number},2026-10-29 09:00,2026-10-29 17:00,{plate},,甲,王,保养,{status}")
    };
    let orders = [
        order("W001", "浙A10001", "竣工"),
        order("W002", "浙A10002", "竣工"),
        order("W003", "浙A10003", "竣工"),
        order("W004", "浙A10004", "已结算"),
    ];
    shop.put("维修委托书_20261031.csv", format!("{ORDERS}\n{}\n", orders.join("\n")));
    shop.put(
        "结算单_20261031.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,外加工费,优惠金额,免单金额,代金券,抹零,客户应付,三包金额,保险金额,内部金额,结算方式\n\
         J004,W004,2026-10-31 11:00,浙A10004,甲,王,300.00,0,0,0,0,0,0,300.00,0,0,0,现结\n",
    );
    shop.publish("2026-10-31");
    shop
}

const SHEET: &str = "委托单号,车牌号,盘点日期,实盘在厂,位置,差异原因,责任人";

#[test]
fn the_filled_in_sheet_yields_three_outcomes() {
    let shop = shop();
    // W003 was not counted; the last car was written in by hand below the list.
    let rows = [
        "W001,浙A10001,2026-10-31,是,3号工位,,",
        "W002,浙A10002,2026-10-31,否,,试车未归,李",
        "W003,浙A10003,2026-10-31,,,,",
        "W004,浙A10004,2026-10-31,否,,客户已提车,王",
        ",浙B88888,,是,后院,代存,赵",
    ];
    shop.put("盘点表.csv", format!("{SHEET}\n{}\n", rows.join("\n")));
    shop.publish("2026-10-31");
    let manifest = shop.manifest("2026-10-31");
    assert_eq!(manifest["checks"]["car_not_in_shop"], 2);
    assert_eq!(manifest["checks"]["car_not_in_system"], 1);
    let told: Vec<(String, String, String)> = shop
        .exceptions("2026-10-31")
        .iter()
        .filter(|row| row["code"].starts_with("car_"))
        .map(|row| (row["code"].clone(), row["order_no"].clone(), row["detail"].clone()))
        .collect();
    let one = |code: &str, order: &str, detail: &str| (code.to_owned(), order.to_owned(), detail.to_owned());
    assert_eq!(
        told,
        [
            one("car_not_in_shop", "W002", "浙A10002 试车未归 李"),
            one("car_not_in_shop", "W004", "浙A10004 客户已提车 王"),
            one("car_not_in_system", "", "浙B88888 后院 代存 赵"),
        ]
    );
    let book = Book::open(&shop.folder("2026-10-31").join("月结报表.xlsx"));
    let rows = book.text("盘点结果");
    let outcomes: Vec<(&str, &str)> = rows
        .iter()
        .filter(|row| row.first().is_some_and(|cell| cell == "2026-10-31"))
        .map(|row| (row[2].as_str(), row[5].as_str()))
        .collect();
    assert_eq!(
        outcomes,
        [
            ("浙B88888", "实盘有、系统无"),
            ("浙A10002", "系统有、实盘无"),
            ("浙A10004", "系统有、实盘无"),
            ("浙A10003", "未盘"),
            ("浙A10001", "相符"),
        ]
    );
}

#[test]
fn what_is_put_right_afterwards_agrees() {
    let shop = shop();
    shop.put(
        "盘点表.csv",
        format!("{SHEET}\nW004,浙A10004,2026-10-31,否,,客户已提车,王\n,浙B88888,2026-10-31,是,,,\n"),
    );
    shop.put(
        "收银流水_20261102.csv",
        "收据号,收款时间,收银员,业务单号,车牌号,付款人,收款方式,收款金额,款项类型\n\
         SK1,2026-11-02 11:05,秦,W004,浙A10004,甲,微信,300.00,维修款\n",
    );
    shop.put("维修委托书_20261102.csv", format!("{ORDERS}\nW005,2026-11-02 08:00,,浙B88888,,乙,王,一般维修,在修\n"));
    shop.publish("2026-11-01");
    assert_eq!(shop.manifest("2026-11-01")["checks"]["car_not_in_shop"], 1);
    shop.publish("2026-11-02");
    let manifest = shop.manifest("2026-11-02");
    assert_eq!(
        (&manifest["checks"]["car_not_in_shop"], &manifest["checks"]["car_not_in_system"]),
        (&0.into(), &0.into())
    );
}

#[test]
fn a_published_workbook_in_the_inbox_is_no_export() {
    let shop = shop();
    let before = shop.manifest("2026-10-31");
    for book in ["月结报表.xlsx", "收银与销号.xlsx", "售后日报.xlsx"] {
        std::fs::copy(shop.folder("2026-10-31").join(book), shop.inbox().join(book)).unwrap();
    }
    shop.publish("2026-10-31");
    let after = shop.manifest("2026-10-31");
    for part in ["clearing", "checks", "totals", "figures"] {
        assert_eq!(before[part], after[part], "{part}");
    }
    assert_eq!(after["findings"]["by_code"]["own_report"], 1, "售后日报 has nothing to read back");
}

/// A settlement that was reversed does not let the car go.
#[test]
fn an_order_whose_settlement_is_reversed_is_in_the_shop_again() {
    let shop = shop();
    shop.put(
        "结算单_20261031_2.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,外加工费,优惠金额,免单金额,代金券,抹零,客户应付,三包金额,保险金额,内部金额,结算方式,单据类型,原结算单号\n\
         J005,W001,2026-10-31 12:00,浙A10001,甲,王,90.00,0,0,0,0,0,0,90.00,0,0,0,现结,正常,\n\
         J006,W001,2026-10-31 12:30,浙A10001,甲,王,-90.00,0,0,0,0,0,0,-90.00,0,0,0,现结,负结算,J005\n",
    );
    shop.put("盘点表.csv", format!("{SHEET}\nW001,浙A10001,2026-10-31,否,,不知去向,王\n"));
    shop.publish("2026-10-31");
    assert_eq!(shop.manifest("2026-10-31")["checks"]["car_not_in_shop"], 1);
}
