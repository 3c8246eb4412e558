//! Publishing: a date's folder appears whole or not at all; equal facts change no byte.

mod folder;
mod lists;
mod manifest;
pub mod rights;

pub use folder::{
    CHANGES, Files, MANIFEST, PublishError, Published, Standing, Steps, changed_files, holds_manifest, kept, publish,
    sweep, take_back,
};
pub use lists::{exceptions, findings};
pub use manifest::{Facts, ReportEntry, changes, manifest};
