//! The accountant's decisions: rows of the exceptions sheet, dropped back into the inbox.

mod common;

use common::fill::{Edit, fill};
use common::{Ran, Shop, hesuan};

/// Headings of the exceptions sheet as a person would keep them in a copy.
const HEADINGS: &str = "委托单号,收据号,差额,报表日,编号,处理,目标单号,处理金额,处理原因,处理人";

/// Three orders and four receipts: one receipt bears no order's number, one order is 0.50 short, one 80.00 over.
fn shop() -> Shop {
    let shop = Shop::init();
    let put = |name: &str, text: &str| std::fs::write(shop.root.join("inbox").join(name), text).unwrap();
    put(
        "维修委托书_20261012.csv",
        "委托单号,进厂时间,竣工时间,车牌号,车架号,客户名称,服务顾问,维修类型,状态\n\
         W001,2026-10-12 09:00,2026-10-12 10:00,浙A10001,,甲,王,保养,已结算\n\
         W002,2026-10-12 09:10,2026-10-12 10:00,浙A10002,,乙,王,保养,已结算\n\
         W003,2026-10-12 09:20,2026-10-12 10:00,浙A10003,,丙,王,保养,已结算\n",
    );
    put(
        "结算单_20261012.csv",
        "结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,外加工费,优惠金额,免单金额,代金券,抹零,客户应付,三包金额,保险金额,内部金额,结算方式\n\
         J001,W001,2026-10-12 11:00,浙A10001,甲,王,300.00,0,0,0,0,0,0,300.00,0,0,0,现结\n\
         J002,W002,2026-10-12 11:10,浙A10002,乙,王,200.50,0,0,0,0,0,0,200.50,0,0,0,现结\n\
         J003,W003,2026-10-12 11:20,浙A10003,丙,王,100.00,0,0,0,0,0,0,100.00,0,0,0,现结\n",
    );
    put(
        "收银流水_20261012.csv",
        "收据号,收款时间,收银员,业务单号,车牌号,付款人,收款方式,收款金额,款项类型\n\
         SK1,2026-10-12 11:05,秦,W0O1X,浙A10001,甲,微信,300.00,维修款\n\
         SK2,2026-10-12 11:15,秦,W002,浙A10002,乙,微信,200.00,维修款\n\
         SK3,2026-10-12 11:25,秦,W003,浙A10003,丙,微信,100.00,维修款\n\
         SK4,2026-10-12 15:25,秦,W003,浙A10003,丙,微信,80.00,维修款\n",
    );
    let toml = shop.root.join("hesuan.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    assert!(text.contains("write_off = \"5.00\""), "init sets a limit: {text}");
    shop
}

/// Drops a copy of the sheet with these rows.
fn decide(shop: &Shop, name: &str, rows: &[&str]) {
    let text = format!("{HEADINGS}\n{}\n", rows.join("\n"));
    std::fs::write(shop.root.join("inbox").join(name), text).unwrap();
}

fn run(shop: &Shop, date: &str) -> serde_json::Value {
    shop.run(date).ends_with(&[0, 3]);
    shop.manifest(date)
}

/// Number and difference of each category, and decisions that do not fit.
fn stands(manifest: &serde_json::Value) -> Vec<(String, i64, i64)> {
    let counts = manifest["clearing"]["counts"].as_object().unwrap();
    let mut found: Vec<(String, i64, i64)> = counts
        .iter()
        .filter(|(_, n)| n.as_i64() != Some(0))
        .map(|(id, n)| (id.clone(), n.as_i64().unwrap(), manifest["clearing"]["diff_fen"][id].as_i64().unwrap_or(0)))
        .collect();
    let unfit = manifest["checks"]["decision_unfit"].as_i64().unwrap();
    found.extend((unfit > 0).then(|| ("unfit".to_owned(), unfit, 0)));
    found
}

fn expected(rows: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    rows.iter().map(|(id, n, fen)| ((*id).to_owned(), *n, *fen)).collect()
}

