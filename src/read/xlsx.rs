//! xlsx and xlsm through calamine's streaming reader, which asks for no more memory than there are cells.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::cells;
use super::error_cells;
use super::guard::Noted;
use super::limits::{Budget, OverBudget};
use super::problems::{Problems, Refusal};
use super::raw::{Cell, Merge, ProblemCode, RawSheet};
use super::sheet::SheetBuilder;
use super::shown::Padded;
use super::uncalculated::{Doubtful, Results};

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads all worksheets. One that cannot be read is reported and left out as a whole: half of it would be worse.
///
/// An error that the library does not know (`#SPILL!`) costs it the sheet; then the workbook is read with `#VALUE!` in
/// such cells.
pub(super) fn read(
    bytes: &[u8],
    noted: Noted,
    budget: &mut Budget,
    problems: &mut Problems,
) -> Result<Vec<RawSheet>, Refusal> {
    let (mut spent, mut found) = (budget.clone(), Problems::default());
    let (sheets, stumbled) = read_once(bytes, &noted, &mut spent, &mut found)?;
    let mended = if stumbled { error_cells::known_to_the_library(bytes) } else { None };
    if let Some(mended) = mended {
        return read_once(&mended, &noted, budget, problems).map(|(sheets, _)| sheets);
    }
    *budget = spent;
    problems.add(found);
    Ok(sheets)
}

/// The worksheets, and whether one of them holds an error that the library does not know.
fn read_once(
    bytes: &[u8],
    noted: &Noted,
    budget: &mut Budget,
    problems: &mut Problems,
) -> Result<(Vec<RawSheet>, bool), Refusal> {
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => Refusal::new(ProblemCode::FileEncrypted, ""),
        other => Refusal::new(ProblemCode::FileDamaged, other),
    })?;
    let listed: Vec<_> = workbook.sheets_metadata().to_vec();
    let merged = noted.merges.iter().any(|part| !part.is_empty());
    // Which part is which sheet is only clear if there is one of each.
    let known = if listed.len() == 1 && noted.merges.len() == 1 { noted.merges.first() } else { None };
    let (mut sheets, mut stumbled) = (Vec::with_capacity(listed.len()), false);
    for sheet in listed {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let merges = match known {
            Some(merges) => merges.clone(),
            None if merged => merges_of(&mut workbook, &sheet.name),
            None => Vec::new(),
        };
        let hidden = sheet.visible != SheetVisible::Visible;
        let asked = Asked { name: &sheet.name, hidden, results: noted.results };
        match read_sheet(&mut workbook, &asked, merges, budget, problems) {
            Ok(read) => sheets.push(read),
            Err(Stop::Unreadable(XlsxError::NotAWorksheet(_))) => continue,
            Err(Stop::Unreadable(e)) => {
                stumbled |= matches!(e, XlsxError::CellError(_));
                problems.sheet(ProblemCode::SheetUnreadable, &sheet.name, &e.to_string());
            }
            Err(Stop::Over) => return Err(OverBudget.into()),
        }
        if hidden {
            problems.sheet(ProblemCode::SheetHidden, &sheet.name, "");
        }
    }
    Ok((sheets, stumbled))
}

enum Stop {
    Unreadable(XlsxError),
    Over,
}

impl From<XlsxError> for Stop {
    fn from(error: XlsxError) -> Self {
        Stop::Unreadable(error)
    }
}

impl From<OverBudget> for Stop {
    fn from(_: OverBudget) -> Self {
        Stop::Over
    }
}

/// A sheet to be read, and what is known of it.
struct Asked<'n> {
    name: &'n str,
    hidden: bool,
    results: Results,
}

fn read_sheet(
    workbook: &mut Workbook<'_>,
    asked: &Asked<'_>,
    merges: Vec<Merge>,
    budget: &mut Budget,
    problems: &mut Problems,
) -> Result<RawSheet, Stop> {
    let is_1904 = workbook.has_1904_epoch();
    let padded = padded_cells(workbook, asked.name)?;
    let mut stream = workbook.worksheet_cells_reader(asked.name)?;
    let mut sheet = SheetBuilder::new(budget);
    let (mut without_value, mut doubtful) = (Vec::new(), Doubtful::default());
    while let Some(record) = stream.next_cell_with_formula_metadata()? {
        let (row, column) = (record.pos.0.saturating_add(1), record.pos.1 as usize);
        let is_formula = record.formula.is_some();
        // A formula that gives an empty text says so with its type and arrives as text, not as nothing.
        let mut cell = if is_formula && matches!(record.value, calamine::DataRef::Empty) {
            without_value.push((row, column));
            Cell::NoValue
        } else {
            cells::from_ref(record.value, is_1904)
        };
        if is_formula && asked.results != Results::Calculated {
            match &cell {
                Cell::Number(0.0) => doubtful.zero(row, column),
                Cell::Empty if asked.results == Results::Asked => doubtful.zero(row, column),
                Cell::Empty | Cell::NoValue => {}
                _ => doubtful.result(column),
            }
        }
        if let (Cell::Number(number), Some(format)) = (&cell, padded.get(&record.pos))
            && let Some(shown) = format.shown(*number)
        {
            cell = Cell::Text(shown);
        }
        sheet.put(row, column, cell)?;
    }
    for (row, column) in doubtful.without_value() {
        sheet.put(row, column, Cell::NoValue)?;
        without_value.push((row, column));
    }
    without_value.sort_unstable();
    for (row, column) in without_value {
        problems.cell(ProblemCode::FormulaWithoutValue, asked.name, row, column, "");
    }
    let read = sheet.finish(asked.name.to_owned(), asked.hidden, merges, problems)?;
    Ok(RawSheet { is_1904, ..read })
}

/// Cells whose format fills their number up with zeros. The library tells styles and formulas in ways that exclude each
/// other: a sheet is gone through twice only where its workbook has such a format.
fn padded_cells(workbook: &mut Workbook<'_>, name: &str) -> Result<HashMap<(u32, u32), Padded>, XlsxError> {
    let mut stream = workbook.worksheet_cells_reader(name)?;
    let padded = |style: &calamine::Style| Padded::of(&style.number_format.as_ref()?.format_code);
    let formats: Vec<Option<Padded>> = stream.styles().iter().map(padded).collect();
    let mut cells = HashMap::new();
    if formats.iter().all(Option::is_none) {
        return Ok(cells);
    }
    while let Some((row, column, style)) = stream.next_style_id()? {
        if let Some(format) = formats.get(style).and_then(Option::as_ref) {
            cells.insert((row, column), format.clone());
        }
    }
    Ok(cells)
}

/// Merges only matter for titles and group columns: a part in which they cannot be found has none.
fn merges_of(workbook: &mut Workbook<'_>, name: &str) -> Vec<Merge> {
    workbook.merge_cells_by_sheet_name(name).unwrap_or_default().into_iter().map(merge).collect()
}

/// calamine's 0-based rows to the 1-based ones that people see.
pub(super) fn merge(region: Dimensions) -> Merge {
    Merge {
        first_row: region.start.0.saturating_add(1),
        last_row: region.end.0.saturating_add(1),
        first_column: region.start.1,
        last_column: region.end.1,
    }
}
