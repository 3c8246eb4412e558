//! `journal.log`: what happened to a shop, in order, one JSON object a line; nothing in it is ever changed.
//!
//! Every arrival of a file, every publication, withdrawal, close and reopening is an [`Event`]. The log lies beside the
//! archive and is synced before the ledger commits, so archive and log are enough to make the ledger anew. Each line
//! carries the hash of the line before it: one that was changed or taken out is seen.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::archive::hash_of;
use super::closes::{Close, ClosedItem};
use super::publications::Published;
use crate::disk;

/// The file's name below `ledger/`.
pub const JOURNAL: &str = "journal.log";

/// Something that happened to a shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A file came, with content that its name did not have before; `replaced` is the hash of what it had.
    Arrival {
        file: i64,
        name: String,
        sha256: String,
        bytes: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaced: Option<String>,
    },
    /// A file that is known came under a further name.
    Name {
        file: i64,
        name: String,
    },
    /// A file that could not be read for reasons that were not its own has been read since.
    Read {
        file: i64,
    },
    /// A damaged or unknown file is no longer in the inbox: it marks nothing any more.
    Removed {
        file: i64,
        /// The day that it would have been of.
        #[serde(default, with = "crate::model::written::maybe_date")]
        date: Option<NaiveDate>,
    },
    /// A person took a file back; where its content came under other names, only this name.
    Withdrawn {
        file: i64,
        name: String,
        by: String,
        reason: String,
        /// The day that it was of.
        #[serde(default, with = "crate::model::written::maybe_date")]
        date: Option<NaiveDate>,
    },
    /// Dates were asked for that have no report yet: they are owed until they have one.
    Asked {
        #[serde(with = "crate::model::written::dates")]
        dates: Vec<NaiveDate>,
    },
    /// A folder of reports is about to take its name.
    Published(Published),
    /// A date was made anew and every byte stood there already.
    Unchanged {
        #[serde(with = "crate::model::written::date")]
        as_of: NaiveDate,
    },
    /// A person took the reports of a date back.
    Unpublished {
        #[serde(with = "crate::model::written::date")]
        as_of: NaiveDate,
        by: String,
        reason: String,
    },
    /// A month is about to be closed, with these open items.
    CloseBegun {
        close: Close,
        items: Vec<ClosedItem>,
    },
    /// The pack of the close stands.
    CloseDone {
        close: i64,
    },
    /// The pack of the close never took its name.
    CloseDropped {
        close: i64,
    },
    Reopened {
        close: Close,
    },
    /// The ledger was taken over from a program of before: what stands above is what it knew.
    /// `own` is the digest of the shop's own settings by then: those of what was published before.
    Upgraded {
        schema: i64,
        own: String,
    },
    /// A kept revision is gone and cannot be made again: it is on the record, and no longer told.
    Lost {
        #[serde(with = "crate::model::written::date")]
        as_of: NaiveDate,
        revision: i64,
    },
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Counted from 1, without a gap.
    pub n: i64,
    /// When it was written, in China; for people only, nothing is decided by it.
    pub at: String,
    /// Beginning of the hash of the line before.
    pub prev: String,
    #[serde(flatten)]
    pub event: Event,
}

impl Entry {
    /// The line, without its end.
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() // maps with keys of text only
    }
}

/// What the next line says of this one.
pub fn seal(line: &str) -> String {
    hash_of(line.as_bytes())[..16].to_owned()
}

/// The log of a ledger folder.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
}

impl Journal {
    pub fn of(ledger: &Path) -> Journal {
        Journal { path: ledger.join(JOURNAL) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole lines; what a full disk or a kill left of a line that was never followed by a commit is no line.
    pub fn lines(&self) -> io::Result<Vec<String>> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        Ok(String::from_utf8_lossy(&bytes[..whole]).lines().map(str::to_owned).collect())
    }

    /// Writes lines behind those that stand there and makes them durable; on a failure the log is as before.
    pub fn append(&self, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let is_new = !self.path.exists();
        let mut file = OpenOptions::new().create(true).truncate(false).write(true).read(true).open(&self.path)?;
        let standing = whole_bytes(&self.path)?;
        file.set_len(standing)?;
        io::Seek::seek(&mut file, io::SeekFrom::Start(standing))?;
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let written = disk::write(&mut file, text.as_bytes()).and_then(|()| disk::sync(&file));
        if written.is_err() {
            let _ = file.set_len(standing); // what is left of a line is no line, all the same
        } else if is_new && let Some(folder) = self.path.parent() {
            disk::sync_folder(folder)?;
        }
        written
    }

    /// Puts these lines in place of the whole log, in one step: only where the log was lost or cut.
    pub fn replace(&self, lines: &[String]) -> io::Result<()> {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        disk::put(&self.path, text.as_bytes())
    }
}

/// Length of the log up to its last line end.
fn whole_bytes(path: &Path) -> io::Result<u64> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = File::open(path)?;
    let mut end = file.metadata()?.len();
    let mut block = vec![0; 64 << 10];
    while end > 0 {
        let from = end.saturating_sub(block.len() as u64);
        let length = usize::try_from(end - from).unwrap_or(block.len());
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(&mut block[..length])?;
        if let Some(at) = block[..length].iter().rposition(|b| *b == b'\n') {
            return Ok(from + at as u64 + 1);
        }
        end = from;
    }
    Ok(0)
}

/// The lines as entries; an error in words at the first that is none or does not follow the one before.
pub fn parse(lines: &[String], mut n: i64, mut prev: String) -> Result<Vec<Entry>, String> {
    let mut entries = Vec::with_capacity(lines.len());
    for line in lines {
        let entry: Entry = serde_json::from_str(line).map_err(|error| format!("line {}: {error}", n + 1))?;
        if entry.n != n + 1 || entry.prev != prev {
            return Err(format!("line {}: it does not follow the line before", n + 1));
        }
        (n, prev) = (entry.n, seal(line));
        entries.push(entry);
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(n: i64, prev: &str) -> Entry {
        let event = Event::Name { file: 1, name: format!("{n}.csv") };
        Entry { n, at: "2026-10-31 02:00:00".to_owned(), prev: prev.to_owned(), event }
    }

    #[test]
    fn a_line_reads_back_and_a_changed_one_is_seen() {
        let first = entry(1, "").text();
        let second = entry(2, &seal(&first)).text();
        let lines = vec![first.clone(), second.clone()];
        assert_eq!(parse(&lines, 0, String::new()).unwrap().len(), 2);
        let changed = vec![first.replace("1.csv", "9.csv"), second];
        assert!(parse(&changed, 0, String::new()).unwrap_err().starts_with("line 2"));
        assert!(parse(&[first], 1, String::new()).is_err());
    }

    #[test]
    fn half_a_line_is_none_and_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::of(folder.path());
        assert!(journal.lines().unwrap().is_empty());
        journal.append(&["a".to_owned()]).unwrap();
        fs::write(journal.path(), "a\n{\"n\":").unwrap();
        assert_eq!(journal.lines().unwrap(), ["a"]);
        journal.append(&["b".to_owned()]).unwrap();
        assert_eq!(journal.lines().unwrap(), ["a", "b"]);
    }
}
