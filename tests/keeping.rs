//! What a shop rests on: its archive and its log. Dates that are owed, what is taken back, loss of each part and the way
//! back.

mod common;

use std::fs;

use common::{Ran, Shop, Tree, copy_folder, hesuan};

const SETTLED: &str = "结算单号,委托单号,结算时间,车牌号,工时费,客户应付\n";
const RECEIVED: &str = "收据号,收款时间,收银员,业务单号,收款方式,收款金额\n";

/// One order of a day, settled and paid.
fn settlements(day: u32, yuan: &str) -> String {
    format!("{SETTLED}J{day},W{day},2026-10-{day} 10:00,粤B{day}000,{yuan},{yuan}\n")
}

fn receipts(day: u32, yuan: &str) -> String {
    format!("{RECEIVED}SK{day},2026-10-{day} 11:00,秦岚,W{day},微信,{yuan}\n")
}

fn put_day(shop: &Shop, day: u32) {
    shop.put(&format!("结算单_202610{day}.csv"), settlements(day, "100.00"));
    shop.put(&format!("收银流水_202610{day}.csv"), receipts(day, "100.00"));
}

fn shop() -> Shop {
    let shop = Shop::init();
    let settings = "[store]\ncode = \"S01\"\n[expected]\ndaily = [\"settlements\", \"receipts\"]\n\
                    [backup]\nfolder = \"../backup\"\n";
    fs::write(shop.root.join("hesuan.toml"), settings).unwrap();
    shop
}

fn command(shop: &Shop, words: &[&str]) -> Ran {
    Ran::of(&hesuan().arg(words[0]).arg(&shop.root).args(&words[1..]).output().unwrap())
}

fn matched(shop: &Shop, date: &str) -> i64 {
    shop.manifest(date)["clearing"]["counts"]["matched"].as_i64().unwrap()
}

/// All figures but those that tell of the reports' own history.
fn figures(shop: &Shop, date: &str) -> Vec<String> {
    let manifest = shop.manifest(date);
    let months = manifest["figures"].as_object().unwrap().iter();
    let all = months.flat_map(|(month, figures)| {
        figures.as_object().unwrap().iter().map(move |(id, value)| format!("{month} {id} {value}"))
    });
    all.filter(|line| !line.contains("chang") && !line.contains("checks_fired")).collect()
}

fn lose(shop: &Shop, names: &[&str]) {
    for name in names {
        let _ = fs::remove_file(shop.root.join("ledger").join(name));
    }
}

/// Three nights, each with its exports.
fn three_nights() -> Shop {
    let shop = shop();
    for day in 20..=22 {
        put_day(&shop, day);
        shop.run(&format!("2026-10-{day}")).ends_with(&[0]);
    }
    shop
}

#[test]
fn a_file_that_comes_late_makes_its_day_and_those_after_it_anew() {
    let shop = three_nights();
    shop.put("收银流水_20261021.csv", receipts(21, "90.00"));
    put_day(&shop, 23);
    let ran = shop.run("2026-10-23").ends_with(&[0]);
    assert_eq!(shop.manifest("2026-10-20")["revision"], 1);
    for date in ["2026-10-21", "2026-10-22"] {
        assert_eq!(shop.manifest(date)["revision"], 2, "{date}: {}", ran.out);
    }
    assert!(ran.out.contains("补做：有迟到或更正的导出"), "{}", ran.out);
    // As if it had been so from the start.
    let other = self::shop();
    for day in 20..=23 {
        put_day(&other, day);
    }
    other.put("收银流水_20261021.csv", receipts(21, "90.00"));
    for date in ["2026-10-21", "2026-10-22", "2026-10-23"] {
        other.run(date).ends_with(&[0]);
        assert_eq!(figures(&shop, date), figures(&other, date), "{date}");
        assert_eq!(shop.manifest(date)["clearing"], other.manifest(date)["clearing"], "{date}");
    }
}

#[test]
fn a_date_whose_total_failed_is_owed_until_it_holds() {
    let shop = three_nights();
    let wrong = format!("{}合计,,,,,{}\n", receipts(23, "100.00"), "999.00");
    put_day(&shop, 23);
    shop.put("收银流水_20261023.csv", &wrong);
    shop.run("2026-10-23").ends_with(&[4]);
    let status = command(&shop, &["status", "--lang", "en"]);
    assert!(status.out.contains("Owed, made by the next run: 2026-10-23 (interrupted)"), "{}", status.out);
    put_day(&shop, 23);
    put_day(&shop, 24);
    shop.run("2026-10-24").ends_with(&[0]);
    assert_eq!(matched(&shop, "2026-10-23"), 4, "the date that was asked for is made by the run of the next");
    assert!(!command(&shop, &["status", "--lang", "en"]).out.contains("2026-10-23 ("));
}

