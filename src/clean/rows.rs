//! Data rows of one sheet to rows of one table.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveTime;

use super::cells::{Cleaned, clean, is_blank, is_clock, is_empty, text_of, time_of_day};
use super::export::{CleanRow, TableRows};
use super::normal::{self, column_letters};
use super::pivot::Payers;
use super::plan::OutputPlan;
use super::source::{ColumnSource, Condition};
use super::units::{self, Scale};
use crate::finding::{Code, Finding};
use crate::model::{Blanks, ColumnKind, Value, WordList};
use crate::read::{Cell, RawRow};
use crate::spec::tables::Tables;

/// Findings of one code in one column beyond this many are counted, not listed.
const LISTED: u64 = 50;

/// Builds the rows of one table from the data rows of one sheet.
pub struct TableBuilder<'a> {
    plan: &'a OutputPlan<'a>,
    lists: Vec<Option<&'a WordList>>,
    blanks: &'a Blanks,
    sheet: &'a str,
    /// The headings as they stand, so that a person finds the column.
    headings: &'a [String],
    rows_read: u64,
    /// Counted where a row is left out, not derived: read = taken + rejected is a control that can fail.
    rows_rejected: u64,
    rows: Vec<CleanRow>,
    payers: Option<Payers>,
    /// A required column is missing from the sheet: said once, and every row is rejected.
    lacks_column: bool,
    ordinals: HashMap<String, i64>,
    /// What the row at hand says of its money.
    row_scale: Option<Scale>,
    /// Words already looked up, by column: a sheet uses few words often.
    known_words: Vec<HashMap<String, Value>>,
    notes: Notes,
}

