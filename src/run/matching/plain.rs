//! Any table by the names of its columns: the first row in which they all stand is the heading row.

use std::path::{Path, PathBuf};

use super::row::PlainRow;
use super::{LoadedFile, MatchingError, name_of};
use crate::clean::{normal, total_word};
use crate::ledger::Reader;
use crate::read::stream::{Record, Streamed, stream};
use crate::read::{self, RawFile};
use crate::reconcile::ControlTotal;
use crate::reconcile::matcher::{Assembler, Fields, Places, Rules, Side, Symbols};

/// Rows looked at for the headings: titles, export times and blank lines come before them.
const HEADING_ROWS: usize = 30;

/// Reads one side of a file.
pub fn load(
    rules: &Rules,
    side: usize,
    path: &Path,
    reader: &Reader,
    symbols: &mut Symbols,
) -> Result<(Side, LoadedFile), MatchingError> {
    let size = std::fs::metadata(path).map_err(|error| unreadable(path, error))?.len();
    let mut taker = Taker::new(rules, side, symbols, size);
    let streamed = stream(path, &mut |line, record| taker.take(line, record));
    if streamed.map_err(|error| unreadable(path, error))? != Streamed::NotPlain {
        return taker.finish(path);
    }
    // Rows that were streamed before the file turned out to be something else count for nothing.
    let mut taker = Taker::new(rules, side, symbols, 0);
    let raw = fenced(path, reader)?;
    for sheet in &raw.sheets {
        for row in &sheet.rows {
            taker.take(row.number, row);
        }
        if taker.places.is_some() {
            break; // the first sheet with the headings is the table
        }
    }
    taker.finish(path)
}

fn unreadable(path: &Path, error: std::io::Error) -> MatchingError {
    MatchingError::Unreadable { path: path.display().to_string(), error }
}

/// A file read by a fenced child; one that gives nothing is refused with the reason.
pub fn fenced(path: &Path, reader: &Reader) -> Result<RawFile, MatchingError> {
    let args: Vec<&str> = reader.args.iter().map(String::as_str).collect();
    let mut raw = None;
    let paths: [PathBuf; 1] = [path.to_path_buf()];
    read::read_all(&reader.program, &args, &paths, &reader.limits, 1, &mut |_, file| raw = Some(file));
    match raw {
        Some(raw) if raw.sheets.iter().any(|sheet| !sheet.rows.is_empty()) => Ok(raw),
        other => {
            let problems = other.map_or_else(Vec::new, |raw| raw.problems);
            let why: Vec<String> = problems.iter().map(|p| format!("{:?} {}", p.code, p.value)).collect();
            let why = if why.is_empty() { "it is empty".to_owned() } else { why.join("; ") };
            Err(MatchingError::Refused { file: name_of(path), why })
        }
    }
}

/// The places of the rules' columns in a row of headings, or the names that are not there.
fn places(rules: &Rules, side: usize, headings: &[String]) -> Result<Places, Vec<String>> {
    Places::find(rules, side, |name| {
        let folded = normal::heading(name);
        let same = headings.iter().position(|heading| heading == name);
        same.or_else(|| headings.iter().position(|heading| normal::heading(heading) == folded))
    })
}

/// Takes rows one after the other: titles, the headings, data, totals.
struct Taker<'a> {
    rules: &'a Rules,
    side: usize,
    assembler: Assembler<'a>,
    places: Option<Places>,
    looked_at: usize,
    /// The row that came nearest to being the headings, and what it lacks.
    nearest: Option<(Vec<String>, Vec<String>)>,
    expected_bytes: u64,
    sum: i64,
    controls: Vec<ControlTotal>,
    id: String,
}

