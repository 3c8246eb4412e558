//! Which decisions stand: each row in the order in which they were made, withdrawals among them.

use std::collections::HashMap;

use super::{Judged, Unfit, Verdict};
use crate::model::Fen;
use crate::model::records::Decision;

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// 归属: a receipt, or a part of it, belongs to the target order.
    Assign,
    /// 核销: the rest of a difference is given up.
    WriteOff,
    /// 作废: a row that newer exports lack was deleted on purpose and does not count.
    Void,
    /// 暂缓: it stays open, for the reason given.
    Defer,
    /// 说明: it is as it should be, for the reason given.
    Explain,
    /// 撤回: what was decided before no longer stands.
    Withdraw,
}

impl Act {
    /// A code of the word list `decision`.
    pub fn from_code(code: &str) -> Option<Act> {
        Some(match code {
            "assign" => Act::Assign,
            "write_off" => Act::WriteOff,
            "void" => Act::Void,
            "defer" => Act::Defer,
            "explain" => Act::Explain,
            "withdraw" => Act::Withdraw,
            _ => return None,
        })
    }

    /// Moves no money.
    pub fn is_word(self) -> bool {
        matches!(self, Act::Defer | Act::Explain)
    }
}

/// Every decision with whether it stands; repetitions of one that stands are left out.
pub fn standing(decisions: &[Decision]) -> Vec<Judged> {
    let mut judged: Vec<Option<Judged>> = Vec::new();
    // Only decisions about one thing bear on each other.
    let mut about: HashMap<&str, Vec<usize>> = HashMap::new();
    for decision in decisions {
        let Some(act) = Act::from_code(&decision.decision) else { continue };
        let mut one = Judged { decision: decision.clone(), act, verdict: Verdict::Open };
        let (item, target) = meant(decision);
        let lacking = lacking(decision);
        let places = about.entry(item).or_default();
        if lacking.is_none() && act != Act::Withdraw {
            // A whole row puts right what an earlier one about the same thing lacked.
            let lacks = |one: &Judged| matches!(&one.verdict, Verdict::Unfit(why) if why.is_lack());
            for place in places.iter() {
                judged[*place] = judged[*place].take().filter(|one| !lacks(one));
            }
        }
        let stands = |place: &&usize| judged[**place].as_ref().filter(|earlier| earlier.verdict == Verdict::Open);
        let open = || places.iter().filter_map(|place| stands(&place));
        if let Some(why) = lacking {
            one.refuse(why);
        } else if act == Act::Withdraw {
            match withdraw(&mut judged, places, target) {
                true => one.verdict = Verdict::Effective(Fen::ZERO),
                false => one.refuse(Unfit::NothingToWithdraw),
            }
        } else if open().any(|earlier| earlier.is_repeated_by(decision)) {
            continue;
        } else if act.is_word() {
            // The newest word about a thing is the one that counts.
            let words = places.iter().filter(|place| stands(place).is_some_and(|earlier| earlier.act.is_word()));
            let words: Vec<usize> = words.copied().collect();
            words.into_iter().for_each(|place| judged[place] = None);
        } else if open().any(|earlier| earlier.contradicts(act, decision)) {
            one.refuse(Unfit::DecidedOtherwise);
        }
        places.push(judged.len());
        judged.push(Some(one));
    }
    judged.into_iter().flatten().collect()
}

/// What a row lacks that every decision needs, whatever the facts are: without a reason and a name nothing moves.
fn lacking(decision: &Decision) -> Option<Unfit> {
    match decision {
        d if d.reason.trim().is_empty() => Some(Unfit::NoReason),
        d if d.decided_by.trim().is_empty() => Some(Unfit::NoName),
        _ => None,
    }
}

/// The thing that a row is about, and the target that a withdrawal names; empty for all of it.
fn meant(decision: &Decision) -> (&str, &str) {
    decision.item.split_once('>').unwrap_or((&decision.item, &decision.target_order))
}

/// Takes back what stands about an item: all of it, or what went to one target. A decision that never stood goes too.
fn withdraw(judged: &mut [Option<Judged>], places: &[usize], target: &str) -> bool {
    let mut any = false;
    for place in places {
        let Some(earlier) = &mut judged[*place] else { continue };
        let is_meant = target.is_empty() || earlier.decision.target_order == target;
        if earlier.act != Act::Withdraw && is_meant && earlier.verdict != Verdict::Withdrawn {
            earlier.verdict = Verdict::Withdrawn;
            any = true;
        }
    }
    any
}

impl Judged {
    /// Whether a later row only says again what this one says. One that was made at another difference says more.
    fn is_repeated_by(&self, decision: &Decision) -> bool {
        let earlier = &self.decision;
        earlier.decision == decision.decision
            && earlier.target_order == decision.target_order
            && (earlier.amount, earlier.shown) == (decision.amount, decision.shown)
            && (!self.act.is_word() || earlier.reason == decision.reason)
    }

    /// The same act about the same thing with another content; parts of a receipt may go to several orders.
    fn contradicts(&self, act: Act, decision: &Decision) -> bool {
        self.act == act && (act != Act::Assign || self.decision.target_order == decision.target_order)
    }
}
