//! Published workbooks: sound, tied to the manifest, the same after LibreOffice has calculated them, and the same as
//! the golden ones.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use calamine::Data;
use common::books::{Book, has_office, recalculated, shown};
use common::{Shop, files_of};
use serde_json::Value;

const END: &str = "2026-10-31";
/// The Sunday after it.
const SUNDAY: &str = "2026-11-01";
/// A Sunday of the sample shop.
const WEEK: &str = "2026-10-25";
const CASHIER: &str = "收银与销号.xlsx";

fn books_of(shop: &Shop, date: &str) -> Vec<PathBuf> {
    let books = files_of(&shop.folder(date)).into_iter().filter(|(name, _)| name.ends_with(".xlsx"));
    books.map(|(_, path)| path).collect()
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/shop")
}

/// The hand-made shop of the golden case, published for the end of a month; its story is in the folder's README.
fn golden_shop() -> Shop {
    let shop = Shop::init();
    fs::copy(golden().join("hesuan.toml"), shop.root.join("hesuan.toml")).unwrap();
    shop.put_all(&golden().join("input"));
    shop.publish(END);
    shop
}

// ---------------------------------------------------------------------------------------------------------------------
// LibreOffice

/// Every formula of ours carries the value that LibreOffice calculates for it.
fn office_agrees(shop: &Shop, date: &str) {
    let scratch = tempfile::tempdir().unwrap();
    let paths = books_of(shop, date);
    for (path, theirs) in paths.iter().zip(recalculated(&paths, scratch.path())) {
        let ours = Book::open(path);
        let names = |book: &Book| book.sheets.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&ours), names(&theirs), "{}", path.display());
        for (place, formula) in &ours.formulas {
            let (own, calculated) = (ours.value(place), theirs.value(place));
            assert!(
                same(&own, &calculated),
                "{}: {place:?} ={formula}: {own:?}, LibreOffice {calculated:?}",
                path.display()
            );
        }
    }
}

/// Equal but for the last bits of a rate.
fn same(ours: &Data, theirs: &Data) -> bool {
    let number = |cell: &Data| match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        _ => None,
    };
    match (number(ours), number(theirs)) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-9 * ours.abs().max(1.0),
        _ => ours == theirs,
    }
}

#[test]
fn libreoffice_opens_every_workbook_and_calculates_the_same_totals() {
    if !has_office() {
        return;
    }
    let sample = Shop::sample(&[]);
    sample.publish(END);
    office_agrees(&sample, END);
    sample.publish(WEEK);
    office_agrees(&sample, WEEK);
    office_agrees(&golden_shop(), END);
}

// ---------------------------------------------------------------------------------------------------------------------
// Soundness

