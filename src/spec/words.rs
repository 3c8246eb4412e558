//! What a name in a spec may be made of: ids become names of tables and columns, titles of workbooks become file names.

/// Bytes of an id, and of a title that becomes a file's name.
const LONGEST: [usize; 2] = [60, 180];

/// What is wrong with an id, in words; nothing where it may be one.
pub fn wrong_with_id(id: &str) -> Option<String> {
    let is_fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    match () {
        () if id.is_empty() => Some("an id is empty".to_owned()),
        () if id.len() > LONGEST[0] => Some(format!("the id `{id}` is longer than {} bytes", LONGEST[0])),
        () if !id.chars().all(is_fine) => {
            let shown = id.escape_debug();
            Some(format!("`{shown}` is no id: write letters, digits and `_`, e.g. `loan_cars`"))
        }
        () => None,
    }
}

/// What is wrong with a title that becomes the name of a file, in words.
pub fn wrong_with_title(title: &str) -> Option<String> {
    let is_odd = |c: char| c.is_control() || "/\\<>:\"|?*".contains(c);
    let shown = title.escape_debug();
    match () {
        () if title.trim().is_empty() => Some("a title is empty".to_owned()),
        () if title.len() > LONGEST[1] => Some(format!("the title `{shown}` is longer than {} bytes", LONGEST[1])),
        () if title.contains(is_odd) => {
            Some(format!("`{shown}` names a file: it cannot hold / \\ < > : \" | ? * or control characters"))
        }
        () if title.starts_with(['.', '~', ' ']) || title.ends_with(['.', ' ']) => Some(format!(
            "`{shown}` names a file: it cannot begin with a dot, `~` or a blank, nor end with a dot or a blank"
        )),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words() {
        for good in ["loan_cars", "代步车", "Loan-Cars", "x2"] {
            assert_eq!(wrong_with_id(good), None);
        }
        let long = "x".repeat(61);
        for wrong in ["", "a b", "a\"; DROP TABLE files; --", "a.b", "../a", "a'", "a\u{0}", long.as_str()] {
            assert!(wrong_with_id(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn titles_are_names_of_files() {
        for good in ["收银与销号", "Sales & service (daily)", "100% 核对"] {
            assert_eq!(wrong_with_title(good), None);
        }
        for wrong in ["", " ", "../x", "x/y", "x\\y", "C:x", ".x", "~$x", "x.", "x ", "x\u{1b}[2J", "x\ny"] {
            assert!(wrong_with_title(wrong).is_some(), "{wrong}");
        }
    }
}
