//! Dates as they are written down in the log: `2026-10-31`.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serializer, de::Error};

fn read<E: Error>(text: &str) -> Result<NaiveDate, E> {
    text.parse().map_err(|_| E::custom(format!("`{text}` is no date")))
}

/// A date: `#[serde(with = "date")]`.
pub mod date {
    use super::*;

    pub fn serialize<S: Serializer>(date: &NaiveDate, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(date)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<NaiveDate, D::Error> {
        read(&String::deserialize(input)?)
    }
}

/// A date or none.
pub mod maybe_date {
    use super::*;

    pub fn serialize<S: Serializer>(date: &Option<NaiveDate>, out: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => out.collect_str(date),
            None => out.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<NaiveDate>, D::Error> {
        Option::<String>::deserialize(input)?.map(|text| read(&text)).transpose()
    }
}

/// Several dates.
pub mod dates {
    use super::*;

    pub fn serialize<S: Serializer>(dates: &[NaiveDate], out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(dates.iter().map(NaiveDate::to_string))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<NaiveDate>, D::Error> {
        Vec::<String>::deserialize(input)?.iter().map(|text| read(text)).collect()
    }
}
