//! Texts that strangers wrote, on their way to people: to a terminal, into a list, into a cell.

use std::borrow::Cow;

/// Whether a program could take the text for a formula, a command or a macro once it is opened, edited or saved again.
pub fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '%', '|', '\t', '\r', '＝', '＋', '－', '＠', '％', '｜'])
}

/// The text with its control characters written out: a terminal must not obey them, and a person should see them. Line
/// feeds and tabs stay.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.replace("\r\n", "\n").chars() {
        if is_obeyed(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// Control characters, and those that turn the direction of what follows.
fn is_obeyed(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(escaped("张三\t7\n"), "张三\t7\n");
        assert_eq!(
            escaped("a\u{1b}[31mb\u{7}\u{9b}\u{202e}c\r\nd\re\0"),
            "a\\u{1b}[31mb\\u{7}\\u{9b}\\u{202e}c\nd\\re\\u{0}"
        );
    }

    #[test]
    fn beginnings_of_formulas_are_known() {
        for text in ["=1", "+1", "-1", "@x", "%x", "|cmd", "\t=1", "＝1"] {
            assert!(looks_like_formula(text), "{text}");
        }
        assert!(!looks_like_formula("1=1") && !looks_like_formula(""));
    }
}
