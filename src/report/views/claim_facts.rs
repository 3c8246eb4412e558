//! Claims with where they stand: filed, returned, approved, refused, paid, outstanding by age.

use chrono::NaiveDate;

use super::{Fields, Material, Orders, View, day, days_between, facts, number, plain, table_and, text, yes};
use crate::model::records::Claim;
use crate::model::{ColumnKind, Fen, Row, Text, Value};
use crate::reconcile::debt_bucket;
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "claim_facts", grain: "one row a claim", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Text};
    table_and(
        tables,
        "warranty_claims",
        &[
            ("advisor", Text, "服务顾问", "Advisor"),
            ("model", Text, "车型", "Model"),
            ("opened_on", Date, "进厂日期", "Order opened on"),
            ("is_approved", Bool, "已批准", "Approved"),
            ("is_refused", Bool, "已拒绝", "Refused"),
            ("is_returned", Bool, "曾退回", "Returned"),
            ("days_to_decide", Int, "审批天数", "Days to decide"),
            ("days_to_pay", Int, "回款天数", "Days to pay"),
            ("short", Fen, "少批金额", "Approved short"),
            ("outstanding", Fen, "未回款", "Outstanding"),
            ("age_days", Int, "账龄(天)", "Age (days)"),
            ("bucket", Text, "账龄段", "Age"),
            ("state", Text, "所处阶段", "Stage"),
            ("state_id", Text, "阶段代码", "Stage id"),
        ],
    )
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("warranty_claims") else { return Vec::new() };
    let own = Fields(Some(table));
    let orders = Orders::of(material);
    // Facts keep the order of the table's rows.
    let fact = |(row, claim): (&Row, &Claim)| {
        let order = orders.find(&claim.order_no);
        let of_order = |name: &str| orders.known(order, name);
        let resubmitted = own.get(row, "resubmissions").int().unwrap_or(0) > 0;
        let stage = Stage::of(claim, resubmitted);
        let since = |from: Option<NaiveDate>, to| number(from.zip(to).map(|(from, to)| days_between(from, to)));
        let approved = claim.approved();
        let outstanding = approved.map_or(Fen::ZERO, |amount| amount - claim.paid_amount.unwrap_or_default());
        let is_open = !outstanding.is_zero();
        let age = claim.decided_on.filter(|_| is_open).map(|decided| days_between(decided, material.as_of));
        let mut values = plain::values(table, row);
        values.extend([
            of_order("advisor"),
            of_order("model"),
            day(of_order("opened_at").date()),
            yes(approved.is_some()),
            yes(stage == Stage::Refused),
            yes(resubmitted),
            since(claim.filed_on, claim.decided_on),
            since(claim.decided_on, claim.paid_on),
            number(approved.map(|amount| (claim.total_amount - amount).0)),
            number(approved.map(|_| outstanding.0)),
            number(age),
            age.map_or(Value::Null, |days| text(debt_bucket(days))),
            text(stage.words().get(material.lang)),
            text(stage.id()),
        ]);
        values
    };
    (material.rows)("warranty_claims").iter().zip(&facts(material).claims).map(fact).collect()
}

/// How far a claim has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Filed,
    Returned,
    Refused,
    Approved,
    Paid,
}

impl Stage {
    fn of(claim: &Claim, resubmitted: bool) -> Stage {
        match (claim.paid_on, claim.approved(), claim.decided_on) {
            (Some(_), ..) => Stage::Paid,
            (None, Some(_), _) => Stage::Approved,
            (None, None, Some(_)) => Stage::Refused,
            (None, None, None) if resubmitted => Stage::Returned,
            (None, None, None) => Stage::Filed,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Stage::Filed => "filed",
            Stage::Returned => "returned",
            Stage::Refused => "refused",
            Stage::Approved => "approved",
            Stage::Paid => "paid",
        }
    }

    fn words(self) -> Text {
        match self {
            Stage::Filed => Text::new("已申报待审", "filed, not decided"),
            Stage::Returned => Text::new("退回待审", "returned, not decided"),
            Stage::Refused => Text::new("已拒绝", "refused"),
            Stage::Approved => Text::new("已批准未回款", "approved, not paid"),
            Stage::Paid => Text::new("已回款", "paid"),
        }
    }
}
