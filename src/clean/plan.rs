//! Where each column of a table stands in one sheet: worked out once, before the rows.

use std::collections::HashMap;

use super::normal;
use super::source::{ColumnSource, Output, Source};
use crate::model::{ColumnKind, TableDef};
use crate::spec::tables::Tables;

/// The places of one output's columns.
pub struct OutputPlan<'a> {
    pub output: &'a Output,
    pub table: &'a TableDef,
    /// For each column of the table: its source and the sheet's columns, in the order in which they are asked.
    pub columns: Vec<Option<(&'a ColumnSource, Vec<usize>)>>,
    /// For each column of the table: how many of its places come from `from`; those after them come from `then`.
    pub direct: Vec<usize>,
    /// For each column of the table: the sheet's column with the time of day of its date.
    pub clocks: Vec<Option<usize>>,
    /// Sheet columns of the conditions: all that must hold, any that may.
    pub when_all: Vec<Option<usize>>,
    pub when_any: Vec<Option<usize>>,
    /// Sheet columns of the payer's class and amount.
    pub payer: Option<(usize, usize)>,
}

/// Sheet columns by normalised heading, in order.
pub struct Headings {
    pub texts: Vec<String>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Headings {
    pub fn new(texts: Vec<String>) -> Headings {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, text) in texts.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            by_name.entry(text.clone()).or_default().push(index);
        }
        Headings { texts, by_name }
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).map(|places| places[0])
    }

    /// The column of the first spelling that stands in the sheet.
    pub fn find_any(&self, spellings: &[String], nth: usize) -> Option<usize> {
        spellings.iter().find_map(|s| self.by_name.get(s)).and_then(|p| p.get(nth - 1).or(p.first())).copied()
    }

    pub fn is_repeated(&self, column: usize) -> bool {
        self.by_name.get(&self.texts[column]).is_some_and(|p| p.len() > 1)
    }
}

pub fn plan<'a>(source: &'a Source, tables: &'a Tables, headings: &Headings) -> Vec<OutputPlan<'a>> {
    source.outputs.iter().map(|output| plan_output(output, tables, headings)).collect()
}

fn plan_output<'a>(output: &'a Output, tables: &'a Tables, headings: &Headings) -> OutputPlan<'a> {
    let place = |column: &'a Option<ColumnSource>| {
        let source = column.as_ref()?;
        let mut places: Vec<usize> = headings.find_any(&source.from, source.nth).into_iter().collect();
        places.extend(source.then.iter().filter_map(|h| headings.find(h)));
        Some((source, places))
    };
    let direct = |column: &Option<ColumnSource>| {
        let source = column.as_ref();
        usize::from(source.is_some_and(|s| headings.find_any(&s.from, s.nth).is_some()))
    };
    let clock = |column: &Option<ColumnSource>| headings.find_any(&column.as_ref()?.clock, 1);
    OutputPlan {
        output,
        table: &tables.tables[output.table],
        columns: output.columns.iter().map(place).collect(),
        direct: output.columns.iter().map(direct).collect(),
        clocks: output.columns.iter().map(clock).collect(),
        when_all: output.when_all.iter().map(|c| c.place(headings)).collect(),
        when_any: output.when_any.iter().map(|c| c.place(headings)).collect(),
        payer: output
            .pivot
            .as_ref()
            .and_then(|p| Some((headings.find_any(&p.payer, 1)?, headings.find_any(&p.amount, 1)?))),
    }
}

impl OutputPlan<'_> {
    /// Columns the output wants and the sheet has not, and whether rows are rejected without them.
    pub fn missing(&self, headings: &Headings) -> Vec<(String, bool)> {
        let absent = |(index, column): (usize, &Option<(&ColumnSource, Vec<usize>)>)| {
            let (source, places) = column.as_ref()?;
            let made = source.constant.is_some() || source.number_within.is_some() || source.default.is_some();
            let wanted = places.is_empty() && !source.from.is_empty() && !made;
            wanted.then(|| (self.table.columns[index].zh.clone(), self.table.columns[index].required))
        };
        let mut missing: Vec<(String, bool)> = self.columns.iter().enumerate().filter_map(absent).collect();
        if let Some(pivot) = &self.output.pivot {
            let lacks = |names: &Vec<String>| headings.find_any(names, 1).is_none().then(|| (names.join("|"), true));
            missing.extend([&pivot.payer, &pivot.amount].into_iter().filter_map(lacks));
        }
        missing
    }

    /// Whether a column without which no row can be taken stands nowhere in the sheet.
    pub fn lacks_required_column(&self) -> bool {
        let lacks = |(index, column): (usize, &Option<(&ColumnSource, Vec<usize>)>)| {
            let def = &self.table.columns[index];
            let filled_by_payers = self.output.pivot.is_some() && def.kind == ColumnKind::Fen;
            let made = |s: &ColumnSource| s.constant.is_some() || s.number_within.is_some() || s.default.is_some();
            let empty = column.as_ref().is_none_or(|(source, places)| places.is_empty() && !made(source));
            def.required && !filled_by_payers && empty
        };
        self.columns.iter().enumerate().any(lacks)
    }

    /// Sheet columns that hold money, with the column of the table.
    pub fn money(&self) -> Vec<(usize, usize)> {
        let money = |(index, column): (usize, &Option<(&ColumnSource, Vec<usize>)>)| {
            let (_, places) = column.as_ref()?;
            let place = *places.first()?;
            (self.table.columns[index].kind == ColumnKind::Fen).then_some((place, index))
        };
        let mut found: Vec<(usize, usize)> = self.columns.iter().enumerate().filter_map(money).collect();
        if let (Some((_, amount)), Some(table_amount)) = (self.payer, self.table.amount) {
            found.push((amount, table_amount));
        }
        found
    }
}

/// Sheet columns that a merge may be filled down into: never amounts, which would be counted again.
pub fn fillable(plans: &[OutputPlan<'_>], width: usize) -> Vec<bool> {
    let mut fill = vec![false; width];
    for plan in plans {
        for (index, column) in plan.columns.iter().enumerate() {
            let number = matches!(
                plan.table.columns[index].kind,
                ColumnKind::Fen | ColumnKind::Hours | ColumnKind::Micro | ColumnKind::Int
            );
            for place in column.iter().flat_map(|(_, places)| places) {
                if !number && *place < width {
                    fill[*place] = true;
                }
            }
        }
    }
    fill
}

/// Whether a text is one of the words that begin a total row.
pub fn total_word(text: &str) -> Option<bool> {
    // Every one of the words has one of these: most rows are told by a glance.
    if !text.contains('计') && !text.contains(['T', 't', 'U', 'u', 'Ｔ', 'ｔ', 'Ｕ', 'ｕ']) {
        return None;
    }
    let word = normal::heading(text);
    let grand = ["合计", "总计", "共计", "累计", "总合计", "TOTAL", "GRANDTOTAL", "SUM"];
    let part = ["小计", "本页合计", "本页小计", "页合计", "SUBTOTAL"];
    let starts = |words: &[&str]| {
        words.iter().any(|w| word == *w || (word.starts_with(w) && word.chars().count() <= w.chars().count() + 10))
    };
    let ends = |words: &[&str]| words.iter().any(|w| word.ends_with(w) && word.chars().count() <= 14);
    if starts(&part) || ends(&part[..1]) {
        Some(false)
    } else if starts(&grand) || ends(&grand[..1]) {
        Some(true)
    } else {
        None
    }
}
