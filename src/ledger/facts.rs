//! The typed records of the clearing, as of a date, and which files their rows came from.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::bounds::bound;
use super::files::FileRecord;
use super::state::{Moment, TableState};
use super::store::{Ledger, LedgerError, Version};
use crate::finding::Finding;
use crate::model::records::{
    AcquirerLine, CarCount, CashCount, Claim, Decision, Facts, Invoice, LaborLine, MakerPayment, Opening, Order,
    PartLine, PartReceived, Receipt, SaleLine, Scrap, Settlement, StockLine, VehicleSale, Voucher,
};
use crate::model::{Row, TableDef};
use crate::spec::tables::Tables;

/// Every version of every record, read once a run.
pub struct History<'a> {
    tables: &'a Tables,
    versions: HashMap<&'a str, Vec<Version>>,
    /// Rows that are in no figure because their numbers are too large to be summed.
    too_large: Vec<Finding>,
}

/// The rows of all tables as of a date.
pub struct State {
    tables: HashMap<String, TableState>,
    exported: BTreeMap<i64, NaiveDate>,
    /// Rows of decisions in the order in which they were made.
    decisions: Vec<Row>,
}

impl<'a> History<'a> {
    pub fn load(ledger: &Ledger, tables: &'a Tables) -> Result<History<'a>, LedgerError> {
        let mut versions = HashMap::new();
        let mut too_large = Vec::new();
        for table in &tables.tables {
            let mut of_table = ledger.versions(table)?;
            too_large.extend(bound(table, &mut of_table));
            versions.insert(table.id.as_str(), of_table);
        }
        Ok(History { tables, versions, too_large })
    }

    #[cfg(test)]
    pub(super) fn of(tables: &'a Tables, versions: BTreeMap<&'a str, Vec<Version>>) -> History<'a> {
        History { tables, versions: versions.into_iter().collect(), too_large: Vec::new() }
    }

    /// Rows of these files that are left out because their numbers are too large to be summed.
    pub fn too_large(&self, files: &[&FileRecord]) -> Vec<Finding> {
        let is_of = |finding: &&Finding| files.iter().any(|file| finding.file_id == Some(file.id));
        self.too_large.iter().filter(is_of).cloned().collect()
    }

    /// The tables, in order of their specs.
    pub fn tables(&self) -> &'a Tables {
        self.tables
    }

    /// Every version of a table's records, in the order in which they were taken.
    pub fn versions(&self, table: &str) -> &[Version] {
        self.versions.get(table).map_or(&[], Vec::as_slice)
    }

    /// The state of every table as of the moment.
    ///
    /// Lines have no date of their own: one that only a later export knows counts once its order is settled, for
    /// before that nothing rests on it.
    pub fn as_of(&self, moment: &Moment<'_>) -> State {
        self.state(moment, |_| true)
    }

    /// Only what the clearing rests on: lines where an export without amounts leaves the dues to them.
    pub fn clearing_as_of(&self, moment: &Moment<'_>) -> State {
        let settlements = self.versions.get("settlements").map_or(&[][..], Vec::as_slice);
        let from = self.tables.get("settlements").and_then(|t| t.column("amounts_from"));
        let on_lines = from.is_some_and(|at| settlements.iter().any(|v| !v.row.values[at].is_null()));
        let lines = ["labor_lines", "part_lines"];
        let basic = ["repair_orders", "settlements", "receipts", "parts_sales", "opening_items"];
        self.state(moment, |table| basic.contains(&table) || (on_lines && lines.contains(&table)))
    }

    fn state(&self, moment: &Moment<'_>, wanted: impl Fn(&str) -> bool) -> State {
        let mut tables = HashMap::new();
        for table in self.tables.tables.iter().filter(|t| wanted(&t.id)) {
            let versions = self.versions.get(table.id.as_str()).map_or(&[][..], Vec::as_slice);
            tables.insert(table.id.clone(), moment.state(table, versions));
        }
        let decisions = self.decisions(moment);
        let mut state = State { tables, exported: moment.exported(), decisions };
        let settled = state.settled_orders(self.tables);
        for id in ["labor_lines", "part_lines"] {
            if let (Some(lines), Some(table)) = (state.tables.get_mut(id), self.tables.get(id)) {
                lines.rows.retain(|row| moment.is_dated_up_to(row.origin.file) || is_of(table, row, &settled));
            }
        }
        state
    }
}

