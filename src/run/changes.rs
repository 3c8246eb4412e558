//! Late changes as checks: what a row was and what it is, cell by cell.

use chrono::NaiveDate;

use super::explain::shown;
use crate::ledger::{Change, ReadingSpecs, What};
use crate::model::{Lang, TableDef, Text};
use crate::reconcile::{Check, CheckKind};

/// The changes that files dated up to the date tell.
pub fn up_to(changes: &[Change], as_of: NaiveDate) -> impl Iterator<Item = &Change> {
    changes.iter().filter(move |change| change.since.is_none_or(|since| since <= as_of))
}

/// The checks of the changes that files dated up to the date tell.
pub fn checks(changes: &[Change], specs: &ReadingSpecs, as_of: NaiveDate, lang: Lang) -> Vec<Check> {
    let of = |change: &Change| Some(check(change, specs.tables.get(&change.table)?, specs, lang));
    up_to(changes, as_of).filter_map(of).collect()
}

fn check(change: &Change, table: &TableDef, specs: &ReadingSpecs, lang: Lang) -> Check {
    let kind = if change.after_close { CheckKind::ChangedAfterClose } else { CheckKind::ChangedAfterReport };
    let value = |names: &[&str]| {
        let found = names.iter().find_map(|name| table.column(name)).map(|at| change.values[at].text().to_owned());
        found.unwrap_or_default()
    };
    let order_no = value(&["order_no", "order_ref", "sale_no"]);
    let name = if lang == Lang::Zh { &table.zh } else { &table.en };
    let detail = format!("{name} {}{}", change.key.replace('\u{1f}', " "), words(&change.what, table, specs, lang));
    let mut check = Check::new(kind, &order_no, change.amount, Some(change.day), detail);
    check.receipt_no = value(&["receipt_no"]);
    check.from(change.before.iter().chain(&change.after))
}

fn words(what: &What, table: &TableDef, specs: &ReadingSpecs, lang: Lang) -> String {
    let cells = match what {
        What::Dropped => {
            let said = Text::new(
                "：新导出中已没有此行，按原值保留",
                ": a newer export no longer has the row; it stays as it was",
            );
            return said.get(lang).to_owned();
        }
        What::Added => return Text::new("：事后新增", ": added afterwards").get(lang).to_owned(),
        What::Changed(cells) => cells,
    };
    let cell = |(at, was, is): &(usize, crate::model::Value, crate::model::Value)| {
        let column = &table.columns[*at];
        let title = if lang == Lang::Zh { &column.zh } else { &column.en };
        let text = |value| match shown(value, column.kind, specs, lang) {
            text if text.is_empty() => "–".to_owned(),
            text => text,
        };
        format!("{title} {} → {}", text(was), text(is))
    };
    let cells: Vec<String> = cells.iter().map(cell).collect();
    format!("{}{}", Text::new("：", ": ").get(lang), cells.join(Text::new("，", ", ").get(lang)))
}
