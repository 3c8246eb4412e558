//! Who may read the ledger: it holds customers' names, phones and plates.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::Mode;

/// What a folder of files with this mode must allow: whoever reads a file must get through.
pub fn of_folder(file: u32) -> u32 {
    file | (file & 0o444) >> 2
}

/// From now on this process makes files and folders that allow no more than `file`, and what lies in the ledger's folder
/// allows no more either. What belongs to another user stays as it is.
pub fn keep(folder: &Path, file: u32) -> io::Result<()> {
    rustix::process::umask(Mode::from_raw_mode(!of_folder(file) & 0o777));
    let known = fs::metadata(folder)?;
    // The folder last: as long as it is open, what is in it may be.
    if known.permissions().mode() & 0o777 == of_folder(file) {
        return Ok(());
    }
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                set(&entry.path(), of_folder(file))?;
                folders.push(entry.path());
            } else if kind.is_file() {
                set(&entry.path(), file)?;
            }
        }
    }
    set(folder, of_folder(file))
}

fn set(path: &Path, mode: u32) -> io::Result<()> {
    match fs::set_permissions(path, fs::Permissions::from_mode(mode)) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            tracing::warn!(path = %path.display(), "belongs to another user: its rights stay as they are");
            Ok(())
        }
        // A file that another command has just taken away, as SQLite does with its own.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_open_is_closed_and_stays_readable_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("ledger");
        fs::create_dir_all(ledger.join("archive/ab")).unwrap();
        let paths = ["ledger.db", "archive/ab/abc"].map(|name| ledger.join(name));
        for path in &paths {
            fs::write(path, "x").unwrap();
            set(path, 0o644).unwrap();
        }
        set(&ledger, 0o755).unwrap();
        keep(&ledger, 0o600).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(paths.each_ref().map(|path| mode(path)), [0o600; 2]);
        assert_eq!([mode(&ledger), mode(&ledger.join("archive/ab"))], [0o700; 2]);
        assert_eq!([0o600, 0o640, 0o660, 0o644].map(of_folder), [0o700, 0o750, 0o770, 0o755]);
    }
}
