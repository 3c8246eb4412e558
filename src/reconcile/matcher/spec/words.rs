//! Words of rules: amounts, percentages, windows, normal forms.

use regex::Regex;

use crate::model::fen::Decimal;
use crate::reconcile::matcher::raw::{Anchor, RawTolerance, RawUnit, RawWindow};
use crate::reconcile::matcher::rules::{LEFT, Normal, RIGHT};
use crate::reconcile::matcher::side::LARGEST_SUM;
use crate::reconcile::matcher::tolerance::{Percent, Tolerance};
use crate::reconcile::matcher::window::{Unit, Window};
use crate::spec::{Spanned, SpecError, SpecFile};

pub fn tolerance(file: &SpecFile, scale: u32, raw: Option<&RawTolerance>) -> Result<Tolerance, SpecError> {
    let Some(raw) = raw else { return Ok(Tolerance::EXACT) };
    let limit = |word: &Option<Spanned<String>>| word.as_ref().map(|word| units(file, scale, word)).transpose();
    let (amount, below) = (limit(&raw.amount)?, limit(&raw.below)?);
    let percentage = |word: &Option<Spanned<String>>| word.as_ref().map(|word| share(file, word)).transpose();
    let (both, below_share) = (percentage(&raw.percent)?, percentage(&raw.percent_below)?);
    let percent = match (both.or(below_share.map(|_| 0)), raw.of, raw.percent.as_ref().or(raw.percent_below.as_ref())) {
        (Some(millionths), Some(of), _) => Some(Percent { millionths, below: below_share, of }),
        (Some(_), None, Some(word)) => {
            return Err(file.error_at(
                word,
                "a percentage needs its base: of = \"left\", \"right\", \"larger\", \"smaller\" or \"average\"",
            ));
        }
        _ => None,
    };
    Ok(Tolerance { amount: amount.map(i64::abs), below: below.map(i64::abs), percent, larger: raw.larger })
}

/// A percentage in millionths.
pub fn share(file: &SpecFile, word: &Spanned<String>) -> Result<i64, SpecError> {
    let number = word.get_ref().trim().trim_end_matches('%').trim();
    match Decimal::parse(number).and_then(|n| n.to_units(4)) {
        Ok((millionths, true)) if (0..=1_000_000).contains(&millionths) => Ok(millionths),
        _ => Err(file.error_at(word, format!("`{}` is no percentage; write e.g. \"3%\"", word.get_ref()))),
    }
}

pub fn units(file: &SpecFile, scale: u32, word: &Spanned<String>) -> Result<i64, SpecError> {
    match Decimal::parse(word.get_ref().trim()).and_then(|n| n.to_units(scale)) {
        Ok((units, true)) if units.unsigned_abs() <= LARGEST_SUM.unsigned_abs() => Ok(units),
        _ => Err(file.error_at(word, format!("`{}` is no amount of at most {scale} decimals", word.get_ref()))),
    }
}

pub fn window(file: &SpecFile, raw: Option<RawWindow>) -> Result<Option<Window>, SpecError> {
    let Some(raw) = raw.filter(|w| !w.any) else { return Ok(None) };
    let (unit, factor) = match raw.unit {
        RawUnit::Days => (Unit::Days, 1),
        RawUnit::WorkingDays => (Unit::WorkingDays, 1),
        RawUnit::Hours => (Unit::Seconds, 3_600),
        RawUnit::Minutes => (Unit::Seconds, 60),
        RawUnit::Seconds => (Unit::Seconds, 1),
    };
    if unit == Unit::Seconds && raw.days.is_some() {
        let what = "a window in hours, minutes or seconds has `before` and `after`, not `days`";
        return Err(SpecError::new(file, None, what.to_owned()));
    }
    let side = |size: Option<i32>| size.map_or_else(|| i64::from(raw.days.unwrap_or(0)), i64::from) * factor;
    Ok(Some(Window {
        anchor: match raw.anchor {
            Anchor::Left => LEFT,
            Anchor::Right => RIGHT,
        },
        before: side(raw.before),
        after: side(raw.after),
        at_least: i64::from(raw.at_least.unwrap_or(0)) * factor,
        unit,
    }))
}

const NORMALS: [&str; 5] = ["key", "upper", "alphanumeric", "unpadded", "words"];

pub fn normal(
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
            "words" => normal.words = true,
            _ => return Err(file.wrong_word(word, "normal form", &NORMALS)),
        }
    }
    if let Some(text) = pattern {
        let pattern = Regex::new(text.get_ref());
        normal.pattern = Some(pattern.map_err(|e| file.error_at(text, format!("the pattern cannot be used: {e}")))?);
    }
    Ok(normal)
}
