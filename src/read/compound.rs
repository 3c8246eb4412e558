//! OLE compound files, the container of `.xls`, of encrypted workbooks and of much else.

/// What such a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compound {
    Workbook,
    Encrypted,
    /// The file ends before a sector that it uses.
    CutOff,
    Other,
}

/// A sector that holds nothing.
const FREE: u32 = 0xFFFF_FFFF;

/// Looks through the directory for the streams that tell what it is.
///
/// Directory entries are 128 bytes long and stand on multiples of 128: the name in UTF-16, its length behind it.
pub(super) fn compound(bytes: &[u8]) -> Compound {
    if is_cut_off(bytes).unwrap_or(true) {
        return Compound::CutOff;
    }
    let mut found = Compound::Other;
    for entry in bytes.as_chunks::<128>().0 {
        if named(entry, "EncryptedPackage") {
            return Compound::Encrypted;
        }
        if named(entry, "Workbook") || named(entry, "Book") {
            found = Compound::Workbook;
        }
    }
    found
}

fn named(entry: &[u8; 128], name: &str) -> bool {
    let length = usize::from(u16::from_le_bytes([entry[64], entry[65]]));
    length == name.len() * 2 + 2 && name.bytes().enumerate().all(|(i, b)| entry[2 * i] == b && entry[2 * i + 1] == 0)
}

/// Whether the last sector in use begins beyond the end; nothing if not even the header is whole.
///
/// Asked first, as the library answers a file that ends too early with a panic now and then. Of the allocation table
/// the part is looked at that the header lists, enough for 7 MB in small sectors.
fn is_cut_off(bytes: &[u8]) -> Option<bool> {
    let shift = u16::from_le_bytes(bytes.get(30..32)?.try_into().ok()?);
    let size = 1usize.checked_shl(u32::from(shift)).filter(|size| (128..=1 << 20).contains(size))?;
    let table_sectors = word(bytes, 44)?.min(109);
    for index in 0..table_sectors as usize {
        let sector = word(bytes, 76 + 4 * index)? as usize;
        let Some(table) = bytes.get((sector + 1).checked_mul(size)?..(sector + 2).checked_mul(size)?) else {
            return Some(true);
        };
        let used = table.as_chunks::<4>().0.iter().rposition(|entry| u32::from_le_bytes(*entry) != FREE);
        let last = used.map(|at| index * (size / 4) + at);
        if last.is_some_and(|last| (last + 1).saturating_mul(size) >= bytes.len()) {
            return Some(true);
        }
    }
    Some(false)
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compound_file_is_told_by_its_streams() {
        let with = |stream: &str| {
            let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).expect("in memory");
            file.create_stream(stream).expect("a legal name");
            file.flush().expect("in memory");
            file.into_inner().into_inner()
        };
        assert_eq!(compound(&with("Workbook")), Compound::Workbook);
        assert_eq!(compound(&with("EncryptedPackage")), Compound::Encrypted);
        let word = with("WordDocument");
        assert_eq!(compound(&word), Compound::Other);
        for length in [9, 600, word.len() - 4_096] {
            assert_eq!(compound(&word[..length]), Compound::CutOff, "cut to {length}");
        }
    }
}
