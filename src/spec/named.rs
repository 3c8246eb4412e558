//! Named settings: the few numbers and choices that figures, reports and views rest on and that a shop may set.
//!
//! Each stands once in `report_specs/settings.toml` with its usual value; `[settings]` of `hesuan.toml` overrides it.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use serde::Deserialize;

use super::{Spanned, SpecError, SpecFile, SpecFiles};
use crate::model::Lang;
use crate::model::lang::filled;

/// What `[settings]` of a shop says, as typed.
pub type Overrides = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

/// All named settings with the values that hold.
#[derive(Debug, Clone, Default)]
pub struct Named {
    settings: Vec<Setting>,
}

/// One setting: its id as expressions name it, its value, what it is.
#[derive(Debug, Clone)]
pub struct Setting {
    pub id: String,
    pub value: NamedValue,
    pub zh: String,
    pub en: String,
    /// For a choice: the words that may stand.
    pub words: Vec<String>,
}

/// A value of a setting. In an expression a number and a rate are numbers, a stretch is the day that lies so long before
/// the period's last day; a word stands in `when` only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedValue {
    Number(i64),
    /// In ten-thousandths.
    Rate(i64),
    Months(u32),
    Days(u64),
    Word(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    setting: Vec<RawSetting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSetting {
    id: Spanned<String>,
    value: Spanned<toml::Value>,
    zh: String,
    en: String,
    #[serde(default)]
    values: Vec<String>,
}

impl Named {
    /// The settings of the spec files with their usual values.
    pub fn load(files: &SpecFiles) -> Result<Named, SpecError> {
        let mut named = Named::default();
        for file in files.under("settings") {
            for raw in file.read::<RawSettings>()?.setting {
                if named.get(raw.id.get_ref()).is_some() {
                    return Err(file.error_at(&raw.id, "a setting of this id exists already"));
                }
                let value = parse(file, &raw.value, &raw.values)?;
                let (id, zh, en) = (raw.id.into_inner(), raw.zh, raw.en);
                named.settings.push(Setting { id, value, zh, en, words: raw.values });
            }
        }
        Ok(named)
    }

    /// With what a shop sets; an unknown id or a value of another kind is refused with its line.
    pub fn overridden(mut self, file: &SpecFile, overrides: &Overrides) -> Result<Named, SpecError> {
        for (id, typed) in overrides {
            let ids: Vec<String> = self.settings.iter().map(|s| s.id.clone()).collect();
            let Some(setting) = self.settings.iter_mut().find(|s| s.id == *id.get_ref()) else {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                return Err(file.wrong_word(id, "setting", &ids));
            };
            let value = parse(file, typed, &setting.words)?;
            if !value.is_like(&setting.value) {
                let like = setting.value.text(Lang::En);
                let message = format!("`{}` is of another kind; the usual value is {like}", id.get_ref());
                return Err(SpecError::new(file, Some(typed.span()), message));
            }
            setting.value = value;
        }
        Ok(self)
    }

    pub fn all(&self) -> &[Setting] {
        &self.settings
    }

    pub fn get(&self, id: &str) -> Option<&Setting> {
        self.settings.iter().find(|s| s.id == id)
    }

    /// A number, or a rate in ten-thousandths, or a stretch in days; 0 where no spec has the setting.
    pub fn number(&self, id: &str) -> i64 {
        match self.get(id).map(|s| &s.value) {
            Some(NamedValue::Number(number) | NamedValue::Rate(number)) => *number,
            Some(NamedValue::Days(days)) => i64::try_from(*days).unwrap_or(i64::MAX),
            _ => 0,
        }
    }

    /// The day that lies the setting's stretch before a date; the date itself where the setting is none.
    pub fn back(&self, id: &str, date: NaiveDate) -> NaiveDate {
        self.get(id).and_then(|s| s.value.before(date)).unwrap_or(date)
    }

    /// A chosen word; empty where the setting is none.
    pub fn word(&self, id: &str) -> &str {
        match self.get(id).map(|s| &s.value) {
            Some(NamedValue::Word(word)) => word,
            _ => "",
        }
    }

    /// A text with `{id}` filled in by the values that hold.
    pub fn fill(&self, text: &str, lang: Lang) -> String {
        let shown: Vec<(&str, String)> = self.settings.iter().map(|s| (s.id.as_str(), s.value.text(lang))).collect();
        filled(text, |hole| shown.iter().find(|(id, _)| *id == hole).map(|(_, value)| value.as_str()))
    }
}

impl NamedValue {
    fn is_like(&self, other: &NamedValue) -> bool {
        use NamedValue::{Days, Months, Number, Rate, Word};
        matches!(
            (self, other),
            (Number(_), Number(_))
                | (Rate(_), Rate(_))
                | (Word(_), Word(_))
                | (Months(_) | Days(_), Months(_) | Days(_))
        )
    }

    /// The day that lies this long before a date.
    pub fn before(&self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            NamedValue::Months(months) => date.checked_sub_months(Months::new(*months)),
            NamedValue::Days(days) => date.checked_sub_days(Days::new(*days)),
            _ => None,
        }
    }

    /// As people read it.
    pub fn text(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            NamedValue::Number(number) => number.to_string(),
            NamedValue::Rate(rate) if rate % 100 == 0 => format!("{}%", rate / 100),
            NamedValue::Rate(rate) => format!("{}.{:02}%", rate / 100, rate % 100),
            NamedValue::Months(months) if zh => format!("{months}个月"),
            NamedValue::Months(months) => format!("{months} months"),
            NamedValue::Days(days) if zh => format!("{days}天"),
            NamedValue::Days(days) => format!("{days} days"),
            NamedValue::Word(word) => word.clone(),
        }
    }
}

