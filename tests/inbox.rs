//! What lies in the inbox, what the system allows, and who may read what: nothing of it ends a night or goes unsaid.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{Ran, Shop, hesuan, same_tree, tree};

const END: &str = "2026-10-31";

/// A shop of two days.
fn shop() -> Shop {
    Shop::sample(&["--days", "2"])
}

fn set(shop: &Shop, section: &str) {
    let config = shop.root.join("hesuan.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{text}\n{section}\n")).unwrap();
}

fn codes_of(shop: &Shop, file: &str) -> Vec<String> {
    let findings = shop.findings(END);
    findings.iter().filter(|row| row["file"] == file).map(|row| row["code"].clone()).collect()
}

/// The figures of a date.
fn figures(shop: &Shop) -> serde_json::Value {
    let manifest = shop.manifest(END);
    serde_json::json!([manifest["figures"], manifest["clearing"]["counts"], manifest["totals"]])
}

// ---------------------------------------------------------------------------------------------------------------------
// Entries

#[test]
fn odd_entries_are_told_and_the_rest_is_published_as_usual() {
    let usual = shop();
    usual.publish(END);
    let shop = shop();
    let at = |name: &str| shop.inbox().join(name);
    symlink("/nowhere/at-all", at("dangling.csv")).unwrap();
    symlink(".", at("loop")).unwrap();
    symlink(shop.root.join("hesuan.toml"), at("outside.toml")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), rustix::fs::Mode::RUSR).unwrap();
    fs::File::create(at("backup.bak")).unwrap().set_len(2 << 30).unwrap();
    common::settle(&at("backup.bak"));
    shop.run(END).ends_with(&[3]);
    assert_eq!(figures(&shop), figures(&usual));
    for (name, code) in [
        ("dangling.csv", "link_not_followed"),
        ("loop", "link_inside"),
        ("outside.toml", "link_not_followed"),
        ("pipe", "not_a_file"),
        ("backup.bak", "file_too_large"),
    ] {
        assert_eq!(codes_of(&shop, name), [code], "{name}");
    }
    let archived: u64 = tree(&shop.root.join("ledger/archive")).values().map(|bytes| bytes.len() as u64).sum();
    assert!(archived < 100 << 20, "{archived}");
    let before = shop.published();
    shop.run(END).ends_with(&[3]);
    same_tree(&before, &shop.published());
    ["dangling.csv", "outside.toml", "backup.bak"].iter().for_each(|name| fs::remove_file(at(name)).unwrap());
    let usual = usual.run(END).code;
    assert_eq!(shop.run(END).code, usual);
    // A check of the folder tells them too.
    symlink("/nowhere/at-all", at("dangling.csv")).unwrap();
    let checked = Ran::of(&hesuan().arg("check").arg(&shop.root).output().unwrap()).ends_with(&[3]);
    assert!(checked.out.contains("dangling.csv"), "{}", checked.out);
}

#[test]
fn what_a_limit_refused_is_read_once_the_limit_is_raised() {
    let usual = shop();
    usual.publish(END);
    let shop = shop();
    let config = shop.root.join("hesuan.toml");
    let normal = fs::read_to_string(&config).unwrap();
    set(&shop, "[reader]\ncells = 100");
    shop.run(END).ends_with(&[3]);
    assert_ne!(figures(&shop), figures(&usual));
    // As long as the limits are the same nothing is read again, and nothing changes.
    let before = shop.published();
    shop.run(END).ends_with(&[3]);
    same_tree(&before, &shop.published());
    fs::write(&config, normal).unwrap();
    shop.publish(END);
    assert_eq!(figures(&shop), figures(&usual));
}

#[test]
fn a_night_without_descriptors_is_not_what_the_files_hold() {
    let usual = shop();
    usual.publish(END);
    let shop = shop();
    let ran = limited(&shop, "ulimit -n 12").ends_with(&[74]);
    assert!(ran.err.contains("ulimit -n"), "{}", ran.err);
    // Few, but it can begin.
    limited(&shop, "ulimit -n 24").ends_with(&[0, 3]);
    shop.publish(END);
    assert_eq!(figures(&shop), figures(&usual));
}

