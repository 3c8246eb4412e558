//! Which subsets of some amounts sum to a target: up to as many as are wanted, counted in steps and never in seconds.
//!
//! Two methods give the same sets. The amounts are cut in halves, all sums of each half are sorted, and two pointers meet
//! in the middle: 2^(n/2) steps instead of 2^n. Where subsets of at most four are wanted, all sums of one and of two
//! amounts are paired: n² instead of n⁴. The cheaper one is taken.

/// What is looked for.
#[derive(Clone, Copy)]
pub struct Query<'q> {
    pub target: i64,
    /// A sum within this of the target will do where none equals it, if it is accepted.
    pub tolerance: i64,
    pub accepts: &'q dyn Fn(i64) -> bool,
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

/// Steps that are left. Every sum made and every pair of sums held against the target is one.
struct Meter {
    left: u64,
}

impl Meter {
    fn take(&mut self, steps: usize) -> Result<(), WorkLimit> {
        self.left = self.left.checked_sub(steps as u64).ok_or(WorkLimit)?;
        Ok(())
    }
}

/// Meeting the sums may cost so many times what making them may.
const MEETING_FACTOR: u64 = 4;

/// The sets found, as places of their amounts in order. Fewer than wanted means that there are no others. The steps that
/// it took are added to `spent`.
///
/// A set that holds a part which sums to zero is none: without the part it is a set too, and with every pair that cancels
/// out it would be another.
pub fn search(amounts: &[i64], query: Query<'_>, spent: &mut u64) -> Result<Vec<Vec<usize>>, WorkLimit> {
    let places = useful(amounts, query);
    let kept: Vec<i64> = places.iter().map(|at| amounts[*at]).collect();
    let mut counted = |query: Query<'_>| {
        let allowed = query.work.saturating_mul(MEETING_FACTOR);
        let mut meter = Meter { left: allowed };
        let found = sums(&kept, query, &mut meter);
        *spent = spent.saturating_add(allowed - meter.left);
        found
    };
    let mut found = counted(Query { tolerance: 0, ..query })?;
    if found.is_empty() && query.tolerance > 0 {
        found = counted(query)?;
    }
    let mut sets: Vec<Vec<usize>> =
        found.into_iter().map(|set| set.into_iter().map(|at| places[at]).collect()).collect();
    sets.iter_mut().for_each(|set| set.sort_unstable());
    sets.sort();
    Ok(sets)
}

/// Steps that a search over so many amounts costs at most before it meets its first set.
pub fn estimate(amounts: &[i64], query: Query<'_>) -> u64 {
    let count = useful(amounts, query).len();
    half_cost(count, query.max_size).min(pair_cost(count, query.max_size))
}

