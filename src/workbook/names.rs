//! Names that Excel accepts: sheets, tables and headings.

use std::collections::HashSet;

use super::text::{clip, one_line};

/// Excel's limit for a sheet's name, in UTF-16 units.
const SHEET_UNITS: usize = 31;
/// Excel's limit for a heading of a table, in UTF-16 units.
const HEADING_UNITS: usize = 255;

/// The sheets' names as the book gives them, and as Excel gets them.
pub struct SheetNames {
    wanted: Vec<String>,
    given: Vec<String>,
    trend_sheet: String,
}

impl SheetNames {
    pub fn new<'a>(wanted: impl Iterator<Item = &'a str>) -> SheetNames {
        let wanted: Vec<String> = wanted.map(str::to_owned).collect();
        // Excel keeps `History` for itself and calls a file that uses it damaged.
        let mut taken = HashSet::from(["history".to_owned()]);
        let given = wanted.iter().map(|name| unique(&allowed_in_sheet_name(name), SHEET_UNITS, &mut taken)).collect();
        let trend_sheet = unique("_trend", SHEET_UNITS, &mut taken);
        SheetNames { wanted, given, trend_sheet }
    }

    pub fn at(&self, index: usize) -> &str {
        &self.given[index]
    }

    /// The printed name of the first sheet that the book calls `wanted`.
    pub fn resolve(&self, wanted: &str) -> Option<&str> {
        self.wanted.iter().position(|name| name == wanted).map(|index| self.given[index].as_str())
    }

    /// Name of the hidden sheet with the figures behind the sparklines.
    pub fn trend_sheet(&self) -> String {
        self.trend_sheet.clone()
    }
}

/// Address of a sheet's first cell for an internal link.
pub fn link_target(sheet: &str) -> String {
    format!("internal:'{}'!A1", sheet.replace('\'', "''"))
}

/// Headings of one table: on one line, not empty, and unique whatever the case.
pub fn headings<'a>(titles: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    let name = |(index, title)| match one_line(title, HEADING_UNITS) {
        title if title.is_empty() => unique(&format!("#{}", index + 1), HEADING_UNITS, &mut taken),
        title => unique(&title, HEADING_UNITS, &mut taken),
    };
    titles.enumerate().map(name).collect()
}

/// Name of the book's n-th table. Plain ASCII, and unlike any cell's address (`T1` would be one).
pub fn table_name(number: usize) -> String {
    format!("list_{number}")
}

/// The name, or the name with the first number that makes it new.
fn unique(name: &str, units: usize, taken: &mut HashSet<String>) -> String {
    let mut candidate = clip(name, units).into_owned();
    let mut number = 2_usize;
    while !taken.insert(candidate.to_lowercase()) {
        let suffix = format!(" {number}");
        candidate = format!("{}{suffix}", clip(name, units - suffix.len()));
        number += 1;
    }
    candidate
}

fn allowed_in_sheet_name(name: &str) -> String {
    let line = one_line(name, usize::MAX);
    let allowed: String = line.chars().map(|c| if "[]:*?/\\".contains(c) { '_' } else { c }).collect();
    // An apostrophe may stand inside only, and cutting may bring one to the end.
    let clipped = clip(allowed.trim_matches(['\'', ' ']), SHEET_UNITS).into_owned();
    match clipped.trim_matches('\'') {
        "" => "Sheet".to_owned(),
        kept => kept.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_made_legal_and_unique() {
        let long = "很".repeat(40);
        let names = SheetNames::new(["a/b", "A:B", "History", "", "''", &long, &long, "_trend"].into_iter());
        assert_eq!(&names.given[..5], ["a_b", "A_B 2", "History 2", "Sheet", "Sheet 2"]);
        assert!(names.given.iter().all(|name| name.encode_utf16().count() <= 31));
        assert_eq!(names.given[6], format!("{}… 2", "很".repeat(28)));
        assert_eq!(names.trend_sheet(), "_trend 2");
        assert_eq!(names.resolve("A:B"), Some("A_B 2"));
        assert_eq!(names.resolve("nowhere"), None);
    }

    #[test]
    fn headings_are_unique() {
        let made = headings(["金额", "金额", "金额 2", "", "A", "a", "x\ny"].into_iter());
        assert_eq!(made, ["金额", "金额 2", "金额 2 2", "#4", "A", "a 2", "x y"]);
    }
}
