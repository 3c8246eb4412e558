//! Care products (养护品): which lines earn a commission, when, and when it is taken back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{Fields, Material, Orders, View, column, day, facts, number, plain, table_and, text, words_of, yes};
use crate::model::fen::divide_half_away;
use crate::model::records::{PartLine, Settlement};
use crate::model::{ColumnKind, Fen, Row, Text, Value};
use crate::reconcile::decisions::{Act, InEffect, id_of_item};
use crate::reconcile::{Bearer, Item, live_settlements};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const LINES: View =
    View { id: "care_facts", grain: "one row a care product's part line", columns: line_columns, rows: line_rows };

pub const EVENTS: View = View {
    id: "care_lines",
    grain: "one row a care product's part line and day on which its commission was earned or taken back",
    columns: event_columns,
    rows: event_rows,
};

fn line_columns(tables: &Tables) -> Vec<ViewColumn> {
    let mut columns = event_columns(tables);
    columns.retain(|c| !["event", "event_id", "event_on"].contains(&c.name.as_str()));
    columns.extend([
        column("is_settled", ColumnKind::Bool, "已结算", "Settled"),
        column("is_collected", ColumnKind::Bool, "已结清", "Collected"),
        column("settled_on", ColumnKind::Date, "结算日期", "Settled on"),
        column("state", ColumnKind::Text, "状态", "State"),
    ]);
    columns
}

fn event_columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Key, Micro, Text};
    let mut columns = table_and(tables, "part_lines", &[]);
    columns.retain(|c| c.name != "qty" && c.name != "amount"); // they bear the event's sign below
    columns.extend(
        [
            ("order_no", Key, "委托单号", "Order no."),
            ("plate", Text, "车牌号", "Plate"),
            ("advisor", Text, "服务顾问", "Advisor"),
            ("job_type", words_of(tables, "repair_orders", "job_type"), "维修类型", "Job type"),
            ("qty", Micro, "数量", "Quantity"),
            ("amount", Fen, "收费金额", "Amount"),
            ("commission", Fen, "提成金额", "Commission"),
            ("basis", Text, "提成标准", "Rate"),
            ("event", Text, "计提/扣回", "Earned or taken back"),
            ("event_id", Text, "事件代码", "Event id"),
            ("event_on", Date, "计提日期", "Counts on"),
        ]
        .map(|(name, kind, zh, en)| column(name, kind, zh, en)),
    );
    columns
}

/// A care line with its order's clearing item.
struct Line<'a> {
    row: &'a Row,
    line: &'a PartLine,
    order: Option<usize>,
    item: Option<usize>,
    amount: i64,
    /// In fen; none where it is not known.
    commission: Option<i64>,
    basis: String,
}

/// Lines that a customer pays for earn: the clearing proves nothing of what others owe.
fn is_customers(line: &PartLine) -> bool {
    matches!(line.pay_type.as_str(), "customer" | "")
}

fn lines<'a>(material: &Material<'a>) -> Vec<Line<'a>> {
    let fields = Fields::of(material.tables, "part_lines");
    let orders = Orders::of(material);
    let items = material
        .reconciled
        .clearing
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.kind == crate::reconcile::SubjectKind::Order);
    let items: HashMap<&str, usize> = items.map(|(at, item)| (item.id.as_str(), at)).collect();
    let rates = Rates::of(material);
    let mut lines = Vec::new();
    // Facts keep the order of the table's rows.
    for (row, line) in (material.rows)("part_lines").iter().zip(&facts(material).part_lines) {
        if fields.get(row, "category").text() != "care" {
            continue;
        }
        let order = orders.find(&line.order_id);
        let id = order.map_or(line.order_id.as_str(), |order| orders.key(order));
        let amount = line.known_amount().unwrap_or_default().0;
        let (commission, basis) = rates.commission(line, amount);
        lines.push(Line { row, line, order, item: items.get(id).copied(), amount, commission, basis });
    }
    lines
}

/// What the shop pays: by part where its register of rates names the part, else the usual rate.
struct Rates {
    /// Ten-thousandths of the amount.
    usual: i64,
    /// Part: rate in millionths of the amount, fen a piece.
    by_part: HashMap<String, (Option<i64>, Option<i64>)>,
}

impl Rates {
    fn of(material: &Material<'_>) -> Rates {
        let fields = Fields::of(material.tables, "care_rates");
        let rate = |row: &Row| {
            let get = |name: &str| fields.get(row, name);
            (get("part_no").text().to_owned(), (get("rate").int(), get("per_unit").int()))
        };
        let by_part = (material.rows)("care_rates").iter().map(rate).collect();
        Rates { usual: material.named.number("care_commission"), by_part }
    }

