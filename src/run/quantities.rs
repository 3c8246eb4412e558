//! Rows that bear an amount and no quantity: their money counts, and it is said that their pieces do not.

use std::collections::BTreeMap;

use super::Shop;
use crate::finding::{Code, Finding};
use crate::model::{ColumnKind, Lang, Row, TableDef};
use crate::report;
use crate::spec::tables::Tables;

/// One finding a sheet: its first such row, and how many there are.
pub fn missing<'s>(shop: &Shop, rows: &dyn Fn(&str) -> &'s [Row]) -> Vec<Finding> {
    let tables = shop.reading.tables.tables.iter();
    tables.flat_map(|table| of_table(table, rows(&table.id), shop.lang)).collect()
}

/// One finding a sheet of the accessory register: the first movement whose cost nobody knows, and how many there are.
pub fn without_cost(tables: &Tables, rows: &[Row]) -> Vec<Finding> {
    let mut sheets: BTreeMap<(i64, &str), Vec<&Row>> = BTreeMap::new();
    for row in report::without_cost(tables, rows) {
        sheets.entry((row.origin.file, &row.origin.sheet)).or_default().push(row);
    }
    let number = tables.get("accessory_moves").and_then(|table| table.key.first().copied());
    let finding = |rows: Vec<&Row>| {
        let first = rows.iter().min_by_key(|row| row.origin.row)?;
        let number = number.map_or("", |at| first.values[at].text());
        Some(Finding::new(Code::CostMissing, number).at_row(&first.origin).counted(rows.len() as u64))
    };
    sheets.into_values().filter_map(finding).collect()
}

fn of_table(table: &TableDef, rows: &[Row], lang: Lang) -> Vec<Finding> {
    let qty = table.column("qty").filter(|at| table.columns[*at].kind == ColumnKind::Micro);
    let (Some(qty), Some(amount)) = (qty, table.amount) else { return Vec::new() };
    let name = if lang == Lang::Zh { &table.zh } else { &table.en };
    let mut sheets: BTreeMap<(i64, &str), (&Row, u64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.values[qty].is_null() && !row.values[amount].fen().is_zero()) {
        let (first, count) = sheets.entry((row.origin.file, &row.origin.sheet)).or_insert((row, 0));
        *count += 1;
        if row.origin.row < first.origin.row {
            *first = row;
        }
    }
    let finding = |(first, count): (&Row, u64)| {
        let amount = first.values[amount].fen().to_string();
        Finding::new(Code::QuantityMissing, name).with(amount).at_row(&first.origin).counted(count)
    };
    sheets.into_values().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Origin, Value};
    use crate::spec::SpecFiles;

    #[test]
    fn an_amount_without_a_quantity_is_told_once_a_sheet() {
        let tables = Tables::load(&SpecFiles::new(Vec::new())).unwrap();
        let table = tables.get("parts_sales").unwrap();
        let row = |file: i64, row: u32, qty: Option<i64>, fen: i64| {
            let mut values = vec![Value::Null; table.columns.len()];
            values[table.column("qty").unwrap()] = qty.map_or(Value::Null, Value::Int);
            values[table.amount.unwrap()] = Value::Int(fen);
            Row { origin: Origin { file, sheet: String::new(), row }, values }
        };
        let rows = [row(1, 5, None, 900), row(1, 3, None, 800), row(1, 2, Some(1_000_000), 700), row(2, 2, None, 0)];
        let told = of_table(table, &rows, Lang::En);
        assert_eq!(told.iter().map(|f| (f.file_id, f.row, f.count)).collect::<Vec<_>>(), [(Some(1), 3, 2)]);
    }

    #[test]
    fn a_movement_of_unknown_cost_is_told_until_a_row_tells_it() {
        let tables = Tables::load(&SpecFiles::new(Vec::new())).unwrap();
        let table = tables.get("accessory_moves").unwrap();
        let row = |place: u32, day: u32, item: &str, cost: Option<i64>| {
            let mut values = vec![Value::Null; table.columns.len()];
            let mut put = |name: &str, value: Value| values[table.column(name).unwrap()] = value;
            put("move_no", Value::Text(format!("M{place}")));
            put("date", Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 10, day).unwrap()));
            put("item_no", Value::Text(item.to_owned()));
            put("kind", Value::Text("销售".to_owned()));
            put("qty", Value::Int(1_000_000));
            put("unit_cost", cost.map_or(Value::Null, Value::Int));
            Row { origin: Origin { file: 1, sheet: String::new(), row: place }, values }
        };
        let rows = [row(2, 1, "A", None), row(3, 2, "A", Some(5_000_000)), row(4, 3, "A", None), row(5, 3, "B", None)];
        let told = without_cost(&tables, &rows);
        assert_eq!(told.iter().map(|f| (f.row, f.value.as_str(), f.count)).collect::<Vec<_>>(), [(2, "M2", 2)]);
    }
}
