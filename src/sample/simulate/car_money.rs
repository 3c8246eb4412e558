//! What is paid for cars: deposit with the order, the balance before delivery, the lender's money a week later.
//!
//! Every contract that stands open at the end is written down, by fault or in the ordinary way.

use super::pay;
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Planted, Receipt, Shop, Subject, Tender};
use crate::sample::pools::{CASHIERS, LENDERS};
use chrono::{Duration, NaiveDate};

/// What is wrong with the money of one contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing.
    None,
    /// The balance is short, for good.
    Short,
    /// The balance comes three days after the car left.
    Late,
    /// The number on the balance's receipt is mistyped.
    Mistyped,
    /// The lender never pays.
    NoLoan,
    /// The balance is too much.
    TooMuch,
    /// The balance is taken twice.
    Twice,
    /// The receipt bears the car's number instead of the contract's: no fault, it is found.
    ByCar,
}

/// The faults, on the first delivered cars but one.
const FAULTS: [Fault; 8] = [
    Fault::None,
    Fault::Short,
    Fault::Late,
    Fault::Mistyped,
    Fault::NoLoan,
    Fault::TooMuch,
    Fault::Twice,
    Fault::ByCar,
];

const SHORT: Fen = Fen(300_000);
const TOO_MUCH: Fen = Fen(50_000);

/// Days after which a loan that has not come is no longer on the way.
const LOAN_DAYS: i64 = 30;

/// Prices every contract, lets everybody pay, and lists what stands open at the end.
pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    let (mut delivered, mut cancelled) = (0, 0);
    for at in 0..shop.contracts.len() {
        let mut fault = Fault::None;
        if shop.contracts[at].delivered_on.is_some() {
            fault = FAULTS.get(delivered).copied().unwrap_or(Fault::None);
            delivered += 1;
        }
        price(shop, dice, at, fault);
        deposit(shop, dice, at);
        if let Some(day) = shop.contracts[at].delivered_on {
            balance(shop, dice, at, day, fault);
            loan(shop, dice, at, day, fault);
        } else if let Some(day) = shop.contracts[at].cancelled_on {
            cancelled += 1;
            refund(shop, dice, at, day, cancelled == 1);
        } else {
            let (amount, day) = (shop.contracts[at].deposit, shop.contracts[at].ordered_on);
            record(shop, at, "deposit", amount, day, "open; ordinary business");
        }
    }
}

/// What the customer pays beside the car, and how: every second one borrows, every eighth gives an old car.
fn price(shop: &mut Shop, dice: &mut Dice, at: usize, fault: Fault) {
    let (tax, borrows, gives) = (dice.between(70, 92), dice.chance(50), dice.chance(12));
    let (insured, licensed, served) = (dice.between(38, 72), dice.chance(70), dice.chance(60));
    let (share, lender, old) = (dice.between(3, 6), dice.pick(&LENDERS), dice.between(30, 60));
    let contract = &mut shop.contracts[at];
    // Tax 8 % or so, in whole yuan.
    let tax = Fen(contract.price.0 * tax / 1_000 / 100 * 100);
    let licence = if licensed { Fen(50_000) } else { Fen::ZERO };
    let fee = if served { Fen(150_000) } else { Fen::ZERO };
    contract.with_it = [Fen(insured * 10_000), tax, licence, fee];
    let plain = !matches!(fault, Fault::None | Fault::NoLoan | Fault::ByCar);
    contract.trade_in = if gives && !plain { Fen(old * 100_000) } else { Fen::ZERO };
    if (borrows && !plain) || fault == Fault::NoLoan {
        contract.loan = Fen(contract.price.0 * share / 10 / 1_000_000 * 1_000_000);
        contract.lender = lender;
    }
}

/// With the order; of one made before the first day, on that day.
fn deposit(shop: &mut Shop, dice: &mut Dice, at: usize) {
    let day = shop.contracts[at].ordered_on.max(shop.start);
    let amount = shop.contracts[at].deposit;
    receive(shop, dice, at, day, Money { amount, purpose: "定金", ..Money::default() });
}

