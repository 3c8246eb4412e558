//! What each option of a pass does, on a few rows.

use super::rules::{LEFT, RIGHT};
use super::*;
use crate::spec::SpecFile;

const SIDES: &str = "[left]\nid = ['id']\namount = 'amount'\ndate = 'day'\n\
                     [right]\nid = ['id']\namount = 'amount'\ndate = 'day'\n";

/// What became of rows written as `id amount day key`: the day is of January 2024, 0 = none, with a time of day as in
/// `5@10:30`; the key may be `-` for a blank, and be followed by a source as in `K/bank`. `rules`: what stands before the
/// sides, a blank line, the tables behind them.
fn said(rules: &str, rows: [&[&str]; 2]) -> Vec<String> {
    said_of(SIDES, rules, rows)
}

/// The same with sides of one's own.
fn said_of(sides: &str, rules: &str, rows: [&[&str]; 2]) -> Vec<String> {
    let (head, tables) = rules.split_once("\n\n").unwrap_or((rules, ""));
    let text = format!("id = \"t\"\n{head}\n{sides}{tables}");
    let file = SpecFile { name: "t".to_owned(), text, of_shop: true };
    let rules = Rules::load(&file).unwrap_or_else(|error| panic!("{error}"));
    let mut symbols = Symbols::default();
    let sides = [LEFT, RIGHT].map(|side| {
        let mut assembler = Assembler::new(&rules, &mut symbols);
        for (number, row) in (1..).zip(rows[side]) {
            let mut cells = row.splitn(4, ' ');
            let mut cell = || cells.next().unwrap_or_default();
            let (id, amount, day, key) = (cell(), cell(), cell(), cell());
            let (day, time) = day.split_once('@').map_or((day, None), |(day, time)| (day, Some(time)));
            let (key, source) = key.split_once('/').unwrap_or((key, ""));
            let own = &rules.sides[side];
            assembler.push(&Fields {
                id,
                amount: amount.parse().ok(),
                date: NaiveDate::from_ymd_opt(2024, 1, day.parse().unwrap()),
                time: time.map(|time| format!("{time}:00").parse().unwrap()),
                row: number,
                kept: true,
                rank: own.prefer.as_ref().map_or(0, |prefer| prefer.rank(source)),
                once: if own.once.is_some() { key } else { "" },
                ..Fields::default()
            });
            (0..rules.keys.len()).for_each(|at| assembler.key(at, if key == "-" { "" } else { key }));
        }
        assembler.finish()
    });
    let calendar = Calendar::default();
    let outcome = match_sides([&sides[LEFT], &sides[RIGHT]], &rules, &calendar, None);
    assert!(outcome.controls().iter().all(ControlTotal::holds));
    let ids =
        |side: usize, rows: &[RowIndex]| rows.iter().map(|row| sides[side].id(*row)).collect::<Vec<_>>().join("+");
    let bucket = |entry: &Entry| {
        let name = if entry.bucket == Bucket::Matched { entry.class.id() } else { Bin::of(entry.bucket).id() };
        format!("{name}{}", if entry.tie { " tie" } else { "" })
    };
    let mut said: Vec<String> = outcome
        .entries()
        .map(|(_, entry)| {
            let [left, right] = outcome.rows(entry);
            format!("{}={} {}", ids(LEFT, left), ids(RIGHT, right), bucket(entry))
        })
        .collect();
    said.sort();
    said
}

const KEY: &str = "[[key]]\nname = \"k\"\nleft = \"k\"\nright = \"k\"\n";

#[test]
fn some_rows_of_one_side_may_equal_some_of_the_other() {
    let rules = "\n\n[[pass]]\nkind = \"subsets\"\nmany = \"sets\"\nwindow = { days = 1 }";
    let left: &[&str] = &["A 983 15 -", "B 637 14 -", "C 288 11 -", "D 500 10 -"];
    let right: &[&str] = &["X -475 14 -", "Y 2095 16 -", "Z -725 15 -"];
    assert_eq!(said(rules, [left, right]), ["B+A=X+Y subset"]);
    // A second answer makes both ambiguous.
    let more: &[&str] = &["X -475 14 -", "Y 2095 16 -", "Z -725 15 -", "W 1620 15 -"];
    assert!(said(rules, [left, more]).iter().all(|s| s.ends_with("ambiguous")));
}

#[test]
fn a_subset_may_be_kept_to_one_sign() {
    let rows: [&[&str]; 2] = [&["A 100 0 -"], &["X 160 0 -", "Y -60 0 -"]];
    assert_eq!(said("\n\n[[pass]]\nkind = \"subsets\"", rows), ["A=X+Y subset"]);
    assert!(said("\n\n[[pass]]\nkind = \"subsets\"\nsame_sign = true", rows).is_empty());
}

