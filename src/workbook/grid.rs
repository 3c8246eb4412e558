//! Column widths, row heights and how many rows and columns a picture covers.

/// Height of an ordinary row.
pub const ROW_PIXELS: u32 = 22;
/// Width of a column nobody set; also tells the writer the size of a digit.
pub const DEFAULT_COLUMN_PIXELS: u32 = 64;
/// Height of each line of a wrapped row after the first.
const LINE_PIXELS: u32 = 18;
/// Lines a row shows at most: taller rows are harder to read than cut ones (Excel's own limit is 409 points).
const MOST_LINES: usize = 10;

/// Narrowest and widest column, in characters.
const COLUMN_CHARS: (usize, usize) = (6, 60);
const DIGIT_PIXELS: u32 = 7;
const PADDING_PIXELS: u32 = 5;

/// Widths of a sheet's columns in characters; columns beyond are as wide as the program makes them.
#[derive(Debug, Default, Clone)]
pub struct Grid {
    chars: Vec<usize>,
}

impl Grid {
    /// Makes a column at least as wide, within what is bearable.
    pub fn widen(&mut self, column: usize, chars: usize) {
        if self.chars.len() <= column {
            self.chars.resize(column + 1, COLUMN_CHARS.0);
        }
        let width = &mut self.chars[column];
        *width = (*width).max(chars.clamp(COLUMN_CHARS.0, COLUMN_CHARS.1));
    }

    pub fn set_columns(&self) -> impl Iterator<Item = (u16, f64)> + '_ {
        (0_u16..).zip(self.chars.iter().map(|&chars| f64::from(u32::try_from(chars).unwrap_or(u32::MAX))))
    }

    /// Characters that fit one column.
    pub fn chars(&self, column: usize) -> usize {
        let default = usize::try_from((DEFAULT_COLUMN_PIXELS - PADDING_PIXELS) / DIGIT_PIXELS).unwrap_or(8);
        self.chars.get(column).copied().unwrap_or(default)
    }

    /// Characters that fit the first `columns` columns.
    pub fn total_chars(&self, columns: usize) -> usize {
        (0..columns).map(|column| self.chars(column)).sum()
    }

    /// Width of the first `columns` columns on the screen.
    pub fn total_pixels(&self, columns: usize) -> u32 {
        (0..columns).map(|column| self.pixels(column)).sum()
    }

    /// The fewest columns, and at least `least`, that give room for `chars`.
    pub fn columns_for(&self, chars: usize, least: usize) -> usize {
        let mut columns = least.max(1);
        while self.total_chars(columns) < chars {
            columns += 1;
        }
        columns
    }

    /// Columns that a picture of this width covers, starting in `first`.
    pub fn columns_under(&self, first: usize, pixels: u32) -> usize {
        let mut covered = 0;
        let mut columns = 0;
        while covered < pixels {
            covered += self.pixels(first + columns);
            columns += 1;
        }
        columns
    }

    fn pixels(&self, column: usize) -> u32 {
        match self.chars.get(column) {
            Some(&chars) => u32::try_from(chars).unwrap_or(u32::MAX) * DIGIT_PIXELS + PADDING_PIXELS,
            None => DEFAULT_COLUMN_PIXELS,
        }
    }
}

/// Height of a row whose tallest cell has this many lines.
pub fn height_of(lines: usize) -> u32 {
    let more = lines.clamp(1, MOST_LINES) - 1;
    ROW_PIXELS + LINE_PIXELS * u32::try_from(more).unwrap_or(0)
}

/// Ordinary rows that a picture of this height covers.
pub fn rows_under(pixels: u32) -> u32 {
    pixels.div_ceil(ROW_PIXELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_stay_bearable() {
        let mut grid = Grid::default();
        grid.widen(0, 1);
        grid.widen(1, 500);
        assert_eq!((grid.chars(0), grid.chars(1), grid.chars(2)), (6, 60, 8));
        assert_eq!(grid.columns_for(70, 1), 3);
        assert_eq!(grid.columns_under(2, 65), 2);
    }
}
