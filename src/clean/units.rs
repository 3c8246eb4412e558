//! What a heading, a title line or a column of its own says about the numbers below it: their unit, their currency, tax.
//!
//! Nothing beside a name is thrown away unread: a word is applied (万元), means nothing (必填), refuses the numbers (美元, 不含税)
//! or is told.

mod words;

use words::{
    CURRENCIES, CURRENCY_COLUMNS, HARMLESS, NO_HOURS, NO_KILOMETRES, NO_MONEY, OF_FEN, OF_ONE, OF_SECONDS, WITH_TAX,
    WITHOUT_TAX, YUAN,
};

use super::cells::text_of;
use super::normal::{half_width, is_invisible, word};
use crate::model::{ColumnDef, ColumnKind};
use crate::read::{RawRow, RawSheet};

/// Rows at the end of a sheet among which a footer may name the unit.
const FOOTERS: usize = 6;

/// How the numbers of a column become yuan, hours or pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scale {
    /// × the first ÷ the second.
    Times(i128, i128),
    /// They are no yuan with tax (or no hours, no kilometres): the word says what they are.
    Refused(String),
}

impl Scale {
    pub const PLAIN: Scale = Scale::Times(1, 1);
}

/// A heading taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    /// The name alone, folded: `收款金额`. The whole heading where nothing else stands in it.
    pub name: String,
    /// All of it, folded: how a spec names a heading with its unit or tax.
    pub whole: String,
    /// The words beside it, folded: what stands in brackets, and a unit behind a mark (`金额_万元`).
    pub words: Vec<String>,
}

impl Heading {
    /// Takes a heading apart: `工时费 (元)：`, `金额/万元`, `amount_usd`, `应收（单位：万元）`.
    pub fn read(text: &str) -> Heading {
        let (mut name, mut inner, mut depth) = (String::new(), String::new(), 0_u32);
        let mut words = Vec::new();
        for c in text.chars().filter(|c| !is_invisible(*c)).map(half_width).flat_map(char::to_uppercase) {
            match c {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        words.push(std::mem::take(&mut inner));
                    }
                }
                '*' if depth == 0 => {}
                _ if depth > 0 => inner.extend((!c.is_whitespace()).then_some(c)),
                _ if c.is_whitespace() => name.push(' '),
                _ => name.push(c),
            }
        }
        words.push(inner);
        words.retain(|word| !word.is_empty());
        let name = tail(name.trim_end_matches([' ', ':']), &mut words);
        let name: String = name.chars().filter(|c| *c != ' ' && *c != ':').collect();
        let whole = word(text);
        match name.is_empty() {
            true => Heading { name: whole.clone(), whole, words: Vec::new() },
            false => Heading { name, whole, words },
        }
    }

    /// The words one by one: `单位:万元,不含税` is two.
    fn pieces(&self) -> impl Iterator<Item = &str> {
        self.words.iter().flat_map(|word| word.split([',', '、', ';', '。'])).map(|piece| {
            let piece = piece.rsplit(':').next().unwrap_or(piece);
            let piece = ["金额单位", "货币单位", "单位"].iter().find_map(|p| piece.strip_prefix(p)).unwrap_or(piece);
            // 元/台 is a price in yuan.
            piece.split_once('/').filter(|(head, _)| is_money(head)).map_or(piece, |(head, _)| head)
        })
    }
}

/// The name without a unit behind a mark or a blank (`金额 元`), or a yuan glued to it (`收款金额万元`).
fn tail<'a>(name: &'a str, words: &mut Vec<String>) -> &'a str {
    if let Some((head, last)) = name.rsplit_once([' ', '_', '/', '-', '|', ':', '·'])
        && (is_money(last) || is_tax(last) || ["小时", "分钟", "MIN", "KM", "公里"].contains(&last))
        && !head.trim_matches([' ', '_', '/', '-', '|', ':', '·']).is_empty()
    {
        words.push(last.to_owned());
        return tail(head.trim_end_matches([' ', '_', '/', '-', '|', ':', '·']), words);
    }
    for unit in ["万元", "千元", "百元", "美元", "港元", "欧元", "日元", "元"] {
        let head =
            name.strip_suffix(unit).filter(|head| head.ends_with(['额', '费', '价', '款', '收', '付', '值', '本']));
        if let Some(head) = head {
            words.push(unit.to_owned());
            return head;
        }
    }
    name
}

fn is_money(word: &str) -> bool {
    YUAN.contains(&word) || CURRENCIES.contains(&word) || OF_FEN.iter().any(|(unit, _)| *unit == word)
}

