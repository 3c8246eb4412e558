//! Insurers' cases (报案号): what insurers owe on settlements, and what they paid on it.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use super::clearing::reversal_of;
use super::numbers::read_reference;
use super::pairing::{self, Line, Pairing, Payment};
use super::settings::{Names, Settings};
use super::subjects::{Found, Subject, SubjectKind, Subjects};
use crate::finding::{Code, Finding};
use crate::model::Fen;
use crate::model::keys::key;
use crate::model::records::{Facts, InsurerPayment, Receipt, Settlement};

/// What one insurer owes on one case. Indices point into [`Facts`].
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Empty where the settlement has none: then it is a case of its own.
    pub case_no: String,
    /// As it is shown; empty where no export names it.
    pub insurer: String,
    /// In order of settlement.
    pub orders: Vec<CaseOrder>,
    pub due: Fen,
    pub paid: Fen,
    /// What the insurer says that it will not pay.
    pub deducted: Fen,
    /// Its last settlement; none where nothing is settled yet.
    pub settled_on: Option<NaiveDate>,
    pub receipts: Vec<CaseReceipt>,
    /// Lines of insurers' statements.
    pub lines: Vec<usize>,
}

/// One order of a case.
#[derive(Debug, Clone)]
pub struct CaseOrder {
    /// Its place among the subjects.
    pub subject: usize,
    /// The number that people see.
    pub number: String,
    pub due: Fen,
    pub settlements: Vec<usize>,
}

/// A receipt, or a part of one, that counts for a case.
#[derive(Debug, Clone, Copy)]
pub struct CaseReceipt {
    pub receipt: usize,
    pub amount: Fen,
    /// Date of the decision that put it there; none where its own number did.
    pub decided_on: Option<NaiveDate>,
}

impl Case {
    /// What the insurer still owes; negative = it paid too much.
    pub fn left(&self) -> Fen {
        self.due - self.paid - self.deducted
    }

    /// What is left of each order: what came fills them in order of settlement, and the rest stays on the last.
    pub fn left_by_order(&self) -> Vec<Fen> {
        let mut came = self.paid + self.deducted;
        let last = self.orders.len().saturating_sub(1);
        let share = |(at, order): (usize, &CaseOrder)| {
            let share = if at == last { came } else { came.min(Fen(order.due.0.max(0))) };
            came -= share;
            order.due - share
        };
        self.orders.iter().enumerate().map(share).collect()
    }

    /// The number by which people know it: the order's.
    pub fn order_no(&self) -> &str {
        let open = self.left_by_order().iter().position(|left| !left.is_zero());
        self.orders.get(open.unwrap_or(0)).map_or("", |order| order.number.as_str())
    }
}

/// All cases, and which of the insurers' receipts statements tell.
#[derive(Debug, Default)]
pub struct Cases {
    pub all: Vec<Case>,
    by_case_no: HashMap<String, usize>,
    by_subject: HashMap<usize, Vec<usize>>,
    pairing: Pairing,
    /// Receipts whose cases the lines of a statement tell, with their amount: they count once, by the lines.
    pub by_lines: Vec<(usize, Fen)>,
}

