//! The checks of money and goods beside the clearing: acquirers, claim payments, old parts, deposits, parts, stock,
//! vouchers, invoices; and the debts. For each a case that fires and one that nearly does.

mod common;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use common::records::{self, at, day};
use hesuan::model::records::{
    AcquirerLine, Claim, Facts, Invoice, MakerPayment, Order, PartLine, PartReceived, Receipt, SaleLine, Scrap,
    Settlement, StockLine, VehicleSale, Voucher,
};
use hesuan::model::{Fen, Origin};
use hesuan::reconcile::{CheckKind, Debtor, DepositOwner, Reconciled, Settings, debt_bucket, reconcile};

// ---------------------------------------------------------------------------------------------------------------------
// Builders. Days count from Thursday, 1 October 2026.

fn place(table: i64) -> Origin {
    records::place(table, 1)
}

fn order(number: &str) -> Order {
    let (vin, status) = (format!("LV{number}"), "settled".into());
    let completed_at = Some(at(0, 500));
    Order { completed_at, vin, status, origin: place(1), ..records::order(number, number, at(0, 480)) }
}

/// Settled on day 0 at ten, all of it parts that the customer owes.
fn settlement(order_no: &str, due: i64) -> Settlement {
    let (labor_amount, parts_amount, origin) = (Fen(0), Fen(due), place(2));
    let of = records::settlement(&format!("J{order_no}"), order_no, at(0, 600), due);
    Settlement { labor_amount, parts_amount, origin, ..of }
}

fn receipt(receipt_no: &str, reference: &str, amount: i64, purpose: &str) -> Receipt {
    let (plate, payer, tender, purpose) = ("粤BW1".into(), "客户W1".into(), "wechat".into(), purpose.into());
    let of = records::receipt(receipt_no, reference, at(0, 630), amount);
    Receipt { plate, payer, tender, purpose, origin: place(3), ..of }
}

fn acquired(reference: &str, settled_on: Option<NaiveDate>, gross: i64, fee: i64) -> AcquirerLine {
    AcquirerLine {
        reference: reference.into(),
        transacted_at: Some(at(0, 630)),
        settled_on,
        channel: "微信支付".into(),
        gross: Fen(gross),
        fee: Some(Fen(fee)),
        net: Some(Fen(gross - fee)),
        origin: place(4),
    }
}

/// Filed on day 0 and decided on day 2.
fn claim(claim_no: &str, approved: Option<i64>) -> Claim {
    Claim {
        claim_no: claim_no.into(),
        dealer: "own".into(),
        dealer_name: String::new(),
        order_no: format!("W{claim_no}"),
        vin: String::new(),
        total_amount: Fen(approved.unwrap_or(10_000)),
        filed_on: Some(day(0)),
        status: "approved".into(),
        decided_on: approved.map(|_| day(2)),
        approved_amount: approved.map(Fen),
        paid_on: None,
        paid_amount: None,
        old_part_no: String::new(),
        old_part_returned_on: None,
        origin: place(5),
    }
}

fn paid(line_no: &str, claim_no: &str, amount: i64) -> MakerPayment {
    MakerPayment {
        statement_no: "DZ1".into(),
        line_no: line_no.into(),
        claim_no: claim_no.into(),
        paid_on: Some(day(10)),
        approved_amount: None,
        paid_amount: Fen(amount),
        origin: place(6),
    }
}

fn invoice(invoice_no: &str, order_no: &str, gross: i64) -> Invoice {
    Invoice {
        invoice_no: invoice_no.into(),
        kind: "增值税普通发票".into(),
        issued_on: Some(day(0)),
        buyer: "客户".into(),
        order_no: order_no.into(),
        vin: String::new(),
        gross_amount: Fen(gross),
        voids: String::new(),
        status: "normal".into(),
        origin: place(7),
    }
}

const ONE: i64 = 1_000_000;

