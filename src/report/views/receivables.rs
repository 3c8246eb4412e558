//! Open debts by debtor and age.

use super::{Material, View, clearing, column, day, fen, text, word};
use crate::model::{ColumnKind, Text, Value};
use crate::reconcile::{Debtor, Receivable, debt_bucket};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "receivables", grain: "one row an open debt", columns, rows };

fn columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Key, Text};
    vec![
        column("class", Text, "类别", "Class"),
        column("class_id", Text, "类别代码", "Class id"),
        column("debtor", Text, "欠款方", "Debtor"),
        column("customer", Text, "客户", "Customer"),
        column("order_no", Key, "单号", "Document"),
        column("case_no", Key, "报案号", "Case no."),
        column("advisor", Text, "经办", "Who asks"),
        column("documents", Text, "结算单号/索赔单号", "Settlement or claim"),
        column("plate", Text, "车牌号", "Plate"),
        column("since", Date, "起算日", "Since"),
        column("due", Fen, "应收", "Due"),
        column("received", Fen, "已收", "Received"),
        column("deducted", Fen, "扣减", "Deducted"),
        column("paid_on", Date, "最近回款", "Last payment"),
        column("open", Fen, "未收", "Open"),
        column("suggested", Fen, "建议核销", "Suggested"),
        column("age_days", Int, "账龄(天)", "Age (days)"),
        column("bucket", Text, "账龄段", "Age"),
        column("source", Text, "来源", "Source"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let row = |debt: &Receivable| {
        vec![
            text(debt.class.title().get(material.lang)),
            text(debt.class.id()),
            text(debtor(material, debt)),
            text(debt.customer.as_str()),
            text(debt.order_no.as_str()),
            text(debt.case_no.as_str()),
            text(debt.advisor.as_str()),
            text(debt.documents.join(" ")),
            text(debt.plate.as_str()),
            day(debt.since),
            fen(debt.due),
            fen(debt.received),
            if debt.deducted.is_zero() { Value::Null } else { fen(debt.deducted) },
            day(debt.paid_on),
            fen(debt.open()),
            if debt.suggested.is_zero() { Value::Null } else { fen(debt.suggested) },
            Value::Int(debt.age_days),
            text(debt_bucket(debt.age_days)),
            text(clearing::places(material, &debt.origins)),
        ]
    };
    material.reconciled.receivables.iter().map(row).collect()
}

/// The customer, insurer or lender; words for one that no export names; for the maker the dealer that claims.
fn debtor(material: &Material<'_>, debt: &Receivable) -> String {
    match debt.class {
        Debtor::Customer | Debtor::Company => debt.debtor.clone(),
        Debtor::Insurer | Debtor::Lender if !debt.debtor.is_empty() => debt.debtor.clone(),
        Debtor::Lender => Text::new("贷款机构（未列名）", "lender (not named)").get(material.lang).to_owned(),
        Debtor::Insurer => Text::new("保险公司（未列名）", "insurer (not named)").get(material.lang).to_owned(),
        Debtor::Maker => {
            let dealer = if debt.debtor.is_empty() { "own" } else { &debt.debtor };
            let dealer = word(material, "warranty_claims", "dealer", dealer);
            Text::new("厂家（{0}）", "maker ({0})").fill(material.lang, &[&dealer])
        }
    }
}
