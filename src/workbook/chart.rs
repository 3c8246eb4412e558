//! A chart over the columns of a table already written.

use rust_xlsxwriter::{
    Chart as Picture, ChartAxisCrossing, ChartAxisLabelPosition, ChartDataLabel, ChartFont, ChartFormat,
    ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType, ChartSeries, ChartSolidFill, ChartType, Color,
};

use super::figure::number;
use super::styles::{NAVY, SERIES};
use super::table::Placed;
use super::text::one_line;
use crate::model::sheet::{Chart, ChartKind, Kind, Table};

const GRID_LINE: Color = Color::RGB(0x00E3_E6EB);
const AXIS_TEXT: Color = Color::RGB(0x0059_5959);
/// Longest title, in UTF-16 units.
const TITLE_UNITS: usize = 255;

/// Builds the picture; `sheet` is the printed name of the table's sheet.
pub fn build(chart: &Chart, table: &Table, placed: &Placed, sheet: &str, font: &str, size: (u32, u32)) -> Picture {
    let mut picture = Picture::new(match chart.kind {
        ChartKind::Column => ChartType::Column,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Line => ChartType::Line,
        ChartKind::Pie => ChartType::Pie,
    });
    picture.set_width(size.0).set_height(size.1);
    let title = title(&chart.title);
    if title.is_empty() {
        picture.title().set_hidden();
    } else {
        picture.title().set_name(&title).set_font(&letters(font, 12, NAVY).set_bold().clone());
    }
    picture.chart_area().set_format(ChartFormat::new().set_border(ChartLine::new().set_color(GRID_LINE)));
    for (number, &column) in chart.values.iter().enumerate() {
        add_series(&mut picture, chart, table, placed, sheet, (number, column));
    }
    let ink = letters(font, 9, AXIS_TEXT);
    match chart.kind {
        ChartKind::Pie => {
            picture.legend().set_position(ChartLegendPosition::Right).set_font(&ink);
        }
        _ if chart.values.len() > 1 => {
            picture.legend().set_position(ChartLegendPosition::Bottom).set_font(&ink);
        }
        // One series is named by the title.
        _ => {
            picture.legend().set_hidden();
        }
    }
    if chart.kind != ChartKind::Pie {
        set_axes(&mut picture, chart, table, &ink);
    }
    picture
}

fn add_series(
    picture: &mut Picture,
    chart: &Chart,
    table: &Table,
    placed: &Placed,
    sheet: &str,
    (number, column): (usize, usize),
) {
    let (first, last) = placed.body;
    let (category, value) = (narrow(chart.category), narrow(column));
    let color = SERIES[number % SERIES.len()];
    let series = picture.add_series();
    series
        .set_name((sheet, placed.heading_row, value))
        .set_categories((sheet, first, category, last, category))
        .set_values((sheet, first, value, last, value));
    let filled = |color| ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color)).clone();
    match chart.kind {
        ChartKind::Pie => pie_slices(series, table.rows.len()),
        ChartKind::Line => {
            let mut dot = ChartMarker::new();
            dot.set_type(ChartMarkerType::Circle).set_size(5).set_format(&mut filled(color));
            let mut line = ChartFormat::new();
            line.set_line(ChartLine::new().set_color(color).set_width(2.25));
            series.set_format(&mut line).set_marker(&dot);
        }
        ChartKind::Column | ChartKind::Bar => {
            // Without this, Excel draws what is below zero in white.
            series.set_invert_if_negative_color(color).set_format(&mut filled(color)).set_gap(60);
        }
    }
}

fn pie_slices(series: &mut ChartSeries, slices: usize) {
    let colors: Vec<Color> = SERIES.iter().copied().cycle().take(slices).collect();
    let mut label = ChartDataLabel::new();
    label.show_percentage().set_num_format("0.0%");
    series.set_point_colors(&colors).set_data_label(&label);
}

/// Dresses both axes; a bar chart lies on its side, so its categories stand on the axis called y.
fn set_axes(picture: &mut Picture, chart: &Chart, table: &Table, ink: &ChartFont) {
    let bar = chart.kind == ChartKind::Bar;
    let categories = if bar { picture.y_axis() } else { picture.x_axis() };
    // Days would otherwise get gaps for days on which nothing happened. Names stay outside bars that go below zero.
    categories.set_text_axis(true).set_label_position(ChartAxisLabelPosition::Low).set_font(ink);
    categories.set_format(ChartFormat::new().set_line(ChartLine::new().set_color(AXIS_TEXT)));
    categories.set_major_gridlines(false);
    if table.columns[chart.category].kind == Kind::Date {
        categories.set_num_format("mm-dd");
    }
    if bar {
        // The table's first row on top, as one reads it; the figures stay at the bottom.
        categories.set_reverse().set_crossing(ChartAxisCrossing::Max);
    }
    let values = if bar { picture.x_axis() } else { picture.y_axis() };
    let rate = chart.values.first().is_some_and(|&column| table.columns[column].kind == Kind::Rate);
    values.set_font(ink).set_num_format(if rate { "0%" } else { "#,##0" });
    // Lengths are compared, so bars begin at 0.
    let is_below = |&column: &usize| table.rows.iter().any(|row| number(&row[column]).is_some_and(|v| v < 0.0));
    if matches!(chart.kind, ChartKind::Column | ChartKind::Bar) && !chart.values.iter().any(is_below) {
        values.set_min(0);
    }
    // An axis that does not outshout the figures.
    values
        .set_format(ChartFormat::new().set_no_line())
        .set_major_gridlines(true)
        .set_major_gridlines_line(ChartLine::new().set_color(GRID_LINE));
}

fn letters(font: &str, size: u8, color: Color) -> ChartFont {
    let mut letters = ChartFont::new();
    letters.set_size(size).set_color(color);
    if !font.trim().is_empty() {
        letters.set_name(font.trim());
    }
    letters
}

/// A title on one line. The writer takes `=...` and `...!A1` for a cell's address, so their signs become full-width.
fn title(text: &str) -> String {
    one_line(text, TITLE_UNITS).replace('=', "＝").replace('!', "！")
}

/// Columns of a table already written fit a sheet.
fn narrow(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}
