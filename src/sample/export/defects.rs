//! What is wrong with the files of one day: a file delivered twice, an empty one, one that is no export, bad cells.

use super::words::by;
use super::{Content, File, cashier, lines, orders, settlements};
use crate::model::fen::Fen;
use crate::sample::events::{Planted, Shop};
use chrono::NaiveDate;

const NO_EXPORT: &str = "readme.txt";
const NO_EXPORT_TEXT: &str = "本目录存放每日导出文件，请勿删除。\r\n";

/// The extra files of the day that has them.
pub fn files(shop: &Shop, day: NaiveDate, of_day: &[File]) -> Vec<File> {
    if shop.defects.day != Some(day) {
        return Vec::new();
    }
    let settled = by(shop.style, settlements::FILE);
    let copies = of_day.iter().filter(|file| file.name.starts_with(settled));
    let mut files: Vec<File> =
        copies.map(|file| File { name: copy_name(&file.name), content: file.content.clone() }).collect();
    files.push(File { name: empty_name(shop, day), content: Content::Bytes(Vec::new()) });
    files.push(File { name: NO_EXPORT.to_string(), content: Content::Bytes(NO_EXPORT_TEXT.as_bytes().to_vec()) });
    files
}

/// The list of these defects, with the names of the files that were written.
pub fn planted(shop: &Shop, names: &[String]) -> Vec<Planted> {
    let Some(day) = shop.defects.day else { return Vec::new() };
    let suffix = format!("_{}", day.format("%Y%m%d"));
    let file = |kinds: [&str; 2]| {
        let stem = format!("{}{suffix}", by(shop.style, kinds));
        names.iter().find(|name| name.starts_with(&stem) && !name.contains('(')).cloned().unwrap_or_default()
    };
    let mut rows = Vec::new();
    let mut add = |order: Option<usize>, receipt: Option<usize>, note: String| {
        let order_no = order.map(|at| shop.orders[at].number.clone()).unwrap_or_default();
        rows.push(Planted { kind: "export_defect", order_no, receipt, amount: Fen::ZERO, date: day, note });
    };
    add(shop.defects.unknown_job, None, format!("{}: a job type that is no known word", file(orders::FILE)));
    add(shop.defects.impossible_date, None, format!("{}: completed on the 32nd", file(orders::FILE)));
    for receipt in &shop.defects.wide {
        let note = format!("{}: full-width order number with blanks behind it", file(cashier::RECEIPTS_FILE));
        add(None, Some(*receipt), note);
    }
    let twice = file(settlements::FILE);
    add(None, None, format!("{}: the same file as {twice}", copy_name(&twice)));
    add(None, None, format!("{}: empty", empty_name(shop, day)));
    add(None, None, format!("{NO_EXPORT}: no export"));
    rows
}

/// As a browser names a second download.
fn copy_name(name: &str) -> String {
    name.rsplit_once('.').map_or_else(|| name.to_string(), |(stem, extension)| format!("{stem}(1).{extension}"))
}

fn empty_name(shop: &Shop, day: NaiveDate) -> String {
    format!("{}_{}(2).xlsx", by(shop.style, lines::PARTS_FILE), day.format("%Y%m%d"))
}
