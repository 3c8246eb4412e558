//! What the rules made of the shop's tables: every match and every open row, and the totals that prove them.

use super::{Material, View, column, day, days_between, number, places, text, yes};
use crate::model::{ColumnKind, Fen, Lang, Text, Value};
use crate::reconcile::matcher::Bin;
use crate::reconcile::{MatchItem, Matching};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const ITEMS: View = View {
    id: "matches",
    grain: "one row a match of rows by rules, or a row that none was found for",
    columns: item_columns,
    rows: item_rows,
};

pub const TOTALS: View =
    View { id: "match_totals", grain: "one row a rule and outcome", columns: total_columns, rows: total_rows };

fn item_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Key, Text};
    vec![
        column("rule", Text, "核对", "Matching"),
        column("rule_id", Text, "核对代码", "Rules"),
        column("outcome", Text, "结果", "Outcome"),
        column("outcome_id", Text, "结果代码", "Outcome id"),
        column("outcome_place", Int, "结果次序", "Place of the outcome"),
        column("group", Text, "归属", "Of"),
        column("group_id", Text, "归属代码", "Of (code)"),
        column("order_no", Key, "委托单号", "Order no."),
        column("left_ids", Key, "左方编号", "Left"),
        column("right_ids", Key, "右方编号", "Right"),
        column("left_amount", Fen, "左方金额", "Left amount"),
        column("right_amount", Fen, "右方金额", "Right amount"),
        column("difference", Fen, "差额", "Difference"),
        column("left_on", Date, "左方日期", "Left date"),
        column("right_on", Date, "右方日期", "Right date"),
        column("date", Date, "日期", "Date"),
        column("age_days", Int, "账龄(天)", "Age (days)"),
        column("is_ambiguous", Bool, "另有可能", "Could be another"),
        column("how", Text, "依据", "How"),
        column("source", Text, "来源", "Source"),
    ]
}

fn item_rows(material: &Material<'_>) -> ViewRows {
    let matchings = &material.reconciled.matchings;
    matchings.iter().flat_map(|m| m.items.iter().map(move |item| item_row(material, m, item))).collect()
}

fn item_row(material: &Material<'_>, matching: &Matching, item: &MatchItem) -> Vec<Value> {
    let amount = |amount: Option<Fen>| amount.map_or(Value::Null, |fen| Value::Int(fen.0));
    let age = item.date().map(|date| days_between(date, material.as_of));
    vec![
        text(name(matching, material.lang)),
        text(matching.id.as_str()),
        text(title(item).get(material.lang)),
        text(item.outcome.id()),
        Value::Int(place(item.outcome)),
        text(group(material, &item.group)),
        text(item.group.as_str()),
        text(item.order_no.as_str()),
        text(item.ids[0].as_str()),
        text(item.ids[1].as_str()),
        amount(item.amounts[0]),
        amount(item.amounts[1]),
        Value::Int(item.diff().0),
        day(item.dates[0]),
        day(item.dates[1]),
        day(item.date()),
        number(age),
        yes(item.is_ambiguous),
        text(item.how[usize::from(material.lang == Lang::En)].as_str()),
        text(places(material, &item.origins)),
    ]
}

fn name(matching: &Matching, lang: Lang) -> &str {
    match lang {
        Lang::Zh => &matching.zh,
        Lang::En => &matching.en,
    }
}

/// The name of a code, of whichever word list has it.
fn group(material: &Material<'_>, code: &str) -> String {
    let list = material.tables.lists.iter().find(|list| list.words.iter().any(|word| word.code == code));
    list.map_or_else(|| code.to_owned(), |list| list.name(code, material.lang))
}

fn place(bin: Bin) -> i64 {
    Bin::ALL.iter().position(|b| *b == bin).and_then(|at| i64::try_from(at).ok()).unwrap_or(0) // every bin stands in it
}

/// An open row says on which side it stands.
fn title(item: &MatchItem) -> Text {
    match (item.outcome, item.amounts) {
        (Bin::Unmatched, [Some(_), None]) => Text::new("右方无对应", "not on the right"),
        (Bin::Unmatched, _) => Text::new("左方无对应", "not on the left"),
        (bin, _) => bin.title(),
    }
}

fn total_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Fen, Int, Text};
    vec![
        column("rule", Text, "核对", "Matching"),
        column("rule_id", Text, "核对代码", "Rules"),
        column("outcome", Text, "结果", "Outcome"),
        column("outcome_id", Text, "结果代码", "Outcome id"),
        column("place", Int, "次序", "Place"),
        column("left_rows", Int, "左方行数", "Left rows"),
        column("left_amount", Fen, "左方金额", "Left amount"),
        column("right_rows", Int, "右方行数", "Right rows"),
        column("right_amount", Fen, "右方金额", "Right amount"),
    ]
}

fn total_rows(material: &Material<'_>) -> ViewRows {
    let mut rows = Vec::new();
    for matching in &material.reconciled.matchings {
        for bin in Bin::ALL {
            let [left, right] = [matching.totals.bin(0, bin), matching.totals.bin(1, bin)];
            if left.rows + right.rows > 0 {
                rows.push(vec![
                    text(name(matching, material.lang)),
                    text(matching.id.as_str()),
                    text(bin.title().get(material.lang)),
                    text(bin.id()),
                    Value::Int(place(bin)),
                    Value::Int(left.rows),
                    Value::Int(left.amount),
                    Value::Int(right.rows),
                    Value::Int(right.amount),
                ]);
            }
        }
    }
    rows
}
