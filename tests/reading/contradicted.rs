//! What nothing in a row betrays and other rows, or other exports, contradict: balances, totals, words of a column.

use crate::case::{Case, DAY};

const JOURNAL: &str = "现金日记账_202610.csv";

fn journal(rows: &[&str]) -> String {
    format!("账户,流水号,日期,摘要,借方金额,贷方金额,余额,经手人\n{}\n", rows.join("\n"))
}

const SOUND: [&str; 4] = [
    "现金,1,2026-10-17,期初,,,1000.00,钱收",
    "现金,2,2026-10-18,收款,500.00,,1500.00,钱收",
    "现金,3,2026-10-19,付款,,200.00,1300.00,钱收",
    "现金,4,2026-10-20,收款,50.00,,1350.00,钱收",
];

fn balance_breaks(rows: &[&str]) -> Vec<(String, String)> {
    let mut case = Case::new();
    case.put(JOURNAL, journal(rows)).night();
    case.of_code("balance_breaks").iter().map(|f| (f["row"].clone(), f["column"].clone())).collect()
}

#[test]
fn a_journal_row_shifted_under_its_amounts_breaks_the_balance() {
    assert_eq!(balance_breaks(&SOUND), []);
    let mut shifted = SOUND;
    shifted[2] = "现金,3,2026-10-19,付款,,,200.00,1300.00";
    assert_eq!(balance_breaks(&shifted), [("4".to_owned(), "G".to_owned()), ("5".to_owned(), "G".to_owned())]);
}

#[test]
fn a_journal_row_that_is_missing_or_doubled_breaks_the_balance() {
    assert_eq!(balance_breaks(&[SOUND[0], SOUND[1], SOUND[3]]).len(), 1);
    let doubled = SOUND[1].replacen(",2,", ",22,", 1);
    assert_eq!(balance_breaks(&[SOUND[0], SOUND[1], &doubled, SOUND[2], SOUND[3]]).len(), 1);
}

#[test]
fn each_account_has_a_balance_of_its_own_and_the_newest_row_may_come_first() {
    let bank = ["银行,1,2026-10-18,期初,,,9.00,钱收", "银行,2,2026-10-19,收款,1.00,,10.00,钱收"];
    let mixed = [SOUND[0], bank[0], SOUND[1], bank[1], SOUND[2], SOUND[3]];
    assert_eq!(balance_breaks(&mixed), []);
    let reversed: Vec<&str> = SOUND.iter().rev().copied().collect();
    assert_eq!(balance_breaks(&reversed), []);
}

fn sales(day: u32, rows: &str, total: &str) -> (String, String) {
    let headings = "销售单号,销售时间,客户,配件编号,配件名称,数量,单价,金额\n";
    (format!("配件零售_202610{day}.csv"), format!("{headings}{rows}{total}"))
}

fn sale(day: u32, no: u32) -> String {
    format!("L{day}{no},2026-10-{day} 10:00:00,客,P{no},件,1,10.00,10.00\n")
}

fn without_total(files: &[(String, String)]) -> Vec<String> {
    let mut case = Case::new();
    for (name, content) in files {
        case.put(name, content);
    }
    case.night();
    case.of_code("total_gone").iter().map(|f| f["file"].clone()).collect()
}

#[test]
fn an_export_that_ends_without_the_total_of_its_kind_is_told() {
    let whole = |day: u32| sales(day, &(sale(day, 1) + &sale(day, 2)), "合计,,,,,2,,20.00\n");
    assert_eq!(without_total(&[whole(17), whole(18), whole(20)]), [""; 0]);
    // Headings alone, the tail cut off, and the total alone lost.
    assert_eq!(without_total(&[sales(17, "", ""), whole(18), whole(20)]), ["配件零售_20261017.csv"]);
    assert_eq!(without_total(&[whole(17), sales(18, &sale(18, 1), ""), whole(20)]), ["配件零售_20261018.csv"]);
    let rows = sale(20, 1) + &sale(20, 2);
    assert_eq!(without_total(&[whole(17), whole(18), sales(20, &rows, "")]), ["配件零售_20261020.csv"]);
}

fn visits(day: u32, rows: &[[&str; 3]]) -> (String, String) {
    let row = |(at, [kind, outcome, reason]): (usize, &[&str; 3])| {
        format!("KL{day}{at},2026-10-{day} 10:0{at}:00,客{at},{kind},顾一,是,{outcome},{reason}\n")
    };
    let rows: String = rows.iter().enumerate().map(row).collect();
    let headings = "客流编号,来店时间,客户名称,来店方式,销售顾问,是否录入系统,结果,战败原因\n";
    (format!("展厅客流_202610{day}.csv"), format!("{headings}{rows}"))
}

#[test]
fn headings_of_words_that_changed_places_are_told() {
    let eve = visits(19, &[["首次来店", "战败", "价格"], ["再次来店", "跟进", ""], ["来电", "战败", "竞品"]]);
    let today = [["首次来店", "战败", "竞品"], ["来电", "成交", ""]];
    let told = |name: &str, content: String| {
        let mut case = Case::new();
        case.put(&eve.0, &eve.1).put(name, content).night();
        case.of_code("columns_exchanged")
    };
    let (name, content) = visits(20, &today);
    assert_eq!(told(&name, content.clone()), []);
    let exchanged = content.replace("来店方式", "甲").replace("战败原因", "来店方式").replace("甲", "战败原因");
    let found = told(&name, exchanged);
    assert!(found.len() == 1 && found[0]["file"] == name, "{found:#?}");
    // The export comes alone: nothing contradicts it.
    let mut case = Case::new();
    case.put(&name, content).night();
    assert!(case.shop.findings(DAY).iter().all(|f| f["code"] != "columns_exchanged"));
}
