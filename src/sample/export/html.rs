//! Writes a sheet as an HTML table: the `.xls` of many web systems.

use super::cell::{DateShape, Sheet};
use super::ods::escape;

/// The page. With `spans` the rows are grouped and the group's cell is written once, with a rowspan.
pub fn write(sheet: &Sheet, shape: DateShape, spans: bool) -> String {
    let mut page = String::from(
        "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head><body><table border=1>\n",
    );
    let headings: String = sheet.headings.iter().map(|heading| format!("<th>{heading}&nbsp;</th>")).collect();
    page.push_str(&format!("<tr>{headings}</tr>\n"));
    let mut rows = sheet.rows.clone();
    if spans {
        rows.sort_by_key(|row| row[sheet.group].print(shape));
    }
    for (at, row) in rows.iter().enumerate() {
        page.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let text = escape(&cell.print(shape));
            if !spans || column != sheet.group {
                page.push_str(&format!("<td>{text}</td>"));
            } else if at == 0 || rows[at - 1][column] != *cell {
                let span = rows[at..].iter().take_while(|other| other[column] == *cell).count();
                page.push_str(&format!("<td rowspan=\"{span}\">{text}</td>"));
            }
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></body></html>\n");
    page
}
