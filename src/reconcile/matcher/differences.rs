//! Rows of one key that no other pass could match: told together, with what differs.

use super::book::{Book, Bucket, Class, OpenReason};
use super::groups::{Groups, in_order};
use super::rules::{LEFT, Pass, RIGHT};
use super::side::RowIndex;
use super::sums::{by_currency, in_window};

pub fn run(book: &mut Book<'_>, place: usize, pass: &Pass) {
    let groups = Groups::new(book, pass, !pass.all_currencies);
    for [left, right] in groups.both() {
        let (mut left, mut right) = (comparable(book, pass, LEFT, left), comparable(book, pass, RIGHT, right));
        if pass.pairs {
            for [l, r] in nearest(book, &left, &right) {
                close(book, place, pass, &[l], &[r]);
                left.retain(|row| *row != l);
                right.retain(|row| *row != r);
            }
        }
        if !left.is_empty() && !right.is_empty() {
            close(book, place, pass, &left, &right);
        }
    }
}

/// Rows of which the window can be checked and that the rules do not leave as ties, in order. Of the others it is not known
/// with whom they differ.
fn comparable(book: &mut Book<'_>, pass: &Pass, side: usize, rows: &[RowIndex]) -> Vec<RowIndex> {
    let can = |row: &RowIndex| pass.window.is_none_or(|w| w.can_be_checked(book.sides[side].moment(*row)));
    let (datable, undated): (Vec<RowIndex>, Vec<RowIndex>) = rows.iter().partition(|row| can(row));
    let datable: Vec<RowIndex> = datable.into_iter().filter(|row| !book.left_tied[side].contains(row)).collect();
    let datable = in_order(book, side, &datable);
    book.reasons[side].extend(undated.into_iter().map(|row| (row, OpenReason::NoDate)));
    datable
}

fn close(book: &mut Book<'_>, place: usize, pass: &Pass, left: &[RowIndex], right: &[RowIndex]) {
    if book.is_kept_apart(left, right) {
        return;
    }
    let sums = by_currency(book, left, right);
    let same = sums.values().all(|[l, r]| pass.tolerance.covers(*l, *r));
    if pass.one_fault && !same && !in_window(book, pass, left, right) {
        return;
    }
    let bucket = if same { Bucket::TimingDiff } else { Bucket::AmountDiff };
    book.close(place, bucket, Class::None, left, right);
    if pass.all_currencies && sums.len() > 1 {
        book.extra().by_currency = sums.iter().map(|(currency, [l, r])| (*currency, l - r)).collect();
    }
}

/// Most pairs that are held against each other; where there are more the rows are told together.
const PAIRS: usize = 10_000;

/// Pairs by difference, then by days. None from where two are equally near: what is left is told together.
fn nearest(book: &Book<'_>, left: &[RowIndex], right: &[RowIndex]) -> Vec<[RowIndex; 2]> {
    if left.len().saturating_mul(right.len()) > PAIRS {
        return Vec::new();
    }
    let rank = |l: RowIndex, r: RowIndex| {
        let (left, right) = (book.sides[LEFT], book.sides[RIGHT]);
        (left.amount(l).abs_diff(right.amount(r)), left.moment(l).apart(right.moment(r)))
    };
    let mut all: Vec<_> = left.iter().flat_map(|l| right.iter().map(move |r| (rank(*l, *r), [*l, *r]))).collect();
    all.sort_by_key(|(rank, _)| *rank);
    let mut pairs: Vec<[RowIndex; 2]> = Vec::new();
    for equal in all.chunk_by(|a, b| a.0 == b.0) {
        let is_open =
            |pair: &[RowIndex; 2]| pairs.iter().all(|taken| taken[LEFT] != pair[LEFT] && taken[RIGHT] != pair[RIGHT]);
        let open: Vec<[RowIndex; 2]> = equal.iter().map(|(_, pair)| *pair).filter(is_open).collect();
        let meets = |a: &[RowIndex; 2], b: &[RowIndex; 2]| a != b && (a[LEFT] == b[LEFT] || a[RIGHT] == b[RIGHT]);
        if open.iter().any(|a| open.iter().any(|b| meets(a, b))) {
            return pairs;
        }
        pairs.extend(open);
    }
    pairs
}
