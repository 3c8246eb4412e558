//! Data rows of one sheet to the rows that one output takes of them.

use std::collections::HashMap;

use chrono::NaiveTime;

use super::cells::{Cleaned, clean, is_blank, is_clock, is_empty, text_of, time_of_day};
use super::condition::Condition;
use super::direction::{Known, Said, VoidNotes, Way, turn};
use super::export::CleanRow;
use super::normal::{self, column_letters};
use super::notes::{Notes, Used};
use super::pivot::Payers;
use super::plan::OutputPlan;
use super::reversal::{Draft, Reversible};
use super::source::ColumnSource;
use super::units::{self, Scale};
use crate::finding::{Code, Finding};
use crate::model::{Blanks, ColumnDef, ColumnKind, Value, WordList};
use crate::read::{Cell, RawRow};
use crate::spec::tables::Tables;

/// What became of a data row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The output has nothing to do with it.
    NotMine,
    Taken,
    Rejected,
}

/// Builds the rows that one output takes from the data rows of one sheet.
pub struct OutputBuilder<'a> {
    plan: &'a OutputPlan<'a>,
    lists: Vec<Option<&'a WordList>>,
    blanks: &'a Blanks,
    sheet: &'a str,
    /// The headings as they stand, so that a person finds the column.
    headings: &'a [String],
    drafts: Vec<Draft>,
    payers: Option<Payers>,
    reversible: Option<Reversible>,
    /// A required column is missing from the sheet: said once, and every row is rejected.
    lacks_column: bool,
    /// What the row at hand says of its money.
    row_scale: Option<Scale>,
    /// Words already looked up, by column: a sheet uses few words often.
    known_words: Vec<HashMap<String, Value>>,
    known_ways: Known,
    void: VoidNotes,
    notes: Notes,
}

/// What an output took.
pub struct Built {
    pub rows: Vec<CleanRow>,
    /// Rows of the sheet that were rejected only when all of them were known.
    pub rejected: Vec<u32>,
}

