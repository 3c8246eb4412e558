//! What the store can supply as of the date: on hand, on order, used, wanted; short, below the minimum, above the maximum.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, Months, NaiveDate};

use super::super::{Material, View, column, day, days_between, text, words_of};
use super::store::{Kind, Part, Store};
use crate::model::{ColumnKind, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "part_supply", grain: "one row a part that is stocked or waited for", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Date, Fen, Int, Key, Micro, Text};
    vec![
        column("part_no", Key, "配件编号", "Part no."),
        column("part_name", Text, "配件名称", "Part name"),
        column("category", words_of(tables, "parts_stock", "category"), "类别", "Category"),
        column("bin", Text, "库位", "Bin"),
        column("snapshot_on", Date, "快照日期", "Snapshot"),
        column("on_hand", Micro, "现有库存", "On hand"),
        column("value", Fen, "库存金额", "Value"),
        column("on_order", Micro, "在途", "On order"),
        column("used", Micro, "近期用量", "Used"),
        column("min_qty", Micro, "下限", "Minimum"),
        column("max_qty", Micro, "上限", "Maximum"),
        column("waiting", Micro, "在修待发", "Waited for"),
        column("short", Micro, "缺口", "Short"),
        column("to_order", Micro, "补至上限", "Up to maximum"),
        column("sold_12m", Fen, "12个月销售额", "Sold in 12 months"),
        column("cost_12m", Fen, "12个月出库成本", "Cost out in 12 months"),
        column("abc", Text, "ABC", "ABC"),
        column("last_out", Date, "最近出库", "Last out"),
        column("state", Text, "状态", "State"),
        column("state_id", Text, "状态代码", "State id"),
        column("state_place", Int, "状态次序", "Place of the state"),
    ]
}

/// What a part's stock is like: id, words.
const STATES: [(&str, Text); 6] = [
    ("short", Text::new("缺料", "short for open orders")),
    ("negative", Text::new("负库存", "below zero")),
    ("below", Text::new("低于下限", "below minimum")),
    ("above", Text::new("高于上限", "above maximum")),
    ("unused", Text::new("近期无用量", "not used lately")),
    ("fine", Text::new("正常", "fine")),
];

const WHOLE: i64 = 1_000_000;

/// One part's numbers, in millionths and fen.
struct Supply {
    on_hand: i64,
    value: i64,
    snapshot: Option<NaiveDate>,
    used: i64,
    min: i64,
    max: i64,
    waiting: i64,
    sold: i64,
    cost: i64,
}

fn rows(material: &Material<'_>) -> ViewRows {
    let store = material.store();
    if store.days.is_empty() {
        return Vec::new(); // without a snapshot nothing is known of the shelves
    }
    let mut waiting: BTreeMap<&str, i64> = BTreeMap::new();
    let requests = super::requests::requests(material);
    for request in requests.iter().filter(|r| r.waiting > 0) {
        *waiting.entry(request.part_no).or_insert(0) += request.waiting;
    }
    let mut all: BTreeMap<&str, Supply> = BTreeMap::new();
    for (number, part) in &store.parts {
        let waiting = waiting.remove(number.as_str()).unwrap_or(0);
        if part.is_stocked() || waiting > 0 {
            all.insert(number, supply(material, store, part, waiting));
        }
    }
    let nothing = Part::default();
    for (number, waiting) in waiting {
        all.insert(number, supply(material, store, &nothing, waiting));
    }
    let classes = classes(material, &all);
    let one = |(number, supply): (&&str, &Supply)| {
        let part = store.parts.get(*number).unwrap_or(&nothing);
        row(material, (number, part), supply, classes.get(number).copied().unwrap_or("D"))
    };
    all.iter().map(one).collect()
}

