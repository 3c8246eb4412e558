//! An insurer's receipt and the lines of its statement that are one payment.
//!
//! Money arrives on the day on which the statement says that it was paid, or up to a week later. Tried in this order:
//! the statement or case that the receipt names, all lines of one statement, one line; nearest in time, each line once.
//! Where two fit alike none is paired.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::model::Fen;

/// Days within which the money of a statement arrives.
const DAYS: i64 = 7;

/// A line of a statement, as pairing sees it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Index into the facts.
    pub at: usize,
    pub statement: String,
    /// As names are compared.
    pub insurer: String,
    pub day: Option<NaiveDate>,
    pub amount: Fen,
    /// The case that it is of.
    pub case: Option<usize>,
}

/// A receipt of an insurer, as pairing sees it.
#[derive(Debug, Clone)]
pub struct Payment {
    /// Index into the facts.
    pub receipt: usize,
    pub day: Option<NaiveDate>,
    pub amount: Fen,
    /// As names are compared.
    pub payer: String,
    /// What it names.
    pub numbers: Vec<String>,
    pub cases: Vec<usize>,
}

/// What came of it, by receipt: lines as indices into the facts.
#[derive(Debug, Default)]
pub struct Pairing {
    pub told: BTreeMap<usize, Vec<usize>>,
    pub alike: BTreeMap<usize, Vec<usize>>,
}

/// Lines that could be a receipt's, and how far in time.
struct Candidate {
    distance: i64,
    payment: usize,
    /// Places in the list of lines.
    lines: Vec<usize>,
}

/// The lines in order of day, and those of each statement.
struct Lines<'a> {
    all: &'a [Line],
    of_statement: BTreeMap<(&'a str, &'a str), Vec<usize>>,
}

