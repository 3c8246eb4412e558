//! What each debtor owes in all, as the manifest tells it: what is settled among it too.

use std::collections::BTreeMap;

use super::category::{AGE_BUCKETS, age_bucket};
use super::clearing::Clearing;
use super::receivables::{Debtor, Receivable};
use super::settings::Names;
use super::subjects::SubjectKind;
use crate::model::Fen;
use crate::model::records::Facts;

/// The sums of one debtor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub class: Debtor,
    /// As [`Receivable::debtor`].
    pub debtor: String,
    pub due: Fen,
    pub paid: Fen,
    pub deducted: Fen,
    /// Of insurers and lenders what was paid too much counts against it.
    pub outstanding: Fen,
    /// `outstanding` by [`AGE_BUCKETS`].
    pub by_age: [Fen; AGE_BUCKETS.len()],
}

/// Every debtor, in order of class and name. Insurers with all their cases, lenders with the loans of all delivered cars,
/// others with what is open.
pub fn of(facts: &Facts, clearing: &Clearing, rows: &[Receivable], names: &Names) -> Vec<Balance> {
    let mut balances = Balances::default();
    let age = |day: Option<chrono::NaiveDate>| day.map_or(0, |d| clearing.as_of.signed_duration_since(d).num_days());
    for case in clearing.cases.all.iter().filter(|c| !(c.due.is_zero() && c.paid.is_zero() && c.deducted.is_zero())) {
        let amounts = [case.due, case.paid, case.deducted, case.left()];
        balances.add(Debtor::Insurer, &names.key(&case.insurer), &case.insurer, amounts, age(case.settled_on));
    }
    for item in clearing.items.iter().filter(|item| item.kind == SubjectKind::Contract) {
        let owed = item.contract.is_some_and(|at| facts.vehicle_sales[at].is_owed());
        if owed && !(item.loan.is_zero() && item.lent.is_zero()) {
            let amounts = [item.loan, item.lent, Fen::ZERO, item.lender_owes()];
            balances.add(Debtor::Lender, &names.key(&item.lender), &item.lender, amounts, item.age_days);
        }
    }
    for row in rows.iter().filter(|row| !matches!(row.class, Debtor::Insurer | Debtor::Lender)) {
        let amounts = [row.due, row.received, row.deducted, row.open()];
        balances.add(row.class, &row.debtor, &row.debtor, amounts, row.age_days);
    }
    balances.all.into_values().collect()
}

#[derive(Default)]
struct Balances {
    /// By class and name as names are compared.
    all: BTreeMap<(Debtor, String), Balance>,
}

impl Balances {
    fn add(&mut self, class: Debtor, key: &str, name: &str, amounts: [Fen; 4], age_days: i64) {
        let none = || Balance {
            class,
            debtor: name.to_owned(),
            due: Fen::ZERO,
            paid: Fen::ZERO,
            deducted: Fen::ZERO,
            outstanding: Fen::ZERO,
            by_age: [Fen::ZERO; AGE_BUCKETS.len()],
        };
        let balance = self.all.entry((class, key.to_owned())).or_insert_with(none);
        let [due, paid, deducted, outstanding] = amounts;
        balance.due += due;
        balance.paid += paid;
        balance.deducted += deducted;
        balance.outstanding += outstanding;
        let bucket = AGE_BUCKETS.iter().position(|bucket| *bucket == age_bucket(age_days));
        if let Some(bucket) = bucket {
            balance.by_age[bucket] += outstanding;
        }
    }
}
