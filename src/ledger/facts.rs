//! The typed records of the clearing, as of a date, and which files their rows came from.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;

use super::ages::Ages;
use super::bounds::{TooLarge, bound};
use super::covers::{self, Gone};
use super::error::LedgerError;
use super::files::FileRecord;
use super::intake::ReadingSpecs;
use super::records;
use super::state::{Moment, TableState};
use super::store::Ledger;
use super::version::Version;
use crate::clean::Covers;
use crate::finding::{Code, Finding};
use crate::model::forget::{Rule, forgets};
use crate::model::records::{
    AccessoryMove, AcquirerLine, Approver, CarCount, CashCount, Claim, Decision, Facts, InsurerPayment, Invoice,
    LaborLine, Lacking, MakerPayment, Opening, Order, PartLine, PartReceived, Receipt, SaleLine, Scrap, Settlement,
    StockLine, VehicleSale, Voided, Voucher,
};
use crate::model::{Fen, Origin, Row, TableDef};
use crate::spec::tables::Tables;

/// Every version of every record, read once a run.
pub struct History<'a> {
    tables: &'a Tables,
    versions: HashMap<&'a str, Vec<Version>>,
    /// Rows that are in no figure because their numbers are too large to be summed.
    too_large: Vec<TooLarge>,
    /// Rows that newer exports lack, by the place of their table.
    gone: Vec<(usize, Gone)>,
    /// What files say against each other, each at the row of the newer one.
    findings: Vec<Finding>,
}

/// So many of the rows that a file lacks are named.
const LISTED: usize = 5;

/// The rows of all tables as of a date.
pub struct State {
    tables: HashMap<String, TableState>,
    exported: BTreeMap<i64, NaiveDate>,
    /// Rows of decisions in the order in which they were made.
    decisions: Vec<Row>,
    lacking: Vec<Lacking>,
    voided: Vec<Voided>,
}

impl<'a> History<'a> {
    pub fn load(ledger: &Ledger, specs: &'a ReadingSpecs, files: &[FileRecord]) -> Result<History<'a>, LedgerError> {
        let mut versions = HashMap::new();
        let mut too_large = Vec::new();
        // Files that were taken back or came later say nothing.
        let known: HashSet<i64> = files.iter().map(|file| file.id).collect();
        for table in &specs.tables.tables {
            let mut of_table = ledger.versions(table)?;
            of_table.retain(|version| known.contains(&version.row.origin.file));
            too_large.extend(bound(table, &mut of_table));
            versions.insert(table.id.as_str(), of_table);
        }
        Ok(History { too_large, ..History::of(specs, versions, files) })
    }

    /// Finds out which versions are of one record, and which of them newer files take away.
    pub(super) fn of(
        specs: &'a ReadingSpecs,
        mut versions: HashMap<&'a str, Vec<Version>>,
        files: &[FileRecord],
    ) -> History<'a> {
        let (ages, tables) = (Ages::new(files), &specs.tables);
        let covers: HashMap<&str, Covers> =
            specs.sources.iter().filter_map(|source| Some((source.id.as_str(), source.covers?))).collect();
        let (mut gone, mut findings) = (Vec::new(), Vec::new());
        for (at, table) in tables.tables.iter().enumerate() {
            let Some(versions) = versions.get_mut(table.id.as_str()) else { continue };
            findings.extend(records::name(table, versions, &ages));
            let (lost, doubts) = covers::end(table, versions, &ages, &|source| covers.get(source).copied());
            gone.extend(lost.into_iter().map(|gone| (at, gone)));
            findings.extend(doubts);
        }
        History { tables, versions, too_large: Vec::new(), gone, findings }
    }

