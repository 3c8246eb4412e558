//! Jobs C and D: settlements and receipts of a store and a day without any number in common, with the truth beside
//! them, and how many answers the amounts alone allow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::random::{Calendar, Random, Yuan, name};

pub const SETTLEMENTS: usize = 2_000;
/// Receipts of a store and day at most: all its subsets can be counted.
const POOL: usize = 23;
const STORES: usize = 20;

/// How amounts look.
#[derive(Debug, Clone, Copy)]
pub enum Prices {
    /// 20.00 to 3,000.00 yuan, any cent.
    Odd,
    /// 50.00 to 2,000.00 yuan in steps of 50.00.
    Round,
}

impl Prices {
    fn cents(self, random: &mut Random) -> u64 {
        match self {
            Prices::Odd => 2_000 + random.below(298_001),
            Prices::Round => 5_000 * (1 + random.below(40)),
        }
    }
}

/// A settlement or receipt before it has its place in the file. `settlement` is its number, or the one it belongs to.
struct Line {
    settlement: usize,
    pool: usize,
    cents: u64,
    name: String,
}

/// Writes `left.csv`, `right.csv` and `truth.csv`.
pub fn job(folder: &Path, prices: Prices, seed: u64) -> io::Result<()> {
    let mut random = Random::new(seed);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut pool, mut room) = (0, POOL);
    for settlement in 0..SETTLEMENTS {
        let count = 1 + random.weighted(&[20, 35, 30, 15]);
        if count > room {
            pool += 1;
            room = 8 + usize::try_from(random.below(POOL as u64 - 7)).unwrap();
        }
        room -= count;
        let name = name(&mut random);
        let parts: Vec<u64> = (0..count).map(|_| prices.cents(&mut random)).collect();
        left.push(Line { settlement, pool, cents: parts.iter().sum(), name: name.clone() });
        right.extend(parts.into_iter().map(|cents| Line { settlement, pool, cents, name: name.clone() }));
    }
    random.shuffle(&mut left);
    random.shuffle(&mut right);
    write_side(&folder.join("left.csv"), 'S', &left)?;
    write_side(&folder.join("right.csv"), 'R', &right)?;

    let mut truth = BufWriter::new(File::create(folder.join("truth.csv"))?);
    writeln!(truth, "left,right")?;
    let mut receipts: Vec<Vec<String>> = vec![Vec::new(); SETTLEMENTS];
    for (at, line) in right.iter().enumerate() {
        receipts[line.settlement].push(id('R', at));
    }
    for (at, line) in left.iter().enumerate() {
        writeln!(truth, "{},{}", id('S', at), receipts[line.settlement].join(" "))?;
    }
    truth.flush()
}

fn id(letter: char, at: usize) -> String {
    format!("{letter}{:06}", at + 1)
}

/// The customer's name stands on settlements only: receipts bear nothing to match by but place, day and amount.
fn write_side(path: &Path, letter: char, lines: &[Line]) -> io::Result<()> {
    let calendar = Calendar::new();
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "id,date,amount,currency,store,name")?;
    for (at, line) in lines.iter().enumerate() {
        let (date, store) = (calendar.date((line.pool / STORES) as u64), line.pool % STORES + 1);
        let name = if letter == 'S' { line.name.as_str() } else { "" };
        writeln!(file, "{},{date},{},CNY,M{store:02},{name}", id(letter, at), Yuan(line.cents))?;
    }
    file.flush()
}

// ---------------------------------------------------------------------------------------------------------------------
// The truth, and what can be known.

/// Settlement to its receipts.
pub type Truth = BTreeMap<String, BTreeSet<String>>;

pub fn read_truth(folder: &Path) -> io::Result<Truth> {
    let text = fs::read_to_string(folder.join("truth.csv"))?;
    let row = |line: &str| {
        let (left, right) = line.split_once(',').unwrap();
        (left.to_owned(), right.split(' ').map(str::to_owned).collect())
    };
    Ok(text.lines().skip(1).map(row).collect())
}

/// Of how many settlements one subset of their pool's receipts, and of how many several, have the settlement's amount.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Possible {
    pub unique: usize,
    pub several: usize,
    /// Counting subsets of up to four receipts only.
    pub unique_of_four: usize,
    pub several_of_four: usize,
}

/// Tries all subsets of all pools, as the files have them.
pub fn count_possible(folder: &Path) -> io::Result<Possible> {
    let (left, right) = (read_side(&folder.join("left.csv"))?, read_side(&folder.join("right.csv"))?);
    let mut possible = Possible::default();
    for (pool, settlements) in &left {
        for (any, of_four) in subsets_with_sum(&right[pool], settlements) {
            assert!(any > 0 && of_four > 0, "{pool}: a settlement without its receipts");
            if any == 1 {
                possible.unique += 1
            } else {
                possible.several += 1
            }
            if of_four == 1 { possible.unique_of_four += 1 } else { possible.several_of_four += 1 }
        }
    }
    Ok(possible)
}

/// Amounts in cents by store and day.
fn read_side(path: &Path) -> io::Result<BTreeMap<String, Vec<u64>>> {
    let mut pools: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for line in fs::read_to_string(path)?.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let cents = cells[2].replace('.', "").parse().unwrap();
        pools.entry(format!("{} {}", cells[4], cells[1])).or_default().push(cents);
    }
    Ok(pools)
}

/// For each wanted sum the number of subsets that have it: of any size, of up to four. One receipt comes or goes from a
/// subset to the next (Gray code).
pub fn subsets_with_sum(amounts: &[u64], wanted: &[u64]) -> Vec<(u64, u64)> {
    assert!(amounts.len() <= POOL, "a pool of {}", amounts.len());
    let mut found = vec![(0, 0); wanted.len()];
    let (mut inside, mut sum) = (0_u32, 0_u64);
    for step in 1..1_u32 << amounts.len() {
        let at = step.trailing_zeros();
        inside ^= 1 << at;
        let amount = amounts[at as usize];
        if inside & (1 << at) != 0 {
            sum += amount
        } else {
            sum -= amount
        }
        for (wanted, (any, of_four)) in wanted.iter().zip(&mut found) {
            if *wanted == sum {
                *any += 1;
                *of_four += u64::from(inside.count_ones() <= 4);
            }
        }
    }
    found
}
