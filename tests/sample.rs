//! `hesuan sample`, then `hesuan run`: what was planted is found, and nothing else.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use common::exports::{Kind, rows};
use common::{Record, Shop, number, records, same_tree, tree};
use serde_json::Value;

const END: &str = "2026-10-31";

const CATEGORIES: [&str; 10] = [
    "unknown_order",
    "deposit",
    "reversed_not_refunded",
    "rounding",
    "duplicate_receipt",
    "overpaid",
    "loan_pending",
    "on_account",
    "unpaid",
    "underpaid",
];

/// What stands in a report and is no exception.
const SHOWN: [&str; 6] =
    ["file_missing", "file_gap", "file_differs", "visit_not_entered", "part_short", "count_differs"];

fn planted(shop: &Shop) -> Vec<Record> {
    records(&shop.root.join("planted.csv"))
}

fn is_category(kind: &str) -> bool {
    CATEGORIES.contains(&kind)
}

/// What names an exception: kind, whom it is about and its amount.
type Named = (String, String, i64);

/// The planted rows that must be found at the end.
fn expected(shop: &Shop) -> BTreeSet<Named> {
    let mut expected = BTreeSet::new();
    for row in planted(shop) {
        let kind = row["kind"].as_str();
        let cleared = is_category(kind) && row["note"].starts_with("cleared");
        if kind == "export_defect" || SHOWN.contains(&kind) || cleared {
            continue;
        }
        let amount = number(&row, "amount_fen").unwrap();
        let whom = match kind {
            "unknown_order" => row["receipt_no"].clone(),
            "cash_over" | "cash_short" => row["note"].trim_start_matches("cashier ").to_owned(),
            _ if row["order_no"].is_empty() => first_word(&row["note"]),
            _ => row["order_no"].clone(),
        };
        expected.insert((kind.to_owned(), whom, amount.abs()));
    }
    expected
}

