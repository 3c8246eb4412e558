//! `hesuan verify`: every hash, count and control total of a shop. Changes nothing.

use std::path::PathBuf;

use serde_json::json;

use super::failure::Failure;
use super::shop::Shop;
use super::{Done, clock, output};
use crate::ledger::Ledger;
use crate::model::dates::last_of_month;
use crate::model::{Lang, Text};
use crate::run::verify::{self, Verdict, Wrong};

/// Check every hash, count and control total of a shop
///
/// Every file of the archive against its hash, the ledger's own integrity, every published folder against what was
/// recorded of it, and the control totals computed anew. Ends with 4 where something does not hold.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shop folder
    shop: PathBuf,
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
    let Shop { config, specs, .. } = Shop::load(&args.shop)?;
    let lang = args.lang.unwrap_or(config.lang);
    let wrong = |error: crate::ledger::LedgerError| Failure::internal(error.to_string());
    let Some(ledger) = Ledger::open_read(&args.shop.join("ledger")).map_err(wrong)? else {
        return Err(Failure::usage("nothing has been taken yet".to_owned(), "run `hesuan run` first"));
    };
    let last = ledger.published().map_err(wrong)?.last().map(|p| p.as_of);
    let as_of = last.unwrap_or_else(clock::yesterday);
    let verdict = verify::verify(&args.shop, &ledger, &specs, &config, as_of).map_err(wrong)?;
    match args.json {
        true => output::print_json(&json(&verdict))?,
        false => output::print(&text(&verdict, lang))?,
    }
    Ok(if verdict.wrong.is_empty() { 0 } else { FAILED })
}

fn text(verdict: &Verdict, lang: Lang) -> String {
    let numbers = [verdict.files, verdict.dates, verdict.published_files, verdict.controls, verdict.closed]
        .map(|n| n.to_string());
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let mut lines = vec![CHECKED.fill(lang, &numbers)];
    lines.extend(verdict.wrong.iter().map(|wrong| words(wrong, lang)));
    if verdict.wrong.is_empty() {
        lines.push(HOLDS.get(lang).to_owned());
    }
    lines.join("\n") + "\n"
}

fn words(wrong: &Wrong, lang: Lang) -> String {
    match wrong {
        Wrong::Gone(name, sha256) => Text::new(
            "归档缺失：{0}（{1}）；请从备份恢复 ledger/archive",
            "gone from the archive: {0} ({1}); restore ledger/archive from the backup",
        )
        .fill(lang, &[name, sha256]),
        Wrong::Changed(name, sha256) => Text::new(
            "归档内容已变：{0}（{1}）；请从备份恢复 ledger/archive",
            "changed in the archive: {0} ({1}); restore ledger/archive from the backup",
        )
        .fill(lang, &[name, sha256]),
        Wrong::Database(said) => {
            Text::new("ledger.db 损坏：{0}；请从备份恢复", "ledger.db is damaged: {0}; restore it from the backup")
                .fill(lang, &[said])
        }
        Wrong::Close(month) => Text::new(
            "{0} 已关账，但月末报表不是关账时的版本；请从备份恢复 reports/{1}",
            "{0} is closed, but the reports of its last day are not those of the close; restore reports/{1} from the backup",
        )
        .fill(lang, &[&crate::run::close::name_of(*month), &last_of_month(*month).to_string()]),
        Wrong::NoManifest(date) => {
            Text::new("{0} 的报表文件夹已不在；重新运行该日期即可", "the folder of {0} is gone; run that date again")
                .fill(lang, &[&date.to_string()])
        }
        Wrong::Edited(date, name) => Text::new(
            "{0} 的 {1} 不是当时发布的文件；移走该日期的文件夹后重新运行即可",
            "{1} of {0} is not the file that was published; move the date's folder away and run that date again",
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
        Wrong::NoManifest(date) => json!({"what": "no_manifest", "date": date.to_string()}),
        Wrong::Edited(date, name) => json!({"what": "edited", "date": date.to_string(), "file": name}),
        Wrong::Close(month) => json!({"what": "close", "month": crate::run::close::name_of(*month)}),
        Wrong::Control(name, left, right) => {
            json!({"what": "control_total", "name": name, "left_fen": left, "right_fen": right})
        }
    };
    json!({
        "files": verdict.files, "dates": verdict.dates, "published_files": verdict.published_files,
        "control_totals": verdict.controls, "closed_months": verdict.closed, "holds": verdict.wrong.is_empty(),
        "wrong": verdict.wrong.iter().map(wrong).collect::<Vec<_>>(),
    })
}