fn is_tax(word: &str) -> bool {
    WITH_TAX.contains(&word) || WITHOUT_TAX.contains(&word)
}

/// What a column counts, so that 分 is money in one and minutes in another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Money,
    Hours,
    Count,
    Other,
}

fn measure(column: &ColumnDef) -> Measure {
    let priced = || ["price", "cost", "amount"].iter().any(|part| column.name.contains(part));
    match column.kind {
        ColumnKind::Fen => Measure::Money,
        ColumnKind::Micro if priced() => Measure::Money,
        ColumnKind::Hours => Measure::Hours,
        ColumnKind::Micro | ColumnKind::Int => Measure::Count,
        _ => Measure::Other,
    }
}

/// Whether a column holds money: a unit that a title line names is meant for it.
pub fn is_of_money(column: &ColumnDef) -> bool {
    measure(column) == Measure::Money
}

/// What a word says of a column's numbers.
enum Meaning {
    Scale(Scale),
    Nothing,
    Unknown,
}

/// What the words of a heading make of the numbers below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// `None` where the heading names no unit.
    pub scale: Option<Scale>,
    /// Words of money that nobody knows: to be told.
    pub unknown: Vec<String>,
}

/// Reads the words beside a heading for a column. A spec that names the very heading, tax and currency in it, `means_it`.
pub fn reading(heading: &Heading, column: &ColumnDef, means_it: bool) -> Reading {
    read_with(heading, means_it, |word| meaning(word, column))
}

/// Reads the words beside the heading of an amount that is no column of a table.
pub fn of_amounts(heading: &Heading) -> Reading {
    read_with(heading, false, |word| money(word, Net::No))
}

fn read_with(heading: &Heading, means_it: bool, meaning: impl Fn(&str) -> Meaning) -> Reading {
    let (mut scale, mut unknown) = (None, Vec::new());
    for piece in heading.pieces() {
        match meaning(piece) {
            Meaning::Scale(Scale::Refused(_)) if means_it => {}
            Meaning::Scale(refused @ Scale::Refused(_)) => return Reading { scale: Some(refused), unknown },
            Meaning::Scale(found) => scale = Some(found),
            Meaning::Nothing => {}
            Meaning::Unknown => unknown.push(piece.to_owned()),
        }
    }
    Reading { scale, unknown: if means_it { Vec::new() } else { unknown } }
}

fn meaning(word: &str, column: &ColumnDef) -> Meaning {
    let refused = || Meaning::Scale(Scale::Refused(word.to_owned()));
    let of = |list: &[(&str, i128)]| list.iter().find(|(unit, _)| *unit == word).map(|(_, size)| *size);
    match measure(column) {
        Measure::Other => Meaning::Nothing,
        Measure::Hours => match of(&OF_SECONDS) {
            Some(seconds) => Meaning::Scale(Scale::Times(1, 3600 / seconds)),
            None if NO_HOURS.contains(&word) => refused(),
            None => Meaning::Nothing,
        },
        Measure::Count => match of(&OF_ONE) {
            Some(size) => Meaning::Scale(Scale::Times(size, 1)),
            None if NO_KILOMETRES.contains(&word) && column.name.contains("mileage") => refused(),
            None if word != "分" && is_money(word) && !YUAN.contains(&word) => refused(),
            None => Meaning::Nothing,
        },
        Measure::Money => money(word, net(column)),
    }
}

/// Whether money without tax is what a column wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Net {
    Yes,
    /// What a thing cost is told without tax as a rule.
    Usual,
    No,
}

fn net(column: &ColumnDef) -> Net {
    match () {
        () if column.zh.contains("不含税") || column.name.starts_with("net") => Net::Yes,
        () if column.name.contains("cost") => Net::Usual,
        () => Net::No,
    }
}

fn money(word: &str, net: Net) -> Meaning {
    if let Some(scale) = of_money(word) {
        return Meaning::Scale(scale);
    }
    match () {
        () if WITHOUT_TAX.contains(&word) && net != Net::No => Meaning::Nothing,
        () if WITH_TAX.contains(&word) && net != Net::Yes => Meaning::Nothing,
        () if is_tax(word) || NO_MONEY.contains(&word) => Meaning::Scale(Scale::Refused(word.to_owned())),
        () if HARMLESS.contains(&word) => Meaning::Nothing,
        () => Meaning::Unknown,
    }
}

