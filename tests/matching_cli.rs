//! `hesuan match` from the outside: files in, exit code, answer, workbook and residual out.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use common::books::Book;
use common::exports::{self, Kind};
use common::{Ran, hesuan, hostile, records};
use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own for one match.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    /// The program on two files of this folder.
    fn run(&self, left: &str, right: &str, options: &[&str]) -> Ran {
        let mut command = hesuan();
        command.current_dir(self.folder.path()).args(["match", left, right]).args(options);
        Ran::of(&command.output().unwrap())
    }

    fn json(&self, left: &str, right: &str, options: &[&str]) -> Value {
        let mut all = vec!["--json"];
        all.extend(options);
        let ran = self.run(left, right, &all).ends_with(&[0, 2, 4, 5]);
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{ran:?}"))
    }
}

const RULES: &str = "id = 'till'\n\
    [left]\nid = ['单号']\namount = '应付'\ndate = '日期'\n\
    [right]\nid = ['收款单号']\namount = '金额'\ndate = '日期'\n\
    [[key]]\nname = 'order'\nleft = '单号'\nright = '单号'\n";

const LEFT: &str =
    "单号,日期,应付\n00123,2026-10-30,100.00\n00124,2026-10-30,250.50\n00125,2026-10-31,80.00\n合计,,430.50\n";
const RIGHT: &str = "收款单号,单号,日期,金额\nS1,00123,2026-10-30,100.00\nS2,00124,2026-10-31,200.50\n\
    S3,00124,2026-10-31,50.00\nS4,00999,2026-10-31,7.00\n合计,,,357.50\n";

/// The small till of most tests.
fn till() -> Desk {
    let desk = Desk::new();
    desk.put("rules.toml", RULES);
    desk.put("left.csv", LEFT);
    desk.put("right.csv", RIGHT);
    desk
}

fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect()
}

/// Left and right ids of every entry of a list.
fn pairs(list: &Value) -> Vec<(Vec<&str>, Vec<&str>)> {
    list.as_array().unwrap().iter().map(|entry| (ids(&entry["left"]), ids(&entry["right"]))).collect()
}

// ---------------------------------------------------------------------------------------------------------------------
// Exit codes

#[test]
fn a_match_with_open_rows_is_a_success_unless_asked() {
    let desk = till();
    let rules = ["--rules", "rules.toml"];
    let json = desk.json("left.csv", "right.csv", &rules);
    assert_eq!(pairs(&json["matched"]), [(vec!["00123"], vec!["S1"]), (vec!["00124"], vec!["S2", "S3"])]);
    assert_eq!((ids(&json["unmatched_left"]), ids(&json["unmatched_right"])), (vec!["00125"], vec!["S4"]));
    assert_eq!(json["totals"]["total_right"], 4, "合计 is no data");
    assert_eq!(json["as_of"], "2026-10-31");
    assert!(json["control_totals"].as_array().unwrap().iter().all(|c| c["holds"] == true));
    desk.run("left.csv", "right.csv", &rules).ends_with(&[0]);
    desk.run("left.csv", "right.csv", &["--rules", "rules.toml", "--fail-on", "exceptions"]).ends_with(&[5]);
    desk.put("one.csv", "单号,日期,应付\n00123,2026-10-30,100.00\n");
    desk.put("paid.csv", "收款单号,单号,日期,金额\nS1,00123,2026-10-30,100.00\n");
    desk.run("one.csv", "paid.csv", &["--rules", "rules.toml", "--fail-on", "exceptions"]).ends_with(&[0]);
}