#[test]
fn dates_that_cannot_be_are_refused_and_leave_nothing() {
    let shop = three_nights();
    let before = shop.published();
    for date in ["2036-10-31", "1999-01-01"] {
        let ran = shop.run(date).ends_with(&[2]);
        assert!(ran.err.contains("nothing is published for it"), "{}", ran.err);
    }
    assert!(before == shop.published());
}

#[test]
fn what_was_published_by_mistake_is_taken_back() {
    let shop = three_nights();
    shop.run("2026-10-25").ends_with(&[3]);
    let unpublish = ["unpublish", "2026-10-25", "--reason", "输错日期", "--by", "张三"];
    command(&shop, &unpublish).ends_with(&[0]);
    assert!(!shop.folder("2026-10-25").exists());
    command(&shop, &["verify"]).ends_with(&[0]);
    // A correction of a day that counts as not reported is no late change.
    put_day(&shop, 23);
    shop.put("收银流水_20261023.csv", receipts(23, "70.00"));
    shop.run("2026-10-22").ends_with(&[0]);
    put_day(&shop, 23);
    shop.run("2026-10-23").ends_with(&[0]);
    assert_eq!(shop.manifest("2026-10-23")["checks"]["changed_after_report"], 0);
    command(&shop, &unpublish).ends_with(&[2]);
}

#[test]
fn a_file_that_was_taken_back_counts_no_more() {
    let shop = three_nights();
    let right = shop.manifest("2026-10-22");
    shop.put("收银流水_20261022(2).csv", format!("{RECEIVED}SK99,2026-10-22 11:00,秦岚,W404,微信,55.00\n"));
    shop.run("2026-10-22").ends_with(&[0]);
    assert_eq!(shop.manifest("2026-10-22")["clearing"]["counts"]["unknown_order"], 1);
    let words = ["withdraw", "收银流水_20261022(2).csv", "--reason", "别店的文件", "--by", "张三"];
    command(&shop, &words).ends_with(&[0]);
    shop.run("2026-10-22").ends_with(&[0]);
    let after = shop.manifest("2026-10-22");
    assert_eq!((&after["figures"], &after["clearing"]), (&right["figures"], &right["clearing"]));
    shop.run("2026-10-22").ends_with(&[0]);
    assert_eq!(shop.manifest("2026-10-22")["revision"], after["revision"], "its bytes lie in the inbox and stay out");
    command(&shop, &["verify"]).ends_with(&[0]);
    command(&shop, &["withdraw", "nichts.csv", "--reason", "x", "--by", "y"]).ends_with(&[2]);
}

#[test]
fn a_day_that_has_not_ended_is_never_complete() {
    let shop = shop();
    let status: serde_json::Value = serde_json::from_str(&command(&shop, &["status", "--json"]).out).unwrap();
    let today = status["today"].as_str().unwrap().to_owned();
    let name = today.replace('-', "");
    shop.put(&format!("结算单_{name}.csv"), format!("{SETTLED}J1,W1,{today} 08:00,粤B10000,100,100\n"));
    shop.put(&format!("收银流水_{name}.csv"), format!("{RECEIVED}SK1,{today} 08:00,秦岚,W1,微信,100\n"));
    shop.run(&today).ends_with(&[0]);
    let manifest = shop.manifest(&today);
    assert!(manifest["reports"].as_array().unwrap().iter().all(|r| r["complete"] == false));
    assert_eq!(manifest["findings"]["by_code"]["day_not_ended"], 1);
}

// ---------------------------------------------------------------------------------------------------------------------
// Loss

/// What the shop publishes again, and that it proves itself.
fn stands(shop: &Shop, before: &Tree) {
    shop.run("2026-10-22").ends_with(&[0]);
    // What somebody edited is kept aside.
    let after: Tree = shop.published().into_iter().filter(|(name, _)| !name.contains("-edited")).collect();
    assert!(*before == after);
    command(shop, &["verify"]).ends_with(&[0]);
}

#[test]
fn a_lost_ledger_is_made_anew_from_archive_and_log() {
    let shop = three_nights();
    let before = shop.published();
    lose(&shop, &["ledger.db", "ledger.db-wal", "ledger.db-shm"]);
    for file in fs::read_dir(shop.inbox()).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    for words in [&["run", "--as-of", "2026-10-22"][..], &["status"], &["verify"], &["close", "2026-10", "--by", "x"]] {
        let ran = command(&shop, words).ends_with(&[2]);
        assert!(ran.err.contains("hesuan rebuild SHOP"), "{words:?}: {}", ran.err);
    }
    assert!(before == shop.published(), "a shop that has lost its ledger is no new one");
    let ran = command(&shop, &["rebuild", "--lang", "en"]).ends_with(&[0]);
    assert!(ran.out.contains("3 dates come to the digest"), "{}", ran.out);
    stands(&shop, &before);
}

