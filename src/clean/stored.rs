//! Number cells of a spreadsheet whose format says something else than their column: an amount that is shown as a date is
//! an amount, and a bare number in a column of dates is a day of the workbook's own calendar.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::plan::OutputPlan;
use crate::model::ColumnKind;
use crate::read::{Cell, RawRow};

/// Days between the calendars that begin in 1900 and in 1904.
const EPOCH_1904: f64 = 1_462.0;
/// A day of the 22nd century in either calendar: numbers beyond are digits of a date (20261020).
const LAST_DAY: f64 = 80_000.0;
/// Half a second in days: cells with dates are read to the second.
const HALF_SECOND: f64 = 0.5 / 86_400.0;

/// What the cells of a sheet mean, by what its columns hold.
pub struct Stored {
    /// Sheet columns of amounts, hours, quantities.
    numbers: Vec<usize>,
    /// Sheet columns of dates.
    dates: Vec<usize>,
    is_1904: bool,
}

impl Stored {
    pub fn new(plans: &[OutputPlan<'_>], is_1904: bool) -> Stored {
        let places = |wanted: fn(ColumnKind) -> bool| -> Vec<usize> {
            let of_plan = |plan: &OutputPlan<'_>| -> Vec<usize> {
                let columns = plan.table.columns.iter().zip(&plan.columns).filter(|(def, _)| wanted(def.kind));
                let mut places: Vec<usize> = columns.flat_map(|(_, c)| c.iter().flat_map(|(_, p)| p.clone())).collect();
                places.extend(plan.payer.filter(|_| wanted(ColumnKind::Fen)).map(|(_, amount)| amount));
                places
            };
            plans.iter().flat_map(of_plan).collect()
        };
        let dates = places(|kind| matches!(kind, ColumnKind::Date | ColumnKind::Time));
        let mut numbers =
            places(|kind| matches!(kind, ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Micro | ColumnKind::Int));
        numbers.retain(|place| !dates.contains(place));
        Stored { numbers, dates, is_1904 }
    }

    /// The row with such cells put right.
    pub fn settled<'r>(&self, mut row: Cow<'r, RawRow>) -> Cow<'r, RawRow> {
        for place in &self.numbers {
            let number = match row.cells.get(*place) {
                Some(Cell::Date(day)) => self.serial(day.and_time(NaiveTime::MIN)),
                Some(Cell::DateTime(at)) => self.serial(*at),
                _ => continue,
            };
            row.to_mut().cells[*place] = Cell::Number(number);
        }
        for place in self.dates.iter().filter(|_| self.is_1904) {
            if let Some(Cell::Number(days)) = row.cells.get(*place)
                && (1.0..LAST_DAY).contains(days)
            {
                let days = days + EPOCH_1904;
                row.to_mut().cells[*place] = Cell::Number(days);
            }
        }
        row
    }

    /// The number that a spreadsheet shows as this moment. One of up to four decimals comes back as it was.
    fn serial(&self, at: NaiveDateTime) -> f64 {
        let Some(epoch) = NaiveDate::from_ymd_opt(1899, 12, 30).map(|day| day.and_time(NaiveTime::MIN)) else {
            return 0.0;
        };
        let seconds = at.signed_duration_since(epoch).num_seconds();
        // The calendar of 1900 counts a 29 February that never was.
        let seconds = if seconds < 61 * 86_400 { seconds - 86_400 } else { seconds };
        // Seconds of any date are far below what binary fractions hold exactly.
        let days = seconds as f64 / 86_400.0 - if self.is_1904 { EPOCH_1904 } else { 0.0 };
        let short = (days * 10_000.0).round() / 10_000.0;
        if (days - short).abs() <= HALF_SECOND { short } else { days }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(stored: &Stored, cells: Vec<Cell>) -> Vec<Cell> {
        stored.settled(Cow::Owned(RawRow { number: 1, cells, width: 0 })).into_owned().cells
    }

    fn at(day: (i32, u32, u32), time: (u32, u32, u32)) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(day.0, day.1, day.2).and_then(|d| d.and_hms_opt(time.0, time.1, time.2)).unwrap()
    }

    #[test]
    fn an_amount_shown_as_a_date_is_the_amount() {
        let stored = Stored { numbers: vec![0, 1, 2], dates: vec![], is_1904: false };
        // 1234.5, 56.7 and 1234.567 days.
        let cells = vec![
            Cell::DateTime(at((1903, 5, 18), (12, 0, 0))),
            Cell::DateTime(at((1900, 2, 25), (16, 48, 0))),
            Cell::DateTime(at((1903, 5, 18), (13, 36, 29))),
        ];
        assert_eq!(settled(&stored, cells), [Cell::Number(1234.5), Cell::Number(56.7), Cell::Number(1234.567)]);
        let stored = Stored { is_1904: true, ..stored };
        let cells = vec![Cell::Date(NaiveDate::from_ymd_opt(1904, 1, 11).unwrap())];
        assert_eq!(settled(&stored, cells), [Cell::Number(10.0)]);
    }

    #[test]
    fn bare_days_of_a_1904_workbook_count_from_1904() {
        let stored = Stored { numbers: vec![], dates: vec![0, 1], is_1904: true };
        let cells = vec![Cell::Number(44_853.5), Cell::Number(20_261_020.0)];
        assert_eq!(settled(&stored, cells), [Cell::Number(46_315.5), Cell::Number(20_261_020.0)]);
        let stored = Stored { is_1904: false, ..stored };
        assert_eq!(settled(&stored, vec![Cell::Number(5.0)]), [Cell::Number(5.0)]);
    }
}
