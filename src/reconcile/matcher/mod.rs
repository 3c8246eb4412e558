//! The matcher: two sides, rules, and an answer for every row.
//!
//! It never guesses silently: what could be another way is ambiguous and shown with its alternatives, what was not
//! looked at says which bound was reached, and every row ends in exactly one bucket, proven against what came in
//! (`totals`). No outcome rests on the order of rows or on the time a machine takes.

mod allocate;
mod assemble;
mod book;
mod decisions;
mod differences;
mod groups;
mod normal;
mod one_to_one;
mod places;
mod raw;
mod reversals;
pub mod rules;
mod search;
mod side;
mod similar;
mod spec;
mod subsets;
mod sums;
mod symbols;
#[cfg(test)]
mod tests;
mod tolerance;
mod totals;
mod typed;
mod window;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;

pub use assemble::{Assembler, Fields};
pub use book::{Bucket, Class, Entry, Extra, OpenReason};
pub use decisions::Standing;
pub use normal::{amount_text, push_amount};
pub use places::Places;
pub use rules::{CheckRule, DecimalMark, Rules, SideRule};
pub use side::{Carried, Moment, NO_DATE, NO_TIME, RowIndex, Side, Skip};
pub use symbols::Symbols;
pub use tolerance::{Base, Percent, Tolerance};
pub use totals::{Bin, Sum, Totals};
pub use typed::Columns;
pub use window::{Unit, Window};

use crate::model::calendar::Calendar;
use crate::reconcile::ControlTotal;
use book::Book;
use groups::{Groups, in_order};
use rules::{Duplicates, Keep, LEFT, Pass, PassKind, RIGHT};
use symbols::{BLANK, Symbol};

/// The answer to a match.
pub struct Outcome<'a> {
    book: Book<'a>,
    /// Rows that take no part, by side.
    pub skipped: [Vec<(RowIndex, Skip)>; 2],
    /// Rows of keys that stand twice, where the rules refuse them, set them aside or tell them, and rows that are there
    /// once more by a key of their side's own.
    pub duplicates: [Vec<RowIndex>; 2],
    /// Rows without a partner, in order of index.
    pub unmatched: [Vec<RowIndex>; 2],
    /// How each decision of the rules stands.
    pub standings: Vec<Standing>,
    pub error: Option<MatchError>,
    pub totals: Totals,
}

/// Why a match is refused, or what a decision asked for and did not get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchError {
    /// The rules allow a key once, and it stands more often.
    DuplicateKeys,
    /// More is allocated than is open, in units of the scale.
    OverAllocated { open: i64 },
}

/// Matches two sides by the rules. `as_of` is the only today: it ends decisions that hold up to a day.
pub fn match_sides<'a>(
    sides: [&'a Side; 2],
    rules: &'a Rules,
    calendar: &'a Calendar,
    as_of: Option<NaiveDate>,
) -> Outcome<'a> {
    let mut book = Book::new(sides, rules, calendar);
    let mut skipped = [sides[LEFT].skipped.clone(), sides[RIGHT].skipped.clone()];
    let removed = [LEFT, RIGHT].map(|side| there_once(&mut book, side));
    let mut duplicates = duplicates(&mut book);
    let mut standings = Vec::new();
    let refused = rules.duplicates == Duplicates::Error && duplicates.iter().any(|rows| !rows.is_empty());
    if !refused {
        for (place, pass) in rules.passes.iter().enumerate() {
            match pass.kind {
                PassKind::Decisions => {
                    let (told, aside) = decisions::run(&mut book, place, pass, as_of);
                    standings = told;
                    aside.into_iter().for_each(|(side, row, skip)| skipped[side].push((row, skip)));
                }
                PassKind::Reversals => reversals::run(&mut book, place, pass),
                PassKind::OneToOne => one_to_one::run(&mut book, place, pass),
                PassKind::Groups | PassKind::Pools => sums::run(&mut book, place, pass),
                PassKind::Subsets => subsets::run(&mut book, place, pass),
                PassKind::Similar => similar::run(&mut book, place, pass),
                PassKind::Allocate => allocate::run(&mut book, place, pass),
                PassKind::Differences => differences::run(&mut book, place, pass),
            }
        }
        book.close_suspects();
        settle_zeros(&mut book, &mut skipped);
    }
    // Where the match is refused nothing was looked for: no row is without a partner.
    let unmatched = [LEFT, RIGHT].map(|side| book.open(side).filter(|_| !refused).collect::<Vec<RowIndex>>());
    let loose = [LEFT, RIGHT].map(|side| {
        let of = |rows: &[RowIndex], bin: Bin| rows.iter().map(|row| (*row, bin)).collect::<Vec<_>>();
        let mut loose = of(&unmatched[side], Bin::Unmatched);
        loose.extend(skipped[side].iter().map(|(row, _)| (*row, Bin::Skipped)));
        if rules.duplicates != Duplicates::Tell {
            loose.extend(of(&duplicates[side], Bin::Duplicate));
        }
        loose.extend(of(&removed[side], Bin::Duplicate));
        loose
    });
    for (side, removed) in removed.into_iter().enumerate() {
        duplicates[side].extend(removed);
        duplicates[side].sort_unstable();
    }
    let totals = Totals::new(&book, &loose);
    let error = match standings.iter().find_map(|s| if let Standing::TooMuch { open } = s { Some(*open) } else { None })
    {
        _ if refused => Some(MatchError::DuplicateKeys),
        Some(open) => Some(MatchError::OverAllocated { open }),
        None => None,
    };
    Outcome { book, skipped, duplicates, unmatched, standings, error, totals }
}

