//! Figure specs as typed, and their checks.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Base, Figure, Formula, Ratio, Scope, Term, Unit, bases};
use crate::model::{ColumnKind, Lang};
use crate::report::{expr, views};
use crate::spec::named::Named;
use crate::spec::tables::Tables;
use crate::spec::{Spanned, SpecError, SpecFile, SpecFiles};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    figure: Vec<RawFigure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFigure {
    id: Spanned<String>,
    zh: String,
    en: String,
    #[serde(default)]
    define_zh: String,
    #[serde(default)]
    define_en: String,
    unit: Unit,
    good: Option<Direction>,
    #[serde(default)]
    internal: bool,
    /// `setting = word`: this variant holds only then.
    when: Option<Spanned<String>>,
    #[serde(default)]
    by: Vec<Spanned<String>>,
    view: Option<Spanned<String>>,
    date: Option<Spanned<String>>,
    filter: Option<Spanned<String>>,
    /// `view.column`: the figure is known since the first date in it.
    known_from: Option<Spanned<String>>,
    measure: Option<Spanned<String>>,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    known_with: Vec<Spanned<String>>,
    numerator: Option<Vec<Spanned<String>>>,
    denominator: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    times: Vec<Spanned<String>>,
    #[serde(default)]
    per: Vec<Spanned<String>>,
    sum: Option<Vec<Spanned<String>>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Up,
    Down,
}

/// Whether the measure of a whole is the sum of its parts': sums are, counts are unless each thing counts once.
fn is_sum(measure: &str) -> bool {
    let upper = measure.trim_start().to_uppercase();
    upper.starts_with("SUM(") || (upper.starts_with("COUNT(") && !upper.contains("DISTINCT"))
}

/// What a figure's words are checked against.
struct Context<'a> {
    tables: &'a Tables,
    named: &'a Named,
    ids: Vec<String>,
}

/// Reads all figures; of several variants of one id the one whose setting holds.
pub fn load(files: &SpecFiles, tables: &Tables, named: &Named) -> Result<BTreeMap<String, Figure>, SpecError> {
    let mut raws: Vec<(&SpecFile, RawFigure)> = Vec::new();
    for file in files.under("figures/") {
        raws.extend(file.read::<RawFile>()?.figure.into_iter().map(|raw| (file, raw)));
    }
    let ids = raws.iter().map(|(_, raw)| raw.id.get_ref().clone()).collect();
    let context = Context { tables, named, ids };
    let mut figures: BTreeMap<String, Figure> = BTreeMap::new();
    let mut dimensions = Vec::new();
    for (file, raw) in raws {
        let (id, by) = (raw.id.clone(), raw.by.clone());
        let holds = raw.when.as_ref().map_or(Ok(true), |when| context.holds(file, when))?;
        let figure = context.figure(file, raw)?; // a variant that does not hold is checked too
        if !holds {
            continue;
        }
        if figures.insert(figure.id.clone(), figure).is_some() && !file.of_shop {
            return Err(file.error_at(&id, format!("figure `{}` exists already", id.get_ref())));
        }
        dimensions.push((file, id, by));
    }
    for (file, id, by) in dimensions {
        for dimension in by {
            has_dimension(file, tables, &figures, id.get_ref(), &dimension)?;
        }
    }
    if let Some(lost) = context.ids.iter().find(|id| !figures.contains_key(*id)) {
        let file = files.under("figures/").next().unwrap_or(&files.all()[0]);
        return Err(SpecError::new(file, None, format!("no variant of figure `{lost}` holds with these settings")));
    }
    Ok(figures)
}

/// Refuses a dimension that one of the figure's views does not have.
pub fn has_dimension(
    file: &SpecFile,
    tables: &Tables,
    figures: &BTreeMap<String, Figure>,
    id: &str,
    dimension: &Spanned<String>,
) -> Result<(), SpecError> {
    for base in bases(figures, id) {
        let columns = views::columns(&base.view, tables).unwrap_or_default();
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        if !names.contains(&dimension.get_ref().as_str()) {
            let what = format!("dimension of `{id}` in view `{}`", base.view);
            return Err(file.wrong_word(dimension, &what, &names));
        }
    }
    Ok(())
}