#[test]
fn rules_that_are_wrong_are_refused_with_their_line_and_the_words_that_would_do() {
    let desk = till();
    let wrong = [
        ("[[pass]]\nkind = 'guess'\n", 15, "one_to_one"),
        ("[[pass]]\nkind = 'groups'\nkey = ['ordr']\n", 16, "order"),
        ("[[pass]]\nkind = 'groups'\ntolerance = { percent = '3%' }\n", 16, "of = \"left\""),
        ("[[pass]]\nkind = 'groups'\ntolerance = { amount = '90000000000000000000' }\n", 16, "no amount"),
        ("[calendar]\nholidays = ['1 October']\n", 15, "2026-10-31"),
        ("[[decision]]\nkind = 'forget'\n", 15, "set_aside"),
        ("[[pass]]\nkind = 'groups'\nwindows = 3\n", 16, "window"),
    ];
    for (more, line, word) in wrong {
        desk.put("wrong.toml", format!("{RULES}{more}"));
        let ran = desk.run("left.csv", "right.csv", &["--rules", "wrong.toml"]).ends_with(&[2]);
        assert!(ran.err.contains(&format!("wrong.toml:{line}")) && ran.err.contains(word), "{more}{}", ran.err);
        assert!(ran.out.is_empty());
    }
    let ran = desk.run("left.csv", "right.csv", &["--rules", "nowhere"]).ends_with(&[2]);
    assert!(ran.err.contains("no rules `nowhere`"), "{}", ran.err);
}

#[test]
fn a_column_that_is_missing_is_told_with_the_headings_seen() {
    let desk = till();
    desk.put("other.csv", "编号,日期,应付\n1,2026-10-30,1\n");
    let ran = desk.run("other.csv", "right.csv", &["--rules", "rules.toml"]).ends_with(&[2]);
    assert!(ran.err.contains("单号") && ran.err.contains("编号, 日期, 应付"), "{}", ran.err);
    let ran = desk.run("left.csv", "nowhere.csv", &["--rules", "rules.toml"]).ends_with(&[2]);
    assert!(ran.err.contains("nowhere.csv"), "{}", ran.err);
}

#[test]
fn a_file_that_cannot_be_read_is_no_answer() {
    let desk = till();
    let table = exports::rows("单号,日期,应付\n1,2026-10-30,1");
    let bad = [
        ("cut.xlsx", hostile::cut_off(&Kind::Xlsx.file(&table))),
        ("locked.xlsx", hostile::encrypted()),
        ("empty.csv", Vec::new()),
        ("blank.csv", b"\n\n\n".to_vec()),
    ];
    for (name, bytes) in bad {
        desk.put(name, bytes);
        let options = ["--rules", "rules.toml", "--residual", "open.csv", "--out", "book.xlsx"];
        let ran = desk.run(name, "right.csv", &options).ends_with(&[3]);
        assert!(ran.err.contains(name) && ran.out.is_empty(), "{ran:?}");
        assert!(!desk.path("open.csv").exists() && !desk.path("book.xlsx").exists());
    }
}

#[test]
fn a_total_of_the_file_that_does_not_tie_is_told() {
    let desk = till();
    desk.put("short.csv", LEFT.replace("430.50", "430.51"));
    let ran = desk.run("short.csv", "right.csv", &["--rules", "rules.toml", "--lang", "en"]).ends_with(&[4]);
    assert!(ran.out.contains("合计") && ran.out.contains("43051 ≠ 43050"), "{}", ran.out);
    // A file that misses the rows of a page says so, too; a part total and an empty one say nothing.
    desk.put("part.csv", "单号,日期,应付\n00123,2026-10-30,100.00\n小计,,100.00\n合计,,\n");
    desk.run("part.csv", "right.csv", &["--rules", "rules.toml"]).ends_with(&[0]);
}

#[test]
fn files_without_rows_are_matched_with_nothing() {
    let desk = till();
    desk.put("none.csv", "单号,日期,应付\n");
    let json =
        desk.json("none.csv", "right.csv", &["--rules", "rules.toml", "--residual", "open.csv", "--out", "b.xlsx"]);
    assert_eq!(ids(&json["unmatched_right"]).len(), 4);
    assert_eq!(records(&desk.path("open.csv")).len(), 4);
    desk.put("nothing.csv", "收款单号,单号,日期,金额\n");
    let json =
        desk.json("none.csv", "nothing.csv", &["--rules", "rules.toml", "--out", "b.xlsx", "--fail-on", "exceptions"]);
    assert_eq!((json["totals"]["total_left"].as_i64(), json["as_of"].as_str()), (Some(0), None));
    assert!(!Book::open(&desk.path("b.xlsx")).sheets.is_empty());
}

