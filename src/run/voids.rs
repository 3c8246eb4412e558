//! The rows that a decision may void: newer exports lack them, and they count until somebody has decided.

use std::collections::{BTreeMap, BTreeSet};

use super::{Books, changes};
use crate::ledger::{ChangeKind, Moment, ReadingSpecs, State};
use crate::model::records::Lacking;
use crate::model::{Fen, Lang, Origin, Row, TableDef};
use crate::reconcile::{Check, checks, decisions};

/// Columns in which a row names its order or sale.
const ORDERS: [&str; 4] = ["order_id", "order_no", "order_ref", "sale_no"];

/// Every such row that stands, with the ids of the exceptions that speak of it: its late change, its order or sale, and
/// the receipt itself.
pub fn lacking(books: &Books<'_>, moment: &Moment<'_>, specs: &ReadingSpecs, state: &State) -> Vec<Lacking> {
    let late = changes::of_date(&books.changes, moment);
    let dropped = late.iter().filter(|change| change.kind == ChangeKind::Dropped);
    let mut origins: BTreeSet<&Origin> = dropped.filter_map(|change| change.before.as_ref()).collect();
    origins.extend(books.history.staying(moment).map(|gone| &gone.origin));
    let mut told = ids_of_late(books, moment, specs);
    let mut lacking = Vec::new();
    for table in &specs.tables.tables {
        for row in state.rows(&table.id).iter().filter(|row| origins.contains(&row.origin)) {
            let mut ids = told.remove(&row.origin).unwrap_or_default();
            ids.extend(ids_of_row(table, row));
            let amount = table.amount.map_or(Fen::ZERO, |at| row.values[at].fen());
            lacking.push(Lacking { origin: row.origin.clone(), amount, ids });
        }
    }
    lacking
}

/// The ids of late changes that tell of one row alone, by that row.
fn ids_of_late(books: &Books<'_>, moment: &Moment<'_>, specs: &ReadingSpecs) -> BTreeMap<Origin, Vec<String>> {
    let mut late: Vec<Check> = books.late_checks(moment, specs, Lang::En);
    checks::sort(&mut late);
    let mut ids: BTreeMap<Origin, Vec<String>> = BTreeMap::new();
    for (check, id) in late.iter().zip(decisions::ids_of_checks(&late)) {
        if let [origin] = check.origins.as_slice() {
            ids.entry(origin.clone()).or_default().push(id);
        }
    }
    ids
}

fn ids_of_row(table: &TableDef, row: &Row) -> BTreeSet<String> {
    let text = |name: &str| table.column(name).map_or("", |at| row.values[at].text());
    let orders = ORDERS.iter().map(|name| text(name)).filter(|t| !t.is_empty()).map(|number| format!("O:{number}"));
    let receipt = Some(text("receipt_no")).filter(|t| !t.is_empty()).map(|number| format!("R:{number}"));
    orders.chain(receipt).collect()
}
