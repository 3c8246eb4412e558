//! A date's files put in place, and what became of it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{Books, DateOutcome, RunError, Shop};
use crate::ledger::{LedgerError, Published, hash_of};
use crate::publish::{self, Files};

/// A manifest without its revision.
pub(super) type Manifest = serde_json::Map<String, serde_json::Value>;

/// The manifest of a revision, as it is written.
pub(super) fn bytes_of(mut manifest: Manifest, revision: i64) -> Vec<u8> {
    manifest.insert("revision".to_owned(), revision.into());
    let mut bytes = serde_json::to_vec_pretty(&manifest).unwrap_or_default(); // a map of JSON values
    bytes.push(b'\n');
    bytes
}

/// Puts the folder in place and says what became of it.
pub(super) fn put(
    shop: &Shop,
    books: &Books<'_>,
    files: &mut Files,
    manifest: Manifest,
    draft: &Published,
    record: &mut dyn FnMut(&Published) -> Result<(), LedgerError>,
    outcome: &mut DateOutcome,
) -> Result<(), RunError> {
    let mut make = |revision: i64| {
        files.insert(publish::MANIFEST.to_owned(), bytes_of(manifest.clone(), revision));
        files.clone()
    };
    let changed: RefCell<Vec<String>> = RefCell::default();
    let changes = |former: &serde_json::Value, files: &Files| {
        let (bytes, lines) = publish::changes(former, files);
        changed.replace(lines);
        bytes
    };
    let as_of = outcome.as_of;
    let mut failure = None;
    // Also where nothing changed: a run may have died between its rename and its record.
    let mut before = |revision: i64, files: &Files| {
        let hashes: BTreeMap<String, String> = files.iter().map(|(name, b)| (name.clone(), hash_of(b))).collect();
        let manifest_sha256 = hashes.get(publish::MANIFEST).cloned().unwrap_or_default();
        let published = Published { revision, manifest_sha256, files: hashes, ..draft.clone() };
        record(&published).map_err(|error| failure = Some(error)).is_ok()
    };
    let standing = books.standing(as_of);
    let steps = publish::Steps {
        standing: standing.as_ref(),
        next: books.next_revision(as_of),
        make: &mut make,
        changes: &changes,
        before_rename: &mut before,
    };
    let published = publish::publish(&shop.reports, &as_of.to_string(), steps);
    if let Some(error) = failure {
        return Err(error.into());
    }
    outcome.changed = changed.into_inner();
    (outcome.revision, outcome.published) = match published? {
        publish::Published::Unchanged { revision } => (revision, false),
        publish::Published::New { revision } | publish::Published::Restored { revision } => (revision, true),
    };
    Ok(())
}
