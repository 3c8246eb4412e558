//! Dates that are left as they are: nothing has come since they were published that a report rests on.

use std::path::Path;

use chrono::NaiveDate;

use super::{Books, DateOutcome, Request, Shop};
use crate::ledger::Published;
use crate::publish;

/// What is said of a date that nothing has changed in; none where it must be counted.
///
/// Another program or other built-in specs change nothing that was published: only a file does, or the shop's own
/// settings and specs.
pub fn kept(shop: &Shop, books: &Books<'_>, as_of: NaiveDate, request: &Request) -> Option<DateOutcome> {
    let standing = books.standing.iter().rfind(|published| published.as_of == as_of)?;
    let no_entries = standing.entries == 0 && books.inbox.is_empty();
    let is_same = no_entries && standing.ended && standing.knows >= books.fact && standing.own == shop.own;
    let is_asked = request.tells_all && standing.made_by == shop.made_by;
    if !is_same || is_asked || request.dry_run || !request.reports.is_empty() || !is_whole(shop, standing) {
        return None;
    }
    let folder = shop.reports.join(as_of.to_string());
    let missing = if standing.files.is_empty() { said_missing(&folder) } else { standing.missing.clone() };
    let left = DateOutcome::untouched(as_of, folder, standing.revision);
    Some(DateOutcome { is_closed: false, is_kept: true, missing, ..left })
}

/// What the manifest of a program of before, which wrote it down nowhere else, says that it was incomplete for.
fn said_missing(folder: &Path) -> Vec<String> {
    let manifest = std::fs::read(folder.join(publish::MANIFEST)).unwrap_or_default();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap_or_default();
    let said = manifest["missing"].as_array().map_or(&[][..], Vec::as_slice);
    said.iter().filter_map(|what| what.as_str().map(str::to_owned)).collect()
}

/// Whether the folder still is what was published.
fn is_whole(shop: &Shop, standing: &Published) -> bool {
    let folder = shop.reports.join(standing.as_of.to_string());
    publish::holds_manifest(&folder, &standing.manifest_sha256)
        && publish::changed_files(&folder, &standing.files).is_empty()
}
