//! One claimed sheet: titles, repeated headings and totals are told from data, and each data row feeds its tables.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::cells::{is_blank, text_of};
use super::direction::Ways;
use super::epoch::Epoch;
use super::export::{CleanSheet, Control, NoRecord};
use super::former;
use super::gather::TableBuilder;
use super::kinds::{Kind, Shape};
use super::normal::column_letters;
use super::plan::{self, Headings, OutputPlan};
use super::recognise::{self, Claim};
use super::source::Source;
use super::summary;
use super::totals::Totals;
use super::units;
use super::unread::Unread;
use super::watch::Watch;
use super::width::{Fit, Widths};
use crate::finding::{Code, Finding};
use crate::read::{Cell, RawRow, RawSheet};
use crate::spec::tables::Tables;

/// Findings of rows of a wrong width beyond this many are counted, not listed.
const LISTED: usize = 50;
/// A total that fails names so many rows at most.
const SUSPECTS: usize = 12;

pub fn clean(
    sources: &[Source],
    tables: &Tables,
    claim: &Claim,
    sheet: &RawSheet,
    findings: &mut Vec<Finding>,
) -> CleanSheet {
    let source = &sources[claim.source];
    let heading_row = &claim.row;
    let shown: Vec<String> = heading_row.cells.iter().map(text_of).collect();
    let titles = units::lines(sheet, claim.heading);
    let headings = Headings::new(recognise::headings(heading_row)).with_units(&shown, &titles);
    let mut plans = plan::plan(source, tables, &headings);
    let below = &sheet.rows[claim.heading + 1..];
    former::apply(&mut plans, &headings, &shown, below, &sheet.name, findings);
    let mut clean = describe(claim, heading_row, &headings, &plans, &sheet.name, findings);
    clean.hidden = sheet.hidden;
    let mut pass = Pass {
        sheet,
        heading_row,
        headings: &headings,
        shape: Shape::new(&headings, &plans),
        widths: Widths::new(heading_row, below, &plans, tables),
        builders: TableBuilder::all(source, tables, &plans, &headings, &sheet.name, &shown),
        totals: Totals::new(&plans),
        watch: Watch::new(&source.expects, &headings, &sheet.name),
        unread: plans.iter().any(|p| !p.money().is_empty()).then(|| {
            let unread = unread_places(&headings, &plans).filter(|(_, heading)| !source.aside.contains(heading));
            Unread::new(unread, &source.lexicon, tables)
        }),
        fill: FillDown::new(&plans, &headings, sheet),
        epoch: Epoch::new(&plans, sheet.is_1904),
        no_record: BTreeMap::new(),
        suspects: BTreeSet::new(),
        wrong_widths: Vec::new(),
        controls: Vec::new(),
    };
    pass.skip(NoRecord::Title, claim.first as u64);
    pass.skip(NoRecord::Heading, (claim.heading - claim.first) as u64 + 1);
    pass.rows(below, findings);
    let (tables, controls) = pass.finish(&shown, findings);
    clean.tables = tables;
    clean.controls = controls;
    clean
}

/// One pass over the rows below the headings.
struct Pass<'a> {
    sheet: &'a RawSheet,
    heading_row: &'a RawRow,
    headings: &'a Headings,
    shape: Shape<'a>,
    widths: Widths<'a>,
    builders: Vec<TableBuilder<'a>>,
    totals: Totals,
    watch: Watch<'a>,
    unread: Option<Unread<'a>>,
    fill: FillDown,
    epoch: Epoch,
    no_record: BTreeMap<NoRecord, u64>,
    /// Rows that were doubted: where a total fails, one of them may be why.
    suspects: BTreeSet<u32>,
    wrong_widths: Vec<Finding>,
    controls: Vec<Control>,
}