/// One piece at a list price of 80 yuan and a cost of 50, issued on day 0 before the settlement.
fn part(order_no: &str, amount: i64) -> PartLine {
    PartLine {
        order_id: order_no.into(),
        line_no: "1".into(),
        part_no: "P1".into(),
        pay_type: "customer".into(),
        qty: Some(ONE),
        unit_cost: Some(50 * ONE),
        unit_price: Some(80 * ONE),
        discount: Fen(0),
        amount: Some(Fen(amount)),
        issued_at: Some(at(0, 540)),
        origin: place(8),
    }
}

fn stock(number: u64, part_no: &str, qty: i64) -> StockLine {
    StockLine {
        as_of: Some(day(number)),
        part_no: part_no.into(),
        part_name: "机油滤清器".into(),
        qty: Some(qty * ONE),
        unit_cost: Some(50 * ONE),
        origin: place(9),
    }
}

/// On day 40, with the usual settings.
fn judged(facts: &Facts) -> Reconciled {
    reconcile(facts.clone(), day(40), &Settings::default())
}

/// What fired, beside the checks of the clearing itself: id, amount, whom it is about.
fn fired_with(facts: &Facts, settings: &Settings) -> Vec<(String, i64, String)> {
    let of_clearing = ["due_does_not_add_up", "amount_lines_differ", "order_missing"];
    let result = reconcile(facts.clone(), day(40), settings);
    let failing: Vec<_> = result.controls.iter().filter(|c| !c.holds()).collect();
    assert!(failing.is_empty(), "{failing:?}");
    let checks = result.checks.iter().filter(|c| !of_clearing.contains(&c.kind.id()));
    checks.map(|c| (c.kind.id().to_owned(), c.amount.0, c.order_no.clone())).collect()
}

fn fired(facts: &Facts) -> Vec<(String, i64, String)> {
    fired_with(facts, &Settings::default())
}

fn one(kind: &str, amount: i64, order_no: &str) -> Vec<(String, i64, String)> {
    vec![(kind.to_owned(), amount, order_no.to_owned())]
}

fn nothing() -> Vec<(String, i64, String)> {
    Vec::new()
}

// ---------------------------------------------------------------------------------------------------------------------
// Acquirers.

fn acquirer(lines: Vec<AcquirerLine>) -> Facts {
    Facts { acquirer_lines: lines, ..Facts::default() }
}

#[test]
fn a_payment_that_the_acquirer_settles_after_three_working_days_is_late() {
    // Thursday; two working days later is the Monday, day 4.
    assert_eq!(fired(&acquirer(vec![acquired("1", Some(day(4)), 1000, 6)])), nothing());
    assert_eq!(fired(&acquirer(vec![acquired("1", Some(day(5)), 1000, 6)])), one("acquirer_late", 1000, ""));
    let mut holidays = Settings::default();
    holidays.calendar.holidays = [day(1), day(4)].into();
    assert_eq!(fired_with(&acquirer(vec![acquired("1", Some(day(6)), 1000, 6)]), &holidays), nothing());
}

#[test]
fn an_open_payment_is_late_only_as_far_as_the_statements_reach() {
    let mut facts = acquirer(vec![acquired("1", None, 1000, 6), acquired("2", Some(day(1)), 500, 3)]);
    facts.exported = [(4, day(4))].into();
    assert_eq!(fired(&facts), nothing(), "two working days had passed when the statement was made");
    facts.exported = [(4, day(5))].into();
    assert_eq!(fired(&facts), one("acquirer_late", 1000, ""));
    // A statement without any settlement days cannot say what is still open.
    facts.acquirer_lines.pop();
    assert_eq!(fired(&facts), nothing());
}

#[test]
fn a_late_payment_names_the_receipt_of_its_reference() {
    let mut facts = acquirer(vec![acquired("77", Some(day(9)), 1000, 6)]);
    facts.orders = vec![order("W1")];
    facts.settlements = vec![settlement("W1", 1000)];
    facts.receipts = vec![Receipt { reference: "77".into(), ..receipt("R1", "W1", 1000, "service") }];
    let result = judged(&facts);
    assert_eq!((result.checks[0].order_no.as_str(), result.checks[0].receipt_no.as_str()), ("W1", "R1"));
    assert_eq!(result.checks[0].origins.len(), 2);
}

