//! Days of the week beside a date: they say nothing that the date does not.

const DAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
const NAMES: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// The text without a weekday at its start: `Sat, 31 Oct 2026`, `星期六 2026-10-31`.
pub fn before(text: &str) -> &str {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return text;
    }
    behind(text).trim_start_matches([',', ' '])
}

/// What follows a date, without a weekday at its start or in brackets: `星期六 09:05`, `(周六)`.
pub fn behind(text: &str) -> &str {
    let Some(first) = text.chars().next().filter(|c| !c.is_ascii_digit()) else { return text };
    if first == '(' {
        let Some((inner, rest)) = text[1..].split_once(')') else { return text };
        return if is_weekday(inner) { rest } else { text };
    }
    for prefix in ["星期", "周", "礼拜"] {
        if let Some(rest) = text.strip_prefix(prefix) {
            let day = DAYS.iter().chain(["天"].iter()).find_map(|day| rest.strip_prefix(day));
            return day.unwrap_or(text);
        }
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    if is_english(&text[..end]) { text[end..].trim_start_matches(['.', ',']) } else { text }
}

fn is_weekday(word: &str) -> bool {
    let bare = ["星期", "周", "礼拜"].iter().find_map(|prefix| word.strip_prefix(prefix)).unwrap_or(word);
    DAYS.contains(&bare) || bare == "天" || is_english(bare)
}

fn is_english(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    word.len() >= 3 && NAMES.iter().any(|name| *name == word || name[..3] == word)
}
