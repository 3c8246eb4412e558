//! What a run says: a summary for people, an object for machines.

use serde_json::{Value, json};

use super::output::{count, grouped, wrapped, yuan};
use crate::ledger::Notice;
use crate::model::{Lang, Text};
use crate::run::{DateOutcome, Outcome};

const PUBLISHED: Text = Text::new("{0}  第 {1} 版，已发布：{2}", "{0}  revision {1}, published: {2}");
const UNCHANGED: Text = Text::new("{0}  第 {1} 版，内容无变化：{2}", "{0}  revision {1}, nothing changed: {2}");
const DRY: Text = Text::new("{0}  试运行，未写入任何文件", "{0}  dry run, nothing was written");
const REFUSED: Text =
    Text::new("{0}  控制合计不符，未发布新内容", "{0}  a control total fails, nothing new was published");
const CLOSED: Text = Text::new(
    "{0}  所在月份已关账，报表第 {1} 版保持不变：{2}（要改动先 hesuan reopen）",
    "{0}  its month is closed, revision {1} stays as it is: {2} (to change it, hesuan reopen first)",
);
const OWED: Text = Text::new("（补做：{0}）", " (owed: {0})");
const UPGRADED: Text = Text::new(
    "账册由旧版程序（结构 {0}）接收：已写成日志 ledger/journal.log，旧账册存为 ledger/ledger-v{0}.db；以前不能读的 {1} 个文件重新读取",
    "The ledger of an older program (schema {0}) was taken over: its log is ledger/journal.log, the old ledger is kept as \
     ledger/ledger-v{0}.db, and {1} files that could not be read before are read again",
);
const LOG_CUT: Text = Text::new(
    "ledger/journal.log 只剩 {1} 行中的 {0} 行，已由 ledger.db 补全",
    "ledger/journal.log had {0} of its {1} lines left; it was written again from ledger.db",
);
const TAKEN: Text = Text::new("收取新文件 {0} 个", "New files taken: {0}");
const BOOK: Text = Text::new("  {0}：", "  {0}: ");
const CLEARED: Text = Text::new("已销号 {0} 笔", "Cleared: {0}");
const OPEN: Text = Text::new("待处理 {0} 笔：", "Open, {0}: ");
const ITEM: Text = Text::new("{0} {1} 笔 {2} 元", "{0} {1} ({2} yuan)");
const CHECKS: Text = Text::new("检查提示：", "Checks fired: ");
const FINDINGS: Text = Text::new(
    "数据问题：错误 {0}，警告 {1}，提示 {2}（见 findings.csv）",
    "Findings: {0} errors, {1} warnings, {2} notes (see findings.csv)",
);
const MISSING: Text = Text::new("缺少：", "Missing: ");
const FAILED: Text = Text::new("控制合计不符：{0}：{1} ≠ {2}", "Control total fails: {0}: {1} ≠ {2}");
const CHANGED: Text = Text::new("与上一版相比：", "Changed since the revision before: ");
const MORE: Text = Text::new("另有 {0} 条", "{0} more");
const BRIEF: Text = Text::new("，待处理 {0} 笔，检查提示 {1} 条", ", open {0}, checks fired {1}");

/// Missing exports and changes that are listed one by one; the rest is in the workbooks.
const LISTED: usize = 5;

/// The summary: a line for each date, all there is to say of the last one.
pub fn summary(outcome: &Outcome, dry_run: bool) -> String {
    let lang = outcome.lang;
    let mut text = String::new();
    for notice in &outcome.notices {
        line(&mut text, &told(notice, lang));
    }
    if outcome.files_taken > 0 {
        line(&mut text, &TAKEN.fill(lang, &[&grouped(outcome.files_taken as u64)]));
    }
    let Some((last, before)) = outcome.dates.split_last() else { return text };
    for date in before {
        if date.is_kept {
            line(&mut text, &head(date, dry_run, lang));
            problems(&mut text, date, lang);
            continue;
        }
        let open: i64 = date.open_items.iter().map(|(_, number, _)| number).sum();
        let checks: i64 = date.checks.iter().map(|(_, number)| number).sum();
        line(&mut text, &(head(date, dry_run, lang) + &BRIEF.fill(lang, &[&count(open), &count(checks)])));
        problems(&mut text, date, lang);
    }
    line(&mut text, &head(last, dry_run, lang));
    if last.is_closed || last.is_kept {
        problems(&mut text, last, lang);
        return text;
    }
    for (file, titles) in &last.workbooks {
        text.push_str(&wrapped(&BOOK.fill(lang, &[file]), titles, separator(lang)));
    }
    items(&mut text, last, lang);
    problems(&mut text, last, lang);
    if !last.changed.is_empty() {
        text.push_str(&listed(CHANGED, &last.changed, lang));
    }
    text
}

