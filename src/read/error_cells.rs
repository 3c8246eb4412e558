//! Error values of xlsx cells that the library does not know.

use std::borrow::Cow;
use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;

use regex::bytes::{Captures, Regex};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What the library reads; newer ones are `#SPILL!`, `#CALC!`, `#FIELD!`, `#BLOCKED!`, `#PYTHON!` ...
const KNOWN: [&[u8]; 7] = [b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"];

/// A cell of type `e`, its formula, and the value.
static CELL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let cell = r#"(?s-u)(<(?:\w+:)?c\s[^>]*?\bt=["']e["'][^>]*>\s*(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>)?\s*<(?:\w+:)?v>)([^<]*)(<)"#;
    Regex::new(cell).ok()
});

/// The workbook with `#VALUE!` in the cells whose error is not known; nothing where it cannot be taken apart.
pub(super) fn known_to_the_library(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut into = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    for index in 0..from.len() {
        let name = from.by_index_raw(index).ok()?.name().ok()?.to_string();
        if name.to_ascii_lowercase().contains("xl/worksheets/") && name.to_ascii_lowercase().ends_with(".xml") {
            let mut part = Vec::new();
            from.by_index(index).ok()?.read_to_end(&mut part).ok()?;
            into.start_file(&name, SimpleFileOptions::default()).ok()?;
            into.write_all(&mended(&part)?).ok()?;
        } else {
            into.raw_copy_file(from.by_index_raw(index).ok()?).ok()?;
        }
    }
    Some(into.finish().ok()?.into_inner())
}

fn mended(part: &[u8]) -> Option<Cow<'_, [u8]>> {
    let replaced = |found: &Captures<'_>| {
        let value = if KNOWN.contains(&&found[2]) { &found[2] } else { b"#VALUE!" };
        [&found[1], value, &found[3]].concat()
    };
    Some(CELL.as_ref()?.replace_all(part, replaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_that_are_not_known_are_replaced() {
        let part = "<c r=\"A1\" t=\"e\"><v>#SPILL!</v></c><c r='B1' s='1' t='e'><f>A1#</f><v>#CALC!</v></c>\
                    <c t=\"e\"><v>#N/A</v></c><c t=\"str\"><v>#12</v></c><x:c t=\"e\"><x:f a=\"1\"/><x:v>#FIELD!</x:v></x:c>";
        let text = String::from_utf8(mended(part.as_bytes()).unwrap().into_owned()).unwrap();
        assert_eq!(
            text,
            "<c r=\"A1\" t=\"e\"><v>#VALUE!</v></c><c r='B1' s='1' t='e'><f>A1#</f><v>#VALUE!</v></c>\
             <c t=\"e\"><v>#N/A</v></c><c t=\"str\"><v>#12</v></c><x:c t=\"e\"><x:f a=\"1\"/><x:v>#VALUE!</x:v></x:c>"
        );
    }
}
