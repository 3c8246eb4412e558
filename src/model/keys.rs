//! Numbers that name something, brought to one form: an order number is the same in every export.

/// A full-width character as its half-width twin; blanks of every kind as a plain space; others as they are.
///
/// Only width is folded. NFKC would also turn ① into 1 and ㎡ into m2 and so damage names and part numbers.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\t' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c), // the range is contiguous
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        _ => c,
    }
}

/// Whether a number was turned into scientific notation, and so has lost its last digits: `2.0261E+11`, `9.88724e11`.
///
/// `12E3` may be the number of a part: only a point before the E or a plus behind it gives it away.
pub fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let signed = exponent.strip_prefix('+');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let whole = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let pointed = whole.split_once('.').is_some_and(|(a, b)| a.len() == 1 && digits(a) && digits(b));
    let bare = whole.len() == 1 && digits(whole);
    let exponent = signed.unwrap_or(exponent);
    (pointed || (bare && signed.is_some())) && digits(exponent) && exponent.len() <= 3
}

/// Whether a reference bears what belongs to no number: a label (`单号:W123`, `NO.W123`), brackets, quotes, a 号 behind it, decimals,
/// blanks inside (`2026 1031 0513`). Several numbers in one cell are none of that; words without a number neither.
pub fn is_decorated(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if text.bytes().all(plain) {
        return false;
    }
    text.split(['/', '、', ',', '，', ';', '；']).map(str::trim).any(|part| {
        let has_number = part
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|run| run.len() >= 4 && run.bytes().any(|b| b.is_ascii_digit()));
        has_number && (is_labelled(part) || is_torn(part))
    })
}

fn is_labelled(part: &str) -> bool {
    // A Cyrillic С looks like a C; ① is no 1. Han characters may belong to a shop's numbers.
    let foreign = |c: char| !c.is_ascii() && c.is_alphanumeric() && !matches!(c, '\u{3400}'..='\u{9fff}');
    const MARKS: &str = "#:：【】[](){}<>《》「」\"'“”‘’`。!?*~";
    part.contains(|c| MARKS.contains(c) || foreign(c))
        || part.contains('号')
        || part.to_ascii_uppercase().starts_with("NO.")
        || part.ends_with('.')
        || part.rsplit_once('.').is_some_and(|(_, end)| !end.is_empty() && end.bytes().all(|b| b == b'0'))
}

/// Blanks inside one number: its pieces are short or of several lengths, where two numbers are alike.
fn is_torn(part: &str) -> bool {
    let pieces: Vec<&str> = part.split_whitespace().collect();
    let alike = pieces.iter().all(|p| p.len() == pieces[0].len());
    let begins = pieces.iter().all(|p| p.starts_with(|c: char| c.is_ascii_alphabetic()));
    pieces.len() > 1 && !(alike && (begins || pieces[0].len() > 5))
}

/// Characters that nobody sees and that make two equal numbers differ: joiners, marks of direction, soft hyphens,
/// selectors of variants, the Arabic filler, control characters that are no blanks.
pub fn is_invisible(c: char) -> bool {
    match c {
        ' '..='~' => false,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{feff}' => true,
        '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}' => true,
        _ => c.is_control() && !c.is_whitespace(),
    }
}

/// A text as its words are compared: half width, no blanks and nothing invisible, upper case.
pub fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars()
        .filter(|c| !is_invisible(*c))
        .map(half_width)
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
}

/// Trimmed, blanks made plain; the characters inside stay as typed. A backtick that payment bills put before every value,
/// so that a spreadsheet leaves it alone, is no part of the value; nor is the formula in `="00123"`.
pub fn trimmed(text: &str) -> &str {
    // Nearly every text begins and ends with a plain character.
    if let (Some(first), Some(last)) = (text.as_bytes().first(), text.as_bytes().last())
        && first.is_ascii_graphic()
        && !matches!(*first, b'`' | b'=')
        && last.is_ascii_graphic()
    {
        return text;
    }
    let blank = |c: char| c.is_whitespace() || is_invisible(c) || c == '\u{3000}' || c == '\u{a0}';
    let body = text.trim_matches(blank);
    let body = body.strip_prefix('`').map_or(body, |rest| rest.trim_matches(blank));
    as_text_formula(body).map_or(body, |inner| inner.trim_matches(blank))
}

/// `="00123"`: text that an export wraps into a formula, so that a spreadsheet keeps its zeros.
fn as_text_formula(body: &str) -> Option<&str> {
    let inner = body.strip_prefix("=\"")?.strip_suffix('"')?;
    (!inner.contains('"')).then_some(inner)
}

/// A number that names something: half width, upper case, no blanks around it, no leading apostrophe or backtick, no `.0`.
pub fn key(text: &str) -> String {
    let simple = |b: u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-' || b == b'_';
    if !text.is_empty() && text.bytes().all(simple) {
        return text.to_owned();
    }
    let folded: String = trimmed(text).chars().filter(|c| !is_invisible(*c)).map(half_width).collect();
    let body = folded.trim().trim_start_matches(['\'', '`', '‘', '’']).trim_start();
    let body = match body.strip_suffix(".0") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        _ => body,
    };
    body.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scientific_notation() {
        for text in ["2.0261E+11", "9.88724e11", "9.88724E+011", "5E+15", "1.2e+07"] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["12E3", "5E10", "1.2", "E5", "1.2E", "W1.2E5", "1.2E5A", "12.5E3", "1.E3", ""] {
            assert!(!is_scientific(text), "{text}");
        }
    }

    #[test]
    fn decorated_numbers() {
        for text in [
            "单号:W123",
            "【W1234】",
            "W1234号",
            "#W1234",
            "NO.W1234",
            "2026 1031 0513",
            "W1234(补)",
            "1234.00",
            "W1234.",
            "W12345/“W1236”",
            "С12345",
            "W1234①",
        ] {
            assert!(is_decorated(text), "{text}");
        }
        for text in [
            "W1234",
            "W1234/W1235",
            "W1234、W1235",
            "W1234 W1235",
            "202610 202611",
            "W-12_3",
            "定金",
            "押金(王)",
            "委2026001",
            "",
        ] {
            assert!(!is_decorated(text), "{text}");
        }
    }

    #[test]
    fn keys() {
        assert_eq!(key("　Ｗ２０２６０９０１００１ "), "W20260901001");
        assert_eq!(key("'00123"), "00123");
        assert_eq!(key("`4200001\t"), "4200001");
        assert_eq!((trimmed("`2.50 "), trimmed("`"), trimmed("a`b")), ("2.50", "", "a`b"));
        assert_eq!(key("123.0"), "123");
        assert_eq!(key("w1\u{a0}"), "W1");
        assert_eq!(key("=\"0012\""), "0012");
        assert_eq!(key("‘123"), "123");
        for hidden in [
            '\u{ad}', '\u{200b}', '\u{202c}', '\u{2066}', '\u{2060}', '\u{feff}', '\u{fe0f}', '\u{640}', '\u{61c}',
            '\u{1}',
        ] {
            assert_eq!(key(&format!("W12{hidden}3")), "W123", "{hidden:?}");
        }
        assert_eq!(key("A.0"), "A.0");
    }
}
