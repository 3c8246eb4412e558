//! `hesuan verify`: every hash, count and control total of a shop. Changes nothing.

use std::path::PathBuf;

use chrono::NaiveDate;

use serde_json::json;

use super::failure::Failure;
use super::{Done, clock, output, reading};
use crate::ledger::{Ledger, LedgerError};
use crate::model::dates::last_of_month;
use crate::model::{Lang, Text};
use crate::run::Shop;
use crate::run::verify::{self, Verdict, Wrong};

/// Check every hash, count and control total of a shop
///
/// Every file of the archive against its hash, the log and the ledger's own integrity, everything derived anew from archive
/// and log and compared row by row, every file of every published revision, and the control totals computed anew. Ends
/// with 4 where something does not hold, and says for each what to do.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shop folder
    shop: PathBuf,
    /// Only hashes: nothing is derived anew
    #[arg(long)]
    quick: bool,
    /// Only list the dates that this program would publish otherwise than the one that published them
    #[arg(long, conflicts_with = "quick")]
    since_upgrade: bool,
    /// Language (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// What does not hold is told like a control total that fails.
const FAILED: u8 = 4;

const CHECKED: Text = Text::new(
    "归档文件 {0} 个，已发布日期 {1} 个（工作簿 {2} 个），核对合计 {3} 项，已关账月份 {4} 个",
    "{0} files of the archive, {1} published dates ({2} workbooks), {3} control totals, {4} closed months",
);
const HOLDS: Text = Text::new("全部相符", "Everything holds");

pub fn run(args: &Args) -> Done {
    let shop = reading::open(&args.shop, args.lang)?;
    let wrong = |error: LedgerError| Failure::from(error);
    let Some(ledger) = Ledger::open_read(&shop.ledger).map_err(wrong)? else {
        return Err(Failure::usage("nothing has been taken yet".to_owned(), "run `hesuan run` first"));
    };
    if args.since_upgrade {
        return since_upgrade(args, &shop, &ledger);
    }
    let last = ledger.published().map_err(wrong)?.last().map(|p| p.as_of);
    let as_of = last.unwrap_or_else(clock::yesterday);
    let verdict = verify::verify(&shop, &ledger, as_of, &reading::request(&args.shop, args.lang)?, args.quick)
        .map_err(|error| Failure::new(error.exit_code(), error))?;
    match args.json {
        true => output::print_json(&json(&verdict))?,
        false => output::print(&text(&verdict, shop.lang, args.quick))?,
    }
    Ok(if verdict.wrong.is_empty() { 0 } else { FAILED })
}

/// Published dates keep their bytes when the program changes; this says which would come out otherwise.
fn since_upgrade(args: &Args, shop: &Shop, ledger: &Ledger) -> Done {
    let request = reading::request(&args.shop, args.lang)?;
    let other = verify::since_upgrade(shop, ledger, &request).map_err(|e| Failure::new(e.exit_code(), e))?;
    let dates: Vec<String> = other.iter().map(NaiveDate::to_string).collect();
    if args.json {
        output::print_json(&json!({"would_differ": dates}))?;
        return Ok(0);
    }
    let none = Text::new("本版程序做出的报表与已发布的一致", "This program makes the very reports that were published");
    let some = Text::new(
        "本版程序会做出不同的报表，已发布的保持原样：{0}",
        "This program would make other reports of these dates; what was published stays as it is: {0}",
    );
    let words =
        if dates.is_empty() { none.get(shop.lang).to_owned() } else { some.fill(shop.lang, &[&dates.join(", ")]) };
    output::print(&(words + "\n"))?;
    Ok(0)
}

fn text(verdict: &Verdict, lang: Lang, quick_only: bool) -> String {
    let numbers = [verdict.files, verdict.dates, verdict.published_files, verdict.controls, verdict.closed]
        .map(|n| n.to_string());
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let mut lines = vec![CHECKED.fill(lang, &numbers)];
    lines.extend(verdict.wrong.iter().map(|wrong| words(wrong, lang)));
    if !verdict.is_compared {
        let quick = Text::new("只核对了哈希（--quick）", "only hashes were checked (--quick)");
        let not = Text::new(
            "没有重新推算：规格或程序已变，或归档、日志不全；运行 `hesuan run` 后再核对",
            "nothing was derived anew: specs or program have changed since the last run, or archive and log are not whole; \
             verify again after `hesuan run`",
        );
        lines.push(if quick_only { quick } else { not }.get(lang).to_owned());
    }
    if verdict.wrong.is_empty() {
        lines.push(HOLDS.get(lang).to_owned());
    }
    lines.join("\n") + "\n"
}

