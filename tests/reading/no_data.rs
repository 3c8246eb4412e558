//! A day of which nothing came is never complete.

use serde_json::Value;

use crate::case::{Case, DAY};
use crate::common::Shop;

fn complete(shop: &Shop, day: &str) -> Vec<String> {
    let reports = shop.manifest(day)["reports"].as_array().cloned().unwrap_or_default();
    let complete = reports.iter().filter(|r: &&Value| r["complete"] == true);
    complete.map(|r| r["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn an_empty_inbox_makes_no_complete_report() {
    let shop = Shop::init();
    shop.run(DAY).ends_with(&[3]);
    assert_eq!(complete(&shop, DAY), [""; 0]);
    assert_eq!(shop.findings(DAY).iter().filter(|f| f["code"] == "nothing_came").count(), 1);
}

#[test]
fn the_day_after_the_first_is_not_complete_by_what_came_before() {
    let mut case = Case::new();
    case.night().ends_with(&[0]);
    case.night_of("2026-10-21").ends_with(&[3]);
    assert_eq!(complete(&case.shop, "2026-10-21"), [""; 0]);
}

/// An export that is dated otherwise tells the day by its rows.
#[test]
fn a_day_is_told_by_rows_that_are_dated_on_it() {
    let mut case = Case::new();
    for name in [crate::case::ORDERS, crate::case::SETTLEMENTS, crate::case::RECEIPTS] {
        case.without(name);
    }
    case.put("收银流水_20261021.csv", Case::receipts()).put("结算单.csv", Case::settlements());
    case.put("维修委托书.csv", Case::orders());
    case.night().ends_with(&[0]);
}

/// What comes for the day makes it anew.
#[test]
fn the_day_is_made_again_when_its_exports_have_come() {
    let mut case = Case::new();
    case.shop.run(DAY).ends_with(&[3]);
    case.night_of("2026-10-21").ends_with(&[3]);
    assert!(case.is_complete("cashier_daily"));
}

/// Closed every Sunday: from the second on nobody is reminded, and still no report of it calls itself complete.
#[test]
fn a_day_off_is_not_asked_for_and_not_complete() {
    let shop = Shop::init();
    let receipts = |day: u32| {
        let row = format!("S{day:02},2026-10-{day:02} 11:00:00,钱收,W{day:02},客,转账,10.00,,维修,");
        let name = format!("收银流水_202610{day:02}.csv");
        shop.put(&name, format!("{}\n{row}\n", crate::case::RECEIPT_HEADINGS));
    };
    for day in (5..=24).filter(|day| *day != 11 && *day != 18) {
        receipts(day);
    }
    shop.run("2026-10-11").ends_with(&[3]);
    let second = shop.run("2026-10-18");
    assert!(!second.out.contains("当日没有导出"), "{second:#?}");
    assert!(!complete(&shop, "2026-10-18").contains(&"cashier_daily".to_owned()));
    shop.run("2026-10-17").ends_with(&[0]);
    assert!(complete(&shop, "2026-10-17").contains(&"cashier_daily".to_owned()));
}
