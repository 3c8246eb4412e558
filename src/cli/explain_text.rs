//! How `hesuan explain` words a story.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::ledger::ReadingSpecs;
use crate::model::{ColumnKind, Fen, Lang, Origin, Text};
use crate::reconcile::Category;
use crate::run::explain::{Cell, Elsewhere, Insured, Part, Record, Standing, Story, Told};
use crate::run::shown::{moment, shown};

/// What a story's values and places are worded with.
pub struct Words<'a> {
    pub specs: &'a ReadingSpecs,
    /// Names of the files.
    pub names: &'a HashMap<i64, String>,
    pub lang: Lang,
}

/// Nothing is known of the number.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("no export taken up to now speaks of `{asked}`")]
pub struct Nothing {
    asked: String,
    #[help]
    help: String,
}

impl Nothing {
    pub fn of(story: &Story) -> Nothing {
        let help = match story.similar.is_empty() {
            true => "give an order, receipt, settlement, claim, sale or contract number, a plate, a VIN or a customer"
                .to_owned(),
            false => format!("one slip away: {}", story.similar.join(", ")),
        };
        Nothing { asked: story.asked.clone(), help }
    }
}

impl Words<'_> {
    /// A file's name.
    fn file(&self, id: i64) -> &str {
        self.names.get(&id).map_or("", String::as_str)
    }

    fn place(&self, origin: &Origin) -> String {
        origin.place(self.names.get(&origin.file).map_or("?", String::as_str))
    }

    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    fn tender(&self, code: &str) -> String {
        self.specs.tables.list("tender").map_or_else(|| code.to_owned(), |list| list.name(code, self.lang))
    }

    fn value(&self, value: &crate::model::Value, kind: ColumnKind) -> String {
        let text = shown(value, kind, self.specs, self.lang);
        if text.is_empty() { "–".to_owned() } else { text }
    }
}

/// Why an item is in its category, in the words of the rule.
fn why(standing: &Standing, lang: Lang) -> String {
    let (due, received) = (standing.due.to_string(), standing.received.to_string());
    let diff = (standing.received - standing.due + standing.written_off).to_string();
    let rule = match standing.category {
        Category::Matched if !standing.written_off.is_zero() => {
            Text::new("应收 {0}，已收 {1}，核销 {3}", "due {0}, received {1}, {3} written off")
        }
        Category::UnknownOrder => Text::new(
            "所写单号在任何导出中都不存在，收款 {1} 未分配",
            "none of its orders is in any export: {1} is not allocated",
        ),
        Category::Deposit => Text::new("尚未结算或交车，已收 {1}", "not settled or delivered yet, received {1}"),
        Category::Matched => Text::new("应收 {0} ＝ 已收 {1}", "due {0} = received {1}"),
        Category::ReversedNotRefunded => {
            Text::new("已全部冲销或退订，已收 {1} 未退", "reversed or cancelled, {1} received and not refunded")
        }
        Category::Rounding => Text::new(
            "应收 {0}，已收 {1}，差额 {2} 不超过抹零上限",
            "due {0}, received {1}: {2} is within the rounding tolerance",
        ),
        Category::DuplicateReceipt => Text::new(
            "应收 {0}，已收 {1}，多出的 {2} 等于10分钟内重复的收据",
            "due {0}, received {1}: the surplus {2} equals receipts repeated within 10 minutes",
        ),
        Category::Overpaid => Text::new("应收 {0}，已收 {1}，多收 {2}", "due {0}, received {1}: {2} too much"),
        Category::LoanPending => Text::new(
            "应收 {0}，已收 {1}，差额 {2} 不超过尚未放款的贷款",
            "due {0}, received {1}: {2} is no more than what the lender has still to pay",
        ),
        Category::OnAccount => {
            Text::new("应收 {0}，未收款，结算方式为挂账", "due {0}, nothing received, terms on account")
        }
        Category::Unpaid => Text::new("应收 {0}，未收款", "due {0}, nothing received"),
        Category::Underpaid => Text::new("应收 {0}，已收 {1}，差额 {2}", "due {0}, received {1}: {2}"),
    };
    rule.fill(lang, &[&due, &received, &diff, &standing.written_off.to_string()])
}

pub fn text(story: &Story, words: &Words<'_>) -> String {
    let lang = words.lang;
    let mut lines =
        vec![Text::new("{0}（截至 {1}）", "{0} (as of {1})").fill(lang, &[&story.asked, &story.as_of.to_string()])];
    if story.subjects.is_empty() && story.elsewhere.is_empty() {
        lines.push(Text::new("没有应收也没有收款", "Nothing due and nothing received").get(lang).to_owned());
    }
    for standing in &story.subjects {
        lines.extend(standing_lines(standing, words));
    }
    lines.extend(story.elsewhere.iter().map(|one| elsewhere_line(one, words)));
    lines.push(Text::new("经过：", "What the exports say:").get(lang).to_owned());
    for record in &story.records {
        lines.extend(record_lines(record, words));
    }
    lines.join("\n") + "\n"
}

