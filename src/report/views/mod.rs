//! Views: few, small, each with a stated grain. What specs list, filter and count.
//!
//! A view is the rows of one table with what belongs to each looked up by key, one to one or many to one: a look-up
//! never makes a second row, so no join can multiply money.

mod accessories;
mod calendar;
mod care;
mod care_products;
mod cars;
mod cash;
mod claim_facts;
mod claim_payments;
mod clearing;
mod comebacks;
mod contracts;
mod counted_cars;
mod deposits;
mod exceptions;
mod handover;
mod invoices;
mod journal;
mod lines;
mod matches;
mod old_parts;
mod order_index;
mod orders;
mod parts;
mod plain;
mod receipts;
mod receivables;
mod run;
mod sales;
mod settlements;
mod visits;
mod vouchers;

pub use accessories::without_cost;
pub use clearing::{places, suggestions};
use order_index::{Orders, is_own_work};

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::frame::{ViewColumn, ViewRows};
use crate::config::Workshop;
use crate::model::records::Facts;
use crate::model::{ColumnKind, Lang, Row, TableDef, Text, Value};
use crate::reconcile::{ControlTotal, Limits, Numbers, Reconciled, RollForward};
use crate::spec::named::Named;
use crate::spec::tables::Tables;

/// What the views are made of: the state of all tables and the clearing, as of one date.
pub struct Material<'a> {
    pub as_of: NaiveDate,
    pub lang: Lang,
    pub tables: &'a Tables,
    /// Rows of a table as of the date.
    pub rows: &'a dyn Fn(&str) -> &'a [Row],
    pub reconciled: &'a Reconciled,
    /// What every number of an order means, made once.
    pub numbers: &'a Numbers<'a>,
    pub roll_forwards: &'a [(String, RollForward)],
    pub limits: Limits,
    /// Settings that specs name.
    pub named: &'a Named,
    /// Tables of which an export has come, dated up to the date.
    pub received: &'a BTreeSet<String>,
    /// How far the exports of each table reach; nothing where their names do not tell.
    pub reach: &'a BTreeMap<String, Option<NaiveDate>>,
    /// Days of each table whose export gave too little to count: a figure of them is not known.
    pub refused: &'a BTreeMap<String, BTreeSet<NaiveDate>>,
    pub workshop: &'a Workshop,
    /// What the run has proven, and what it lacks.
    pub run: &'a RunFacts,
    /// The name of a row's file, for the column that says where an item comes from.
    pub file_name: &'a dyn Fn(i64) -> String,
    /// What several views rest on, made once.
    pub made: Made,
}

/// What several views rest on, made when the first of them asks for it.
#[derive(Default)]
pub struct Made {
    store: OnceCell<parts::Store>,
}

impl Material<'_> {
    /// The parts store as of the date.
    fn store(&self) -> &parts::Store {
        self.made.store.get_or_init(|| parts::Store::new(self))
    }
}

/// What a run knows beside its rows.
#[derive(Debug, Clone, Default)]
pub struct RunFacts {
    /// The close that this is; none where nothing is being closed.
    pub close: Option<CloseFacts>,
    pub controls: Vec<ControlTotal>,
    /// Exports that were due and did not come, or cannot be read.
    pub missing: Vec<String>,
    /// Findings: title, severity, number.
    pub findings: Vec<(String, String, i64)>,
    /// What is published for the date: workbook, report, its sheets.
    pub pack: Vec<(String, String, Vec<String>)>,
}

/// What a close says of itself.
#[derive(Debug, Clone, Default)]
pub struct CloseFacts {
    /// Who closes the month.
    pub by: String,
    /// What is accepted: codes and reasons.
    pub accepted: Vec<(String, String)>,
}