impl<'a> Taker<'a> {
    fn new(rules: &'a Rules, side: usize, symbols: &'a mut Symbols, expected_bytes: u64) -> Taker<'a> {
        Taker {
            rules,
            side,
            assembler: Assembler::new(rules, symbols),
            places: None,
            looked_at: 0,
            nearest: None,
            expected_bytes,
            sum: 0,
            controls: Vec::new(),
            id: String::new(),
        }
    }

    /// Returns whether more rows are wanted.
    fn take(&mut self, number: u32, row: &(impl PlainRow + Wide)) -> bool {
        if self.places.is_some() {
            self.data(number, row);
            return true;
        }
        self.looked_at += 1;
        let headings: Vec<String> = (0..row.width()).map(|at| row.text(at).into_owned()).collect();
        match places(self.rules, self.side, &headings) {
            Ok(places) => self.places = Some(places),
            Err(missing) => {
                if self.nearest.as_ref().is_none_or(|(_, lacking)| missing.len() < lacking.len()) {
                    self.nearest = Some((headings, missing));
                }
            }
        }
        self.looked_at < HEADING_ROWS
    }

    fn data(&mut self, number: u32, row: &(impl PlainRow + Wide)) {
        let Some(places) = &self.places else { return };
        if self.assembler.is_empty() && self.expected_bytes > 0 {
            // The first row tells how many there will be: room is made once.
            let rows = (self.expected_bytes / row.bytes().max(1)) as usize;
            self.assembler.reserve(rows + rows / 16);
        }
        let amount = row.amount(places.amount, self.rules.scale);
        let is_blank = |at: &usize| row.text(*at).is_empty();
        // 合计 may stand in the column of a key.
        let says_none = |at: &usize| is_blank(at) || total_word(&row.text(*at)).is_some();
        if places.date.as_ref().is_none_or(is_blank) && places.keys.iter().all(says_none) {
            match self.other(row, amount) {
                Other::Total(control) => {
                    self.controls.push(control);
                    return;
                }
                Other::Nothing => return,
                Other::Data => {}
            }
        }
        let own = &self.rules.sides[self.side];
        self.id.clear();
        for (part, at) in places.id.iter().enumerate() {
            if part > 0 {
                self.id.push('-');
            }
            self.id.push_str(&row.text(*at));
        }
        if places.id.is_empty() {
            self.id = number.to_string();
        }
        self.sum = self.sum.saturating_add(amount.unwrap_or(0)); // a side that runs over is refused at its end
        let amount = amount.map(|units| own.signed(units));
        self.assembler.push(&Fields {
            id: &self.id,
            amount,
            date: places.date.and_then(|at| row.date(at)),
            currency: &places.currency.map(|at| row.text(at)).unwrap_or_default(),
            row: number,
            kept: places.keeps(own, |at| row.text(at)),
        });
        for (key, at) in places.keys.iter().enumerate() {
            self.assembler.key(key, &row.text(*at));
        }
        for (compare, at) in places.compared.iter().enumerate() {
            self.assembler.compared(compare, &row.text(*at));
        }
    }

    /// A row without a key may be a blank line or a 合计: no data, and held against the rows above it.
    fn other(&self, row: &(impl PlainRow + Wide), amount: Option<i64>) -> Other {
        let first = (0..row.width()).map(|at| row.text(at)).find(|text| !text.is_empty());
        let Some(first) = first else { return Other::Nothing };
        match (total_word(&first), amount) {
            (Some(true), Some(total)) => {
                Other::Total(ControlTotal::new(format!("{first}: stated = sum of the rows"), total, self.sum))
            }
            (Some(_), _) => Other::Nothing,
            (None, _) => Other::Data,
        }
    }

    fn finish(self, path: &Path) -> Result<(Side, LoadedFile), MatchingError> {
        let file = name_of(path);
        if self.places.is_none() {
            let (seen, missing) = self.nearest.unwrap_or_default();
            return Err(match seen.is_empty() {
                true => MatchingError::Refused { file, why: "it is empty".to_owned() },
                false => MatchingError::ColumnMissing { file, missing: missing.join(", "), seen: seen.join(", ") },
            });
        }
        Ok((self.assembler.finish(), LoadedFile { name: file, findings: Vec::new(), controls: self.controls }))
    }
}

/// What a row without a key is.
enum Other {
    Data,
    Total(ControlTotal),
    /// A blank line, or a total that says no amount.
    Nothing,
}

/// How wide a row is, in cells and in bytes of its file.
trait Wide {
    fn width(&self) -> usize;
    fn bytes(&self) -> u64;
}

impl Wide for Record {
    fn width(&self) -> usize {
        self.len()
    }

    fn bytes(&self) -> u64 {
        Record::bytes(self) as u64
    }
}

impl Wide for crate::read::RawRow {
    fn width(&self) -> usize {
        self.cells.len()
    }

    fn bytes(&self) -> u64 {
        0
    }
}
