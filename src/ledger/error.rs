//! Why the ledger cannot be used.

use std::io;
use std::path::{Path, PathBuf};

/// Why the ledger cannot be used. Each says what to do where a person can do something.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("ledger/ledger.db: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{path}: {error}")]
    Io { path: PathBuf, error: io::Error },
    #[error("ledger/ledger.db has schema version {found}, this program knows {known}: use a newer hesuan")]
    Newer { found: i64, known: i64 },
    #[error("ledger/ledger.db was written by an older hesuan: `hesuan run SHOP` takes it over")]
    Older,
    #[error(
        "ledger/ledger.db is missing or empty, but {0}: this is no new shop. `hesuan rebuild SHOP` makes it anew from \
         archive and log, `hesuan restore SHOP FROM` from a backup; nothing was published"
    )]
    Lost(String),
    #[error(
        "ledger/ledger.db is damaged ({0}): `hesuan rebuild SHOP` makes it anew from archive and log; nothing was published"
    )]
    Damaged(String),
    #[error(
        "ledger/journal.log and ledger/ledger.db do not tell the same ({0}): `hesuan restore SHOP FROM` brings the log back \
         from a backup, `hesuan rebuild SHOP` goes by the log as it is; nothing was published"
    )]
    Journal(String),
    #[error(
        "ledger/archive: {name} ({sha256}) is not what was taken, and no other copy is at hand: put the export into the \
         inbox again under its name, or bring ledger/archive back from a backup"
    )]
    Archive { name: String, sha256: String },
    #[error("{0} is no file that was taken: give its name below inbox/")]
    NoSuchFile(String),
    #[error("{file} belongs to the closed month {month}: reopen it first")]
    Closed { file: String, month: String },
}

impl LedgerError {
    /// For a failing call: which path it was about.
    pub fn at(path: &Path) -> impl FnOnce(io::Error) -> LedgerError + '_ {
        move |error| LedgerError::Io { path: path.to_path_buf(), error }
    }

    /// Disk full or not writable: nothing was committed.
    pub fn is_disk(&self) -> bool {
        use rusqlite::ErrorCode::{
            CannotOpen, DiskFull, OutOfMemory, PermissionDenied, ReadOnly, SystemIoFailure, TooBig,
        };
        match self {
            LedgerError::Sqlite(error) => error.sqlite_error_code().is_some_and(|c| {
                matches!(
                    c,
                    DiskFull | ReadOnly | PermissionDenied | CannotOpen | SystemIoFailure | OutOfMemory | TooBig
                )
            }),
            LedgerError::Io { .. } => true,
            _ => false,
        }
    }

    /// The exit code of DESIGN section 3.
    pub fn exit_code(&self) -> u8 {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match self {
            LedgerError::Sqlite(error)
                if error.sqlite_error_code().is_some_and(|c| matches!(c, DatabaseCorrupt | NotADatabase)) =>
            {
                2
            }
            LedgerError::Sqlite(_) | LedgerError::Io { .. } if self.is_disk() => 74,
            LedgerError::Sqlite(_) | LedgerError::Io { .. } => 1,
            _ => 2,
        }
    }
}
