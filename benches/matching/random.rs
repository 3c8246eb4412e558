//! Made-up rows by seed: numbers, a shuffle without memory, dates, names.

use std::fmt;

/// SplitMix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A generator of its own for one row, so that a row is the same wherever it is written.
    pub fn of_row(seed: u64, row: u64) -> Random {
        Random(mix(seed ^ mix(row)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// From 0 to `end`, without `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap()
    }

    /// An index, as often as its weight says.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        weights.len() - 1
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[usize::try_from(self.below(among.len() as u64)).unwrap()]
    }

    pub fn shuffle<T>(&mut self, rows: &mut [T]) {
        for last in (1..rows.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap();
            rows.swap(last, other);
        }
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The numbers from 0 to `size` in another order, one at a time: a Feistel network over the next power of four, walked
/// until it falls below `size`. The bench stays small, so that the peaks of its children are their own.
pub struct Permutation {
    size: u64,
    half: u32,
    seed: u64,
}

impl Permutation {
    pub fn new(size: u64, seed: u64) -> Permutation {
        let bits = u64::BITS - size.leading_zeros();
        Permutation { size, half: bits.div_ceil(2), seed }
    }

    pub fn at(&self, index: u64) -> u64 {
        let mut value = index;
        loop {
            value = self.once(value);
            if value < self.size {
                return value;
            }
        }
    }

    fn once(&self, value: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (mut high, mut low) = (value >> self.half, value & mask);
        for round in 0..4 {
            (high, low) = (low, high ^ (mix(self.seed ^ (low << 8) ^ round) & mask));
        }
        (high << self.half) | low
    }
}

/// Cents as yuan with two decimals.
#[derive(Clone, Copy)]
pub struct Yuan(pub u64);

impl fmt::Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Days from 1 January 2026 as dates.
pub struct Calendar(Vec<(u32, u32, u32)>);

impl Calendar {
    /// The years 2026 and 2027, neither of them a leap year.
    pub fn new() -> Calendar {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let months = (2026..=2027).flat_map(|year| (1..).zip(lengths).map(move |(month, days)| (year, month, days)));
        Calendar(months.flat_map(|(year, month, days)| (1..=days).map(move |day| (year, month, day))).collect())
    }

    fn at(&self, day: u64) -> (u32, u32, u32) {
        self.0[usize::try_from(day).unwrap()]
    }

    /// `2026-01-31`
    pub fn date(&self, day: u64) -> String {
        let (year, month, day) = self.at(day);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// `W20260131000123`
    pub fn order(&self, day: u64, number: u64) -> String {
        let (year, month, day) = self.at(day);
        format!("W{year:04}{month:02}{day:02}{number:06}")
    }
}

/// A plate or a customer.
pub fn name(random: &mut Random) -> String {
    const PROVINCES: [&str; 8] = ["京", "沪", "粤", "苏", "浙", "川", "鲁", "鄂"];
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
    const FAMILIES: [&str; 12] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙"];
    const GIVEN: [&str; 12] = ["伟", "芳", "娜", "敏", "静", "强", "磊", "军", "洋", "勇", "艳", "杰"];
    if random.below(3) == 0 {
        return format!("{}{}{}", random.pick(&FAMILIES), random.pick(&GIVEN), random.pick(&GIVEN));
    }
    let mut plate = format!("{}{}", random.pick(&PROVINCES), char::from(*random.pick(&LETTERS[..8])));
    (0..5).for_each(|_| plate.push(char::from(*random.pick(LETTERS))));
    plate
}
