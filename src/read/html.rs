//! HTML saved as `.xls`: a tokenizer and what its tags mean for a table. No tree, no recursion, linear.

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::html_table::{Lost, Spans, Table};
use super::html_value::Stored;
use super::limits::{Budget, OverBudget};
use super::problems::{Problems, Refusal};
use super::raw::{ProblemCode, RawSheet};
use super::text::Decoded;

/// Reads every table of an HTML file as a sheet, in the order in which they begin.
///
/// A cell is the text that it shows, or the number that it stores where that says more. A table inside a cell is a table of
/// its own. Tables without any text are left out, but counted in the names.
pub(super) fn read(decoded: &Decoded, budget: &mut Budget, problems: &mut Problems) -> Result<Vec<RawSheet>, Refusal> {
    let mut reader = Reader::new(decoded, budget, problems);
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        reader.event(event);
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(decoded.text.as_str(), emitter).finish();
    reader.finish()
}

/// Follows the tags.
struct Reader<'a> {
    decoded: &'a Decoded,
    budget: &'a mut Budget,
    problems: &'a mut Problems,
    /// The tables that are open, the innermost last.
    open: Vec<Table>,
    closed: Vec<Table>,
    tables: usize,
    /// Attributes of the start tag being read, if it starts a cell.
    cell: Option<(Spans, Stored)>,
    attribute: Vec<u8>,
    /// Inside script or style: nothing in there is text.
    skipping: bool,
    over: bool,
}

impl<'a> Reader<'a> {
    fn new(decoded: &'a Decoded, budget: &'a mut Budget, problems: &'a mut Problems) -> Self {
        Reader {
            decoded,
            budget,
            problems,
            open: Vec::new(),
            closed: Vec::new(),
            tables: 0,
            cell: None,
            attribute: Vec::new(),
            skipping: false,
            over: false,
        }
    }

    fn event(&mut self, event: CallbackEvent<'_>) {
        if self.over {
            return;
        }
        let done = match event {
            CallbackEvent::OpenStartTag { name } => self.start(name),
            CallbackEvent::AttributeName { name } => {
                self.attribute.clear();
                if let Some((_, stored)) = &mut self.cell {
                    self.attribute.extend_from_slice(name);
                    // An attribute may have no value.
                    stored.attribute(name, b"");
                }
                Ok(())
            }
            CallbackEvent::AttributeValue { value } => {
                self.attribute_value(value);
                Ok(())
            }
            CallbackEvent::CloseStartTag { .. } => self.start_cell(),
            CallbackEvent::EndTag { name } => self.end(name),
            CallbackEvent::String { value } => {
                if let (false, Some(table)) = (self.skipping, self.open.last_mut()) {
                    table.text(&String::from_utf8_lossy(value));
                }
                Ok(())
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => Ok(()),
        };
        self.over = done.is_err();
    }

    fn start(&mut self, name: &[u8]) -> Result<(), OverBudget> {
        match name {
            b"table" => self.start_table()?,
            b"td" | b"th" => self.cell = Some(Default::default()),
            b"tr" => {
                self.end_cell()?;
                if let Some(table) = self.open.last_mut() {
                    table.start_row(self.budget)?;
                }
            }
            b"thead" | b"tbody" | b"tfoot" => self.section()?,
            b"br" => self.in_table(Table::line_break),
            b"p" | b"div" | b"li" => self.in_table(Table::block),
            b"script" | b"style" => self.skipping = true,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), OverBudget> {
        // Attributes of an end tag are no cell's.
        self.cell = None;
        match name {
            b"table" => self.end_table(),
            b"td" | b"th" => self.end_cell(),
            b"tr" => {
                self.end_cell()?;
                match self.open.last_mut() {
                    Some(table) => table.end_row(self.budget),
                    None => Ok(()),
                }
            }
            b"thead" | b"tbody" | b"tfoot" => self.section(),
            b"script" | b"style" => {
                self.skipping = false;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn in_table(&mut self, act: fn(&mut Table)) {
        if let Some(table) = self.open.last_mut() {
            act(table);
        }
    }

    fn attribute_value(&mut self, value: &[u8]) {
        let Some((spans, stored)) = &mut self.cell else { return };
        match self.attribute.as_slice() {
            b"colspan" => spans.set_columns(value),
            b"rowspan" => spans.set_rows(value),
            name => stored.attribute(name, value),
        }
    }

    fn start_table(&mut self) -> Result<(), OverBudget> {
        // A table inside another that has no cell open: the end tag of that one is missing.
        if self.open.last().is_some_and(|table| !table.in_cell()) {
            self.end_table()?;
        }
        self.budget.spend(1)?;
        self.tables += 1;
        self.open.push(Table::new(self.tables));
        Ok(())
    }

    fn end_table(&mut self) -> Result<(), OverBudget> {
        self.end_cell()?;
        if let Some(mut table) = self.open.pop() {
            table.end_section(self.budget)?;
            self.closed.push(table);
        }
        Ok(())
    }

    fn section(&mut self) -> Result<(), OverBudget> {
        self.end_cell()?;
        match self.open.last_mut() {
            Some(table) => table.end_section(self.budget),
            None => Ok(()),
        }
    }

    fn start_cell(&mut self) -> Result<(), OverBudget> {
        let Some((spans, stored)) = self.cell.take() else { return Ok(()) };
        self.end_cell()?;
        match self.open.last_mut() {
            Some(table) => table.start_cell(spans, stored, self.budget),
            None => Ok(()),
        }
    }

    fn end_cell(&mut self) -> Result<(), OverBudget> {
        let Some(table) = self.open.last_mut() else { return Ok(()) };
        let Some((mut text, row, column)) = table.take_text() else { return Ok(()) };
        let faults = self.decoded.mend(&mut text);
        if !faults.undecodable.is_empty() {
            self.problems.cell(ProblemCode::TextNotDecodable, &table.name(), row, column, &faults.undecodable);
        }
        if faults.nul {
            self.problems.cell(ProblemCode::TextMalformed, &table.name(), row, column, "NUL");
        }
        if let Err(Lost(text)) = table.put(text, self.budget)? {
            self.problems.cell(ProblemCode::CellFarAway, &table.name(), row, column, &text);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<RawSheet>, Refusal> {
        if !self.open.is_empty() && !self.over {
            self.problems.file(ProblemCode::FileDamaged, "</table>");
        }
        while !self.open.is_empty() && !self.over {
            self.over = self.end_table().is_err();
        }
        if self.over {
            return Err(OverBudget.into());
        }
        if self.tables == 0 {
            return Err(Refusal::new(ProblemCode::FileUnknown, "HTML without a table"));
        }
        self.closed.sort_by_key(Table::number);
        Ok(self.closed.into_iter().filter_map(Table::into_sheet).collect())
    }
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