impl<'a> OutputBuilder<'a> {
    pub fn new(
        plan: &'a OutputPlan<'a>,
        tables: &'a Tables,
        sheet: &'a str,
        headings: &'a [String],
    ) -> OutputBuilder<'a> {
        let list = |kind: ColumnKind| match kind {
            ColumnKind::Word(list) => Some(&tables.lists[list]),
            _ => None,
        };
        let direction = plan.ways().map(|ways| ways.spec).filter(|spec| !spec.cancelled_on.is_empty());
        OutputBuilder {
            plan,
            lists: plan.table.columns.iter().map(|c| list(c.kind)).collect(),
            blanks: &tables.blanks,
            sheet,
            headings,
            drafts: Vec::new(),
            payers: plan.output.pivot.as_ref().map(|p| Payers::new(&tables.lists[p.list])),
            reversible: direction.and_then(|spec| Reversible::new(plan.table, &spec.amounts)),
            lacks_column: plan.lacks_required_column(),
            row_scale: None,
            known_words: plan.table.columns.iter().map(|_| HashMap::new()).collect(),
            known_ways: Known::new(),
            void: VoidNotes::default(),
            notes: Notes::default(),
        }
    }

    /// Takes one data row, or rejects it and says why. With what the row says of its money.
    pub fn row(&mut self, row: &RawRow, findings: &mut Vec<Finding>) -> (Verdict, Option<Way>) {
        if !self.applies(row) {
            return (Verdict::NotMine, None);
        }
        if self.lacks_column {
            return (Verdict::Rejected, None);
        }
        self.row_scale = self.plan.money_column.and_then(|column| {
            let cell = row.cells.get(column.at).filter(|cell| !is_blank(cell))?;
            column.of_row(&text_of(cell))
        });
        let said = match self.said(row) {
            Ok(said) => said,
            Err(finding) => {
                self.notes.say(finding, findings);
                return (Verdict::Rejected, None);
            }
        };
        let mut refused = Vec::new();
        let mut values: Vec<Value> = Vec::with_capacity(self.plan.columns.len());
        for column in 0..self.plan.columns.len() {
            values.push(self.value(row, column, &mut refused));
        }
        let said = self.with_amount_out(row, &mut values, said, &mut refused);
        let way = said.way;
        refused.extend(self.doubted(row, &values, &said));
        let cancelled = self.cancelled(row, &mut refused);
        if self.reversible.is_none() {
            refused.extend(self.turned(row, &mut values, &said));
        }
        let is_void = way == Some(Way::Void) && cancelled.is_null();
        if is_void {
            // It is no money: only what names it must be known.
            refused.clear();
            let nameless =
                self.plan.table.key.iter().any(|at| values[*at].is_null() && !self.is_numbered(*at, &values));
            refused.extend(nameless.then(|| self.missing(&values, row, &[])).into_iter().flatten());
        } else {
            let missing = self.missing(&values, row, &refused);
            refused.extend(missing);
        }
        let reject = refused.iter().any(|(_, keeps_row)| !keeps_row);
        for (finding, _) in refused {
            self.notes.say(finding, findings);
        }
        if reject {
            return (Verdict::Rejected, way);
        }
        if is_void {
            self.void.add(&said, row.number);
        }
        let clean = CleanRow { row: row.number, twin: 0, void: is_void, counted: false, values };
        self.take(Draft { row: clean, said, cancelled }, row, findings)
    }

    /// The row as one that ends the record of its key, whatever else it says; none where it does not name it in full.
    pub fn ending(&mut self, row: &RawRow, word: (usize, String)) -> Option<CleanRow> {
        // It counts nothing: what cannot be read of it is not missed.
        let mut unread = Vec::new();
        let columns = 0..self.plan.columns.len();
        let values: Vec<Value> = columns.map(|column| self.value(row, column, &mut unread)).collect();
        if self.plan.table.key.iter().any(|at| values[*at].is_null()) {
            return None;
        }
        self.void.add(&Said { place: word.0, word: word.1, ..Said::default() }, row.number);
        Some(CleanRow { row: row.number, twin: 0, void: true, counted: false, values })
    }

    fn take(&mut self, draft: Draft, row: &RawRow, findings: &mut Vec<Finding>) -> (Verdict, Option<Way>) {
        let way = draft.said.way;
        match &mut self.payers {
            None => self.drafts.push(draft),
            Some(payers) => {
                if let Some(finding) = payers.row(self.plan, row, draft, self.sheet) {
                    self.notes.say(finding, findings);
                    return (Verdict::Rejected, way);
                }
            }
        }
        (Verdict::Taken, way)
    }

    /// What the row's own words say of its money; a finding where one of them is not known.
    fn said(&mut self, row: &RawRow) -> Result<Said, Finding> {
        let Some(ways) = self.plan.ways() else { return Ok(Said::default()) };
        ways.said(row, &mut self.known_ways).map_err(|(place, word)| {
            let finding = Finding::new(Code::DirectionUnknown, word);
            finding.with(&self.headings[place]).at(self.sheet, row.number, &column_letters(place))
        })
    }

    /// An amount that stands in a column for what went out.
    fn with_amount_out(
        &self,
        row: &RawRow,
        values: &mut [Value],
        said: Said,
        refused: &mut Vec<(Finding, bool)>,
    ) -> Said {
        let Some(ways) = self.plan.ways() else { return said };
        let (Some(out), Some(place), Some(amount)) = (ways.amount_out(row), ways.out, ways.spec.amounts.first()) else {
            return said;
        };
        let heading = self.headings.get(place).cloned().unwrap_or_default();
        if values[*amount].int().is_some_and(|units| units != 0) {
            if said.way != Some(Way::Out) || values[*amount].int().map(i64::abs) != Some(out) {
                let finding = Finding::new(Code::DirectionUnclear, crate::model::Fen(out).to_string()).with(heading);
                refused.push((finding.at(self.sheet, row.number, &column_letters(place)), false));
            }
            return said;
        }
        values[*amount] = Value::Int(out.saturating_neg());
        match said.way {
            Some(Way::Void) => said,
            _ => Said { way: Some(Way::Out), place, word: heading, doubt: None },
        }
    }

    /// The day on which the record was cancelled, as its own row says.
    fn cancelled(&mut self, row: &RawRow, refused: &mut Vec<(Finding, bool)>) -> Value {
        let place = self.plan.ways().and_then(|ways| ways.cancelled(row));
        let (Some(place), Some(column)) = (place, self.plan.table.date) else { return Value::Null };
        let own = ColumnSource::default();
        let at = Place { row: row.number, at: Some(place), scale: Scale::PLAIN };
        self.cell_value(&row.cells[place], column, &own, at, refused)
    }

    /// Turns the amounts as the words say; a finding where they can be meant in two ways.
    fn turned(&self, row: &RawRow, values: &mut [Value], said: &Said) -> Option<(Finding, bool)> {
        let ways = self.plan.ways()?;
        if turn(values, &ways.spec.amounts, said).is_ok() {
            return None;
        }
        Some((self.unclear(row.number, said), false))
    }

    /// A word that may say that money was taken back, beside an amount that is not.
    fn doubted(&self, row: &RawRow, values: &[Value], said: &Said) -> Option<(Finding, bool)> {
        let (place, word) = said.doubt.as_ref()?;
        let is_plus = |at: &usize| values[*at].int().is_some_and(|units| units > 0);
        let own_list = |(def, column): (&ColumnDef, &Option<(&ColumnSource, Vec<usize>)>)| {
            let is_read = column.as_ref().is_some_and(|(_, places)| places.contains(place));
            is_read && matches!(def.kind, ColumnKind::Word(_))
        };
        let is_known = self.plan.table.columns.iter().zip(&self.plan.columns).any(own_list);
        let speaks = said.way.is_none_or(|way| way == Way::In) && !is_known;
        if !speaks || !self.plan.ways()?.spec.amounts.iter().any(is_plus) {
            return None;
        }
        let heading = self.headings.get(*place).cloned().unwrap_or_default();
        let finding = Finding::new(Code::WordOfReturn, word).with(heading);
        Some((finding.at(self.sheet, row.number, &column_letters(*place)), true))
    }

    fn unclear(&self, row: u32, said: &Said) -> Finding {
        let heading = self.headings.get(said.place).cloned().unwrap_or_default();
        let finding = Finding::new(Code::DirectionUnclear, &said.word).with(heading);
        finding.at(self.sheet, row, &column_letters(said.place))
    }

    /// What was taken back is settled, notes are written down.
    pub fn finish(mut self, findings: &mut Vec<Finding>) -> Built {
        if let Some(payers) = self.payers.take() {
            self.drafts = payers.finish(self.sheet, findings);
        }
        let mut built = Built { rows: Vec::with_capacity(self.drafts.len()), rejected: Vec::new() };
        for draft in std::mem::take(&mut self.drafts) {
            let Some(reversible) = &self.reversible else {
                built.rows.push(draft.row);
                continue;
            };
            match reversible.settled(draft) {
                Ok(rows) => built.rows.extend(rows),
                Err(draft) => {
                    let finding = self.unclear(draft.row.row, &draft.said);
                    self.notes.say(finding, findings);
                    built.rejected.push(draft.row.row);
                }
            }
        }
        self.void.finish(self.sheet, self.headings, findings);
        self.notes.finish(self.sheet, self.headings, findings);
        built
    }

    fn applies(&self, row: &RawRow) -> bool {
        let holds = |(condition, place): (&Condition, &Option<usize>)| condition.holds_in(row, *place);
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

    /// Whether a column is numbered once all rows are known.
    fn is_numbered(&self, column: usize, values: &[Value]) -> bool {
        let within = self.plan.columns[column].as_ref().and_then(|(source, _)| source.number_within);
        within.is_some_and(|within| !values[within].is_null())
    }

    /// Required columns that are empty and not refused already.
    fn missing(&self, values: &[Value], row: &RawRow, refused: &[(Finding, bool)]) -> Vec<(Finding, bool)> {
        if refused.iter().any(|(_, keeps_row)| !keeps_row) {
            return Vec::new();
        }
        let mut missing = Vec::new();
        for (column, def) in self.plan.table.columns.iter().enumerate() {
            let filled_later = self.plan.output.pivot.is_some() && def.kind == ColumnKind::Fen;
            if def.required && values[column].is_null() && !filled_later && !self.is_numbered(column, values) {
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
