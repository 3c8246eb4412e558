//! Specs: TOML files that an accountant's IT person may change, built in or from the shop's own folder.
//!
//! This module knows files, places and words, not what a spec means: `tables` reads table and word specs,
//! `clean` reads source specs, `report` reads figures and reports. An error names file, line, the wrong word
//! and the valid ones, before any data is read.

pub mod blanks;
mod error;
pub mod folder;
pub mod named;
pub mod tables;
pub mod words;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;

pub use error::SpecError;
pub use toml::Spanned;

include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// One spec file: its text and the name under which errors speak of it.
#[derive(Debug, Clone)]
pub struct SpecFile {
    /// `report_specs/sources/settlements.toml`
    pub name: String,
    pub text: String,
    /// From the shop's own folder: outranks the built-in ones.
    pub of_shop: bool,
}

/// All spec files of a run, built-in ones first, each group in order of name.
#[derive(Debug, Clone)]
pub struct SpecFiles {
    files: Vec<SpecFile>,
}

impl SpecFiles {
    /// The built-in files and the shop's; a shop's file of the same name replaces the built-in one.
    pub fn new(mut of_shop: Vec<SpecFile>) -> SpecFiles {
        of_shop.sort_by(|a, b| a.name.cmp(&b.name));
        let mut files: Vec<SpecFile> = BUILT_IN
            .iter()
            .filter(|(name, _)| !of_shop.iter().any(|f| f.name == *name))
            .map(|(name, text)| SpecFile { name: (*name).to_owned(), text: (*text).to_owned(), of_shop: false })
            .collect();
        files.extend(of_shop);
        SpecFiles { files }
    }

    /// The files below `report_specs/FOLDER`, or the single file of that name.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a SpecFile> {
        let path = format!("report_specs/{folder}");
        self.files.iter().filter(move |f| f.name.starts_with(&path))
    }

    pub fn all(&self) -> &[SpecFile] {
        &self.files
    }
}

impl SpecFile {
    /// Reads the file into its raw form; an unknown key is refused with its line and the valid keys.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, SpecError> {
        T::deserialize(toml::Deserializer::parse(&self.text).map_err(|e| self.toml_error(&e))?)
            .map_err(|e| self.toml_error(&e))
    }

    fn toml_error(&self, error: &toml::de::Error) -> SpecError {
        SpecError::new(self, error.span(), error.message().to_owned())
    }

    /// A date that a word of this file says.
    pub fn date(&self, word: &Spanned<String>) -> Result<NaiveDate, SpecError> {
        let message = || format!("`{}` is no date; write e.g. \"2026-10-31\"", word.get_ref());
        word.get_ref().parse().map_err(|_| self.error_at(word, message()))
    }

    /// The dates that words of this file say.
    pub fn dates<C: FromIterator<NaiveDate>>(&self, words: &[Spanned<String>]) -> Result<C, SpecError> {
        words.iter().map(|word| self.date(word)).collect()
    }

    /// An error at a word of this file, with the words that would be valid.
    pub fn wrong_word(&self, word: &Spanned<String>, what: &str, valid: &[&str]) -> SpecError {
        SpecError::unknown_word(self, word.span(), word.get_ref(), what, valid)
    }

    /// An error at a word of this file.
    pub fn error_at<T>(&self, word: &Spanned<T>, message: impl Into<String>) -> SpecError {
        SpecError::new(self, Some(word.span()), message.into())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Probe {
        #[allow(dead_code)]
        columns: std::collections::BTreeMap<Spanned<String>, i64>,
    }

    fn file(text: &str) -> SpecFile {
        SpecFile { name: "x.toml".into(), text: text.into(), of_shop: true }
    }

    #[test]
    fn a_misspelt_key_is_refused_with_its_line() {
        let error = file("\ncolums = 1\n").read::<Probe>().unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.message.contains("colums") && error.message.contains("columns"), "{error}");
    }

    #[test]
    fn keys_of_a_map_know_their_place() {
        let probe: Probe = file("[columns]\na = 1\nbb = 2\n").read().unwrap();
        let spans: Vec<_> = probe.columns.keys().map(|k| k.span()).collect();
        assert_eq!(spans, [10..11, 16..18]);
    }
}
