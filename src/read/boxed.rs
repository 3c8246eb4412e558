//! xls and ods: calamine parses the whole file at once, into one box of cells per sheet.

use std::collections::HashSet;
use std::io::Cursor;
use std::rc::Rc;

use calamine::{Data, Ods, OdsError, Range, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError};

use super::biff;
use super::cells;
use super::limits::{Budget, OverBudget};
use super::ods_shown;
use super::problems::{Problems, Refusal};
use super::raw::{Cell, Merge, ProblemCode, RawSheet};
use super::sheet::SheetBuilder;
use super::shown::Padded;
use super::uncalculated::Doubtful;
use super::xlsx::merge;

/// What a cell's format shows instead of the number, where that is more: row and column, number.
type Shown = dyn Fn((u32, u32), f64) -> Option<String>;

/// What one sheet came as.
struct Boxed {
    sheet: Sheet,
    cells: Range<Data>,
    formulas: Range<String>,
    merges: Vec<Merge>,
    is_1904: bool,
    /// What a number at a place (0-based row and column) shows, where zeros of its format make it more than the number.
    shown: Box<Shown>,
    /// Places of formulas whose stored 0 was never calculated.
    uncalculated: HashSet<(u32, u32)>,
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
    let notes = biff::notes(bytes);
    let formats: Rc<[Padded]> = notes.formats.into();
    let mut notes = notes.sheets.into_iter();
    for sheet in workbook.sheets_metadata().to_vec() {
        let name = sheet.name.clone();
        let notes = notes.next().unwrap_or_default();
        let taken = workbook.worksheet_range(&name).and_then(|r| Ok((r, workbook.worksheet_formula(&name)?)));
        let merges = workbook.merge_cells_by_sheet_name(&name).unwrap_or_default().into_iter().map(merge).collect();
        match taken {
            Ok((cells, formulas)) => {
                let is_1904 = workbook.has_1904_epoch();
                let (formats, padded) = (Rc::clone(&formats), notes.padded);
                let shown = Box::new(move |place, number| formats.get(*padded.get(&place)?)?.shown(number));
                let uncalculated = notes.uncalculated;
                let boxed = Boxed { sheet, cells, formulas, merges, is_1904, shown, uncalculated };
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
    let mut texts = ods_shown::shown(bytes).into_iter();
    for sheet in workbook.sheets_metadata().to_vec() {
        let name = sheet.name.clone();
        let texts = texts.next().unwrap_or_default();
        let taken = workbook.worksheet_range(&name).and_then(|r| Ok((r, workbook.worksheet_formula(&name)?)));
        match taken {
            Ok((cells, formulas)) => {
                let shown = Box::new(move |place, _| texts.get(&place).cloned());
                let (merges, uncalculated) = (Vec::new(), HashSet::new());
                let boxed = Boxed { sheet, cells, formulas, merges, is_1904: false, shown, uncalculated };
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
    let mut doubtful = Doubtful::default();
    for at in 0..height {
        let row = first_row.saturating_add(at as u32).saturating_add(1);
        for (column, value) in boxed.cells[at][..width].iter_mut().enumerate() {
            let value = std::mem::take(value);
            let place = (row.saturating_sub(1), first_column.saturating_add(column as u32));
            let mut cell = cells::from_data(value, boxed.is_1904);
            if let Cell::Number(number) = &cell
                && let Some(shown) = (boxed.shown)(place, *number)
            {
                cell = Cell::Text(shown);
            }
            if boxed.uncalculated.contains(&place) {
                doubtful.zero(row, place.1 as usize);
            }
            sheet.put(row, place.1 as usize, cell)?;
        }
    }
    if let Some((first_row, first_column)) = boxed.formulas.start() {
        let place = |at: usize, column: usize| {
            (first_row.saturating_add(at as u32).saturating_add(1), first_column as usize + column)
        };
        let used: Vec<_> = boxed.formulas.used_cells().map(|(at, column, _)| place(at, column)).collect();
        let waiting = |row: u32, column: usize| boxed.uncalculated.contains(&(row - 1, column as u32));
        let has = |row: &u32, column: &usize| sheet.has(*row, *column);
        for (_, column) in used.iter().filter(|(row, column)| has(row, column) && !waiting(*row, *column)) {
            doubtful.result(*column);
        }
        // An empty text was not put into the sheet, so that nothing there means no value.
        let mut missing: Vec<(u32, usize)> = used.into_iter().filter(|(row, column)| !has(row, column)).collect();
        missing.extend(doubtful.without_value());
        for (row, column) in missing {
            sheet.put(row, column, Cell::NoValue)?;
            problems.cell(ProblemCode::FormulaWithoutValue, &name, row, column, "");
        }
    }
    let hidden = boxed.sheet.visible != SheetVisible::Visible;
    if hidden {
        problems.sheet(ProblemCode::SheetHidden, &name, "");
    }
    let read = sheet.finish(name, hidden, boxed.merges, problems)?;
    Ok(Some(RawSheet { is_1904: boxed.is_1904, ..read }))
}
