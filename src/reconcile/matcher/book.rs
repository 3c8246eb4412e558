//! The state of a match: which rows are still open, and what was decided about the others.
//!
//! A row is closed once, by one entry: [`Book::close`] is the only way, and a row that is not open is refused there.

use std::collections::{BTreeMap, HashSet};

use super::rules::{LEFT, RIGHT, Rules};
use super::side::{NO_DATE, RowIndex, Side};
use crate::model::calendar::Calendar;

/// What became of some rows together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub bucket: Bucket,
    pub class: Class,
    /// Place of the pass in the rules.
    pub pass: u16,
    /// Of ties that were taken in the declared order: it could have been another row.
    pub ambiguous: bool,
    /// Some row here has a copy that nothing tells apart but its id: which of them it is was decided by that.
    pub tie: bool,
    /// The first of its rows in the list of members: the left ones, then the right ones.
    pub start: u32,
    pub left: u32,
    pub right: u32,
    /// Σ left − Σ right.
    pub diff: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    Matched,
    AmountDiff,
    TimingDiff,
    Ambiguous,
}

/// How sure and of what kind a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Exact,
    Tolerance,
    /// Same key and amount, other date inside the window.
    Date,
    /// Equal only after the key was brought to its normal form.
    Fuzzy,
    Group,
    Subset,
    /// Parts that pay a whole in order of age.
    Allocated,
    Partial,
    Overpaid,
    /// Two rows of one side that cancel each other.
    Reversal,
    Decided,
    /// Of the other buckets.
    None,
}

impl Class {
    pub fn id(self) -> &'static str {
        match self {
            Class::Exact => "exact",
            Class::Tolerance => "tolerance",
            Class::Date => "date",
            Class::Fuzzy => "fuzzy",
            Class::Group => "group",
            Class::Subset => "subset",
            Class::Allocated => "allocated",
            Class::Partial => "partial",
            Class::Overpaid => "overpaid",
            Class::Reversal => "reversal",
            Class::Decided => "decided",
            Class::None => "",
        }
    }
}

/// What only some entries have to say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra {
    /// Sets of rows that would each do; left rows, right rows.
    pub choices: Vec<[Vec<RowIndex>; 2]>,
    /// What probably belongs together inside a closed pool. Moves nothing.
    pub suggested: Vec<[Vec<RowIndex>; 2]>,
    /// Left row, right row, amount: oldest first.
    pub allocations: Vec<(RowIndex, RowIndex, i64)>,
    /// What is still open of each side afterwards: of a left row, of a right row.
    pub residuals: [Vec<(RowIndex, i64)>; 2],
    /// Difference of each currency.
    pub by_currency: Vec<(super::symbols::Symbol, i64)>,
    /// Why it is not certain.
    pub reason: Option<OpenReason>,
}

/// Why a row stayed open although somebody looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpenReason {
    /// Nothing on the other side fits.
    NoCandidate,
    /// Its key is blank.
    BlankKey,
    /// A spreadsheet has rounded its key.
    DamagedKey,
    /// Its date, or its time, is not known, so that no window can be checked.
    NoDate,
    /// Several sets fit.
    Ambiguous,
    /// The only set that fits is claimed by another row too.
    Contested,
    /// The pool has more rows than the rules allow a search to look into.
    PoolTooLarge,
    /// The search would have cost more than the rules allow.
    WorkLimit,
}

impl OpenReason {
    pub fn id(self) -> &'static str {
        match self {
            OpenReason::NoCandidate => "no_candidate",
            OpenReason::BlankKey => "blank_key",
            OpenReason::DamagedKey => "damaged_key",
            OpenReason::NoDate => "no_date",
            OpenReason::Ambiguous => "ambiguous",
            OpenReason::Contested => "contested",
            OpenReason::PoolTooLarge => "candidate_limit",
            OpenReason::WorkLimit => "work_limit",
        }
    }
}

/// Still open.
const OPEN: u32 = u32::MAX;
/// Takes no part.
const ASIDE: u32 = u32::MAX - 1;

/// The two sides and what has been decided about their rows so far.
pub struct Book<'a> {
    pub sides: [&'a Side; 2],
    pub rules: &'a Rules,
    pub calendar: &'a Calendar,
    /// For each row the entry that closed it.
    places: [Vec<u32>; 2],
    pub entries: Vec<Entry>,
    members: Vec<RowIndex>,
    /// By place of the entry.
    pub extras: BTreeMap<u32, Extra>,
    /// Why a row that stays open does, where it is more than "nothing fits".
    pub reasons: [BTreeMap<RowIndex, OpenReason>; 2],
    /// Pairs that the accountant keeps apart.
    pub never: HashSet<(RowIndex, RowIndex)>,
    /// Rows of ties that the rules leave: no difference is told of them either, since with whom is not known.
    pub left_tied: [HashSet<RowIndex>; 2],
    /// Seen as ambiguous by a pass; a later pass may still close the rows with a proof.
    suspects: Vec<Suspect>,
}

/// Rows that a pass found more than one answer for.
struct Suspect {
    pass: usize,
    rows: [Vec<RowIndex>; 2],
    extra: Extra,
}

