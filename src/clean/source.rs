//! Source specs: how an export becomes rows. Raw form as typed in TOML, checked form as the program uses it.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;
use serde::Deserialize;

use super::amounts::Sign;
use super::condition::{Condition, Ignore, RawCondition, RawIgnore};
use super::covers::Covers;
use super::dates::DayOrder;
use super::direction::{Direction, Lexicon, RawDirection, RawWays, Way};
use super::former::{Former, RawFormer};
use super::normal;
use super::units::{Heading, Scale};
use crate::model::{ColumnKind, WordList};
use crate::spec::tables::Tables;
use crate::spec::{Spanned, SpecError, SpecFile, SpecFiles};

/// How one kind of export is recognised and read.
#[derive(Debug)]
pub struct Source {
    /// `settlements`
    pub id: String,
    pub zh: String,
    pub en: String,
    /// From the shop's own folder: outranks the built-in ones.
    pub of_shop: bool,
    /// File, sheet or title names that speak for this source.
    pub names: Vec<Regex>,
    /// Headings that must stand in the heading row, each with its spellings, normalised.
    pub headings: Vec<Vec<String>>,
    /// Headings that must not stand in it.
    pub without: Vec<String>,
    /// A form of this program's own that people fill in and drop back.
    pub returned: bool,
    /// What its rows are complete for; none: they only add to what earlier exports told.
    pub covers: Option<Covers>,
    pub outputs: Vec<Output>,
    /// Rows that a table, or all of them, leaves out on purpose.
    pub ignores: Vec<Ignore>,
    /// Headings that speak of money and that nobody needs here, normalised.
    pub aside: Vec<String>,
    /// What words say of money in this source.
    pub lexicon: Arc<Lexicon>,
    pub expects: Vec<Expect>,
}

/// One table that the export feeds.
#[derive(Debug)]
pub struct Output {
    /// Index of the table.
    pub table: usize,
    /// A row feeds the table if all of these hold …
    pub when_all: Vec<Condition>,
    /// … and any of these, where there are some.
    pub when_any: Vec<Condition>,
    /// One for each column of the table.
    pub columns: Vec<Option<ColumnSource>>,
    pub pivot: Option<Pivot>,
    pub direction: Option<Direction>,
    pub former: Vec<Former>,
}

/// Where a column's value comes from.
#[derive(Debug, Default)]
pub struct ColumnSource {
    /// Spellings of the heading, normalised; the first that stands in the export is taken.
    pub from: Vec<String>,
    /// Spellings that name a unit, a currency or tax too, in full: such a heading means what this column wants.
    pub exact: Vec<String>,
    /// Which of several equal headings, 1-based.
    pub nth: usize,
    /// Further headings, taken in order where the cell before is blank.
    pub then: Vec<String>,
    /// The same value for every row.
    pub constant: Option<String>,
    /// Numbers the rows that share a value of this column, from 1.
    pub number_within: Option<usize>,
    /// Words that mean an empty cell.
    pub blank: Vec<String>,
    /// Further words of the column's list, or of a text column: normalised word to code; an empty code means an empty cell.
    pub words: BTreeMap<String, String>,
    /// What a rejected blank becomes instead.
    pub default: Option<String>,
    pub negate: bool,
    /// The sign that a number has whichever way the export writes it.
    pub sign: Option<Sign>,
    pub unit: Unit,
    pub fill_down: bool,
    pub prefix: String,
    pub suffix: String,
    /// Headings of a time of day that belongs to the date of this column.
    pub clock: Vec<String>,
    /// The order in which the export writes days that do not begin with the year.
    pub dates: DayOrder,
    /// Cuts the value out of a cell of `then` (a remark): the first group, else the whole match.
    pub extract: Option<Regex>,
}

/// The unit in which an export writes a number or a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Yuan, hours, pieces.
    #[default]
    Plain,
    /// 分
    Fen,
    /// 千元
    Thousand,
    /// 万元
    TenThousand,
    /// Minutes, for hours.
    Minutes,
    /// A month (`2026-10`, `2026年10月`), for dates: its first day.
    Month,
}

