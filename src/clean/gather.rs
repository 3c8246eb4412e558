//! The rows of one sheet for one table: whatever output takes them, each is accounted for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::adding;
use super::cells::{is_blank, text_of};
use super::condition::{Condition, Ignore};
use super::direction::Way;
use super::export::{CleanRow, NoRecord, TableRows};
use super::normal::column_letters;
use super::plan::{Headings, OutputPlan};
use super::rows::{Built, OutputBuilder, Verdict, key_text};
use super::running;
use super::source::Source;
use super::totals::fen_of;
use super::units::Scale;
use crate::finding::{Code, Finding};
use crate::model::forget::{Rule, forgets};
use crate::model::{TableDef, Value};
use crate::read::RawRow;
use crate::spec::tables::Tables;

/// Findings of rows that nobody takes beyond this many are counted, not listed.
const LISTED: usize = 50;

/// Builds the rows of one table from the data rows of one sheet.
pub struct TableBuilder<'a> {
    index: usize,
    table: &'a TableDef,
    plans: Vec<&'a OutputPlan<'a>>,
    outputs: Vec<OutputBuilder<'a>>,
    ignores: Vec<(&'a Ignore, Vec<Option<usize>>)>,
    sheet: &'a str,
    headings: &'a [String],
    /// Rows of the sheet that some output took, and those that were left out.
    taken: Vec<u32>,
    rejected: Vec<u32>,
    rows_read: u64,
    ignored: u64,
    /// Rows left out that end the records of their keys.
    ending: Vec<CleanRow>,
    refused_fen: i128,
    refused_unread: u64,
    unclaimed: Vec<Finding>,
}

