//! `hesuan close` and `hesuan reopen`: the end of a month.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::args::Global;
use super::failure::{CONTROL, EXCEPTIONS, Failure, INCOMPLETE};
use super::progress::Bar;
use super::{Done, clock, close_text, date, output, reading};
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
    /// Close though this is open: the code or the title of a category or check, or export_missing; may be given several times
    #[arg(long, value_name = "CODE", requires = "reason")]
    accept: Vec<String>,
    /// Why it is accepted: once for all, or once for each --accept in their order
    #[arg(long, value_name = "TEXT", requires = "accept")]
    reason: Vec<String>,
    /// Who does it: it stays on the record (default: the user of the system)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
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
    /// Who does it: it stays on the record (default: the user of the system)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Language of messages (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
}

pub fn close(args: &CloseArgs, global: &Global) -> Done {
    let month = month(&args.month)?;
    let terms = Terms { month, accepted: accepted(args)?, at: clock::today(), by: who(args.by.as_deref())? };
    let request = request(&args.shop, month, args.lang, args.dry_run)?;
    let mut bar = Bar::new(global);
    let result = close::close(&request, &terms, &mut |done, all| bar.show(done, all));
    bar.clear();
    let outcome = result.map_err(|error| Failure::new(error.exit_code(), error))?;
    let lang = reading::lang(&args.shop, args.lang)?;
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
    let request = request(&args.shop, month, args.lang, false)?;
    let by = who(args.by.as_deref())?;
    let was = close::reopen(&request, month, clock::today(), &by, args.reason.trim())
        .map_err(|error| Failure::new(error.exit_code(), error))?;
    output::print(&close_text::reopened(&was, &args.month, reading::lang(&args.shop, args.lang)?))?;
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

fn request(shop: &Path, month: NaiveDate, lang: Option<Lang>, dry_run: bool) -> Result<Request, Failure> {
    Ok(Request { dates: vec![last_of_month(month)], dry_run, ..reading::request(shop, lang)? })
}

/// `2026-10`
fn month(text: &str) -> Result<NaiveDate, Failure> {
    let first = date::parse(&format!("{text}-01")).ok().filter(|date| close::name_of(*date) == text);
    first.ok_or_else(|| Failure::usage(format!("`{text}` is no month"), "write it like 2026-10"))
}

/// Who closes or opens: as was said, else the user of the system. Nobody is none.
pub fn who(said: Option<&str>) -> Result<String, Failure> {
    let name = said.map(str::to_owned).or_else(of_system).unwrap_or_default();
    match name.trim() {
        "" => Err(Failure::usage("nobody is named who does it", "say who: --by NAME")),
        name => Ok(name.to_owned()),
    }
}

/// The user of the system: as the environment names it, else (a container, a service) as the system does.
fn of_system() -> Option<String> {
    let named = ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    let asked = || -> Option<String> {
        let told = std::process::Command::new("whoami").output().ok()?;
        Some(String::from_utf8_lossy(&told.stdout).into_owned())
    };
    named.map(Some).chain(std::iter::once_with(asked)).flatten().find(|name| !name.trim().is_empty())
}

/// Each code with its reason.
fn accepted(args: &CloseArgs) -> Result<Vec<(String, String)>, Failure> {
    let mut codes = Vec::new();
    for word in &args.accept {
        let Some(code) = close::code_of(word) else {
            let known: Vec<String> =
                close::acceptable().into_iter().map(|(code, title)| format!("{code}（{}）", title.zh)).collect();
            let help = format!("one of: {}", known.join(", "));
            return Err(Failure::usage(format!("nothing that can be accepted is called `{word}`"), help));
        };
        codes.push(code.to_owned());
    }
    if args.reason.iter().any(|reason| reason.trim().is_empty()) {
        return Err(Failure::usage("--reason is empty", "say why it is accepted: it stands in the close statement"));
    }
    let reasons: Vec<&String> = match args.reason.as_slice() {
        [one] => codes.iter().map(|_| one).collect(),
        several if several.len() == codes.len() => several.iter().collect(),
        several => {
            let message = format!("{} codes and {} reasons", codes.len(), several.len());
            return Err(Failure::usage(message, "give one --reason for all, or one for each --accept"));
        }
    };
    Ok(codes.into_iter().zip(reasons.into_iter().map(|r| r.trim().to_owned())).collect())
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
