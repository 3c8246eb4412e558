//! Dates and times as exports write them.

mod clock;
mod months;
mod weekday;
mod zone;

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::normal::{half_width, is_invisible, trimmed};
use crate::model::fen::{Decimal, divide_half_away};

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

/// Which comes first in a date that does not begin with its year. Without a word of the source such a date is refused: `5/10/2026`
/// is two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    /// Year, month, day: the only order that everybody reads alike.
    #[default]
    Ymd,
    /// `31/10/2026`
    Dmy,
    /// `10/31/2026`
    Mdy,
}

/// Reads `2026-10-05 08:30[:00]`, `2026/10/5 下午8:30`, `2026.10.5`, `2026年10月5日星期一 8时30分`, `20261005`, `20261005083000`,
/// `5-Oct-2026 8:30 PM`, `2026-10-05T00:30:00.000Z`: a moment with a zone as the shop's clock shows it (UTC+8).
pub fn read(text: &str) -> Option<Read> {
    read_as(text, DayOrder::Ymd)
}

/// As [`read`], where the source says in which order its dates are written.
pub fn read_as(text: &str, order: DayOrder) -> Option<Read> {
    let text = trimmed(text);
    let folded: Cow<'_, str> = match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => text.chars().filter(|c| !is_invisible(*c)).map(half_width).collect(),
    };
    let body = folded.trim();
    let body = weekday::before(body);
    let (day, rest, shape) = if !body.is_ascii() && body.contains('年') {
        chinese(body)?
    } else {
        let known = separated(body).or_else(|| compact(body)).or_else(|| months::named(body));
        known.or_else(|| ordered(body, order))?
    };
    let rest = weekday::behind(rest.trim_start_matches(['T', ' ', ','])).trim();
    if rest.is_empty() {
        return plausible(day).then_some(Read { date: day, time: None, shape: shape.0 });
    }
    let at = zone::local(day, rest)?;
    plausible(at.date()).then_some(Read { date: at.date(), time: Some(at.time()), shape: shape.1 })
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
        '_' => ("YYYY_M_D", "YYYY_M_D hh:mm"),
        '\\' => ("YYYY\\M\\D", "YYYY\\M\\D hh:mm"),
        _ => return None,
    };
    let (year, rest) = body.split_once(separator)?;
    let (month, rest) = rest.split_once(separator)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(digits);
    // The day ends the date: a mark or a word may follow, no further number of its own (`2026-10-31-09.05.00` is the exception).
    let rest = match rest.strip_prefix(separator) {
        Some(time) if separator == '-' && time.contains(['.', ':']) => time,
        Some("") => "",
        Some(_) => return None,
        None if rest.is_empty() || begins_time(rest) => rest,
        None => return None,
    };
    let short = |part: &str| (1..=2).contains(&part.len());
    if year.len() != 4 || !short(month) || !short(day) {
        return None;
    }
    Some((ymd(year, month, day)?, rest, shape))
}

/// Whether what follows a day can begin a time or a weekday.
fn begins_time(rest: &str) -> bool {
    rest.starts_with(['T', ' ', ',', '(']) || !rest.is_ascii()
}

/// `31/10/2026` or `10/31/2026`, as the source says. A year of two digits is refused in any order.
fn ordered(body: &str, order: DayOrder) -> Option<(NaiveDate, &str, Shape)> {
    let separator = body.chars().find(|c| !c.is_ascii_digit()).filter(|c| ['/', '-', '.'].contains(c))?;
    let (first, rest) = body.split_once(separator)?;
    let (second, rest) = rest.split_once(separator)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = rest.split_at(digits);
    let (day, month, shape) = match order {
        DayOrder::Ymd => return None,
        DayOrder::Dmy => (first, second, ("D/M/YYYY", "D/M/YYYY hh:mm")),
        DayOrder::Mdy => (second, first, ("M/D/YYYY", "M/D/YYYY hh:mm")),
    };
    let fits = year.len() == 4 && first.len() <= 2 && second.len() <= 2 && (rest.is_empty() || begins_time(rest));
    if fits { Some((ymd(year, month, day)?, rest, shape)) } else { None }
}

