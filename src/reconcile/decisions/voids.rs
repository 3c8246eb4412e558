//! `void`: rows that newer exports lack and that count all the same, taken out by the accountant's word.
//!
//! The rows are left out before anything is reckoned (`ledger::State::take_out`), so every figure does without them; here
//! it is only said which decision means which row, and what became of it.

use super::{Act, Judged, Unfit, Verdict, standing};
use crate::model::records::{Decision, Facts, Lacking, Voided};

/// The rows that decisions take out: each with the id of the exception that says so.
pub fn voided(decisions: &[Decision], lacking: &[Lacking]) -> Vec<Voided> {
    let mut voided: Vec<Voided> = Vec::new();
    for judged in standing(decisions).iter().filter(|j| j.act == Act::Void && j.verdict == Verdict::Open) {
        if let Ok(row) = meant(&judged.decision, lacking)
            && !voided.iter().any(|held| held.origin == row.origin)
        {
            let item = judged.decision.item.clone();
            voided.push(Voided { item, origin: row.origin.clone(), amount: row.amount });
        }
    }
    voided
}

/// The one row that a decision means: of several on one order, the one of its amount.
fn meant<'a>(decision: &Decision, lacking: &'a [Lacking]) -> Result<&'a Lacking, Unfit> {
    let mine: Vec<&Lacking> = lacking.iter().filter(|row| row.ids.contains(&decision.item)).collect();
    let of_amount = |row: &&&Lacking| decision.amount.is_some_and(|amount| amount.abs() == row.amount.abs());
    let chosen: Vec<&&Lacking> = mine.iter().filter(of_amount).collect();
    match (mine.as_slice(), chosen.as_slice()) {
        ([], _) => Err(Unfit::NothingLacking),
        ([one], _) => match decision.amount {
            Some(was) if was.abs() != one.amount.abs() => Err(Unfit::AmountChanged { was, is: one.amount }),
            _ => Ok(one),
        },
        (_, [one]) => Ok(one),
        _ => Err(Unfit::WhichRow),
    }
}

/// Says of every such decision what became of it.
pub fn void(judged: &mut [Judged], facts: &Facts) {
    for one in judged.iter_mut().filter(|j| j.act == Act::Void && j.verdict == Verdict::Open) {
        let taken_out = facts.voided.iter().find(|row| row.item == one.decision.item);
        match taken_out {
            Some(row) => one.verdict = Verdict::Effective(row.amount),
            None => one.refuse(meant(&one.decision, &facts.lacking).err().unwrap_or(Unfit::NothingLacking)),
        }
    }
}
