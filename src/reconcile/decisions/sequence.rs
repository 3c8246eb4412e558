//! Which decisions stand: each row in the order in which they were made, withdrawals among them.

use super::{Judged, Unfit, Verdict};
use crate::model::records::Decision;

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// 归属: a receipt, or a part of it, belongs to the target order.
    Assign,
    /// 核销: the rest of a difference is given up.
    WriteOff,
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
    let mut judged: Vec<Judged> = Vec::new();
    for decision in decisions {
        let Some(act) = Act::from_code(&decision.decision) else { continue };
        let mut one = Judged { decision: decision.clone(), act, verdict: Verdict::Open };
        match act {
            Act::Withdraw => {
                if withdraw(&mut judged, decision) {
                    one.verdict = Verdict::Effective(crate::model::Fen::ZERO);
                } else {
                    one.refuse(Unfit::NothingToWithdraw);
                }
            }
            _ if judged.iter().any(|earlier| is_open(earlier) && earlier.is_repeated_by(decision)) => continue,
            _ if act.is_word() => {
                // The newest word about a thing is the one that counts.
                judged.retain(|earlier| !(is_open(earlier) && earlier.act.is_word() && earlier.is_about(decision)));
            }
            _ if judged.iter().any(|earlier| is_open(earlier) && earlier.contradicts(act, decision)) => {
                one.refuse(Unfit::DecidedOtherwise);
            }
            _ => {}
        }
        judged.push(one);
    }
    judged
}

fn is_open(judged: &Judged) -> bool {
    judged.verdict == Verdict::Open
}

/// Takes back what stands about an item: all of it, or what went to one target. A decision that never stood goes too.
fn withdraw(judged: &mut [Judged], decision: &Decision) -> bool {
    let (item, target) = match decision.item.split_once('>') {
        Some((item, target)) => (item, target),
        None => (decision.item.as_str(), decision.target_order.as_str()),
    };
    let mut any = false;
    for earlier in judged.iter_mut().filter(|j| j.act != Act::Withdraw && j.decision.item == item) {
        let is_meant = target.is_empty() || earlier.decision.target_order == target;
        if is_meant && earlier.verdict != Verdict::Withdrawn {
            earlier.verdict = Verdict::Withdrawn;
            any = true;
        }
    }
    any
}

impl Judged {
    fn is_about(&self, decision: &Decision) -> bool {
        self.decision.item == decision.item
    }

    /// Whether a later row only says again what this one says.
    fn is_repeated_by(&self, decision: &Decision) -> bool {
        let said = |d: &Decision| (d.item.clone(), d.decision.clone(), d.target_order.clone(), d.amount);
        said(&self.decision) == said(decision) && (!self.act.is_word() || self.decision.reason == decision.reason)
    }

    /// The same act about the same thing with another content; parts of a receipt may go to several orders.
    fn contradicts(&self, act: Act, decision: &Decision) -> bool {
        let same_target = self.decision.target_order == decision.target_order;
        self.act == act && self.is_about(decision) && (act != Act::Assign || same_target)
    }
}
