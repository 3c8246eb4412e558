//! The count of cars in the shop (在修未结算盘点) against the books: three outcomes.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use super::category::Category;
use super::checks::{Check, CheckKind, by_order};
use super::clearing::{Clearing, Item, live_settlements};
use super::dues::LineSums;
use crate::model::keys::key;
use crate::model::records::{CarCount, Facts, Order, Settlement};
use crate::model::{Fen, Text};

/// What a count says of one car.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// 相符: in the books and in the shop, or accounted for since.
    Agrees,
    /// 系统有、实盘无: not settled, or settled and not paid, and not in the shop.
    NotInShop,
    /// 实盘有、系统无: in the shop, and no open order bears its plate.
    NotInSystem,
    /// 未盘: not settled on the day of the count, and the count says nothing of it.
    NotCounted,
}

impl Outcome {
    pub fn id(self) -> &'static str {
        match self {
            Outcome::Agrees => "agrees",
            Outcome::NotInShop => "not_in_shop",
            Outcome::NotInSystem => "not_in_system",
            Outcome::NotCounted => "not_counted",
        }
    }

    pub fn title(self) -> Text {
        match self {
            Outcome::Agrees => Text::new("相符", "Agrees"),
            Outcome::NotInShop => Text::new("系统有、实盘无", "In the system, not in the shop"),
            Outcome::NotInSystem => Text::new("实盘有、系统无", "In the shop, not in the system"),
            Outcome::NotCounted => Text::new("未盘", "Not counted"),
        }
    }
}

/// One car of the newest count, or one that it passes over.
#[derive(Debug, Clone)]
pub struct Counted<'a> {
    pub counted_on: NaiveDate,
    pub order_no: &'a str,
    pub plate: &'a str,
    /// What the count says of it.
    pub row: Option<&'a CarCount>,
    pub in_system: bool,
    pub outcome: Outcome,
}

/// The cars of the newest count in order of its rows, then those that it passes over.
///
/// A car that is gone agrees where its order is settled and paid, or on account, as of the date: what the count left
/// open has been put right since. A car that is in no order agrees as soon as an order of its plate is open.
pub fn counted<'a>(facts: &'a Facts, clearing: &'a Clearing) -> Vec<Counted<'a>> {
    let Some(newest) = facts.car_counts.iter().filter_map(|c| c.counted_on).max() else { return Vec::new() };
    let books = Books::new(facts, clearing);
    let of_newest = facts.car_counts.iter().filter(|c| c.counted_on == Some(newest));
    let mut spoken_of: BTreeSet<&str> = BTreeSet::new();
    let mut all: Vec<Counted<'a>> = Vec::new();
    for row in of_newest {
        let in_system = books.knows(row, newest);
        let outcome = match (in_system, row.in_shop == Some(1)) {
            (true, false) if books.is_open(row) => Outcome::NotInShop,
            (false, true) => Outcome::NotInSystem,
            _ => Outcome::Agrees,
        };
        spoken_of.extend(books.orders(row).iter().map(|o| o.order_id.as_str()));
        let (order_no, plate) = (row.order_no.as_str(), row.plate.as_str());
        all.push(Counted { counted_on: newest, order_no, plate, row: Some(row), in_system, outcome });
    }
    let stood = |o: &&Order| {
        let was_open = books.first_settled(o).is_none_or(|day| day > newest);
        let was_there = o.opened_at.is_some_and(|t| t.date() <= newest);
        o.is_live() && was_there && was_open && !spoken_of.contains(o.order_id.as_str())
    };
    all.extend(facts.orders.iter().filter(stood).map(|o| Counted {
        counted_on: newest,
        order_no: &o.order_no,
        plate: &o.plate,
        row: None,
        in_system: true,
        outcome: Outcome::NotCounted,
    }));
    all
}