impl<'a> TableBuilder<'a> {
    /// One builder for each table that the source feeds, in the order of its outputs.
    pub fn all(
        source: &'a Source,
        tables: &'a Tables,
        plans: &'a [OutputPlan<'a>],
        headings: &Headings,
        sheet: &'a str,
        shown: &'a [String],
    ) -> Vec<TableBuilder<'a>> {
        let mut builders: Vec<TableBuilder<'a>> = Vec::new();
        for plan in plans {
            let index = plan.output.table;
            let at = builders.iter().position(|b| b.index == index).unwrap_or_else(|| {
                let of_table = source.ignores.iter().filter(|i| i.table.is_none_or(|t| t == index));
                let placed = |i: &'a Ignore| (i, i.when_all.iter().map(|c| c.place(headings)).collect());
                builders.push(TableBuilder {
                    index,
                    table: &tables.tables[index],
                    plans: Vec::new(),
                    outputs: Vec::new(),
                    ignores: of_table.map(placed).collect(),
                    sheet,
                    headings: shown,
                    taken: Vec::new(),
                    rejected: Vec::new(),
                    rows_read: 0,
                    ignored: 0,
                    ending: Vec::new(),
                    refused_fen: 0,
                    refused_unread: 0,
                    unclaimed: Vec::new(),
                });
                builders.len() - 1
            });
            builders[at].plans.push(plan);
            builders[at].outputs.push(OutputBuilder::new(plan, tables, sheet, shown));
        }
        builders
    }

    /// Takes one data row, or rejects it and says why, or leaves it out as the source says. With what the row says of
    /// its money.
    pub fn row(&mut self, row: &RawRow, findings: &mut Vec<Finding>) -> Option<Way> {
        let (mut is_taken, mut is_rejected, mut way) = (false, false, None);
        for output in &mut self.outputs {
            let (verdict, said) = output.row(row, findings);
            is_taken |= verdict == Verdict::Taken;
            is_rejected |= verdict == Verdict::Rejected;
            way = way.max(said);
        }
        if is_taken {
            self.rows_read += 1;
            self.taken.push(row.number);
        } else if is_rejected {
            self.refuse(row);
        } else if let Some(word) = self.ignored(row) {
            self.ignored += 1;
            let ending = word.and_then(|word| self.outputs.iter_mut().find_map(|o| o.ending(row, word.clone())));
            self.ending.extend(ending);
        } else if forgets(Rule::Unclaimed) {
            self.ignored += 1;
        } else {
            self.refuse(row);
            self.unclaimed.push(self.claimed_by_nobody(row));
        }
        way
    }

    /// Rejects a row whose cells do not stand in their columns.
    pub fn refuse_unread(&mut self, row: &RawRow) {
        self.rows_read += 1;
        self.rejected.push(row.number);
        self.refused_unread += 1;
    }

    fn refuse(&mut self, row: &RawRow) {
        self.rows_read += 1;
        self.rejected.push(row.number);
        let Some((place, scale)) = self.amount_place() else { return };
        let Some(cell) = row.cells.get(place).filter(|c| !is_blank(c)) else { return };
        match fen_of(row, place, &scale) {
            Some(fen) => self.refused_fen += i128::from(fen),
            None => self.refused_unread += u64::from(!text_of(cell).is_empty()),
        }
    }

    /// The sheet's column of the amount that the table's control totals are shown for.
    fn amount_place(&self) -> Option<(usize, Scale)> {
        let amount = self.table.amount?;
        let of_plan = |plan: &&OutputPlan<'a>| {
            let (place, column) = plan.money().into_iter().find(|(_, column)| *column == amount)?;
            Some((place, plan.scale_of(place, column)))
        };
        self.plans.iter().find_map(of_plan)
    }

    /// Whether the source leaves the row out; within, where that ends its record, the word that says so and its column.
    fn ignored(&self, row: &RawRow) -> Option<Option<(usize, String)>> {
        let holds = |(ignore, places): &&(&Ignore, Vec<Option<usize>>)| {
            ignore.when_all.iter().zip(places).all(|(condition, place)| condition.holds_in(row, *place))
        };
        let held: Vec<&(&Ignore, Vec<Option<usize>>)> = self.ignores.iter().filter(holds).collect();
        let word = |(_, places): &&(&Ignore, Vec<Option<usize>>)| {
            let place = places.iter().flatten().next().copied()?;
            Some((place, row.cells.get(place).map_or_else(String::new, text_of)))
        };
        (!held.is_empty()).then(|| held.iter().find(|(ignore, _)| ignore.void).and_then(word))
    }

    /// The word that no output knows: of the conditions that fail, the column that most of them look at.
    fn claimed_by_nobody(&self, row: &RawRow) -> Finding {
        let conditions = self.plans.iter().flat_map(|plan| plan.conditions());
        let fails =
            |(condition, place): (&Condition, Option<usize>)| place.filter(|p| !condition.holds_in(row, Some(*p)));
        let failing: Vec<usize> = conditions.filter_map(fails).collect();
        let times = |place: usize| failing.iter().filter(|p| **p == place).count();
        let place = failing.iter().copied().max_by_key(|p| (times(*p), std::cmp::Reverse(*p)));
        let heading = place.and_then(|p| self.headings.get(p)).cloned().unwrap_or_default();
        let word = place.and_then(|p| row.cells.get(p)).map_or_else(String::new, text_of);
        let finding = Finding::new(Code::RowUnclaimed, word).with(heading).with(&self.table.zh);
        finding.at(self.sheet, row.number, &place.map_or_else(String::new, column_letters))
    }

    /// The sheet's column of a table's column, where the sheet tells it.
    fn letters(&self, at: usize) -> Option<String> {
        let place = self.plans.iter().find_map(|plan| plan.columns[at].as_ref()?.1.first());
        place.map(|place| column_letters(*place))
    }

    /// Rows rejected so far: where a total fails, they are looked at first.
    pub fn rejected(&self) -> &[u32] {
        &self.rejected
    }

    /// Numbers of lines are given, repeated rows left out, twins numbered.
    pub fn finish(
        self,
        rows_sheet: u64,
        no_record: &BTreeMap<NoRecord, u64>,
        findings: &mut Vec<Finding>,
    ) -> TableRows {
        let balances = self.table.running.as_ref().and_then(|running| self.letters(running.balance));
        let totals = self.table.adds_up.as_ref().and_then(|adds_up| self.letters(adds_up.total));
        let mut rejected: BTreeSet<u32> = self.rejected.into_iter().collect();
        let mut rows: Vec<CleanRow> = Vec::new();
        let mut refused_unread = self.refused_unread;
        for output in self.outputs {
            let Built { rows: built, rejected: late } = output.finish(findings);
            rows.extend(built);
            refused_unread += late.len() as u64;
            rejected.extend(late);
        }
        rows.extend(self.ending);
        rows.sort_by_key(|row| row.row);
        number(self.table, &self.plans, &mut rows);
        if let (Some(running), Some(letters)) = (&self.table.running, balances) {
            findings.extend(running::breaks(running, &rows, self.sheet, &letters));
        }
        if let (Some(adds_up), Some(letters)) = (&self.table.adds_up, totals) {
            findings.extend(adding::differ(adds_up, &rows, self.sheet, &letters));
        }
        let repeated = number_twins(self.table, &mut rows, self.sheet, findings);
        let kept: BTreeSet<u32> = rows.iter().map(|row| row.row).collect();
        // Of rows that an output brings together the first one stands for all: they are taken as they were counted.
        let mut taken: BTreeSet<u32> = self.taken.into_iter().collect();
        for row in repeated.iter().filter(|row| !kept.contains(row)) {
            taken.remove(row);
            rejected.insert(*row);
        }
        for row in &rejected {
            taken.remove(row);
        }
        say_unclaimed(self.unclaimed, findings);
        let mut no_record = no_record.clone();
        if self.ignored > 0 {
            no_record.insert(NoRecord::Ignored, self.ignored);
        }
        let refused_fen = self.refused_fen.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        TableRows {
            table: self.index,
            rows_sheet,
            no_record,
            rows_read: self.rows_read,
            rows_taken: taken.len() as u64,
            rows_rejected: rejected.len() as u64,
            refused_fen: i64::try_from(refused_fen).unwrap_or(i64::MAX), // clamped above
            refused_unread,
            rows,
        }
    }
}