/// A view: its columns, and how its rows are made.
pub struct View {
    pub id: &'static str,
    /// What one row is.
    pub grain: &'static str,
    pub columns: fn(&Tables) -> Vec<ViewColumn>,
    pub rows: fn(&Material<'_>) -> ViewRows,
}

/// The views that are more than a table.
pub const VIEWS: &[View] = &[
    orders::VIEW,
    settlements::VIEW,
    lines::LABOR,
    lines::PARTS,
    sales::VIEW,
    receipts::VIEW,
    cash::VIEW,
    clearing::ITEMS,
    clearing::CHECKS,
    clearing::ROLL_FORWARD,
    exceptions::VIEW,
    counted_cars::VIEW,
    exceptions::DECISIONS,
    handover::VIEW,
    matches::ITEMS,
    matches::TOTALS,
    receivables::VIEW,
    deposits::VIEW,
    invoices::VIEW,
    claim_payments::VIEW,
    old_parts::VIEW,
    calendar::VIEW,
    parts::STOCK,
    parts::MONTHS,
    parts::OUT,
    parts::SUPPLY,
    parts::REQUESTS,
    parts::ORDERS,
    parts::COUNTS,
    parts::SCRAP,
    parts::SCRAP_MONTHS,
    accessories::MOVES,
    accessories::SPANS,
    vouchers::FACTS,
    vouchers::MONTHS,
    care_products::LINES,
    care_products::EVENTS,
    contracts::VIEW,
    cars::STOCK,
    cars::MOVES,
    visits::VIEW,
    journal::VIEW,
    claim_facts::VIEW,
    comebacks::VIEW,
    run::CONTROLS,
    run::FINDINGS,
    run::MISSING,
    run::PACK,
    run::CLOSE,
    care::CALLS,
    care::SCORES,
    care::COMPLAINTS,
    care::VISITS,
    care::FIRST_SERVICES,
    care::SOLD_CARS,
    care::UPKEEP,
    care::FILES,
    care::ORDER_FILES,
    care::TASKS,
];

/// The table without which a view knows nothing: while no export of it has come its figures are not known, not 0.
/// A view that is not named here rests on the table of its own name, or on no single one.
const RESTS_ON: &[(&str, &str)] = &[
    ("orders", "repair_orders"),
    ("settlement_facts", "settlements"),
    ("labor_facts", "labor_lines"),
    ("part_facts", "part_lines"),
    ("sale_facts", "parts_sales"),
    ("receipt_facts", "receipts"),
    ("cash", "cash_counts"),
    ("invoices_register", "invoices"),
    ("claim_facts", "warranty_claims"),
    ("claim_payments", "warranty_claims"),
    ("comebacks", "repair_orders"),
    ("old_parts", "warranty_claims"),
    ("call_facts", "callbacks"),
    ("call_scores", "callbacks"),
    ("complaint_facts", "complaints"),
    ("customer_visits", "settlements"),
    ("first_services", "repair_orders"),
    ("vehicle_files", "vehicles"),
    ("order_files", "vehicles"),
    ("stock_facts", "parts_stock"),
    ("parts_months", "parts_stock"),
    ("part_supply", "parts_stock"),
    ("parts_out", "part_lines"),
    ("request_facts", "parts_requests"),
    ("request_orders", "parts_requests"),
    ("count_facts", "parts_counts"),
    ("scrap_facts", "parts_scrap"),
    ("scrap_months", "parts_scrap"),
    ("accessory_facts", "accessory_moves"),
    ("accessory_stock", "accessory_moves"),
    ("voucher_facts", "vouchers"),
    ("voucher_months", "vouchers"),
    ("care_facts", "part_lines"),
    ("care_lines", "part_lines"),
    ("sale_contracts", "vehicle_sales"),
    ("car_stock", "vehicle_stock"),
    ("car_moves", "vehicle_stock"),
    ("visit_facts", "showroom_visits"),
    ("journal_lines", "cash_journal"),
];

/// The table that a view rests on.
pub fn rests_on<'a>(id: &'a str, tables: &Tables) -> Option<&'a str> {
    let named = RESTS_ON.iter().find(|(view, _)| *view == id).map(|(_, table)| *table);
    named.or_else(|| tables.get(id).map(|_| id))
}

/// The columns of a view: of the list above, or any table as it stands.
pub fn columns(id: &str, tables: &Tables) -> Option<Vec<ViewColumn>> {
    match VIEWS.iter().find(|v| v.id == id) {
        Some(view) => Some((view.columns)(tables)),
        None => tables.get(id).map(plain::columns),
    }
}

/// The rows of a view.
pub fn rows(id: &str, material: &Material<'_>) -> ViewRows {
    match (VIEWS.iter().find(|v| v.id == id), material.tables.get(id)) {
        (Some(view), _) => (view.rows)(material),
        (None, Some(table)) => plain::rows(table, (material.rows)(id)),
        (None, None) => Vec::new(),
    }
}

