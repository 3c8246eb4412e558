//! What goes wrong at night: killed, out of disk, two at once, hostile files, totals that do not hold, facts that come
//! late. Nothing is lost, nothing half-published, the next run repairs.

mod common;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::exports::{Kind, rows};
use common::{Ran, Shop, Tree, hesuan, hostile, same_tree};
use sha2::{Digest, Sha256};

const END: &str = "2026-10-31";
const SMALL: [&str; 4] = ["--days", "8", "--orders-per-day", "4"];
const DATES: [&str; 4] = ["2026-10-28", "2026-10-29", "2026-10-30", "2026-10-31"];

/// Every visible date is whole: its manifest is there, and its workbooks are those that the manifest names.
fn every_date_is_whole(shop: &Shop) {
    let Ok(entries) = fs::read_dir(shop.reports()) else { return };
    for date in entries.map(|entry| common::file_name(&entry.unwrap().path())).filter(|name| !name.starts_with('.')) {
        for report in shop.manifest(&date)["reports"].as_array().unwrap() {
            let bytes = fs::read(shop.folder(&date).join(report["file"].as_str().unwrap())).unwrap();
            let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(report["sha256"], hash.as_str(), "{date}: {}", report["file"]);
        }
        for list in ["exceptions.csv", "findings.csv"] {
            assert!(shop.folder(&date).join(list).exists(), "{date}: no {list}");
        }
    }
}

fn the_ledger_is_sound(shop: &Shop) {
    let path = shop.root.join("ledger/ledger.db");
    if path.exists() {
        let ledger = rusqlite::Connection::open(path).unwrap();
        let said: String = ledger.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(said, "ok");
    }
}

/// What a shop publishes for `DATES` where nothing goes wrong.
fn undisturbed(shop: &Shop) -> Tree {
    DATES.iter().for_each(|date| drop(shop.publish(date)));
    shop.published()
}

// ---------------------------------------------------------------------------------------------------------------------
// Killed

#[test]
fn killed_at_any_moment_nothing_is_lost_and_nothing_half_published() {
    let expected = undisturbed(&Shop::sample(&SMALL));
    let mut dice = fastrand::Rng::with_seed(20_261_031);
    let mut killed = 0;
    for _ in 0..8 {
        let shop = Shop::sample(&SMALL);
        for _ in 0..5 {
            let date = DATES[dice.usize(..DATES.len())];
            let mut run = shop.command(&["--as-of", date]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(dice.u64(1..=400)));
            run.kill().unwrap();
            killed += usize::from(run.wait().unwrap().code().is_none());
            every_date_is_whole(&shop);
            the_ledger_is_sound(&shop);
        }
        DATES.iter().for_each(|date| drop(shop.publish(date)));
        same_tree(&expected, &shop.published());
        the_ledger_is_sound(&shop);
    }
    assert!(killed > 5, "the kills came too late to test anything: {killed}");
}

