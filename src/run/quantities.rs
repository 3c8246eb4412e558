//! Rows that bear an amount and no quantity: their money counts, and it is said that their pieces do not.

use std::collections::BTreeMap;

use super::Shop;
use crate::finding::{Code, Finding};
use crate::model::{ColumnKind, Lang, Row, TableDef};

/// One finding a sheet: its first such row, and how many there are.
pub fn missing<'s>(shop: &Shop, rows: &dyn Fn(&str) -> &'s [Row]) -> Vec<Finding> {
    let tables = shop.reading.tables.tables.iter();
    tables.flat_map(|table| of_table(table, rows(&table.id), shop.lang)).collect()
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
    use crate::spec::tables::Tables;

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
}
