//! The sample is reproducible, in order where nothing is planted, small, and readable by other people's readers.

use super::events::{Payer, Shop, Style, Subject, Tender};
use super::simulate::acquirer::{fee, working_day};
use super::{Options, SampleError, export, simulate, write};
use crate::model::fen::Fen;
use calamine::{Ods, Reader, Xls, Xlsx};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

fn small(seed: u64) -> Options {
    Options { seed, days: 12, orders_per_day: 8, ..Options::default() }
}

fn files(shop: &Shop) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    export::files(shop, |file| {
        assert!(files.insert(file.name.clone(), file.bytes()?).is_none(), "{} is written twice", file.name);
        Ok::<_, SampleError>(())
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
        for car in shop.contracts.iter().filter(|car| car.delivered_on.is_some()) {
            due.insert(&car.number, car.total());
        }
        let mut difference: BTreeMap<&str, Fen> = due.iter().map(|(number, fen)| (*number, -*fen)).collect();
        for receipt in shop.receipts.iter().filter(|one| !one.dropped) {
            let mut left = receipt.amount;
            for subject in &receipt.subjects {
                let number = match subject {
                    Subject::Order(order) => shop.orders[*order].number.as_str(),
                    Subject::Contract(car) => shop.contracts[*car].number.as_str(),
                    Subject::Sale(_) => continue,
                };
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
        "acquirer_missing",
        "acquirer_extra",
        "acquirer_differs",
        "acquirer_late",
        "fee_differs",
        "invoice_missing",
        "invoice_differs",
        "invoice_unknown",
        "claim_short_paid",
        "claim_over_paid",
        "claim_paid_twice",
        "claim_outstanding",
        "old_part_late",
        "parts_unbilled",
        "stock_differs",
        "voucher_expired",
        "file_missing",
        "file_gap",
        "file_differs",
        "visit_not_entered",
        "part_short",
        "count_differs",
    ];
    for seed in 1..5 {
        for index in [0, 1] {
            let shop = simulate(&Options { seed, ..Options::default() }, index);
            for kind in kinds {
                assert!(shop.planted.iter().any(|one| one.kind == kind), "{kind} with seed {seed}, shop {index}");
            }
            assert!(shop.defects.day.is_some() && shop.defects.wide.len() == 2);
        }
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
        assert!(size < 5_500_000, "{size} bytes");
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

// ---------------------------------------------------------------------------------------------------------------------
// What others say.

/// The amount that was planted of a kind.
fn planted_amount(shop: &Shop, kind: &str) -> Fen {
    shop.planted.iter().filter(|one| one.kind == kind).map(|one| one.amount).sum()
}

#[test]
fn statements_have_what_the_cashiers_received_but_for_the_planted_lines() {
    for index in [0, 1] {
        let shop = simulate(&Options::default(), index);
        let handled = |tender: Tender| matches!(tender, Tender::Card | Tender::Wechat | Tender::Alipay);
        let receipts = shop.receipts.iter().filter(|one| !one.dropped && handled(one.tender));
        let received: BTreeMap<&str, Fen> = receipts.map(|one| (one.reference.as_str(), one.amount)).collect();
        let lines: BTreeMap<&str, Fen> = shop.acquirer.iter().map(|one| (one.reference.as_str(), one.gross)).collect();
        assert_eq!(lines.len(), shop.acquirer.len(), "no reference twice");
        let missing: Vec<Fen> = received.iter().filter(|one| !lines.contains_key(one.0)).map(|one| *one.1).collect();
        let extra: Vec<Fen> = lines.iter().filter(|one| !received.contains_key(one.0)).map(|one| *one.1).collect();
        let both = received.iter().filter_map(|one| Some(*one.1 - *lines.get(one.0)?));
        let differs: Vec<Fen> = both.filter(|fen| !fen.is_zero()).collect();
        assert_eq!(missing, [planted_amount(&shop, "acquirer_missing")]);
        assert_eq!(extra, [planted_amount(&shop, "acquirer_extra")]);
        assert_eq!(differs, [planted_amount(&shop, "acquirer_differs")]);
        let late = |line: &&super::events::AcquirerLine| line.settled_on > working_day(line.at.date(), 2);
        assert_eq!(shop.acquirer.iter().filter(late).count(), 1);
        let fees: Fen = shop.acquirer.iter().map(|line| line.fee - fee(line.tender, line.gross)).sum();
        assert_eq!(fees, planted_amount(&shop, "fee_differs"));
    }
}

#[test]
fn the_parts_store_balances_but_for_the_planted_piece() {
    for index in [0, 1] {
        let shop = simulate(&Options::default(), index);
        let mut days: Vec<NaiveDate> = shop.stock.iter().map(|one| one.as_of).collect();
        days.dedup();
        assert_eq!(days.len(), 3);
        let on =
            |part: &str, day| shop.stock.iter().find(|one| one.part.0 == part && one.as_of == day).unwrap().quantity;
        let mut wrong = Vec::new();
        for part in shop.stock.iter().filter(|one| one.as_of == days[0]).map(|one| one.part.0) {
            assert!(days.iter().all(|day| on(part, *day) > 0));
            for between in days.windows(2) {
                let within = |day: NaiveDate| day > between[0] && day <= between[1];
                let came =
                    shop.purchases.iter().filter(|one| one.part.0 == part && one.received_on.is_some_and(within));
                let lines = shop.orders.iter().flat_map(|order| &order.parts);
                let sold = shop.sales.iter().flat_map(|sale| &sale.lines);
                let taken = lines.chain(sold).filter(|one| one.number == part && within(one.issued_at.date()));
                let scrap = shop.scrap.iter().filter(|one| one.part.is_some_and(|of| of.0 == part) && within(one.on));
                let moved = came.map(|one| one.quantity).sum::<i64>()
                    - taken.map(|one| one.quantity).sum::<i64>()
                    - scrap.map(|one| one.quantity).sum::<i64>();
                let off = on(part, between[1]) - on(part, between[0]) - moved;
                if off != 0 {
                    wrong.push((part, off));
                }
            }
        }
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        let noted = shop.planted.iter().find(|one| one.kind == "stock_differs").unwrap();
        assert!(noted.note.starts_with(wrong[0].0) && wrong[0].1 == -100);
    }
}

#[test]
fn invoices_are_what_was_owed_but_for_the_planted_ones() {
    for index in [0, 1] {
        let shop = simulate(&Options::default(), index);
        let mut invoiced: BTreeMap<&str, Fen> = BTreeMap::new();
        for one in shop.invoices.iter().filter(|one| one.contract.is_none()) {
            *invoiced.entry(&one.order_no).or_default() += one.gross;
        }
        let mut due: BTreeMap<&str, Fen> = BTreeMap::new();
        for one in &shop.settlements {
            *due.entry(&shop.orders[one.order].number).or_default() += one.due[0];
        }
        let wrong = invoiced.iter().filter(|(order, gross)| due.get(*order) != Some(*gross)).map(|one| *one.0);
        let planted: BTreeSet<&str> =
            ["invoice_differs", "invoice_unknown"].iter().flat_map(|kind| planted(&shop, kind)).collect();
        assert_eq!(wrong.collect::<BTreeSet<&str>>(), planted);
        assert!(shop.invoices.iter().filter(|one| one.voids.is_some()).count() == 2);
        let numbers: BTreeSet<&str> = shop.invoices.iter().map(|one| one.number.as_str()).collect();
        assert_eq!(numbers.len(), shop.invoices.len());
        let bare = |one: &&super::books::Contract| one.delivered_on.is_some() && one.invoice.is_none();
        assert_eq!(shop.contracts.iter().filter(bare).count(), 1);
    }
}

#[test]
fn the_maker_pays_what_it_approved_but_for_the_planted_lines() {
    for index in [0, 1] {
        let shop = simulate(&Options::default(), index);
        let mut paid: BTreeMap<&str, Vec<Fen>> = BTreeMap::new();
        shop.payments.iter().for_each(|one| paid.entry(&one.claim).or_default().push(one.paid));
        let mut wrong = BTreeSet::new();
        for claim in &shop.claims {
            let lines = paid.remove(claim.number.as_str()).unwrap_or_default();
            let due: Vec<Fen> = claim.paid_on.map(|_| claim.labour + claim.parts).into_iter().collect();
            if lines != due {
                wrong.insert(claim.order_no.as_str());
            }
            let open = claim.decided_on.filter(|_| !claim.refused && claim.paid_on.is_none());
            if open.is_some_and(|day| (shop.end - day).num_days() > 30) {
                assert!(planted(&shop, "claim_outstanding").contains(claim.order_no.as_str()));
            }
            let kept = !claim.old_part.is_empty() && claim.old_part_returned_on.is_none();
            if kept && claim.decided_on.is_some_and(|day| (shop.end - day).num_days() > 30) {
                assert!(planted(&shop, "old_part_late").contains(claim.order_no.as_str()));
            }
        }
        assert!(paid.is_empty(), "payments for no claim: {paid:?}");
        let kinds = ["claim_short_paid", "claim_over_paid", "claim_paid_twice"];
        assert_eq!(wrong, kinds.iter().flat_map(|kind| planted(&shop, kind)).collect());
    }
}
