//! manifest.json: the same facts for machines. Keys are stable; amounts in fen, hours in hundredths.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::folder::Files;
use crate::model::{Fen, Period};
use crate::reconcile::matcher::{Bin, Sum};
use crate::reconcile::{self, AGE_BUCKETS, Balance, Category, CheckKind, ControlTotal};
use crate::report::spec::{Figure, Formula, Span};
use crate::report::{Amount, Figures, Input, Material, ReportError};

/// What the manifest says beside the clearing and the figures.
pub struct Facts<'a> {
    pub store: &'a str,
    pub digest: &'a str,
    pub inputs: &'a [Input],
    pub controls: &'a [ControlTotal],
    pub reports: Vec<ReportEntry>,
    /// Number of findings by code.
    pub findings: &'a BTreeMap<&'static str, i64>,
    pub missing: &'a [String],
}

/// One report of one workbook.
#[derive(Debug, Clone)]
pub struct ReportEntry {
    pub id: String,
    pub file: String,
    pub sheets: Vec<String>,
    pub sha256: String,
    pub complete: bool,
    /// Tables that were missing when it was made: it is made again when an export of them comes.
    pub lacks: Vec<String>,
}

/// The manifest without its revision, which is known last.
pub fn manifest(
    material: &Material<'_>,
    figures: &Figures<'_>,
    facts: &Facts<'_>,
) -> Result<Map<String, Value>, ReportError> {
    let day = Period::day(material.as_of);
    let month = Period::month_to(material.as_of);
    let mut by_period = Map::new();
    by_period.insert(material.as_of.format("%Y-%m").to_string(), figures_of(figures, month)?);
    by_period.insert(material.as_of.to_string(), figures_of(figures, day)?);
    if Span::Weekly.is_due(material.as_of) {
        let week = Period::week_to(material.as_of);
        by_period.insert(material.as_of.format("%G-W%V").to_string(), figures_of(figures, week)?);
    }
    let mut out = Map::new();
    let mut put = |key: &str, value: Value| out.insert(key.to_owned(), value);
    put("program", json!({ "name": "hesuan", "version": env!("CARGO_PKG_VERSION") }));
    put("store", json!(facts.store));
    put("as_of", json!(material.as_of.to_string()));
    put("revision", json!(0));
    put("ledger_digest", json!(facts.digest));
    put("inputs", Value::Array(facts.inputs.iter().map(input).collect()));
    put("clearing", clearing(material));
    put("receivables", receivables(material));
    put("checks", checks(material));
    put("matching", matching(material));
    put("totals", totals(material, None));
    put("day_totals", totals(material, Some(material.as_of)));
    put("figures", Value::Object(by_period));
    let key = material.as_of.format("%Y-%m").to_string();
    put("figures_by", json!({ key: figures_by(figures, month)? }));
    put("control_totals", Value::Array(facts.controls.iter().map(control).collect()));
    put("reports", Value::Array(facts.reports.iter().map(report).collect()));
    put("findings", json!({ "by_code": facts.findings }));
    put("missing", json!(facts.missing));
    if let Some(closed) = &material.run.close {
        let month = material.as_of.format("%Y-%m").to_string();
        put("closed", json!({ "month": month, "by": closed.by, "accepted": closed.accepted }));
    }
    Ok(out)
}

fn input(input: &Input) -> Value {
    json!({
        "file": input.file, "sha256": input.sha256, "source": input.source, "table": input.table,
        "sheet": input.sheet, "encoding": input.encoding,
        "rows_sheet": input.rows_sheet, "rows_no_record": input.rows_no_record, "rows_read": input.rows_read,
        "rows_taken": input.rows_taken, "rows_rejected": input.rows_rejected, "refused_fen": input.refused_fen,
        "control_total_fen": input.control_total_fen, "control_total_holds": input.control_total_holds,
    })
}

fn control(total: &ControlTotal) -> Value {
    json!({ "name": total.name, "left_fen": total.left, "right_fen": total.right, "holds": total.holds() })
}

fn report(report: &ReportEntry) -> Value {
    json!({
        "id": report.id, "file": report.file, "sheets": report.sheets, "sha256": report.sha256,
        "complete": report.complete, "lacks": report.lacks,
    })
}

