//! Stock snapshots: what lay on the shelves, at cost, and for how long nothing of it had gone out.

use super::super::{Fields, Material, View, cost, day, days_between, plain, table_and, text, yes};
use super::store::Part;
use crate::model::{ColumnKind, Row, Text, Value};
use crate::report::frame::{ViewColumn, ViewRows};
use crate::spec::tables::Tables;

pub const VIEW: View = View { id: "stock_facts", grain: "one row a line of a stock snapshot", columns, rows };

fn columns(tables: &Tables) -> Vec<ViewColumn> {
    use ColumnKind::{Bool, Date, Fen, Int, Text};
    table_and(
        tables,
        "parts_stock",
        &[
            ("snapshot_on", Date, "快照日期", "Snapshot"),
            ("value", Fen, "库存金额", "Value"),
            ("last_out", Date, "最近出库", "Last out"),
            ("last_in", Date, "最近入库", "Last in"),
            ("idle_days", Int, "积压期(天)", "Idle (days)"),
            ("idle_band", Text, "积压分级", "Idle band"),
            ("is_slow", Bool, "滞销", "Slow"),
            ("is_dead", Bool, "呆滞", "Dead"),
            ("is_newest", Bool, "最新快照", "Newest snapshot"),
            ("out_known_from", Date, "出库记录始于", "Issues known from"),
        ],
    )
}

/// Days after which stock is watched, slow, dead.
struct Bands {
    watch: i64,
    slow: i64,
    dead: i64,
}

impl Bands {
    fn of(material: &Material<'_>) -> Bands {
        let days = |id: &str| material.named.number(id);
        Bands { watch: days("watch_stock_days"), slow: days("slow_stock_days"), dead: days("dead_stock_days") }
    }

    /// Bands sort by their first character.
    fn name(&self, idle: i64, lang: crate::model::Lang) -> String {
        let days = |n: i64| n.to_string();
        let (text, from, to) = match idle {
            _ if idle >= self.dead => (Text::new("4 呆滞：{0}天及以上", "4 dead: {0} days and more"), self.dead, 0),
            _ if idle >= self.slow => {
                (Text::new("3 滞销：{0}–{1}天", "3 slow: {0}–{1} days"), self.slow, self.dead - 1)
            }
            _ if idle >= self.watch => {
                (Text::new("2 关注：{0}–{1}天", "2 watch: {0}–{1} days"), self.watch, self.slow - 1)
            }
            _ => (Text::new("1 正常：不足{0}天", "1 moving: under {0} days"), self.watch, 0),
        };
        text.fill(lang, &[&days(from), &days(to)])
    }
}

fn rows(material: &Material<'_>) -> ViewRows {
    let Some(table) = material.tables.get("parts_stock") else { return Vec::new() };
    let store = material.store();
    let fields = Fields(Some(table));
    let bands = Bands::of(material);
    let newest = store.days.iter().next_back().copied();
    // A holiday at the beginning of the records is no gap in them.
    let known_from = store.first_out.map(|d| d - chrono::TimeDelta::days(QUIET_DAYS));
    let with_idle = |row: &Row| {
        let get = |name: &str| fields.get(row, name);
        let as_of = get("as_of").date();
        let part = store.parts.get(get("part_no").text());
        let told = |of: fn(&Part, chrono::NaiveDate) -> Option<chrono::NaiveDate>| {
            part.zip(as_of).and_then(|(part, as_of)| of(part, as_of))
        };
        let since = told(Part::idle_since);
        let idle = as_of.zip(since).map_or(0, |(as_of, since)| days_between(since, as_of));
        let mut values = plain::values(table, row);
        values.extend([
            day(as_of), // `as_of` itself means the reporting date in every expression
            cost(get("qty"), get("unit_cost")),
            day(told(Part::last_out)),
            day(told(Part::last_in)),
            Value::Int(idle),
            text(bands.name(idle, material.lang)),
            yes(idle >= bands.slow),
            yes(idle >= bands.dead),
            yes(as_of.is_some() && as_of == newest),
            day(known_from),
        ]);
        values
    };
    (material.rows)("parts_stock").iter().map(with_idle).collect()
}

/// As many quiet days at the beginning are no sign that earlier issues are missing.
const QUIET_DAYS: i64 = 7;