fn say_unclaimed(mut unclaimed: Vec<Finding>, findings: &mut Vec<Finding>) {
    let more = unclaimed.split_off(unclaimed.len().min(LISTED));
    findings.extend(unclaimed);
    if let Some(first) = more.first() {
        findings.push(first.clone().counted(more.len() as u64));
    }
}

/// Numbers the rows that share a value, in order of the sheet, whichever output took them.
fn number(table: &TableDef, plans: &[&OutputPlan<'_>], rows: &mut [CleanRow]) {
    let numbered = plans.iter().flat_map(|plan| plan.columns.iter().enumerate());
    let column = numbered.filter_map(|(at, column)| Some((at, column.as_ref()?.0.number_within?))).next();
    let Some((column, within)) = column else { return };
    if runs_through(rows, column, within) {
        rows.iter_mut().for_each(|row| row.values[column] = Value::Null);
    }
    let mut ordinals: HashMap<String, i64> = HashMap::new();
    for row in rows.iter_mut().filter(|row| row.values[column].is_null()) {
        let count = ordinals.entry(row.values[within].text().to_owned()).or_insert(0);
        *count += 1;
        row.values[column] = Value::Text(count.to_string());
        row.counted = table.line_number() == Some(column);
    }
}

/// Whether the numbers of lines are those of the sheet's rows, from its first to its last, whatever order they are of: each is
/// higher than the one before by as many rows as lie between them at most. Such a number names no line: it is another one in
/// the next export.
fn runs_through(rows: &[CleanRow], column: usize, within: usize) -> bool {
    let number = |row: &CleanRow| row.values[column].text().parse::<i64>().ok();
    let follows = |pair: &[CleanRow]| {
        let step = number(&pair[0]).zip(number(&pair[1])).map(|(before, after)| after - before);
        step.is_some_and(|step| (1..=i64::from(pair[1].row) - i64::from(pair[0].row)).contains(&step))
    };
    let is_other = |row: &CleanRow| row.values[within] != rows[0].values[within];
    rows.iter().any(is_other) && rows.windows(2).all(follows)
}

/// Equal rows count once; different rows with one key are both kept, numbered. A void row beside a live one of its key
/// says nothing more. Returns the rows of the sheet that were left out as repeated.
fn number_twins(table: &TableDef, rows: &mut Vec<CleanRow>, sheet: &str, findings: &mut Vec<Finding>) -> BTreeSet<u32> {
    let keys: Vec<String> = rows.iter().map(|row| key_text(&row.values, &table.key)).collect();
    let live: BTreeSet<&String> =
        keys.iter().zip(rows.iter()).filter(|(_, row)| !row.void).map(|(key, _)| key).collect();
    let mut seen: HashMap<&String, Vec<usize>> = HashMap::new();
    let mut left_out: BTreeSet<usize> = BTreeSet::new();
    let mut repeated = BTreeSet::new();
    for (index, key) in keys.iter().enumerate().filter(|_| !forgets(Rule::Twins)) {
        if rows[index].void && live.contains(key) {
            left_out.insert(index);
            continue;
        }
        let earlier = seen.entry(key).or_default();
        let row = rows[index].row;
        let shown = || key.replace('\u{1f}', " / ");
        if earlier.iter().any(|e| rows[*e].values == rows[index].values) {
            findings.push(Finding::new(Code::RepeatedRow, shown()).at(sheet, row, ""));
            left_out.insert(index);
            repeated.insert(row);
            continue;
        }
        if !earlier.is_empty() {
            findings.push(Finding::new(Code::DuplicateKey, shown()).at(sheet, row, ""));
        }
        earlier.push(index);
        rows[index].twin = u32::try_from(earlier.len() - 1).unwrap_or(u32::MAX);
    }
    let mut index = 0;
    rows.retain(|_| {
        index += 1;
        !left_out.contains(&(index - 1))
    });
    repeated
}