#[test]
fn amounts_that_cannot_be_summed_are_refused_and_none_overflows() {
    let desk = till();
    for huge in ["92233720368547758.07", "-92233720368547758.08", "30000000000000000", "1e30"] {
        let row = |n: usize| format!("{n},2026-10-30,{huge}\n");
        desk.put("huge.csv", format!("单号,日期,应付\n{}{}{}", row(1), row(2), row(3)));
        desk.run("huge.csv", "right.csv", &["--rules", "rules.toml"]).ends_with(&[0, 3]);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Kinds of files

#[test]
fn every_kind_of_file_gives_the_same_buckets() {
    let desk = till();
    let told = |left: &str, right: &str| {
        let mut json = desk.json(left, right, &["--rules", "rules.toml"]);
        json["files"] = Value::Null;
        json["control_totals"] = Value::Null; // they begin with the files' names
        json
    };
    let plain = told("left.csv", "right.csv");
    for kind in Kind::ALL {
        let names = [format!("l.{}", kind.ending()), format!("r.{}", kind.ending())];
        desk.put(&names[0], kind.file(&exports::rows(LEFT)));
        desk.put(&names[1], kind.file(&exports::rows(RIGHT)));
        // A workbook with amounts as numbers makes one of an order number, too: here they are texts.
        assert_eq!(told(&names[0], &names[1]), plain, "{kind:?}");
    }
    // As Excel keeps leading zeros, below a title, with a mark, other ends of lines, another delimiter.
    desk.put(
        "quoted.csv",
        format!("\u{feff}结算明细\r\n\r\n{}", LEFT.replace("00123", "=\"00123\"").replace('\n', "\r\n")),
    );
    assert_eq!(told("quoted.csv", "right.csv"), plain);
    desk.put("semicolon.csv", RIGHT.replace(',', ";"));
    assert_eq!(told("left.csv", "semicolon.csv"), plain);
}

#[test]
fn rules_of_a_table_read_an_export_through_its_source_spec() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/inbox");
    let exports: Vec<PathBuf> = fs::read_dir(&sample).unwrap().map(|e| e.unwrap().path()).collect();
    let of_day = |word: &str| {
        let is = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().contains(word);
        let found = exports.iter().filter(is).min().cloned();
        found.unwrap_or_else(|| panic!("no {word} in the sample"))
    };
    let receipts = of_day("收银流水");
    let desk = Desk::new();
    let name = receipts.file_name().unwrap().to_str().unwrap();
    desk.put(name, fs::read(&receipts).unwrap());
    let side = "table = 'receipts'\nid = ['receipt_no']\namount = 'amount'\ndate = 'received_at'\n";
    let key = "[[key]]\nname = 'receipt'\nleft = 'receipt_no'\nright = 'receipt_no'\n";
    desk.put("rules.toml", format!("id = 'self'\n[left]\n{side}[right]\n{side}{key}"));
    let json = desk.json(name, name, &["--rules", "rules.toml"]);
    let rows = json["totals"]["total_left"].as_i64().unwrap();
    assert!(rows > 5, "{json:#}");
    assert_eq!(json["totals"]["bins"]["matched"][0]["rows"].as_i64(), Some(rows), "{json:#}");
    desk.put("left.csv", LEFT);
    let ran = desk.run("left.csv", name, &["--rules", "rules.toml"]).ends_with(&[2]);
    assert!(ran.err.contains("no export of the table `receipts`"), "{}", ran.err);
    desk.put("rules.toml", format!("id = 'self'\n[left]\n{}[right]\n{side}{key}", side.replace("'amount'", "'amont'")));
    let ran = desk.run(name, name, &["--rules", "rules.toml"]).ends_with(&[2]);
    assert!(ran.err.contains("`amont`"), "{}", ran.err);
}

// ---------------------------------------------------------------------------------------------------------------------
// Days

#[test]
fn what_stays_open_is_carried_with_its_age_and_origin_and_closed_in_the_end() {
    let desk = Desk::new();
    desk.put("rules.toml", RULES.replacen('\n', "\nleftover = 'residual'\n", 1));
    desk.put("l1.csv", "单号,日期,应付\nA,2026-10-01,1000.00\nB,2026-10-01,500.00\n");
    desk.put("r1.csv", "收款单号,单号,日期,金额\nS1,A,2026-10-01,400.00\n");
    desk.put("l2.csv", "单号,日期,应付\nC,2026-10-02,90.00\n");
    desk.put("r2.csv", "收款单号,单号,日期,金额\nS2,A,2026-10-02,100.00\nS3,C,2026-10-02,90.00\n");
    desk.put("l3.csv", "单号,日期,应付\n");
    desk.put("r3.csv", "收款单号,单号,日期,金额\nS4,A,2026-10-04,500.00\nS5,=B,2026-10-04,1.00\n");
    let day = |n: usize, opening: Option<&str>| {
        let open = format!("open{n}.csv");
        let mut options = vec!["--rules", "rules.toml", "--residual", &open];
        options.extend(opening.iter().flat_map(|o| ["--opening", o]));
        let json = desk.json(&format!("l{n}.csv"), &format!("r{n}.csv"), &options);
        (json, records(&desk.path(&open)))
    };
    let told = |rows: &[common::Record]| {
        let row = |r: &common::Record| {
            ["side", "id", "amount", "original_amount", "first_seen", "age_days", "origin", "row"]
                .map(|c| r[c].clone())
                .join(" ")
        };
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let (_, open) = day(1, None);
    assert_eq!(
        told(&open),
        ["left A 600.00 1000.00 2026-10-01 0 l1.csv 2", "left B 500.00 500.00 2026-10-01 0 l1.csv 3",]
    );
    let (_, open) = day(2, Some("open1.csv"));
    assert_eq!(
        told(&open),
        ["left A 500.00 1000.00 2026-10-01 1 l1.csv 2", "left B 500.00 500.00 2026-10-01 1 l1.csv 3",]
    );
    let (json, open) = day(3, Some("open2.csv"));
    assert_eq!(pairs(&json["matched"]), [(vec!["A"], vec!["S4"])]);
    assert_eq!(
        told(&open),
        ["left B 500.00 500.00 2026-10-01 3 l1.csv 3", "right S5 1.00 1.00 2026-10-04 0 r3.csv 3",]
    );
    // A key that a spreadsheet would take for a formula comes back as it was.
    assert_eq!(open[1]["key.order"], "'=B");
    desk.put("l4.csv", "单号,日期,应付\n=B,2026-10-05,1.00\n");
    desk.put("r4.csv", "收款单号,单号,日期,金额\n");
    let json = desk.json("l4.csv", "r4.csv", &["--rules", "rules.toml", "--opening", "open3.csv"]);
    assert_eq!(pairs(&json["matched"]), [(vec!["=B"], vec!["S5"])]);
}

#[test]
fn an_opening_that_is_none_is_refused_with_its_line() {
    let desk = till();
    desk.put("open.csv", "side,id,amount,key.order\nleft,1,100.00,1\nmiddle,2,5.00,2\n");
    let options = ["--rules", "rules.toml", "--opening", "open.csv"];
    let ran = desk.run("left.csv", "right.csv", &options).ends_with(&[3]);
    assert!(ran.err.contains("open.csv") && ran.err.contains("line 3"), "{}", ran.err);
    desk.put("open.csv", "side,id,amount\n");
    let ran = desk.run("left.csv", "right.csv", &options).ends_with(&[2]);
    assert!(ran.err.contains("key.order"), "{}", ran.err);
}

#[test]
fn decisions_hold_in_every_rerun_and_say_when_they_no_longer_fit() {
    let desk = till();
    let decision = "[[decision]]\nkind = 'match'\nleft = ['00125']\nright = ['S4']\namount = '73'\nreason = '抹零'\nby = '李会计'\n";
    desk.put("rules.toml", format!("{RULES}{decision}"));
    let options = ["--rules", "rules.toml", "--lang", "zh"];
    for _ in 0..2 {
        let json = desk.json("left.csv", "right.csv", &options);
        assert_eq!(json["decisions"][0]["standing"], "applied");
        assert!(pairs(&json["matched"]).contains(&(vec!["00125"], vec!["S4"])), "{json:#}");
    }
    desk.put("right.csv", RIGHT.replace("7.00", "8.00").replace("357.50", "358.50"));
    let json = desk.json("left.csv", "right.csv", &options);
    assert_eq!(json["decisions"][0]["standing"], "amount_differs");
    assert!(desk.run("left.csv", "right.csv", &options).out.contains("决定不再适用"));
    // Passes of one's own that forget the decisions do not lose them.
    desk.put("right.csv", RIGHT);
    desk.put("rules.toml", format!("{RULES}[[pass]]\nkind = 'groups'\n{decision}"));
    assert_eq!(desk.json("left.csv", "right.csv", &options)["decisions"][0]["standing"], "applied");
    // Two decisions about one row: the first counts, the other says that it has none.
    let pay = "[[decision]]\nkind = 'allocate'\nleft = ['00125']\nright = ['S4']\namount = '7'\n";
    desk.put("rules.toml", format!("{RULES}{pay}{}", decision.replace("['00125']", "['00125', '00125']")));
    let json = desk.json("left.csv", "right.csv", &options);
    assert_eq!(
        (&json["decisions"][0]["standing"], &json["decisions"][1]["standing"]),
        (&"applied".into(), &"row_unknown".into())
    );
}

// ---------------------------------------------------------------------------------------------------------------------
// Workbook and files

#[test]
fn the_workbook_says_what_the_json_says_and_is_the_same_again() {
    let desk = till();
    let options = ["--rules", "rules.toml", "--out", "book.xlsx", "--residual", "open.csv", "--lang", "zh"];
    let json = desk.json("left.csv", "right.csv", &options);
    let (book, open) = (fs::read(desk.path("book.xlsx")).unwrap(), fs::read(desk.path("open.csv")).unwrap());
    desk.json("left.csv", "right.csv", &options);
    assert!(book == fs::read(desk.path("book.xlsx")).unwrap() && open == fs::read(desk.path("open.csv")).unwrap());
    let book = Book::open(&desk.path("book.xlsx"));
    let titles = ["matched", "amount_diff", "timing_diff", "ambiguous", "unmatched", "skipped", "duplicates"];
    let rows = book.text("首页");
    let at = rows.iter().position(|row| row.first().is_some_and(|cell| cell == "结果")).unwrap();
    for (row, bin) in rows[at + 1..].iter().zip(titles) {
        let [left, right] = [0, 1].map(|side| json["totals"]["bins"][bin][side].clone());
        assert_eq!(
            (row[1].as_str(), row[2].as_str()),
            (left["rows"].to_string().as_str(), right["rows"].to_string().as_str())
        );
        let fen = |text: &str| (text.parse::<f64>().unwrap() * 100.0).round();
        let same = |cell: &String, json: &Value| fen(cell).to_bits() == fen(json.as_str().unwrap()).to_bits();
        assert!(same(&row[3], &left["amount"]) && same(&row[4], &right["amount"]), "{row:?} {left} {right}");
    }
    assert_eq!(book.text("已匹配").iter().flatten().filter(|cell| cell.contains("S2 S3")).count(), 1);
    let names: Vec<String> =
        fs::read_dir(desk.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| !name.starts_with('.')), "nothing half-written is left: {names:?}");
}

#[test]
fn a_place_that_cannot_be_written_changes_nothing() {
    let desk = till();
    desk.put("open.csv", "as before");
    let ran = desk.run("left.csv", "right.csv", &["--rules", "rules.toml", "--out", "nowhere/book.xlsx"]);
    assert!(ran.code != Some(0) && ran.out.is_empty(), "{ran:?}");
    let wrong = desk.run("left.csv", "missing.csv", &["--rules", "rules.toml", "--residual", "open.csv"]);
    assert!(wrong.code != Some(0) && fs::read(desk.path("open.csv")).unwrap() == b"as before");
}

#[test]
fn text_that_looks_like_a_formula_is_harmless() {
    let desk = till();
    let evil = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"\"http://example.com\"\")", "＝1"];
    let mut left = String::from("单号,日期,应付\n");
    evil.iter().for_each(|text| writeln!(left, "\"{text}\",2026-10-30,1.00").unwrap());
    desk.put("evil.csv", left);
    let options = ["--rules", "rules.toml", "--out", "book.xlsx", "--residual", "open.csv"];
    desk.json("evil.csv", "right.csv", &options);
    for (_, cell) in records(&desk.path("open.csv")).into_iter().flatten().filter(|(column, _)| column != "amount") {
        assert!(!cell.starts_with(['=', '+', '-', '@', '＝']), "{cell}");
    }
    let book = Book::open(&desk.path("book.xlsx"));
    assert!(
        book.formulas.values().all(|formula| !formula.contains("HYPERLINK") && formula.as_str() != "1+1"),
        "{:?}",
        book.formulas
    );
    let shown: Vec<String> = book.text("无对应").into_iter().flatten().collect();
    assert!(
        evil.iter().all(|text| shown.iter().any(|cell| cell.trim_start_matches('\'') == text.replace("\"\"", "\""))),
        "{shown:?}"
    );
    // And back in as they were.
    desk.put("none.csv", "单号,日期,应付\n");
    desk.put("nothing.csv", "收款单号,单号,日期,金额\n");
    let json = desk.json("none.csv", "nothing.csv", &["--rules", "rules.toml", "--opening", "open.csv"]);
    assert!(
        evil.iter().all(|text| ids(&json["unmatched_left"]).contains(&text.replace("\"\"", "\"").as_str())),
        "{json:#}"
    );
}

