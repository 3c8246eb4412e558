//! One row with the only subset of the other side that sums to it: uniqueness is the product, not the match.
//!
//! Every open row is a target. A set is certain where it is its target's only one and no other answer claims its rows; the
//! certain ones are closed together and the search begins again on what is left, until nothing is certain any more. So
//! the outcome rests on no order. Where sets may lie on both sides, an answer of the other direction is a rival too: a
//! receipt that could be one of three for a settlement may as well be the sum of two others.

use std::cmp::Ordering;
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
    /// There may be more sets than were looked for, or nobody looked.
    is_cut: bool,
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
        let mut spent = 0;
        loop {
            let Some(targets) = self.targets(&mut spent, &mut solved.limits) else {
                let rows = |side: usize| self.open[side].iter().map(move |row| (side, *row, OpenReason::WorkLimit));
                solved.limits = rows(LEFT).chain(rows(RIGHT)).collect();
                break;
            };
            let certain = self.certain_of(&targets);
            if certain.is_empty() {
                solved.unsure = self.unsure_of(&targets);
                break;
            }
            for side in [LEFT, RIGHT] {
                let closed: BTreeSet<RowIndex> = certain.iter().flat_map(|set| set[side].iter().copied()).collect();
                self.open[side].retain(|row| !closed.contains(row));
            }
            solved.certain.extend(certain);
            solved.limits.clear();
        }
        solved.certain.sort_by(|a, b| self.key(a).cmp(&self.key(b)));
        solved
    }

    /// The sets of every open row, or nothing where all the searches of the group together cost too much. That is known
    /// before the first of them, or found out on the way; what was found until then would rest on the order.
    fn targets(&self, spent: &mut u64, limits: &mut Vec<(usize, RowIndex, OpenReason)>) -> Option<Vec<Target>> {
        let bound = self.pass.work.saturating_mul(GROUP_FACTOR);
        let sides: &[usize] = match self.pass.many {
            Many::Right | Many::Sets => &[LEFT],
            Many::Left => &[RIGHT],
            Many::Both => &[LEFT, RIGHT],
        };
        let rows: Vec<(usize, RowIndex)> =
            sides.iter().flat_map(|side| self.open[*side].iter().map(|row| (*side, *row))).collect();
        let is_too_large = |side: usize, row: RowIndex| {
            let most = self.pass.max_rows.unwrap_or(usize::MAX);
            self.reach(side, row).len() > most && self.candidates(side, row).len() > most
        };
        let mut least = *spent;
        for (side, row) in &rows {
            // To look at a candidate is a step too.
            least = least.saturating_add(self.reach(*side, *row).len() as u64);
            if least <= bound && !is_too_large(*side, *row) {
                let amounts = self.amounts(*side, &self.pool(*side, *row));
                let estimate = search::estimate(&amounts, self.query(*side, *row, &|_| true));
                least = least.saturating_add(estimate.min(self.pass.work));
            }
            if least > bound {
                return None;
            }
        }
        let mut targets = Vec::new();
        for (side, row) in rows {
            let mut target = Target { side, row, sets: Vec::new(), is_cut: true };
            if is_too_large(side, row) {
                limits.push((side, row, OpenReason::PoolTooLarge));
                targets.push(target);
                continue;
            }
            let pool = self.pool(side, row);
            *spent = spent.saturating_add((pool[LEFT].len() + pool[RIGHT].len()) as u64);
            let own = self.book.sides[side].amount(row);
            // Of sets on both sides only the difference is known here: what was found is held against the rule below.
            let accepts = |sum: i64| {
                let (left, right) = if side == LEFT { (own, sum) } else { (sum, own) };
                self.pass.many == Many::Sets || self.pass.tolerance.covers(left, right)
            };
            let query = self.query(side, row, &accepts);
            let found = search::search(&self.amounts(side, &pool), query, spent);
            if *spent > bound {
                return None;
            }
            match found {
                Ok(found) => {
                    target.is_cut = found.len() == query.want;
                    target.sets = found.iter().filter_map(|places| self.set(side, row, &pool, places)).collect();
                    if target.sets.is_empty() && target.is_cut {
                        limits.push((side, row, OpenReason::WorkLimit));
                    }
                }
                Err(search::WorkLimit) => limits.push((side, row, OpenReason::WorkLimit)),
            }
            targets.push(target);
        }
        Some(targets)
    }

    /// Rows of the other side whose dates may stand with this one's. They lie in order of date.
    fn reach(&self, side: usize, row: RowIndex) -> &[RowIndex] {
        let others = &self.open[1 - side];
        let Some(window) = self.pass.window else { return others };
        let date = self.book.sides[side].date(row);
        let place =
            |other: &RowIndex| window.place(side, date, self.book.sides[1 - side].date(*other), self.book.calendar);
        let start = others.partition_point(|other| place(other) == Ordering::Less);
        let end = others.partition_point(|other| place(other) != Ordering::Greater);
        &others[start..end.max(start)]
    }

    /// Rows of the other side that may stand with this one.
    fn candidates(&self, side: usize, row: RowIndex) -> Vec<RowIndex> {
        let pair = |other: RowIndex| if side == LEFT { (row, other) } else { (other, row) };
        let is_negative = |side: usize, row: RowIndex| self.book.sides[side].amount(row) < 0;
        let (own, calendar) = (self.book.sides[side].moment(row), self.book.calendar);
        let may = |other: &RowIndex| {
            let theirs = self.book.sides[1 - side].moment(*other);
            let (left, right) = if side == LEFT { (own, theirs) } else { (theirs, own) };
            self.pass.window.is_none_or(|w| w.holds(left, right, calendar))
                && !self.book.never.contains(&pair(*other))
                && (!self.pass.same_sign || is_negative(side, row) == is_negative(1 - side, *other))
        };
        self.reach(side, row).iter().copied().filter(may).collect()
    }

    /// Rows of its own side that may be matched together with a row.
    fn peers(&self, side: usize, row: RowIndex) -> Vec<RowIndex> {
        let moment = |row: RowIndex| self.book.sides[side].moment(row);
        let may = |other: &RowIndex| {
            *other != row && self.pass.window.is_none_or(|w| w.holds(moment(row), moment(*other), self.book.calendar))
        };
        match self.pass.many {
            Many::Sets => self.open[side].iter().copied().filter(may).collect(),
            _ => Vec::new(),
        }
    }

    /// The rows that a set for this one may be made of: candidates of the other side, peers of its own.
    fn pool(&self, side: usize, row: RowIndex) -> Set {
        let (candidates, peers) = (self.candidates(side, row), self.peers(side, row));
        if side == LEFT { [peers, candidates] } else { [candidates, peers] }
    }

    /// The amounts of a pool as the search sees them: a row of the target's own side counts against it.
    fn amounts(&self, side: usize, pool: &Set) -> Vec<i64> {
        let amount = |side: usize| move |row: &RowIndex| self.book.sides[side].amount(*row);
        let own = pool[side].iter().map(amount(side)).map(|amount| -amount);
        pool[1 - side].iter().map(amount(1 - side)).chain(own).collect()
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

    fn query<'q>(&self, side: usize, row: RowIndex, accepts: &'q dyn Fn(i64) -> bool) -> Query<'q> {
        let target = self.book.sides[side].amount(row);
        let (from, to) = self.pass.tolerance.range(target);
        Query {
            target,
            tolerance: if self.pass.tolerance.is_exact() { 0 } else { (target - from).max(to - target) },
            accepts,
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
        if only.is_empty() {
            return Vec::new();
        }
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
        // Of a search that was cut off or not made every candidate may be part of an answer that was not seen.
        if self.is_two_way() {
            for target in targets.iter().filter(|t| t.is_cut) {
                *claims[target.side].entry(target.row).or_insert(0) += 2;
                for (side, row) in members(&self.pool(target.side, target.row)) {
                    *claims[side].entry(row).or_insert(0) += 2;
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
        // Every target points to one that it shares a row with, the first of them to itself.
        let mut first: Vec<usize> = (0..targets.len()).collect();
        fn head(first: &mut [usize], mut at: usize) -> usize {
            while first[at] != at {
                first[at] = first[first[at]];
                at = first[at];
            }
            at
        }
        let shown = |target: &Target| target.sets[..target.sets.len().min(self.pass.alternatives)].to_vec();
        let mut holders: [BTreeMap<RowIndex, usize>; 2] = [BTreeMap::new(), BTreeMap::new()];
        for (at, target) in targets.iter().enumerate() {
            for (side, row) in shown(target).iter().flat_map(members) {
                let holder = *holders[side].entry(row).or_insert(at);
                let (own, other) = (head(&mut first, at), head(&mut first, holder));
                first[own.max(other)] = own.min(other);
            }
        }
        let mut parts: BTreeMap<usize, ([BTreeSet<RowIndex>; 2], Extra)> = BTreeMap::new();
        for (at, target) in targets.iter().enumerate().filter(|(_, t)| !t.sets.is_empty()) {
            let (rows, extra) = parts.entry(head(&mut first, at)).or_default();
            let is_one = target.sets.len() == 1 && !target.is_cut;
            let reason = if is_one { OpenReason::Contested } else { OpenReason::Ambiguous };
            extra.reason = Some(extra.reason.map_or(reason, |other| other.min(reason)));
            for set in shown(target) {
                members(&set).for_each(|(side, row)| _ = rows[side].insert(row));
                extra.choices.push(set);
            }
        }
        let part = |(rows, mut extra): ([BTreeSet<RowIndex>; 2], Extra)| {
            extra.choices.sort_by(|a, b| self.key(a).cmp(&self.key(b)));
            extra.choices.dedup();
            let in_order = |side: usize| in_order(self.book, side, &rows[side].iter().copied().collect::<Vec<_>>());
            ([in_order(LEFT), in_order(RIGHT)], extra)
        };
        parts.into_values().map(part).collect()
    }

    /// Ids of a set: an order that rests on what rows say.
    fn key(&self, set: &Set) -> [Vec<&str>; 2] {
        [LEFT, RIGHT].map(|side| set[side].iter().map(|row| self.book.sides[side].id(*row)).collect())
    }
}

/// The rows of a set with their sides.
fn members(set: &Set) -> impl Iterator<Item = (usize, RowIndex)> {
    set.iter().enumerate().flat_map(|(side, rows)| rows.iter().map(move |row| (side, *row)))
}
