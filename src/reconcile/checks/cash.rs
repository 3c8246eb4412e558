//! Counted cash against the sum of cash receipts, per day and cashier.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Check, CheckKind};
use crate::finding::{Code, Finding};
use crate::model::records::Facts;
use crate::model::{Fen, Origin};

/// Calculated and counted money of one day, cashier and tender.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CashLine {
    pub calculated: Fen,
    /// `None` = nothing was counted.
    pub counted: Option<Fen>,
    pub handed_to: String,
    pub receipts: u32,
    pub origins: Vec<Origin>,
}

/// Day, cashier, tender.
pub type CashKey = (NaiveDate, String, String);

/// Every day, cashier and tender with a receipt or a count.
pub fn lines(facts: &Facts) -> BTreeMap<CashKey, CashLine> {
    let mut lines: BTreeMap<CashKey, CashLine> = BTreeMap::new();
    for receipt in facts.receipts.iter().filter(|r| !r.is_opening) {
        let Some(at) = receipt.received_at else { continue };
        let line = lines.entry((at.date(), receipt.cashier.clone(), receipt.tender.clone())).or_default();
        line.calculated += receipt.amount;
        line.receipts += 1;
    }
    for count in &facts.cash_counts {
        let Some(date) = count.date else { continue };
        let line = lines.entry((date, count.cashier.clone(), count.tender.clone())).or_default();
        line.counted = Some(line.counted.unwrap_or_default() + count.counted_amount);
        line.handed_to.clone_from(&count.handed_to);
        line.origins.push(count.origin.clone());
    }
    lines
}

pub fn checks(facts: &Facts, findings: &mut Vec<Finding>) -> Vec<Check> {
    if facts.cash_counts.is_empty() {
        return Vec::new(); // a shop that keeps no counts is told so once, by the report that needs them
    }
    let mut checks = Vec::new();
    for ((date, cashier, _), line) in lines(facts).into_iter().filter(|((_, _, tender), _)| tender == "cash") {
        let Some(counted) = line.counted else {
            if !line.calculated.is_zero() {
                findings.push(Finding::new(Code::CashNotCounted, cashier).with(date.to_string()));
            }
            continue;
        };
        let off = counted - line.calculated;
        if !off.is_zero() {
            checks.push(Check {
                kind: if off.0 > 0 { CheckKind::CashOver } else { CheckKind::CashShort },
                order_no: String::new(),
                receipt_no: String::new(),
                amount: off,
                date: Some(date),
                detail: cashier,
                origins: line.origins,
            });
        }
    }
    checks
}
