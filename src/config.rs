//! `hesuan.toml`: the store's name, limits, workshop and expected exports.

mod checks;
mod files;
mod run;

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::clean::amounts;
use crate::model::{Fen, Lang};
use crate::read;
use crate::reconcile::{Limits, Names, Settings};
use crate::spec::named::{Named, Overrides};
use crate::spec::{Spanned, SpecError, SpecFile};

pub use files::Modes;
pub use run::RunTerms;

/// Settings of one shop, checked.
#[derive(Debug, Clone)]
pub struct Config {
    pub code: String,
    pub name: String,
    pub lang: Lang,
    /// What the clearing and the checks rest on.
    pub settings: Settings,
    /// What figures, reports and views rest on.
    pub named: Named,
    pub workshop: Workshop,
    /// Tables of which an export must come every day; `None` = learnt from the exports themselves.
    pub expected_daily: Option<Vec<String>>,
    /// Codes of categories and checks that a month is not closed over while nobody has decided on them.
    pub severe: Vec<String>,
    pub reader: read::Limits,
    pub run: RunTerms,
    /// Who may read what is written.
    pub files: Modes,
    /// Where what cannot be derived is copied to after every run.
    pub backup: Option<PathBuf>,
    /// Further words that mean an empty cell.
    pub blanks: Vec<String>,
    /// The file as it is, for the digest of a run.
    pub text: String,
}