    /// What files say against each other as far as the moment knows them: keys that two files of one date use for
    /// different rows, and how many rows of how much money newer files lack.
    pub fn findings(&self, moment: &Moment<'_>, names: &HashMap<i64, String>) -> Vec<Finding> {
        let is_known = |f: &&Finding| f.file_id.is_none_or(|file| moment.knows(file));
        let mut findings: Vec<Finding> = self.findings.iter().filter(is_known).cloned().collect();
        let mut lacking: BTreeMap<(i64, usize, bool), Vec<&Gone>> = BTreeMap::new();
        for (table, gone) in self.gone.iter().filter(|(_, gone)| moment.knows(gone.by) && !forgets(Rule::Vanished)) {
            lacking.entry((gone.by, *table, gone.stays)).or_default().push(gone);
        }
        for ((by, table, stays), mut gone) in lacking {
            gone.sort_by_key(|g| &g.origin);
            let sum: i128 = gone.iter().map(|g| i128::from(g.amount.0)).sum();
            let sum = i64::try_from(sum).map_or_else(|_| "–".to_owned(), |fen| Fen(fen).to_string());
            let sum = if self.tables.tables[table].amount.is_some() { sum } else { "–".to_owned() };
            let file = |g: &&Gone| names.get(&g.origin.file).map_or("", String::as_str);
            let first = |g: &&Gone| format!("{} ({})", g.key, g.origin.place(file(g)));
            let first: Vec<String> = gone.iter().take(LISTED).map(first).collect();
            let more = if gone.len() > LISTED { " …" } else { "" };
            let code = if stays { Code::RowsVanished } else { Code::RowsGone };
            let finding = Finding::new(code, sum).with(&self.tables.tables[table].zh);
            let mut finding = finding.with(first.join("; ") + more).counted(gone.len() as u64);
            finding.file_id = Some(by);
            findings.push(finding);
        }
        findings
    }

    /// Rows that newer files lack and that count all the same, as far as the moment knows: table and row.
    pub fn staying(&self, moment: &Moment<'_>) -> impl Iterator<Item = &Gone> {
        let known = move |gone: &&Gone| gone.stays && moment.knows(gone.by);
        self.gone.iter().map(|(_, gone)| gone).filter(known)
    }

    /// Rows of these files that are left out because their numbers are too large to be summed.
    pub fn too_large(&self, files: &[&FileRecord]) -> Vec<&TooLarge> {
        let is_of = |row: &&TooLarge| files.iter().any(|file| row.finding.file_id == Some(file.id));
        self.too_large.iter().filter(is_of).collect()
    }

    /// The first day of any export or of any row that has one.
    pub fn first_day(&self, files: &[FileRecord]) -> Option<NaiveDate> {
        let of_rows = self.tables.tables.iter().filter_map(|table| {
            let at = table.date?;
            self.versions(&table.id).iter().filter_map(|version| version.row.values[at].date()).min()
        });
        of_rows.chain(files.iter().filter_map(|file| file.export_date)).min()
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
        let basic = [
            "repair_orders",
            "settlements",
            "receipts",
            "parts_sales",
            "opening_items",
            "vehicle_sales",
            "accessory_moves",
            "insurer_payments",
            "parts_scrap",
        ];
        self.state(moment, |table| basic.contains(&table) || (on_lines && lines.contains(&table)))
    }

    fn state(&self, moment: &Moment<'_>, wanted: impl Fn(&str) -> bool) -> State {
        let mut tables = HashMap::new();
        for table in self.tables.tables.iter().filter(|t| wanted(&t.id)) {
            let versions = self.versions.get(table.id.as_str()).map_or(&[][..], Vec::as_slice);
            tables.insert(table.id.clone(), moment.state(table, versions));
        }
        let decisions = self.decisions(moment);
        let exported = moment.exported();
        let mut state = State { tables, exported, decisions, lacking: Vec::new(), voided: Vec::new() };
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

    /// What was decided, in the order in which it was made.
    pub fn decisions(&self, tables: &Tables) -> Vec<Decision> {
        tables.get("decisions").map_or_else(Vec::new, |table| Decision::all(table, &self.decisions))
    }

    /// Takes out the rows that decisions void, of those that newer exports lack.
    pub fn take_out(&mut self, lacking: Vec<Lacking>, voided: Vec<Voided>) {
        let out: HashSet<&Origin> = voided.iter().map(|row| &row.origin).collect();
        self.tables.values_mut().for_each(|table| table.rows.retain(|row| !out.contains(&row.origin)));
        (self.lacking, self.voided) = (lacking, voided);
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
            decisions: self.decisions(tables),
            lacking: self.lacking.clone(),
            voided: self.voided.clone(),
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
            accessory_moves: all!(AccessoryMove, "accessory_moves"),
            insurer_payments: all!(InsurerPayment, "insurer_payments"),
            approvers: all!(Approver, "approvers"),
            stock: all!(StockLine, "parts_stock"),
            parts_received: all!(PartReceived, "parts_receipts"),
            scrap: all!(Scrap, "parts_scrap"),
            exported: self.exported.clone(),
        }
    }
}