impl<'a> TableBuilder<'a> {
    pub fn new(
        plan: &'a OutputPlan<'a>,
        tables: &'a Tables,
        sheet: &'a str,
        headings: &'a [String],
    ) -> TableBuilder<'a> {
        let list = |kind: ColumnKind| match kind {
            ColumnKind::Word(list) => Some(&tables.lists[list]),
            _ => None,
        };
        TableBuilder {
            plan,
            lists: plan.table.columns.iter().map(|c| list(c.kind)).collect(),
            blanks: &tables.blanks,
            sheet,
            headings,
            rows_read: 0,
            rows_rejected: 0,
            rows: Vec::new(),
            payers: plan.output.pivot.as_ref().map(|p| Payers::new(&tables.lists[p.list])),
            lacks_column: plan.lacks_required_column(),
            ordinals: HashMap::new(),
            row_scale: None,
            known_words: plan.table.columns.iter().map(|_| HashMap::new()).collect(),
            notes: Notes::default(),
        }
    }

    /// Takes one data row, or rejects it and says why.
    pub fn row(&mut self, row: &RawRow, findings: &mut Vec<Finding>) {
        if !self.applies(row) {
            return;
        }
        self.rows_read += 1;
        if self.lacks_column {
            self.rows_rejected += 1;
            return;
        }
        self.row_scale = self.plan.money_column.and_then(|column| {
            let cell = row.cells.get(column.at).filter(|cell| !is_blank(cell))?;
            column.of_row(&text_of(cell))
        });
        let mut refused = Vec::new();
        let mut values: Vec<Value> = Vec::with_capacity(self.plan.columns.len());
        for column in 0..self.plan.columns.len() {
            values.push(self.value(row, column, &mut refused));
        }
        let counted = (0..values.len()).fold(false, |any, column| self.number(&mut values, column) | any);
        let missing = self.missing(&values, row, &refused);
        refused.extend(missing);
        let reject = refused.iter().any(|(_, keeps_row)| !keeps_row);
        for (finding, _) in refused {
            self.notes.say(finding, findings);
        }
        if reject {
            self.rows_rejected += 1;
            return;
        }
        match &mut self.payers {
            None => self.rows.push(CleanRow { row: row.number, twin: 0, counted, values }),
            Some(payers) => {
                if let Some(finding) = payers.row(self.plan, row, values, self.sheet) {
                    self.rows_rejected += 1;
                    self.notes.say(finding, findings);
                }
            }
        }
    }

    /// Payer rows are brought together, repeated rows left out, twins numbered, notes written down.
    pub fn finish(mut self, findings: &mut Vec<Finding>) -> TableRows {
        let mut taken = self.rows.len() as u64;
        if let Some(payers) = self.payers.take() {
            taken = payers.rows_taken();
            self.rows = payers.finish(self.plan, self.sheet, findings);
        }
        let repeated = self.number_twins(findings);
        taken -= repeated;
        self.notes.finish(self.sheet, self.headings, findings);
        TableRows {
            table: self.plan.output.table,
            rows_read: self.rows_read,
            rows_taken: taken,
            rows_rejected: self.rows_rejected + repeated,
            rows: self.rows,
        }
    }

    fn applies(&self, row: &RawRow) -> bool {
        let holds = |(condition, place): (&Condition, &Option<usize>)| {
            let cell = place.and_then(|p| row.cells.get(p));
            condition.holds(&normal::word(&cell.map_or_else(String::new, text_of)))
        };
        let output = self.plan.output;
        output.when_all.iter().zip(&self.plan.when_all).all(holds)
            && (output.when_any.is_empty() || output.when_any.iter().zip(&self.plan.when_any).any(holds))
    }

    /// The value of one column; what is wrong goes to `refused` with whether the row may stay.
    fn value(&mut self, row: &RawRow, column: usize, refused: &mut Vec<(Finding, bool)>) -> Value {
        let Some((source, places)) = &self.plan.columns[column] else { return Value::Null };
        if let Some(constant) = &source.constant {
            return self.cell_value(&Cell::Text(constant.clone()), column, source, Place::none(row), refused);
        }
        for (turn, place) in places.iter().enumerate() {
            let Some(cell) = row.cells.get(*place).filter(|c| !self.is_empty(c, column, source)) else { continue };
            if !source.blank.is_empty() && source.blank.contains(&normal::word(&text_of(cell))) {
                continue;
            }
            let cut = if turn >= self.plan.direct[column] { cut_out(cell, source) } else { Cut::Whole };
            let cell = match &cut {
                Cut::Whole => cell,
                Cut::Part(part) => part,
                Cut::Nothing => continue,
            };
            let before = refused.len();
            // A time of day whose day stands in a column of its own.
            let day = self.plan.days[column].filter(|_| is_clock(cell)).and_then(|at| Some((at, row.cells.get(at)?)));
            let (at, asked) = day.filter(|(_, day)| !is_clock(day)).unwrap_or((*place, cell));
            let scale = self.scale(column, turn);
            let mut value =
                self.cell_value(asked, column, source, Place { row: row.number, at: Some(at), scale }, refused);
            self.add_clock(&mut value, row, column, at, *place);
            if !value.is_null() {
                let used = Used { turn, place: *place, cell, row: row.number };
                self.notes.used(self.plan, column, used, &value);
                return value;
            }
            if refused.len() > before {
                return Value::Null; // refused, not blank: the next column is not asked
            }
        }
        match &source.default {
            Some(default) => self.cell_value(&Cell::Text(default.clone()), column, source, Place::none(row), refused),
            None => Value::Null,
        }
    }

    fn is_empty(&self, cell: &Cell, column: usize, source: &ColumnSource) -> bool {
        is_empty(cell, &self.plan.table.columns[column], source, self.lists[column], self.blanks)
    }

    /// How the numbers of a column's place are read in this row: what the row says of its money comes before the heading.
    fn scale(&self, column: usize, turn: usize) -> Scale {
        let of_row = self.row_scale.clone().filter(|_| units::is_of_money(&self.plan.table.columns[column]));
        of_row.unwrap_or_else(|| self.plan.scales[column][turn].clone())
    }

    fn cell_value(
        &mut self,
        cell: &Cell,
        column: usize,
        source: &ColumnSource,
        place: Place,
        refused: &mut Vec<(Finding, bool)>,
    ) -> Value {
        let def = &self.plan.table.columns[column];
        let is_word = matches!(def.kind, ColumnKind::Word(_));
        if let (true, Cell::Text(text)) = (is_word, cell)
            && let Some(value) = self.known_words[column].get(text)
        {
            return value.clone();
        }
        // Said with the export's own heading: that is the word the accountant sees.
        let placed = |mut finding: Finding| {
            let heading = place.at.and_then(|p| self.headings.get(p));
            if let (Some(heading), Some(name)) = (heading, finding.args.first_mut()) {
                name.clone_from(heading);
            }
            finding.at(self.sheet, place.row, &place.at.map_or_else(String::new, column_letters))
        };
        match clean(cell, def, source, self.lists[column], &place.scale) {
            Cleaned::Value(value) => {
                if let (true, Cell::Text(text)) = (is_word, cell) {
                    self.known_words[column].insert(text.clone(), value.clone());
                }
                value
            }
            Cleaned::Noted(value, finding) => {
                refused.push((placed(finding), true));
                value
            }
            Cleaned::Refused { finding, keeps_row } => {
                refused.push((placed(finding), keeps_row));
                Value::Null
            }
        }
    }

    /// A date at midnight takes its time of day from the column that has it: its own where the day came from elsewhere (`day_at`), the
    /// one that the spec names, or the one beside it where that holds a time of day and nothing else.
    fn add_clock(&self, value: &mut Value, row: &RawRow, column: usize, day_at: usize, place: usize) {
        let named = self.plan.columns[column].as_ref().is_some_and(|(source, _)| !source.clock.is_empty());
        let from = if day_at == place { self.plan.clocks[column].filter(|p| *p != place) } else { Some(place) };
        let Some(cell) = from.and_then(|p| row.cells.get(p)).filter(|cell| named || is_clock(cell)) else { return };
        if let (Value::Time(at), Some(clock)) = (&mut *value, time_of_day(cell))
            && at.time() == NaiveTime::MIN
        {
            *at = at.date().and_time(clock);
        }
    }

    /// Counts the lines of a document where the export does not number them; tells whether it did.
    fn number(&mut self, values: &mut [Value], column: usize) -> bool {
        let Some((source, _)) = &self.plan.columns[column] else { return false };
        let Some(within) = source.number_within.filter(|_| values[column].is_null()) else { return false };
        let count = self.ordinals.entry(values[within].text().to_owned()).or_insert(0);
        *count += 1;
        values[column] = Value::Text(count.to_string());
        true
    }

    /// Required columns that are empty and not refused already.
    fn missing(&self, values: &[Value], row: &RawRow, refused: &[(Finding, bool)]) -> Vec<(Finding, bool)> {
        if refused.iter().any(|(_, keeps_row)| !keeps_row) {
            return Vec::new();
        }
        let mut missing = Vec::new();
        for (column, def) in self.plan.table.columns.iter().enumerate() {
            let filled_later = self.plan.output.pivot.is_some() && def.kind == ColumnKind::Fen;
            if def.required && values[column].is_null() && !filled_later {
                let place = self.plan.columns[column].as_ref().and_then(|(_, places)| places.first());
                let letters = place.map_or_else(String::new, |p| column_letters(*p));
                let heading = place.and_then(|p| self.headings.get(*p)).unwrap_or(&def.zh);
                let finding = Finding::new(Code::RequiredMissing, "").with(heading);
                missing.push((finding.at(self.sheet, row.number, &letters), false));
            }
        }
        missing.extend(self.none_filled(values, row));
        missing
    }

    /// Of some columns one at least must be filled, whichever it is.
    fn none_filled(&self, values: &[Value], row: &RawRow) -> Option<(Finding, bool)> {
        let table = self.plan.table;
        if table.any_of.is_empty() || table.any_of.iter().any(|at| !values[*at].is_null()) {
            return None;
        }
        let place = |at: &usize| self.plan.columns[*at].as_ref().and_then(|(_, places)| places.first()).copied();
        let name = |at: &usize| place(at).and_then(|p| self.headings.get(p)).unwrap_or(&table.columns[*at].zh).clone();
        let names: Vec<String> = table.any_of.iter().map(name).collect();
        let letters = table.any_of.iter().find_map(place).map_or_else(String::new, column_letters);
        let finding = Finding::new(Code::NoneFilled, "").with(names.join(" / "));
        Some((finding.at(self.sheet, row.number, &letters), false))
    }

    /// Equal rows count once; different rows with one key are both kept, numbered. Returns how many were left out.
    fn number_twins(&mut self, findings: &mut Vec<Finding>) -> u64 {
        let table = self.plan.table;
        let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
        let mut left_out = BTreeSet::new();
        for index in 0..self.rows.len() {
            let key = key_text(&self.rows[index].values, &table.key);
            let earlier = seen.entry(key.clone()).or_default();
            let place = |i: usize| (self.rows[i].row, key.replace('\u{1f}', " / "));
            if earlier.iter().any(|e| self.rows[*e].values == self.rows[index].values) {
                let (row, shown) = place(index);
                findings.push(Finding::new(Code::RepeatedRow, shown).at(self.sheet, row, ""));
                left_out.insert(index);
                continue;
            }
            if !earlier.is_empty() {
                let (row, shown) = place(index);
                findings.push(Finding::new(Code::DuplicateKey, shown).at(self.sheet, row, ""));
            }
            earlier.push(index);
            self.rows[index].twin = u32::try_from(earlier.len() - 1).unwrap_or(u32::MAX);
        }
        let mut index = 0;
        self.rows.retain(|_| {
            index += 1;
            !left_out.contains(&(index - 1))
        });
        left_out.len() as u64
    }
}

