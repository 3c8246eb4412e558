//! The subjects of clearing: orders and counter sales, with what is due on each, opening items among them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::numbers::{Bearer, Numbers, read_reference};
use crate::finding::{Code, Finding};
use crate::model::Fen;
use crate::model::records::{Facts, Opening};

/// An order or a counter sale with all that is due on it. Indices point into [`Facts`].
#[derive(Debug, Default)]
pub struct Subject {
    /// Internal key of the order, or number of the counter sale.
    pub id: String,
    /// The number that people see.
    pub number: String,
    pub order: Option<usize>,
    pub settlements: Vec<usize>,
    pub sale_lines: Vec<usize>,
    pub openings: Vec<usize>,
    pub due: Fen,
}

impl Subject {
    /// Settled or sold: by an export, or before the shop began.
    pub fn is_settled(&self, facts: &Facts) -> bool {
        let owed = |at: &usize| !facts.openings[*at].due.is_zero();
        !self.settlements.is_empty() || !self.sale_lines.is_empty() || self.openings.iter().any(owed)
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
    numbers: Numbers<'a>,
}

/// What an order number finds.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    Subject(usize),
    /// Internal keys of the live orders that bear it.
    Several(Vec<String>),
    Nothing,
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
            let subject = subjects.entry(line.sale_no.clone()).or_default();
            if subject.number.is_empty() {
                subject.number.clone_from(&line.sale_no);
            }
            subject.sale_lines.push(index);
            subject.due += line.amount;
        }
        add_openings(facts, &numbers, &mut subjects, findings);
        let all: Vec<Subject> = subjects.into_iter().map(|(id, subject)| Subject { id, ..subject }).collect();
        let by_id = all.iter().enumerate().map(|(index, s)| (s.id.clone(), index)).collect();
        let mut by_number: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, subject) in all.iter().enumerate().filter(|(_, s)| s.order.is_none() && s.number != s.id) {
            by_number.entry(subject.number.clone()).or_default().push(index);
        }
        Subjects { all, by_id, by_number, ambiguous, numbers }
    }

    pub fn by_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// What a number finds: an order, a counter sale, or a settlement's number that no order export knows.
    pub fn find(&self, number: &str) -> Found {
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
