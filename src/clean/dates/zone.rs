//! Moments that name their zone, brought to the clock of the shop (UTC+8, no summer time since 1991).

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::clock;

/// Minutes by which the shop's clock is ahead of UTC.
const CHINA: i64 = 8 * 60;

/// A day and the text of a time, with or without a zone behind it, as the shop's clock shows it.
pub fn local(day: NaiveDate, text: &str) -> Option<NaiveDateTime> {
    let (text, minutes) = zone(text)?;
    let (time, is_next_day) = clock::read(text.trim())?;
    let at = day.and_time(time).checked_add_signed(TimeDelta::days(i64::from(is_next_day)))?;
    at.checked_add_signed(TimeDelta::minutes(CHINA - minutes))
}

/// The text before the zone, and how far the zone is ahead of UTC in minutes; the shop's own where none is named. A name of a zone
/// that has several meanings (CST) is refused by whoever reads the time before it.
fn zone(text: &str) -> Option<(&str, i64)> {
    if let Some(rest) = text.strip_prefix("北京时间").or_else(|| text.strip_suffix("北京时间")) {
        return Some((rest, CHINA));
    }
    let text = text.strip_suffix("(中国标准时间)").map_or(text, str::trim_end);
    if let Some(rest) = text.strip_suffix(['Z', 'z']) {
        return Some((rest, 0));
    }
    let Some(at) = text.rfind(['+', '-']).filter(|at| text[..*at].contains(':')) else {
        let named = ["UTC", "GMT"].iter().find_map(|name| text.strip_suffix(name));
        return Some(named.map_or((text, CHINA), |rest| (rest, 0)));
    };
    let before = text[..at].trim_end();
    let before = ["UTC", "GMT"].iter().find_map(|name| before.strip_suffix(name)).unwrap_or(before);
    let minutes = offset(&text[at + 1..])?;
    Some((before, if text[at..].starts_with('-') { -minutes } else { minutes }))
}

/// `08:00`, `0800`, `08`, `8`, in minutes.
fn offset(text: &str) -> Option<i64> {
    let (hours, minutes) = match (text.split_once(':'), text.len()) {
        (Some(parts), _) => parts,
        (None, 4) => text.split_at_checked(2)?,
        (None, 1 | 2) => (text, "0"),
        _ => return None,
    };
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| i64::from(hours) * 60 + i64::from(minutes))
}
