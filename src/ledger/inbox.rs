//! What lies in the inbox, each entry by itself: what is to be read, and what is said of the rest.
//!
//! Nothing here fails but for the inbox itself: an entry that cannot be taken is a finding, and the others are. Links are
//! not followed out of the inbox, and nothing over the limit on size is opened.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use rustix::fs::OFlags;

use crate::finding::{Code, Finding};
use crate::read::{self, Limits};

/// Folders in folders; deeper ones are told and left.
const DEEPEST: usize = 32;

/// The inbox at one moment.
#[derive(Debug, Default)]
pub struct Inbox {
    /// What is to be read, in order of name.
    pub files: Vec<Entry>,
    /// What is said of the rest; the file of each is the name below the inbox.
    pub findings: Vec<Finding>,
}

/// A file of the inbox.
#[derive(Debug, Clone)]
pub struct Entry {
    pub path: PathBuf,
    /// Path below the inbox, with `/`.
    pub name: String,
    stamp: Stamp,
}

/// What changes while somebody writes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    device: u64,
    number: u64,
    size: u64,
    /// Seconds and nanoseconds.
    modified: (i64, i64),
}

impl Stamp {
    fn of(known: &Metadata) -> Stamp {
        Stamp {
            device: known.dev(),
            number: known.ino(),
            size: known.size(),
            modified: (known.mtime(), known.mtime_nsec()),
        }
    }

    /// The time between its last change and `now`, whichever is later: a clock may be wrong.
    fn age(&self, now: SystemTime) -> Duration {
        let since = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default(); // before 1970: old
        let (seconds, nanos) = self.modified;
        let changed = Duration::new(u64::try_from(seconds).unwrap_or(0), u32::try_from(nanos).unwrap_or(0));
        since(now).abs_diff(changed)
    }
}

/// How long a run waits for files that may still be written.
#[derive(Debug, Clone, Copy)]
pub struct Settle {
    /// The moment of the run, by the clock of the file system.
    pub now: SystemTime,
    /// Files that have changed within this time are waited for, once and no longer; zero: never.
    pub time: Duration,
}

impl Inbox {
    /// Looks at the inbox.
    pub fn look(inbox: &Path, limits: &Limits) -> io::Result<Inbox> {
        let mut look = Look { root: fs::canonicalize(inbox)?, limits, found: Inbox::default(), folders: Vec::new() };
        look.folder(inbox, "", 0, fs::read_dir(inbox)?);
        while let Some((folder, prefix, depth)) = look.folders.pop() {
            match fs::read_dir(&folder) {
                Ok(entries) => look.folder(&folder, &prefix, depth, entries),
                Err(error) => look.tell(Code::EntryUnread, prefix.trim_end_matches('/'), &error.to_string()),
            }
        }
        Ok(look.found.ordered())
    }

    /// Looks at the inbox once nothing in it is younger than `settle`, or that time is over; what moved meanwhile, or
    /// came, is still being written and left for the next time.
    pub fn settled(inbox: &Path, limits: &Limits, settle: Settle) -> io::Result<Inbox> {
        let first = Inbox::look(inbox, limits)?;
        let youngest = first.files.iter().map(|file| file.stamp.age(settle.now)).min();
        let wait = youngest.and_then(|age| settle.time.checked_sub(age)).filter(|wait| !wait.is_zero());
        let Some(wait) = wait else { return Ok(first) };
        tracing::info!(?wait, "waiting for files that may still be written");
        thread::sleep(wait);
        let stood: BTreeMap<&str, Stamp> = first.files.iter().map(|file| (file.name.as_str(), file.stamp)).collect();
        let mut second = Inbox::look(inbox, limits)?;
        let (still, moved) =
            second.files.into_iter().partition(|file| stood.get(file.name.as_str()) == Some(&file.stamp));
        second.files = still;
        second.findings.extend(moved.iter().map(Entry::still_written));
        Ok(second.ordered())
    }

