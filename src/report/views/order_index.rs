//! Orders looked up as the clearing does: by internal key, else by number; a number of two live orders finds neither.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Fields, Material, facts};
use crate::model::records::Order;
use crate::model::{Row, Value};
use crate::reconcile::Numbers;

/// Orders by key or number; a place is the order's row.
pub struct Orders<'a> {
    fields: Fields<'a>,
    rows: &'a [Row],
    records: &'a [Order],
    numbers: &'a Numbers<'a>,
}

impl<'a> Orders<'a> {
    pub fn of(material: &Material<'a>) -> Orders<'a> {
        Orders {
            fields: Fields::of(material.tables, "repair_orders"),
            rows: (material.rows)("repair_orders"),
            // Facts keep the order of the table's rows.
            records: &facts(material).orders,
            numbers: material.numbers,
        }
    }

    /// The order that a key or a number means; a number of two live orders finds neither.
    pub fn find(&self, reference: &str) -> Option<usize> {
        let id = self.numbers.id_of_reference(reference)?;
        self.numbers.order(id)
    }

    /// Places of all orders, in the order of the table's rows.
    pub fn places(&self) -> impl Iterator<Item = usize> + use<'a> {
        0..self.records.len()
    }

    /// The internal key of an order.
    pub fn key(&self, at: usize) -> &'a str {
        &self.records[at].order_id
    }

    pub fn record(&self, at: usize) -> &'a Order {
        &self.records[at]
    }

    pub fn value(&self, at: usize, name: &str) -> &'a Value {
        self.fields.get(&self.rows[at], name)
    }

    pub fn text(&self, at: usize, name: &str) -> &'a str {
        self.value(at, name).text()
    }

    /// A column of an order that may not be known.
    pub fn known(&self, at: Option<usize>, name: &str) -> Value {
        at.map_or(Value::Null, |at| self.value(at, name).clone())
    }

    /// Columns of an order that may not be known.
    pub fn values(&self, at: Option<usize>, names: &[&str]) -> Vec<Value> {
        names.iter().map(|name| self.known(at, name)).collect()
    }

    pub fn opened_on(&self, at: usize) -> Option<NaiveDate> {
        self.records[at].opened_at.map(|t| t.date())
    }

    /// VIN, or the plate where there is none.
    pub fn vehicle(&self, at: usize) -> &'a str {
        let order = &self.records[at];
        if order.vin.is_empty() { &order.plate } else { &order.vin }
    }

    /// An order of a customer's car: not void, not the shop's own work.
    pub fn is_customers(&self, at: usize) -> bool {
        let order = &self.records[at];
        order.is_live() && !is_own_work(&order.job_type)
    }

    /// Live orders of customers' cars by vehicle, oldest first.
    pub fn by_vehicle(&self) -> HashMap<&'a str, Vec<usize>> {
        let wanted = |at: &usize| self.is_customers(*at) && !self.vehicle(*at).is_empty();
        let mut oldest_first: Vec<usize> = self.places().filter(wanted).collect();
        oldest_first.sort_by_key(|at| (self.records[*at].opened_at, *at));
        let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in oldest_first {
            found.entry(self.vehicle(at)).or_default().push(at);
        }
        found
    }
}

/// Work that no customer brought: internal jobs and checks before delivery.
pub fn is_own_work(job_type: &str) -> bool {
    matches!(job_type, "internal" | "pdi")
}
