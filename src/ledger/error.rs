//! Why the ledger cannot be used.

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("ledger: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("ledger: {0}")]
    Io(#[from] std::io::Error),
    #[error("the ledger has schema version {found}, this program knows {known}: use a newer hesuan")]
    Newer { found: i64, known: i64 },
}

impl LedgerError {
    /// Disk full or not writable: nothing was committed.
    pub fn is_disk(&self) -> bool {
        use rusqlite::ErrorCode::{CannotOpen, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure};
        match self {
            LedgerError::Sqlite(error) => error
                .sqlite_error_code()
                .is_some_and(|c| matches!(c, DiskFull | ReadOnly | PermissionDenied | CannotOpen | SystemIoFailure)),
            LedgerError::Io(_) => true,
            LedgerError::Newer { .. } => false,
        }
    }
}
