//! The acquirers' statements by themselves: paid out in time, at the agreed fee.
//!
//! Whether a receipt stands on a statement at all is a matter of matching, not of this file.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::{Check, CheckKind};
use crate::model::Fen;
use crate::model::fen::divide_half_away;
use crate::model::records::{AcquirerLine, Facts, Receipt};
use crate::reconcile::Settings;

/// A fee may be off by one fen: acquirers round each payment, some round a batch.
const FEE_TOLERANCE: Fen = Fen(1);

pub fn checks(facts: &Facts, as_of: NaiveDate, settings: &Settings) -> Vec<Check> {
    let mut receipts: HashMap<&str, Vec<&Receipt>> = HashMap::new();
    for receipt in facts.receipts.iter().filter(|r| !r.reference.is_empty() && !r.is_opening) {
        receipts.entry(&receipt.reference).or_default().push(receipt);
    }
    let known_to = known_to(facts, as_of);
    let mut checks = Vec::new();
    for line in &facts.acquirer_lines {
        let late = late(line, known_to.get(line.channel.as_str()).copied(), settings);
        let fee = fee_off(line, rate(&line.channel, &settings.acquirer.fee_rates_micro));
        let found = [
            late.map(|detail| (CheckKind::AcquirerLate, line.gross, detail)),
            fee.map(|(off, detail)| (CheckKind::FeeDiffers, off, detail)),
        ];
        for (kind, amount, detail) in found.into_iter().flatten() {
            let receipt = receipts.get(line.reference.as_str()).and_then(|list| receipt_of(line, list));
            let day = line.transacted_at.map(|t| t.date());
            let mut check = Check::new(kind, receipt.map_or("", |r| &r.order_ref), amount, day, detail)
                .from([&line.origin].into_iter().chain(receipt.map(|r| &r.origin)));
            check.receipt_no = receipt.map_or_else(String::new, |r| r.receipt_no.clone());
            checks.push(check);
        }
    }
    checks
}

/// The receipt of a line among those that carry its reference: the only one, or the only one of its amount where a
/// refund carries it too. Where several would do none is named.
fn receipt_of<'a>(line: &AcquirerLine, receipts: &[&'a Receipt]) -> Option<&'a Receipt> {
    let mut of_amount = receipts.iter().filter(|receipt| receipt.amount == line.gross);
    match (receipts, of_amount.next(), of_amount.next()) {
        ([only], ..) => Some(only),
        (_, Some(same), None) => Some(same),
        _ => None,
    }
}

/// How far each channel's statements reach: the newest export of its lines, at most the date itself. Only channels whose
/// statements tell settlement days at all: of the others nobody can say what is still open.
fn known_to(facts: &Facts, as_of: NaiveDate) -> BTreeMap<&str, NaiveDate> {
    let mut known: BTreeMap<&str, (bool, Option<NaiveDate>)> = BTreeMap::new();
    for line in &facts.acquirer_lines {
        let exported = facts.exported.get(&line.origin.file).copied().unwrap_or(as_of).min(as_of);
        let (tells, newest) = known.entry(&line.channel).or_default();
        *tells |= line.settled_on.is_some();
        *newest = (*newest).max(Some(exported));
    }
    known.into_iter().filter_map(|(channel, (tells, newest))| newest.filter(|_| tells).map(|n| (channel, n))).collect()
}

/// Paid out after more working days than agreed, or not yet though more have passed as far as the statements reach.
fn late(line: &AcquirerLine, known_to: Option<NaiveDate>, settings: &Settings) -> Option<String> {
    let day = line.transacted_at?.date();
    let until = line.settled_on.or(known_to)?;
    let days = settings.calendar.working_days_between(day, until);
    let settled = line.settled_on.map_or_else(|| "–".to_owned(), |d| d.to_string());
    (days > settings.acquirer.days)
        .then(|| format!("{} {} {day} → {settled}: {days} > {}", line.reference, line.channel, settings.acquirer.days))
}

/// The agreed rate of a channel: under the statement's own word, else under the tender that the word means.
fn rate(channel: &str, rates: &BTreeMap<String, i64>) -> Option<i64> {
    rates.get(channel).or_else(|| rates.get(tender_of(channel)?)).copied()
}

/// The tender that a statement's channel means.
fn tender_of(channel: &str) -> Option<&'static str> {
    let word = channel.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| word.contains(w));
    match () {
        () if says(&["微信", "wechat", "财付通"]) => Some("wechat"),
        () if says(&["支付宝", "alipay"]) => Some("alipay"),
        () if says(&["pos", "银联", "刷卡", "银行卡", "信用卡", "借记卡", "card"]) => Some("card"),
        () => None,
    }
}

/// fee − gross × rate where that is more than one fen; else gross − fee − net where the three do not add up.
///
/// An acquirer that keeps the fee of a payment when it is refunded shows the refund with a fee of 0: that is no fault.
fn fee_off(line: &AcquirerLine, rate_micro: Option<i64>) -> Option<(Fen, String)> {
    let fee = line.fee.or_else(|| line.net.map(|net| line.gross - net));
    if let Some((fee, rate)) = fee.zip(rate_micro) {
        let product = i128::from(line.gross.0) * i128::from(rate);
        let expected = Fen(i64::try_from(divide_half_away(product, 1_000_000)).ok()?);
        let kept = line.gross.0 < 0 && fee.is_zero();
        if (fee - expected).abs() > FEE_TOLERANCE && !kept {
            let percent = super::stock::quantity(rate * 100); // of a per cent, in millionths
            let detail =
                format!("{} {} {} × {percent}% = {expected} ≠ {fee}", line.reference, line.channel, line.gross);
            return Some((fee - expected, detail));
        }
    }
    let (fee, net) = line.fee.zip(line.net)?;
    let off = line.gross - fee - net;
    (!off.is_zero()).then(|| (off, format!("{} {} {} − {fee} ≠ {net}", line.reference, line.channel, line.gross)))
}
