//! Rules as they stand in TOML, before anything of them is checked.

use serde::Deserialize;

use super::rules::{Duplicates, Many, SideRule, Ties};
use super::tolerance::Base;
use crate::spec::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRules {
    pub id: String,
    #[serde(default)]
    pub zh: String,
    #[serde(default)]
    pub en: String,
    pub scale: Option<Spanned<u32>>,
    pub left: SideRule,
    pub right: SideRule,
    #[serde(default)]
    pub key: Vec<RawKey>,
    #[serde(default)]
    pub compare: Vec<RawCompare>,
    #[serde(default)]
    pub pass: Vec<RawPass>,
    pub tolerance: Option<RawTolerance>,
    pub window: Option<RawWindow>,
    /// Keys of the default cascade's pools and subset search.
    #[serde(default)]
    pub pool: Vec<Spanned<String>>,
    #[serde(default)]
    pub leftover: Leftover,
    #[serde(default)]
    pub duplicates: Duplicates,
    #[serde(default)]
    pub zeros_are_settled: bool,
    #[serde(default)]
    pub exclude: Vec<RawExclude>,
    #[serde(default)]
    pub decision: Vec<RawDecision>,
    #[serde(default)]
    pub calendar: RawCalendar,
    pub checks: Option<RawChecks>,
}

/// What the default cascade makes of a key whose amounts differ.
#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Leftover {
    #[default]
    Difference,
    Residual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawKey {
    pub name: String,
    #[serde(default)]
    pub zh: String,
    pub left: String,
    pub right: String,
    #[serde(default)]
    pub normal: Vec<Spanned<String>>,
    #[serde(default)]
    pub blanks: Vec<String>,
    pub pattern: Option<Spanned<String>>,
    #[serde(default)]
    pub blank_equals_blank: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCompare {
    pub name: String,
    #[serde(default)]
    pub zh: String,
    pub left: String,
    pub right: String,
    #[serde(default)]
    pub normal: Vec<Spanned<String>>,
    #[serde(default)]
    pub blanks: Vec<String>,
    #[serde(default)]
    pub amount: bool,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct RawTolerance {
    pub amount: Option<Spanned<String>>,
    pub percent: Option<Spanned<String>>,
    /// The percentage for a right side that is smaller than the left one; else `percent` holds both ways.
    pub percent_below: Option<Spanned<String>>,
    pub of: Option<Base>,
    #[serde(default)]
    pub larger: bool,
    /// The amount for a right side that is smaller than the left one; else `amount` holds both ways.
    pub below: Option<Spanned<String>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(deny_unknown_fields)]
pub struct RawWindow {
    /// Both ways.
    pub days: Option<u32>,
    /// Negative: the range begins after the anchor's date.
    pub before: Option<i32>,
    pub after: Option<i32>,
    /// So many units apart at least.
    pub at_least: Option<u32>,
    #[serde(default)]
    pub anchor: Anchor,
    #[serde(default)]
    pub unit: RawUnit,
    /// No window at all, for a pass of rules that have one.
    #[serde(default)]
    pub any: bool,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    #[default]
    Left,
    Right,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum RawUnit {
    #[default]
    Days,
    WorkingDays,
    Hours,
    Minutes,
    Seconds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPass {
    pub kind: Spanned<String>,
    pub key: Option<Vec<Spanned<String>>>,
    pub tolerance: Option<RawTolerance>,
    #[serde(default)]
    pub exact: bool,
    pub window: Option<RawWindow>,
    #[serde(default)]
    pub ties: Ties,
    #[serde(default)]
    pub all_currencies: bool,
    pub max_rows: Option<usize>,
    pub max_size: Option<usize>,
    pub work: Option<u64>,
    #[serde(default)]
    pub many: Many,
    pub similar: Option<Spanned<String>>,
    #[serde(default)]
    pub contains: bool,
    #[serde(default)]
    pub same_sign: bool,
    pub alternatives: Option<usize>,
    #[serde(default)]
    pub whole: bool,
    #[serde(default)]
    pub pairs: bool,
    #[serde(default)]
    pub one_fault: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawExclude {
    pub key: Spanned<String>,
    pub values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawDecision {
    pub kind: Spanned<String>,
    #[serde(default)]
    pub left: Vec<String>,
    #[serde(default)]
    pub right: Vec<String>,
    pub amount: Option<Spanned<String>>,
    pub until: Option<Spanned<String>>,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub by: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawCalendar {
    #[serde(default)]
    pub holidays: Vec<Spanned<String>>,
    #[serde(default)]
    pub workdays: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawChecks {
    pub unmatched_left: Option<Spanned<String>>,
    pub unmatched_right: Option<Spanned<String>>,
    pub differs: Option<Spanned<String>>,
    pub after_days: Option<i64>,
    #[serde(default)]
    pub wait_for_other_side: bool,
}
