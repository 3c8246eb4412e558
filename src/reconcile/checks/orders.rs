//! Orders: numbers borne twice; findings on lines without an order and orders without lines.

use std::collections::HashMap;

use super::{Check, CheckKind};
use crate::finding::{Code, Finding};
use crate::model::Fen;
use crate::model::records::Facts;
use crate::reconcile::dues::LineSums;
use crate::reconcile::numbers::Numbers;

pub fn checks(facts: &Facts, sums: &HashMap<String, LineSums>, findings: &mut Vec<Finding>) -> Vec<Check> {
    let numbers = Numbers::new(facts);
    lines_without_order(facts, &numbers, findings);
    orders_without_lines(facts, sums, findings);
    let mut checks = Vec::new();
    for (number, ids) in numbers.doubled() {
        let orders: Vec<_> = ids.iter().filter_map(|id| numbers.order(id)).map(|i| &facts.orders[i]).collect();
        let plates: Vec<&str> = orders.iter().map(|o| o.plate.as_str()).collect();
        checks.push(Check {
            kind: CheckKind::DuplicateOrderNo,
            order_no: number.to_owned(),
            receipt_no: String::new(),
            amount: Fen::ZERO,
            date: orders.iter().filter_map(|o| o.opened_at).map(|t| t.date()).max(),
            detail: plates.join(" / "),
            origins: orders.iter().map(|o| o.origin.clone()).collect(),
        });
    }
    checks
}

fn lines_without_order(facts: &Facts, numbers: &Numbers<'_>, findings: &mut Vec<Finding>) {
    if facts.orders.is_empty() {
        return; // without any order export every line would be one
    }
    let lines = facts.labor_lines.iter().map(|l| (&l.order_id, &l.origin));
    let lines = lines.chain(facts.part_lines.iter().map(|l| (&l.order_id, &l.origin)));
    for (order, origin) in lines {
        if !numbers.is_known(order) {
            findings.push(Finding::new(Code::LineWithoutOrder, order).at_row(origin));
        }
    }
}

fn orders_without_lines(facts: &Facts, sums: &HashMap<String, LineSums>, findings: &mut Vec<Finding>) {
    if facts.labor_lines.is_empty() && facts.part_lines.is_empty() {
        return;
    }
    let without = facts.orders.iter().filter(|o| o.is_live() && !sums.contains_key(&o.order_id));
    let without: Vec<_> = without.collect();
    if let Some(first) = without.first() {
        let finding = Finding::new(Code::OrderWithoutLines, without.len().to_string()).counted(without.len() as u64);
        findings.push(finding.at_row(&first.origin));
    }
}
