//! Control totals: computed in every run on both sides, never assumed.

use super::clearing::{Allocation, Clearing};
use super::decisions::{Act, Judged};
use super::sides::Received;
use super::subjects::part_of_none;
use crate::model::Fen;
use crate::model::records::Facts;

/// Two sums that must be equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlTotal {
    /// `dues = cleared + open`
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
    let came = Received::of(facts, clearing);
    let opened: Fen = facts.openings.iter().map(|o| o.due).sum();
    let received: Fen = clearing.items.iter().map(|i| i.received).sum();
    let settled: Fen = facts.settlements.iter().map(|s| s.customer_due).sum();
    let sold: Fen = facts.sales.iter().map(|s| s.amount).sum();
    let of_accessories = part_of_none(facts).map(|(_, amount)| amount).sum::<Fen>();
    let of_cars: Fen = facts.vehicle_sales.iter().map(|s| s.due()).sum();
    let insured: Fen = facts.settlements.iter().map(|s| s.insurance_due).sum();
    let of_cases: Fen = clearing.cases.all.iter().map(|case| case.due).sum();
    let due =
        |open: bool| -> Fen { clearing.items.iter().filter(|i| i.category.is_open() == open).map(|i| i.due).sum() };
    let written_off: Fen = clearing.items.iter().map(|i| i.written_off).sum();
    let on_items = |a: &&Allocation| a.decided_on.is_some();
    let to_items: Fen = clearing.allocations.iter().filter(on_items).map(|a| a.amount).sum();
    let on_cases = clearing.cases.all.iter().flat_map(|case| &case.receipts).filter(|r| r.decided_on.is_some());
    let assigned = to_items + on_cases.map(|r| r.amount).sum();
    let decided = |act: Act| -> Fen {
        let amounts = clearing.decisions.iter().filter(|j| j.act == act).filter_map(Judged::in_effect);
        amounts.sum()
    };
    let voided: Fen = facts.voided.iter().map(|row| row.amount).sum();
    let mut totals = vec![
        ControlTotal::new("written off: by decisions = on items", decided(Act::WriteOff).0, written_off.0),
        ControlTotal::new("assigned: by decisions = on items", decided(Act::Assign).0, assigned.0),
        ControlTotal::new(
            "receipts = orders and sales + contracts + insurers + other income + unknown",
            receipts.0,
            (came.orders_and_sales + came.contracts + came.insurers + came.other_income + came.unknown).0,
        ),
        ControlTotal::new("allocated = received on items", allocated.0, received.0),
        ControlTotal::new(
            "dues = cleared + open",
            (settled + sold + of_accessories + of_cars + opened).0,
            (due(false) + due(true)).0,
        ),
        ControlTotal::new("insurance due: settlements = cases", insured.0, of_cases.0),
    ];
    if !facts.voided.is_empty() {
        totals.push(ControlTotal::new("voided: by decisions = rows taken out", decided(Act::Void).0, voided.0));
    }
    totals
}
