//! Rules of a match, checked: what two sides are, what brings their rows together, and in which order it is tried.

use std::borrow::Cow;

use chrono::NaiveDate;
use regex::Regex;
use serde::Deserialize;

use super::tolerance::Tolerance;
use super::window::{Unit, Window};
use crate::reconcile::CheckKind;

/// The rules of one match (`report_specs/rules/ID.toml`, or a file of its own for `hesuan match`).
#[derive(Debug, Clone)]
pub struct Rules {
    pub id: String,
    pub zh: String,
    pub en: String,
    /// Decimals that amounts may have: they are counted in units of 10^-scale. 2 = fen.
    pub scale: u32,
    pub sides: [SideRule; 2],
    pub keys: Vec<KeyRule>,
    pub compares: Vec<CompareRule>,
    pub passes: Vec<Pass>,
    /// What becomes of a key that stands twice on one side.
    pub duplicates: Duplicates,
    /// An amount of zero needs no partner.
    pub zeros_are_settled: bool,
    /// Keys left out by name: place of the key, values in normal form.
    pub excluded: Vec<(usize, Vec<String>)>,
    pub decisions: Vec<Decision>,
    /// Further free days and make-up working days, for windows in working days.
    pub holidays: Vec<NaiveDate>,
    pub workdays: Vec<NaiveDate>,
    /// What an outcome means in a shop's run; `None` for rules of `hesuan match` alone.
    pub checks: Option<CheckRule>,
}

impl Rules {
    /// Whether some window is counted in seconds, so that times of day matter.
    pub fn asks_for_times(&self) -> bool {
        self.passes.iter().any(|pass| pass.window.is_some_and(|window| window.unit == Unit::Seconds))
    }

    /// Places of the keys that are equal or not: all but those compared by their words.
    pub fn equal_keys(&self) -> Vec<usize> {
        (0..self.keys.len()).filter(|key| !self.keys[*key].normal.words).collect()
    }
}

/// Left or right.
pub const LEFT: usize = 0;
pub const RIGHT: usize = 1;

/// Where a side's rows come from and which columns say what.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideRule {
    /// A canonical table or register: the file goes through its source spec. `None`: plain columns of any table.
    pub table: Option<String>,
    /// Columns that name a row, joined by `-`; none: the row number.
    #[serde(default)]
    pub id: Vec<String>,
    pub amount: String,
    /// Turns the sign of every amount.
    #[serde(default)]
    pub negate: bool,
    /// Takes the size of every amount: one side books what the other takes away.
    #[serde(default)]
    pub absolute: bool,
    pub date: Option<String>,
    pub currency: Option<String>,
    /// Columns that a check names beside the row: the order's number, the receipt's.
    pub order: Option<String>,
    pub receipt: Option<String>,
    /// A column by which lists keep rows apart: the dealer that filed a claim.
    pub group: Option<String>,
    /// Only rows for which all of these hold take part.
    #[serde(default)]
    pub keep: Vec<RowTest>,
    /// Rows for which any of these holds take no part.
    #[serde(default)]
    pub drop: Vec<RowTest>,
    /// Which of several sources on this side comes first.
    pub prefer: Option<Prefer>,
    /// Rows that are one row by the side's own key, whatever the keys of the match.
    pub once: Option<Once>,
    /// What stands before the decimals of amounts written as text.
    #[serde(default)]
    pub decimal: DecimalMark,
    /// The currency of a row that names none.
    #[serde(default)]
    pub currency_default: String,
}

/// The order in which rows of several sources are tried: of candidates that one pass has, those of the first source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prefer {
    /// The column that names the source.
    pub column: String,
    /// Its words, the most trusted first; a word that is not here comes after all.
    pub order: Vec<String>,
}

impl Prefer {
    /// The place of a source, 0 first.
    pub fn rank(&self, text: &str) -> u16 {
        let place = self.order.iter().position(|word| word == text.trim()).unwrap_or(self.order.len());
        u16::try_from(place).unwrap_or(u16::MAX)
    }
}

/// Rows of which these columns say the same are one row: one takes part, the others are set aside and told as duplicates.
/// A row that leaves one of the columns blank is nobody's duplicate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Once {
    pub by: Vec<String>,
    #[serde(default)]
    pub keep: Keep,
}

