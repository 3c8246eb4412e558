//! What the end-to-end tests share: a shop folder, the program run on it, and what it published.

#![allow(dead_code)] // every test binary takes a part of this

pub mod books;
pub mod exports;
pub mod fill;
pub mod hostile;
pub mod packed;
pub mod records;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Cells by heading.
pub type Record = BTreeMap<String, String>;

/// Bytes by path below a folder.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// The program under test, with arguments.
pub fn hesuan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hesuan"));
    command.stdin(Stdio::null()).env("NO_COLOR", "1");
    command
}

/// What the program said and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// None where a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: &Output) -> Ran {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The run ended with one of these codes.
    #[track_caller]
    pub fn ends_with(self, codes: &[i32]) -> Ran {
        assert!(self.code.is_some_and(|code| codes.contains(&code)), "not {codes:?}: {self:#?}");
        self
    }
}

/// A shop folder that goes away with the test.
pub struct Shop {
    _folder: Option<TempDir>,
    pub root: PathBuf,
}

impl Shop {
    /// `hesuan init`.
    pub fn init() -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("S01");
        Ran::of(&hesuan().arg("init").arg(&root).output().unwrap()).ends_with(&[0]);
        Shop { _folder: Some(folder), root }
    }

    /// `hesuan sample`.
    pub fn sample(options: &[&str]) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("shop");
        Ran::of(&hesuan().arg("sample").arg(&root).args(options).output().unwrap()).ends_with(&[0]);
        Shop { _folder: Some(folder), root }
    }

    /// A shop folder that something else keeps.
    pub fn at(root: &Path) -> Shop {
        Shop { _folder: None, root: root.to_path_buf() }
    }

    pub fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }

    /// Drops a file into the inbox.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.inbox().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        settle(&path);
    }

    /// Drops every file of a folder into the inbox.
    pub fn put_all(&self, folder: &Path) {
        for (name, path) in files_of(folder) {
            let put = self.inbox().join(name);
            fs::copy(path, &put).unwrap();
            settle(&put);
        }
    }

    pub fn command(&self, options: &[&str]) -> Command {
        let mut command = hesuan();
        command.arg("run").arg(&self.root).args(options);
        command
    }

    pub fn run_with(&self, options: &[&str]) -> Ran {
        Ran::of(&self.command(options).output().unwrap())
    }

    /// One night's run.
    pub fn run(&self, as_of: &str) -> Ran {
        self.run_with(&["--as-of", as_of])
    }

    /// A run that must publish, complete or not.
    #[track_caller]
    pub fn publish(&self, as_of: &str) -> Ran {
        self.run(as_of).ends_with(&[0, 3])
    }

    pub fn reports(&self) -> PathBuf {
        self.root.join("reports")
    }

    pub fn folder(&self, date: &str) -> PathBuf {
        self.reports().join(date)
    }

    #[track_caller]
    pub fn manifest(&self, date: &str) -> Value {
        serde_json::from_slice(&fs::read(self.folder(date).join("manifest.json")).unwrap()).unwrap()
    }

    pub fn exceptions(&self, date: &str) -> Vec<Record> {
        records(&self.folder(date).join("exceptions.csv"))
    }

    pub fn findings(&self, date: &str) -> Vec<Record> {
        records(&self.folder(date).join("findings.csv"))
    }

    /// Every file under reports/.
    pub fn published(&self) -> Tree {
        tree(&self.reports())
    }
}

/// Makes a file look as if it had been written an hour ago, so that a run does not wait for it.
pub fn settle(path: &Path) {
    let file = fs::File::options().write(true).open(path).unwrap();
    let written = file.metadata().unwrap().modified().unwrap();
    file.set_modified(written - std::time::Duration::from_secs(3600)).unwrap();
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// Files of one folder by name, in order.
pub fn files_of(folder: &Path) -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).map(|path| (file_name(&path), path)).collect()
}

pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Every file below a folder with its bytes.
pub fn tree(folder: &Path) -> Tree {
    let mut found = Tree::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for path in fs::read_dir(next).into_iter().flatten().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// The rows of a CSV file with a heading; a byte order mark is no part of it.
pub fn records(path: &Path) -> Vec<Record> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    csv::Reader::from_reader(bytes).deserialize().map(|row| row.unwrap()).collect()
}

/// Two trees are the same byte for byte; says which files are not.
#[track_caller]
pub fn same_tree(left: &Tree, right: &Tree) {
    let names = left.keys().chain(right.keys());
    let differing: std::collections::BTreeSet<&String> =
        names.filter(|name| left.get(*name) != right.get(*name)).collect();
    assert!(differing.is_empty(), "these files differ or stand on one side only: {differing:?}");
}

/// A number of a record; empty is nothing.
pub fn number(record: &Record, column: &str) -> Option<i64> {
    let text = record.get(column).unwrap_or_else(|| panic!("no column {column} in {record:?}"));
    (!text.is_empty()).then(|| text.parse().unwrap())
}

/// Data that lies beside the repository, where it is there at all; says so where it is not.
pub fn beside(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: {} is not there", found.display());
    None
}
