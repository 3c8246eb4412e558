//! Rows of a table of the ledger's kind, as a side: typed values by the names of the table's columns.

use std::path::Path;

use super::{LoadedFile, MatchingError, name_of, plain};
use crate::clean;
use crate::ledger::{Reader, ReadingSpecs};
use crate::model::{ColumnKind, Row, TableDef, Value};
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::{Assembler, Fields, Rules, Side, Symbols, amount_text};

/// Reads one side of an export through its source spec.
pub fn load(
    rules: &Rules,
    side: usize,
    table: &str,
    path: &Path,
    reader: &Reader,
    specs: &ReadingSpecs,
    symbols: &mut Symbols,
) -> Result<(Side, LoadedFile), MatchingError> {
    let Some(at) = specs.tables.index(table) else {
        return Err(MatchingError::Rules { what: format!("an unknown table `{table}`") });
    };
    let def = &specs.tables.tables[at];
    let file = name_of(path);
    let raw = plain::fenced(path, reader)?;
    let export = clean::clean(&specs.sources, &specs.tables, &file, raw);
    let mut rows: Vec<Row> = Vec::new();
    let mut controls = Vec::new();
    let mut is_of_table = false;
    for sheet in export.sheets {
        for control in &sheet.controls {
            let name = format!("{} {}{}", control.heading, control.column, control.row);
            controls.push(ControlTotal::new(name, control.total_fen, control.sum_fen));
        }
        for part in sheet.tables.into_iter().filter(|part| part.table == at) {
            is_of_table = true;
            rows.extend(part.rows.into_iter().map(|row| Row {
                origin: crate::model::Origin { file: 0, sheet: sheet.name.clone(), row: row.row },
                values: row.values,
            }));
        }
    }
    if !is_of_table {
        return Err(MatchingError::NotOfTable { file, table: table.to_owned() });
    }
    let side = side_of_rows(rules, side, def, &rows, symbols)?;
    Ok((side, LoadedFile { name: file, findings: export.findings, controls }))
}

/// A side of typed rows. Row `n` of the side is row `n` of the list.
pub fn side_of_rows(
    rules: &Rules,
    side: usize,
    table: &TableDef,
    rows: &[Row],
    symbols: &mut Symbols,
) -> Result<Side, MatchingError> {
    let at = |name: &String| {
        let what = || format!("a column `{name}` that the table `{}` has not", table.id);
        table.column(name).ok_or_else(|| MatchingError::Rules { what: what() })
    };
    let own = &rules.sides[side];
    let all = |names: &mut dyn Iterator<Item = &String>| names.map(at).collect::<Result<Vec<usize>, _>>();
    let amount = at(&own.amount)?;
    let id = all(&mut own.id.iter())?;
    let date = own.date.as_ref().map(at).transpose()?;
    let currency = own.currency.as_ref().map(at).transpose()?;
    let keys = all(&mut rules.keys.iter().map(|k| &k.columns[side]))?;
    let compared = all(&mut rules.compares.iter().map(|c| &c.columns[side]))?;
    let keep = all(&mut own.keep.iter().map(|t| &t.column))?;
    let drop = all(&mut own.drop.iter().map(|t| &t.column))?;
    let mut assembler = Assembler::new(rules, symbols);
    for row in rows {
        let text = |at: usize| text_of(&row.values[at], table.columns[at].kind);
        let texts = |places: &[usize]| places.iter().map(|at| text(*at)).collect::<Vec<String>>();
        let kept = own.keep.iter().zip(&keep).all(|(test, at)| test.holds(&text(*at)))
            && !own.drop.iter().zip(&drop).any(|(test, at)| test.holds(&text(*at)));
        let units = units_of(&row.values[amount], table.columns[amount].kind, rules.scale);
        let name = if id.is_empty() { row.origin.row.to_string() } else { texts(&id).join("-") };
        assembler.push(&Fields {
            id: &name,
            // An empty amount of a typed row is nothing: the cleaner has refused what was no number.
            amount: units.or(row.values[amount].is_null().then_some(0)).map(|u| own.signed(u)),
            date: date.and_then(|at| row.values[at].date()),
            currency: &currency.map(text).unwrap_or_default(),
            row: row.origin.row,
            kept,
        });
        keys.iter().enumerate().for_each(|(key, at)| assembler.key(key, &text(*at)));
        compared.iter().enumerate().for_each(|(compare, at)| assembler.compared(compare, &text(*at)));
    }
    Ok(assembler.finish())
}

/// Decimals in which a column's whole numbers are counted.
fn decimals(kind: ColumnKind) -> u32 {
    match kind {
        ColumnKind::Fen | ColumnKind::Hours => 2,
        ColumnKind::Micro => 6,
        _ => 0,
    }
}

fn units_of(value: &Value, kind: ColumnKind, scale: u32) -> Option<i64> {
    let number = value.int()?;
    let own = decimals(kind);
    if own <= scale {
        return number.checked_mul(10_i64.checked_pow(scale - own)?);
    }
    let factor = 10_i64.checked_pow(own - scale)?;
    (number % factor == 0).then_some(number / factor)
}

fn text_of(value: &Value, kind: ColumnKind) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Int(number) => amount_text((*number).into(), decimals(kind)),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
    }
}
