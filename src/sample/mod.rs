//! `hesuan sample`: a realistic shop folder, faults included.
//!
//! A shop is simulated first (`simulate`: orders, settlements, receipts as typed events), then faults are planted
//! (`plant`), then the exports are written from the events (`export`), so that every file ties with every other one.
//! The same options give the same bytes. What the exports look like, heading by heading, is said in `export`.

#[cfg(test)]
mod book_tests;
mod books;
mod dice;
mod events;
mod export;
mod folder;
mod plant;
mod pools;
mod registers;
mod simulate;
#[cfg(test)]
mod tests;
mod truth;

use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use events::Shop;
pub use export::{Cell, Content, File, Form, Grid};
pub use simulate::simulate;
pub use truth::{Truth, truth};

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub seed: u64,
    /// The last simulated day.
    pub end: NaiveDate,
    pub days: u32,
    pub orders_per_day: u32,
    pub shops: u32,
}

impl Default for Options {
    /// September and October 2026 of one shop, about 15 orders a day.
    fn default() -> Options {
        let end = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap_or_default();
        Options { seed: 1, end, days: 61, orders_per_day: 15, shops: 1 }
    }
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub shops: u32,
    pub orders: usize,
    pub settlements: usize,
    pub receipts: usize,
    /// How many of each kind were planted, over all shops.
    pub planted: BTreeMap<String, u32>,
}

/// Why no sample was made.
#[derive(Debug)]
pub enum SampleError {
    /// There is a shop already; it is not overwritten.
    Exists(PathBuf),
    Io {
        path: PathBuf,
        source: io::Error,
    },
    /// A library could not write a workbook: a bug.
    Workbook(String),
}

impl SampleError {
    fn io(path: &Path, source: io::Error) -> SampleError {
        SampleError::Io { path: path.to_path_buf(), source }
    }

    fn workbook(error: impl fmt::Display) -> SampleError {
        SampleError::Workbook(error.to_string())
    }
}

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SampleError::Exists(path) => write!(f, "{} exists already", path.display()),
            SampleError::Io { path, source } => write!(f, "{}: {source}", path.display()),
            SampleError::Workbook(why) => write!(f, "a workbook could not be written: {why}"),
        }
    }
}

impl std::error::Error for SampleError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SampleError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// The exports of a shop before they are bytes, in the order of the days.
pub fn exports(shop: &Shop) -> Vec<File> {
    let mut files = Vec::new();
    let taken = export::files(shop, |file| {
        files.push(file);
        Ok::<_, std::convert::Infallible>(())
    });
    debug_assert!(taken.is_ok());
    files
}

/// Writes one shop into `dir`, or several into `dir/S01`, `dir/S02` … with a group file beside them.
pub fn write(dir: &Path, options: &Options) -> Result<Summary, SampleError> {
    folder::refuse_existing(dir)?;
    fs::create_dir_all(dir).map_err(|source| SampleError::io(dir, source))?;
    let mut summary = Summary { shops: options.shops.max(1), ..Summary::default() };
    let mut codes = Vec::new();
    for index in 0..summary.shops {
        let shop = simulate(options, index);
        let target = if summary.shops == 1 { dir.to_path_buf() } else { dir.join(&shop.code) };
        for planted in folder::write(&target, &shop)? {
            *summary.planted.entry(planted.kind.to_string()).or_insert(0) += 1;
        }
        summary.orders += shop.orders.len();
        summary.settlements += shop.settlements.len();
        summary.receipts += shop.receipts.iter().filter(|receipt| !receipt.dropped).count();
        codes.push(shop.code);
    }
    if summary.shops > 1 {
        folder::write_group(dir, &codes)?;
    }
    Ok(summary)
}