impl Unit {
    /// How numbers in this unit become yuan, hours or pieces.
    pub fn scale(self) -> Scale {
        match self {
            Unit::Plain | Unit::Month => Scale::PLAIN,
            Unit::Fen => Scale::Times(1, 100),
            Unit::Thousand => Scale::Times(1000, 1),
            Unit::TenThousand => Scale::Times(10_000, 1),
            Unit::Minutes => Scale::Times(1, 60),
        }
    }

    /// The unit that a word of a spec names.
    pub(super) fn of_word(file: &SpecFile, word: &Spanned<String>) -> Result<Unit, SpecError> {
        Ok(match word.get_ref().as_str() {
            "plain" => Unit::Plain,
            "fen" => Unit::Fen,
            "thousand" => Unit::Thousand,
            "ten_thousand" => Unit::TenThousand,
            "minutes" => Unit::Minutes,
            "month" => Unit::Month,
            _ => {
                let valid = ["plain", "fen", "thousand", "ten_thousand", "minutes", "month"];
                return Err(file.wrong_word(word, "unit", &valid));
            }
        })
    }
}

/// One row per payer: the rows of one settlement are brought together into the payer columns.
#[derive(Debug)]
pub struct Pivot {
    /// Heading of the payer's class, spellings.
    pub payer: Vec<String>,
    /// Word list of the payer's class.
    pub list: usize,
    /// Heading of the payer's amount, spellings.
    pub amount: Vec<String>,
    /// Payer code to the column of the table that takes the amount.
    pub into: BTreeMap<String, usize>,
    /// Columns that stand once a payer and are added up; others are taken once.
    pub sum: Vec<usize>,
    /// The export writes what is due with a minus.
    pub negate: bool,
}

/// What usually holds in an export; where it does not, a finding says so.
#[derive(Debug)]
pub struct Expect {
    pub column: String,
    pub pattern: Option<Regex>,
    pub filled_when: Option<Condition>,
    pub zh: String,
    pub en: String,
}

