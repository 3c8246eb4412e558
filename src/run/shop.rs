//! A shop folder: its settings, its specs, its lock.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{Request, RunError};
use crate::config::Config;
use crate::ledger::{Archive, Inbox, Reader, ReadingSpecs, Settle, hash_of, rights};
use crate::model::Lang;
use crate::reconcile::matcher::Rules;
use crate::report::Catalogue;
use crate::spec::{self, named::Named};

/// Everything of a shop that a run needs, checked before any data is read.
pub struct Shop {
    pub inbox: PathBuf,
    pub ledger: PathBuf,
    pub reports: PathBuf,
    pub config: Config,
    pub reading: ReadingSpecs,
    pub catalogue: Catalogue,
    /// How its tables are matched, in order of file.
    pub rules: Vec<Rules>,
    pub reader: Reader,
    pub lang: Lang,
    /// Digest of settings and specs: with the files it makes the digest of a date's facts.
    pub digest: String,
    /// Digest of what is the shop's own of it, and of what is the program's.
    pub own: String,
    pub made_by: String,
    /// On a dry run: what would be archived goes here and is gone afterwards.
    scratch: Option<tempfile::TempDir>,
}

impl Shop {
    pub fn open(request: &Request) -> Result<Shop, RunError> {
        let root = &request.shop;
        let io = |path: &Path| {
            let path = path.to_path_buf();
            move |error| RunError::Shop { path, error }
        };
        let files = spec::folder::load(root).map_err(io(&root.join("report_specs")))?;
        let mut reading = ReadingSpecs::load(&files)?;
        let rules = Rules::load_all(&files, &reading.tables)?;
        let rule_texts: String = files.under("rules/").map(|f| format!("{}\n{}\n", f.name, f.text)).collect();
        let config = Config::load(root, &reading.tables.ids(), Named::load(&files)?)?;
        reading.add_blanks(&config.blanks);
        let catalogue = Catalogue::load(&files, &reading.tables, &config.named)?;
        for id in &request.reports {
            if !catalogue.reports.iter().any(|r| r.id == *id) {
                return Err(RunError::UnknownReport(id.clone()));
            }
        }
        let inbox = root.join("inbox");
        fs::read_dir(&inbox).map_err(io(&inbox))?;
        let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(4));
        let args = crate::read::child_args(&config.reader);
        let reader = Reader { program: request.program.clone(), args, limits: config.reader, workers };
        let scratch =
            if request.dry_run { Some(tempfile::tempdir().map_err(io(&std::env::temp_dir()))?) } else { None };
        let lang = request.lang.unwrap_or(config.lang);
        let of = |of_shop: bool| -> String {
            files.all().iter().filter(|f| f.of_shop == of_shop).map(|f| format!("{}\n{}\n", f.name, f.text)).collect()
        };
        Ok(Shop {
            own: hash_of(format!("{lang:?}\n{}\n{}", config.text, of(true)).as_bytes()),
            made_by: hash_of(format!("{}\n{}", env!("CARGO_PKG_VERSION"), of(false)).as_bytes()),
            inbox,
            ledger: ledger_folder(root, scratch.as_ref()),
            reports: root.join("reports"),
            lang,
            digest: hash_of(format!("{}{}{}{rule_texts}", config.text, reading.digest, catalogue.text).as_bytes()),
            config,
            reading,
            catalogue,
            rules,
            reader,
            scratch,
        })
    }

    /// One run at a time. The lock goes with the process, however it ends.
    pub fn lock(&self) -> Result<File, RunError> {
        let path = self.ledger.join("lock");
        let io = |error| RunError::Publish(crate::publish::PublishError { path: path.clone(), error });
        fs::create_dir_all(&self.ledger).map_err(io)?;
        self.set_rights().map_err(io)?;
        let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).unwrap_or_default();
                return Err(RunError::Locked(holder.trim().to_owned()));
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        // For people only; nothing is decided by it.
        file.set_len(0).and_then(|()| writeln!(file, "pid {}", std::process::id())).map_err(io)?;
        Ok(file)
    }

    /// What this run writes can be read by those whom the shop allows, and so can what lies there from before. A dry run
    /// changes nothing of it.
    fn set_rights(&self) -> io::Result<()> {
        if self.scratch.is_some() {
            return Ok(());
        }
        let modes = self.config.files;
        rights::keep(&self.ledger, modes.ledger)?;
        if let Some(mode) = modes.reports {
            fs::create_dir_all(&self.reports)?;
            fs::set_permissions(&self.reports, fs::Permissions::from_mode(rights::of_folder(mode)))?;
        }
        Ok(())
    }

    /// The inbox, once it has settled.
    ///
    /// The lock has just been written: its time is now, by the clock of the file system, which also dates what is
    /// dropped into the inbox.
    pub fn look(&self, lock: &File) -> Result<Inbox, RunError> {
        let io = |error| RunError::Shop { path: self.inbox.clone(), error };
        let now = lock.metadata().and_then(|known| known.modified()).map_err(io)?;
        let settle = Settle { now, time: self.config.run.settle };
        Inbox::settled(&self.inbox, &self.reader.limits, settle).map_err(io)
    }

    pub fn archive(&self) -> Result<Archive, RunError> {
        let archive = match &self.scratch {
            Some(scratch) => Archive::open_over(&self.ledger, scratch.path())?,
            None => Archive::open(&self.ledger)?,
        };
        let backup = self.config.backup.clone();
        Ok(archive.with_spares(std::iter::once(self.inbox.clone()).chain(backup).collect()))
    }

    /// Tables that are filled by forms of ours that come back.
    pub fn forms(&self) -> Vec<&str> {
        let outputs = self.reading.sources.iter().filter(|source| source.returned).flat_map(|source| &source.outputs);
        outputs.map(|output| self.reading.tables.tables[output.table].id.as_str()).collect()
    }
}

/// A dry run of a shop that has no ledger yet must not make one.
fn ledger_folder(root: &Path, scratch: Option<&tempfile::TempDir>) -> PathBuf {
    let folder = root.join("ledger");
    match scratch {
        Some(scratch) if !folder.join("ledger.db").exists() => scratch.path().join("ledger"),
        _ => folder,
    }
}