// ---------------------------------------------------------------------------------------------------------------------
// Golden

/// A store's day by hand, to be read beside its rules; `UPDATE_GOLDEN=1` writes `expected/` anew, to be reviewed as a
/// diff.
#[test]
fn the_golden_day_is_matched_as_it_was() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/match");
    let desk = Desk::new();
    for name in ["left.csv", "right.csv", "rules.toml"] {
        desk.put(name, fs::read(golden.join("input").join(name)).unwrap());
    }
    let options = ["--rules", "rules.toml", "--residual", "residual.csv", "--lang", "zh"];
    let summary = desk.run("left.csv", "right.csv", &options).ends_with(&[0]).out;
    let mut json = desk.json("left.csv", "right.csv", &options);
    json["program"]["version"] = "VERSION".into();
    let texts = [
        ("summary.zh.txt", summary),
        ("matches.json", serde_json::to_string_pretty(&json).unwrap() + "\n"),
        ("residual.csv", fs::read_to_string(desk.path("residual.csv")).unwrap()),
    ];
    for (name, text) in texts {
        let path = golden.join("expected").join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(path, text).unwrap();
            continue;
        }
        let held = fs::read_to_string(path).unwrap();
        let differs = held.lines().zip(text.lines()).position(|(held, now)| held != now);
        let at = differs.unwrap_or_else(|| held.lines().count().min(text.lines().count()));
        let line = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
        assert!(held == text, "{name}, line {}:\n- {}\n+ {}", at + 1, line(&held), line(&text));
    }
}
