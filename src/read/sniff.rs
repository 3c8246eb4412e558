//! What a file is, told by its bytes. Dealer systems call HTML, tab text and real workbooks alike `.xls`.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::raw::Format;

/// The first look: which container or kind of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Empty,
    Zip,
    Gzip,
    Tar,
    /// An archive of a kind that is not unpacked.
    Archive(&'static str),
    /// An OLE compound file, the container of `.xls` and of encrypted workbooks.
    Compound,
    Text,
    /// Known and not read: what it is.
    Unknown(&'static str),
}

/// Text that starts with a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    Html,
    /// XML Spreadsheet 2003, the form in which Excel 2003 wrote workbooks as XML.
    Xml2003,
    No,
    Unknown(&'static str),
}

/// What a zip container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zipped {
    Workbook(Format),
    /// A zip file with other files in it.
    Archive,
    /// Known and not read: what it is.
    Other(&'static str),
}

const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xFF\xD8\xFF", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x7FELF", "executable"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format 3", "SQLite"),
    (b"MIME-Version:", "MHTML"),
];
const ARCHIVES: &[(&[u8], &str)] = &[
    (b"Rar!\x1A", "RAR"),
    (b"7z\xBC\xAF", "7-Zip"),
    (b"BZh", "bzip2"),
    (b"\xFD7zXZ", "xz"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"MSCF\0", "CAB"),
    (b"\x1F\x9D", "compress"),
    (b"PK\x07\x08", "zip"),
];
/// Bytes looked at for telling text from anything else.
const SAMPLE: usize = 16 << 10;

pub(super) fn kind(bytes: &[u8]) -> Kind {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return Kind::Compound;
    }
    if bytes.starts_with(b"\x1F\x8B") {
        return Kind::Gzip;
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Kind::Tar;
    }
    // Text may begin with the letters of bzip2, but not go on in bytes that no encoding has.
    let binary = || looks_binary(&bytes[..bytes.len().min(SAMPLE)]);
    let archive = ARCHIVES.iter().find(|(signature, _)| bytes.starts_with(signature));
    if let Some((_, name)) = archive.filter(|(signature, _)| !signature.iter().all(u8::is_ascii_graphic) || binary()) {
        return Kind::Archive(name);
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Kind::Unknown(name);
    }
    if bytes.is_empty() {
        return Kind::Empty;
    }
    if binary() { Kind::Unknown("binary") } else { Kind::Text }
}

/// Control characters that no export writes, in a share that no slip explains.
/// Zero bytes of UTF-16 are not counted: they stand on one side of every pair only.
fn looks_binary(sample: &[u8]) -> bool {
    if utf16(sample).is_some() {
        return false;
    }
    let strange = sample.iter().filter(|b| **b < 0x20 && !matches!(**b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A)).count();
    // A lone NUL in an otherwise good text is a finding of that row, not a reason to refuse the file.
    strange > 2 && strange * 20 > sample.len()
}