fn chinese(body: &str) -> Option<(NaiveDate, &str, Shape)> {
    let (year, rest) = body.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    // 2026年10月31 may end without its 日.
    let rest = rest.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(digits);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix(['日', '号']).or_else(|| rest.is_empty().then_some(rest))?;
    let year = year.trim();
    if year.len() != 4 {
        return None;
    }
    Some((ymd(year, month.trim(), day)?, rest, ("YYYY年M月D日", "YYYY年M月D日 hh:mm")))
}

fn compact(body: &str) -> Option<(NaiveDate, &str, Shape)> {
    // A number that became text in a spreadsheet: 20261031.0.
    let body = body.strip_suffix(".0").filter(|b| b.bytes().all(|b| b.is_ascii_digit())).unwrap_or(body);
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

/// A time of day that stands in a column of its own, beside the date's: as in a moment, or an hour without its zero (`83015`).
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let folded: String = trimmed(text).chars().filter(|c| !is_invisible(*c)).map(half_width).collect();
    let digits = folded.bytes().all(|b| b.is_ascii_digit());
    let whole = if digits && folded.len() == 5 { format!("0{folded}") } else { folded };
    match clock::read(whole.trim())? {
        (time, false) => Some(time),
        (_, true) => None, // 24:00 belongs to the next day
    }
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

/// The number behind a cell that a format of dates makes a date (an amount of 1234.50 shows as 1903-05-18). `None` where a date is
/// as likely: in the years of a dealership's records.
pub fn as_number(shown: NaiveDateTime) -> Option<Decimal> {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    let seconds = (shown - epoch).num_seconds();
    // The 1900 system counts a 29 February that never was; the days before it are one off.
    let seconds = if seconds < 61 * 86_400 { seconds - 86_400 } else { seconds };
    // A second is a hundred-thousandth of a day: fen come back exactly.
    let cents = divide_half_away(i128::from(seconds) * 100, 86_400);
    (!plausible(shown.date())).then_some(Decimal { mantissa: cents, scale: 2 })
}

/// A day number that stands as text, as spreadsheets write it into text files: `46326`, `46326.5`.
pub fn from_serial_text(text: &str) -> Option<NaiveDateTime> {
    let text = trimmed(text);
    let whole = text.split('.').next().unwrap_or(text);
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if digits && whole.len() == 5 { from_serial(text.parse().ok()?) } else { None }
}

/// The days with which spreadsheets and databases fill an empty date.
pub fn is_day_zero(date: NaiveDate) -> bool {
    use chrono::Datelike;
    let day = (date.year(), date.month(), date.day());
    matches!(day, (1899, 12, 30 | 31) | (1900 | 1, 1, 1))
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
    /// Only a month is stated, or a stretch of days; the date is its last day.
    pub whole_month: bool,
    /// Its first day.
    pub first: NaiveDate,
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
    let first = if day.is_none() { crate::model::dates::first_of_month(date) } else { date };
    plausible(date).then_some((Stated { date, whole_month: day.is_none(), first }, end))
}

/// The date that a text gives to an export: the last one that stands in it. A month or a stretch of days is open: an
/// export of it made on the way is not yet of its last day.
pub fn of_export(text: &str) -> Option<Stated> {
    let all = stated_in(text);
    let last = *all.last()?;
    let first = all[0].first.min(last.first);
    Some(Stated { whole_month: last.whole_month || all[0].date < last.date, first, ..last })
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
    fn moments_as_programs_and_people_write_them() {
        for text in [
            "2026-10-05 上午8:30",
            "2026/10/5 8:30 AM",
            "2026/10/5 08:30:00 a.m.",
            "2026年10月5日星期一 8:30",
            "2026年10月5日 上午8时30分",
            "2026-10-05 周一 08:30",
            "2026-10-05(一) 08:30",
            "2026-10-05T08:30:00+08:00",
            "2026-10-05T00:30:00Z",
            "2026-10-05T00:30:00.123Z",
            "2026-10-05T00:30:00.000+0000",
            "2026-10-05 00:30:00 UTC",
            "2026-10-04T19:30:00-05:00",
            "2026-10-05 08:30:00.123456",
            "2026-10-05-08.30.00",
            "20261005 083000",
            "5-Oct-2026 08:30",
            "Oct 5, 2026 8:30 AM",
            "Mon, 05 Oct 2026 00:30:00 GMT",
            "2026\u{a0}年10月5日\u{3000}８：３０",
        ] {
            assert_eq!(at(text).as_deref(), Some("2026-10-05 08:30:00"), "{text}");
        }
        for (text, want) in [
            ("2026-10-30 24:00", "2026-10-31 00:00:00"),
            ("2026/10/31 3:05:06 PM", "2026-10-31 15:05:06"),
            ("2026年10月31日 下午3时5分", "2026-10-31 15:05:00"),
            ("2026-10-31 中午12:10", "2026-10-31 12:10:00"),
            ("2026-10-31 上午12:10", "2026-10-31 00:10:00"),
            ("2026-10-31 晚上9:00", "2026-10-31 21:00:00"),
            ("2026-10-30T16:30:00.000Z", "2026-10-31 00:30:00"),
            ("20261031.0", "2026-10-31 00:00:00"),
            ("2026.10.31.", "2026-10-31 00:00:00"),
            ("2026年10月31", "2026-10-31 00:00:00"),
            ("2026_10_31", "2026-10-31 00:00:00"),
        ] {
            assert_eq!(at(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn days_first_only_where_the_source_says_so() {
        let day = |text: &str, order| read_as(text, order).map(|r| r.at().to_string());
        assert_eq!(day("5/10/2026 8:30", DayOrder::Dmy).as_deref(), Some("2026-10-05 08:30:00"));
        assert_eq!(day("5.10.2026", DayOrder::Dmy).as_deref(), Some("2026-10-05 00:00:00"));
        assert_eq!(day("10/5/2026", DayOrder::Mdy).as_deref(), Some("2026-10-05 00:00:00"));
        assert_eq!(day("2026-10-05", DayOrder::Dmy).as_deref(), Some("2026-10-05 00:00:00"));
        for (text, order) in [("31/10/2026", DayOrder::Ymd), ("31/10/2026", DayOrder::Mdy), ("5/10/26", DayOrder::Dmy)]
        {
            assert_eq!(day(text, order), None, "{text}");
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "2026-02-30",
            "2026/13/1",
            "0026-10-05",
            "3026-10-05",
            "26-10-05",
            "昨天",
            "2026-10-05 25:00",
            "",
            "10月31日",
            "10/31/26",
            "2026-10-31~2026-10-31",
            "2026-10-31-2026-11-01",
            "2026-10-05 24:01",
            "2026-10-05 上午13:00",
            "2026-10-05 13:00 CST",
            "1793408700",
            "2026-10-31 晚上12:30",
            "2026-10-31 8:30 9:30",
            "2026-10-31 Z",
            "2026-10-31 星期八 08:30",
            "31-Okt-2026",
            "2026-10-05 08:30+25:00",
        ] {
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
    fn amounts_behind_a_format_of_dates() {
        let at = |text: &str| as_number(text.parse().unwrap()).and_then(|d| d.to_units(2).ok()).map(|(fen, _)| fen);
        assert_eq!(at("1903-05-18T12:00:00"), Some(123_450));
        assert_eq!(at("1900-02-25T16:48:00"), Some(5670));
        assert_eq!(at("2026-10-31T00:00:00"), None);
    }

    #[test]
    fn serial_numbers() {
        assert_eq!(from_serial(46_300.354_166_666_7).unwrap().to_string(), "2026-10-05 08:30:00");
        assert_eq!(from_serial(12.0), None);
    }
}
