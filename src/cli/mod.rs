//! One file per command; what a person asked for becomes a call, and its outcome an exit code.

pub mod read_files;

use std::process::ExitCode;

pub fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    if args.get(1).map(String::as_str) == Some("read-files") {
        return read_files::run(&args[2..]);
    }
    debug(&args)
}

fn debug(args: &[String]) -> ExitCode {
    use crate::*;
    let shop = std::path::Path::new(&args[2]);
    let as_of: chrono::NaiveDate = args[3].parse().unwrap();
    let t = std::time::Instant::now();
    let files = spec::SpecFiles::new(vec![]);
    let specs = match ledger::ReadingSpecs::load(&files) { Ok(s) => s, Err(e) => { eprintln!("{:?}", miette::Report::new(e)); return ExitCode::from(2) } };
    eprintln!("specs {:?}", t.elapsed());
    let mut led = ledger::Ledger::open(&shop.join("ledger")).unwrap();
    let archive = ledger::Archive::open(&shop.join("ledger")).unwrap();
    let reader = ledger::Reader { program: std::env::current_exe().unwrap(), args: vec!["read-files".into()], limits: read::Limits::default(), workers: 2 };
    let n = ledger::intake::take(&mut led, &archive, &shop.join("inbox"), &reader, &specs, &mut |_, _| {}).unwrap();
    eprintln!("taken {n} {:?}", t.elapsed());
    let records = led.files().unwrap();
    let history = ledger::History::load(&led, &specs.tables).unwrap();
    eprintln!("loaded {:?}", t.elapsed());
    let moment = ledger::Moment::new(as_of, &records);
    let state = history.as_of(&moment);
    let facts = state.facts(&specs.tables);
    let r = reconcile::reconcile(facts, as_of, reconcile::Limits { rounding_tolerance: model::Fen(100), discount_rate_x10000: 2000 });
    eprintln!("reconciled {:?}", t.elapsed());
    let mut counts = std::collections::BTreeMap::new();
    for i in &r.clearing.items { *counts.entry(i.category.id()).or_insert(0) += 1; }
    println!("{counts:?} unknown {}", r.clearing.unknown.len());
    for c in &r.checks { println!("{} {} {} {} {}", c.kind.id(), c.order_no, c.amount.0, c.date.map(|d| d.to_string()).unwrap_or_default(), c.detail); }
    for c in &r.controls { println!("{c:?} {}", c.holds()); }
    let mut fc = std::collections::BTreeMap::new();
    for f in records.iter().flat_map(|f| &f.findings).chain(&r.findings) { *fc.entry(f.code.id()).or_insert(0) += 1; }
    println!("{fc:?}");
    for f in records.iter().flat_map(|f| &f.findings).chain(&r.findings).take(30) { println!("{} {}!{}{} {}", f.file, f.sheet, f.column, f.row, f.message(model::Lang::En)); }
    led.commit().unwrap();
    eprintln!("done {:?}", t.elapsed());
    ExitCode::SUCCESS
}
