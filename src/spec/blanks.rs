//! The list of words for nothing, `blanks.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{BUILT_IN, SpecError, SpecFile, SpecFiles};
use crate::model::Blanks;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBlanks {
    #[serde(default)]
    marks: String,
    #[serde(default)]
    words: Vec<String>,
}

static OF_THE_PROGRAM: LazyLock<Blanks> = LazyLock::new(|| {
    let mut blanks = Blanks::default();
    for (name, text) in BUILT_IN.iter().filter(|(name, _)| name.starts_with("report_specs/blanks")) {
        let file = SpecFile { name: (*name).to_owned(), text: (*text).to_owned(), of_shop: false };
        // A built-in file with an error fails the tests; a run refuses it when it loads its tables.
        let _ = add(&mut blanks, &file);
    }
    blanks
});

/// The program's own list, for what belongs to no shop.
pub fn built_in() -> &'static Blanks {
    &OF_THE_PROGRAM
}

/// The list of a run: the built-in one, or the one by which a shop replaces it.
pub fn load(files: &SpecFiles) -> Result<Blanks, SpecError> {
    let mut blanks = Blanks::default();
    for file in files.under("blanks") {
        add(&mut blanks, file)?;
    }
    Ok(blanks)
}

fn add(blanks: &mut Blanks, file: &SpecFile) -> Result<(), SpecError> {
    let raw = file.read::<RawBlanks>()?;
    blanks.add_marks(&raw.marks);
    for word in &raw.words {
        blanks.add_word(word);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing() {
        for text in [
            "-",
            "—",
            "——",
            "－",
            "---",
            "/",
            "\\",
            "*",
            "无",
            "空",
            "暂无",
            "未",
            "未填",
            "NULL",
            "null",
            "None",
            "n/a",
            "NA",
            "#N/A",
            "NaN",
            "\\N",
            "nil",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "1900-01-00",
            "1900/1/0",
            "（空）",
            "(null)",
            "/  /",
            "　",
            "--:--",
            "  年  月  日",
        ] {
            assert!(built_in().is_nothing(text), "{text:?}");
        }
        for text in
            ["0", "0.00", "1900", "现金", "无名氏", "N", "未结算", "空调", "#1", "?", "1.-", "-5", "1900-02-01", "A/B"]
        {
            assert!(!built_in().is_nothing(text), "{text:?}");
        }
    }
}
