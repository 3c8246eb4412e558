//! Decisions and what became of them, in words for people.

use super::{Act, Judged, Unfit, Verdict};
use crate::model::{Lang, Text};

impl Act {
    pub fn title(self) -> Text {
        match self {
            Act::Assign => Text::new("归属", "assigned"),
            Act::WriteOff => Text::new("核销", "written off"),
            Act::Void => Text::new("作废", "voided"),
            Act::Defer => Text::new("暂缓", "deferred"),
            Act::Explain => Text::new("说明", "explained"),
            Act::Withdraw => Text::new("撤回", "withdrawn"),
        }
    }
}

impl Verdict {
    pub fn title(&self) -> Text {
        match self {
            Verdict::Effective(_) => Text::new("有效", "in effect"),
            Verdict::Settled | Verdict::Open => Text::new("已了结", "settled since"),
            Verdict::Withdrawn => Text::new("已撤回", "withdrawn"),
            Verdict::Unfit(_) => Text::new("不再适用", "does not fit"),
        }
    }
}

impl Unfit {
    /// Why it does not fit and what to do.
    pub fn words(&self, lang: Lang) -> String {
        let say = |zh: &'static str, en: &'static str, args: &[&str]| Text::new(zh, en).fill(lang, args);
        match self {
            Unfit::UnknownItem => say(
                "没有此编号的项目：请从最新的异常处理表复制编号",
                "nothing bears this id: copy the id from the newest exceptions sheet",
                &[],
            ),
            Unfit::UnknownTarget => say(
                "目标单号不存在、有重号或就是原单：请填唯一的委托单号",
                "the target is no order, two orders or the same one: give the number of exactly one other order",
                &[],
            ),
            Unfit::AmountChanged { was, is } => say(
                "金额已变：处理时 {0}，现为 {1}；请撤回后重新处理",
                "the amount has changed from {0} to {1}: withdraw it and decide again",
                &[&was.to_string(), &is.to_string()],
            ),
            Unfit::OrderChanged => say(
                "收款已不在原处（单号已变）：请撤回后重新处理",
                "the receipt no longer stands there (its order has changed): withdraw it and decide again",
                &[],
            ),
            Unfit::DecidedOtherwise => say(
                "此前已另作处理：先撤回前一处理",
                "it was decided otherwise before: withdraw that decision first",
                &[],
            ),
            Unfit::OverLimit(limit) => say(
                "超过核销上限 {0}（hesuan.toml [limits] write_off）",
                "above the limit of {0} (hesuan.toml [limits] write_off)",
                &[&limit.to_string()],
            ),
            Unfit::NoReason => say("未填处理原因", "no reason is given", &[]),
            Unfit::NoName => say("未填处理人", "nobody is named who decided it", &[]),
            Unfit::TooMuch(left) => {
                say("处理金额大于可转金额 {0}", "the amount is more than the {0} that there is", &[&left.to_string()])
            }
            Unfit::NotForThis => say("该项目不能这样处理", "this cannot be done with such an item", &[]),
            Unfit::WhichReceipt => say(
                "该单有多笔收款：请在收据号栏只留要转的一笔，或填其全额",
                "several receipts paid the order: leave only the one meant in the receipts column, or give its amount",
                &[],
            ),
            Unfit::NothingLacking => say(
                "没有新导出中已删除的行可作废：仍在导出中的行请在系统中更正",
                "newer exports lack no row of it: correct a row that is still exported in the system",
                &[],
            ),
            Unfit::WhichRow => say(
                "该单有多行已从新导出中消失：请填要作废的那一行的金额",
                "newer exports lack several of its rows: give the amount of the one that is meant",
                &[],
            ),
            Unfit::NothingToWithdraw => say("没有可撤回的处理", "there is nothing to withdraw", &[]),
        }
    }
}

impl Judged {
    /// 核销 0.50：尾差（张三 2026-10-31）
    pub fn words(&self, lang: Lang) -> String {
        let mut words = self.act.title().get(lang).to_owned();
        if let Verdict::Effective(amount) = self.verdict
            && !amount.is_zero()
        {
            words += &format!(" {}", amount.abs());
        }
        if !self.decision.target_order.is_empty() {
            words += &format!(" → {}", self.decision.target_order);
        }
        if !self.decision.reason.is_empty() {
            words += &format!("{}{}", Text::new("：", ": ").get(lang), self.decision.reason);
        }
        let on = self.decision.as_of.map_or_else(String::new, |day| day.to_string());
        let who = [self.decision.decided_by.as_str(), on.as_str()].into_iter().filter(|t| !t.is_empty());
        let who = who.collect::<Vec<&str>>().join(" ");
        words + &format!("（{who}）")
    }

    /// Why it does not fit; nothing where it does.
    pub fn why(&self, lang: Lang) -> String {
        match &self.verdict {
            Verdict::Unfit(why) => why.words(lang),
            _ => String::new(),
        }
    }
}
