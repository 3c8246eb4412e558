//! What the acquirers' statements say: every payment by card, WeChat and Alipay, the fee, and when it is paid out.

use crate::model::fen::{Fen, divide_half_away};
use crate::sample::events::{AcquirerLine, Receipt, Shop, Tender};
use chrono::{Datelike, Duration, NaiveDate, Weekday};
use std::collections::HashMap;

/// One line for every receipt that an acquirer handled, in order of time.
pub fn fill(shop: &mut Shop) {
    let mut paid: HashMap<String, String> = HashMap::new();
    let mut order: Vec<usize> = (0..shop.receipts.len()).filter(|at| is_handled(&shop.receipts[*at])).collect();
    order.sort_by_key(|at| (shop.receipts[*at].at, *at));
    for at in order {
        let receipt = &shop.receipts[at];
        let refunds = (receipt.amount < Fen::ZERO).then(|| {
            // A refund of something paid otherwise names no payment that the statement knows: its own number stands in.
            paid.get(&receipt.order_ref).unwrap_or(&receipt.reference).clone()
        });
        if refunds.is_none() {
            paid.insert(receipt.order_ref.clone(), receipt.reference.clone());
        }
        shop.acquirer.push(AcquirerLine {
            reference: receipt.reference.clone(),
            refunds,
            at: receipt.at,
            settled_on: working_day(receipt.at.date(), 1),
            tender: receipt.tender,
            gross: receipt.amount,
            fee: fee(receipt.tender, receipt.amount),
            receipt: Some(at),
        });
    }
}

fn is_handled(receipt: &Receipt) -> bool {
    !receipt.dropped && matches!(receipt.tender, Tender::Card | Tender::Wechat | Tender::Alipay)
}

/// 0.55 % of a card payment, 0.60 % of the others, half a fen away from zero; a refund brings its fee back.
pub fn fee(tender: Tender, gross: Fen) -> Fen {
    let rate = if tender == Tender::Card { 55 } else { 60 };
    // A share below 1 % of an i64 always fits.
    Fen(i64::try_from(divide_half_away(i128::from(gross.0) * rate, 10_000)).unwrap_or(0))
}

/// The working day so many working days after a day. Saturdays and Sundays are none.
pub fn working_day(day: NaiveDate, after: u32) -> NaiveDate {
    let mut day = day;
    for _ in 0..after {
        day += Duration::days(1);
        while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            day += Duration::days(1);
        }
    }
    day
}
