//! Targets of the months, by figure and scope.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::share;
use crate::model::dates::last_of_month;
use crate::model::sheet::{Cell, Light};
use crate::model::{Lang, Row, TableDef, Text};
use crate::report::figures::Amount;
use crate::report::spec::{Figure, Unit};

/// Targets of all months: (last day of the month, figure, scope) → value in millionths. The scope of the whole shop is
/// empty.
#[derive(Debug, Default)]
pub struct Targets(HashMap<(NaiveDate, String, String), i64>);

impl Targets {
    /// Reads the table; a scope of 全店, all or store is the whole shop, any other the name of a dimension's member.
    pub fn read(table: Option<&TableDef>, rows: &[Row]) -> Targets {
        let mut found = Targets::default();
        let Some(table) = table else { return found };
        let place = |name: &str| table.column(name);
        let (Some(month), Some(metric), Some(scope), Some(value)) =
            (place("month"), place("metric"), place("scope"), place("value"))
        else {
            return found;
        };
        for row in rows {
            let day = crate::clean::dates::all_in(row.values[month].text()).last().copied();
            let scope = match row.values[scope].text() {
                "全店" | "all" | "store" => "",
                own => own,
            };
            if let (Some(day), Some(micro)) = (day, row.values[value].int()) {
                let metric = row.values[metric].text().to_lowercase();
                found.0.insert((last_of_month(day), metric, scope.to_owned()), micro);
            }
        }
        found
    }

    /// The target of a figure for the month that a date lies in, in the figure's own unit.
    pub fn of(&self, figure: &Figure, date: NaiveDate, scope: &str) -> Option<Amount> {
        let key = (last_of_month(date), figure.id.clone(), scope.to_owned());
        self.0.get(&key).map(|micro| in_unit(figure.unit, *micro))
    }

    /// Whether any month has a target of the figure for a member of a dimension.
    pub fn has_members(&self, figure: &str) -> bool {
        self.0.keys().any(|(_, id, scope)| id == figure && !scope.is_empty())
    }
}

/// Targets are given in yuan, hours, pieces or as a rate (0.03 = 3 %).
fn in_unit(unit: Unit, micro: i64) -> Amount {
    match unit {
        Unit::Fen | Unit::Hours => Amount::Whole(micro / 10_000),
        Unit::Count => Amount::Whole(micro / 1_000_000),
        Unit::Quantity => Amount::Whole(micro),
        Unit::FenPerCount | Unit::HoursPerCount => Amount::Ratio { numerator: micro / 10_000, denominator: 1 },
        _ => Amount::Ratio { numerator: micro, denominator: 1_000_000 },
    }
}

/// Green from the target on, amber up to a tenth off, red beyond; the word stands beside the colour.
pub fn light(figure: &Figure, target: Option<Amount>, expected: Amount, lang: Lang) -> Cell {
    let (Some(target), Some(up)) = (target, figure.good_up) else { return Cell::Empty };
    let Some(attained) = share(expected, target) else { return Cell::Empty };
    let (good, fair) =
        if up { (attained >= 10_000, attained >= 9_000) } else { (attained <= 10_000, attained <= 11_000) };
    let (light, word) = match (good, fair) {
        (true, _) => (Light::Green, Text::new("达标", "on target")),
        (_, true) => (Light::Amber, Text::new("预警", "close")),
        _ => (Light::Red, Text::new("未达", "missed")),
    };
    Cell::Light(light, word.get(lang).to_owned())
}
