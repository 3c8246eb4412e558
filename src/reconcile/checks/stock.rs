//! Two stock snapshots against what went in and out between them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Days, NaiveDate};

use super::{Check, CheckKind};
use crate::model::records::{Facts, StockLine};
use crate::model::{Fen, Origin, keys};

/// The first snapshot may lie this many days before the first issue of parts that is known: a weekend, a short holiday.
const QUIET_DAYS: u64 = 3;

/// One movement: day, part, quantity in millionths (positive = in), the row.
type Move<'a> = (NaiveDate, String, i64, &'a Origin);

/// For each part and two consecutive snapshots of days d0 < d1: quantity of d0 + received − issued − sold − scrapped
/// after d0 and up to d1 ≠ quantity of d1. A part that a snapshot does not list counts 0 in it. The amount is the
/// difference (listed − computed) at cost, 0 where no cost is known.
///
/// Nothing is said unless exports of parts received and of parts issued have come and the latter reach back to the
/// first snapshot, nor of a part with an issue that has no day. Counter sales and scrap count where they have come;
/// scrap counts for a part where its item is the part's number.
pub fn checks(facts: &Facts, as_of: NaiveDate) -> Vec<Check> {
    let Some(first_issue) = facts.part_lines.iter().filter_map(|l| l.issued_at).map(|t| t.date()).min() else {
        return Vec::new();
    };
    if facts.parts_received.is_empty() {
        return Vec::new();
    }
    let mut snapshots: BTreeMap<NaiveDate, BTreeMap<&str, Vec<&StockLine>>> = BTreeMap::new();
    for line in &facts.stock {
        if let Some(day) = line.as_of.filter(|d| *d <= as_of) {
            snapshots.entry(day).or_default().entry(&line.part_no).or_default().push(line);
        }
    }
    let undated = facts.part_lines.iter().filter(|l| l.issued_at.is_none()).map(|l| l.part_no.as_str());
    let undated: BTreeSet<&str> = undated.collect();
    let moves = moves(facts);
    let mut checks = Vec::new();
    for ((from, before), (to, after)) in snapshots.iter().zip(snapshots.iter().skip(1)) {
        if first_issue > *from + Days::new(QUIET_DAYS) {
            continue;
        }
        let mut between: HashMap<&str, Vec<&Move<'_>>> = HashMap::new();
        let (first, end) = (moves.partition_point(|m| m.0 <= *from), moves.partition_point(|m| m.0 <= *to));
        for one in &moves[first..end] {
            between.entry(&one.1).or_default().push(one);
        }
        let parts: BTreeSet<&str> = before.keys().chain(after.keys()).chain(between.keys()).copied().collect();
        for part in parts.into_iter().filter(|p| !undated.contains(p)) {
            let (was, is) = (before.get(part), after.get(part));
            let moved = between.get(part).map_or(&[][..], Vec::as_slice);
            checks.extend(differs(part, *to, listed(was), listed(is), moved));
        }
    }
    checks
}

fn listed<'a, 'b>(lines: Option<&'b Vec<&'a StockLine>>) -> &'b [&'a StockLine] {
    lines.map_or(&[], Vec::as_slice)
}

fn differs(
    part: &str,
    day: NaiveDate,
    before: &[&StockLine],
    after: &[&StockLine],
    moved: &[&Move<'_>],
) -> Option<Check> {
    let sum = |lines: &[&StockLine]| lines.iter().filter_map(|l| l.qty).sum::<i64>();
    let into: i64 = moved.iter().map(|m| m.2).filter(|qty| *qty > 0).sum();
    let out: i64 = moved.iter().map(|m| m.2).filter(|qty| *qty < 0).sum();
    let (was, is) = (sum(before), sum(after));
    let off = is - (was + into + out);
    if off == 0 {
        return None;
    }
    let cost = after.iter().chain(before).find_map(|l| l.unit_cost).unwrap_or_default();
    let name = after.iter().chain(before).map(|l| l.part_name.as_str()).find(|n| !n.is_empty()).unwrap_or_default();
    let [was, is, into, out, off_text] = [was, is, into, -out, off].map(quantity);
    let detail = format!("{part} {name}: {was} + {into} − {out} → {is} ({off_text})");
    let origins = before.iter().chain(after).map(|l| &l.origin).chain(moved.iter().map(|m| m.3));
    let amount = Fen::from_quantity_price(off, cost).unwrap_or_default();
    Some(Check::new(CheckKind::StockDiffers, "", amount, Some(day), detail).from(origins))
}

/// Everything that went in or out on a known day, in order of day.
fn moves(facts: &Facts) -> Vec<Move<'_>> {
    let mut moves: Vec<Move<'_>> = Vec::new();
    let mut add = |day: Option<NaiveDate>, part: String, qty: Option<i64>, origin| {
        if let Some((day, qty)) = day.zip(qty) {
            moves.push((day, part, qty, origin));
        }
    };
    for line in &facts.parts_received {
        add(line.received_on, line.part_no.clone(), line.received_qty, &line.origin);
    }
    for line in &facts.part_lines {
        add(line.issued_at.map(|t| t.date()), line.part_no.clone(), line.qty.map(|q| -q), &line.origin);
    }
    for line in &facts.sales {
        add(line.sold_at.map(|t| t.date()), line.part_no.clone(), line.qty.map(|q| -q), &line.origin);
    }
    for line in &facts.scrap {
        add(line.date, keys::key(&line.item), line.qty.map(|q| -q), &line.origin);
    }
    let stocked: BTreeSet<&str> = facts.stock.iter().map(|l| l.part_no.as_str()).collect();
    // What no snapshot has ever listed is not kept in stock: bought for one order, waste oil, services.
    moves.retain(|m| stocked.contains(m.1.as_str()));
    moves.sort();
    moves
}

/// Millionths as people write them: `3`, `0.5`, `-2`.
pub fn quantity(micro: i64) -> String {
    let sign = if micro < 0 { "-" } else { "" };
    let size = micro.unsigned_abs();
    let text = format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