#[test]
fn of_several_receipts_of_one_reference_the_one_of_the_amount_is_named_or_none() {
    let mut facts = acquirer(vec![acquired("77", Some(day(9)), 1000, 6)]);
    let paid = |receipt_no: &str, amount: i64| Receipt {
        reference: "77".into(),
        ..receipt(receipt_no, "W1", amount, "维修")
    };
    let named = |facts: &Facts| judged(facts).checks.into_iter().find(|c| c.kind == CheckKind::AcquirerLate).unwrap();
    facts.receipts = vec![paid("R2", -1000), paid("R1", 1000)];
    assert_eq!(named(&facts).receipt_no, "R1", "its refund carries the reference too");
    facts.receipts = vec![paid("R1", 1000), paid("R3", 1000)];
    assert_eq!((named(&facts).receipt_no, named(&facts).order_no), (String::new(), String::new()));
}

#[test]
fn a_rate_of_three_decimals_is_told_whole() {
    let mut settings = Settings::default();
    settings.acquirer.fee_rates_micro = [("wechat".to_owned(), 2550)].into();
    let facts = acquirer(vec![acquired("1", Some(day(1)), 100_000, 300)]);
    let checks = reconcile(facts, day(40), &settings).checks;
    assert!(checks[0].detail.contains("1000.00 × 0.255% = 2.55 ≠ 3.00"), "{}", checks[0].detail);
}

#[test]
fn a_fee_may_be_one_fen_off_the_agreed_rate() {
    let mut settings = Settings::default();
    settings.acquirer.fee_rates_micro = [("wechat".to_owned(), 6000)].into();
    let fee = |gross: i64, fee: i64| fired_with(&acquirer(vec![acquired("1", Some(day(1)), gross, fee)]), &settings);
    // 0.6 % of 12.50 yuan is 7.5 fen: 8.
    assert_eq!(fee(1250, 8), nothing());
    assert_eq!(fee(1250, 9), nothing());
    assert_eq!(fee(1250, 10), one("fee_differs", 2, ""));
    assert_eq!(fee(1250, 6), one("fee_differs", -2, ""));
    assert_eq!(fee(-1250, -8), nothing());
    assert_eq!(fee(-1250, 0), nothing(), "the fee of a refunded payment may be kept");
    let unset = acquirer(vec![acquired("1", Some(day(1)), 1250, 99)]);
    assert_eq!(fired(&unset), nothing(), "no rate, no check");
}

#[test]
fn gross_less_fee_is_net_where_the_statement_gives_it() {
    let line = AcquirerLine { net: Some(Fen(990)), ..acquired("1", Some(day(1)), 1000, 6) };
    assert_eq!(fired(&acquirer(vec![line.clone()])), one("fee_differs", 4, ""));
    assert_eq!(fired(&acquirer(vec![AcquirerLine { net: None, ..line }])), nothing());
}

// ---------------------------------------------------------------------------------------------------------------------
// The maker.

fn warranty(claims: Vec<Claim>, payments: Vec<MakerPayment>) -> Facts {
    Facts { claims, maker_payments: payments, ..Facts::default() }
}

#[test]
fn payments_against_what_was_approved() {
    let case = |lines: Vec<MakerPayment>| fired(&warranty(vec![claim("1", Some(5000))], lines));
    assert_eq!(case(vec![paid("1", "1", 5000)]), nothing());
    assert_eq!(case(vec![paid("1", "1", 4000)]), one("claim_short_paid", -1000, "W1"));
    assert_eq!(case(vec![paid("1", "1", 4000), paid("2", "1", 1000)]), nothing(), "the rest came later");
    assert_eq!(case(vec![paid("1", "1", 5000), paid("2", "1", 5000)]), one("claim_paid_twice", 5000, "W1"));
    let taken_back = vec![paid("1", "1", 5000), paid("2", "1", 5000), paid("3", "1", -5000)];
    assert_eq!(case(taken_back), nothing());
    assert_eq!(case(vec![paid("1", "1", 5001)]), one("claim_over_paid", 1, "W1"));
    let both = case(vec![paid("1", "1", 5000), paid("2", "1", 5000), paid("3", "1", 70)]);
    assert_eq!(both, [one("claim_over_paid", 70, "W1"), one("claim_paid_twice", 5000, "W1")].concat());
}

