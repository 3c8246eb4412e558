//! What the maker approved and what it paid, claim by claim.

use std::collections::BTreeSet;

use super::{Material, View, column, day, days_between, facts, fen, number, text, words_of};
use crate::model::{ColumnKind, Text, Value};
use crate::reconcile::{ClaimPayment, Paid, claim_payments};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "claim_payments", grain: "one row a claim that is approved or paid", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Key, Text};
    vec![
        column("claim_no", Key, "索赔单号", "Claim no."),
        column("dealer", words_of(tables, "warranty_claims", "dealer"), "申报单位", "Dealer"),
        column("order_no", Key, "委托单号", "Order no."),
        column("filed_on", Date, "申报日期", "Filed on"),
        column("decided_on", Date, "审批日期", "Decided on"),
        column("approved", Fen, "批准金额", "Approved"),
        column("paid", Fen, "已付金额", "Paid"),
        column("difference", Fen, "差额", "Difference"),
        column("paid_on", Date, "付款日期", "Paid on"),
        column("statements", Text, "对账单号", "Statements"),
        column("payments", Int, "付款笔数", "Payments"),
        column("days_open", Int, "批准后天数", "Days since decided"),
        column("state", Text, "状态", "State"),
        column("state_id", Text, "状态代码", "State id"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let row = |(claim_no, payment): (&str, ClaimPayment<'_>)| {
        let claim = payment.claim;
        let own_paid_on = claim.and_then(|c| c.paid_on);
        let paid_on = payment.lines.iter().filter_map(|line| line.paid_on).max().or(own_paid_on);
        let statements: BTreeSet<&str> = payment.lines.iter().map(|line| line.statement_no.as_str()).collect();
        let statements: Vec<&str> = statements.into_iter().collect();
        let decided_on = claim.and_then(|c| c.decided_on);
        let open = decided_on.filter(|_| payment.off().0 < 0);
        let (id, words) = state(payment.state());
        vec![
            text(claim_no),
            text(claim.map_or("", |c| &c.dealer)),
            text(claim.map_or("", |c| &c.order_no)),
            day(claim.and_then(|c| c.filed_on)),
            day(decided_on),
            fen(payment.approved),
            fen(payment.paid),
            fen(payment.off()),
            day(paid_on),
            text(statements.join(" ")),
            Value::Int(i64::try_from(payment.lines.len()).unwrap_or(i64::MAX)),
            number(open.map(|since| days_between(since, material.as_of))),
            text(words.get(material.lang)),
            text(id),
        ]
    };
    claim_payments(facts(material)).into_iter().map(row).collect()
}

fn state(paid: Paid) -> (&'static str, Text) {
    match paid {
        Paid::Nothing => ("unpaid", Text::new("未付", "not paid")),
        Paid::Short => ("short", Text::new("少付", "short paid")),
        Paid::InFull => ("paid", Text::new("已付清", "paid")),
        Paid::Twice => ("twice", Text::new("重复付款", "paid twice")),
        Paid::Over => ("over", Text::new("多付", "over paid")),
        Paid::NoClaim => ("no_claim", Text::new("无此索赔单", "no such claim")),
    }
}
