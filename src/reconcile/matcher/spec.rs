//! Rules as typed in TOML, and their way to checked [`Rules`].

use chrono::NaiveDate;
use regex::Regex;
use serde::Deserialize;

use super::rules::{
    CheckRule, CompareRule, Decision, DecisionKind, Duplicates, KeyRule, Many, Normal, Pass, PassKind, RowTest, Rules,
    SideRule, Ties,
};
use super::side::LARGEST_SUM;
use super::tolerance::{Base, Percent, Tolerance};
use super::window::Window;
use crate::model::fen::Decimal;
use crate::reconcile::CheckKind;
use crate::spec::{Spanned, SpecError, SpecFile, SpecFiles};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    id: String,
    #[serde(default)]
    zh: String,
    #[serde(default)]
    en: String,
    scale: Option<Spanned<u32>>,
    left: RawSide,
    right: RawSide,
    #[serde(default)]
    key: Vec<RawKey>,
    #[serde(default)]
    compare: Vec<RawCompare>,
    #[serde(default)]
    pass: Vec<RawPass>,
    tolerance: Option<RawTolerance>,
    window: Option<RawWindow>,
    /// Keys of the default cascade's pools and subset search.
    #[serde(default)]
    pool: Vec<Spanned<String>>,
    #[serde(default)]
    leftover: Leftover,
    duplicates: Option<Spanned<String>>,
    #[serde(default)]
    zeros_are_settled: bool,
    #[serde(default)]
    exclude: Vec<RawExclude>,
    #[serde(default)]
    decision: Vec<RawDecision>,
    #[serde(default)]
    calendar: RawCalendar,
    checks: Option<RawChecks>,
}

