//! Dates and times as exports write them.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::normal::{half_width, trimmed};

/// A date or a time read from text, and the shape in which it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    pub date: NaiveDate,
    /// `None` where the text gives a day only.
    pub time: Option<NaiveTime>,
    pub shape: &'static str,
}

impl Read {
    pub fn at(self) -> NaiveDateTime {
        self.date.and_time(self.time.unwrap_or(NaiveTime::MIN))
    }
}

/// Years in which a dealership's record can lie; outside, a number was misread as a date.
pub fn plausible(date: NaiveDate) -> bool {
    use chrono::Datelike;
    (1990..=2100).contains(&date.year())
}

/// Reads `2026-10-05 08:30[:00]`, `2026/10/5 8:30`, `2026.10.5`, `2026年10月5日 8时30分`, `20261005`, `20261005083000`.
pub fn read(text: &str) -> Option<Read> {
    let text = trimmed(text);
    let folded: Cow<'_, str> = match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => text.chars().map(half_width).collect(),
    };
    let body = folded.trim();
    let (day, rest, shape) = if !body.is_ascii() && body.contains('年') {
        chinese(body)?
    } else {
        separated(body).or_else(|| compact(body))?
    };
    let rest = rest.trim_start_matches(['T', ' ']).trim();
    let time = if rest.is_empty() { None } else { Some(clock(rest)?) };
    plausible(day).then_some(Read { date: day, time, shape: if time.is_some() { shape.1 } else { shape.0 } })
}

/// A month without a day (`2026-10`, `2026/10`, `202610`, `2026年10月`), as its first day.
pub fn month(text: &str) -> Option<NaiveDate> {
    let folded: String = trimmed(text).chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let whole = folded.strip_suffix(['月', '份']).map_or(folded.as_str(), |rest| rest.trim_end_matches('月'));
    let (year, month) = match whole.split_once(['年', '-', '/', '.']) {
        Some(parts) => parts,
        None if whole.len() == 6 && whole.is_ascii() => whole.split_at(4),
        None => return None,
    };
    let digits =
        |word: &str, most: usize| !word.is_empty() && word.len() <= most && word.bytes().all(|b| b.is_ascii_digit());
    let first = if year.len() == 4 && digits(year, 4) && digits(month, 2) { ymd(year, month, "1") } else { None };
    first.filter(|day| plausible(*day))
}

type Shape = (&'static str, &'static str);

fn separated(body: &str) -> Option<(NaiveDate, &str, Shape)> {
    let separator = body.chars().find(|c| !c.is_ascii_digit())?;
    let shape = match separator {
        '-' => ("YYYY-MM-DD", "YYYY-MM-DD hh:mm"),
        '/' => ("YYYY/M/D", "YYYY/M/D hh:mm"),
        '.' => ("YYYY.M.D", "YYYY.M.D hh:mm"),
        _ => return None,
    };
    let end = body.find([' ', 'T']).unwrap_or(body.len());
    let mut parts = body[..end].split(separator);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Some((ymd(year, month, day)?, &body[end..], shape))
}

fn chinese(body: &str) -> Option<(NaiveDate, &str, Shape)> {
    let (year, rest) = body.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, rest) = rest.split_once(['日', '号'])?;
    Some((ymd(year.trim(), month.trim(), day.trim())?, rest, ("YYYY年M月D日", "YYYY年M月D日 hh:mm")))
}

fn compact(body: &str) -> Option<(NaiveDate, &str, Shape)> {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    if digits != 8 && digits != 12 && digits != 14 {
        return None;
    }
    let day = ymd(&body[..4], &body[4..6], &body[6..8])?;
    Some((day, &body[8..], ("YYYYMMDD", "YYYYMMDD hhmm")))
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A time of day that stands in a column of its own, beside the date's: as below, or an hour without its zero (`83015`).
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let folded: String = trimmed(text).chars().map(half_width).collect();
    let digits = folded.bytes().all(|b| b.is_ascii_digit());
    if digits && folded.len() == 5 { clock(&format!("0{folded}")) } else { clock(&folded) }
}