#[test]
fn a_payment_for_a_claim_that_nobody_knows_is_paid_too_much() {
    let mut facts = warranty(vec![claim("1", Some(5000))], vec![paid("1", "1", 5000), paid("2", "9", 300)]);
    assert_eq!(fired(&facts), one("claim_over_paid", 300, ""));
    facts.portal_claims = vec![claim("9", Some(300))];
    assert_eq!(fired(&facts), nothing(), "the upload system knows it");
}

#[test]
fn a_claim_paid_before_its_approval_is_in_the_register_rests_on_the_statement() {
    let line = MakerPayment { approved_amount: Some(Fen(800)), ..paid("1", "1", 800) };
    assert_eq!(fired(&warranty(vec![claim("1", None)], vec![line])), nothing());
    assert_eq!(fired(&warranty(vec![claim("1", None)], vec![paid("1", "1", 800)])), one("claim_over_paid", 800, "W1"));
}

#[test]
fn an_approved_claim_is_outstanding_after_the_days_of_the_maker() {
    let other = || (claim("2", Some(100)), paid("1", "2", 100));
    let case = |decided: u64| {
        let late = Claim { decided_on: Some(day(decided)), ..claim("1", Some(5000)) };
        fired(&warranty(vec![late, other().0], vec![other().1]))
    };
    assert_eq!(case(10), nothing(), "30 days");
    assert_eq!(case(9), one("claim_outstanding", -5000, "W1"));
    let without_statement = warranty(vec![Claim { decided_on: Some(day(0)), ..claim("1", Some(5000)) }], vec![]);
    assert_eq!(fired(&without_statement), nothing(), "no statement has come");
    let paid_before = Claim { paid_on: Some(day(5)), paid_amount: Some(Fen(5000)), ..claim("1", Some(5000)) };
    assert_eq!(fired(&warranty(vec![paid_before, other().0], vec![other().1])), nothing(), "the register says paid");
}

#[test]
fn an_old_part_goes_back_within_thirty_days_of_the_decision() {
    let case = |decided: u64, back: Option<u64>, approved: i64| {
        let one = Claim {
            old_part_no: "OP1".into(),
            decided_on: Some(day(decided)),
            old_part_returned_on: back.map(day),
            ..claim("1", Some(approved))
        };
        fired(&warranty(vec![one], vec![]))
    };
    assert_eq!(case(9, None, 5000), one("old_part_late", 5000, "W1"));
    assert_eq!(case(10, None, 5000), nothing(), "30 days");
    assert_eq!(case(9, Some(20), 5000), nothing());
    assert_eq!(case(9, None, 0), nothing(), "refused");
}

// ---------------------------------------------------------------------------------------------------------------------
// Deposits.

fn on(number: u64, receipt: Receipt) -> Receipt {
    Receipt { received_at: Some(at(number, 600)), ..receipt }
}

fn prepaid(receipt_no: &str, amount: i64) -> Receipt {
    Receipt { tender: "prepaid".into(), ..receipt(receipt_no, "W1", amount, "预收抵扣") }
}

