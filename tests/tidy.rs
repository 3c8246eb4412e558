//! The code's own shape: import direction, where third-party crates may stand, exact money, honest panics, short files.
//!
//! Every rule is data at the top of its test. A finding names file and line. An exception is a line in a list, with its
//! reason; a list entry that no longer applies fails too.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use hesuan::ledger::ReadingSpecs;
use hesuan::spec::SpecFiles;

// ---------------------------------------------------------------------------------------------------------------------
// The source tree as text.

/// One Rust file under `src/`.
struct SourceFile {
    /// `src/read/html.rs`
    path: String,
    /// Lines as they stand.
    raw: Vec<String>,
    /// The same lines without what stands in comments (`//` stays), strings and characters.
    code: Vec<String>,
    /// Lines of `#[cfg(test)]` modules, or every line of a test file.
    is_test: Vec<bool>,
}

impl SourceFile {
    fn new(path: String, text: &str) -> SourceFile {
        let raw: Vec<String> = text.lines().map(str::to_owned).collect();
        let code: Vec<String> = without_comments_and_strings(text).lines().map(str::to_owned).collect();
        assert_eq!(raw.len(), code.len(), "{path}: the reader of this test is wrong");
        let whole = path.ends_with("_tests.rs") || path.ends_with("/tests.rs");
        let is_test = if whole { vec![true; raw.len()] } else { test_lines(&code) };
        SourceFile { path, raw, code, is_test }
    }

    /// `read` for `src/read/html.rs`, `config` for `src/config.rs`.
    fn module(&self) -> &str {
        let below = self.path.trim_start_matches("src/");
        below.split('/').next().unwrap_or(below).trim_end_matches(".rs")
    }

    /// Code lines outside tests, with their 1-based numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let shown = self.code.iter().enumerate().filter(|(i, _)| !self.is_test[*i]);
        shown.map(|(i, line)| (i + 1, line.as_str()))
    }

    fn all_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.iter().enumerate().map(|(i, line)| (i + 1, line.as_str()))
    }

    /// Whether the line or the one above it says why, in a plain comment.
    fn has_reason(&self, number: usize) -> bool {
        let says = |index: usize| {
            let comment = self.raw[index].rfind("//").filter(|_| self.code[index].contains("//"));
            comment.is_some_and(|at| self.raw[index][at..].trim_start_matches(['/', '!', ' ']).len() > 3)
        };
        says(number - 1) || (number > 1 && says(number - 2))
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_under(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|e| e.unwrap().path()) {
        if path.is_dir() {
            files_under(&path, ending, into);
        } else if path.to_string_lossy().ends_with(ending) {
            into.push(path);
        }
    }
    into.sort();
}

fn sources() -> Vec<SourceFile> {
    let mut paths = Vec::new();
    files_under(&root().join("src"), ".rs", &mut paths);
    assert!(paths.len() > 50, "the source tree is not where it was");
    let name = |path: &Path| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| SourceFile::new(name(path), &fs::read_to_string(path).unwrap())).collect()
}

/// Blanks out comments, strings and characters; lines stay where they are.
fn without_comments_and_strings(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match (chars[at], chars.get(at + 1)) {
            ('/', Some('/')) => at + chars[at..].iter().position(|c| *c == '\n').unwrap_or(chars.len() - at),
            ('/', Some('*')) => end_of_block_comment(&chars, at),
            ('"', _) => end_of_string(&chars, at + 1),
            ('r', Some('"' | '#')) if !before_is_word(&chars, at) => end_of_raw_string(&chars, at),
            ('\'', _) => end_of_char(&chars, at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            // What a comment says is gone, that there is one stays.
            out.push_str(if chars[at..].starts_with(&['/', '/']) { "//" } else { " " });
            out.extend(chars[at..end].iter().filter(|c| **c == '\n'));
            at = end;
        }
    }
    out
}

fn before_is_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_') && chars[at - 1] != 'b'
}

