//! Control totals: computed in every run on both sides, never assumed.

use super::clearing::Clearing;
use super::decisions::{Act, Judged};
use crate::model::Fen;
use crate::model::records::Facts;

/// Two sums that must be equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlTotal {
    /// `receipts = allocated + unknown`
    pub name: String,
    pub left: i64,
    pub right: i64,
}

impl ControlTotal {
    pub fn new(name: impl Into<String>, left: i64, right: i64) -> ControlTotal {
        ControlTotal { name: name.into(), left, right }
    }

    pub fn holds(&self) -> bool {
        self.left == self.right
    }
}

/// Conservation: every fen received is allocated or unknown, every fen due is cleared or open.
///
/// The left sides are summed over the rows as they came, the right sides over the results.
pub fn of_clearing(facts: &Facts, clearing: &Clearing) -> Vec<ControlTotal> {
    let receipts: Fen = facts.receipts.iter().map(|r| r.amount).sum();
    let allocated: Fen = clearing.allocations.iter().map(|a| a.amount).sum();
    let unknown: Fen = clearing.unknown.iter().map(|u| u.amount).sum();
    let opened: Fen = facts.openings.iter().map(|o| o.due).sum();
    let on_items: Fen = clearing.items.iter().map(|i| i.received).sum();
    let settled: Fen = facts.settlements.iter().map(|s| s.customer_due).sum();
    let sold: Fen = facts.sales.iter().map(|s| s.amount).sum();
    let due =
        |open: bool| -> Fen { clearing.items.iter().filter(|i| i.category.is_open() == open).map(|i| i.due).sum() };
    let written_off: Fen = clearing.items.iter().map(|i| i.written_off).sum();
    let assigned: Fen = clearing.allocations.iter().filter(|a| a.decided_on.is_some()).map(|a| a.amount).sum();
    let decided = |act: Act| -> Fen {
        let amounts = clearing.decisions.iter().filter(|j| j.act == act).filter_map(Judged::in_effect);
        amounts.sum()
    };
    let voided: Fen = facts.voided.iter().map(|row| row.amount).sum();
    let mut totals = vec![
        ControlTotal::new("written off: by decisions = on items", decided(Act::WriteOff).0, written_off.0),
        ControlTotal::new("assigned: by decisions = on items", decided(Act::Assign).0, assigned.0),
        ControlTotal::new("receipts = allocated + unknown", receipts.0, (allocated + unknown).0),
        ControlTotal::new("allocated = received on items", allocated.0, on_items.0),
        ControlTotal::new("dues = cleared + open", (settled + sold + opened).0, (due(false) + due(true)).0),
    ];
    if !facts.voided.is_empty() {
        totals.push(ControlTotal::new("voided: by decisions = rows taken out", decided(Act::Void).0, voided.0));
    }
    totals
}
