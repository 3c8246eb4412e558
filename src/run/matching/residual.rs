//! What stays open, as a file that the next run takes as its opening.

use std::io::Write;

use super::Loaded;
use super::carried::{COLUMNS, MORE_COLUMNS, column, quoted};
use crate::model::dates::from_epoch_days;
use crate::reconcile::matcher::{Bucket, NO_DATE, Outcome, RowIndex, Side, amount_text};

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
    let mut open = open_rows(outcome);
    let sides = outcome.sides();
    open.sort_by(|a, b| a.side.cmp(&b.side).then_with(|| sides[a.side].order(a.row, b.row)));
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out);
    let names = |kind: &'static str, names: Vec<&str>| names.into_iter().map(|n| column(kind, n)).collect::<Vec<_>>();
    let mut headings: Vec<String> = COLUMNS.iter().map(|c| (*c).to_owned()).collect();
    headings.extend(names("key", loaded.rules.keys.iter().map(|k| k.name.as_str()).collect()));
    headings.extend(names("compare", loaded.rules.compares.iter().map(|c| c.name.as_str()).collect()));
    headings.extend(MORE_COLUMNS.iter().map(|c| (*c).to_owned()));
    writer.write_record(&headings)?;
    let mut record = csv::StringRecord::new();
    for one in &open {
        record.clear();
        fill(loaded, sides, one, &mut record);
        writer.write_record(&record)?;
    }
    writer.flush()
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

fn fill(loaded: &Loaded, sides: [&Side; 2], one: &Open<'_>, record: &mut csv::StringRecord) {
    let side = sides[one.side];
    let row = one.row as usize;
    let scale = loaded.rules.scale;
    let symbol = |symbol: u32| loaded.symbols.text(symbol);
    let carried = side.carried(one.row);
    let date = (side.dates[row] != NO_DATE).then(|| from_epoch_days(side.dates[row]));
    record.push_field(["left", "right"][one.side]);
    record.push_field(&quoted(side.id(one.row)));
    record.push_field(&date.map_or_else(String::new, |d| d.to_string()));
    record.push_field(&amount_text(one.amount.into(), scale));
    record.push_field(symbol(side.currencies[row]));
    for column in side.keys.iter().chain(&side.compared) {
        record.push_field(&quoted(symbol(column[row])));
    }
    let original = carried.map_or(side.amounts[row], |c| c.original);
    record.push_field(&amount_text(original.into(), scale));
    let first_seen = carried.and_then(|c| c.first_seen).or(loaded.as_of);
    record.push_field(&first_seen.map_or_else(String::new, |d| d.to_string()));
    let age = loaded.as_of.zip(date.or(first_seen)).map(|(today, then)| today.signed_duration_since(then).num_days());
    record.push_field(&age.map_or_else(String::new, |days| days.to_string()));
    record.push_field(one.bucket);
    record.push_field(one.reason);
    let partner = one.partner.unwrap_or_default();
    let ids: Vec<&str> = partner.iter().take(PARTNERS).map(|r| sides[1 - one.side].id(*r)).collect();
    record.push_field(&quoted(&ids.join(" ")));
    record.push_field(&side.rows[row].to_string());
    record.push_field(&quoted(carried.map_or(loaded.files[one.side].name.as_str(), |c| c.origin.as_str())));
}

/// Partners that are named in one cell.
const PARTNERS: usize = 20;
