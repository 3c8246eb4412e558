//! What is new in the inbox is taken: archived, read behind the fence, cleaned, written into the ledger.

use std::collections::HashMap;
use std::path::PathBuf;

use super::again::again;
use super::archive::{Archive, hash_of};
use super::error::LedgerError;
use super::files::FileMeta;
use super::inbox::Inbox;
use super::journal::Event;
use super::store::Ledger;
use crate::clean::{self, Source};
use crate::read;
use crate::spec::SpecFiles;
use crate::spec::tables::Tables;

/// The specs that decide what a file's rows are, and their digest.
pub struct ReadingSpecs {
    pub tables: Tables,
    pub sources: Vec<Source>,
    pub digest: String,
}

impl ReadingSpecs {
    pub fn load(files: &SpecFiles) -> Result<ReadingSpecs, crate::spec::SpecError> {
        let tables = Tables::load(files)?;
        let sources = Source::load_all(files, &tables)?;
        let texts = ["blanks", "words", "tables/", "sources/"].iter().flat_map(|folder| files.under(folder));
        let all: String = texts.map(|f| format!("{}\n{}\n", f.name, f.text)).collect();
        // The program's own version counts too: another version may read the same file otherwise.
        let digest = hash_of(format!("{}\n{all}", env!("CARGO_PKG_VERSION")).as_bytes());
        Ok(ReadingSpecs { tables, sources, digest })
    }

    /// Further words for nothing, as a shop's settings give them: they decide what a file's rows are, too.
    pub fn add_blanks(&mut self, words: &[String]) {
        if words.is_empty() {
            return;
        }
        for word in words {
            self.tables.blanks.add_word(word);
        }
        self.digest = hash_of(format!("{}\n{}", self.digest, words.join("\n")).as_bytes());
    }
}

/// How the fenced reader is started: this very program, with the arguments of its hidden command.
pub struct Reader {
    pub program: PathBuf,
    pub args: Vec<String>,
    pub limits: read::Limits,
    pub workers: usize,
}

/// Told of progress: files done, files in all.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);

/// Takes every file of the inbox with content that its name did not have before, and reads what has not been read.
/// Returns how many were taken. What cannot be taken now is a finding of the inbox.
///
/// The archive is durable before this returns; the rows are, once the ledger commits.
pub fn take(
    ledger: &mut Ledger,
    archive: &Archive,
    inbox: &mut Inbox,
    reader: &Reader,
    specs: &ReadingSpecs,
    progress: Progress<'_>,
) -> Result<usize, LedgerError> {
    prepare(ledger, specs)?;
    let mut named = ledger.named()?;
    let mut taken: HashMap<String, i64> = HashMap::new();
    for record in ledger.counting()? {
        taken.insert(record.1.sha256, record.0);
    }
    let mut new = 0;
    for entry in &inbox.files {
        let bytes = match entry.bytes(&reader.limits) {
            Ok(bytes) => bytes,
            Err(finding) => {
                inbox.findings.push(finding);
                continue;
            }
        };
        let (name, sha256) = (entry.name.clone(), hash_of(&bytes));
        let said = named.insert(name.clone(), sha256.clone());
        if said.as_ref() == Some(&sha256) {
            continue; // the same file again
        }
        if let (Some(id), None) = (taken.get(&sha256), &said) {
            ledger.add_name(*id, &name)?; // under another name: its rows count once
            continue;
        }
        archive.keep(&sha256, &bytes)?;
        let meta = FileMeta { sha256: sha256.clone(), name, bytes: bytes.len() as u64 };
        let id = ledger.add_file(&meta, said.as_ref())?;
        taken.insert(sha256, id);
        new += 1;
    }
    if new > 0 {
        archive.sync()?;
    }
    let again = again(ledger, &reader.limits)?;
    read_all(ledger, archive, reader, specs, progress)?;
    for file in again {
        if !ledger.could_not_be_read(file)? {
            ledger.note(Event::Read { file })?;
        }
    }
    for (file, names) in ledger.unusable()? {
        if !names.iter().any(|name| inbox.holds(name)) {
            ledger.note_removed(file)?;
        }
    }
    Ok(new)
}

/// Makes the tables for what is to be read, where other specs than these made them.
pub fn prepare(ledger: &mut Ledger, specs: &ReadingSpecs) -> Result<(), LedgerError> {
    if !ledger.is_derived_by(&specs.digest)? {
        ledger.start_derivation(&specs.tables, &specs.digest)?;
    }
    Ok(())
}

/// Reads every file that has not been read, its bytes held against their hash, and writes what it gives.
pub fn read_all(
    ledger: &mut Ledger,
    archive: &Archive,
    reader: &Reader,
    specs: &ReadingSpecs,
    progress: Progress<'_>,
) -> Result<(), LedgerError> {
    let work = ledger.unread()?;
    let mut paths = Vec::with_capacity(work.len());
    for (_, meta) in &work {
        paths.push(archive.sound(&meta.sha256, &meta.name)?);
    }
    let args: Vec<&str> = reader.args.iter().map(String::as_str).collect();
    let mut result = Ok(());
    read::read_all(&reader.program, &args, &paths, &reader.limits, reader.workers, &mut |index, raw| {
        let (id, meta) = &work[index];
        if result.is_ok() {
            let export = clean::clean(&specs.sources, &specs.tables, &meta.name, raw);
            result = ledger.add_export(*id, &export, &specs.sources, &specs.tables);
        }
        progress(index + 1, work.len());
    });
    result
}