/// The checks of the newest count. The amount is what the order owes, or has come to so far; 0 where there is no order.
pub fn checks(facts: &Facts, clearing: &Clearing, sums: &HashMap<String, LineSums>) -> Vec<Check> {
    let all = counted(facts, clearing);
    if all.is_empty() {
        return Vec::new();
    }
    let books = Books::new(facts, clearing);
    let at_stake = |order: &Order| match books.items.get(order.order_id.as_str()) {
        Some(item) => -item.diff(),
        None => sums.get(&order.order_id).map_or(Fen::ZERO, |sum| sum.labor + sum.parts),
    };
    let check = |counted: &Counted<'_>| {
        let kind = match counted.outcome {
            Outcome::Agrees | Outcome::NotCounted => return None,
            Outcome::NotInShop => CheckKind::CarNotInShop,
            Outcome::NotInSystem => CheckKind::CarNotInSystem,
        };
        let row = counted.row?;
        let words = [row.plate.as_str(), row.place.as_str(), row.reason.as_str(), row.responsible.as_str()];
        let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
        let amount = match counted.outcome {
            Outcome::NotInShop => books.orders(row).into_iter().map(at_stake).sum(),
            _ => Fen::ZERO,
        };
        Some(Check::new(kind, &row.order_no, amount, row.counted_on, words.join(" ")).from([&row.origin]))
    };
    all.iter().filter_map(check).collect()
}

/// Which orders the books have, and which of them are open.
struct Books<'a> {
    facts: &'a Facts,
    items: HashMap<&'a str, &'a Item>,
    /// Orders with a settlement that stands, or with one before the shop began, with the day of the first.
    settled: HashMap<&'a str, NaiveDate>,
}

impl<'a> Books<'a> {
    fn new(facts: &'a Facts, clearing: &'a Clearing) -> Books<'a> {
        let items = clearing.items.iter().map(|item| (item.id.as_str(), item)).collect();
        let of_order = |(order, settlements): (&'a str, Vec<&Settlement>)| {
            Some((order, live_settlements(&settlements).iter().filter_map(|s| s.settled_on()).min()?))
        };
        let mut settled: HashMap<&str, NaiveDate> = by_order(facts).into_iter().filter_map(of_order).collect();
        for opening in &facts.openings {
            if let Some(day) = opening.owed_since() {
                settled.entry(&opening.order_no).or_insert(day);
            }
        }
        Books { facts, items, settled }
    }

    /// The live orders that a row means: by its number, or by its plate where it has none.
    fn orders(&self, row: &CarCount) -> Vec<&'a Order> {
        let plate = key(&row.plate);
        let is_it = |order: &&Order| match row.order_no.is_empty() {
            true => !plate.is_empty() && key(&order.plate) == plate,
            false => order.order_no == row.order_no,
        };
        self.facts.orders.iter().filter(|o| o.is_live()).filter(is_it).collect()
    }

    /// A car with a number was printed from the books; one without is in them if an order of its plate was not settled
    /// on the day of the count.
    fn knows(&self, row: &CarCount, counted_on: NaiveDate) -> bool {
        let orders = self.orders(row);
        let open_then = |order: &&Order| self.first_settled(order).is_none_or(|day| day > counted_on);
        if row.order_no.is_empty() { orders.iter().any(open_then) } else { !orders.is_empty() }
    }

    fn first_settled(&self, order: &Order) -> Option<NaiveDate> {
        self.settled.get(order.order_id.as_str()).or_else(|| self.settled.get(order.order_no.as_str())).copied()
    }

    /// Not settled, or settled and neither paid nor on account.
    fn is_open(&self, row: &CarCount) -> bool {
        let is_open = |order: &&Order| match (self.first_settled(order), self.items.get(order.order_id.as_str())) {
            (None, _) => true,
            (Some(_), Some(item)) => matches!(item.category, Category::Unpaid | Category::Underpaid),
            (Some(_), None) => false,
        };
        self.orders(row).iter().any(is_open)
    }
}
