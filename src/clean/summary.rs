//! Summaries that payment bills write below their data: headings of their own with a row of values, or comment lines.

use super::amounts;
use super::cells::{decimal, is_blank, text_of};
use super::normal;
use crate::read::{Cell, RawRow};

/// What the headings of a summary end with: counts and sums, nothing that a record could be called.
const ENDINGS: [&str; 8] = ["单数", "笔数", "件数", "金额", "总额", "总数", "交易额", "手续费"];

/// Whether a row holds the headings of a summary, such as 总交易单数, 应结订单总金额, 手续费总金额.
pub fn is_headings(row: &RawRow) -> bool {
    let filled = || row.cells.iter().filter(|c| !is_blank(c));
    // Most rows are told by a glance at their first cell.
    let begins = |text: &str| ENDINGS.iter().any(|e| text.ends_with(e)) || text.ends_with([')', '）']);
    if !matches!(filled().next(), Some(Cell::Text(text)) if begins(normal::trimmed(text))) {
        return false;
    }
    let named = |cell: &Cell| {
        let heading = match cell {
            Cell::Text(text) if !text.bytes().any(|b| b.is_ascii_digit()) => normal::heading(text),
            _ => return false,
        };
        ENDINGS.iter().any(|ending| heading.ends_with(ending))
    };
    let sums = |cell: &Cell| matches!(cell, Cell::Text(text) if text.contains('总') || text.contains("合计"));
    filled().count() >= 2 && filled().any(sums) && filled().all(named)
}

/// Whether a row can be the values below such headings: numbers and nothing else.
pub fn is_values(row: &RawRow) -> bool {
    row.cells.iter().filter(|c| !is_blank(c)).all(|c| decimal(c).is_some())
}

/// The headings of the data that a summary's heading may sum, likeliest first: 手续费总金额 is the sum of 手续费.
pub fn summed(heading: &str) -> Vec<String> {
    let bare = |word: &str| heading.replacen(word, "", 1);
    vec![bare("总"), bare("总金额"), bare("合计"), bare("总额")]
}

/// A comment line (`#收入合计：5笔，共1000.00元`): the word before 合计 and the sum in fen.
pub fn of_comment(line: &str) -> Option<(String, i64)> {
    let (word, rest) = line.trim_start_matches('#').split_once("合计")?;
    let part = rest.split(['，', ',']).find_map(|part| part.trim().strip_prefix('共'))?;
    let sum = part.trim().strip_suffix('元')?;
    let fen = amounts::number(normal::trimmed(sum)).ok()?.to_units(2).ok()?.0;
    Some((normal::heading(word), fen))
}

/// The text of a comment line; `None` where a row is none. Bills put `#` before what is no data.
pub fn comment(row: &RawRow) -> Option<String> {
    let first = row.cells.iter().find(|c| !is_blank(c))?;
    let Cell::Text(text) = first else { return None };
    let cells = || row.cells.iter().map(text_of).filter(|t| !t.is_empty());
    normal::trimmed(text).starts_with('#').then(|| cells().collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: &str) -> RawRow {
        RawRow { number: 1, cells: line.split(',').map(|text| Cell::Text(text.to_owned())).collect(), width: 0 }
    }

    #[test]
    fn headings_of_a_summary_are_no_data_and_no_headings_of_data() {
        assert!(is_headings(&row("总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额")));
        assert!(is_headings(&row("资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额")));
        for line in ["总经理,张三", "交易时间,商户订单号,手续费", "合计,12.00", "2026-10-05,总金额", "总金额"]
        {
            assert!(!is_headings(&row(line)), "{line}");
        }
        assert!(is_values(&row("`19,`0.19,`0.00")) && !is_values(&row("`19,张三")));
    }

    #[test]
    fn sums_find_their_columns() {
        assert!(summed("应结订单总金额").contains(&"应结订单金额".to_owned()));
        assert!(summed("手续费总金额").contains(&"手续费".to_owned()));
        assert!(summed("总退款金额").contains(&"退款金额".to_owned()));
    }

    #[test]
    fn sums_in_comments() {
        assert_eq!(of_comment("#收入合计：5笔，共1000.00元"), Some(("收入".to_owned(), 100_000)));
        assert_eq!(of_comment("#支出合计：1笔，共-0.60元"), Some(("支出".to_owned(), -60)));
        assert_eq!(of_comment("#交易合计：2笔，商家实收共0.02元，商家优惠共0.00元"), None);
        assert_eq!(of_comment("#导出时间：[2026年10月06日 08:00:00]"), None);
    }
}
