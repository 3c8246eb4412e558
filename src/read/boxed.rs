//! xls and ods: calamine parses the whole file at once, into one box of cells per sheet.

use std::io::Cursor;

use calamine::{Data, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError};

use super::cells;
use super::limits::{Budget, OverBudget};
use super::problems::{Problems, Refusal};
use super::raw::{Cell, Merge, ProblemCode, RawSheet};
use super::sheet::SheetBuilder;
use super::xlsx::merge;

/// What one sheet came as.
struct Boxed {
    sheet: Sheet,
    cells: Range<Data>,
    formulas: Range<String>,
    merges: Vec<Merge>,
    is_1904: bool,
}

/// Reads an Excel 97-2003 (or 5.0/95) workbook.
///
/// In this format a formula that gave an empty text and one that was never calculated are stored alike;
/// both are taken as without value, as taking a missing amount for nothing would be the worse error.
pub(super) fn read_xls(bytes: &[u8], budget: &mut Budget, problems: &mut Problems) -> Result<Vec<RawSheet>, Refusal> {
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsError::Password => Refusal::new(ProblemCode::FileEncrypted, ""),
        other => Refusal::new(ProblemCode::FileDamaged, other),
    })?;
    let mut sheets = Vec::new();
    for sheet in workbook.sheets_metadata().to_vec() {
        let name = sheet.name.clone();
        let taken = workbook.worksheet_range(&name).and_then(|r| Ok((r, workbook.worksheet_formula(&name)?)));
        let merges = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default().into_iter().map(merge).collect();
        match taken {
            Ok((cells, formulas)) => {
                let is_1904 = workbook.has_1904_epoch();
                let boxed = Boxed { sheet, cells, formulas, merges, is_1904 };
                sheets.extend(unpack(boxed, budget, problems)?);
            }
            Err(e) => problems.sheet(ProblemCode::SheetUnreadable, &name, &e.to_string()),
        }
    }
    Ok(sheets)
}

/// Reads an OpenDocument workbook. calamine does not tell its merged regions, so there are none.
pub(super) fn read_ods(bytes: &[u8], budget: &mut Budget, problems: &mut Problems) -> Result<Vec<RawSheet>, Refusal> {
    let mut workbook = Ods::new(Cursor::new(bytes)).map_err(|e| match e {
        OdsError::Password => Refusal::new(ProblemCode::FileEncrypted, ""),
        OdsError::CellLimitExceeded { .. } => Refusal::new(ProblemCode::FileTooLarge, e),
        other => Refusal::new(ProblemCode::FileDamaged, other),
    })?;
    let mut sheets = Vec::new();
    for sheet in workbook.sheets_metadata().to_vec() {
        let name = sheet.name.clone();
        let taken = workbook.worksheet_range(&name).and_then(|r| Ok((r, workbook.worksheet_formula(&name)?)));
        match taken {
            Ok((cells, formulas)) => {
                let boxed = Boxed { sheet, cells, formulas, merges: Vec::new(), is_1904: false };
                sheets.extend(unpack(boxed, budget, problems)?);
            }
            Err(e) => problems.sheet(ProblemCode::SheetUnreadable, &name, &e.to_string()),
        }
    }
    Ok(sheets)
}

/// Takes the cells out of their box; nothing if it is no worksheet (a chart, macros).
fn unpack(mut boxed: Boxed, budget: &mut Budget, problems: &mut Problems) -> Result<Option<RawSheet>, OverBudget> {
    if boxed.sheet.typ != SheetType::WorkSheet {
        return Ok(None);
    }
    let name = boxed.sheet.name;
    let mut sheet = SheetBuilder::new(budget);
    let (height, width) = boxed.cells.get_size();
    let (first_row, first_column) = boxed.cells.start().unwrap_or((0, 0));
    for at in 0..height {
        let row = first_row.saturating_add(at as u32).saturating_add(1);
        for (column, value) in boxed.cells[at][..width].iter_mut().enumerate() {
            let value = std::mem::take(value);
            sheet.put(row, first_column as usize + column, cells::from_data(value, boxed.is_1904))?;
        }
    }
    if let Some((first_row, first_column)) = boxed.formulas.start() {
        let place = |at: usize, column: usize| {
            (first_row.saturating_add(at as u32).saturating_add(1), first_column as usize + column)
        };
        // An empty text was not put into the sheet, so that nothing there means no value.
        let used = boxed.formulas.used_cells().map(|(at, column, _)| place(at, column));
        let missing: Vec<(u32, usize)> = used.filter(|(row, column)| !sheet.has(*row, *column)).collect();
        for (row, column) in missing {
            sheet.put(row, column, Cell::NoValue)?;
            problems.cell(ProblemCode::FormulaWithoutValue, &name, row, column, "");
        }
    }
    let hidden = boxed.sheet.visible != SheetVisible::Visible;
    if hidden {
        problems.sheet(ProblemCode::SheetHidden, &name, "");
    }
    sheet.finish(name, hidden, boxed.merges, problems).map(Some)
}
