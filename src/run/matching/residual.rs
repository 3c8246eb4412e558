//! What stays open, as a file that the next run takes as its opening.

use std::io::Write;

use chrono::NaiveDate;

use super::Loaded;
use super::carried::{COLUMNS, MORE_COLUMNS, column, quoted};
use crate::model::dates::from_epoch_days;
use crate::reconcile::matcher::{Bucket, NO_TIME, Outcome, RowIndex, Side, push_amount};

/// One row that is not matched in full.
struct Open<'o> {
    side: usize,
    row: RowIndex,
    amount: i64,
    bucket: &'static str,
    reason: &'static str,
    /// Rows of the other side that it was held against, where there are some.
    partner: Option<&'o [RowIndex]>,
}

/// Writes every row that stays open, or what is left of it, in order of side, date and id.
pub fn residuals(loaded: &Loaded, outcome: &Outcome<'_>, out: impl Write) -> std::io::Result<()> {
    let open = in_order(outcome, open_rows(outcome));
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out);
    let names = |kind: &'static str, names: Vec<&str>| names.into_iter().map(|n| column(kind, n)).collect::<Vec<_>>();
    let mut headings: Vec<String> = COLUMNS.iter().map(|c| (*c).to_owned()).collect();
    headings.extend(names("key", loaded.rules.keys.iter().map(|k| k.name.as_str()).collect()));
    headings.extend(names("compare", loaded.rules.compares.iter().map(|c| c.name.as_str()).collect()));
    headings.extend(MORE_COLUMNS.iter().map(|c| (*c).to_owned()));
    writer.write_record(&headings)?;
    let mut line =
        Line { loaded, sides: outcome.sides(), writer, dates: [Day::default(), Day::default()], text: String::new() };
    for some in open.chunks(TOGETHER) {
        line.fetch(some);
        some.iter().try_for_each(|one| line.write(one))?;
    }
    line.writer.flush()
}

/// In order of side, then as rows stand on their side. The first bytes of an id decide nearly always: they are compared
/// where they lie together.
fn in_order<'o>(outcome: &Outcome<'_>, open: Vec<Open<'o>>) -> Vec<Open<'o>> {
    let sides = outcome.sides();
    let start = |text: &str| {
        let mut bytes = [0; 8];
        let length = text.len().min(8);
        bytes[..length].copy_from_slice(&text.as_bytes()[..length]);
        u64::from_be_bytes(bytes)
    };
    let key = |one: &Open<'_>| (one.side, sides[one.side].date(one.row), start(sides[one.side].id(one.row)));
    let mut keyed: Vec<_> = open.into_iter().map(|one| (key(&one), one)).collect();
    keyed.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| sides[one.side].order(one.row, other.row)));
    keyed.into_iter().map(|(_, one)| one).collect()
}

fn open_rows<'o>(outcome: &'o Outcome<'_>) -> Vec<Open<'o>> {
    let mut open = Vec::new();
    for (place, entry) in outcome.entries() {
        let rows = outcome.rows(entry);
        let (bucket, reason) = match entry.bucket {
            Bucket::Matched if outcome.extra(place).is_none() => continue,
            Bucket::Matched => ("residual", entry.class.id()),
            Bucket::AmountDiff => ("amount_diff", ""),
            Bucket::TimingDiff => ("timing_diff", ""),
            Bucket::Ambiguous => {
                ("ambiguous", outcome.extra(place).and_then(|e| e.reason).map_or("", |reason| reason.id()))
            }
        };
        for (side, row, amount) in outcome.residuals(place, entry) {
            open.push(Open { side, row, amount, bucket, reason, partner: Some(rows[1 - side]) });
        }
    }
    for (side, rows) in outcome.unmatched.iter().enumerate() {
        for row in rows {
            let amount = outcome.sides()[side].amount(*row);
            let reason = outcome.reason(side, *row).id();
            open.push(Open { side, row: *row, amount, bucket: "unmatched", reason, partner: None });
        }
    }
    open
}

/// A day and its text: rows stand in order of date, so that most have that of the row before.
#[derive(Default)]
struct Day {
    date: Option<NaiveDate>,
    text: String,
}

impl Day {
    fn text(&mut self, date: Option<NaiveDate>) -> &str {
        if self.date != date {
            self.date = date;
            self.text = date.map_or_else(String::new, |d| d.to_string());
        }
        &self.text
    }
}

