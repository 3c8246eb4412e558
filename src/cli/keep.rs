//! `hesuan withdraw`, `unpublish`, `rebuild`, `backup` and `restore`: what was taken and published, put right.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::args::Global;
use super::close::who;
use super::failure::Failure;
use super::progress::Bar;
use super::{Done, output, reading};
use crate::model::{Lang, Text};
use crate::run::rebuild::{self, Rebuilt, Restored};
use crate::run::{RunError, withdraw as taken_back};

/// Take a file back that should not have come
///
/// It counts no more, as if it had never come; that it came and was taken back stays on the record. Its bytes stay in the
/// archive, and while they lie in the inbox they are not taken again. The next run makes the dates anew that it concerns.
#[derive(Debug, clap::Args)]
pub struct WithdrawArgs {
    /// The shop folder
    shop: PathBuf,
    /// The file's name below inbox/
    file: String,
    /// Why: it stays on the record
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who does it: it stays on the record (default: the user of the system)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Language of messages (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
}

/// Take the reports of a date back
///
/// The folder goes to reports/.revisions, and nothing later rests on it: what comes after is no late change because of it.
#[derive(Debug, clap::Args)]
pub struct UnpublishArgs {
    /// The shop folder
    shop: PathBuf,
    /// The reporting date
    date: NaiveDate,
    /// Why: it stays on the record
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Who does it: it stays on the record (default: the user of the system)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Language of messages (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
}

/// Make the ledger anew from archive and log
///
/// Everything is read again from ledger/archive and everything that happened is done again as ledger/journal.log says;
/// the new ledger takes the place of the old one in one step. Says which dates come to the digest that they were
/// published with.
#[derive(Debug, clap::Args)]
pub struct RebuildArgs {
    /// The shop folder
    shop: PathBuf,
    /// Language of messages (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
}

/// Copy log, decisions and the whole ledger to the backup's folder
///
/// Every run copies what cannot be derived (log and decisions), a close the whole ledger too; this does it now. The folder
/// is that of `[backup]` in hesuan.toml.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// The shop folder
    shop: PathBuf,
    /// Language of messages (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
}

/// Bring log, decisions and lost files back from a backup
///
/// Where the shop's own log goes on from the backup's, it stays; else the backup's takes its place and its own is kept
/// aside. Files that the archive lacks come back too, then the ledger is made anew.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// The shop folder
    shop: PathBuf,
    /// The backup's folder
    from: PathBuf,
    /// Language of messages (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
}

fn wrong(error: RunError) -> Failure {
    Failure::new(error.exit_code(), error)
}

fn reason(words: &str) -> Result<&str, Failure> {
    match words.trim() {
        "" => Err(Failure::usage("--reason is empty", "say why: it stays on the record")),
        words => Ok(words),
    }
}

pub fn withdraw(args: &WithdrawArgs) -> Done {
    let (why, by) = (reason(&args.reason)?, who(args.by.as_deref())?);
    let request = reading::request(&args.shop, args.lang)?;
    let name = args.file.strip_prefix("inbox/").unwrap_or(&args.file);
    taken_back::withdraw(&request, name, &by, why).map_err(wrong)?;
    let text = Text::new(
        "已撤回 {0}（{1}）：不再计入；下次运行会重做受影响的日期\n",
        "{0} is taken back ({1}): it counts no more; the next run makes the dates anew that it concerns\n",
    );
    output::print(&text.fill(reading::lang(&args.shop, args.lang)?, &[name, &by]))?;
    Ok(0)
}

pub fn unpublish(args: &UnpublishArgs) -> Done {
    let (why, by) = (reason(&args.reason)?, who(args.by.as_deref())?);
    let request = reading::request(&args.shop, args.lang)?;
    let revision = taken_back::unpublish(&request, args.date, &by, why).map_err(wrong)?;
    let text = Text::new(
        "已收回 {0} 的报表（第 {1} 版，{2}）：保留在 reports/.revisions\n",
        "the reports of {0} are taken back (revision {1}, {2}); they are kept in reports/.revisions\n",
    );
    let words = [args.date.to_string(), revision.to_string(), by];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    output::print(&text.fill(reading::lang(&args.shop, args.lang)?, &words))?;
    Ok(0)
}

pub fn rebuild(args: &RebuildArgs, global: &Global) -> Done {
    let mut bar = Bar::new(global);
    let request = reading::request(&args.shop, args.lang)?;
    let result = rebuild::rebuild(&request, &mut |done, all| bar.show(done, all));
    bar.clear();
    let rebuilt = result.map_err(wrong)?;
    output::print(&told(&rebuilt, reading::lang(&args.shop, args.lang)?))?;
    Ok(0)
}

pub fn backup(args: &BackupArgs) -> Done {
    let folder = rebuild::back_up(&reading::request(&args.shop, args.lang)?).map_err(wrong)?;
    let text = Text::new("已备份到 {0}\n", "copied to {0}\n");
    output::print(&text.fill(reading::lang(&args.shop, args.lang)?, &[&folder.display().to_string()]))?;
    Ok(0)
}

pub fn restore(args: &RestoreArgs, global: &Global) -> Done {
    let mut bar = Bar::new(global);
    let request = reading::request(&args.shop, args.lang)?;
    let result = rebuild::restore(&request, &args.from, &mut |done, all| bar.show(done, all));
    bar.clear();
    let (restored, rebuilt) = result.map_err(wrong)?;
    let Restored { lines, dropped, files } = restored;
    let text = Text::new(
        "从备份取回日志 {0} 行、归档文件 {1} 个；本店日志中备份没有的 {2} 行已另存\n",
        "{0} lines of the log and {1} files of the archive came back; {2} lines of the shop's own log that the backup lacks \
         are kept aside\n",
    );
    let words = [lines.to_string(), files.to_string(), dropped.to_string()];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let lang = reading::lang(&args.shop, args.lang)?;
    output::print(&(text.fill(lang, &words) + &told(&rebuilt, lang)))?;
    Ok(0)
}

fn told(rebuilt: &Rebuilt, lang: Lang) -> String {
    let words = [rebuilt.files, rebuilt.lines, rebuilt.proven].map(|n| n.to_string());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let made = Text::new(
        "账册已由归档文件 {0} 个、日志 {1} 行重建；{2} 个日期与发布时的摘要一致",
        "the ledger is made anew from {0} files of the archive and {1} lines of the log; {2} dates come to the digest that \
         they were published with",
    );
    let mut lines = vec![made.fill(lang, &words)];
    if !rebuilt.other.is_empty() {
        let dates: Vec<String> = rebuilt.other.iter().map(NaiveDate::to_string).collect();
        let other = Text::new(
            "摘要不同（之后改过设置、规格或程序，或账册曾被改动）：{0}",
            "another digest (settings, specs or program have changed since, or the books were changed): {0}",
        );
        lines.push(other.fill(lang, &[&dates.join(", ")]));
    }
    for (date, revision) in &rebuilt.lost {
        let lost = Text::new(
            "{0} 保留的第 {1} 版已缺失或被改动，已记录在案",
            "the kept revision {1} of {0} is gone or edited; it stands on the record as lost",
        );
        lines.push(lost.fill(lang, &[&date.to_string(), &revision.to_string()]));
    }
    if !rebuilt.unknown.is_empty() {
        let unknown = Text::new(
            "日志没有记载的报表文件夹：{0}；重新运行这些日期",
            "folders of reports that the log does not know: {0}; run these dates again",
        );
        lines.push(unknown.fill(lang, &[&rebuilt.unknown.join(", ")]));
    }
    lines.join("\n") + "\n"
}
