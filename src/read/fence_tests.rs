use super::*;
use crate::read::raw::ProblemCode;

/// What became of three files when each child is a shell running `script`.
fn with_children(program: &str, script: &str) -> Vec<(usize, String)> {
    let paths = ["a.csv", "b.csv", "c.csv"].map(PathBuf::from);
    let limits = Limits { seconds_per_file: 1, ..Limits::default() };
    let mut seen = Vec::new();
    read_all(Path::new(program), &["-c", script], &paths, &limits, 2, &mut |index, file| {
        assert_eq!(file.problems[0].code, ProblemCode::ReaderFailed);
        seen.push((index, file.problems[0].value.clone()));
    });
    seen
}

fn everywhere(said: &str) -> Vec<(usize, String)> {
    (0..3).map(|i| (i, said.to_owned())).collect()
}

#[test]
fn a_dying_child_costs_its_file_only_and_its_last_words_are_kept() {
    let script =
        "printf 'hesuan reader 1\\n'; head -c 4 >/dev/null; echo out of memory >&2; echo 'note: x' >&2; kill -6 $$";
    assert_eq!(with_children("/bin/sh", script), everywhere("signal 6: out of memory"));
}

#[test]
fn a_hanging_child_is_ended() {
    assert_eq!(with_children("/bin/sh", "printf 'hesuan reader 1\\n'; exec sleep 60"), everywhere("out of time"));
}

#[test]
fn an_answer_that_is_none_is_no_table() {
    let script = "printf 'hesuan reader 1\\n\\1\\0\\0\\0\\0\\0\\0\\0x'; exec sleep 60";
    assert_eq!(with_children("/bin/sh", script), everywhere("signal 9"));
}

#[test]
fn without_a_child_every_file_is_answered_for() {
    assert_eq!(with_children("/bin/sh", "echo something else"), everywhere("not a reader: exit 0"));
    assert!(with_children("/nonexistent/program", "").iter().all(|(_, said)| said.contains("No such file")));
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