/// Which of several rows takes part, in order of source, date and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    #[default]
    First,
    Last,
}

/// What stands before the decimals of an amount: `1,234.56` or `1.234,56`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum DecimalMark {
    #[default]
    #[serde(rename = ".")]
    Point,
    #[serde(rename = ",")]
    Comma,
}

impl SideRule {
    /// An amount as it takes part in the match.
    pub fn signed(&self, units: i64) -> i64 {
        let units = if self.negate { -units } else { units };
        if self.absolute { units.abs() } else { units }
    }

    /// The currency of a row that writes this one.
    pub fn currency_of<'t>(&'t self, written: impl Into<Cow<'t, str>>) -> Cow<'t, str> {
        let written = written.into();
        if written.trim().is_empty() { Cow::Borrowed(&self.currency_default) } else { written }
    }
}

/// A test on one column of a row, on its trimmed text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowTest {
    pub column: String,
    #[serde(default)]
    pub is: Vec<String>,
    #[serde(default)]
    pub is_not: Vec<String>,
    pub blank: Option<bool>,
}

impl RowTest {
    pub fn holds(&self, text: &str) -> bool {
        let text = text.trim();
        (self.is.is_empty() || self.is.iter().any(|w| w == text))
            && !self.is_not.iter().any(|w| w == text)
            && self.blank.is_none_or(|blank| blank == text.is_empty())
    }
}

/// What must be equal on both sides.
#[derive(Debug, Clone)]
pub struct KeyRule {
    pub name: String,
    /// What it is called in Chinese; empty: as its name.
    pub zh: String,
    pub columns: [String; 2],
    pub normal: Normal,
    /// Two blanks are equal. Otherwise a blank key joins nothing.
    pub blank_equals_blank: bool,
}

/// What is compared and told where it differs, but decides nothing.
#[derive(Debug, Clone)]
pub struct CompareRule {
    pub name: String,
    /// What it is called in Chinese; empty: as its name.
    pub zh: String,
    pub columns: [String; 2],
    /// As numbers (`1.50` = `1.5`) rather than as text.
    pub is_amount: bool,
    pub normal: Normal,
}

/// How a key's text is brought to one form. Blanks around it always go.
#[derive(Debug, Clone, Default)]
pub struct Normal {
    /// Full-width characters become half-width, a leading apostrophe and a trailing `.0` go, letters become upper case.
    pub key: bool,
    pub upper: bool,
    /// Only letters and digits stay.
    pub alphanumeric: bool,
    /// Leading zeros go.
    pub unpadded: bool,
    /// Its words, each once: only a `similar` pass looks at them.
    pub words: bool,
    /// These words mean nothing, in any case.
    pub blanks: Vec<String>,
    /// The first group of the pattern is taken (the whole match where there is none); no match = blank.
    pub pattern: Option<Regex>,
}

impl Normal {
    /// Whether two spellings can have one normal form, so that a match on them is `fuzzy`.
    pub fn changes(&self) -> bool {
        self.upper || self.alphanumeric || self.unpadded || self.words || self.pattern.is_some()
    }
}

