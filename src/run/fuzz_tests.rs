//! Sheets of any content under the headings of every built-in source, all the way to the workbooks: nothing of a file may
//! stop the program. A short part of it runs with the tests, `benches/long.sh fuzz_sheet` the long one.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use chrono::NaiveDate;

use super::day::{self, Purpose};
use super::{Books, Request, Shop, fuzz_files_tests};
use crate::clean::{self, Source};
use crate::ledger::{FileMeta, Ledger};
use crate::model::{ColumnKind, TableDef, WordList};
use crate::read::{Cell, Format, RawFile, RawRow, RawSheet};
use crate::spec::tables::Tables;

/// A Sunday that ends a month: every report is due.
const DAY: &str = "2026-05-31";
/// Sheets that go through one ledger and one set of reports together.
const SHEETS: usize = 120;

/// Texts that a number, a date, a number of a document or a message may stumble over.
const NASTY: &[&str] = &[
    " ",
    "-",
    "—",
    "/",
    "\\",
    "0",
    "00",
    "-0",
    "+",
    ".",
    "1e",
    "1e308",
    "1E+17",
    "-1E+17",
    "1e-400",
    "NaN",
    "inf",
    "9223372036854775807",
    "-9223372036854775808",
    "92233720368547758.07",
    "-92233720368547758.08",
    "90000000000000",
    "9999999999999999999999999999999999999999",
    "999999999.99",
    "99999999999.99",
    "-99999999999.99",
    "6222021001009876543",
    "0.000000000000000000001",
    "１２３４．５",
    "1,234,567.89",
    "123.45-",
    "(9.99)",
    "￥１２",
    "12元",
    "5%",
    "99999999%",
    "合计",
    "小计",
    "总计：",
    "本页合计",
    "制表人：王",
    "第 1 页",
    "#N/A",
    "#REF!",
    "NULL",
    "None",
    "无",
    "{0}{value}{arg0}",
    "=1+1",
    "@SUM(A1)",
    "\u{202e}W1",
    "\u{feff}W1",
    "W1\u{200b}",
    "W1;W2,W3",
    "W1 W2 W3",
    "`W1",
    "'W1",
    "W1.0",
    "W1#2",
    "0000-00-00",
    "0001-01-01",
    "1899-12-31",
    "1900-01-00",
    "1900-02-29",
    "2026-02-30",
    "9999-12-31",
    "99999-01-01",
    "2026-05-31 24:00:00",
    "2026-05-31 25:61",
    "2026-05-31T23:59:60Z",
    "2026-05-31T10:00:00.5+99:99",
    "31/05/2026",
    "20260531",
    "20260531.0",
    "46173",
    "46173.999999",
    "-46173",
    "2958466",
    "上午9:05",
    "2026年5月",
    "星期日",
    "\0",
    "\n",
    "\t",
    "\u{1f}",
    "𠮷🚗",
    "é́́́",
    "作废",
    "退款",
    "已删除",
    "Ａ",
    "ａｓｃ",
    "O:W1",
    "R:N1",
    "K:x:::",
    ">",
    ":",
];

/// Numbers that a cell of a spreadsheet may hold.
const NUMBERS: &[f64] = &[
    0.0,
    -0.0,
    0.005,
    0.1,
    1.0,
    -1.0,
    59.0,
    60.0,
    61.0,
    46_173.5,
    2_958_465.999_999,
    2_958_466.0,
    1e10,
    1e11,
    1e13,
    -1e13,
    9e14,
    1e15,
    1e16,
    -1e16,
    9.2e18,
    1e19,
    -1e19,
    1e300,
    -1e300,
    5e-324,
    202_605_310_001.0,
    9_007_199_254_740_993.0,
];

/// What one round is made of.
struct Round<'a> {
    dice: fastrand::Rng,
    sources: &'a [Source],
    tables: &'a Tables,
}