/// What a word of money says: yuan, another unit of it, or another currency. `None` for every other word.
pub fn of_money(word: &str) -> Option<Scale> {
    if YUAN.contains(&word) {
        return Some(Scale::PLAIN);
    }
    if CURRENCIES.contains(&word) {
        return Some(Scale::Refused(word.to_owned()));
    }
    OF_FEN.iter().find(|(unit, _)| *unit == word).map(|(_, fen)| Scale::Times(*fen, 100))
}

/// The unit of money that lines above the headings name: `单位：万元`, `币种：美元`, `应收账龄表（万元）`. 单位 alone may also be a firm.
pub fn of_titles(lines: &[String]) -> Option<Scale> {
    let of_line = |line: &String| {
        let heading = Heading::read(line);
        let in_brackets = heading.pieces().find_map(of_money).filter(|scale| *scale != Scale::PLAIN);
        in_brackets.or_else(|| named(line))
    };
    lines.iter().find_map(of_line)
}

/// The money behind 单位, 币种 and the like in a line.
fn named(line: &str) -> Option<Scale> {
    let line: String = line.chars().map(half_width).flat_map(char::to_uppercase).collect();
    let behind = |at: usize, key: &str| {
        let rest = line[at + key.len()..].trim_start_matches([':', ' ', '为', '是']);
        let end = rest.find([' ', ',', ';', ')', ']', '】', '(', '、']).unwrap_or(rest.len());
        of_money(&rest[..end])
    };
    let mut keys = ["单位", "币种", "币别", "货币"].into_iter();
    keys.find_map(|key| line.match_indices(key).find_map(|(at, _)| behind(at, key)))
}

/// The lines of a sheet that may name the unit of its money: those above the headings and the footers.
pub fn lines(sheet: &RawSheet, heading: usize) -> Vec<String> {
    let below = sheet.rows.len().saturating_sub(FOOTERS).max(heading + 1);
    let filled = |row: &RawRow| row.cells.iter().map(text_of).filter(|text| !text.is_empty()).collect::<Vec<String>>();
    let footers = sheet.rows.iter().skip(below).map(filled).filter(|texts| texts.len() <= 2);
    sheet.rows.iter().take(heading).map(filled).chain(footers).map(|texts| texts.join(" ")).collect()
}

/// The sheet's column that says in which money each row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneyColumn {
    pub at: usize,
    /// It speaks of nothing else; a 单位 may be that of a quantity too.
    sure: bool,
}

impl MoneyColumn {
    /// By the names of all columns.
    pub fn find(names: &[String]) -> Option<MoneyColumn> {
        let named = |of: &[&str]| names.iter().position(|name| of.contains(&name.as_str()));
        let sure = named(&CURRENCY_COLUMNS).map(|at| MoneyColumn { at, sure: true });
        sure.or_else(|| named(&["单位", "计量单位"]).map(|at| MoneyColumn { at, sure: false }))
    }