/// One attempt of the cascade. What an earlier pass closed, a later one does not see.
#[derive(Debug, Clone)]
pub struct Pass {
    pub kind: PassKind,
    /// Places of the keys that must be equal; none = all rows are one pool.
    pub keys: Vec<usize>,
    pub tolerance: Tolerance,
    pub window: Option<Window>,
    /// What becomes of equal candidates.
    pub ties: Ties,
    /// Every currency of a key must balance, or none is closed.
    pub all_currencies: bool,
    /// Largest pool that a subset search looks into, after all filters.
    pub max_rows: Option<usize>,
    /// Largest subset.
    pub max_size: Option<usize>,
    /// Bound of a search in steps, so that every machine gives the same answer.
    pub work: u64,
    /// On which side a subset may lie; of `groups`, on which side a key may stand more than once (else it is ambiguous).
    pub many: Many,
    /// `similar`: more than this share of words is the same, in millionths …
    pub similar: i64,
    /// … or all words of one side are among those of the other.
    pub contains: bool,
    /// A subset has rows of its target's sign only.
    pub same_sign: bool,
    /// Answers of an ambiguous row that are shown, at least two; no more are looked for than this and one.
    pub alternatives: usize,
    /// `allocate`: only what is paid in full, nothing stays over. `reversals`: all rows of a key that sum to zero, too.
    pub whole: bool,
    /// `differences`: one row with one row, the nearest first, rather than all rows of a key together.
    pub pairs: bool,
    /// `differences`: only where either the amount or the date differs; where both do, the rows stay open.
    pub one_fault: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PassKind {
    /// What the accountant decided.
    Decisions,
    /// Two rows of one side that cancel each other.
    Reversals,
    /// One row with one row.
    OneToOne,
    /// All rows of a key with all rows of that key.
    Groups,
    /// Both sides of a pool sum to the same: closed together, the assignment inside is only suggested.
    Pools,
    /// One row with one row by the words of a key.
    Similar,
    /// One row with the only subset that sums to it.
    Subsets,
    /// Oldest first, what is left over stays as a residual.
    Allocate,
    /// Rows of one key whose amounts or dates differ.
    Differences,
}

impl PassKind {
    pub const ALL: [PassKind; 9] = [
        PassKind::Decisions,
        PassKind::Reversals,
        PassKind::OneToOne,
        PassKind::Groups,
        PassKind::Pools,
        PassKind::Similar,
        PassKind::Subsets,
        PassKind::Allocate,
        PassKind::Differences,
    ];

    pub fn id(self) -> &'static str {
        match self {
            PassKind::Decisions => "decisions",
            PassKind::Reversals => "reversals",
            PassKind::OneToOne => "one_to_one",
            PassKind::Groups => "groups",
            PassKind::Pools => "pools",
            PassKind::Similar => "similar",
            PassKind::Subsets => "subsets",
            PassKind::Allocate => "allocate",
            PassKind::Differences => "differences",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// Copies of one key, which nothing tells apart, are paired in order of date and id and marked as a tie; any other tie
    /// is left.
    #[default]
    Copies,
    /// Not matched, copies of one key neither: shown as ambiguous with the alternatives.
    Leave,
    /// Matched in order of date, then id, and flagged.
    Flag,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Many {
    Left,
    Right,
    #[default]
    Both,
    /// On both at once: some rows of one side with some of the other.
    Sets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// Rows of one key are told apart by amount and date.
    #[default]
    Pair,
    /// The match is refused.
    Error,
    /// They are set aside and told.
    SetAside,
    /// They take part and are told.
    Tell,
    /// The first in order of date and id takes part, the others are set aside and told.
    KeepFirst,
    /// The last one does.
    KeepLast,
}

/// What the accountant decided about rows of a match. It survives every rerun and is told where it no longer fits.
#[derive(Debug, Clone)]
pub struct Decision {
    pub kind: DecisionKind,
    /// Ids of the rows.
    pub rows: [Vec<String>; 2],
    /// `allocate`: how much of the right row; `match`: the difference that is accepted. In units of the scale.
    pub amount: Option<i64>,
    /// Holds up to this day.
    pub until: Option<NaiveDate>,
    pub reason: String,
    pub by: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionKind {
    /// These rows belong together.
    Match,
    /// These rows never do.
    Never,
    /// So much of the right row pays the left one.
    Allocate,
    /// These rows take no part.
    SetAside,
}

impl DecisionKind {
    pub fn id(self) -> &'static str {
        match self {
            DecisionKind::Match => "match",
            DecisionKind::Never => "never",
            DecisionKind::Allocate => "allocate",
            DecisionKind::SetAside => "set_aside",
        }
    }
}

/// Which check an outcome fires in a shop's run.
#[derive(Debug, Clone, Default)]
pub struct CheckRule {
    pub unmatched_left: Option<CheckKind>,
    pub unmatched_right: Option<CheckKind>,
    /// Amounts of one key differ, or a compared column does.
    pub differs: Option<CheckKind>,
    /// A row without a partner is told only when it is more than so many days old; `None`: at once.
    pub after_days: Option<i64>,
    /// Nothing is told of rows dated after the newest export of the other side: it cannot know them yet.
    pub wait_for_other_side: bool,
}
