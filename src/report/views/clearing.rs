//! The clearing: its items (unknown receipts among them), the checks that fired, the roll-forward.

use super::{Material, View, column, day, facts, text, yes};
use crate::model::{ColumnKind, Text, Value};
use crate::reconcile::decisions::{InEffect, id_of_item, id_of_unknown};
use crate::reconcile::{Category, Item, Movement, RollForward, Unknown, age_bucket};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const ITEMS: View = View {
    id: "clearing",
    grain: "one row an order, counter sale or unknown receipt",
    columns: item_columns,
    rows: item_rows,
};

pub const CHECKS: View =
    View { id: "checks", grain: "one row a check that fired", columns: check_columns, rows: check_rows };

pub const ROLL_FORWARD: View =
    View { id: "roll_forward", grain: "one row a line of the roll-forward", columns: roll_columns, rows: roll_rows };

fn item_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Key, Text};
    vec![
        column("category", Text, "分类", "Category"),
        column("category_id", Text, "分类代码", "Category id"),
        column("category_place", Int, "分类次序", "Place of the category"),
        column("number", Key, "委托单号", "Order no."),
        column("receipt_nos", Text, "收据号", "Receipts"),
        column("settlement_nos", Text, "结算单号", "Settlements"),
        column("plate", Text, "车牌号", "Plate"),
        column("customer", Text, "客户", "Customer"),
        column("advisor", Text, "服务顾问", "Advisor"),
        column("due", Fen, "应收", "Due"),
        column("received", Fen, "已收", "Received"),
        column("written_off", Fen, "核销", "Written off"),
        column("diff", Fen, "差额", "Difference"),
        column("settled_on", Date, "结算日期", "Settled on"),
        column("received_on", Date, "收款日期", "Received on"),
        column("cross_day", Text, "跨日", "Cross-day"),
        column("tenders", Text, "收款方式", "Tenders"),
        column("cashiers", Text, "收银员", "Cashiers"),
        column("age_days", Int, "账龄(天)", "Age (days)"),
        column("age_bucket", Text, "账龄段", "Age"),
        column("is_open", Bool, "未销", "Open"),
        column("is_sale", Bool, "零售", "Counter sale"),
        column("event_on", Date, "起算日", "From"),
        column("hint", Text, "建议/处理", "What to do"),
        column("decided", Text, "已作处理", "Decided"),
        column("source", Text, "来源", "Source"),
        column("as_of", Date, "盘点日期", "Counted on"),
    ]
}

fn item_rows(material: &Material<'_>) -> ViewRows {
    let clearing = &material.reconciled.clearing;
    let decided = InEffect::of(clearing);
    let mut rows: ViewRows = clearing.items.iter().map(|i| item_row(material, &decided, i)).collect();
    rows.extend(clearing.unknown.iter().map(|u| unknown_row(material, &decided, u)));
    rows
}

fn item_row(material: &Material<'_>, in_effect: &InEffect<'_>, item: &Item) -> Vec<Value> {
    let tenders: Vec<String> = item.tenders.iter().map(|code| tender_name(material, code)).collect();
    let cross = Text::new("跨日", "cross-day").get(material.lang);
    vec![
        text(item.category.title().get(material.lang)),
        text(item.category.id()),
        place(item.category),
        text(item.number.as_str()),
        text(item.receipt_nos.join(" ")),
        text(item.settlement_nos.join(" ")),
        text(item.plate.as_str()),
        text(item.customer.as_str()),
        text(item.advisor.as_str()),
        Value::Int(item.due.0),
        Value::Int(item.received.0),
        Value::Int(item.written_off.0),
        Value::Int(item.diff().0),
        day(item.settled_on),
        day(item.received_on),
        text(if item.cross_day { cross } else { "" }),
        text(tenders.join(" ")),
        text(item.cashiers.join(" ")),
        Value::Int(item.age_days),
        text(age_bucket(item.age_days)),
        yes(item.category.is_open()),
        yes(item.is_sale()),
        day(item.event_date()),
        text(item.category.remedy().get(material.lang)),
        text(decided(material, in_effect, item)),
        text(places(material, &item.origins)),
        Value::Date(material.as_of),
    ]
}

/// What was decided about an order, and which receipts were assigned to it.
fn decided(material: &Material<'_>, decided: &InEffect<'_>, item: &Item) -> String {
    let own = words(material, decided, &id_of_item(item));
    let moved = decided
        .to(item)
        .map(|judged| format!("{} {}", judged.decision.item.get(2..).unwrap_or_default(), judged.words(material.lang)));
    std::iter::once(own).filter(|own| !own.is_empty()).chain(moved).collect::<Vec<String>>().join("; ")
}

/// What was decided about an exception and holds, in words.
pub fn words(material: &Material<'_>, decided: &InEffect<'_>, id: &str) -> String {
    let words = decided.about(id).iter().map(|judged| judged.words(material.lang));
    words.collect::<Vec<String>>().join("; ")
}

/// Place of a category in the list of DOMAIN section 3.
pub fn place(category: Category) -> Value {
    let at = Category::ALL.iter().position(|c| *c == category).unwrap_or(0); // every category stands in it
    Value::Int(i64::try_from(at).unwrap_or(0))
}

