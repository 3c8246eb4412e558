//! The subjects of clearing: orders, counter sales of parts and accessories, contracts of cars, with what is due on each,
//! opening items among them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::numbers::{Bearer, Numbers, read_reference};
use super::vins::Vins;
use crate::finding::{Code, Finding};
use crate::model::Fen;
use crate::model::records::{Facts, Opening, VehicleSale};

/// What a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SubjectKind {
    #[default]
    Order,
    /// Parts over the counter.
    Sale,
    /// Accessories over the counter.
    AccessorySale,
    /// A contract of a car.
    Contract,
}

/// What is cleared, with all that is due on it. Indices point into [`Facts`].
#[derive(Debug, Default)]
pub struct Subject {
    /// Internal key of the order, or number of the sale or contract.
    pub id: String,
    /// The number that people see.
    pub number: String,
    pub order: Option<usize>,
    pub contract: Option<usize>,
    pub settlements: Vec<usize>,
    pub sale_lines: Vec<usize>,
    /// Lines of a sale of accessories.
    pub moves: Vec<usize>,
    pub openings: Vec<usize>,
    pub due: Fen,
}

impl Subject {
    /// Settled, sold, delivered or cancelled: by an export, or before the shop began.
    pub fn is_settled(&self, facts: &Facts) -> bool {
        self.had_due(facts) || self.sale(facts).is_some_and(|sale| !sale.is_pending())
    }

    /// Whether something was ever due on it.
    pub fn had_due(&self, facts: &Facts) -> bool {
        let owed = |at: &usize| !facts.openings[*at].due.is_zero();
        let sold = !self.settlements.is_empty() || !self.sale_lines.is_empty() || !self.moves.is_empty();
        let delivered = self.sale(facts).is_some_and(|sale| sale.delivered_on.is_some());
        sold || delivered || self.openings.iter().any(owed)
    }

    /// The contract that it is.
    pub fn sale<'f>(&self, facts: &'f Facts) -> Option<&'f VehicleSale> {
        self.contract.map(|at| &facts.vehicle_sales[at])
    }

    pub fn kind(&self) -> SubjectKind {
        match () {
            () if self.contract.is_some() => SubjectKind::Contract,
            () if !self.sale_lines.is_empty() => SubjectKind::Sale,
            () if !self.moves.is_empty() => SubjectKind::AccessorySale,
            () => SubjectKind::Order,
        }
    }
}

/// All subjects, in order of id, and what a number finds.
pub struct Subjects<'a> {
    pub all: Vec<Subject>,
    by_id: HashMap<String, usize>,
    /// Subjects that no order export knows and whose settlement carries an internal key, by number.
    by_number: HashMap<String, Vec<usize>>,
    /// Numbers that two live orders bear: they find neither, and their settlements stand by the number alone.
    ambiguous: HashSet<String>,
    /// Numbers of contracts that something else bears too: they find neither.
    twins: HashSet<String>,
    /// Sales of accessories that are part of a document: the number of the sale to the document's.
    part_of: HashMap<&'a str, &'a str>,
    numbers: Numbers<'a>,
    vins: Vins<'a>,
}

/// What an order number finds.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    Subject(usize),
    /// Internal keys of the live orders that bear it.
    Several(Vec<String>),
    Nothing,
}

/// The key of a contract whose number something else bears too.
fn twin_id(number: &str) -> String {
    format!("合同:{number}")
}

