//! What the spreadsheet library does not tell of an xls workbook: formulas that were never calculated, and formats that
//! fill numbers up with zeros.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use super::shown::Padded;

/// Of one sheet; places are 0-based rows and columns.
#[derive(Debug, Default)]
pub(super) struct SheetNotes {
    /// Number cells whose format fills them up with zeros: index into [`Notes::formats`].
    pub(super) padded: HashMap<(u32, u32), usize>,
    /// Formula cells whose stored result is 0 and which ask to be calculated when the file is opened.
    pub(super) uncalculated: HashSet<(u32, u32)>,
}

/// Of a workbook, its sheets in order.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) formats: Vec<Padded>,
    pub(super) sheets: Vec<SheetNotes>,
}

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const BOUNDSHEET: u16 = 0x0085;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const FORMULA: u16 = 0x0006;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027E;
const MULRK: u16 = 0x00BD;
/// A sheet that was saved without being calculated.
const UNCALCED: u16 = 0x005E;
/// Of a formula: calculate when the file is opened.
const ON_OPEN: u16 = 0x0002;

/// Goes through the records of a workbook. Whatever cannot be followed is left to the library to refuse.
pub(super) fn notes(file: &[u8]) -> Notes {
    let Some(stream) = stream_of(file) else { return Notes::default() };
    let mut reading = Reading::default();
    let mut at = 0;
    while let Some(head) = stream.get(at..at + 4) {
        let (kind, length) =
            (u16::from_le_bytes([head[0], head[1]]), usize::from(u16::from_le_bytes([head[2], head[3]])));
        let Some(body) = stream.get(at + 4..at + 4 + length) else { break };
        reading.record(at, kind, body);
        at += 4 + length;
    }
    reading.finish()
}

fn stream_of(file: &[u8]) -> Option<Vec<u8>> {
    let mut container = cfb::CompoundFile::open(Cursor::new(file)).ok()?;
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name))?;
    let mut bytes = Vec::new();
    container.open_stream(name).ok()?.take(file.len() as u64).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[derive(Default)]
struct Reading {
    notes: Notes,
    /// Where each sheet begins in the stream.
    starts: Vec<u32>,
    /// Index into the formats, by number format and by cell format.
    formats: HashMap<u16, usize>,
    cell_formats: Vec<Option<usize>>,
    /// The sheet being read and how many beginnings stand open in it (charts lie in sheets).
    sheet: Option<usize>,
    depth: u32,
    uncalced: HashSet<usize>,
    zeros: Vec<(usize, (u32, u32))>,
}

impl Reading {
    fn record(&mut self, at: usize, kind: u16, body: &[u8]) {
        match kind {
            BOF => {
                self.depth += 1;
                if self.depth == 1 {
                    self.sheet = self.starts.iter().position(|start| *start as usize == at);
                }
            }
            EOF => self.depth = self.depth.saturating_sub(1),
            BOUNDSHEET => {
                self.starts.extend(body.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes)));
                self.notes.sheets.push(SheetNotes::default());
            }
            FORMAT => {
                if let (Some(id), Some(padded)) =
                    (word(body, 0), string(&body[2.min(body.len())..]).and_then(|f| Padded::of(&f)))
                {
                    self.notes.formats.push(padded);
                    self.formats.insert(id, self.notes.formats.len() - 1);
                }
            }
            XF => self.cell_formats.push(word(body, 2).and_then(|id| self.formats.get(&id).copied())),
            UNCALCED => self.uncalced.extend(self.sheet),
            FORMULA => self.formula(body),
            NUMBER | RK => self.cell(body, 4, 2),
            MULRK => {
                let cells = body.len().saturating_sub(6) / 6;
                for i in 0..cells {
                    let column = word(body, 2).unwrap_or(0).saturating_add(u16::try_from(i).unwrap_or(u16::MAX));
                    self.number(word(body, 0), Some(column), word(body, 4 + 6 * i));
                }
            }
            _ => {}
        }
    }

    fn cell(&mut self, body: &[u8], format_at: usize, column_at: usize) {
        self.number(word(body, 0), word(body, column_at), word(body, format_at));
    }

    fn number(&mut self, row: Option<u16>, column: Option<u16>, format: Option<u16>) {
        let padded = format.and_then(|f| self.cell_formats.get(usize::from(f)).copied().flatten());
        if let (Some(row), Some(column), Some(padded), Some(sheet)) = (row, column, padded, self.sheet)
            && let Some(notes) = self.notes.sheets.get_mut(sheet)
        {
            notes.padded.insert((u32::from(row), u32::from(column)), padded);
        }
    }

    fn formula(&mut self, body: &[u8]) {
        self.cell(body, 4, 2);
        let place = word(body, 0).zip(word(body, 2)).map(|(row, column)| (u32::from(row), u32::from(column)));
        let is_zero = body.get(6..14).is_some_and(|value| value.iter().all(|b| *b == 0));
        let (Some(place), Some(sheet), true) = (place, self.sheet, is_zero) else { return };
        if word(body, 14).is_some_and(|flags| flags & ON_OPEN != 0) {
            if let Some(notes) = self.notes.sheets.get_mut(sheet) {
                notes.uncalculated.insert(place);
            }
        } else {
            self.zeros.push((sheet, place));
        }
    }

    fn finish(mut self) -> Notes {
        for (sheet, place) in self.zeros {
            if let (true, Some(notes)) = (self.uncalced.contains(&sheet), self.notes.sheets.get_mut(sheet)) {
                notes.uncalculated.insert(place);
            }
        }
        self.notes
    }
}

