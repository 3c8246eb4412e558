//! All rows of a key, or of a pool, on both sides: closed together where their sums are equal.

use std::collections::BTreeMap;

use super::book::{Book, Bucket, Class, OpenReason};
use super::groups::{Groups, in_order};
use super::one_to_one::{class_of, fits};
use super::rules::{LEFT, Many, Pass, PassKind, RIGHT};
use super::side::{Moment, RowIndex};
use super::subsets;
use super::symbols::Symbol;

pub fn run(book: &mut Book<'_>, place: usize, pass: &Pass) {
    let groups = Groups::new(book, pass, !pass.all_currencies);
    for [left, right] in groups.both() {
        if let ([l], [r]) = (left, right) {
            if fits(book, pass, *l, *r) && balances(book, pass, left, right) {
                let class = class_of(book, pass, *l, *r);
                book.close(place, Bucket::Matched, class, left, right);
            }
        } else if is_several(pass, left, right) {
            book.close(
                place,
                Bucket::Ambiguous,
                Class::None,
                &in_order(book, LEFT, left),
                &in_order(book, RIGHT, right),
            );
            book.extra().reason = Some(OpenReason::Ambiguous);
        } else if balances(book, pass, left, right) && in_window(book, pass, left, right) {
            close(book, place, pass, left, right);
        }
    }
}

/// Whether a key stands more than once on a side on which the rules want it once: which row is meant is not known.
fn is_several(pass: &Pass, left: &[RowIndex], right: &[RowIndex]) -> bool {
    match pass.many {
        Many::Right => left.len() > 1,
        Many::Left => right.len() > 1,
        Many::Both | Many::Sets => false,
    }
}

fn close(book: &mut Book<'_>, place: usize, pass: &Pass, left: &[RowIndex], right: &[RowIndex]) {
    let (left, right) = (in_order(book, LEFT, left), in_order(book, RIGHT, right));
    let is_exact = book.sum(LEFT, &left) == book.sum(RIGHT, &right);
    // Inside a pool that balances the assignment is only suggested.
    let suggested = match pass.kind {
        PassKind::Pools => subsets::certain(book, pass, &left, &right),
        _ => Vec::new(),
    };
    let class = if is_exact { Class::Group } else { Class::Tolerance };
    book.close(place, Bucket::Matched, class, &left, &right);
    if !suggested.is_empty() {
        book.extra().suggested = suggested;
    }
}

/// Whether the sums of both sides are equal within the tolerance; of each currency, where the pass says so.
fn balances(book: &Book<'_>, pass: &Pass, left: &[RowIndex], right: &[RowIndex]) -> bool {
    if book.is_kept_apart(left, right) {
        return false;
    }
    if pass.all_currencies {
        return by_currency(book, left, right).values().all(|[l, r]| pass.tolerance.covers(*l, *r));
    }
    pass.tolerance.covers(book.sum(LEFT, left), book.sum(RIGHT, right))
}

/// Sums of both sides by currency.
pub fn by_currency(book: &Book<'_>, left: &[RowIndex], right: &[RowIndex]) -> BTreeMap<Symbol, [i64; 2]> {
    let mut sums: BTreeMap<Symbol, [i64; 2]> = BTreeMap::new();
    for (side, rows) in [left, right].into_iter().enumerate() {
        for row in rows {
            sums.entry(book.sides[side].currencies[*row as usize]).or_default()[side] += book.sides[side].amount(*row);
        }
    }
    sums
}

/// Whether every row of one side may stand with every row of the other: the first and the last of each side decide.
pub fn in_window(book: &Book<'_>, pass: &Pass, left: &[RowIndex], right: &[RowIndex]) -> bool {
    let Some(window) = pass.window else { return true };
    let ends = |side: usize, rows: &[RowIndex]| -> Option<[Moment; 2]> {
        let moments = || rows.iter().map(|row| book.sides[side].moment(*row));
        if moments().any(|moment| !moment.is_known()) {
            return None;
        }
        Some([moments().min_by_key(|m| m.seconds().0)?, moments().max_by_key(|m| m.seconds().1)?])
    };
    let (Some(l), Some(r)) = (ends(LEFT, left), ends(RIGHT, right)) else { return false };
    l.iter().all(|l| r.iter().all(|r| window.holds(*l, *r, book.calendar)))
}
