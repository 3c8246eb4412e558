//! One number on several sheets of a file: neither row is lost, a hidden sheet never outranks a visible one, and lines
//! that were counted anew on each sheet are counted through.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::export::{CleanRow, CleanSheet, NoRecord};
use super::rows::key_text;
use super::source::Source;
use crate::finding::{Code, Finding};
use crate::model::{TableDef, Value};
use crate::spec::tables::Tables;

/// Where a row lies: sheet, table of the sheet, row of the table.
type Place = (usize, usize, usize);

/// Settles what several sheets say of one record. Sheets that repeat rows of others say nothing new.
pub fn settle(sources: &[Source], tables: &Tables, sheets: &mut [CleanSheet], findings: &mut Vec<Finding>) {
    let fed: BTreeSet<usize> = sheets.iter().flat_map(|s| &s.tables).map(|t| t.table).collect();
    for table in fed {
        if sheets.iter().filter(|s| s.tables.iter().any(|rows| rows.table == table)).count() < 2 {
            continue;
        }
        if let Some((column, within)) = numbered(sources, sheets, table) {
            count_through(table, (column, within), sheets, findings);
        }
        same_keys(&tables.tables[table], table, sheets, findings);
    }
}

/// The column that numbers lines, and the one within whose values it does.
fn numbered(sources: &[Source], sheets: &[CleanSheet], table: usize) -> Option<(usize, usize)> {
    let outputs = sheets.iter().flat_map(|s| &sources[s.source].outputs).filter(|o| o.table == table);
    let mut columns = outputs.flat_map(|o| o.columns.iter().enumerate());
    columns.find_map(|(at, column)| Some((at, column.as_ref()?.number_within?)))
}

/// The rows of a table, sheet by sheet, the visible ones first.
fn places(table: usize, sheets: &[CleanSheet]) -> Vec<Place> {
    let mut order: Vec<usize> = (0..sheets.len()).collect();
    order.sort_by_key(|at| (sheets[*at].hidden, *at));
    let of_sheet = |sheet: usize| {
        let tables = sheets[sheet].tables.iter().enumerate().filter(move |(_, t)| t.table == table);
        tables.flat_map(move |(at, t)| (0..t.rows.len()).map(move |row| (sheet, at, row)))
    };
    order.into_iter().flat_map(of_sheet).collect()
}

fn row<'s>(sheets: &'s [CleanSheet], place: &Place) -> &'s CleanRow {
    &sheets[place.0].tables[place.1].rows[place.2]
}

/// Lines of an order that stand on several sheets: equal ones are the same line, others get the next numbers.
fn count_through(
    table: usize,
    (column, within): (usize, usize),
    sheets: &mut [CleanSheet],
    findings: &mut Vec<Finding>,
) {
    let content = |row: &CleanRow| {
        let mut values = row.values.clone();
        values[column] = Value::Null;
        values
    };
    let mut known: HashMap<String, Vec<(Vec<Value>, Value, usize)>> = HashMap::new();
    let places = places(table, sheets);
    let mut new_of: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    let mut repeated: Vec<(usize, u32, String)> = Vec::new();
    let mut hidden: Vec<Place> = Vec::new();
    for place in &places {
        let own = row(sheets, place).clone();
        let scope = own.values[within].text().to_owned();
        let lines = known.entry(scope.clone()).or_default();
        let counts = new_of.entry(place.0).or_default();
        let mine = content(&own);
        // A line of another sheet that was not matched yet: each stands for one.
        let twin = lines.iter().position(|(values, _, sheet)| *sheet != place.0 && *values == mine);
        let number = match twin {
            Some(at) => {
                lines[at].2 = place.0;
                counts.1 += 1;
                repeated.push((place.0, own.row, scope));
                lines[at].1.clone()
            }
            None if sheets[place.0].hidden && lines.iter().any(|(_, _, sheet)| !sheets[*sheet].hidden) => {
                let name = sheets[place.0].name.clone();
                findings.push(Finding::new(Code::DuplicateKey, scope).at(&name, own.row, ""));
                hidden.push(*place);
                continue;
            }
            None => {
                counts.0 += 1;
                let is_taken = |number: &Value| lines.iter().any(|(_, held, _)| held == number);
                let next = (lines.len() + 1..).map(|next| Value::Text(next.to_string())).find(|next| !is_taken(next));
                let number = match next {
                    Some(next) if is_taken(&own.values[column]) => next,
                    _ => own.values[column].clone(),
                };
                if number != own.values[column] && !own.counted {
                    let finding = Finding::new(Code::LineRenumbered, own.values[column].text()).with(&scope);
                    findings.push(finding.with(number.text()).at(&sheets[place.0].name, own.row, ""));
                }
                lines.push((mine, number.clone(), place.0));
                number
            }
        };
        sheets[place.0].tables[place.1].rows[place.2].values[column] = number;
    }
    // A sheet that says nothing new is a copy, or the list of all; one that repeats a part of it is told.
    for (sheet, row, scope) in repeated {
        if new_of.get(&sheet).is_some_and(|(new, _)| *new > 0) {
            findings.push(Finding::new(Code::RepeatedRow, scope).at(&sheets[sheet].name, row, ""));
        }
    }
    leave_out(hidden, sheets);
}

/// Rows of one key on several sheets that are not the same row.
fn same_keys(def: &TableDef, table: usize, sheets: &mut [CleanSheet], findings: &mut Vec<Finding>) {
    let mut seen: HashMap<String, Vec<Place>> = HashMap::new();
    let mut hidden: Vec<Place> = Vec::new();
    for place in places(table, sheets) {
        let own = row(sheets, &place);
        let key = key_text(&own.values, &def.key);
        let earlier = seen.entry(key.clone()).or_default();
        let others = || earlier.iter().filter(|e| e.0 != place.0);
        let is_known = others().any(|e| row(sheets, e).values == own.values);
        if others().next().is_none() || is_known {
            if !is_known {
                earlier.push(place);
            }
            continue;
        }
        let name = sheets[place.0].name.clone();
        findings.push(Finding::new(Code::DuplicateKey, key.replace('\u{1f}', " / ")).at(&name, own.row, ""));
        if sheets[place.0].hidden {
            hidden.push(place);
            continue;
        }
        let twin = u32::try_from(earlier.len()).unwrap_or(u32::MAX);
        earlier.push(place);
        sheets[place.0].tables[place.1].rows[place.2].twin = twin;
    }
    leave_out(hidden, sheets);
}

/// Rows of hidden sheets that a visible one contradicts: told, and no records beside it.
fn leave_out(mut hidden: Vec<Place>, sheets: &mut [CleanSheet]) {
    hidden.sort_unstable();
    for (sheet, at, row) in hidden.into_iter().rev() {
        let rows = &mut sheets[sheet].tables[at];
        rows.rows.remove(row);
        rows.rows_taken = rows.rows_taken.saturating_sub(1);
        rows.rows_read = rows.rows_read.saturating_sub(1);
        *rows.no_record.entry(NoRecord::Hidden).or_default() += 1;
    }
}