#[test]
fn differences_are_told_in_pairs_or_only_where_one_thing_differs() {
    let rows: [&[&str]; 2] = [&["A 100 1 K"], &["X 130 1 K", "Y 110 1 K"]];
    let rules = |more: &str| format!("window = {{ days = 2 }}\n\n{KEY}[[pass]]\nkind = \"differences\"\n{more}");
    assert_eq!(said(&rules(""), rows), ["A=X+Y amount_diff"]);
    assert_eq!(said(&rules("pairs = true"), rows), ["A=Y amount_diff"]);
    // Equally near: no pair is picked.
    let tie: [&[&str]; 2] = [&["A 100 1 K"], &["X 90 1 K", "Y 110 1 K"]];
    assert_eq!(said(&rules("pairs = true"), tie), ["A=X+Y amount_diff"]);
    let both: [&[&str]; 2] = [&["A 100 1 K"], &["X 90 9 K"]];
    assert_eq!(said(&rules(""), both), ["A=X amount_diff"]);
    assert!(said(&rules("one_fault = true"), both).is_empty());
    let late: [&[&str]; 2] = [&["A 100 1 K"], &["X 100 9 K"]];
    assert_eq!(said(&rules("one_fault = true"), late), ["A=X timing_diff"]);
}

#[test]
fn an_allocation_may_have_to_be_whole() {
    let rules = |more: &str| format!("\n\n{KEY}[[pass]]\nkind = \"allocate\"\n{more}");
    let over: [&[&str]; 2] = [&["A 100 1 K"], &["X 40 1 K", "Y 80 2 K"]];
    assert_eq!(said(&rules(""), over), ["A=X+Y overpaid"]);
    assert!(said(&rules("whole = true"), over).is_empty());
    let short: [&[&str]; 2] = [&["A 100 1 K"], &["X 40 1 K", "Y 59 2 K"]];
    assert_eq!(said(&rules("whole = true\ntolerance = { amount = \"0.01\" }"), short), ["A=X+Y tolerance"]);
}

#[test]
fn rows_of_a_key_that_sum_to_zero_cancel_out() {
    let rows: [&[&str]; 2] = [&["A 100 1 K", "B 50 1 K", "C -150 2 K", "D 10 1 M", "E -9 1 M"], &[]];
    let rules = |more: &str| format!("\n\n{KEY}[[pass]]\nkind = \"reversals\"\n{more}");
    assert_eq!(said(&rules("whole = true"), rows), ["A+B+C= group"]);
    assert!(said(&rules(""), rows).is_empty());
}

#[test]
fn a_key_that_stands_twice_where_it_may_once_is_ambiguous() {
    let rows: [&[&str]; 2] = [&["A 60 1 K", "B 40 1 K"], &["X 30 1 K", "Y 70 1 K"]];
    let rules = |more: &str| format!("\n\n{KEY}[[pass]]\nkind = \"groups\"\n{more}");
    assert_eq!(said(&rules(""), rows), ["A+B=X+Y group"]);
    assert_eq!(said(&rules("many = \"right\""), rows), ["A+B=X+Y ambiguous"]);
}

#[test]
fn the_first_or_the_last_of_a_key_takes_part() {
    let rows: [&[&str]; 2] = [&["A 100 1 K", "B 100 2 K"], &["X 100 1 K"]];
    let rules = |policy: &str| format!("duplicates = {policy:?}\n\n{KEY}[[pass]]\nkind = \"one_to_one\"\n");
    assert_eq!(said(&rules("keep_first"), rows), ["A=X exact"]);
    assert_eq!(said(&rules("keep_last"), rows), ["B=X exact"]);
    assert_eq!(said(&rules("tell"), rows), ["A=X exact"]);
    assert!(said(&rules("set_aside"), rows).is_empty());
}

#[test]
fn names_that_share_most_words_are_similar() {
    let key = KEY.replace("right = \"k\"\n", "right = \"k\"\nnormal = [\"words\"]\n");
    let rules = |more: &str| format!("\n\n{key}[[pass]]\nkind = \"similar\"\n{more}");
    let rows: [&[&str]; 2] =
        [&["A 1 1 ACME CORP INVOICE 008"], &["X 1 1 acme corp, invoice 008 (portal)", "Y 1 1 GLOBAL CORP"]];
    assert_eq!(said(&rules(""), rows), ["A=X fuzzy"]);
    let tie: [&[&str]; 2] = [&["A 1 1 ACME CORP"], &["X 1 1 CORP ACME", "Y 1 1 ACME-CORP"]];
    assert_eq!(said(&rules(""), tie), ["A=X+Y ambiguous"]);
    let held: [&[&str]; 2] = [&["A 1 1 1234"], &["X 1 1 Sale at store 1234"]];
    assert!(said(&rules(""), held).is_empty());
    assert_eq!(said(&rules("contains = true"), held), ["A=X fuzzy"]);
}

