//! A shop folder as a command sees it: its settings and its specs, both checked.

use std::path::{Path, PathBuf};

use super::failure::{Failure, USAGE};
use crate::config::Config;
use crate::ledger::ReadingSpecs;
use crate::report::Catalogue;
use crate::spec::named::Named;
use crate::spec::{SpecFiles, folder};

/// The settings of a shop, the specs by which its exports are read and its catalogue of reports.
pub struct Shop {
    pub config: Config,
    pub specs: ReadingSpecs,
    pub catalogue: Catalogue,
}

impl Shop {
    pub fn load(path: &Path) -> Result<Shop, Failure> {
        let files = folder::load(path).map_err(|error| Failure::unreadable(path.display(), &error))?;
        let mut specs = ReadingSpecs::load(&files).map_err(|error| Failure::new(USAGE, error))?;
        let named = Named::load(&files).map_err(|error| Failure::new(USAGE, error))?;
        let config = Config::load(path, &specs.tables.ids(), named).map_err(|error| Failure::new(USAGE, error))?;
        specs.add_blanks(&config.blanks);
        let catalogue =
            Catalogue::load(&files, &specs.tables, &config.named).map_err(|error| Failure::new(USAGE, error))?;
        Ok(Shop { config, specs, catalogue })
    }
}

/// The built-in specs, for files that lie in no shop.
pub fn built_in() -> Result<ReadingSpecs, Failure> {
    ReadingSpecs::load(&SpecFiles::new(Vec::new())).map_err(|error| Failure::new(USAGE, error))
}

/// The built-in catalogue of reports, with the usual settings.
pub fn built_in_catalogue() -> Result<Catalogue, Failure> {
    let files = SpecFiles::new(Vec::new());
    let wrong = |error| Failure::new(USAGE, error);
    let named = Named::load(&files).map_err(wrong)?;
    Catalogue::load(&files, &built_in()?.tables, &named).map_err(wrong)
}

/// The shop that a path is or lies in.
pub fn around(path: &Path) -> Option<PathBuf> {
    let whole = std::path::absolute(path).ok()?;
    whole.ancestors().find(|folder| folder.join("hesuan.toml").is_file()).map(Path::to_path_buf)
}
