//! Would anybody notice? Each rule is switched off in turn, and some fault must then be silent that was not before.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use hesuan::model::forget::Rule;

use crate::nights::Shops;
use crate::of_environment;
use crate::spoil::Fault;
use crate::trial::{self, End, When};

/// Every rule with seeds whose export and moment are such that no other rule tells of them:
/// found by `seeds_that_notice`, to be found again where the sample shop has changed.
const GUARDED: [Guarded; 10] = [
    (Rule::Width, &[Fault::ShiftRow, Fault::DropField], None, &[(Fault::ShiftRow, 60)]),
    (Rule::Unclaimed, &[Fault::UnknownWord, Fault::BlankCell], None, &[(Fault::UnknownWord, 2878)]),
    (Rule::Unit, &[Fault::UnitInHeading], None, &[(Fault::UnitInHeading, 23), (Fault::UnitInHeading, 105)]),
    (Rule::UnknownWord, &[Fault::UnknownWord], None, &[(Fault::UnknownWord, 309), (Fault::UnknownWord, 69)]),
    (Rule::DamagedKey, &[Fault::DamageNumber], None, &[(Fault::DamageNumber, 4)]),
    (Rule::BadDate, &[Fault::BadDate], None, &[(Fault::BadDate, 90), (Fault::BadDate, 224)]),
    (Rule::Total, &[Fault::DeleteRow], None, &[(Fault::DeleteRow, 2), (Fault::DeleteRow, 372)]),
    (Rule::Twins, &[Fault::SameKey], None, &[(Fault::SameKey, 9), (Fault::SameKey, 78)]),
    (Rule::Vanished, &[Fault::DeleteRow, Fault::DeleteTail], Some(When::Beside), &[(Fault::DeleteTail, 15)]),
    (Rule::LateChange, &[Fault::ChangeAmount], None, &[(Fault::ChangeAmount, 28), (Fault::ChangeAmount, 30)]),
];

/// A rule, the faults that it is there for, the moment where it must be a certain one, and seeds with their faults.
type Guarded = (Rule, &'static [Fault], Option<When>, &'static [(Fault, u64)]);

/// A trial waits for its program most of the time.
const THREADS: usize = 4;

/// Silent by the forgetting alone: the program as it is tells, or is right.
fn notices(shops: &Shops, at: usize, (fault, seed): (Fault, u64)) -> bool {
    let (rule, _, when, _) = GUARDED[at];
    let silent = |forgotten| matches!(trial::of(shops, seed, (fault, when), forgotten).end, End::Silent);
    silent(Some(rule)) && !silent(None)
}

/// Asks for every rule, some at a time, and gives the rules of which the answer is no.
fn without(answer: &(dyn Fn(usize) -> bool + Sync)) -> Vec<Rule> {
    let (next, unnoticed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((rule, ..)) = GUARDED.get(at) else { return };
                    if !answer(at) {
                        unnoticed.lock().unwrap().push(*rule);
                    }
                }
            });
        }
    });
    unnoticed.into_inner().unwrap()
}

#[test]
fn every_forgotten_rule_lets_a_fault_be_silent() {
    assert_eq!(GUARDED.map(|(rule, ..)| rule), Rule::ALL);
    let shops = Shops::of_both_systems();
    let unnoticed = without(&|at| {
        let (rule, _, _, seeds) = GUARDED[at];
        let found = seeds.iter().find(|seed| notices(&shops, at, **seed));
        println!("forgotten {rule:?}: silent {found:?}");
        found.is_some()
    });
    assert!(unnoticed.is_empty(), "nobody notices that these are forgotten: {unnoticed:?}");
}

/// Looks for such seeds, `HESUAN_COUNT` from `HESUAN_SEED` on, until a rule has `HESUAN_FOUND` of them.
#[test]
#[ignore = "an hour; for a sample shop that has changed"]
fn seeds_that_notice() {
    let shops = Shops::of_both_systems();
    let first = of_environment("HESUAN_SEED").unwrap_or(0);
    let seeds = first..first + of_environment("HESUAN_COUNT").unwrap_or(120);
    let unnoticed = without(&|at| {
        let (rule, faults, ..) = GUARDED[at];
        let tried = seeds.clone().map(|seed| (faults[usize::try_from(seed).unwrap() % faults.len()], seed));
        let wanted = of_environment("HESUAN_FOUND").unwrap_or(1);
        let found: Vec<(Fault, u64)> =
            tried.filter(|seed| notices(&shops, at, *seed)).take(usize::try_from(wanted).unwrap()).collect();
        println!("{rule:?}: {found:?}");
        !found.is_empty()
    });
    assert!(unnoticed.is_empty(), "{unnoticed:?}");
}
