//! Which contract a car stood under on a day.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::subjects::Subject;
use crate::model::records::{Facts, VehicleSale};

/// Letters and digits of a VIN.
const LENGTH: usize = 17;

/// Whether a number has the shape of a VIN.
pub fn is_vin(number: &str) -> bool {
    number.len() == LENGTH && number.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Contracts by the VIN that they bear.
pub struct Vins<'a> {
    by_vin: HashMap<&'a str, Vec<(usize, &'a VehicleSale)>>,
}

impl<'a> Vins<'a> {
    pub fn new(facts: &'a Facts, subjects: &[Subject]) -> Vins<'a> {
        let mut by_vin: HashMap<&str, Vec<(usize, &VehicleSale)>> = HashMap::new();
        for (index, subject) in subjects.iter().enumerate() {
            if let Some(sale) = subject.sale(facts).filter(|sale| !sale.vin.is_empty()) {
                by_vin.entry(&sale.vin).or_default().push((index, sale));
            }
        }
        Vins { by_vin }
    }

    /// The subjects that a VIN means on a day: the contracts that were ordered and not yet cancelled; where there was
    /// none, the one cancelled last before it. More than one: it cannot be told.
    pub fn on(&self, vin: &str, day: Option<NaiveDate>) -> Vec<usize> {
        let (Some(contracts), Some(day)) = (self.by_vin.get(vin), day) else { return Vec::new() };
        let ordered = contracts.iter().filter(|(_, sale)| sale.ordered_on.is_none_or(|on| on <= day));
        let is_live = |sale: &VehicleSale| sale.cancelled().is_none_or(|on| on > day);
        let live: Vec<usize> = ordered.clone().filter(|(_, sale)| is_live(sale)).map(|(subject, _)| *subject).collect();
        if !live.is_empty() {
            return live;
        }
        let last = ordered.clone().filter_map(|(_, sale)| sale.cancelled()).max();
        ordered.filter(|(_, sale)| sale.cancelled() == last && last.is_some()).map(|(subject, _)| *subject).collect()
    }
}
