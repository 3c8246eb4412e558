//! The proof: what stands in the buckets is what came in, in rows, signed and absolute.

use super::book::{Book, Bucket};
use super::rules::{LEFT, RIGHT};
use super::side::RowIndex;
use crate::model::Text;
use crate::reconcile::ControlTotal;

/// Where a row ends. Every row ends in exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bin {
    Matched,
    AmountDiff,
    TimingDiff,
    Ambiguous,
    Unmatched,
    Skipped,
    Duplicate,
}

impl Bin {
    pub const ALL: [Bin; 7] =
        [Bin::Matched, Bin::AmountDiff, Bin::TimingDiff, Bin::Ambiguous, Bin::Unmatched, Bin::Skipped, Bin::Duplicate];

    pub fn id(self) -> &'static str {
        match self {
            Bin::Matched => "matched",
            Bin::AmountDiff => "amount_diff",
            Bin::TimingDiff => "timing_diff",
            Bin::Ambiguous => "ambiguous",
            Bin::Unmatched => "unmatched",
            Bin::Skipped => "skipped",
            Bin::Duplicate => "duplicates",
        }
    }

    /// As people know it.
    pub fn title(self) -> Text {
        match self {
            Bin::Matched => Text::new("已匹配", "matched"),
            Bin::AmountDiff => Text::new("金额不符", "amounts differ"),
            Bin::TimingDiff => Text::new("日期超出", "dates too far apart"),
            Bin::Ambiguous => Text::new("多种可能", "ambiguous"),
            Bin::Unmatched => Text::new("无对应", "no partner"),
            Bin::Skipped => Text::new("不参与", "takes no part"),
            Bin::Duplicate => Text::new("键重复", "key stands twice"),
        }
    }

    pub fn of(bucket: Bucket) -> Bin {
        match bucket {
            Bucket::Matched => Bin::Matched,
            Bucket::AmountDiff => Bin::AmountDiff,
            Bucket::TimingDiff => Bin::TimingDiff,
            Bucket::Ambiguous => Bin::Ambiguous,
        }
    }
}

/// Number of rows, their sum and the sum of their sizes, in units of the rules' scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub rows: i64,
    pub amount: i64,
    pub absolute: i64,
}

impl Sum {
    fn add(&mut self, amount: i64) {
        self.rows += 1;
        self.amount += amount;
        self.absolute += amount.abs();
    }
}

/// Totals of both sides: what came in, and what each bin holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    pub read: [Sum; 2],
    /// By side, then in the order of [`Bin::ALL`].
    pub bins: [[Sum; Bin::ALL.len()]; 2],
}

impl Totals {
    /// `loose`: rows of each side that no entry holds, with the bin of each.
    pub fn new(book: &Book<'_>, loose: &[Vec<(RowIndex, Bin)>; 2]) -> Totals {
        let mut totals = Totals { read: [Sum::default(); 2], bins: [[Sum::default(); Bin::ALL.len()]; 2] };
        for (side, loose) in loose.iter().enumerate() {
            book.sides[side].amounts.iter().for_each(|amount| totals.read[side].add(*amount));
            for (row, bin) in loose {
                totals.bins[side][*bin as usize].add(book.sides[side].amount(*row));
            }
        }
        for entry in &book.entries {
            let bin = Bin::of(entry.bucket) as usize;
            for (side, rows) in book.rows(entry).into_iter().enumerate() {
                rows.iter().for_each(|row| totals.bins[side][bin].add(book.sides[side].amount(*row)));
            }
        }
        totals
    }

    /// Counts rows of these amounts in another bin than the one they were put into.
    pub fn shift(&mut self, side: usize, from: Bin, to: Bin, amounts: impl Iterator<Item = i64>) {
        for amount in amounts {
            let sum = &mut self.bins[side][from as usize];
            (sum.rows, sum.amount, sum.absolute) = (sum.rows - 1, sum.amount - amount, sum.absolute - amount.abs());
            self.bins[side][to as usize].add(amount);
        }
    }

    pub fn bin(&self, side: usize, bin: Bin) -> Sum {
        self.bins[side][bin as usize]
    }

    /// Rows, signed and absolute sums of both sides: in = out.
    pub fn controls(&self) -> Vec<ControlTotal> {
        let mut controls = Vec::new();
        for (side, name) in [(LEFT, "left"), (RIGHT, "right")] {
            let (read, bins) = (self.read[side], &self.bins[side]);
            let sum = |of: fn(&Sum) -> i64| bins.iter().map(of).sum::<i64>();
            controls.push(ControlTotal::new(format!("{name}: rows = buckets"), read.rows, sum(|s| s.rows)));
            controls.push(ControlTotal::new(format!("{name}: signed = buckets"), read.amount, sum(|s| s.amount)));
            controls.push(ControlTotal::new(format!("{name}: absolute = buckets"), read.absolute, sum(|s| s.absolute)));
        }
        controls
    }
}