#[test]
fn no_cell_shows_an_error_and_every_formula_is_ours() {
    let sample = Shop::sample(&[]);
    sample.publish(END);
    let ours = regex::Regex::new(r"^(-?[0-9.]+|(ROUND|SUM|SUBTOTAL|IF|IFERROR)\(.*\)|[0-9.A-Z$()+/*-]+)$").unwrap();
    sample.publish(WEEK);
    let mut formulas = 0;
    for path in books_of(&sample, END).into_iter().chain(books_of(&sample, WEEK)) {
        let book = Book::open(&path);
        for (sheet, range) in &book.sheets {
            for (row, column, cell) in range.used_cells() {
                let text = shown(cell);
                let wrong = ["#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "#N/A", "#NUM!", "NaN", "inf"];
                assert!(
                    !wrong.contains(&text.as_str()) && !matches!(cell, Data::Error(_)),
                    "{sheet} {row},{column}: {text}"
                );
            }
        }
        for (place, formula) in &book.formulas {
            assert!(ours.is_match(formula), "{place:?} ={formula}");
            assert!(!matches!(book.value(place), Data::Empty), "{place:?} ={formula} carries no value");
        }
        formulas += book.formulas.len();
    }
    assert!(formulas > 50, "only {formulas} formulas: totals should be some");
}

/// Names and remarks that a spreadsheet would take for a formula or a link.
#[test]
fn text_of_an_export_is_never_a_formula_or_a_link() {
    let shop = Shop::init();
    let evil = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://example.com\")", "http://example.com", "＝1"];
    let mut settlements = String::from("结算单号,委托单号,结算时间,车牌号,客户名称,服务顾问,客户应付\n");
    for (at, name) in evil.iter().enumerate() {
        writeln!(settlements, "J{at},W{at},{END} 10:00:00,浙A1000{at},\"{}\",王强,100.00", name.replace('"', "\"\""))
            .unwrap();
    }
    shop.put("结算单_20261031.csv", settlements);
    shop.publish(END);
    let mut seen = 0;
    for path in books_of(&shop, END) {
        let book = Book::open(&path);
        for ((sheet, row, column), formula) in &book.formulas {
            assert!(
                !evil.iter().any(|text| formula.contains(text.trim_start_matches('='))),
                "{sheet} {row},{column} ={formula}"
            );
        }
        for (_, range) in &book.sheets {
            let text =
                |cell: &Data| matches!(cell, Data::String(text) if evil.contains(&text.trim_start_matches('\'')));
            seen += range.used_cells().filter(|(_, _, cell)| text(cell)).count();
        }
        for (name, part) in parts(&path) {
            assert!(!part.contains("TargetMode=\"External\""), "{}: {name} links outside", path.display());
        }
    }
    assert!(seen >= evil.len(), "the names are shown as they are: {seen}");
    for row in shop.exceptions(END) {
        assert!(!row["detail"].starts_with(['=', '+', '-', '@', '＝']), "{row:?}");
    }
}

fn parts(path: &Path) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(fs::read(path).unwrap())).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut text = Vec::new();
            part.read_to_end(&mut text).unwrap();
            (part.name().unwrap().into_owned(), String::from_utf8_lossy(&text).into_owned())
        })
        .collect()
}

// ---------------------------------------------------------------------------------------------------------------------
// Ties

/// Sum of a column of yuan, in fen.
fn fen(rows: &[BTreeMap<String, String>], column: &str) -> i64 {
    let fen = |row: &BTreeMap<String, String>| {
        let text = row.get(column).unwrap_or_else(|| panic!("no column {column} in {row:?}"));
        (text.parse::<f64>().unwrap() * 100.0).round() as i64
    };
    rows.iter().map(fen).sum()
}

