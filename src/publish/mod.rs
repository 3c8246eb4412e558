//! Publishing: a date's folder appears whole or not at all; equal facts change no byte.

mod folder;
mod lists;
mod manifest;
pub mod rights;

pub use folder::{Files, MANIFEST, PublishError, Published, Steps, publish, revision_of, sweep};
pub use lists::{exceptions, findings};
pub use manifest::{Facts, ReportEntry, changes, manifest};