impl<'a> Subjects<'a> {
    pub fn new(facts: &'a Facts, findings: &mut Vec<Finding>) -> Subjects<'a> {
        let numbers = Numbers::new(facts);
        let mut subjects: BTreeMap<String, Subject> = BTreeMap::new();
        let mut ambiguous = HashSet::new();
        for (index, order) in facts.orders.iter().enumerate() {
            let subject = subjects.entry(order.order_id.clone()).or_default();
            subject.order = Some(index);
            subject.number.clone_from(&order.order_no);
        }
        for (index, settlement) in facts.settlements.iter().enumerate() {
            let id = subject_of(settlement, &numbers, &mut ambiguous, findings);
            let subject = subjects.entry(id).or_default();
            if subject.number.is_empty() {
                subject.number.clone_from(&settlement.order_no);
            }
            subject.settlements.push(index);
            subject.due += settlement.customer_due;
        }
        for (index, line) in facts.sales.iter().enumerate() {
            let subject = numbered(&mut subjects, &line.sale_no);
            subject.sale_lines.push(index);
            subject.due += line.amount;
        }
        let part_of = add_accessories(facts, &mut subjects);
        let twins = add_contracts(facts, &numbers, &mut subjects);
        add_openings(facts, &numbers, &mut subjects, findings);
        let all: Vec<Subject> = subjects.into_iter().map(|(id, subject)| Subject { id, ..subject }).collect();
        let by_id = all.iter().enumerate().map(|(index, s)| (s.id.clone(), index)).collect();
        let mut by_number: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, subject) in all.iter().enumerate().filter(|(_, s)| s.order.is_none() && s.number != s.id) {
            by_number.entry(subject.number.clone()).or_default().push(index);
        }
        let vins = Vins::new(facts, &all);
        Subjects { all, by_id, by_number, ambiguous, twins, part_of, numbers, vins }
    }

    pub fn by_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// What a number finds: an order, a sale, a contract, or a settlement's number that no order export knows; of a sale
    /// of accessories that is part of a document, the document.
    pub fn find(&self, number: &str) -> Found {
        match self.part_of.get(number) {
            Some(document) => self.find_document(document),
            None => self.find_document(number),
        }
    }

    fn find_document(&self, number: &str) -> Found {
        if self.twins.contains(number) {
            return Found::Several(vec![number.to_owned(), twin_id(number)]);
        }
        match self.numbers.bearer(number) {
            Bearer::Several(ids) => Found::Several(ids.into_iter().map(str::to_owned).collect()),
            Bearer::One(id) => self.by_id(id).map_or(Found::Nothing, Found::Subject),
            Bearer::None if self.ambiguous.contains(number) => Found::Nothing,
            Bearer::None => match (self.by_id(number), self.by_number.get(number).map_or(&[][..], Vec::as_slice)) {
                (Some(index), _) | (None, &[index]) => Found::Subject(index),
                (None, []) => Found::Nothing,
                (None, several) => Found::Several(several.iter().map(|index| self.all[*index].id.clone()).collect()),
            },
        }
    }

    /// The contract that a car stood under on a day.
    pub fn find_vin(&self, vin: &str, day: Option<chrono::NaiveDate>) -> Found {
        match self.vins.on(vin, day).as_slice() {
            [] => Found::Nothing,
            [one] => Found::Subject(*one),
            several => Found::Several(several.iter().map(|index| self.all[*index].id.clone()).collect()),
        }
    }
}

/// The subject of a sale's number, made where there is none.
fn numbered<'s>(subjects: &'s mut BTreeMap<String, Subject>, number: &str) -> &'s mut Subject {
    let subject = subjects.entry(number.to_owned()).or_default();
    if subject.number.is_empty() {
        subject.number = number.to_owned();
    }
    subject
}

/// Sales of accessories that are part of a document, which has all that is due: the sale's number to the document's. Of
/// lines that name several, the first by its number is believed.
fn documents_of(facts: &Facts) -> HashMap<&str, &str> {
    let of_document = facts.accessory_moves.iter().filter(|m| m.sold().is_some() && !m.order_ref.is_empty());
    let mut lines: Vec<_> = of_document.map(|m| (&m.move_no, m.sale_no.as_str(), m.order_ref.as_str())).collect();
    lines.sort_unstable();
    let mut documents = HashMap::new();
    for (_, sale, document) in lines {
        documents.entry(sale).or_insert(document);
    }
    documents
}

/// Lines of sales of accessories that are part of no document, with what is due on each.
pub fn part_of_none(facts: &Facts) -> impl Iterator<Item = (usize, Fen)> + '_ {
    let part_of = documents_of(facts);
    let is_own = move |sale: &str| !part_of.contains_key(sale);
    let lines = facts.accessory_moves.iter().enumerate().filter(move |(_, line)| is_own(&line.sale_no));
    lines.filter_map(|(index, line)| Some((index, line.sold()?)))
}

