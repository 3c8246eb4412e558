//! What the accountant decided, applied before anything else; a decision that no longer fits moves nothing and is told.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::allocate::{self, Chain};
use super::book::{Book, Bucket, Class};
use super::groups::in_order;
use super::rules::{Decision, DecisionKind, LEFT, Pass, RIGHT};
use super::side::{RowIndex, Skip};
use super::sums::by_currency;

/// How a decision stands towards the rows of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Applied,
    /// Its last day has passed.
    Expired,
    /// No open row has one of its ids.
    RowUnknown,
    /// The rows are of different currencies: no amount says that they belong together.
    CurrencyDiffers,
    /// The rows differ by another amount than the one accepted.
    AmountDiffers {
        diff: i64,
    },
    /// More is allocated than the row has.
    TooMuch {
        open: i64,
    },
}

impl Standing {
    pub fn id(self) -> &'static str {
        match self {
            Standing::Applied => "applied",
            Standing::Expired => "expired",
            Standing::RowUnknown => "row_unknown",
            Standing::CurrencyDiffers => "currency_differs",
            Standing::AmountDiffers { .. } => "amount_differs",
            Standing::TooMuch { .. } => "too_much",
        }
    }
}

/// Applies all decisions of the rules. Returns how each stands, and the rows set aside.
pub fn run(
    book: &mut Book<'_>,
    place: usize,
    pass: &Pass,
    as_of: Option<NaiveDate>,
) -> (Vec<Standing>, Vec<(usize, RowIndex, Skip)>) {
    let rules = book.rules;
    let ids = Ids::new(book);
    let mut aside = Vec::new();
    let mut payments: Vec<(RowIndex, RowIndex, i64)> = Vec::new();
    let mut standings = Vec::new();
    for decision in &rules.decisions {
        let is_over = decision.until.zip(as_of).is_some_and(|(until, today)| until < today);
        // What pays or is paid by a decision is closed at the end, and no other one may take it before.
        let is_paid =
            |[left, right]: &[Vec<RowIndex>; 2]| payments.iter().any(|(l, r, _)| left.contains(l) || right.contains(r));
        let rows = ids.rows(book, decision).filter(|rows| decision.kind == DecisionKind::Allocate || !is_paid(rows));
        standings.push(match (is_over, rows, decision.kind) {
            (true, ..) => Standing::Expired,
            (_, None, _) => Standing::RowUnknown,
            (_, Some([left, right]), DecisionKind::Match) => {
                belong_together(book, place, pass, decision, &left, &right)
            }
            (_, Some([left, right]), DecisionKind::Never) => {
                let pairs = left.iter().flat_map(|l| right.iter().map(|r| (*l, *r)));
                book.never.extend(pairs);
                Standing::Applied
            }
            (_, Some([left, right]), DecisionKind::Allocate) => pay(book, decision, &left, &right, &mut payments),
            (_, Some(rows), DecisionKind::SetAside) => {
                for (side, rows) in rows.into_iter().enumerate() {
                    for row in rows {
                        book.set_aside(side, row);
                        aside.push((side, row, Skip::SetAside));
                    }
                }
                Standing::Applied
            }
        });
    }
    for chain in chains(book, &payments) {
        allocate::close(book, place, chain);
    }
    (standings, aside)
}

/// Rows of each side by id.
struct Ids([HashMap<String, Vec<RowIndex>>; 2]);

impl Ids {
    /// Only the ids that some decision names.
    fn new(book: &Book<'_>) -> Ids {
        let mut ids = [HashMap::new(), HashMap::new()];
        for (side, ids) in ids.iter_mut().enumerate() {
            for id in book.rules.decisions.iter().flat_map(|d| &d.rows[side]) {
                ids.insert(id.clone(), Vec::new());
            }
            if !ids.is_empty() {
                for row in book.open(side) {
                    if let Some(rows) = ids.get_mut(book.sides[side].id(row)) {
                        rows.push(row);
                    }
                }
            }
        }
        Ids(ids)
    }

    /// The open rows that a decision names; nothing unless it names some, and each id just one.
    fn rows(&self, book: &Book<'_>, decision: &Decision) -> Option<[Vec<RowIndex>; 2]> {
        let of_side = |side: usize| -> Option<Vec<RowIndex>> {
            let one = |id: &String| match self.0[side].get(id).map(Vec::as_slice) {
                Some([row]) if book.is_open(side, *row) => Some(*row),
                _ => None,
            };
            let mut rows: Vec<RowIndex> = decision.rows[side].iter().map(one).collect::<Option<_>>()?;
            rows.sort_unstable();
            rows.dedup();
            Some(in_order(book, side, &rows))
        };
        Some([of_side(LEFT)?, of_side(RIGHT)?]).filter(|rows| !rows.concat().is_empty())
    }
}

