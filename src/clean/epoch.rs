//! Workbooks that count their days from 1904: the rest of the program knows the calendar of 1900 only.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::dates;
use super::plan::OutputPlan;
use crate::model::ColumnKind;
use crate::read::{Cell, RawRow};

/// Days between the two calendars.
const BETWEEN: f64 = 1_462.0;
/// A day of the 22nd century in either calendar: numbers beyond are digits of a date (20261020).
const LAST_DAY: f64 = 80_000.0;

/// Brings the cells of a sheet to the calendar of 1900, by what its columns hold.
pub struct Epoch {
    /// Sheet columns of amounts, hours, quantities, and of dates; none where the sheet counts from 1900.
    numbers: Vec<usize>,
    dates: Vec<usize>,
}

impl Epoch {
    pub fn new(plans: &[OutputPlan<'_>], is_1904: bool) -> Epoch {
        let places = |wanted: fn(ColumnKind) -> bool| -> Vec<usize> {
            let of_plan = |plan: &OutputPlan<'_>| -> Vec<usize> {
                let columns = plan.table.columns.iter().zip(&plan.columns).filter(|(def, _)| wanted(def.kind));
                columns.flat_map(|(_, c)| c.iter().flat_map(|(_, places)| places.clone())).collect()
            };
            plans.iter().filter(|_| is_1904).flat_map(of_plan).collect()
        };
        let dates = places(|kind| matches!(kind, ColumnKind::Date | ColumnKind::Time));
        let mut numbers =
            places(|kind| matches!(kind, ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Micro | ColumnKind::Int));
        numbers.extend(plans.iter().filter(|_| is_1904).filter_map(|plan| plan.payer.map(|(_, amount)| amount)));
        numbers.retain(|place| !dates.contains(place));
        Epoch { numbers, dates }
    }

    /// The row in the calendar of 1900: a bare number in a column of dates, and an amount that a format shows as a date.
    pub fn settled<'r>(&self, mut row: Cow<'r, RawRow>) -> Cow<'r, RawRow> {
        for place in &self.dates {
            if let Some(Cell::Number(days)) = row.cells.get(*place)
                && (1.0..LAST_DAY).contains(days)
            {
                let days = days + BETWEEN;
                row.to_mut().cells[*place] = Cell::Number(days);
            }
        }
        for place in &self.numbers {
            let shown = match row.cells.get(*place) {
                Some(Cell::Date(day)) => day.and_time(NaiveTime::MIN),
                Some(Cell::DateTime(at)) => *at,
                _ => continue,
            };
            if let Some(as_of_1900) = shown_from_1900(shown).filter(|_| !dates::plausible(shown.date())) {
                row.to_mut().cells[*place] = Cell::DateTime(as_of_1900);
            }
        }
        row
    }
}

/// What the number behind a moment of the calendar of 1904 shows in that of 1900.
fn shown_from_1900(shown: NaiveDateTime) -> Option<NaiveDateTime> {
    let number = shown - NaiveDate::from_ymd_opt(1904, 1, 1)?.and_time(NaiveTime::MIN);
    // The calendar of 1900 counts a 29 February that never was.
    let first = if number < TimeDelta::days(61) { 31 } else { 30 };
    NaiveDate::from_ymd_opt(1899, 12, first)?.and_time(NaiveTime::MIN).checked_add_signed(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::cells::decimal;

    fn settled(epoch: &Epoch, cells: Vec<Cell>) -> Vec<Cell> {
        epoch.settled(Cow::Owned(RawRow { number: 1, cells, width: 0 })).into_owned().cells
    }

    #[test]
    fn bare_days_count_from_1904() {
        let epoch = Epoch { numbers: vec![], dates: vec![0, 1] };
        let cells = vec![Cell::Number(44_853.5), Cell::Number(20_261_020.0)];
        assert_eq!(settled(&epoch, cells), [Cell::Number(46_315.5), Cell::Number(20_261_020.0)]);
    }

    #[test]
    fn an_amount_shown_as_a_date_is_the_amount() {
        let epoch = Epoch { numbers: vec![0, 1], dates: vec![] };
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        // 1234.5 and 10 days.
        let noon = day(1907, 5, 19).and_hms_opt(12, 0, 0).unwrap();
        let cells = settled(&epoch, vec![Cell::DateTime(noon), Cell::Date(day(1904, 1, 11))]);
        let fen: Vec<i64> = cells.iter().map(|cell| decimal(cell).unwrap().to_units(2).unwrap().0).collect();
        assert_eq!(fen, [123_450, 1_000]);
    }
}