/// Where a cell stands, and how its numbers are read there.
struct Place {
    row: u32,
    at: Option<usize>,
    scale: Scale,
}

impl Place {
    /// A value of the spec, in no column.
    fn none(row: &RawRow) -> Place {
        Place { row: row.number, at: None, scale: Scale::PLAIN }
    }
}

/// What a cell of `then` gives: all of it, the part that a pattern cuts out, or nothing.
enum Cut {
    Whole,
    Part(Cell),
    Nothing,
}

fn cut_out(cell: &Cell, source: &ColumnSource) -> Cut {
    let Some(pattern) = &source.extract else { return Cut::Whole };
    let text = text_of(cell);
    let found = pattern.captures(&text).and_then(|c| c.get(1).or_else(|| c.get(0)));
    found.map_or(Cut::Nothing, |part| Cut::Part(Cell::Text(part.as_str().to_owned())))
}

/// The key columns of a row as one text.
pub fn key_text(values: &[Value], key: &[usize]) -> String {
    let part = |column: &usize| match &values[*column] {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
    };
    if let [only] = key {
        return part(only);
    }
    key.iter().map(part).collect::<Vec<_>>().join("\u{1f}")
}

/// A cell that gave a column its value: how many columns were asked before, and where it stands.
struct Used<'a> {
    turn: usize,
    place: usize,
    cell: &'a Cell,
    row: u32,
}

