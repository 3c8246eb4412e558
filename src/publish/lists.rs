//! exceptions.csv and findings.csv: what a person or another program works through.

use crate::finding::Finding;
use crate::model::strangers::{escaped, looks_like_formula};
use crate::model::{Fen, Lang};
use crate::reconcile::Reconciled;
use crate::report::views::Material;

/// UTF-8 with a byte order mark, so that Excel reads Chinese as it is.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Rows as CSV. Text that a spreadsheet would take for a formula is made harmless with a leading apostrophe, control
/// characters are written out.
fn csv_bytes(header: &[&str], rows: impl Iterator<Item = Vec<Field>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(MARK.to_vec());
    let mut put = |fields: Vec<String>| {
        let written = writer.write_record(&fields);
        debug_assert!(written.is_ok(), "a vector always takes a record of the header's width");
    };
    put(header.iter().map(|h| (*h).to_owned()).collect());
    for row in rows {
        put(row.into_iter().map(Field::text).collect());
    }
    writer.into_inner().unwrap_or_default()
}

enum Field {
    Text(String),
    Number(i64),
    Empty,
}

impl Field {
    fn text(self) -> String {
        match self {
            Field::Number(number) => number.to_string(),
            Field::Empty => String::new(),
            Field::Text(text) => {
                let shown = escaped(&text);
                if looks_like_formula(&shown) { format!("'{shown}") } else { shown.into_owned() }
            }
        }
    }
}

fn text(text: &str) -> Field {
    Field::Text(text.to_owned())
}

fn fen(amount: Fen) -> Field {
    Field::Number(amount.0)
}

fn day(date: Option<chrono::NaiveDate>) -> Field {
    date.map_or(Field::Empty, |d| Field::Text(d.to_string()))
}

/// One row for every order or receipt that is not cleared and one for every check that fired.
pub fn exceptions(material: &Material<'_>) -> Vec<u8> {
    let reconciled: &Reconciled = material.reconciled;
    let clearing = &reconciled.clearing;
    let places = |origins: &[crate::model::Origin]| crate::report::views::places(material, origins);
    let unknown = clearing.unknown.iter().map(|u| {
        let receipt = &reconciled.facts.receipts[u.receipt];
        vec![
            text("clearing"),
            text("unknown_order"),
            text(&receipt.order_ref),
            text(&receipt.receipt_no),
            fen(u.amount),
            Field::Number(0),
            fen(u.amount),
            fen(u.amount),
            day(receipt.received_at.map(|t| t.date())),
            Field::Number(u.age_days),
            Field::Text(places(std::slice::from_ref(&receipt.origin))),
            Field::Text(crate::report::views::suggestions(material, u)),
        ]
    });
    let open = clearing.items.iter().filter(|i| i.category.is_open()).map(|item| {
        let detail = [item.settlement_nos.join(" "), item.plate.clone(), item.customer.clone(), item.advisor.clone()];
        let detail: Vec<String> = detail.into_iter().filter(|d| !d.is_empty()).collect();
        vec![
            text("clearing"),
            text(item.category.id()),
            text(&item.number),
            Field::Text(item.receipt_nos.join(" ")),
            fen(item.diff()),
            fen(item.due),
            fen(item.received),
            fen(item.diff()),
            day(item.event_date()),
            Field::Number(item.age_days),
            Field::Text(places(&item.origins)),
            Field::Text(detail.join(" · ")),
        ]
    });
    let checks = reconciled.checks.iter().map(|check| {
        let age =
            check.date.map_or(Field::Empty, |d| Field::Number(material.as_of.signed_duration_since(d).num_days()));
        vec![
            text("check"),
            text(check.kind.id()),
            text(&check.order_no),
            text(&check.receipt_no),
            fen(check.amount),
            Field::Empty,
            Field::Empty,
            Field::Empty,
            day(check.date),
            age,
            Field::Text(places(&check.origins)),
            text(&check.detail),
        ]
    });
    let header = [
        "kind",
        "code",
        "order_no",
        "receipt_no",
        "amount_fen",
        "due_fen",
        "received_fen",
        "diff_fen",
        "event_date",
        "age_days",
        "source",
        "detail",
    ];
    csv_bytes(&header, unknown.chain(open).chain(checks))
}

/// One row a finding, in order of severity, code and place.
pub fn findings(findings: &[Finding], lang: Lang) -> Vec<u8> {
    let row = |f: &Finding| {
        let number = if f.row == 0 { Field::Empty } else { Field::Number(i64::from(f.row)) };
        vec![
            text(f.code.id()),
            text(f.severity().id()),
            text(&f.file),
            text(&f.sheet),
            number,
            text(&f.column),
            text(&f.value),
            Field::Text(f.message(lang)),
            text(f.code.meaning().remedy.get(lang)),
        ]
    };
    let header = ["code", "severity", "file", "sheet", "row", "column", "value", "message", "remedy"];
    csv_bytes(&header, findings.iter().map(row))
}
