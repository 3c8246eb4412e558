//! ClosedFiles months: what comes after a close is told and does not count where the month is looked at as it was left.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::changes::{Change, ChangeKind, changes};
use super::facts::History;
use super::files::{self, FileRecord, Ranked, SheetRecord, TableRecord};
use super::intake::ReadingSpecs;
use super::state::{ClosedFiles, Moment};
use super::version::Version;
use crate::model::{Fen, Origin, Row, Value};
use crate::spec::SpecFiles;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A shop's files, each with rows of one table: number, date, amount (or status of an order).
struct Taken {
    specs: ReadingSpecs,
    records: Vec<FileRecord>,
    versions: HashMap<&'static str, Vec<Version>>,
}

impl Taken {
    fn new() -> Taken {
        let specs = ReadingSpecs::load(&SpecFiles::new(vec![])).unwrap();
        Taken { specs, records: Vec::new(), versions: HashMap::new() }
    }

    /// A file of receipts, and what had been reported when it came; empty for nothing.
    fn receipts(&mut self, name: &str, date: &str, after: &str, rows: &[(&str, &str, i64)]) {
        let rows: Vec<_> = rows.iter().map(|(no, on, fen)| (*no, *on, "amount", Value::Int(*fen))).collect();
        self.file("receipts", ["receipt_no", "received_at"], [name, date, after, "receipts"], &rows);
    }

    fn orders(&mut self, name: &str, date: &str, rows: &[(&str, &str, &str)]) {
        let rows: Vec<_> =
            rows.iter().map(|(no, on, status)| (*no, *on, "status", Value::Text((*status).to_owned()))).collect();
        self.file("repair_orders", ["order_id", "opened_at"], [name, date, "", "repair_orders"], &rows);
    }

    fn file(
        &mut self,
        table: &'static str,
        [number, dated]: [&str; 2],
        [name, date, after, source]: [&str; 4],
        rows: &[(&str, &str, &str, Value)],
    ) {
        let id = i64::try_from(self.records.len()).unwrap() + 1;
        self.records.push(record(id, name, date, after, source, table));
        files::replace(&mut self.records);
        let def = self.specs.tables.get(table).unwrap();
        for ((no, on, column, value), place) in rows.iter().zip(2..) {
            let mut values = vec![Value::Null; def.columns.len()];
            values[def.column(number).unwrap()] = Value::Text((*no).to_owned());
            values[def.column(dated).unwrap()] = Value::Time(day(on).and_hms_opt(9, 0, 0).unwrap());
            values[def.column(column).unwrap()] = value.clone();
            let row = Row { origin: Origin { file: id, sheet: String::new(), row: place }, values };
            self.versions.entry(table).or_default().push(Version {
                key: (*no).to_owned(),
                twin: 0,
                void: false,
                record: 0,
                ended: None,
                row,
            });
        }
    }

    fn history(&self) -> History<'_> {
        History::of(&self.specs, self.versions.clone(), &self.records)
    }

    fn changes(&self, closed: &ClosedFiles) -> Vec<Change> {
        changes(&self.history(), &self.records, closed)
    }

    /// What is said of each change: `R1 changed by 3: 200`, `!` after a close.
    fn said(&self, closed: &ClosedFiles) -> Vec<String> {
        let said = |c: &Change| {
            let kind = match &c.kind {
                ChangeKind::Changed(_) => "changed",
                ChangeKind::Dropped => "dropped",
                ChangeKind::Removed => "removed",
                ChangeKind::Added => "added",
                ChangeKind::Voided => "voided",
                ChangeKind::Restored => "restored",
            };
            let mark = if c.after_close { "!" } else { "" };
            format!("{} {kind} by {}: {}{mark}", c.key, c.file, c.amount.0)
        };
        self.changes(closed).iter().map(said).collect()
    }

    /// Number and amount of each receipt as of a date, with the months frozen.
    fn receipts_of(&self, as_of: &str, closed: &ClosedFiles) -> Vec<(String, Fen)> {
        let rows = self.rows("receipts", as_of, closed);
        let def = self.specs.tables.get("receipts").unwrap();
        let amount = def.column("amount").unwrap();
        rows.iter().map(|r| (r.values[0].text().to_owned(), r.values[amount].fen())).collect()
    }

    fn status_of(&self, as_of: &str, closed: &ClosedFiles) -> String {
        let at = self.specs.tables.get("repair_orders").unwrap().column("status").unwrap();
        self.rows("repair_orders", as_of, closed)[0].values[at].text().to_owned()
    }

    fn rows(&self, table: &str, as_of: &str, closed: &ClosedFiles) -> Vec<Row> {
        let moment = Moment::new(day(as_of), &self.records).as_closed(closed);
        moment.state(self.specs.tables.get(table).unwrap(), self.history().versions(table)).rows
    }
}