fn sheets_tie_with_the_manifest(shop: &Shop) {
    let (manifest, book) = (shop.manifest(END), Book::open(&shop.folder(END).join(CASHIER)));
    let day = &manifest["day_totals"];
    let (settled, reversed) = (book.list("结算日报", "当日结算单"), book.list("结算日报", "当日负结算"));
    assert_eq!(fen(&settled, "客户应付") + fen(&reversed, "客户应付"), day["customer_due_fen"]);
    assert_eq!(settled.len() + reversed.len(), day["settlements"].as_u64().unwrap() as usize);
    let receipts = book.list("收银日报", "当日收款明细");
    assert_eq!(
        (fen(&receipts, "收款金额"), receipts.len() as u64),
        (day["received_fen"].as_i64().unwrap(), day["receipts"].as_u64().unwrap())
    );
    for (title, column) in [("按收银员与收款方式", "实收"), ("按收款方式", "实收")] {
        assert_eq!(fen(&book.list("收银日报", title), column), day["received_fen"], "{title}");
    }
    let counts = manifest["clearing"]["counts"].as_object().unwrap();
    let open =
        counts.iter().filter(|(category, _)| *category != "matched").map(|(_, n)| n.as_u64().unwrap()).sum::<u64>();
    let diffs =
        manifest["clearing"]["diff_fen"].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum::<i64>();
    let items = book.list("逐笔销号", "未销项目");
    assert_eq!((items.len() as u64, fen(&items, "差额")), (open, diffs), "open items");
    let front = book.list("首页", "需要处理：未销项目");
    let shown: u64 = front.iter().map(|row| row["项数"].parse::<u64>().unwrap()).sum();
    assert_eq!((shown, fen(&front, "差额")), (open, diffs), "open items of the first sheet");
    let checks: u64 = manifest["checks"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    let front: u64 =
        book.list("首页", "需要处理：检查异常").iter().map(|row| row["数量"].parse::<u64>().unwrap()).sum();
    assert_eq!(front, checks, "checks of the first sheet");
    assert_eq!(shop.exceptions(END).len() as u64, open + checks, "rows of exceptions.csv");
}

#[test]
fn sheet_totals_are_the_manifests_numbers() {
    let sample = Shop::sample(&[]);
    sample.publish(END);
    sheets_tie_with_the_manifest(&sample);
    sheets_tie_with_the_manifest(&golden_shop());
}

/// A sheet is marked incomplete exactly where the manifest says that its report is.
#[test]
fn a_sheet_says_that_it_is_incomplete_only_where_it_is() {
    let shop = golden_shop();
    for report in shop.manifest(END)["reports"].as_array().unwrap() {
        let book = Book::open(&shop.folder(END).join(report["file"].as_str().unwrap()));
        for sheet in report["sheets"].as_array().unwrap() {
            let rows = book.text(sheet.as_str().unwrap());
            let marked = rows.iter().flatten().any(|cell| cell.contains("不完整"));
            assert_eq!(marked, report["complete"] == Value::Bool(false), "{sheet} of {}", report["id"]);
        }
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Golden

/// A workbook as text, a file a sheet, for people to read: four decimals, and one empty line where a chart stands.
/// The numbers behind the sparklines are no sheet for readers.
fn book_as_text(path: &Path, texts: &mut BTreeMap<String, String>) {
    let (long, empty) = (regex::Regex::new(r"-?\d+\.\d{5,}").unwrap(), regex::Regex::new("\n{3,}").unwrap());
    let program = regex::Regex::new("hesuan [0-9.]+ · [0-9a-f]{64}").unwrap();
    let book = Book::open(path);
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    for (at, (sheet, _)) in book.sheets.iter().enumerate().filter(|(_, (sheet, _))| !sheet.starts_with('_')) {
        let lines: String = book.text(sheet).iter().map(|row| row.join("\t").replace('\n', " ") + "\n").collect();
        let lines = program.replace_all(&lines, "hesuan VERSION · DIGEST");
        let short = |number: &regex::Captures<'_>| format!("{:.4}", number[0].parse::<f64>().unwrap());
        let lines = empty.replace_all(&long.replace_all(&lines, short), "\n\n").into_owned();
        texts.insert(format!("{stem}/{:02} {sheet}.txt", at + 1), lines);
    }
}

/// The counts and totals of a manifest, and the month's figures that are known, a line each. The rest of it stands in
/// the workbooks.
fn short_manifest(manifest: &Value) -> String {
    let kept = ["as_of", "checks", "clearing", "day_totals", "totals", "findings", "missing", "store"];
    let of = |key: &str| format!("{key}\t{}\n", manifest[key]);
    let month = manifest["figures"].as_object().unwrap().get(&END[..7]).unwrap().as_object().unwrap();
    let known = month.iter().filter(|(_, value)| !value.as_object().unwrap().values().any(Value::is_null));
    let figures = known.map(|(id, value)| format!("{id}\t{value}\n"));
    kept.iter().map(|key| of(key)).chain(figures).collect()
}

/// Everything published as text: a file a sheet, the lists and the manifest; of the Sunday the weekly workbooks.
fn as_text(shop: &Shop) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for path in books_of(shop, END) {
        book_as_text(&path, &mut texts);
    }
    shop.publish(SUNDAY);
    for path in books_of(shop, SUNDAY).iter().filter(|path| path.to_string_lossy().ends_with("周报.xlsx")) {
        book_as_text(path, &mut texts);
    }
    for list in ["exceptions.csv", "findings.csv"] {
        texts.insert(list.to_owned(), fs::read_to_string(shop.folder(END).join(list)).unwrap());
    }
    texts.insert("manifest.txt".to_owned(), short_manifest(&shop.manifest(END)));
    texts
}

/// Twelve orders of three days with one of everything, by hand; `UPDATE_GOLDEN=1` writes `expected/` anew, to be
/// reviewed as a diff.
#[test]
fn the_golden_shop_gives_the_golden_workbooks() {
    let texts = as_text(&golden_shop());
    let expected = golden().join("expected");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&expected); // the first time there is none
        for (name, text) in &texts {
            let path = expected.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        return;
    }
    let held: BTreeMap<String, String> =
        common::tree(&expected).into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect();
    assert_eq!(held.keys().collect::<Vec<_>>(), texts.keys().collect::<Vec<_>>(), "files of expected/");
    for (name, text) in &texts {
        let differs = held[name].lines().zip(text.lines()).position(|(held, now)| held != now);
        let at = differs.unwrap_or_else(|| held[name].lines().count().min(text.lines().count()));
        let line = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
        assert!(held[name] == *text, "{name}, line {}:\n- {}\n+ {}", at + 1, line(&held[name]), line(text));
    }
}

/// The golden shop's figures of the month as computed by hand in its README: numerator and denominator in fen,
/// hundredths of an hour, pieces.
const BY_HAND: [(&str, i64, i64); 27] = [
    ("service_revenue", 1_032_700, 1),
    ("settled_orders", 11, 1),
    ("customer_due", 479_660, 1),
    ("received", 7_346_800, 1),
    ("open_due", 14_701_060, 1),
    ("open_over", 1_244_000, 1),
    ("receivables_open", 15_176_800, 1),
    ("labour_efficiency", 3348, 3019),
    ("overall_labour_efficiency", 3348, 4800),
    ("bay_utilisation", 3019, 2 * 800 * 31),
    ("fixed_first_visit", 10, 11),
    ("satisfaction", 12, 15),
    ("callback_rate_3_days", 1, 2),
    ("complaint_closed_in_time", 2, 4),
    ("churn_rate", 2, 12),
    ("first_service_return", 1, 2),
    ("stock_value", 400_660, 1),
    ("stock_days", (646_600 + 400_660) * 31, 2 * 444_940),
    ("dead_stock_share", 100_000, 400_660),
    ("fill_rate_at_once", 11, 14),
    ("count_accuracy", 3, 4),
    ("accessory_margin", 71_000, 135_000),
    ("claim_first_pass", 1, 3),
    ("claim_recovery", 450, 750),
    ("vehicle_total_margin", 1_450_000, 1),
    ("closing_rate", 4, 7),
    ("invoiced", 11_698_800, 1),
];

#[test]
fn the_golden_figures_are_those_computed_by_hand() {
    let manifest = golden_shop().manifest(END);
    for (id, above, below) in BY_HAND {
        let figure = &manifest["figures"][&END[..7]][id];
        let part = |name: &str| figure[name].as_i64();
        let whole = part("value").or_else(|| part("value_fen")).map(|value| (value, 1));
        let (n, d) = whole.or_else(|| part("numerator").zip(part("denominator"))).unwrap_or_else(|| panic!("{id}"));
        assert_eq!(i128::from(n) * i128::from(below), i128::from(above) * i128::from(d), "{id}: {figure}");
    }
}

#[test]
fn the_golden_shop_has_one_of_every_category() {
    let shop = golden_shop();
    let counts = shop.manifest(END)["clearing"]["counts"].clone();
    for (category, count) in counts.as_object().unwrap() {
        assert!(count.as_i64() > Some(0), "{category}");
    }
}
