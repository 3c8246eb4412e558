//! Orders, settlements and calls as customer care reads them, each looked up by key.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::model::records::{Order, Settlement};
use crate::model::{Row, Value};
use crate::reconcile::{Numbers, reversal_of};
use crate::report::views::{Fields, Material, facts};

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

    pub fn places(&self) -> impl Iterator<Item = usize> + use<'a> {
        0..self.records.len()
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

    /// Columns of an order that may not be known.
    pub fn values(&self, at: Option<usize>, names: &[&str]) -> Vec<Value> {
        names.iter().map(|name| at.map_or(Value::Null, |at| self.value(at, name).clone())).collect()
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
        let mut found: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in self.places().filter(|at| self.is_customers(*at) && !self.vehicle(*at).is_empty()) {
            found.entry(self.vehicle(at)).or_default().push(at);
        }
        for places in found.values_mut() {
            places.sort_by_key(|at| (self.records[*at].opened_at, *at));
        }
        found
    }
}

/// Work that no customer brought: internal jobs and checks before delivery.
pub fn is_own_work(job_type: &str) -> bool {
    matches!(job_type, "internal" | "pdi")
}

/// A settlement that stands: not a reversal and not reversed.
pub struct Standing<'a> {
    pub settlement: &'a Settlement,
    pub on: NaiveDate,
    /// Its order, where one is known.
    pub order: Option<usize>,
}

/// The settlements that stand, in the order of the table's rows.
pub fn standing<'a>(material: &Material<'a>, orders: &Orders<'a>) -> Vec<Standing<'a>> {
    let settlements = &facts(material).settlements;
    let mut by_order: HashMap<&str, Vec<&Settlement>> = HashMap::new();
    for settlement in settlements {
        by_order.entry(settlement.order_key()).or_default().push(settlement);
    }
    let stands = |s: &&Settlement| !s.is_reversal() && reversal_of(s, &by_order[s.order_key()]).is_none();
    let find = |settlement: &'a Settlement| {
        let on = settlement.settled_on()?;
        Some(Standing { settlement, on, order: orders.find(settlement.order_key()) })
    };
    settlements.iter().filter(stands).filter_map(find).collect()
}

/// The day of each order's last standing settlement.
pub fn settled_days(standing: &[Standing<'_>]) -> HashMap<usize, NaiveDate> {
    let mut days: HashMap<usize, NaiveDate> = HashMap::new();
    for (order, on) in standing.iter().filter_map(|s| Some((s.order?, s.on))) {
        let day = days.entry(order).or_insert(on);
        *day = on.max(*day);
    }
    days
}

/// One call.
pub struct Call<'a> {
    pub row: &'a Row,
    /// As the export names it.
    pub reference: &'a str,
    pub order: Option<usize>,
    pub on: NaiveDate,
    pub reached: bool,
}

/// The calls, in the order of the table's rows.
pub fn calls<'a>(material: &Material<'a>, orders: &Orders<'a>) -> Vec<Call<'a>> {
    let fields = Fields::of(material.tables, "callbacks");
    let call = |row: &'a Row| {
        let reference = fields.get(row, "order_no").text();
        let on = fields.get(row, "called_on").date()?;
        let reached = fields.get(row, "reached").int() == Some(1);
        Some(Call { row, reference, order: orders.find(reference), on, reached })
    };
    (material.rows)("callbacks").iter().filter_map(call).collect()
}

/// Words of each order's labour lines (technicians, operations), for the orders asked for.
pub fn of_labor<'a>(
    material: &Material<'a>,
    orders: &Orders<'a>,
    name: &str,
    wanted: &dyn Fn(usize) -> bool,
) -> HashMap<usize, Vec<&'a str>> {
    let fields = Fields::of(material.tables, "labor_lines");
    let mut words: HashMap<usize, Vec<&str>> = HashMap::new();
    for row in (material.rows)("labor_lines") {
        let order = orders.find(fields.get(row, "order_id").text());
        if let Some(order) = order.filter(|at| wanted(*at)) {
            words.entry(order).or_default().push(fields.get(row, name).text());
        }
    }
    words
}
