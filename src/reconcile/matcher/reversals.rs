//! Pairs inside one side that cancel each other: a settlement and its reversal (负结算, 红冲), a receipt and its refund.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Book, Bucket, Class, Entry, OpenReason};
use super::groups::{Groups, in_order};
use super::rules::{LEFT, Pass, RIGHT, Ties};
use super::side::RowIndex;

pub fn run(book: &mut Book<'_>, place: usize, pass: &Pass) {
    let groups = Groups::new(book, pass, true);
    for side in [LEFT, RIGHT] {
        for group in 0..groups.len() {
            let rows = groups.side(side, group);
            if pass.whole && rows.len() > 2 && book.sum(side, rows) == 0 {
                let rows = in_order(book, side, rows);
                close(book, place, side, Class::Group, &rows);
            } else if rows.len() > 1 {
                cancel(book, place, pass, side, rows);
            }
        }
    }
}

/// Rows of one size: those above zero and those below, in order.
type Signs = [Vec<RowIndex>; 2];

fn cancel(book: &mut Book<'_>, place: usize, pass: &Pass, side: usize, rows: &[RowIndex]) {
    let mut sizes: BTreeMap<u64, Signs> = BTreeMap::new();
    for row in in_order(book, side, rows) {
        let amount = book.sides[side].amount(row);
        if amount != 0 {
            sizes.entry(amount.unsigned_abs()).or_default()[usize::from(amount < 0)].push(row);
        }
    }
    for [plus, minus] in sizes.into_values().filter(|[plus, minus]| !plus.is_empty() && !minus.is_empty()) {
        // Without a key a reversal is known only where it can be no other.
        if pass.keys.is_empty() && (plus.len(), minus.len()) != (1, 1) {
            book.reasons[side].extend(plus.iter().chain(&minus).map(|row| (*row, OpenReason::Ambiguous)));
            continue;
        }
        let mut open: BTreeSet<usize> = (0..plus.len()).collect();
        for reversal in minus {
            let Some(at) = reversed(book, pass, side, &plus, &open, reversal) else { continue };
            // Another one of the same day would do as well: the id decides. They lie in order of date.
            let moment = |at: &usize| book.sides[side].moment(plus[*at]);
            let neighbours = [open.range(..at).next_back(), open.range(at + 1..).next()];
            let tie = neighbours.into_iter().flatten().any(|other| moment(other) == moment(&at));
            if tie && pass.ties == Ties::Leave {
                let equals = plus.iter().filter(|row| book.sides[side].moment(**row) == moment(&at));
                let equals: Vec<RowIndex> = equals.copied().chain([reversal]).collect();
                book.reasons[side].extend(equals.into_iter().map(|row| (row, OpenReason::Ambiguous)));
                continue;
            }
            open.remove(&at);
            close(book, place, side, Class::Reversal, &[plus[at], reversal]).tie = tie;
        }
    }
}

fn close<'b>(book: &'b mut Book<'_>, place: usize, side: usize, class: Class, rows: &[RowIndex]) -> &'b mut Entry {
    let (left, right) = if side == LEFT { (rows, &[][..]) } else { (&[][..], rows) };
    book.close(place, Bucket::Matched, class, left, right)
}

/// What a reversal takes back: the newest before it, else the first behind it. They lie in order of date, so where the
/// nearest one is too far away all others are.
fn reversed(
    book: &Book<'_>,
    pass: &Pass,
    side: usize,
    plus: &[RowIndex],
    open: &BTreeSet<usize>,
    reversal: RowIndex,
) -> Option<usize> {
    let moment = |row: RowIndex| book.sides[side].moment(row);
    let allowed = |at: &usize| {
        pass.window.is_none_or(|w| w.holds_within_a_side(moment(plus[*at]), moment(reversal), book.calendar))
    };
    let behind = plus.partition_point(|row| moment(*row) <= moment(reversal));
    let before = open.range(..behind).next_back().copied().filter(allowed);
    before.or_else(|| open.range(behind..).next().copied().filter(allowed))
}
