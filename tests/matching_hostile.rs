//! Inputs that make matchers explode: thousands of equal rows, one key for all, pools without an end. Every one ends
//! soon, with the bound that it met as the reason; the bound is counted in steps, so the answers are the same everywhere.

use chrono::{NaiveDate, TimeDelta};
use hesuan::model::Calendar;
use hesuan::reconcile::matcher::{
    Assembler, Bin, Bucket, Fields, OpenReason, Outcome, Rules, Side, Symbols, match_sides,
};
use hesuan::spec::SpecFile;

/// Key, amount, day of a row.
type Row = (String, i64, i64);

fn side_of(rules: &Rules, symbols: &mut Symbols, rows: &[Row]) -> Side {
    let mut assembler = Assembler::new(rules, symbols);
    for (at, (key, amount, day)) in (0..).zip(rows) {
        let date = NaiveDate::from_ymd_opt(2026, 10, 1).unwrap() + TimeDelta::days(*day);
        let fields = Fields {
            id: &format!("{at:06}"),
            amount: Some(*amount),
            date: Some(date),
            row: at,
            kept: true,
            ..Fields::default()
        };
        assembler.push(&fields);
        (0..rules.keys.len()).for_each(|k| assembler.key(k, key));
        (0..rules.compares.len()).for_each(|c| assembler.compared(c, &at.to_string()));
    }
    assembler.finish()
}

const SIDES: &str =
    "id = 'hostile'\n[left]\nid = ['i']\namount = 'a'\ndate = 'd'\n[right]\nid = ['i']\namount = 'a'\ndate = 'd'\n";
const KEY: &str = "[[key]]\nname = 'key'\nleft = 'k'\nright = 'k'\n";
const COMPARE: &str = "[[compare]]\nname = 'note'\nleft = 'n'\nright = 'n'\n";

