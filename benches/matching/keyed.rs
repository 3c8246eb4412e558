//! Jobs A and B: settlements and receipts that share an order number, with a known answer.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::random::{Calendar, Permutation, Random, Yuan, name};

pub const HEADINGS: &str = "id,date,amount,currency,reference,name";

/// What a matcher must find, in settlements (`right_only`: in receipts).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub matched: u64,
    pub amount_diff: u64,
    pub left_only: u64,
    pub right_only: u64,
}

/// Order numbers are spread over one year.
const DAYS: u64 = 365;

/// 20.00 to 20,000.00 yuan, small amounts more often.
fn cents(random: &mut Random) -> u64 {
    let range = *random.pick(&[50_000, 200_000, 1_998_000]);
    2_000 + random.below(range)
}

/// Another amount, by up to 100.00 yuan more.
fn off_by_some(random: &mut Random, cents: u64) -> u64 {
    cents + 1 + random.below(10_000)
}

/// One order as both sides have it.
struct Order {
    reference: String,
    day: u64,
    cents: u64,
    name: String,
}

impl Order {
    /// `number` tells orders apart, `random` does the rest.
    fn new(calendar: &Calendar, number: u64, random: &mut Random) -> Order {
        let (day, serial) = (number % DAYS, number / DAYS + 1);
        Order {
            reference: calendar.order(day, serial),
            day: day + random.below(4),
            cents: cents(random),
            name: name(random),
        }
    }
}

/// A file that is being written; ids count its rows.
struct Table<'a> {
    file: BufWriter<File>,
    calendar: &'a Calendar,
    letter: char,
    rows: u64,
}

impl Table<'_> {
    fn create<'a>(path: &Path, calendar: &'a Calendar, letter: char) -> io::Result<Table<'a>> {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(path)?);
        writeln!(file, "{HEADINGS}")?;
        Ok(Table { file, calendar, letter, rows: 0 })
    }

    fn row(&mut self, order: &Order, day: u64, cents: u64) -> io::Result<()> {
        self.rows += 1;
        let (letter, number, date) = (self.letter, self.rows, self.calendar.date(day));
        let (amount, reference, name) = (Yuan(cents), &order.reference, &order.name);
        writeln!(self.file, "{letter}{number:08},{date},{amount},CNY,{reference},{name}")
    }

    fn end(mut self) -> io::Result<u64> {
        self.file.flush()?;
        Ok(self.rows)
    }
}

/// The orders of a job, told apart by their rows, and what must be found.
struct Job<'f> {
    folder: &'f Path,
    calendar: Calendar,
    numbers: Permutation,
    seed: u64,
    rows: u64,
    counts: Counts,
}

impl<'f> Job<'f> {
    /// Of 1,000 settlements 990 are paid, 6 are paid otherwise, 4 have no receipt.
    fn new(folder: &'f Path, rows: u64, right_only: u64, seed: u64) -> Job<'f> {
        let (matched, amount_diff) = (rows * 990 / 1000, rows * 6 / 1000);
        let counts = Counts { matched, amount_diff, left_only: rows - matched - amount_diff, right_only };
        Job {
            folder,
            calendar: Calendar::new(),
            numbers: Permutation::new(rows + right_only, seed + 1),
            seed,
            rows,
            counts,
        }
    }

    fn order(&self, row: u64) -> (Order, Random) {
        let mut random = Random::of_row(self.seed, row);
        (Order::new(&self.calendar, self.numbers.at(row), &mut random), random)
    }

    /// Settlements with a receipt: those before this row.
    fn both(&self) -> u64 {
        self.counts.matched + self.counts.amount_diff
    }

    /// Whether the receipts of a row come to another amount.
    fn differs(&self, row: u64) -> bool {
        (self.counts.matched..self.both()).contains(&row)
    }

    /// Writes the settlements, in an order of their own.
    fn settlements(&self) -> io::Result<u64> {
        let mut left = Table::create(&self.folder.join("left.csv"), &self.calendar, 'S')?;
        let shuffled = Permutation::new(self.rows, self.seed + 2);
        for row in (0..self.rows).map(|at| shuffled.at(at)) {
            let (order, _) = self.order(row);
            left.row(&order, order.day, order.cents)?;
        }
        left.end()
    }

    fn receipts(&self) -> io::Result<Table<'_>> {
        Table::create(&self.folder.join("right.csv"), &self.calendar, 'R')
    }
}

/// Job A: `rows` settlements, 1.2 times as many receipts, at most one of each for an order. Of 1,000 settlements 990
/// have a receipt of the same amount, 6 one of another amount, 4 none; 204 receipts have no settlement.
pub fn job_a(folder: &Path, rows: u64, seed: u64) -> io::Result<Counts> {
    let job = Job::new(folder, rows, rows * 204 / 1000, seed);
    job.settlements()?;
    let mut right = job.receipts()?;
    let count = job.both() + job.counts.right_only;
    let shuffled = Permutation::new(count, seed + 3);
    for at in (0..count).map(|at| shuffled.at(at)) {
        // Rows from `both` to `rows` are the settlements without a receipt.
        let row = if at < job.both() { at } else { at + job.counts.left_only };
        let (order, mut random) = job.order(row);
        let cents = if job.differs(row) { off_by_some(&mut random, order.cents) } else { order.cents };
        right.row(&order, order.day + random.below(3), cents)?;
    }
    right.end()?;
    Ok(job.counts)
}

/// Job B: one settlement, one to five receipts of its order. Of 1,000 settlements 990 are the sum of their receipts, 6
/// are not, 4 have none; 5 more receipts have no settlement.
pub fn job_b(folder: &Path, rows: u64, seed: u64) -> io::Result<Counts> {
    let job = Job::new(folder, rows, rows * 5 / 1000, seed);
    job.settlements()?;
    let mut receipts = Vec::new();
    for row in (0..job.both()).chain(rows..rows + job.counts.right_only) {
        let (order, mut random) = job.order(row);
        let count = if row < job.both() { 1 + random.weighted(&[15, 24, 29, 20, 12]) } else { 1 };
        let mut parts = split(&mut random, order.cents, count);
        if job.differs(row) {
            parts[0] = off_by_some(&mut random, parts[0]);
        }
        receipts.extend(parts.into_iter().map(|part| (row, part, random.below(4))));
    }
    Random::new(seed + 3).shuffle(&mut receipts);
    let mut right = job.receipts()?;
    for (row, cents, later) in receipts {
        let (order, _) = job.order(row);
        right.row(&order, order.day + later, cents)?;
    }
    right.end()?;
    Ok(job.counts)
}

/// Parts of at least 0.01 yuan.
fn split(random: &mut Random, cents: u64, parts: usize) -> Vec<u64> {
    let mut cuts: Vec<u64> = Vec::new();
    while cuts.len() + 1 < parts {
        let cut = 1 + random.below(cents - 1);
        if !cuts.contains(&cut) {
            cuts.push(cut);
        }
    }
    cuts.extend([0, cents]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| pair[1] - pair[0]).collect()
}
