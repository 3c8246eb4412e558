//! One row with one row: nearest first, and a tie is never broken in silence.
//!
//! Rows that say the same (amount, date, what is compared) are taken together, so that a thousand receipts of 500.00 are
//! one candidate and not a thousand. Candidates are taken in order of rank: source, where the rules prefer one, then
//! difference, time apart, comparisons that differ. Within a rank, whoever has one candidate that has no other is matched; everything else is a tie.

use std::collections::{HashMap, HashSet};

use super::book::{Book, Bucket, Class, Entry, Extra, OpenReason};
use super::groups::{Groups, in_order};
use super::rules::{LEFT, Pass, RIGHT, Ties};
use super::side::{Moment, RowIndex};
use super::symbols::Symbol;

pub fn run(book: &mut Book<'_>, place: usize, pass: &Pass) {
    let groups = Groups::new(book, pass, true);
    for [left, right] in groups.both() {
        if let ([l], [r]) = (left, right) {
            if fits(book, pass, *l, *r) {
                close(book, place, pass, *l, *r);
            }
        } else {
            pair(book, place, pass, left, right);
        }
    }
}

/// Whether two rows may be matched by this pass.
pub fn fits(book: &Book<'_>, pass: &Pass, left: RowIndex, right: RowIndex) -> bool {
    let (l, r) = (book.sides[LEFT], book.sides[RIGHT]);
    pass.tolerance.covers(l.amount(left), r.amount(right))
        && pass.window.is_none_or(|w| w.holds(l.moment(left), r.moment(right), book.calendar))
        && !book.is_kept_apart(&[left], &[right])
}

/// How a match of two rows is to be called.
pub fn class_of(book: &Book<'_>, pass: &Pass, left: RowIndex, right: RowIndex) -> Class {
    let (l, r) = (book.sides[LEFT], book.sides[RIGHT]);
    let spelled_apart = |key: &usize| {
        let (left_key, right_key) = (&l.spelled[*key], &r.spelled[*key]);
        !left_key.is_empty() && !right_key.is_empty() && left_key[left as usize] != right_key[right as usize]
    };
    if l.amount(left) != r.amount(right) {
        Class::Tolerance
    } else if pass.keys.iter().any(spelled_apart) {
        Class::Fuzzy
    } else if !pass.keys.is_empty() && pass.window.is_some() && l.date(left) != r.date(right) {
        Class::Date
    } else {
        Class::Exact
    }
}

fn close<'b>(book: &'b mut Book<'_>, place: usize, pass: &Pass, left: RowIndex, right: RowIndex) -> &'b mut Entry {
    let class = class_of(book, pass, left, right);
    book.close(place, Bucket::Matched, class, &[left], &[right])
}

/// Rows of one side that nothing tells apart, in the declared order.
struct Alike {
    look: Look,
    rows: Vec<RowIndex>,
}

/// All that a pass can tell of a row.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Look {
    amount: i64,
    moment: Moment,
    /// Place of its source.
    rank: u16,
    compared: Vec<Symbol>,
    /// The row itself where it is kept apart from another: it is unlike any other.
    apart: Option<RowIndex>,
}

/// Place of the sources, difference of amounts, seconds apart, comparisons that differ.
type Rank = (u32, u64, u64, usize);

/// A left and a right kind of row that fit each other.
#[derive(Clone, Copy)]
struct Edge {
    rank: Rank,
    left: usize,
    right: usize,
}

fn pair(book: &mut Book<'_>, place: usize, pass: &Pass, left: &[RowIndex], right: &[RowIndex]) {
    let mut kinds = [alike(book, LEFT, left), alike(book, RIGHT, right)];
    let Some(edges) = edges(book, pass, &kinds) else {
        for (side, rows) in [left, right].into_iter().enumerate() {
            book.reasons[side].extend(rows.iter().map(|row| (*row, OpenReason::WorkLimit)));
        }
        return;
    };
    for run in edges.chunk_by(|a, b| a.rank == b.rank) {
        let open = |edge: &&Edge| !kinds[LEFT][edge.left].rows.is_empty() && !kinds[RIGHT][edge.right].rows.is_empty();
        let run: Vec<Edge> = run.iter().filter(open).copied().collect();
        for tied in components(&run) {
            settle(book, place, pass, &mut kinds, &tied);
        }
    }
}

fn alike(book: &Book<'_>, side: usize, rows: &[RowIndex]) -> Vec<Alike> {
    let columns = book.sides[side];
    let apart: HashSet<RowIndex> = book.never.iter().map(|pair| [pair.0, pair.1][side]).collect();
    let mut places: HashMap<Look, usize> = HashMap::new();
    let mut kinds: Vec<Alike> = Vec::new();
    for row in in_order(book, side, rows) {
        let look = Look {
            amount: columns.amount(row),
            moment: columns.moment(row),
            rank: columns.rank(row),
            compared: columns.compared.iter().map(|column| column[row as usize]).collect(),
            apart: apart.get(&row).copied(),
        };
        let place = *places.entry(look.clone()).or_insert(kinds.len());
        if place == kinds.len() {
            kinds.push(Alike { look, rows: Vec::new() });
        }
        kinds[place].rows.push(row);
    }
    // Taken from the end: the last is the first in order.
    kinds.iter_mut().for_each(|kind| kind.rows.reverse());
    kinds
}