fn tender_name(material: &Material<'_>, code: &str) -> String {
    super::word(material, "receipts", "tender", code)
}

fn unknown_row(material: &Material<'_>, in_effect: &InEffect<'_>, unknown: &Unknown) -> Vec<Value> {
    let receipt = &facts(material).receipts[unknown.receipt];
    let category = Category::UnknownOrder;
    let received_on = receipt.received_at.map_or(Value::Null, |t| Value::Date(t.date()));
    vec![
        text(category.title().get(material.lang)),
        text(category.id()),
        place(category),
        text(receipt.order_ref.as_str()),
        text(receipt.receipt_no.as_str()),
        Value::Null,
        text(receipt.plate.as_str()),
        text(receipt.payer.as_str()),
        Value::Null,
        Value::Int(0),
        Value::Int(unknown.amount.0),
        Value::Int(0),
        Value::Int(unknown.amount.0),
        Value::Null,
        received_on.clone(),
        Value::Null,
        text(tender_name(material, &receipt.tender)),
        text(receipt.cashier.as_str()),
        Value::Int(unknown.age_days),
        text(age_bucket(unknown.age_days)),
        yes(true),
        yes(false),
        received_on,
        text(suggestions(material, unknown)),
        text(words(material, in_effect, &id_of_unknown(unknown))),
        text(places(material, std::slice::from_ref(&receipt.origin))),
        Value::Date(material.as_of),
    ]
}

/// The suggestions in words, best first; never applied.
pub fn suggestions(material: &Material<'_>, unknown: &Unknown) -> String {
    if unknown.suggestions.is_empty() {
        return Text::new("无建议：请核对收据", "no suggestion: check the receipt").get(material.lang).to_owned();
    }
    let one = |s: &crate::reconcile::Suggestion| {
        format!("{} {} ({})", s.number, s.plate, s.reason.title().get(material.lang))
    };
    let all: Vec<String> = unknown.suggestions.iter().map(one).collect();
    format!("{}{}", Text::new("疑为：", "probably: ").get(material.lang), all.join("; "))
}

/// file!sheet:row, the rows of one file together.
pub fn places(material: &Material<'_>, origins: &[crate::model::Origin]) -> String {
    let one = |o: &crate::model::Origin| o.place(&(material.file_name)(o.file));
    let mut places: Vec<String> = origins.iter().map(one).collect();
    places.dedup();
    places.join("; ")
}

fn check_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Key, Text};
    vec![
        column("check", Text, "检查", "Check"),
        column("check_id", Text, "检查代码", "Check id"),
        column("order_no", Key, "委托单号", "Order no."),
        column("receipt_no", Key, "收据号", "Receipt no."),
        column("amount", Fen, "金额", "Amount"),
        column("date", Date, "日期", "Date"),
        column("detail", Text, "说明", "Detail"),
        column("source", Text, "来源", "Source"),
    ]
}

fn check_rows(material: &Material<'_>) -> ViewRows {
    let row = |check: &crate::reconcile::Check| {
        vec![
            text(check.kind.title().get(material.lang)),
            text(check.kind.id()),
            text(check.order_no.as_str()),
            text(check.receipt_no.as_str()),
            Value::Int(check.amount.0),
            day(check.date),
            text(check.detail.as_str()),
            text(places(material, &check.origins)),
        ]
    };
    material.reconciled.checks.iter().map(row).collect()
}

fn roll_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Fen, Int, Text};
    vec![
        column("place", Int, "次序", "Place"),
        column("line", Text, "项目", "Line"),
        column("day_items", Int, "当日项数", "Items, day"),
        column("day_amount", Fen, "当日差额", "Difference, day"),
        column("month_items", Int, "本月项数", "Items, month"),
        column("month_amount", Fen, "本月差额", "Difference, month"),
    ]
}

/// A line of the roll-forward: what it is called, its movement, and whether it is taken off.
type Line = (Text, fn(&RollForward) -> Movement);

const LINES: [Line; 6] = [
    (Text::new("期初未销", "Opening"), |roll| roll.opening),
    (Text::new("＋ 新增", "+ new"), |roll| roll.new),
    (Text::new("－ 销号", "− cleared"), |roll| roll.cleared),
    (Text::new("± 调整", "± corrected"), |roll| roll.corrected),
    (Text::new("± 关账后变更", "± changed after the close"), |roll| roll.changed_after_close),
    (Text::new("期末未销", "Closing"), |roll| roll.closing),
];

/// One row a line, for the day and the month to date: the periods that the run rolls forward, in this order.
fn roll_rows(material: &Material<'_>) -> ViewRows {
    let row = |(place, (title, of)): (i64, &Line)| {
        let mut values = vec![Value::Int(place), text(title.get(material.lang))];
        for (_, roll) in material.roll_forwards {
            let movement = of(roll);
            values.extend([Value::Int(movement.items), Value::Int(movement.amount.0)]);
        }
        values
    };
    (1..).zip(&LINES).map(row).collect()
}