/// What is due of the customer beside the deposit, on the day of delivery, before noon.
fn balance(shop: &mut Shop, dice: &mut Dice, at: usize, delivered_on: NaiveDate, fault: Fault) {
    let contract = &shop.contracts[at];
    let (price, deposit, loan) = (contract.price, contract.deposit, contract.loan);
    let rest = contract.total() - deposit - loan;
    let without = price - deposit - loan - contract.trade_in;
    let (number, vin) = (contract.number.clone(), contract.vin.to_lowercase());
    let money = |amount: Fen| Money { amount, purpose: "尾款", ..Money::default() };
    let early = |shop: &mut Shop| {
        record(shop, at, "delivered_unpaid", rest, delivered_on, "delivered before it was paid");
        record(shop, at, "vehicle_invoice_unpaid", without, delivered_on, "invoiced before it was paid");
    };
    match fault {
        Fault::None | Fault::NoLoan => {
            receive(shop, dice, at, delivered_on, money(rest));
        }
        Fault::Short => {
            receive(shop, dice, at, delivered_on, money(rest - SHORT));
            record(shop, at, "underpaid", SHORT, delivered_on, "open");
            record(shop, at, "delivered_unpaid", SHORT, delivered_on, "delivered before it was paid");
        }
        Fault::Late => {
            receive(shop, dice, at, delivered_on + Duration::days(3), money(rest));
            early(shop);
        }
        Fault::Mistyped => {
            let typed = number[..number.len() - 3].to_owned() + "9" + &number[number.len() - 2..];
            let day = delivered_on;
            let receipt = receive(shop, dice, at, day, Money { typed: Some(typed), ..money(rest) });
            record(shop, at, "underpaid", rest, day, "open");
            let note = format!("open; for {number}");
            let (kind, order_no) = ("unknown_order", number);
            shop.planted.push(Planted { kind, order_no, receipt, amount: rest, date: day, note });
            early(shop);
        }
        Fault::TooMuch => {
            receive(shop, dice, at, delivered_on, money(rest + TOO_MUCH));
            record(shop, at, "overpaid", TOO_MUCH, delivered_on, "open");
        }
        Fault::Twice => {
            let first = receive(shop, dice, at, delivered_on, Money { tender: Tender::Card, ..money(rest) });
            let Some(first) = first else { return };
            let mut again = shop.receipts[first].clone();
            again.at += Duration::seconds(170);
            again.reference = pay::reference(dice, Tender::Card);
            shop.receipts.push(again);
            record(shop, at, "duplicate_receipt", rest, delivered_on, "open");
        }
        Fault::ByCar => {
            receive(shop, dice, at, delivered_on, Money { typed: Some(vin), ..money(rest) });
        }
    }
}

/// The lender's money, three to twelve days after the delivery.
fn loan(shop: &mut Shop, dice: &mut Dice, at: usize, delivered_on: NaiveDate, fault: Fault) {
    let contract = &shop.contracts[at];
    let (amount, lender, day) = (contract.loan, contract.lender, delivered_on + Duration::days(dice.between(3, 12)));
    if amount.is_zero() {
        return;
    }
    if fault != Fault::NoLoan && day <= shop.end {
        let money =
            Money { amount, purpose: "按揭放款", payer: Some(lender), remark: "放款", ..Money::default() };
        receive(shop, dice, at, day, money);
        return;
    }
    let is_late = (shop.end - delivered_on).num_days() > LOAN_DAYS;
    let note = if fault == Fault::NoLoan { "open" } else { "open; ordinary business" };
    record(shop, at, if is_late { "underpaid" } else { "loan_pending" }, amount, delivered_on, note);
}

/// The deposit back, a day or two after the contract was cancelled; of the first one never.
fn refund(shop: &mut Shop, dice: &mut Dice, at: usize, cancelled_on: NaiveDate, kept: bool) {
    let (amount, day) = (shop.contracts[at].deposit, cancelled_on.max(shop.start) + Duration::days(dice.between(1, 2)));
    if kept || day > shop.end {
        record(
            shop,
            at,
            "reversed_not_refunded",
            amount,
            cancelled_on,
            if kept { "open" } else { "open; ordinary business" },
        );
        return;
    }
    receive(shop, dice, at, day, Money { amount: -amount, purpose: "定金", remark: "退订", ..Money::default() });
}

/// What one receipt of a contract says.
struct Money {
    amount: Fen,
    tender: Tender,
    purpose: &'static str,
    remark: &'static str,
    payer: Option<&'static str>,
    /// What stands in its reference instead of the contract's number.
    typed: Option<String>,
}

impl Default for Money {
    fn default() -> Money {
        Money { amount: Fen::ZERO, tender: Tender::Transfer, purpose: "", remark: "", payer: None, typed: None }
    }
}

/// Takes money for a contract, unless that lies behind the last day. Never cash: the drawers are counted already.
fn receive(shop: &mut Shop, dice: &mut Dice, at: usize, day: NaiveDate, money: Money) -> Option<usize> {
    let moment = dice.moment(day, 9 * 60, 12 * 60);
    let cashier = dice.pick(&CASHIERS);
    let card = dice.chance(40) && money.payer.is_none() && money.amount.0 > 0;
    if day > shop.end {
        return None;
    }
    let tender = if card { Tender::Card } else { money.tender };
    let contract = &shop.contracts[at];
    let is_found = money.typed.as_ref().is_none_or(|typed| typed.eq_ignore_ascii_case(&contract.vin));
    shop.receipts.push(Receipt {
        number: String::new(),
        at: moment,
        cashier,
        order_ref: money.typed.unwrap_or_else(|| contract.number.clone()),
        subjects: if is_found { vec![Subject::Contract(at)] } else { Vec::new() },
        settlement: None,
        plate: String::new(),
        payer: money.payer.map_or_else(|| contract.customer.clone(), str::to_owned),
        tender,
        amount: money.amount,
        reference: pay::reference(dice, tender),
        purpose: money.purpose,
        remark: money.remark,
        dropped: false,
    });
    Some(shop.receipts.len() - 1)
}

fn record(shop: &mut Shop, at: usize, kind: &'static str, amount: Fen, date: NaiveDate, note: &str) {
    let (order_no, note) = (shop.contracts[at].number.clone(), note.to_owned());
    shop.planted.push(Planted { kind, order_no, receipt: None, amount, date, note });
}
