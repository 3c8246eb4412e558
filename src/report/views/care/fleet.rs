//! Customers' vehicles and the contracts of cars sold, looked up by VIN or plate.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use crate::model::{Row, Value};
use crate::report::views::contracts::Stands;
use crate::report::views::{Fields, Material};

/// The files of customers' vehicles.
pub struct Fleet<'a> {
    fields: Fields<'a>,
    by_vin: HashMap<&'a str, &'a Row>,
    by_plate: HashMap<&'a str, Option<&'a Row>>,
}

impl<'a> Fleet<'a> {
    pub fn of(material: &Material<'a>) -> Fleet<'a> {
        let fields = Fields::of(material.tables, "vehicles");
        let mut fleet = Fleet { fields, by_vin: HashMap::new(), by_plate: HashMap::new() };
        for row in (material.rows)("vehicles") {
            let (vin, plate) = (fleet.fields.get(row, "vin").text(), fleet.fields.get(row, "plate").text());
            fleet.by_vin.insert(vin, row);
            if !plate.is_empty() {
                // A plate that two files bear finds neither.
                fleet.by_plate.entry(plate).and_modify(|held| *held = None).or_insert(Some(row));
            }
        }
        fleet
    }

    /// The file of a vehicle: by VIN; by plate where no VIN is known.
    pub fn find(&self, vin: &str, plate: &str) -> Option<&'a Row> {
        match vin.is_empty() {
            true => self.by_plate.get(plate).copied().flatten(),
            false => self.by_vin.get(vin).copied(),
        }
    }

    pub fn value(&self, file: &'a Row, name: &str) -> &'a Value {
        self.fields.get(file, name)
    }

    pub fn text(&self, file: Option<&'a Row>, name: &str) -> &'a str {
        file.map_or("", |file| self.fields.get(file, name).text())
    }

    pub fn date(&self, file: Option<&'a Row>, name: &str) -> Option<NaiveDate> {
        file.and_then(|file| self.fields.get(file, name).date())
    }

    pub fn is_member(&self, file: Option<&'a Row>) -> bool {
        file.is_some_and(|file| self.fields.get(file, "club_member").int() == Some(1))
    }
}

/// A car sold and handed over.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    pub contract_no: &'a str,
    pub vin: &'a str,
    pub model: &'a str,
    pub customer: &'a str,
    pub salesperson: &'a str,
    pub on: NaiveDate,
}

/// The deliveries, one a VIN: the last one where a car was sold twice; contracts taken back are none.
pub fn deliveries<'a>(material: &Material<'a>) -> BTreeMap<&'a str, Delivery<'a>> {
    let fields = Fields::of(material.tables, "vehicle_sales");
    let mut found: BTreeMap<&str, Delivery<'_>> = BTreeMap::new();
    for row in (material.rows)("vehicle_sales") {
        let text = |name: &str| fields.get(row, name).text();
        let delivered = Stands::of(&fields, row) == Stands::Delivered;
        let Some(on) = fields.get(row, "delivered_on").date().filter(|_| delivered) else { continue };
        let delivery = Delivery {
            contract_no: text("contract_no"),
            vin: text("vin"),
            model: text("model"),
            customer: text("customer"),
            salesperson: text("salesperson"),
            on,
        };
        let held = found.get(delivery.vin);
        if !delivery.vin.is_empty() && held.is_none_or(|h| (h.on, h.contract_no) < (on, delivery.contract_no)) {
            found.insert(delivery.vin, delivery);
        }
    }
    found
}
