//! The folder of a reporting date: staged beside the others, synced, the manifest last, one rename.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::rights;

/// Name and bytes of every file of a folder.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The manifest is written last: a folder without it was never finished.
pub const MANIFEST: &str = "manifest.json";

/// Says what changed against the revision before; not part of what makes two revisions equal.
const CHANGES: &str = "changes.json";

/// Former revisions: `reports/.revisions/2026-10-31/1`.
const FORMER: &str = ".revisions";

const STAGING: &str = ".staging-";

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
    New {
        revision: i64,
    },
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> PublishError + '_ {
    move |error| PublishError { path: path.to_path_buf(), error }
}

/// The revision of a date's folder and its manifest, where there is one.
pub fn revision_of(reports: &Path, date: &str) -> Option<(i64, serde_json::Value)> {
    let text = fs::read(reports.join(date).join(MANIFEST)).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&text).ok()?;
    Some((manifest.get("revision")?.as_i64()?, manifest))
}

/// What a publication asks of its caller.
pub struct Steps<'a> {
    /// The files of a revision.
    pub make: &'a mut dyn FnMut(i64) -> Files,
    /// What changed against the former manifest, as the bytes of `changes.json`.
    pub changes: &'a dyn Fn(&serde_json::Value, &Files) -> Vec<u8>,
    /// Called when everything is staged and synced, before the folder takes its name; `false` stops the publication.
    pub before_rename: &'a mut dyn FnMut(i64, &Files) -> bool,
}

/// Publishes the files of a revision. Where the folder holds these very bytes, nothing is touched.
pub fn publish(reports: &Path, date: &str, steps: Steps<'_>) -> Result<Published, PublishError> {
    let Steps { make, changes, before_rename } = steps;
    let former = revision_of(reports, date);
    let revision = former.as_ref().map_or(1, |(revision, _)| *revision);
    let mut files = make(revision);
    let folder = reports.join(date);
    if former.is_some() && holds(&folder, &files) {
        before_rename(revision, &files);
        return Ok(Published::Unchanged { revision });
    }
    let next = former.as_ref().map_or(1, |(revision, _)| revision + 1);
    if let Some((_, manifest)) = &former {
        files = make(next);
        let bytes = changes(manifest, &files);
        files.insert(CHANGES.to_owned(), bytes);
    }
    let staging = stage(reports, date, &files)?;
    if !before_rename(next, &files) {
        fs::remove_dir_all(&staging).map_err(at(&staging))?;
        return Ok(Published::Unchanged { revision });
    }
    replace(reports, date, &staging, former.map(|(revision, _)| revision))?;
    Ok(Published::New { revision: next })
}

/// Whether a folder holds exactly these files, byte for byte.
fn holds(folder: &Path, files: &Files) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let names = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned());
    let mut present: Vec<String> = names.filter(|n| n != CHANGES).collect();
    present.sort();
    present.iter().eq(files.keys())
        && files.iter().all(|(name, bytes)| fs::read(folder.join(name)).is_ok_and(|b| b == *bytes))
}

/// Writes all files into a fresh folder beside the others, each synced, the manifest last.
fn stage(reports: &Path, date: &str, files: &Files) -> Result<PathBuf, PublishError> {
    rights::make(reports).map_err(at(reports))?;
    let staging = reports.join(format!("{STAGING}{date}-{}", std::process::id()));
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(at(&staging))?;
    }
    let follow = || rights::follow(reports, &staging).map_err(at(&staging));
    let written = write_all(&staging, files).and_then(|()| follow());
    if written.is_err() {
        // What is left would only take room on a disk that may be full; the next start sweeps it if this fails too.
        let _ = fs::remove_dir_all(&staging);
    }
    written.map(|()| staging)
}

fn write_all(staging: &Path, files: &Files) -> Result<(), PublishError> {
    fs::create_dir(staging).map_err(at(staging))?;
    let manifest_last = files.iter().filter(|(n, _)| *n != MANIFEST).chain(files.get_key_value(MANIFEST));
    for (name, bytes) in manifest_last {
        let path = staging.join(name);
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(at(&path))?;
    }
    sync_folder(staging)
}

fn sync_folder(folder: &Path) -> Result<(), PublishError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder))
}

/// One rename puts the new folder in place; the former one is kept under its revision.
fn replace(reports: &Path, date: &str, staging: &Path, former: Option<i64>) -> Result<(), PublishError> {
    let folder = reports.join(date);
    if !folder.exists() {
        fs::rename(staging, &folder).map_err(at(&folder))?;
        return sync_folder(reports);
    }
    exchange(staging, &folder)?;
    sync_folder(reports)?;
    // The former folder now lies under the staging name.
    keep_former(reports, date, staging, former)?;
    sync_folder(reports)
}

/// Swaps two folders in one step; where the file system cannot, in two renames with the former one kept aside.
fn exchange(staging: &Path, folder: &Path) -> Result<(), PublishError> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    if renameat_with(CWD, staging, CWD, folder, RenameFlags::EXCHANGE).is_ok() {
        return Ok(());
    }
    let aside = staging.with_extension("former");
    fs::rename(folder, &aside).map_err(at(folder))?;
    if let Err(error) = fs::rename(staging, folder) {
        let _ = fs::rename(&aside, folder); // put back what stood there
        return Err(PublishError { path: folder.to_path_buf(), error });
    }
    fs::rename(&aside, staging).map_err(at(&aside))
}

fn keep_former(reports: &Path, date: &str, lies_at: &Path, revision: Option<i64>) -> Result<(), PublishError> {
    let Some(revision) = revision else { return fs::remove_dir_all(lies_at).map_err(at(lies_at)) };
    let folder = reports.join(FORMER).join(date);
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    for made in [&reports.join(FORMER), &folder] {
        rights::follow(reports, made).map_err(at(made))?;
    }
    let kept = folder.join(revision.to_string());
    if kept.exists() {
        return fs::remove_dir_all(lies_at).map_err(at(lies_at));
    }
    fs::rename(lies_at, &kept).map_err(at(&kept))
}

/// Clears what a killed run left: unfinished folders go, a former revision that was not put away yet is.
pub fn sweep(reports: &Path) -> Result<(), PublishError> {
    let Ok(entries) = fs::read_dir(reports) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(rest) = name.strip_prefix(STAGING) else { continue };
        let path = entry.path();
        let date = rest.get(..10).unwrap_or(rest);
        let left =
            fs::read(path.join(MANIFEST)).ok().and_then(|b| serde_json::from_slice::<serde_json::Value>(&b).ok());
        let left = left.and_then(|m| m.get("revision")?.as_i64());
        let current = revision_of(reports, date).map(|(revision, _)| revision);
        match (left, current) {
            // Moved aside by a run that died before the new folder took its name.
            (Some(_), None) if name.ends_with(".former") => {
                fs::rename(&path, reports.join(date)).map_err(at(&path))?;
            }
            (Some(left), Some(current)) if left < current => keep_former(reports, date, &path, Some(left))?,
            _ => fs::remove_dir_all(&path).map_err(at(&path))?,
        }
    }
    Ok(())
}
