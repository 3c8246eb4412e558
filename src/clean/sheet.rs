//! One claimed sheet: title lines, repeated headings and totals are told from data, and each data row feeds its tables.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::cells::{decimal, is_blank, text_of};
use super::epoch::Epoch;
use super::export::{CleanSheet, Control};
use super::normal::{self, column_letters};
use super::plan::{self, Headings, OutputPlan};
use super::recognise::{self, Claim};
use super::rows::TableBuilder;
use super::source::Source;
use super::summary;
use super::units;
use super::watch::Watch;
use crate::finding::{Code, Finding};
use crate::read::{Cell, RawRow, RawSheet};
use crate::spec::tables::Tables;

/// What a row below the headings is.
enum Kind {
    Data,
    /// 合计 (grand) or 小计.
    Total {
        grand: bool,
    },
    /// The headings again, as printed reports have them on each page.
    Headings,
    /// 总交易单数, 应结订单总金额 …: the headings of a summary; the row below has its values.
    SummaryHeadings,
    /// `#收入合计：5笔，共1000.00元`: what a payment bill says beside its data.
    Comment(String),
    /// 制表人, 第 1 页 and the like.
    Footer,
}

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
    let plans = plan::plan(source, tables, &headings);
    let mut clean = describe(claim, heading_row, &headings, &plans, &sheet.name, findings);
    let mut builders: Vec<TableBuilder<'_>> =
        plans.iter().map(|p| TableBuilder::new(p, tables, &sheet.name, &shown)).collect();
    let mut totals = Totals::new(&plans);
    let mut watch = Watch::new(&source.expects, &headings, &sheet.name);
    let mut fill = FillDown::new(&plans, &headings, sheet);
    let epoch = Epoch::new(&plans, sheet.is_1904);
    let mut summary: Option<&RawRow> = None;
    for raw in &sheet.rows[claim.heading + 1..] {
        if let Some(of) = summary.take().filter(|_| summary::is_values(raw)) {
            totals.summary(raw, of, &headings, &mut clean.controls);
            continue;
        }
        match kind(raw, &headings, &plans) {
            Kind::Headings | Kind::Footer => {}
            Kind::SummaryHeadings => summary = Some(raw),
            Kind::Comment(line) => totals.comment(raw, &line, &headings, &mut clean.controls),
            Kind::Total { grand } => {
                totals.total(&epoch.settled(Cow::Borrowed(raw)), grand, heading_row, &mut clean.controls);
            }
            Kind::Data => {
                let row = epoch.settled(fill.filled(raw));
                totals.add(&row);
                watch.row(&row, findings);
                for builder in &mut builders {
                    builder.row(&row, findings);
                }
            }
        }
    }
    for control in clean.controls.iter().filter(|c| !c.holds()) {
        findings.push(
            Finding::new(Code::ControlTotalDiffers, crate::model::Fen(control.total_fen).to_string())
                .with(&control.heading)
                .with(crate::model::Fen(control.sum_fen).to_string())
                .at(&sheet.name, control.row, &control.column),
        );
    }
    clean.tables = builders.into_iter().map(|b| b.finish(findings)).collect();
    clean
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
        for (column, required) in plan.missing(headings) {
            if required {
                let finding = Finding::new(Code::ColumnMissing, &column).with(&plan.table.zh);
                findings.push(finding.at(name, heading_row.number, ""));
            }
            missing.push(column);
        }
    }
    mapped.sort();
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
    let used = |place: usize| mapped.iter().any(|(p, _)| *p == place);
    let unmapped =
        (0..headings.texts.len()).filter(|p| !headings.texts[*p].is_empty() && !used(*p)).map(shown).collect();
    missing.dedup();
    CleanSheet {
        name: name.to_owned(),
        source: claim.source,
        heading_row: heading_row.number,
        mapped: mapped.into_iter().map(|(place, column)| (shown(place), column)).collect(),
        unmapped,
        missing,
        controls: Vec::new(),
        tables: Vec::new(),
    }
}