#[test]
fn a_deposit_rolls_forward_by_month() {
    let facts = Facts {
        receipts: vec![
            on(1, receipt("R1", "", 10_000, "deposit")),
            on(29, prepaid("R2", 4000)),
            on(35, receipt("R3", "", -2500, "deposit")),
        ],
        ..Facts::default()
    };
    let result = judged(&facts);
    let rows: Vec<_> = result
        .deposits
        .months
        .iter()
        .map(|m| (m.owner.as_str(), m.month, [m.opening, m.received, m.applied, m.refunded, m.closing()].map(|f| f.0)))
        .collect();
    assert_eq!(rows[0], ("粤BW1", day(0), [0, 10_000, 4000, 0, 6000]));
    assert_eq!(rows[1], ("粤BW1", day(31), [6000, 0, 0, 2500, 3500]));
    assert_eq!(rows.len(), 2);
    assert_eq!(fired(&facts), nothing());
}

#[test]
fn a_deposit_is_overdrawn_by_what_is_used_beyond_it() {
    let mut facts = Facts {
        receipts: vec![on(1, receipt("R1", "", 10_000, "deposit")), on(2, prepaid("R2", 10_000))],
        ..Facts::default()
    };
    assert_eq!(fired(&facts), nothing(), "used to the fen");
    facts.receipts[1].amount = Fen(10_001);
    assert_eq!(fired(&facts), one("deposit_overdrawn", -1, ""));
    facts.receipts[0].plate = "粤B99999".into();
    assert_eq!(fired(&facts), one("deposit_overdrawn", -10_001, ""), "of another vehicle");
    let by_customer = Settings { deposit_owner: DepositOwner::Customer, ..Settings::default() };
    assert_eq!(fired_with(&facts, &by_customer), one("deposit_overdrawn", -1, ""), "of the same customer");
    facts.receipts.remove(0);
    assert_eq!(fired(&facts), nothing(), "deposits are kept elsewhere");
}

#[test]
fn a_deposit_that_names_its_order_is_used_when_the_order_is_settled() {
    let mut facts = Facts {
        orders: vec![order("W1")],
        settlements: vec![settlement("W1", 25_000)],
        receipts: vec![on(0, receipt("R1", "W1", 10_000, "deposit")), on(0, receipt("R2", "W1", 15_000, "service"))],
        ..Facts::default()
    };
    let months = judged(&facts).deposits.months;
    assert_eq!((months.len(), months[0].applied, months[0].closing()), (1, Fen(10_000), Fen(0)));
    facts.receipts[1].amount = Fen(25_000);
    assert_eq!(judged(&facts).deposits.months[0].closing(), Fen(10_000), "the order was paid without it");
    facts.settlements.clear();
    assert_eq!(judged(&facts).deposits.months[0].closing(), Fen(10_000), "not settled yet");
}

// ---------------------------------------------------------------------------------------------------------------------
// Parts and stock.

fn workshop(lines: Vec<PartLine>, billed: i64) -> Facts {
    Facts {
        orders: vec![order("W1")],
        settlements: vec![settlement("W1", billed)],
        receipts: vec![receipt("R1", "W1", billed, "service")],
        part_lines: lines,
        ..Facts::default()
    }
}

#[test]
fn a_part_with_a_price_that_is_charged_nothing_is_not_billed() {
    assert_eq!(fired(&workshop(vec![part("W1", 8000)], 8000)), nothing());
    assert_eq!(fired(&workshop(vec![part("W1", 0)], 0)), one("parts_unbilled", 8000, "W1"));
    let case = |line: PartLine| fired(&workshop(vec![line], 0));
    assert_eq!(case(PartLine { pay_type: "warranty".into(), ..part("W1", 0) }), nothing(), "the maker pays");
    assert_eq!(case(PartLine { unit_cost: None, ..part("W1", 0) }), nothing(), "cost not known");
    assert_eq!(case(PartLine { unit_price: Some(0), ..part("W1", 0) }), nothing(), "no list price");
    assert_eq!(case(PartLine { discount: Fen(8000), ..part("W1", 0) }), nothing(), "given by a discount");
    assert_eq!(case(PartLine { qty: Some(-ONE), ..part("W1", 0) }), nothing(), "taken back");
    let open = Facts { settlements: vec![], ..workshop(vec![part("W1", 0)], 0) };
    assert_eq!(fired(&open), nothing(), "not settled: it may still be billed");
}

