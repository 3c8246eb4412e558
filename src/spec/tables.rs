//! Table and word specs: the canonical tables, the registers that a shop adds, the enumerations.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Spanned, SpecError, SpecFile, SpecFiles, words};
use crate::model::table::{AddsUp, Running, Word};
use crate::model::{Blanks, ColumnDef, ColumnKind, Counts, TableDef, WordList};

/// All tables and word lists of a run.
#[derive(Debug, Clone)]
pub struct Tables {
    pub tables: Vec<TableDef>,
    pub lists: Vec<WordList>,
    /// Tables that read themselves: their exports need no source spec.
    pub registers: Vec<Register>,
    /// Words for nothing, in any column.
    pub blanks: Blanks,
}

/// A table whose own spec says how its exports look: under which names, and with which headings.
#[derive(Debug, Clone)]
pub struct Register {
    /// Index of the table.
    pub table: usize,
    /// Patterns over file name, sheet name and title lines.
    pub names: Vec<Spanned<String>>,
    /// Columns whose headings an export must have.
    pub headings: Vec<usize>,
    /// Spellings of each column's heading: Chinese, English, others.
    pub from: Vec<Vec<String>>,
    /// The unit in which each column is written, where it is not the plain one.
    pub units: Vec<Option<Spanned<String>>>,
    /// What its exports are complete for.
    pub covers: Option<Spanned<String>>,
    /// The file that says so.
    pub file: SpecFile,
}

/// An export is known by so many headings at least: fewer would claim lists of something else.
const RECOGNISED_BY: usize = 3;

impl Tables {
    pub fn load(files: &SpecFiles) -> Result<Tables, SpecError> {
        let mut lists: Vec<WordList> = Vec::new();
        for file in files.under("words") {
            lists.extend(file.read::<RawWords>()?.list.into_iter().map(RawList::checked));
        }
        let mut tables: Vec<TableDef> = Vec::new();
        let mut registers: Vec<Register> = Vec::new();
        for file in files.under("tables/") {
            for raw in file.read::<RawTables>()?.table {
                if tables.iter().any(|t| t.id.eq_ignore_ascii_case(raw.id.get_ref())) {
                    return Err(file.error_at(&raw.id, format!("table `{}` exists already", raw.id.get_ref())));
                }
                raw.named(file)?;
                registers.extend(raw.register(file, tables.len())?);
                tables.push(raw.checked(file, &lists)?);
            }
        }
        Ok(Tables { tables, lists, registers, blanks: super::blanks::load(files)? })
    }

    pub fn get(&self, id: &str) -> Option<&TableDef> {
        self.tables.iter().find(|t| t.id == id)
    }

    pub fn index(&self, id: &str) -> Option<usize> {
        self.tables.iter().position(|t| t.id == id)
    }

    pub fn ids(&self) -> Vec<&str> {
        self.tables.iter().map(|t| t.id.as_str()).collect()
    }

