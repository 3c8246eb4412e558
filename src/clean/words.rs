//! Words by which a row is told from a record: totals, footers, notes.

use super::normal;

/// What a total sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sums {
    /// 合计, 总计: the whole, or the rows since the last one (one a page).
    Whole,
    /// 小计, 现金 汇总: the rows since the last one.
    Part,
    /// 承前页, 过次页: all rows so far, and what the pages before this file brought.
    Carried,
    /// 本月累计, 本年累计: rows of other files too; it may differ.
    ToDate,
    /// 平均值, 计数: no sum at all.
    NoSum,
}

/// A word that begins a total row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotalWord {
    pub sums: Sums,
    /// The word alone, or with a count: not the beginning of a name.
    pub is_exact: bool,
}

const TO_DATE: [&str; 15] = [
    "本月累计",
    "本年累计",
    "月累计",
    "年累计",
    "本期累计",
    "当月累计",
    "当年累计",
    "本季累计",
    "全年累计",
    "本月合计",
    "本年合计",
    "自年初累计",
    "年初至今",
    "上月累计",
    "YTD",
];
const CARRIED: [&str; 12] = [
    "承前页",
    "承上页",
    "过次页",
    "转次页",
    "转下页",
    "过下页",
    "上页结转",
    "结转下页",
    "结转次页",
    "上页累计",
    "接上页",
    "上页余额",
];
const PART: [&str; 12] = [
    "小计",
    "本页合计",
    "本页小计",
    "页合计",
    "页小计",
    "页计",
    "本页计",
    "当页合计",
    "分类汇总",
    "本日合计",
    "日合计",
    "SUBTOTAL",
];
const WHOLE: [&str; 12] =
    ["合计", "总计", "共计", "累计", "总合计", "汇总", "总汇总", "总和", "全部合计", "GRANDTOTAL", "TOTAL", "SUM"];
const NO_SUM: [&str; 6] = ["平均值", "平均", "计数", "最大值", "最小值", "总计数"];

/// The word of a total that a text is or begins or ends with.
pub fn total(text: &str) -> Option<TotalWord> {
    // Every one of the words has one of these: most rows are told by a glance.
    let glance = ['计', '汇', '页', '总', '平', '最', '累', 'T', 't', 'U', 'u', 'Ｔ', 'ｔ', 'Ｕ', 'ｕ', 'Y', 'y'];
    if text.len() > 90 || !text.contains(glance) {
        return None;
    }
    let word = normal::heading(text);
    let length = word.chars().count();
    let kinds: [(&[&str], Sums); 5] = [
        (&TO_DATE, Sums::ToDate),
        (&CARRIED, Sums::Carried),
        (&NO_SUM, Sums::NoSum),
        (&PART, Sums::Part),
        (&WHOLE, Sums::Whole),
    ];
    let begins = |own: &str| word.strip_prefix(own).filter(|_| length <= own.chars().count() + 10);
    for (own, sums) in kinds {
        let Some(rest) = own.iter().find_map(|w| begins(w)) else { continue };
        return Some(TotalWord { sums, is_exact: is_count(rest) });
    }
    let ends = [
        ("小计", Sums::Part),
        ("汇总", Sums::Part),
        ("合计", Sums::Whole),
        ("总计", Sums::Whole),
        ("累计", Sums::ToDate),
    ];
    let more = [("计数", Sums::NoSum), ("平均值", Sums::NoSum), ("TOTAL", Sums::Part)];
    let found = ends.iter().chain(&more).find(|(w, _)| word.ends_with(w) && length <= 14);
    found.map(|(_, sums)| TotalWord { sums: *sums, is_exact: false })
}

/// What may stand behind the word: a count, a sum in words, nothing.
fn is_count(rest: &str) -> bool {
    rest.chars().all(|c| c.is_ascii_digit() || "笔张行单件台次条共份个户人辆元,.，。=¥￥-第页/金额".contains(c))
}