/// Sets rows aside that are there once more by the side's own key; of each key one row stays. The rows set aside, in order.
fn there_once(book: &mut Book<'_>, side: usize) -> Vec<RowIndex> {
    let rows = book.sides[side];
    let Some(once) = book.rules.sides[side].once.as_ref().filter(|_| !rows.once.is_empty()) else { return Vec::new() };
    let mut copies: BTreeMap<Symbol, Vec<RowIndex>> = BTreeMap::new();
    for row in book.open(side).filter(|row| rows.once[*row as usize] != BLANK) {
        copies.entry(rows.once[row as usize]).or_default().push(row);
    }
    let mut removed = Vec::new();
    for copies in copies.into_values().filter(|copies| copies.len() > 1) {
        let copies = by_preference(book, side, &copies);
        let kept = if once.keep == Keep::First { copies.first() } else { copies.last() }.copied();
        removed.extend(copies.iter().copied().filter(|row| Some(*row) != kept));
    }
    removed.sort_unstable();
    removed.iter().for_each(|row| book.set_aside(side, *row));
    removed
}

/// Rows in order of their sources, then as rows stand on their side.
fn by_preference(book: &Book<'_>, side: usize, rows: &[RowIndex]) -> Vec<RowIndex> {
    let mut rows = in_order(book, side, rows);
    rows.sort_by_key(|row| book.sides[side].rank(*row));
    rows
}

/// Sets rows aside whose keys stand more than once on their side, where the rules say so.
fn duplicates(book: &mut Book<'_>) -> [Vec<RowIndex>; 2] {
    let rules = book.rules;
    let mut found = [Vec::new(), Vec::new()];
    if rules.duplicates == Duplicates::Pair {
        return found;
    }
    let all_keys = Pass { keys: rules.equal_keys(), ..Pass::new(PassKind::OneToOne) };
    let groups = Groups::new(book, &all_keys, true);
    for (side, found) in found.iter_mut().enumerate() {
        for rows in (0..groups.len()).map(|group| groups.side(side, group)).filter(|rows| rows.len() > 1) {
            let rows = by_preference(book, side, rows);
            let kept = match rules.duplicates {
                Duplicates::KeepFirst => rows.first(),
                Duplicates::KeepLast => rows.last(),
                _ => None,
            };
            found.extend(rows.iter().filter(|row| Some(*row) != kept));
        }
        found.sort_unstable();
        if rules.duplicates != Duplicates::Tell {
            found.iter().for_each(|row| book.set_aside(side, *row));
        }
    }
    found
}

/// Amounts of zero that found no partner need none, where the rules say so.
fn settle_zeros(book: &mut Book<'_>, skipped: &mut [Vec<(RowIndex, Skip)>; 2]) {
    if !book.rules.zeros_are_settled {
        return;
    }
    for (side, skipped) in skipped.iter_mut().enumerate() {
        let zeros: Vec<RowIndex> = book.open(side).filter(|row| book.sides[side].amount(*row) == 0).collect();
        for row in zeros {
            book.set_aside(side, row);
            skipped.push((row, Skip::Zero));
        }
    }
}

impl<'a> Outcome<'a> {
    pub fn sides(&self) -> [&'a Side; 2] {
        self.book.sides
    }

