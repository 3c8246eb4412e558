//! One row with the only subset of the other side that sums to it: uniqueness is the product, not the match.
//!
//! Every open row is a target. A set is certain where it is its target's only one and no other answer claims its rows; the
//! certain ones are closed together and the search begins again on what is left, until nothing is certain any more. So
//! the outcome rests on no order. Where sets may lie on both sides, an answer of the other direction is a rival too: a
//! receipt that could be one of three for a settlement may as well be the sum of two others.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Book, Bucket, Class, Extra, OpenReason};
use super::groups::{Groups, in_order};
use super::one_to_one::class_of;
use super::rules::{LEFT, Many, Pass, RIGHT};
use super::search::{self, Query};
use super::side::RowIndex;

/// Left rows, right rows.
type Set = [Vec<RowIndex>; 2];

pub fn run(book: &mut Book<'_>, place: usize, pass: &Pass) {
    let groups = Groups::new(book, pass, true);
    for [left, right] in groups.both() {
        let solved = Pool::new(book, pass, left, right).solve();
        for [left, right] in &solved.certain {
            let class = match (left.as_slice(), right.as_slice()) {
                ([l], [r]) => class_of(book, pass, *l, *r),
                _ if book.sum(LEFT, left) == book.sum(RIGHT, right) => Class::Subset,
                _ => Class::Tolerance,
            };
            book.close(place, Bucket::Matched, class, left, right);
        }
        for (side, row, reason) in solved.limits {
            book.reasons[side].insert(row, reason);
        }
        for (rows, extra) in solved.unsure {
            book.suspect(place, rows, extra);
        }
    }
}

/// Rows of a pool in which a search for suggestions is worth its cost.
const SUGGESTED_ROWS: usize = 64;

/// What a search would call certain inside some rows. Closes nothing.
pub fn certain(book: &Book<'_>, pass: &Pass, left: &[RowIndex], right: &[RowIndex]) -> Vec<Set> {
    match left.len() + right.len() <= SUGGESTED_ROWS {
        true => Pool::new(book, pass, left, right).solve().certain,
        false => Vec::new(),
    }
}

/// The rows of one group that are still open.
struct Pool<'a, 'b> {
    book: &'a Book<'b>,
    pass: &'a Pass,
    open: Set,
}

#[derive(Default)]
struct Solved {
    certain: Vec<Set>,
    unsure: Vec<(Set, Extra)>,
    limits: Vec<(usize, RowIndex, OpenReason)>,
}

/// A row and the sets that sum to it.
struct Target {
    side: usize,
    row: RowIndex,
    sets: Vec<Set>,
    /// There may be more sets than were looked for.
    is_cut: bool,
    candidates: Set,
}

/// Searches of one group together may cost this many times what one of them may.
const GROUP_FACTOR: u64 = 64;
/// Sets that are looked for where answers of both directions must be held against each other.
const RIVALS: usize = 16;

impl<'a, 'b> Pool<'a, 'b> {
    fn new(book: &'a Book<'b>, pass: &'a Pass, left: &[RowIndex], right: &[RowIndex]) -> Pool<'a, 'b> {
        let rows = |side: usize, rows: &[RowIndex]| {
            let nonzero = |row: &RowIndex| book.sides[side].amount(*row) != 0;
            in_order(book, side, rows).into_iter().filter(nonzero).collect()
        };
        Pool { book, pass, open: [rows(LEFT, left), rows(RIGHT, right)] }
    }

    fn solve(mut self) -> Solved {
        let mut solved = Solved::default();
        loop {
            let Some(targets) = self.targets(&mut solved.limits) else {
                let rows = |side: usize| self.open[side].iter().map(move |row| (side, *row, OpenReason::WorkLimit));
                solved.limits = rows(LEFT).chain(rows(RIGHT)).collect();
                return solved;
            };
            let certain = self.certain_of(&targets);
            if certain.is_empty() {
                solved.unsure = self.unsure_of(&targets);
                return solved;
            }
            for side in [LEFT, RIGHT] {
                let closed: BTreeSet<RowIndex> = certain.iter().flat_map(|set| set[side].iter().copied()).collect();
                self.open[side].retain(|row| !closed.contains(row));
            }
            solved.certain.extend(certain);
            solved.limits.clear();
        }
    }