impl Cases {
    /// Cases of all settlements, with what insurers' statements say of them. `order`: receipts in order of time.
    pub fn new(
        facts: &Facts,
        subjects: &Subjects<'_>,
        order: &[usize],
        settings: &Settings,
        findings: &mut Vec<Finding>,
    ) -> Cases {
        let mut cases = Cases::default();
        let insured = |s: &&Subject| s.settlements.iter().any(|at| is_insured(&facts.settlements[*at]));
        for (at, subject) in subjects.all.iter().enumerate().filter(|(_, s)| insured(s)) {
            cases.add_settlements(facts, at, subject, &settings.names);
        }
        for case in &mut cases.all {
            case.orders.sort_by_key(|order| (first_settled(facts, order), order.number.clone()));
        }
        let lines = cases.add_lines(facts, subjects, settings, findings);
        // Only insurers' receipts can be told by lines: nearly all others are left out by a look at their payer.
        let insurers: HashSet<&str> = lines.iter().map(|line| line.insurer.as_str()).collect();
        let mut known: HashMap<&str, bool> = HashMap::new();
        let mut may_be = |receipt: &&usize| {
            let row = &facts.receipts[**receipt];
            let by_name = || insurers.contains(settings.names.key(&row.payer).as_str());
            !lines.is_empty() && (row.purpose == "insurance" || *known.entry(&row.payer).or_insert_with(by_name))
        };
        let receipts = order.iter().filter(|receipt| may_be(receipt));
        let payments: Vec<Payment> =
            receipts.filter_map(|receipt| cases.payment(*receipt, facts, subjects, settings, &lines)).collect();
        cases.pairing = pairing::pair(&payments, &lines);
        cases
    }

    fn add_settlements(&mut self, facts: &Facts, at: usize, subject: &Subject, names: &Names) {
        let all: Vec<&Settlement> = subject.settlements.iter().map(|i| &facts.settlements[*i]).collect();
        let mut order: Vec<usize> =
            subject.settlements.iter().copied().filter(|i| is_insured(&facts.settlements[*i])).collect();
        order.sort_by_key(|i| {
            let settlement = &facts.settlements[*i];
            (settlement.settled_at, settlement.key(), &settlement.case_no, &settlement.origin)
        });
        for index in order {
            let settlement = &facts.settlements[index];
            let origin = original(settlement, &all);
            let case_no = [&settlement.case_no, &origin.case_no].into_iter().find(|no| !no.is_empty());
            let own = format!("{}\u{1f}{}", subject.id, origin.settlement_no);
            let place = *self.by_case_no.entry(case_no.unwrap_or(&own).clone()).or_insert_with(|| {
                self.all.push(Case { case_no: case_no.cloned().unwrap_or_default(), ..Case::default() });
                self.all.len() - 1
            });
            let of_subject = self.by_subject.entry(at).or_default();
            if !of_subject.contains(&place) {
                of_subject.push(place);
            }
            let case = &mut self.all[place];
            if case.insurer.is_empty() {
                case.insurer = names.shown(&settlement.insurer).to_owned();
            }
            case.due += settlement.insurance_due;
            case.settled_on = case.settled_on.max(settlement.settled_on());
            match case.orders.iter_mut().find(|order| order.subject == at) {
                Some(order) => {
                    order.due += settlement.insurance_due;
                    order.settlements.push(index);
                }
                None => case.orders.push(CaseOrder {
                    subject: at,
                    number: subject.number.clone(),
                    due: settlement.insurance_due,
                    settlements: vec![index],
                }),
            }
        }
    }

    /// Counts every line of insurers' statements for its case; one of a case that nobody knows is told.
    fn add_lines(
        &mut self,
        facts: &Facts,
        subjects: &Subjects<'_>,
        settings: &Settings,
        findings: &mut Vec<Finding>,
    ) -> Vec<Line> {
        let mut order: Vec<usize> = (0..facts.insurer_payments.len()).collect();
        let when = |l: &InsurerPayment| (l.paid_on, l.statement_no.clone(), l.line_no.clone(), l.origin.clone());
        order.sort_by_cached_key(|at| when(&facts.insurer_payments[*at]));
        let mut lines = Vec::new();
        for at in order {
            let line = &facts.insurer_payments[at];
            let case = self.of_line(line, subjects, settings);
            match case {
                Some(case) => {
                    self.all[case].paid += line.amount;
                    self.all[case].deducted += line.deducted;
                    self.all[case].lines.push(at);
                }
                None => {
                    let number = if line.case_no.is_empty() { &line.order_no } else { &line.case_no };
                    let finding = Finding::new(Code::InsurerLineUnknown, number).with(line.amount.to_string());
                    findings.push(finding.at_row(&line.origin));
                }
            }
            let (statement, insurer) = (line.statement_no.clone(), settings.names.key(&line.insurer));
            lines.push(Line { at, statement, insurer, day: line.paid_on, amount: line.amount, case });
        }
        lines
    }