/// Whether a text is one of the words that begin a total row: the whole (`true`), or a part, or one that goes on.
pub fn total_word(text: &str) -> Option<bool> {
    total(text).map(|word| word.sums == Sums::Whole)
}

const FOOTERS: [&str; 45] = [
    "制表",
    "制单",
    "审核",
    "复核",
    "打印",
    "备注:",
    "说明:",
    "导出",
    "单位:",
    "经办",
    "注:",
    "出纳",
    "会计",
    "主管",
    "财务",
    "总经理",
    "经理",
    "店长",
    "负责人",
    "签字",
    "签名",
    "签章",
    "盖章",
    "收银员:",
    "收款人:",
    "交款人:",
    "交接人",
    "接收人:",
    "交出人",
    "核算员",
    "核对",
    "记账",
    "填表",
    "填报",
    "报送",
    "日期:",
    "时间:",
    "页码",
    "PAGE",
    "统计人",
    "保管员:",
    "领导",
    "批准",
    "审批",
    "客户签",
];

/// Whether the filled cells of a row are what stands below a list: a line of dashes, a note, one or several labels with what
/// is filled in.
pub fn is_below(filled: &[&str]) -> bool {
    let Some(first) = filled.first() else { return true };
    if filled.iter().all(|text| !text.chars().any(char::is_alphanumeric)) {
        return true;
    }
    if let [only] = filled {
        return is_footer(only) || is_note(only);
    }
    let labels = filled.iter().filter(|text| is_label(text)).count();
    is_footer(first) && (is_label(first) || filled.len() <= 2) && labels * 2 >= filled.len()
}

/// Whether a text is what stands below a list: who made it, when it was printed, which page it is.
pub fn is_footer(text: &str) -> bool {
    let word = normal::word(text);
    let page = || word.starts_with('第') && word.contains('页') || word.starts_with('共') && word.contains('页');
    FOOTERS.iter().any(|f| word.starts_with(f)) || page()
}

/// Whether a text is a label of a footer, with or without what is filled in.
fn is_label(text: &str) -> bool {
    let word = normal::word(text);
    is_footer(text) && (word.contains(':') || word.chars().count() <= 6 || word.contains('页'))
        || word.ends_with(':')
        || word.contains(':') && word.chars().count() <= 24
}

/// Whether a text alone in its row is a note below a list.
fn is_note(text: &str) -> bool {
    let word = normal::word(text);
    let begins = [
        "以上",
        "以下空白",
        "本表",
        "此表",
        "此报表",
        "数据来源",
        "提示",
        "温馨提示",
        "声明",
        "---",
        "===",
        "END",
        "结束",
        "第",
        "注",
    ];
    begins.iter().any(|b| word.starts_with(b))
        || word.strip_prefix('共').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(text: &str) -> Option<Sums> {
        total(text).map(|w| w.sums)
    }

    #[test]
    fn words_of_totals() {
        for (text, want) in [
            ("合计", Sums::Whole),
            ("合 计：", Sums::Whole),
            ("合计4笔", Sums::Whole),
            ("汇总", Sums::Whole),
            ("现金 汇总", Sums::Part),
            ("Subtotal", Sums::Part),
            ("本月累计", Sums::ToDate),
            ("承前页", Sums::Carried),
            ("过次页", Sums::Carried),
            ("本页合计", Sums::Part),
            ("微信 计数", Sums::NoSum),
        ] {
            assert_eq!(sums(text), Some(want), "{text}");
        }
        for text in ["张三", "总经理", "会计师事务所", "页岩砖厂", "设计院", "W20261031001"] {
            assert_eq!(sums(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_that_begins_like_a_total_is_not_the_word_alone() {
        for text in ["汇总商贸有限公司", "共计数码", "合计运输队"] {
            assert!(!total(text).unwrap().is_exact, "{text}");
        }
    }

    #[test]
    fn what_stands_below_a_list() {
        assert!(is_footer("制表人：钱收") && is_footer("第 1 页 共 3 页") && is_note("以上共 4 笔"));
        assert!(!is_footer("SK20261031001") && !is_footer("甲一"));
    }
}
