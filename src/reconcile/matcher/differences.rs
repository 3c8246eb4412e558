//! Rows of one key that no other pass could match: told together, with what differs.

use super::book::{Book, Bucket, Class};
use super::groups::{Groups, in_order};
use super::rules::{LEFT, Pass, RIGHT};
use super::sums::by_currency;

pub fn run(book: &mut Book<'_>, place: usize, pass: &Pass) {
    let groups = Groups::new(book, pass, !pass.all_currencies);
    for [left, right] in groups.both() {
        if book.is_kept_apart(left, right) {
            continue;
        }
        let (left, right) = (in_order(book, LEFT, left), in_order(book, RIGHT, right));
        let sums = by_currency(book, &left, &right);
        let same = sums.values().all(|[l, r]| pass.tolerance.covers(*l, *r));
        let bucket = if same { Bucket::TimingDiff } else { Bucket::AmountDiff };
        book.close(place, bucket, Class::None, &left, &right);
        if pass.all_currencies && sums.len() > 1 {
            book.extra().by_currency = sums.iter().map(|(currency, [l, r])| (*currency, l - r)).collect();
        }
    }
}