/// All candidates in order of rank, or nothing where there are more than the rules allow.
fn edges(book: &Book<'_>, pass: &Pass, kinds: &[Vec<Alike>; 2]) -> Option<Vec<Edge>> {
    let mut by_amount: Vec<usize> = (0..kinds[RIGHT].len()).collect();
    by_amount.sort_by_key(|at| kinds[RIGHT][*at].look.amount);
    let mut edges = Vec::new();
    let mut work = 0_u64;
    for (left, l) in kinds[LEFT].iter().enumerate() {
        let (from, to) = pass.tolerance.range(l.look.amount);
        let start = by_amount.partition_point(|at| kinds[RIGHT][*at].look.amount < from);
        for right in by_amount[start..].iter().copied() {
            let r = &kinds[RIGHT][right];
            if r.look.amount > to {
                break;
            }
            work += 1;
            if work > pass.work {
                return None;
            }
            if fits(book, pass, l.rows[0], r.rows[0]) {
                edges.push(Edge { rank: rank(&l.look, &r.look), left, right });
            }
        }
    }
    edges.sort_by_key(|edge| (edge.rank, edge.left, edge.right));
    Some(edges)
}

fn rank(left: &Look, right: &Look) -> Rank {
    let differing = left.compared.iter().zip(&right.compared).filter(|(l, r)| l != r).count();
    let sources = u32::from(left.rank) + u32::from(right.rank);
    (sources, left.amount.abs_diff(right.amount), left.moment.apart(right.moment), differing)
}

/// Edges of one rank that hang together through a common end.
fn components(edges: &[Edge]) -> Vec<Vec<Edge>> {
    let mut lists: Vec<Vec<Edge>> = Vec::new();
    let mut of_end: [HashMap<usize, usize>; 2] = [HashMap::new(), HashMap::new()];
    for edge in edges {
        let ends = [edge.left, edge.right];
        let [left, right] = [0, 1].map(|side| of_end[side].get(&ends[side]).copied());
        let list = match (left, right) {
            (None, None) => {
                lists.push(Vec::new());
                lists.len() - 1
            }
            (Some(one), None) | (None, Some(one)) => one,
            (Some(one), Some(other)) if lists[one].len() < lists[other].len() => {
                join(&mut lists, &mut of_end, other, one)
            }
            (Some(one), Some(other)) => join(&mut lists, &mut of_end, one, other),
        };
        lists[list].push(*edge);
        for side in [LEFT, RIGHT] {
            of_end[side].insert(ends[side], list);
        }
    }
    lists.retain(|list| !list.is_empty());
    lists
}

/// Moves the shorter list into the longer one, so that no edge is moved often.
fn join(lists: &mut [Vec<Edge>], of_end: &mut [HashMap<usize, usize>; 2], into: usize, from: usize) -> usize {
    if into != from {
        let moved = std::mem::take(&mut lists[from]);
        for edge in &moved {
            of_end[LEFT].insert(edge.left, into);
            of_end[RIGHT].insert(edge.right, into);
        }
        lists[into].extend(moved);
    }
    into
}

/// Edges of one rank that hang together: a clear pair, copies of one key, or another tie.
fn settle(book: &mut Book<'_>, place: usize, pass: &Pass, kinds: &mut [Vec<Alike>; 2], edges: &[Edge]) {
    let is_one = edges.len() == 1;
    let sizes = |e: &Edge| [kinds[LEFT][e.left].rows.len(), kinds[RIGHT][e.right].rows.len()];
    let is_clear = is_one && sizes(&edges[0]) == [1, 1];
    let are_copies = is_one && !is_clear && !pass.keys.is_empty();
    let is_paired = match pass.ties {
        Ties::Flag => true,
        Ties::Copies => is_clear || are_copies,
        Ties::Leave => is_clear,
    };
    if !is_paired {
        let rows = leave(book, place, kinds, edges);
        if pass.ties == Ties::Leave {
            rows.into_iter().zip(&mut book.left_tied).for_each(|(rows, tied)| tied.extend(rows));
        }
        return;
    }
    let mut edges = edges.to_vec();
    edges.sort_by_key(|edge| (edge.left, edge.right));
    for edge in edges {
        while let (Some(left), Some(right)) =
            (kinds[LEFT][edge.left].rows.last().copied(), kinds[RIGHT][edge.right].rows.last().copied())
        {
            kinds[LEFT][edge.left].rows.pop();
            kinds[RIGHT][edge.right].rows.pop();
            let entry = close(book, place, pass, left, right);
            entry.tie = are_copies;
            entry.ambiguous = !is_clear && !are_copies;
        }
    }
}

/// A tie that is left: all its rows are shown together, and no later rank of this pass takes them.
fn leave(book: &mut Book<'_>, place: usize, kinds: &mut [Vec<Alike>; 2], edges: &[Edge]) -> [Vec<RowIndex>; 2] {
    let mut edges = edges.to_vec();
    edges.sort_by_key(|edge| (edge.left, edge.right));
    let of = |kind: &Alike| kind.rows.iter().rev().take(CHOICES).copied().collect::<Vec<RowIndex>>();
    let pairs = |edge: &Edge| {
        let (lefts, rights) = (of(&kinds[LEFT][edge.left]), of(&kinds[RIGHT][edge.right]));
        lefts.into_iter().flat_map(move |left| rights.clone().into_iter().map(move |right| [vec![left], vec![right]]))
    };
    let choices = edges.iter().flat_map(pairs).take(CHOICES).collect();
    let mut rows: [Vec<RowIndex>; 2] = [Vec::new(), Vec::new()];
    for edge in &edges {
        rows[LEFT].append(&mut kinds[LEFT][edge.left].rows);
        rows[RIGHT].append(&mut kinds[RIGHT][edge.right].rows);
    }
    let rows = [0, 1].map(|side| in_order(book, side, &rows[side]));
    book.suspect(place, rows.clone(), Extra { choices, reason: Some(OpenReason::Ambiguous), ..Extra::default() });
    rows
}

/// Choices of a tie that are shown; its rows are all there anyway.
const CHOICES: usize = 8;
