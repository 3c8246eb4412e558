//! Old parts of claims: kept, to go back, gone back, late.

use super::{Material, View, column, day, days_between, facts, text, word, words_of};
use crate::model::records::Claim;
use crate::model::{ColumnKind, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "old_parts", grain: "one row a claim with an old part", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Key, Text};
    vec![
        column("claim_no", Key, "索赔单号", "Claim no."),
        column("dealer", words_of(tables, "warranty_claims", "dealer"), "申报单位", "Dealer"),
        column("order_no", Key, "委托单号", "Order no."),
        column("vin", Key, "车架号", "VIN"),
        column("old_part_no", Key, "旧件编号", "Old part no."),
        column("filed_on", Date, "申报日期", "Filed on"),
        column("claim_status", Text, "索赔状态", "Claim"),
        column("decided_on", Date, "审批日期", "Decided on"),
        column("approved", Fen, "批准金额", "Approved"),
        column("due_on", Date, "应返日期", "Due back"),
        column("returned_on", Date, "返回日期", "Returned on"),
        column("days_late", Int, "逾期天数", "Days late"),
        column("state", Text, "状态", "State"),
        column("state_id", Text, "状态代码", "State id"),
    ]
}

/// Where an old part stands: id, words.
const STATES: [(&str, Text); 5] = [
    ("returned", Text::new("已返还", "returned")),
    ("late", Text::new("逾期未返", "late")),
    ("to_return", Text::new("待返还", "to return")),
    ("refused", Text::new("未批准留存", "kept, claim refused")),
    ("stored", Text::new("在库待审", "stored, not decided")),
];

fn rows(material: &Material<'_>) -> ViewRows {
    let terms = material.reconciled.settings.warranty;
    let row = |claim: &Claim| {
        let approved = claim.approved();
        let due_on = terms.old_part_due_on(claim);
        let late = due_on.map_or(0, |due| days_between(due, material.as_of));
        let state = match (claim.old_part_returned_on, approved, claim.decided_on) {
            (Some(_), ..) => 0,
            (None, Some(_), _) if late > 0 => 1,
            (None, Some(_), _) => 2,
            (None, None, Some(_)) => 3,
            (None, None, None) => 4,
        };
        let (id, words) = STATES[state];
        vec![
            text(claim.claim_no.as_str()),
            text(claim.dealer.as_str()),
            text(claim.order_no.as_str()),
            text(claim.vin.as_str()),
            text(claim.old_part_no.as_str()),
            day(claim.filed_on),
            text(word(material, "warranty_claims", "status", &claim.status)),
            day(claim.decided_on),
            approved.map_or(Value::Null, |amount| Value::Int(amount.0)),
            day(due_on),
            day(claim.old_part_returned_on),
            if id == "late" { Value::Int(late) } else { Value::Null },
            text(words.get(material.lang)),
            text(id),
        ]
    };
    facts(material).claims.iter().filter(|c| !c.old_part_no.is_empty()).map(row).collect()
}