impl<'a> Book<'a> {
    pub fn new(sides: [&'a Side; 2], rules: &'a Rules, calendar: &'a Calendar) -> Book<'a> {
        let mut book = Book {
            sides,
            rules,
            calendar,
            places: [vec![OPEN; sides[LEFT].len()], vec![OPEN; sides[RIGHT].len()]],
            entries: Vec::new(),
            members: Vec::new(),
            extras: BTreeMap::new(),
            reasons: [BTreeMap::new(), BTreeMap::new()],
            never: HashSet::new(),
            left_tied: [HashSet::new(), HashSet::new()],
            suspects: Vec::new(),
        };
        for (side, places) in sides.iter().zip(&mut book.places) {
            for (row, _) in &side.skipped {
                places[*row as usize] = ASIDE;
            }
        }
        book
    }

    pub fn is_open(&self, side: usize, row: RowIndex) -> bool {
        self.places[side][row as usize] == OPEN
    }

    /// Takes an open row out without an entry; it is counted as skipped.
    pub fn set_aside(&mut self, side: usize, row: RowIndex) {
        self.places[side][row as usize] = ASIDE;
    }

    /// The open rows of a side, in order of index.
    pub fn open(&self, side: usize) -> impl Iterator<Item = RowIndex> + '_ {
        (0..).zip(&self.places[side]).filter(|(_, place)| **place == OPEN).map(|(row, _)| row)
    }

    /// Closes rows together. Returns the entry's place.
    ///
    /// # Panics
    /// Where a row is not open: a pass has matched it twice, and no total could be trusted any more.
    pub fn close(
        &mut self,
        pass: usize,
        bucket: Bucket,
        class: Class,
        left: &[RowIndex],
        right: &[RowIndex],
    ) -> &mut Entry {
        let place = u32::try_from(self.entries.len()).unwrap_or(ASIDE); // no more entries than rows
        for (side, rows) in [left, right].into_iter().enumerate() {
            for row in rows {
                let held = &mut self.places[side][*row as usize];
                assert!(*held == OPEN, "a row is matched twice");
                *held = place;
            }
        }
        let start = self.members.len() as u32; // at most one member a row
        self.members.extend_from_slice(left);
        self.members.extend_from_slice(right);
        let diff = self.sum(LEFT, left) - self.sum(RIGHT, right);
        let (left, right) = (left.len() as u32, right.len() as u32); // rows are counted in u32
        let pass = u16::try_from(pass).unwrap_or(u16::MAX);
        self.entries.push(Entry { bucket, class, pass, ambiguous: false, tie: false, start, left, right, diff });
        let last = self.entries.len() - 1;
        &mut self.entries[last]
    }

    /// Notes that these rows have more than one answer. They stay open for the passes that follow.
    pub fn suspect(&mut self, pass: usize, rows: [Vec<RowIndex>; 2], extra: Extra) {
        let reason = extra.reason.unwrap_or(OpenReason::Ambiguous);
        for (side, rows) in rows.iter().enumerate() {
            for row in rows {
                self.reasons[side].insert(*row, reason);
            }
        }
        self.suspects.push(Suspect { pass, rows, extra });
    }

    /// Closes as ambiguous what no pass could settle; what the last pass said of a row counts.
    pub fn close_suspects(&mut self) {
        let mut suspects = std::mem::take(&mut self.suspects);
        while let Some(suspect) = suspects.pop() {
            let open = |side: usize| -> Vec<RowIndex> {
                suspect.rows[side].iter().copied().filter(|row| self.is_open(side, *row)).collect()
            };
            let (left, right) = (open(LEFT), open(RIGHT));
            if left.is_empty() || right.is_empty() {
                // What it could have been is closed: nothing is left that fits.
                for (side, rows) in [left, right].into_iter().enumerate() {
                    for row in rows {
                        if self.reasons[side].get(&row) == suspect.extra.reason.as_ref() {
                            self.reasons[side].remove(&row);
                        }
                    }
                }
                continue;
            }
            let still = |choice: &[Vec<RowIndex>; 2]| {
                choice.iter().enumerate().all(|(side, rows)| rows.iter().all(|row| self.is_open(side, *row)))
            };
            let mut extra = suspect.extra;
            extra.choices.retain(still);
            self.close(suspect.pass, Bucket::Ambiguous, Class::None, &left, &right);
            *self.extra() = extra;
        }
    }

    /// What is said beside the entry that was closed last.
    pub fn extra(&mut self) -> &mut Extra {
        let last = (self.entries.len().max(1) - 1) as u32; // as `close` counts them
        self.extras.entry(last).or_default()
    }

    /// The rows of an entry.
    pub fn rows(&self, entry: &Entry) -> [&[RowIndex]; 2] {
        let (start, middle) = (entry.start as usize, (entry.start + entry.left) as usize);
        [&self.members[start..middle], &self.members[middle..middle + entry.right as usize]]
    }

    pub fn sum(&self, side: usize, rows: &[RowIndex]) -> i64 {
        rows.iter().map(|row| self.sides[side].amount(*row)).sum()
    }

    /// Right date − left date of the two rows that lie furthest apart, where all dates are known.
    pub fn days(&self, entry: &Entry) -> Option<i32> {
        let ends = |side: usize| {
            let dates = || self.rows(entry)[side].iter().map(|row| self.sides[side].date(*row));
            let (first, last) = (dates().min()?, dates().max()?);
            (first != NO_DATE).then_some((first, last))
        };
        let ((first_left, last_left), (first_right, last_right)) = (ends(LEFT)?, ends(RIGHT)?);
        let (late, early) = (last_right - first_left, first_right - last_left);
        Some(if late.abs() >= early.abs() { late } else { early })
    }

    /// Whether the accountant keeps any of these rows apart.
    pub fn is_kept_apart(&self, left: &[RowIndex], right: &[RowIndex]) -> bool {
        if left.len().saturating_mul(right.len()) <= self.never.len() {
            return left.iter().any(|l| right.iter().any(|r| self.never.contains(&(*l, *r))));
        }
        if self.never.is_empty() {
            return false;
        }
        let all = |rows: &[RowIndex]| rows.iter().copied().collect::<HashSet<RowIndex>>();
        let (left, right) = (all(left), all(right));
        self.never.iter().any(|(l, r)| left.contains(l) && right.contains(r))
    }
}
