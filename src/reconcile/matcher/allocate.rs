//! Oldest first: each right row pays the left rows of its key in order of age; what is left over is a residual.

use super::book::{Book, Bucket, Class, Entry};
use super::groups::{Groups, in_order};
use super::rules::{LEFT, Pass, RIGHT};
use super::side::RowIndex;

pub fn run(book: &mut Book<'_>, place: usize, pass: &Pass) {
    let groups = Groups::new(book, pass, true);
    for [left, right] in groups.both() {
        if book.is_kept_apart(left, right) {
            continue;
        }
        // A credit pays a debt of its own sign only: a refund never settles an order.
        for negative in [false, true] {
            let of_sign = |side: usize, rows: &[RowIndex]| -> Vec<RowIndex> {
                let is = |row: &RowIndex| {
                    let amount = book.sides[side].amount(*row);
                    amount != 0 && (amount < 0) == negative
                };
                in_order(book, side, rows).into_iter().filter(is).collect()
            };
            let (left, right) = (of_sign(LEFT, left), of_sign(RIGHT, right));
            let chains = chains(book, &left, &right);
            let count = chains.len();
            let mut ends = [0; 2];
            for (at, mut chain) in chains.into_iter().enumerate() {
                // Chains take the rows of both sides one after the other.
                [LEFT, RIGHT].into_iter().for_each(|side| ends[side] += chain.rows[side].len());
                let tie = is_tie(book, &chain, [&left, &right], ends, at + 1 == count);
                let is_over = chain.residuals.iter().any(|rest| !rest.is_empty());
                let (l, r) = (book.sum(LEFT, &chain.rows[LEFT]), book.sum(RIGHT, &chain.rows[RIGHT]));
                if is_over && pass.tolerance.covers(l, r) {
                    chain.residuals = [Vec::new(), Vec::new()];
                    close(book, place, chain).tie = tie;
                } else if !is_over || !pass.whole {
                    close(book, place, chain).tie = tie;
                }
            }
        }
    }
}

/// Whether what stays open of a chain, or behind it, is open only because of its id: another row is as old. `ends`: where the
/// chain's rows end on each side.
fn is_tie(book: &Book<'_>, chain: &Chain, sides: [&[RowIndex]; 2], ends: [usize; 2], is_last: bool) -> bool {
    sides.into_iter().enumerate().any(|(side, rows)| {
        let Some(at) = ends[side].checked_sub(1) else { return false };
        let is_as_old = |other: usize| {
            rows.get(other).is_some_and(|row| book.sides[side].moment(*row) == book.sides[side].moment(rows[at]))
        };
        let has_rest = !chain.residuals[side].is_empty();
        is_as_old(at + 1) && (has_rest || is_last) || has_rest && at > 0 && is_as_old(at - 1)
    })
}

/// Left and right rows that pay each other, and how much of each.
#[derive(Debug, Default)]
pub struct Chain {
    pub rows: [Vec<RowIndex>; 2],
    pub allocations: Vec<(RowIndex, RowIndex, i64)>,
    pub residuals: [Vec<(RowIndex, i64)>; 2],
}

/// Fills the left rows with the right ones, both in order of age. A new chain begins where both are used up.
fn chains(book: &Book<'_>, left: &[RowIndex], right: &[RowIndex]) -> Vec<Chain> {
    let mut chains = Vec::new();
    let mut chain = Chain::default();
    let rest = |side: usize, rows: &[RowIndex], at: usize| rows.get(at).map_or(0, |row| book.sides[side].amount(*row));
    let (mut l, mut r) = (0, 0);
    let (mut due, mut paid) = (rest(LEFT, left, 0), rest(RIGHT, right, 0));
    while l < left.len() && r < right.len() {
        let part = if due.unsigned_abs() < paid.unsigned_abs() { due } else { paid };
        push(&mut chain.rows[LEFT], left[l]);
        push(&mut chain.rows[RIGHT], right[r]);
        chain.allocations.push((left[l], right[r], part));
        due -= part;
        paid -= part;
        if due == 0 {
            l += 1;
        }
        if paid == 0 {
            r += 1;
        }
        if due == 0 && paid == 0 {
            chains.push(std::mem::take(&mut chain));
        }
        due = if due == 0 { rest(LEFT, left, l) } else { due };
        paid = if paid == 0 { rest(RIGHT, right, r) } else { paid };
    }
    if !chain.allocations.is_empty() {
        // The last row of a chain that ends with a residual is the one that is not used up.
        let used = |rows: &[RowIndex], at: usize| rows.get(at).copied();
        chain.residuals[LEFT].extend(used(left, l).filter(|row| chain.rows[LEFT].contains(row)).map(|row| (row, due)));
        chain.residuals[RIGHT]
            .extend(used(right, r).filter(|row| chain.rows[RIGHT].contains(row)).map(|row| (row, paid)));
        chains.push(chain);
    }
    chains
}

fn push(rows: &mut Vec<RowIndex>, row: RowIndex) {
    if rows.last() != Some(&row) {
        rows.push(row);
    }
}

/// Closes a chain; its class says on which side something is left.
pub fn close<'b>(book: &'b mut Book<'_>, place: usize, chain: Chain) -> &'b mut Entry {
    let is_equal = book.sum(LEFT, &chain.rows[LEFT]) == book.sum(RIGHT, &chain.rows[RIGHT]);
    let class = match (chain.residuals[LEFT].is_empty(), chain.residuals[RIGHT].is_empty()) {
        (true, true) if is_equal => Class::Allocated,
        (true, true) => Class::Tolerance,
        (false, _) => Class::Partial,
        (true, false) => Class::Overpaid,
    };
    book.close(place, Bucket::Matched, class, &chain.rows[LEFT], &chain.rows[RIGHT]);
    let extra = book.extra();
    extra.allocations = chain.allocations;
    extra.residuals = chain.residuals;
    let last = book.entries.len() - 1; // closed above
    &mut book.entries[last]
}