const UNTOUCHED: [(&str, i64, i64); 4] =
    [("overpaid", 1, 8000), ("rounding", 1, -50), ("unknown_order", 1, 30000), ("unpaid", 1, -30000)];

#[test]
fn decisions_take_effect_and_survive() {
    let shop = shop();
    assert_eq!(stands(&run(&shop, "2026-10-12")), expected(&UNTOUCHED));
    decide(
        &shop,
        "处理.csv",
        &[
            ",SK1,300.00,2026-10-12,R:SK1,归属,w001,,单号写错,张三",
            "W002,SK2,-0.50,2026-10-12,O:W002,核销,,,尾差,张三",
            "W003,SK3 SK4,80.00,2026-10-12,O:W003,说明,,,客户多付、下次抵用,张三",
        ],
    );
    let before = run(&shop, "2026-10-12");
    assert_eq!(stands(&before), expected(&[("matched", 2, 0), ("overpaid", 1, 8000)]));
    assert_eq!(before["totals"]["received_fen"], 68000, "no decision changes what was received");
    assert_eq!(before["totals"]["customer_due_fen"], 60050);
    let later = run(&shop, "2026-10-14");
    assert_eq!(stands(&later), stands(&before), "they hold on later dates");
    let mut explain = hesuan();
    explain.arg("explain").arg(&shop.root).args(["W001", "--as-of", "2026-10-14"]);
    let story = Ran::of(&explain.output().unwrap()).ends_with(&[0]);
    assert!(story.out.contains("归属 300.00 → W001：单号写错（张三 2026-10-12）"), "{}", story.out);
    assert!(story.out.contains("处理.csv:2"), "{}", story.out);
}

#[test]
fn a_part_of_a_receipt_moves_between_orders() {
    let shop = shop();
    decide(
        &shop,
        "处理.csv",
        &[
            "W003,SK3 SK4,80.00,2026-10-12,O:W003,归属,W001,80,付在别的单上,张三",
            ",SK1,300.00,2026-10-12,R:SK1,归属,W001,220,单号写错,张三",
        ],
    );
    let manifest = run(&shop, "2026-10-12");
    // W001: 220 + 80 of 300; SK1 keeps 80.
    assert_eq!(stands(&manifest), expected(&[("matched", 2, 0), ("rounding", 1, -50), ("unknown_order", 1, 8000)]));
    assert_eq!(manifest["totals"]["received_fen"], 68000);
}

#[test]
fn what_does_not_fit_moves_nothing_and_says_why() {
    let shop = shop();
    decide(
        &shop,
        "处理.csv",
        &[
            ",SK1,299.00,2026-10-12,R:SK1,归属,W001,,金额看错,张三",
            ",SK9,300.00,2026-10-12,R:SK9,归属,W001,,没有的收据,张三",
            "W002,SK2,-0.50,2026-10-12,O:W002,核销,,,,张三",
            "W003,SK3 SK4,80.00,2026-10-12,O:W003,核销,,,太多,张三",
            "W001,,-300.00,2026-10-12,O:W001,归属,W404,,无此单,张三",
        ],
    );
    let manifest = run(&shop, "2026-10-12");
    let mut all = UNTOUCHED.to_vec();
    all.push(("unfit", 5, 0));
    assert_eq!(stands(&manifest), expected(&all));
    let csv = std::fs::read_to_string(shop.root.join("reports/2026-10-12/exceptions.csv")).unwrap();
    for words in ["处理时 299.00，现为 300.00", "没有此编号", "未填处理原因", "超过核销上限 5.00", "目标单号不存在"]
    {
        assert!(csv.contains(words), "{words} is not in\n{csv}");
    }
}