    fn of_line(&mut self, line: &InsurerPayment, subjects: &Subjects<'_>, settings: &Settings) -> Option<usize> {
        if let Some(case) = self.by_case_no.get(&line.case_no).filter(|_| !line.case_no.is_empty()) {
            return Some(*case);
        }
        let Found::Subject(subject) = subjects.find(&line.order_no) else { return None };
        let cases = self.by_subject.get(&subject).cloned().unwrap_or_default();
        let open = cases.iter().find(|case| self.all[**case].left().0 > 0).or(cases.last()).copied();
        let is_order = subjects.all[subject].kind() == SubjectKind::Order;
        open.or_else(|| is_order.then(|| self.without_due(subject, &line.insurer, subjects, &settings.names)))
    }

    /// What pairing looks at of a receipt; none where it is no insurer's.
    fn payment(
        &self,
        receipt: usize,
        facts: &Facts,
        subjects: &Subjects<'_>,
        settings: &Settings,
        lines: &[Line],
    ) -> Option<Payment> {
        let row = &facts.receipts[receipt];
        let numbers = read_reference(&row.order_ref);
        let payer = settings.names.key(&row.payer);
        let is_insurers = self.is_insurers(row, &numbers, subjects, settings)
            || (numbers.is_empty() && row.purpose.is_empty() && lines.iter().any(|l| l.insurer == payer));
        let known: Vec<usize> = match row.order_id.as_str() {
            "" => numbers.iter().filter_map(|n| found(subjects.find(n))).collect(),
            id => subjects.by_id(id).into_iter().collect(),
        };
        (is_insurers && row.amount.0 > 0).then(|| Payment {
            receipt,
            day: row.received_at.map(|t| t.date()),
            amount: row.amount,
            payer,
            cases: self.named(&numbers, &known, subjects),
            numbers,
        })
    }

    /// Whether a receipt is an insurer's: by its purpose, or by its payer on a case that it names.
    pub fn is_insurers(
        &self,
        receipt: &Receipt,
        numbers: &[String],
        subjects: &Subjects<'_>,
        settings: &Settings,
    ) -> bool {
        if receipt.purpose == "insurance" || self.all.is_empty() {
            return receipt.purpose == "insurance";
        }
        let of_number = |number: &String| {
            let by_order = found(subjects.find(number)).and_then(|at| self.by_subject.get(&at));
            self.by_case_no.get(number).into_iter().chain(by_order.into_iter().flatten())
        };
        let by_key = subjects.by_id(&receipt.order_id).and_then(|at| self.by_subject.get(&at));
        let mut named = numbers.iter().flat_map(of_number).chain(by_key.into_iter().flatten());
        named.any(|case| settings.names.same(&receipt.payer, &self.all[*case].insurer))
    }

    /// The cases that a receipt names: by their own number, or by their orders'.
    pub fn named(&self, numbers: &[String], known: &[usize], subjects: &Subjects<'_>) -> Vec<usize> {
        let by_number = numbers.iter().flat_map(|number| {
            let of_order = found(subjects.find(number)).and_then(|at| self.by_subject.get(&at));
            self.by_case_no.get(number).into_iter().chain(of_order.into_iter().flatten())
        });
        let by_key = known.iter().filter_map(|at| self.by_subject.get(at)).flatten();
        let mut named: Vec<usize> = Vec::new();
        for case in by_number.chain(by_key) {
            if !named.contains(case) {
                named.push(*case);
            }
        }
        named
    }

    /// The case of an order on which nothing of an insurer is due: money of an insurer is never the customer's.
    pub fn of_uninsured(
        &mut self,
        order: usize,
        receipt: &Receipt,
        subjects: &Subjects<'_>,
        settings: &Settings,
    ) -> usize {
        self.without_due(order, &receipt.payer, subjects, &settings.names)
    }

