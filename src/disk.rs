//! The calls that change the disk: one way for each, so that a test build can end or fail at any of them.
//!
//! Without the feature `failures`, which no program for a shop is built with, each is the call of the standard library
//! and nothing else. With it, `HESUAN_FAILS` says what happens at which call, counted from 1: `kill@7` ends the process,
//! `enospc@7` and `eio@7` fail that call as a full or a broken disk does; `HESUAN_CALLS` names a file to which the
//! number of calls is written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

#[cfg(not(feature = "failures"))]
const fn call() -> io::Result<()> {
    Ok(())
}

#[cfg(feature = "failures")]
fn call() -> io::Result<()> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let number = CALLS.fetch_add(1, Ordering::SeqCst) + 1;
    if let Some(path) = std::env::var_os("HESUAN_CALLS") {
        fs::write(path, number.to_string())?;
    }
    let Some((what, at)) = std::env::var("HESUAN_FAILS").ok().and_then(|word| {
        let (what, at) = word.split_once('@')?;
        Some((what.to_owned(), at.parse::<u64>().ok()?))
    }) else {
        return Ok(());
    };
    match what.as_str() {
        _ if at != number => Ok(()),
        "enospc" => Err(io::Error::from_raw_os_error(28)),
        "eio" => Err(io::Error::from_raw_os_error(5)),
        _ => std::process::abort(),
    }
}

/// A transaction is about to be committed by the database.
pub fn commit() -> io::Result<()> {
    call()
}

pub fn create(path: &Path) -> io::Result<File> {
    call()?;
    File::create(path)
}

pub fn write(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    call()?;
    file.write_all(bytes)
}

/// Makes what was written into a file durable.
pub fn sync(file: &File) -> io::Result<()> {
    call()?;
    file.sync_all()
}

/// Makes names in a folder durable.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    call()?;
    File::open(folder)?.sync_all()
}

/// Makes everything on the disk of a folder durable, with one call for many small files.
pub fn sync_disk(folder: &Path) -> io::Result<()> {
    call()?;
    rustix::fs::syncfs(File::open(folder)?).map_err(io::Error::from)
}

pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    call()?;
    fs::rename(from, to)
}

/// Swaps two folders in one step, where the file system can.
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    call()?;
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

pub fn create_dir(path: &Path) -> io::Result<()> {
    call()?;
    fs::create_dir(path)
}

pub fn create_dir_all(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    call()?;
    fs::create_dir_all(path)
}

pub fn remove_dir_all(path: &Path) -> io::Result<()> {
    call()?;
    fs::remove_dir_all(path)
}

/// Removes a file; one that is not there is gone, too.
pub fn remove_file(path: &Path) -> io::Result<()> {
    call()?;
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A whole file under its name: written beside it, made durable, renamed.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    let mut file = create(&part)?;
    write(&mut file, bytes)?;
    sync(&file)?;
    rename(&part, path)
}
