//! Everything known of the parts store as of a date, by part number.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::{Fields, Material, cost, facts, number, text};
use crate::model::{Row, Value, keys};

/// How a part moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Received,
    Issued,
    Sold,
    Scrapped,
}

/// One movement; quantity and cost are positive as documents have them, a return is negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    pub day: NaiveDate,
    pub kind: Kind,
    pub what: Stock,
    /// Fen charged for it; 0 where nothing was.
    pub amount: i64,
}

/// A quantity in millionths and its value at cost in fen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stock {
    pub qty: i64,
    pub value: i64,
}

impl Stock {
    pub fn add(&mut self, other: Stock) {
        self.qty += other.qty;
        self.value += other.value;
    }

    pub fn take(&mut self, other: Stock) {
        self.qty -= other.qty;
        self.value -= other.value;
    }

    pub fn is_nothing(self) -> bool {
        self == Stock::default()
    }
}

/// One part.
#[derive(Debug, Default)]
pub struct Part {
    pub name: String,
    /// Code of the category.
    pub category: String,
    pub bin: String,
    /// What each snapshot that lists it says, several lines of one day together.
    lines: BTreeMap<NaiveDate, Stock>,
    /// Unit cost in millionths of a yuan, by day of the snapshot.
    costs: BTreeMap<NaiveDate, i64>,
    /// In order of day.
    moves: Vec<Move>,
    /// Ordered and not received, in millionths.
    pub on_order: i64,
    /// The last days in and out that a snapshot tells, by its day.
    told: BTreeMap<NaiveDate, (Option<NaiveDate>, Option<NaiveDate>)>,
}

/// Every part that a snapshot lists or a document moves.
pub struct Store {
    pub parts: BTreeMap<String, Part>,
    /// Days of which there is a snapshot.
    pub days: BTreeSet<NaiveDate>,
    /// The first day on which anything is known to have gone out.
    pub first_out: Option<NaiveDate>,
}

impl Store {
    pub fn new(material: &Material<'_>) -> Store {
        let mut store = Store { parts: BTreeMap::new(), days: BTreeSet::new(), first_out: None };
        store.snapshots(material);
        store.receipts(material);
        store.issues(material);
        store.sales(material);
        store.scrap(material);
        for part in store.parts.values_mut() {
            part.moves.sort_unstable();
        }
        let out = store.parts.values().flat_map(|p| &p.moves).filter(|m| matches!(m.kind, Kind::Issued | Kind::Sold));
        store.first_out = out.map(|m| m.day).min();
        store
    }

    /// The part of a number; one that nothing has named yet begins empty.
    fn part(&mut self, number: &str) -> &mut Part {
        if !self.parts.contains_key(number) {
            self.parts.insert(number.to_owned(), Part::default());
        }
        self.parts.entry(number.to_owned()).or_default()
    }

    fn snapshots(&mut self, material: &Material<'_>) {
        let fields = Fields::of(material.tables, "parts_stock");
        let mut rows: Vec<(NaiveDate, &Row)> = Vec::new();
        for row in (material.rows)("parts_stock") {
            rows.extend(fields.get(row, "as_of").date().map(|day| (day, row)));
        }
        rows.sort_by_key(|(day, _)| *day); // the newest name stands
        for (day, row) in rows {
            let get = |name: &str| fields.get(row, name);
            self.days.insert(day);
            let part = self.part(get("part_no").text());
            part.named(get("part_name"), get("category"), true);
            if !get("bin").text().is_empty() {
                get("bin").text().clone_into(&mut part.bin);
            }
            let value = cost(get("qty"), get("unit_cost")).int().unwrap_or(0);
            part.lines.entry(day).or_default().add(Stock { qty: get("qty").int().unwrap_or(0), value });
            if let Some(unit_cost) = get("unit_cost").int() {
                part.costs.entry(day).or_insert(unit_cost);
            }
            let told = part.told.entry(day).or_default();
            told.0 = told.0.max(get("last_in_on").date());
            told.1 = told.1.max(get("last_out_on").date());
        }
    }

    fn receipts(&mut self, material: &Material<'_>) {
        let fields = Fields::of(material.tables, "parts_receipts");
        for row in (material.rows)("parts_receipts") {
            let get = |name: &str| fields.get(row, name);
            let part = self.part(get("part_no").text());
            match get("received_on").date() {
                Some(day) => {
                    let (qty, unit_cost) = (get("received_qty"), get("unit_cost"));
                    part.moved(Kind::Received, day, qty, &cost(qty, unit_cost), &Value::Null);
                }
                None => part.on_order += get("ordered_qty").int().unwrap_or(0),
            }
        }
    }

    fn issues(&mut self, material: &Material<'_>) {
        let fields = Fields::of(material.tables, "part_lines");
        // Facts keep the order of the table's rows.
        for (row, line) in (material.rows)("part_lines").iter().zip(&facts(material).part_lines) {
            let get = |name: &str| fields.get(row, name);
            let Some(day) = get("issued_at").date().filter(|_| !line.part_no.is_empty()) else { continue };
            let amount = number(line.known_amount().map(|fen| fen.0));
            let part = self.part(&line.part_no);
            part.named(get("part_name"), get("category"), false);
            part.moved(Kind::Issued, day, get("qty"), &cost(get("qty"), get("unit_cost")), &amount);
        }
    }