    /// The commission of a line in fen, rounded once, and the rate in words. What is given away earns nothing; what a
    /// piece earns is not known where the pieces are not.
    fn commission(&self, line: &PartLine, amount: i64) -> (Option<i64>, String) {
        let of_amount = |rate_micro: i64| share(amount, rate_micro, 1_000_000);
        let per_cent = |rate_micro: i64| format!("{}%", decimal(i128::from(rate_micro) * 100));
        match self.by_part.get(&line.part_no).copied().unwrap_or_default() {
            (_, Some(per_unit)) if amount != 0 => {
                let earned = line.qty.and_then(|qty| share(qty, per_unit, 1_000_000));
                (earned, format!("{}/件", Fen(per_unit)))
            }
            (_, Some(per_unit)) => (Some(0), format!("{}/件", Fen(per_unit))),
            (Some(rate), None) => (of_amount(rate), per_cent(rate)),
            (None, None) => (of_amount(self.usual * 100), per_cent(self.usual * 100)),
        }
    }
}

/// amount × rate ÷ of, half away from zero; not known where it is larger than any amount.
fn share(amount: i64, rate: i64, of: i64) -> Option<i64> {
    let product = divide_half_away(i128::from(amount) * i128::from(rate), i128::from(of));
    i64::try_from(product).ok().filter(|fen| fen.abs() <= Fen::LARGEST.0)
}

/// Millionths as people write them.
fn decimal(micro: i128) -> String {
    let text = format!("{}.{:06}", micro / 1_000_000, micro.rem_euclid(1_000_000));
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Whether a clearing item is settled and collected as things stand.
fn is_collected(item: &Item, settlements: &[&Settlement], tolerance: Fen) -> bool {
    nothing_open(item.due, item.due + item.diff(), tolerance) && !live_settlements(settlements).is_empty()
}

/// Whether what is open of a due is no more than rounding; what was paid beyond it leaves nothing open either.
fn nothing_open(due: Fen, paid: Fen, tolerance: Fen) -> bool {
    due - paid <= tolerance
}

/// Settlements of each clearing item.
fn by_item<'a>(material: &Material<'a>) -> HashMap<usize, Vec<&'a Settlement>> {
    let facts = facts(material);
    let numbers = material.numbers;
    let items = material.reconciled.clearing.items.iter().enumerate();
    let items: HashMap<&str, usize> = items.map(|(at, item)| (item.id.as_str(), at)).collect();
    let mut found: HashMap<usize, Vec<&Settlement>> = HashMap::new();
    for settlement in &facts.settlements {
        // As the clearing does: the internal key where the settlement carries one, else the order of its number. A number
        // of two live orders is neither's.
        let id = match (settlement.order_id.as_str(), numbers.bearer(&settlement.order_no)) {
            ("", Bearer::One(id)) => id,
            ("", Bearer::None) => &settlement.order_no,
            ("", Bearer::Several(_)) => continue,
            (id, _) => id,
        };
        if let Some(item) = items.get(id) {
            found.entry(*item).or_default().push(settlement);
        }
    }
    found
}

/// Days on which an item became settled and collected (`true`), or ceased to be: a reversal, a refund, a new due.
/// Each day is judged as it ended.
fn turns(settlements: &[&Settlement], received: &[(NaiveDate, Fen)], tolerance: Fen) -> Vec<(NaiveDate, bool)> {
    let settled = settlements.iter().filter_map(|s| s.settled_on());
    let days: BTreeSet<NaiveDate> = settled.chain(received.iter().map(|(day, _)| *day)).collect();
    let mut turns = Vec::new();
    let mut was = false;
    for day in days {
        let until: Vec<&Settlement> =
            settlements.iter().filter(|s| s.settled_on().is_some_and(|on| on <= day)).copied().collect();
        let due: Fen = until.iter().map(|s| s.customer_due).sum();
        let paid: Fen = received.iter().filter(|(on, _)| *on <= day).map(|(_, amount)| *amount).sum();
        let is = nothing_open(due, paid, tolerance) && !live_settlements(&until).is_empty();
        if is != was {
            turns.push((day, is));
            was = is;
        }
    }
    turns
}

/// What decisions write off: item, date and amount. It closes a difference as a receipt would.
fn written_off<'a>(material: &'a Material<'_>) -> impl Iterator<Item = (usize, NaiveDate, Fen)> + 'a {
    let clearing = &material.reconciled.clearing;
    let in_effect = InEffect::of(clearing);
    let of_item = move |(at, item): (usize, &'a Item)| {
        let decided = in_effect.about(&id_of_item(item)).iter().find(|judged| judged.act == Act::WriteOff)?;
        Some((at, decided.decision.as_of?, item.written_off))
    };
    clearing.items.iter().enumerate().filter(|(_, item)| !item.written_off.is_zero()).filter_map(of_item)
}

