//! A small made-up shop's parts store, accessories, vouchers and care products, through the whole program: every number
//! expected here was worked out by hand from the exports below.

mod common;

use std::collections::BTreeMap;

use common::Shop;
use common::books::Book;
use serde_json::Value;

// ---------------------------------------------------------------------------------------------------------------------
// The exports.

/// Stock at the end of September and of October: P1 moves, P2 lies there since 2025, C1 is one short.
const STOCK_SEPTEMBER: &str = "\
库存日期,配件编号,配件名称,类别,库存数量,成本价,最近入库日期,最近出库日期,库位
2026-09-30,P1,机油滤芯,备件,10,16.36,2026-09-20,2026-09-25,A-1
2026-09-30,P2,蓄电池,备件,3,352.60,2025-09-01,,B-2
2026-09-30,C1,燃油宝,养护品,20,27.60,2026-09-20,2026-09-29,C-3
";
const STOCK_OCTOBER: &str = "\
库存日期,配件编号,配件名称,类别,库存数量,成本价,最近入库日期,最近出库日期,库位
2026-10-31,P1,机油滤芯,备件,8,16.36,2026-10-10,2026-10-12,A-1
2026-10-31,P2,蓄电池,备件,3,352.60,2025-09-01,,B-2
2026-10-31,C1,燃油宝,养护品,16,27.60,2026-09-20,2026-10-15,C-3
";
const RECEIVED: &str = "\
入库单号,行号,配件编号,订货日期,订货数量,入库日期,入库数量,进价
CG1,1,P1,2026-10-08,5,2026-10-10,5,16.40
CG2,1,P1,2026-10-30,20,,,16.40
";
const ORDERS: &str = "\
委托单号,进厂时间,竣工时间,车牌号,客户名称,服务顾问,维修类型,工单状态
W0,2026-09-28 08:00,,粤B00009,赵五,李明,保养,作废
W1,2026-10-12 08:00,2026-10-12 11:00,粤B00001,王一,李明,保养,已结算
W2,2026-10-15 08:00,2026-10-15 11:00,粤B00002,李二,李明,保养,已结算
W3,2026-10-30 08:00,,粤B00003,张三,周红,一般维修,在修
";
const LINES: &str = "\
委托单号,行号,配件编号,配件名称,类别,帐套,数量,成本价,销售价,优惠,金额,领料技师,出库时间
W1,1,P1,机油滤芯,备件,客户,4,16.36,35.80,0,143.20,石磊,2026-10-12 09:00
W1,2,C1,燃油宝,养护品,客户,1,27.60,88.00,0,88.00,石磊,2026-10-12 09:05
W2,1,C1,燃油宝(新),养护品,客户,2,27.60,88.00,0,176.00,卢俊,2026-10-15 09:05
";
const SETTLEMENTS: &str = "\
结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,代金券,客户应付,单据类型,原结算单号
J1,W1,2026-10-12 11:30,粤B00001,王一,李明,0,231.20,50,181.20,正常,
J2,W2,2026-10-15 11:30,粤B00002,李二,李明,0,176.00,0,176.00,正常,
";
const SETTLEMENTS_NOVEMBER: &str = "\
结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,代金券,客户应付,单据类型,原结算单号
J3,W1,2026-11-05 10:00,粤B00001,王一,李明,0,-231.20,-50,-181.20,负结算,J1
";
const RECEIPTS: &str = "\
收据号,收款时间,收银员,业务单号,车牌号,付款人,收款方式,收款金额
S1,2026-10-12 11:40,王芳,W1,粤B00001,王一,微信,181.20
S2,2026-10-05 12:00,王芳,X1,,散客,微信,60.00
";
const RECEIPTS_NOVEMBER: &str = "\
收据号,收款时间,收银员,业务单号,车牌号,付款人,收款方式,收款金额
S3,2026-11-02 09:00,王芳,W2,粤B00002,李二,微信,176.00
S4,2026-11-05 10:05,王芳,W1,粤B00001,王一,微信,-181.20
";
const SALES: &str = "\
销售单号,行号,销售时间,客户,配件编号,配件名称,类别,数量,成本价,单价,金额
X1,1,2026-10-05 12:00,散客,P1,机油滤芯,备件,2,16.36,30.00,60.00
";
const SCRAP: &str = "\
报废单号,报废日期,类别,配件编号,物品,数量,单位,金额,收购方
B1,2026-10-20,配件报废,P1,机油滤芯,1,个,0,
F1,2026-10-31,废油,,废机油,100,千克,210.00,再生公司
";
/// W1 is supplied at once, W2 in part, W3 waits for ten of which eight lie there.
const REQUESTS: &str = "\
委托单号,配件编号,需求时间,需求数量,即时满足数量
W1,P1,2026-10-12 08:30,4,4
W1,C1,2026-10-12 08:30,1,1
W2,C1,2026-10-15 08:30,2,1
W3,P1,2026-10-30 08:30,10,0
";
const COUNTS: &str = "\
盘点日期,配件编号,账面数量,实盘数量
2026-10-31,P1,8,8
2026-10-31,P2,3,3
2026-10-31,C1,17,16
";
/// V1 holds to the end of October, V3 to the day before.
const VOUCHERS: &str = "\
券号,面额,发放日期,到期日,车牌号,使用委托单号,使用时间
V1,50,2026-09-05,2026-10-31,粤B00004,,
V2,50,2026-10-03,2027-03-31,粤B00001,W1,2026-10-12 11:30
V3,100,2026-09-05,2026-10-30,粤B00005,,
";
const ACCESSORIES: &str = "\
单号,日期,精品编号,精品名称,类别,数量,成本价,单价,金额
JC1,2026-09-30,A1,脚垫,期初,5,100,,500
JC2,2026-10-03,A1,脚垫,采购入库,3,110,,330
JC3,2026-10-08,A1,脚垫,销售,2,100,250,500
JC4,2026-10-09,A1,脚垫,赠送,1,100,,0
JC5,2026-10-31,A1,脚垫,领用,1,100,,0
";

