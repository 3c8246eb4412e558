//! What `status` says: text for people, an object for machines.

use serde_json::{Value, json};

use super::output::{grouped, left, right, yuan};
use super::status::{LastRun, Open, Status, next_day, next_due};
use crate::model::{Lang, Text};
use crate::reconcile::{AGE_BUCKETS, title_of_exception};
use crate::run::close::name_of;

const NEVER: Text = Text::new("还没有发布过报表", "Nothing has been published yet");
const FILES: Text = Text::new("已收取文件 {0} 个", "Files taken: {0}");
const LAST: Text = Text::new("最近发布：{0} 第 {1} 版（{2} 天前）", "Last published: {0}, revision {1} ({2} days ago)");
const GONE: Text =
    Text::new("{0} 已不在，无法列出缺失与待处理", "{0} is gone: missing exports and open items cannot be listed");
const NOTHING_MISSING: Text = Text::new("导出齐全", "No export is missing");
const MISSING: Text = Text::new("缺少或不能读取：", "Missing or not readable:");
const NOTHING_OPEN: Text = Text::new("没有待处理项", "Nothing is open");
const OPEN: Text = Text::new("待处理（按账龄天数）", "Open, by age in days");
const AMOUNT: Text = Text::new("差额（元）", "difference (yuan)");
const NEXT: Text = Text::new("下次应出：日报 {0}，周报 {1}，月报 {2}", "Due next: daily {0}, weekly {1}, monthly {2}");

const BEGUN: Text = Text::new(
    "{0} 的关账被中断，还不算关账；下次运行会完成或作废它",
    "The close of {0} was interrupted and does not count yet; the next run ends it or drops it",
);
const OWED: Text = Text::new("下次运行要补做：{0}（{1}）", "Owed, made by the next run: {0} ({1})");

const CLOSED: Text = Text::new(
    "{0} 已于 {1} 关账{4}，结转未销 {2} 项 {3} 元",
    "{0} closed on {1}{4}: {2} open items of {3} yuan carried forward",
);
const ACCEPTED: Text = Text::new("  已接受：{0}（{1}）", "  accepted: {0} ({1})");
const REOPENED: Text = Text::new("{0} 于 {1} 重新打开：{2}{3}", "{0} opened again on {1}{3}: {2}");
const BY: Text = Text::new("（{0}）", " by {0}");
const HANDED_IN: Text = Text::new("{0} 上报：{1}", "To hand in on {0}: {1}");

pub fn text(status: &Status, lang: Lang) -> String {
    let mut text = format!("{} {}\n", status.code, status.name);
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    line(FILES.fill(lang, &[&grouped(status.files as u64)]));
    match &status.last {
        None => line(NEVER.get(lang).to_owned()),
        Some(last) => {
            let days = (status.today - last.as_of).num_days().to_string();
            line(LAST.fill(lang, &[&last.as_of.to_string(), &last.revision.to_string(), &days]));
            match last.is_readable {
                true => line(standing(last, lang)),
                false => line(GONE.fill(lang, &[&last.folder.display().to_string()])),
            }
        }
    }
    for (date, why) in &status.owed {
        line(OWED.fill(lang, &[&date.to_string(), why.title().get(lang)]));
    }
    for close in &status.closes {
        let (month, at, items) = (name_of(close.month), close.at.to_string(), close.items.to_string());
        let by = if close.by.is_empty() { String::new() } else { BY.fill(lang, &[&close.by]) };
        line(match close.is_close {
            true => CLOSED.fill(lang, &[&month, &at, &items, &yuan(close.amount.0), &by]),
            false => REOPENED.fill(lang, &[&month, &at, &close.reason, &by]),
        });
        for (code, reason) in &close.accepted {
            let title = title_of_exception(code).map_or(code.as_str(), |title| title.get(lang));
            line(ACCEPTED.fill(lang, &[title, reason]));
        }
    }
    for close in &status.begun {
        line(BEGUN.fill(lang, &[&name_of(close.month)]));
    }
    let [daily, weekly, monthly] = next_due(status).map(|date| date.to_string());
    line(NEXT.fill(lang, &[&daily, &weekly, &monthly]));
    for (day, reports) in &status.handed_in {
        let names: Vec<&str> = reports.iter().map(|(zh, en)| if lang == Lang::Zh { zh.as_str() } else { en }).collect();
        let names = names.join(if lang == Lang::Zh { "、" } else { ", " });
        line(HANDED_IN.fill(lang, &[&next_day(status.today, *day).to_string(), &names]));
    }
    text
}

/// What is missing and what is open.
fn standing(last: &LastRun, lang: Lang) -> String {
    let mut lines = Vec::new();
    if last.missing.is_empty() {
        lines.push(NOTHING_MISSING.get(lang).to_owned());
    } else {
        lines.push(MISSING.get(lang).to_owned());
        lines.extend(last.missing.iter().map(|message| format!("  {message}")));
    }
    if last.open.is_empty() {
        lines.push(NOTHING_OPEN.get(lang).to_owned());
    } else {
        let heads: String = AGE_BUCKETS.iter().map(|bucket| right(bucket, 7)).collect();
        lines.push(format!("{}{heads}{}", left(OPEN.get(lang), 26), right(AMOUNT.get(lang), 19)));
        lines.extend(last.open.iter().map(|((_, code), open)| row(code, open, lang)));
    }
    lines.join("\n")
}

fn row(code: &str, open: &Open, lang: Lang) -> String {
    let title = title_of_exception(code).map_or(code, |title| title.get(lang));
    let shown = |number: &u64| if *number == 0 { "·".to_owned() } else { grouped(*number) };
    let ages: String = open.by_age.iter().map(|number| right(&shown(number), 7)).collect();
    format!("  {}{ages}{}", left(title, 24), right(&yuan(open.fen), 19))
}

/// The status for machines; amounts in fen.
pub fn json(status: &Status) -> Value {
    let [daily, weekly, monthly] = next_due(status).map(|date| date.to_string());
    json!({
        "store": status.code,
        "today": status.today.to_string(),
        "files": status.files,
        "last": status.last.as_ref().map(|last| last_json(last, status)),
        "owed": status.owed.iter().map(|(d, why)| json!({"date": d.to_string(), "why": why.id()})).collect::<Vec<_>>(),
        "closes_begun": status.begun.iter().map(|close| name_of(close.month)).collect::<Vec<_>>(),
        "closes": status.closes.iter().map(super::close_text::close_json).collect::<Vec<_>>(),
        "next_due": {"daily": daily, "weekly": weekly, "monthly": monthly},
        "hand_in": status.handed_in.iter().map(|(day, reports)| json!({
            "date": next_day(status.today, *day).to_string(),
            "reports": reports.iter().map(|(zh, en)| json!({"zh": zh, "en": en})).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn last_json(last: &LastRun, status: &Status) -> Value {
    let open = |((kind, code), open): (&(String, String), &Open)| {
        json!({
            "kind": kind,
            "code": code,
            "count": open.by_age.iter().sum::<u64>(),
            "by_age": AGE_BUCKETS.iter().zip(open.by_age).map(|(b, n)| json!({"days": b, "count": n})).collect::<Vec<_>>(),
            "diff_fen": open.fen,
        })
    };
    json!({
        "as_of": last.as_of.to_string(),
        "revision": last.revision,
        "days_since": (status.today - last.as_of).num_days(),
        "folder": last.folder.display().to_string(),
        "readable": last.is_readable,
        "missing": last.missing,
        "open": last.open.iter().map(open).collect::<Vec<_>>(),
    })
}
