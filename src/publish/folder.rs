//! The folder of a reporting date: staged beside the others, synced, the manifest last, one rename.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::rights;
use crate::disk;
use crate::ledger::hash_of;

/// Name and bytes of every file of a folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The manifest is written last: a folder without it was never finished.
pub const MANIFEST: &str = "manifest.json";

/// Says what changed against the revision before; not part of what makes two revisions equal.
pub const CHANGES: &str = "changes.json";

/// Former revisions: `reports/.revisions/2026-10-31/1`.
const FORMER: &str = ".revisions";

const STAGING: &str = ".staging-";

/// Files of every folder beside its workbooks.
const LISTS: [&str; 4] = [MANIFEST, CHANGES, "exceptions.csv", "findings.csv"];

/// A folder that cannot be written: nothing new is published.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {error}")]
pub struct PublishError {
    pub path: PathBuf,
    pub error: io::Error,
}

/// What became of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// Every byte stood there already.
    Unchanged {
        revision: i64,
    },
    /// The revision had been published, but its folder was gone or edited: it stands again as it was.
    Restored {
        revision: i64,
    },
    New {
        revision: i64,
    },
}

/// The newest revision of a date, as the ledger has it.
#[derive(Debug, Clone)]
pub struct Standing {
    pub revision: i64,
    pub manifest_sha256: String,
    /// Hash of each file by its name; empty where a program of before did not write it down.
    pub files: BTreeMap<String, String>,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> PublishError + '_ {
    move |error| PublishError { path: path.to_path_buf(), error }
}

/// The revision of a folder and its manifest, where there is one.
fn manifest_in(folder: &Path) -> Option<(i64, Value)> {
    let text = fs::read(folder.join(MANIFEST)).ok()?;
    let manifest: Value = serde_json::from_slice(&text).ok()?;
    Some((manifest.get("revision")?.as_i64()?, manifest))
}

/// What a publication asks of its caller.
pub struct Steps<'a> {
    /// The newest revision that the ledger knows of.
    pub standing: Option<&'a Standing>,
    /// The number of the next one.
    pub next: i64,
    /// The files of a revision.
    pub make: &'a mut dyn FnMut(i64) -> Files,
    /// What changed against the former manifest, as the bytes of `changes.json`.
    pub changes: &'a dyn Fn(&Value, &Files) -> Vec<u8>,
    /// Called when everything is staged and synced, before the folder takes its name; `false` stops the publication.
    pub before_rename: &'a mut dyn FnMut(i64, &Files) -> bool,
}

/// Publishes the files of a revision. Where the folder holds these very bytes, nothing is touched; where it holds others
/// though the ledger says that these were published, they are put back. What people left in the folder stays.
pub fn publish(reports: &Path, date: &str, steps: Steps<'_>) -> Result<Published, PublishError> {
    let Steps { standing, next, make, changes, before_rename } = steps;
    let folder = reports.join(date);
    if let Some(standing) = standing {
        let files = make(standing.revision);
        if files.get(MANIFEST).map(|bytes| hash_of(bytes)).as_ref() == Some(&standing.manifest_sha256) {
            let revision = standing.revision;
            before_rename(revision, &files);
            if holds(&folder, &files) {
                return Ok(Published::Unchanged { revision });
            }
            restore(reports, date, files, standing, changes)?;
            return Ok(Published::Restored { revision });
        }
    }
    let mut files = make(next);
    if let Some(standing) = standing {
        let former = manifest_in(&folder).map_or(Value::Null, |(_, manifest)| manifest);
        let bytes = changes(&former, &files);
        files.insert(CHANGES.to_owned(), bytes);
        tracing::debug!(date, former = standing.revision, next, "a new revision");
    }
    let staging = stage(reports, date, &files)?;
    if !before_rename(next, &files) {
        disk::remove_dir_all(&staging).map_err(at(&staging))?;
        return Ok(Published::Unchanged { revision: standing.map_or(next, |s| s.revision) });
    }
    replace(reports, date, &staging, standing.map(|s| s.revision))?;
    Ok(Published::New { revision: next })
}

