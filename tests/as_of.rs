//! The ledger from the inbox to the state of a date: what counts once, which version holds, what has not happened yet.
//!
//! Exports are written as a dealer system would write them, read through the fence by this very program, and looked at
//! as rows of the canonical tables.

use std::fs;
use std::path::PathBuf;

use chrono::NaiveDate;
use hesuan::finding::Code;
use hesuan::ledger::{Archive, FileRecord, History, Inbox, Ledger, Moment, Reader, ReadingSpecs, intake};
use hesuan::model::Value;
use hesuan::model::records::Facts;
use hesuan::read::{Limits, child_args};
use hesuan::reconcile::{self, reconcile};
use hesuan::spec::{SpecFile, SpecFiles};
use tempfile::TempDir;

// ---------------------------------------------------------------------------------------------------------------------
// A shop folder, and exports as text.

struct Shop {
    folder: TempDir,
    specs: ReadingSpecs,
}

/// A row of a state: file it came from, row there, values.
type Seen = (String, u32, Vec<Value>);

impl Shop {
    fn new() -> Shop {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("inbox")).unwrap();
        Shop { folder, specs: ReadingSpecs::load(&SpecFiles::new(vec![])).unwrap() }
    }

    /// A shop whose files were dropped in and taken one night after the other.
    fn taken_in_nights(nights: &[&[(&str, String)]]) -> Shop {
        let shop = Shop::new();
        for files in nights {
            files.iter().for_each(|(name, text)| shop.drop_in(name, text));
            shop.take();
        }
        shop
    }

    fn drop_in(&self, name: &str, text: &str) {
        let path = self.folder.path().join("inbox").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn reader() -> Reader {
        let limits = Limits::default();
        let program = PathBuf::from(env!("CARGO_BIN_EXE_hesuan"));
        Reader { program, args: child_args(&limits), limits, workers: 2 }
    }

    fn ledger_folder(&self) -> PathBuf {
        self.folder.path().join("ledger")
    }

    /// Takes what is new, without ending the run.
    fn take_only(&self) -> (Ledger, usize) {
        let mut ledger = Ledger::open(&self.ledger_folder()).unwrap();
        let archive = Archive::open(&self.ledger_folder()).unwrap();
        let mut inbox = Inbox::look(&self.folder.path().join("inbox"), &Limits::default()).unwrap();
        let taken =
            intake::take(&mut ledger, &archive, &mut inbox, &Shop::reader(), &self.specs, &mut |_, _| {}).unwrap();
        (ledger, taken)
    }

    /// One night's run: how many files were taken.
    fn take(&self) -> usize {
        let (ledger, taken) = self.take_only();
        ledger.commit().unwrap();
        taken
    }

    fn files(&self) -> Vec<FileRecord> {
        Ledger::open(&self.ledger_folder()).unwrap().files().unwrap()
    }

    fn file(&self, name: &str) -> FileRecord {
        self.files().into_iter().rev().find(|f| f.name == name).unwrap()
    }

    fn findings(&self, code: Code) -> usize {
        self.files().iter().flat_map(|f| &f.findings).filter(|f| f.code == code).count()
    }

    /// The rows of a table as of a date, in the order of the state.
    fn rows(&self, table: &str, as_of: &str) -> Vec<Seen> {
        let ledger = Ledger::open(&self.ledger_folder()).unwrap();
        let files = ledger.files().unwrap();
        let history = History::load(&ledger, &self.specs, &files).unwrap();
        let state = history.as_of(&Moment::new(date(as_of), &files));
        let name = |id: i64| files.iter().find(|f| f.id == id).unwrap().name.clone();
        let seen = |r: &hesuan::model::Row| (name(r.origin.file), r.origin.row, r.values.clone());
        state.rows(table).iter().map(seen).collect()
    }

    /// All that the clearing rests on.
    fn state(&self, as_of: &str) -> Vec<Vec<Seen>> {
        ["repair_orders", "settlements", "receipts"].iter().map(|table| self.rows(table, as_of)).collect()
    }

    fn facts(&self, as_of: &str) -> Facts {
        let ledger = Ledger::open(&self.ledger_folder()).unwrap();
        let files = ledger.files().unwrap();
        let history = History::load(&ledger, &self.specs, &files).unwrap();
        history.as_of(&Moment::new(date(as_of), &files)).facts(&self.specs.tables)
    }

    /// Keys and amounts of the receipts, e.g. `R1 5.00`.
    fn receipts(&self, as_of: &str) -> Vec<String> {
        self.facts(as_of).receipts.iter().map(|r| format!("{} {}", r.receipt_no, r.amount)).collect()
    }

    /// Number, status and completion of the orders, e.g. `W1 open`, `W1 settled 2026-10-04`.
    fn orders(&self, as_of: &str) -> Vec<String> {
        let told = |o: &hesuan::model::records::Order| {
            let done = o.completed_at.map_or_else(String::new, |t| format!(" {}", t.date()));
            format!("{} {}{done}", o.order_no, o.status)
        };
        self.facts(as_of).orders.iter().map(told).collect()
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// 委托书: number, opened, completed, status.
fn orders(rows: &[&str]) -> String {
    format!("委托单号,进厂时间,竣工时间,工单状态,车牌号,维修类型\n{}", lines(rows, ",粤B00001,保养"))
}

/// 结算单: number, order, settled, due.
fn settlements(rows: &[&str]) -> String {
    format!("结算单号,委托单号,结算时间,客户应付\n{}", lines(rows, ""))
}

/// 收银流水: number, received, order, amount.
fn receipts(rows: &[&str]) -> String {
    format!("收据号,收款时间,业务单号,收款金额,收款方式,收银员\n{}", lines(rows, ",现金,王芳"))
}

fn lines(rows: &[&str], rest: &str) -> String {
    rows.iter().map(|row| format!("{row}{rest}\n")).collect()
}

// ---------------------------------------------------------------------------------------------------------------------
// What counts once.

const TWO: [&str; 2] = ["R1,2026-10-01 09:00,W1,5.00", "R2,2026-10-01 10:00,W2,6.00"];

#[test]
fn the_same_file_again_or_under_another_name_counts_once() {
    let shop = Shop::taken_in_nights(&[&[("收银流水_20261001.csv", receipts(&TWO))]]);
    assert_eq!(shop.take(), 0, "nothing is new");
    shop.drop_in("副本/收银流水 (2).csv", &receipts(&TWO));
    assert_eq!(shop.take(), 0, "the same bytes under another name");
    assert_eq!(shop.receipts("2026-10-01"), ["R1 5.00", "R2 6.00"]);
    assert_eq!(shop.files().len(), 1);
}

#[test]
fn two_files_of_equal_content_in_one_night_count_once() {
    let text = receipts(&TWO);
    let shop =
        Shop::taken_in_nights(&[&[("a/收银流水_20261001.csv", text.clone()), ("b/收银流水_20261001.csv", text)]]);
    assert_eq!(shop.receipts("2026-10-01"), ["R1 5.00", "R2 6.00"]);
    assert_eq!(shop.files().len(), 1);
}

#[test]
fn rows_that_two_exports_share_count_once_and_come_from_the_newer() {
    let first = ("收银流水_20261001.csv", receipts(&TWO));
    let second = ("收银流水_20261002.csv", receipts(&[TWO[1], "R3,2026-10-02 09:00,W3,7.00"]));
    let shop = Shop::taken_in_nights(&[&[first], &[second]]);
    assert_eq!(shop.receipts("2026-10-02"), ["R1 5.00", "R2 6.00", "R3 7.00"]);
    let places: Vec<(String, u32)> = shop.rows("receipts", "2026-10-02").into_iter().map(|(f, r, _)| (f, r)).collect();
    let place = |file: &str, row| (file.to_owned(), row);
    let want = [("收银流水_20261001.csv", 2), ("收银流水_20261002.csv", 2), ("收银流水_20261002.csv", 3)];
    assert_eq!(places, want.map(|(file, row)| place(file, row)));
}

#[test]
fn a_file_that_has_grown_under_its_name_adds_its_new_rows_and_corrects_the_old() {
    let name = "收银流水.csv";
    let shop = Shop::taken_in_nights(&[&[(name, receipts(&TWO))]]);
    shop.drop_in(name, &receipts(&[TWO[0], "R2,2026-10-01 10:00,W2,6.50", "R3,2026-10-02 09:00,W3,7.00"]));
    assert_eq!(shop.take(), 1);
    assert_eq!(shop.receipts("2026-10-02"), ["R1 5.00", "R2 6.50", "R3 7.00"]);
}

/// The open case of such a file: its name bears the month, so every copy is dated 31 October, and until then the *oldest*
/// version after D holds: an order that was open on the 1st stays open all month.
#[test]
fn a_month_to_date_file_that_grows_every_night_is_seen_as_it_stands_now() {
    let name = "委托书_202610.csv";
    let shop = Shop::taken_in_nights(&[&[(name, orders(&["W1,2026-10-01 08:00,,在修"]))]]);
    shop.drop_in(name, &orders(&["W1,2026-10-01 08:00,2026-10-02 17:00,竣工", "W2,2026-10-03 08:00,,在修"]));
    shop.take();
    assert_eq!(shop.orders("2026-10-03"), ["W1 completed 2026-10-02", "W2 open"]);
}

#[test]
fn what_office_programs_and_transfers_leave_behind_is_not_taken() {
    let shop = Shop::new();
    for name in ["~$收银流水.xlsx", ".收银流水.csv", "收银流水.csv.part", "收银流水.TMP"] {
        shop.drop_in(name, &receipts(&TWO));
    }
    assert_eq!(shop.take(), 0);
}

#[test]
fn a_run_that_does_not_end_leaves_the_ledger_as_it_was() {
    let shop = Shop::taken_in_nights(&[&[("收银流水_20261001.csv", receipts(&TWO))]]);
    let before = shop.state("2026-10-02");
    shop.drop_in("收银流水_20261002.csv", &receipts(&["R3,2026-10-02 09:00,W3,7.00"]));
    let (ledger, taken) = shop.take_only();
    drop(ledger); // killed before the commit
    assert_eq!((taken, shop.state("2026-10-02")), (1, before));
    assert_eq!(shop.take(), 1, "the next run takes it");
    assert_eq!(shop.receipts("2026-10-02").len(), 3);
}

// ---------------------------------------------------------------------------------------------------------------------
// Which version holds.

#[test]
fn a_past_date_sees_the_newest_version_exported_up_to_it_else_the_oldest_after() {
    let export = |status: &str| orders(&[&format!("W1,2026-10-01 08:00,,{status}")]);
    let shop = Shop::taken_in_nights(&[&[
        ("委托书_20261003.csv", export("在修")),
        ("委托书_20261005.csv", export("竣工")),
        ("委托书_20261007.csv", export("已结算")),
    ]]);
    assert_eq!(shop.orders("2026-10-02"), ["W1 open"], "no export up to then: the oldest after");
    assert_eq!(shop.orders("2026-10-03"), ["W1 open"]);
    assert_eq!(shop.orders("2026-10-04"), ["W1 open"]);
    assert_eq!(shop.orders("2026-10-05"), ["W1 completed"]);
    assert_eq!(shop.orders("2026-10-06"), ["W1 completed"]);
    assert_eq!(shop.orders("2026-10-31"), ["W1 settled"]);
}

#[test]
fn an_event_after_the_date_has_not_happened() {
    let shop = Shop::taken_in_nights(&[&[
        ("委托书_20261005.csv", orders(&["W1,2026-10-01 08:00,2026-10-04 17:00,已结算", "W2,2026-10-03 08:00,,在修"])),
        ("结算单_20261005.csv", settlements(&["J1,W1,2026-10-04 18:00,5.00"])),
        ("收银流水_20261005.csv", receipts(&["R1,2026-10-05 09:00,W1,5.00"])),
    ]]);
    let seen = |as_of: &str| {
        let facts = shop.facts(as_of);
        (facts.orders.len(), facts.settlements.len(), facts.receipts.len())
    };
    assert_eq!(seen("2026-09-30"), (0, 0, 0));
    assert_eq!(seen("2026-10-02"), (1, 0, 0));
    assert_eq!(seen("2026-10-04"), (2, 1, 0));
    assert_eq!(seen("2026-10-05"), (2, 1, 1));
    assert_eq!(shop.facts("2026-10-03").orders[0].completed_at, None, "completed on the 4th");
    assert!(shop.facts("2026-10-04").orders[0].completed_at.is_some());
}

#[test]
fn an_export_is_dated_by_its_name_else_its_title_else_its_newest_row() {
    let rows = receipts(&["R1,2026-10-01 09:00,W1,5.00", "R2,2026-10-03 09:00,W2,6.00"]);
    let shop = Shop::taken_in_nights(&[&[
        ("收银流水_20261009.csv", rows.clone()),
        ("收银流水.csv", format!("收银流水 2026-10-08,,,,,\n{rows}")),
        ("收银.csv", format!("\n{rows}")),
    ]]);
    let dated = |name: &str| shop.file(name).export_date.map(|d| d.to_string()).unwrap_or_default();
    let dates = ["收银流水_20261009.csv", "收银流水.csv", "收银.csv"].map(dated);
    assert_eq!(dates, ["2026-10-09", "2026-10-08", "2026-10-03"]);
}

#[test]
fn an_export_whose_total_fails_counts_only_until_its_correction_has_come() {
    let name = "收银流水_20261001.csv";
    let with_total = |total: &str, rows: &[&str]| format!("{}合计,,,{total},,\n", receipts(rows));
    let shop = Shop::taken_in_nights(&[&[(name, with_total("99.00", &TWO))]]);
    assert_eq!(shop.receipts("2026-10-01").len(), 2, "shown, with a finding");
    assert_eq!(shop.findings(Code::ControlTotalDiffers), 1);
    shop.drop_in(name, &with_total("5.00", &TWO[..1]));
    shop.take();
    assert_eq!(shop.receipts("2026-10-01"), ["R1 5.00"]);
}

// ---------------------------------------------------------------------------------------------------------------------
// Order of taking.

/// A week of exports: late rows, corrections, two files of one date that disagree.
fn week() -> Vec<(&'static str, String)> {
    vec![
        ("委托书_20261001.csv", orders(&["W1,2026-10-01 08:00,,在修", "W2,2026-10-01 09:00,,在修"])),
        ("委托书_20261002.csv", orders(&["W1,2026-10-01 08:00,2026-10-02 10:00,竣工", "W3,2026-10-02 09:00,,在修"])),
        ("结算单_20261002.csv", settlements(&["J1,W1,2026-10-02 11:00,500.00", "J2,W2,2026-10-02 12:00,80.00"])),
        ("结算单_20261002b.csv", settlements(&["J2,W2,2026-10-02 12:00,88.00"])),
        ("收银流水_20261002.csv", receipts(&["R1,2026-10-02 11:05,W1,500.00"])),
        ("收银流水_20261003.csv", receipts(&["R2,2026-10-02 19:00,W2,80.00", "R3,2026-10-03 09:00,W3,10.00"])),
    ]
}

#[test]
fn night_by_night_at_once_and_in_any_order_give_the_same_state() {
    let files = week();
    let shop_of =
        |nights: Vec<Vec<(&str, String)>>| Shop::taken_in_nights(&nights.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let at_once = shop_of(vec![files.clone()]);
    let one_by_one = |files: &[(&'static str, String)]| files.iter().map(|f| vec![f.clone()]).collect::<Vec<_>>();
    let mut orders = vec![one_by_one(&files), one_by_one(&files.iter().rev().cloned().collect::<Vec<_>>())];
    for seed in 0..6 {
        let mut shuffled = files.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        orders.push(one_by_one(&shuffled));
    }
    for nights in orders {
        let taken: Vec<&str> = nights.iter().flatten().map(|(name, _)| *name).collect();
        let shop = shop_of(nights.clone());
        for as_of in ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-09"] {
            assert_eq!(shop.state(as_of), at_once.state(as_of), "as of {as_of}, taken as {taken:?}");
        }
    }
    // Not empty by accident; two files of the 2nd write one number with other amounts: none is newer, both count.
    assert_eq!(at_once.facts("2026-10-02").settlements.iter().map(|s| s.customer_due.0).sum::<i64>(), 66_800);
}

#[test]
fn later_exports_change_nothing_of_a_date_that_was_told_in_time() {
    let shop = Shop::new();
    for (name, text) in &week()[..5] {
        shop.drop_in(name, text);
    }
    shop.take();
    let (before, receipts_before) = (shop.state("2026-10-02"), shop.receipts("2026-10-02"));
    shop.drop_in(
        "委托书_20261004.csv",
        &orders(&["W1,2026-10-01 08:00,2026-10-02 10:00,已结算", "W4,2026-10-04 08:00,,在修"]),
    );
    shop.drop_in("结算单_20261004.csv", &settlements(&["J2,W2,2026-10-02 12:00,90.00"]));
    shop.take();
    assert_eq!(shop.state("2026-10-02"), before);
    // A late row of that day is the one exception: it happened, and no export up to then knew it.
    shop.drop_in("收银流水_20261004.csv", &receipts(&["R9,2026-10-02 20:00,W2,1.00"]));
    shop.take();
    let late: Vec<String> = shop.receipts("2026-10-02").into_iter().filter(|r| !receipts_before.contains(r)).collect();
    assert_eq!(late, ["R9 1.00"]);
}

// ---------------------------------------------------------------------------------------------------------------------
// Nothing is lost.

#[test]
fn two_different_rows_of_one_export_with_one_key_are_both_kept_and_said() {
    let rows = ["R1,2026-10-01 09:00,W1,5.00", "R1,2026-10-01 09:30,W2,6.00"];
    let shop = Shop::taken_in_nights(&[&[("收银流水_20261001.csv", receipts(&rows))]]);
    assert_eq!(shop.receipts("2026-10-01"), ["R1 5.00", "R1 6.00"]);
    assert_eq!(shop.findings(Code::DuplicateKey), 1);
    let table = &shop.file("收银流水_20261001.csv").sheets[0].tables[0];
    assert_eq!((table.rows_read, table.rows_taken, table.rows_rejected), (2, 2, 0));
}

#[test]
fn a_row_written_twice_in_one_export_counts_once_and_is_said() {
    let shop = Shop::taken_in_nights(&[&[("收银流水_20261001.csv", receipts(&[TWO[0], TWO[0], TWO[1]]))]]);
    assert_eq!(shop.receipts("2026-10-01"), ["R1 5.00", "R2 6.00"]);
    assert_eq!(shop.findings(Code::RepeatedRow), 1);
}

#[test]
fn of_every_file_rows_read_are_rows_taken_and_rows_rejected() {
    let shop = Shop::taken_in_nights(&[&[
        (
            "收银流水_20261001.csv",
            receipts(&[
                TWO[0],
                TWO[0],                          // repeated
                "R3,2026-10-01 11:00,W3,12O3.5", // a letter in the amount
                "R4,昨天,W4,5.00",               // not a date
                ",2026-10-01 12:00,W5,5.00",     // no number
                TWO[1],
            ]),
        ),
        ("委托书_20261001.csv", orders(&["W1,2026-10-01 08:00,,在修", "W2,2026-10-01 08:00,,不知道"])),
    ]]);
    let counts = |name: &str| {
        let file = shop.file(name);
        let table = &file.sheets[0].tables[0];
        assert_eq!(table.rows_read, table.rows_taken + table.rows_rejected, "{name}");
        (table.rows_read, table.rows_taken, table.rows_rejected)
    };
    assert_eq!(counts("收银流水_20261001.csv"), (6, 2, 4));
    // An order whose state nobody knows is an order all the same.
    assert_eq!(counts("委托书_20261001.csv"), (2, 2, 0));
    assert_eq!(shop.receipts("2026-10-01"), ["R1 5.00", "R2 6.00"]);
    for code in [Code::RepeatedRow, Code::NotAnAmount, Code::NotADate, Code::RequiredMissing, Code::UnknownWord] {
        assert_eq!(shop.findings(code), 1, "{code:?}");
    }
}

#[test]
fn an_order_number_on_two_cars_of_one_export_fires_the_check() {
    let rows = "委托单号,进厂时间,车牌号,维修类型,工单状态\n\
                W1,2026-10-01 08:00,粤B00001,保养,在修\nW1,2026-10-01 09:00,粤B00002,保养,在修\n";
    let shop = Shop::taken_in_nights(&[&[
        ("委托书_20261001.csv", rows.to_owned()),
        ("收银流水_20261001.csv", receipts(&["R1,2026-10-01 10:00,W1,5.00"])),
    ]]);
    let result = reconcile(shop.facts("2026-10-01"), date("2026-10-01"), &reconcile::Settings::default());
    assert_eq!(result.facts.orders.len(), 2, "neither is lost");
    let fired = result.checks.iter().filter(|c| c.kind.id() == "duplicate_order_no").count();
    assert_eq!((fired, result.clearing.unknown.len()), (1, 1), "the number finds neither");
}

// ---------------------------------------------------------------------------------------------------------------------
// Derived from the archive.

/// The built-in spec of receipts, changed by the shop: refunds are written as positive amounts.
fn negating() -> ReadingSpecs {
    let name = "report_specs/sources/receipts.toml";
    let built_in = SpecFiles::new(vec![]);
    let text = &built_in.all().iter().find(|f| f.name == name).unwrap().text;
    let changed = text.replace("\namount = { from", "\namount = { negate = true, from");
    assert_ne!(*text, changed);
    let file = SpecFile { name: name.to_owned(), text: changed, of_shop: true };
    ReadingSpecs::load(&SpecFiles::new(vec![file])).unwrap()
}

#[test]
fn a_changed_spec_derives_all_rows_again_from_the_archive() {
    let mut shop = Shop::taken_in_nights(&[&week()]);
    let before = shop.state("2026-10-09");
    // The inbox may be emptied: the archive is the truth.
    fs::remove_dir_all(shop.folder.path().join("inbox")).unwrap();
    fs::create_dir(shop.folder.path().join("inbox")).unwrap();
    let plain = std::mem::replace(&mut shop.specs, negating());
    assert_eq!(shop.take(), 0, "no file is new");
    assert_eq!(shop.receipts("2026-10-09"), ["R1 -500.00", "R2 -80.00", "R3 -10.00"]);
    shop.specs = plain;
    shop.take();
    assert_eq!(shop.state("2026-10-09"), before, "the former specs give the former rows");
    assert_eq!(shop.files().len(), week().len());
}

#[test]
fn the_archive_holds_every_file_byte_for_byte_under_its_hash() {
    let shop = Shop::taken_in_nights(&[&week()]);
    let archive = Archive::open(&shop.ledger_folder()).unwrap();
    for (name, text) in week() {
        let kept = fs::read(archive.path(&shop.file(name).sha256)).unwrap();
        assert_eq!(kept, text.as_bytes(), "{name}");
        assert_eq!(hesuan::ledger::hash_of(&kept), shop.file(name).sha256, "{name}");
    }
}