fn head(date: &DateOutcome, dry_run: bool, lang: Lang) -> String {
    let template = match date {
        _ if date.is_closed => CLOSED,
        _ if !date.failed_controls.is_empty() => REFUSED,
        _ if dry_run => DRY,
        _ if date.published => PUBLISHED,
        _ => UNCHANGED,
    };
    let folder = date.folder.display().to_string();
    let owed = date.owed.map_or_else(String::new, |why| OWED.fill(lang, &[why.title().get(lang)]));
    template.fill(lang, &[&date.as_of.to_string(), &date.revision.to_string(), &folder]) + &owed
}

fn told(notice: &Notice, lang: Lang) -> String {
    match notice {
        Notice::Upgraded { schema, unread } => UPGRADED.fill(lang, &[&schema.to_string(), &unread.len().to_string()]),
        Notice::LogCut(left, of) => LOG_CUT.fill(lang, &[&left.to_string(), &of.to_string()]),
    }
}

/// What is cleared, what needs a person, and how good the data is.
fn items(text: &mut String, date: &DateOutcome, lang: Lang) {
    line(text, &CLEARED.fill(lang, &[&count(date.cleared)]));
    let between = separator(lang);
    if !date.open_items.is_empty() {
        let all: i64 = date.open_items.iter().map(|(_, number, _)| number).sum();
        let shown = |(title, number, fen): &(String, i64, i64)| ITEM.fill(lang, &[title, &count(*number), &yuan(*fen)]);
        let shown: Vec<String> = date.open_items.iter().map(shown).collect();
        text.push_str(&wrapped(&OPEN.fill(lang, &[&count(all)]), &shown, between));
    }
    if !date.checks.is_empty() {
        let shown: Vec<String> =
            date.checks.iter().map(|(title, number)| format!("{title} {}", count(*number))).collect();
        text.push_str(&wrapped(CHECKS.get(lang), &shown, between));
    }
    let (errors, warnings, notes) = date.findings;
    if errors + warnings + notes > 0 {
        line(text, &FINDINGS.fill(lang, &[&count(errors), &count(warnings), &count(notes)]));
    }
}

/// What makes a date incomplete or refused.
fn problems(text: &mut String, date: &DateOutcome, lang: Lang) {
    if !date.missing.is_empty() {
        text.push_str(&listed(MISSING, &date.missing, lang));
    }
    for total in &date.failed_controls {
        line(text, &FAILED.fill(lang, &[&total.name, &yuan(total.left), &yuan(total.right)]));
    }
}

/// The first few of some lines of text, and how many more there are.
fn listed(label: Text, lines: &[String], lang: Lang) -> String {
    let mut shown: Vec<String> = lines.iter().take(LISTED).cloned().collect();
    if lines.len() > LISTED {
        shown.push(MORE.fill(lang, &[&(lines.len() - LISTED).to_string()]));
    }
    wrapped(
        label.get(lang),
        &shown,
        match lang {
            Lang::Zh => "；",
            Lang::En => "; ",
        },
    )
}

fn separator(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "，",
        Lang::En => ", ",
    }
}

fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

/// The outcome for machines; amounts in fen.
pub fn json(outcome: &Outcome, exit_code: u8) -> Value {
    json!({
        "exit_code": exit_code,
        "files_taken": outcome.files_taken,
        "dates": outcome.dates.iter().map(date_json).collect::<Vec<_>>(),
    })
}