#[test]
fn a_ledger_that_is_garbage_is_told_and_made_anew() {
    let shop = three_nights();
    let before = shop.published();
    let path = shop.root.join("ledger/ledger.db");
    let whole = fs::read(&path).unwrap();
    let half = &whole[..whole.len() / 2];
    let mut page = whole.clone();
    page[4096 * 3..4096 * 4].fill(0xA5);
    for (name, bytes) in
        [("garbage", &b"this is no database at all, whatever it was"[..]), ("half", half), ("page", &page)]
    {
        lose(&shop, &["ledger.db-wal", "ledger.db-shm"]);
        fs::write(&path, bytes).unwrap();
        let ran = command(&shop, &["verify"]);
        assert!(ran.code != Some(0) && ran.code != Some(1) && ran.code != Some(101), "{name}: {ran:?}");
        assert!(before == shop.published(), "{name}");
        command(&shop, &["rebuild"]).ends_with(&[0]);
        stands(&shop, &before);
    }
}

#[test]
fn the_log_is_written_again_from_the_ledger_and_a_changed_line_is_told() {
    let shop = three_nights();
    let before = shop.published();
    let log = shop.root.join("ledger/journal.log");
    let whole = fs::read_to_string(&log).unwrap();
    fs::remove_file(&log).unwrap();
    command(&shop, &["verify"]).ends_with(&[4]);
    stands(&shop, &before);
    assert_eq!(fs::read_to_string(&log).unwrap(), whole);
    let cut: String = whole.lines().take(3).map(|line| format!("{line}\n")).collect();
    fs::write(&log, cut + "{\"n\":4,\"at\"").unwrap();
    stands(&shop, &before);
    assert_eq!(fs::read_to_string(&log).unwrap(), whole);
    fs::write(&log, whole.replace("收银流水_20261020.csv", "收银流水_20261019.csv")).unwrap();
    let ran = command(&shop, &["verify"]).ends_with(&[4]);
    assert!(ran.out.contains("ledger/journal.log"), "{}", ran.out);
    let folder = shop.root.parent().unwrap().join("backup");
    command(&shop, &["restore", folder.to_str().unwrap()]).ends_with(&[0]);
    stands(&shop, &before);
}

/// The archive's file with these words in it.
fn archived(shop: &Shop, words: &str) -> std::path::PathBuf {
    let folders = fs::read_dir(shop.root.join("ledger/archive")).unwrap();
    let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    let mut files = files.map(|file| file.unwrap().path());
    files.find(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).contains(words)).unwrap()
}