fn clearing(material: &Material<'_>) -> Value {
    let clearing = &material.reconciled.clearing;
    let (mut counts, mut diffs) = (Map::new(), Map::new());
    for category in Category::ALL {
        let all = clearing.of_category(category);
        let diff: Fen = all.iter().map(|(diff, _)| *diff).sum();
        counts.insert(category.id().to_owned(), json!(all.len()));
        diffs.insert(category.id().to_owned(), json!(diff.0));
    }
    let moves: Vec<Value> = material
        .roll_forwards
        .iter()
        .map(|(_, roll)| {
            let part = |m: reconcile::Movement| json!({ "items": m.items, "diff_fen": m.amount.0 });
            json!({
                "first": roll.period.first.to_string(), "last": roll.period.last.to_string(),
                "opening": part(roll.opening), "new": part(roll.new), "cleared": part(roll.cleared),
                "corrected": part(roll.corrected), "changed_after_close": part(roll.changed_after_close), "closing": part(roll.closing),
            })
        })
        .collect();
    let facts = &material.reconciled.facts;
    let receipts: Fen = facts.receipts.iter().map(|r| r.amount).sum();
    let came = reconcile::Received::of(facts, clearing);
    let received = json!({
        "receipts": receipts.0, "orders_and_sales": came.orders_and_sales.0, "contracts": came.contracts.0,
        "insurers": came.insurers.0, "other_income": came.other_income.0, "unknown": came.unknown.0,
    });
    let other: Map<String, Value> = reconcile::other_income(facts, clearing)
        .into_iter()
        .map(|(purpose, sum)| (purpose.to_owned(), json!(sum.0)))
        .collect();
    json!({
        "counts": counts, "diff_fen": diffs, "other_income_fen": other, "received_fen": received, "roll_forward": moves,
    })
}

/// What each debtor owes in all.
fn receivables(material: &Material<'_>) -> Value {
    let one = |balance: &Balance| {
        let buckets = AGE_BUCKETS.iter().zip(&balance.by_age);
        let by_age: Map<String, Value> = buckets.map(|(bucket, sum)| (bucket_key(bucket), json!(sum.0))).collect();
        json!({
            "class": balance.class.id(), "debtor": balance.debtor, "due_fen": balance.due.0, "paid_fen": balance.paid.0,
            "deducted_fen": balance.deducted.0, "outstanding_fen": balance.outstanding.0, "by_age": by_age,
        })
    };
    Value::Array(material.reconciled.balances.iter().map(one).collect())
}

/// `0–3` as machines read it: `0-3`; what is older than 60 days is `61+`.
fn bucket_key(bucket: &str) -> String {
    if bucket == ">60" { "61+".to_owned() } else { bucket.replace('–', "-") }
}

fn checks(material: &Material<'_>) -> Value {
    let mut counts = Map::new();
    for kind in CheckKind::ALL {
        let count = material.reconciled.checks.iter().filter(|c| c.kind == kind).count();
        counts.insert(kind.id().to_owned(), json!(count));
    }
    Value::Object(counts)
}

/// Rows and amounts of each outcome, by the id of the rules.
fn matching(material: &Material<'_>) -> Value {
    let sum = |sum: Sum| json!({ "rows": sum.rows, "amount_fen": sum.amount });
    let mut out = Map::new();
    for matching in &material.reconciled.matchings {
        let bin = |bin: Bin| {
            let [left, right] = [matching.totals.bin(0, bin), matching.totals.bin(1, bin)];
            (bin.id().to_owned(), json!({ "left": sum(left), "right": sum(right) }))
        };
        out.insert(matching.id.clone(), Value::Object(Bin::ALL.into_iter().map(bin).collect()));
    }
    Value::Object(out)
}

/// Sums over the rows of the exports: everything up to the date, or of one day. Opening items are apart.
fn totals(material: &Material<'_>, of_day: Option<chrono::NaiveDate>) -> Value {
    let facts = &material.reconciled.facts;
    let is_in = |date: Option<chrono::NaiveDate>| of_day.is_none() || of_day == date;
    let settlements: Vec<_> = facts.settlements.iter().filter(|s| is_in(s.settled_on())).collect();
    let receipts: Vec<_> =
        facts.receipts.iter().filter(|r| is_in(r.received_at.map(|t| t.date())) && !r.is_opening).collect();
    let sales: Vec<_> = facts.sales.iter().filter(|s| is_in(s.sold_at.map(|t| t.date()))).collect();
    let orders = facts.orders.iter().filter(|o| o.is_live() && is_in(o.opened_at.map(|t| t.date()))).count();
    let mut tenders: BTreeMap<&str, i64> = BTreeMap::new();
    for receipt in &receipts {
        *tenders.entry(&receipt.tender).or_insert(0) += receipt.amount.0;
    }
    let mut totals = json!({
        "live_orders": orders,
        "settlements": settlements.len(),
        "labor_fen": settlements.iter().map(|s| s.labor_amount.0).sum::<i64>(),
        "parts_fen": settlements.iter().map(|s| s.parts_amount.0).sum::<i64>(),
        "customer_due_fen": settlements.iter().map(|s| s.customer_due.0).sum::<i64>(),
        "counter_sales_fen": sales.iter().map(|s| s.amount.0).sum::<i64>(),
        "receipts": receipts.len(),
        "received_fen": receipts.iter().map(|r| r.amount.0).sum::<i64>(),
        "by_tender_fen": tenders,
    });
    if of_day.is_none() {
        totals["order_lines"] = lines(material);
        totals["opening_due_fen"] = json!(facts.openings.iter().map(|o| o.due.0).sum::<i64>());
        totals["opening_received_fen"] = json!(facts.openings.iter().map(|o| o.received.0).sum::<i64>());
    }
    totals
}

