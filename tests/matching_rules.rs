//! The built-in rules by name, over the exports of a sample shop; and what a run makes of the ones that fire checks.

mod common;

use std::path::PathBuf;

use common::{Ran, Shop, hesuan};
use hesuan::ledger::ReadingSpecs;
use hesuan::reconcile::matcher::Rules;
use hesuan::spec::SpecFiles;
use serde_json::Value;

const END: &str = "2026-10-31";

fn all() -> Vec<Rules> {
    let files = SpecFiles::new(Vec::new());
    let reading = ReadingSpecs::load(&files).unwrap();
    Rules::load_all(&files, &reading.tables).unwrap()
}

/// What `hesuan check` takes the files of a shop for.
fn checked(shop: &Shop) -> Value {
    let output = hesuan().arg("check").arg(&shop.root).arg("--json").output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The newest export that feeds a table.
fn export(shop: &Shop, checked: &Value, table: &str) -> PathBuf {
    let files = checked["files"].as_array().unwrap();
    let feeds = |file: &&Value| {
        let sheets = file["sheets"].as_array().into_iter().flatten();
        sheets.flat_map(|s| s["tables"].as_array().into_iter().flatten()).any(|t| t["table"] == table)
    };
    let last = files.iter().filter(feeds).filter_map(|file| file["file"].as_str()).max();
    shop.inbox().join(last.unwrap_or_else(|| panic!("no export of {table}")))
}

#[test]
fn the_built_in_rules_match_real_exports_by_name() {
    let shop = Shop::sample(&[]);
    let checked = checked(&shop);
    for rules in all() {
        let table = |side: usize| rules.sides[side].table.clone().unwrap();
        let mut command = hesuan();
        command.args(["match", "--json", "--rules", &rules.id]);
        let output = command.args([0, 1].map(|side| export(&shop, &checked, &table(side)))).output().unwrap();
        let ran = Ran::of(&output).ends_with(&[0]);
        let answer: Value = serde_json::from_str(&ran.out).unwrap();
        let controls = answer["control_totals"].as_array().unwrap();
        assert!(controls.len() >= 6 && controls.iter().all(|c| c["holds"] == true), "{}: {controls:?}", rules.id);
        let rows = |side: &str| answer["totals"][format!("total_{side}")].as_i64().unwrap();
        assert!(rows("left") > 0 && rows("right") > 0, "{}: nothing was read", rules.id);
    }
}

#[test]
fn a_run_proves_what_its_rules_made_of_every_row() {
    let shop = Shop::sample(&[]);
    shop.publish(END);
    let manifest = shop.manifest(END);
    let firing: Vec<String> = all().into_iter().filter(|r| r.checks.is_some()).map(|r| r.id).collect();
    let matched: Vec<&String> = manifest["matching"].as_object().unwrap().keys().collect();
    assert_eq!(matched, firing.iter().collect::<Vec<_>>());
    for id in &firing {
        let controls = manifest["control_totals"].as_array().unwrap();
        let own: Vec<&Value> =
            controls.iter().filter(|c| c["name"].as_str().unwrap().starts_with(id.as_str())).collect();
        assert_eq!(own.len(), 6, "{id}: rows, signed and absolute sums of both sides");
        assert!(manifest["matching"][id]["matched"]["left"]["rows"].as_i64().unwrap() > 0, "{id}: nothing matched");
    }
}

/// A shop that replaces a rules file of the built-in ones, and one whose rules are wrong.
#[test]
fn a_shop_has_rules_of_its_own() {
    let shop = Shop::sample(&[]);
    let own = shop.root.join("report_specs/rules");
    std::fs::create_dir_all(&own).unwrap();
    let text = include_str!("../report_specs/rules/claims_portal.toml");
    std::fs::write(own.join("claims_portal.toml"), text.replace("unmatched_left = \"claim_missing\"\n", "")).unwrap();
    shop.publish(END);
    assert_eq!(shop.manifest(END)["checks"]["claim_missing"], 0, "the shop does not want it told");
    std::fs::write(own.join("claims_portal.toml"), text.replace("claim_missing", "claim_mising")).unwrap();
    let ran = shop.run(END).ends_with(&[2]);
    assert!(ran.err.contains("claims_portal.toml:") && ran.err.contains("claim_missing"), "{}", ran.err);
    std::fs::write(own.join("claims_portal.toml"), text.replace("\"total_amount\"", "\"sum\"")).unwrap();
    let ran = shop.run(END).ends_with(&[2]);
    assert!(ran.err.contains("a column `sum` that the table `warranty_claims` has not"), "{}", ran.err);
}

/// Labour and parts differ, the total does not: no clean match, in the list and in the totals alike.
#[test]
fn a_claim_whose_parts_differ_is_told_though_its_total_agrees() {
    let shop = Shop::init();
    let headings = "索赔单号,申报单位,委托单号,车架号,工时费,材料费,索赔金额,申报日期,退回次数,状态\n";
    let claims = "SB1,本店,W1,,100,200,300,2026-10-30,0,已提交\nSB2,本店,W2,,10,20,30,2026-10-30,0,已提交\n";
    shop.put("索赔单_202610.csv", format!("{headings}{claims}"));
    shop.put("三包系统_202610.csv", format!("{headings}{}", claims.replace("100,200,300", "150,150,300")));
    shop.publish(END);
    let rows = shop.exceptions(END);
    let told: Vec<(&str, &str)> = rows.iter().map(|r| (r["code"].as_str(), r["detail"].as_str())).collect();
    assert_eq!(told, [("claim_differs", "SB1 300.00 / SB1 300.00 ≠ 工时费 材料费")]);
    let bins = &shop.manifest(END)["matching"]["claims_portal"];
    for side in ["left", "right"] {
        assert_eq!(
            (bins["matched"][side]["rows"].as_i64(), bins["amount_diff"][side]["rows"].as_i64()),
            (Some(1), Some(1))
        );
        assert_eq!(bins["amount_diff"][side]["amount_fen"], 30_000);
    }
}