fn kind(row: &RawRow, headings: &Headings, plans: &[OutputPlan<'_>]) -> Kind {
    let mut texts = row.cells.iter().enumerate().filter(|(_, c)| !is_blank(c));
    let Some((first_at, first)) = texts.next() else { return Kind::Footer };
    if let Cell::Text(text) = first {
        if headings.texts.get(first_at).is_some_and(|h| may_be(h, text) && *h == normal::heading(text))
            && recognise::headings(row).iter().zip(&headings.texts).filter(|(a, _)| !a.is_empty()).all(|(a, b)| a == b)
        {
            return Kind::Headings;
        }
        if summary::is_headings(row) {
            return Kind::SummaryHeadings;
        }
        if let Some(line) = summary::comment(row).filter(|_| is_summary(row, first_at, plans)) {
            return Kind::Comment(line);
        }
        if let Some(grand) = plan::total_word(text).filter(|_| is_summary(row, first_at, plans)) {
            return Kind::Total { grand };
        }
        if texts.next().is_some() {
            return Kind::Data;
        }
        let word = normal::word(text);
        let footers = ["制表", "审核", "打印", "备注:", "说明:", "第", "导出", "单位:", "经办", "注:"];
        if footers.iter().any(|f| word.starts_with(f)) {
            return Kind::Footer;
        }
    }
    Kind::Data
}

/// Whether a cell could be this heading, by its first character: spares most cells the normalising.
fn may_be(heading: &str, text: &str) -> bool {
    let first = normal::trimmed(text).chars().next().map(normal::half_width);
    heading
        .chars()
        .next()
        .is_some_and(|h| first.is_some_and(|f| f == h || f.to_uppercase().eq([h]) || !f.is_alphanumeric()))
}

/// A total row names no record: the key columns other than the one that holds the word are blank.
fn is_summary(row: &RawRow, word_at: usize, plans: &[OutputPlan<'_>]) -> bool {
    let key_places = plans.iter().flat_map(|p| {
        p.table
            .columns
            .iter()
            .zip(&p.columns)
            .filter(|(c, _)| c.required && c.kind == crate::model::ColumnKind::Key)
            .filter_map(|(_, column)| column.as_ref()?.1.first().copied())
    });
    let mut places: Vec<usize> = key_places.filter(|p| *p != word_at).collect();
    places.dedup();
    places.iter().all(|p| row.cells.get(*p).is_none_or(is_blank))
}

/// Running sums of the money columns, to hold against the export's own totals.
struct Totals {
    /// Sheet column, whether it is the table's primary amount, sum since the start, sum since the last 小计, since the last 合计.
    columns: BTreeMap<usize, (bool, [i64; 3])>,
}

impl Totals {
    fn new(plans: &[OutputPlan<'_>]) -> Totals {
        let mut columns = BTreeMap::new();
        for plan in plans {
            for (place, column) in plan.money() {
                let primary = plan.table.amount == Some(column);
                columns.entry(place).or_insert((primary, [0; 3])).0 |= primary;
            }
        }
        Totals { columns }
    }

    fn add(&mut self, row: &RawRow) {
        for (place, (_, sums)) in &mut self.columns {
            if let Some(fen) = fen_of(row, *place) {
                for sum in sums {
                    *sum = sum.saturating_add(fen); // of absurd amounts, which are refused: never the stated total
                }
            }
        }
    }

    /// A 小计 sums the rows since the last one; a 合计 all rows, or those since the last 合计 (one a page).
    fn total(&mut self, row: &RawRow, grand: bool, headings: &RawRow, controls: &mut Vec<Control>) {
        for (place, (primary, sums)) in &mut self.columns {
            if let Some(total_fen) = fen_of(row, *place) {
                let sum_fen = if grand { all_or_since_last(sums, total_fen) } else { sums[1] };
                controls.push(Control {
                    row: row.number,
                    heading: headings.cells.get(*place).map_or_else(String::new, text_of),
                    column: column_letters(*place),
                    sum_fen,
                    total_fen,
                    primary: *primary,
                    grand,
                });
            }
            sums[1] = 0;
            if grand {
                sums[2] = 0;
            }
        }
    }

    /// The values of a summary with headings of its own, each against the column that its heading sums.
    fn summary(&mut self, row: &RawRow, of: &RawRow, headings: &Headings, controls: &mut Vec<Control>) {
        for (at, cell) in of.cells.iter().enumerate() {
            let heading = text_of(cell);
            let names = summary::summed(&normal::heading(&heading));
            let place = names.iter().filter_map(|h| headings.find(h)).find(|p| self.columns.contains_key(p));
            let column = place.and_then(|p| self.columns.get_mut(&p));
            let (Some((primary, sums)), Some(total_fen)) = (column, fen_of(row, at)) else { continue };
            let sum_fen = all_or_since_last(sums, total_fen);
            sums[2] = 0;
            let (primary, column) = (*primary, column_letters(at));
            controls.push(Control { row: row.number, heading, column, sum_fen, total_fen, primary, grand: true });
        }
    }

    /// A sum in a comment line: 收入合计 is that of the column 收入金额. Bills differ in whether they repeat the minus.
    fn comment(&mut self, row: &RawRow, line: &str, headings: &Headings, controls: &mut Vec<Control>) {
        let Some((word, total)) = summary::of_comment(line) else { return };
        let Some(place) = headings.find(&format!("{word}金额")) else { return };
        let Some((primary, sums)) = self.columns.get_mut(&place) else { return };
        let sign = if sums[0] < 0 { -1 } else { 1 };
        let (sum_fen, total_fen) = (sums[0], total.saturating_abs() * sign);
        let (primary, heading) = (*primary, format!("{word}合计"));
        let column = column_letters(0);
        controls.push(Control { row: row.number, heading, column, sum_fen, total_fen, primary, grand: true });
    }
}

/// The sum of all rows, or of those since the last 合计 where that is what a total says (one a page, one a bill).
fn all_or_since_last(sums: &[i64; 3], total_fen: i64) -> i64 {
    if sums[2] == total_fen { sums[2] } else { sums[0] }
}

fn fen_of(row: &RawRow, place: usize) -> Option<i64> {
    let cell = row.cells.get(place).filter(|c| !is_blank(c))?;
    decimal(cell)?.to_units(2).ok().map(|(fen, _)| fen)
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