/// `08:30`, `8:30:15`, `08:30:15.250`, `8时30分`, `083015`.
fn clock(text: &str) -> Option<NaiveTime> {
    let text = text.replace(['时', '分'], ":").replace('秒', "");
    let text = text.trim_end_matches(':');
    if !text.contains(':') && (text.len() == 4 || text.len() == 6) && text.bytes().all(|b| b.is_ascii_digit()) {
        let second = text.get(4..6).unwrap_or("0").parse().ok()?;
        return NaiveTime::from_hms_opt(text[..2].parse().ok()?, text[2..4].parse().ok()?, second);
    }
    let mut parts = text.split(':');
    let (hour, minute) = (parts.next()?.trim().parse().ok()?, parts.next()?.trim().parse().ok()?);
    let second = match parts.next() {
        None => 0,
        Some(s) => s.split('.').next()?.trim().parse().ok()?,
    };
    if parts.next().is_some() { None } else { NaiveTime::from_hms_opt(hour, minute, second) }
}

/// A number in a date column: the day number of a spreadsheet (1900 system), 1990 to 2100.
pub fn from_serial(value: f64) -> Option<NaiveDateTime> {
    if !(32_874.0..73_416.0).contains(&value) {
        return None;
    }
    let seconds = (value * 86_400.0).round() as i64; // exact: below 2^53
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    (epoch + chrono::TimeDelta::try_seconds(seconds)?).with_nanosecond(0)
}

/// A part of a day, 0 to below 1, to the second.
pub fn part_of_day(part: f64) -> Option<NaiveTime> {
    let seconds = (part * 86_400.0).round() as u32; // below 86_401
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
}

/// Every date that stands somewhere in a text, in order: `20261031`, `2026-10-31`, `2026年10月` (a month: its last day).
pub fn all_in(text: &str) -> Vec<NaiveDate> {
    stated_in(text).into_iter().map(|s| s.date).collect()
}

/// A date that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    pub date: NaiveDate,
    /// Only a month is stated; the date is its last day.
    pub whole_month: bool,
}

