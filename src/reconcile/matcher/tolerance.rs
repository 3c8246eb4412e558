//! How far two amounts may lie apart and still be the same.

use serde::Deserialize;

use crate::model::fen::divide_half_away;

/// Absolute, per cent of a declared base, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tolerance {
    /// In units of the rules' scale.
    pub amount: Option<i64>,
    /// The same where the right amount is the smaller one; `amount` holds both ways where this is not given.
    pub below: Option<i64>,
    pub percent: Option<Percent>,
    /// Where both are given: the larger of the two holds rather than the smaller.
    pub larger: bool,
}

/// Which amount is the smaller one, by size.
fn is_below(left: i64, right: i64) -> bool {
    right.unsigned_abs() < left.unsigned_abs()
}

/// A share of a base: 3 % of the smaller side is 30.00 for 1,000.00 and 1,020.00.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent {
    /// Millionths: 3 % = 30,000.
    pub millionths: i64,
    /// The same where the right amount is the smaller one; `millionths` holds both ways where this is not given.
    pub below: Option<i64>,
    pub of: Base,
}

/// Of what a percentage is taken: tools differ, so the rules must say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    Left,
    Right,
    Larger,
    Smaller,
    Average,
}

impl Tolerance {
    pub const EXACT: Tolerance = Tolerance { amount: None, below: None, percent: None, larger: false };

    pub fn is_exact(&self) -> bool {
        let most = i64::MAX / 2;
        self.of(most, most) == 0 && self.of(most, most - 1) == 0
    }

    /// How far the two amounts may lie apart. A percentage is rounded down to whole units: the limit is never passed.
    pub fn of(&self, left: i64, right: i64) -> i64 {
        let share = self.percent.map(|percent| {
            let (l, r) = (left.unsigned_abs(), right.unsigned_abs());
            let base = match percent.of {
                Base::Left => l,
                Base::Right => r,
                Base::Larger => l.max(r),
                Base::Smaller => l.min(r),
                Base::Average => l.midpoint(r),
            };
            let millionths = percent.below.filter(|_| is_below(left, right)).unwrap_or(percent.millionths);
            let share = i128::from(base) * i128::from(millionths) / 1_000_000;
            i64::try_from(share).unwrap_or(i64::MAX)
        });
        let amount = if is_below(left, right) { self.below.or(self.amount) } else { self.amount };
        match (amount, share) {
            (Some(amount), Some(share)) if self.larger => amount.max(share),
            (Some(amount), Some(share)) => amount.min(share),
            (Some(amount), None) => amount,
            (None, Some(share)) => share,
            (None, None) => 0,
        }
    }

    /// Whether two amounts are the same. Amounts of opposite sign are only where an absolute tolerance says so.
    pub fn covers(&self, left: i64, right: i64) -> bool {
        match left.checked_sub(right) {
            Some(0) => true,
            Some(diff) => diff.unsigned_abs() <= self.of(left, right).unsigned_abs(),
            None => false,
        }
    }

    /// A range outside which no right amount can be the same as the left one; [`Tolerance::covers`] decides inside.
    pub fn range(&self, left: i64) -> (i64, i64) {
        let absolute = self.amount.unwrap_or(0).max(self.below.unwrap_or(0));
        let share = self.percent.map_or(0, |percent| {
            // The right amount may be the base: r − l ≤ p·r, so r ≤ l / (1 − p).
            let millionths = percent.millionths.max(percent.below.unwrap_or(0));
            let kept = 1_000_000 - millionths.clamp(0, 999_999);
            let largest = divide_half_away(i128::from(left.unsigned_abs()) * 1_000_000, i128::from(kept));
            i64::try_from(largest - i128::from(left.unsigned_abs()) + 1).unwrap_or(i64::MAX)
        });
        let reach = absolute.max(share);
        (left.saturating_sub(reach), left.saturating_add(reach))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(millionths: i64, of: Base) -> Tolerance {
        Tolerance { percent: Some(Percent { millionths, below: None, of }), ..Tolerance::EXACT }
    }

    #[test]
    fn the_base_is_what_the_rules_say() {
        assert!(percent(30_000, Base::Smaller).covers(100_000, 102_000));
        assert!(!percent(30_000, Base::Smaller).covers(100_000, 103_001));
        assert!(percent(30_000, Base::Larger).covers(100_000, 103_000));
        assert!(percent(10_000, Base::Left).covers(100_000, 101_000));
        assert!(!percent(10_000, Base::Right).covers(101_000, 99_999));
    }

    #[test]
    fn an_underpayment_may_have_another_limit_than_an_overpayment() {
        let tolerance = Tolerance { amount: Some(0), below: Some(500), ..Tolerance::EXACT };
        assert!(tolerance.covers(100_000, 99_500) && !tolerance.covers(100_000, 100_001) && !tolerance.is_exact());
    }

    /// A bank keeps up to 1 % of a card payment and never pays more than it.
    #[test]
    fn a_percentage_may_hold_one_way_only() {
        let fee = Percent { millionths: 0, below: Some(10_000), of: Base::Left };
        let tolerance = Tolerance { percent: Some(fee), ..Tolerance::EXACT };
        assert!(tolerance.covers(100_000, 99_000) && !tolerance.covers(100_000, 98_999) && !tolerance.is_exact());
        assert!(!tolerance.covers(100_000, 100_001) && tolerance.covers(100_000, 100_000));
        let capped = Tolerance { amount: Some(500), ..tolerance };
        assert!(capped.covers(100_000, 99_500) && !capped.covers(100_000, 99_499) && !capped.covers(100_000, 100_001));
    }

    #[test]
    fn of_two_limits_the_smaller_holds() {
        let both = Tolerance { amount: Some(1_500), ..percent(30_000, Base::Smaller) };
        assert!(!both.covers(100_000, 102_000));
        assert!(Tolerance { larger: true, ..both }.covers(100_000, 102_000));
    }

    #[test]
    fn the_range_holds_all_that_is_covered() {
        for of in [Base::Left, Base::Right, Base::Larger, Base::Smaller, Base::Average] {
            let tolerance = percent(50_000, of);
            for left in [-2_000_i64, 0, 999, 1_000] {
                let (from, to) = tolerance.range(left);
                let outside = (-3_000..3_000).filter(|right| *right < from || *right > to);
                assert!(outside.clone().all(|right| !tolerance.covers(left, right)), "{left}");
            }
        }
    }
}