/// Puts a revision back that was published and is gone or edited; what was edited is kept aside.
fn restore(
    reports: &Path,
    date: &str,
    mut files: Files,
    standing: &Standing,
    changes: &dyn Fn(&Value, &Files) -> Vec<u8>,
) -> Result<(), PublishError> {
    let before = reports.join(FORMER).join(date).join((standing.revision - 1).to_string());
    if let (Some(sha256), Some((_, former))) = (standing.files.get(CHANGES), manifest_in(&before)) {
        let bytes = changes(&former, &files);
        if hash_of(&bytes) == *sha256 {
            files.insert(CHANGES.to_owned(), bytes);
        }
    }
    let staging = stage(reports, date, &files)?;
    let folder = reports.join(date);
    if !folder.exists() {
        disk::rename(&staging, &folder).map_err(at(&folder))?;
        return sync_folder(reports);
    }
    exchange(&staging, &folder)?;
    sync_folder(reports)?;
    bring_strangers(&staging, &folder, &files)?;
    let aside = free_name(reports, date, &format!("{}-edited", standing.revision))?;
    disk::rename(&staging, &aside).map_err(at(&aside))?;
    sync_folder(reports)
}

/// A name beside the former revisions of a date that nothing has yet.
fn free_name(reports: &Path, date: &str, name: &str) -> Result<PathBuf, PublishError> {
    let folder = reports.join(FORMER).join(date);
    disk::create_dir_all(&folder).map_err(at(&folder))?;
    for made in [&reports.join(FORMER), &folder] {
        rights::follow(reports, made).map_err(at(made))?;
    }
    let mut names = std::iter::once(folder.join(name)).chain((2..).map(|n| folder.join(format!("{name}-{n}"))));
    Ok(names.find(|path| !path.exists()).unwrap_or_else(|| folder.join(name)))
}

/// Whether a folder holds these files, byte for byte. What else people and their programs leave there is not ours.
fn holds(folder: &Path, files: &Files) -> bool {
    files.iter().all(|(name, bytes)| fs::read(folder.join(name)).is_ok_and(|b| b == *bytes))
}

/// Moves what is not ours from a former folder into the one that took its place.
fn bring_strangers(from: &Path, to: &Path, files: &Files) -> Result<(), PublishError> {
    let ours = manifest_in(from).map(|(_, manifest)| named_in(&manifest)).unwrap_or_default();
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = ours.contains(&name) || files.contains_key(&name) || LISTS.contains(&name.as_str());
        let target = to.join(entry.file_name());
        if !is_ours && !target.exists() {
            disk::rename(&entry.path(), &target).map_err(at(&target))?;
        }
    }
    Ok(())
}

/// Names of the workbooks that a manifest names.
fn named_in(manifest: &Value) -> Vec<String> {
    let reports = manifest["reports"].as_array().map_or(&[][..], Vec::as_slice);
    reports.iter().filter_map(|report| report["file"].as_str().map(str::to_owned)).collect()
}

/// Writes all files into a fresh folder beside the others, each synced, the manifest last.
fn stage(reports: &Path, date: &str, files: &Files) -> Result<PathBuf, PublishError> {
    rights::make(reports).map_err(at(reports))?;
    let staging = reports.join(format!("{STAGING}{date}-{}", std::process::id()));
    if staging.exists() {
        disk::remove_dir_all(&staging).map_err(at(&staging))?;
    }
    let follow = || rights::follow(reports, &staging).map_err(at(&staging));
    let written = write_all(&staging, files).and_then(|()| follow());
    if written.is_err() {
        // What is left would only take room on a disk that may be full; the next start sweeps it if this fails too.
        let _ = disk::remove_dir_all(&staging);
    }
    written.map(|()| staging)
}

fn write_all(staging: &Path, files: &Files) -> Result<(), PublishError> {
    disk::create_dir(staging).map_err(at(staging))?;
    let manifest_last = files.iter().filter(|(n, _)| *n != MANIFEST).chain(files.get_key_value(MANIFEST));
    for (name, bytes) in manifest_last {
        let path = staging.join(name);
        let write = || {
            let mut file = disk::create(&path)?;
            disk::write(&mut file, bytes)?;
            disk::sync(&file)
        };
        write().map_err(at(&path))?;
    }
    sync_folder(staging)
}

fn sync_folder(folder: &Path) -> Result<(), PublishError> {
    disk::sync_folder(folder).map_err(at(folder))
}

