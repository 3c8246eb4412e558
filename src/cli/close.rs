//! `hesuan close` and `hesuan reopen`: the end of a month.

use std::path::PathBuf;

use chrono::NaiveDate;

use super::args::Global;
use super::failure::{CONTROL, EXCEPTIONS, Failure, INCOMPLETE};
use super::progress::Bar;
use super::{Done, clock, close_text, output};
use crate::model::Lang;
use crate::model::dates::last_of_month;
use crate::run::Request;
use crate::run::close::{self, Obstacle, ObstacleKind, Outcome, Terms};

/// Close a month: freeze it, publish the close pack
///
/// Refuses while a control total fails, an expected export is missing or a severe exception is open that nobody has
/// decided on, and says all of it at once. What may be accepted is named with --accept and --reason and stands in the
/// close statement. The next month opens with exactly the items that this one was closed with, and the reports of the
/// closed month are never rewritten. Ends with 4, 3 or 5 where it is refused for control totals, missing exports or
/// exceptions.
#[derive(Debug, clap::Args)]
pub struct CloseArgs {
    /// The shop folder
    shop: PathBuf,
    /// The month, e.g. 2026-10
    month: String,
    /// Close though this is open: the code of a category or check, or export_missing; may be given several times
    #[arg(long, value_name = "CODE", requires = "reason")]
    accept: Vec<String>,
    /// Why it is accepted: once for all, or once for each --accept in their order
    #[arg(long, value_name = "TEXT", requires = "accept")]
    reason: Vec<String>,
    /// Say what stands in the way and what would be closed, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Language of workbooks and messages (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
    /// Print the outcome as JSON
    #[arg(long)]
    json: bool,
}

/// Open a closed month again
///
/// Only the newest closed month can be opened. The record keeps that it was closed, that it was opened again and why.
#[derive(Debug, clap::Args)]
pub struct ReopenArgs {
    /// The shop folder
    shop: PathBuf,
    /// The month, e.g. 2026-10
    month: String,
    /// Why: it stays on the record
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Language of messages (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
}

pub fn close(args: &CloseArgs, global: &Global) -> Done {
    let month = month(&args.month)?;
    let terms = Terms { month, accepted: accepted(args)?, at: clock::today() };
    let request = request(args.shop.clone(), month, args.lang, args.dry_run)?;
    let mut bar = Bar::new(global);
    let result = close::close(&request, &terms, &mut |done, all| bar.show(done, all));
    bar.clear();
    let outcome = result.map_err(|error| Failure::new(error.exit_code(), error))?;
    let lang = lang(args.lang, &args.shop)?;
    match args.json {
        true => output::print_json(&close_text::json(&outcome, &args.month))?,
        false => output::print(&close_text::text(&outcome, &args.month, lang))?,
    }
    Ok(match &outcome {
        Outcome::Closed(..) | Outcome::Already(_) => 0,
        Outcome::NotClosed(day) => day.obstacles.iter().filter(|o| o.accepted.is_none()).map(code).next().unwrap_or(0),
    })
}

pub fn reopen(args: &ReopenArgs) -> Done {
    let month = month(&args.month)?;
    if args.reason.trim().is_empty() {
        return Err(Failure::usage("--reason is empty", "say why the month is opened again"));
    }
    let request = request(args.shop.clone(), month, args.lang, false)?;
    let was = close::reopen(&request, month, clock::today(), args.reason.trim())
        .map_err(|error| Failure::new(error.exit_code(), error))?;
    output::print(&close_text::reopened(&was, &args.month, lang(args.lang, &args.shop)?))?;
    Ok(0)
}

/// The gravest obstacle stands first.
fn code(obstacle: &Obstacle) -> u8 {
    match obstacle.kind {
        ObstacleKind::ControlTotal => CONTROL,
        ObstacleKind::Missing => INCOMPLETE,
        ObstacleKind::Exception => EXCEPTIONS,
    }
}

fn lang(asked: Option<Lang>, shop: &std::path::Path) -> Result<Lang, Failure> {
    Ok(match asked {
        Some(lang) => lang,
        None => super::shop::Shop::load(shop)?.config.lang,
    })
}

fn request(shop: PathBuf, month: NaiveDate, lang: Option<Lang>, dry_run: bool) -> Result<Request, Failure> {
    let program = std::env::current_exe().map_err(|error| Failure::internal(error.to_string()))?;
    Ok(Request { shop, dates: vec![last_of_month(month)], reports: Vec::new(), lang, dry_run, program })
}

/// `2026-10`
fn month(text: &str) -> Result<NaiveDate, Failure> {
    let first = format!("{text}-01").parse::<NaiveDate>().ok().filter(|date| close::name_of(*date) == text);
    first.ok_or_else(|| Failure::usage(format!("`{text}` is no month"), "write it like 2026-10"))
}

/// Each code with its reason.
fn accepted(args: &CloseArgs) -> Result<Vec<(String, String)>, Failure> {
    let valid = close::codes();
    for code in &args.accept {
        if !valid.contains(&code.as_str()) {
            let help = format!("one of: {}", valid.join(", "));
            return Err(Failure::usage(format!("nothing that can be accepted is called `{code}`"), help));
        }
    }
    if args.reason.iter().any(|reason| reason.trim().is_empty()) {
        return Err(Failure::usage("--reason is empty", "say why it is accepted: it stands in the close statement"));
    }
    let reasons: Vec<&String> = match args.reason.as_slice() {
        [one] => args.accept.iter().map(|_| one).collect(),
        several if several.len() == args.accept.len() => several.iter().collect(),
        several => {
            let message = format!("{} codes and {} reasons", args.accept.len(), several.len());
            return Err(Failure::usage(message, "give one --reason for all, or one for each --accept"));
        }
    };
    Ok(args.accept.iter().cloned().zip(reasons.into_iter().map(|r| r.trim().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_written_in_one_way() {
        assert_eq!(month("2026-10").ok().map(|d| d.to_string()).as_deref(), Some("2026-10-01"));
        for wrong in ["2026-13", "2026-1", "202610", "2026-10-31", "十月"] {
            assert!(month(wrong).is_err(), "{wrong}");
        }
    }
}
