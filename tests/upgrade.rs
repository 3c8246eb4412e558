//! Ledgers of programs of before: `tests/upgrade/schema3` is a shop as a former release left it, with two days and a
//! closed month, a name that said A, then B, then A again, a decision, and a file that could not be read in one night.

mod common;

use std::fs;
use std::path::Path;

use common::{Ran, Shop, copy_folder, hesuan};
use tempfile::TempDir;

/// The shop of before, made of an even older schema by these statements.
fn shop(older: &str) -> (TempDir, Shop) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("S01");
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade/schema3"), &root);
    let db = rusqlite::Connection::open(root.join("ledger/ledger.db")).unwrap();
    db.execute_batch(older).unwrap();
    drop(db);
    (folder, Shop::at(&root))
}

fn query(shop: &Shop, sql: &str) -> i64 {
    let db = rusqlite::Connection::open(shop.root.join("ledger/ledger.db")).unwrap();
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn command(shop: &Shop, words: &[&str]) -> Ran {
    Ran::of(&hesuan().arg(words[0]).arg(&shop.root).args(&words[1..]).output().unwrap())
}

#[test]
fn who_only_looks_is_told_and_changes_nothing() {
    let (_folder, shop) = shop("");
    for words in [&["status"][..], &["verify"], &["explain", "W20261031001"]] {
        let ran = command(&shop, words).ends_with(&[2]);
        assert!(ran.err.contains("`hesuan run SHOP` takes it over"), "{}", ran.err);
    }
    assert_eq!(query(&shop, "PRAGMA user_version"), 3);
}

#[test]
fn the_first_run_writes_the_log_and_tries_again_what_could_not_be_read() {
    let (_folder, shop) = shop("");
    let before = shop.published();
    let ran = shop.run("2026-11-01").ends_with(&[0]);
    assert!(ran.out.contains("旧账册存为 ledger/ledger-v3.db") && ran.out.contains("不能读的 1 个文件"), "{}", ran.out);
    let manifest = shop.manifest("2026-11-01");
    assert_eq!(manifest["revision"], 2, "the day whose export could not be read is made again");
    assert_eq!(manifest["missing"].as_array().unwrap().len(), 0);
    // Published dates keep their bytes, and nothing is late because the program is another.
    let after = shop.published();
    for (name, bytes) in before.iter().filter(|(name, _)| !name.starts_with("2026-11-01")) {
        assert!(after.get(name) == Some(bytes), "{name} has changed");
    }
    assert_eq!(manifest["checks"]["changed_after_close"], 0);
    // A, then B, then A again is A; the close stands.
    let explain = command(&shop, &["explain", "SK20261031001"]).ends_with(&[0]);
    assert!(explain.out.contains("912.45") && explain.out.contains("张三"), "{}", explain.out);
    assert!(command(&shop, &["status"]).out.contains("2026-10 已于 2026-12-01 关账（张三）"));
    command(&shop, &["verify"]).ends_with(&[0]);
    assert!(shop.root.join("ledger/ledger-v3.db").exists());
    assert_eq!(shop.run("2026-11-01").ends_with(&[0]).out, "", "it is said once");
}

#[test]
fn archive_and_the_log_of_a_former_ledger_are_enough() {
    let (_folder, shop) = shop("");
    shop.run("2026-11-01").ends_with(&[0]);
    let before = shop.published();
    fs::remove_file(shop.root.join("ledger/ledger.db")).unwrap();
    command(&shop, &["rebuild"]).ends_with(&[0]);
    command(&shop, &["verify"]).ends_with(&[0]);
    shop.run("2026-11-01").ends_with(&[0]);
    assert!(before == shop.published());
}

/// Versions 1 and 2 knew less: no closes, nobody who closed.
#[test]
fn older_ledgers_are_taken_over_too() {
    let first = "ALTER TABLE files DROP COLUMN taken_after; DROP TABLE closed_items; DROP TABLE closes; PRAGMA user_version = 1;";
    let second = "ALTER TABLE closes DROP COLUMN done_by; PRAGMA user_version = 2;";
    for (older, closes) in [(first, 0), (second, 1)] {
        let (_folder, shop) = shop(older);
        shop.run("2026-11-01").ends_with(&[0]);
        assert_eq!(query(&shop, "PRAGMA user_version"), 4);
        assert_eq!(query(&shop, "SELECT COUNT(*) FROM closes"), closes);
        assert_eq!(query(&shop, "SELECT COUNT(*) FROM closes WHERE done_by <> ''"), 0);
        command(&shop, &["verify"]).ends_with(&[0]);
    }
}

/// What this program would publish otherwise than the one before is listed, and changes nothing.
#[test]
fn what_would_differ_is_listed() {
    let (_folder, shop) = shop("");
    shop.run("2026-11-01").ends_with(&[0]);
    let before = shop.published();
    let told = command(&shop, &["verify", "--since-upgrade", "--json"]).ends_with(&[0]);
    let told: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    let dates: Vec<&str> = told["would_differ"].as_array().unwrap().iter().filter_map(|d| d.as_str()).collect();
    assert!(!dates.contains(&"2026-11-01"), "made by this program: {dates:?}");
    assert!(before == shop.published());
}