#[test]
fn what_a_stranger_wrote_is_not_obeyed() {
    let shop = Shop::init();
    shop.put(
        "收银流水_20261031.csv",
        "收据号,收款时间,收银员,收款方式,收款金额,业务单号\n\
         R001,2026-10-31 11:40,林芳,微信,300.00,\u{1b}]0;x\u{7}W1\n\
         R002,2026-10-31 11:50,林芳,微信,100.00,%W2\n\
         R003,2026-10-31 11:50,林芳,微信,100.00,|W3\n",
    );
    let ran = shop.publish(END);
    let list = fs::read_to_string(shop.folder(END).join("exceptions.csv")).unwrap();
    let findings = fs::read_to_string(shop.folder(END).join("findings.csv")).unwrap();
    for text in [&list, &findings, &ran.out, &ran.err] {
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{text}");
    }
    let orders: Vec<String> = shop.exceptions(END).iter().map(|row| row["order_no"].clone()).collect();
    assert!(orders.contains(&"'%W2".to_owned()) && orders.contains(&"'|W3".to_owned()), "{orders:?}");
}

// ---------------------------------------------------------------------------------------------------------------------
// Readers that die

/// The children of a process that read files.
fn readers_of(parent: u32) -> Vec<i32> {
    let list = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    let tasks = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
    let of_task = |task: fs::DirEntry| fs::read_to_string(task.path().join("children")).unwrap_or_default();
    let all: String = tasks.map(of_task).chain([list]).map(|list| list + " ").collect();
    let mut readers: Vec<i32> = all.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    readers.sort_unstable();
    readers.dedup();
    readers
}

