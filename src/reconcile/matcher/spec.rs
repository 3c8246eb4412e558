//! The way from rules as typed in TOML to checked [`Rules`].

mod words;

use super::raw::{Leftover, RawChecks, RawCompare, RawDecision, RawKey, RawPass, RawRules};
use super::rules::{CheckRule, CompareRule, Decision, DecisionKind, KeyRule, Many, Pass, PassKind, Rules, Ties};
use super::tolerance::Tolerance;
use super::typed::Columns;
use super::window::Window;
use crate::reconcile::CheckKind;
use crate::spec::tables::Tables;
use crate::spec::{Spanned, SpecError, SpecFile, SpecFiles};
use words::{normal, share, tolerance, units, window};

/// Steps of one subset search where the rules do not say.
const WORK: u64 = 2_000_000;
/// Answers of an ambiguous row that are shown where the rules do not say.
const ALTERNATIVES: usize = 2;
/// Share of equal words that two similar texts exceed where the rules do not say, in millionths.
const SIMILAR: i64 = 500_000;

impl Pass {
    /// Whether it looks at a window: what is decided, or paid in order of age, stands whatever the dates.
    fn asks_for_dates(&self) -> bool {
        self.window.is_some() && !matches!(self.kind, PassKind::Decisions | PassKind::Allocate)
    }

    /// A pass without keys, tolerance and window.
    pub fn new(kind: PassKind) -> Pass {
        Pass {
            kind,
            keys: Vec::new(),
            tolerance: Tolerance::EXACT,
            window: None,
            ties: Ties::Copies,
            all_currencies: false,
            max_rows: None,
            max_size: None,
            work: WORK,
            many: Many::Both,
            similar: SIMILAR,
            contains: false,
            same_sign: false,
            alternatives: ALTERNATIVES,
            whole: false,
            pairs: false,
            one_fault: false,
        }
    }
}

impl Rules {
    /// The rules of one file. A file with an error is refused before any data is read.
    pub fn load(file: &SpecFile) -> Result<Rules, SpecError> {
        file.read::<RawRules>()?.checked(file)
    }

    /// All rules under `report_specs/rules/`; those of tables are held against the tables.
    pub fn load_all(files: &SpecFiles, tables: &Tables) -> Result<Vec<Rules>, SpecError> {
        let mut all: Vec<Rules> = Vec::new();
        for file in files.under("rules/") {
            let rules = Rules::load(file)?;
            let wrong = |what: String| SpecError::new(file, None, format!("the rules name {what}"));
            for (side, own) in rules.sides.iter().enumerate() {
                if let Some(id) = &own.table {
                    let table = tables.get(id).ok_or_else(|| wrong(format!("an unknown table `{id}`")))?;
                    Columns::find(&rules, side, table).map_err(wrong)?;
                }
            }
            if rules.checks.is_some() && (rules.scale != 2 || rules.sides.iter().any(|side| side.table.is_none())) {
                return Err(wrong("[checks], which need a table on each side and amounts in fen".to_owned()));
            }
            if all.iter().any(|other| other.id == rules.id) {
                return Err(wrong(format!("`{}`, and so does another file", rules.id)));
            }
            all.push(rules);
        }
        Ok(all)
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
            worded: keys.iter().map(|k| k.normal.words).collect(),
            tolerance: tolerance(file, scale, self.tolerance.as_ref())?,
            window: window(file, self.window)?,
        };
        let pool = common.places(&self.pool)?;
        let mut passes: Vec<Pass> = match self.pass.is_empty() {
            true => common.cascade(&pool, self.leftover),
            false => self.pass.iter().map(|p| common.pass(p)).collect::<Result<_, _>>()?,
        };
        if !self.decision.is_empty() && passes.iter().all(|pass| pass.kind != PassKind::Decisions) {
            passes.insert(0, Pass::new(PassKind::Decisions)); // a decision is never passed over in silence
        }
        if passes.iter().any(Pass::asks_for_dates) && [&self.left, &self.right].iter().any(|side| side.date.is_none()) {
            let what = "a window needs `date` on both sides: without dates it cannot be checked";
            return Err(SpecError::new(file, None, what.to_owned()));
        }
        let excluded = self.exclude.iter().map(|e| Ok((common.place(&e.key)?, e.values.clone())));
        let excluded = excluded.collect::<Result<Vec<_>, SpecError>>()?;
        let decisions = self.decision.into_iter().map(|d| d.checked(file, scale)).collect::<Result<_, _>>()?;
        let checks = self.checks.map(|c| c.checked(file)).transpose()?;
        Ok(Rules {
            id: self.id,
            zh: self.zh,
            en: self.en,
            scale,
            sides: [self.left, self.right],
            passes,
            duplicates: self.duplicates,
            zeros_are_settled: self.zeros_are_settled,
            excluded,
            decisions,
            holidays: file.dates(&self.calendar.holidays)?,
            workdays: file.dates(&self.calendar.workdays)?,
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
    /// Which keys are compared by their words: only by `similar` passes.
    worded: Vec<bool>,
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
        let all = || (0..self.names.len()).filter(|key| kind == PassKind::Similar || !self.worded[*key]).collect();
        Ok(Pass {
            keys: raw.key.as_ref().map_or_else(|| Ok(all()), |names| self.places(names))?,
            tolerance,
            window: if raw.window.is_some() { window(self.file, raw.window)? } else { self.window },
            ties: raw.ties,
            all_currencies: raw.all_currencies,
            max_rows: raw.max_rows,
            max_size: raw.max_size,
            work: raw.work.unwrap_or(WORK),
            many: raw.many,
            similar: raw.similar.as_ref().map_or(Ok(SIMILAR), |word| share(self.file, word))?,
            contains: raw.contains,
            same_sign: raw.same_sign,
            alternatives: raw.alternatives.unwrap_or(ALTERNATIVES).max(2),
            whole: raw.whole,
            pairs: raw.pairs,
            one_fault: raw.one_fault,
            ..Pass::new(kind)
        })
    }

    /// The passes of rules that name none: what is sure first, what only sums prove next, the search last.
    fn cascade(&self, pool: &[usize], leftover: Leftover) -> Vec<Pass> {
        let (worded, keys): (Vec<usize>, Vec<usize>) = (0..self.names.len()).partition(|key| self.worded[*key]);
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
        if !worded.is_empty() {
            let similar = Pass { keys: worded, window: self.window, ..Pass::new(PassKind::Similar) };
            passes.push(Pass { tolerance: self.tolerance, ..similar });
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

impl RawKey {
    fn checked(self, file: &SpecFile) -> Result<KeyRule, SpecError> {
        Ok(KeyRule {
            normal: normal(file, &self.normal, self.blanks, self.pattern.as_ref())?,
            name: self.name,
            zh: self.zh,
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
            zh: self.zh,
            columns: [self.left, self.right],
            is_amount: self.amount,
        })
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
            until: self.until.as_ref().map(|word| file.date(word)).transpose()?,
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