    fn sales(&mut self, material: &Material<'_>) {
        let fields = Fields::of(material.tables, "parts_sales");
        for row in (material.rows)("parts_sales") {
            let get = |name: &str| fields.get(row, name);
            let number = get("part_no").text();
            let Some(day) = get("sold_at").date().filter(|_| !number.is_empty()) else { continue };
            let part = self.part(number);
            part.named(get("part_name"), get("category"), false);
            part.moved(Kind::Sold, day, get("qty"), &cost(get("qty"), get("unit_cost")), get("amount"));
        }
    }

    /// Scrap has no cost of its own: that of the newest snapshot before it. What no part is called is waste.
    fn scrap(&mut self, material: &Material<'_>) {
        let fields = Fields::of(material.tables, "parts_scrap");
        for row in (material.rows)("parts_scrap") {
            let get = |name: &str| fields.get(row, name);
            let Some(day) = get("date").date() else { continue };
            if let Some(part) = self.parts.get_mut(&keys::key(get("item").text())) {
                let unit_cost = number(part.cost_at(day));
                part.moved(Kind::Scrapped, day, get("qty"), &cost(get("qty"), &unit_cost), &Value::Null);
            }
        }
    }

    /// A part as it stood at the end of a day: the newest snapshot up to it and what moved since; and that snapshot's
    /// day. A part that a snapshot does not list counts 0 in it. Without a snapshot nothing is known.
    pub fn held(&self, part: &Part, day: NaiveDate) -> Option<(NaiveDate, Stock)> {
        let base = *self.days.range(..=day).next_back()?;
        let mut stock = part.lines.get(&base).copied().unwrap_or_default();
        for one in part.between(base.succ_opt().unwrap_or(base), day) {
            match one.kind {
                Kind::Received => stock.add(one.what),
                Kind::Issued | Kind::Sold | Kind::Scrapped => stock.take(one.what),
            }
        }
        Some((base, stock))
    }

    /// Name and category of a part.
    pub fn names(&self, number: &str) -> [Value; 2] {
        self.parts.get(number).map_or([Value::Null, Value::Null], Part::names)
    }
}

impl Part {
    /// A snapshot's name stands; a document's only where no snapshot names the part.
    fn named(&mut self, name: &Value, category: &Value, stands: bool) {
        for (own, said) in [(&mut self.name, name), (&mut self.category, category)] {
            if !said.text().is_empty() && (stands || own.is_empty()) {
                said.text().clone_into(own);
            }
        }
    }

    fn moved(&mut self, kind: Kind, day: NaiveDate, qty: &Value, cost: &Value, amount: &Value) {
        let whole = |value: &Value| value.int().unwrap_or(0);
        let what = Stock { qty: whole(qty), value: whole(cost) };
        self.moves.push(Move { day, kind, what, amount: whole(amount) });
    }

    /// Name and category, in this order.
    pub fn names(&self) -> [Value; 2] {
        [text(self.name.as_str()), text(self.category.as_str())]
    }

    /// Whether any snapshot lists it: what none ever listed is not kept in stock.
    pub fn is_stocked(&self) -> bool {
        !self.lines.is_empty()
    }

    /// What moved on these days, both included.
    pub fn between(&self, first: NaiveDate, last: NaiveDate) -> &[Move] {
        let (from, to) = (self.moves.partition_point(|m| m.day < first), self.moves.partition_point(|m| m.day <= last));
        &self.moves[from.min(to)..to]
    }

    /// The sum of one kind of movement on these days.
    pub fn sum(&self, kind: Kind, first: NaiveDate, last: NaiveDate) -> Stock {
        let mut sum = Stock::default();
        self.between(first, last).iter().filter(|m| m.kind == kind).for_each(|m| sum.add(m.what));
        sum
    }

    /// Unit cost of the newest snapshot up to a day, else of the first after it.
    pub fn cost_at(&self, day: NaiveDate) -> Option<i64> {
        let before = self.costs.range(..=day).next_back();
        before.or_else(|| self.costs.range(day..).next()).map(|(_, cost)| *cost)
    }

    /// The last day up to `day` on which it went out: as the newest snapshot up to it tells, or as our own documents do.
    pub fn last_out(&self, day: NaiveDate) -> Option<NaiveDate> {
        let told = self.told.range(..=day).next_back().and_then(|(_, told)| told.1);
        let out = |m: &&Move| matches!(m.kind, Kind::Issued | Kind::Sold) && m.what.qty > 0;
        let own = self.between(NaiveDate::MIN, day).iter().rev().find(out).map(|m| m.day);
        told.filter(|d| *d <= day).max(own)
    }

    /// The last day up to `day` on which it came in; else the day of the first snapshot that lists it.
    pub fn last_in(&self, day: NaiveDate) -> Option<NaiveDate> {
        let told = self.told.range(..=day).next_back().and_then(|(_, told)| told.0);
        let came = |m: &&Move| m.kind == Kind::Received && m.what.qty > 0;
        let own = self.between(NaiveDate::MIN, day).iter().rev().find(came).map(|m| m.day);
        told.filter(|d| *d <= day).max(own)
    }

    /// Since when nothing of it has gone out: the last day out, else the last day in, else the first snapshot.
    pub fn idle_since(&self, day: NaiveDate) -> Option<NaiveDate> {
        let listed = || self.lines.keys().next().copied().filter(|d| *d <= day);
        self.last_out(day).or_else(|| self.last_in(day)).or_else(listed)
    }
}