impl Pass<'_> {
    fn skip(&mut self, why: NoRecord, rows: u64) {
        *self.no_record.entry(why).or_default() += rows;
    }

    fn rows(&mut self, below: &[RawRow], findings: &mut Vec<Finding>) {
        let mut summary: Option<&RawRow> = None;
        for (at, raw) in below.iter().enumerate() {
            if let Some(of) = summary.take().filter(|_| summary::is_values(raw)) {
                self.totals.summary(raw, of, self.headings, &mut self.controls);
                self.skip(NoRecord::Summary, 1);
                continue;
            }
            match self.shape.kind(raw) {
                Kind::Headings => self.skip(NoRecord::Heading, 1),
                Kind::Footer => self.skip(NoRecord::Footer, 1),
                Kind::Blank => self.skip(NoRecord::Blank, 1),
                Kind::SummaryHeadings => {
                    summary = Some(raw);
                    self.skip(NoRecord::Summary, 1);
                }
                Kind::Comment(line) => {
                    self.totals.comment(raw, &line, self.headings, &mut self.controls);
                    self.skip(NoRecord::Summary, 1);
                }
                Kind::Total(sums) => {
                    if let Some(row) = self.fitted(raw, true) {
                        self.totals.total(&self.epoch.settled(row), sums, self.heading_row, &mut self.controls);
                    }
                    self.skip(NoRecord::Total, 1);
                }
                Kind::Data if self.is_title(raw, below.get(at + 1)) => self.skip(NoRecord::Title, 1),
                Kind::Data => self.record(raw, findings),
            }
        }
    }

    /// A line alone above headings that stand again: the title of the next page.
    fn is_title(&self, row: &RawRow, next: Option<&RawRow>) -> bool {
        row.cells.iter().filter(|c| !is_blank(c)).count() == 1
            && next.is_some_and(|next| self.shape.kind(next) == Kind::Headings)
    }

    fn record(&mut self, raw: &RawRow, findings: &mut Vec<Finding>) {
        let Some(row) = self.fitted(raw, false) else {
            self.totals.add_unread();
            self.builders.iter_mut().for_each(|builder| builder.refuse_unread(raw));
            return;
        };
        let row = self.epoch.settled(self.fill.filled(&row));
        self.watch.row(&row, findings);
        if let Some(unread) = &mut self.unread {
            unread.row(&row);
        }
        let ways = self.builders.iter_mut().map(|builder| builder.row(&row, findings));
        let way = ways.flatten().max();
        self.totals.add(&row, way);
    }

    /// The row with each field in its column; `None`, and said, where that cannot be known.
    fn fitted<'r>(&mut self, raw: &'r RawRow, is_total: bool) -> Option<Cow<'r, RawRow>> {
        let (finding, column, row) = match self.widths.fit(raw, is_total) {
            Fit::Right => return Some(Cow::Borrowed(raw)),
            Fit::Mended(row, place) => {
                let text = |row: &RawRow| row.cells.get(place).map_or_else(String::new, text_of);
                let finding = Finding::new(Code::RowMended, text(&row)).with(text(self.heading_row));
                (finding, column_letters(place), Some(Cow::Owned(row)))
            }
            Fit::Wrong => {
                let [fields, wanted] = [raw.width, self.heading_row.width].map(|width| width.to_string());
                (Finding::new(Code::RowWidth, "").with(fields).with(wanted), String::new(), None)
            }
        };
        self.suspects.insert(raw.number);
        self.wrong_widths.push(finding.at(&self.sheet.name, raw.number, &column));
        row
    }

    fn finish(self, shown: &[String], findings: &mut Vec<Finding>) -> (Vec<super::TableRows>, Vec<Control>) {
        let mut wrong_widths = self.wrong_widths;
        let more = wrong_widths.split_off(wrong_widths.len().min(LISTED));
        findings.extend(wrong_widths);
        findings.extend(more.first().map(|first| first.clone().counted(more.len() as u64)));
        if let Some(unread) = self.unread {
            unread.finish(&self.sheet.name, shown, findings);
        }
        let mut suspects = self.suspects;
        suspects.extend(self.builders.iter().flat_map(TableBuilder::rejected));
        let rows_sheet = self.sheet.rows.len() as u64;
        let before = findings.len();
        let finish = |builder: TableBuilder<'_>| builder.finish(rows_sheet, &self.no_record, findings);
        let tables = self.builders.into_iter().map(finish).collect();
        let doubled = |f: &&Finding| matches!(f.code, Code::RepeatedRow | Code::DuplicateKey);
        suspects.extend(findings[before..].iter().filter(doubled).map(|f| f.row));
        for control in self.controls.iter().filter(|c| !c.holds()) {
            findings.push(differs(control, &self.sheet.name, &suspects));
        }
        (tables, self.controls)
    }
}

/// A total that fails, with the rows above it that were doubted.
fn differs(control: &Control, sheet: &str, suspects: &BTreeSet<u32>) -> Finding {
    let mut rows: Vec<String> = suspects.range(..control.row).map(u32::to_string).collect();
    let more = rows.split_off(rows.len().min(SUSPECTS));
    let mut named = if rows.is_empty() { "—".to_owned() } else { rows.join("、") };
    if !more.is_empty() {
        named.push_str(" …");
    }
    Finding::new(Code::ControlTotalDiffers, crate::model::Fen(control.total_fen).to_string())
        .with(&control.heading)
        .with(crate::model::Fen(control.sum_fen).to_string())
        .with(named)
        .at(sheet, control.row, &control.column)
}

/// The columns with a heading that no output reads.
fn unread_places<'h>(headings: &'h Headings, plans: &[OutputPlan<'_>]) -> impl Iterator<Item = (usize, &'h String)> {
    let used: BTreeSet<usize> = plans.iter().flat_map(OutputPlan::read_places).collect();
    let named = headings.texts.iter().enumerate().filter(|(_, heading)| !heading.is_empty());
    named.filter(move |(place, _)| !used.contains(place))
}