/// Sales of accessories over the counter; of those that are part of a document, which.
fn add_accessories<'a>(facts: &'a Facts, subjects: &mut BTreeMap<String, Subject>) -> HashMap<&'a str, &'a str> {
    for (index, amount) in part_of_none(facts) {
        let subject = numbered(subjects, &facts.accessory_moves[index].sale_no);
        subject.moves.push(index);
        subject.due += amount;
    }
    documents_of(facts)
}

/// Contracts of cars; the numbers that something else bears too.
fn add_contracts(facts: &Facts, numbers: &Numbers<'_>, subjects: &mut BTreeMap<String, Subject>) -> HashSet<String> {
    let mut twins = HashSet::new();
    for (index, sale) in facts.vehicle_sales.iter().enumerate() {
        let number = sale.contract_no.as_str();
        let is_twin = subjects.contains_key(number) || numbers.bearer(number) != Bearer::None;
        if is_twin {
            twins.insert(number.to_owned());
        }
        let id = if is_twin { twin_id(number) } else { number.to_owned() };
        let subject = subjects.entry(id).or_default();
        subject.number = number.to_owned();
        subject.contract = Some(index);
        subject.due += sale.due();
    }
    twins
}

/// Puts every opening item on the order that it names, which is made where nothing else knows it. Only a receipt, of
/// which nothing is due, names several.
fn add_openings(
    facts: &Facts,
    numbers: &Numbers<'_>,
    subjects: &mut BTreeMap<String, Subject>,
    findings: &mut Vec<Finding>,
) {
    for (index, opening) in facts.openings.iter().enumerate() {
        for number in read_reference(&opening.order_no) {
            let id = match numbers.bearer(&number) {
                Bearer::One(id) => id.to_owned(),
                Bearer::None => {
                    without_order(&number, subjects).unwrap_or_else(|| ambiguous(opening, &number, findings))
                }
                Bearer::Several(_) => ambiguous(opening, &number, findings),
            };
            let subject = subjects.entry(id).or_default();
            if subject.number.is_empty() {
                subject.number = number;
            }
            subject.openings.push(index);
            subject.due += opening.due;
        }
    }
}

/// The key of what bears a number that no order export knows: the number itself, or the only settlement's internal key.
fn without_order(number: &str, subjects: &BTreeMap<String, Subject>) -> Option<String> {
    if subjects.contains_key(number) {
        return Some(number.to_owned());
    }
    let mut known = subjects.iter().filter(|(_, s)| s.order.is_none() && s.number == number).map(|(id, _)| id);
    match (known.next(), known.next()) {
        (None, _) => Some(number.to_owned()),
        (Some(id), None) => Some(id.clone()),
        _ => None,
    }
}

/// Where a number of two orders stands: by itself, for it finds neither.
fn ambiguous(opening: &Opening, number: &str, findings: &mut Vec<Finding>) -> String {
    findings.push(Finding::new(Code::NumberAmbiguous, number).at_row(&opening.origin));
    format!("?{number}")
}

/// The subject of a settlement: by the internal key where it has one, else by its number.
fn subject_of(
    settlement: &crate::model::records::Settlement,
    numbers: &Numbers<'_>,
    ambiguous: &mut HashSet<String>,
    findings: &mut Vec<Finding>,
) -> String {
    if !settlement.order_id.is_empty() {
        return settlement.order_id.clone();
    }
    match numbers.bearer(&settlement.order_no) {
        Bearer::One(id) => id.to_owned(),
        Bearer::None => settlement.order_no.clone(),
        Bearer::Several(_) => {
            let finding = Finding::new(Code::NumberAmbiguous, &settlement.order_no);
            findings.push(finding.at_row(&settlement.origin));
            ambiguous.insert(settlement.order_no.clone());
            format!("?{}", settlement.order_no)
        }
    }
}