pub fn ids(tables: &Tables) -> Vec<&str> {
    let mut ids: Vec<&str> = VIEWS.iter().map(|v| v.id).collect();
    ids.extend(tables.tables.iter().map(|t| t.id.as_str()).filter(|id| !VIEWS.iter().any(|v| v.id == *id)));
    ids
}

/// A computed column.
fn column(name: &str, kind: ColumnKind, zh: &str, en: &str) -> ViewColumn {
    ViewColumn { name: name.to_owned(), zh: zh.to_owned(), en: en.to_owned(), kind }
}

/// Columns of a table, then computed ones.
fn table_and(tables: &Tables, table: &str, more: &[(&str, ColumnKind, &str, &str)]) -> Vec<ViewColumn> {
    let mut columns = tables.get(table).map_or_else(Vec::new, plain::columns);
    columns.extend(more.iter().map(|(name, kind, zh, en)| column(name, *kind, zh, en)));
    columns
}

/// The word list of a table's column, for a computed column of the same words.
fn words_of(tables: &Tables, table: &str, name: &str) -> ColumnKind {
    let def = tables.get(table).and_then(|t| t.column(name).map(|at| t.columns[at].kind));
    def.unwrap_or(ColumnKind::Text)
}

/// Reads columns of one table's rows by name.
struct Fields<'a>(Option<&'a TableDef>);

impl Fields<'_> {
    fn of<'a>(tables: &'a Tables, table: &str) -> Fields<'a> {
        Fields(tables.get(table))
    }

    fn get<'r>(&self, row: &'r Row, name: &str) -> &'r Value {
        self.0.and_then(|t| t.column(name)).map_or(&Value::Null, |at| &row.values[at])
    }
}

/// The settlement date of every order that has a settlement which stands, by order id: one whose every settlement is
/// reversed is not settled.
fn settled_days<'a>(material: &Material<'a>) -> HashMap<&'a str, NaiveDate> {
    let days = care::settled_days(&care::standing(material, &Orders::of(material)));
    let orders = &facts(material).orders;
    days.into_iter().map(|(order, day)| (orders[order].order_id.as_str(), day)).collect()
}

/// VIN, or the plate where there is none: what counts as one vehicle.
fn vehicle(vin: &Value, plate: &Value) -> Value {
    if vin.text().is_empty() { plate.clone() } else { vin.clone() }
}

fn day_of(value: &Value) -> Value {
    value.date().map_or(Value::Null, Value::Date)
}

fn yes(holds: bool) -> Value {
    Value::Int(i64::from(holds))
}

fn text(text: impl Into<String>) -> Value {
    let text = text.into();
    if text.is_empty() { Value::Null } else { Value::Text(text) }
}

/// Quantity × price, both in millionths, in fen.
fn cost(qty: &Value, unit_cost: &Value) -> Value {
    let product = qty.int().zip(unit_cost.int()).and_then(|(q, c)| crate::model::Fen::from_quantity_price(q, c));
    product.map_or(Value::Null, |fen| Value::Int(fen.0))
}

/// A whole number, or nothing where it is not known.
fn number(number: Option<i64>) -> Value {
    number.map_or(Value::Null, Value::Int)
}

fn days_between(from: NaiveDate, to: NaiveDate) -> i64 {
    to.signed_duration_since(from).num_days()
}

/// Several words in one cell, each once, in their order.
fn joined<'a>(words: impl IntoIterator<Item = &'a str>, lang: Lang) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in words {
        if !word.is_empty() && !kept.contains(&word) {
            kept.push(word);
        }
    }
    kept.join(Text::new("、", ", ").get(lang))
}

fn day(day: Option<NaiveDate>) -> Value {
    day.map_or(Value::Null, Value::Date)
}

fn fen(amount: crate::model::Fen) -> Value {
    Value::Int(amount.0)
}

/// The name of a word list's code, as people read it.
fn word(material: &Material<'_>, table: &str, name: &str, code: &str) -> String {
    match words_of(material.tables, table, name) {
        ColumnKind::Word(list) => material.tables.lists[list].name(code, material.lang),
        _ => code.to_owned(),
    }
}

/// The facts of the clearing.
fn facts<'a>(material: &Material<'a>) -> &'a Facts {
    &material.reconciled.facts
}
