//! Documents handed to the treasurer: one row a day, kind and tender, with the range of numbers.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Material, View, column, facts, text, words_of};
use crate::model::{ColumnKind, Fen, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "handover", grain: "one row a day, kind of document and tender", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    vec![
        column("date", ColumnKind::Date, "日期", "Date"),
        column("kind", ColumnKind::Text, "单据", "Document"),
        column("tender", words_of(tables, "receipts", "tender"), "收款方式", "Tender"),
        column("first_no", ColumnKind::Key, "起号", "First no."),
        column("last_no", ColumnKind::Key, "止号", "Last no."),
        column("documents", ColumnKind::Int, "张数", "Documents"),
        column("amount", ColumnKind::Fen, "金额", "Amount"),
    ]
}

/// Day, place of the kind in the list, tender.
type Key = (NaiveDate, u8, String);

fn rows(material: &Material<'_>) -> ViewRows {
    let mut documents: BTreeMap<Key, BTreeMap<String, Fen>> = BTreeMap::new();
    let mut add = |day: Option<chrono::NaiveDateTime>, kind: u8, tender: &str, number: &str, amount: Fen| {
        if let Some(day) = day {
            let sheet = documents.entry((day.date(), kind, tender.to_owned())).or_default();
            *sheet.entry(number.to_owned()).or_default() += amount;
        }
    };
    let facts = facts(material);
    for r in facts.receipts.iter().filter(|r| !r.is_opening) {
        add(r.received_at, if r.tender == "cheque" { 3 } else { 0 }, &r.tender, &r.receipt_no, r.amount);
    }
    for s in &facts.settlements {
        add(s.settled_at, 1, "", &s.settlement_no, s.customer_due);
    }
    for s in &facts.sales {
        add(s.sold_at, 2, "", &s.sale_no, s.amount);
    }
    let kinds = [
        Text::new("收据", "Receipts"),
        Text::new("结算单", "Settlement sheets"),
        Text::new("配件销售单", "Counter sales"),
        Text::new("支票", "Cheques"),
    ];
    let row = |((date, kind, tender), numbers): (Key, BTreeMap<String, Fen>)| {
        let end = |number: Option<&String>| text(number.map_or("", String::as_str));
        vec![
            Value::Date(date),
            text(kinds[usize::from(kind)].get(material.lang)),
            text(tender),
            end(numbers.keys().next()),
            end(numbers.keys().next_back()),
            Value::Int(i64::try_from(numbers.len()).unwrap_or(i64::MAX)),
            Value::Int(numbers.values().copied().sum::<Fen>().0),
        ]
    };
    documents.into_iter().map(row).collect()
}