#[test]
fn copies_of_a_key_are_paired_and_marked_or_left() {
    let rules = |ties: &str| format!("\n\n{KEY}[[pass]]\nkind = \"one_to_one\"\n{ties}");
    let rows: [&[&str]; 2] = [&["A 100 1 K", "B 100 1 K"], &["X 100 1 K"]];
    assert_eq!(said(&rules(""), rows), ["A=X exact tie"]);
    assert_eq!(said(&rules("ties = \"flag\""), rows), ["A=X exact tie"]);
    assert_eq!(said(&rules("ties = \"leave\""), rows), ["A+B=X ambiguous"]);
    // What another day tells apart is no copy.
    let apart: [&[&str]; 2] = [&["A 100 1 K", "B 100 3 K"], &["X 100 3 K"]];
    assert_eq!(said(&rules("ties = \"leave\""), apart), ["B=X exact"]);
}

#[test]
fn the_id_alone_decides_what_is_cancelled_or_paid_and_that_is_said() {
    let rules = |kind: &str, ties: &str| format!("\n\n{KEY}[[pass]]\nkind = {kind:?}\n{ties}");
    let rows: [&[&str]; 2] = [&["A 100 1 K", "B 100 1 K", "C -100 2 K"], &[]];
    assert_eq!(said(&rules("reversals", ""), rows), ["B+C= reversal tie"]);
    assert!(said(&rules("reversals", "ties = \"leave\""), rows).is_empty());
    let rows: [&[&str]; 2] = [&["A 100 1 K", "B 100 1 K"], &["X 60 5 K"]];
    assert_eq!(said(&rules("allocate", ""), rows), ["A=X partial tie"]);
    let rows: [&[&str]; 2] = [&["A 100 1 K", "B 100 2 K"], &["X 60 5 K"]];
    assert_eq!(said(&rules("allocate", ""), rows), ["A=X partial"]);
}

#[test]
fn a_window_may_be_hours_long() {
    let rules = "window = { before = 0, after = 3, unit = \"hours\" }\n\n[[pass]]\nkind = \"one_to_one\"\n";
    let rows: [&[&str]; 2] = [&["A 100 1@22:00 -", "B 50 5@10:00 -"], &["X 100 2@00:30 -", "Y 50 5@13:01 -"]];
    assert_eq!(said(rules, rows), ["A=X exact"]);
    // The nearest time counts, not only the nearest day.
    let near: [&[&str]; 2] = [&["A 100 1@10:00 -"], &["X 100 1@12:00 -", "Y 100 1@10:05 -"]];
    assert_eq!(said(rules, near), ["A=Y exact"]);
    // Without a time three hours cannot be checked.
    let none: [&[&str]; 2] = [&["A 100 1@10:00 -"], &["X 100 1 -"]];
    assert!(said(rules, none).is_empty());
}

#[test]
fn a_window_that_cannot_be_checked_closes_nothing() {
    let rules =
        format!("window = {{ days = 2 }}\n\n{KEY}[[pass]]\nkind = \"one_to_one\"\n[[pass]]\nkind = \"differences\"\n");
    let rows: [&[&str]; 2] = [&["A 100 0 K", "B 90 1 M"], &["X 100 0 K", "Y 80 1 M"]];
    assert_eq!(said(&rules, rows), ["B=Y amount_diff"]);
    let file = |sides: &str| SpecFile {
        name: "t".to_owned(),
        text: format!("id = \"t\"\nwindow = {{ days = 2 }}\n{sides}"),
        of_shop: true,
    };
    let undated = SIDES.replacen("date = 'day'\n", "", 1);
    let error = Rules::load(&file(&undated)).unwrap_err().to_string();
    assert!(error.contains("`date` on both sides"), "{error}");
    assert!(Rules::load(&file(SIDES)).is_ok());
}

#[test]
fn the_preferred_source_comes_first_and_a_row_is_there_once() {
    let own = "prefer = { column = 'from', order = ['bank', 'till'] }\n";
    let sides = format!("{SIDES}{own}");
    let rules = format!("tolerance = {{ amount = \"0.10\" }}\n\n{KEY}[[pass]]\nkind = \"one_to_one\"\n");
    let rows: [&[&str]; 2] = [&["A 100 1 K"], &["X 100 1 K/till", "Y 95 1 K/bank", "Z 100 1 K/other"]];
    assert_eq!(said_of(&sides, &rules, rows), ["A=Y tolerance"]);
    let rows: [&[&str]; 2] = [&["A 100 1 K"], &["X 100 1 K/till", "Z 100 1 K/other"]];
    assert_eq!(said_of(&sides, &rules, rows), ["A=X exact"]);
    let sides = format!("{SIDES}{own}once = {{ by = ['k'] }}\n");
    let rows: [&[&str]; 2] = [&["A 100 1 K", "B 100 1 M"], &["X 100 1 K/till", "Y 100 2 K/bank", "Z 100 1 -"]];
    assert_eq!(said_of(&sides, &rules, rows), ["A=Y exact"]);
}
