//! Why rows stand where they stand, in words for people: pass, keys, how sure, what differs.

use super::book::{Class, Entry, OpenReason};
use super::rules::{CompareRule, KeyRule, PassKind};
use super::side::RowIndex;
use super::{MatchError, Outcome, Standing, amount_text};
use crate::model::{Lang, Text};

impl PassKind {
    pub fn title(self) -> Text {
        match self {
            PassKind::Decisions => Text::new("人工决定", "decided"),
            PassKind::Reversals => Text::new("同方红冲", "reversal"),
            PassKind::OneToOne => Text::new("一对一", "one to one"),
            PassKind::Groups => Text::new("按键合计", "sums of a key"),
            PassKind::Pools => Text::new("整池平衡", "pool that balances"),
            PassKind::Similar => Text::new("文字相近", "similar words"),
            PassKind::Subsets => Text::new("唯一组合", "only set that fits"),
            PassKind::Allocate => Text::new("先旧后新分配", "oldest first"),
            PassKind::Differences => Text::new("同键不符", "same key, differs"),
        }
    }
}

impl Class {
    /// What it adds to the pass; nothing where that says it all.
    fn title(self) -> Option<Text> {
        Some(match self {
            Class::Tolerance => Text::new("容差内", "within the tolerance"),
            Class::Date => Text::new("日期不同、在期限内", "other date inside the window"),
            Class::Fuzzy => Text::new("写法不同", "spelled differently"),
            Class::Partial => Text::new("左方有余", "left side has a rest"),
            Class::Overpaid => Text::new("右方有余", "right side has a rest"),
            _ => return None,
        })
    }
}

impl OpenReason {
    pub fn title(self) -> Text {
        match self {
            OpenReason::NoCandidate => Text::new("对方无此笔", "nothing fits on the other side"),
            OpenReason::BlankKey => Text::new("键为空", "its key is blank"),
            OpenReason::DamagedKey => {
                Text::new("键已被表格软件改坏（科学计数法）", "a spreadsheet has rounded its key")
            }
            OpenReason::NoDate => Text::new("日期或时间不明，无法核对期限", "its date or time is not known"),
            OpenReason::Ambiguous => Text::new("不止一种可能", "more than one answer"),
            OpenReason::Contested => Text::new("与别行争同一笔", "another row claims the same"),
            OpenReason::PoolTooLarge => Text::new("候选行超过上限", "more candidates than the rules allow"),
            OpenReason::WorkLimit => Text::new("查找步数到上限", "the search reached its bound"),
        }
    }
}

impl Standing {
    pub fn title(self) -> Text {
        match self {
            Standing::Applied => Text::new("已执行", "applied"),
            Standing::Expired => Text::new("已过期", "its last day has passed"),
            Standing::RowUnknown => Text::new("找不到该行", "no open row has that id"),
            Standing::AmountDiffers { .. } => Text::new("金额已变", "the amounts differ otherwise by now"),
            Standing::CurrencyDiffers => Text::new("币种不同", "the currencies differ"),
            Standing::TooMuch { .. } => Text::new("超过未分配金额", "more than is open"),
        }
    }
}

impl KeyRule {
    pub fn title(&self, lang: Lang) -> &str {
        if lang == Lang::Zh && !self.zh.is_empty() { &self.zh } else { &self.name }
    }
}

impl CompareRule {
    pub fn title(&self, lang: Lang) -> &str {
        if lang == Lang::Zh && !self.zh.is_empty() { &self.zh } else { &self.name }
    }
}

impl Outcome<'_> {
    /// Why rows were closed together.
    pub fn why(&self, entry: &Entry, lang: Lang) -> String {
        let (pass, rules) = (self.pass(entry), self.rules());
        let keys: Vec<&str> = pass.keys.iter().map(|key| rules.keys[*key].title(lang)).collect();
        let mut words = pass.kind.title().get(lang).to_owned();
        if !keys.is_empty() {
            words = Text::new("{0}（{1}）", "{0} ({1})").fill(lang, &[&words, &keys.join("＋")]);
        }
        let mut more: Vec<&str> = entry.class.title().map(|title| title.get(lang)).into_iter().collect();
        if entry.ambiguous {
            more.push(Text::new("另有同样可能的行", "others are as good").get(lang));
        }
        if entry.tie {
            more.push(Text::new("有同等的行，按日期和编号先后", "equals: taken in order of date and id").get(lang));
        }
        let differing = self.differing(entry);
        let of_rules = rules.compares.iter().filter(|compare| differing.contains(&compare.name.as_str()));
        let unequal: Vec<&str> = of_rules.map(|compare| compare.title(lang)).collect();
        let unequal = format!("≠ {}", unequal.join(" "));
        if !differing.is_empty() {
            more.push(&unequal);
        }
        std::iter::once(words.as_str()).chain(more).collect::<Vec<_>>().join("; ")
    }

    /// Why a row is still open.
    pub fn why_open(&self, side: usize, row: RowIndex, lang: Lang) -> &'static str {
        self.reason(side, row).title().get(lang)
    }
}

impl MatchError {
    /// For people and machines alike: the ids are those of the rules.
    pub fn text(&self, scale: u32) -> String {
        match self {
            MatchError::DuplicateKeys => "DUPLICATE_KEYS".to_owned(),
            MatchError::OverAllocated { open } => {
                format!("allocation exceeds the amount still open ({})", amount_text((*open).into(), scale))
            }
        }
    }
}
