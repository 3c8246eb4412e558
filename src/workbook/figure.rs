//! The number behind a cell: what Excel gets, exactly what it means, and how to say it in a formula.

use chrono::{NaiveDate, NaiveDateTime, Timelike};

use crate::model::sheet::Cell;

/// Millionths in one of Excel's units; every exact kind of cell is a whole number of millionths.
const MICRO: i128 = 1_000_000;
/// Decimals of a millionth.
const MICRO_DECIMALS: u8 = 6;

/// An exact amount: whole millionths and the decimals its kind has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    pub micro: i128,
    pub decimals: u8,
}

impl Exact {
    pub fn to_f64(self) -> f64 {
        // Dividing the whole number of the kind's own unit rounds once, so 0.07 is the nearest double to 0.07.
        let unit = 10_i128.pow(u32::from(MICRO_DECIMALS - self.decimals));
        (self.micro / unit) as f64 / 10_f64.powi(i32::from(self.decimals))
    }

    /// The number in decimal digits, as a formula takes it.
    pub fn literal(self) -> String {
        let sign = if self.micro < 0 { "-" } else { "" };
        let digits = format!("{}.{:06}", self.micro.abs() / MICRO, self.micro.abs() % MICRO);
        format!("{sign}{}", digits.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// The exact amount of a cell that is one; quotients and dates are not.
pub fn exact(cell: &Cell) -> Option<Exact> {
    let of = |value: i64, decimals: u8| {
        let unit = 10_i128.pow(u32::from(MICRO_DECIMALS - decimals));
        Some(Exact { micro: i128::from(value) * unit, decimals })
    };
    match cell {
        Cell::Count(value) => of(*value, 0),
        Cell::Money(fen) => of(fen.0, 2),
        Cell::Hours(hundredths) => of(*hundredths, 2),
        Cell::Quantity(micro) => of(*micro, MICRO_DECIMALS),
        _ => None,
    }
}

/// A quotient as numerator and denominator in Excel's units; `None` for a cell that is none.
pub fn quotient(cell: &Cell) -> Option<(i64, i128)> {
    match *cell {
        Cell::Rate { numerator, denominator } => Some((numerator, i128::from(denominator))),
        Cell::MoneyRate { numerator, denominator } => Some((numerator, i128::from(denominator) * 100)),
        Cell::Number { numerator, denominator, per } => Some((numerator, i128::from(denominator) * i128::from(per))),
        _ => None,
    }
}

/// The number Excel stores for a cell, `None` where the cell holds no number or an unknown one.
pub fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Date(date) => serial_day(*date),
        Cell::DateTime(time) => serial_time(*time),
        _ => match quotient(cell) {
            Some((_, 0)) => None,
            Some((numerator, denominator)) => Some(numerator as f64 / denominator as f64),
            None => exact(cell).map(Exact::to_f64),
        },
    }
}

/// The same number as a formula that computes it.
pub fn literal(cell: &Cell) -> Option<String> {
    match (quotient(cell), exact(cell)) {
        (Some((_, 0)), _) => None,
        (Some((numerator, denominator)), _) => Some(format!("{numerator}/{denominator}")),
        (None, Some(amount)) => Some(amount.literal()),
        (None, None) => number(cell).map(|value| value.to_string()),
    }
}

/// Excel's number of a day. Excel counts a 29 February 1900 that never was, so earlier days have none;
/// nor have years after 9999.
fn serial_day(date: NaiveDate) -> Option<f64> {
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let days = date.signed_duration_since(zero).num_days();
    i32::try_from(days).ok().filter(|days| (61..=2_958_465).contains(days)).map(f64::from)
}

fn serial_time(time: NaiveDateTime) -> Option<f64> {
    serial_day(time.date()).map(|day| day + f64::from(time.num_seconds_from_midnight()) / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fen::Fen;

    #[test]
    fn fen_become_the_nearest_yuan() {
        for fen in [7, -1, 123_456_789, 99_999_999_999_999] {
            let expected: f64 = Fen(fen).to_string().parse().unwrap();
            assert_eq!(number(&Cell::Money(Fen(fen))), Some(expected));
        }
    }

    #[test]
    fn literals_say_the_number() {
        assert_eq!(literal(&Cell::Money(Fen(-5))).as_deref(), Some("-0.05"));
        assert_eq!(literal(&Cell::Count(30)).as_deref(), Some("30"));
        assert_eq!(literal(&Cell::Quantity(1_250_000)).as_deref(), Some("1.25"));
        assert_eq!(literal(&Cell::Rate { numerator: 1, denominator: 0 }), None);
        assert_eq!(literal(&Cell::MoneyRate { numerator: -700, denominator: 2 }).as_deref(), Some("-700/200"));
    }

    #[test]
    fn days_before_the_calendar_have_no_number() {
        let day = |y, m, d| serial_day(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        assert_eq!(day(1900, 3, 1), Some(61.0));
        assert_eq!(day(1900, 2, 28), None);
        assert_eq!(day(2026, 1, 1), Some(46_023.0));
        assert_eq!(day(10_000, 1, 1), None);
    }
}
