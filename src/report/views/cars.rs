//! Cars in stock: every line of every snapshot with its age, and what came and went between two snapshots.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::contracts::Stands;
use super::{Fields, Material, View, column, day, days_between, number, plain, table_and, text, yes};
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const STOCK: View =
    View { id: "car_stock", grain: "one row a car of a stock snapshot", columns: stock_columns, rows: stock_rows };

pub const MOVES: View = View {
    id: "car_moves",
    grain: "one row a car that came, went, or stands where it should not, between two stock snapshots",
    columns: move_columns,
    rows: move_rows,
};

fn stock_columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Int, Key, Text};
    table_and(
        tables,
        "vehicle_stock",
        &[
            ("snapshot_on", Date, "快照日期", "Snapshot of"),
            ("age_days", Int, "库龄（天）", "Age in days"),
            ("band", Text, "库龄段", "Age band"),
            ("is_newest", Bool, "最近快照", "Newest snapshot"),
            ("contract_no", Key, "已订合同", "Ordered by contract"),
            ("is_ordered", Bool, "已订", "Ordered"),
        ],
    )
}

/// Age in days up to and including, and the band's name; older than all of them is the last.
const BANDS: [(i64, &str); 4] = [(30, "1) 0–30"), (60, "2) 31–60"), (90, "3) 61–90"), (180, "4) 91–180")];
const OLDEST: &str = "5) >180";

fn band(age: i64) -> &'static str {
    BANDS.iter().find(|(most, _)| age <= *most).map_or(OLDEST, |(_, name)| name)
}

fn stock_rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("vehicle_stock") else { return Vec::new() };
    let fields = Fields(Some(table));
    let rows = (material.rows)("vehicle_stock");
    let newest = rows.iter().filter_map(|r| fields.get(r, "as_of").date()).max();
    let contracts = contracts(material);
    let line = |row: &Row| {
        let (at, arrived) = (fields.get(row, "as_of").date(), fields.get(row, "arrived_on").date());
        let age = at.zip(arrived).map(|(at, arrived)| days_between(arrived, at));
        let contract = contracts.get(fields.get(row, "vin").text()).filter(|c| c.stands == Stands::Ordered);
        let mut values = plain::values(table, row);
        values.extend([
            day(at), // `as_of` in an expression is the reporting date
            number(age),
            age.map_or(Value::Null, |age| text(band(age))),
            yes(at == newest),
            contract.map_or(Value::Null, |c| text(c.number)),
            yes(contract.is_some()),
        ]);
        values
    };
    rows.iter().map(line).collect()
}

/// The contract of a car.
struct Contract<'a> {
    number: &'a str,
    stands: Stands,
    delivered_on: Option<NaiveDate>,
}

/// Contracts by VIN; where one was cancelled and the car sold again, the one that holds.
fn contracts<'a>(material: &Material<'a>) -> HashMap<&'a str, Contract<'a>> {
    let fields = Fields::of(material.tables, "vehicle_sales");
    let mut found: HashMap<&str, Contract<'_>> = HashMap::new();
    for row in (material.rows)("vehicle_sales") {
        let vin = fields.get(row, "vin").text();
        let stands = Stands::of(&fields, row);
        if !vin.is_empty() && stands != Stands::Cancelled {
            let (number, delivered_on) =
                (fields.get(row, "contract_no").text(), fields.get(row, "delivered_on").date());
            found.insert(vin, Contract { number, stands, delivered_on });
        }
    }
    found
}

fn move_columns(_: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Key, Text};
    vec![
        column("date", Date, "快照日期", "Snapshot of"),
        column("vin", Key, "车架号", "VIN"),
        column("model", Text, "车型", "Model"),
        column("arrived", Int, "入库", "Arrived"),
        column("went", Int, "出库", "Left"),
        column("cost", Fen, "成本", "Cost"),
        column("contract_no", Key, "合同号", "Contract no."),
        column("delivered_on", Date, "交车日期", "Delivered on"),
        column("state", Text, "说明", "What happened"),
        column("state_id", Text, "说明代码", "State id"),
        column("is_open", Bool, "待查", "To look into"),
    ]
}

/// What a car did between two snapshots: id, words.
const ARRIVED: (&str, Text) = ("arrived", Text::new("入库", "arrived"));
const DELIVERED: (&str, Text) = ("delivered", Text::new("交车出库", "left, delivered"));
const LEFT: (&str, Text) = ("left", Text::new("出库无交车记录", "left without a delivery"));
const STAYED: (&str, Text) = ("stayed", Text::new("已交车仍在库", "delivered and still in stock"));

fn move_rows(material: &Material<'_>) -> ViewRows {
    let fields = Fields::of(material.tables, "vehicle_stock");
    let mut snapshots: BTreeMap<NaiveDate, BTreeMap<&str, &Row>> = BTreeMap::new();
    for row in (material.rows)("vehicle_stock") {
        if let Some(date) = fields.get(row, "as_of").date() {
            snapshots.entry(date).or_default().insert(fields.get(row, "vin").text(), row);
        }
    }
    let contracts = contracts(material);
    let mut moves = Vec::new();
    let mut former: Option<&BTreeMap<&str, &Row>> = None;
    for (date, cars) in &snapshots {
        let mut add = |vin: &str, row: &Row, (arrived, left): (i64, i64), (id, words): (&str, Text), open: bool| {
            let contract = contracts.get(vin);
            moves.push(vec![
                Value::Date(*date),
                text(vin),
                fields.get(row, "model").clone(),
                Value::Int(arrived),
                Value::Int(left),
                fields.get(row, "cost").clone(),
                contract.map_or(Value::Null, |c| text(c.number)),
                day(contract.and_then(|c| c.delivered_on)),
                text(words.get(material.lang)),
                text(id),
                yes(open),
            ]);
        };
        let delivered = |vin: &str| contracts.get(vin).and_then(|c| c.delivered_on).is_some_and(|on| on <= *date);
        // Nothing arrives with the first snapshot: its cars were there before.
        if let Some(former) = former {
            for (vin, row) in cars.iter().filter(|(vin, _)| !former.contains_key(*vin)) {
                add(vin, row, (1, 0), ARRIVED, false);
            }
            for (vin, row) in former.iter().filter(|(vin, _)| !cars.contains_key(*vin)) {
                let known = delivered(vin);
                add(vin, row, (0, 1), if known { DELIVERED } else { LEFT }, !known);
            }
        }
        for (vin, row) in cars.iter().filter(|(vin, _)| delivered(vin)) {
            add(vin, row, (0, 0), STAYED, true);
        }
        former = Some(cars);
    }
    moves
}