fn stated_in(text: &str) -> Vec<Stated> {
    let chars: Vec<char> = text.chars().map(half_width).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let at_start = at == 0 || !chars[at - 1].is_ascii_digit();
        match at_start.then(|| date_at(&chars[at..])).flatten() {
            Some((stated, length)) => {
                found.push(stated);
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The date at the start of `chars` and how many characters it takes.
fn date_at(chars: &[char]) -> Option<(Stated, usize)> {
    let (year, mut at) = digits(chars, 0, 4, 4)?;
    let separated = chars.get(at).is_some_and(|c| "-_./年".contains(*c));
    at += usize::from(separated);
    let (month, after_month) = digits(chars, at, if separated { 1 } else { 2 }, 2)?;
    let mut end = after_month;
    let separator = chars.get(end).is_some_and(|c| "-_./月".contains(*c));
    let day_from = end + usize::from(separator);
    // `2026-10_2` is the second copy of a month, not a day of it.
    let is_one_shape = separated == separator && (!separated || "年月".contains(chars[4]) || chars[4] == chars[end]);
    let day = digits(chars, day_from, if separated && separator { 1 } else { 2 }, 2)
        .filter(|(_, stop)| is_one_shape && !chars.get(*stop).is_some_and(char::is_ascii_digit));
    let date = match day {
        Some((day, stop)) => {
            end = stop + usize::from(chars.get(stop) == Some(&'日'));
            NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?
        }
        None if !chars.get(end).is_some_and(char::is_ascii_digit) => {
            crate::model::dates::last_of_month(NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, 1)?)
        }
        None => return None,
    };
    plausible(date).then_some((Stated { date, whole_month: day.is_none() }, end))
}

/// The date that a text gives to an export: the last one that stands in it. A month or a stretch of days is open: an
/// export of it made on the way is not yet of its last day.
pub fn of_export(text: &str) -> Option<Stated> {
    let all = stated_in(text);
    let last = *all.last()?;
    Some(Stated { whole_month: last.whole_month || all[0].date < last.date, ..last })
}

/// Between `least` and `most` digits at `from`: their value and where they end.
fn digits(chars: &[char], from: usize, least: usize, most: usize) -> Option<(u32, usize)> {
    let count = chars.iter().skip(from).take(most).take_while(|c| c.is_ascii_digit()).count();
    if count < least {
        return None;
    }
    let value = chars[from..from + count].iter().fold(0, |v, c| v * 10 + c.to_digit(10).unwrap_or(0)); // all digits
    Some((value, from + count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<String> {
        read(text).map(|r| r.at().to_string())
    }

    #[test]
    fn months() {
        for text in ["2026-10", "2026/10", "202610", "2026年10月", "2026 年 10 月份", "２０２６－１０"] {
            assert_eq!(month(text).map(|d| d.to_string()).as_deref(), Some("2026-10-01"), "{text}");
        }
        for text in ["2026", "10月", "2026-10-15", "2026-13", "26-10", "202613", "二〇二六年十月", ""] {
            assert_eq!(month(text), None, "{text}");
        }
    }

    #[test]
    fn shapes_of_dates() {
        for text in
            ["2026-10-05 08:30", "2026/10/5 8:30", "2026.10.5 08:30:00", "2026年10月5日 8时30分", "202610050830"]
        {
            assert_eq!(at(text).as_deref(), Some("2026-10-05 08:30:00"), "{text}");
        }
        assert_eq!(at("20261005083015").as_deref(), Some("2026-10-05 08:30:15"));
        assert_eq!(read("2026-10-05").unwrap().time, None);
    }

    #[test]
    fn times_of_day_in_a_column_of_their_own() {
        let at = |text: &str| time_of_day(text).map(|t| t.to_string());
        for text in ["08:30:15", "`08:30:15", "083015", "83015", "8时30分15秒"] {
            assert_eq!(at(text).as_deref(), Some("08:30:15"), "{text}");
        }
        assert_eq!(part_of_day(0.5).map(|t| t.to_string()).as_deref(), Some("12:00:00"));
        assert_eq!((at(""), at("9"), at("250000")), (None, None, None));
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["2026-02-30", "2026/13/1", "0026-10-05", "3026-10-05", "26-10-05", "昨天", "2026-10-05 25:00", ""]
        {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn dates_in_names() {
        let one = |t: &str| all_in(t).last().map(ToString::to_string);
        assert_eq!(one("结算单_20261031.xlsx").as_deref(), Some("2026-10-31"));
        assert_eq!(one("代金券_202609").as_deref(), Some("2026-09-30"));
        assert_eq!(one("预约 2026-9.xls").as_deref(), Some("2026-09-30"));
        assert_eq!(one("2026年10月5日 结算").as_deref(), Some("2026-10-05"));
        assert_eq!(one("统计日期: 2026-11-01 至 2026-11-30").as_deref(), Some("2026-11-30"));
        assert_eq!(one("20260901_20260930").as_deref(), Some("2026-09-30"));
        assert_eq!(one("SK20261031_x").as_deref(), Some("2026-10-31"));
        assert_eq!(one("报表1234567"), None);
        for copy in
            ["代金券_202610 (1)", "代金券_202610(2)", "代金券_202610_1", "代金券_202610 - 副本", "代金券_2026-10_2"]
        {
            assert_eq!(one(copy).as_deref(), Some("2026-10-31"), "{copy}");
        }
    }

    #[test]
    fn serial_numbers() {
        assert_eq!(from_serial(46_300.354_166_666_7).unwrap().to_string(), "2026-10-05 08:30:00");
        assert_eq!(from_serial(12.0), None);
    }
}