/// A receipt on an insurer's case, or on its purpose alone.
fn elsewhere_line(one: &Elsewhere, words: &Words<'_>) -> String {
    let lang = words.lang;
    let purpose = words.specs.tables.list("purpose").map(|list| list.name(&one.purpose, lang));
    let on = match (&one.case_of, one.purpose.is_empty()) {
        (Some(order), _) => Text::new("保险案件 {0}", "insurer's case of {0}").fill(lang, &[order]),
        (None, true) => Text::new("保险回款明细中的案件", "the cases of the insurer's statement").get(lang).to_owned(),
        (None, false) => Text::new("其他收款：{0}", "other income: {0}").fill(lang, &[&purpose.unwrap_or_default()]),
    };
    format!("{}  {on}  {} {}", one.part.number, one.part.amount, words.place(&one.part.origin))
}

/// What an insurer owes and paid.
fn insured_line(case: &Insured, lang: Lang) -> String {
    let sums = Text::new("应收 {0}，已收 {1}，扣减 {2}，未收 {3}", "due {0}, paid {1}, deducted {2}, open {3}");
    let amounts = [case.due, case.paid, case.deducted, case.left].map(|amount| amount.to_string());
    let amounts: Vec<&str> = amounts.iter().map(String::as_str).collect();
    let name = Text::new("保险", "insurer").get(lang);
    format!("  {name}  {} {}  {}", case.insurer, case.case_no, sums.fill(lang, &amounts))
}

fn standing_lines(standing: &Standing, words: &Words<'_>) -> Vec<String> {
    let lang = words.lang;
    let title = standing.category.title().get(lang);
    let age = Text::new("账龄 {0} 天", "{0} days old").fill(lang, &[&standing.age_days.to_string()]);
    let mut lines = vec![format!("{}  {title}: {}  ({age})", standing.number, why(standing, lang))];
    let part = |label: &Text, part: &Part| {
        let on = part.on.map_or_else(String::new, |d| d.to_string());
        let opening = Text::new("期初", "opening, ").get(lang);
        let opening = if part.is_opening { opening } else { "" };
        let tender = if part.tender.is_empty() { String::new() } else { format!(" {}", words.tender(&part.tender)) };
        format!(
            "  {opening}{}  {} {on}{tender} {}  {}",
            label.get(lang),
            part.number,
            part.amount,
            words.place(&part.origin)
        )
    };
    lines.extend(standing.dues.iter().map(|p| part(&Text::new("应收", "due"), p)));
    lines.extend(standing.receipts.iter().map(|p| part(&Text::new("已收", "received"), p)));
    lines.extend(standing.insured.iter().map(|case| insured_line(case, lang)));
    let probably = Text::new("疑为", "probably").get(lang);
    lines.extend(standing.suggestions.iter().map(|(number, plate)| format!("  {probably}  {number} {plate}")));
    for judged in &standing.decisions {
        let state = judged.verdict.title().get(lang);
        let why = judged.why(lang);
        let why = if why.is_empty() { why } else { format!("：{why}") };
        let place = words.place(&judged.decision.origin);
        let about = match judged.act {
            crate::reconcile::decisions::Act::Assign => {
                format!("{} ", judged.decision.item.get(2..).unwrap_or_default())
            }
            _ => String::new(),
        };
        let label = Text::new("处理", "decided").get(lang);
        lines.push(format!("  {label}  {about}{}  {state}{why}  {place}", judged.words(lang)));
    }
    for check in &standing.checks {
        let places: Vec<String> = check.origins.iter().map(|o| words.place(o)).collect();
        let title = check.kind.title().get(lang);
        lines.push(format!("  ! {title}  {} {}  {}", check.amount, check.detail, places.join("; ")));
    }
    let remedy = standing.category.remedy().get(lang);
    if standing.category.is_open() && !remedy.is_empty() {
        lines.push(format!("  → {remedy}"));
    }
    lines
}