    /// The sets of every open row, or nothing where all the searches together would cost too much.
    fn targets(&self, limits: &mut Vec<(usize, RowIndex, OpenReason)>) -> Option<Vec<Target>> {
        let sides: &[usize] = match self.pass.many {
            Many::Right | Many::Sets => &[LEFT],
            Many::Left => &[RIGHT],
            Many::Both => &[LEFT, RIGHT],
        };
        let mut planned = Vec::new();
        let mut cost = 0_u64;
        for side in sides {
            for row in &self.open[*side] {
                let candidates = self.candidates(*side, *row);
                if candidates.len() > self.pass.max_rows.unwrap_or(usize::MAX) {
                    limits.push((*side, *row, OpenReason::PoolTooLarge));
                    continue;
                }
                let peers = self.peers(*side, *row);
                let own = self.amounts(*side, &peers).into_iter().map(|amount| -amount);
                let amounts: Vec<i64> = self.amounts(1 - side, &candidates).into_iter().chain(own).collect();
                let query = self.query(*side, *row);
                cost = cost.saturating_add(search::estimate(&amounts, query).min(self.pass.work));
                let candidates = if *side == LEFT { [peers, candidates] } else { [candidates, peers] };
                planned.push((*side, *row, candidates, amounts, query));
            }
        }
        if cost > self.pass.work.saturating_mul(GROUP_FACTOR) {
            return None;
        }
        let mut targets = Vec::new();
        for (side, row, candidates, amounts, query) in planned {
            match search::search(&amounts, query) {
                Ok(found) => {
                    let is_cut = found.len() == query.want;
                    let set = |places: &Vec<usize>| self.set(side, row, &candidates, places);
                    let sets: Vec<Set> = found.iter().filter_map(set).collect();
                    if !sets.is_empty() {
                        targets.push(Target { side, row, sets, is_cut, candidates });
                    } else if is_cut {
                        limits.push((side, row, OpenReason::WorkLimit));
                    }
                }
                Err(search::WorkLimit) => limits.push((side, row, OpenReason::WorkLimit)),
            }
        }
        Some(targets)
    }

    /// Rows of the other side that may stand with this one.
    fn candidates(&self, side: usize, row: RowIndex) -> Vec<RowIndex> {
        let date = self.book.sides[side].date(row);
        let is_negative = |side: usize, row: RowIndex| self.book.sides[side].amount(row) < 0;
        let may = |other: &RowIndex| {
            let theirs = self.book.sides[1 - side].date(*other);
            let (left, right) = if side == LEFT { (date, theirs) } else { (theirs, date) };
            let pair = if side == LEFT { (row, *other) } else { (*other, row) };
            self.pass.window.is_none_or(|w| w.holds(left, right, self.book.calendar))
                && !self.book.never.contains(&pair)
                && (!self.pass.same_sign || is_negative(side, row) == is_negative(1 - side, *other))
        };
        self.open[1 - side].iter().copied().filter(may).collect()
    }

    /// Rows of its own side that may be matched together with a row.
    fn peers(&self, side: usize, row: RowIndex) -> Vec<RowIndex> {
        let date = |row: RowIndex| self.book.sides[side].date(row);
        let may = |other: &RowIndex| {
            *other != row && self.pass.window.is_none_or(|w| w.holds(date(row), date(*other), self.book.calendar))
        };
        match self.pass.many {
            Many::Sets => self.open[side].iter().copied().filter(may).collect(),
            _ => Vec::new(),
        }
    }

    /// What a search found, by side; nothing where only one side has rows or the sums differ too much after all.
    fn set(&self, side: usize, row: RowIndex, candidates: &Set, places: &[usize]) -> Option<Set> {
        let others = candidates[1 - side].len();
        let mut set: Set = [Vec::new(), Vec::new()];
        set[side].push(row);
        for at in places {
            if *at < others {
                set[1 - side].push(candidates[1 - side][*at]);
            } else {
                set[side].push(candidates[side][*at - others]);
            }
        }
        let set = [LEFT, RIGHT].map(|side| in_order(self.book, side, &set[side]));
        let is_whole = !set[1 - side].is_empty() && !self.book.is_kept_apart(&set[LEFT], &set[RIGHT]);
        let covers = self.pass.tolerance.covers(self.book.sum(LEFT, &set[LEFT]), self.book.sum(RIGHT, &set[RIGHT]));
        (is_whole && covers).then_some(set)
    }