/// Labour and materials of live orders, settled or not: what the workshop has done.
fn lines(material: &Material<'_>) -> Value {
    let sums = reconcile::line_sums(&material.reconciled.facts);
    let live = material.reconciled.facts.orders.iter().filter(|o| o.is_live());
    let (mut labor, mut parts, mut without) = (0, 0, 0);
    for order in live {
        match sums.get(&order.order_id) {
            Some(sum) => (labor, parts) = (labor + sum.labor.0, parts + sum.parts.0),
            None => without += 1,
        }
    }
    json!({ "labor_fen": labor, "parts_fen": parts, "live_orders_without_lines": without })
}

fn figures_of(figures: &Figures<'_>, period: Period) -> Result<Value, ReportError> {
    let mut out = Map::new();
    for figure in figures.catalogue.figures.values().filter(|f| !f.internal) {
        out.insert(figure.id.clone(), amount(figure, figures.value(&figure.id, period)?));
    }
    Ok(Value::Object(out))
}

/// A figure's value; `null` where no export tells it.
fn amount(figure: &Figure, amount: Amount) -> Value {
    let fen = figure.unit == crate::report::spec::Unit::Fen;
    match amount {
        Amount::Whole(value) if fen => json!({ "value_fen": value }),
        Amount::Whole(value) => json!({ "value": value }),
        Amount::Ratio { numerator, denominator } => json!({ "numerator": numerator, "denominator": denominator }),
        Amount::NotKnown if fen => json!({ "value_fen": null }),
        Amount::NotKnown if matches!(figure.formula, Formula::Ratio(_)) => {
            json!({ "numerator": null, "denominator": null })
        }
        Amount::NotKnown => json!({ "value": null }),
    }
}

/// Dimension, its member, figure: what the figure specs ask for by `by`.
fn figures_by(figures: &Figures<'_>, period: Period) -> Result<Value, ReportError> {
    let mut out: BTreeMap<&str, BTreeMap<String, Map<String, Value>>> = BTreeMap::new();
    for figure in figures.catalogue.figures.values() {
        for dimension in &figure.by {
            let members = out.entry(dimension).or_default();
            for (cell, value) in figures.by(&figure.id, period, std::slice::from_ref(dimension))? {
                let member = match &cell[..] {
                    [crate::model::Value::Text(text)] => text.clone(),
                    [crate::model::Value::Int(number)] => number.to_string(),
                    _ => String::new(),
                };
                members.entry(member).or_default().insert(figure.id.clone(), amount(figure, value));
            }
        }
    }
    Ok(json!(out))
}

/// What a new revision changed: files by name, and every number of the manifest that differs.
pub fn changes(former: &Value, files: &Files) -> (Vec<u8>, Vec<String>) {
    let now: Value = files.get("manifest.json").and_then(|b| serde_json::from_slice(b).ok()).unwrap_or_default();
    let mut lines = Vec::new();
    for part in [
        "clearing",
        "receivables",
        "checks",
        "matching",
        "totals",
        "day_totals",
        "figures",
        "figures_by",
        "findings",
        "missing",
    ] {
        differences(part, &former[part], &now[part], &mut lines);
    }
    let hashes = |manifest: &Value| -> BTreeMap<String, String> {
        let inputs = manifest["inputs"].as_array().cloned().unwrap_or_default();
        inputs.iter().map(|i| (i["sha256"].to_string(), i["file"].as_str().unwrap_or("").to_owned())).collect()
    };
    let (before, after) = (hashes(former), hashes(&now));
    let new_files = after.iter().filter(|(sha, _)| !before.contains_key(*sha)).map(|(_, name)| format!("+ {name}"));
    let gone = before.iter().filter(|(sha, _)| !after.contains_key(*sha)).map(|(_, name)| format!("- {name}"));
    lines.extend(new_files.chain(gone));
    let text = json!({ "from_revision": former["revision"], "to_revision": now["revision"], "changes": lines });
    (serde_json::to_vec_pretty(&text).unwrap_or_default(), lines)
}

fn differences(path: &str, before: &Value, after: &Value, lines: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(left), Value::Object(right)) => {
            let keys: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let get = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                differences(&format!("{path}.{key}"), &get(left), &get(right), lines);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (place, (left, right)) in left.iter().zip(right).enumerate() {
                differences(&format!("{path}.{place}"), left, right, lines);
            }
        }
        (left, right) if left != right => lines.push(format!("{path}: {left} → {right}")),
        _ => {}
    }
}