/// Runs a shop and kills the first and about half of all further readers, each at a moment of its own; how many.
fn run_and_kill_readers(shop: &Shop, dice: &mut fastrand::Rng) -> usize {
    let mut run = shop.command(&["--as-of", END]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut fates: BTreeMap<i32, Option<Instant>> = BTreeMap::new();
    let mut killed = 0;
    while run.try_wait().unwrap().is_none() {
        for reader in readers_of(run.id()) {
            let fate = fates
                .entry(reader)
                .or_insert_with(|| dice.bool().then(|| Instant::now() + Duration::from_millis(dice.u64(0..250))));
            if fate.is_some_and(|moment| Instant::now() >= moment) {
                *fate = None;
                let reader = rustix::process::Pid::from_raw(reader).unwrap();
                killed += usize::from(rustix::process::kill_process(reader, rustix::process::Signal::KILL).is_ok());
            }
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    killed
}

#[test]
fn whoever_kills_readers_loses_no_file() {
    readers_are_killed(&["--days", "6"], 1);
}

/// `benches/long.sh readers`: a month of exports.
#[test]
#[ignore = "takes minutes"]
fn whoever_kills_readers_of_a_month_loses_no_file() {
    readers_are_killed(&["--days", "31"], 3);
}

fn readers_are_killed(sample: &[&str], rounds: u64) {
    let usual = Shop::sample(sample);
    let begun = Instant::now();
    usual.publish(END);
    let undisturbed = begun.elapsed();
    for seed in 0..rounds {
        let shop = Shop::sample(sample);
        let begun = Instant::now();
        let killed = run_and_kill_readers(&shop, &mut fastrand::Rng::with_seed(seed));
        let files = common::files_of(&shop.inbox()).len();
        eprintln!("{files} files, {killed} readers killed, {:?} instead of {undisturbed:?}", begun.elapsed());
        assert!(killed > 0, "no reader was killed");
        same_tree(&usual.published(), &shop.published());
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// What the system allows

/// One run in a shell with a limit.
fn limited(shop: &Shop, limit: &str) -> Ran {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("{limit}; exec \"$@\""), "sh", env!("CARGO_BIN_EXE_hesuan"), "run"]);
    shell.arg(&shop.root).args(["--as-of", END]).stdin(Stdio::null());
    Ran::of(&shell.output().unwrap())
}

#[test]
fn a_limit_of_the_system_ends_with_74_and_not_with_a_signal() {
    let shop = shop();
    // 50 kB and 300 MB.
    for (limit, words) in [("ulimit -f 100", ["ledger", "reports"]), ("ulimit -v 300000", ["ulimit -v", "1024 MB"])] {
        let ran = limited(&shop, limit).ends_with(&[74]);
        assert!(words.iter().any(|word| ran.err.contains(word)), "{limit}: {}", ran.err);
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        assert!(shop.published().is_empty());
    }
    shop.publish(END);
}

#[test]
fn dates_of_no_calendar_are_refused() {
    let shop = shop();
    for date in ["+262142-12-31", "-262143-01-01", "0000-01-01", "9999-12-31"] {
        shop.run_with(&[&format!("--as-of={date}"), "--dry-run"]).ends_with(&[2]);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Who may read

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Modes of all files and of all folders below a folder, itself included.
fn modes(folder: &Path) -> [Vec<u32>; 2] {
    let (mut files, mut folders, mut left) = (vec![], vec![], vec![folder.to_path_buf()]);
    while let Some(next) = left.pop() {
        folders.push(mode(&next));
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { left.push(path) } else { files.push(mode(&path)) }
        }
    }
    [files, folders].map(|mut modes| {
        modes.sort_unstable();
        modes.dedup();
        modes
    })
}

#[test]
fn the_ledger_is_for_its_owner_and_reports_are_as_their_folder_says() {
    let shop = shop();
    shop.publish(END);
    let ledger = shop.root.join("ledger");
    assert_eq!(modes(&ledger), [vec![0o600], vec![0o700]]);
    assert_eq!(modes(&shop.reports()), [vec![0o640], vec![0o750]]);
    // What was open before is closed.
    open(&ledger);
    fs::set_permissions(shop.reports(), fs::Permissions::from_mode(0o755)).unwrap();
    shop.publish("2026-10-30");
    assert_eq!(modes(&ledger), [vec![0o600], vec![0o700]]);
    assert_eq!(modes(&shop.folder("2026-10-30")), [vec![0o644], vec![0o755]]);
    set(&shop, "[files]\nledger = \"0640\"\nreports = \"0660\"");
    open(&ledger);
    shop.publish(END);
    assert_eq!(modes(&ledger), [vec![0o640], vec![0o750]]);
    assert_eq!(modes(&shop.folder(END)), [vec![0o660], vec![0o770]]);
}

/// Lets everybody in.
fn open(folder: &Path) {
    let mut left: Vec<PathBuf> = vec![folder.to_path_buf()];
    while let Some(next) = left.pop() {
        fs::set_permissions(&next, fs::Permissions::from_mode(if next.is_dir() { 0o755 } else { 0o644 })).unwrap();
        if next.is_dir() {
            left.extend(fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
}

#[test]
fn a_spec_names_no_path_and_reaches_no_table() {
    let shop = shop();
    let specs = shop.root.join("report_specs");
    fs::create_dir_all(specs.join("tables")).unwrap();
    let workbook = |title: &str| {
        format!(
            "[[workbook]]\nid = \"loans\"\nzh = {title:?}\nen = \"Loans\"\nreaders_zh = \"经理\"\nreaders_en = \"manager\"\n\
             headline = [\"arrivals\"]\n"
        )
    };
    for title in ["../../../PWNED", "x/../y", ".hidden", "收银与销号"] {
        fs::write(specs.join("workbooks_loans.toml"), workbook(title)).unwrap();
        let ran = shop.run(END).ends_with(&[2]);
        assert!(ran.err.contains("workbooks_loans.toml"), "{}", ran.err);
    }
    fs::remove_file(specs.join("workbooks_loans.toml")).unwrap();
    for (table, column) in [("x\\\"; DROP TABLE files; --", "no"), ("loans", "no\\\" TEXT); --"), ("loans", "CAR")] {
        let text = format!(
            "[[table]]\nid = \"{table}\"\nzh = \"借车\"\nen = \"Loans\"\nkey = [\"{column}\"]\ncolumns = [\n\
             {{ name = \"{column}\", kind = \"key\", zh = \"号\", en = \"No.\" }},\n\
             {{ name = \"car\", kind = \"text\", zh = \"车\", en = \"Car\" }},\n]\n"
        );
        fs::write(specs.join("tables/loans.toml"), text).unwrap();
        let ran = shop.run(END).ends_with(&[2]);
        assert!(ran.err.contains("tables/loans.toml"), "{}", ran.err);
    }
}
