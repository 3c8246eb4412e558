//! The archive of exports: every file taken, byte for byte, under its content hash.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The folder `ledger/archive`.
pub struct Archive {
    /// Where files are kept.
    folder: PathBuf,
    /// Where files of earlier runs lie: the same folder, but on a dry run.
    held: PathBuf,
}

impl Archive {
    pub fn open(ledger: &Path) -> io::Result<Archive> {
        let folder = ledger.join("archive");
        fs::create_dir_all(&folder)?;
        Ok(Archive { held: folder.clone(), folder })
    }

    /// For a dry run: reads what the ledger's archive holds, keeps what is new in a folder that goes away.
    pub fn open_over(ledger: &Path, scratch: &Path) -> io::Result<Archive> {
        let over = Archive::open(scratch)?;
        Ok(Archive { held: ledger.join("archive"), ..over })
    }

    /// Where the file with this hash lies.
    pub fn path(&self, sha256: &str) -> PathBuf {
        let place = |folder: &Path| folder.join(&sha256[..2]).join(sha256);
        let held = place(&self.held);
        if held.exists() { held } else { place(&self.folder) }
    }

    /// Keeps the bytes under their hash. Not yet durable: call [`Archive::sync`] before the ledger commits.
    pub fn keep(&self, sha256: &str, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.path(sha256);
        // A file of that name and size was written whole: it got its name by a rename.
        if fs::metadata(&path).is_ok_and(|m| m.len() == bytes.len() as u64) {
            return Ok(path);
        }
        fs::create_dir_all(self.folder.join(&sha256[..2]))?;
        let temporary = path.with_extension("part");
        File::create(&temporary)?.write_all(bytes)?;
        fs::rename(&temporary, &path)?;
        Ok(path)
    }

    /// Makes everything kept so far durable, with one call for many small files.
    pub fn sync(&self) -> io::Result<()> {
        rustix::fs::syncfs(File::open(&self.folder)?).map_err(io::Error::from)
    }
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
