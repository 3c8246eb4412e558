//! Any table as it stands: one row a record. A time column `x_at` also gives its day `x_on`.

use super::day_of;
use crate::model::{ColumnKind, Row, TableDef};
use crate::report::frame::{ViewColumn, ViewRows};

pub fn columns(table: &TableDef) -> Vec<ViewColumn> {
    let plain = |c: &crate::model::ColumnDef| ViewColumn {
        name: c.name.clone(),
        zh: c.zh.clone(),
        en: c.en.clone(),
        kind: c.kind,
    };
    let mut columns: Vec<ViewColumn> = table.columns.iter().map(plain).collect();
    for at in times(table) {
        let def = &table.columns[at];
        let name = format!("{}_on", def.name.trim_end_matches("_at"));
        columns.push(ViewColumn { name, zh: def.zh.clone(), en: def.en.clone(), kind: ColumnKind::Date });
    }
    columns
}

pub fn rows(table: &TableDef, rows: &[Row]) -> ViewRows {
    rows.iter().map(|row| values(table, row)).collect()
}

/// The values of one row, the days of its time columns behind.
pub fn values(table: &TableDef, row: &Row) -> Vec<crate::model::Value> {
    let mut values = row.values.clone();
    values.extend(times(table).map(|at| day_of(&row.values[at])));
    values
}

fn times(table: &TableDef) -> impl Iterator<Item = usize> + '_ {
    (0..table.columns.len())
        .filter(|at| table.columns[*at].kind == ColumnKind::Time && table.columns[*at].name.ends_with("_at"))
}