/// Things said once a column, not once a cell.
#[derive(Default)]
struct Notes {
    listed: BTreeMap<(Code, String), (u64, Option<Finding>)>,
    /// Shapes of dates, by sheet column: shape and first row.
    shapes: BTreeMap<usize, (String, BTreeMap<&'static str, u32>)>,
    /// Trimmed keys, by sheet column: heading, count, first row.
    trimmed: BTreeMap<usize, (String, u64, u32)>,
    /// Dates taken from a later column: names of both, count, first row.
    borrowed: BTreeMap<(usize, usize), (String, u64, u32)>,
    /// Spellings of one code, by column: code to spellings, and the first row.
    spellings: BTreeMap<usize, (String, Spellings, u32)>,
}

/// A number without the marks that exports put round it so that a spreadsheet keeps its digits: no blanks to speak of.
fn as_exported(text: &str) -> &str {
    let text = text.strip_prefix('`').unwrap_or(text);
    text.trim_end_matches('\t')
}

/// Code to the words that stand for it.
type Spellings = BTreeMap<String, BTreeSet<String>>;

impl Notes {
    /// Lists a finding, or only counts it when the column has had its share.
    fn say(&mut self, finding: Finding, findings: &mut Vec<Finding>) {
        let entry = self.listed.entry((finding.code, finding.column.clone())).or_insert((0, None));
        entry.0 += 1;
        // One unit is wrong, not each of its cells.
        let listed = if finding.code == Code::UnitRefused { 1 } else { LISTED };
        if entry.0 <= listed {
            findings.push(finding);
        } else if let Some(rest) = &mut entry.1 {
            rest.count += 1;
        } else {
            entry.1 = Some(finding);
        }
    }