/// What names an exception that is about no order: a number, a cashier, a part.
fn first_word(text: &str) -> String {
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn found(shop: &Shop) -> BTreeSet<Named> {
    let named = |row: &Record| {
        let kind = row["code"].as_str();
        let whom = match kind {
            "unknown_order" => row["receipt_no"].clone(),
            _ if row["order_no"].is_empty() => first_word(&row["detail"]),
            _ => row["order_no"].clone(),
        };
        // A planted amount says how much is wrong, an exception's also which way.
        (kind.to_owned(), whom, number(row, "amount_fen").unwrap().abs())
    };
    shop.exceptions(END).iter().map(named).collect()
}

fn all_that_was_planted_is_found_and_nothing_else(shop: &Shop) {
    let (expected, found) = (expected(shop), found(shop));
    let missing: Vec<&Named> = expected.difference(&found).collect();
    let unexpected: Vec<&Named> = found.difference(&expected).collect();
    assert!(missing.is_empty() && unexpected.is_empty(), "not found: {missing:#?}\nnot planted: {unexpected:#?}");
    assert_eq!(shop.exceptions(END).len(), found.len(), "each is listed once");
}

/// A difference that is too much has a plus, one that is too little a minus.
fn signs_say_which_way(shop: &Shop) {
    for row in shop.exceptions(END) {
        let amount = number(&row, "amount_fen").unwrap();
        match row["code"].as_str() {
            "unpaid" | "on_account" | "underpaid" | "loan_pending" | "cash_short" => assert!(amount < 0, "{row:?}"),
            "overpaid" | "duplicate_receipt" | "deposit" | "reversed_not_refunded" | "cash_over" => {
                assert!(amount > 0, "{row:?}");
            }
            _ => {}
        }
    }
}

fn every_defect_of_a_file_is_a_finding(shop: &Shop) {
    let findings = shop.findings(END);
    let files: BTreeSet<&str> = findings.iter().map(|row| row["file"].as_str()).collect();
    for row in planted(shop).iter().filter(|row| row["kind"] == "export_defect") {
        let (file, what) = row["note"].split_once(": ").unwrap();
        // A copy changes nothing and a stray blank is read over; both need nobody.
        if what.starts_with("the same file as") || what.starts_with("full-width") {
            continue;
        }
        assert!(files.contains(file), "no finding for {file}: {what}; there are {files:?}");
    }
}

/// What hesuan says of the default sample is exactly what was planted.
#[test]
fn the_samples_faults_are_found_and_nothing_else() {
    let shop = Shop::sample(&[]);
    shop.publish(END);
    all_that_was_planted_is_found_and_nothing_else(&shop);
    signs_say_which_way(&shop);
    every_defect_of_a_file_is_a_finding(&shop);
}

#[test]
fn every_export_of_the_sample_is_known_and_none_is_missing() {
    let group = Shop::sample(&["--shops", "2"]);
    for name in ["S01", "S02"] {
        let shop = Shop::at(&group.root.join(name));
        shop.publish(END);
        let unknown: Vec<String> = shop
            .findings(END)
            .into_iter()
            .filter(|row| row["code"] == "export_unknown" && row["file"] != "readme.txt")
            .map(|row| row["file"].clone())
            .collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
        assert_eq!(shop.manifest(END)["missing"], serde_json::json!([]), "{name}");
    }
}

/// The second shop's system has other headings, formats and shapes.
#[test]
fn the_second_shops_faults_are_found_as_well() {
    let group = Shop::sample(&["--shops", "2"]);
    let shop = Shop::at(&group.root.join("S02"));
    shop.publish(END);
    all_that_was_planted_is_found_and_nothing_else(&shop);
    signs_say_which_way(&shop);
    every_defect_of_a_file_is_a_finding(&shop);
}

#[test]
fn the_committed_sample_is_what_the_generator_writes() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data");
    if !committed.join("inbox").exists() {
        eprintln!("skipped: {} is not there", committed.display());
        return;
    }
    let shop = Shop::sample(&[]);
    let mut held = tree(&committed);
    // What a run made of it is not committed.
    held.retain(|name, _| !name.starts_with("ledger/") && !name.starts_with("reports/"));
    held.remove(".gitignore");
    same_tree(&held, &tree(&shop.root));
}

#[test]
fn a_second_run_says_nothing_takes_nothing_and_changes_no_byte() {
    let shop = Shop::sample(&["--days", "12", "--orders-per-day", "5"]);
    let first = shop.publish(END);
    assert!(first.out.contains("收取新文件"), "{}", first.out);
    let before = shop.published();
    let again = shop.run(END).ends_with(&[first.code.unwrap()]);
    assert_eq!(again.err, "");
    if again.code == Some(0) {
        assert_eq!(again.out, "");
    }
    same_tree(&before, &shop.published());
    let outcome: Value = serde_json::from_str(&shop.run_with(&["--as-of", END, "--json"]).out).unwrap();
    assert_eq!((&outcome["files_taken"], &outcome["dates"][0]["published"]), (&Value::from(0), &Value::from(false)));
}

// ---------------------------------------------------------------------------------------------------------------------
// The same facts in files of other kinds.

const ORDERS: &str = "\
委托单号,进厂时间,竣工时间,车牌号,车架号,客户名称,服务顾问,维修类型,工单状态
W001,2026-10-30 08:00:00,2026-10-30 11:00:00,浙A10001,LVIN0000000000001,张三,王强,保养,已结算
W002,2026-10-30 09:00:00,2026-10-30 12:00:00,浙A10002,LVIN0000000000002,李四,王强,一般维修,已结算
W003,2026-10-31 08:30:00,2026-10-31 15:00:00,浙A10003,LVIN0000000000003,王五,赵丽,事故,已结算
W004,2026-10-31 10:00:00,,浙A10004,LVIN0000000000004,赵六,赵丽,保养,在修
";

