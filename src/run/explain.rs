//! The story of one number: what stands as of a date and why, and every row of every export that speaks of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};

use super::Shop;
use super::reckoning::reckon;
use crate::ledger::{History, Ledger, LedgerError, Moment, ReadingSpecs, Version};
use crate::model::keys::key;
use crate::model::records::{Facts, Receipt};
use crate::model::{ColumnKind, Fen, Origin, Row, TableDef, Value};
use crate::reconcile::decisions::{self, Judged, id_of_item, id_of_unknown};
use crate::reconcile::{self, Category, Check, Item, Numbers, Reconciled, read_reference};

/// Columns in which a row names an order, a document or a car.
const NAMES: [&str; 19] = [
    "order_id",
    "order_no",
    "order_ref",
    "settlement_no",
    "reverses",
    "receipt_no",
    "sale_no",
    "claim_no",
    "invoice_no",
    "voucher_no",
    "case_no",
    "appointment_no",
    "comeback_of",
    "contract_no",
    "plate",
    "vin",
    "reference",
    "target_order",
    "receipt_nos",
];

/// Everything that is known of a number.
pub struct Story {
    pub asked: String,
    pub as_of: NaiveDate,
    /// The orders, counter sales and unknown receipts that the number means.
    pub subjects: Vec<Standing>,
    /// Receipts of the number that stand on none of them: on an insurer's case, or on their purpose alone.
    pub elsewhere: Vec<Elsewhere>,
    /// Every record that speaks of them, in order of time.
    pub records: Vec<Record>,
    /// Where nothing is known: numbers one slip away.
    pub similar: Vec<String>,
}

/// Where one order, counter sale or unknown receipt stands, and the sums that put it there.
pub struct Standing {
    pub number: String,
    pub category: Category,
    pub due: Fen,
    pub received: Fen,
    /// What a decision gives up of the difference.
    pub written_off: Fen,
    pub age_days: i64,
    /// Number, date, amount and place of every opening item, settlement or sale line that makes the due.
    pub dues: Vec<Part>,
    /// The same of every receipt, with the part of it that is allocated here.
    pub receipts: Vec<Part>,
    /// Its insurers' cases.
    pub insured: Vec<Insured>,
    /// Open orders that an unknown receipt probably belongs to: number and plate.
    pub suggestions: Vec<(String, String)>,
    pub checks: Vec<Check>,
    /// What the accountant decided about it, oldest first, whether it holds or not.
    pub decisions: Vec<Judged>,
}

/// What an insurer owes and paid on an order.
pub struct Insured {
    pub insurer: String,
    pub case_no: String,
    pub due: Fen,
    pub paid: Fen,
    pub deducted: Fen,
    pub left: Fen,
}

/// A receipt that stands on no order, sale or contract.
pub struct Elsewhere {
    pub part: Part,
    /// The order of the insurer's case; nothing where lines of its statement tell the cases.
    pub case_of: Option<String>,
    /// Code of the purpose on which it stands, where it is other income.
    pub purpose: String,
}

/// One row that a sum rests on.
pub struct Part {
    pub number: String,
    pub on: Option<NaiveDate>,
    pub amount: Fen,
    /// Code of the tender, for a receipt.
    pub tender: String,
    /// Brought in when the shop began (期初未销).
    pub is_opening: bool,
    pub origin: Origin,
}

/// One record of one table with all its versions, oldest first.
pub struct Record {
    pub table: String,
    pub zh: String,
    pub en: String,
    pub at: Option<NaiveDateTime>,
    pub versions: Vec<Told>,
}

/// What one version says: all its cells, or those in which it differs from the one before.
pub struct Told {
    pub origin: Origin,
    pub export_date: Option<NaiveDate>,
    /// Column in Chinese and English, the value before (none in the first version), the value.
    pub cells: Vec<Cell>,
    /// The version that stands as of the date.
    pub stands: bool,
    /// It came after its day was reported, and is final or changes what was counted.
    pub is_late: bool,
    /// The newer file that lacks the row: it does not count any more.
    pub gone_by: Option<i64>,
}

