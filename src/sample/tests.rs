//! The sample is reproducible, in order where nothing is planted, small, and readable by other people's readers.

use super::events::{Payer, Shop, Style, Subject, Tender};
use super::{Options, SampleError, export, simulate, write};
use crate::model::fen::Fen;
use calamine::{Ods, Reader, Xls, Xlsx};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

fn small(seed: u64) -> Options {
    Options { seed, days: 12, orders_per_day: 8, ..Options::default() }
}

fn files(shop: &Shop) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    export::files(shop, |file| {
        assert!(files.insert(file.name.clone(), file.bytes).is_none(), "{} is written twice", file.name);
        Ok(())
    })
    .unwrap();
    files
}

fn planted<'a>(shop: &'a Shop, kind: &str) -> BTreeSet<&'a str> {
    shop.planted.iter().filter(|one| one.kind == kind).map(|one| one.order_no.as_str()).collect()
}

#[test]
fn same_options_give_the_same_bytes() {
    for index in [0, 1] {
        assert!(files(&simulate(&small(7), index)) == files(&simulate(&small(7), index)));
    }
}

#[test]
fn another_seed_or_shop_gives_another_sample() {
    let first = files(&simulate(&small(7), 0));
    assert!(first != files(&simulate(&small(8), 0)));
    let other = simulate(&small(7), 2);
    assert_eq!(other.code, "S03");
    assert!(first != files(&other));
}

#[test]
fn dues_add_up_but_for_the_planted_one() {
    for seed in 0..6 {
        let shop = simulate(&Options { seed, ..Options::default() }, 0);
        let wrong = shop.settlements.iter().filter(|one| one.due != one.components.due());
        let wrong: BTreeSet<&str> = wrong.map(|one| shop.orders[one.order].number.as_str()).collect();
        assert_eq!(wrong, planted(&shop, "due_does_not_add_up"));
    }
}

#[test]
fn settlements_are_the_sums_of_the_lines_but_for_the_planted_ones() {
    let shop = simulate(&Options::default(), 0);
    let mut wrong = BTreeSet::new();
    for one in shop.settlements.iter().filter(|one| one.reverses.is_none()) {
        let order = &shop.orders[one.order];
        let sum = |payer: Payer| -> (Fen, Fen) {
            let labour = order.labour.iter().filter(|line| line.payer == payer).map(|line| line.amount).sum();
            (labour, order.parts.iter().filter(|line| line.payer == payer).map(|line| line.amount).sum())
        };
        let payers = [Payer::Customer, Payer::Warranty, Payer::Insurance, Payer::Internal];
        let ties = |payer: &Payer| {
            let at = *payer as usize;
            sum(*payer) == (one.components.labour[at], one.components.parts[at])
        };
        if !payers.iter().all(ties) {
            wrong.insert(order.number.as_str());
        }
    }
    assert_eq!(wrong, planted(&shop, "amount_lines_differ"));
}

#[test]
fn counted_cash_is_the_cash_received_but_for_the_planted_drawers() {
    let shop = simulate(&Options::default(), 0);
    let mut differences = Vec::new();
    for count in &shop.counts {
        let is_of_drawer = |at: &&super::events::Receipt| at.at.date() == count.day && at.cashier == count.cashier;
        let of_drawer = shop.receipts.iter().filter(|at| !at.dropped && at.tender == Tender::Cash).filter(is_of_drawer);
        let difference = count.counted - of_drawer.map(|receipt| receipt.amount).sum();
        if !difference.is_zero() {
            differences.push(difference);
        }
    }
    differences.sort();
    assert_eq!(differences, [Fen(-5_000), Fen(1_000)]);
}

#[test]
fn numbers_are_dense_but_for_the_planted_holes() {
    let shop = simulate(&Options::default(), 0);
    let settlements = shop.settlements.iter().map(|one| one.number.as_str());
    let receipts = shop.receipts.iter().filter(|one| !one.dropped).map(|one| one.number.as_str());
    let numbers: BTreeSet<&str> = settlements.chain(receipts).collect();
    let mut holes = Vec::new();
    for number in &numbers {
        let (stem, serial) = number.split_at(number.len() - 3);
        let before = format!("{stem}{:03}", serial.parse::<u32>().unwrap() - 1);
        if serial != "001" && !numbers.contains(before.as_str()) {
            holes.push(before);
        }
    }
    assert_eq!(holes.len(), 2, "{holes:?}");
    let noted = |hole: &String| shop.planted.iter().any(|one| one.kind == "number_gap" && one.note.starts_with(hole));
    assert!(holes.iter().all(noted), "{holes:?}");
}

