//! What the receipts stand on: Σ receipts = orders and sales + contracts + insurers + other income + unknown.

use super::clearing::Clearing;
use super::purpose::OTHER_INCOME;
use super::subjects::SubjectKind;
use crate::model::Fen;
use crate::model::records::Facts;

/// The sides of all receipts, each summed over what was made of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Received {
    /// Orders, sales of parts and of accessories.
    pub orders_and_sales: Fen,
    pub contracts: Fen,
    pub insurers: Fen,
    pub other_income: Fen,
    pub unknown: Fen,
}

impl Received {
    pub fn of(facts: &Facts, clearing: &Clearing) -> Received {
        let on = |contract: bool| -> Fen {
            let of_kind = clearing.items.iter().filter(|i| (i.kind == SubjectKind::Contract) == contract);
            of_kind.map(|i| i.received).sum()
        };
        let on_cases = clearing.cases.all.iter().flat_map(|case| &case.receipts).map(|r| r.amount);
        let by_lines = clearing.cases.by_lines.iter().map(|(_, amount)| *amount);
        Received {
            orders_and_sales: on(false),
            contracts: on(true),
            insurers: on_cases.chain(by_lines).sum(),
            other_income: clearing.other.iter().map(|other| facts.receipts[other.receipt].amount).sum(),
            unknown: clearing.unknown.iter().map(|u| u.amount).sum(),
        }
    }
}

/// Other income by purpose, every purpose of it.
pub fn other_income(facts: &Facts, clearing: &Clearing) -> Vec<(&'static str, Fen)> {
    let of = |purpose: &'static str| {
        let receipts = clearing.other.iter().map(|other| &facts.receipts[other.receipt]);
        (purpose, receipts.filter(|r| r.purpose == purpose).map(|r| r.amount).sum())
    };
    OTHER_INCOME.into_iter().map(of).collect()
}
