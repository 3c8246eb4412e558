//! Cases of other systems for `hesuan match`: each translated from its words into rules, run by the program itself.
//!
//! The cases lie beside the repository (`../shared/conformance/match`), or in the folder that `HESUAN_MATCH_CASES` names;
//! where there are none, that is said. docs/matching.md lists those that are not expected to pass, with the reason.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

mod cases;

/// Folders with an `expected.json`, two levels below the root.
fn folders() -> Vec<PathBuf> {
    let root = std::env::var_os("HESUAN_MATCH_CASES")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/match"), PathBuf::from);
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
        paths.sort();
        paths
    };
    let cases = entries(&root).into_iter().flat_map(|system| entries(&system));
    cases.filter(|case| case.join("expected.json").is_file()).collect()
}

/// Cases that docs/matching.md lists as not expressible, `system/case`.
fn excused() -> BTreeSet<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/matching.md")).unwrap_or_default();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| line.split('`').next());
    rows.filter(|name| name.contains('/')).map(str::to_owned).collect()
}

#[test]
fn every_case_of_another_system_is_matched_as_expected_or_excused() {
    let folders = folders();
    if folders.is_empty() {
        println!("skipped: no cases beside the repository");
        return;
    }
    let excused = excused();
    let (mut passed, mut wrong) = (0, String::new());
    for folder in &folders {
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let case = format!("{}/{}", name(folder.parent().unwrap()), name(folder));
        let text = fs::read_to_string(folder.join("expected.json")).unwrap();
        let truth: Value = serde_json::from_str(&text).unwrap();
        match cases::run(folder, &truth) {
            Ok(()) if excused.contains(&case) => {
                writeln!(wrong, "{case}: excused in docs/matching.md, and passes").unwrap()
            }
            Ok(()) => passed += 1,
            Err(_) if excused.contains(&case) => {}
            Err(why) => writeln!(wrong, "{case}: {why}").unwrap(),
        }
    }
    println!("{passed} of {} cases as expected", folders.len());
    assert!(wrong.is_empty(), "{passed} of {} as expected; the others:\n{wrong}", folders.len());
}

/// Cases of our own in the same form: the words of params that few of the others use.
#[test]
fn every_word_of_params_asks_for_what_it_says() {
    let mut wrong = String::new();
    for own in cases::own::all() {
        let folder = tempfile::tempdir().unwrap();
        for (side, name) in ["left.csv", "right.csv"].iter().enumerate() {
            fs::write(folder.path().join(name), own.file(side)).unwrap();
        }
        if let Err(why) = cases::run(folder.path(), &own.truth()) {
            writeln!(wrong, "{}: {why}", own.name).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_word_that_is_not_understood_fails_its_case() {
    let mut own = cases::own::all().remove(0);
    let folder = tempfile::tempdir().unwrap();
    for (side, name) in ["left.csv", "right.csv"].iter().enumerate() {
        fs::write(folder.path().join(name), own.file(side)).unwrap();
    }
    for (word, value) in [("colour", "red"), ("tie", "by colour"), ("date_anchor", "above"), ("mode", "magic")] {
        own = cases::own::all().remove(0);
        own.params[word] = value.into();
        let why = cases::run(folder.path(), &own.truth()).unwrap_err();
        assert!(why.contains("not understood") && why.contains(word), "{word}: {why}");
    }
}
