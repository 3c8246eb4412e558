//! What an export is: the source spec that claims a sheet, and the rows its headings stand in.

use super::cells::text_of;
use super::heading_rows::{HeadingRows, goes_on_above, goes_on_below};
use super::normal;
use super::source::Source;
use super::summary;
use crate::model::Lang;
use crate::model::sheet::{DEFINITIONS, SOURCES};
use crate::read::{RawRow, RawSheet};

/// Headings are looked for in the first rows only: titles, export times and blank lines come before them.
pub const HEADING_ROWS: usize = 30;

/// A sheet that one source claims.
#[derive(Debug, Clone)]
pub struct Claim {
    pub source: usize,
    /// Indices into the sheet's rows: the first row of the headings, above which are titles, and the last, below which
    /// are data. Mostly one and the same.
    pub first: usize,
    pub heading: usize,
    /// The headings: that row, or several put together.
    pub row: RawRow,
}

/// Who claims a sheet.
#[derive(Debug)]
pub enum Recognised {
    One(Claim),
    /// Indices of the sources that claim it equally.
    Several(Vec<usize>),
    None,
}

/// The headings of a row, normalised; `""` where a cell is empty.
pub fn headings(row: &RawRow) -> Vec<String> {
    row.cells.iter().map(|c| normal::heading(&text_of(c))).collect()
}

/// Finds the source that claims a sheet: its headings must all stand in one row, or in the rows of groups and headings of
/// one table. Among several, the shop's own outrank the built-in ones, and those whose name pattern fits outrank those
/// whose pattern does not.
///
/// Of a workbook of this program's own only the forms that people fill in are read: its lists look like exports.
pub fn recognise(sources: &[Source], file: &str, sheet: &RawSheet, own: bool) -> Recognised {
    let Some((rows, fitting)) = known_rows(sources, sheet, own) else { return Recognised::None };
    let mut claims: Vec<(u8, usize)> = Vec::new();
    for index in fitting {
        let source = &sources[index];
        let named = names_of(file, sheet, rows.first).iter().any(|text| is_named(source, text));
        let rank = 4 * u8::from(source.returned) + 2 * u8::from(source.of_shop) + u8::from(named);
        claims.push((rank, index));
    }
    let Some(best) = claims.iter().map(|(rank, _)| *rank).max() else { return Recognised::None };
    let first: Vec<usize> = claims.into_iter().filter(|(rank, _)| *rank == best).map(|(_, source)| source).collect();
    match first[..] {
        [source] => {
            let row = rows.row(&sources[source]);
            Recognised::One(Claim { source, first: rows.first, heading: rows.last, row })
        }
        _ => Recognised::Several(first),
    }
}

/// The first rows that any source knows, and all that know them: data rows are not even looked at.
fn known_rows(sources: &[Source], sheet: &RawSheet, own: bool) -> Option<(HeadingRows, Vec<usize>)> {
    let known = |rows: HeadingRows| {
        let fitting: Vec<usize> = (0..sources.len())
            .filter(|index| sources[*index].returned || !own)
            .filter(|index| fits(&sources[*index], &rows.names(&sources[*index])))
            .collect();
        (!fitting.is_empty()).then_some((rows, fitting))
    };
    let few = sheet.rows.len().min(HEADING_ROWS);
    let single = (0..few).find_map(|at| known(HeadingRows::of(sheet, at, at)));
    let Some(single) = single else {
        return (0..few).find_map(|at| HeadingRows::several(sheet, at).find_map(known));
    };
    let at = single.0.first;
    let above = goes_on_above(sheet, at).then(|| known(HeadingRows::of(sheet, at - 1, at))).flatten();
    let below = || goes_on_below(sheet, at).then(|| known(HeadingRows::of(sheet, at, at + 1))).flatten();
    above.or_else(below).or(Some(single))
}

/// Whether some source would claim a list with these headings.
pub fn knows(sources: &[Source], headings: &[String]) -> bool {
    sources.iter().any(|source| fits(source, headings))
}

/// Whether a file is a workbook that this program published: by its last two sheets, 口径 and 数据来源.
pub fn is_own(sheets: &[RawSheet]) -> bool {
    let has = |name: &str| sheets.iter().any(|s| s.name == name);
    [Lang::Zh, Lang::En].into_iter().any(|lang| has(DEFINITIONS.get(lang)) && has(SOURCES.get(lang)))
}

/// The headings that a form of our own workbook has lost, where a sheet is still known by its name and by half of them;
/// none of any other sheet.
pub fn lost_headings(sources: &[Source], sheet: &RawSheet) -> Option<Vec<String>> {
    let forms = sources.iter().filter(|s| s.returned && s.names.iter().any(|n| n.is_match(&sheet.name)));
    let rows: Vec<Vec<String>> = sheet.rows.iter().take(HEADING_ROWS).map(headings).collect();
    let lost_in = |source: &Source, row: &Vec<String>| -> Vec<String> {
        let lost = source.headings.iter().filter(|spellings| !spellings.iter().any(|h| row.contains(h)));
        lost.filter_map(|spellings| spellings.first().cloned()).collect()
    };
    let of_form = |source: &Source| {
        let lost = rows.iter().map(|row| lost_in(source, row)).min_by_key(Vec::len)?;
        (2 * lost.len() <= source.headings.len()).then_some(lost)
    };
    forms.filter_map(of_form).find(|lost| !lost.is_empty())
}

fn fits(source: &Source, row: &[String]) -> bool {
    let has = |heading: &String| row.contains(heading);
    source.headings.iter().all(|spellings| spellings.iter().any(has)) && !source.without.iter().any(has)
}

/// Whether the name of a file, a sheet or a title speaks for a source.
pub fn is_named(source: &Source, text: &str) -> bool {
    source.names.iter().any(|name| name.is_match(text))
}

/// File name, sheet name and the lines above the headings.
fn names_of(file: &str, sheet: &RawSheet, heading: usize) -> Vec<String> {
    let mut names = vec![file.to_owned(), sheet.name.clone()];
    names.extend(title_lines(sheet, heading));
    names
}

/// The lines above the headings, each as one text.
pub fn title_lines(sheet: &RawSheet, heading: usize) -> Vec<String> {
    let line = |row: &RawRow| {
        let words: Vec<String> = row.cells.iter().map(text_of).filter(|t| !t.is_empty()).collect();
        words.join(" ")
    };
    sheet.rows.iter().take(heading).map(line).collect()
}

/// What a payment bill says below its data in lines that begin with `#`: the time of its export stands there.
pub fn comment_lines(sheet: &RawSheet, heading: usize) -> Vec<String> {
    sheet.rows.iter().skip(heading + 1).filter_map(summary::comment).collect()
}

/// The row that looks most like headings in a sheet that nobody claims: what a person would be shown.
pub fn likely_headings(sheet: &RawSheet) -> Vec<String> {
    let words = |row: &&RawRow| row.cells.iter().filter(|c| matches!(c, crate::read::Cell::Text(_))).count();
    let best = sheet.rows.iter().take(HEADING_ROWS).rev().max_by_key(words);
    best.map_or_else(Vec::new, |row| row.cells.iter().map(text_of).filter(|t| !t.is_empty()).take(20).collect())
}