impl<'a> Lines<'a> {
    fn new(all: &'a [Line]) -> Lines<'a> {
        let mut of_statement: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for (at, line) in all.iter().enumerate() {
            of_statement.entry((&line.statement, &line.insurer)).or_default().push(at);
        }
        Lines { all, of_statement }
    }

    /// The lines that may be a receipt's by their day.
    fn within(&self, payment: &Payment) -> std::ops::Range<usize> {
        let Some(day) = payment.day else { return 0..0 };
        let first = day.checked_sub_days(chrono::Days::new(DAYS.unsigned_abs()));
        let from = self.all.partition_point(|line| line.day < first);
        from..self.all.partition_point(|line| line.day <= Some(day)).max(from)
    }
}

/// Pairs receipts, which stand in order of time, with lines.
pub fn pair(payments: &[Payment], lines: &[Line]) -> Pairing {
    let mut out = Pairing::default();
    let mut used = BTreeSet::new();
    let lines = &Lines::new(lines);
    for level in [by_name, by_statement, by_line] {
        let mut candidates = Vec::new();
        for (at, payment) in payments.iter().enumerate() {
            if out.told.contains_key(&payment.receipt) || out.alike.contains_key(&payment.receipt) {
                continue;
            }
            let free: Vec<usize> = lines.within(payment).filter(|l| !used.contains(l)).collect();
            for group in level(payment, lines, &free) {
                let farthest = group.iter().filter_map(|l| distance(payment, &lines.all[*l])).max();
                candidates.extend(farthest.map(|distance| Candidate { distance, payment: at, lines: group }));
            }
        }
        settle(candidates, payments, lines.all, &mut used, &mut out);
    }
    out
}

/// Days from the line to the receipt; none where the line cannot be its payment.
fn distance(payment: &Payment, line: &Line) -> Option<i64> {
    let days = payment.day?.signed_duration_since(line.day?).num_days();
    (0..=DAYS).contains(&days).then_some(days)
}

fn sum(lines: &Lines<'_>, of: &[usize]) -> Fen {
    of.iter().map(|l| lines.all[*l].amount).sum()
}

/// All lines together where they come to the amount, else each that does by itself.
fn fitting(payment: &Payment, lines: &Lines<'_>, of: Vec<usize>) -> Vec<Vec<usize>> {
    if !of.is_empty() && sum(lines, &of) == payment.amount {
        return vec![of];
    }
    of.into_iter().filter(|l| lines.all[*l].amount == payment.amount).map(|l| vec![l]).collect()
}

/// Lines of the statement, else of the cases, that the receipt names.
fn by_name(payment: &Payment, lines: &Lines<'_>, free: &[usize]) -> Vec<Vec<usize>> {
    let named = |l: &&usize| payment.numbers.contains(&lines.all[**l].statement);
    let of_statement: Vec<usize> = free.iter().filter(named).copied().collect();
    if !of_statement.is_empty() {
        return fitting(payment, lines, of_statement);
    }
    let of_case = |l: &&usize| lines.all[**l].case.is_some_and(|case| payment.cases.contains(&case));
    fitting(payment, lines, free.iter().filter(of_case).copied().collect())
}

/// A receipt that names a case is not paid by lines of others alone.
fn may_be(payment: &Payment, lines: &Lines<'_>, of: &[usize]) -> bool {
    let is_insurers = of.iter().all(|l| lines.all[*l].insurer == payment.payer);
    let is_named = |l: &usize| lines.all[*l].case.is_some_and(|case| payment.cases.contains(&case));
    is_insurers && (payment.cases.is_empty() || of.iter().any(is_named))
}

/// All lines of one statement.
fn by_statement(payment: &Payment, lines: &Lines<'_>, free: &[usize]) -> Vec<Vec<usize>> {
    let near = free.iter().map(|l| &lines.all[*l]).map(|line| (line.statement.as_str(), line.insurer.as_str()));
    let near: BTreeSet<(&str, &str)> = near.collect();
    let statements = near.into_iter().filter_map(|statement| lines.of_statement.get(&statement));
    let whole = |of: &&Vec<usize>| of.len() > 1 && of.iter().all(|l| free.contains(l));
    let of_amount = statements.filter(|of| whole(of) && sum(lines, of) == payment.amount);
    of_amount.filter(|of| may_be(payment, lines, of)).cloned().collect()
}

/// One line.
fn by_line(payment: &Payment, lines: &Lines<'_>, free: &[usize]) -> Vec<Vec<usize>> {
    let one = free.iter().filter(|l| lines.all[**l].amount == payment.amount).map(|l| vec![*l]);
    one.filter(|of| may_be(payment, lines, of)).collect()
}

/// Takes the nearest first. Of candidates equally near, one is taken only if neither its receipt nor its lines stand in
/// another; a receipt that stands in several is told with all of them.
fn settle(
    mut candidates: Vec<Candidate>,
    payments: &[Payment],
    lines: &[Line],
    used: &mut BTreeSet<usize>,
    out: &mut Pairing,
) {
    candidates.sort_by_key(|c| (c.distance, c.payment));
    for near in candidates.chunk_by(|a, b| a.distance == b.distance) {
        let is_open = |c: &&Candidate| {
            let receipt = payments[c.payment].receipt;
            let done = out.told.contains_key(&receipt) || out.alike.contains_key(&receipt);
            !done && c.lines.iter().all(|l| !used.contains(l))
        };
        let open: Vec<&Candidate> = near.iter().filter(is_open).collect();
        let shares =
            |a: &Candidate, b: &Candidate| a.payment == b.payment || a.lines.iter().any(|line| b.lines.contains(line));
        let mut taken = Vec::new();
        for (at, candidate) in open.iter().enumerate() {
            let receipt = payments[candidate.payment].receipt;
            let facts: Vec<usize> = candidate.lines.iter().map(|l| lines[*l].at).collect();
            let alone = open.iter().enumerate().all(|(other, c)| other == at || !shares(candidate, c));
            if alone {
                out.told.insert(receipt, facts);
                taken.extend(candidate.lines.iter().copied());
            } else {
                out.alike.entry(receipt).or_default().extend(facts);
            }
        }
        used.extend(taken);
    }
}
