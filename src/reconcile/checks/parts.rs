//! Parts issued to an order and not billed (领料未收费).

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDateTime;

use super::{Check, CheckKind};
use crate::model::Fen;
use crate::model::records::{Facts, PartLine, Settlement};
use crate::reconcile::clearing::live_settlements;
use crate::reconcile::numbers::Numbers;

/// What the live settlements of an order bill for parts, and when the last of them was made.
struct Billed<'a> {
    last: &'a Settlement,
    parts: Fen,
}

/// A part line of a settled order that costs the shop something and the customer nothing. Two cases:
///
/// - **priced 0**: the line's amount is known and 0 although it has a list price, and no discount of the line explains
///   it. A discount is seen by the audit of discounts.
/// - **issued afterwards**: the line was issued after the order's last live settlement (by day where either has no time
///   of day), and that settlement bills less for parts than the order's lines come to by at least the line: an issue
///   that was only entered late, and is billed, is none.
///
/// Only lines that a customer pays for (or whose payer is not told) with quantity and cost above 0; orders without a
/// live settlement may still be billed; settlements whose dues are the sums of the lines bill every line by themselves.
/// The amount is what the customer would have paid by list price.
pub fn checks(facts: &Facts) -> Vec<Check> {
    let numbers = Numbers::new(facts);
    let billed = billed(facts, &numbers);
    let mut of_lines: HashMap<&str, Fen> = HashMap::new();
    for line in &facts.part_lines {
        if let Some(id) = numbers.id_of_reference(&line.order_id) {
            *of_lines.entry(id).or_default() += line.known_amount().unwrap_or_default();
        }
    }
    let mut checks = Vec::new();
    for line in facts.part_lines.iter().filter(|l| is_customers(l) && costs(l)) {
        let Some(id) = numbers.id_of_reference(&line.order_id) else { continue };
        let Some(bill) = billed.get(id) else { continue };
        let unbilled = of_lines.get(id).copied().unwrap_or_default() - bill.parts;
        if !(priced_nothing(line) || issued_afterwards(line, bill, unbilled)) {
            continue;
        }
        let qty = super::stock::quantity(line.qty.unwrap_or_default());
        let detail = format!("{} {} × {qty}", bill.last.settlement_no, line.part_no);
        let day = line.issued_at.or(bill.last.settled_at).map(|t| t.date());
        let check = Check::new(CheckKind::PartsUnbilled, &bill.last.order_no, list_amount(line), day, detail);
        checks.push(check.from([&line.origin, &bill.last.origin]));
    }
    checks
}

/// By internal key of the order; a number of two live orders bills neither.
fn billed<'a>(facts: &'a Facts, numbers: &Numbers<'_>) -> HashMap<String, Billed<'a>> {
    let mut by_order: BTreeMap<String, Vec<&Settlement>> = BTreeMap::new();
    for settlement in &facts.settlements {
        if let Some(id) = numbers.id_of_reference(settlement.order_key()) {
            by_order.entry(id.to_owned()).or_default().push(settlement);
        }
    }
    let mut billed = HashMap::new();
    for (id, settlements) in by_order {
        let live = live_settlements(&settlements);
        let Some(last) = live.iter().max_by_key(|s| (s.settled_at, s.key())).copied() else { continue };
        if live.iter().all(|s| s.amounts_from != "lines") {
            billed.insert(id, Billed { last, parts: live.iter().map(|s| s.parts_amount).sum() });
        }
    }
    billed
}

fn is_customers(line: &PartLine) -> bool {
    matches!(line.pay_type.as_str(), "customer" | "")
}

/// Something went out, and it cost something.
fn costs(line: &PartLine) -> bool {
    line.qty.is_some_and(|qty| qty > 0) && line.unit_cost.is_some_and(|cost| cost > 0)
}

/// Quantity × list price, in fen; 0 where no price is known.
fn list_amount(line: &PartLine) -> Fen {
    let product = line.qty.zip(line.unit_price).and_then(|(qty, price)| Fen::from_quantity_price(qty, price));
    product.unwrap_or_default()
}

fn priced_nothing(line: &PartLine) -> bool {
    let list = list_amount(line);
    line.known_amount() == Some(Fen::ZERO) && list.0 > 0 && line.discount < list
}

fn issued_afterwards(line: &PartLine, bill: &Billed<'_>, unbilled: Fen) -> bool {
    let amount = line.known_amount().unwrap_or_default();
    let later = line.issued_at.zip(bill.last.settled_at).is_some_and(|(issued, settled)| is_after(issued, settled));
    later && amount.0 > 0 && unbilled >= amount
}

/// Later in time; by day where one of them has no time of day.
fn is_after(one: NaiveDateTime, other: NaiveDateTime) -> bool {
    let midnight = |t: NaiveDateTime| t.time() == chrono::NaiveTime::MIN;
    if midnight(one) || midnight(other) { one.date() > other.date() } else { one > other }
}
