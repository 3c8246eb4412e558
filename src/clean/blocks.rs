//! A sheet that holds several lists below each other, each with headings of its own: receipts, and refunds under them.

use std::borrow::Cow;

use super::cells::{is_blank, text_of};
use super::normal;
use super::recognise::{self, Claim};
use super::source::Source;
use super::summary;
use crate::read::{Cell, RawRow, RawSheet};

/// Lines above a block's headings that may be its title.
const TITLE_LINES: usize = 3;
/// What headings end with, where no source knows them.
const ENDINGS: [&str; 24] = [
    "号", "编号", "时间", "日期", "金额", "方式", "人", "员", "类型", "类别", "备注", "名称", "状态", "数量", "单价",
    "费", "说明", "原因", "顾问", "车牌", "客户", "摘要", "余额", "额",
];

/// One list of a sheet.
pub struct Block<'a> {
    pub sheet: Cow<'a, RawSheet>,
    /// Headings that are not those of the first list and that no source knows: 1-based row and texts.
    pub unknown: Option<(u32, Vec<String>)>,
}

/// The lists of a sheet: all of it where there is one, which is the rule.
pub fn split<'a>(sources: &[Source], claim: &Claim, sheet: &'a RawSheet) -> Vec<Block<'a>> {
    let first = recognise::headings(&claim.row);
    let mut begins: Vec<(usize, bool)> = Vec::new();
    let mut current = first;
    for (at, row) in sheet.rows.iter().enumerate().skip(claim.heading + 1).filter(|(_, row)| may_be_headings(row)) {
        let own = recognise::headings(row);
        let is_same = own.iter().zip(&current).filter(|(a, _)| !a.is_empty()).all(|(a, b)| a == b);
        let is_known = recognise::knows(sources, &own);
        if is_same || summary::is_headings(row) || !(is_known || look_like_headings(&own)) {
            continue;
        }
        begins.push((at, is_known));
        current = own;
    }
    if begins.is_empty() {
        return vec![Block { sheet: Cow::Borrowed(sheet), unknown: None }];
    }
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut from = 0;
    let mut unknown = None;
    for (heading, is_known) in begins {
        let start = title_of(sheet, heading, from);
        blocks.push(block(sheet, from, start, unknown.take()));
        let row = &sheet.rows[heading];
        let texts = || row.cells.iter().map(text_of).filter(|t| !t.is_empty()).take(20).collect();
        unknown = (!is_known).then(|| (row.number, texts()));
        from = start;
    }
    blocks.push(block(sheet, from, sheet.rows.len(), unknown));
    blocks
}

fn block<'a>(sheet: &RawSheet, from: usize, to: usize, unknown: Option<(u32, Vec<String>)>) -> Block<'a> {
    let rows = sheet.rows[from..to].to_vec();
    Block { sheet: Cow::Owned(RawSheet { rows, ..head(sheet) }), unknown }
}

/// The sheet without its rows.
fn head(sheet: &RawSheet) -> RawSheet {
    RawSheet {
        rows: Vec::new(),
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        is_1904: sheet.is_1904,
        merges: sheet.merges.clone(),
    }
}

/// Where a block begins: with the lone texts right above its headings.
fn title_of(sheet: &RawSheet, heading: usize, from: usize) -> usize {
    let is_title = |row: &RawRow| {
        let mut filled = row.cells.iter().filter(|c| !is_blank(c));
        let only = filled.next().filter(|_| filled.next().is_none());
        matches!(only, Some(Cell::Text(text)) if super::words::total(text).is_none() && !super::words::is_footer(text))
    };
    let lines = sheet.rows[from..heading].iter().rev().take(TITLE_LINES).take_while(|row| is_title(row)).count();
    heading - lines
}

/// Several texts without a digit: told by a glance at the first cells of most rows.
fn may_be_headings(row: &RawRow) -> bool {
    let mut filled = 0;
    for cell in row.cells.iter().filter(|c| !is_blank(c)) {
        match cell {
            Cell::Text(text) if text.len() <= 60 && !text.bytes().any(|b| b.is_ascii_digit()) => filled += 1,
            _ => return false,
        }
    }
    filled >= 3
}

/// Whether texts are headings though no source knows them: most end as headings do, none is there twice.
fn look_like_headings(headings: &[String]) -> bool {
    let filled: Vec<&String> = headings.iter().filter(|h| !h.is_empty()).collect();
    let named = filled.iter().filter(|h| ENDINGS.iter().any(|e| h.ends_with(e))).count();
    let is_money = filled.iter().any(|h| h.contains("金额") || h.ends_with('额') || h.ends_with('费'));
    filled.len() >= 4 && is_money && named * 3 >= filled.len() * 2 && filled.iter().all(|h| **h == normal::heading(h))
}