/// The reader's children do not outlive a run that is killed.
#[test]
fn a_killed_run_leaves_no_process_behind() {
    let shop = Shop::sample(&["--days", "20"]);
    let mut run = shop.command(&["--as-of", END]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(60));
    run.kill().unwrap();
    run.wait().unwrap();
    let place = shop.root.display().to_string();
    let patience = Instant::now();
    while processes_that_name(&place) > 0 {
        assert!(patience.elapsed() < Duration::from_secs(10), "a child still works in {place}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Processes that have a file below a folder open or on their command line.
fn processes_that_name(place: &str) -> usize {
    let names = |process: &Path| {
        let command = fs::read(process.join("cmdline")).unwrap_or_default();
        let open = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
        let mut open = open.filter_map(|entry| fs::read_link(entry.path()).ok());
        String::from_utf8_lossy(&command).contains(place) || open.any(|path| path.starts_with(place))
    };
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let own = std::process::id().to_string();
    processes.filter(|path| path.file_name() != Some(OsStr::new(&own)) && names(path)).count()
}

// ---------------------------------------------------------------------------------------------------------------------
// Disk full

/// A small file system, unmounted at the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None where this user must not mount; says so.
    fn new(kilobytes: u64, at: &Path) -> Option<SmallDisk> {
        fs::create_dir_all(at).unwrap();
        let size = format!("size={kilobytes}k");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).stdout(Stdio::null()).stderr(Stdio::null());
        if !mount.status().is_ok_and(|status| status.success()) {
            eprintln!("skipped: a tmpfs cannot be mounted here (needs root)");
            return None;
        }
        Some(SmallDisk(at.to_path_buf()))
    }

    fn resize(&self, kilobytes: u64) {
        let size = format!("remount,size={kilobytes}k");
        assert!(Command::new("mount").args(["-o", &size]).arg(&self.0).status().unwrap().success());
    }

    fn used_kilobytes(&self) -> u64 {
        let disk = rustix::fs::statvfs(&self.0).unwrap();
        (disk.f_blocks - disk.f_bfree) * disk.f_frsize / 1024
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status(); // the test has failed already where this fails
    }
}

/// A shop on that disk; its inbox lies elsewhere, so that all room is for what hesuan writes.
fn shop_on(disk: &SmallDisk, sample: &Shop) -> Shop {
    let root = disk.0.join("shop");
    fs::create_dir(&root).unwrap();
    fs::copy(sample.root.join("hesuan.toml"), root.join("hesuan.toml")).unwrap();
    std::os::unix::fs::symlink(sample.inbox(), root.join("inbox")).unwrap();
    Shop::at(&root)
}

#[test]
fn on_a_full_disk_nothing_is_half_published_and_the_next_run_succeeds() {
    let sample = Shop::sample(&SMALL);
    let scratch = tempfile::tempdir().unwrap();
    let expected = {
        let Some(disk) = SmallDisk::new(64 << 10, &scratch.path().join("big")) else { return };
        let shop = shop_on(&disk, &sample);
        shop.publish(END);
        shop.published()
    };
    let (mut full, mut fitted) = (0, 0);
    for kilobytes in [64, 96, 128, 192, 256, 320, 384, 448, 512, 576, 640, 704, 768, 832, 896, 960, 1024, 2048, 4096] {
        let disk = SmallDisk::new(kilobytes, &scratch.path().join(kilobytes.to_string())).unwrap();
        let shop = shop_on(&disk, &sample);
        let ran = shop.run(END).ends_with(&[74, 0, 3]);
        every_date_is_whole(&shop);
        if ran.code == Some(74) {
            full += 1;
            assert!(!shop.folder(END).exists(), "{kilobytes} kB: published with exit 74");
            assert!(!ran.err.is_empty(), "{kilobytes} kB");
        } else {
            fitted += 1;
        }
        disk.resize(64 << 10);
        shop.publish(END);
        same_tree(&expected, &shop.published());
        the_ledger_is_sound(&shop);
    }
    assert!(full > 3 && fitted > 0, "{full} runs found the disk full, {fitted} had room");
}

#[test]
fn on_a_full_disk_the_former_revision_stays_as_it_is() {
    let sample = Shop::sample(&SMALL);
    let scratch = tempfile::tempdir().unwrap();
    let mut full = 0;
    for spare in [0, 16, 32, 64, 128, 192, 256, 320, 384, 512] {
        let late = sample.inbox().join("收银流水_20261031_补.csv");
        let _ = fs::remove_file(&late); // of the round before
        let Some(disk) = SmallDisk::new(64 << 10, &scratch.path().join(spare.to_string())) else { return };
        let shop = shop_on(&disk, &sample);
        shop.publish(END);
        let before = shop.published();
        fs::write(&late, "收据号,收款时间,收银员,收款方式,收款金额,业务单号\nSKX,2026-10-31 20:00,田雨,现金,1.00,W0\n")
            .unwrap();
        disk.resize(disk.used_kilobytes() + spare);
        if shop.run(END).ends_with(&[74, 0, 3]).code == Some(74) {
            full += 1;
            let mut now = shop.published();
            now.retain(|path, _| !path.starts_with(".staging"));
            same_tree(&before, &now);
        }
        disk.resize(64 << 10);
        shop.publish(END);
        assert_eq!(shop.manifest(END)["revision"], 2, "{spare} kB");
        every_date_is_whole(&shop);
        the_ledger_is_sound(&shop);
    }
    assert!(full > 2, "the disk was full {full} times only");
}

#[test]
fn reports_that_cannot_be_written_end_with_74_and_name_the_place() {
    let shop = Shop::sample(&SMALL);
    fs::write(shop.reports(), "in the way").unwrap();
    let ran = shop.run(END).ends_with(&[74]);
    assert!(ran.err.contains("reports"), "{}", ran.err);
    fs::remove_file(shop.reports()).unwrap();
    shop.publish(END);
}

#[test]
fn a_read_only_reports_folder_ends_with_74() {
    use std::os::unix::fs::PermissionsExt;
    let shop = Shop::sample(&SMALL);
    fs::create_dir(shop.reports()).unwrap();
    fs::set_permissions(shop.reports(), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(shop.reports().join("probe"), "").is_ok() {
        eprintln!("skipped: this user (root) may write everywhere");
        return;
    }
    shop.run(END).ends_with(&[74]);
    fs::set_permissions(shop.reports(), fs::Permissions::from_mode(0o755)).unwrap();
    shop.publish(END);
}

// ---------------------------------------------------------------------------------------------------------------------
// Two at once

#[test]
fn who_finds_the_lock_held_ends_with_75_and_changes_nothing() {
    let shop = Shop::sample(&SMALL);
    fs::create_dir(shop.root.join("ledger")).unwrap();
    let lock = File::create(shop.root.join("ledger/lock")).unwrap();
    lock.lock().unwrap();
    let ran = shop.run(END).ends_with(&[75]);
    assert!(ran.err.contains("lock"), "{}", ran.err);
    assert!(shop.published().is_empty());
    drop(lock);
    shop.publish(END);
}

#[test]
fn of_many_runs_at_once_one_works_and_the_others_end_with_75() {
    let expected = undisturbed(&Shop::sample(&SMALL));
    let shop = Shop::sample(&SMALL);
    let start =
        || shop.command(&["--from", DATES[0], "--to", END]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let runs: Vec<_> = (0..6).map(|_| start().unwrap()).collect();
    let ended: Vec<Ran> = runs.into_iter().map(|run| Ran::of(&run.wait_with_output().unwrap())).collect();
    let worked = ended.iter().filter(|ran| ran.code != Some(75));
    let taking = worked.clone().filter(|ran| ran.out.contains("收取新文件")).count();
    assert_eq!(taking, 1, "exactly one takes the files: {ended:#?}");
    assert!(worked.clone().all(|ran| matches!(ran.code, Some(0 | 3))), "{ended:#?}");
    assert!(worked.count() < ended.len(), "none was turned away: {ended:#?}");
    same_tree(&expected, &shop.published());
}

// ---------------------------------------------------------------------------------------------------------------------
// Hostile files

const SETTLEMENTS: &str = "\
结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,工时费,材料费,客户应付
J001,W001,2026-10-31 11:30,浙A10001,张三,王强,100.00,200.00,300.00
J002,W002,2026-10-31 12:30,浙A10002,李四,王强,80.00,20.00,100.00
合计,,,,,,180.00,220.00,400.00
";

const RECEIPTS: &str = "\
收据号,收款时间,收银员,收款方式,收款金额,业务单号
R001,2026-10-31 11:40,林芳,微信,300.00,W001
R002,2026-10-31 12:40,林芳,微信,100.00,W002
合计,,,,400.00,
";

#[test]
fn hostile_files_are_findings_and_the_good_ones_are_read() {
    let shop = Shop::init();
    let config = shop.root.join("hesuan.toml");
    let text = fs::read_to_string(&config).unwrap().replace("unpacked_mb = 1024", "unpacked_mb = 64");
    fs::write(&config, text).unwrap();
    shop.put("结算单_20261031.csv", SETTLEMENTS);
    // A name that is no UTF-8: GB18030 from an old system.
    let name = [&encoding_rs::GB18030.encode("收银流水").0[..], b"_20261031.csv"].concat();
    fs::write(shop.inbox().join(OsStr::from_bytes(&name)), RECEIPTS).unwrap();
    fs::create_dir(shop.inbox().join("folder.xlsx")).unwrap();
    let receipts = rows(RECEIPTS);
    let bad: [(&str, Vec<u8>); 7] = [
        ("cut.xlsx", hostile::cut_off(&Kind::Xlsx.file(&receipts))),
        ("bomb.xlsx", hostile::bomb(200)),
        ("far.xls", hostile::xls_of_two_far_cells()),
        ("wide.xls", hostile::wide_html()),
        ("nul.csv", b"a,b\n1,\0\0\0\n\"never closed,2\n".to_vec()),
        ("secret.xlsx", hostile::encrypted()),
        ("empty.csv", Vec::new()),
    ];
    bad.iter().for_each(|(name, bytes)| shop.put(name, bytes));
    let started = Instant::now();
    let ran = shop.publish(END);
    assert!(started.elapsed() < Duration::from_secs(60), "took {:?}", started.elapsed());
    let findings = shop.findings(END);
    for (name, _) in &bad {
        let of_file: Vec<_> = findings.iter().filter(|row| row["file"] == *name).collect();
        assert!(!of_file.is_empty(), "nothing is said of {name}: {}", ran.out);
        assert!(of_file.iter().all(|row| !row["message"].is_empty() && !row["remedy"].is_empty()), "{of_file:?}");
    }
    let manifest = shop.manifest(END);
    assert_eq!(manifest["clearing"]["counts"]["matched"], 2);
    assert_eq!(manifest["totals"]["received_fen"], 40_000, "a file is read whatever its name is made of");
}

#[test]
fn a_file_that_does_not_come_is_missed() {
    let shop = Shop::init();
    let config = shop.root.join("hesuan.toml");
    let text = fs::read_to_string(&config).unwrap() + "\n[expected]\ndaily = [\"settlements\", \"receipts\"]\n";
    fs::write(&config, text).unwrap();
    shop.put("结算单_20261031.csv", SETTLEMENTS);
    let ran = shop.run(END).ends_with(&[3]);
    assert!(ran.out.contains("收银流水 2026-10-31"), "{}", ran.out);
    shop.put("收银流水_20261031.csv", RECEIPTS);
    shop.run(END).ends_with(&[0]);
}

// ---------------------------------------------------------------------------------------------------------------------
// Totals that do not hold, facts that come late

#[test]
fn a_total_that_does_not_hold_publishes_nothing_until_the_file_is_corrected() {
    let shop = Shop::init();
    shop.put("结算单_20261031.csv", SETTLEMENTS);
    shop.put("收银流水_20261031.csv", RECEIPTS.replace("合计,,,,400.00", "合计,,,,401.00"));
    let ran = shop.run(END).ends_with(&[4]);
    for part in ["收银流水_20261031.csv", "收款金额", "400.00", "401.00"] {
        assert!(ran.out.contains(part) || ran.err.contains(part), "{part} is not in {ran:#?}");
    }
    assert!(shop.published().is_empty());
    shop.run(END).ends_with(&[4]);
    shop.put("收银流水_20261031.csv", RECEIPTS);
    shop.publish(END);
    assert_eq!(shop.manifest(END)["clearing"]["counts"]["matched"], 2);
    assert_eq!(shop.manifest(END)["totals"]["receipts"], 2, "the rows of the wrong file count no more");
}

#[test]
fn a_total_that_does_not_hold_leaves_the_former_revision_in_place() {
    let shop = Shop::init();
    shop.put("结算单_20261031.csv", SETTLEMENTS);
    shop.publish(END);
    let before = shop.published();
    shop.put("收银流水_20261031.csv", RECEIPTS.replace("合计,,,,400.00", "合计,,,,401.00"));
    shop.run(END).ends_with(&[4]);
    same_tree(&before, &shop.published());
}

#[test]
fn a_late_fact_makes_a_new_revision_that_says_what_changed() {
    let shop = Shop::init();
    shop.put("结算单_20261031.csv", SETTLEMENTS);
    let first = "收据号,收款时间,收银员,收款方式,收款金额,业务单号\nR001,2026-10-31 11:40,林芳,微信,300.00,W001\n";
    shop.put("收银流水_20261031.csv", first);
    shop.publish(END);
    let former = common::tree(&shop.folder(END));
    shop.put("收银流水_20261031_补.csv", first.replace("R001", "R002").replace("W001", "W002").replace("300", "100"));
    let ran = shop.publish(END);
    let manifest = shop.manifest(END);
    assert_eq!((&manifest["revision"], &manifest["clearing"]["counts"]["matched"]), (&2.into(), &2.into()));
    same_tree(&former, &common::tree(&shop.reports().join(".revisions").join(END).join("1")));
    let changes: serde_json::Value =
        serde_json::from_slice(&fs::read(shop.folder(END).join("changes.json")).unwrap()).unwrap();
    assert_eq!((&changes["from_revision"], &changes["to_revision"]), (&1.into(), &2.into()));
    let lines: BTreeSet<&str> =
        changes["changes"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    for line in ["clearing.counts.matched: 1 → 2", "totals.received_fen: 30000 → 40000", "+ 收银流水_20261031_补.csv"]
    {
        assert!(lines.contains(line), "{line} is not among {lines:#?}");
    }
    assert!(ran.out.contains("第 2 版"), "{}", ran.out);
    let before = shop.published();
    shop.publish(END);
    same_tree(&before, &shop.published());
}

/// Dates that the new fact does not touch keep their bytes.
#[test]
fn a_late_fact_leaves_earlier_dates_alone() {
    let shop = Shop::sample(&SMALL);
    undisturbed(&shop);
    let before = shop.published();
    shop.put(
        "收银流水_20261031_补.csv",
        "收据号,收款时间,收银员,收款方式,收款金额,业务单号\nSKX,2026-10-31 20:00,田雨,现金,1.00,W0\n",
    );
    DATES.iter().for_each(|date| drop(shop.publish(date)));
    let mut after = shop.published();
    after.retain(|path, _| !path.starts_with(END) && !path.starts_with(".revisions"));
    let mut before = before;
    before.retain(|path, _| !path.starts_with(END));
    same_tree(&before, &after);
    assert_eq!(shop.manifest(END)["revision"], 2);
}

#[test]
fn a_shop_that_is_none_ends_with_2() {
    let folder = tempfile::tempdir().unwrap();
    Ran::of(&hesuan().arg("run").arg(folder.path()).output().unwrap()).ends_with(&[2]);
}

/// `verify` finds what somebody did to the archive, to the database and to what was published.
#[test]
fn verify_finds_what_is_not_as_it_was() {
    let shop = Shop::sample(&["--days", "5"]);
    shop.publish("2026-10-31");
    let verify = || {
        let output = hesuan().arg("verify").arg(&shop.root).args(["--json"]).output().unwrap();
        let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), said)
    };
    let (code, said) = verify();
    assert_eq!((code, &said["holds"]), (Some(0), &serde_json::Value::Bool(true)), "{said:#}");
    assert!(said["files"].as_u64() > Some(20) && said["control_totals"].as_u64() > Some(5), "{said:#}");
    let first_in = |folder: &Path| fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let held = first_in(&first_in(&shop.root.join("ledger/archive")));
    let bytes = fs::read(&held).unwrap();
    fs::write(&held, b"other").unwrap();
    let book = shop.folder("2026-10-31").join("收银与销号.xlsx");
    let published = fs::read(&book).unwrap();
    fs::write(&book, b"edited").unwrap();
    let (code, said) = verify();
    let what: Vec<&str> = said["wrong"].as_array().unwrap().iter().filter_map(|w| w["what"].as_str()).collect();
    assert_eq!((code, what), (Some(4), vec!["changed", "edited"]), "{said:#}");
    fs::remove_file(&held).unwrap();
    fs::write(&book, published).unwrap();
    assert_eq!(verify().1["wrong"][0]["what"], "gone");
    fs::write(&held, bytes).unwrap();
    assert_eq!(verify().0, Some(0));
}