    pub fn rules(&self) -> &'a Rules {
        self.book.rules
    }

    /// Everything that was closed together, in order of closing.
    pub fn entries(&self) -> impl Iterator<Item = (u32, &Entry)> {
        (0..).zip(&self.book.entries)
    }

    /// The rows of an entry, in order: left ones, right ones.
    pub fn rows(&self, entry: &Entry) -> [&[RowIndex]; 2] {
        self.book.rows(entry)
    }

    pub fn extra(&self, place: u32) -> Option<&Extra> {
        self.book.extras.get(&place)
    }

    /// Right date − left date of the two rows that lie furthest apart.
    pub fn days(&self, entry: &Entry) -> Option<i32> {
        self.book.days(entry)
    }

    /// The pass that closed an entry.
    pub fn pass(&self, entry: &Entry) -> &'a Pass {
        &self.book.rules.passes[entry.pass as usize]
    }

    /// Why a row is still open.
    pub fn reason(&self, side: usize, row: RowIndex) -> OpenReason {
        let blank = || {
            let keys = self.book.rules.passes.iter().map(|pass| &pass.keys).filter(|keys| !keys.is_empty());
            let mut keyed = keys.peekable();
            keyed.peek().is_some()
                && keyed.all(|keys| {
                    keys.iter().any(|key| {
                        self.book.sides[side].is_blank(*key, row) && !self.book.rules.keys[*key].blank_equals_blank
                    })
                })
        };
        match self.book.reasons[side].get(&row) {
            Some(reason) => *reason,
            None if self.book.sides[side].is_damaged(row) => OpenReason::DamagedKey,
            None if blank() => OpenReason::BlankKey,
            None if self.is_out_of_time(side, row) => OpenReason::NoDate,
            None => OpenReason::NoCandidate,
        }
    }

    /// Whether no window that the passes look at can be checked on a row.
    fn is_out_of_time(&self, side: usize, row: RowIndex) -> bool {
        let moment = self.book.sides[side].moment(row);
        let mut windows = self.book.rules.passes.iter().filter_map(|pass| pass.window).peekable();
        windows.peek().is_some() && windows.all(|window| !window.can_be_checked(moment))
    }

    /// Comparisons of the rules that differ between the rows of a pair.
    pub fn differing(&self, entry: &Entry) -> Vec<&'a str> {
        let ([left], [right]) = self.book.rows(entry).into() else { return Vec::new() };
        let sides = self.book.sides;
        let differs =
            |at: &usize| sides[LEFT].compared[*at][*left as usize] != sides[RIGHT].compared[*at][*right as usize];
        let rules = &self.book.rules.compares;
        (0..rules.len()).filter(differs).map(|at| rules[at].name.as_str()).collect()
    }

    /// Entries in the order in which they are shown: by pass, then by the first row. It rests on what rows say alone.
    pub fn in_order(&self, bucket: Bucket) -> Vec<(u32, &Entry)> {
        let mut entries: Vec<(u32, &Entry)> = self.entries().filter(|(_, e)| e.bucket == bucket).collect();
        let first = |entry: &Entry| {
            let [left, right] = self.rows(entry);
            let id = |side: usize, rows: &[RowIndex]| rows.first().map(|row| self.book.sides[side].id(*row));
            (entry.pass, id(LEFT, left), id(RIGHT, right))
        };
        entries.sort_by(|(a, left), (b, right)| (first(left), a).cmp(&(first(right), b)));
        entries
    }

    /// What still stands open of an entry's rows: side, row, amount. Nothing for what is matched in full.
    pub fn residuals(&self, place: u32, entry: &Entry) -> Vec<(usize, RowIndex, i64)> {
        if entry.bucket == Bucket::Matched {
            let rest = |side: usize| {
                let list = self.extra(place).map_or(&[][..], |extra| extra.residuals[side].as_slice());
                list.iter().map(move |(row, amount)| (side, *row, *amount))
            };
            return rest(LEFT).chain(rest(RIGHT)).collect();
        }
        let whole = |side: usize| {
            self.rows(entry)[side].iter().map(move |row| (side, *row, self.book.sides[side].amount(*row)))
        };
        whole(LEFT).chain(whole(RIGHT)).collect()
    }

    /// Every row in one bucket, proven. Empty only where nothing could be matched at all.
    pub fn controls(&self) -> Vec<ControlTotal> {
        match self.error {
            Some(MatchError::DuplicateKeys) => Vec::new(),
            _ => self.totals.controls(),
        }
    }
}