fn record(id: i64, name: &str, date: &str, after: &str, source: &str, table: &str) -> FileRecord {
    let table = TableRecord {
        table: table.to_owned(),
        rows_sheet: 0,
        rows_no_record: 0,
        rows_read: 0,
        rows_taken: 0,
        rows_rejected: 0,
        refused_fen: 0,
        refused_unread: 0,
        digest: String::new(),
    };
    let (name, source) = (name.to_owned(), source.to_owned());
    FileRecord {
        id,
        sha256: id.to_string(),
        name,
        other_names: Vec::new(),
        format: "csv".to_owned(),
        encoding: String::new(),
        export_date: Some(day(date)),
        made_at: None,
        ranked: Ranked::default(),
        taken_after: after.parse().ok(),
        replaced: false,
        repeats: None,
        sheets: vec![SheetRecord {
            name: String::new(),
            source,
            heading_row: 1,
            tables: vec![table],
            controls: Vec::new(),
        }],
        findings: Vec::new(),
    }
}

fn october_closed_at(file: i64) -> ClosedFiles {
    ClosedFiles::from([(day("2026-10-01"), file)])
}

/// A receipt of October, closed with file 1; November's files change it, move it away, add another and one of their own.
fn shop() -> Taken {
    let mut shop = Taken::new();
    shop.receipts("a1031", "2026-10-31", "", &[("R1", "2026-10-31", 100), ("R2", "2026-10-31", 50)]);
    shop.receipts("b1101", "2026-11-01", "2026-10-31", &[("R1", "2026-10-31", 300), ("R2", "2026-11-01", 50)]);
    shop.receipts("c1102", "2026-11-02", "2026-11-01", &[("R3", "2026-10-30", 7), ("R4", "2026-11-02", 8)]);
    shop
}

#[test]
fn a_closed_month_is_as_its_close_left_it_and_the_next_goes_on() {
    let shop = shop();
    let of = |rows: &[(&str, i64)]| rows.iter().map(|(no, fen)| ((*no).to_owned(), Fen(*fen))).collect::<Vec<_>>();
    let closed = october_closed_at(1);
    assert_eq!(shop.receipts_of("2026-10-31", &closed), of(&[("R1", 100), ("R2", 50)]));
    assert_eq!(shop.receipts_of("2026-11-02", &closed), of(&[("R1", 100), ("R2", 50), ("R4", 8)]));
    // A row cannot be moved out of the closed month: R2 still is October's.
    let moved = shop.rows("receipts", "2026-11-02", &closed);
    assert_eq!(moved[1].values[1].date(), Some(day("2026-10-31")));
    let open = ClosedFiles::new();
    assert_eq!(shop.receipts_of("2026-10-31", &open), of(&[("R1", 100), ("R2", 50), ("R3", 7)]));
    assert_eq!(shop.receipts_of("2026-11-02", &open), of(&[("R1", 300), ("R2", 50), ("R3", 7), ("R4", 8)]));
    // ClosedFiles with all files: all of them count.
    assert_eq!(shop.receipts_of("2026-11-02", &october_closed_at(3)), shop.receipts_of("2026-11-02", &open));
}

#[test]
fn a_correction_dated_in_the_closed_month_does_not_count_as_of_it_either() {
    let mut shop = Taken::new();
    shop.receipts("a1031", "2026-10-31", "", &[("R1", "2026-10-31", 100)]);
    shop.receipts("a1031", "2026-10-31", "2026-10-31", &[("R1", "2026-10-31", 300)]);
    assert_eq!(shop.receipts_of("2026-10-31", &ClosedFiles::new())[0].1, Fen(300));
    assert_eq!(shop.receipts_of("2026-10-31", &october_closed_at(1))[0].1, Fen(100));
}

#[test]
fn an_order_of_a_closed_month_is_completed_in_the_next_one() {
    let mut shop = Taken::new();
    shop.orders("o1031", "2026-10-31", &[("W1", "2026-10-31", "open")]);
    shop.orders("o1031", "2026-10-31", &[("W1", "2026-10-31", "void")]);
    shop.orders("o1101", "2026-11-01", &[("W1", "2026-10-31", "completed")]);
    assert_eq!(shop.status_of("2026-10-31", &october_closed_at(1)), "open", "as the close left it");
    assert_eq!(shop.status_of("2026-11-01", &october_closed_at(1)), "completed");
}

