//! Who may read the reports: whatever is made below `reports/` takes the mode and the group of that folder.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

/// The folder `reports/` of a new shop: its owner writes, its group reads.
const NEW: u32 = 0o750;

/// Makes `reports/` where it is not there yet.
pub fn make(reports: &Path) -> io::Result<()> {
    if reports.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(reports)?;
    fs::set_permissions(reports, fs::Permissions::from_mode(NEW))
}

/// Gives a folder below `reports/`, and the files in it, the mode and the group of `reports/`.
pub fn follow(reports: &Path, folder: &Path) -> io::Result<()> {
    let known = fs::metadata(reports)?;
    let mode = known.permissions().mode() & 0o7777;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            give(&entry.path(), mode & 0o666, known.gid())?;
        }
    }
    give(folder, mode, known.gid())
}

fn give(path: &Path, mode: u32, group: u32) -> io::Result<()> {
    if fs::metadata(path)?.gid() != group {
        // Only who is in that group may give files to it.
        as_far_as_allowed(chown(path, None, Some(group)))?;
    }
    // After the group: a change of it may take bits away.
    as_far_as_allowed(fs::set_permissions(path, fs::Permissions::from_mode(mode)))
}

/// Shares of other systems know no modes: there the share itself says who may read.
fn as_far_as_allowed(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modes(reports: &Path) -> [u32; 2] {
        let folder = reports.join("2026-10-31");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("a.csv"), "x").unwrap();
        follow(reports, &folder).unwrap();
        [folder.clone(), folder.join("a.csv")].map(|path| fs::metadata(path).unwrap().permissions().mode() & 0o7777)
    }

    #[test]
    fn new_reports_are_for_owner_and_group_and_others_follow_their_folder() {
        let shop = tempfile::tempdir().unwrap();
        let reports = shop.path().join("new");
        make(&reports).unwrap();
        assert_eq!(modes(&reports), [0o750, 0o640]);
        let reports = shop.path().join("shared");
        fs::create_dir(&reports).unwrap();
        fs::set_permissions(&reports, fs::Permissions::from_mode(0o2775)).unwrap();
        make(&reports).unwrap();
        assert_eq!(modes(&reports), [0o2775, 0o664]);
    }
}