/// Writes one line after the other.
struct Line<'a, W: Write> {
    loaded: &'a Loaded,
    sides: [&'a Side; 2],
    writer: csv::Writer<W>,
    /// The row's own day, and the day on which it was first left open.
    dates: [Day; 2],
    text: String,
}

/// Rows that are fetched together.
const TOGETHER: usize = 256;

impl<W: Write> Line<'_, W> {
    /// Open rows lie all over their side: asking for all of some rows first lets the machine fetch them together.
    fn fetch(&self, some: &[Open<'_>]) {
        let symbols = &self.loaded.symbols;
        let columns = |one: &Open<'_>| {
            let (side, row) = (self.sides[one.side], one.row as usize);
            (side.amounts[row] as usize).wrapping_add(side.rows[row] as usize).wrapping_add(side.id(one.row).len())
        };
        let texts = |one: &Open<'_>| {
            let side = self.sides[one.side];
            let partner = one.partner.and_then(|rows| rows.first()).map(|row| self.sides[1 - one.side].id(*row));
            let keys = side.keys.iter().map(|key| symbols.text(key[one.row as usize]));
            let ends = [Some(side.id(one.row)), partner].into_iter().flatten().chain(keys);
            ends.filter_map(|text| text.as_bytes().last()).map(|byte| usize::from(*byte)).sum::<usize>()
        };
        std::hint::black_box(some.iter().map(columns).fold(0, usize::wrapping_add));
        std::hint::black_box(some.iter().map(texts).fold(0, usize::wrapping_add));
    }

    fn write(&mut self, one: &Open<'_>) -> csv::Result<()> {
        let (loaded, side, row) = (self.loaded, self.sides[one.side], one.row as usize);
        let symbol = |symbol: u32| loaded.symbols.text(symbol);
        let carried = side.carried(one.row);
        let moment = side.moment(one.row);
        let date = moment.is_known().then(|| from_epoch_days(moment.day));
        let first_seen = carried.and_then(|c| c.first_seen).or(loaded.as_of);
        self.writer.write_field(["left", "right"][one.side])?;
        self.writer.write_field(quoted(side.id(one.row)).as_bytes())?;
        match moment.second {
            NO_TIME => self.writer.write_field(self.dates[0].text(date))?,
            second => {
                let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
                let day = self.dates[0].text(date);
                self.writer.write_field(format!("{day} {hour:02}:{minute:02}:{second:02}"))?;
            }
        }
        self.amount(one.amount)?;
        self.writer.write_field(quoted(symbol(side.currencies[row])).as_bytes())?;
        for column in side.keys.iter().chain(&side.compared) {
            self.writer.write_field(quoted(symbol(column[row])).as_bytes())?;
        }
        self.amount(carried.map_or(side.amounts[row], |c| c.original))?;
        self.writer.write_field(self.dates[1].text(first_seen))?;
        let since = date.or(first_seen);
        let age = loaded.as_of.zip(since).map(|(today, then)| today.signed_duration_since(then).num_days());
        self.number(age)?;
        self.writer.write_field(one.bucket)?;
        self.writer.write_field(one.reason)?;
        let partner = one.partner.unwrap_or_default();
        match partner {
            [] => self.writer.write_field("")?,
            [other] => self.writer.write_field(quoted(self.sides[1 - one.side].id(*other)).as_bytes())?,
            _ => {
                let ids: Vec<&str> = partner.iter().take(PARTNERS).map(|r| self.sides[1 - one.side].id(*r)).collect();
                self.writer.write_field(quoted(&ids.join(" ")).as_bytes())?;
            }
        }
        self.number(Some(side.rows[row].into()))?;
        let origin = carried.map_or(loaded.files[one.side].name.as_str(), |c| c.origin.as_str());
        self.writer.write_field(quoted(origin).as_bytes())?;
        self.writer.write_record(None::<&[u8]>)
    }

    fn amount(&mut self, units: i64) -> csv::Result<()> {
        self.text.clear();
        push_amount(&mut self.text, units.into(), self.loaded.rules.scale);
        self.writer.write_field(&self.text)
    }

    fn number(&mut self, number: Option<i64>) -> csv::Result<()> {
        self.text.clear();
        if let Some(number) = number {
            push_amount(&mut self.text, number.into(), 0);
        }
        self.writer.write_field(&self.text)
    }
}

/// Partners that are named in one cell.
const PARTNERS: usize = 20;
