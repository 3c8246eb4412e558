//! Invoices by themselves: what they rest on, and red letters against the invoice that they take back.
//!
//! Whether an order's invoices come to what was settled is a matter of matching, not of this file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, CheckKind};
use crate::model::Fen;
use crate::model::records::{Facts, Invoice};
use crate::reconcile::numbers::{Numbers, read_reference};

pub fn checks(facts: &Facts) -> Vec<Check> {
    let mut checks = unknown(facts);
    checks.extend(red_letters(facts));
    checks
}

/// Invoices, void ones left out, that name an order, sale or contract which is in no export, or a car that is in none.
///
/// One that names several numbers is known by any of them. One that names nothing is left to matching. Nothing is said
/// where no export has come in which the number could stand: of cars' invoices where no contracts have come.
fn unknown(facts: &Facts) -> Vec<Check> {
    let numbers = Numbers::new(facts);
    let contracts: BTreeSet<&str> =
        facts.vehicle_sales.iter().flat_map(|s| [s.contract_no.as_str(), s.invoice_no.as_str()]).collect();
    let mut documents: BTreeSet<&str> = facts.sales.iter().map(|s| s.sale_no.as_str()).collect();
    documents.extend(facts.settlements.iter().flat_map(|s| [s.order_no.as_str(), s.settlement_no.as_str()]));
    let mut cars: BTreeSet<&str> = facts.vehicle_sales.iter().map(|s| s.vin.as_str()).collect();
    cars.extend(facts.orders.iter().map(|o| o.vin.as_str()));
    let serviced = !facts.orders.is_empty() || !facts.settlements.is_empty();
    let mut checks = Vec::new();
    for invoice in facts.invoices.iter().filter(|i| !i.is_void()) {
        let of_car = invoice.kind.contains("机动车") || invoice.order_no.is_empty();
        let judged = if of_car { !facts.vehicle_sales.is_empty() } else { serviced };
        let named = read_reference(&invoice.order_no);
        let is_known = |number: &String| {
            let number = number.as_str();
            numbers.is_known(number) || documents.contains(number) || contracts.contains(number)
        };
        let by_number = named.iter().any(is_known) || contracts.contains(invoice.invoice_no.as_str());
        let by_car = !invoice.vin.is_empty() && cars.contains(invoice.vin.as_str());
        let names_nothing = named.is_empty() && invoice.vin.is_empty();
        // A number that nobody knows is not made good by a car that happens to be known.
        let known = by_number || (named.is_empty() && by_car);
        if judged && !names_nothing && !known {
            checks.push(check(CheckKind::InvoiceUnknown, invoice, invoice.gross_amount, &invoice.vin));
        }
    }
    checks
}

/// Red letters that take back no known invoice, or together more than it was for. The amount is what has no ground,
/// negative as the red letter is.
fn red_letters(facts: &Facts) -> Vec<Check> {
    let originals: BTreeMap<&str, &Invoice> =
        facts.invoices.iter().filter(|i| !i.is_red()).map(|i| (i.invoice_no.as_str(), i)).collect();
    let mut reds: BTreeMap<&str, Vec<&Invoice>> = BTreeMap::new();
    for invoice in facts.invoices.iter().filter(|i| i.is_red()) {
        reds.entry(&invoice.voids).or_default().push(invoice);
    }
    let mut checks = Vec::new();
    for (voids, mut letters) in reds {
        let Some(original) = originals.get(voids) else {
            let missing =
                |red: &&Invoice| check(CheckKind::InvoiceDiffers, red, red.gross_amount, &format!("→ {voids} ?"));
            checks.extend(letters.iter().map(missing));
            continue;
        };
        letters.sort_by_key(|red| (red.issued_on, &red.invoice_no));
        let taken: Fen = letters.iter().map(|red| Fen(-red.gross_amount.abs().0)).sum();
        let rest = original.counted() + taken;
        if let (true, Some(last)) = (rest.0 < 0, letters.last()) {
            let detail = format!("→ {voids}: {taken} / {}", original.counted());
            let mut found = check(CheckKind::InvoiceDiffers, last, rest, &detail);
            found.origins.push(original.origin.clone());
            checks.push(found);
        }
    }
    checks
}

fn check(kind: CheckKind, invoice: &Invoice, amount: Fen, more: &str) -> Check {
    let detail = format!("{} {} {more}", invoice.invoice_no, invoice.kind);
    let check = Check::new(kind, &invoice.order_no, amount, invoice.issued_on, detail.trim_end().to_owned());
    check.from([&invoice.origin])
}
