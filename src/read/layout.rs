//! What the layout of a text file tells beyond its delimiters: columns in fixed places, and an end inside a row.

use super::raw::{Cell, RawRow};

/// Lines that are looked at.
const SAMPLE: usize = 60;
/// Rows before the last that it is held against.
const BEFORE: usize = 20;

/// Whether the text is a table in fixed places: most lines have two gaps of several blanks or more, and few of them the
/// delimiter.
pub(super) fn is_fixed_columns(text: &str, delimiter: u8) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(SAMPLE).collect();
    let gapped = lines.iter().filter(|line| gaps(line) >= 2).count();
    let delimited = lines.iter().filter(|line| line.bytes().filter(|b| *b == delimiter).count() >= 2).count();
    lines.len() >= 2 && gapped >= 2 && gapped * 4 >= lines.len() * 3 && delimited * 2 < lines.len()
}

/// Stretches of several blanks; a full-width one is two.
fn gaps(line: &str) -> usize {
    let (mut gaps, mut width) = (0, 0);
    for c in line.chars() {
        width = match c {
            ' ' | '\u{A0}' => width + 1,
            '\u{3000}' => width + 2,
            _ => 0,
        };
        // Counted once, where it becomes one.
        gaps += usize::from(width == 2 || (width == 3 && c == '\u{3000}'));
    }
    gaps
}

/// The first line that says something, for a person to see.
pub(super) fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default()
}

/// Whether the last row of a text without a last line end breaks off: it begins as the rows before it do and has fewer
/// fields, or its last field is the beginning of what stands there in all of them. Totals and footers begin otherwise.
pub(super) fn ends_inside(rows: &[RawRow]) -> bool {
    let Some((last, before)) = rows.split_last() else { return false };
    // Not the headings: they are of another kind.
    let before = before.get(1..).unwrap_or_default();
    let before = &before[before.len().saturating_sub(BEFORE)..];
    let Some(previous) = before.last() else { return false };
    if !begins_alike(text_at(last, 0), text_at(previous, 0)) {
        return false;
    }
    if last.width != previous.width {
        // A system that leaves out empty fields at the end has short rows in the middle too.
        let mut alike = before.iter().filter(|row| begins_alike(text_at(row, 0), text_at(previous, 0)));
        return alike.all(|row| last.width < row.width);
    }
    let place = previous.width.saturating_sub(1) as usize;
    if text_at(last, place).is_empty() {
        // It ends behind its last delimiter, where all rows have something.
        return before.len() >= 3 && before.iter().all(|row| !text_at(row, place).is_empty());
    }
    before.len() >= 2 && is_beginning(text_at(last, place), before.iter().map(|row| text_at(row, place)))
}

fn text_at(row: &RawRow, place: usize) -> &str {
    match row.cells.get(place) {
        Some(Cell::Text(text)) => text.trim(),
        _ => "",
    }
}

/// Whether two first fields are of one kind: `SK20261020003` and `SK2026`, `3` and `4`, but not `合计`.
fn begins_alike(last: &str, previous: &str) -> bool {
    let kinds = |text: &str| {
        let mut kinds: Vec<char> = text.chars().map(shape).collect();
        kinds.dedup();
        kinds
    };
    let (last_kinds, previous_kinds) = (kinds(last), kinds(previous));
    !last.is_empty() && !is_footer(last) && previous_kinds.starts_with(&last_kinds)
}

/// `合计`, `制表人: 钱`, `#-----`; a time has its colon between digits.
fn is_footer(text: &str) -> bool {
    let is_label = |(at, _): (usize, &str)| !text[..at].ends_with(|c: char| c.is_ascii_digit());
    text.match_indices(':').any(is_label) || text.contains(['计', '：', '#'])
}

fn shape(c: char) -> char {
    match c {
        '0'..='9' => '9',
        _ if c.is_alphabetic() => 'A',
        _ => c,
    }
}

/// Whether `last` is the beginning of a value of the one shape that all of `before` have.
fn is_beginning<'r>(last: &str, before: impl Iterator<Item = &'r str> + Clone) -> bool {
    if let Some(decimals) = decimals_of_all(before.clone()) {
        let (whole, part) = last.split_once('.').unwrap_or((last, ""));
        let is_number =
            whole.trim_start_matches(['-', '+', '¥', '￥']).bytes().all(|b| b.is_ascii_digit() || b == b',');
        return is_number && part.bytes().all(|b| b.is_ascii_digit()) && part.len() < decimals;
    }
    let shapes = |text: &str| text.chars().map(shape).collect::<String>();
    let mut all = before.map(shapes);
    let Some(first) = all.next().filter(|s| s.chars().count() >= 8) else { return false };
    let last = shapes(last);
    all.all(|shape| shape == first) && last.len() < first.len() && first.starts_with(&last)
}

/// The decimals, one at least, that every value has.
fn decimals_of_all<'r>(mut values: impl Iterator<Item = &'r str>) -> Option<usize> {
    let of = |text: &str| {
        let (whole, part) = text.split_once('.')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        (digits(part) && digits(&whole.replace(['-', '+', ',', '¥', '￥'], ""))).then_some(part.len())
    };
    let first = of(values.next()?)?;
    values.all(|text| of(text) == Some(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<RawRow> {
        let row = |(at, line): (usize, &str)| {
            let cells: Vec<Cell> = line.split(',').map(|f| Cell::Text(f.to_owned())).collect();
            RawRow { number: at as u32 + 1, width: cells.len() as u32, cells }
        };
        text.lines().enumerate().map(row).collect()
    }

    #[test]
    fn an_end_inside_a_row_is_told_from_totals_footers_and_short_values() {
        let head = "单号,日期,金额\nA1,2026-10-20,880.00\nA2,2026-10-20,56.70\n";
        for (end, cut) in [
            ("A3,2026-10", true),
            ("A", true),
            ("A3,2026-10-20,35", true),
            ("A3,2026-10-20,350.0", true),
            ("A3,2026-10-20,350.00", false),
            ("合计,936.70", false),
            ("制表人：顾一", false),
            ("A3,2026-10-20,350.00,x", false),
        ] {
            assert_eq!(ends_inside(&rows(&format!("{head}{end}"))), cut, "{end}");
        }
        let dated = "单号,时间\nA1,2026-10-20 10:00:00\nA2,2026-10-20 11:00:00\n";
        assert!(ends_inside(&rows(&format!("{dated}A3,2026-10-20 1"))));
        let timed = "时间,金额,备注\n`10-20 10:00:07,880.00,a\n`10-20 11:00:09,56.70,b\n`10-20 11:02:09,56.70,b\n";
        assert!(ends_inside(&rows(&format!("{timed}`10-20 11:3"))));
        assert!(ends_inside(&rows(&format!("{timed}`10-20 11:30:00,56.70,"))));
        assert!(!ends_inside(&rows(&format!("{timed}制表: 钱"))));
        assert!(!ends_inside(&rows("单号,备注\nA1,短\nA2,长长的备注\nA3,长")));
    }

    #[test]
    fn fixed_columns_are_told_from_text_with_delimiters_and_from_prose() {
        assert!(is_fixed_columns(
            "单号      日期        金额\nA1        2026-10-20  1,880.00\nA2        2026-10-20  56.70\n",
            b','
        ));
        assert!(!is_fixed_columns("a,b,c\n1,  2,  3\n4,  5,  6\n", b','));
        assert!(!is_fixed_columns("说明：本月导出\n请  查收\n谢谢\n", b','));
        assert_eq!(gaps("a  b\u{3000}c d"), 2);
    }
}