/// A whole number, `"6 months"`, `"180 days"`, `"5%"`, or one of the words.
fn parse(file: &SpecFile, typed: &Spanned<toml::Value>, words: &[String]) -> Result<NamedValue, SpecError> {
    let wrong = || {
        let hint = match words.is_empty() {
            true => "write a whole number, \"6 months\", \"180 days\" or \"5%\"".to_owned(),
            false => format!("write one of: {}", words.join(", ")),
        };
        SpecError::new(file, Some(typed.span()), format!("`{}` is no value of a setting; {hint}", typed.get_ref()))
    };
    let text = match typed.get_ref() {
        toml::Value::Integer(number) if words.is_empty() => return Ok(NamedValue::Number(*number)),
        toml::Value::String(text) => text.trim(),
        _ => return Err(wrong()),
    };
    if !words.is_empty() {
        return if words.iter().any(|w| w == text) { Ok(NamedValue::Word(text.to_owned())) } else { Err(wrong()) };
    }
    if let Some(number) = text.strip_suffix('%') {
        return percent(number.trim()).map(NamedValue::Rate).ok_or_else(wrong);
    }
    let (number, unit) = text.split_once(' ').ok_or_else(wrong)?;
    match unit.trim() {
        "month" | "months" => number.parse().map(NamedValue::Months).map_err(|_| wrong()),
        "day" | "days" => number.parse().map(NamedValue::Days).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// `5` or `2.5` per cent in ten-thousandths.
fn percent(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = "[[setting]]\nid = \"churn_window\"\nvalue = \"6 months\"\nzh = \"流失\"\nen = \"lost after\"\n\
        [[setting]]\nid = \"rate\"\nvalue = \"2.5%\"\nzh = \"率\"\nen = \"rate\"\n\
        [[setting]]\nid = \"visits\"\nvalue = \"orders\"\nvalues = [\"orders\", \"vehicles\"]\nzh = \"台次\"\nen = \"visits\"\n";

    fn named(shop: &str) -> Result<Named, String> {
        let spec = SpecFile { name: "report_specs/settings.toml".into(), text: SPEC.into(), of_shop: true };
        let file = SpecFile { name: "hesuan.toml".into(), text: shop.into(), of_shop: true };
        let overrides: Overrides = file.read().map_err(|e| e.to_string())?;
        let named = Named::load(&SpecFiles::new(vec![spec])).map_err(|e| e.to_string())?;
        named.overridden(&file, &overrides).map_err(|e| e.to_string())
    }

    #[test]
    fn usual_values_hold_unless_the_shop_says_otherwise() {
        let usual = named("").unwrap();
        let end: NaiveDate = "2026-10-31".parse().unwrap();
        assert_eq!(usual.back("churn_window", end).to_string(), "2026-04-30");
        assert_eq!((usual.number("rate"), usual.word("visits")), (250, "orders"));
        let own = named("churn_window = \"90 days\"\nvisits = \"vehicles\"\n").unwrap();
        assert_eq!(own.back("churn_window", end).to_string(), "2026-08-02");
        assert_eq!(own.word("visits"), "vehicles");
        assert_eq!(own.fill("超过{churn_window}", Lang::Zh), "超过90天");
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_line() {
        assert!(named("churn = \"6 months\"\n").unwrap_err().contains("1: unknown setting `churn`"));
        assert!(named("\nchurn_window = \"5%\"\n").unwrap_err().contains("2: `churn_window` is of another kind"));
        assert!(named("visits = \"cars\"\n").unwrap_err().contains("write one of: orders, vehicles"));
    }
}
