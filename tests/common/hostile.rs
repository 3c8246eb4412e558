//! Small files that are no good: cut off, empty of sense, or made to ask for more than a machine has.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

/// A workbook whose second half never arrived.
pub fn cut_off(whole: &[u8]) -> Vec<u8> {
    whole[..whole.len() / 2].to_vec()
}

/// A workbook of a few hundred kilobytes that unpacks to `megabytes`.
pub fn bomb(megabytes: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relation = format!(
        "<Relationships xmlns=\"{relations}\"><Relationship Id=\"rId1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    for (name, text) in [("xl/workbook.xml", book), ("xl/_rels/workbook.xml.rels", relation)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(format!("<worksheet xmlns=\"{main}\"><sheetData>").as_bytes()).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..megabytes {
        zip.write_all(&blanks).unwrap();
    }
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap().into_inner()
}

/// An .xls of 5 kB whose two cells lie in opposite corners: a dense table of it takes 65 536 × 65 536 cells.
pub fn xls_of_two_far_cells() -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let start = |kind: u16| record(0x0809, &[&0x0600u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let end = record(0x000A, &[]);
    let mut stream = start(5);
    let name = [&[0u8, 0, 2, 0][..], b"S1"].concat();
    let position = (stream.len() + 4 + 4 + name.len() + end.len()) as u32;
    stream.extend(record(0x0085, &[&position.to_le_bytes()[..], &name].concat()));
    stream.extend(&end);
    stream.extend(start(0x10));
    for (row, column) in [(0u16, 0u16), (65_535, 65_535)] {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        stream.extend(record(0x0203, &[&place[..], &1.5f64.to_le_bytes()].concat()));
    }
    stream.extend(&end);
    stream.resize(stream.len().max(5_000), 0); // smaller streams are stored in another way
    compound(&[("Small", b"small"), ("Workbook", &stream)])
}

/// What Excel makes of a workbook with a password.
pub fn encrypted() -> Vec<u8> {
    compound(&[("EncryptionInfo", &[4, 0, 4, 0]), ("EncryptedPackage", &[7; 6_000])])
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, content) in streams {
        file.create_stream(name).unwrap().write_all(content).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// A table whose one cell claims a thousand million columns.
pub fn wide_html() -> Vec<u8> {
    b"<html><table><tr><td colspan=999999999 rowspan=999999999>x</td></tr><tr><td>y</td></tr></table></html>".to_vec()
}