/// Amounts that can be part of a set: where all have one sign, none is larger than the target.
fn useful(amounts: &[i64], query: Query<'_>) -> Vec<usize> {
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

fn sums(amounts: &[i64], query: Query<'_>, meter: &mut Meter) -> Result<Vec<Vec<usize>>, WorkLimit> {
    let size = query.max_size.min(amounts.len());
    if size == 0 {
        return Ok(Vec::new());
    }
    let (halves, pairs) = (half_cost(amounts.len(), size), pair_cost(amounts.len(), size));
    if halves.min(pairs) > query.work {
        Err(WorkLimit)
    } else if halves <= pairs {
        by_halves(amounts, query, meter)
    } else {
        by_pairs(amounts, query, meter)
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

fn by_halves(amounts: &[i64], query: Query<'_>, meter: &mut Meter) -> Result<Vec<Vec<usize>>, WorkLimit> {
    let middle = amounts.len() / 2;
    let low = half(amounts, 0, middle, query.max_size);
    let high = half(amounts, middle, amounts.len(), query.max_size);
    meter.take(low.len() + high.len())?;
    let mut sets = Vec::new();
    let mut top = high.len();
    for (sum, mask) in &low {
        let (from, to) = (query.target - query.tolerance - sum, query.target + query.tolerance - sum);
        while top > 0 && high[top - 1].0 > to {
            top -= 1;
        }
        for (rest, other) in high[..top].iter().rev().take_while(|(s, _)| *s >= from) {
            meter.take(1)?;
            let whole = mask | other;
            if whole == 0 || whole.count_ones() as usize > query.max_size || !hits(query, sum + rest) {
                continue;
            }
            let set: Vec<usize> = places(whole);
            if !has_zero_part(amounts, &set, meter)? {
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

fn by_pairs(amounts: &[i64], query: Query<'_>, meter: &mut Meter) -> Result<Vec<Vec<usize>>, WorkLimit> {
    let mut few: Vec<Few> = vec![(0, [NOBODY; 2])];
    for (first, amount) in amounts.iter().enumerate() {
        few.push((*amount, [first, NOBODY]));
        if query.max_size > 1 {
            few.extend((first + 1..amounts.len()).map(|second| (amount + amounts[second], [first, second])));
        }
    }
    few.sort_unstable();
    meter.take(few.len())?;
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut top = few.len();
    for (sum, mine) in &few {
        let (from, to) = (query.target - query.tolerance - sum, query.target + query.tolerance - sum);
        while top > 0 && few[top - 1].0 > to {
            top -= 1;
        }
        for (rest, other) in few[..top].iter().rev().take_while(|(s, _)| *s >= from) {
            meter.take(1)?;
            if !hits(query, sum + rest) {
                continue;
            }
            let mut set: Vec<usize> = mine.iter().chain(other).copied().filter(|at| *at != NOBODY).collect();
            let named = set.len();
            set.sort_unstable();
            set.dedup();
            let is_new = set.len() == named && named > 0 && named <= query.max_size && !sets.contains(&set);
            if is_new && !has_zero_part(amounts, &set, meter)? {
                sets.push(set);
                if sets.len() == query.want {
                    return Ok(sets);
                }
            }
        }
    }
    Ok(sets)
}

/// Whether a sum is the target, or is accepted within the tolerance.
fn hits(query: Query<'_>, sum: i64) -> bool {
    sum == query.target || (query.accepts)(sum)
}

/// Whether some of the amounts of a set sum to zero.
fn has_zero_part(amounts: &[i64], set: &[usize], meter: &mut Meter) -> Result<bool, WorkLimit> {
    let values: Vec<i64> = set.iter().map(|at| amounts[*at]).collect();
    if values.iter().all(|v| *v > 0) || values.iter().all(|v| *v < 0) {
        return Ok(false);
    }
    let (low, high) = values.split_at(values.len() / 2);
    meter.take((1 << low.len()) + (1 << high.len()))?;
    let (low, high) = (all_sums(low), all_sums(high));
    // The sum of nothing is the only zero of a half, or the half has such a part itself.
    let zeros = |sums: &[i64]| sums.iter().filter(|sum| **sum == 0).count();
    if zeros(&low) > 1 || zeros(&high) > 1 {
        return Ok(true);
    }
    Ok(low.iter().any(|sum| *sum != 0 && high.binary_search(&-sum).is_ok()))
}

/// The sums of all parts, in order, that of nothing among them.
fn all_sums(values: &[i64]) -> Vec<i64> {
    let mut sums = vec![0_i64];
    for value in values {
        for at in 0..sums.len() {
            sums.push(sums[at] + value);
        }
    }
    sums.sort_unstable();
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(target: i64) -> Query<'static> {
        Query { target, tolerance: 0, accepts: &|_| true, max_size: usize::MAX, want: 100, work: 1_000_000 }
    }

    fn search(amounts: &[i64], query: Query<'_>) -> Result<Vec<Vec<usize>>, WorkLimit> {
        super::search(amounts, query, &mut 0)
    }

    fn meter() -> Meter {
        Meter { left: u64::MAX }
    }

    /// Every subset, one by one.
    fn brute(amounts: &[i64], query: Query<'_>) -> Vec<Vec<usize>> {
        let sets = (1_u64..1 << amounts.len()).map(places).filter(|set| set.len() <= query.max_size);
        let hits = |set: &Vec<usize>| {
            let sum: i64 = set.iter().map(|at| amounts[*at]).sum();
            sum.abs_diff(query.target) <= query.tolerance.unsigned_abs()
        };
        let whole = |set: &Vec<usize>| {
            let sum = |mask: u64| places(mask).iter().map(|at| amounts[set[*at]]).sum::<i64>();
            (1_u64..1 << set.len()).all(|mask| sum(mask) != 0)
        };
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
                assert_eq!(
                    sorted(by_halves(&nonzero, query, &mut meter()).unwrap()),
                    brute(&nonzero, query),
                    "{amounts:?}"
                );
                if size <= 4 {
                    assert_eq!(
                        sorted(by_pairs(&nonzero, query, &mut meter()).unwrap()),
                        brute(&nonzero, query),
                        "{amounts:?}"
                    );
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

    /// 5 % of the sum, not of the target: 96 is too far from 101, 106 is near enough.
    #[test]
    fn a_sum_within_the_tolerance_must_be_accepted() {
        let near = |sum: i64| (sum - 101).abs() * 20 <= sum;
        let query = Query { tolerance: 6, accepts: &near, ..query(101) };
        assert_eq!(search(&[48, 48, 200], query), Ok(vec![]));
        assert_eq!(search(&[53, 53, 200], query), Ok(vec![vec![0, 1]]));
    }

    /// Nearly every set holds a part that cancels out: to look into them is work too.
    #[test]
    fn parts_that_cancel_are_counted_as_work() {
        let mut dice = fastrand::Rng::with_seed(7);
        let amounts: Vec<i64> = (0..40).map(|_| dice.i64(-999..1_000)).collect();
        let mut spent = 0;
        let found = super::search(&amounts, Query { work: 2_200_000, ..query(1_234) }, &mut spent);
        assert_eq!(found, Err(WorkLimit));
        assert!((2_000_000..=4 * 2_200_000).contains(&spent), "{spent}");
    }

    #[test]
    fn a_search_that_costs_too_much_says_so() {
        let amounts: Vec<i64> = (1..=60).collect();
        assert_eq!(search(&amounts, query(900)), Err(WorkLimit));
        assert!(search(&amounts, Query { max_size: 4, want: 2, ..query(200) }).is_ok());
    }
}
