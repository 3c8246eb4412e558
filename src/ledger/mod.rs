//! The ledger: every file taken, every row of every table with its version and origin, what was reported.
//!
//! `archive/` holds the files byte for byte under their hash and is the truth; `ledger.db` (SQLite, WAL, full sync)
//! is derived from it and can be rebuilt. One transaction a run.

mod again;
mod ages;
mod apply;
mod archive;
mod arrivals;
mod bounds;
mod changes;
pub mod closes;
mod counted;
mod covers;
mod error;
pub mod facts;
mod files;
mod headings;
pub mod inbox;
pub mod intake;
mod journal;
#[cfg(test)]
mod late_tests;
mod open;
mod publications;
mod records;
mod repeats;
pub mod replay;
pub mod rights;
mod schema;
mod settled;
pub mod state;
mod store;
mod upgrade;
mod values;
mod version;

pub use archive::{Archive, hash_of};
pub use arrivals::Touch;
pub use bounds::TooLarge;
pub use changes::{Change, ChangeKind, changes};
pub use closes::{Close, Closed, ClosedItem};
pub use covers::Gone;
pub use error::LedgerError;
pub use facts::{History, State};
pub use files::{FileMeta, FileRecord, Ranked, SheetRecord, TableRecord};
pub use headings::SheetColumns;
pub use inbox::{Inbox, Settle};
pub use intake::{Reader, ReadingSpecs};
pub use journal::{Entry, Event, JOURNAL, Journal};
pub use open::Notice;
pub use publications::Published;
pub use state::{ClosedFiles, Moment, TableState};
pub use store::Ledger;
pub use version::Version;
