//! `hesuan check`: what each export is, how it would be read and what is wrong with it. Changes nothing.

use std::path::{Path, PathBuf};

use super::args::Global;
use super::check_file::{FileCheck, Verdict};
use super::failure::{CONTROL, Failure, INCOMPLETE};
use super::progress::Bar;
use super::shop::{self, Shop};
use super::{Done, check_text, output};
use crate::clean;
use crate::finding::Finding;
use crate::ledger::{Inbox, ReadingSpecs};
use crate::model::Lang;
use crate::read::{self, Limits};

/// Show what each export is taken for and what is wrong with it
///
/// PATH is a shop folder (its inbox is checked), any other folder (all files below it) or one file.
/// The specs and limits of the shop that the path lies in apply. Nothing is changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 all files can be read, 3 some cannot, 4 a control total fails")]
pub struct Args {
    /// A shop folder, another folder, or one export
    path: PathBuf,
    /// Language (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
    /// Print all of it as JSON
    #[arg(long)]
    json: bool,
}

/// What decides how a file is read.
struct Setting {
    specs: ReadingSpecs,
    limits: Limits,
    lang: Lang,
}

pub fn run(args: &Args, global: &Global) -> Done {
    let setting = setting(&args.path)?;
    let (files, odd) = files(&args.path, &setting.limits)?;
    let lang = args.lang.unwrap_or(setting.lang);
    let mut bar = Bar::new(global);
    let mut checks = check_all(&files, &setting, &mut |done, all| bar.show(done, all))?;
    checks.extend(odd.into_iter().map(FileCheck::of_entry));
    bar.clear();
    let code = exit_code(&checks);
    match args.json {
        true => output::print_json(&check_text::json(&checks, code, lang))?,
        false => output::print(&check_text::text(&checks, global.verbose > 0, lang))?,
    }
    Ok(code)
}

/// The files that a path stands for, with the names that recognition goes by, and what is said of entries that are none.
type Found = (Vec<(PathBuf, String)>, Vec<Finding>);

fn files(path: &Path, limits: &Limits) -> Result<Found, Failure> {
    let meta = std::fs::metadata(path).map_err(|error| Failure::unreadable(path.display(), &error))?;
    if !meta.is_dir() {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return Ok((vec![(path.to_path_buf(), name)], Vec::new()));
    }
    let is_shop = path.join("hesuan.toml").is_file();
    let folder = if is_shop { path.join("inbox") } else { path.to_path_buf() };
    let inbox = Inbox::look(&folder, limits).map_err(|error| Failure::unreadable(folder.display(), &error))?;
    Ok((inbox.files.into_iter().map(|file| (file.path, file.name)).collect(), inbox.findings))
}

fn setting(path: &Path) -> Result<Setting, Failure> {
    match shop::around(path) {
        Some(folder) => {
            let Shop { config, specs, .. } = Shop::load(&folder)?;
            Ok(Setting { specs, limits: config.reader, lang: config.lang })
        }
        None => Ok(Setting { specs: shop::built_in()?, limits: Limits::default(), lang: Lang::default() }),
    }
}

fn check_all(
    files: &[(PathBuf, String)],
    setting: &Setting,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<FileCheck>, Failure> {
    let program = std::env::current_exe().map_err(|error| Failure::internal(error.to_string()))?;
    let args = crate::read::child_args(&setting.limits);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let specs = &setting.specs;
    let mut checks = Vec::with_capacity(files.len());
    read::read_all(&program, &args, &paths, &setting.limits, workers, &mut |index, raw| {
        let name = &files[index].1;
        let export = clean::clean(&specs.sources, &specs.tables, name, raw);
        checks.push(FileCheck::new(name, export, specs));
        progress(index + 1, files.len());
    });
    Ok(checks)
}

fn exit_code(checks: &[FileCheck]) -> u8 {
    let any = |verdict: Verdict| checks.iter().any(|check| check.verdict() == verdict);
    match () {
        () if any(Verdict::TotalFails) => CONTROL,
        () if any(Verdict::Unread) => INCOMPLETE,
        () => 0,
    }
}