fn words(wrong: &Wrong, lang: Lang) -> String {
    match wrong {
        Wrong::Gone(name, sha256) => Text::new(
            "归档缺失：{0}（{1}）；把同一文件放回收件夹或从备份 restore，再运行 `hesuan run`",
            "gone from the archive: {0} ({1}); put the same file into the inbox again or restore from a backup, then `hesuan run`",
        )
        .fill(lang, &[name, sha256]),
        Wrong::Changed(name, sha256) => Text::new(
            "归档内容已变：{0}（{1}）；把同一文件放回收件夹或从备份 restore，再运行 `hesuan rebuild`",
            "changed in the archive: {0} ({1}); put the same file into the inbox again or restore from a backup, then \
             `hesuan rebuild`",
        )
        .fill(lang, &[name, sha256]),
        Wrong::Database(said) => {
            Text::new("ledger.db 损坏：{0}；请运行 `hesuan rebuild`", "ledger.db is damaged: {0}; `hesuan rebuild` makes it anew")
                .fill(lang, &[said])
        }
        Wrong::Log(line) => Text::new(
            "ledger/journal.log 与 ledger.db 自第 {0} 行起不一致；请运行 `hesuan restore`（从备份）或 `hesuan rebuild`",
            "ledger/journal.log and ledger.db differ from line {0} on; `hesuan restore` from a backup, or `hesuan rebuild`",
        )
        .fill(lang, &[&line.to_string()]),
        Wrong::Rows(table, file) => Text::new(
            "ledger.db 的 {0} 与归档重新推算的不一致（{1}）；请运行 `hesuan rebuild`，再重新运行各日期",
            "{0} of ledger.db is not what the archive gives ({1}); `hesuan rebuild` makes it anew, then run the dates again",
        )
        .fill(lang, &[table, file]),
        Wrong::Kept(date, revision) => Text::new(
            "{0} 保留的第 {1} 版已缺失或被改动；请从备份恢复 reports/.revisions，或运行 `hesuan rebuild` 记录在案",
            "the kept revision {1} of {0} is gone or edited; restore reports/.revisions from a backup, or `hesuan rebuild` \
             puts it on the record",
        )
        .fill(lang, &[&date.to_string(), &revision.to_string()]),
        Wrong::Close(month) => Text::new(
            "{0} 已关账，但月末报表不是关账时的版本；请从备份恢复 reports/{1}",
            "{0} is closed, but the reports of its last day are not those of the close; restore reports/{1} from the backup",
        )
        .fill(lang, &[&crate::run::close::name_of(*month), &last_of_month(*month).to_string()]),
        Wrong::NoManifest(date) => Text::new(
            "{0} 的报表文件夹已不在；重新运行该日期（--as-of {0}）即可恢复原版",
            "the folder of {0} is gone; run that date again (--as-of {0}): it comes back under its own revision",
        )
        .fill(lang, &[&date.to_string()]),
        Wrong::Edited(date, name) => Text::new(
            "{0} 的 {1} 不是当时发布的文件；重新运行该日期（--as-of {0}）即可，改过的会另存",
            "{1} of {0} is not the file that was published; run that date again (--as-of {0}); what was edited is kept aside",
        )
        .fill(lang, &[&date.to_string(), name]),
        Wrong::Control(name, left, right) => Text::new("核对不符：{0}：{1} ≠ {2}", "does not hold: {0}: {1} ≠ {2}")
            .fill(lang, &[name, &left.to_string(), &right.to_string()]),
    }
}

fn json(verdict: &Verdict) -> serde_json::Value {
    let wrong = |wrong: &Wrong| match wrong {
        Wrong::Gone(name, sha256) => json!({"what": "gone", "file": name, "sha256": sha256}),
        Wrong::Changed(name, sha256) => json!({"what": "changed", "file": name, "sha256": sha256}),
        Wrong::Database(said) => json!({"what": "database", "said": said}),
        Wrong::Log(line) => json!({"what": "log", "line": line}),
        Wrong::Rows(table, file) => json!({"what": "rows", "table": table, "file": file}),
        Wrong::Kept(date, revision) => json!({"what": "kept", "date": date.to_string(), "revision": revision}),
        Wrong::NoManifest(date) => json!({"what": "no_manifest", "date": date.to_string()}),
        Wrong::Edited(date, name) => json!({"what": "edited", "date": date.to_string(), "file": name}),
        Wrong::Close(month) => json!({"what": "close", "month": crate::run::close::name_of(*month)}),
        Wrong::Control(name, left, right) => {
            json!({"what": "control_total", "name": name, "left_fen": left, "right_fen": right})
        }
    };
    json!({
        "files": verdict.files, "dates": verdict.dates, "published_files": verdict.published_files,
        "control_totals": verdict.controls, "log_lines": verdict.lines, "derived_anew": verdict.is_compared, "closed_months": verdict.closed, "holds": verdict.wrong.is_empty(),
        "wrong": verdict.wrong.iter().map(wrong).collect::<Vec<_>>(),
    })
}