fn event_rows(material: &Material<'_>) -> ViewRows {
    let lines = lines(material);
    let wanted: BTreeSet<usize> = lines.iter().filter_map(|line| line.item).collect();
    let mut received: HashMap<usize, Vec<(NaiveDate, Fen)>> = HashMap::new();
    for allocation in material.reconciled.clearing.allocations.iter().filter(|a| wanted.contains(&a.subject)) {
        // What a decision put there counts from the decision on: what was reported before stays.
        let on = facts(material).receipts[allocation.receipt].received_at.map(|t| t.date()).max(allocation.decided_on);
        received.entry(allocation.subject).or_default().extend(on.map(|on| (on, allocation.amount)));
    }
    for (item, on, amount) in written_off(material).filter(|(item, ..)| wanted.contains(item)) {
        received.entry(item).or_default().push((on, amount));
    }
    let settlements = by_item(material);
    let mut of_items: BTreeMap<usize, Vec<(NaiveDate, bool)>> = BTreeMap::new();
    for item in wanted {
        let of = (settlements.get(&item).map_or(&[][..], Vec::as_slice), received.get(&item));
        let received = of.1.map_or(&[][..], Vec::as_slice);
        of_items.insert(item, turns(of.0, received, material.limits.rounding_tolerance));
    }
    let mut rows = Vec::new();
    for line in lines.iter().filter(|line| is_customers(line.line)) {
        let turns = line.item.and_then(|item| of_items.get(&item)).map_or(&[][..], Vec::as_slice);
        for (on, earned) in turns {
            let (id, words) = match earned {
                true => ("earned", Text::new("计提", "earned")),
                false => ("taken_back", Text::new("扣回", "taken back")),
            };
            let mut values = of_line(material, line, if *earned { 1 } else { -1 });
            values.extend([text(words.get(material.lang)), text(id), day(Some(*on))]);
            rows.push(values);
        }
    }
    rows
}

/// The columns of both views, quantity, amount and commission with a sign.
fn of_line(material: &Material<'_>, line: &Line<'_>, sign: i64) -> Vec<Value> {
    let Some(table) = material.tables.get("part_lines") else { return Vec::new() };
    let orders = Orders::of(material);
    let names = plain::columns(table).into_iter().map(|c| c.name);
    let kept = names.zip(plain::values(table, line.row)).filter(|(name, _)| name != "qty" && name != "amount");
    let mut values: Vec<Value> = kept.map(|(_, value)| value).collect();
    values.extend(["order_no", "plate", "advisor", "job_type"].map(|name| match line.order {
        Some(order) => orders.value(order, name).clone(),
        None if name == "order_no" => text(line.line.order_id.as_str()),
        None => Value::Null,
    }));
    let qty = number(line.line.qty.map(|qty| sign * qty));
    let commission = number(line.commission.map(|fen| sign * fen));
    values.extend([qty, Value::Int(sign * line.amount), commission, text(line.basis.as_str())]);
    values
}

fn line_rows(material: &Material<'_>) -> ViewRows {
    let settlements = by_item(material);
    let row = |line: &Line<'_>| {
        let item = line.item.map(|at| &material.reconciled.clearing.items[at]);
        let of_item = line.item.and_then(|at| settlements.get(&at)).map_or(&[][..], Vec::as_slice);
        let settled = !live_settlements(of_item).is_empty();
        let tolerance = material.limits.rounding_tolerance;
        let collected = item.is_some_and(|item| is_collected(item, of_item, tolerance)) && is_customers(line.line);
        let state = match (is_customers(line.line), settled, collected) {
            (false, ..) => Text::new("非客户付费，不计提", "not paid by a customer").get(material.lang).to_owned(),
            (_, false, _) => Text::new("未结算", "not settled").get(material.lang).to_owned(),
            (_, _, true) => Text::new("已结算已收款", "settled and collected").get(material.lang).to_owned(),
            _ => item.map_or("", |item| item.category.title().get(material.lang)).to_owned(),
        };
        let mut values = of_line(material, line, 1);
        let settled_on = item.filter(|_| settled).and_then(|item| item.settled_on);
        values.extend([yes(settled), yes(collected), day(settled_on), text(state)]);
        values
    };
    lines(material).iter().map(row).collect()
}