fn supply(material: &Material<'_>, store: &Store, part: &Part, waiting: i64) -> Supply {
    let as_of = material.as_of;
    let (snapshot, held) = store.held(part, as_of).unzip();
    let held = held.unwrap_or_default();
    let days = material.named.number("stock_use_days").max(1);
    let back = |days: i64| as_of - Days::new(days.unsigned_abs() - 1);
    let out = |first: NaiveDate| {
        part.between(first, as_of).iter().filter(|m| matches!(m.kind, Kind::Issued | Kind::Sold)).collect::<Vec<_>>()
    };
    let used = out(back(days)).iter().map(|m| m.what.qty).sum::<i64>().max(0);
    // Of a shop whose records are younger the days that they tell.
    let known = store.first_out.map_or(days, |first| days_between(first, as_of) + 1);
    let for_days = |id: &str| whole_pieces(used, material.named.number(id), days.min(known).max(1));
    let year = as_of.checked_sub_months(Months::new(12)).and_then(|d| d.succ_opt()).unwrap_or(as_of);
    let of_year = out(year);
    Supply {
        on_hand: held.qty,
        value: held.value,
        snapshot,
        used,
        min: for_days("stock_min_days"),
        max: for_days("stock_max_days"),
        waiting,
        sold: of_year.iter().map(|m| m.amount).sum(),
        cost: of_year.iter().map(|m| m.what.value).sum(),
    }
}

/// What so many days use, rounded up to whole pieces.
fn whole_pieces(used: i64, days: i64, of_days: i64) -> i64 {
    let per = i128::from(of_days) * i128::from(WHOLE);
    let pieces = (i128::from(used) * i128::from(days) + per - 1) / per;
    i64::try_from(pieces * i128::from(WHOLE)).unwrap_or(i64::MAX)
}

/// A to C by the share of sales that dearer sellers leave: A begins below 80 %, B below 95 % (settings); D sold nothing.
fn classes<'a>(material: &Material<'_>, all: &BTreeMap<&'a str, Supply>) -> HashMap<&'a str, &'static str> {
    let mut sold: Vec<(i64, &str)> = all.iter().filter(|(_, s)| s.sold > 0).map(|(n, s)| (-s.sold, *n)).collect();
    sold.sort_unstable();
    let total: i128 = sold.iter().map(|(less, _)| -i128::from(*less)).sum();
    let limit = |id: &str| total * i128::from(material.named.number(id));
    let (a, b) = (limit("abc_a_share"), limit("abc_b_share"));
    let mut so_far = 0_i128;
    let mut classes = HashMap::new();
    for (less, number) in sold {
        let share = so_far * 10_000;
        classes.insert(
            number,
            if share < a {
                "A"
            } else if share < b {
                "B"
            } else {
                "C"
            },
        );
        so_far -= i128::from(less);
    }
    classes
}

fn row(material: &Material<'_>, (number, part): (&str, &Part), supply: &Supply, class: &str) -> Vec<Value> {
    let short = (supply.waiting - supply.on_hand.max(0)).max(0);
    let state = match () {
        () if short > 0 => 0,
        () if supply.on_hand < 0 => 1,
        () if supply.on_hand < supply.min => 2,
        () if supply.used > 0 && supply.on_hand > supply.max => 3,
        () if supply.used == 0 && supply.on_hand > 0 => 4,
        () => 5,
    };
    let (id, words) = STATES[state];
    let lacks = supply.max + supply.waiting - supply.on_hand - part.on_order;
    let to_order = if state <= 2 { whole_pieces(lacks.max(0), 1, 1) } else { 0 };
    let mut values = vec![text(number)];
    values.extend(part.names());
    values.extend([text(part.bin.as_str()), day(supply.snapshot)]);
    let numbers = [supply.on_hand, supply.value, part.on_order, supply.used, supply.min, supply.max];
    values.extend(numbers.map(Value::Int));
    values.extend([supply.waiting, short, to_order, supply.sold, supply.cost].map(Value::Int));
    values.extend([text(class), day(part.last_out(material.as_of)), text(words.get(material.lang)), text(id)]);
    values.push(Value::Int(i64::try_from(state).unwrap_or(0)));
    values
}
