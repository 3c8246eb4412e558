//! Money, quantities and hours as whole numbers, and the one place where decimals are rounded.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// An amount of money in fen (1 yuan = 100 fen). The sign is the column's: each field says what positive means.
///
/// Arithmetic that leaves the range of `i64` panics (release builds keep overflow checks): a wrong sum is never produced.
/// Written down as the whole number of fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

impl Fen {
    pub const ZERO: Fen = Fen(0);

    /// A billion yuan: no single amount of a dealership is larger, and ten million of them can still be summed.
    pub const LARGEST: Fen = Fen(100_000_000_000);

    pub fn abs(self) -> Fen {
        Fen(self.0.abs())
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// quantity × price, both in millionths, rounded once to the fen, half away from zero (四舍五入).
    ///
    /// `None` where it is larger than any amount ([`Fen::LARGEST`]).
    pub fn from_quantity_price(quantity_micro: i64, price_micro: i64) -> Option<Fen> {
        let product = i128::from(quantity_micro) * i128::from(price_micro);
        i64::try_from(divide_half_away(product, 10_i128.pow(10)))
            .ok()
            .map(Fen)
            .filter(|fen| fen.0.unsigned_abs() <= Fen::LARGEST.0.unsigned_abs())
    }
}

/// Shows yuan with two decimals: `-12.05`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let digits = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", digits / 100, digits % 100)
    }
}

impl Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0 + other.0)
    }
}
impl Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0 - other.0)
    }
}
impl Neg for Fen {
    type Output = Fen;
    fn neg(self) -> Fen {
        Fen(-self.0)
    }
}
impl AddAssign for Fen {
    fn add_assign(&mut self, other: Fen) {
        self.0 += other.0;
    }
}
impl SubAssign for Fen {
    fn sub_assign(&mut self, other: Fen) {
        self.0 -= other.0;
    }
}
impl Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(values: I) -> Fen {
        values.fold(Fen::ZERO, Add::add)
    }
}

/// Integer division that rounds half away from zero: the only rounding of the program.
pub fn divide_half_away(numerator: i128, denominator: i128) -> i128 {
    let (sign, n, d) = (if (numerator < 0) == (denominator < 0) { 1 } else { -1 }, numerator.abs(), denominator.abs());
    sign * ((2 * n + d) / (2 * d))
}

/// A decimal number read exactly: `mantissa` × 10^-`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    pub mantissa: i128,
    pub scale: u32,
}

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotANumber {
    Empty,
    /// A character that has no place in a number.
    Malformed,
    /// More digits than any amount has.
    TooLong,
}

impl Decimal {
    /// Reads `1234.5`, `-3`, `1e3`, `.5`. Grouping, currency signs and full-width digits are the caller's business.
    pub fn parse(text: &str) -> Result<Decimal, NotANumber> {
        let (body, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().map_err(|_| NotANumber::Malformed)?),
            None => (text, 0),
        };
        let (negative, digits) = match body.as_bytes().first() {
            None => return Err(NotANumber::Empty),
            Some(b'-') => (true, &body[1..]),
            Some(b'+') => (false, &body[1..]),
            Some(_) => (false, body),
        };
        let mut mantissa: i128 = 0;
        let mut scale: i32 = 0;
        let mut seen_point = false;
        let mut seen_digit = false;
        for byte in digits.bytes() {
            match byte {
                b'0'..=b'9' => {
                    seen_digit = true;
                    mantissa = mantissa
                        .checked_mul(10)
                        .and_then(|m| m.checked_add(i128::from(byte - b'0')))
                        .filter(|m| *m < 10_i128.pow(30))
                        .ok_or(NotANumber::TooLong)?;
                    scale += i32::from(seen_point);
                }
                b'.' if !seen_point => seen_point = true,
                _ => return Err(NotANumber::Malformed),
            }
        }
        if !seen_digit {
            return Err(NotANumber::Malformed);
        }
        scale -= exponent;
        if scale < 0 {
            let factor = 10_i128.checked_pow(scale.unsigned_abs()).ok_or(NotANumber::TooLong)?;
            mantissa = mantissa.checked_mul(factor).ok_or(NotANumber::TooLong)?;
            scale = 0;
        }
        if scale > 330 {
            return Err(NotANumber::TooLong);
        }
        Ok(Decimal { mantissa: if negative { -mantissa } else { mantissa }, scale: scale.unsigned_abs() })
    }

    /// The number in units of 10^-`decimals`, rounded half away from zero, and whether it was exact.
    pub fn to_units(self, decimals: u32) -> Result<(i64, bool), NotANumber> {
        let (value, exact) = if self.scale <= decimals {
            let factor = 10_i128.pow(decimals - self.scale);
            (self.mantissa.checked_mul(factor).ok_or(NotANumber::TooLong)?, true)
        } else if self.scale - decimals > 36 {
            (0, self.mantissa == 0)
        } else {
            let factor = 10_i128.pow(self.scale - decimals);
            (divide_half_away(self.mantissa, factor), self.mantissa % factor == 0)
        };
        i64::try_from(value).map(|v| (v, exact)).map_err(|_| NotANumber::TooLong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_rounds_away_from_zero() {
        let fen = |t: &str| Decimal::parse(t).unwrap().to_units(2).unwrap().0;
        assert_eq!(fen("0.125"), 13);
        assert_eq!(fen("-0.125"), -13);
        assert_eq!(fen("1.005"), 101);
        assert_eq!(fen("1.0049999"), 100);
        assert_eq!(fen("1e3"), 100_000);
    }

    #[test]
    fn junk_is_not_a_number() {
        for text in ["", "-", ".", "1.2.3", "1,000", "12a", "e5", "9".repeat(40).as_str()] {
            assert!(Decimal::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn quantity_times_price_is_rounded_once() {
        assert_eq!(Fen::from_quantity_price(3_000_000, 333_333), Some(Fen(100)));
        assert_eq!(Fen::from_quantity_price(-1_000_000, 12_345_000), Some(Fen(-1235)));
        assert_eq!(Fen::from_quantity_price(i64::MAX, i64::MAX), None);
    }

    #[test]
    fn prints_yuan() {
        assert_eq!(Fen(-5).to_string(), "-0.05");
        assert_eq!(Fen(123_456).to_string(), "1234.56");
    }
}