impl History<'_> {
    /// Every decision dated up to the moment, as it was first made: what a later file repeats adds nothing, and what a
    /// later file leaves out still stands.
    fn decisions(&self, moment: &Moment<'_>) -> Vec<Row> {
        let Some(table) = self.tables.get("decisions") else { return Vec::new() };
        let Some(date) = table.date else { return Vec::new() };
        let mut versions: Vec<&Version> = self.versions("decisions").iter().collect();
        let counts = |v: &&Version| {
            let day = v.row.values[date].date();
            day.is_some_and(|day| moment.open_day(day, v.row.origin.file) <= moment.as_of)
        };
        versions.retain(counts);
        // Of one file, what it withdraws comes before what it decides anew; else its order of rows says nothing.
        let act = table.column("decision");
        let is_new = |v: &Version| act.is_some_and(|at| v.row.values[at].text() != "withdraw");
        let place =
            |v: &Version| (v.row.values[date].date(), v.row.origin.file, is_new(v), v.key.clone(), v.row.origin.row);
        versions.sort_by_cached_key(|v| place(v));
        let mut seen = HashSet::new();
        versions.retain(|v| seen.insert(v.key.as_str()));
        versions.into_iter().map(|v| v.row.clone()).collect()
    }
}

fn is_of(table: &TableDef, row: &Row, orders: &HashSet<String>) -> bool {
    table.column("order_id").is_some_and(|at| orders.contains(row.values[at].text()))
}

impl State {
    pub fn rows(&self, table: &str) -> &[Row] {
        self.tables.get(table).map_or(&[], |t| t.rows.as_slice())
    }

    /// Files that rows of the state came from.
    pub fn files(&self) -> BTreeSet<i64> {
        let rows = self.tables.values().flat_map(|t| &t.rows).chain(&self.decisions);
        rows.map(|row| row.origin.file).collect()
    }

    fn settled_orders(&self, tables: &Tables) -> HashSet<String> {
        let Some(table) = tables.get("settlements") else { return HashSet::new() };
        let places: Vec<usize> = ["order_id", "order_no"].iter().filter_map(|c| table.column(c)).collect();
        let texts = |row: &Row| places.iter().map(|at| row.values[*at].text().to_owned()).collect::<Vec<_>>();
        self.rows("settlements").iter().flat_map(texts).filter(|t| !t.is_empty()).collect()
    }

    /// The typed records.
    pub fn facts(&self, tables: &Tables) -> Facts {
        macro_rules! all {
            ($record:ident, $id:literal) => {
                tables.get($id).map_or_else(Vec::new, |table| $record::all(table, self.rows($id)))
            };
        }
        Facts {
            decisions: tables.get("decisions").map_or_else(Vec::new, |t| Decision::all(t, &self.decisions)),
            car_counts: all!(CarCount, "car_counts"),
            orders: all!(Order, "repair_orders"),
            labor_lines: all!(LaborLine, "labor_lines"),
            part_lines: all!(PartLine, "part_lines"),
            settlements: all!(Settlement, "settlements"),
            receipts: all!(Receipt, "receipts"),
            openings: all!(Opening, "opening_items"),
            cash_counts: all!(CashCount, "cash_counts"),
            sales: all!(SaleLine, "parts_sales"),
            vouchers: all!(Voucher, "vouchers"),
            vouchers_known_to: self.tables.get("vouchers").and_then(|t| t.newest_export),
            acquirer_lines: all!(AcquirerLine, "acquirer_lines"),
            claims: all!(Claim, "warranty_claims"),
            portal_claims: all!(Claim, "claim_portal"),
            maker_payments: all!(MakerPayment, "maker_payments"),
            invoices: all!(Invoice, "invoices"),
            vehicle_sales: all!(VehicleSale, "vehicle_sales"),
            stock: all!(StockLine, "parts_stock"),
            parts_received: all!(PartReceived, "parts_receipts"),
            scrap: all!(Scrap, "parts_scrap"),
            exported: self.exported.clone(),
        }
    }
}
