//! The sections of `hesuan.toml` on the run itself: `[run]`.

use std::time::Duration;

use serde::Deserialize;

use crate::spec::{Spanned, SpecError, SpecFile};

/// How long a run waits, where the shop does not say.
const SETTLE: u64 = 2;
/// Days within which dates that were never made are made, where the shop does not say.
const CATCH_UP: u64 = 31;
/// Nobody wants a run to wait longer than an hour.
const LONGEST: u64 = 3600;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct RawRun {
    settle: Option<Spanned<u64>>,
    catch_up: Option<u32>,
}

/// How a run goes about its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunTerms {
    /// Files of the inbox that changed within this time are waited for, once and no longer; zero: never.
    pub settle: Duration,
    /// Days back from the newest date within which dates that were never made are made by a run without a date.
    pub catch_up: u64,
}

impl Default for RunTerms {
    fn default() -> Self {
        RunTerms { settle: Duration::from_secs(SETTLE), catch_up: CATCH_UP }
    }
}

impl RawRun {
    pub fn checked(self, file: &SpecFile) -> Result<RunTerms, SpecError> {
        let settle = match &self.settle {
            None => SETTLE,
            Some(word) if *word.get_ref() <= LONGEST => *word.get_ref(),
            Some(word) => {
                let said = format!("`{}` is no time to wait; write 0 to {LONGEST} seconds", word.get_ref());
                return Err(SpecError::new(file, Some(word.span()), said));
            }
        };
        Ok(RunTerms { settle: Duration::from_secs(settle), catch_up: self.catch_up.map_or(CATCH_UP, u64::from) })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::spec::SpecFile;

    fn seconds(more: &str) -> Option<u64> {
        let text = format!("[store]\ncode = \"S01\"\n{more}");
        let file = SpecFile { name: "hesuan.toml".into(), text, of_shop: true };
        Config::parse(&file, &[], Default::default()).ok().map(|config| config.run.settle.as_secs())
    }

    #[test]
    fn a_run_waits_two_seconds_unless_the_shop_says_otherwise() {
        assert_eq!(seconds(""), Some(2));
        assert_eq!(seconds("[run]\nsettle = 0\n"), Some(0));
        assert_eq!(seconds("[run]\nsettle = 3601\n"), None);
        assert_eq!(seconds("[run]\nsettle = -1\n"), None);
    }
}