    pub fn list(&self, id: &str) -> Option<&WordList> {
        self.lists.iter().find(|l| l.id == id)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    list: Vec<RawList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawList {
    id: String,
    words: Vec<RawWord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWord {
    code: String,
    zh: String,
    en: String,
    #[serde(default)]
    also: Vec<String>,
}

impl RawList {
    fn checked(self) -> WordList {
        let word = |w: RawWord| Word { code: w.code, zh: w.zh, en: w.en, also: w.also };
        WordList { id: self.id, words: self.words.into_iter().map(word).collect() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTables {
    table: Vec<RawTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    id: Spanned<String>,
    zh: String,
    en: String,
    key: Vec<Spanned<String>>,
    #[serde(default)]
    identity: Vec<Spanned<String>>,
    #[serde(default)]
    any_of: Vec<Spanned<String>>,
    date: Option<Spanned<String>>,
    amount: Option<Spanned<String>>,
    #[serde(default)]
    ahead: bool,
    listed_by: Option<Spanned<String>>,
    reported_with: Option<Spanned<String>>,
    running: Option<RawRunning>,
    adds_up: Option<RawAddsUp>,
    #[serde(default, rename = "final")]
    is_final: Option<Spanned<bool>>,
    #[serde(default)]
    names: Vec<Spanned<String>>,
    #[serde(default)]
    headings: Vec<Spanned<String>>,
    covers: Option<Spanned<String>>,
    #[serde(default = "yes")]
    watched: bool,
    columns: Vec<RawColumn>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRunning {
    balance: Spanned<String>,
    #[serde(default)]
    plus: Vec<Spanned<String>>,
    #[serde(default)]
    minus: Vec<Spanned<String>>,
    within: Option<Spanned<String>>,
}

impl RawRunning {
    fn checked(&self, find: &dyn Fn(&Spanned<String>) -> Result<usize, SpecError>) -> Result<Running, SpecError> {
        Ok(Running {
            balance: find(&self.balance)?,
            plus: self.plus.iter().map(find).collect::<Result<_, _>>()?,
            minus: self.minus.iter().map(find).collect::<Result<_, _>>()?,
            within: self.within.as_ref().map(find).transpose()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAddsUp {
    total: Spanned<String>,
    plus: Vec<Spanned<String>>,
    #[serde(default)]
    minus: Vec<Spanned<String>>,
}

impl RawAddsUp {
    fn checked(&self, find: &dyn Fn(&Spanned<String>) -> Result<usize, SpecError>) -> Result<AddsUp, SpecError> {
        Ok(AddsUp {
            total: find(&self.total)?,
            plus: self.plus.iter().map(find).collect::<Result<_, _>>()?,
            minus: self.minus.iter().map(find).collect::<Result<_, _>>()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    name: String,
    kind: Spanned<String>,
    zh: String,
    en: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    event: bool,
    #[serde(default)]
    decides: bool,
    #[serde(default)]
    zero_is_none: bool,
    with: Option<Spanned<String>>,
    counted: Option<bool>,
    counted_from: Option<Spanned<String>>,
    state: Option<Vec<String>>,
    #[serde(default)]
    from: Vec<String>,
    unit: Option<Spanned<String>>,
}

impl RawColumn {
    /// By its words, else by its kind: amounts, quantities, scores, dates and words of a list are counted, texts and
    /// numbers that name something are not.
    fn counts(&self, kind: ColumnKind, from: Option<usize>) -> Counts {
        let is_counted = self.counted.unwrap_or(!matches!(kind, ColumnKind::Text | ColumnKind::Key));
        match (&self.state, from) {
            (Some(words), _) => Counts::State(words.clone()),
            (None, Some(event)) => Counts::From(event),
            (None, None) if is_counted => Counts::Always,
            (None, None) => Counts::Never,
        }
    }
}

impl RawTable {
    fn find(&self, file: &SpecFile, word: &Spanned<String>) -> Result<usize, SpecError> {
        let at = self.columns.iter().position(|c| c.name == *word.get_ref());
        let valid = || self.columns.iter().map(|c| c.name.as_str()).collect::<Vec<&str>>();
        at.ok_or_else(|| file.wrong_word(word, "column", &valid()))
    }

    /// The names of the table and its columns become those of tables and columns of the database, which knows no
    /// difference between small letters and capitals.
    fn named(&self, file: &SpecFile) -> Result<(), SpecError> {
        let wrong = |said: String| Err(file.error_at(&self.id, said));
        if let Some(said) = words::wrong_with_id(self.id.get_ref()) {
            return wrong(said);
        }
        let mut seen = BTreeSet::new();
        for column in &self.columns {
            if let Some(said) = words::wrong_with_id(&column.name) {
                return wrong(format!("columns of `{}`: {said}", self.id.get_ref()));
            }
            if !seen.insert(column.name.to_ascii_lowercase()) {
                return wrong(format!("`{}` has two columns `{}`", self.id.get_ref(), column.name));
            }
        }
        Ok(())
    }

    /// How the table reads its own exports, where it names them.
    fn register(&self, file: &SpecFile, table: usize) -> Result<Option<Register>, SpecError> {
        if self.names.is_empty() {
            let others = self.headings.first();
            let message = |what: &str| format!("`{what}` need `names`: patterns of the file's name");
            let alone = others.map(|word| file.error_at(word, message("headings")));
            let alone = alone.or(self.covers.as_ref().map(|word| file.error_at(word, message("covers"))));
            return alone.map_or(Ok(None), Err);
        }
        let mut headings: Vec<usize> = Vec::new();
        for word in &self.headings {
            headings.push(self.find(file, word)?);
        }
        if headings.is_empty() {
            headings = (0..self.columns.len()).filter(|at| self.columns[*at].required).collect();
        }
        if headings.len() < RECOGNISED_BY {
            let message = format!(
                "an export is recognised by {RECOGNISED_BY} headings at least: \
                 make more columns `required`, or name them in `headings`"
            );
            return Err(file.error_at(&self.id, message));
        }
        let spellings = |column: &RawColumn| {
            let own = [column.zh.clone(), column.en.clone()];
            own.into_iter().chain(column.from.iter().cloned()).collect()
        };
        let from = self.columns.iter().map(spellings).collect();
        let units = self.columns.iter().map(|c| c.unit.clone()).collect();
        let (names, covers) = (self.names.clone(), self.covers.clone());
        Ok(Some(Register { table, names, headings, from, units, covers, file: file.clone() }))
    }

    fn checked(self, file: &SpecFile, lists: &[WordList]) -> Result<TableDef, SpecError> {
        let find = |word: &Spanned<String>| self.find(file, word);
        let key = self.key.iter().map(find).collect::<Result<Vec<usize>, SpecError>>()?;
        let identity = self.identity.iter().map(find).collect::<Result<Vec<usize>, SpecError>>()?;
        let any_of = self.any_of.iter().map(find).collect::<Result<Vec<usize>, SpecError>>()?;
        let date = self.date.as_ref().map(find).transpose()?;
        let amount = self.amount.as_ref().map(find).transpose()?;
        let mut columns = Vec::new();
        for (at, raw) in self.columns.iter().enumerate() {
            let with = raw.with.as_ref().map(find).transpose()?;
            let from = raw.counted_from.as_ref().map(find).transpose()?;
            let kind = kind(&raw.kind, file, lists)?;
            // A sequence that cannot be read leaves two versions of one record: both are kept and told.
            let names_row = key.contains(&at) && kind != ColumnKind::Int;
            columns.push(ColumnDef {
                name: raw.name.clone(),
                zh: raw.zh.clone(),
                en: raw.en.clone(),
                kind,
                required: raw.required,
                with,
                event: raw.event,
                decides: raw.decides || names_row || amount == Some(at),
                zero_is_none: raw.zero_is_none || (kind == ColumnKind::Key && !raw.required && !names_row),
                counts: raw.counts(kind, from),
            });
        }
        let is_final = self.is_final.as_ref().is_some_and(|word| *word.get_ref());
        if let (true, None, Some(word)) = (is_final, date, &self.is_final) {
            return Err(file.error_at(word, "`final` needs `date`: a row is final once its day was reported"));
        }
        if let (Some(_), Some(word)) = (date, &self.reported_with) {
            return Err(file.error_at(word, "`reported_with` is for tables without `date`"));
        }
        let reported_with = self.reported_with.as_ref().map(find).transpose()?;
        let running = self.running.as_ref().map(|running| running.checked(&find)).transpose()?;
        let adds_up = self.adds_up.as_ref().map(|adds_up| adds_up.checked(&find)).transpose()?;
        let id = self.id.get_ref().clone();
        let listed_by = self.listed_by.as_ref().map(find).transpose()?;
        let (zh, en, is_ahead, is_watched) = (self.zh, self.en, self.ahead, self.watched);
        Ok(TableDef {
            id,
            zh,
            en,
            key,
            identity,
            date,
            is_ahead,
            is_final,
            listed_by,
            reported_with,
            is_watched,
            running,
            adds_up,
            amount,
            any_of,
            columns,
        })
    }
}

fn kind(word: &Spanned<String>, file: &SpecFile, lists: &[WordList]) -> Result<ColumnKind, SpecError> {
    Ok(match word.get_ref().as_str() {
        "text" => ColumnKind::Text,
        "key" => ColumnKind::Key,
        "fen" => ColumnKind::Fen,
        "hours" => ColumnKind::Hours,
        "micro" => ColumnKind::Micro,
        "int" => ColumnKind::Int,
        "date" => ColumnKind::Date,
        "time" => ColumnKind::Time,
        "bool" => ColumnKind::Bool,
        other => {
            let list = other.strip_prefix("word.").and_then(|id| lists.iter().position(|l| l.id == id));
            let mut valid: Vec<String> =
                ["text", "key", "fen", "hours", "micro", "int", "date", "time", "bool"].map(str::to_owned).to_vec();
            valid.extend(lists.iter().map(|l| format!("word.{}", l.id)));
            let valid: Vec<&str> = valid.iter().map(String::as_str).collect();
            ColumnKind::Word(list.ok_or_else(|| file.wrong_word(word, "kind", &valid))?)
        }
    })
}
