//! Settlements that stand, calls and words of labour lines as customer care reads them, each with its order.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::model::Row;
use crate::model::records::Settlement;
use crate::reconcile::reversal_of;
use crate::report::views::{Fields, Material, Orders, facts};

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
