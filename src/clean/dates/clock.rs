//! The time of day: `08:30`, `8:30:15.250`, `8时30分`, `083015`, `下午3:05`, `3:05 PM`.

use chrono::NaiveTime;

/// The half of the day that a word names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Noon,
    Afternoon,
    /// Its 12 may be midnight or half past noon.
    Evening,
}

const HALVES: [(&str, Half); 14] = [
    ("上午", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("凌晨", Half::Morning),
    ("清晨", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("傍晚", Half::Evening),
    ("晚上", Half::Evening),
    ("夜间", Half::Evening),
    ("AM", Half::Morning),
    ("PM", Half::Afternoon),
    ("A.M.", Half::Morning),
    ("P.M.", Half::Afternoon),
];

/// A time of day, and whether it is the midnight that ends the day (24:00, told as 00:00).
pub fn read(text: &str) -> Option<(NaiveTime, bool)> {
    let (half, rest) = half_of(text);
    let time = digits(rest.trim())?;
    let Some(half) = half else { return Some(time) };
    use chrono::Timelike;
    let (hour, is_end) = (time.0.hour(), time.1);
    let hour = match (half, hour) {
        _ if is_end => return None,
        (Half::Morning, 12) => 0,
        (Half::Morning, 0..12) => hour,
        (Half::Noon, 10..=13) => hour,
        (Half::Noon, 1 | 2) | (Half::Afternoon, 1..12) | (Half::Evening, 4..12) => hour + 12,
        (Half::Afternoon, 12..24) | (Half::Evening, 16..24) => hour,
        _ => return None,
    };
    Some((time.0.with_hour(hour)?, false))
}

fn half_of(text: &str) -> (Option<Half>, &str) {
    if text.bytes().all(|b| b.is_ascii_digit() || b == b':') {
        return (None, text);
    }
    for (word, half) in HALVES {
        let is_word = |part: Option<&str>| part.is_some_and(|part| part.eq_ignore_ascii_case(word));
        if is_word(text.get(..word.len())) {
            return (Some(half), &text[word.len()..]);
        }
        if let Some(at) = text.len().checked_sub(word.len()).filter(|at| is_word(text.get(*at..))) {
            return (Some(half), &text[..at]);
        }
    }
    (None, text)
}

fn digits(text: &str) -> Option<(NaiveTime, bool)> {
    let colons = text.replace(['时', '点', '分'], ":").replace('秒', "");
    let mut text = colons.trim_end_matches(':').to_owned();
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if (text.len() == 4 || text.len() == 6) && is_digits(&text) {
        text.insert(2, ':');
        if text.len() == 7 {
            text.insert(5, ':');
        }
    } else if text.len() == 8 && text.split('.').count() == 3 {
        text = text.replace('.', ":"); // 09.05.00
    } else if !text.contains(':') && (colons == text || !is_digits(&text)) {
        return None; // an hour alone needs its 时
    }
    let mut parts = text.split(':').map(str::trim);
    let (hour, minute) = (parts.next()?, parts.next().unwrap_or("0"));
    let (second, fraction) = parts.next().map_or(("0", None), |s| match s.split_once(['.', ',']) {
        Some((second, fraction)) => (second, Some(fraction)),
        None => (s, None),
    });
    if parts.next().is_some() || !fraction.is_none_or(is_digits) {
        return None;
    }
    let number = |part: &str| if is_digits(part) && part.len() <= 2 { part.parse::<u32>().ok() } else { None };
    match (number(hour)?, number(minute)?, number(second)?) {
        (24, 0, 0) => Some((NaiveTime::MIN, true)),
        (hour, minute, second) => NaiveTime::from_hms_opt(hour, minute, second).map(|time| (time, false)),
    }
}