    fn amounts(&self, side: usize, rows: &[RowIndex]) -> Vec<i64> {
        rows.iter().map(|row| self.book.sides[side].amount(*row)).collect()
    }

    fn query(&self, side: usize, row: RowIndex) -> Query {
        let target = self.book.sides[side].amount(row);
        Query {
            target,
            tolerance: self.pass.tolerance.range(target).1.saturating_sub(target),
            max_size: self.pass.max_size.unwrap_or(usize::MAX),
            want: if self.is_two_way() { RIVALS.max(self.pass.alternatives) } else { self.pass.alternatives },
            work: self.pass.work,
        }
    }

    /// Whether answers for rows of one side are rivals of those for the other.
    fn is_two_way(&self) -> bool {
        matches!(self.pass.many, Many::Both | Many::Sets)
    }

    /// The sets that nothing speaks against.
    fn certain_of(&self, targets: &[Target]) -> Vec<Set> {
        let only: BTreeSet<&Set> =
            targets.iter().filter(|t| t.sets.len() == 1 && !t.is_cut).map(|t| &t.sets[0]).collect();
        let mut claims: [BTreeMap<RowIndex, usize>; 2] = [BTreeMap::new(), BTreeMap::new()];
        let mut claimed: BTreeSet<&Set> = BTreeSet::new();
        let rivals = targets.iter().filter(|t| self.is_two_way() || t.sets.len() == 1);
        for set in rivals.flat_map(|t| &t.sets) {
            if claimed.insert(set) {
                for side in [LEFT, RIGHT] {
                    set[side].iter().for_each(|row| *claims[side].entry(*row).or_insert(0) += 1);
                }
            }
        }
        // Of a search that was cut off every candidate may be part of an answer that was not seen.
        if self.is_two_way() {
            for target in targets.iter().filter(|t| t.is_cut) {
                *claims[target.side].entry(target.row).or_insert(0) += 2;
                for side in [LEFT, RIGHT] {
                    target.candidates[side].iter().for_each(|row| *claims[side].entry(*row).or_insert(0) += 2);
                }
            }
        }
        let is_free = |set: &&&Set| {
            (0..2).all(|side| set[side].iter().all(|row| claims[side].get(row).copied().unwrap_or(0) <= 1))
        };
        only.iter().filter(is_free).map(|set| (**set).clone()).collect()
    }

    /// What is left with an answer, those that share rows together.
    fn unsure_of(&self, targets: &[Target]) -> Vec<(Set, Extra)> {
        let mut parts: Vec<(Set, Extra)> = Vec::new();
        for target in targets {
            let shown = &target.sets[..target.sets.len().min(self.pass.alternatives)];
            let reason = if target.sets.len() == 1 { OpenReason::Contested } else { OpenReason::Ambiguous };
            let mut rows: Set = [Vec::new(), Vec::new()];
            for side in [LEFT, RIGHT] {
                let all: BTreeSet<RowIndex> = shown.iter().flat_map(|set| set[side].iter().copied()).collect();
                rows[side].extend(all);
            }
            let mut extra = Extra { choices: shown.to_vec(), reason: Some(reason), ..Extra::default() };
            let shares = |part: &(Set, Extra)| (0..2).any(|s| part.0[s].iter().any(|row| rows[s].contains(row)));
            let (together, apart): (Vec<_>, Vec<_>) = parts.into_iter().partition(shares);
            parts = apart;
            for (other, more) in together {
                for side in [LEFT, RIGHT] {
                    rows[side].extend(&other[side]);
                }
                extra.choices.splice(0..0, more.choices);
                extra.reason = extra.reason.min(more.reason);
            }
            rows = [LEFT, RIGHT].map(|side| {
                rows[side].sort_unstable();
                rows[side].dedup();
                in_order(self.book, side, &rows[side])
            });
            extra.choices.sort_by(|a, b| self.key(a).cmp(&self.key(b)));
            extra.choices.dedup();
            parts.push((rows, extra));
        }
        parts
    }

    /// Ids of a set: an order that rests on what rows say.
    fn key(&self, set: &Set) -> [Vec<&str>; 2] {
        [LEFT, RIGHT].map(|side| set[side].iter().map(|row| self.book.sides[side].id(*row)).collect())
    }
}
