//! Where each column of a table stands in one sheet: worked out once, before the rows.

use std::collections::HashMap;

use super::condition::Condition;
use super::direction::Ways;
use super::source::{ColumnSource, Output, Source};
use super::units::{self, Heading, MoneyColumn, Scale};
use crate::model::{ColumnDef, ColumnKind, TableDef};
use crate::spec::tables::Tables;

/// How headings of a day, and of a time of day beside it, end.
const DAYS: [&str; 4] = ["日期", "年月日", "日", "DATE"];
const CLOCKS: [&str; 5] = ["时间", "时刻", "时分秒", "时分", "TIME"];

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
    /// For each column of the table: the sheet's column with the day of what may be only a time of day.
    pub days: Vec<Option<usize>>,
    /// For each column of the table and each of its places: how its numbers are read.
    pub scales: Vec<Vec<Scale>>,
    /// The sheet's column that says in which money a row is.
    pub money_column: Option<MoneyColumn>,
    /// Sheet columns of the conditions: all that must hold, any that may.
    pub when_all: Vec<Option<usize>>,
    pub when_any: Vec<Option<usize>>,
    /// Sheet columns of the payer's class and amount.
    pub payer: Option<(usize, usize)>,
    pub payer_scale: Scale,
    /// Where the words stand that say which way money went.
    ways: Option<Ways<'a>>,
}

/// Sheet columns by normalised heading, in order.
pub struct Headings {
    pub texts: Vec<String>,
    by_name: HashMap<String, Vec<usize>>,
    /// What stands beside the names.
    beside: Vec<Heading>,
    /// The unit of money that the lines above name.
    title: Option<Scale>,
}

impl Headings {
    pub fn new(texts: Vec<String>) -> Headings {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, text) in texts.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            by_name.entry(text.clone()).or_default().push(index);
        }
        Headings { texts, by_name, beside: Vec::new(), title: None }
    }

    /// With what the headings, as they stand, and the lines above them say about units.
    pub fn with_units(self, shown: &[String], titles: &[String]) -> Headings {
        let beside = shown.iter().map(|text| Heading::read(text)).collect();
        Headings { beside, title: units::of_titles(titles), ..self }
    }

    /// What the words beside a heading say of a column's numbers.
    fn reading(&self, place: usize, column: &ColumnDef, source: &ColumnSource) -> units::Reading {
        let none = units::Reading { scale: None, unknown: Vec::new() };
        let of = |heading: &Heading| units::reading(heading, column, source.exact.contains(&heading.whole));
        self.beside.get(place).map_or(none, of)
    }

    /// How the numbers below a heading are read: as the heading says, else the spec, else the lines above.
    fn scale(&self, place: usize, column: &ColumnDef, source: &ColumnSource) -> Scale {
        let of_title = || self.title.clone().filter(|_| units::is_of_money(column));
        match (self.reading(place, column, source).scale, source.unit.scale()) {
            (Some(scale), _) => scale,
            (None, Scale::PLAIN) => of_title().unwrap_or(Scale::PLAIN),
            (None, of_spec) => of_spec,
        }
    }

    /// The column of a source: the one whose whole heading it names, else the first spelling that stands in the sheet. Of several
    /// equal names one that can be used is taken.
    fn column_of(&self, column: &ColumnDef, source: &ColumnSource) -> Option<usize> {
        let named = |whole: &String| self.beside.iter().position(|heading| heading.whole == *whole);
        if let Some(place) = source.exact.iter().find_map(named) {
            return Some(place);
        }
        let first = self.find_any(&source.from, source.nth)?;
        let usable = |place: &&usize| !matches!(self.scale(**place, column, source), Scale::Refused(_));
        let twins = self.by_name.get(&self.texts[first]).filter(|twins| source.nth == 1 && twins.len() > 1);
        Some(twins.and_then(|twins| twins.iter().find(usable)).copied().unwrap_or(first))
    }

    /// The column whose name has another ending: 收款日期 of 收款时间. A bare 日期 does too.
    fn sibling(&self, place: usize, endings: [&[&str]; 2]) -> Option<usize> {
        let [own, other] = endings;
        let name = self.texts.get(place)?;
        let stem = own.iter().find_map(|ending| name.strip_suffix(ending))?;
        let with_stem = other.iter().find_map(|ending| self.find(&format!("{stem}{ending}")));
        with_stem.or_else(|| other.iter().find_map(|ending| self.find(ending))).filter(|at| *at != place)
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
    let table = &tables.tables[output.table];
    let direct = |(column, def): (&Option<ColumnSource>, &ColumnDef)| {
        column.as_ref().and_then(|source| headings.column_of(def, source))
    };
    let first: Vec<Option<usize>> = output.columns.iter().zip(&table.columns).map(direct).collect();
    let place = |(column, first): (&'a Option<ColumnSource>, &Option<usize>)| {
        let source = column.as_ref()?;
        let then = source.then.iter().filter_map(|h| headings.find(h));
        Some((source, first.iter().copied().chain(then).collect::<Vec<usize>>()))
    };
    let columns: Vec<_> = output.columns.iter().zip(&first).map(place).collect();
    let scales = |(column, def): (&Option<(&ColumnSource, Vec<usize>)>, &ColumnDef)| {
        let scale = |(source, places): &(&ColumnSource, Vec<usize>)| {
            places.iter().map(|place| headings.scale(*place, def, source)).collect()
        };
        column.as_ref().map_or_else(Vec::new, scale)
    };
    let clock = |at: usize| {
        let source = output.columns[at].as_ref()?;
        let told = headings.find_any(&source.clock, 1);
        let beside = || headings.sibling(first[at]?, [&DAYS, &CLOCKS]);
        told.or_else(|| beside().filter(|_| table.columns[at].kind == ColumnKind::Time))
    };
    let day = |at: usize| {
        let is_time = table.columns[at].kind == ColumnKind::Time;
        first[at].filter(|_| is_time).and_then(|place| headings.sibling(place, [&CLOCKS, &DAYS]))
    };
    let payer = output.pivot.as_ref();
    let payer = payer.and_then(|p| Some((headings.find_any(&p.payer, 1)?, headings.find_any(&p.amount, 1)?)));
    let payer_scale = payer
        .zip(table.amount)
        .map(|((_, amount), at)| headings.scale(amount, &table.columns[at], &ColumnSource::default()));
    OutputPlan {
        output,
        table,
        scales: columns.iter().zip(&table.columns).map(scales).collect(),
        columns,
        direct: first.iter().map(|place| usize::from(place.is_some())).collect(),
        clocks: (0..table.columns.len()).map(clock).collect(),
        days: (0..table.columns.len()).map(day).collect(),
        money_column: MoneyColumn::find(&headings.texts),
        when_all: output.when_all.iter().map(|c| c.place(headings)).collect(),
        when_any: output.when_any.iter().map(|c| c.place(headings)).collect(),
        payer,
        payer_scale: payer_scale.unwrap_or(Scale::PLAIN),
        ways: output.direction.as_ref().map(|spec| Ways::new(spec, headings)),
    }
}