fn belong_together(
    book: &mut Book<'_>,
    place: usize,
    pass: &Pass,
    decision: &Decision,
    left: &[RowIndex],
    right: &[RowIndex],
) -> Standing {
    let (l, r) = (book.sum(LEFT, left), book.sum(RIGHT, right));
    if has_several_currencies(book, left, right) {
        return Standing::CurrencyDiffers;
    }
    if !pass.tolerance.covers(l, r) && decision.amount != Some(l - r) {
        return Standing::AmountDiffers { diff: l - r };
    }
    book.close(place, Bucket::Matched, Class::Decided, left, right);
    Standing::Applied
}

fn has_several_currencies(book: &Book<'_>, left: &[RowIndex], right: &[RowIndex]) -> bool {
    by_currency(book, left, right).len() > 1
}

/// Notes how much of a right row pays a left one; where none is named, the only open left row of its keys.
fn pay(
    book: &Book<'_>,
    decision: &Decision,
    left: &[RowIndex],
    right: &[RowIndex],
    payments: &mut Vec<(RowIndex, RowIndex, i64)>,
) -> Standing {
    let [right] = right else { return Standing::RowUnknown };
    let same_keys = |row: &RowIndex| {
        let keys = &book.sides[LEFT].keys;
        (0..keys.len()).all(|key| {
            keys[key][*row as usize] == book.sides[RIGHT].keys[key][*right as usize]
                && !book.sides[LEFT].is_blank(key, *row)
        })
    };
    let left = match left {
        [left] => *left,
        [] => {
            let mut fitting = book.open(LEFT).filter(same_keys);
            match (fitting.next(), fitting.next()) {
                (Some(left), None) => left,
                _ => return Standing::RowUnknown,
            }
        }
        _ => return Standing::RowUnknown,
    };
    if has_several_currencies(book, &[left], &[*right]) {
        return Standing::CurrencyDiffers;
    }
    let taken =
        |side: usize, row: RowIndex| -> i64 { payments.iter().filter(|p| [p.0, p.1][side] == row).map(|p| p.2).sum() };
    let open = [(LEFT, left), (RIGHT, *right)].map(|(s, row)| book.sides[s].amount(row) - taken(s, row));
    let amount = decision.amount.unwrap_or(open[RIGHT]);
    let exceeds = |open: i64| amount.unsigned_abs() > open.unsigned_abs() || (amount < 0) != (open < 0);
    if exceeds(open[RIGHT]) || exceeds(open[LEFT]) {
        let least = if open[LEFT].unsigned_abs() < open[RIGHT].unsigned_abs() { open[LEFT] } else { open[RIGHT] };
        return Standing::TooMuch { open: least };
    }
    payments.push((left, *right, amount));
    Standing::Applied
}

/// Payments that share a row belong to one entry.
fn chains(book: &Book<'_>, payments: &[(RowIndex, RowIndex, i64)]) -> Vec<Chain> {
    let mut chains: Vec<Chain> = Vec::new();
    for (left, right, amount) in payments {
        let touches = |c: &Chain| c.rows[LEFT].contains(left) || c.rows[RIGHT].contains(right);
        let (together, apart): (Vec<Chain>, Vec<Chain>) = chains.into_iter().partition(touches);
        let mut chain = Chain::default();
        for other in together {
            chain.allocations.extend(other.allocations);
        }
        chain.allocations.push((*left, *right, *amount));
        let rows = |side: usize| {
            let mut rows: Vec<RowIndex> = chain.allocations.iter().map(|a| [a.0, a.1][side]).collect();
            rows.sort_unstable();
            rows.dedup();
            in_order(book, side, &rows)
        };
        chain.rows = [rows(LEFT), rows(RIGHT)];
        chains = apart;
        chains.push(chain);
    }
    for chain in &mut chains {
        for side in [LEFT, RIGHT] {
            for row in &chain.rows[side] {
                let used: i64 = chain.allocations.iter().filter(|a| [a.0, a.1][side] == *row).map(|a| a.2).sum();
                let rest = book.sides[side].amount(*row) - used;
                if rest != 0 {
                    chain.residuals[side].push((*row, rest));
                }
            }
        }
    }
    chains
}