#[test]
fn a_part_issued_after_the_settlement_is_not_billed() {
    let late = PartLine { line_no: "2".into(), issued_at: Some(at(0, 700)), ..part("W1", 8000) };
    assert_eq!(fired(&workshop(vec![part("W1", 8000), late.clone()], 8000)), one("parts_unbilled", 8000, "W1"));
    assert_eq!(fired(&workshop(vec![part("W1", 8000), late.clone()], 16_000)), nothing(), "entered late, billed");
    let early = PartLine { issued_at: Some(at(0, 590)), ..late.clone() };
    assert_eq!(fired(&workshop(vec![part("W1", 8000), early], 8000)), nothing(), "issued before: lines differ");
    let day_only = PartLine { issued_at: Some(at(0, 0)), ..late };
    assert_eq!(fired(&workshop(vec![part("W1", 8000), day_only], 8000)), nothing(), "the same day");
}

/// Ten pieces on day 0; until day 30 five came, three were issued, one sold and one thrown away.
fn store(listed: i64) -> Facts {
    let received = PartReceived {
        part_no: "P1".into(),
        received_on: Some(day(3)),
        received_qty: Some(5 * ONE),
        origin: place(10),
    };
    let sold = SaleLine {
        sale_no: "X1".into(),
        line_no: "1".into(),
        sold_at: Some(at(30, 600)),
        customer: String::new(),
        part_no: "P1".into(),
        qty: Some(ONE),
        amount: Fen(0),
        origin: place(11),
    };
    let scrap = Scrap {
        scrap_no: "BF1".into(),
        date: Some(day(8)),
        item: "p1".into(),
        qty: Some(ONE),
        amount: Fen::ZERO,
        origin: place(12),
    };
    Facts {
        part_lines: vec![
            PartLine { qty: Some(4 * ONE), ..part("W1", 8000) }, // on the day of the first snapshot: in it already
            PartLine { qty: Some(3 * ONE), issued_at: Some(at(5, 600)), line_no: "2".into(), ..part("W1", 8000) },
        ],
        parts_received: vec![received],
        sales: vec![sold],
        scrap: vec![scrap],
        stock: vec![stock(0, "P1", 10), stock(30, "P1", listed)],
        ..Facts::default()
    }
}

#[test]
fn the_stock_is_what_was_there_and_came_less_what_went() {
    assert_eq!(fired(&store(10)), nothing());
    assert_eq!(fired(&store(8)), one("stock_differs", -10_000, ""));
    let mut absent = store(10);
    absent.stock.pop();
    absent.stock.push(stock(30, "P2", 2));
    let both = [one("stock_differs", -50_000, ""), one("stock_differs", 10_000, "")].concat();
    assert_eq!(fired(&absent), both, "a part that is not listed is 0");
}

#[test]
fn nothing_is_said_of_a_stock_whose_movements_are_not_known() {
    let without = |change: fn(&mut Facts)| {
        let mut facts = store(8);
        change(&mut facts);
        fired(&facts)
    };
    assert_eq!(without(|f| f.parts_received.clear()), nothing());
    assert_eq!(without(|f| f.part_lines.clear()), nothing());
    assert_eq!(without(|f| f.part_lines[0].issued_at = Some(at(2, 0))), one("stock_differs", 10_000, ""));
    assert_eq!(without(|f| f.part_lines.iter_mut().for_each(|l| l.issued_at = Some(at(9, 0)))), nothing());
    assert_eq!(without(|f| f.part_lines[0].issued_at = None), nothing(), "an issue without a day");
    assert_eq!(without(|f| f.stock.truncate(1)), nothing(), "one snapshot");
}

// ---------------------------------------------------------------------------------------------------------------------
// Vouchers and invoices.