/// The byte order of UTF-16 text, from its mark or from where its zero bytes stand.
pub(super) fn utf16(sample: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if sample.starts_with(&[0xFF, 0xFE]) {
        return Some(encoding_rs::UTF_16LE);
    }
    if sample.starts_with(&[0xFE, 0xFF]) {
        return Some(encoding_rs::UTF_16BE);
    }
    let pairs = sample.len().min(4 << 10) / 2;
    let zeros = |side: usize| (0..pairs).filter(|i| sample[2 * i + side] == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    // Chinese letters have no zero byte, delimiters, digits and line ends do: one pair in ten is enough.
    // Fewer than three of them are slips in text of another encoding.
    if low * 10 >= pairs && low > 2 && high * 20 <= low {
        Some(encoding_rs::UTF_16LE)
    } else if high * 10 >= pairs && high > 2 && low * 20 <= high {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

/// Which workbook a zip container is, or what else.
pub(super) fn zipped<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Zipped {
    let names: Vec<String> = archive.file_names().flatten().map(|n| n.to_ascii_lowercase()).collect();
    let has = |test: &dyn Fn(&str) -> bool| names.iter().any(|n| test(n));
    if has(&|n| n == "mimetype") {
        let mut mime = String::new();
        if let Ok(entry) = archive.by_name("mimetype") {
            // Whatever cannot be read as text here is no mime type of ours.
            let _ = entry.take(64).read_to_string(&mut mime);
        }
        let sheet = mime.trim() == "application/vnd.oasis.opendocument.spreadsheet";
        return if sheet { Zipped::Workbook(Format::Ods) } else { Zipped::Other("OpenDocument") };
    }
    if has(&|n| n.starts_with("xl/workbook") && n.ends_with(".bin")) {
        return Zipped::Other("xlsb");
    }
    if has(&|n| n.replace('\\', "/").starts_with("xl/workbook") && n.ends_with(".xml")) {
        return Zipped::Workbook(Format::Xlsx);
    }
    let others = [
        ("[content_types].xml", "Office"),
        ("ofd.xml", "OFD"),
        ("index/document.iwa", "iWork"),
        ("meta-inf/manifest.mf", "Java"),
        ("androidmanifest.xml", "Android"),
    ];
    if has(&|n| n.starts_with("word/") || n.starts_with("ppt/")) {
        return Zipped::Other("Office");
    }
    others.iter().find(|(name, _)| has(&|n| n == *name)).map_or(Zipped::Archive, |(_, what)| Zipped::Other(what))
}

/// The format that a zip container without its end must have had.
pub(super) fn cut_zip(bytes: &[u8]) -> Format {
    let head = &bytes[..bytes.len().min(SAMPLE)];
    let has = |name: &[u8]| head.windows(name.len()).any(|w| w == name);
    if has(b"opendocument.spreadsheet") {
        Format::Ods
    } else if has(b"xl/") || has(b"[Content_Types].xml") {
        Format::Xlsx
    } else {
        Format::Unknown
    }
}

/// Whether decoded text is HTML. Only its beginning is looked at.
pub(super) fn markup(text: &str) -> Markup {
    let text = text.trim_start();
    if !text.starts_with('<') {
        return Markup::No;
    }
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text[..end].to_ascii_lowercase();
    let is_workbook = head.contains("<workbook") || head.contains(":workbook");
    if is_workbook && head.contains("urn:schemas-microsoft-com:office:spreadsheet") && !head.contains("<html") {
        return Markup::Xml2003;
    }
    let tags = ["<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<style", "<div", "<tr"];
    if tags.iter().any(|tag| head.contains(tag)) {
        Markup::Html
    } else if head.starts_with("<?xml") {
        Markup::Unknown("XML")
    } else {
        Markup::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(kind(b""), Kind::Empty);
        assert_eq!(kind(b"%PDF-1.7"), Kind::Unknown("PDF"));
        assert_eq!(kind(b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0"), Kind::Unknown("binary"));
        assert_eq!(kind(b"PK\x03\x04"), Kind::Zip);
        assert_eq!(kind("单号,金额\n1,2".as_bytes()), Kind::Text);
        assert_eq!(kind(b"a,b\nc,\0d\n"), Kind::Text);
    }

    #[test]
    fn utf16_is_told_without_a_mark() {
        let le: Vec<u8> = "结算单号\t金额\r\nJS01\t12.50\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = "结算单号\t金额\r\nJS01\t12.50\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(utf16(&le), Some(encoding_rs::UTF_16LE));
        assert_eq!(utf16(&be), Some(encoding_rs::UTF_16BE));
        assert_eq!(utf16("单号,金额".as_bytes()), None);
        assert_eq!(kind(&le), Kind::Text);
    }

    #[test]
    fn markup_is_told_from_text_and_other_xml() {
        assert_eq!(markup("\r\n <HTML><body>"), Markup::Html);
        assert_eq!(markup("<?xml version='1.0'?><html xmlns='x'>"), Markup::Html);
        assert_eq!(markup("<3, 4\n5,6"), Markup::No);
        assert_eq!(markup("<?xml version='1.0'?><a/>"), Markup::Unknown("XML"));
        let old = "<?xml?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Table>";
        assert_eq!(markup(old), Markup::Xml2003);
    }
}