fn record_lines(record: &Record, words: &Words<'_>) -> Vec<String> {
    let at = record.at.map_or_else(String::new, |t| format!("{}  ", moment(t)));
    let comma = words.pick("，", ", ");
    let mut lines = Vec::new();
    for (place, told) in record.versions.iter().enumerate() {
        if place > 0 && told.cells.is_empty() && !told.stands && told.gone_by.is_none() {
            continue; // repeated word for word
        }
        let head = match place {
            0 => format!("{at}{}", words.pick(&record.zh, &record.en)),
            _ => format!("    {}", Text::new("后来", "later").get(words.lang)),
        };
        let cells: Vec<String> = told.cells.iter().map(|cell| cell_text(cell, words)).collect();
        let stands = if told.stands && record.versions.len() > 1 { " *" } else { "" };
        // A row that a later export repeats word for word is no late change.
        let late = match told.is_late && !told.cells.is_empty() {
            true => words.pick("  ！报出后", "  ! after its day was reported"),
            false => "",
        };
        let gone = told.gone_by.map_or_else(String::new, |file| {
            Text::new("  不再计入：{0} 中已无此行", "  no longer counted: {0} lacks it")
                .fill(words.lang, &[words.file(file)])
        });
        lines.push(format!("  {head}  {}  [{}]{stands}{late}{gone}", cells.join(comma), words.place(&told.origin)));
    }
    lines
}

fn cell_text(cell: &Cell, words: &Words<'_>) -> String {
    let now = words.value(&cell.now, cell.kind);
    let title = words.pick(&cell.zh, &cell.en);
    match &cell.before {
        Some(before) => format!("{title} {} → {now}", words.value(before, cell.kind)),
        None => format!("{title} {now}"),
    }
}

/// The story for machines; amounts in fen.
pub fn json(story: &Story, words: &Words<'_>) -> Json {
    let part = |p: &Part| {
        json!({
            "number": p.number, "date": p.on.map(|d| d.to_string()), "amount_fen": p.amount.0, "tender": p.tender,
            "is_opening": p.is_opening, "source": words.place(&p.origin),
        })
    };
    let standing = |s: &Standing| {
        let checks = s.checks.iter().map(|c| {
            json!({
                "code": c.kind.id(), "amount_fen": c.amount.0, "detail": c.detail,
                "sources": c.origins.iter().map(|o| words.place(o)).collect::<Vec<_>>(),
            })
        });
        let decisions = s.decisions.iter().map(|j| {
            json!({
                "item": j.decision.item, "decision": j.decision.decision, "target_order": j.decision.target_order,
                "state": j.verdict.title().en, "text": j.words(words.lang), "why": j.why(words.lang),
                "source": words.place(&j.decision.origin),
            })
        });
        let diff: Fen = s.received - s.due + s.written_off;
        json!({
            "number": s.number, "category": s.category.id(), "due_fen": s.due.0, "received_fen": s.received.0,
            "written_off_fen": s.written_off.0, "diff_fen": diff.0, "age_days": s.age_days, "why": why(s, words.lang),
            "dues": s.dues.iter().map(part).collect::<Vec<_>>(),
            "receipts": s.receipts.iter().map(part).collect::<Vec<_>>(),
            "insured": s.insured.iter().map(|case| json!({
                "insurer": case.insurer, "case_no": case.case_no, "due_fen": case.due.0, "paid_fen": case.paid.0,
                "deducted_fen": case.deducted.0, "left_fen": case.left.0,
            })).collect::<Vec<_>>(),
            "suggestions": s.suggestions.iter().map(|(number, _)| number).collect::<Vec<_>>(),
            "checks": checks.collect::<Vec<_>>(),
            "decisions": decisions.collect::<Vec<_>>(),
        })
    };
    let told = |t: &Told| {
        let cell = |c: &Cell| {
            json!({
                "column": words.pick(&c.zh, &c.en), "was": c.before.as_ref().map(|b| words.value(b, c.kind)),
                "is": words.value(&c.now, c.kind),
            })
        };
        json!({
            "source": words.place(&t.origin), "export_date": t.export_date.map(|d| d.to_string()), "stands": t.stands,
            "after_report": t.is_late, "gone_by": t.gone_by.map(|file| words.file(file)),
            "cells": t.cells.iter().map(cell).collect::<Vec<_>>(),
        })
    };
    let record = |r: &Record| {
        json!({
            "table": r.table, "at": r.at.map(|t| t.to_string()),
            "versions": r.versions.iter().map(told).collect::<Vec<_>>(),
        })
    };
    json!({
        "asked": story.asked, "as_of": story.as_of.to_string(),
        "stands": story.subjects.iter().map(standing).collect::<Vec<_>>(),
        "elsewhere": story.elsewhere.iter().map(|one| json!({
            "receipt": part(&one.part), "case_of": one.case_of, "purpose": one.purpose,
        })).collect::<Vec<_>>(),
        "records": story.records.iter().map(record).collect::<Vec<_>>(),
    })
}
