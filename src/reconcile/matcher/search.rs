//! Which subsets of some amounts sum to a target: up to as many as are wanted, counted in steps and never in seconds.
//!
//! Two methods give the same sets. The amounts are cut in halves, all sums of each half are sorted, and two pointers meet
//! in the middle: 2^(n/2) steps instead of 2^n. Where subsets of at most four are wanted, all sums of one and of two
//! amounts are paired: n² instead of n⁴. The cheaper one is taken.

use std::collections::HashSet;

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Query {
    pub target: i64,
    /// A sum within this of the target will do where none equals it.
    pub tolerance: i64,
    /// Largest subset.
    pub max_size: usize,
    /// Stop at so many sets.
    pub want: usize,
    /// Steps after which the search gives up.
    pub work: u64,
}

/// The search would have cost more steps than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkLimit;

/// The sets found, as places of their amounts in order. Fewer than wanted means that there are no others.
///
/// A set that holds a part which sums to zero is none: without the part it is a set too, and with every pair that cancels
/// out it would be another.
pub fn search(amounts: &[i64], query: Query) -> Result<Vec<Vec<usize>>, WorkLimit> {
    let places = useful(amounts, query);
    let kept: Vec<i64> = places.iter().map(|at| amounts[*at]).collect();
    let mut found = sums(&kept, Query { tolerance: 0, ..query })?;
    if found.is_empty() && query.tolerance > 0 {
        found = sums(&kept, query)?;
    }
    let mut sets: Vec<Vec<usize>> =
        found.into_iter().map(|set| set.into_iter().map(|at| places[at]).collect()).collect();
    sets.iter_mut().for_each(|set| set.sort_unstable());
    sets.sort();
    Ok(sets)
}

/// Steps that a search over so many amounts costs at most before it meets its first set.
pub fn estimate(amounts: &[i64], query: Query) -> u64 {
    let count = useful(amounts, query).len();
    half_cost(count, query.max_size).min(pair_cost(count, query.max_size))
}

/// Amounts that can be part of a set: where all have one sign, none is larger than the target.
fn useful(amounts: &[i64], query: Query) -> Vec<usize> {
    let nonzero = (0..amounts.len()).filter(|at| amounts[*at] != 0);
    let (most, least) = (query.target.saturating_add(query.tolerance), query.target.saturating_sub(query.tolerance));
    if amounts.iter().all(|a| *a >= 0) {
        nonzero.filter(|at| amounts[*at] <= most).collect()
    } else if amounts.iter().all(|a| *a <= 0) {
        nonzero.filter(|at| amounts[*at] >= least).collect()
    } else {
        nonzero.collect()
    }
}

fn sums(amounts: &[i64], query: Query) -> Result<Vec<Vec<usize>>, WorkLimit> {
    let size = query.max_size.min(amounts.len());
    if size == 0 {
        return Ok(Vec::new());
    }
    let (halves, pairs) = (half_cost(amounts.len(), size), pair_cost(amounts.len(), size));
    if halves.min(pairs) > query.work {
        Err(WorkLimit)
    } else if halves <= pairs {
        by_halves(amounts, query)
    } else {
        by_pairs(amounts, query)
    }
}

/// Subsets of up to `size` of both halves.
fn half_cost(count: usize, size: usize) -> u64 {
    if count > 64 {
        return u64::MAX; // a set is a mask of 64 bits
    }
    let half = (count as u64).div_ceil(2);
    let (mut sum, mut choose) = (0_u64, 1_u64);
    for taken in 0..=(size as u64).min(half) {
        sum = sum.saturating_add(choose);
        choose = choose.saturating_mul(half - taken) / (taken + 1);
    }
    sum.saturating_mul(2)
}

fn pair_cost(count: usize, size: usize) -> u64 {
    let count = count as u64;
    if size > 4 { u64::MAX } else { count.saturating_mul(count + 1) / 2 }
}

/// A sum and the amounts it is made of, as a mask.
type Sum = (i64, u64);

fn by_halves(amounts: &[i64], query: Query) -> Result<Vec<Vec<usize>>, WorkLimit> {
    let middle = amounts.len() / 2;
    let low = half(amounts, 0, middle, query.max_size);
    let high = half(amounts, middle, amounts.len(), query.max_size);
    let mut steps = (low.len() + high.len()) as u64;
    let mut sets = Vec::new();
    let mut top = high.len();
    for (sum, mask) in &low {
        let (from, to) = (query.target - query.tolerance - sum, query.target + query.tolerance - sum);
        while top > 0 && high[top - 1].0 > to {
            top -= 1;
        }
        for (_, other) in high[..top].iter().rev().take_while(|(s, _)| *s >= from) {
            steps += 1;
            if steps > query.work.saturating_mul(2) {
                return Err(WorkLimit);
            }
            let set: Vec<usize> = places(mask | other);
            if !set.is_empty() && set.len() <= query.max_size && !has_zero_part(amounts, &set) {
                sets.push(set);
                if sets.len() == query.want {
                    return Ok(sets);
                }
            }
        }
    }
    Ok(sets)
}

/// All sums of up to `size` of the amounts from `start` to `end`, in order.
fn half(amounts: &[i64], start: usize, end: usize, size: usize) -> Vec<Sum> {
    let mut sums: Vec<Sum> = vec![(0, 0)];
    for (place, amount) in amounts.iter().enumerate().take(end).skip(start) {
        for at in 0..sums.len() {
            let (sum, mask) = sums[at];
            if (mask.count_ones() as usize) < size {
                sums.push((sum + amount, mask | 1 << place));
            }
        }
    }
    sums.sort_unstable();
    sums
}

