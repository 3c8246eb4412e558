//! Web grids write their headings into one HTML table and their rows into the next, so that the headings stay in sight.

use super::recognise::{self, Recognised};
use super::source::Source;
use crate::read::{Format, RawFile, RawRow, RawSheet};

/// Puts the headings of a table that has nothing else over the rows of the one behind it, if that is as wide and is
/// claimed by nobody. The rows keep their table's name and numbers; the headings stand in row 0.
pub fn join(sources: &[Source], file: &str, raw: &mut RawFile, own: bool) {
    if raw.format != Format::Html && raw.format != Format::Archive {
        return;
    }
    let mut at = 0;
    while at + 1 < raw.sheets.len() {
        let claimed = match recognise::recognise(sources, file, &raw.sheets[at], own) {
            Recognised::One(claim) if claim.heading + 1 == raw.sheets[at].rows.len() => Some(claim.row),
            _ => None,
        };
        let body = claimed.as_ref().and_then(|headings| {
            let fits = |sheet: &RawSheet| {
                is_as_wide(headings, sheet)
                    && matches!(recognise::recognise(sources, file, sheet, own), Recognised::None)
            };
            // Between the two may stand a line of buttons.
            let near = at + 1..raw.sheets.len().min(at + 4);
            let page = page_of(&raw.sheets[at].name)?;
            near.filter(|next| page_of(&raw.sheets[*next].name) == Some(page)).find(|next| fits(&raw.sheets[*next]))
        });
        if let Some(body) = body {
            let above = std::mem::take(&mut raw.sheets[at].rows);
            let merges: Vec<_> = raw.sheets[at].merges.drain(..).filter(|m| m.first_row != m.last_row).collect();
            // A group of headings over two rows would need its merges: they are put together here.
            let rows = if merges.is_empty() { above } else { titles_and(above, claimed) };
            let rows = rows.into_iter().map(|row| RawRow { number: 0, ..row });
            raw.sheets[body].rows.splice(0..0, rows);
            raw.sheets.remove(at);
        }
        at += 1;
    }
}

/// The web page that a table stands on: one of an archive, or the file itself. Nothing where it is no HTML table.
fn page_of(sheet: &str) -> Option<&str> {
    let (page, table) = sheet.rsplit_once('/').unwrap_or(("", sheet));
    let number = table.strip_prefix('表')?;
    number.bytes().all(|b| b.is_ascii_digit()).then_some(page)
}

fn titles_and(mut rows: Vec<RawRow>, headings: Option<RawRow>) -> Vec<RawRow> {
    rows.retain(|row| row.cells.len() == 1);
    rows.extend(headings);
    rows
}

/// Whether the rows of a sheet fill the columns under some headings: none is wider, and one is as wide as they are but
/// for empty cells at the end.
fn is_as_wide(headings: &RawRow, sheet: &RawSheet) -> bool {
    let widest = sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let filled = headings.cells.iter().filter(|cell| !super::cells::text_of(cell).is_empty()).count();
    widest <= headings.cells.len() && widest * 2 > filled
}
