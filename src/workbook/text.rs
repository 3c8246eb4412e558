//! Texts that a spreadsheet can hold: nothing invisible, nothing too long, and how wide they print.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use crate::model::strangers;

/// Excel's limit for the text of one cell, in UTF-16 units.
const CELL_UNITS: usize = 32_767;

/// A text that fits a cell: characters that XML or Excel cannot hold are shown as `�`, the overlong end as `…`.
pub fn clean(text: &str) -> Cow<'_, str> {
    let shown = if text.chars().any(is_unprintable) {
        // A carriage return before a line feed is only the other way to end a line.
        let lines = text.replace("\r\n", "\n");
        Cow::Owned(lines.chars().map(|c| if is_unprintable(c) { char::REPLACEMENT_CHARACTER } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    };
    match clip(&shown, CELL_UNITS) {
        Cow::Borrowed(_) => shown,
        Cow::Owned(clipped) => Cow::Owned(clipped),
    }
}

/// A text on one line, for headings, names and properties: every run of white space is one space.
pub fn one_line(text: &str, units: usize) -> String {
    let cleaned = clean(text);
    let line = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    clip(&line, units).into_owned()
}

/// At most `units` UTF-16 units of a text; what was cut shows as `…`.
pub fn clip(text: &str, units: usize) -> Cow<'_, str> {
    if text.len() <= units || text.encode_utf16().count() <= units {
        return Cow::Borrowed(text);
    }
    let mut room = units.saturating_sub(1);
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    Cow::Owned(kept.chain(['…']).collect())
}

/// Whether a program could take the text for a formula once somebody edits the cell or saves the sheet as CSV.
pub fn looks_like_formula(text: &str) -> bool {
    strangers::looks_like_formula(text.trim_start())
}

/// Columns the widest line takes; East Asian and ambiguous characters count two, as Chinese fonts draw them.
pub fn width(text: &str) -> usize {
    text.split('\n').map(UnicodeWidthStr::width_cjk).max().unwrap_or(0)
}

/// Lines a text takes when it is wrapped into `columns`.
pub fn lines(text: &str, columns: usize) -> usize {
    text.split('\n').map(|line| UnicodeWidthStr::width_cjk(line).div_ceil(columns.max(1)).max(1)).sum()
}

/// Control characters (but the line feed and tab that a cell can show) and the two code points that XML forbids.
fn is_unprintable(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_between_characters() {
        assert_eq!(clip("甲乙丙", 3), "甲乙丙");
        assert_eq!(clip("甲乙丙丁", 3), "甲乙…");
        assert_eq!(clip("🚗🚗🚗", 4), "🚗…");
        assert_eq!(clip("abc", 0), "…");
    }

    #[test]
    fn shows_what_cannot_be_shown() {
        assert_eq!(clean("a\0b\r\nc\u{FFFF}"), "a\u{FFFD}b\nc\u{FFFD}");
        assert_eq!(one_line("  甲\n\t乙 ", 255), "甲 乙");
    }

    #[test]
    fn chinese_is_twice_as_wide() {
        assert_eq!(width("合计12"), 6);
        assert_eq!(width("长长\nab"), 4);
        assert_eq!(lines("四个汉字", 5), 2);
    }
}