/// The shop as it stood at the end of October.
fn october() -> Shop {
    let shop = Shop::init();
    let files = [
        ("配件库存_20260930.csv", STOCK_SEPTEMBER),
        ("配件库存_20261031.csv", STOCK_OCTOBER),
        ("配件入库_202610.csv", RECEIVED),
        ("维修委托书_20261031.csv", ORDERS),
        ("用料明细_20261031.csv", LINES),
        ("结算单_20261031.csv", SETTLEMENTS),
        ("收银流水_20261031.csv", RECEIPTS),
        ("配件销售单_20261031.csv", SALES),
        ("报废登记_202610.csv", SCRAP),
        ("领料需求_20261031.csv", REQUESTS),
        ("配件盘点_20261031.csv", COUNTS),
        ("代金券_202610.csv", VOUCHERS),
        ("精品进销存_202610.csv", ACCESSORIES),
    ];
    for (name, text) in files {
        shop.put(name, text);
    }
    shop
}

/// A figure of a month as the manifest has it: a whole number, or numerator and denominator.
fn figure(manifest: &Value, month: &str, id: &str) -> (i64, i64) {
    let value = &manifest["figures"][month][id];
    let whole = value.as_object().and_then(|v| v.iter().find(|(name, _)| name.starts_with("value")));
    match (whole, value["numerator"].as_i64(), value["denominator"].as_i64()) {
        (Some((_, number)), ..) => (number.as_i64().unwrap(), 1),
        (None, Some(numerator), Some(denominator)) => (numerator, denominator),
        _ => panic!("{month} {id}: {value}"),
    }
}

#[track_caller]
fn are(manifest: &Value, month: &str, expected: &[(&str, i64)]) {
    for (id, number) in expected {
        assert_eq!(figure(manifest, month, id), (*number, 1), "{id}");
    }
}

/// A rate is this fraction.
#[track_caller]
fn is_rate(manifest: &Value, month: &str, id: &str, (above, below): (i64, i64)) {
    let (numerator, denominator) = figure(manifest, month, id);
    assert!(denominator != 0, "{id} is not known");
    assert_eq!(i128::from(numerator) * i128::from(below), i128::from(above) * i128::from(denominator), "{id}");
}

type Row = BTreeMap<String, String>;

#[track_caller]
fn row<'a>(rows: &'a [Row], heading: &str, value: &str) -> &'a Row {
    rows.iter().find(|row| row[heading] == value).unwrap_or_else(|| panic!("no {value} in {rows:#?}"))
}