/// One rename puts the new folder in place; the former one is kept under its revision.
fn replace(reports: &Path, date: &str, staging: &Path, former: Option<i64>) -> Result<(), PublishError> {
    let folder = reports.join(date);
    if !folder.exists() {
        disk::rename(staging, &folder).map_err(at(&folder))?;
        return sync_folder(reports);
    }
    exchange(staging, &folder)?;
    sync_folder(reports)?;
    bring_strangers(staging, &folder, &Files::new())?;
    // The former folder now lies under the staging name.
    keep_former(reports, date, staging, former)?;
    sync_folder(reports)
}

/// Swaps two folders in one step; where the file system cannot, in two renames with the former one kept aside.
fn exchange(staging: &Path, folder: &Path) -> Result<(), PublishError> {
    if disk::exchange(staging, folder).is_ok() {
        return Ok(());
    }
    let aside = staging.with_extension("former");
    disk::rename(folder, &aside).map_err(at(folder))?;
    if let Err(error) = disk::rename(staging, folder) {
        let _ = fs::rename(&aside, folder); // put back what stood there
        return Err(PublishError { path: folder.to_path_buf(), error });
    }
    disk::rename(&aside, staging).map_err(at(&aside))
}

fn keep_former(reports: &Path, date: &str, lies_at: &Path, revision: Option<i64>) -> Result<(), PublishError> {
    // A folder that the ledger knows nothing of was made by somebody else: it is kept too.
    let name = revision.map_or_else(|| "unknown".to_owned(), |revision| revision.to_string());
    let kept = free_name(reports, date, &name)?;
    disk::rename(lies_at, &kept).map_err(at(&kept))
}

/// Where a former revision of a date is kept.
pub fn kept(reports: &Path, date: &str, revision: i64) -> PathBuf {
    reports.join(FORMER).join(date).join(revision.to_string())
}

/// Whether a folder holds the manifest with this hash.
pub fn holds_manifest(folder: &Path, sha256: &str) -> bool {
    fs::read(folder.join(MANIFEST)).is_ok_and(|bytes| hash_of(&bytes) == sha256)
}

/// Files of a published folder that are not there or do not have the hash that was written down; `changes.json` may be
/// missing, it tells only how the folder came about.
pub fn changed_files(folder: &Path, hashes: &BTreeMap<String, String>) -> Vec<String> {
    let is_wrong = |(name, sha256): &(&String, &String)| match fs::read(folder.join(name)) {
        Ok(bytes) => hash_of(&bytes) != **sha256,
        Err(_) => name.as_str() != CHANGES,
    };
    hashes.iter().filter(is_wrong).map(|(name, _)| name.clone()).collect()
}

/// Takes the folder of a date away: it is kept beside its former revisions.
pub fn take_back(reports: &Path, date: &str, revision: i64) -> Result<(), PublishError> {
    let folder = reports.join(date);
    if folder.exists() {
        keep_former(reports, date, &folder, Some(revision))?;
        sync_folder(reports)?;
    }
    Ok(())
}

/// Ends what a killed run began. A staged folder that the ledger has written down takes its name (`is_recorded` knows the
/// hash of the newest manifest of a date); one that it does not know goes; a former revision that was not put away yet is.
pub fn sweep(reports: &Path, is_recorded: &dyn Fn(&str, &str) -> bool) -> Result<(), PublishError> {
    let Ok(entries) = fs::read_dir(reports) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(rest) = name.strip_prefix(STAGING) else { continue };
        let path = entry.path();
        let date = rest.get(..10).unwrap_or(rest);
        let folder = reports.join(date);
        let is_newest =
            |folder: &Path| fs::read(folder.join(MANIFEST)).is_ok_and(|bytes| is_recorded(date, &hash_of(&bytes)));
        let (left, current) = (manifest_in(&path).map(|(r, _)| r), manifest_in(&folder).map(|(r, _)| r));
        if is_newest(&path) && !is_newest(&folder) {
            replace(reports, date, &path, current)?;
            continue;
        }
        // What people left there was not moved yet.
        if left.is_some() && current.is_some() {
            bring_strangers(&path, &folder, &Files::new())?;
        }
        match (left, current) {
            // Moved aside by a run that died before the new folder took its name.
            (Some(_), None) if name.ends_with(".former") => {
                disk::rename(&path, &folder).map_err(at(&path))?;
            }
            (Some(left), Some(current)) if left < current => keep_former(reports, date, &path, Some(left))?,
            _ => disk::remove_dir_all(&path).map_err(at(&path))?,
        }
    }
    Ok(())
}
