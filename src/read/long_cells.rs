//! Texts that no cell of a spreadsheet could hold: most likely a file that is no table, or a quote that never closes.

use super::limits::CELL_CHARS;
use super::problems::Problems;
use super::raw::{Cell, ProblemCode, RawSheet};

/// Cuts every text to what a cell can hold, and tells where.
pub(super) fn cut(sheets: &mut [RawSheet], problems: &mut Problems) {
    for sheet in sheets {
        for row in &mut sheet.rows {
            for (column, cell) in row.cells.iter_mut().enumerate() {
                let (Cell::Text(text) | Cell::Error(text)) = cell else { continue };
                // Shorter in bytes is shorter in characters: nearly every text ends here.
                if text.len() <= CELL_CHARS {
                    continue;
                }
                let Some((end, _)) = text.char_indices().nth(CELL_CHARS) else { continue };
                let beginning: String = text.chars().take(20).collect();
                problems.cell(ProblemCode::CellCut, &sheet.name, row.number, column, &format!("{beginning}…"));
                text.truncate(end);
                text.shrink_to_fit();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::RawRow;

    #[test]
    fn only_what_is_longer_than_a_cell_is_cut_and_told() {
        let whole = "长".repeat(CELL_CHARS);
        let cells = vec![Cell::Text(whole.clone()), Cell::Number(1.0), Cell::Text(format!("{whole}更"))];
        let row = RawRow { number: 7, cells, width: 3 };
        let mut sheets = [RawSheet { rows: vec![row], ..RawSheet::default() }];
        let mut problems = Problems::default();
        cut(&mut sheets, &mut problems);
        assert_eq!(sheets[0].rows[0].cells, [Cell::Text(whole.clone()), Cell::Number(1.0), Cell::Text(whole)]);
        let told: Vec<_> = problems.finish().into_iter().map(|p| (p.code, p.row, p.column)).collect();
        assert_eq!(told, [(ProblemCode::CellCut, 7, "C".to_owned())]);
    }
}