impl Round<'_> {
    fn pick<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.dice.usize(..all.len())]
    }

    /// A file of one sheet that a source claims, most likely.
    fn file(&mut self) -> (String, RawFile) {
        let source = &self.sources[self.dice.usize(..self.sources.len())];
        let format = *self.pick(&[Format::Csv, Format::Xls, Format::Xlsx, Format::Html]);
        let columns = self.columns(source);
        let mut rows = vec![columns.iter().map(|(heading, _)| Cell::Text(heading.clone())).collect::<Vec<_>>()];
        for _ in 0..self.dice.usize(1..8) {
            let wild = *self.pick(&[0.05, 0.2, 0.6]);
            let row = columns.iter().map(|(_, column)| self.cell(*column, wild)).collect();
            rows.push(row);
        }
        if self.dice.u8(..) < 30 {
            let repeated = self.dice.usize(..rows.len());
            rows.push(rows[repeated].clone());
        }
        let is_text = matches!(format, Format::Csv | Format::Html);
        let numbered = (1..).zip(rows);
        let rows = numbered.map(|(number, cells)| self.row(number, cells, is_text)).collect();
        let name = if is_text { String::new() } else { "Sheet1".to_owned() };
        let sheet =
            RawSheet { name, hidden: self.dice.u8(..) < 8, is_1904: self.dice.u8(..) < 8, rows, merges: Vec::new() };
        let dated = *self.pick(&["_20260531", "_20260530", "_202605", "", "_20260601"]);
        let encoding = if is_text { "UTF-8".to_owned() } else { String::new() };
        let written = if self.dice.u8(..) < 64 { fuzz_files_tests::through(&sheet, format) } else { None };
        let raw = written.unwrap_or(RawFile { format, encoding, sheets: vec![sheet], problems: Vec::new() });
        (format!("{}{dated}.{}", source.zh, self.dice.u32(..)), raw)
    }

    /// Headings of a source, each with the table and column that it feeds; in any order.
    fn columns(&mut self, source: &Source) -> Vec<(String, Option<(usize, usize)>)> {
        let mut by_heading: BTreeMap<String, Option<(usize, usize)>> = BTreeMap::new();
        for spellings in &source.headings {
            let heading = self.pick(spellings).clone();
            by_heading.insert(heading, None);
        }
        for output in &source.outputs {
            for (column, from) in output.columns.iter().enumerate() {
                let Some(from) = from.as_ref().filter(|f| !f.from.is_empty()) else { continue };
                let known = from.from.iter().find(|heading| by_heading.contains_key(*heading)).cloned();
                let heading = known.unwrap_or_else(|| self.pick(&from.from).clone());
                by_heading.insert(heading, Some((output.table, column)));
            }
            for condition in output.when_all.iter().chain(&output.when_any) {
                let heading = condition.spellings.first().cloned().unwrap_or_default();
                by_heading.entry(heading).or_insert(None);
            }
        }
        let mut columns: Vec<_> = by_heading.into_iter().collect();
        self.dice.shuffle(&mut columns);
        columns
    }

    fn cell(&mut self, column: Option<(usize, usize)>, wild: f64) -> Cell {
        let tables = self.tables;
        let def = column.map(|(table, at): (usize, usize)| -> (&TableDef, usize) { (&tables.tables[table], at) });
        match def {
            Some((table, at)) if self.dice.f64() >= wild => self.plausible(table.columns[at].kind, &tables.lists),
            _ => self.nasty(),
        }
    }

    fn plausible(&mut self, kind: ColumnKind, lists: &[WordList]) -> Cell {
        let day = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap() + chrono::Days::new(self.dice.u64(..32));
        let number = f64::from(self.dice.i32(-5_000..500_000)) / 100.0;
        match kind {
            ColumnKind::Key => Cell::Text(format!("W{}", self.dice.u8(..25))),
            ColumnKind::Text => Cell::Text((*self.pick(&["王", "粤B00001", "钱收", "保养", "10W-40", ""])).to_owned()),
            ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Micro if self.dice.bool() => Cell::Number(number),
            ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Micro => Cell::Text(format!("{number:.2}")),
            ColumnKind::Int => Cell::Number(number.round()),
            ColumnKind::Date if self.dice.bool() => Cell::Date(day),
            ColumnKind::Time if self.dice.bool() => Cell::DateTime(day.and_hms_opt(self.dice.u32(..24), 5, 0).unwrap()),
            ColumnKind::Date => Cell::Text(day.to_string()),
            ColumnKind::Time => Cell::Text(format!("{day} {:02}:30", self.dice.u8(..24))),
            ColumnKind::Bool => Cell::Text((*self.pick(&["是", "否"])).to_owned()),
            ColumnKind::Word(list) => Cell::Text(self.pick(&lists[list].words).zh.clone()),
        }
    }

    fn nasty(&mut self) -> Cell {
        match self.dice.u8(..16) {
            0 => Cell::Empty,
            1 => Cell::Bool(self.dice.bool()),
            2 => Cell::Error("#DIV/0!".to_owned()),
            3 => Cell::NoValue,
            4 => Cell::Date(*self.pick(&[NaiveDate::MIN, NaiveDate::MAX, NaiveDate::default()])),
            5 => Cell::DateTime(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap().and_hms_opt(23, 59, 59).unwrap()),
            6..=8 => Cell::Number(*self.pick(NUMBERS)),
            9 => Cell::Number(f64::from_bits(self.dice.u64(..))).finite(),
            10 => Cell::Text(self.dice.char(..).to_string().repeat(self.dice.usize(1..40))),
            11 => Cell::Text((0..self.dice.usize(..12)).map(|_| self.dice.char(..)).collect()),
            12 => Cell::Text("９".repeat(self.dice.usize(1..3_000))),
            _ => Cell::Text((*self.pick(NASTY)).to_owned()),
        }
    }

    /// A row as its format gives it: text files have texts only, and sometimes a field too many or too few.
    fn row(&mut self, number: u32, mut cells: Vec<Cell>, is_text: bool) -> RawRow {
        if is_text {
            cells = cells.into_iter().map(written).collect();
            match self.dice.u8(..40) {
                0 => cells.truncate(cells.len() / 2),
                1 => cells.push(Cell::Text("多".to_owned())),
                _ => {}
            }
        }
        let width = if is_text { u32::try_from(cells.len()).unwrap() } else { 0 };
        while cells.last() == Some(&Cell::Empty) {
            cells.pop();
        }
        RawRow { number, cells, width }
    }
}