    fn used(&mut self, plan: &OutputPlan<'_>, column: usize, used: Used<'_>, value: &Value) {
        let Used { turn, place, cell, row } = used;
        let def = &plan.table.columns[column];
        let Cell::Text(text) = cell else {
            if turn > 0 && matches!(def.kind, ColumnKind::Date | ColumnKind::Time) {
                self.borrow(plan, column, place, &def.zh, row);
            }
            return;
        };
        match def.kind {
            ColumnKind::Date | ColumnKind::Time => {
                if let Some(read) = super::dates::read(text) {
                    let entry = self.shapes.entry(place).or_insert_with(|| (def.zh.clone(), BTreeMap::new()));
                    entry.1.entry(read.shape).or_insert(row);
                }
                if turn > 0 {
                    self.borrow(plan, column, place, &def.zh, row);
                }
            }
            ColumnKind::Key if normal::key(text) != as_exported(text).to_uppercase() => {
                let entry = self.trimmed.entry(place).or_insert_with(|| (def.zh.clone(), 0, row));
                entry.1 += 1;
            }
            ColumnKind::Word(_) => self.spelling(plan, column, value.text(), text, row),
            _ => {}
        }
    }

    /// Words for one tender, told apart: 现金 beside 现金支付. Other lists group different things on purpose.
    fn spelling(&mut self, plan: &OutputPlan<'_>, column: usize, code: &str, text: &str, row: u32) {
        let def = &plan.table.columns[column];
        if def.name == "tender" {
            let entry = self.spellings.entry(column).or_insert_with(|| (def.zh.clone(), BTreeMap::new(), row));
            entry.1.entry(code.to_owned()).or_default().insert(normal::word(text));
        }
    }

    fn borrow(&mut self, plan: &OutputPlan<'_>, column: usize, place: usize, name: &str, row: u32) {
        let first = plan.columns[column].as_ref().and_then(|(_, p)| p.first()).copied().unwrap_or(place);
        let entry = self.borrowed.entry((first, place)).or_insert_with(|| (name.to_owned(), 0, row));
        entry.1 += 1;
    }

    fn finish(self, sheet: &str, headings: &[String], findings: &mut Vec<Finding>) {
        let shown = |place: usize| headings.get(place).cloned().unwrap_or_default();
        for (_, (_, rest)) in self.listed {
            findings.extend(rest);
        }
        for (place, (_, shapes)) in self.shapes.into_iter().filter(|(_, (_, s))| s.len() > 1) {
            let names: Vec<&str> = shapes.keys().copied().collect();
            let row = shapes.values().copied().max().unwrap_or(0);
            let finding =
                Finding::new(Code::MixedFormats, shapes.len().to_string()).with(shown(place)).with(names.join(", "));
            findings.push(finding.at(sheet, row, &column_letters(place)).counted(shapes.len() as u64));
        }
        for (place, (_, count, row)) in self.trimmed {
            let finding = Finding::new(Code::TextTrimmed, "").with(shown(place)).counted(count);
            findings.push(finding.at(sheet, row, &column_letters(place)));
        }
        for ((first, place), (name, count, row)) in self.borrowed {
            let finding = Finding::new(Code::DateFromOtherColumn, "")
                .with(if first == place { name } else { shown(first) })
                .with(shown(place));
            findings.push(finding.at(sheet, row, &column_letters(place)).counted(count));
        }
        for (_, (name, codes, row)) in self.spellings {
            for words in codes.into_iter().filter(|(_, w)| w.len() > 1).map(|(_, w)| w) {
                let words: Vec<String> = words.into_iter().collect();
                let finding = Finding::new(Code::WordsVary, words.join("、")).with(&name);
                findings.push(finding.at(sheet, row, "").counted(words.len() as u64));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_several_columns_do_not_run_together() {
        let values = [Value::Text("A".into()), Value::Text("1".into()), Value::Null];
        assert_eq!(key_text(&values, &[0, 1]), "A\u{1f}1");
        assert_eq!(key_text(&values, &[0]), "A");
        assert_eq!(key_text(&values, &[2]), "");
    }
}
