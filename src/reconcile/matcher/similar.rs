//! One row with one row by the words of a key: names that say much the same. Who is nearest to each other is matched,
//! as `fuzzy`; whoever is equally near to several is ambiguous.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Book, Bucket, Class, Extra, OpenReason};
use super::groups::{Groups, in_order};
use super::one_to_one::fits;
use super::rules::{LEFT, Pass, RIGHT};
use super::side::RowIndex;

pub fn run(book: &mut Book<'_>, place: usize, pass: &Pass) {
    let (worded, equal): (Vec<usize>, Vec<usize>) =
        pass.keys.iter().partition(|key| book.rules.keys[**key].normal.words);
    let groups = Groups::new(book, &Pass { keys: equal, ..pass.clone() }, true);
    for [left, right] in groups.both() {
        if (left.len() as u64).saturating_mul(right.len() as u64) > pass.work {
            for (side, rows) in [left, right].into_iter().enumerate() {
                book.reasons[side].extend(rows.iter().map(|row| (*row, OpenReason::WorkLimit)));
            }
        } else {
            pair(book, place, pass, &worded, [left, right]);
        }
    }
}

/// Two rows and how near they are, in millionths.
type Near = (i64, [RowIndex; 2]);

fn pair(book: &mut Book<'_>, place: usize, pass: &Pass, worded: &[usize], rows: [&[RowIndex]; 2]) {
    let rows = [LEFT, RIGHT].map(|side| in_order(book, side, rows[side]));
    let mut all: Vec<Near> = Vec::new();
    for left in &rows[LEFT] {
        for right in rows[RIGHT].iter().filter(|right| fits(book, pass, *left, **right)) {
            if let Some(score) = score(book, pass, worded, *left, *right) {
                all.push((score, [*left, *right]));
            }
        }
    }
    all.sort_by_key(|(score, _)| -score);
    let mut taken: [BTreeSet<RowIndex>; 2] = [BTreeSet::new(), BTreeSet::new()];
    for equal in all.chunk_by(|a, b| a.0 == b.0) {
        let is_open = |pair: &[RowIndex; 2]| !taken[LEFT].contains(&pair[LEFT]) && !taken[RIGHT].contains(&pair[RIGHT]);
        let open: Vec<[RowIndex; 2]> = equal.iter().map(|(_, pair)| *pair).filter(is_open).collect();
        let mut times: [BTreeMap<RowIndex, usize>; 2] = [BTreeMap::new(), BTreeMap::new()];
        for (side, times) in times.iter_mut().enumerate() {
            open.iter().for_each(|pair| *times.entry(pair[side]).or_insert(0) += 1);
            taken[side].extend(times.keys());
        }
        let is_only = |pair: &&[RowIndex; 2]| (0..2).all(|side| times[side][&pair[side]] == 1);
        let (clear, tied): (Vec<&[RowIndex; 2]>, Vec<&[RowIndex; 2]>) = open.iter().partition(is_only);
        for [left, right] in clear {
            let is_equal = book.sides[LEFT].amount(*left) == book.sides[RIGHT].amount(*right);
            let class = if is_equal { Class::Fuzzy } else { Class::Tolerance };
            book.close(place, Bucket::Matched, class, &[*left], &[*right]);
        }
        if !tied.is_empty() {
            let side = |side: usize| {
                let rows: BTreeSet<RowIndex> = tied.iter().map(|pair| pair[side]).collect();
                in_order(book, side, &rows.into_iter().collect::<Vec<_>>())
            };
            let choices =
                tied.iter().map(|pair| [vec![pair[LEFT]], vec![pair[RIGHT]]]).take(pass.alternatives).collect();
            let extra = Extra { choices, reason: Some(OpenReason::Ambiguous), ..Extra::default() };
            let rows = [side(LEFT), side(RIGHT)];
            book.suspect(place, rows, extra);
        }
    }
}

/// The share of words that both have, of the key that has least; nothing where a key is not similar enough.
fn score(book: &Book<'_>, pass: &Pass, worded: &[usize], left: RowIndex, right: RowIndex) -> Option<i64> {
    let mut least = None;
    for key in worded {
        let (l, r) = (&book.sides[LEFT].words[*key][left as usize], &book.sides[RIGHT].words[*key][right as usize]);
        let shared = l.iter().filter(|word| r.contains(word)).count();
        let all = l.len() + r.len() - shared;
        if shared == 0 {
            return None;
        }
        let share = i64::try_from(shared * 1_000_000 / all).unwrap_or(0); // words of a cell are few
        let is_within = pass.contains && shared == l.len().min(r.len());
        if share <= pass.similar && !is_within {
            return None;
        }
        least = Some(least.map_or(share, |least: i64| least.min(share)));
    }
    least
}