#[test]
fn a_voucher_holds_on_its_last_day() {
    let voucher = |used: u64| Voucher {
        voucher_no: "Q1".into(),
        face_amount: Fen(5000),
        issued_on: Some(day(0)),
        expires_on: Some(day(10)),
        order_no: "W1".into(),
        used_at: Some(at(used, 900)),
        origin: place(13),
    };
    assert_eq!(fired(&Facts { vouchers: vec![voucher(10)], ..Facts::default() }), nothing());
    assert_eq!(fired(&Facts { vouchers: vec![voucher(11)], ..Facts::default() }), one("voucher_expired", 5000, "W1"));
}

/// Settled orders W1, W2 and a car sold, with these invoices.
fn invoiced(invoices: Vec<Invoice>) -> Facts {
    let sale = VehicleSale { vin: "LVCAR1".into(), origin: place(14), ..records::contract("HT1", day(0), 0) };
    Facts {
        orders: vec![order("W1"), order("W2")],
        settlements: vec![settlement("W1", 1000)],
        receipts: vec![receipt("R1", "W1", 1000, "service")],
        vehicle_sales: vec![sale],
        invoices,
        ..Facts::default()
    }
}

#[test]
fn an_invoice_rests_on_a_document() {
    let case = |one: Invoice| fired(&invoiced(vec![one]));
    for known in ["W1", "W2", "JW1", "HT1", "W9/W1"] {
        assert_eq!(case(invoice("1", known, 1000)), nothing(), "{known}");
    }
    assert_eq!(case(invoice("1", "W9", 1000)), one("invoice_unknown", 1000, "W9"));
    assert_eq!(case(Invoice { status: "void".into(), ..invoice("1", "W9", 1000) }), nothing(), "void");
    assert_eq!(case(Invoice { vin: "LVCAR1".into(), ..invoice("1", "", 1000) }), nothing());
    assert_eq!(case(Invoice { vin: "LVCAR9".into(), ..invoice("1", "", 1000) }), one("invoice_unknown", 1000, ""));
    assert_eq!(case(invoice("1", "", 1000)), nothing(), "it names nothing: matching looks for it");
    let car = Invoice { kind: "机动车销售统一发票".into(), ..invoice("1", "HT9", 1000) };
    assert_eq!(case(car.clone()), one("invoice_unknown", 1000, "HT9"));
    let no_contracts = Facts { vehicle_sales: vec![], ..invoiced(vec![car]) };
    assert_eq!(fired(&no_contracts), nothing(), "no contracts have come");
}

#[test]
fn a_red_letter_takes_back_a_known_invoice_and_no_more() {
    let red = |number: &str, voids: &str, gross: i64| Invoice { voids: voids.into(), ..invoice(number, "W1", gross) };
    let case = |reds: Vec<Invoice>| fired(&invoiced([vec![invoice("1", "W1", 1000)], reds].concat()));
    assert_eq!(case(vec![red("9001", "1", -1000)]), nothing());
    assert_eq!(case(vec![red("9001", "1", -600), red("9002", "1", -400)]), nothing());
    assert_eq!(case(vec![red("9001", "1", -600), red("9002", "1", -401)]), one("invoice_differs", -1, "W1"));
    assert_eq!(case(vec![red("9001", "7", -600)]), one("invoice_differs", -600, "W1"));
    assert_eq!(case(vec![red("9001", "", -600)]), one("invoice_differs", -600, "W1"));
    let void = Invoice { status: "void".into(), ..red("9001", "7", -600) };
    assert_eq!(case(vec![void]), nothing());
}

