//! How everything looks: one palette, one format for each kind of cell.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

use crate::model::sheet::Light;

/// Dark blue of titles and headings.
pub const NAVY: Color = Color::RGB(0x001F_3864);
/// Colours of a chart's series, in order; told apart in print and by colour-blind readers.
pub const SERIES: [Color; 8] = [
    Color::RGB(0x002F_5597),
    Color::RGB(0x00ED_7D31),
    Color::RGB(0x0070_AD47),
    Color::RGB(0x00FF_C000),
    Color::RGB(0x005B_9BD5),
    Color::RGB(0x0082_5AA0),
    Color::RGB(0x007F_7F7F),
    Color::RGB(0x00C0_504D),
];
/// Columns of a sparkline: all, the last, those below zero.
pub const TREND: Color = SERIES[0];
pub const TREND_LAST: Color = SERIES[1];
pub const TREND_NEGATIVE: Color = SERIES[7];

const GREY_TEXT: Color = Color::RGB(0x0059_5959);
const RULE: Color = Color::RGB(0x00D0_D5DD);
const TOTAL_FILL: Color = Color::RGB(0x00E3_E9F2);
const LINK: Color = Color::RGB(0x0005_63C1);
const FONT_SIZE: u8 = 10;

/// What a cell shows; decides number format and alignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Empty,
    Text,
    /// Text too long for Excel's text format, which some versions print as `#####` beyond 255 characters.
    LongText,
    Key,
    /// `–`: not known.
    Unknown,
    Whole,
    /// Two decimals; less than nothing is red.
    Money,
    /// Two decimals, not money.
    Number,
    /// A quantity with decimals, up to three.
    Fraction,
    Rate,
    Date,
    DateTime,
    Light(Light),
    Link,
}

/// Where in a table a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Body,
    Total,
}

/// The formats of one book. They are built once: the writer compares whole formats for every cell.
pub struct Styles {
    base: Format,
    cells: Vec<((Look, Part, bool), Format)>,
}

impl Styles {
    pub fn new(font: &str) -> Styles {
        let sized = Format::new().set_font_size(FONT_SIZE).set_align(FormatAlign::VerticalCenter);
        // A file that names no font at all is damaged in Excel's eyes.
        let base = if font.trim().is_empty() { sized } else { sized.set_font_name(font.trim()) };
        Styles { base, cells: Vec::new() }
    }

    pub fn base(&self) -> &Format {
        &self.base
    }

    /// Format of a table's cell; `guarded` keeps the text a text when somebody edits the cell.
    pub fn cell(&mut self, look: Look, part: Part, guarded: bool) -> &Format {
        let key = (look, part, guarded);
        let index = match self.cells.iter().position(|(known, _)| *known == key) {
            Some(index) => index,
            None => {
                let format = self.build(look, part, guarded);
                self.cells.push((key, format));
                self.cells.len() - 1
            }
        };
        &self.cells[index].1
    }

    fn build(&self, look: Look, part: Part, guarded: bool) -> Format {
        let framed = self.base.clone().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(RULE);
        let placed = match part {
            Part::Body => framed,
            Part::Total => framed
                .set_bold()
                .set_background_color(TOTAL_FILL)
                .set_border_top(FormatBorder::Thin)
                .set_border_top_color(NAVY)
                .set_border_bottom_color(NAVY),
        };
        let format = dress(placed, look);
        if guarded { format.set_quote_prefix() } else { format }
    }

    /// Headings of a table's columns.
    pub fn heading(&self) -> Format {
        self.base
            .clone()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(NAVY)
            .set_align(FormatAlign::Center)
            .set_text_wrap()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::White)
    }

    /// The large line of a sheet.
    pub fn title(&self) -> Format {
        self.base.clone().set_bold().set_font_size(16).set_font_color(NAVY)
    }

    pub fn subtitle(&self) -> Format {
        self.base.clone().set_font_color(GREY_TEXT)
    }

    /// The line above a table.
    pub fn block_heading(&self) -> Format {
        self.base.clone().set_bold().set_font_size(12).set_font_color(NAVY)
    }

    pub fn back_link(&self) -> Format {
        self.base.clone().set_font_color(LINK).set_underline(FormatUnderline::Single)
    }

    pub fn note(&self, light: Option<Light>, guarded: bool) -> Format {
        let wrapped = self.base.clone().set_text_wrap().set_align(FormatAlign::Left);
        let format = match light {
            Some(light) => lit(wrapped, light).set_indent(1),
            None => wrapped.set_font_color(GREY_TEXT),
        };
        if guarded { format.set_quote_prefix() } else { format }
    }

    /// What stands under the headings of an empty table.
    pub fn no_rows(&self) -> Format {
        let framed = self.base.clone().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(RULE);
        framed.set_font_color(GREY_TEXT).set_align(FormatAlign::Center)
    }

    pub fn sign_off(&self) -> Format {
        self.base.clone().set_align(FormatAlign::Left)
    }
}

fn dress(format: Format, look: Look) -> Format {
    let right = |code: &str| format.clone().set_num_format(code).set_align(FormatAlign::Right);
    match look {
        Look::Empty => format,
        Look::Text => format.set_num_format("@").set_align(FormatAlign::Left).set_indent(1).set_text_wrap(),
        Look::LongText => format.set_align(FormatAlign::Left).set_indent(1).set_text_wrap(),
        Look::Key => format.set_num_format("@").set_align(FormatAlign::Left).set_indent(1),
        Look::Unknown => format.set_align(FormatAlign::Right).set_font_color(GREY_TEXT),
        Look::Whole => right("#,##0"),
        Look::Money => right("#,##0.00;[Red]-#,##0.00"),
        Look::Number => right("#,##0.00"),
        Look::Fraction => right("#,##0.0##"),
        Look::Rate => right("0.00%"),
        Look::Date => format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
        Look::DateTime => format.set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Center),
        Look::Light(light) => lit(format, light).set_align(FormatAlign::Center),
        Look::Link => {
            let inked = format.set_font_color(LINK).set_underline(FormatUnderline::Single);
            inked.set_align(FormatAlign::Left).set_indent(1).set_text_wrap()
        }
    }
}

/// Fill and ink of a light; dark ink on a pale fill stays readable on a black and white printer.
fn lit(format: Format, light: Light) -> Format {
    let (fill, ink) = match light {
        Light::Green => (0x00DF_F0D8, 0x001E_5F28),
        Light::Amber => (0x00FF_F0C2, 0x007A_5200),
        Light::Red => (0x00F9_D9D6, 0x009C_1C13),
        Light::Plain => (0x00EC_EEF1, 0x0050_5762),
    };
    format.set_background_color(Color::RGB(fill)).set_font_color(Color::RGB(ink))
}