    fn without_due(&mut self, order: usize, insurer: &str, subjects: &Subjects<'_>, names: &Names) -> usize {
        if let Some(case) = self.by_subject.get(&order).and_then(|cases| cases.first()) {
            return *case;
        }
        let number = subjects.all[order].number.clone();
        let orders = vec![CaseOrder { subject: order, number, due: Fen::ZERO, settlements: Vec::new() }];
        self.all.push(Case { insurer: names.shown(insurer).to_owned(), orders, ..Case::default() });
        let place = self.all.len() - 1;
        self.by_subject.insert(order, vec![place]);
        place
    }

    /// Cases of a subject.
    pub fn of_subject(&self, subject: usize) -> &[usize] {
        self.by_subject.get(&subject).map_or(&[], Vec::as_slice)
    }

    /// Puts a receipt on the cases that it names: each up to what is left of it, in order; the rest on the last. What is
    /// taken back is taken from the last back, each up to what was paid on it.
    pub fn pay(&mut self, receipt: usize, amount: Fen, named: &[usize], decided_on: Option<NaiveDate>) {
        let mut rest = amount;
        let mut shares = vec![Fen::ZERO; named.len()];
        let last = named.len().saturating_sub(1);
        if amount.0 >= 0 {
            for (share, case) in shares.iter_mut().zip(named).take(last) {
                *share = rest.min(Fen(self.all[*case].left().0.max(0)));
                rest -= *share;
            }
        } else {
            for (share, case) in shares.iter_mut().zip(named).rev() {
                *share = rest.max(Fen(-self.all[*case].paid.0.max(0)));
                rest -= *share;
            }
        }
        shares[last] += rest;
        for (share, case) in shares.into_iter().zip(named) {
            if share.is_zero() && *case != named[last] {
                continue;
            }
            self.all[*case].paid += share;
            self.all[*case].receipts.push(CaseReceipt { receipt, amount: share, decided_on });
        }
    }

    /// Whether the lines of a statement say for which cases a receipt came.
    pub fn is_told_by_lines(&self, receipt: usize) -> bool {
        self.pairing.told.contains_key(&receipt)
    }

    /// Lines among which it cannot be told which are a receipt's.
    pub fn alike(&self, receipt: usize) -> Option<&[usize]> {
        self.pairing.alike.get(&receipt).map(Vec::as_slice)
    }

    pub fn told_by_lines(&mut self, receipt: usize, amount: Fen) {
        self.by_lines.push((receipt, amount));
    }

    /// The lines that say for which cases receipts came, by receipt.
    pub fn paired(&self) -> &BTreeMap<usize, Vec<usize>> {
        &self.pairing.told
    }

    /// The place of a case by its number.
    pub fn by_number(&self, number: &str) -> Option<usize> {
        self.by_case_no.get(&key(number)).copied()
    }
}

fn found(found: Found) -> Option<usize> {
    match found {
        Found::Subject(at) => Some(at),
        _ => None,
    }
}

/// Whether a settlement says anything of an insurer.
fn is_insured(settlement: &Settlement) -> bool {
    let names = !settlement.insurer.is_empty() || !settlement.case_no.is_empty();
    names || !settlement.insurance_due.is_zero()
}

/// The settlement that a reversal takes back, else itself.
fn original<'s>(settlement: &'s Settlement, of_order: &[&'s Settlement]) -> &'s Settlement {
    let takes_back = |s: &&&Settlement| reversal_of(s, of_order).is_some_and(|r| r.origin == settlement.origin);
    let normal = of_order.iter().filter(|s| settlement.is_reversal() && !s.is_reversal());
    normal.clone().find(takes_back).copied().unwrap_or(settlement)
}

fn first_settled(facts: &Facts, order: &CaseOrder) -> Option<chrono::NaiveDateTime> {
    order.settlements.iter().filter_map(|at| facts.settlements[*at].settled_at).min()
}