#[test]
fn an_earlier_decision_stands_until_it_is_withdrawn() {
    let shop = shop();
    decide(&shop, "处理1.csv", &[",SK1,300.00,2026-10-12,R:SK1,归属,W001,,单号写错,张三"]);
    run(&shop, "2026-10-12");
    decide(&shop, "处理2.csv", &[",SK1,300.00,2026-10-12,R:SK1,归属,W003,,再想想,李四"]);
    let both = run(&shop, "2026-10-12");
    assert_eq!(
        stands(&both),
        expected(&[("matched", 1, 0), ("overpaid", 1, 8000), ("rounding", 1, -50), ("unfit", 1, 0)])
    );
    decide(&shop, "处理3.csv", &[",,,2026-10-12,R:SK1,撤回,,,都不对,李四"]);
    assert_eq!(stands(&run(&shop, "2026-10-12")), expected(&UNTOUCHED));
    decide(&shop, "处理4.csv", &[",SK1,300.00,2026-10-12,R:SK1,归属,W003,,确认,李四"]);
    let last = run(&shop, "2026-10-12");
    assert_eq!(stands(&last), expected(&[("overpaid", 1, 38000), ("rounding", 1, -50), ("unpaid", 1, -30000)]));
}

#[test]
fn twice_and_in_another_order_is_the_same() {
    let rows = [
        ",SK1,300.00,2026-10-12,R:SK1,归属,W001,220,单号写错,张三",
        "W002,SK2,-0.50,2026-10-12,O:W002,核销,,,尾差,张三",
        "W003,SK3 SK4,80.00,2026-10-12,O:W003,归属,W001,80,付在别的单上,张三",
    ];
    let (one, other) = (shop(), shop());
    decide(&one, "a.csv", &rows);
    let first = run(&one, "2026-10-12");
    for (at, row) in rows.iter().rev().enumerate() {
        decide(&other, &format!("b{at}.csv"), &[row, rows[1]]);
        run(&other, "2026-10-12");
    }
    let second = run(&other, "2026-10-12");
    for part in ["clearing", "totals", "checks"] {
        assert_eq!(first[part], second[part], "{part}");
    }
}

#[test]
fn the_whole_workbook_of_an_old_revision_is_read() {
    let shop = shop();
    run(&shop, "2026-10-12");
    shop.put(
        "收银流水_20261012b.csv",
        "收据号,收款时间,收银员,业务单号,车牌号,付款人,收款方式,收款金额,款项类型\n\
         SK5,2026-10-12 16:25,秦,W003,浙A10003,丙,微信,-80.00,退款\n",
    );
    assert_eq!(run(&shop, "2026-10-12")["revision"], 2);
    let old = shop.reports().join(".revisions/2026-10-12/1/收银与销号.xlsx");
    let edits = [
        "异常处理 | 编号=R:SK1 | 处理=归属, 目标单号=W001, 处理原因=单号写错, 处理人=张三",
        // 80.00 too much when that workbook was made; it has been refunded since.
        "异常处理 | 编号=O:W003 | 处理=归属, 目标单号=W002, 处理金额=80, 处理原因=转单, 处理人=张三",
    ];
    fill(&old, &shop.inbox().join("旧版.xlsx"), &edits.map(Edit::read));
    let after = run(&shop, "2026-10-12");
    assert_eq!(stands(&after), expected(&[("matched", 2, 0), ("rounding", 1, -50), ("unfit", 1, 0)]));
    let told = shop.exceptions("2026-10-12");
    let unfit = told.iter().find(|row| row["code"] == "decision_unfit").unwrap();
    assert!(unfit["detail"].contains("处理时 80.00，现为 0.00"), "{unfit:?}");
}

#[test]
fn decisions_of_an_english_workbook_are_read() {
    let shop = shop();
    let toml = shop.root.join("hesuan.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, text.replace("lang = \"zh\"", "lang = \"en\"")).unwrap();
    run(&shop, "2026-10-12");
    let book = shop.folder("2026-10-12").join("Cashier and clearing.xlsx");
    let edits = [
        "Exceptions | Id=R:SK1 | Decision=assign, Target order=W001, Reason=typing error, Decided by=Ann",
        "Exceptions | Id=O:W002 | Decision=write_off, Reason=small change, Decided by=Ann",
    ];
    fill(&book, &shop.inbox().join("decisions.xlsx"), &edits.map(Edit::read));
    assert_eq!(stands(&run(&shop, "2026-10-12")), expected(&[("matched", 2, 0), ("overpaid", 1, 8000)]));
}

