//! `hesuan match`: reconcile any two tables by a rules spec.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::args::Global;
use super::failure::{CONTROL, EXCEPTIONS, Failure, INCOMPLETE, USAGE};
use super::shop::{self, Shop};
use super::{Done, date, match_json, match_text, output};
use crate::ledger::{Reader, ReadingSpecs};
use crate::model::{Calendar, Lang};
use crate::read;
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::{Outcome, Rules};
use crate::run::matching::{Loaded, MatchingError, Request, residuals, workbook};
use crate::spec::SpecFile;

/// Reconcile any two tables by a rules spec
///
/// LEFT and RIGHT are exports of a table (through their source specs) or any files with headings. Every row ends in one
/// bucket; what could be matched in more than one way is shown as ambiguous, never guessed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 matched (open rows are content), 2 wrong rules or columns, or the rules refuse \
                        the rows, 3 a file cannot be read, was cut off, or none of its rows could be taken, 4 a control total fails, 5 --fail-on exceptions and there are some")]
pub struct Args {
    /// The left file
    left: PathBuf,
    /// The right file
    right: PathBuf,
    /// The rules spec (TOML), or the name of one of a shop's or of the built-in rules
    #[arg(long, value_name = "FILE")]
    rules: PathBuf,
    /// Write the workbook
    #[arg(long, value_name = "FILE.xlsx")]
    out: Option<PathBuf>,
    /// Write what stays open, for the next run to take as its opening
    #[arg(long, value_name = "FILE.csv")]
    residual: Option<PathBuf>,
    /// What an earlier run left open (its --residual)
    #[arg(long, value_name = "FILE.csv")]
    opening: Option<PathBuf>,
    /// The day on which ages are counted and decisions end (default: the newest date of both files)
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    as_of: Option<NaiveDate>,
    /// Language (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
    /// Print the buckets as JSON
    #[arg(long)]
    json: bool,
    /// End with exit code 5 where a row stays open
    #[arg(long, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    Exceptions,
}

pub fn run(args: &Args, _: &Global) -> Done {
    let setting = Setting::of(&args.left)?;
    let lang = args.lang.unwrap_or(setting.lang);
    let rules = rules(&args.rules, &setting)?;
    let program = std::env::current_exe().map_err(|error| Failure::internal(error.to_string()))?;
    let reader = Reader { program, args: read::child_args(&setting.limits), limits: setting.limits, workers: 1 };
    let loaded = Loaded::load(Request {
        files: [args.left.clone(), args.right.clone()],
        rules,
        opening: args.opening.clone(),
        calendar: setting.calendar,
        as_of: args.as_of,
        reader: &reader,
        specs: &setting.specs,
    })
    .map_err(failure)?;
    let outcome = loaded.outcome();
    let controls = controls(&loaded, &outcome);
    write_files(args, &loaded, &outcome, lang, &controls)?;
    match args.json {
        true => print_json(&loaded, &outcome, &controls, lang)?,
        false => output::print(&match_text::text(&loaded, &outcome, &controls, lang))?,
    }
    Ok(match () {
        () if outcome.error.is_some() => USAGE,
        () if controls.iter().any(|c| !c.holds()) => CONTROL,
        () if match_text::is_incomplete(&loaded, &outcome) => INCOMPLETE,
        () if args.fail_on.is_some() && match_text::has_open(&outcome) => EXCEPTIONS,
        () => 0,
    })
}

/// What the shop that the left file lies in sets; the built-in specs where it lies in none.
struct Setting {
    specs: ReadingSpecs,
    limits: read::Limits,
    lang: Lang,
    calendar: Calendar,
    rules: Vec<SpecFile>,
}

impl Setting {
    fn of(path: &Path) -> Result<Setting, Failure> {
        let (specs, limits, lang, calendar, files) = match shop::around(path) {
            Some(folder) => {
                let files = crate::spec::folder::load(&folder)
                    .map_err(|error| Failure::unreadable(folder.display(), &error))?;
                let Shop { config, specs, .. } = Shop::load(&folder)?;
                (specs, config.reader, config.lang, config.settings.calendar, files)
            }
            None => {
                let files = crate::spec::SpecFiles::new(Vec::new());
                (shop::built_in()?, read::Limits::default(), Lang::default(), Calendar::default(), files)
            }
        };
        let rules = files.under("rules/").cloned().collect();
        Ok(Setting { specs, limits, lang, calendar, rules })
    }
}

/// The rules of a file, or those of that name among the shop's and the built-in ones.
fn rules(path: &Path, setting: &Setting) -> Result<Rules, Failure> {
    let file = if path.exists() {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path.display(), &error))?;
        SpecFile { name: path.display().to_string(), text, of_shop: true }
    } else {
        let name = format!("report_specs/rules/{}.toml", path.display());
        let known: Vec<&str> = setting.rules.iter().map(|f| f.name.as_str()).collect();
        match setting.rules.iter().find(|file| file.name == name) {
            Some(file) => file.clone(),
            None => {
                let names: Vec<&str> =
                    known.iter().filter_map(|n| n.rsplit('/').next()?.strip_suffix(".toml")).collect();
                let help = format!("give a file, or one of: {}", names.join(", "));
                return Err(Failure::usage(format!("there are no rules `{}`", path.display()), help));
            }
        }
    };
    Rules::load(&file).map_err(|error| Failure::new(USAGE, error))
}

fn failure(error: MatchingError) -> Failure {
    let code = match error {
        MatchingError::Refused { .. } => INCOMPLETE,
        _ => USAGE,
    };
    Failure::new(code, error)
}

/// The proof of the match, and the files' own totals.
fn controls(loaded: &Loaded, outcome: &Outcome<'_>) -> Vec<ControlTotal> {
    let mut controls = outcome.controls();
    for file in &loaded.files {
        controls.extend(
            file.controls.iter().map(|c| ControlTotal { name: format!("{} {}", file.name, c.name), ..c.clone() }),
        );
    }
    controls
}

fn write_files(
    args: &Args,
    loaded: &Loaded,
    outcome: &Outcome<'_>,
    lang: Lang,
    controls: &[ControlTotal],
) -> Result<(), Failure> {
    if let Some(path) = &args.residual {
        write(path, |out| residuals(loaded, outcome, out))?;
    }
    if let Some(path) = &args.out {
        let book = workbook(loaded, outcome, lang, controls);
        let bytes = crate::workbook::write(&book).map_err(|error| Failure::internal(error.to_string()))?;
        write(path, |out| out.write_all(&bytes))?;
    }
    Ok(())
}

/// Writes a file whole or not at all: beside its place first, then under its name.
fn write(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let put = || -> io::Result<()> {
        let file = tempfile::Builder::new().prefix(".hesuan-").tempfile_in(folder)?;
        let mut out = BufWriter::with_capacity(1 << 18, file.as_file());
        fill(&mut out)?;
        out.flush()?;
        drop(out);
        file.as_file().sync_all()?;
        readable(file.as_file())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    put().map_err(|error| Failure::disk(path.display(), &error))
}

/// Others may read it, as any file that a command writes.
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

fn print_json(loaded: &Loaded, outcome: &Outcome<'_>, controls: &[ControlTotal], lang: Lang) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 18, io::stdout().lock());
    let json = match_json::json(loaded, outcome, controls, lang);
    let written = serde_json::to_writer_pretty(&mut out, &json).map_err(io::Error::from);
    match written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::disk("standard output", &error)),
        _ => Ok(()),
    }
}
