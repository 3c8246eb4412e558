//! What is new in the inbox is taken: archived, read behind the fence, cleaned, written into the ledger.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::archive::{Archive, hash_of};
use super::error::LedgerError;
use super::files::FileMeta;
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

/// Takes every file of the inbox whose content the ledger does not know, or knows as what its name said before. Returns
/// how many were taken.
///
/// The archive is durable before this returns; the rows are, once the ledger commits.
pub fn take(
    ledger: &mut Ledger,
    archive: &Archive,
    inbox: &Path,
    reader: &Reader,
    specs: &ReadingSpecs,
    progress: Progress<'_>,
) -> Result<usize, LedgerError> {
    let mut taken: HashMap<String, i64> = HashMap::new();
    // What each name says: its newest content.
    let mut named: HashMap<String, String> = ledger.other_names()?;
    let mut work: Vec<(i64, FileMeta)> = Vec::new();
    let rederive = !ledger.is_derived_by(&specs.digest)?;
    for (id, meta) in ledger.taken()? {
        taken.insert(meta.sha256.clone(), id);
        named.insert(meta.name.clone(), meta.sha256.clone());
        if rederive {
            work.push((id, meta));
        }
    }
    if rederive {
        ledger.start_derivation(&specs.tables, &specs.digest)?;
    }
    let mut new = 0;
    for (path, name) in files_of(inbox)? {
        let bytes = std::fs::read(&path)?;
        let sha256 = hash_of(&bytes);
        let said = named.get(&name);
        if said == Some(&sha256) {
            continue; // the same file again
        }
        if let (Some(id), None) = (taken.get(&sha256), said) {
            ledger.add_name(*id, &name)?; // under another name: its rows count once
            named.insert(name, sha256);
            continue;
        }
        archive.keep(&sha256, &bytes)?;
        let meta = FileMeta { sha256: sha256.clone(), name, bytes: bytes.len() as u64 };
        let id = ledger.add_file(&meta)?;
        named.insert(meta.name.clone(), sha256.clone());
        taken.insert(sha256, id);
        work.push((id, meta));
        new += 1;
    }
    if new > 0 {
        archive.sync()?;
    }
    derive(ledger, archive, reader, specs, &work, progress)?;
    Ok(new)
}

/// Reads archived files and writes what they give.
fn derive(
    ledger: &mut Ledger,
    archive: &Archive,
    reader: &Reader,
    specs: &ReadingSpecs,
    work: &[(i64, FileMeta)],
    progress: Progress<'_>,
) -> Result<(), LedgerError> {
    let paths: Vec<PathBuf> = work.iter().map(|(_, meta)| archive.path(&meta.sha256)).collect();
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

/// The files of the inbox with their names below it, sub-folders included, in order of name.
///
/// Hidden files and what office programs and transfers leave behind (`~$…`, `.part`, `.tmp`) are no exports.
pub fn files_of(inbox: &Path) -> std::io::Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    let mut folders = vec![(inbox.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let passing = name.starts_with('.') || name.starts_with("~$") || is_passing(&name);
            let kind = std::fs::metadata(entry.path())?;
            if kind.is_dir() && !passing {
                folders.push((entry.path(), format!("{prefix}{name}/")));
            } else if kind.is_file() && !passing {
                files.push((entry.path(), format!("{prefix}{name}")));
            }
        }
    }
    files.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(files)
}

fn is_passing(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".part", ".tmp", ".crdownload", ".filepart"].iter().any(|end| lower.ends_with(end))
}
