//! `hesuan sample`: a realistic shop folder, faults included, to try the program on.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::value_parser;

use super::failure::Failure;
use super::output::{grouped, left, right};
use super::{Done, date, output};
use crate::finding::Code;
use crate::model::{Lang, Text};
use crate::reconcile::{Category, CheckKind};
use crate::sample::{self, Options, SampleError, Summary};

/// Make a realistic shop folder with planted faults
///
/// The same options give the same files. What was planted is listed in DIR/planted.csv.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder to make
    dir: PathBuf,
    /// Another seed gives another shop
    #[arg(long, default_value_t = Options::default().seed)]
    seed: u64,
    /// Days of business
    #[arg(long, value_name = "N", default_value_t = Options::default().days, value_parser = value_parser!(u32).range(1..=3660))]
    days: u32,
    /// Repair orders a day
    #[arg(long, value_name = "N", default_value_t = Options::default().orders_per_day, value_parser = value_parser!(u32).range(1..=1000))]
    orders_per_day: u32,
    /// Number of shops; several make a group folder
    #[arg(long, value_name = "N", default_value_t = Options::default().shops, value_parser = value_parser!(u32).range(1..=999))]
    shops: u32,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = date::parse, default_value_t = Options::default().end)]
    end: NaiveDate,
    /// Language of what is printed
    #[arg(long, default_value = "zh")]
    lang: Lang,
}

const MADE: Text = Text::new(
    "已生成 {0}：门店 {1} 家，委托书 {2} 张，结算单 {3} 张，收据 {4} 张",
    "Made {0}: {1} shops, {2} orders, {3} settlements, {4} receipts",
);
const PLANTED: Text = Text::new("埋入的差错（明细见 planted.csv）：", "Planted faults (listed in planted.csv):");
const NEXT: Text = Text::new("下一步：hesuan run {0} --as-of {1}", "Next: hesuan run {0} --as-of {1}");

pub fn run(args: &Args) -> Done {
    let options = Options {
        seed: args.seed,
        end: args.end,
        days: args.days,
        orders_per_day: args.orders_per_day,
        shops: args.shops,
    };
    let summary = sample::write(&args.dir, &options).map_err(failure)?;
    output::print(&text(args, &summary))?;
    Ok(0)
}

fn failure(error: SampleError) -> Failure {
    match error {
        SampleError::Exists(_) => Failure::usage(error.to_string(), "nothing was changed; choose another folder"),
        SampleError::Io { path, source } => Failure::disk(path.display(), &source),
        SampleError::Workbook(_) => Failure::internal(error.to_string()),
    }
}

fn text(args: &Args, summary: &Summary) -> String {
    let lang = args.lang;
    let dir = args.dir.display().to_string();
    let numbers = [summary.orders, summary.settlements, summary.receipts].map(|n| grouped(n as u64));
    let [orders, settlements, receipts] = numbers.each_ref().map(String::as_str);
    let mut text = MADE.fill(lang, &[&dir, &summary.shops.to_string(), orders, settlements, receipts]);
    text = format!("{text}\n{}\n", PLANTED.get(lang));
    for (kind, number) in &summary.planted {
        let title = title(kind).map_or("", |title| title.get(lang));
        text.push_str(&format!("  {}  {}{title}\n", right(&number.to_string(), 4), left(kind, 26)));
    }
    let shop = if summary.shops > 1 { format!("{dir}/S01") } else { dir };
    text + &NEXT.fill(lang, &[&shop, &args.end.to_string()]) + "\n"
}

/// What is planted for a report to show and no check fires on.
const SHOWN: [(&str, Text); 6] = [
    ("file_missing", Text::new("进厂车辆无档案", "Car without a file")),
    ("file_gap", Text::new("客户档案不全", "File with a gap")),
    ("file_differs", Text::new("工单与档案不符", "Order and file differ")),
    ("visit_not_entered", Text::new("展厅客流未录入系统", "Showroom visit not entered")),
    ("part_short", Text::new("在修工单缺料", "Part short for an open order")),
    ("count_differs", Text::new("盘点差异", "Count differs from the books")),
];

/// What a planted kind is called where it is a category, a check, a finding or something that a report shows.
fn title(kind: &str) -> Option<Text> {
    let category = Category::ALL.iter().find(|c| c.id() == kind).map(|c| c.title());
    let check = || CheckKind::ALL.iter().find(|c| c.id() == kind).map(|c| c.title());
    let shown = || SHOWN.iter().find(|(id, _)| *id == kind).map(|(_, title)| *title);
    category.or_else(check).or_else(|| Code::from_id(kind).map(|code| code.meaning().title)).or_else(shown)
}
