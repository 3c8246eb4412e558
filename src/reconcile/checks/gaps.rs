//! Holes in a day's settlement, receipt and invoice numbers (断号).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{Check, CheckKind};
use crate::model::records::Facts;
use crate::model::{Fen, Origin};

/// Numbers that carry their day (prefix, eight digits of a date, a running number), and the runs of invoice forms.
pub fn checks(facts: &Facts, as_of: NaiveDate) -> Vec<Check> {
    let settlements = facts.settlements.iter().map(|s| (s.settlement_no.as_str(), &s.origin));
    // Opening items are the open ones of many: their numbers have holes by nature.
    let receipts = facts.receipts.iter().filter(|r| !r.is_opening).map(|r| (r.receipt_no.as_str(), &r.origin));
    let mut checks = holes(settlements, as_of, false);
    checks.extend(holes(receipts, as_of, true));
    checks.extend(missing_forms(facts));
    checks
}

/// More forms than this are not missing from a run: another roll was begun.
const NEW_ROLL: u64 = 100;
/// Longer numbers are not of forms: an electronic invoice's 20 digits (数电票) are given by the tax office to all shops.
const FORM_DIGITS: usize = 12;

/// Holes in the numbers of one kind's invoice forms of one day. Void ones are there. A number that stands under another
/// kind or on another day is no hole, nor is one where the day's numbers are not all of one form: the same length, at
/// most twelve characters, the same letters before the digits.
fn missing_forms(facts: &Facts) -> Vec<Check> {
    let known: BTreeSet<&str> = facts.invoices.iter().map(|i| i.invoice_no.as_str()).collect();
    let mut days: BTreeMap<(NaiveDate, &str), BTreeMap<&str, &Origin>> = BTreeMap::new();
    for invoice in &facts.invoices {
        if let Some(day) = invoice.issued_on {
            days.entry((day, &invoice.kind)).or_default().insert(&invoice.invoice_no, &invoice.origin);
        }
    }
    let mut checks = Vec::new();
    for ((day, kind), forms) in days {
        let Some(run) = run_of(&forms) else { continue };
        for ((before, from), (after, to)) in run.iter().zip(run.iter().skip(1)).filter(|((a, _), (b, _))| **b - **a > 1)
        {
            let name = |n: u64| format!("{}{n:0width$}", from.0, width = from.1.len());
            let missing: Vec<String> = match after - before <= NEW_ROLL {
                true => (before + 1..*after).map(name).filter(|number| !known.contains(number.as_str())).collect(),
                false => continue,
            };
            let detail = match (missing.first(), missing.last()) {
                (Some(first), Some(last)) if first == last => format!("{kind} {first}"),
                (Some(first), Some(last)) => format!("{kind} {first} – {last}"),
                _ => continue,
            };
            let check = Check::new(CheckKind::NumberGap, "", Fen::ZERO, Some(day), detail.trim_start().to_owned());
            checks.push(check.from([from.2, to.2]));
        }
    }
    checks
}

/// A form's letters, its digits as written, its row.
type Form<'a> = (&'a str, &'a str, &'a Origin);

/// The forms by running number, where all are of one form.
fn run_of<'a>(forms: &BTreeMap<&'a str, &'a Origin>) -> Option<BTreeMap<u64, Form<'a>>> {
    let (first, _) = forms.first_key_value()?;
    let of_one_form = |number: &str| number.len() == first.len() && number.len() <= FORM_DIGITS;
    let mut run = BTreeMap::new();
    let mut letters = None;
    for (number, origin) in forms {
        let (prefix, digits) = number.split_at(
            number
                .rfind(|c: char| !c.is_ascii_digit())
                .map_or(0, |at| at + number[at..].chars().next().map_or(1, char::len_utf8)),
        );
        if !of_one_form(number) || *letters.get_or_insert(prefix) != prefix {
            return None;
        }
        run.insert(digits.parse().ok()?, (prefix, digits, *origin));
    }
    Some(run)
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