impl<'a> OutputPlan<'a> {
    /// Lets a place of the sheet feed another column of the table, before what that one has; `from` loses it.
    pub fn turn(&mut self, place: usize, from: usize, to: usize, headings: &Headings) {
        let Some((_, places)) = &mut self.columns[from] else { return };
        let Some(at) = places.iter().position(|p| *p == place) else { return };
        places.remove(at);
        self.scales[from].remove(at);
        self.direct[from] = self.direct[from].saturating_sub(usize::from(at < self.direct[from]));
        if let Some((source, places)) = &mut self.columns[to] {
            places.insert(0, place);
            self.scales[to].insert(0, headings.scale(place, &self.table.columns[to], source));
            self.direct[to] += 1;
        }
    }

    pub fn ways(&self) -> Option<&Ways<'a>> {
        self.ways.as_ref()
    }

    /// Every column of the sheet that is read for a value of the table.
    pub fn read_places(&self) -> Vec<usize> {
        let mut places: Vec<usize> = self.columns.iter().flatten().flat_map(|(_, places)| places).copied().collect();
        places.extend(self.clocks.iter().chain(&self.days).flatten());
        places.extend(self.money_column.map(|column| column.at));
        places.extend(self.payer.into_iter().flat_map(|(payer, amount)| [payer, amount]));
        places.extend(self.ways().into_iter().flat_map(Ways::columns));
        places.extend(self.when_all.iter().chain(&self.when_any).flatten());
        places
    }

    /// How the numbers of a money column are read.
    pub fn scale_of(&self, place: usize, column: usize) -> Scale {
        let own = self.columns[column].as_ref().and_then(|(_, places)| places.iter().position(|p| *p == place));
        let is_payers = self.payer.is_some_and(|(_, amount)| amount == place);
        match own.and_then(|at| self.scales[column].get(at)) {
            Some(scale) => scale.clone(),
            None if is_payers => self.payer_scale.clone(),
            None => Scale::PLAIN,
        }
    }

    /// The conditions that a row must hold, each with the sheet's column that it looks at.
    pub fn conditions(&self) -> impl Iterator<Item = (&'a Condition, Option<usize>)> + '_ {
        let all = self.output.when_all.iter().zip(&self.when_all);
        all.chain(self.output.when_any.iter().zip(&self.when_any)).map(|(condition, place)| (condition, *place))
    }

    /// Words beside the headings of money that nobody knows: the sheet's column and the word.
    pub fn unknown_words(&self, headings: &Headings) -> Vec<(usize, String)> {
        let of_column = |(at, column): (usize, &Option<(&ColumnSource, Vec<usize>)>)| {
            let (source, places) = column.as_ref()?;
            let place = *places.first()?;
            let words = headings.reading(place, &self.table.columns[at], source).unknown;
            Some(words.into_iter().map(move |word| (place, word)))
        };
        self.columns.iter().enumerate().filter_map(of_column).flatten().collect()
    }

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