#[test]
fn a_file_of_the_archive_is_believed_only_with_its_hash() {
    let shop = three_nights();
    let before = shop.published();
    let path = archived(&shop, "SK21,");
    let whole = fs::read(&path).unwrap();
    let changed = String::from_utf8(whole.clone()).unwrap().replace("100.00", "900.00");
    for bytes in [Some(changed.as_bytes()), Some(&[]), None] {
        match bytes {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        command(&shop, &["verify"]).ends_with(&[4]);
        // The inbox still has it: it is brought back.
        command(&shop, &["rebuild"]).ends_with(&[0]);
        assert!(fs::read(&path).unwrap() == whole);
        stands(&shop, &before);
    }
    // Without another copy nothing is made of it.
    fs::remove_file(shop.inbox().join("收银流水_20261021.csv")).unwrap();
    fs::write(&path, changed).unwrap();
    let ran = command(&shop, &["rebuild"]).ends_with(&[2]);
    assert!(ran.err.contains("收银流水_20261021.csv"), "{}", ran.err);
    assert!(before == shop.published());
}

#[test]
fn a_row_that_was_changed_in_the_ledger_is_seen() {
    let shop = three_nights();
    let before = shop.published();
    for statement in [
        "UPDATE rows_receipts SET amount_fen = amount_fen + 100000 WHERE rowid = 1",
        "DELETE FROM rows_settlements WHERE rowid = 2",
        "UPDATE files SET name = 'x.csv' WHERE id = 1",
        "UPDATE published SET digest = 'x' WHERE revision = 1",
        "UPDATE sheets SET rows_taken = 7 WHERE rowid = 1",
    ] {
        let db = rusqlite::Connection::open(shop.root.join("ledger/ledger.db")).unwrap();
        db.execute(statement, []).unwrap();
        drop(db);
        let ran = command(&shop, &["verify"]).ends_with(&[4]);
        assert!(ran.out.contains("hesuan rebuild"), "{statement}: {}", ran.out);
        command(&shop, &["rebuild"]).ends_with(&[0]);
        stands(&shop, &before);
    }
}

#[test]
fn published_files_come_back_as_they_were() {
    let shop = three_nights();
    shop.put("收银流水_20261022.csv", receipts(22, "90.00"));
    shop.run("2026-10-22").ends_with(&[0]);
    let before = shop.published();
    assert_eq!(shop.manifest("2026-10-22")["revision"], 2);
    let workbook =
        common::files_of(&shop.folder("2026-10-22")).into_iter().find(|(n, _)| n.ends_with(".xlsx")).unwrap();
    for name in ["exceptions.csv", "findings.csv", "manifest.json", workbook.0.as_str()] {
        fs::write(shop.folder("2026-10-22").join(name), "edited").unwrap();
        let ran = command(&shop, &["verify"]).ends_with(&[4]);
        assert!(ran.out.contains(name), "{name}: {}", ran.out);
        stands(&shop, &before);
    }
    fs::remove_dir_all(shop.folder("2026-10-22")).unwrap();
    command(&shop, &["verify"]).ends_with(&[4]);
    stands(&shop, &before);
    // A kept revision cannot be made again: the loss is put on the record.
    fs::remove_dir_all(shop.reports().join(".revisions/2026-10-22/1")).unwrap();
    command(&shop, &["verify"]).ends_with(&[4]);
    let ran = command(&shop, &["rebuild", "--lang", "en"]).ends_with(&[0]);
    assert!(ran.out.contains("revision 1 of 2026-10-22"), "{}", ran.out);
    let left: Tree = before.into_iter().filter(|(name, _)| !name.contains(".revisions/2026-10-22/1/")).collect();
    stands(&shop, &left);
}

#[test]
fn what_people_leave_in_a_folder_stays_and_makes_no_revision() {
    let shop = three_nights();
    let strangers = ["~$收银与销号.xlsx", "Thumbs.db", "desktop.ini", ".DS_Store", "经理批注.docx"];
    for name in strangers {
        fs::write(shop.folder("2026-10-22").join(name), "x").unwrap();
    }
    shop.run("2026-10-22").ends_with(&[0]);
    assert_eq!(shop.manifest("2026-10-22")["revision"], 1);
    shop.put("收银流水_20261022.csv", receipts(22, "90.00"));
    shop.run("2026-10-22").ends_with(&[0]);
    assert_eq!(shop.manifest("2026-10-22")["revision"], 2);
    for name in strangers {
        assert!(shop.folder("2026-10-22").join(name).exists(), "{name} was taken away");
    }
    command(&shop, &["verify"]).ends_with(&[0]);
}

#[test]
fn a_backup_brings_a_shop_back_whose_ledger_folder_is_gone() {
    let shop = three_nights();
    let before = shop.published();
    let folder = shop.root.parent().unwrap().join("backup");
    command(&shop, &["backup"]).ends_with(&[0]);
    assert!(folder.join("journal.log").exists() && folder.join("ledger.db").exists());
    // The archive is copied by whoever copies big things; here it lies with the backup.
    copy_folder(&shop.root.join("ledger/archive"), &folder.join("archive"));
    fs::remove_dir_all(shop.root.join("ledger")).unwrap();
    let ran = shop.run("2026-10-22");
    assert!(ran.code == Some(2) && before == shop.published(), "reports stand, so it is no new shop: {ran:?}");
    command(&shop, &["restore", folder.to_str().unwrap()]).ends_with(&[0]);
    stands(&shop, &before);
}

/// Last week's backup does not know this week: its files come again from the inbox, its dates are told.
#[test]
fn an_old_backup_says_what_it_does_not_know() {
    let shop = three_nights();
    let folder = shop.root.parent().unwrap().join("old");
    copy_folder(&shop.root.join("ledger"), &folder);
    put_day(&shop, 23);
    shop.run("2026-10-23").ends_with(&[0]);
    let right = shop.manifest("2026-10-23");
    fs::remove_dir_all(shop.root.join("ledger")).unwrap();
    let ran = command(&shop, &["restore", folder.to_str().unwrap(), "--lang", "en"]).ends_with(&[0]);
    assert!(ran.out.contains("does not know: 2026-10-23"), "{}", ran.out);
    shop.run("2026-10-23").ends_with(&[0]);
    assert_eq!(shop.manifest("2026-10-23")["figures"], right["figures"]);
    command(&shop, &["verify"]).ends_with(&[0]);
}