const SETTLEMENTS: &str = "\
结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,客户应付,结算方式
J001,W001,2026-10-30 11:30:00,浙A10001,张三,王强,100.10,200.20,300.30,现结
J002,W002,2026-10-30 12:30:00,浙A10002,李四,王强,80.00,0.05,80.05,现结
J003,W003,2026-10-31 15:30:00,浙A10003,王五,赵丽,1234.56,8765.44,10000.00,挂账
合计,,,,,,1414.66,8965.69,10380.35,
";

const RECEIPTS: &str = "\
收据号,收款时间,收银员,收款方式,收款金额,业务单号,车牌号,付款人
R001,2026-10-30 11:40:00,林芳,微信,300.30,W001,浙A10001,张三
R002,2026-10-31 09:00:00,林芳,现金,79.05,W002,浙A10002,李四
R003,2026-10-31 09:30:00,何静,现金,50.00,W004,浙A10004,赵六
R004,2026-10-31 16:00:00,何静,刷卡,12.34,W999,浙A10009,孙七
合计,,,,441.69,,,
";

/// Counts, sums and figures: all that must not depend on how the facts came.
fn what_matters(shop: &Shop) -> BTreeMap<&'static str, Value> {
    let manifest = shop.manifest(END);
    assert_eq!(manifest["findings"]["by_code"], serde_json::json!({}), "{:#?}", shop.findings(END));
    ["clearing", "checks", "totals", "day_totals", "figures", "control_totals"]
        .map(|part| (part, manifest[part].clone()))
        .into()
}

#[test]
fn the_same_facts_in_files_of_another_kind_give_the_same_numbers() {
    let of = |kind: Kind| {
        let shop = Shop::init();
        for (name, text) in [("维修委托书", ORDERS), ("结算单", SETTLEMENTS), ("收银流水", RECEIPTS)] {
            shop.put(&format!("{name}_20261031.{}", kind.ending()), kind.file(&rows(text)));
        }
        shop.publish(END);
        what_matters(&shop)
    };
    let first = of(Kind::CsvUtf8);
    let counts = &first["clearing"]["counts"];
    for (category, count) in
        [("matched", 1), ("underpaid", 0), ("rounding", 1), ("on_account", 1), ("deposit", 1), ("unknown_order", 1)]
    {
        assert_eq!(counts[category], count, "{category}");
    }
    for kind in Kind::ALL {
        assert_eq!(of(kind), first, "{kind:?}");
    }
}

#[test]
fn a_file_in_two_halves_or_under_another_name_gives_the_same_numbers() {
    let shop = |files: &[(&str, &str)]| {
        let shop = Shop::init();
        files.iter().for_each(|(name, text)| shop.put(name, text));
        shop.publish(END);
        let mut matters = what_matters(&shop);
        matters.remove("control_totals"); // rows of files are counted there
        matters
    };
    let whole = shop(&[
        ("维修委托书_20261031.csv", ORDERS),
        ("结算单_20261031.csv", SETTLEMENTS),
        ("收银流水_20261031.csv", RECEIPTS),
    ]);
    let renamed =
        shop(&[("ro/a_20261031.csv", ORDERS), ("js/b_20261031.csv", SETTLEMENTS), ("sk/c_20261031.csv", RECEIPTS)]);
    assert_eq!(whole, renamed);
    let lines: Vec<&str> = RECEIPTS.lines().collect();
    let halves = [[lines[0], lines[1], lines[2]].join("\n"), [lines[0], lines[3], lines[4]].join("\n")];
    let halved = shop(&[
        ("维修委托书_20261031.csv", ORDERS),
        ("结算单_20261031.csv", SETTLEMENTS),
        ("收银流水_20261031_1.csv", &halves[0]),
        ("收银流水_20261031_2.csv", &halves[1]),
    ]);
    assert_eq!(whole, halved);
}
