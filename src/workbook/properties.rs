//! The document's properties: title, day and what the report says about itself; nothing of author or machine.

use std::collections::HashSet;

use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

use super::text::one_line;
use crate::model::sheet::Book;

/// Excel's limit for names and values of properties.
const UNITS: usize = 255;

pub fn of(book: &Book) -> Result<DocProperties, XlsxError> {
    // The clock would make two equal books differ; a day Excel does not know is as good as none.
    let year = u16::try_from(book.as_of.year()).unwrap_or(0).clamp(1900, 9999);
    let day = |part: u32| u8::try_from(part).unwrap_or(1);
    let created = ExcelDateTime::from_ymd(year, day(book.as_of.month()), day(book.as_of.day()))?;

    let mut properties = DocProperties::new().set_title(one_line(&book.title, UNITS)).set_creation_datetime(&created);
    let mut seen = HashSet::new();
    for (name, value) in &book.properties {
        let name = one_line(name, UNITS);
        if !name.is_empty() && seen.insert(name.to_lowercase()) {
            properties = properties.set_custom_property(name, one_line(value, UNITS));
        }
    }
    Ok(properties)
}
