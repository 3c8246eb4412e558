//! What the cashier takes for neither an order nor a sale nor a car: scrap sold, services for others, top-ups, guarantees.

use super::months::months;
use crate::model::fen::Fen;
use crate::sample::dice::Dice;
use crate::sample::events::{Planted, Receipt, Shop, Tender};
use crate::sample::pools::{CASHIERS, GIVEN, SURNAMES};
use chrono::{Duration, NaiveDate};

/// What the buyer of scrap pays too little, once.
const SHORT: Fen = Fen(2_000);

/// All by transfer: the drawers are counted already.
pub fn fill(shop: &mut Shop, dice: &mut Dice) {
    scrap(shop, dice);
    let days: Vec<NaiveDate> = shop.days().collect();
    for day in days.iter().copied().step_by(4) {
        let (purpose, amount, remark) = dice.pick(&[
            ("代收代付", Fen(50_000), "代办上牌"),
            ("会员储值", Fen(100_000), "储值卡"),
            ("其他", Fen(12_000), "违章代办手续费"),
        ]);
        let payer = format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN));
        receive(shop, dice, day, amount, purpose, &payer, "", remark);
    }
    for day in days.into_iter().skip(2).step_by(15) {
        let payer = format!("{}{}", dice.pick(&SURNAMES), dice.pick(&GIVEN));
        receive(shop, dice, day, Fen(50_000), "押金", &payer, "", "试驾押金");
        receive(shop, dice, day + Duration::days(2), Fen(-50_000), "押金", &payer, "", "退押金");
    }
}

/// The buyer of what was sold pays on the same day; of the first month's first sale too little.
fn scrap(shop: &mut Shop, dice: &mut Dice) {
    let first = months(shop).first().copied();
    let mut is_short = first.is_some_and(|month| month.last < shop.end);
    for at in 0..shop.scrap.len() {
        let one = shop.scrap[at].clone();
        if one.amount.0 <= 0 {
            continue;
        }
        let mut amount = one.amount;
        if is_short && amount > SHORT && first.is_some_and(|month| month.holds(one.on)) {
            is_short = false;
            amount -= SHORT;
            let (kind, order_no) = ("scrap_differs", one.on.format("%Y-%m").to_string());
            let (date, note) = (one.on, format!("{} {} too little was paid", one.number, SHORT));
            shop.planted.push(Planted { kind, order_no, receipt: None, amount: SHORT, date, note });
        }
        receive(shop, dice, one.on, amount, "废旧物资款", one.buyer, &one.number, "");
    }
}

#[expect(clippy::too_many_arguments, reason = "a receipt has that many facts and each caller gives them all")]
fn receive(
    shop: &mut Shop,
    dice: &mut Dice,
    day: NaiveDate,
    amount: Fen,
    purpose: &'static str,
    payer: &str,
    order_ref: &str,
    remark: &'static str,
) {
    let at = dice.moment(day, 9 * 60, 17 * 60);
    let cashier = dice.pick(&CASHIERS);
    if day > shop.end {
        return;
    }
    shop.receipts.push(Receipt {
        number: String::new(),
        at,
        cashier,
        order_ref: order_ref.to_owned(),
        subjects: Vec::new(),
        settlement: None,
        plate: String::new(),
        payer: payer.to_owned(),
        tender: Tender::Transfer,
        amount,
        reference: String::new(),
        purpose,
        remark,
        dropped: false,
    });
}