fn places(mask: u64) -> Vec<usize> {
    (0..64).filter(|at| mask & 1 << at != 0).collect()
}

/// None, one or two places; [`NOBODY`] stands for none.
type Few = (i64, [usize; 2]);
const NOBODY: usize = usize::MAX;

fn by_pairs(amounts: &[i64], query: Query) -> Result<Vec<Vec<usize>>, WorkLimit> {
    let mut few: Vec<Few> = vec![(0, [NOBODY; 2])];
    for (first, amount) in amounts.iter().enumerate() {
        few.push((*amount, [first, NOBODY]));
        if query.max_size > 1 {
            few.extend((first + 1..amounts.len()).map(|second| (amount + amounts[second], [first, second])));
        }
    }
    few.sort_unstable();
    let mut steps = few.len() as u64;
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut top = few.len();
    for (sum, mine) in &few {
        let (from, to) = (query.target - query.tolerance - sum, query.target + query.tolerance - sum);
        while top > 0 && few[top - 1].0 > to {
            top -= 1;
        }
        for (_, other) in few[..top].iter().rev().take_while(|(s, _)| *s >= from) {
            steps += 1;
            if steps > query.work.saturating_mul(4) {
                return Err(WorkLimit);
            }
            let mut set: Vec<usize> = mine.iter().chain(other).copied().filter(|at| *at != NOBODY).collect();
            let named = set.len();
            set.sort_unstable();
            set.dedup();
            let is_new = set.len() == named && named > 0 && named <= query.max_size && !sets.contains(&set);
            if is_new && !has_zero_part(amounts, &set) {
                sets.push(set);
                if sets.len() == query.want {
                    return Ok(sets);
                }
            }
        }
    }
    Ok(sets)
}

/// Whether some of the amounts of a set sum to zero. A set with both signs and more than this many amounts counts as one:
/// it cannot be shown to be free of such a part.
const LARGEST_MIXED: usize = 20;

fn has_zero_part(amounts: &[i64], set: &[usize]) -> bool {
    let values = || set.iter().map(|at| amounts[*at]);
    if values().all(|v| v > 0) || values().all(|v| v < 0) {
        return false;
    }
    if set.len() > LARGEST_MIXED {
        return true;
    }
    let mut sums: HashSet<i64> = HashSet::new();
    for value in values() {
        let mut more: Vec<i64> = vec![value];
        #[expect(clippy::iter_over_hash_type, reason = "a set of sums: their order reaches nothing")]
        for sum in &sums {
            more.push(sum + value);
        }
        if more.contains(&0) {
            return true;
        }
        sums.extend(more);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(target: i64) -> Query {
        Query { target, tolerance: 0, max_size: usize::MAX, want: 100, work: 1_000_000 }
    }

    /// Every subset, one by one.
    fn brute(amounts: &[i64], query: Query) -> Vec<Vec<usize>> {
        let sets = (1_u64..1 << amounts.len()).map(places).filter(|set| set.len() <= query.max_size);
        let hits = |set: &Vec<usize>| {
            let sum: i64 = set.iter().map(|at| amounts[*at]).sum();
            sum.abs_diff(query.target) <= query.tolerance.unsigned_abs()
        };
        let whole = |set: &Vec<usize>| set.iter().all(|at| amounts[*at] != 0) && !has_zero_part(amounts, set);
        let mut sets: Vec<Vec<usize>> = sets.filter(hits).filter(whole).collect();
        sets.sort();
        sets
    }

    #[test]
    fn both_methods_find_what_trying_everything_finds() {
        let mut dice = fastrand::Rng::with_seed(5);
        for round in 0..300 {
            let count = dice.usize(1..11);
            let low = if round % 2 == 0 { 1 } else { -30 };
            let amounts: Vec<i64> = (0..count).map(|_| dice.i64(low..40)).collect();
            for size in [1, 2, 3, 4, usize::MAX] {
                let query = Query { max_size: size, ..query(dice.i64(-20..90)) };
                let sorted = |mut sets: Vec<Vec<usize>>| {
                    sets.sort();
                    sets
                };
                let nonzero: Vec<i64> = amounts.iter().copied().filter(|a| *a != 0).collect();
                assert_eq!(sorted(by_halves(&nonzero, query).unwrap()), brute(&nonzero, query), "{amounts:?}");
                if size <= 4 {
                    assert_eq!(sorted(by_pairs(&nonzero, query).unwrap()), brute(&nonzero, query), "{amounts:?}");
                }
                assert_eq!(search(&amounts, query).unwrap(), brute(&amounts, query), "{amounts:?}");
            }
        }
    }

    #[test]
    fn an_equal_sum_outranks_one_within_the_tolerance() {
        let within = Query { tolerance: 5, ..query(100) };
        assert_eq!(search(&[60, 40, 97], within), Ok(vec![vec![0, 1]]));
        assert_eq!(search(&[60, 41], within), Ok(vec![vec![0, 1]]));
    }

    #[test]
    fn a_pair_that_cancels_is_no_part_of_a_set() {
        assert_eq!(search(&[135, 290, -135, -290], query(135)), Ok(vec![vec![0]]));
    }

    #[test]
    fn a_search_that_costs_too_much_says_so() {
        let amounts: Vec<i64> = (1..=60).collect();
        assert_eq!(search(&amounts, query(900)), Err(WorkLimit));
        assert!(search(&amounts, Query { max_size: 4, want: 2, ..query(200) }).is_ok());
    }
}