    /// Whether an entry of this name lies there, readable or not, or in a folder that cannot be looked into.
    pub fn holds(&self, name: &str) -> bool {
        let is_told = |finding: &Finding| {
            let rest = name.strip_prefix(finding.file.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.files.iter().any(|file| file.name == name) || self.findings.iter().any(is_told)
    }

    fn ordered(mut self) -> Inbox {
        self.files.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
        // Only names that are no UTF-8 can be taken for one another.
        let mut seen = BTreeSet::new();
        let (files, twice): (Vec<Entry>, Vec<Entry>) =
            self.files.into_iter().partition(|file| seen.insert(file.name.clone()));
        self.files = files;
        self.findings.extend(twice.iter().map(|file| file.finding(Code::EntryUnread, "another file has this name")));
        self.findings.sort_by(|a, b| (&a.file, a).cmp(&(&b.file, b)));
        self
    }
}

impl Entry {
    /// The whole content, if it stood still while it was read; else what is to be said.
    pub fn bytes(&self, limits: &Limits) -> Result<Vec<u8>, Finding> {
        let unread = |error: io::Error| match error.kind() {
            // Taken away, or replaced, since the inbox was looked at.
            io::ErrorKind::NotFound => self.still_written(),
            _ => self.finding(Code::EntryUnread, &error.to_string()),
        };
        // A pipe that has taken the file's place must not wait for somebody who writes.
        let open = File::options().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(&self.path);
        let file = open.map_err(unread)?;
        if Stamp::of(&file.metadata().map_err(unread)?) != self.stamp {
            return Err(self.still_written());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(self.stamp.size).unwrap_or(0));
        (&file).take(limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(unread)?;
        let after = [file.metadata(), fs::metadata(&self.path)];
        for known in after {
            if Stamp::of(&known.map_err(unread)?) != self.stamp || bytes.len() as u64 != self.stamp.size {
                return Err(self.still_written());
            }
        }
        Ok(bytes)
    }

    fn still_written(&self) -> Finding {
        self.finding(Code::StillWritten, "")
    }

    fn finding(&self, code: Code, value: &str) -> Finding {
        told(code, &self.name, value)
    }
}

fn told(code: Code, name: &str, value: &str) -> Finding {
    Finding { file: name.to_owned(), ..Finding::new(code, value) }
}

/// A walk through the inbox.
struct Look<'l> {
    /// The inbox itself, links resolved.
    root: PathBuf,
    limits: &'l Limits,
    found: Inbox,
    /// Folders to be looked at: path, name with `/` at the end, depth.
    folders: Vec<(PathBuf, String, usize)>,
}

impl Look<'_> {
    fn tell(&mut self, code: Code, name: &str, value: &str) {
        self.found.findings.push(told(code, name, value));
    }

    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize, entries: fs::ReadDir) {
        for entry in entries {
            match entry {
                Ok(entry) => self.entry(&folder.join(entry.file_name()), prefix, depth),
                Err(error) => self.tell(Code::EntryUnread, prefix.trim_end_matches('/'), &error.to_string()),
            }
        }
    }

    fn entry(&mut self, path: &Path, prefix: &str, depth: usize) {
        let bytes = path.file_name().map_or(&[][..], OsStrExt::as_bytes);
        let own = name_of(bytes);
        if is_passing(&own) {
            return;
        }
        let name = format!("{prefix}{own}");
        if std::str::from_utf8(bytes).is_err() {
            self.tell(Code::NameNotUtf8, &name, &own);
        }
        let known = match fs::symlink_metadata(path) {
            Ok(known) => known,
            // A transfer that has just given it its last name.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.tell(Code::EntryUnread, &name, &error.to_string()),
        };
        let kind = known.file_type();
        if kind.is_file() {
            self.file(path, name, &known);
        } else if kind.is_dir() && depth + 1 >= DEEPEST {
            self.tell(Code::FolderTooDeep, &name, &DEEPEST.to_string());
        } else if kind.is_dir() {
            self.folders.push((path.to_path_buf(), format!("{name}/"), depth + 1));
        } else if kind.is_symlink() {
            self.link(path, name);
        } else {
            self.tell(Code::NotAFile, &name, kind_of(kind));
        }
    }

    fn file(&mut self, path: &Path, name: String, known: &Metadata) {
        if known.len() > self.limits.file_bytes {
            return self.tell(Code::FileTooLarge, &name, &format!("{} bytes", known.len()));
        }
        self.found.files.push(Entry { path: path.to_path_buf(), name, stamp: Stamp::of(known) });
    }

    /// What a link leads to inside the inbox is met at its own place; a file there that is passed over is read as the
    /// link, which is how some programs put a whole set of files in place at once.
    fn link(&mut self, path: &Path, name: String) {
        // As it is written: what it leads to may have another name every night (`/proc/self`).
        let shown = fs::read_link(path).map_or_else(|_| String::new(), |to| to.display().to_string());
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            Err(error) => return self.tell(Code::LinkNotFollowed, &name, &format!("{shown} ({error})")),
        };
        let Ok(below) = target.strip_prefix(&self.root).map(Path::to_path_buf) else {
            return self.tell(Code::LinkNotFollowed, &name, &shown);
        };
        let is_met = !below.iter().any(|part| is_passing(&name_of(part.as_bytes())));
        match fs::metadata(&target) {
            Ok(known) if known.is_file() && !is_met => self.file(path, name, &known),
            Ok(known) if is_met && (known.is_file() || known.is_dir()) => {
                self.tell(Code::LinkInside, &name, &below.display().to_string());
            }
            _ => self.tell(Code::LinkNotFollowed, &name, &shown),
        }
    }
}

/// A name as it stands; one that is no UTF-8 most likely comes from an older system of this country.
fn name_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| read::name_of(bytes), str::to_owned)
}

fn kind_of(kind: fs::FileType) -> &'static str {
    match () {
        () if kind.is_fifo() => "fifo",
        () if kind.is_socket() => "socket",
        () if kind.is_block_device() || kind.is_char_device() => "device",
        () => "?",
    }
}

/// Hidden files and what office programs and transfers leave behind (`~$…`, `.part`, `.tmp`) are no exports.
fn is_passing(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || [".part", ".tmp", ".crdownload", ".filepart"].iter().any(|end| lower.ends_with(end))
}

#[cfg(test)]
#[path = "inbox_tests.rs"]
mod tests;
