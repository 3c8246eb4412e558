use std::ffi::OsStr;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use super::*;

/// An inbox with some files that were written long ago.
fn inbox(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, name).unwrap();
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
    }
    folder
}

fn look(folder: &tempfile::TempDir) -> (Vec<String>, Vec<(Code, String)>) {
    shown(&Inbox::look(folder.path(), &Limits::default()).unwrap())
}

fn shown(inbox: &Inbox) -> (Vec<String>, Vec<(Code, String)>) {
    let files = inbox.files.iter().map(|file| file.name.clone()).collect();
    (files, inbox.findings.iter().map(|finding| (finding.code, finding.file.clone())).collect())
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn folders_are_looked_into_and_what_programs_leave_behind_is_not() {
    let folder = inbox(&["b.csv", "A/a.csv", ".hidden", "~$b.xlsx", "c.PART", ".git/x.csv"]);
    assert_eq!(look(&folder), (names(&["A/a.csv", "b.csv"]), vec![]));
}

#[test]
fn odd_entries_are_told_and_cost_nothing_else() {
    let folder = inbox(&["good.csv", "sub/also.csv"]);
    let outside = inbox(&["secret.csv"]);
    let at = |name: &str| folder.path().join(name);
    symlink("/nowhere/at-all", at("1-dangling.csv")).unwrap();
    symlink("2-loop", at("2-loop")).unwrap();
    symlink(".", at("3-itself")).unwrap();
    symlink(outside.path().join("secret.csv"), at("4-outside.csv")).unwrap();
    symlink("good.csv", at("5-inside.csv")).unwrap();
    let _socket = UnixListener::bind(at("6-socket")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, at("7-fifo"), rustix::fs::Mode::RUSR).unwrap();
    fs::write(folder.path().join(OsStr::from_bytes(b"8-\xca\xd5\xd2\xf8.csv")), "x").unwrap();
    let (files, findings) = look(&folder);
    assert_eq!(files, names(&["8-收银.csv", "good.csv", "sub/also.csv"]));
    let expected = [
        (Code::LinkNotFollowed, "1-dangling.csv"),
        (Code::LinkNotFollowed, "2-loop"),
        (Code::LinkInside, "3-itself"),
        (Code::LinkNotFollowed, "4-outside.csv"),
        (Code::LinkInside, "5-inside.csv"),
        (Code::NotAFile, "6-socket"),
        (Code::NotAFile, "7-fifo"),
        (Code::NameNotUtf8, "8-收银.csv"),
    ];
    assert_eq!(findings, expected.map(|(code, name)| (code, name.to_owned())));
}

#[test]
fn a_link_is_told_as_it_is_written() {
    let folder = inbox(&[]);
    symlink("/proc/self/mem", folder.path().join("mem")).unwrap();
    let inbox = Inbox::look(folder.path(), &Limits::default()).unwrap();
    assert_eq!(inbox.findings[0].value, "/proc/self/mem");
}

#[test]
fn a_set_of_files_behind_a_hidden_folder_is_read_through_its_links() {
    let folder = inbox(&["..data/a.csv"]);
    symlink("..data/a.csv", folder.path().join("a.csv")).unwrap();
    let inbox = Inbox::look(folder.path(), &Limits::default()).unwrap();
    assert_eq!(shown(&inbox), (names(&["a.csv"]), vec![]));
    assert_eq!(inbox.files[0].bytes(&Limits::default()), Ok(b"..data/a.csv".to_vec()));
}

#[test]
fn what_is_too_deep_or_too_large_is_told_and_not_opened() {
    let deep = vec!["d"; DEEPEST - 1].join("/");
    let folder = inbox(&[&format!("{deep}/in.csv"), &format!("{deep}/d/out.csv")]);
    File::create(folder.path().join("huge.bak")).unwrap().set_len(2 << 30).unwrap();
    let (files, findings) = look(&folder);
    assert_eq!(files, [format!("{deep}/in.csv")]);
    assert_eq!(findings, [(Code::FolderTooDeep, format!("{deep}/d")), (Code::FileTooLarge, "huge.bak".to_owned())]);
}

fn settle(millis: u64, now: SystemTime) -> Settle {
    Settle { now, time: Duration::from_millis(millis) }
}

fn now(folder: &tempfile::TempDir) -> SystemTime {
    let probe = folder.path().join(".probe");
    fs::write(&probe, "").unwrap();
    fs::metadata(probe).unwrap().modified().unwrap()
}

#[test]
fn a_file_that_stands_still_is_read_after_a_wait_and_one_that_grows_is_not() {
    let folder = inbox(&["old.csv"]);
    for name in ["young.csv", "grows.csv"] {
        fs::write(folder.path().join(name), "a,b\n").unwrap();
    }
    let settle = settle(300, now(&folder));
    let path = folder.path().join("grows.csv");
    let writer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        fs::write(path, "a,b\n1,2\n").unwrap();
    });
    let inbox = Inbox::settled(folder.path(), &Limits::default(), settle).unwrap();
    writer.join().unwrap();
    let written = vec![(Code::StillWritten, "grows.csv".to_owned())];
    assert_eq!(shown(&inbox), (names(&["old.csv", "young.csv"]), written));
}

#[test]
fn nobody_waits_for_old_files_or_where_nobody_wants_to() {
    let folder = inbox(&["old.csv"]);
    let begun = std::time::Instant::now();
    Inbox::settled(folder.path(), &Limits::default(), settle(5_000, now(&folder))).unwrap();
    fs::write(folder.path().join("young.csv"), "x").unwrap();
    let inbox = Inbox::settled(folder.path(), &Limits::default(), settle(0, now(&folder))).unwrap();
    assert_eq!(inbox.files.len(), 2);
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn what_changes_between_looking_and_reading_is_still_written() {
    let folder = inbox(&["a.csv", "b.csv", "c.csv"]);
    let inbox = Inbox::look(folder.path(), &Limits::default()).unwrap();
    fs::write(folder.path().join("a.csv"), "more than before").unwrap();
    fs::remove_file(folder.path().join("b.csv")).unwrap();
    let read: Vec<_> = inbox.files.iter().map(|f| f.bytes(&Limits::default()).map_err(|f| f.code)).collect();
    assert_eq!(read, [Err(Code::StillWritten), Err(Code::StillWritten), Ok(b"c.csv".to_vec())]);
}
