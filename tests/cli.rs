//! The command line as a person, a script or cron uses it: arguments in; text, files and exit codes out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use assert_cmd::Command;
use tempfile::TempDir;

/// A receipts export as a dealer system writes it; `total` is what its last row says.
fn receipts(total: &str) -> String {
    format!(
        "收据号,收款时间,收款方式,收款金额,业务单号,内部备注\n\
         SK001,2026-10-31 09:00:00,现金,100.00,J001,x\n\
         SK002,2026-10-31 10:00:00,微信,\"1,234.50\",J002,y\n\
         合计,,,{total},,\n"
    )
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn hesuan(args: &[&str]) -> Run {
    ran(&Command::cargo_bin("hesuan").unwrap().args(args).output().unwrap())
}

fn ran(output: &Output) -> Run {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Run { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// A folder made by `hesuan init`.
fn shop() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("S01");
    let made = hesuan(&["init", text(&shop)]);
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    (folder, shop)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn put(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Every path below a folder.
fn tree(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().flatten() {
            found.push(entry.path().strip_prefix(folder).unwrap().display().to_string());
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn init_makes_a_shop_and_never_overwrites_one() {
    let (_folder, shop) = shop();
    assert_eq!(tree(&shop), ["hesuan.toml", "inbox", "report_specs", "report_specs/README.md"]);
    let before = fs::read_to_string(shop.join("hesuan.toml")).unwrap();
    let again = hesuan(&["init", text(&shop), "--code", "S99"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("exists already"), "{}", again.err);
    assert_eq!(fs::read_to_string(shop.join("hesuan.toml")).unwrap(), before);
}

#[test]
fn init_refuses_a_strange_code_and_an_unwritable_place() {
    let folder = tempfile::tempdir().unwrap();
    let strange = hesuan(&["init", text(&folder.path().join("a")), "--code", "S 1\""]);
    assert_eq!(strange.code, 2);
    assert!(tree(folder.path()).is_empty());
    put(&folder.path().join("file"), "");
    assert_eq!(hesuan(&["init", text(&folder.path().join("file/shop"))]).code, 74);
}

#[test]
fn sample_is_the_same_twice_and_says_what_was_planted() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str| {
        let dir = folder.path().join(name);
        let made = hesuan(&["sample", text(&dir), "--days", "3", "--orders-per-day", "4", "--lang", "en"]);
        assert_eq!(made.code, 0, "{}", made.err);
        assert!(made.out.contains("Planted faults") && made.out.contains("--as-of 2026-10-31"), "{}", made.out);
        dir
    };
    let (one, two) = (make("one"), make("two"));
    assert_eq!(tree(&one), tree(&two));
    for file in tree(&one).iter().filter(|file| one.join(file).is_file()) {
        assert!(fs::read(one.join(file)).unwrap() == fs::read(two.join(file)).unwrap(), "{file}");
    }
    assert_eq!(hesuan(&["sample", text(&one)]).code, 2);
}

#[test]
fn check_knows_every_file_of_a_sample_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("S01");
    assert_eq!(hesuan(&["sample", text(&shop), "--days", "3", "--orders-per-day", "4"]).code, 0);
    let before = tree(&shop);
    let checked = hesuan(&["check", text(&shop), "--json"]);
    assert_eq!(checked.code, 0, "{}", hesuan(&["check", text(&shop), "-v"]).out);
    let value: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    assert_eq!(value["files"].as_array().unwrap().len(), fs::read_dir(shop.join("inbox")).unwrap().count());
    assert_eq!(tree(&shop), before);
}

#[test]
fn check_says_how_a_good_file_is_read() {
    let (_folder, shop) = shop();
    put(&shop.join("inbox/收银流水_20261031.csv"), receipts("1334.50"));
    let checked = hesuan(&["check", text(&shop)]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    for part in [
        "收银流水（receipts）",
        "表头在第 1 行",
        "收据号→receipt_no",
        "内部备注",
        "2026-10-31",
        "读 2 行，取 2 行，拒 0 行",
        "全部相符",
    ] {
        assert!(checked.out.contains(part), "{part} is not in\n{}", checked.out);
    }
    // The shop that a single file lies in decides the same way.
    let one = hesuan(&["check", text(&shop.join("inbox/收银流水_20261031.csv")), "--lang", "en"]);
    assert_eq!(one.code, 0);
    assert!(one.out.contains("Receipts (receipts), headings in row 1"), "{}", one.out);
}

#[test]
fn check_lists_the_first_bad_cells_and_all_of_them_with_v() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("收银流水_20261031.csv");
    let mut rows = String::from("收据号,收款时间,收款方式,收款金额,业务单号\n");
    for number in 1..=9 {
        rows.push_str(&format!("SK{number},2026-10-31,现金,1O0.{number},J{number}\n"));
    }
    put(&file, rows);
    let checked = hesuan(&["check", text(&file)]);
    assert!(checked.out.contains("第 2 行 D 列：“收款金额”列的“1O0.1”不是金额"), "{}", checked.out);
    assert!(checked.out.contains("加 -v") && !checked.out.contains("1O0.9"), "{}", checked.out);
    assert!(hesuan(&["check", text(&file), "-v"]).out.contains("1O0.9"));
}

#[test]
fn check_ends_with_3_for_what_it_cannot_read_or_does_not_know() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, content: &[u8]| {
        let file = folder.path().join(name);
        put(&file, content);
        hesuan(&["check", text(&file), "--lang", "en"])
    };
    let empty = check("a.csv", b"");
    assert_eq!(empty.code, 3);
    assert!(empty.out.contains("the file is empty"), "{}", empty.out);
    let unknown = check("b.csv", "姓名,生日\n张三,1990-01-01\n".as_bytes());
    assert_eq!(unknown.code, 3);
    assert!(unknown.out.contains("no source spec knows this table; headings seen: 姓名、生日"), "{}", unknown.out);
    assert_eq!(check("c.xlsx", b"%PDF-1.7").code, 3);
    let all = hesuan(&["check", text(folder.path())]);
    assert_eq!(all.code, 3);
    assert!(all.out.contains("共 3 个文件：0 个可用，3 个不能读取或不认识"), "{}", all.out);
}

#[test]
fn check_ends_with_4_where_a_control_total_fails() {
    let folder = tempfile::tempdir().unwrap();
    let settlements = "结算单号,序号,委托单号,结算时间,客户应付\n\
                       JS001,1,J001,2026-10-31 17:00,100.00\n\
                       JS002,1,J002,2026-10-31 17:05,200.00\n\
                       合计,,,,350.00\n";
    put(&folder.path().join("结算单_20261031.csv"), settlements);
    put(&folder.path().join("empty.csv"), "");
    let checked = hesuan(&["check", text(folder.path())]);
    assert_eq!(checked.code, 4, "{}", checked.out);
    assert!(checked.out.contains("第 4 行“客户应付”列写 350.00，各行合计 300.00"), "{}", checked.out);
}

#[test]
fn check_of_nothing() {
    let (_folder, shop) = shop();
    let none = hesuan(&["check", text(&shop)]);
    assert_eq!((none.code, none.out.as_str()), (0, "没有文件\n"));
    assert_eq!(hesuan(&["check", text(&shop.join("no such file"))]).code, 2);
}

#[test]
fn a_misspelt_key_of_a_spec_is_refused_with_file_line_and_the_valid_keys() {
    let (_folder, shop) = shop();
    put(&shop.join("report_specs/sources/own.toml"), "id = \"own\"\nzh = \"自有\"\nenn = \"Own\"\n");
    let checked = hesuan(&["check", text(&shop)]);
    assert_eq!((checked.code, checked.out.as_str()), (2, ""));
    for part in ["report_specs/sources/own.toml:3", "`enn`", "`en`"] {
        assert!(checked.err.contains(part), "{part} is not in\n{}", checked.err);
    }
}

#[test]
fn an_unknown_column_of_a_spec_is_refused_with_the_valid_ones() {
    let (_folder, shop) = shop();
    let spec = "id = \"own\"\nzh = \"自有\"\nen = \"Own\"\n[recognise]\nheadings = [\"甲\"]\n\
                [[output]]\ntable = \"receipts\"\n[output.columns]\nreceipt_nr = { from = [\"甲\"] }\n";
    put(&shop.join("report_specs/sources/own.toml"), spec);
    for command in ["check", "status"] {
        let refused = hesuan(&[command, text(&shop)]);
        assert_eq!(refused.code, 2, "{}", refused.err);
        for part in
            ["report_specs/sources/own.toml:9", "unknown column `receipt_nr`", "did you mean `receipt_no`?", "cashier"]
        {
            assert!(refused.err.contains(part), "{part} is not in\n{}", refused.err);
        }
    }
}

#[test]
fn an_error_in_hesuan_toml_is_refused() {
    let (_folder, shop) = shop();
    put(&shop.join("hesuan.toml"), "[store]\ncode = \"S01\"\n[expected]\ndaily = [\"recepts\"]\n");
    let refused = hesuan(&["check", text(&shop), "--log-format", "json"]);
    assert_eq!(refused.code, 2);
    let record: serde_json::Value = serde_json::from_str(&refused.err).unwrap();
    assert_eq!(record["level"], "ERROR");
    assert_eq!(record["fields"]["message"], "hesuan.toml:4: unknown table `recepts`");
    assert!(record["fields"]["help"].as_str().unwrap().contains("did you mean `receipts`?"));
}

#[test]
fn a_source_of_the_shop_is_used() {
    let (_folder, shop) = shop();
    let spec = "id = \"own\"\nzh = \"自有收银\"\nen = \"Own receipts\"\n[recognise]\nheadings = [\"甲\", \"乙\"]\n\
                [[output]]\ntable = \"receipts\"\n[output.columns]\nreceipt_no = { from = [\"甲\"] }\n\
                received_at = { from = [\"乙\"] }\ntender = { constant = \"现金\" }\namount = { from = [\"丙\"] }\n";
    put(&shop.join("report_specs/sources/own.toml"), spec);
    put(&shop.join("inbox/sub/x.csv"), "甲,乙,丙\n1,2026-10-31,5.00\n");
    let checked = hesuan(&["check", text(&shop)]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    assert!(checked.out.contains("sub/x.csv") && checked.out.contains("自有收银（own）"), "{}", checked.out);
}

#[test]
fn status_of_a_shop_that_never_ran_makes_nothing() {
    let (_folder, shop) = shop();
    let before = tree(&shop);
    let status = hesuan(&["status", text(&shop), "--lang", "en"]);
    assert_eq!(status.code, 0, "{}", status.err);
    assert!(status.out.contains("Nothing has been published yet"), "{}", status.out);
    let json = hesuan(&["status", text(&shop), "--json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert!(value["last"].is_null());
    assert_eq!(tree(&shop), before);
    assert_eq!(hesuan(&["status", text(&shop.join("inbox"))]).code, 2);
}

#[test]
fn wrong_arguments_end_with_2() {
    for args in [
        &["frobnicate"][..],
        &["run"],
        &["run", "x", "--as-of", "31.10.2026"],
        &["run", "x", "--from", "2026-10-01"],
        &["run", "x", "--as-of", "2026-10-31", "--from", "2026-10-01", "--to", "2026-10-02"],
        &["run", "x", "--from", "2026-10-02", "--to", "2026-10-01"],
        &["run", "x", "--lang", "fr"],
        &["sample", "x", "--days", "0"],
        &["check", "x", "-q", "-v"],
    ] {
        let run = hesuan(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}: {}", run.err);
        assert!(!run.err.is_empty());
    }
    assert_eq!(hesuan(&[]).code, 2);
}

#[test]
fn help_groups_the_commands_and_names_the_exit_codes() {
    let help = hesuan(&["--help"]);
    assert_eq!(help.code, 0);
    for part in ["Every day:", "Set up:", "run ", "check ", "status ", "Exit codes:", "75  another run"] {
        assert!(help.out.contains(part), "{part} is not in\n{}", help.out);
    }
    assert!(!help.out.contains("read-files"));
    assert!(hesuan(&["--version"]).out.starts_with("hesuan 0."));
}

#[test]
fn completions_and_manual_pages_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = hesuan(&["completions", shell]);
        assert!(script.code == 0 && script.out.contains("sample"), "{shell}");
    }
    let page = hesuan(&["man"]);
    assert!(
        page.code == 0 && page.out.contains(".TH hesuan") && page.out.contains("orders\\-per\\-day"),
        "{}",
        page.out
    );
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(hesuan(&["man", "--dir", text(folder.path())]).code, 0);
    assert!(folder.path().join("hesuan.1").is_file() && folder.path().join("hesuan-run.1").is_file());
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_hesuan"))
        .args(["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = ran(&child.wait_with_output().unwrap());
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

#[test]
fn a_full_disk_under_standard_output_ends_with_74() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_hesuan"))
        .args(["completions", "zsh"])
        .stdout(full)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert_eq!(ran(&child.wait_with_output().unwrap()).code, 74);
}

#[test]
fn status_tells_what_the_last_run_left() {
    use hesuan::ledger::{Ledger, Published};
    let (_folder, shop) = shop();
    let mut ledger = Ledger::open(&shop.join("ledger")).unwrap();
    let published = |as_of: &str, revision: i64| Published {
        as_of: as_of.parse().unwrap(),
        revision,
        digest: "d".into(),
        manifest_sha256: "m".into(),
        ended: true,
        ..Published::default()
    };
    ledger.record_published(&published("2026-10-30", 1), false).unwrap();
    ledger.record_published(&published("2026-10-31", 2), false).unwrap();
    ledger.commit().unwrap();
    let gone = hesuan(&["status", text(&shop), "--lang", "en"]);
    assert!(gone.code == 0 && gone.out.contains("2026-10-31 is gone"), "{}{}", gone.out, gone.err);
    let reports = shop.join("reports/2026-10-31");
    put(
        &reports.join("exceptions.csv"),
        "\u{feff}kind,code,order_no,receipt_no,amount_fen,due_fen,received_fen,diff_fen,event_date,age_days,source,detail\r\n\
         clearing,unpaid,J1,,,150000,0,150000,2026-10-11,20,a.xlsx,\r\n\
         check,number_gap,J2,,0,,,,2026-10-31,0,a.xlsx,\r\n",
    );
    put(
        &reports.join("findings.csv"),
        "\u{feff}code,severity,file,sheet,row,column,value,message,remedy\r\n\
         export_missing,error,,,,,,no export of \"receipts\" for 2026-10-31,export it\r\n\
         text_trimmed,info,a.xlsx,,,,,numbers carried stray blanks,nothing\r\n",
    );
    let before = tree(&shop);
    let status = hesuan(&["status", text(&shop), "--lang", "en"]);
    assert_eq!(status.code, 0, "{}", status.err);
    let parts = [
        "2026-10-31, revision 2",
        "no export of \"receipts\"",
        "Unpaid",
        "1,500.00",
        "Gap in numbers",
        "daily 2026-11-01",
    ];
    for part in parts {
        assert!(status.out.contains(part), "{part} is not in\n{}", status.out);
    }
    assert!(!status.out.contains("stray blanks"), "{}", status.out);
    let json: serde_json::Value = serde_json::from_str(&hesuan(&["status", text(&shop), "--json"]).out).unwrap();
    assert_eq!(json["last"]["open"][1]["by_age"][3]["count"], 1);
    assert_eq!(tree(&shop), before, "looking at a shop leaves no trace");
}
