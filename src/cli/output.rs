//! What goes to standard output, and how amounts and columns are set there.

use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use crate::model::strangers::escaped;

/// Columns after which a list of names goes on in the next line.
const WIDTH: usize = 110;

/// Prints a result, what exports say in it harmless to a terminal. A reader that has gone (`| head`) has all it wanted.
pub fn print(text: &str) -> Result<(), Failure> {
    write(&escaped(text))
}

fn write(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::disk("standard output", &error)),
        _ => Ok(()),
    }
}

/// Prints a result for machines; JSON has its own way to write control characters.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::internal(error.to_string()))?;
    write(&(text + "\n"))
}

/// Fen as yuan, with thousands set apart: `-12,345.05`.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", grouped(fen / 100), fen % 100)
}

/// A count with thousands set apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count that may be signed.
pub fn count(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// Filled with blanks on the right; a Chinese character is two columns wide.
pub fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Filled with blanks on the left.
pub fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// `label` and the items after it, going on under the first item where a line is full.
pub fn wrapped(label: &str, items: &[String], between: &str) -> String {
    let indent = label.width();
    let mut text = label.to_owned();
    let mut at = indent;
    for (index, item) in items.iter().enumerate() {
        let item = if index + 1 < items.len() { format!("{item}{between}") } else { item.clone() };
        if index > 0 && at + item.trim_end().width() > WIDTH {
            text.truncate(text.trim_end().len());
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            at = indent;
        }
        at += item.width();
        text.push_str(&item);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_yuan_with_thousands_set_apart() {
        assert_eq!(yuan(0), "0.00");
        assert_eq!(yuan(-5), "-0.05");
        assert_eq!(yuan(123_456_789), "1,234,567.89");
        assert_eq!(yuan(i64::MIN), "-92,233,720,368,547,758.08");
        assert_eq!(grouped(100), "100");
        assert_eq!(grouped(1000), "1,000");
    }

    #[test]
    fn chinese_is_two_columns_wide() {
        assert_eq!(left("未收款", 8), "未收款  ");
        assert_eq!(right("12", 4), "  12");
    }

    #[test]
    fn a_long_list_goes_on_under_its_first_item() {
        let items: Vec<String> = (0..40).map(|n| format!("列{n:02}")).collect();
        let text = wrapped("  未用：", &items, "、");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.len() > 1 && lines.iter().all(|line| line.width() <= WIDTH), "{text}");
        assert!(lines[1].starts_with("        列"));
    }
}