/// Runs the rules; every row ends in one bucket, whatever happens.
#[track_caller]
fn run<T>(rules: &str, left: &[Row], right: &[Row], look: impl FnOnce(&Outcome<'_>) -> T) -> T {
    let file = SpecFile { name: "hostile.toml".to_owned(), text: rules.to_owned(), of_shop: true };
    let rules = Rules::load(&file).unwrap();
    let mut symbols = Symbols::default();
    let sides = [left, right].map(|rows| side_of(&rules, &mut symbols, rows));
    let calendar = Calendar::default();
    let started = std::time::Instant::now();
    let outcome = match_sides([&sides[0], &sides[1]], &rules, &calendar, None);
    println!("{} x {}: {:?}", left.len(), right.len(), started.elapsed());
    assert!(outcome.controls().iter().all(|control| control.holds()));
    look(&outcome)
}

fn rows(count: i64, row: impl Fn(i64) -> (&'static str, i64, i64)) -> Vec<Row> {
    (0..count).map(row).map(|(key, amount, day)| (key.to_owned(), amount, day)).collect()
}

fn has_reason(outcome: &Outcome<'_>, reason: OpenReason) -> bool {
    (0..2).all(|side| outcome.unmatched[side].iter().all(|row| outcome.reason(side, *row) == reason))
}

#[test]
fn equal_rows_without_a_key_are_one_tie() {
    let all = rows(20_000, |_| ("", 50_000, 1));
    for ties in ["leave", "flag"] {
        let rules = format!("{SIDES}[[pass]]\nkind = 'one_to_one'\nties = '{ties}'\n");
        run(&rules, &all, &all, |outcome| {
            let bucket = if ties == "leave" { Bucket::Ambiguous } else { Bucket::Matched };
            assert!(outcome.entries().all(|(_, e)| e.bucket == bucket && (ties == "leave" || e.ambiguous)));
        });
    }
}

/// What is compared tells every row from every other: 400 million pairs are as good as each other.
#[test]
fn equal_rows_with_different_notes_say_that_there_are_too_many() {
    let all = rows(20_000, |_| ("A", 50_000, 1));
    run(&format!("{SIDES}{KEY}{COMPARE}[[pass]]\nkind = 'one_to_one'\n"), &all, &all, |outcome| {
        assert_eq!(outcome.totals.bin(0, Bin::Unmatched).rows, 20_000);
        assert!(has_reason(outcome, OpenReason::WorkLimit));
    });
    let some = rows(1_300, |_| ("A", 50_000, 1));
    run(&format!("{SIDES}{KEY}{COMPARE}[[pass]]\nkind = 'one_to_one'\n"), &some, &some, |outcome| {
        assert_eq!(outcome.totals.bin(0, Bin::Matched).rows + outcome.totals.bin(0, Bin::Ambiguous).rows, 1_300);
    });
}

/// Amounts that lie one step from the next: every row is a candidate of two others, in one chain.
#[test]
fn a_chain_of_neighbours_is_taken_apart_once() {
    let tolerance = "[[pass]]\nkind = 'one_to_one'\ntolerance = { amount = '0.01' }\n";
    let left = rows(200_000, |n| ("", 2 * n, 1));
    let right = rows(200_000, |n| ("", 2 * (200_000 - n) + 1, 1));
    run(&format!("{SIDES}{tolerance}"), &left, &right, |outcome| {
        assert!(outcome.totals.bin(0, Bin::Ambiguous).rows > 199_000);
    });
}

#[test]
fn one_key_for_all_is_searched_within_its_bound() {
    let left = rows(5_000, |n| ("A", 10_000 + 7 * n, n % 300));
    let right = rows(5_000, |n| ("A", 5_003 + 11 * n, n % 300));
    for more in [
        "",
        "tolerance = { amount = '5.00' }\n",
        "window = { days = 3 }\n",
        "window = { days = 3, unit = 'working_days' }\n",
    ] {
        run(&format!("{more}{SIDES}{KEY}"), &left, &right, |_| {});
    }
    let search = "[[pass]]\nkind = 'subsets'\nkey = ['key']\n";
    run(&format!("{SIDES}{KEY}{search}"), &left, &right, |outcome| assert!(has_reason(outcome, OpenReason::WorkLimit)));
    run(&format!("{SIDES}{KEY}{search}max_rows = 40\n"), &left, &right, |outcome| {
        assert!(has_reason(outcome, OpenReason::PoolTooLarge));
    });
    for size in 2..5 {
        run(&format!("{SIDES}{KEY}{search}max_size = {size}\nwindow = {{ days = 1 }}\n"), &left, &right, |_| {});
    }
}

#[test]
fn rows_with_a_blank_key_are_a_pool_too_large_to_be_searched() {
    let all = rows(200_000, |n| ("", 100 + n, 1));
    let other = rows(200_000, |n| ("", 1_000_000 + n, 1));
    run(&format!("{SIDES}{KEY}"), &all, &other, |outcome| assert!(has_reason(outcome, OpenReason::WorkLimit)));
    let keyed = "[[pass]]\nkind = 'one_to_one'\n[[pass]]\nkind = 'differences'\n";
    run(&format!("{SIDES}{KEY}{keyed}"), &all, &other, |outcome| assert!(has_reason(outcome, OpenReason::BlankKey)));
}

/// Each answer makes the next one certain: as many rounds as rows, and each of them a search of what is left.
#[test]
fn an_answer_that_waits_for_another_costs_no_more_than_its_group_may() {
    // 1 = 1; 2 = 2 or 1 + 1' … every total is certain once those before it are closed.
    let left = rows(30, |n| ("A", 1_i64 << n, 1));
    let right = rows(31, |n| ("A", 1_i64 << (n - 1).max(0), 1));
    for many in ["left", "right", "both"] {
        run(&format!("{SIDES}{KEY}[[pass]]\nkind = 'subsets'\nmany = '{many}'\n"), &left, &right, |_| {});
    }
}

/// Amounts of both signs, where nearly every set holds a part that cancels out.
#[test]
fn pools_of_both_signs_end() {
    let mixed = |seed: i64| move |n: i64| ("A", (n * 7_919 + seed) % 1_999 - 999, 1);
    for count in [20, 36, 60, 120] {
        for size in ["", "max_size = 4\n"] {
            let rules = format!("{SIDES}{KEY}[[pass]]\nkind = 'subsets'\n{size}");
            run(&rules, &rows(count, mixed(3)), &rows(count, mixed(1_000)), |_| {});
        }
    }
}

#[test]
fn reversals_of_one_key_are_paired_in_one_go() {
    let both = rows(200_000, |n| ("A", if n % 2 == 0 { 100 } else { -100 }, n % 90));
    for window in ["", "window = { days = 400 }\n", "window = { days = 2, unit = 'working_days' }\n"] {
        let rules = format!("{SIDES}{KEY}[[pass]]\nkind = 'reversals'\n{window}");
        run(&rules, &both, &[], |outcome| assert!(outcome.totals.bin(0, Bin::Matched).rows > 190_000));
    }
}

#[test]
fn many_decisions_on_many_rows_end() {
    let all = rows(20_000, |_| ("A", 100, 1));
    let mut rules = format!("{SIDES}{KEY}");
    for n in 0..2_000 {
        rules += &format!("[[decision]]\nkind = 'never'\nleft = ['{n:06}']\nright = ['{n:06}']\n");
    }
    run(&rules, &all, &all, |outcome| {
        let apart = |(_, e): &(u32, &hesuan::reconcile::matcher::Entry)| match outcome.rows(e) {
            [[l], [r]] => l != r || *l >= 2_000,
            _ => true,
        };
        assert!(outcome.entries().all(|e| apart(&e)));
    });
}

#[test]
fn oldest_first_over_one_key_is_one_pass() {
    let left = rows(200_000, |n| ("A", 300, n % 90));
    let right = rows(200_000, |n| ("A", 299, n % 90));
    run(&format!("{SIDES}{KEY}[[pass]]\nkind = 'allocate'\n"), &left, &right, |outcome| {
        assert_eq!(outcome.unmatched[1].len(), 0);
    });
}

#[test]
fn nothing_on_either_side_is_an_answer() {
    let some = rows(3, |_| ("A", 1, 1));
    for (left, right) in [(&[][..], &[][..]), (&some[..], &[][..]), (&[][..], &some[..])] {
        run(&format!("{SIDES}{KEY}"), left, right, |outcome| {
            assert_eq!(outcome.unmatched[0].len() + outcome.unmatched[1].len(), left.len() + right.len());
        });
    }
}
