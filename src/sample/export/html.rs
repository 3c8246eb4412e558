//! Writes a grid as an HTML table: the `.xls` of many web systems.

use super::cell::{DateShape, Grid};
use super::ods::escape;

/// The page; the first row is its headings. Equal cells of the `group` column that follow each other are written once,
/// with a rowspan.
pub fn write(grid: &Grid, shape: DateShape, group: Option<usize>) -> String {
    let mut page = String::from(
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head><body><table border=1>\n",
    );
    let (headings, rows) = grid.rows.split_first().map_or((&[][..], &[][..]), |(first, rest)| (&first[..], rest));
    let headings: String =
        headings.iter().map(|heading| format!("<th>{}&nbsp;</th>", escape(&heading.print(shape)))).collect();
    page.push_str(&format!("<tr>{headings}</tr>\n"));
    for (at, row) in rows.iter().enumerate() {
        page.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let text = escape(&cell.print(shape));
            if group != Some(column) {
                page.push_str(&format!("<td>{text}</td>"));
            } else if at == 0 || rows[at - 1].get(column) != Some(cell) {
                let span = rows[at..].iter().take_while(|other| other.get(column) == Some(cell)).count();
                page.push_str(&format!("<td rowspan=\"{span}\">{text}</td>"));
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></body></html>\n");
    page
}
