//! Every call that changes the disk, for each command that does: the process ends there, the disk is full, the disk is
//! broken. Built with the feature `failures` only (`benches/long.sh failures`).
#![cfg(feature = "failures")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Ran, Shop, Tree, copy_folder, hesuan};

const SETTLED: &str = "结算单号,委托单号,结算时间,车牌号,工时费,客户应付\n";
const RECEIVED: &str = "收据号,收款时间,收银员,业务单号,收款方式,收款金额\n";

fn put_day(shop: &Shop, day: u32, yuan: &str) {
    let name = |kind: &str| format!("{kind}_202610{day}.csv");
    shop.put(&name("结算单"), format!("{SETTLED}J{day},W{day},2026-10-{day} 10:00,粤B{day}000,100,100\n"));
    shop.put(&name("收银流水"), format!("{RECEIVED}SK{day},2026-10-{day} 11:00,秦岚,W{day},微信,{yuan}\n"));
}

fn run(root: &Path, words: &[&str], fails: Option<&str>, calls: Option<&Path>) -> Ran {
    let mut command = hesuan();
    command.arg(words[0]).arg(root).args(&words[1..]);
    if let Some(fails) = fails {
        command.env("HESUAN_FAILS", fails);
    }
    if let Some(calls) = calls {
        command.env("HESUAN_CALLS", calls);
    }
    Ran::of(&command.output().unwrap())
}

/// What is published, without what tells its own history.
fn published(root: &Path) -> Tree {
    let all = Shop::at(root).published().into_iter();
    all.filter(|(name, _)| !name.contains("-edited") && !name.contains("unknown")).collect()
}

/// Three reported days, and a fourth with a corrected export of the second in the inbox.
fn base() -> Shop {
    let shop = Shop::init();
    let settings = "[store]\ncode = \"S01\"\n[expected]\ndaily = [\"settlements\", \"receipts\"]\n[backup]\nfolder = \"../backup\"\n";
    fs::write(shop.root.join("hesuan.toml"), settings).unwrap();
    for day in 28..=30 {
        put_day(&shop, day, "100.00");
        run(&shop.root, &["run", "--as-of", &format!("2026-10-{day}")], None, None).ends_with(&[0]);
    }
    put_day(&shop, 29, "90.00");
    put_day(&shop, 31, "100.00");
    shop
}

/// A command, what must be done before it, and what ends what it began: told how it is called again and its codes then.
struct Case {
    name: &'static str,
    before: &'static [&'static [&'static str]],
    command: &'static [&'static str],
    /// Codes that the same command may end with when it is given again: it may have been done already.
    again: &'static [i32],
}

const RUN: &[&str] = &["run", "--as-of", "2026-10-31"];
const CLOSE: &[&str] = &[
    "close",
    "2026-10",
    "--by",
    "张三",
    "--accept",
    "changed_after_report",
    "--accept",
    "unpaid",
    "--accept",
    "export_missing",
    "--reason",
    "已核对",
];

const CASES: [Case; 7] = [
    Case { name: "run", before: &[], command: RUN, again: &[0] },
    Case { name: "close", before: &[RUN], command: CLOSE, again: &[0] },
    Case {
        name: "reopen",
        before: &[RUN, CLOSE],
        command: &["reopen", "2026-10", "--reason", "有误", "--by", "张三"],
        again: &[0, 2],
    },
    Case { name: "rebuild", before: &[RUN], command: &["rebuild"], again: &[0] },
    Case { name: "restore", before: &[RUN], command: &["restore", "../backup"], again: &[0] },
    Case {
        name: "withdraw",
        before: &[RUN],
        command: &["withdraw", "收银流水_20261031.csv", "--reason", "别店的", "--by", "张三"],
        again: &[0, 2],
    },
    Case {
        name: "unpublish",
        before: &[RUN],
        command: &["unpublish", "2026-10-31", "--reason", "输错", "--by", "张三"],
        again: &[0, 2],
    },
];

/// The words with the backup's folder in its place.
fn words<'w>(command: &'w [&'w str], backup: &'w str) -> Vec<&'w str> {
    command.iter().map(|word| if *word == "../backup" { backup } else { *word }).collect()
}

#[test]
fn every_call_of_every_command_may_fail() {
    let base = base();
    let home = tempfile::tempdir().unwrap();
    let mut tried = 0;
    for case in &CASES {
        let place = |name: &str| -> PathBuf { home.path().join(case.name).join(name) };
        let begin = |name: &str| {
            let _ = fs::remove_dir_all(place(name));
            copy_folder(base.root.parent().unwrap(), &place(name));
            place(name).join("S01")
        };
        let start = begin("start");
        for command in case.before {
            run(&start, command, None, None).ends_with(&[0]);
        }
        // Undisturbed, and how many calls there are.
        copy_folder(&place("start"), &place("right"));
        let (right, calls) = (place("right").join("S01"), place("calls"));
        let backup = |root: &Path| root.parent().unwrap().join("backup").display().to_string();
        run(&right, &words(case.command, &backup(&right)), None, Some(&calls)).ends_with(&[0]);
        run(&right, RUN, None, None).ends_with(&[0, 3]);
        let number: u64 = fs::read_to_string(&calls).unwrap().parse().unwrap();
        let expected = published(&right);
        for (what, at) in ["kill", "enospc", "eio"].iter().flat_map(|what| (1..=number).map(move |at| (*what, at))) {
            let fails = format!("{what}@{at}");
            let told = format!("{} {fails} of {number}", case.name);
            let root = place("try").join("S01");
            let _ = fs::remove_dir_all(place("try"));
            copy_folder(&place("start"), &place("try"));
            let backup = backup(&root);
            let ran = run(&root, &words(case.command, &backup), Some(&fails), None);
            match what {
                "kill" => assert!(ran.code.is_none(), "{told}: {ran:?}"),
                // Where another way is open (a swap that the file system cannot do), it is taken.
                _ => assert!(matches!(ran.code, Some(74 | 0)), "{told}: {ran:?}"),
            }
            let named = ran.err.contains("ledger/") || ran.err.contains("reports/") || ran.err.contains("backup");
            assert!(ran.code != Some(74) || named, "{told}: no path: {}", ran.err);
            let again = run(&root, &words(case.command, &backup), None, None);
            assert!(again.code.is_some_and(|code| case.again.contains(&code)), "{told}, given again: {again:?}");
            run(&root, RUN, None, None).ends_with(&[0, 3]);
            let found = published(&root);
            for name in expected.keys().chain(found.keys()) {
                assert!(expected.get(name) == found.get(name), "{told}: {name} differs");
            }
            let proof = run(&root, &["verify"], None, None);
            assert!(proof.code == Some(0), "{told}: {proof:?}");
            tried += 1;
        }
        println!("trials {} {number} calls, each killed, full and broken", case.name);
    }
    println!("trials {tried} failures of calls");
}
