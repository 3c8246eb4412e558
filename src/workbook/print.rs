//! How a sheet comes out of a printer.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::text::one_line;

/// A4 in Excel's list of papers.
const A4: u8 = 9;
/// What still reads well upright on A4.
const UPRIGHT_COLUMNS: usize = 7;
const UPRIGHT_CHARS: usize = 90;
/// Longest footer with the code that centres it, in UTF-16 units.
const FOOTER_UNITS: usize = 250;

/// A4 without the margins, upright, in pixels of the screen.
const PAPER_PIXELS: (u32, u32) = (698, 990);
/// A4 without the margins, across, exactly; its long side is the height of an upright page too.
const ACROSS_PIXELS: (u32, u32) = (1_010, 669);
/// What a repeated heading takes of a page.
const HEADING_PIXELS: u32 = 46;
/// Programs differ by a little in how high a row is.
const CAREFUL_PERCENT: u64 = 97;
/// Smallest scale at which a whole sheet on one page is still easy to read.
const READABLE: f64 = 0.62;

/// What the page needs to know of the sheet.
pub struct Extent {
    pub last_row: u32,
    /// Columns of the print area.
    pub columns: usize,
    pub chars: usize,
    /// Width and height of all there is to print.
    pub pixels: (u32, u32),
    /// Columns of the widest table.
    pub table_columns: usize,
    /// Heading to repeat on every page.
    pub heading_row: Option<u32>,
    /// What a page should not end in the middle of, from top to bottom.
    pub units: Vec<Unit>,
}

/// A chart, a short table, the beginning of a long one: its first row, its top and its end in pixels of the screen.
#[derive(Debug, Clone, Copy)]
pub struct Unit {
    pub row: u32,
    pub top: u32,
    pub end: u32,
}

pub fn set_up(sheet: &mut Worksheet, extent: &Extent, footer: &str) -> Result<(), XlsxError> {
    let (landscape, pages_tall) = orient(extent);
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, pages_tall).set_print_center_horizontally(true);
    if landscape {
        sheet.set_landscape();
    } else {
        sheet.set_portrait();
    }
    // Inches; the negative ones keep the program's own distance for header and footer.
    sheet.set_margins(0.5, 0.5, 0.6, 0.7, -1.0, 0.3);
    sheet.set_footer(format!("&C&9{}", one_line(footer, FOOTER_UNITS)));
    if let Some(row) = extent.heading_row {
        sheet.set_repeat_rows(row, row)?;
    }
    if pages_tall == 0 {
        let breaks = breaks(&extent.units, page_pixels(extent, landscape));
        if !breaks.is_empty() {
            sheet.set_page_breaks(&breaks)?;
        }
    }
    let last_column = u16::try_from(extent.columns.saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.set_print_area(0, 0, extent.last_row, last_column)?;
    Ok(())
}

/// Landscape or not, and on how many pages (0: as many as it takes).
///
/// A sheet that is readable on one page gets one page, turned the way that prints it larger; a chart or a signature
/// line on a page of its own helps nobody. Longer sheets are turned by their width.
fn orient(extent: &Extent) -> (bool, u16) {
    let wide = extent.table_columns > UPRIGHT_COLUMNS || extent.chars > UPRIGHT_CHARS;
    let (short, long) = PAPER_PIXELS;
    let (upright, across) = (scale(extent.pixels, (short, long)), scale(extent.pixels, (long, short)));
    match upright.max(across) >= READABLE {
        true if wide => (across >= upright, 1),
        true => (across > upright, 1),
        false => (wide, 0),
    }
}

/// Pixels of the screen that go down one page when the sheet's width fits it.
fn page_pixels(extent: &Extent, landscape: bool) -> u32 {
    let (width, height) = if landscape { ACROSS_PIXELS } else { (PAPER_PIXELS.0, ACROSS_PIXELS.0) };
    let page = u64::from(height) * u64::from(extent.pixels.0.max(width)) / u64::from(width);
    let repeated = if extent.heading_row.is_some() { HEADING_PIXELS } else { 0 };
    u32::try_from(page).unwrap_or(u32::MAX).saturating_sub(repeated)
}

/// Rows before which a page must end, so that no unit that fits a page is cut.
fn breaks(units: &[Unit], page: u32) -> Vec<u32> {
    let mut rows = Vec::new();
    let mut start = 0;
    let careful = u32::try_from(u64::from(page) * CAREFUL_PERCENT / 100).unwrap_or(page);
    for unit in units {
        while page > 0 && unit.top >= start + page {
            start += page;
        }
        if unit.end > start + careful && unit.end - unit.top <= page && unit.top > start {
            rows.push(unit.row);
            start = unit.top;
        }
    }
    rows
}

/// How much a sheet of this size must shrink to fit the paper; it is never enlarged.
fn scale((width, height): (u32, u32), paper: (u32, u32)) -> f64 {
    let across = f64::from(paper.0) / f64::from(width.max(1));
    let down = f64::from(paper.1) / f64::from(height.max(1));
    across.min(down).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(table_columns: usize, width: u32, height: u32) -> Extent {
        let chars = usize::try_from(width / 7).unwrap();
        Extent {
            last_row: 9,
            columns: 9,
            chars,
            pixels: (width, height),
            table_columns,
            heading_row: None,
            units: Vec::new(),
        }
    }

    #[test]
    fn pages_end_before_what_they_would_cut() {
        let unit = |row, top, end| Unit { row, top, end };
        let units = [unit(5, 100, 400), unit(20, 450, 900), unit(40, 950, 1100), unit(50, 1150, 2500)];
        assert_eq!(breaks(&units, 1000), [40], "the last is longer than a page and breaks where it will");
        assert_eq!(breaks(&units[..2], 1000), [0_u32; 0]);
    }

    #[test]
    fn paper_is_turned_for_the_larger_print() {
        assert_eq!(orient(&extent(3, 400, 500)), (false, 1), "small and narrow");
        assert_eq!(orient(&extent(11, 1000, 600)), (true, 1), "small and wide");
        assert_eq!(orient(&extent(8, 900, 1200)), (false, 1), "tall summary");
        assert_eq!(orient(&extent(11, 1000, 5000)), (true, 0), "long wide list");
        assert_eq!(orient(&extent(4, 500, 5000)), (false, 0), "long narrow list");
    }
}