#[test]
fn a_hole_in_the_forms_of_one_kind_and_day_is_a_gap() {
    let case = |numbers: &[&str]| -> Vec<String> {
        let facts = invoiced(numbers.iter().map(|number| invoice(number, "W1", 1000)).collect());
        let result = judged(&facts);
        let gaps = result.checks.iter().filter(|c| c.kind.id() == "number_gap");
        gaps.map(|c| c.detail.trim_start_matches("增值税普通发票 ").to_owned()).collect()
    };
    assert_eq!(case(&["00012346", "00012347", "00012350"]), ["00012348 – 00012349"]);
    assert_eq!(case(&["00012346", "00012347", "00012348"]), Vec::<String>::new());
    assert_eq!(case(&["00012346", "00099999"]), Vec::<String>::new(), "another roll");
    assert_eq!(case(&["00012346", "00012348", "123"]), Vec::<String>::new(), "not of one form");
    let electronic = ["26442000000012345678", "26442000000012345680"];
    assert_eq!(case(&electronic), Vec::<String>::new(), "given to all shops");
    let mut facts = invoiced(["00000001", "00000003"].map(|number| invoice(number, "W1", 1000)).to_vec());
    facts.invoices.push(Invoice { status: "void".into(), kind: "专用".into(), ..invoice("00000002", "W1", 1000) });
    assert!(judged(&facts).checks.iter().all(|c| c.kind.id() != "number_gap"), "it stands under another kind");
}

// ---------------------------------------------------------------------------------------------------------------------
// Debts.

#[test]
fn debts_are_of_customers_on_account_insurers_and_the_maker() {
    let on_account = Settlement { terms: "on_account".into(), ..settlement("W1", 1000) };
    let insured = Settlement { insurance_due: Fen(700), ..settlement("W2", 0) };
    let facts = Facts {
        orders: vec![order("W1"), order("W2"), order("W3")],
        settlements: vec![on_account, insured, settlement("W3", 300)],
        receipts: vec![receipt("R1", "W1", 400, "account"), receipt("R2", "W2", 200, "insurance")],
        claims: vec![claim("1", Some(5000)), claim("2", None), claim("3", Some(60))],
        maker_payments: vec![paid("1", "1", 1500), paid("2", "3", 60)],
        ..Facts::default()
    };
    let result = judged(&facts);
    let debts: Vec<_> =
        result.receivables.iter().map(|d| (d.class, d.order_no.as_str(), d.due.0, d.received.0, d.age_days)).collect();
    assert_eq!(
        debts,
        [
            (Debtor::Customer, "W1", 1000, 400, 40),
            (Debtor::Insurer, "W2", 700, 200, 40),
            (Debtor::Maker, "W1", 5000, 1500, 38),
        ],
        "W3 is not on account, claim 2 not decided, claim 3 paid"
    );
    assert!(result.controls.iter().all(|c| c.holds()), "{:?}", result.controls);
}

#[test]
fn a_collection_that_names_no_order_is_suggested_on_the_oldest_debt() {
    let owed = |number: &str, on: u64| Settlement {
        terms: "on_account".into(),
        customer: "顺达物流".into(),
        settled_at: Some(at(on, 600)),
        ..settlement(number, 1000)
    };
    let mut facts = Facts {
        orders: vec![order("W1"), order("W2"), order("W3")],
        settlements: vec![owed("W1", 2), owed("W2", 1), owed("W3", 3)],
        receipts: vec![Receipt { payer: "顺达物流".into(), ..receipt("R1", "", 1500, "account") }],
        ..Facts::default()
    };
    let suggested = |facts: &Facts| -> Vec<(String, i64, i64)> {
        let debts = judged(facts).receivables;
        debts.iter().map(|d| (d.order_no.clone(), d.open().0, d.suggested.0)).collect()
    };
    let row = |number: &str, fen: i64| (number.to_owned(), 1000, fen);
    assert_eq!(suggested(&facts), [row("W2", 1000), row("W1", 500), row("W3", 0)]);
    facts.receipts[0].purpose = "service".into();
    assert_eq!(suggested(&facts), [row("W2", 0), row("W1", 0), row("W3", 0)], "no collection");
}

#[test]
fn the_buckets_of_age_meet() {
    let buckets: BTreeSet<&str> = (0..400).map(debt_bucket).collect();
    assert_eq!(buckets.len(), 6);
    assert_eq!(
        [30, 31, 60, 90, 91, 180, 365, 366].map(debt_bucket),
        ["0–30", "31–60", "31–60", "61–90", "91–180", "91–180", "181–365", ">365"]
    );
}
