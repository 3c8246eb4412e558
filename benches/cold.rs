//! How long a run takes: cold over two months of exports against calamine alone parsing the workbooks among them, then
//! a night's run and a run without anything new; and all reports of a month's end from a warm ledger. `cargo bench --bench cold`.
//!
//! The machine is never quiet: both sides alternate, medians are compared, and processor time stands beside wall time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use calamine::Reader;

const ROUNDS: usize = 9;
const END: &str = "2026-10-31";

fn main() {
    // `cargo test --benches` runs this as well; there it has nothing to say.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let inbox = exports(scratch.path());
    let files = files_of(&inbox);
    println!(
        "{} files, {} kB",
        files.len(),
        files.iter().map(|path| path.metadata().unwrap().len()).sum::<u64>() / 1024
    );
    let sheets = files.iter().filter(|path| is_workbook(path)).count();

    let (mut cold, mut alone, mut again, mut night) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let shop = fresh(scratch.path(), round);
        fill(&shop, &files);
        let parsed = timed(|| parse(&files));
        let run = timed(|| run(&shop));
        let rerun = timed(|| self::run(&shop));
        let nightly = a_night(scratch.path(), round, &files);
        // The first round warms the page cache.
        if round > 0 {
            alone.push(parsed);
            cold.push(run);
            again.push(rerun);
            night.push(nightly);
        }
    }
    let month_end = month_end(scratch.path());
    println!("medians of {ROUNDS} rounds, in milliseconds        wall   processor");
    let base = show(&format!("calamine alone, {sheets} workbooks"), &alone);
    let cold = show("hesuan run, nothing taken before", &cold);
    show("hesuan run, one new night", &night);
    show("hesuan run, nothing new", &again);
    show("all reports of a month end, sample shop, warm", &month_end);
    println!(
        "cold run ÷ calamine alone: {:.2} wall, {:.2} processor",
        cold.wall / base.wall,
        cold.processor / base.processor
    );
}

/// Wall and processor time in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Time {
    wall: f64,
    processor: f64,
}

fn timed(work: impl FnOnce()) -> Time {
    let (started, before) = (Instant::now(), processor_milliseconds());
    work();
    Time { wall: started.elapsed().as_secs_f64() * 1000.0, processor: processor_milliseconds() - before }
}

/// Processor time of this process and of its children that have ended, as Linux counts it in hundredths of a second.
fn processor_milliseconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(4).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}

/// The medians, printed.
fn show(what: &str, times: &[Time]) -> Time {
    let median = |value: fn(&Time) -> f64| {
        let mut values: Vec<f64> = times.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let time = Time { wall: median(|time| time.wall), processor: median(|time| time.processor) };
    println!("{what:<44}{:>9.0}{:>12.0}", time.wall, time.processor);
    time
}

/// The inbox of the conformance store where it lies beside the repository, else that of a sample.
fn exports(scratch: &Path) -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/store-a/inbox");
    if beside.exists() {
        return beside;
    }
    println!("{} is not there: measured on `hesuan sample --orders-per-day 25`", beside.display());
    let sample = scratch.join("sample");
    quietly(Command::new(env!("CARGO_BIN_EXE_hesuan")).arg("sample").arg(&sample).args(["--orders-per-day", "25"]));
    sample.join("inbox")
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Whether calamine can open it: CSV and HTML files it cannot.
fn is_workbook(path: &Path) -> bool {
    let start = fs::read(path).unwrap();
    start.starts_with(b"PK") || start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0])
}

/// What any program that uses calamine must do at the least.
fn parse(files: &[PathBuf]) {
    let mut cells = 0;
    for path in files.iter().filter(|path| is_workbook(path)) {
        let Ok(mut book) = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(fs::read(path).unwrap())) else {
            continue;
        };
        for name in book.sheet_names() {
            cells += book.worksheet_range(&name).map_or(0, |range| range.used_cells().count());
        }
    }
    std::hint::black_box(cells);
}

fn fresh(scratch: &Path, round: usize) -> PathBuf {
    let shop = scratch.join(format!("shop-{round}-{}", fastrand::u32(..)));
    quietly(Command::new(env!("CARGO_BIN_EXE_hesuan")).arg("init").arg(&shop));
    shop
}

fn fill(shop: &Path, files: &[PathBuf]) {
    for path in files {
        fs::copy(path, shop.join("inbox").join(path.file_name().unwrap())).unwrap();
    }
}

/// Everything but the last night taken before; that night's files come in.
fn a_night(scratch: &Path, round: usize, files: &[PathBuf]) -> Time {
    let is_last = |path: &&PathBuf| path.to_string_lossy().contains("20261031");
    let (last, before): (Vec<&PathBuf>, Vec<&PathBuf>) = files.iter().partition(is_last);
    let shop = fresh(scratch, round);
    fill(&shop, &before.into_iter().cloned().collect::<Vec<_>>());
    quietly(Command::new(env!("CARGO_BIN_EXE_hesuan")).arg("run").arg(&shop).args(["--as-of", "2026-10-30"]));
    fill(&shop, &last.into_iter().cloned().collect::<Vec<_>>());
    timed(|| run(&shop))
}

/// Every report of a month's end over the sample shop, whose exports were all taken before.
fn month_end(scratch: &Path) -> Vec<Time> {
    let shop = scratch.join("month-end");
    quietly(Command::new(env!("CARGO_BIN_EXE_hesuan")).arg("sample").arg(&shop));
    run(&shop);
    let again = |_| {
        fs::remove_dir_all(shop.join("reports")).unwrap();
        timed(|| run(&shop))
    };
    (0..ROUNDS).map(again).collect()
}

fn run(shop: &Path) {
    quietly(Command::new(env!("CARGO_BIN_EXE_hesuan")).arg("run").arg(shop).args(["--as-of", END]));
}

fn quietly(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(matches!(status.code(), Some(0 | 3)), "{command:?}: {status}");
}