/// What of the headings is mapped, not mapped and missing.
fn describe(
    claim: &Claim,
    heading_row: &RawRow,
    headings: &Headings,
    plans: &[OutputPlan<'_>],
    name: &str,
    findings: &mut Vec<Finding>,
) -> CleanSheet {
    let mut mapped: Vec<(usize, String)> = Vec::new();
    let mut missing = Vec::new();
    for plan in plans {
        for (index, column) in plan.columns.iter().enumerate() {
            for place in column.iter().flat_map(|(_, places)| places) {
                mapped.push((*place, format!("{}.{}", plan.table.id, plan.table.columns[index].name)));
            }
        }
        for (index, place) in plan.clocks.iter().enumerate() {
            let name = format!("{}.{}", plan.table.id, plan.table.columns[index].name);
            mapped.extend(place.filter(|p| !mapped.contains(&(*p, name.clone()))).map(|p| (p, name.clone())));
        }
        if let Some((payer, amount)) = plan.payer {
            mapped.extend([(payer, format!("{}.payer", plan.table.id)), (amount, format!("{}.amount", plan.table.id))]);
        }
        for place in plan.ways().into_iter().flat_map(Ways::columns) {
            let turned = plan.ways().and_then(|ways| ways.spec.amounts.first());
            let name = turned.map_or("", |at| plan.table.columns[*at].name.as_str());
            mapped.push((place, format!("{}.{name}", plan.table.id)));
        }
        for (column, required) in plan.missing(headings) {
            if required {
                let finding = Finding::new(Code::ColumnMissing, &column).with(&plan.table.zh);
                findings.push(finding.at(name, heading_row.number, ""));
            }
            missing.push(column);
        }
    }
    mapped.sort();
    mapped.dedup();
    for (place, word) in plans.iter().flat_map(|p| p.unknown_words(headings)).collect::<BTreeSet<_>>() {
        let heading = heading_row.cells.get(place).map_or_else(String::new, text_of);
        let finding = Finding::new(Code::UnitUnknown, heading).with(word);
        findings.push(finding.at(name, heading_row.number, &column_letters(place)));
    }
    let shown = |place: usize| heading_row.cells.get(place).map_or_else(String::new, text_of);
    for (place, _) in mapped.iter().filter(|(p, _)| headings.is_repeated(*p)) {
        let finding = Finding::new(Code::HeadingRepeated, shown(*place));
        findings.push(finding.at(name, heading_row.number, &column_letters(*place)));
    }
    let unread = unread_places(headings, plans).map(|(place, _)| shown(place));
    let unmapped = unread.filter(|heading| !heading.is_empty()).collect();
    missing.dedup();
    CleanSheet {
        name: name.to_owned(),
        hidden: false,
        source: claim.source,
        heading_row: heading_row.number,
        mapped: mapped.into_iter().map(|(place, column)| (shown(place), column)).collect(),
        unmapped,
        missing,
        controls: Vec::new(),
        tables: Vec::new(),
    }
}

/// Merged group cells hold their value in the first row only; blanks below take it where a merge or the spec says so.
struct FillDown {
    merged: Vec<(usize, u32, u32, Cell)>,
    /// Columns that carry the last value over every blank.
    always: Vec<(usize, Cell)>,
}

impl FillDown {
    fn new(plans: &[OutputPlan<'_>], headings: &Headings, sheet: &RawSheet) -> FillDown {
        let fillable = plan::fillable(plans, headings.texts.len());
        let mut merged = Vec::new();
        for merge in sheet.merges.iter().filter(|m| m.last_row > m.first_row) {
            let column = merge.first_column as usize;
            let first = sheet.rows.binary_search_by_key(&merge.first_row, |r| r.number).ok();
            let value = first.and_then(|at| sheet.rows[at].cells.get(column));
            if let Some(value) = value.filter(|_| fillable.get(column) == Some(&true)) {
                merged.push((column, merge.first_row, merge.last_row, value.clone()));
            }
        }
        merged.sort_by_key(|m| (m.1, m.0));
        let mut always: Vec<(usize, Cell)> = Vec::new();
        for (source, places) in plans.iter().flat_map(|p| p.columns.iter().flatten()) {
            for place in places.iter().filter(|_| source.fill_down) {
                if !always.iter().any(|(p, _)| p == place) {
                    always.push((*place, Cell::Empty));
                }
            }
        }
        FillDown { merged, always }
    }

    fn filled<'a>(&mut self, row: &'a RawRow) -> Cow<'a, RawRow> {
        if self.merged.is_empty() && self.always.is_empty() {
            return Cow::Borrowed(row);
        }
        let mut out = row.clone();
        let mut put = |place: usize, value: &Cell| {
            if out.cells.len() <= place {
                out.cells.resize(place + 1, Cell::Empty);
            }
            if is_blank(&out.cells[place]) {
                out.cells[place] = value.clone();
            }
        };
        let until = self.merged.partition_point(|m| m.1 <= row.number);
        for (place, _, last, value) in self.merged[..until].iter().rev().take(64) {
            if row.number <= *last {
                put(*place, value);
            }
        }
        for (place, value) in &mut self.always {
            match row.cells.get(*place).filter(|c| !is_blank(c)) {
                Some(cell) => *value = cell.clone(),
                None => put(*place, value),
            }
        }
        Cow::Owned(out)
    }
}