/// What does not balance at the end is exactly what the list of planted items calls open.
#[test]
fn every_open_item_is_on_the_list() {
    for (seed, index) in [(1, 0), (2, 0), (3, 1), (4, 2)] {
        let shop = simulate(&Options { seed, ..Options::default() }, index);
        let mut due: BTreeMap<&str, Fen> = BTreeMap::new();
        for one in &shop.settlements {
            *due.entry(&shop.orders[one.order].number).or_default() += one.due[0];
        }
        let mut difference: BTreeMap<&str, Fen> = due.iter().map(|(number, fen)| (*number, -*fen)).collect();
        for receipt in shop.receipts.iter().filter(|one| !one.dropped) {
            let mut left = receipt.amount;
            for subject in &receipt.subjects {
                let Subject::Order(order) = subject else { continue };
                let number = shop.orders[*order].number.as_str();
                let is_last = Some(subject) == receipt.subjects.last();
                let part = if is_last { left } else { due[number] };
                *difference.entry(number).or_default() += part;
                left -= part;
            }
        }
        let open: BTreeSet<&str> = difference.iter().filter(|one| !one.1.is_zero()).map(|one| *one.0).collect();
        let others = ["unknown_order", "duplicate_order_no"];
        let listed = shop.planted.iter().filter(|one| one.note.starts_with("open") && !others.contains(&one.kind));
        let listed: BTreeSet<&str> = listed.map(|one| one.order_no.as_str()).collect();
        assert_eq!(open, listed, "seed {seed}, shop {index}");
    }
}

#[test]
fn every_kind_is_planted_in_the_standard_sample() {
    let kinds = [
        "unknown_order",
        "deposit",
        "reversed_not_refunded",
        "rounding",
        "duplicate_receipt",
        "overpaid",
        "on_account",
        "unpaid",
        "underpaid",
        "duplicate_order_no",
        "order_missing",
        "settled_not_completed",
        "amount_lines_differ",
        "due_does_not_add_up",
        "duplicate_settlement",
        "discount_over_limit",
        "waiver_without_approval",
        "voucher_reused",
        "voucher_unknown",
        "voucher_over_face",
        "number_gap",
        "cash_over",
        "cash_short",
        "claim_missing",
        "claim_extra",
        "claim_differs",
        "claim_unbilled",
    ];
    for seed in 1..5 {
        let shop = simulate(&Options { seed, ..Options::default() }, 0);
        for kind in kinds {
            assert!(shop.planted.iter().any(|one| one.kind == kind), "{kind} with seed {seed}");
        }
        assert!(shop.defects.day.is_some() && shop.defects.wide.len() == 2);
    }
}

#[test]
fn small_samples_are_made_too() {
    for seed in 0..40 {
        for (days, orders_per_day) in [(1, 1), (1, 15), (3, 4), (9, 2)] {
            let shop = simulate(&Options { seed, days, orders_per_day, ..Options::default() }, (seed % 2) as u32);
            assert_eq!(shop.counts.len(), 2 * days as usize);
            assert!(!files(&shop).is_empty());
        }
    }
}

#[test]
fn every_file_can_be_read_and_the_standard_sample_is_small() {
    for index in [0, 1] {
        let files = files(&simulate(&Options::default(), index));
        let size: usize = files.values().map(Vec::len).sum();
        assert!(size < 4_000_000, "{size} bytes");
        for (name, bytes) in files.iter().filter(|file| !file.1.is_empty()) {
            assert!(readable(bytes), "{name}");
        }
    }
}

fn readable(bytes: &[u8]) -> bool {
    let cursor = || Cursor::new(bytes.to_vec());
    match bytes {
        [0xD0, 0xCF, ..] => rows(Xls::new(cursor())) > 0,
        [b'P', b'K', ..] if bytes[30..].starts_with(b"mimetype") => rows(Ods::new(cursor())) > 0,
        [b'P', b'K', ..] => rows(Xlsx::new(cursor())) > 0,
        [0xFF, 0xFE, ..] => !encoding_rs::UTF_16LE.decode(bytes).2,
        _ => std::str::from_utf8(bytes).is_ok() || !encoding_rs::GB18030.decode(bytes).2,
    }
}

fn rows<R: Reader<Cursor<Vec<u8>>>>(workbook: Result<R, R::Error>) -> usize {
    let Ok(mut workbook) = workbook else { return 0 };
    workbook.worksheet_range_at(0).and_then(Result::ok).map_or(0, |range| range.height())
}

#[test]
fn folders_are_written_and_never_over_a_shop() {
    let dir = std::env::temp_dir().join(format!("hesuan-sample-{}", std::process::id()));
    let options = Options { shops: 2, ..small(3) };
    let summary = write(&dir, &options).unwrap();
    assert_eq!(summary.shops, 2);
    assert!(dir.join("hesuan-group.toml").is_file() && dir.join("S02/planted.csv").is_file());
    assert!(matches!(write(&dir, &options), Err(SampleError::Exists(_))));
    assert_eq!(simulate(&options, 1).style, Style::B);
    std::fs::remove_dir_all(&dir).unwrap();
}
