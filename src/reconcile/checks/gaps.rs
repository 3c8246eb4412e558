//! Holes in a day's settlement and receipt numbers (断号).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Check, CheckKind};
use crate::model::records::Facts;
use crate::model::{Fen, Origin};

/// Numbers that carry their day: prefix, eight digits of a date, a running number.
pub fn checks(facts: &Facts, as_of: NaiveDate) -> Vec<Check> {
    let settlements = facts.settlements.iter().map(|s| (s.settlement_no.as_str(), &s.origin));
    let receipts = facts.receipts.iter().map(|r| (r.receipt_no.as_str(), &r.origin));
    let mut checks = holes(settlements, as_of, false);
    checks.extend(holes(receipts, as_of, true));
    checks
}

fn holes<'a>(numbers: impl Iterator<Item = (&'a str, &'a Origin)>, as_of: NaiveDate, receipts: bool) -> Vec<Check> {
    let mut days: BTreeMap<(&str, NaiveDate, usize), BTreeMap<u32, &Origin>> = BTreeMap::new();
    for (number, origin) in numbers {
        if let Some((prefix, date, width, running)) = split(number).filter(|(_, date, ..)| *date <= as_of) {
            days.entry((prefix, date, width)).or_default().insert(running, origin);
        }
    }
    let mut checks = Vec::new();
    for ((prefix, date, width), running) in days {
        let present: BTreeSet<u32> = running.keys().copied().collect();
        for (before, after) in present.iter().zip(present.iter().skip(1)).filter(|(a, b)| **b > **a + 1) {
            let name = |n: u32| format!("{prefix}{}{n:0width$}", date.format("%Y%m%d"));
            let (first, last) = (name(before + 1), name(after - 1));
            checks.push(Check {
                kind: CheckKind::NumberGap,
                order_no: String::new(),
                receipt_no: if receipts { first.clone() } else { String::new() },
                amount: Fen::ZERO,
                date: Some(date),
                detail: if first == last { first } else { format!("{first} – {last}") },
                origins: vec![running[before].clone(), running[after].clone()],
            });
        }
    }
    checks
}

/// `SK20260901008` is `SK`, 2026-09-01, 3 digits, 8.
fn split(number: &str) -> Option<(&str, NaiveDate, usize, u32)> {
    let digits_from = number.find(|c: char| c.is_ascii_digit())?;
    let (prefix, digits) = number.split_at(digits_from);
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !(10..=14).contains(&digits.len()) {
        return None;
    }
    let date = NaiveDate::parse_from_str(&digits[..8], "%Y%m%d").ok()?;
    Some((prefix, date, digits.len() - 8, digits[8..].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_named_by_its_ends() {
        let origin = Origin { file: 1, sheet: String::new(), row: 1 };
        let numbers = ["SK20260901001", "SK20260901004", "SK20260902002", "0085efd4", "SK20260901005"];
        let day = "2026-09-30".parse().unwrap();
        let found = holes(numbers.iter().map(|n| (*n, &origin)), day, true);
        let details: Vec<&str> = found.iter().map(|c| c.detail.as_str()).collect();
        assert_eq!(details, ["SK20260901002 – SK20260901003"]);
    }
}
