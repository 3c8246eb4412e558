//! What the accountant works through: every open item, unknown receipt and check, and what was decided about it.

use super::{Material, View, clearing, column, day, facts, text};
use crate::model::{ColumnKind, Lang, Value};
use crate::reconcile::decisions::{Act, InEffect, Judged, Verdict, id_of_item, id_of_unknown, ids_of_checks};
use crate::reconcile::{Check, CheckKind, Item, Unknown};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View {
    id: "exceptions",
    grain: "one row an open order or sale, a receipt without an order, or a check that fired",
    columns,
    rows,
};

pub const DECISIONS: View =
    View { id: "decision_facts", grain: "one row a decision", columns: decision_columns, rows: decision_rows };

fn columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Key, Text};
    vec![
        column("place", Int, "次序", "Place"),
        column("what", Text, "异常", "Exception"),
        column("what_id", Text, "异常代码", "Exception id"),
        column("order_no", Key, "委托单号", "Order no."),
        column("receipt_nos", Text, "收据号", "Receipts"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户", "Customer"),
        column("due", Fen, "应收", "Due"),
        column("received", Fen, "已收", "Received"),
        column("difference", Fen, "差额", "Difference"),
        column("event_on", Date, "日期", "Date"),
        column("age_days", Int, "账龄(天)", "Age (days)"),
        column("hint", Text, "建议/说明", "Hint"),
        column("decided", Text, "已作处理", "Decided"),
        column("as_of", Date, "报表日", "Reporting date"),
        column("id", Text, "编号", "Id"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let clearing = &material.reconciled.clearing;
    let decided = InEffect::of(clearing);
    let mut rows: ViewRows =
        clearing.items.iter().filter(|i| i.category.is_open()).map(|i| item(material, &decided, i)).collect();
    rows.extend(clearing.unknown.iter().map(|u| unknown(material, &decided, u)));
    let checks = &material.reconciled.checks;
    rows.extend(checks.iter().zip(ids_of_checks(checks)).map(|(c, id)| check(material, &decided, c, &id)));
    rows
}

fn item(material: &Material<'_>, decided: &InEffect<'_>, item: &Item) -> Vec<Value> {
    let id = id_of_item(item);
    vec![
        clearing::place(item.category),
        text(item.category.title().get(material.lang)),
        text(item.category.id()),
        text(item.number.as_str()),
        text(item.receipt_nos.join(" ")),
        text(item.plate.as_str()),
        text(item.customer.as_str()),
        Value::Int(item.due.0),
        Value::Int(item.received.0),
        Value::Int(item.diff().0),
        day(item.event_date()),
        Value::Int(item.age_days),
        text(item.category.remedy().get(material.lang)),
        text(clearing::words(material, decided, &id)),
        Value::Date(material.as_of),
        text(id),
    ]
}

fn unknown(material: &Material<'_>, decided: &InEffect<'_>, unknown: &Unknown) -> Vec<Value> {
    let receipt = &facts(material).receipts[unknown.receipt];
    let category = crate::reconcile::Category::UnknownOrder;
    let id = id_of_unknown(unknown);
    vec![
        clearing::place(category),
        text(category.title().get(material.lang)),
        text(category.id()),
        text(receipt.order_ref.as_str()),
        text(receipt.receipt_no.as_str()),
        text(receipt.plate.as_str()),
        text(receipt.payer.as_str()),
        Value::Int(0),
        Value::Int(unknown.amount.0),
        Value::Int(unknown.amount.0),
        day(receipt.received_at.map(|t| t.date())),
        Value::Int(unknown.age_days),
        text(clearing::suggestions(material, unknown)),
        text(clearing::words(material, decided, &id)),
        Value::Date(material.as_of),
        text(id),
    ]
}

fn check(material: &Material<'_>, decided: &InEffect<'_>, check: &Check, id: &str) -> Vec<Value> {
    let at = CheckKind::ALL.iter().position(|kind| *kind == check.kind).unwrap_or(0); // every kind stands in it
    let age = check.date.map(|date| super::days_between(date, material.as_of));
    // A decision that does not fit is withdrawn by its own id; a withdrawal of nothing can only be explained.
    let own = |judged: &&Judged| {
        check.kind == CheckKind::DecisionUnfit
            && judged.act != Act::Withdraw
            && check.origins.contains(&judged.decision.origin)
    };
    let of_decision = material.reconciled.clearing.decisions.iter().find(own).map(Judged::id);
    vec![
        Value::Int(100 + i64::try_from(at).unwrap_or(0)), // after the categories of the clearing
        text(check.kind.title().get(material.lang)),
        text(check.kind.id()),
        text(check.order_no.as_str()),
        text(check.receipt_no.as_str()),
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Int(check.amount.0),
        day(check.date),
        super::number(age),
        text(check.detail.as_str()),
        text(clearing::words(material, decided, id)),
        Value::Date(material.as_of),
        text(of_decision.as_deref().unwrap_or(id)),
    ]
}

fn decision_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Key, Text};
    vec![
        column("place", Int, "序号", "No."),
        column("act", Text, "已作处理", "Decided"),
        column("about", Text, "对象", "About"),
        column("target_order", Key, "归属单号", "Assigned to"),
        column("moved", Fen, "处理差额", "Amount in effect"),
        column("why", Text, "原因", "Why"),
        column("who", Text, "经办", "By"),
        column("on", Date, "处理日", "On"),
        column("state", Text, "状态", "State"),
        column("state_id", Text, "状态代码", "State id"),
        column("note", Text, "说明", "Note"),
        column("source", Text, "来源", "Source"),
        column("as_of", Date, "报表日", "Reporting date"),
        column("id", Text, "编号", "Id"),
    ]
}

fn decision_rows(material: &Material<'_>) -> ViewRows {
    let row = |(place, judged): (i64, &Judged)| {
        let decision = &judged.decision;
        let state = match judged.verdict {
            Verdict::Effective(_) => "effective",
            Verdict::Settled | Verdict::Open => "settled",
            Verdict::Withdrawn => "withdrawn",
            Verdict::Unfit(_) => "unfit",
        };
        let moved = match judged.verdict {
            Verdict::Effective(amount) if !amount.is_zero() => Value::Int(amount.0),
            _ => Value::Null, // a word, or nothing
        };
        vec![
            Value::Int(place),
            text(judged.act.title().get(material.lang)),
            text(about(judged, material.lang)),
            text(decision.target_order.as_str()),
            moved,
            text(decision.reason.as_str()),
            text(decision.decided_by.as_str()),
            day(decision.as_of),
            text(judged.verdict.title().get(material.lang)),
            text(state),
            text(judged.why(material.lang)),
            text(clearing::places(material, std::slice::from_ref(&decision.origin))),
            Value::Date(material.as_of),
            text(judged.id()),
        ]
    };
    (1..).zip(&material.reconciled.clearing.decisions).map(row).collect()
}

/// What a decision is about: the check, receipt or order of its id.
fn about(judged: &Judged, lang: Lang) -> String {
    let item = judged.decision.item.as_str();
    let mut parts = item.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("K"), Some(kind), rest) => {
            let title = CheckKind::from_id(kind).map_or(kind.to_owned(), |k| k.title().get(lang).to_owned());
            format!("{title} {}", rest.unwrap_or_default().replace(':', " ").trim())
        }
        (Some("O" | "R"), Some(number), _) => number.to_owned(),
        _ => item.to_owned(),
    }
}