    /// What its cell says of the money in the row: `None` where it says nothing; in a column of currencies a word that nobody knows
    /// refuses it.
    pub fn of_row(self, text: &str) -> Option<Scale> {
        let word = word(text);
        if matches!(word.as_str(), "" | "1" | "156") {
            return None; // 156 is the yuan's number among the currencies
        }
        let known = of_money(&word).filter(|_| self.sure || word.contains('元') || word.is_ascii());
        known.or_else(|| self.sure.then(|| Scale::Refused(word.clone()))).filter(|scale| *scale != Scale::PLAIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, zh: &str, kind: ColumnKind) -> ColumnDef {
        ColumnDef {
            name: name.to_owned(),
            zh: zh.to_owned(),
            en: String::new(),
            kind,
            required: false,
            with: None,
            event: false,
            decides: false,
            zero_is_none: false,
            counts: crate::model::Counts::Always,
        }
    }

    fn of(text: &str, column: &ColumnDef) -> Reading {
        reading(&Heading::read(text), column, false)
    }

    #[test]
    fn headings_are_taken_apart() {
        for text in [
            "收款金额（分）",
            "收款金额_分",
            "收款金额/分",
            "收款金额 分",
            "收款金额[分]",
            "*收款金额（单位：分）：",
            "收款金额（分",
        ] {
            let heading = Heading::read(text);
            assert_eq!(heading.name, "收款金额", "{text}");
            assert_eq!(
                of(text, &column("amount", "金额", ColumnKind::Fen)).scale,
                Some(Scale::Times(1, 100)),
                "{text}"
            );
        }
        for (text, name) in [
            ("收款金额万元", "收款金额"),
            ("amount_usd", "AMOUNT"),
            ("客户 名称", "客户名称"),
            ("退款批次号/请求号", "退款批次号/请求号"),
            ("(元)", "(元)"),
            ("积分", "积分"),
            ("得分", "得分"),
            ("已用-未用", "已用-未用"),
            ("元", "元"),
        ] {
            assert_eq!(Heading::read(text).name, name, "{text}");
        }
    }

    #[test]
    fn money_words() {
        let amount = column("amount", "收款金额", ColumnKind::Fen);
        for text in [
            "金额",
            "金额(元)",
            "金额（人民币）",
            "金额(RMB)",
            "金额(含税)",
            "金额（必填）",
            "单价(元/台)",
            "金额(+元)",
            "金额(元,含税)",
        ] {
            let read = of(text, &amount);
            assert!(read.scale.is_none_or(|s| s == Scale::PLAIN) && read.unknown.is_empty(), "{text}");
        }
        for (text, times) in [
            ("金额(万元)", 1_000_000),
            ("金额(千元)", 100_000),
            ("金额(单位:百万元)", 100_000_000),
            ("金额（万元/台）", 1_000_000),
        ] {
            assert_eq!(of(text, &amount).scale, Some(Scale::Times(times, 100)), "{text}");
        }
        for (text, says) in [
            ("金额(美元)", "美元"),
            ("金额_HKD", "HKD"),
            ("金额(不含税)", "不含税"),
            ("金额（未税，元）", "未税"),
            ("优惠(%)", "%"),
        ] {
            assert_eq!(of(text, &amount).scale, Some(Scale::Refused(says.into())), "{text}");
        }
        assert_eq!(of("金额(调拨)", &amount).unknown, ["调拨"]);
        assert_eq!(of_amounts(&Heading::read("金额(万元)")).scale, Some(Scale::Times(1_000_000, 100)));
        let net = column("net_amount", "不含税金额", ColumnKind::Fen);
        assert_eq!(of("金额(不含税)", &net).scale, None);
        assert_eq!(of("成本价(不含税)", &column("unit_cost", "成本价", ColumnKind::Micro)).scale, None);
        assert_eq!(reading(&Heading::read("金额(不含税)"), &amount, true).scale, None);
    }

    #[test]
    fn other_measures() {
        let hours = column("actual_hours", "实际工时", ColumnKind::Hours);
        assert_eq!(of("实际工时(分)", &hours).scale, Some(Scale::Times(1, 60)));
        assert_eq!(of("实际工时(小时)", &hours).scale, Some(Scale::PLAIN));
        assert_eq!(of("实际工时(天)", &hours).scale, Some(Scale::Refused("天".into())));
        let km = column("mileage_km", "行驶里程", ColumnKind::Int);
        assert_eq!(of("里程(万公里)", &km).scale, Some(Scale::Times(10_000, 1)));
        assert_eq!(of("里程(KM)", &km).scale, None);
        assert_eq!(of("总体评分(分)", &column("score", "评分", ColumnKind::Int)).scale, None);
    }

    #[test]
    fn titles_and_columns() {
        let of_titles = |line: &str| of_titles(&[line.to_owned()]);
        for line in [
            "单位：万元",
            "金额单位:万元",
            "2026年10月 单位：人民币万元",
            "应收账款（万元）",
            "制表单位：一店 （单位：万元）",
        ] {
            assert_eq!(of_titles(line), Some(Scale::Times(1_000_000, 100)), "{line}");
        }
        assert_eq!(of_titles("币种：美元"), Some(Scale::Refused("美元".into())));
        assert_eq!(of_titles("单位：元"), Some(Scale::PLAIN));
        for line in ["单位：华东一店", "编制单位：某公司", "收银流水"] {
            assert_eq!(of_titles(line), None, "{line}");
        }
    }

    #[test]
    fn columns_of_currencies_and_units() {
        let find = |name: &str| MoneyColumn::find(&["金额".to_owned(), name.to_owned()]).expect("a column of money");
        let (currency, unit) = (find("币种"), find("单位"));
        for word in ["CNY", "", "人民币", "元"] {
            assert_eq!((currency.of_row(word), unit.of_row(word)), (None, None), "{word}");
        }
        for (word, scale) in [("usd", Scale::Refused("USD".into())), ("万元", Scale::Times(1_000_000, 100))] {
            assert_eq!((currency.of_row(word), unit.of_row(word)), (Some(scale.clone()), Some(scale)), "{word}");
        }
        assert_eq!(currency.of_row("金豆"), Some(Scale::Refused("金豆".into())));
        for word in ["件", "万", "升", "千"] {
            assert_eq!(unit.of_row(word), None, "{word}");
        }
    }
}