/// The workshop's capacity.
#[derive(Debug, Clone, Default)]
pub struct Workshop {
    /// 0 where it is not known.
    pub bays: i64,
    /// Hundredths of an hour that it is open on a day.
    pub hours_per_day_x100: i64,
    /// Days of the week on which it is closed.
    pub closed: Vec<chrono::Weekday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    store: RawStore,
    #[serde(default)]
    limits: RawLimits,
    #[serde(default)]
    calendar: checks::RawCalendar,
    #[serde(default)]
    acquirer: checks::RawAcquirer,
    #[serde(default)]
    warranty: checks::RawWarranty,
    #[serde(default)]
    deposits: checks::RawDeposits,
    #[serde(default)]
    debts: checks::RawDebts,
    /// Short names of lenders and insurers, and the full ones that they stand for.
    #[serde(default)]
    aliases: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    workshop: RawWorkshop,
    #[serde(default)]
    settings: Overrides,
    #[serde(default)]
    expected: RawExpected,
    #[serde(default)]
    close: checks::RawClose,
    #[serde(default)]
    reader: RawReader,
    #[serde(default)]
    run: run::RawRun,
    #[serde(default)]
    files: files::RawFiles,
    #[serde(default)]
    backup: RawBackup,
    #[serde(default)]
    blanks: RawBlanks,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStore {
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    lang: Lang,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawLimits {
    rounding_tolerance: Option<Spanned<String>>,
    discount_rate: Option<Spanned<String>>,
    write_off: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawWorkshop {
    bays: Option<i64>,
    hours_per_day: Option<Spanned<i64>>,
    #[serde(default)]
    closed: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawExpected {
    daily: Option<Vec<Spanned<String>>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawReader {
    file_mb: Option<u64>,
    unpacked_mb: Option<u64>,
    cells: Option<u64>,
    memory_mb: Option<u64>,
    seconds_per_file: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawBackup {
    folder: Option<PathBuf>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawBlanks {
    #[serde(default)]
    words: Vec<String>,
}

/// Why a shop's settings cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ConfigError {
    #[error("{path} cannot be read: {error}")]
    #[diagnostic(help("make a shop folder with `hesuan init DIR`"))]
    Missing { path: String, error: std::io::Error },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Spec(#[from] SpecError),
}

impl Config {
    /// `named` are the settings of the specs, with their usual values.
    pub fn load(shop: &Path, table_ids: &[&str], named: Named) -> Result<Config, ConfigError> {
        let path = shop.join("hesuan.toml");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| ConfigError::Missing { path: path.display().to_string(), error })?;
        let file = SpecFile { name: "hesuan.toml".to_owned(), text, of_shop: true };
        let config = Config::parse(&file, table_ids, named)?;
        // A relative folder is beside the shop's own.
        Ok(Config { backup: config.backup.map(|folder| shop.join(folder)), ..config })
    }

    pub fn parse(file: &SpecFile, table_ids: &[&str], named: Named) -> Result<Config, SpecError> {
        let raw: RawConfig = file.read()?;
        let usual = Limits::default();
        let tolerance = money(file, raw.limits.rounding_tolerance.as_ref(), usual.rounding_tolerance)?;
        let discount = rate(file, raw.limits.discount_rate.as_ref(), usual.discount_rate_x10000)?;
        let write_off = money(file, raw.limits.write_off.as_ref(), usual.write_off)?;
        for id in raw.expected.daily.iter().flatten() {
            if !table_ids.contains(&id.get_ref().as_str()) {
                return Err(file.wrong_word(id, "table", table_ids));
            }
        }
        let usual = read::Limits::default();
        let megabytes = |mb: Option<u64>, usual: u64| mb.map_or(usual, |m| m.saturating_mul(1 << 20));
        Ok(Config {
            code: raw.store.code,
            name: raw.store.name,
            lang: raw.store.lang,
            settings: Settings {
                limits: Limits { rounding_tolerance: tolerance, write_off, discount_rate_x10000: discount },
                calendar: raw.calendar.checked(file)?,
                acquirer: raw.acquirer.checked(file)?,
                warranty: raw.warranty.checked(file)?,
                deposit_owner: raw.deposits.checked(file)?,
                debts: raw.debts.checked(file)?,
                names: Names::new(raw.aliases),
            },
            named: named.overridden(file, &raw.settings)?,
            workshop: Workshop {
                bays: raw.workshop.bays.unwrap_or(0),
                hours_per_day_x100: hours(file, raw.workshop.hours_per_day.as_ref())?,
                closed: checks::weekdays(file, &raw.workshop.closed)?,
            },
            expected_daily: raw.expected.daily.map(|ids| ids.into_iter().map(Spanned::into_inner).collect()),
            severe: raw.close.checked(file)?,
            reader: read::Limits {
                file_bytes: megabytes(raw.reader.file_mb, usual.file_bytes),
                unpacked_bytes: megabytes(raw.reader.unpacked_mb, usual.unpacked_bytes),
                cells: raw.reader.cells.unwrap_or(usual.cells),
                memory_bytes: megabytes(raw.reader.memory_mb, usual.memory_bytes),
                seconds_per_file: raw.reader.seconds_per_file.unwrap_or(usual.seconds_per_file),
            },
            run: raw.run.checked(file)?,
            files: raw.files.checked(file)?,
            backup: raw.backup.folder,
            blanks: raw.blanks.words,
            text: file.text.clone(),
        })
    }
}

/// `"1.00"`: yuan.
fn money(file: &SpecFile, word: Option<&Spanned<String>>, usual: Fen) -> Result<Fen, SpecError> {
    let Some(word) = word else { return Ok(usual) };
    match amounts::number(word.get_ref()).ok().and_then(|n| n.to_units(2).ok()) {
        Some((fen, true)) if fen >= 0 => Ok(Fen(fen)),
        _ => Err(file.error_at(word, format!("`{}` is no amount of yuan; write e.g. \"1.00\"", word.get_ref()))),
    }
}

/// Hours of a day, in hundredths; 0 where they are not known.
fn hours(file: &SpecFile, word: Option<&Spanned<i64>>) -> Result<i64, SpecError> {
    let Some(word) = word else { return Ok(0) };
    match *word.get_ref() {
        hours @ 0..=24 => Ok(hours * 100),
        other => {
            Err(SpecError::new(file, Some(word.span()), format!("`{other}` are no hours of a day; write 0 to 24")))
        }
    }
}

/// `"20%"`, in ten-thousandths.
fn rate(file: &SpecFile, word: Option<&Spanned<String>>, usual: i64) -> Result<i64, SpecError> {
    let Some(word) = word else { return Ok(usual) };
    let number = word.get_ref().trim().strip_suffix('%').and_then(|n| amounts::number(n).ok());
    match number.and_then(|n| n.to_units(2).ok()) {
        Some((rate, true)) if (0..=10_000).contains(&rate) => Ok(rate),
        _ => Err(file.error_at(word, format!("`{}` is no rate; write e.g. \"20%\"", word.get_ref()))),
    }
}