/// What the default cascade makes of a key whose amounts differ.
#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Leftover {
    #[default]
    Difference,
    Residual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSide {
    table: Option<String>,
    #[serde(default)]
    id: Vec<String>,
    amount: String,
    #[serde(default)]
    negate: bool,
    date: Option<String>,
    currency: Option<String>,
    #[serde(default)]
    keep: Vec<RawTest>,
    #[serde(default)]
    drop: Vec<RawTest>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTest {
    column: String,
    #[serde(default)]
    is: Vec<String>,
    #[serde(default)]
    is_not: Vec<String>,
    blank: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKey {
    name: String,
    left: String,
    right: String,
    #[serde(default)]
    normal: Vec<Spanned<String>>,
    #[serde(default)]
    blanks: Vec<String>,
    pattern: Option<Spanned<String>>,
    #[serde(default)]
    blank_equals_blank: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCompare {
    name: String,
    left: String,
    right: String,
    #[serde(default)]
    normal: Vec<Spanned<String>>,
    #[serde(default)]
    blanks: Vec<String>,
    #[serde(default)]
    amount: bool,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct RawTolerance {
    amount: Option<Spanned<String>>,
    percent: Option<Spanned<String>>,
    of: Option<Spanned<String>>,
    #[serde(default)]
    larger: bool,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    days: Option<u32>,
    before: Option<u32>,
    after: Option<u32>,
    #[serde(default)]
    anchor: Anchor,
    #[serde(default)]
    unit: Unit,
    /// No window at all, for a pass of rules that have one.
    #[serde(default)]
    any: bool,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Anchor {
    #[default]
    Left,
    Right,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Unit {
    #[default]
    Days,
    WorkingDays,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPass {
    kind: Spanned<String>,
    key: Option<Vec<Spanned<String>>>,
    tolerance: Option<RawTolerance>,
    #[serde(default)]
    exact: bool,
    window: Option<RawWindow>,
    #[serde(default)]
    ties: RawTies,
    #[serde(default)]
    all_currencies: bool,
    max_rows: Option<usize>,
    max_size: Option<usize>,
    work: Option<u64>,
    #[serde(default)]
    many: RawMany,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum RawTies {
    #[default]
    Leave,
    Flag,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum RawMany {
    Left,
    Right,
    #[default]
    Both,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExclude {
    key: Spanned<String>,
    values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDecision {
    kind: Spanned<String>,
    #[serde(default)]
    left: Vec<String>,
    #[serde(default)]
    right: Vec<String>,
    amount: Option<Spanned<String>>,
    until: Option<Spanned<String>>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    by: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawCalendar {
    #[serde(default)]
    holidays: Vec<Spanned<String>>,
    #[serde(default)]
    workdays: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChecks {
    unmatched_left: Option<Spanned<String>>,
    unmatched_right: Option<Spanned<String>>,
    differs: Option<Spanned<String>>,
    #[serde(default)]
    after_days: i64,
    #[serde(default)]
    wait_for_other_side: bool,
}

/// Steps of one subset search where the rules do not say.
const WORK: u64 = 2_000_000;

impl Pass {
    /// A pass without keys, tolerance and window.
    pub fn new(kind: PassKind) -> Pass {
        Pass {
            kind,
            keys: Vec::new(),
            tolerance: Tolerance::EXACT,
            window: None,
            ties: Ties::Leave,
            all_currencies: false,
            max_rows: None,
            max_size: None,
            work: WORK,
            many: Many::Both,
        }
    }
}

impl Rules {
    /// The rules of one file. A file with an error is refused before any data is read.
    pub fn load(file: &SpecFile) -> Result<Rules, SpecError> {
        file.read::<RawRules>()?.checked(file)
    }

    /// All rules that a shop's run applies: those under `report_specs/rules/`.
    pub fn load_all(files: &SpecFiles) -> Result<Vec<Rules>, SpecError> {
        files.under("rules/").map(Rules::load).collect()
    }
}

impl RawRules {
    fn checked(self, file: &SpecFile) -> Result<Rules, SpecError> {
        let scale = match &self.scale {
            Some(scale) if *scale.get_ref() > 9 => {
                return Err(SpecError::new(file, Some(scale.span()), "`scale` is at most 9 decimals".to_owned()));
            }
            Some(scale) => *scale.get_ref(),
            None => 2,
        };
        let keys: Vec<KeyRule> = self.key.into_iter().map(|k| k.checked(file)).collect::<Result<_, _>>()?;
        let compares = self.compare.into_iter().map(|c| c.checked(file)).collect::<Result<_, _>>()?;
        let common = Common {
            file,
            scale,
            names: keys.iter().map(|k| k.name.as_str()).collect(),
            tolerance: tolerance(file, scale, self.tolerance.as_ref())?,
            window: window(self.window),
        };
        let pool = common.places(&self.pool)?;
        let mut passes: Vec<Pass> = match self.pass.is_empty() {
            true => common.cascade(&pool, self.leftover),
            false => self.pass.iter().map(|p| common.pass(p)).collect::<Result<_, _>>()?,
        };
        if !self.decision.is_empty() && passes.iter().all(|pass| pass.kind != PassKind::Decisions) {
            passes.insert(0, Pass::new(PassKind::Decisions)); // a decision is never passed over in silence
        }
        let excluded = self.exclude.iter().map(|e| Ok((common.place(&e.key)?, e.values.clone())));
        let excluded = excluded.collect::<Result<Vec<_>, SpecError>>()?;
        let decisions = self.decision.into_iter().map(|d| d.checked(file, scale)).collect::<Result<_, _>>()?;
        let duplicates = duplicates(file, self.duplicates.as_ref())?;
        let checks = self.checks.map(|c| c.checked(file)).transpose()?;
        Ok(Rules {
            id: self.id,
            zh: self.zh,
            en: self.en,
            scale,
            sides: [self.left.into(), self.right.into()],
            passes,
            duplicates,
            zeros_are_settled: self.zeros_are_settled,
            excluded,
            decisions,
            holidays: dates(file, &self.calendar.holidays)?,
            workdays: dates(file, &self.calendar.workdays)?,
            checks,
            compares,
            keys,
        })
    }
}

/// What passes fall back on.
struct Common<'a> {
    file: &'a SpecFile,
    scale: u32,
    names: Vec<&'a str>,
    tolerance: Tolerance,
    window: Option<Window>,
}

impl Common<'_> {
    fn place(&self, name: &Spanned<String>) -> Result<usize, SpecError> {
        let at = self.names.iter().position(|n| n == name.get_ref());
        at.ok_or_else(|| self.file.wrong_word(name, "key", &self.names))
    }

    fn places(&self, names: &[Spanned<String>]) -> Result<Vec<usize>, SpecError> {
        names.iter().map(|name| self.place(name)).collect()
    }

    fn pass(&self, raw: &RawPass) -> Result<Pass, SpecError> {
        let ids = PassKind::ALL.map(PassKind::id);
        let kind = ids.iter().position(|id| id == raw.kind.get_ref());
        let kind = PassKind::ALL[kind.ok_or_else(|| self.file.wrong_word(&raw.kind, "pass", &ids))?];
        let tolerance = match (raw.exact, &raw.tolerance) {
            (true, _) => Tolerance::EXACT,
            (_, Some(own)) => tolerance(self.file, self.scale, Some(own))?,
            (_, None) => self.tolerance,
        };
        let all = || (0..self.names.len()).collect();
        Ok(Pass {
            keys: raw.key.as_ref().map_or_else(|| Ok(all()), |names| self.places(names))?,
            tolerance,
            window: if raw.window.is_some() { window(raw.window) } else { self.window },
            ties: match raw.ties {
                RawTies::Leave => Ties::Leave,
                RawTies::Flag => Ties::Flag,
            },
            all_currencies: raw.all_currencies,
            max_rows: raw.max_rows,
            max_size: raw.max_size,
            work: raw.work.unwrap_or(WORK),
            many: match raw.many {
                RawMany::Left => Many::Left,
                RawMany::Right => Many::Right,
                RawMany::Both => Many::Both,
            },
            ..Pass::new(kind)
        })
    }

    /// The passes of rules that name none: what is sure first, what only sums prove next, the search last.
    fn cascade(&self, pool: &[usize], leftover: Leftover) -> Vec<Pass> {
        let keys: Vec<usize> = (0..self.names.len()).collect();
        let keyed = |kind: PassKind| Pass { keys: keys.clone(), window: self.window, ..Pass::new(kind) };
        let pooled = |kind: PassKind| Pass { keys: pool.to_vec(), window: self.window, ..Pass::new(kind) };
        let mut passes = vec![keyed(PassKind::Decisions)];
        if !keys.is_empty() {
            passes.extend([keyed(PassKind::Reversals), keyed(PassKind::OneToOne), keyed(PassKind::Groups)]);
            if !self.tolerance.is_exact() {
                passes.push(Pass { tolerance: self.tolerance, ..keyed(PassKind::OneToOne) });
                passes.push(Pass { tolerance: self.tolerance, ..keyed(PassKind::Groups) });
            }
        }
        if !pool.is_empty() {
            passes.push(pooled(PassKind::Pools));
        }
        passes.push(Pass { tolerance: self.tolerance, ..pooled(PassKind::Subsets) });
        if !keys.is_empty() {
            passes.push(match leftover {
                Leftover::Residual => keyed(PassKind::Allocate),
                Leftover::Difference => Pass { tolerance: self.tolerance, ..keyed(PassKind::Differences) },
            });
        }
        passes
    }
}

fn duplicates(file: &SpecFile, word: Option<&Spanned<String>>) -> Result<Duplicates, SpecError> {
    match word.map(|w| w.get_ref().as_str()) {
        None | Some("pair") => Ok(Duplicates::Pair),
        Some("error") => Ok(Duplicates::Error),
        Some("set_aside") => Ok(Duplicates::SetAside),
        // there is a word, or the first arm had been taken
        Some(_) => Err(word.map_or_else(
            || SpecError::new(file, None, String::new()),
            |w| file.wrong_word(w, "policy", &["pair", "error", "set_aside"]),
        )),
    }
}

fn tolerance(file: &SpecFile, scale: u32, raw: Option<&RawTolerance>) -> Result<Tolerance, SpecError> {
    let Some(raw) = raw else { return Ok(Tolerance::EXACT) };
    let amount = raw.amount.as_ref().map(|word| units(file, scale, word)).transpose()?;
    let percent = raw.percent.as_ref().map(|word| {
        let number = word.get_ref().trim().trim_end_matches('%').trim();
        match Decimal::parse(number).and_then(|n| n.to_units(4)) {
            Ok((millionths, true)) if (0..=1_000_000).contains(&millionths) => Ok(millionths),
            _ => Err(file.error_at(word, format!("`{}` is no percentage; write e.g. \"3%\"", word.get_ref()))),
        }
    });
    let percent = match (percent.transpose()?, &raw.of, &raw.percent) {
        (Some(millionths), Some(of), _) => Some(Percent { millionths, of: base(file, of)? }),
        (Some(_), None, Some(word)) => {
            return Err(
                file.error_at(word, "a percentage needs its base: of = \"left\", \"right\", \"larger\" or \"smaller\"")
            );
        }
        _ => None,
    };
    Ok(Tolerance { amount: amount.map(i64::abs), percent, larger: raw.larger })
}

fn base(file: &SpecFile, word: &Spanned<String>) -> Result<Base, SpecError> {
    match word.get_ref().as_str() {
        "left" => Ok(Base::Left),
        "right" => Ok(Base::Right),
        "larger" => Ok(Base::Larger),
        "smaller" => Ok(Base::Smaller),
        _ => Err(file.wrong_word(word, "base", &["left", "right", "larger", "smaller"])),
    }
}

fn units(file: &SpecFile, scale: u32, word: &Spanned<String>) -> Result<i64, SpecError> {
    match Decimal::parse(word.get_ref().trim()).and_then(|n| n.to_units(scale)) {
        Ok((units, true)) if units.unsigned_abs() <= LARGEST_SUM.unsigned_abs() => Ok(units),
        _ => Err(file.error_at(word, format!("`{}` is no amount of at most {scale} decimals", word.get_ref()))),
    }
}

fn window(raw: Option<RawWindow>) -> Option<Window> {
    let raw = raw.filter(|w| !w.any)?;
    let side = |days: Option<u32>| i64::from(days.or(raw.days).unwrap_or(0));
    Some(Window {
        anchor: match raw.anchor {
            Anchor::Left => super::rules::LEFT,
            Anchor::Right => super::rules::RIGHT,
        },
        before: side(raw.before),
        after: side(raw.after),
        working_days: raw.unit == Unit::WorkingDays,
    })
}

fn date(file: &SpecFile, word: &Spanned<String>) -> Result<NaiveDate, SpecError> {
    word.get_ref()
        .parse()
        .map_err(|_| file.error_at(word, format!("`{}` is no date; write 2026-10-31", word.get_ref())))
}

fn dates(file: &SpecFile, words: &[Spanned<String>]) -> Result<Vec<NaiveDate>, SpecError> {
    words.iter().map(|word| date(file, word)).collect()
}

const NORMALS: [&str; 4] = ["key", "upper", "alphanumeric", "unpadded"];

fn normal(
    file: &SpecFile,
    words: &[Spanned<String>],
    blanks: Vec<String>,
    pattern: Option<&Spanned<String>>,
) -> Result<Normal, SpecError> {
    let mut normal = Normal { blanks, ..Normal::default() };
    for word in words {
        match word.get_ref().as_str() {
            "key" => normal.key = true,
            "upper" => normal.upper = true,
            "alphanumeric" => normal.alphanumeric = true,
            "unpadded" => normal.unpadded = true,
            _ => return Err(file.wrong_word(word, "normal form", &NORMALS)),
        }
    }
    if let Some(text) = pattern {
        let pattern = Regex::new(text.get_ref());
        normal.pattern = Some(pattern.map_err(|e| file.error_at(text, format!("the pattern cannot be used: {e}")))?);
    }
    Ok(normal)
}

impl RawKey {
    fn checked(self, file: &SpecFile) -> Result<KeyRule, SpecError> {
        Ok(KeyRule {
            normal: normal(file, &self.normal, self.blanks, self.pattern.as_ref())?,
            name: self.name,
            columns: [self.left, self.right],
            blank_equals_blank: self.blank_equals_blank,
        })
    }
}

impl RawCompare {
    fn checked(self, file: &SpecFile) -> Result<CompareRule, SpecError> {
        Ok(CompareRule {
            normal: normal(file, &self.normal, self.blanks, None)?,
            name: self.name,
            columns: [self.left, self.right],
            is_amount: self.amount,
        })
    }
}

impl From<RawSide> for SideRule {
    fn from(raw: RawSide) -> SideRule {
        let tests = |list: Vec<RawTest>| {
            let test = |t: RawTest| RowTest { column: t.column, is: t.is, is_not: t.is_not, blank: t.blank };
            list.into_iter().map(test).collect()
        };
        SideRule {
            table: raw.table,
            id: raw.id,
            amount: raw.amount,
            negate: raw.negate,
            date: raw.date,
            currency: raw.currency,
            keep: tests(raw.keep),
            drop: tests(raw.drop),
        }
    }
}

impl RawDecision {
    fn checked(self, file: &SpecFile, scale: u32) -> Result<Decision, SpecError> {
        let kinds = [DecisionKind::Match, DecisionKind::Never, DecisionKind::Allocate, DecisionKind::SetAside];
        let ids = kinds.map(DecisionKind::id);
        let kind = ids.iter().position(|id| id == self.kind.get_ref());
        Ok(Decision {
            kind: kinds[kind.ok_or_else(|| file.wrong_word(&self.kind, "decision", &ids))?],
            rows: [self.left, self.right],
            amount: self.amount.as_ref().map(|word| units(file, scale, word)).transpose()?,
            until: self.until.as_ref().map(|word| date(file, word)).transpose()?,
            reason: self.reason,
            by: self.by,
        })
    }
}

impl RawChecks {
    fn checked(self, file: &SpecFile) -> Result<CheckRule, SpecError> {
        let ids = CheckKind::ALL.map(CheckKind::id);
        let kind = |word: Option<&Spanned<String>>| {
            let find =
                |w: &Spanned<String>| CheckKind::from_id(w.get_ref()).ok_or_else(|| file.wrong_word(w, "check", &ids));
            word.map(find).transpose()
        };
        Ok(CheckRule {
            unmatched_left: kind(self.unmatched_left.as_ref())?,
            unmatched_right: kind(self.unmatched_right.as_ref())?,
            differs: kind(self.differs.as_ref())?,
            after_days: self.after_days,
            wait_for_other_side: self.wait_for_other_side,
        })
    }
}
