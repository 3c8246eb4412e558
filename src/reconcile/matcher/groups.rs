//! Open rows brought together by the keys of a pass: each pass looks at one group at a time.

use std::collections::HashMap;

use super::book::Book;
use super::rules::{LEFT, Pass, RIGHT};
use super::side::RowIndex;
use super::symbols::{BLANK, Symbol};

/// Groups of open rows that share a pass's keys and their currency. Rows with a blank key are in none.
pub struct Groups {
    starts: [Vec<u32>; 2],
    rows: [Vec<RowIndex>; 2],
}

/// The number of a group; [`NONE`] for rows that belong to none.
type Group = u32;
const NONE: Group = u32::MAX;

impl Groups {
    /// Groups of the pass. With `by_currency` rows of different currencies never share a group.
    pub fn new(book: &Book<'_>, pass: &Pass, by_currency: bool) -> Groups {
        let mut numbers = [vec![NONE; book.sides[LEFT].len()], vec![NONE; book.sides[RIGHT].len()]];
        for side in [LEFT, RIGHT] {
            for row in book.open(side) {
                numbers[side][row as usize] = 0;
            }
        }
        let mut count = 1;
        for key in &pass.keys {
            let blank_joins = book.rules.keys[*key].blank_equals_blank;
            count = refine(&mut numbers, count, |side, row| match book.sides[side].keys[*key][row] {
                BLANK if !blank_joins => None,
                symbol => Some(symbol),
            });
        }
        if by_currency && has_several_currencies(book) {
            count = refine(&mut numbers, count, |side, row| Some(book.sides[side].currencies[row]));
        }
        Groups::sorted(&numbers, count)
    }

    /// Rows laid out group by group: one count, one placement, no comparison.
    fn sorted(numbers: &[Vec<Group>; 2], count: usize) -> Groups {
        let place = |numbers: &Vec<Group>| {
            let mut starts = vec![0_u32; count + 1];
            for number in numbers.iter().filter(|n| **n != NONE) {
                starts[*number as usize + 1] += 1;
            }
            for group in 0..count {
                starts[group + 1] += starts[group];
            }
            let mut rows = vec![0; starts[count] as usize];
            let mut next = starts.clone();
            for (row, number) in (0..).zip(numbers).filter(|(_, n)| **n != NONE) {
                let at = &mut next[*number as usize];
                rows[*at as usize] = row;
                *at += 1;
            }
            (starts, rows)
        };
        let ([left, right], [left_rows, right_rows]) = {
            let ((ls, lr), (rs, rr)) = (place(&numbers[LEFT]), place(&numbers[RIGHT]));
            ([ls, rs], [lr, rr])
        };
        Groups { starts: [left, right], rows: [left_rows, right_rows] }
    }

    pub fn len(&self) -> usize {
        self.starts[LEFT].len() - 1
    }

    /// The rows of a group on one side, in order of index.
    pub fn side(&self, side: usize, group: usize) -> &[RowIndex] {
        &self.rows[side][self.starts[side][group] as usize..self.starts[side][group + 1] as usize]
    }

    /// The groups with rows on both sides.
    pub fn both(&self) -> impl Iterator<Item = [&[RowIndex]; 2]> {
        let rows = |group| [self.side(LEFT, group), self.side(RIGHT, group)];
        (0..self.len()).map(rows).filter(|[left, right]| !left.is_empty() && !right.is_empty())
    }
}

/// Most matches are in one currency: no row need be asked for it.
fn has_several_currencies(book: &Book<'_>) -> bool {
    let mut all = book.sides.iter().flat_map(|side| &side.currencies);
    all.next().is_some_and(|first| all.any(|currency| currency != first))
}

/// Splits groups by one more symbol; returns how many there are now.
fn refine(numbers: &mut [Vec<Group>; 2], count: usize, symbol_of: impl Fn(usize, usize) -> Option<Symbol>) -> usize {
    // The first key's symbols are groups already: no map is needed, and most passes have one key.
    if count == 1 {
        let mut highest = 0;
        for (side, numbers) in numbers.iter_mut().enumerate() {
            for (row, number) in numbers.iter_mut().enumerate().filter(|(_, n)| **n != NONE) {
                *number = symbol_of(side, row).unwrap_or(NONE);
                highest = highest.max(if *number == NONE { 0 } else { *number as usize });
            }
        }
        return highest + 1;
    }
    let mut pairs: HashMap<(Group, Symbol), Group> = HashMap::new();
    for (side, numbers) in numbers.iter_mut().enumerate() {
        for (row, number) in numbers.iter_mut().enumerate().filter(|(_, n)| **n != NONE) {
            let next = pairs.len() as Group; // at most one group a row
            *number = match symbol_of(side, row) {
                Some(symbol) => *pairs.entry((*number, symbol)).or_insert(next),
                None => NONE,
            };
        }
    }
    pairs.len().max(1)
}

/// Rows in the order that the rules declare for equals: date, id, amount.
pub fn in_order(book: &Book<'_>, side: usize, rows: &[RowIndex]) -> Vec<RowIndex> {
    let mut rows = rows.to_vec();
    if rows.len() > 1 {
        rows.sort_by(|a, b| book.sides[side].order(*a, *b));
    }
    rows
}
