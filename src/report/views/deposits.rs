//! The movement of deposits: opening + received − applied − refunded = closing.

use super::{Material, View, column, fen, text, yes};
use crate::model::dates::first_of_month;
use crate::model::{ColumnKind, Text, Value};
use crate::reconcile::DepositMonth;
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View =
    View { id: "deposits", grain: "one row an owner and month with a movement or a balance", columns, rows };

fn columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Text};
    vec![
        column("owner", Text, "车辆/客户", "Vehicle or customer"),
        column("month", Text, "月份", "Month"),
        column("month_first", Date, "月初", "First day"),
        column("opening", Fen, "期初", "Opening"),
        column("received", Fen, "本月收", "Received"),
        column("applied", Fen, "本月抵扣", "Applied"),
        column("refunded", Fen, "本月退", "Refunded"),
        column("closing", Fen, "期末", "Closing"),
        column("is_now", Bool, "当月", "This month"),
        column("state", Text, "状态", "State"),
    ]
}

fn rows(material: &Material<'_>) -> ViewRows {
    let now = first_of_month(material.as_of);
    let row = |month: &DepositMonth| {
        let state = match month.closing().0 {
            less if less < 0 => Text::new("透支", "overdrawn"),
            0 => Text::new("已清", "used up"),
            _ => Text::new("有余额", "held"),
        };
        vec![
            text(month.owner.as_str()),
            text(month.month.format("%Y-%m").to_string()),
            Value::Date(month.month),
            fen(month.opening),
            fen(month.received),
            fen(month.applied),
            fen(month.refunded),
            fen(month.closing()),
            yes(month.month == now),
            text(state.get(material.lang)),
        ]
    };
    material.reconciled.deposits.months.iter().map(row).collect()
}