impl Source {
    /// The sources of the registers that read themselves, then all source specs of a run. A spec with an error is refused before any data is read.
    pub fn load_all(files: &SpecFiles, tables: &Tables) -> Result<Vec<Source>, SpecError> {
        let mut sources: Vec<Source> = super::register::sources(tables)?;
        for file in files.under("sources/") {
            let source = file.read::<RawSource>()?.checked(file, tables)?;
            if let Some(twin) = sources.iter().position(|s| s.id == source.id) {
                if !source.of_shop {
                    return Err(SpecError::new(file, None, format!("source `{}` exists already", source.id)));
                }
                sources.remove(twin);
            }
            sources.push(source);
        }
        Ok(sources)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    id: String,
    zh: String,
    en: String,
    covers: Option<Spanned<String>>,
    recognise: RawRecognise,
    /// The order of day and month where dates do not begin with the year.
    #[serde(default)]
    dates: DayOrder,
    output: Vec<RawOutput>,
    #[serde(default)]
    ignore: Vec<RawIgnore>,
    #[serde(default)]
    expect: Vec<RawExpect>,
    #[serde(default)]
    direction: RawWays,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecognise {
    /// Patterns over file name, sheet name and title lines.
    #[serde(default)]
    names: Vec<Spanned<String>>,
    /// Each entry is one heading; spellings separated by `|`.
    headings: Vec<Spanned<String>>,
    #[serde(default)]
    without: Vec<String>,
    /// A form of ours that people fill in and drop back: the only kind that reads a workbook of our own.
    #[serde(default)]
    returned: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOutput {
    table: Spanned<String>,
    #[serde(default)]
    when_all: Vec<RawCondition>,
    #[serde(default)]
    when_any: Vec<RawCondition>,
    columns: BTreeMap<Spanned<String>, RawColumn>,
    pivot: Option<RawPivot>,
    direction: Option<RawDirection>,
    #[serde(default)]
    former: Vec<RawFormer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    #[serde(default)]
    from: Vec<String>,
    #[serde(default = "one")]
    nth: usize,
    #[serde(default)]
    then: Vec<String>,
    constant: Option<String>,
    number_within: Option<Spanned<String>>,
    #[serde(default)]
    blank: Vec<String>,
    #[serde(default)]
    words: BTreeMap<String, Spanned<String>>,
    default: Option<String>,
    #[serde(default)]
    negate: bool,
    sign: Option<Sign>,
    #[serde(default)]
    unit: Unit,
    #[serde(default)]
    fill_down: bool,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    suffix: String,
    #[serde(default)]
    clock: Vec<String>,
    extract: Option<Spanned<String>>,
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPivot {
    payer: Vec<String>,
    amount: Vec<String>,
    into: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    sum: Vec<Spanned<String>>,
    #[serde(default)]
    negate: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawExpect {
    column: String,
    pattern: Option<Spanned<String>>,
    filled_when: Option<RawCondition>,
    zh: String,
    en: String,
}

impl RawSource {
    fn checked(self, file: &SpecFile, tables: &Tables) -> Result<Source, SpecError> {
        let names = self.recognise.names.iter().map(|p| pattern(file, p)).collect::<Result<_, _>>()?;
        if self.recognise.headings.is_empty() {
            return Err(SpecError::new(file, None, "`recognise.headings` is empty: name what must stand there".into()));
        }
        let own = self.direction.words.iter().map(|(word, way)| Ok((normal::word(word), Way::of_word(file, way)?)));
        let lexicon = Arc::new(Lexicon::new(tables, &own.collect::<Result<_, SpecError>>()?));
        let mut outputs: Vec<Output> =
            self.output.into_iter().map(|o| o.checked(file, tables, &lexicon)).collect::<Result<_, _>>()?;
        for column in outputs.iter_mut().flat_map(|o| o.columns.iter_mut().flatten()) {
            column.dates = self.dates;
        }
        let ignores = self.ignore.into_iter().map(|i| i.checked(file, tables, &lexicon)).collect::<Result<_, _>>()?;
        let fed = outputs.iter().map(|o: &Output| &tables.tables[o.table]);
        let covers = Covers::checked(file, self.covers.as_ref(), fed)?;
        let expects = self.expect.into_iter().map(|e| e.checked(file, &lexicon)).collect::<Result<_, _>>()?;
        Ok(Source {
            id: self.id,
            zh: self.zh,
            en: self.en,
            of_shop: file.of_shop,
            names,
            headings: self.recognise.headings.iter().map(|h| spellings(h.get_ref())).collect(),
            without: self.recognise.without.iter().map(|h| normal::heading(h)).collect(),
            returned: self.recognise.returned,
            covers,
            outputs,
            ignores,
            aside: headings(&self.direction.aside),
            lexicon,
            expects,
        })
    }
}

/// A pattern as a spec types it; one that cannot be used is refused at its place.
pub(super) fn pattern(file: &SpecFile, text: &Spanned<String>) -> Result<Regex, SpecError> {
    Regex::new(text.get_ref()).map_err(|e| file.error_at(text, format!("the pattern cannot be used: {e}")))
}

fn spellings(text: &str) -> Vec<String> {
    text.split('|').map(normal::heading).collect()
}

fn headings(texts: &[String]) -> Vec<String> {
    texts.iter().map(|h| normal::heading(h)).collect()
}

/// The spellings that say more than a name.
fn exact(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| Heading::read(text)).filter(|h| !h.words.is_empty()).map(|h| h.whole).collect()
}

impl RawOutput {
    fn checked(self, file: &SpecFile, tables: &Tables, lexicon: &Arc<Lexicon>) -> Result<Output, SpecError> {
        let at = tables.index(self.table.get_ref());
        let at = at.ok_or_else(|| file.wrong_word(&self.table, "table", &tables.ids()))?;
        let table = &tables.tables[at];
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        let find = |word: &Spanned<String>| {
            let at = names.iter().position(|n| n == word.get_ref());
            at.ok_or_else(|| file.wrong_word(word, "column", &names))
        };
        let mut columns: Vec<Option<ColumnSource>> = names.iter().map(|_| None).collect();
        for (name, raw) in &self.columns {
            let column = find(name)?;
            let list = match table.columns[column].kind {
                ColumnKind::Word(list) => Some(&tables.lists[list]),
                _ => None,
            };
            let number_within = raw.number_within.as_ref().map(find).transpose()?;
            let any_code = table.columns[column].kind == ColumnKind::Text;
            columns[column] = Some(raw.checked(file, name, list, any_code, number_within)?);
        }
        let pivot = self.pivot.as_ref().map(|p| p.checked(file, tables, &find)).transpose()?;
        if pivot.is_none() {
            missing_columns(file, &self.table, table, &columns)?;
        }
        let mapped: Vec<String> =
            columns.iter().flatten().flat_map(|c| c.from.iter().chain(&c.then)).cloned().collect();
        let direction = self.direction.as_ref().map(|d| d.checked(tables, lexicon, &mapped, &find)).transpose()?;
        let conditions = |raw: Vec<RawCondition>| -> Result<Vec<Condition>, SpecError> {
            raw.into_iter().map(|c| c.checked(file, lexicon)).collect()
        };
        Ok(Output {
            table: at,
            when_all: conditions(self.when_all)?,
            when_any: conditions(self.when_any)?,
            columns,
            pivot,
            direction,
            former: self.former.iter().map(|f| f.checked(&find)).collect::<Result<_, _>>()?,
        })
    }
}

fn missing_columns(
    file: &SpecFile,
    word: &Spanned<String>,
    table: &crate::model::TableDef,
    columns: &[Option<ColumnSource>],
) -> Result<(), SpecError> {
    let missing: Vec<&str> = (0..columns.len())
        .filter(|i| table.columns[*i].required && columns[*i].is_none())
        .map(|i| table.columns[i].name.as_str())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(file.error_at(word, format!("the output leaves out required columns: {}", missing.join(", "))))
}

impl RawColumn {
    fn checked(
        &self,
        file: &SpecFile,
        name: &Spanned<String>,
        list: Option<&WordList>,
        any_code: bool,
        number_within: Option<usize>,
    ) -> Result<ColumnSource, SpecError> {
        if self.from.is_empty() && self.constant.is_none() && number_within.is_none() {
            return Err(file.error_at(name, "give `from`, `constant` or `number_within`"));
        }
        let mut words = BTreeMap::new();
        for (word, code) in &self.words {
            let known = list.is_some_and(|l| l.words.iter().any(|w| w.code == *code.get_ref()));
            if !known && !any_code && !code.get_ref().is_empty() {
                let valid: Vec<&str> =
                    list.map_or_else(Vec::new, |l| l.words.iter().map(|w| w.code.as_str()).collect());
                return Err(file.wrong_word(code, "code", &valid));
            }
            words.insert(normal::word(word), code.get_ref().clone());
        }
        Ok(ColumnSource {
            from: headings(&self.from),
            exact: exact(&self.from),
            nth: self.nth,
            then: headings(&self.then),
            constant: self.constant.clone(),
            number_within,
            blank: self.blank.iter().map(|w| normal::word(w)).collect(),
            words,
            default: self.default.clone(),
            negate: self.negate,
            sign: self.sign,
            unit: self.unit,
            fill_down: self.fill_down,
            prefix: self.prefix.clone(),
            suffix: self.suffix.clone(),
            clock: headings(&self.clock),
            dates: DayOrder::default(),
            extract: self.extract.as_ref().map(|p| pattern(file, p)).transpose()?,
        })
    }
}

impl RawPivot {
    fn checked(
        &self,
        file: &SpecFile,
        tables: &Tables,
        find: &dyn Fn(&Spanned<String>) -> Result<usize, SpecError>,
    ) -> Result<Pivot, SpecError> {
        let list = tables.lists.iter().position(|l| l.id == "pay_type").unwrap_or(0); // words.toml defines it
        let codes: Vec<&str> = tables.lists[list].words.iter().map(|w| w.code.as_str()).collect();
        let mut into = BTreeMap::new();
        for (code, column) in &self.into {
            if !codes.contains(&code.get_ref().as_str()) {
                return Err(file.wrong_word(code, "payer", &codes));
            }
            into.insert(code.get_ref().clone(), find(column)?);
        }
        Ok(Pivot {
            payer: headings(&self.payer),
            list,
            amount: headings(&self.amount),
            into,
            sum: self.sum.iter().map(find).collect::<Result<_, _>>()?,
            negate: self.negate,
        })
    }
}

impl RawExpect {
    fn checked(self, file: &SpecFile, lexicon: &Arc<Lexicon>) -> Result<Expect, SpecError> {
        Ok(Expect {
            column: normal::heading(&self.column),
            pattern: self.pattern.as_ref().map(|p| pattern(file, p)).transpose()?,
            filled_when: self.filled_when.map(|c| c.checked(file, lexicon)).transpose()?,
            zh: self.zh,
            en: self.en,
        })
    }
}
