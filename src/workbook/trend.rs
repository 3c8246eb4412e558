//! Figures behind the sparklines: a hidden sheet, one row a picture.

use rust_xlsxwriter::{ChartEmptyCells, Sparkline, SparklineType, Worksheet, XlsxError};

use super::styles;

pub struct Trends {
    sheet: String,
    rows: Vec<Vec<Option<f64>>>,
}

impl Trends {
    pub fn new(sheet: String) -> Trends {
        Trends { sheet, rows: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Keeps the figures and returns the picture over them: small columns, the last one set off.
    ///
    /// Columns, because LibreOffice prints no line sparklines; from zero, because columns cut off below lie.
    pub fn draw(&mut self, values: &[Option<f64>]) -> Sparkline {
        let row = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let last = u16::try_from(values.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.rows.push(values.to_vec());
        let picture = Sparkline::new()
            .set_range((self.sheet.as_str(), row, 0, row, last))
            .set_type(SparklineType::Column)
            .set_sparkline_color(styles::TREND)
            .show_last_point(true)
            .set_last_point_color(styles::TREND_LAST)
            .show_negative_points(true)
            .set_negative_points_color(styles::TREND_NEGATIVE)
            .show_empty_cells_as(ChartEmptyCells::Gaps)
            .show_hidden_data(true);
        match values.iter().flatten().any(|value| *value < 0.0) {
            true => picture.show_axis(true),
            false => picture.set_custom_min(0),
        }
    }

    /// Writes the figures; what is not known or not a number stays an empty cell, i.e. a gap.
    pub fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(&self.sheet)?.set_hidden(true);
        for (row, values) in (0_u32..).zip(&self.rows) {
            for (column, value) in (0_u16..).zip(values) {
                if let Some(number) = value.filter(|number| number.is_finite()) {
                    sheet.write_number(row, column, number)?;
                }
            }
        }
        Ok(())
    }
}
