//! Headings that mean something else than they did, and purposes that nobody knows.

use crate::case::{Case, RECEIPTS, SETTLEMENTS};

/// The settlements with a column 保险公司 behind.
fn settlements(cells: [&str; 3]) -> String {
    let text = Case::settlements();
    let mut lines = text.lines();
    let head = format!("{},保险公司", lines.next().unwrap());
    let rows: Vec<String> =
        lines.enumerate().map(|(at, row)| format!("{row},{}", cells.get(at).unwrap_or(&""))).collect();
    format!("{head}\n{}\n", rows.join("\n"))
}

fn owed_by_insurers(case: &Case) -> Vec<(String, i64)> {
    let balances = case.manifest()["receivables"].as_array().unwrap().clone();
    let insurers = balances.iter().filter(|b| b["class"] == "insurer");
    insurers.map(|b| (b["debtor"].as_str().unwrap().to_owned(), b["due_fen"].as_i64().unwrap())).collect()
}

#[test]
fn a_column_of_amounts_called_insurer_is_what_insurers_owe() {
    let mut case = Case::new();
    case.put(SETTLEMENTS, settlements(["300.00", "", "0.00"])).night();
    let told = case.of_code("alias_changed");
    assert!(told.len() == 1 && told[0]["value"] == "保险公司", "{told:#?}");
    assert_eq!(owed_by_insurers(&case), [(String::new(), 30_000)]);
}

#[test]
fn a_column_of_names_called_insurer_names_insurers() {
    let mut case = Case::new();
    case.put(SETTLEMENTS, settlements(["平安财险", "", ""])).night();
    assert!(case.of_code("alias_changed").is_empty(), "{:#?}", case.findings());
    assert!(owed_by_insurers(&case).is_empty(), "nothing is due of it");
    let mut case = Case::new();
    case.put(SETTLEMENTS, settlements(["", "", ""])).night();
    assert!(case.of_code("alias_changed").is_empty(), "an empty column says nothing");
}

/// One contract, delivered, with what stands in 精品金额.
fn contract(more: &str, cells: &str) -> String {
    format!(
        "合同号,订单日期,客户名称,车型,车架号,销售价,精品金额,交车日期{more}\n\
         HT1,2026-10-01,张三,云岭,LGB00000000000001,1000.00,50.00,2026-10-20{cells}\n"
    )
}

#[test]
fn accessories_of_a_contract_are_due_only_where_it_tells_what_is() {
    let due = |more: &str, cells: &str| {
        let mut case = Case::new();
        case.put("汽车销售合同_20261020.csv", contract(more, cells)).night();
        let stands = case.explain("HT1")["stands"][0]["due_fen"].as_i64();
        (stands, case.of_code("alias_changed").len())
    };
    assert_eq!(due("", ""), (Some(100_000), 1), "income, as before");
    assert_eq!(due(",购置税,上牌费", ",20.00,"), (Some(107_000), 0), "a part of what the customer owes");
    assert_eq!(due(",合同总额", ",1234.00"), (Some(123_400), 0));
}

#[test]
fn a_purpose_that_nobody_knows_is_told_and_the_row_counts() {
    for word in ["杂项", "客情维护", "???"] {
        let mut case = Case::new();
        case.put(RECEIPTS, Case::receipts().replacen(",维修,", &format!(",{word},"), 1)).night();
        let told = case.of_code("unknown_word");
        assert!(told.len() == 1 && told[0]["value"] == word, "{told:#?}");
        assert_eq!(case.order(1).0, "matched", "{word}");
    }
}