pub struct Cell {
    pub zh: String,
    pub en: String,
    pub kind: ColumnKind,
    pub before: Option<Value>,
    pub now: Value,
}

/// Collects the story of a number: an order, a receipt, a settlement, a claim, a sale, a contract, a plate, a VIN, or a
/// customer's name.
pub fn explain(shop: &Shop, ledger: &Ledger, asked: &str, as_of: NaiveDate) -> Result<Story, LedgerError> {
    let specs = &shop.reading;
    let books = super::Books::load(ledger, specs)?;
    let reckoning = reckon(shop, &books, as_of);
    let (history, moment, state) = (&books.history, &reckoning.moment, &reckoning.state);
    let asked = key(asked);
    let taken_after = books.records.iter().filter_map(|r| Some((r.id, r.taken_after?))).collect();
    let (exported, reconciled) = (moment.exported(), &reckoning.reconciled);
    let changed = books.changes.iter().filter_map(|change| change.after.clone()).collect();
    let told = Telling { specs, history, moment, exported, taken_after, changed, reconciled };
    let rows = |table: &str| state.rows(table);
    let subjects = told.subjects(&asked, &rows);
    let names = told.names(&asked, &subjects, &rows);
    let records = told.records(&names, &rows);
    let similar = if records.is_empty() { told.similar(&asked) } else { Vec::new() };
    let standing = subjects.iter().map(|subject| told.standing(*subject)).collect();
    let elsewhere = told.elsewhere(&asked);
    Ok(Story { asked, as_of, subjects: standing, elsewhere, records, similar })
}

/// What a number means in the clearing: an index into its items or its unknown receipts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Item(usize),
    Unknown(usize),
}

struct Telling<'a> {
    specs: &'a ReadingSpecs,
    history: &'a History<'a>,
    moment: &'a Moment<'a>,
    /// Dates of the exports that have one, by file.
    exported: BTreeMap<i64, NaiveDate>,
    /// What had been reported when each file was taken.
    taken_after: BTreeMap<i64, NaiveDate>,
    /// Rows of late changes.
    changed: BTreeSet<Origin>,
    reconciled: &'a Reconciled,
}

type Rows<'r, 's> = &'r dyn Fn(&str) -> &'s [Row];