/// In a closed month every row that is added counts as a change, also where no export spoke for its day.
#[test]
fn what_comes_after_a_close_is_told_as_such() {
    let shop = shop();
    assert_eq!(shop.said(&ClosedFiles::new()), ["R1 changed by 2: 200", "R2 changed by 2: 0"]);
    let said = ["R1 changed by 2: 200!", "R2 changed by 2: 0!", "R3 added by 3: 7!"];
    assert_eq!(shop.said(&october_closed_at(1)), said);
    assert_eq!(shop.said(&october_closed_at(2)), ["R1 changed by 2: 200", "R2 changed by 2: 0", "R3 added by 3: 7!"]);
}

#[test]
fn a_row_moved_into_a_closed_month_changes_it() {
    let mut shop = Taken::new();
    shop.receipts("a1101", "2026-11-01", "", &[("R1", "2026-11-01", 100)]);
    shop.receipts("b1102", "2026-11-02", "2026-10-31", &[("R1", "2026-10-31", 100)]);
    assert_eq!(shop.said(&ClosedFiles::new()), [""; 0], "the 1st was not reported yet");
    assert_eq!(shop.said(&october_closed_at(1)), ["R1 changed by 2: 0!"]);
}

/// An empty cell of another source is no change; of the same source it is.
#[test]
fn a_column_that_another_source_lacks_is_no_change() {
    for (source, said) in [("receipts", vec!["R1 changed by 2: -100"]), ("other", vec![])] {
        let mut shop = Taken::new();
        shop.receipts("a1030", "2026-10-30", "", &[("R1", "2026-10-30", 100)]);
        let rows = [("R1", "2026-10-30", "amount", Value::Null)];
        shop.file("receipts", ["receipt_no", "received_at"], ["b1031", "2026-10-31", "2026-10-30", source], &rows);
        assert_eq!(shop.said(&ClosedFiles::new()), said, "{source}");
    }
}

/// Half of the day's rows is enough to speak for the day, less is not; and the first file that lacks a row is told.
#[test]
fn an_export_speaks_for_a_day_of_which_it_holds_half() {
    let on = "2026-10-30";
    let mut shop = Taken::new();
    shop.receipts("a1030", on, "", &[("R1", on, 1), ("R2", on, 2), ("R3", on, 3), ("R4", on, 4)]);
    shop.receipts("b1031", "2026-10-31", on, &[("R1", on, 1)]);
    assert_eq!(shop.said(&ClosedFiles::new()), [""; 0]);
    shop.receipts("c1101", "2026-11-01", on, &[("R1", on, 1), ("R2", on, 2)]);
    shop.receipts("d1102", "2026-11-02", on, &[("R1", on, 1), ("R2", on, 2), ("R4", on, 4)]);
    assert_eq!(shop.said(&ClosedFiles::new()), ["R3 dropped by 3: -3"]);
}

/// Its own word takes a row out of what was reported, also where no other cell of it changed, and brings it back.
#[test]
fn a_row_that_becomes_void_and_stands_again_is_told() {
    let on = "2026-10-30";
    let mut shop = Taken::new();
    shop.receipts("a1030", on, "", &[("R1", on, 100), ("R2", on, 5)]);
    shop.receipts("b1031", "2026-10-31", on, &[("R1", on, 100), ("R2", on, 5)]);
    shop.receipts("c1101", "2026-11-01", "2026-10-31", &[("R1", on, 100), ("R2", on, 5)]);
    shop.receipts("d1102", "2026-11-02", "2026-11-01", &[("R2", on, 5)]);
    for version in shop.versions.get_mut("receipts").unwrap() {
        let of_first = version.key == "R1" && version.row.origin.file == 2;
        version.void = of_first || (version.key == "R2" && version.row.origin.file == 1);
    }
    // R2 was void when it came, so nothing of it had been reported before.
    let said = shop.said(&ClosedFiles::new());
    assert_eq!(said[..2], ["R1 voided by 2: -100".to_owned(), "R1 restored by 3: 100".to_owned()], "{said:?}");
}

/// Rows that only name a month are reported with its last day: before it they grow, after it a change is told.
#[test]
fn a_row_of_a_month_is_late_once_the_month_was_reported() {
    let mut shop = Taken::new();
    let of = |fen: i64| [("资金", "2026-10-01", "actual", Value::Int(fen))];
    let put = |shop: &mut Taken, name: &str, date: &str, after: &str, fen: i64| {
        shop.file("cash_budget", ["item", "month"], [name, date, after, "cash_budget"], &of(fen));
    };
    put(&mut shop, "a1015", "2026-10-15", "2026-10-14", 100);
    put(&mut shop, "b1030", "2026-10-30", "2026-10-29", 200);
    assert_eq!(shop.said(&ClosedFiles::new()), [""; 0]);
    put(&mut shop, "c1101", "2026-11-01", "2026-10-31", 300);
    assert_eq!(shop.said(&ClosedFiles::new()), ["资金 changed by 3: 0"]);
}
