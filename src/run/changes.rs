//! Late changes as checks: what newer exports say of days already reported, or of closed months.

use std::collections::HashMap;

use super::shown::shown;
use crate::ledger::{Change, ChangeKind, FileRecord, Moment, ReadingSpecs};
use crate::model::{ColumnKind, Counts, Lang, TableDef, Text, Value};
use crate::reconcile::{Check, CheckKind};

/// The late changes that are known on a date: of rows up to it, by files dated up to it.
pub fn of_date<'c>(changes: &'c [Change], moment: &Moment<'_>) -> Vec<&'c Change> {
    changes.iter().filter(|c| c.day <= moment.as_of && moment.is_dated_up_to(c.file)).collect()
}

/// One check a change, worded with the names of columns and in the units of people.
pub fn checks(changes: &[&Change], records: &[FileRecord], specs: &ReadingSpecs, lang: Lang) -> Vec<Check> {
    let names: HashMap<i64, &str> = records.iter().map(|r| (r.id, r.name.as_str())).collect();
    let check = |change: &&Change| {
        let table = specs.tables.get(&change.table)?;
        let words = Words { table, specs, lang };
        let file = names.get(&change.file).copied().unwrap_or_default();
        let text = |columns: &[&str]| {
            let texts = columns.iter().filter_map(|name| table.column(name)).map(|at| change.values[at].text());
            texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default().to_owned()
        };
        let number = words.number(change);
        let document = text(&["order_no", "order_ref", "sale_no", "order_id"]);
        Some(Check {
            kind: if change.after_close { CheckKind::ChangedAfterClose } else { CheckKind::ChangedAfterReport },
            order_no: if document.is_empty() && table.id != "receipts" { number } else { document },
            receipt_no: text(&["receipt_no"]),
            amount: change.amount,
            date: Some(change.day),
            detail: words.detail(change, file),
            origins: change.before.iter().chain(&change.after).cloned().collect(),
        })
    };
    changes.iter().filter_map(check).collect()
}

/// What a date's digest says of its late changes: they rest on what was published when, not on the files alone.
pub fn digest_lines(changes: &[&Change], records: &[FileRecord]) -> Vec<String> {
    let sha256: HashMap<i64, &str> = records.iter().map(|r| (r.id, r.sha256.as_str())).collect();
    let line = |c: &&Change| {
        let file = sha256.get(&c.file).copied().unwrap_or_default();
        format!("{file} {} {:?} {} {} {:?}", c.table, c.key, c.day, c.after_close, c.kind)
    };
    let mut lines: Vec<String> = changes.iter().map(line).collect();
    lines.sort(); // the ledger's numbers of files are no part of it
    lines
}

struct Words<'a> {
    table: &'a TableDef,
    specs: &'a ReadingSpecs,
    lang: Lang,
}

impl Words<'_> {
    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    fn value(&self, value: &Value, column: usize) -> String {
        let text = shown(value, self.table.columns[column].kind, self.specs, self.lang);
        if text.is_empty() { "–".to_owned() } else { text }
    }

    fn column(&self, column: usize) -> &str {
        let column = &self.table.columns[column];
        self.pick(&column.zh, &column.en)
    }

    /// The document's number: its key as people write it, a first version without its 1.
    fn number(&self, change: &Change) -> String {
        let part = |at: &usize| match &change.values[*at] {
            Value::Null | Value::Int(1) => None,
            value => Some(self.value(value, *at)),
        };
        self.table.key.iter().filter_map(part).collect::<Vec<_>>().join(" ")
    }

    /// `客户应付 100.00`, of a row that appears or vanishes; of a table without money its first number.
    fn amount(&self, change: &Change) -> String {
        let is_number = |at: &usize| {
            let column = &self.table.columns[*at];
            let is_number = matches!(column.kind, ColumnKind::Micro | ColumnKind::Hours | ColumnKind::Int);
            is_number && column.with.is_none() && column.counts == Counts::Always
        };
        let counted = self.table.amount.or_else(|| (0..self.table.columns.len()).find(is_number));
        let amount = |at: usize| format!("{} {}", self.column(at), self.value(&change.values[at], at));
        counted.map_or_else(String::new, amount)
    }

    fn detail(&self, change: &Change, file: &str) -> String {
        let what = match &change.kind {
            ChangeKind::Changed(cells) => {
                let cell = |(at, was, is): &(usize, Value, Value)| {
                    format!("{} {} → {}", self.column(*at), self.value(was, *at), self.value(is, *at))
                };
                cells.iter().map(cell).collect::<Vec<_>>().join(self.pick("，", ", "))
            }
            ChangeKind::Dropped => Text::new(
                "删除，{0}；{1} 中已无此行，未说明前仍按原值计入",
                "dropped, {0}; no longer in {1}: it counts with its last values until it is explained",
            )
            .fill(self.lang, &[&self.amount(change), file]),
            ChangeKind::Removed => Text::new(
                "删除，{0}；{1} 中已无此行，不再计入",
                "dropped, {0}; no longer in {1}: it does not count any more",
            )
            .fill(self.lang, &[&self.amount(change), file]),
            ChangeKind::Added => Text::new("新增，{0}", "added, {0}").fill(self.lang, &[&self.amount(change)]),
            ChangeKind::Voided => {
                Text::new("{1} 中注明作废，{0}，不再计入", "void in {1}, {0}: it does not count any more")
                    .fill(self.lang, &[&self.amount(change), file])
            }
            ChangeKind::Restored => Text::new(
                "曾作废，{1} 中恢复有效，{0}，重新计入",
                "was void and stands again in {1}, {0}: it counts again",
            )
            .fill(self.lang, &[&self.amount(change), file]),
        };
        let table = self.pick(&self.table.zh, &self.table.en);
        Text::new("{0} {1}：{2}", "{0} {1}: {2}").fill(self.lang, &[table, &self.number(change), &what])
    }
}