impl Telling<'_> {
    fn facts(&self) -> &Facts {
        &self.reconciled.facts
    }

    /// Items whose number, documents, receipts, car or customer it is.
    fn subjects(&self, asked: &str, rows: Rows<'_, '_>) -> Vec<Subject> {
        let clearing = &self.reconciled.clearing;
        let named = self.orders_naming(asked, rows);
        let is_it = |item: &Item| {
            let has = |numbers: &[String]| numbers.iter().any(|n| n == asked);
            let own = item.id == asked || item.number == asked || key(&item.plate) == asked;
            let own = own || item.vin == asked || key(&item.customer) == asked;
            own || has(&item.settlement_nos) || has(&item.receipt_nos) || named.contains(&item.id)
        };
        let items = clearing.items.iter().enumerate().filter(|(_, item)| is_it(item)).map(|(at, _)| Subject::Item(at));
        let is_unknown = |receipt: usize| {
            let receipt = &self.facts().receipts[receipt];
            receipt.receipt_no == asked || read_reference(&receipt.order_ref).iter().any(|n| n == asked)
        };
        let unknown = clearing.unknown.iter().enumerate().filter(|(_, u)| is_unknown(u.receipt));
        let mut found: Vec<Subject> = items.chain(unknown.map(|(at, _)| Subject::Unknown(at))).collect();
        found.sort_unstable();
        found
    }

    /// Orders that a row with this number in one of its naming columns speaks of: a claim's, a call's, a car's.
    fn orders_naming(&self, asked: &str, rows: Rows<'_, '_>) -> BTreeSet<String> {
        let numbers = Numbers::new(self.facts());
        let mut found = BTreeSet::new();
        for table in &self.specs.tables.tables {
            let order = ["order_id", "order_no"].iter().find_map(|name| table.column(name));
            let Some(order) = order else { continue };
            for row in rows(&table.id).iter().filter(|row| names_of(table, row).any(|name| name == asked)) {
                let reference = row.values[order].text();
                found.insert(numbers.id_of_reference(reference).unwrap_or(reference).to_owned());
            }
        }
        found
    }

    /// All numbers by which rows speak of the subjects: the number asked for, the orders', their documents'.
    fn names(&self, asked: &str, subjects: &[Subject], rows: Rows<'_, '_>) -> BTreeSet<String> {
        let clearing = &self.reconciled.clearing;
        let mut names = BTreeSet::from([asked.to_owned()]);
        let mut orders = self.orders_naming(asked, rows);
        for subject in subjects {
            match subject {
                Subject::Item(at) => {
                    let item = &clearing.items[*at];
                    orders.insert(item.id.clone());
                    names.extend([item.number.clone()]);
                    names.extend(item.settlement_nos.iter().chain(&item.receipt_nos).cloned());
                }
                Subject::Unknown(at) => {
                    names.insert(self.facts().receipts[clearing.unknown[*at].receipt].receipt_no.clone());
                }
            }
        }
        let numbers = Numbers::new(self.facts());
        for id in orders {
            names.extend(numbers.order(&id).map(|at| self.facts().orders[at].order_no.clone()));
            names.insert(id);
        }
        names
    }

    fn standing(&self, subject: Subject) -> Standing {
        let (clearing, facts) = (&self.reconciled.clearing, self.facts());
        match subject {
            Subject::Unknown(at) => {
                let unknown = &clearing.unknown[at];
                let receipt = &facts.receipts[unknown.receipt];
                Standing {
                    number: receipt.receipt_no.clone(),
                    category: Category::UnknownOrder,
                    due: Fen::ZERO,
                    received: unknown.amount,
                    written_off: Fen::ZERO,
                    age_days: unknown.age_days,
                    dues: Vec::new(),
                    receipts: vec![part_of(receipt, unknown.amount)],
                    insured: Vec::new(),
                    suggestions: unknown.suggestions.iter().map(|s| (s.number.clone(), s.plate.clone())).collect(),
                    checks: self.checks(&[&receipt.receipt_no]),
                    decisions: self.decisions(&id_of_unknown(unknown), &[], &[&receipt.receipt_no]),
                }
            }
            Subject::Item(at) => {
                let item = &clearing.items[at];
                let mine = clearing.allocations.iter().filter(|a| a.subject == at);
                Standing {
                    number: item.number.clone(),
                    category: item.category,
                    due: item.due,
                    received: item.received,
                    written_off: item.written_off,
                    age_days: item.age_days,
                    dues: self.dues(item),
                    receipts: mine.map(|a| part_of(&facts.receipts[a.receipt], a.amount)).collect(),
                    insured: self.insured(item),
                    suggestions: Vec::new(),
                    checks: self.checks(&[&item.number, &item.id]),
                    decisions: self.decisions(&id_of_item(item), &[&item.number, &item.id], &[&item.number]),
                }
            }
        }
    }

    /// The opening items, settlements and sale lines among the rows that an item comes from.
    fn dues(&self, item: &Item) -> Vec<Part> {
        let facts = self.facts();
        let is_its = |origin: &Origin| item.origins.contains(origin);
        let settled = facts.settlements.iter().filter(|s| is_its(&s.origin)).map(|s| Part {
            number: s.settlement_no.clone(),
            on: s.settled_on(),
            amount: s.customer_due,
            tender: String::new(),
            is_opening: false,
            origin: s.origin.clone(),
        });
        let sold = facts.sales.iter().filter(|s| is_its(&s.origin)).map(|s| Part {
            number: s.sale_no.clone(),
            on: s.sold_at.map(|t| t.date()),
            amount: s.amount,
            tender: String::new(),
            is_opening: false,
            origin: s.origin.clone(),
        });
        let owed = facts.openings.iter().filter(|o| is_its(&o.origin) && !o.due.is_zero());
        let brought = owed.map(|o| Part {
            number: if o.settlement_no.is_empty() { o.order_no.clone() } else { o.settlement_no.clone() },
            on: o.owed_since(),
            amount: o.due,
            tender: String::new(),
            is_opening: true,
            origin: o.origin.clone(),
        });
        let fitted = facts.accessory_moves.iter().filter(|m| is_its(&m.origin)).map(|m| Part {
            number: m.sale_no.clone(),
            on: m.date,
            amount: m.sold().unwrap_or_default(),
            tender: String::new(),
            is_opening: false,
            origin: m.origin.clone(),
        });
        let contracts = facts.vehicle_sales.iter().filter(|c| is_its(&c.origin) && !c.due().is_zero()).map(|c| Part {
            number: c.contract_no.clone(),
            on: c.delivered_on,
            amount: c.due(),
            tender: String::new(),
            is_opening: false,
            origin: c.origin.clone(),
        });
        brought.chain(settled).chain(sold).chain(fitted).chain(contracts).collect()
    }

    /// The cases that an order's settlements are of.
    fn insured(&self, item: &Item) -> Vec<Insured> {
        let facts = self.facts();
        let is_its = |at: &usize| item.origins.contains(&facts.settlements[*at].origin);
        let cases = self.reconciled.clearing.cases.all.iter();
        let own = cases.filter(|case| case.orders.iter().flat_map(|order| &order.settlements).any(is_its));
        let insured = own.map(|case| Insured {
            insurer: case.insurer.clone(),
            case_no: case.case_no.clone(),
            due: case.due,
            paid: case.paid,
            deducted: case.deducted,
            left: case.left(),
        });
        insured.collect()
    }

    /// Receipts of this number, or that name it, which stand on a case or on their purpose.
    fn elsewhere(&self, asked: &str) -> Vec<Elsewhere> {
        let (clearing, facts) = (&self.reconciled.clearing, self.facts());
        let is_meant = |at: usize| {
            let receipt = &facts.receipts[at];
            receipt.receipt_no == asked || read_reference(&receipt.order_ref).iter().any(|n| n == asked)
        };
        let one = |at: usize, amount: Fen, case_of: Option<String>, purpose: &str| {
            let (part, purpose) = (part_of(&facts.receipts[at], amount), purpose.to_owned());
            is_meant(at).then_some(Elsewhere { part, case_of, purpose })
        };
        let on_cases = clearing.cases.all.iter().flat_map(|case| case.receipts.iter().map(move |r| (case, r)));
        let on_cases = on_cases.filter_map(|(c, r)| one(r.receipt, r.amount, Some(c.order_no().to_owned()), ""));
        let by_lines = clearing.cases.by_lines.iter().filter_map(|(at, amount)| one(*at, *amount, None, ""));
        let other = clearing.other.iter().map(|o| o.receipt);
        let other = other.filter_map(|at| one(at, facts.receipts[at].amount, None, &facts.receipts[at].purpose));
        on_cases.chain(by_lines).chain(other).collect()
    }

    fn checks(&self, numbers: &[&str]) -> Vec<Check> {
        let speaks = |c: &&Check| numbers.iter().any(|n| !n.is_empty() && (c.order_no == **n || c.receipt_no == **n));
        self.reconciled.checks.iter().filter(speaks).cloned().collect()
    }

    /// Decisions about an exception, about the checks of its numbers, and those that assigned a receipt to the order.
    fn decisions(&self, id: &str, targets: &[&str], numbers: &[&str]) -> Vec<Judged> {
        let of_checks: Vec<String> = decisions::ids_of_checks(&self.reconciled.checks)
            .into_iter()
            .zip(&self.reconciled.checks)
            .filter(|(_, c)| numbers.iter().any(|n| c.order_no == **n || c.receipt_no == **n))
            .map(|(id, _)| id)
            .collect();
        let speaks = |j: &&Judged| {
            let about = j.decision.item.split('>').next().unwrap_or_default();
            let here = targets.contains(&j.decision.target_order.as_str());
            about == id || here || of_checks.iter().any(|check| check == about)
        };
        self.reconciled.clearing.decisions.iter().filter(speaks).cloned().collect()
    }

    /// Every record with a version that names one of the numbers.
    fn records(&self, names: &BTreeSet<String>, rows: Rows<'_, '_>) -> Vec<Record> {
        let mut found = Vec::new();
        for table in &self.specs.tables.tables {
            let standing: BTreeSet<&Origin> = rows(&table.id).iter().map(|row| &row.origin).collect();
            let mut records: BTreeMap<u32, Vec<&Version>> = BTreeMap::new();
            for version in self.history.versions(&table.id) {
                records.entry(version.record).or_default().push(version);
            }
            for mut versions in records.into_values() {
                if versions.iter().any(|v| names_of(table, &v.row).any(|name| names.contains(&name))) {
                    versions.sort_by_key(|v| (self.moment.rank(v.row.origin.file), v.row.origin.row));
                    found.push(self.record(table, &versions, &standing));
                }
            }
        }
        found.sort_by(|a, b| (a.at, &a.table).cmp(&(b.at, &b.table)));
        found
    }

    fn record(&self, table: &TableDef, versions: &[&Version], standing: &BTreeSet<&Origin>) -> Record {
        let mut told: Vec<Told> = Vec::new();
        let mut before: Option<&Row> = None;
        for version in versions {
            let row = &version.row;
            let cell = |at: usize| Cell {
                zh: table.columns[at].zh.clone(),
                en: table.columns[at].en.clone(),
                kind: table.columns[at].kind,
                before: before.map(|b| b.values[at].clone()),
                now: row.values[at].clone(),
            };
            // A line number that we counted says nothing.
            let is_counted = |at: usize| version.is_counted() && table.line_number() == Some(at);
            let differs = |at: &usize| match before {
                Some(before) => before.values[*at] != row.values[*at] && !is_counted(*at),
                None => !row.values[*at].is_null(),
            };
            let cells: Vec<Cell> = (0..table.columns.len()).filter(differs).map(cell).collect();
            let export_date = self.exported.get(&row.origin.file).copied();
            let (origin, stands) = (row.origin.clone(), standing.contains(&row.origin));
            let is_late =
                self.is_late(table, before.unwrap_or(row), row.origin.file) || self.changed.contains(&row.origin);
            let gone_by = self.moment.taken_away_by(version);
            told.push(Told { origin, export_date, cells, stands, is_late, gone_by });
            before = Some(row);
        }
        let at = versions.first().and_then(|v| table.date.and_then(|at| v.row.values[at].time()));
        Record { table: table.id.clone(), zh: table.zh.clone(), en: table.en.clone(), at, versions: told }
    }

    /// Whether a final row's day had been reported when a file came.
    fn is_late(&self, table: &TableDef, row: &Row, file: i64) -> bool {
        let day = table.date.filter(|_| table.is_final).and_then(|at| row.values[at].date());
        day.is_some_and(|day| self.taken_after.get(&file).is_some_and(|reported| day <= *reported))
    }

    /// Numbers of orders, settlements and receipts that a slip of the finger turns into the one asked for.
    fn similar(&self, asked: &str) -> Vec<String> {
        let facts = self.facts();
        let orders = facts.orders.iter().map(|o| &o.order_no);
        let documents = facts.settlements.iter().map(|s| &s.settlement_no);
        let brought = facts.openings.iter().map(|o| &o.order_no);
        let contracts = facts.vehicle_sales.iter().map(|c| &c.contract_no);
        let all =
            orders.chain(documents).chain(brought).chain(contracts).chain(facts.receipts.iter().map(|r| &r.receipt_no));
        let near: BTreeSet<&String> = all.filter(|n| reconcile::is_one_edit_away(n, asked)).collect();
        near.into_iter().cloned().collect()
    }
}

fn part_of(receipt: &Receipt, amount: Fen) -> Part {
    Part {
        number: receipt.receipt_no.clone(),
        on: receipt.received_at.map(|t| t.date()),
        amount,
        tender: receipt.tender.clone(),
        is_opening: receipt.is_opening,
        origin: receipt.origin.clone(),
    }
}

/// The numbers that a row names, read as references are read.
fn names_of<'r>(table: &'r TableDef, row: &'r Row) -> impl Iterator<Item = String> + 'r {
    let places = NAMES.iter().filter_map(|name| table.column(name));
    places.flat_map(|at| read_reference(row.values[at].text()))
}
