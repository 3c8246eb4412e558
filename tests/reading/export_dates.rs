//! The day that an export speaks for: made in the night after, stamped wrongly, copied, renamed.

use crate::case::{Case, ORDERS, RECEIPTS, SETTLEMENTS};

/// The receipts of the day in the file of the month, with the time at which it says it was made.
fn month_of_receipts(stamp: &str) -> String {
    format!("导出时间：{stamp}\n{}", Case::receipts())
}

/// A file of the month that was made in the night after the day speaks for the day: a corrected amount counts there.
#[test]
fn a_months_export_made_in_the_night_speaks_for_the_day_before() {
    for (stamp, counts) in [("2026-10-21 02:30:00", true), ("2026-10-21 08:10", true), ("2026-10-21 18:00:00", false)] {
        let mut case = Case::new();
        let corrected = month_of_receipts(stamp).replace("56.70", "57.70");
        case.put("收银流水_202610.csv", corrected);
        case.night();
        let held = case.receipt(3).unwrap().0;
        assert_eq!(held, if counts { 5_770 } else { 5_670 }, "{stamp}");
    }
}

/// One that already tells something of the new day is of the new day.
#[test]
fn a_months_export_with_a_row_of_the_new_day_is_of_the_new_day() {
    let mut case = Case::new();
    let more = Case::receipt_row(4, "1.00").replace("2026-10-20 11", "2026-10-21 01");
    let corrected = month_of_receipts("2026-10-21 02:30:00").replace("56.70", "57.70") + &more;
    case.put("收银流水_202610.csv", corrected);
    case.night();
    assert_eq!(case.receipt(3).unwrap().0, 5_670);
}

#[test]
fn a_stamp_before_its_own_rows_is_told_and_not_believed() {
    let mut case = Case::new();
    case.put(RECEIPTS, month_of_receipts("2026-10-01 08:00:00"));
    case.night().ends_with(&[0]);
    let told = case.of_code("stamp_wrong");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0]["file"].as_str(), told[0]["row"].as_str()), (RECEIPTS, "5"));
    assert_eq!(case.order(1).0, "matched");
}

#[test]
fn a_name_before_its_own_rows_is_told() {
    for (name, content, day) in [
        ("收银流水_20261019.csv", Case::receipts(), "2026-10-20"),
        ("结算单_202609.csv", Case::settlements(), "2026-10-20"),
        ("维修委托书 2026-10-01至2026-10-15.csv", Case::orders(), "2026-10-20"),
    ] {
        let mut case = Case::new();
        let own = if name.starts_with("收银") {
            RECEIPTS
        } else if name.starts_with("结算") {
            SETTLEMENTS
        } else {
            ORDERS
        };
        case.without(own).put(name, content);
        case.night_of(day);
        let told = case.of_code("export_stale");
        assert_eq!(told.len(), 1, "{name}: {:#?}", case.findings());
        assert!(told[0]["message"].contains("3 行") && told[0]["file"] == name, "{told:#?}");
    }
}

/// The till is closed after midnight; appointments lie ahead of the list that has them.
#[test]
fn the_night_and_what_is_planned_are_no_fault() {
    let mut case = Case::new();
    let late = Case::receipt_row(4, "1.00").replace("2026-10-20 11", "2026-10-21 00");
    case.put(RECEIPTS, Case::receipts() + &late);
    case.put("预约记录_20261020.csv", "预约单号,预约时间,车牌号,客户名称,是否到店\nY1,2026-10-25 09:00,粤B1,客,否\n");
    case.night();
    assert_eq!(case.of_code("export_stale").len(), 0, "{:#?}", case.findings());
}

/// A copy of every export beside it, and exports under the names of copies: the same figures.
#[test]
fn copies_and_new_names_change_no_figure() {
    let night = |names: &dyn Fn(&str) -> Vec<String>| {
        let mut case = Case::new();
        let files = [(ORDERS, Case::orders()), (SETTLEMENTS, Case::settlements()), (RECEIPTS, Case::receipts())];
        for (name, content) in &files {
            case.without(name);
            for name in names(name.trim_end_matches(".csv")) {
                case.put(&format!("{name}.csv"), content);
            }
        }
        case.night().ends_with(&[0]);
        let manifest = case.manifest();
        ["figures", "totals", "day_totals", "clearing", "checks", "missing"].map(|part| manifest[part].clone())
    };
    let sound = night(&|name| vec![name.to_owned()]);
    for mark in [" (1)", "(2)", " - 副本", " - Copy", "_new", "副本"] {
        assert_eq!(night(&|name| vec![name.to_owned(), format!("{name}{mark}")]), sound, "copied as {mark}");
        assert_eq!(night(&|name| vec![format!("{name}{mark}")]), sound, "renamed to {mark}");
    }
}