fn end_of_block_comment(chars: &[char], at: usize) -> usize {
    let (mut depth, mut end) = (0, at);
    while end < chars.len() {
        match (chars[end], chars.get(end + 1)) {
            ('/', Some('*')) => (depth, end) = (depth + 1, end + 2),
            ('*', Some('/')) => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
        if depth == 0 {
            break;
        }
    }
    end
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn end_of_raw_string(chars: &[char], at: usize) -> usize {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    let open = at + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return at; // a raw identifier
    }
    let closes = |end: &usize| {
        chars[*end] == '"' && chars[*end + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    (open + 1..chars.len()).find(closes).map_or(chars.len(), |end| end + 1 + hashes)
}

/// `'x'`, `'\n'`, `'\u{3000}'`; a lifetime is left alone.
fn end_of_char(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), _) => {
            let rest = chars[at + 3..].iter().position(|c| *c == '\'');
            rest.map_or(at, |more| at + 3 + more + 1)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

/// Marks the lines of items under `#[cfg(test)]`.
fn test_lines(code: &[String]) -> Vec<bool> {
    let mut marked = vec![false; code.len()];
    let mut at = 0;
    while at < code.len() {
        if !code[at].contains("#[cfg(test)]") {
            at += 1;
            continue;
        }
        let end = end_of_item(code, at);
        marked[at..=end].iter_mut().for_each(|m| *m = true);
        at = end + 1;
    }
    marked
}

/// Last line of the item that begins at a line: its closing brace, or its semicolon.
fn end_of_item(code: &[String], from: usize) -> usize {
    let (mut braces, mut others) = (0_i32, 0_i32);
    for (index, line) in code.iter().enumerate().skip(from) {
        for c in line.chars() {
            match c {
                '{' => braces += 1,
                '}' => {
                    braces -= 1;
                    if braces == 0 {
                        return index;
                    }
                }
                '(' | '[' => others += 1,
                ')' | ']' => others -= 1,
                ';' if braces == 0 && others == 0 => return index,
                _ => {}
            }
        }
    }
    code.len() - 1
}

/// Whether a word stands in a line by itself, not as a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + word.len()..].starts_with(is_part))
}

/// Gathers what breaks a rule, leaves out what its list excuses, and fails if anything stays.
struct Verdict<'a> {
    rule: &'a str,
    /// Beginning of a path (or of `path: what`), and the reason.
    allowed: &'a [(&'a str, &'a str)],
    used: Vec<bool>,
    wrong: String,
}

impl<'a> Verdict<'a> {
    fn new(rule: &'a str, allowed: &'a [(&'a str, &'a str)]) -> Verdict<'a> {
        assert!(allowed.iter().all(|(_, why)| !why.is_empty()), "{rule}: an exception without a reason");
        Verdict { rule, allowed, used: vec![false; allowed.len()], wrong: String::new() }
    }

    fn wrong(&mut self, path: &str, line: usize, what: &str) {
        let place = format!("{path}: {what}");
        match self.allowed.iter().position(|(start, _)| place.starts_with(start)) {
            Some(index) => self.used[index] = true,
            None => writeln!(self.wrong, "  {path}:{line}: {what}").unwrap(),
        }
    }

    fn end(mut self) {
        for ((start, _), used) in self.allowed.iter().zip(&self.used) {
            if !used {
                writeln!(self.wrong, "  tests/tidy.rs: nothing needs the exception `{start}` any more").unwrap();
            }
        }
        assert!(self.wrong.is_empty(), "{}:\n{}", self.rule, self.wrong);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// Imports.

/// What each module may import of ours: the path from bytes to workbooks, downward only. Siblings are not listed.
#[rustfmt::skip]
const MAY_IMPORT: [(&str, &[&str]); 17] = [
    ("model",     &[]),
    ("disk",      &[]),
    ("finding",   &["model"]),
    ("spec",      &["model"]),
    ("read",      &[]),
    ("clean",     &["model", "finding", "spec", "read"]),
    ("ledger",    &["disk", "model", "finding", "spec", "read", "clean"]),
    ("reconcile", &["model", "finding", "spec"]),
    ("config",    &["model", "spec", "read", "clean", "reconcile"]),
    ("sample",    &["model"]),
    ("report",    &["model", "finding", "spec", "ledger", "reconcile", "config"]),
    ("workbook",  &["model"]),
    ("publish",   &["disk", "model", "finding", "ledger", "reconcile", "config", "report", "workbook"]),
    ("run",       &["disk", "model", "finding", "spec", "read", "clean", "ledger", "reconcile", "config", "report", "workbook", "publish"]),
    ("cli",       &["model", "finding", "spec", "read", "clean", "ledger", "reconcile", "config", "sample", "report", "workbook", "publish", "run"]),
    ("lib",       &[]),
    ("main",      &[]),
];

const IMPORTS_ALLOWED: &[(&str, &str)] = &[
    (
        "src/report/blocks/targets.rs: `report` may not import `clean`",
        "the month of a target is a key of its table, kept as typed: it is read here as the cleaner reads months",
    ),
    (
        "src/run/fuzz_files_tests.rs: `run` may not import `sample`",
        "a test that needs real workbooks of any cells: the sample's writers make both kinds",
    ),
];

#[test]
fn imports_go_one_way() {
    let mut verdict = Verdict::new("imports go downward only, siblings do not import each other", IMPORTS_ALLOWED);
    let modules: Vec<&str> = MAY_IMPORT.iter().map(|(m, _)| *m).collect();
    for file in sources() {
        let Some((module, may)) = MAY_IMPORT.iter().find(|(m, _)| *m == file.module()) else {
            verdict.wrong(&file.path, 1, "the module has no line in MAY_IMPORT");
            continue;
        };
        for (number, name) in imports(&file) {
            if modules.contains(&name.as_str()) && name != *module && !may.contains(&name.as_str()) {
                verdict.wrong(&file.path, number, &format!("`{module}` may not import `{name}`"));
            }
        }
    }
    verdict.end();
}

/// Top modules that a file names: `crate::x`, `crate::{x, y}`, and `super::…` that climbs to the crate's root.
fn imports(file: &SourceFile) -> Vec<(usize, String)> {
    let text = file.code.join("\n");
    let line_of = |at: usize| text[..at].matches('\n').count() + 1;
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::").filter(|(at, _)| !text[..*at].ends_with('$')) {
        heads(&text[at + "crate::".len()..]).into_iter().for_each(|head| found.push((line_of(at), head)));
    }
    let depth =
        file.path.trim_start_matches("src/").trim_end_matches("/mod.rs").trim_end_matches(".rs").split('/').count();
    for (at, climb) in climbs(&text) {
        if climb >= depth {
            heads(&text[at + climb * "super::".len()..]).into_iter().for_each(|head| found.push((line_of(at), head)));
        }
    }
    found
}

/// Chains of `super::`: where each begins and how long it is.
fn climbs(text: &str) -> Vec<(usize, usize)> {
    let mut chains: Vec<(usize, usize)> = Vec::new();
    for (at, _) in text.match_indices("super::") {
        match chains.last_mut() {
            Some((start, length)) if *start + *length * "super::".len() == at => *length += 1,
            _ => chains.push((at, 1)),
        }
    }
    chains
}

/// First names of a path or of a group of paths.
fn heads(path: &str) -> Vec<String> {
    let word =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let (mut heads, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                heads.push(word(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                heads.push(word(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    heads
}

/// Where each third-party crate may stand; test modules may read with anything.
#[rustfmt::skip]
const CONTAINED: [(&str, &[&str]); 14] = [
    ("polars",          &["src/report/"]),
    ("rust_xlsxwriter", &["src/workbook/", "src/sample/"]),
    ("calamine",        &["src/read/"]),
    ("html5gum",        &["src/read/"]),
    ("quick_xml",       &["src/read/"]),
    ("flate2",          &["src/read/"]),
    ("cfb",             &["src/read/", "src/sample/"]),
    ("zip",             &["src/read/", "src/sample/"]),
    ("encoding_rs",     &["src/read/", "src/sample/"]),
    ("rusqlite",        &["src/ledger/"]),
    ("sha2",            &["src/ledger/", "src/publish"]),
    ("clap",            &["src/cli/", "src/model/lang.rs"]),
    ("indicatif",       &["src/cli/"]),
    ("toml",            &["src/spec/"]),
];

const CONTAINED_ALLOWED: &[(&str, &str)] =
    &[("src/cli/init.rs: `toml`", "`init` writes hesuan.toml: a name is quoted by the library that reads it")];

#[test]
fn a_third_party_crate_appears_only_where_the_tree_says() {
    let mut verdict = Verdict::new("third-party crates stay in their folders", CONTAINED_ALLOWED);
    for file in sources() {
        for (number, line) in file.lines() {
            for (name, homes) in &CONTAINED {
                // `calamine::…`, `use calamine;`; a local variable named `zip` or a method `.zip(` is none.
                let used = line.contains(&format!("{name}::")) && has_word(line, name)
                    || has_word(line, &format!("use {name}"));
                if used && !homes.iter().any(|home| file.path.starts_with(home)) {
                    verdict.wrong(&file.path, number, &format!("`{name}` belongs to {}", homes.join(", ")));
                }
            }
        }
    }
    verdict.end();
}

// ---------------------------------------------------------------------------------------------------------------------
// Money, panics, output, clock.

const FLOATS_ALLOWED: &[(&str, &str)] =
    &[("src/model/sheet.rs: `    Trend(Vec<Option<f64>>),`", "a sparkline draws shapes, nobody adds its points")];

#[test]
fn exact_modules_know_no_binary_floating_point() {
    let mut verdict = Verdict::new("no f64 or f32 in model, ledger and reconcile", FLOATS_ALLOWED);
    for file in sources().iter().filter(|f| ["model", "ledger", "reconcile"].contains(&f.module())) {
        for (number, line) in file.lines().filter(|(_, l)| has_word(l, "f64") || has_word(l, "f32")) {
            verdict.wrong(&file.path, number, &format!("`{line}`"));
        }
    }
    verdict.end();
}

const PANICS_ALLOWED: &[(&str, &str)] = &[(
    "src/model/records.rs: `panic!(`",
    "a canonical table without one of its columns: the program contradicts itself",
)];

#[test]
fn whatever_can_panic_says_why_it_cannot() {
    let mut verdict =
        Verdict::new("unwrap, expect and panic! need a // reason on their line or above it", PANICS_ALLOWED);
    let words = [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!("];
    for file in sources() {
        for (number, line) in file.lines() {
            if let Some(word) = words.iter().find(|w| line.contains(*w)).filter(|_| !file.has_reason(number)) {
                verdict.wrong(&file.path, number, &format!("`{word}` without a reason"));
            }
        }
    }
    verdict.end();
}

const PRINTS_ALLOWED: &[(&str, &str)] = &[];

#[test]
fn only_commands_print() {
    let mut verdict = Verdict::new("println! and its kin only in src/cli", PRINTS_ALLOWED);
    let words = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];
    for file in sources().iter().filter(|f| f.module() != "cli") {
        for (number, line) in file.lines() {
            if let Some(word) = words.iter().find(|w| has_word(line, w.trim_end_matches('!')) && line.contains(*w)) {
                verdict.wrong(&file.path, number, &format!("`{word}`"));
            }
        }
    }
    verdict.end();
}

const CLOCK_ALLOWED: &[(&str, &str)] = &[];

#[test]
fn only_commands_look_at_the_clock() {
    let mut verdict = Verdict::new("no clock outside src/cli (Instant measures, it does not date)", CLOCK_ALLOWED);
    let words = ["Local::now", "Utc::now", "SystemTime::now", "OffsetDateTime::now", "Zoned::now", "Local::today"];
    for file in sources().iter().filter(|f| f.module() != "cli") {
        for (number, line) in file.lines() {
            if let Some(word) = words.iter().find(|w| line.contains(*w)) {
                verdict.wrong(&file.path, number, &format!("`{word}`"));
            }
        }
    }
    verdict.end();
}

// ---------------------------------------------------------------------------------------------------------------------
// Length.

const FILE_LINES: usize = 500;
const LONG_FILES_ALLOWED: &[(&str, &str)] =
    &[("src/finding.rs", "the catalogue of finding codes, one entry below the other")];

#[test]
fn files_are_short() {
    let mut verdict = Verdict::new("files of more than 500 lines", LONG_FILES_ALLOWED);
    for file in sources().iter().filter(|f| f.raw.len() > FILE_LINES) {
        verdict.wrong(&file.path, 1, &format!("{} lines", file.raw.len()));
    }
    verdict.end();
}

const FUNCTION_LINES: usize = 80;
const LONG_FUNCTIONS_ALLOWED: &[(&str, &str)] = &[];

#[test]
fn functions_are_short() {
    let mut verdict = Verdict::new("functions of more than 80 lines", LONG_FUNCTIONS_ALLOWED);
    for file in sources() {
        for (number, line) in file.all_lines().filter(|(_, l)| has_word(l, "fn")) {
            let name = heads(line.split("fn ").nth(1).unwrap_or_default()).concat();
            let length = end_of_item(&file.code, number - 1) + 2 - number;
            if !name.is_empty() && length > FUNCTION_LINES {
                verdict.wrong(&file.path, number, &format!("`{name}` has {length} lines"));
            }
        }
    }
    verdict.end();
}

// ---------------------------------------------------------------------------------------------------------------------
// Specs and stray words.

#[test]
fn every_built_in_spec_is_read() {
    let files = SpecFiles::new(vec![]);
    let specs = ReadingSpecs::load(&files).unwrap_or_else(|error| panic!("{:?}", miette::Report::new(error)));
    let registers = specs.tables.registers.len(); // they read themselves
    assert_eq!(specs.sources.len(), files.under("sources/").count() + registers);
    let mut on_disk = Vec::new();
    files_under(&root().join("report_specs"), ".toml", &mut on_disk);
    let name = |path: &PathBuf| path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
    let on_disk: Vec<String> = on_disk.iter().map(name).collect();
    let mut built_in: Vec<String> = files.all().iter().map(|f| f.name.clone()).collect();
    built_in.sort();
    assert_eq!(built_in, on_disk, "every spec of the repository is in the binary");
}

#[test]
fn every_spec_is_in_a_folder_that_somebody_reads() {
    let known = [
        "blanks.toml",
        "codes.toml",
        "settings.toml",
        "words",
        "workbooks.toml",
        "tables/",
        "sources/",
        "rules/",
        "figures/",
        "reports/daily/",
        "reports/weekly/",
        "reports/monthly/",
    ];
    for file in SpecFiles::new(vec![]).all() {
        let below = file.name.trim_start_matches("report_specs/");
        assert!(known.iter().any(|folder| below.starts_with(folder)), "{}: nobody reads it", file.name);
        assert!(file.text.parse::<toml::Table>().is_ok(), "{}: not TOML", file.name);
    }
}

/// Folders of a workbench, in parts so that this file does not name them itself.
fn stray_folders() -> [String; 4] {
    ["work", "tmp", "root", "home"].map(|name| format!("/{name}/"))
}

/// Hosts that the sources may name; any other may be a mirror of somebody's own.
const HOSTS: [&str; 5] = ["schemas.openxmlformats.org", "www.w3.org", "example.com", "docs.rs", "github.com"];

/// Hosts of the addresses in a line that are not in [`HOSTS`].
fn stray_hosts(line: &str) -> Vec<&str> {
    let host = |rest: &'_ str| {
        rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || ".-".contains(c)).len()
    };
    let after = line.match_indices("://").map(|(at, mark)| &line[at + mark.len()..]);
    after.map(|rest| &rest[..host(rest)]).filter(|h| h.contains('.') && !HOSTS.contains(h)).collect()
}

const STRAY_ALLOWED: &[(&str, &str)] = &[];

#[test]
fn no_path_or_host_of_a_workbench_is_in_the_sources() {
    let mut verdict = Verdict::new("paths and hosts of somebody's machine", STRAY_ALLOWED);
    let mut paths = Vec::new();
    for folder in ["src", "tests", "report_specs", "benches", ".cargo"] {
        for ending in [".rs", ".toml", ".md", ".sh"] {
            files_under(&root().join(folder), ending, &mut paths);
        }
    }
    paths.extend(["Cargo.toml", "build.rs", "rustfmt.toml", "clippy.toml"].map(|name| root().join(name)));
    for path in paths.iter().filter(|p| p.exists()) {
        let text = fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        for (index, line) in text.lines().enumerate() {
            let folders = stray_folders();
            let found = folders.iter().map(String::as_str).filter(|folder| line.contains(*folder));
            for word in found.chain(stray_hosts(line)) {
                verdict.wrong(&name, index + 1, &format!("`{word}`"));
            }
        }
    }
    verdict.end();
}

#[test]
fn dependencies_come_from_the_public_registry() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let source = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    for (index, line) in lock.lines().enumerate().filter(|(_, l)| l.starts_with("source = ")) {
        assert_eq!(line, source, "Cargo.lock:{}", index + 1);
    }
}

// ---------------------------------------------------------------------------------------------------------------------
// The rules find what they look for.

#[test]
fn the_reader_of_sources_is_not_fooled() {
    let text = "fn a() { // panic!(\n let s = \"x.unwrap() // {\"; let c = '{'; let r = r#\"\"}\"#; }\n/* fn b() {\n } */\n\
                #[cfg(test)]\nmod tests {\n use crate::cli;\n}\nfn c<'a>(x: &'a str) -> &'a str { x }\n";
    let file = SourceFile::new("src/ledger/x.rs".to_owned(), text);
    assert!(file.has_reason(1) && file.has_reason(2) && !file.has_reason(3), "{:?}", file.code);
    assert!(file.code.iter().all(|l| !l.contains("panic") && !l.contains("unwrap") && !l.contains("fn b")));
    assert_eq!(end_of_item(&file.code, 0), 1);
    assert_eq!(file.is_test, [false, false, false, false, true, true, true, true, false]);
    assert_eq!(file.module(), "ledger");
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::{model::{Fen, Row}, cli};\nuse super::super::report::x;\nuse super::state;\nlet x = crate::read::y();\n";
    let file = SourceFile::new("src/ledger/x.rs".to_owned(), text);
    let mut lines: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    imports(&file).into_iter().for_each(|(line, name)| lines.entry(line).or_default().push(name));
    assert_eq!(lines[&1], ["model", "cli"]);
    assert_eq!(lines[&2], ["report"]);
    assert_eq!(lines.get(&3), None);
    assert_eq!(lines[&4], ["read"]);
}
