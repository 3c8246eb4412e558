//! The archive of exports: every file taken, byte for byte, under its content hash.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::LedgerError;
use crate::disk;

/// The folder `ledger/archive`.
pub struct Archive {
    /// Where files are kept.
    folder: PathBuf,
    /// Where files of earlier runs lie: the same folder, but on a dry run.
    held: PathBuf,
    /// Where a file may lie once more, should the archive's copy be damaged: below these folders under its name.
    spares: Vec<PathBuf>,
}

impl Archive {
    pub fn open(ledger: &Path) -> Result<Archive, LedgerError> {
        let folder = ledger.join("archive");
        disk::create_dir_all(&folder).map_err(LedgerError::at(&folder))?;
        Ok(Archive { held: folder.clone(), folder, spares: Vec::new() })
    }

    /// For a dry run: reads what the ledger's archive holds, keeps what is new in a folder that goes away.
    pub fn open_over(ledger: &Path, scratch: &Path) -> Result<Archive, LedgerError> {
        let over = Archive::open(scratch)?;
        Ok(Archive { held: ledger.join("archive"), ..over })
    }

    /// To look at an archive: nothing is made where there is none.
    pub fn look_at(ledger: &Path) -> Archive {
        let folder = ledger.join("archive");
        Archive { held: folder.clone(), folder, spares: Vec::new() }
    }

    /// Folders in which a file may lie under its name: the inbox, a backup.
    pub fn with_spares(self, spares: Vec<PathBuf>) -> Archive {
        Archive { spares, ..self }
    }

    /// Where the file with this hash lies.
    pub fn path(&self, sha256: &str) -> PathBuf {
        let held = place(&self.held, sha256);
        if held.exists() { held } else { place(&self.folder, sha256) }
    }

    /// Whether the file is there and says what was taken.
    pub fn is_sound(&self, sha256: &str) -> bool {
        fs::read(self.path(sha256)).is_ok_and(|bytes| hash_of(&bytes) == sha256)
    }

    /// Where the file lies, its bytes held against their hash; brought back from another place where they do not fit.
    ///
    /// # Errors
    /// Where no copy is sound: the file is lost.
    pub fn sound(&self, sha256: &str, name: &str) -> Result<PathBuf, LedgerError> {
        if self.is_sound(sha256) {
            return Ok(self.path(sha256));
        }
        let spares = self.spares.iter().flat_map(|folder| [folder.join(name), place(&folder.join("archive"), sha256)]);
        let copy = spares.filter_map(|path| fs::read(path).ok()).find(|bytes| hash_of(bytes) == sha256);
        let bytes = copy.ok_or_else(|| LedgerError::Archive { name: name.to_owned(), sha256: sha256.to_owned() })?;
        tracing::warn!(name, sha256, "the archive's copy was damaged or gone; brought back from another place");
        self.write(&self.path(sha256), &bytes)?;
        self.sync()?;
        Ok(self.path(sha256))
    }

    /// Keeps the bytes under their hash. Not yet durable: call [`Archive::sync`] before the ledger commits.
    pub fn keep(&self, sha256: &str, bytes: &[u8]) -> Result<PathBuf, LedgerError> {
        if self.is_sound(sha256) {
            return Ok(self.path(sha256));
        }
        let path = place(&self.folder, sha256);
        self.write(&path, bytes)?;
        Ok(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
        let temporary = path.with_extension("part");
        let write = || {
            disk::create_dir_all(path.parent().unwrap_or(&self.folder))?;
            disk::write(&mut disk::create(&temporary)?, bytes)?;
            disk::rename(&temporary, path)
        };
        write().map_err(LedgerError::at(path))
    }

    /// Makes everything kept so far durable, with one call for many small files.
    pub fn sync(&self) -> Result<(), LedgerError> {
        disk::sync_disk(&self.folder).map_err(LedgerError::at(&self.folder))
    }
}

fn place(folder: &Path, sha256: &str) -> PathBuf {
    folder.join(sha256.get(..2).unwrap_or(sha256)).join(sha256)
}

/// The content hash that names a file: SHA-256 in hex, as `sha256sum` prints it.
pub fn hash_of(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}"); // a string always takes it
    }
    text
}
