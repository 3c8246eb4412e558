//! The sections of `hesuan.toml` that the checks rest on: calendar, acquirer, warranty, deposits, debts.

use std::collections::BTreeMap;

use chrono::Weekday;
use serde::Deserialize;

use crate::clean::amounts;
use crate::model::Calendar;
use crate::reconcile::{AcquirerTerms, DebtTerms, DepositOwner, WarrantyTerms};
use crate::spec::{Spanned, SpecError, SpecFile};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawCalendar {
    weekend: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    holidays: Vec<Spanned<String>>,
    #[serde(default)]
    workdays: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawAcquirer {
    #[serde(default)]
    fee_rates: BTreeMap<String, Spanned<String>>,
    days: Option<Spanned<i64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawWarranty {
    pay_days: Option<Spanned<i64>>,
    old_part_days: Option<Spanned<i64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawDeposits {
    owner: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawDebts {
    loan_days: Option<Spanned<i64>>,
    insurer_days: Option<Spanned<i64>>,
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const OWNERS: [&str; 2] = ["vehicle", "customer"];

impl RawCalendar {
    pub fn checked(self, file: &SpecFile) -> Result<Calendar, SpecError> {
        let mut calendar = Calendar::default();
        if let Some(words) = &self.weekend {
            calendar.weekend = weekdays(file, words)?;
        }
        calendar.holidays = file.dates(&self.holidays)?;
        calendar.workdays = file.dates(&self.workdays)?;
        Ok(calendar)
    }
}

/// Days of the week by their short names.
pub fn weekdays<C: FromIterator<Weekday>>(file: &SpecFile, words: &[Spanned<String>]) -> Result<C, SpecError> {
    words.iter().map(|word| weekday(file, word)).collect()
}

fn weekday(file: &SpecFile, word: &Spanned<String>) -> Result<Weekday, SpecError> {
    let known = WEEKDAYS.contains(&word.get_ref().as_str());
    let day = if known { word.get_ref().parse().ok() } else { None };
    day.ok_or_else(|| file.wrong_word(word, "day of the week", &WEEKDAYS))
}

impl RawAcquirer {
    pub fn checked(self, file: &SpecFile) -> Result<AcquirerTerms, SpecError> {
        let usual = AcquirerTerms::default();
        let mut rates = BTreeMap::new();
        for (channel, word) in self.fee_rates {
            rates.insert(channel, fee_rate(file, &word)?);
        }
        Ok(AcquirerTerms { fee_rates_micro: rates, days: days(file, self.days.as_ref(), usual.days)? })
    }
}

/// `"0.55%"`, in millionths.
fn fee_rate(file: &SpecFile, word: &Spanned<String>) -> Result<i64, SpecError> {
    let number = word.get_ref().trim().strip_suffix('%').and_then(|n| amounts::number(n).ok());
    match number.and_then(|n| n.to_units(4).ok()) {
        Some((rate, true)) if (0..=1_000_000).contains(&rate) => Ok(rate),
        _ => Err(file.error_at(word, format!("`{}` is no rate; write e.g. \"0.6%\"", word.get_ref()))),
    }
}

/// A number of days, 0 to 3650.
fn days(file: &SpecFile, word: Option<&Spanned<i64>>, usual: i64) -> Result<i64, SpecError> {
    let Some(word) = word else { return Ok(usual) };
    match *word.get_ref() {
        days if (0..=3650).contains(&days) => Ok(days),
        other => {
            Err(SpecError::new(file, Some(word.span()), format!("`{other}` is no number of days; write 0 to 3650")))
        }
    }
}

impl RawWarranty {
    pub fn checked(self, file: &SpecFile) -> Result<WarrantyTerms, SpecError> {
        let usual = WarrantyTerms::default();
        Ok(WarrantyTerms {
            pay_days: days(file, self.pay_days.as_ref(), usual.pay_days)?,
            old_part_days: days(file, self.old_part_days.as_ref(), usual.old_part_days)?,
        })
    }
}

impl RawDebts {
    pub fn checked(self, file: &SpecFile) -> Result<DebtTerms, SpecError> {
        let usual = DebtTerms::default();
        Ok(DebtTerms {
            loan_days: days(file, self.loan_days.as_ref(), usual.loan_days)?,
            insurer_days: days(file, self.insurer_days.as_ref(), usual.insurer_days)?,
        })
    }
}

impl RawDeposits {
    pub fn checked(self, file: &SpecFile) -> Result<DepositOwner, SpecError> {
        let Some(word) = &self.owner else { return Ok(DepositOwner::default()) };
        match word.get_ref().as_str() {
            "vehicle" => Ok(DepositOwner::Vehicle),
            "customer" => Ok(DepositOwner::Customer),
            _ => Err(file.wrong_word(word, "owner of a deposit", &OWNERS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::spec::SpecFile;

    fn parse(more: &str) -> Result<Config, String> {
        let text = format!("[store]\ncode = \"S01\"\n{more}");
        let file = SpecFile { name: "hesuan.toml".into(), text, of_shop: true };
        Config::parse(&file, &[], Default::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_sections_are_read() {
        let config = parse(
            "[calendar]\nweekend = [\"sun\"]\nholidays = [\"2026-10-01\"]\nworkdays = [\"2026-10-11\"]\n\
             [acquirer]\nfee_rates = { wechat = \"0.6%\", card = \"0.255%\" }\ndays = 3\n\
             [warranty]\npay_days = 45\n[deposits]\nowner = \"customer\"\n\
             [debts]\nloan_days = 45\n[aliases]\n\"人保\" = \"中国人保财险\"\n",
        );
        let settings = config.unwrap().settings;
        assert!(settings.calendar.is_working("2026-10-10".parse().unwrap()), "a Saturday of a six-day week");
        assert!(!settings.calendar.is_working("2026-10-01".parse().unwrap()));
        assert!(settings.calendar.is_working("2026-10-11".parse().unwrap()));
        assert_eq!(settings.acquirer.fee_rates_micro["wechat"], 6000);
        assert_eq!(settings.acquirer.fee_rates_micro["card"], 2550);
        assert_eq!((settings.acquirer.days, settings.warranty.pay_days, settings.warranty.old_part_days), (3, 45, 30));
        assert_eq!((settings.debts.loan_days, settings.debts.insurer_days), (45, 60));
        assert!(settings.names.same("人保", "中国人保财险") && !settings.names.same("平安", "中国人保财险"));
        assert_eq!(settings.deposit_owner, crate::reconcile::DepositOwner::Customer);
    }

    #[test]
    fn a_wrong_word_is_refused_with_its_line() {
        for (text, says) in [
            ("[calendar]\nweekend = [\"saturday\"]\n", "4: unknown day of the week `saturday`"),
            ("[calendar]\nholidays = [\"1.10.2026\"]\n", "4: `1.10.2026` is no date"),
            ("[acquirer]\nfee_rates = { wechat = \"0.006\" }\n", "4: `0.006` is no rate"),
            ("[warranty]\npay_days = -1\n", "4: `-1` is no number of days"),
            ("[debts]\ninsurer_days = 9999\n", "4: `9999` is no number of days"),
            ("[deposits]\nowner = \"plate\"\n", "4: unknown owner of a deposit `plate`"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}

/// `[close]`: what a month is not closed over.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClose {
    severe: Option<Vec<Spanned<String>>>,
}

/// Unless the shop says otherwise: money that is nobody's or was taken twice, cash that does not tie, one order settled
/// twice, cars that the count does not find, and decisions or closed months that no longer fit.
const SEVERE: [&str; 11] = [
    "unknown_order",
    "reversed_not_refunded",
    "duplicate_receipt",
    "duplicate_order_no",
    "duplicate_settlement",
    "cash_over",
    "cash_short",
    "car_not_in_shop",
    "car_not_in_system",
    "changed_after_close",
    "decision_unfit",
];

impl RawClose {
    pub(super) fn checked(self, file: &SpecFile) -> Result<Vec<String>, SpecError> {
        let Some(words) = self.severe else { return Ok(SEVERE.map(str::to_owned).to_vec()) };
        let valid = crate::reconcile::exception_codes();
        let known = |word: Spanned<String>| match valid.contains(&word.get_ref().as_str()) {
            true => Ok(word.into_inner()),
            false => Err(file.wrong_word(&word, "category or check", &valid)),
        };
        words.into_iter().map(known).collect()
    }
}
