//! The day that an export speaks for: what its name, its titles and its rows say of it, and whether that can be.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::dates::{self, Read, Stated};
use super::export::CleanSheet;
use crate::finding::{Code, Finding};
use crate::model::{TableDef, Value};
use crate::spec::tables::Tables;

/// What an export says of its own date.
#[derive(Debug, Default)]
pub struct Sayings {
    /// By its name, else by its titles.
    pub stated: Option<Stated>,
    /// Times at which it says it was made (导出时间).
    pub made: Vec<Read>,
}

/// A file's name without its folder, its dates, its numbers and the marks between them: the daily exports of one list have
/// one stem.
pub fn stem(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// The day that an export speaks for, and when it was made.
#[derive(Debug)]
pub struct Dating {
    /// `None` = any day.
    pub date: Option<NaiveDate>,
    pub made_at: Option<NaiveDateTime>,
    pub findings: Vec<Finding>,
}

/// Clocks of two machines differ, and a stamp may be rounded to the minute.
const SLACK: TimeDelta = TimeDelta::minutes(5);

/// Before this hour an export made today without a row of today is still yesterday's.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(12, 0, 0).unwrap();

/// Up to this hour what happens belongs to the evening before: no cashier closes at midnight sharp.
const NIGHT: TimeDelta = TimeDelta::hours(6);

impl Dating {
    pub fn new(tables: &Tables, sheets: &[CleanSheet], says: &Sayings) -> Dating {
        let rows: Vec<DatedRow<'_>> = sheets.iter().flat_map(|sheet| dated_rows(tables, sheet)).collect();
        let newest = rows.iter().max_by_key(|row| row.at);
        let mut findings = Vec::new();
        let mut made = says.made.iter().copied().max_by_key(|read| read.at());
        if let (Some(stamp), Some(row)) = (made, newest.filter(|row| made.is_some_and(|m| is_before(m, row.at)))) {
            findings.push(row.told(Code::StampWrong, &stamp.at().to_string()));
            made = None;
        }
        let own = newest.map(|row| row.at.date());
        let date = match says.stated {
            // A month's export made on the way holds up to when it was made, or to its newest event.
            Some(month) if month.whole_month => {
                let reached = made.map(|stamp| reached(stamp, own)).or_else(|| newest_event(tables, sheets));
                Some(reached.map_or(month.date, |day| day.min(month.date)))
            }
            Some(day) => Some(day.date),
            None => sheets.iter().filter_map(|sheet| newest_own(tables, sheet)).max(),
        };
        if let Some(stated) = says.stated {
            findings.extend(stale(&rows, stated.date));
        }
        Dating { date, made_at: made.map(Read::at), findings }
    }
}

/// Whether a stamp lies before a moment that its own export tells of.
fn is_before(stamp: Read, row: NaiveDateTime) -> bool {
    match stamp.time {
        Some(_) => stamp.at() + SLACK < row,
        None => stamp.date < row.date(),
    }
}

/// The day up to which an export speaks that was made at some time: the day before where that was in the night or the
/// morning after it and no row is of the new day yet.
fn reached(stamp: Read, newest: Option<NaiveDate>) -> NaiveDate {
    let is_of_yesterday = stamp.time.is_some_and(|time| time < MORNING) && newest.is_none_or(|n| n < stamp.date);
    let day_before = stamp.date.pred_opt().filter(|_| is_of_yesterday);
    day_before.unwrap_or(stamp.date)
}

/// A row and the moment of its own event.
struct DatedRow<'a> {
    sheet: &'a str,
    row: u32,
    at: NaiveDateTime,
    /// Only the day is known.
    is_day: bool,
}

impl DatedRow<'_> {
    fn told(&self, code: Code, stated: &str) -> Finding {
        let at = if self.is_day { self.at.date().to_string() } else { self.at.to_string() };
        Finding::new(code, at).with(stated).at(self.sheet, self.row, "")
    }
}

/// Rows with their own dates, of tables whose rows cannot lie ahead of their export.
fn dated_rows<'a>(tables: &'a Tables, sheet: &'a CleanSheet) -> impl Iterator<Item = DatedRow<'a>> {
    let of_table = move |rows: &'a super::export::TableRows| {
        let table = &tables.tables[rows.table];
        let date = table.date.filter(|_| !table.is_ahead);
        rows.rows.iter().filter_map(move |row| {
            let (at, is_day) = match &row.values[date?] {
                Value::Date(day) => (day.and_time(NaiveTime::MIN), true),
                Value::Time(time) => (*time, false),
                _ => return None,
            };
            Some(DatedRow { sheet: &sheet.name, row: row.row, at, is_day })
        })
    };
    sheet.tables.iter().flat_map(of_table)
}

/// Rows that are dated after what name or title say of the export.
fn stale(rows: &[DatedRow<'_>], stated: NaiveDate) -> Option<Finding> {
    let next = stated.succ_opt()?.and_time(NaiveTime::MIN);
    let is_later = |row: &&DatedRow<'_>| row.at >= if row.is_day { next } else { next + NIGHT };
    let count = rows.iter().filter(is_later).count();
    let newest = rows.iter().filter(is_later).max_by_key(|row| row.at)?;
    let finding = newest.told(Code::ExportStale, &stated.to_string());
    Some(finding.counted(u64::try_from(count).unwrap_or(u64::MAX)))
}

/// The newest date of the rows' own events.
fn newest_own(tables: &Tables, sheet: &CleanSheet) -> Option<NaiveDate> {
    newest(tables, sheet, |table, at| table.date == Some(at))
}

/// The newest date of any event: the rows' own, a payment, a use.
fn newest_event(tables: &Tables, sheets: &[CleanSheet]) -> Option<NaiveDate> {
    let is_event = |table: &TableDef, at: usize| table.date == Some(at) || table.columns[at].event;
    sheets.iter().filter_map(|sheet| newest(tables, sheet, is_event)).max()
}

fn newest(tables: &Tables, sheet: &CleanSheet, counts: impl Fn(&TableDef, usize) -> bool) -> Option<NaiveDate> {
    let of_table = |rows: &super::export::TableRows| {
        let table = &tables.tables[rows.table];
        let columns: Vec<usize> = (0..table.columns.len()).filter(|at| counts(table, *at)).collect();
        rows.rows.iter().flat_map(|row| columns.iter().filter_map(|at| row.values[*at].date())).max()
    };
    sheet.tables.iter().filter_map(of_table).max()
}

/// What a name states of an export's date.
pub fn stated_by_name(file: &str) -> Option<Stated> {
    dates::of_export(file.rsplit('/').next().unwrap_or(file))
}

/// Whether a line says when the export was made.
pub fn is_export_time(line: &str) -> bool {
    let lower = line.to_lowercase();
    let words = [
        "导出时间",
        "导出日期",
        "打印时间",
        "打印日期",
        "制表时间",
        "制表日期",
        "生成时间",
        "生成日期",
        "下载时间",
        "下载日期",
        "出表时间",
        "出表日期",
        "exported",
        "export time",
        "export date",
        "printed",
        "print time",
        "print date",
        "generated",
    ];
    words.iter().any(|word| lower.contains(word))
}

/// The time that a line gives, from its first digit on.
pub fn time_in(line: &str) -> Option<Read> {
    let from = line.find(|c: char| c.is_ascii_digit())?;
    let body = &line[from..];
    let end = body.find(|c: char| !(c.is_ascii_digit() || " -/:.年月日T".contains(c))).unwrap_or(body.len());
    dates::read(body[..end].trim())
}