impl Context<'_> {
    /// Whether `setting = word` holds.
    fn holds(&self, file: &SpecFile, when: &Spanned<String>) -> Result<bool, SpecError> {
        let Some((id, word)) = when.get_ref().split_once('=') else {
            return Err(file.error_at(when, "write `setting = word`"));
        };
        let choices: Vec<&str> =
            self.named.all().iter().filter(|s| !s.words.is_empty()).map(|s| s.id.as_str()).collect();
        let setting = self.named.get(id.trim()).filter(|s| !s.words.is_empty());
        let setting = setting.ok_or_else(|| file.wrong_word(when, "choice", &choices))?;
        if !setting.words.iter().any(|w| w == word.trim()) {
            let words: Vec<&str> = setting.words.iter().map(String::as_str).collect();
            return Err(file.wrong_word(when, "word of the choice", &words));
        }
        Ok(self.named.word(&setting.id) == word.trim())
    }

    fn known(&self, file: &SpecFile, word: &Spanned<String>, id: &str) -> Result<String, SpecError> {
        if self.ids.iter().any(|known| known == id) {
            return Ok(id.to_owned());
        }
        let ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        Err(file.wrong_word(word, "figure", &ids))
    }

    fn terms(&self, file: &SpecFile, words: &[Spanned<String>]) -> Result<Vec<Term>, SpecError> {
        let term = |word: &Spanned<String>| {
            let (sign, id) = word.get_ref().strip_prefix('-').map_or((1, word.get_ref().as_str()), |id| (-1, id));
            Ok((sign, self.known(file, word, id)?))
        };
        words.iter().map(term).collect()
    }

    fn figure(&self, file: &SpecFile, raw: RawFigure) -> Result<Figure, SpecError> {
        let formula = match (&raw.measure, &raw.numerator, &raw.denominator, &raw.sum) {
            (Some(measure), None, None, None) => Formula::Base(Box::new(self.base(file, &raw, measure)?)),
            (None, Some(n), Some(d), None) => Formula::Ratio(Ratio {
                numerator: self.terms(file, n)?,
                denominator: self.terms(file, d)?,
                times: self.plain(file, &raw.times)?,
                per: self.plain(file, &raw.per)?,
            }),
            (None, None, None, Some(sum)) => Formula::Sum(self.terms(file, sum)?),
            _ => {
                let hint = "give `view` and `measure`, or `numerator` and `denominator`, or `sum`";
                return Err(file.error_at(&raw.id, hint));
            }
        };
        Ok(Figure {
            id: raw.id.into_inner(),
            zh: raw.zh,
            en: raw.en,
            define_zh: self.named.fill(&raw.define_zh, Lang::Zh),
            define_en: self.named.fill(&raw.define_en, Lang::En),
            unit: raw.unit,
            good_up: raw.good.map(|g| matches!(g, Direction::Up)),
            internal: raw.internal,
            by: raw.by.into_iter().map(Spanned::into_inner).collect(),
            formula,
        })
    }

    /// `view.column`, checked.
    fn known_from(&self, file: &SpecFile, word: &Spanned<String>) -> Result<(String, String), SpecError> {
        let Some((view, column)) = word.get_ref().split_once('.') else {
            return Err(file.error_at(word, "write `view.column`"));
        };
        let columns = views::columns(view, self.tables);
        let columns = columns.ok_or_else(|| file.wrong_word(word, "view", &views::ids(self.tables)))?;
        if !columns.iter().any(|c| c.name == column) {
            let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
            return Err(file.wrong_word(word, "column", &names));
        }
        Ok((view.to_owned(), column.to_owned()))
    }

    /// Names of figures without a sign.
    fn plain(&self, file: &SpecFile, words: &[Spanned<String>]) -> Result<Vec<String>, SpecError> {
        words.iter().map(|w| self.known(file, w, w.get_ref())).collect()
    }

    fn base(&self, file: &SpecFile, raw: &RawFigure, measure: &Spanned<String>) -> Result<Base, SpecError> {
        let Some(view) = &raw.view else { return Err(file.error_at(measure, "a measure needs a `view`")) };
        let columns = views::columns(view.get_ref(), self.tables);
        let columns = columns.ok_or_else(|| file.wrong_word(view, "view", &views::ids(self.tables)))?;
        let dates = columns.iter().filter(|c| c.kind == ColumnKind::Date);
        let dates: Vec<&str> = dates.map(|c| c.name.as_str()).collect();
        if let Some(date) = raw.date.as_ref().filter(|d| !dates.contains(&d.get_ref().as_str())) {
            return Err(file.wrong_word(date, "date column", &dates));
        }
        if raw.date.is_none() && !matches!(raw.scope, Scope::Dated | Scope::SettledOrders) {
            return Err(file.error_at(view, "this scope needs a `date`"));
        }
        let parse = |text: &Spanned<String>| expr::parse(file, text, &columns, self.named);
        let texts = [Some(measure), raw.filter.as_ref()];
        Ok(Base {
            view: view.get_ref().clone(),
            date: raw.date.as_ref().map(|d| d.get_ref().clone()),
            filter: raw.filter.as_ref().map(parse).transpose()?,
            measure: parse(measure)?,
            scope: raw.scope,
            known_from: raw.known_from.as_ref().map(|word| self.known_from(file, word)).transpose()?,
            is_sum: is_sum(measure.get_ref()),
            known_with: self.plain(file, &raw.known_with)?,
            names_period: texts.into_iter().flatten().any(|text| text.get_ref().contains("period_")),
        })
    }
}