#[test]
fn a_decision_is_an_input_of_its_date_and_never_due_by_habit() {
    let shop = shop();
    for day in 13..=24 {
        decide(
            &shop,
            &format!("处理_202610{day}.csv"),
            &[&format!("W003,SK3 SK4,80.00,2026-10-12,O:W003,说明,,,第{day}次核对,张三")],
        );
        run(&shop, &format!("2026-10-{day}"));
    }
    let before = run(&shop, "2026-10-12");
    let names: Vec<&str> = before["inputs"].as_array().unwrap().iter().map(|i| i["file"].as_str().unwrap()).collect();
    assert!(names.contains(&"处理_20261013.csv"), "{names:?}");
    let missed = run(&shop, "2026-10-25");
    let said = missed["missing"].to_string();
    assert!(!said.contains("处理"), "{said}");
}

#[test]
fn what_is_decided_again_at_another_difference_is_no_repetition() {
    let shop = shop();
    decide(&shop, "处理1.csv", &["W003,SK3 SK4,80.00,2026-10-12,O:W003,说明,,,客户多付,张三"]);
    run(&shop, "2026-10-12");
    shop.put(
        "收银流水_20261013.csv",
        "收据号,收款时间,收银员,业务单号,车牌号,付款人,收款方式,收款金额,款项类型\n\
         SK6,2026-10-13 09:25,秦,W003,浙A10003,丙,微信,-30.00,退款\n",
    );
    assert_eq!(run(&shop, "2026-10-13")["checks"]["decision_unfit"], 1, "80.00 has become 50.00");
    decide(&shop, "处理2.csv", &["W003,SK3 SK4 SK6,50.00,2026-10-13,O:W003,说明,,,客户多付,张三"]);
    assert_eq!(run(&shop, "2026-10-13")["checks"]["decision_unfit"], 0, "the newest word counts");
    // A write-off at another difference does not pass for the first one either: it must be withdrawn.
    decide(&shop, "处理3.csv", &["W002,SK2,-0.40,2026-10-13,O:W002,核销,,,尾差,张三"]);
    decide(&shop, "处理4.csv", &["W002,SK2,-0.50,2026-10-13,O:W002,核销,,,尾差,张三"]);
    let told = run(&shop, "2026-10-13");
    assert_eq!(told["checks"]["decision_unfit"], 2);
    assert_eq!(told["clearing"]["counts"]["rounding"], 1);
}

#[test]
fn a_withdrawal_of_nothing_can_be_explained() {
    let shop = shop();
    decide(&shop, "处理1.csv", &[",,,2026-10-12,R:SK2,撤回,,,误选,张三"]);
    let manifest = run(&shop, "2026-10-12");
    assert_eq!(manifest["checks"]["decision_unfit"], 1);
    let book = shop.folder("2026-10-12").join("收银与销号.xlsx");
    let edit = Edit::read("异常处理 | 编号=K:decision_unfit::SK2:2026-10-12 | 处理=说明, 处理原因=误选, 处理人=张三");
    fill(&book, &shop.inbox().join("处理2.xlsx"), &[edit]);
    assert_eq!(run(&shop, "2026-10-12")["checks"]["decision_unfit"], 1, "and no second one for the explanation");
    let rows = common::books::Book::open(&book).text("异常处理");
    let row = rows.iter().find(|row| row.first().is_some_and(|cell| cell == "处理不再适用")).unwrap();
    assert!(row.iter().any(|cell| cell == "说明：误选（张三 2026-10-12）"), "{row:?}");
}