fn date_json(date: &DateOutcome) -> Value {
    let open = |(title, number, fen): &(String, i64, i64)| json!({"title": title, "count": number, "diff_fen": fen});
    let workbook = |(file, titles): &(String, Vec<String>)| json!({"file": file, "reports": titles});
    json!({
        "as_of": date.as_of.to_string(),
        "folder": date.folder.display().to_string(),
        "revision": date.revision,
        "published": date.published,
        "closed": date.is_closed,
        "workbooks": date.workbooks.iter().map(workbook).collect::<Vec<_>>(),
        "cleared": date.cleared,
        "open_items": date.open_items.iter().map(open).collect::<Vec<_>>(),
        "checks": date.checks.iter().map(|(title, number)| json!({"title": title, "count": number})).collect::<Vec<_>>(),
        "findings": {"errors": date.findings.0, "warnings": date.findings.1, "infos": date.findings.2},
        "missing": date.missing,
        "failed_controls": date.failed_controls.iter()
            .map(|total| json!({"name": total.name, "left_fen": total.left, "right_fen": total.right}))
            .collect::<Vec<_>>(),
        "changed": date.changed,
    })
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::reconcile::ControlTotal;

    /// A day with something of everything.
    pub fn outcome() -> Outcome {
        let date = DateOutcome {
            as_of: "2026-10-31".parse().unwrap(),
            folder: "S01/reports/2026-10-31".into(),
            revision: 2,
            published: true,
            workbooks: vec![("收银与销号.xlsx".into(), vec!["收银日报".into(), "销号明细".into()])],
            open_items: vec![("未收款".into(), 12, 800_000), ("少收".into(), 3, -10_000)],
            cleared: 1024,
            checks: vec![("断号".into(), 2)],
            findings: (3, 12, 20),
            missing: vec!["缺收银流水".into()],
            failed_controls: vec![ControlTotal::new("dues = cleared + open", 100, 200)],
            changed: (1..=7).map(|n| format!("变化 {n}")).collect(),
            obstacles: Vec::new(),
            is_closed: false,
            owed: None,
            is_kept: false,
            would_be: None,
        };
        Outcome { lang: Lang::Zh, files_taken: 9, notices: Vec::new(), dates: vec![date] }
    }

    #[test]
    fn the_summary_is_short_and_says_everything() {
        let mut outcome = outcome();
        outcome.dates[0].failed_controls.clear();
        insta::assert_snapshot!(summary(&outcome, false), @r"
        收取新文件 9 个
        2026-10-31  第 2 版，已发布：S01/reports/2026-10-31
          收银与销号.xlsx：收银日报，销号明细
        已销号 1,024 笔
        待处理 15 笔：未收款 12 笔 8,000.00 元，少收 3 笔 -100.00 元
        检查提示：断号 2
        数据问题：错误 3，警告 12，提示 20（见 findings.csv）
        缺少：缺收银流水
        与上一版相比：变化 1；变化 2；变化 3；变化 4；变化 5；另有 2 条
        ");
        outcome.lang = Lang::En;
        insta::assert_snapshot!(summary(&outcome, false), @r"
        New files taken: 9
        2026-10-31  revision 2, published: S01/reports/2026-10-31
          收银与销号.xlsx: 收银日报, 销号明细
        Cleared: 1,024
        Open, 15: 未收款 12 (8,000.00 yuan), 少收 3 (-100.00 yuan)
        Checks fired: 断号 2
        Findings: 3 errors, 12 warnings, 20 notes (see findings.csv)
        Missing: 缺收银流水
        Changed since the revision before: 变化 1; 变化 2; 变化 3; 变化 4; 变化 5; 2 more
        ");
    }

    #[test]
    fn a_failed_control_is_said_first() {
        let text = summary(&outcome(), false);
        assert!(text.contains("控制合计不符，未发布新内容") && text.contains("1.00 ≠ 2.00"), "{text}");
    }

    #[test]
    fn of_several_dates_only_the_last_is_told_in_full() {
        let mut outcome = outcome();
        outcome.dates[0].failed_controls.clear();
        outcome.dates.insert(0, DateOutcome { as_of: "2026-10-30".parse().unwrap(), ..outcome.dates[0].clone() });
        let text = summary(&outcome, false);
        assert!(
            text.lines().any(|l| l.starts_with("2026-10-30") && l.ends_with("待处理 15 笔，检查提示 2 条")),
            "{text}"
        );
        assert_eq!(text.matches("缺收银流水").count(), 2);
        assert_eq!(text.matches("数据问题").count(), 1);
    }

    #[test]
    fn machines_get_fen() {
        let value = json(&outcome(), 4);
        assert_eq!(value["exit_code"], 4);
        assert_eq!(value["dates"][0]["open_items"][0]["diff_fen"], 800_000);
    }
}