fn word(body: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(body.get(at..at + 2)?.try_into().ok()?))
}

/// A string of Excel 97 and later: length, whether letters have two bytes, letters.
fn string(body: &[u8]) -> Option<String> {
    let length = usize::from(word(body, 0)?);
    let letters = body.get(3..)?;
    if body[2] & 1 == 0 {
        return Some(letters.get(..length)?.iter().map(|b| char::from(*b)).collect());
    }
    let units: Vec<u16> =
        letters.get(..2 * length)?.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).collect();
    Some(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(body.len() as u16).to_le_bytes(), body].concat()
    }

    fn formula(row: u16, flags: u16) -> Vec<u8> {
        let mut body = [row.to_le_bytes(), 2u16.to_le_bytes(), 0u16.to_le_bytes()].concat();
        body.extend([0; 8]);
        body.extend(flags.to_le_bytes());
        record(FORMULA, &body)
    }

    #[test]
    fn zeros_of_formats_and_formulas_that_wait_are_noted() {
        let format = [&164u16.to_le_bytes()[..], &4u16.to_le_bytes(), &[0], b"0000"].concat();
        let globals_before =
            [record(BOF, &[0, 6]), record(FORMAT, &format), record(XF, &[0, 0, 0, 0]), record(XF, &[0, 0, 164, 0])];
        let sheet = |start: u32| record(BOUNDSHEET, &[&start.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
        let length = globals_before.concat().len() + sheet(0).len() + record(EOF, &[]).len();
        let number = [&7u16.to_le_bytes()[..], &1u16.to_le_bytes(), &1u16.to_le_bytes(), &[0; 8]].concat();
        let cells =
            [record(BOF, &[0, 6]), record(NUMBER, &number), formula(8, ON_OPEN), formula(9, 0), record(EOF, &[])];
        let stream = [globals_before.concat(), sheet(length as u32), record(EOF, &[]), cells.concat()].concat();
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("in memory");
        file.create_stream("/Workbook").expect("a legal name").write_all(&stream).expect("in memory");
        file.flush().expect("in memory");
        let notes = notes(&file.into_inner().into_inner());
        assert_eq!(notes.formats.len(), 1);
        assert_eq!(notes.sheets[0].padded, HashMap::from([((7, 1), 0)]));
        assert_eq!(notes.sheets[0].uncalculated, HashSet::from([(8, 2)]));
    }

    #[test]
    fn anything_else_has_no_notes() {
        assert!(notes(b"").sheets.is_empty());
        assert!(notes(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 1, 2, 3]).sheets.is_empty());
    }
}