#[track_caller]
fn shows(row: &Row, expected: &[(&str, &str)]) {
    for (heading, value) in expected {
        assert_eq!(row.get(*heading).map(String::as_str), Some(*value), "{heading} of {row:#?}");
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The tests.

#[test]
fn the_store_in_october() {
    let shop = october();
    shop.publish("2026-10-31");
    let manifest = shop.manifest("2026-10-31");
    let book = Book::open(&shop.folder("2026-10-31").join("配件月报.xlsx"));

    let parts = book.list("收发存", "按配件：数量");
    let values = book.list("收发存", "按配件：金额");
    // 10 + 5 − 4 − 2 − 1 = 8; 163.60 + 82.00 − 65.44 − 32.72 − 16.36 = 131.08 against 130.88.
    let filter = row(&parts, "配件编号", "P1");
    let moved =
        [("期初数量", "10"), ("入库数量", "5"), ("维修出库数量", "4"), ("销售出库数量", "2"), ("报废数量", "1")];
    shows(filter, &moved);
    shows(filter, &[("差异数量", "0"), ("期末数量", "8"), ("差异说明", "成本价变动或尾差")]);
    shows(row(&values, "配件编号", "P1"), &[("入库金额", "82"), ("差异金额", "-0.2"), ("期末金额", "130.88")]);
    let care = row(&parts, "配件编号", "C1");
    shows(care, &[("差异数量", "-1"), ("盘点盈亏", "-1"), ("差异说明", "盘点盈亏")]);
    shows(row(&values, "配件编号", "C1"), &[("差异金额", "-27.6")]);
    shows(row(&values, "配件编号", "P2"), &[("期初金额", "1057.8"), ("期末金额", "1057.8"), ("差异说明", "")]);

    // Snapshots 1773.40 and 1630.28, cost out 65.44 + 27.60 + 55.20 + 32.72 = 180.96, 31 days.
    are(&manifest, "2026-10", &[("stock_value", 163_028), ("parts_cost_issued", 18_096), ("scrap_value", 1_636)]);
    is_rate(&manifest, "2026-10", "stock_days", ((177_340 + 163_028) * 31, 2 * 18_096));
    is_rate(&manifest, "2026-10", "stock_months", (177_340 + 163_028, 2 * 18_096));
    is_rate(&manifest, "2026-10", "scrap_rate", (1_636 * 2, 177_340 + 163_028));
    // Records of half a month are no twelve months.
    assert_eq!(figure(&manifest, "2026-10", "stock_turnover").1, 0);

    // Never issued and in since September 2025: dead.
    is_rate(&manifest, "2026-10", "dead_stock_share", (105_780, 163_028));
    is_rate(&manifest, "2026-10", "slow_stock_share", (105_780, 163_028));
    let idle = book.list("呆滞积压", "关注、滞销与呆滞");
    assert_eq!(idle.len(), 1, "{idle:#?}");
    shows(&idle[0], &[("配件编号", "P2"), ("积压期(天)", "425"), ("最近出库", ""), ("最近入库", "2025-09-01")]);

    is_rate(&manifest, "2026-10", "count_accuracy", (2, 3));
    is_rate(&manifest, "2026-10", "count_difference_rate", (-2_760, 165_788));
    shows(row(&book.list("盘点", "本月盘点"), "配件编号", "C1"), &[("单据推算(卡)", "16"), ("盈亏金额", "-27.6")]);

    // 143.20 + 88.00 + 60.00 + 176.00 sold: P1 203.20 (44 %), C1 264.00 (56 %). P1 begins at 56 % of all, below 80 %.
    let classes = book.list("ABC分类", "按配件");
    shows(row(&classes, "配件编号", "C1"), &[("ABC", "A"), ("12个月销售额", "264")]);
    shows(row(&classes, "配件编号", "P1"), &[("ABC", "A"), ("12个月销售额", "203.2")]);
    shows(row(&classes, "配件编号", "P2"), &[("ABC", "D"), ("12个月销售额", "0")]);
}

#[test]
fn what_orders_asked_for() {
    let shop = october();
    shop.publish("2026-10-31");
    let manifest = shop.manifest("2026-10-31");
    is_rate(&manifest, "2026-10", "fill_rate_at_once", (6, 17));
    is_rate(&manifest, "2026-10", "order_fill_rate", (1, 3));
    are(&manifest, "2026-10", &[("requests_short", 2), ("parts_short", 1)]);

    let book = Book::open(&shop.folder("2026-10-31").join("售后日报.xlsx"));
    let waiting = book.list("配件预警与缺货", "在修缺料");
    assert_eq!(waiting.len(), 1, "{waiting:#?}");
    shows(&waiting[0], &[("委托单号", "W3"), ("待发数量", "10"), ("现有库存", "8"), ("在途", "20"), ("状态", "缺料")]);
    // Used 6 in the 27 days that are known, 5 to 31 October: 7 days use 1.6, so 2 at least; 60 days 13.3, so 14. What is
    // wanted up to there, 14 + 10 − 8, is on order.
    let low = book.list("配件预警与缺货", "低于下限、负库存");
    shows(
        row(&low, "配件编号", "P1"),
        &[("下限", "2"), ("上限", "14"), ("缺口", "2"), ("补至上限", "0"), ("状态", "缺料")],
    );
}

#[test]
fn parts_sold_by_where_they_went() {
    let shop = october();
    shop.publish("2026-10-31");
    let manifest = shop.manifest("2026-10-31");
    let sold = [("parts_sold", 46_720), ("parts_sold_workshop", 40_720), ("parts_sold_counter", 6_000)];
    are(&manifest, "2026-10", &sold);
    are(&manifest, "2026-10", &[("parts_sold_internal", 0), ("scrap_proceeds", 21_000)]);
    let book = Book::open(&shop.folder("2026-10-31").join("月结报表.xlsx"));
    // One name for each number: a line that calls it otherwise makes no second row.
    let parts = book.list("配件销售明细", "按配件");
    assert_eq!(parts.len(), 2, "{parts:#?}");
    shows(row(&parts, "配件编号", "C1"), &[("配件名称", "燃油宝"), ("配件销售数量", "3"), ("配件销售额", "264")]);
    let kinds = book.list("废品废油统计", "按类别");
    shows(row(&kinds, "类别", "废油"), &[("出售", "100"), ("期末", ""), ("处置收入", "210")]);
    shows(row(&kinds, "类别", "配件报废"), &[("产生/报废", "1"), ("期末", "1"), ("处置收入", "0")]);
}

#[test]
fn care_commission_is_earned_when_collected_and_taken_back_by_a_reversal() {
    let shop = october();
    shop.publish("2026-10-31");
    // W1 is settled and paid on the 12th, 88.00 × 5 %; W2 is settled and not paid.
    let manifest = shop.manifest("2026-10-31");
    are(&manifest, "2026-10", &[("care_revenue", 8_800), ("care_commission", 440), ("care_waiting", 880)]);
    let book = Book::open(&shop.folder("2026-10-31").join("月结报表.xlsx"));
    let earned = book.list("养护产品提成", "按技师");
    assert_eq!(earned.len(), 1, "{earned:#?}");
    shows(&earned[0], &[("领料技师", "石磊"), ("养护品提成", "4.4")]);
    let waiting = book.list("提成明细", "已结算未收款，待计提");
    shows(row(&waiting, "委托单号", "W2"), &[("状态", "未收款"), ("提成金额", "8.8")]);

    // In November W2 is paid, and W1 is reversed and refunded.
    shop.put("结算单_20261130.csv", SETTLEMENTS_NOVEMBER);
    shop.put("收银流水_20261130.csv", RECEIPTS_NOVEMBER);
    shop.publish("2026-11-30");
    let manifest = shop.manifest("2026-11-30");
    are(&manifest, "2026-11", &[("care_earned", 880), ("care_taken_back", -440), ("care_commission", 440)]);
    let book = Book::open(&shop.folder("2026-11-30").join("月结报表.xlsx"));
    let lines = book.list("提成明细", "本月计提与扣回");
    shows(row(&lines, "委托单号", "W1"), &[("计提日期", "2026-11-05"), ("计提/扣回", "扣回"), ("提成金额", "-4.4")]);
    shows(row(&lines, "委托单号", "W2"), &[("计提日期", "2026-11-02"), ("计提/扣回", "计提"), ("提成金额", "8.8")]);
    // October, made again, says what it said.
    shop.publish("2026-10-31");
    are(&shop.manifest("2026-10-31"), "2026-10", &[("care_commission", 440), ("care_waiting", 880)]);
}

#[test]
fn care_commission_does_not_wait_for_rounding_nor_for_overpaid_money() {
    let paid = |w1: &str, w2: &str| {
        let shop = october();
        let receipts =
            RECEIPTS.replacen("181.20", w1, 1) + &format!("S9,2026-10-30 09:00,王芳,W2,粤B00002,李二,微信,{w2}\n");
        shop.put("收银流水_20261031.csv", receipts);
        shop.publish("2026-10-31");
        shop.manifest("2026-10-31")
    };
    // Of 181.20 twenty fen are left, of 176.00 nothing: paid twice over is paid.
    are(&paid("181.00", "352.00"), "2026-10", &[("care_commission", 1_320), ("care_waiting", 0)]);
    // One yuan is rounding, a fen more is not.
    are(&paid("180.20", "174.99"), "2026-10", &[("care_commission", 440), ("care_waiting", 880)]);
}

#[test]
fn a_registered_rate_goes_before_the_usual_one() {
    let shop = october();
    shop.put("养护品提成标准.csv", "产品编号,产品名称,提成比例,每瓶提成\nC1,燃油宝,,6.50\n");
    shop.publish("2026-10-31");
    are(&shop.manifest("2026-10-31"), "2026-10", &[("care_commission", 650), ("care_waiting", 1_300)]);
}

#[test]
fn a_voucher_holds_to_the_end_of_its_last_day() {
    let shop = october();
    shop.publish("2026-10-31");
    let faces = |date: &str| Book::open(&shop.folder(date).join("月结报表.xlsx")).list("代金券统计", "按面额");
    let october = faces("2026-10-31");
    let fifty = [("期初张数", "1"), ("发放张数", "1"), ("使用张数", "1"), ("过期张数", "0"), ("期末张数", "1")];
    shows(row(&october, "面额", "50"), &fifty);
    shows(row(&october, "面额", "100"), &[("期初张数", "1"), ("过期张数", "1"), ("期末金额", "0")]);
    let manifest = shop.manifest("2026-10-31");
    are(&manifest, "2026-10", &[("vouchers_redeemed", 5_000), ("vouchers_deducted", 5_000), ("vouchers_open", 5_000)]);

    shop.publish("2026-11-30");
    let november = faces("2026-11-30");
    shows(row(&november, "面额", "50"), &[("期初张数", "1"), ("使用张数", "0"), ("过期张数", "1"), ("期末张数", "0")]);
    assert!(november.iter().all(|row| row["面额"] != "100"), "{november:#?}");
}

#[test]
fn accessories_foot() {
    let shop = october();
    shop.publish("2026-10-31");
    // 5 + 3 − 2 − 1 − 1 = 4; 500 + 330 − 200 − 100 − 100 = 430.
    let month = Book::open(&shop.folder("2026-10-31").join("配件月报.xlsx")).list("精品收发存", "按精品");
    let moved = [("期初数量", "5"), ("入库数量", "3"), ("销售数量", "2"), ("赠送数量", "1"), ("领用数量", "1")];
    shows(row(&month, "精品编号", "A1"), &moved);
    shows(row(&month, "精品编号", "A1"), &[("期末数量", "4"), ("期末金额", "430"), ("销售额", "500"), ("毛利", "300")]);
    let day = Book::open(&shop.folder("2026-10-31").join("销售日报.xlsx")).list("精品进销存日报", "当日进销存按精品");
    shows(row(&day, "精品编号", "A1"), &[("期初数量", "5"), ("销售数量", "0"), ("领用数量", "1"), ("期末数量", "4")]);
    let manifest = shop.manifest("2026-10-31");
    are(
        &manifest,
        "2026-10",
        &[("accessory_sales", 50_000), ("accessory_profit", 30_000), ("accessory_given", 10_000)],
    );
    is_rate(&manifest, "2026-10", "accessory_margin", (3, 5));
}

/// What is tied holds, and the run says so.
#[test]
fn the_ties_are_control_totals() {
    let shop = october();
    shop.publish("2026-10-31");
    let manifest = shop.manifest("2026-10-31");
    let controls = manifest["control_totals"].as_array().unwrap();
    for report in ["voucher_statement", "care_commission", "accessory_monthly", "parts_sales_monthly", "scrap_and_oil"]
    {
        let of = controls.iter().filter(|c| c["name"].as_str().unwrap().starts_with(&format!("{report}: ")));
        let held: Vec<bool> = of.map(|c| c["holds"].as_bool().unwrap()).collect();
        assert!(!held.is_empty() && held.iter().all(|h| *h), "{report}: {held:?}");
    }
}
