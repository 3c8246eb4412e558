use std::io::Write;

use encoding_rs::GB18030;

#[path = "../../tests/common/packed.rs"]
mod packed;

use packed::{gzipped, tarred, zipped};

use crate::read::limits::Limits;
use crate::read::raw::{Cell, Format, ProblemCode, RawFile};
use crate::read::read_file;

fn read_with(bytes: &[u8], limits: &Limits) -> RawFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    read_file(file.path(), limits)
}

fn read(bytes: &[u8]) -> RawFile {
    read_with(bytes, &Limits::default())
}

fn names(file: &RawFile) -> Vec<&str> {
    file.sheets.iter().map(|s| s.name.as_str()).collect()
}

fn problems(file: &RawFile) -> Vec<(ProblemCode, &str)> {
    file.problems.iter().map(|p| (p.code, p.sheet.as_str())).collect()
}

const CSV: &[u8] = "单号,金额\nA1,880.00\n".as_bytes();

#[test]
fn every_export_of_an_archive_is_a_sheet_of_its_own_name() {
    let inner = zipped(&[("深/流水.csv", CSV)]);
    let parts: [(&str, &[u8]); 5] = [
        ("夹/结算.csv", CSV),
        ("__MACOSX/._a", b"x"),
        ("夹/Thumbs.db", b"x"),
        ("b.zip", &inner),
        ("说明.pdf", b"%PDF-1.7"),
    ];
    let zip = read(&zipped(&parts));
    assert_eq!(zip.format, Format::Archive);
    assert_eq!(names(&zip), ["夹/结算.csv", "b.zip/深/流水.csv"]);
    assert_eq!(zip.sheets[1].rows[1].cells, [Cell::Text("A1".into()), Cell::Text("880.00".into())]);
    assert_eq!(problems(&zip), [(ProblemCode::FileUnknown, "说明.pdf")]);
    let tar = read(&gzipped(&tarred(&[("a/流水.csv", CSV), ("b.csv", CSV)])));
    assert_eq!((tar.format, names(&tar)), (Format::Archive, vec!["a/流水.csv", "b.csv"]));
    let gz = read(&gzipped(CSV));
    assert_eq!((gz.format, names(&gz), problems(&gz)), (Format::Csv, vec![""], vec![]));
}

#[test]
fn names_of_old_programs_are_chinese() {
    // The library writes names as UTF-8 only: the bytes are put in place of ones of equal length.
    let name = GB18030.encode("收银.csv").0.into_owned();
    let mut bytes = zipped(&[("abcd.csv", CSV)]);
    for at in 0..bytes.len() - 8 {
        if &bytes[at..at + 8] == b"abcd.csv" {
            bytes[at..at + 8].copy_from_slice(&name);
        }
    }
    assert_eq!(names(&read(&bytes)), ["收银.csv"]);
}

#[test]
fn what_cannot_be_unpacked_is_told_at_its_entry_and_the_rest_is_read() {
    let mut bytes = zipped(&[("a.csv", CSV), ("b.csv", CSV)]);
    // The bit that says encrypted, in both places where the first entry has it.
    for signature in [b"PK\x03\x04", b"PK\x01\x02"] {
        let at = bytes.windows(4).position(|w| w == signature).expect("there");
        bytes[at + if signature[2] == 3 { 6 } else { 8 }] |= 1;
    }
    let file = read(&bytes);
    assert_eq!(problems(&file), [(ProblemCode::FileEncrypted, "a.csv")]);
    assert_eq!(names(&file), ["b.csv"]);
    for (kind, code) in
        [(&b"Rar!\x1A\x07\0"[..], ProblemCode::ArchiveUnread), (b"7z\xBC\xAF\x27\x1C", ProblemCode::ArchiveUnread)]
    {
        assert_eq!(problems(&read(kind)), [(code, "")]);
    }
    let deep = (0..3).fold(CSV.to_vec(), |inner, _| zipped(&[("x", &inner)]));
    assert_eq!(problems(&read(&deep)), [(ProblemCode::ArchiveUnread, "x/x")]);
    assert_eq!(problems(&read(&zipped(&[]))), [(ProblemCode::FileEmpty, "")]);
}

#[test]
fn bombs_stop_at_the_limit() {
    let limits = Limits { file_bytes: 64 << 10, unpacked_bytes: 100 << 10, ..Limits::default() };
    let zeros = vec![b'0'; 8 << 20];
    assert_eq!(problems(&read_with(&gzipped(&zeros), &limits)), [(ProblemCode::FileTooLarge, "")]);
    let file = read_with(&zipped(&[("a", &zeros), ("b", &zeros), ("c.csv", CSV)]), &limits);
    assert!(problems(&file).iter().all(|(code, _)| *code == ProblemCode::FileTooLarge) && file.sheets.is_empty());
    let cut = gzipped(CSV);
    assert_eq!(problems(&read(&cut[..cut.len() - 9])), [(ProblemCode::FileDamaged, "")]);
}
