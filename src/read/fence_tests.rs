use std::fs;

use super::*;
use crate::read::raw::ProblemCode;

/// Three files that can be opened.
fn files() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = ["a.csv", "b.csv", "c.csv"].iter().map(|name| folder.path().join(name)).collect();
    paths.iter().for_each(|path| fs::write(path, "x").unwrap());
    (folder, paths)
}

/// What became of three files when each child is a shell running `script`; `$0` is a folder of their own.
fn with_children(program: &str, script: &str) -> Vec<(usize, String)> {
    let (folder, paths) = files();
    let limits = Limits { seconds_per_file: 1, ..Limits::default() };
    let mut seen = Vec::new();
    let own = folder.path().to_str().unwrap();
    read_all(Path::new(program), &["-c", script, own], &paths, &limits, 2, &mut |index, file| {
        assert!(file.sheets.is_empty());
        let problem = file.problems.first();
        assert!(problem.is_none_or(|problem| problem.code == ProblemCode::ReaderFailed));
        seen.push((index, problem.map_or_else(String::new, |problem| problem.value.clone())));
    });
    seen
}

fn everywhere(said: &str) -> Vec<(usize, String)> {
    (0..3).map(|i| (i, said.to_owned())).collect()
}

#[test]
fn a_dying_child_costs_its_file_only_and_its_last_words_are_kept() {
    let script =
        "printf 'hesuan reader 2\\n0'; head -c 1 >/dev/null; echo out of memory >&2; echo 'note: x' >&2; kill -6 $$";
    assert_eq!(with_children("/bin/sh", script), everywhere("signal 6: out of memory"));
}

#[test]
fn a_hanging_child_is_ended() {
    assert_eq!(with_children("/bin/sh", "printf 'hesuan reader 2\\n0'; exec sleep 60"), everywhere("out of time"));
}

#[test]
fn an_answer_that_is_none_is_no_table() {
    let script = "printf 'hesuan reader 2\\n0\\1\\0\\0\\0\\0\\0\\0\\0x'; exec sleep 60";
    assert_eq!(with_children("/bin/sh", script), everywhere("signal 9"));
}

#[test]
fn without_a_child_every_file_is_answered_for() {
    assert_eq!(with_children("/bin/sh", "echo something else"), everywhere("not a reader: exit 0"));
    assert!(with_children("/nonexistent/program", "").iter().all(|(_, said)| said.contains("No such file")));
}

/// The record of a file without sheets and without problems.
const EMPTY: &str = "\\5\\0\\0\\0\\0\\0\\0\\0\\4\\10\\0\\0\\0";

#[test]
fn children_that_die_before_their_greeting_cost_nothing() {
    // The first four die at once, all later ones answer.
    let script = format!(
        "for n in 1 2 3 4; do mkdir \"$0/$n\" 2>/dev/null && kill -9 $$; done; printf 'hesuan reader 2\\n0'; \
         while [ -n \"$(head -c 1)\" ]; do printf '{EMPTY}'; done"
    );
    assert_eq!(with_children("/bin/sh", &script), everywhere(""));
}

#[test]
fn a_file_whose_child_dies_is_tried_once_more_alone() {
    let script = format!(
        "printf 'hesuan reader 2\\n0'; while [ -n \"$(head -c 1)\" ]; do \
         mkdir \"$0/once\" 2>/dev/null && kill -6 $$; printf '{EMPTY}'; done"
    );
    assert_eq!(with_children("/bin/sh", &script), everywhere(""));
}

#[test]
fn a_reader_that_somebody_kills_is_replaced_several_times() {
    let script = format!(
        "printf 'hesuan reader 2\\n0'; while [ -n \"$(head -c 1)\" ]; do \
         for n in 1 2 3 4 5 6; do mkdir \"$0/$n\" 2>/dev/null && kill -9 $$; done; printf '{EMPTY}'; done"
    );
    assert_eq!(with_children("/bin/sh", &script), everywhere(""));
}

#[test]
fn what_cannot_be_opened_is_of_the_moment_and_what_is_too_large_is_not() {
    let (_folder, mut paths) = files();
    fs::remove_file(&paths[0]).unwrap();
    fs::write(&paths[1], vec![b'x'; 100]).unwrap();
    paths.truncate(2);
    let limits = Limits { file_bytes: 99, ..Limits::default() };
    let mut seen = Vec::new();
    read_all(Path::new("/nonexistent"), &[], &paths, &limits, 1, &mut |_, file| seen.push(file.problems[0].code));
    assert_eq!(seen, [ProblemCode::ReaderFailed, ProblemCode::FileTooLarge]);
}

#[test]
fn no_files_no_children() {
    read_all(Path::new("/nonexistent"), &[], &[], &Limits::default(), 2, &mut |_, _| panic!("nothing to deliver"));
}

#[test]
fn a_panic_of_the_receiver_ends_the_workers() {
    let paths = vec![PathBuf::from("a.csv"); 500];
    let caught = std::panic::catch_unwind(|| {
        read_all(Path::new("/nonexistent"), &[], &paths, &Limits::default(), 2, &mut |_, _| panic!("enough"));
    });
    assert!(caught.is_err());
}
