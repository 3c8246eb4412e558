//! The section `[files]` of `hesuan.toml`: who may read what hesuan writes.

use serde::Deserialize;

use crate::spec::{Spanned, SpecError, SpecFile};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawFiles {
    ledger: Option<Spanned<String>>,
    reports: Option<Spanned<String>>,
}

/// Modes of files; folders can be entered by whoever may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Modes {
    /// Of the ledger, the archive, the log and backups.
    pub ledger: u32,
    /// Of reports; `None`: as the folder `reports/` says.
    pub reports: Option<u32>,
}

impl Default for Modes {
    fn default() -> Self {
        Modes { ledger: 0o600, reports: None }
    }
}

impl RawFiles {
    pub fn checked(self, file: &SpecFile) -> Result<Modes, SpecError> {
        let ledger = self.ledger.as_ref().map(|word| mode(file, word)).transpose()?;
        let reports = self.reports.as_ref().map(|word| mode(file, word)).transpose()?;
        Ok(Modes { ledger: ledger.unwrap_or(Modes::default().ledger), reports })
    }
}

/// `"0640"`: the owner reads and writes, nobody executes.
fn mode(file: &SpecFile, word: &Spanned<String>) -> Result<u32, SpecError> {
    let mode = u32::from_str_radix(word.get_ref(), 8).ok().filter(|_| word.get_ref().len() <= 4);
    mode.filter(|mode| mode & 0o600 == 0o600 && mode & !0o666 == 0).ok_or_else(|| {
        let said = format!("`{}` is no mode of files; write \"0600\", \"0640\", \"0660\" or \"0644\"", word.get_ref());
        file.error_at(word, said)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn modes(more: &str) -> Option<Modes> {
        let text = format!("[store]\ncode = \"S01\"\n{more}");
        let file = SpecFile { name: "hesuan.toml".into(), text, of_shop: true };
        Config::parse(&file, &[], Default::default()).ok().map(|config| config.files)
    }

    #[test]
    fn only_modes_of_plain_files_are_taken() {
        assert_eq!(modes(""), Some(Modes { ledger: 0o600, reports: None }));
        let set = "[files]\nledger = \"0640\"\nreports = \"0644\"\n";
        assert_eq!(modes(set), Some(Modes { ledger: 0o640, reports: Some(0o644) }));
        for wrong in ["0755", "0400", "640x", "rw-r-----", "00640"] {
            assert_eq!(modes(&format!("[files]\nledger = \"{wrong}\"\n")), None, "{wrong}");
        }
    }
}