trait Finite {
    fn finite(self) -> Cell;
}

impl Finite for Cell {
    /// A reader never gives a number that is none.
    fn finite(self) -> Cell {
        match self {
            Cell::Number(number) if !number.is_finite() => Cell::Error("#NUM!".to_owned()),
            cell => cell,
        }
    }
}

fn written(cell: Cell) -> Cell {
    let text = match cell {
        Cell::Text(text) | Cell::Error(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::DateTime(time) => time.to_string(),
        Cell::Bool(is) => is.to_string(),
        Cell::Empty | Cell::NoValue => return Cell::Empty,
    };
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

fn request(root: &Path) -> Request {
    std::fs::create_dir_all(root.join("inbox")).unwrap();
    std::fs::write(root.join("hesuan.toml"), "[store]\ncode = \"S01\"\n[limits]\nwrite_off = \"5.00\"\n").unwrap();
    Request {
        shop: root.to_path_buf(),
        dates: vec![DAY.parse().unwrap()],
        is_ordinary: false,
        today: "2027-01-01".parse().unwrap(),
        at: String::new(),
        tells_all: true,
        reports: Vec::new(),
        lang: None,
        dry_run: true,
        program: std::path::PathBuf::new(),
    }
}

/// How far a round came: rows that were taken, workbooks that were made.
#[derive(Debug, Clone, Copy, Default)]
struct Made {
    rows: u64,
    books: usize,
}

/// Takes the sheets of a seed into a ledger and makes every report of the day from them.
fn round(shop: &Shop, request: &Request, seed: u64) -> Made {
    let (sources, tables) = (&shop.reading.sources, &shop.reading.tables);
    let mut round = Round { dice: fastrand::Rng::with_seed(seed), sources, tables };
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(folder.path()).unwrap();
    ledger.start_derivation(tables, &shop.reading.digest).unwrap();
    let mut made = Made::default();
    for at in 0..SHEETS {
        let (name, raw) = round.file();
        let export = clean::clean(sources, tables, &name, raw);
        made.rows += export.sheets.iter().flat_map(|sheet| &sheet.tables).map(|table| table.rows_taken).sum::<u64>();
        let id = ledger.add_file(&FileMeta { sha256: format!("{at:064}"), name, bytes: 1 }, None).unwrap();
        ledger.add_export(id, &export, sources, tables).unwrap();
    }
    let books = Books::load(&ledger, &shop.reading).unwrap();
    let day = request.dates[0];
    let mut record = |_: &crate::ledger::Published, _: &crate::reconcile::Clearing| Ok(());
    // A round whose controls fail makes no workbooks: a sheet may have a total by chance.
    made.books = day::report(shop, &books, day, request, Purpose::Report, &mut record).unwrap().workbooks.len();
    made
}

/// Runs rounds from a seed on: which of them panicked, and how far the others came.
fn rounds(first: u64, rounds: u64) -> (Vec<u64>, Vec<Made>) {
    let folder = tempfile::tempdir().unwrap();
    let request = request(folder.path());
    let shop = Shop::open(&request).unwrap();
    let (mut panicked, mut made) = (Vec::new(), Vec::new());
    for seed in first..first + rounds {
        match catch_unwind(AssertUnwindSafe(|| round(&shop, &request, seed))) {
            Ok(one) => made.push(one),
            Err(_) => panicked.push(seed),
        }
    }
    (panicked, made)
}

#[test]
fn nothing_of_a_sheet_stops_the_program() {
    let (panicked, made) = rounds(1, 4);
    assert_eq!(panicked, Vec::<u64>::new(), "the seeds that panicked");
    // It would stop nothing if it came nowhere.
    assert!(made.iter().all(|one| one.rows > 50), "{made:?}");
    assert!(made.iter().any(|one| one.books > 10), "{made:?}");
}

/// `HESUAN_SEED` and `HESUAN_COUNT` (sheets) say how much of it: `benches/long.sh fuzz_sheet`.
#[test]
#[ignore = "takes an hour: benches/long.sh fuzz_sheet"]
fn at_length() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (seed, count) = (number("HESUAN_SEED", 0), number("HESUAN_COUNT", 12_000));
    let (panicked, made) = rounds(1_000 + seed, count.div_ceil(SHEETS as u64));
    let (rows, books) = (made.iter().map(|m| m.rows).sum::<u64>(), made.iter().filter(|m| m.books > 0).count());
    println!(
        "trials {count} sheets, {rows} rows taken, {books} of {} rounds with workbooks, panics {panicked:?}",
        made.len()
    );
    assert!(panicked.is_empty());
}
