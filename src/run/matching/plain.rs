//! Any table by the names of its columns: the first row in which they all stand is the heading row.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::taker::{Taker, headings_of, places};
use super::told::Told;
use super::{LoadedFile, MatchingError, name_of};
use crate::clean::{Lexicon, problem};
use crate::finding::Code;
use crate::ledger::Reader;
use crate::read::stream::{Streamed, stream};
use crate::read::{self, ProblemCode, RawFile, RawSheet};
use crate::reconcile::matcher::{Rules, Side, Symbols};
use crate::spec::tables::Tables;

/// Rows looked at for the headings: titles, export times and blank lines come before them.
pub const HEADING_ROWS: usize = 30;

/// Reads one side of a file.
pub fn load(
    rules: &Rules,
    side: usize,
    path: &Path,
    reader: &Reader,
    tables: &Tables,
    symbols: &mut Symbols,
) -> Result<(Side, LoadedFile), MatchingError> {
    let size = std::fs::metadata(path).map_err(|error| unreadable(path, error))?.len();
    let file = name_of(path);
    let lexicon = Lexicon::new(tables, &BTreeMap::new());
    let mut taker = Taker::new(rules, side, (tables, &lexicon), symbols, size, Told::new(&file, ""));
    let streamed = stream(path, &mut |line, record| taker.take(line, record));
    if streamed.map_err(|error| unreadable(path, error))? != Streamed::NotPlain {
        return taker.finish(file);
    }
    // Rows that were streamed before the file turned out to be something else count for nothing.
    let raw = fenced(path, reader)?;
    let (chosen, left_out) = choose(rules, side, &raw);
    let mut told = Told::new(&file, chosen.map_or("", |sheet| sheet.name.as_str()));
    for sheet in left_out {
        told.say(Code::SheetLeftOut, &sheet.name, 0, None, &[&sheet.rows.len().to_string()]);
    }
    let of_sheet = |sheet: &str| sheet.is_empty() || chosen.is_none_or(|chosen| chosen.name == sheet);
    let mut taker = Taker::new(rules, side, (tables, &lexicon), symbols, 0, told);
    let cut_off = raw.problems.iter().find(|p| p.code == ProblemCode::TextCutOff && of_sheet(&p.sheet));
    taker.cut_at = cut_off.map(|problem| problem.row);
    for sheet in chosen.map_or(raw.sheets.as_slice(), std::slice::from_ref) {
        sheet.rows.iter().for_each(|row| _ = taker.take(row.number, row));
    }
    let (rows, mut loaded) = taker.finish(file)?;
    let problems = raw.problems.iter().filter(|p| of_sheet(&p.sheet));
    let problems = problems.map(|p| {
        let mut finding = problem(p, &raw.encoding);
        finding.file.clone_from(&loaded.name);
        finding
    });
    let problems: Vec<_> = problems.collect();
    loaded.findings.extend(problems);
    Ok((rows, loaded))
}

fn unreadable(path: &Path, error: std::io::Error) -> MatchingError {
    MatchingError::Unreadable { path: path.display().to_string(), error }
}

/// The first sheet that has the columns, a visible one before all hidden ones; and the others that have them too.
fn choose<'r>(rules: &Rules, side: usize, raw: &'r RawFile) -> (Option<&'r RawSheet>, Vec<&'r RawSheet>) {
    let has_columns = |sheet: &&RawSheet| {
        sheet.rows.iter().take(HEADING_ROWS).any(|row| places(rules, side, &headings_of(row)).is_ok())
    };
    let mut fitting: Vec<&RawSheet> = raw.sheets.iter().filter(has_columns).collect();
    fitting.sort_by_key(|sheet| sheet.hidden); // stable: in order of the file
    let chosen = if fitting.is_empty() { None } else { Some(fitting.remove(0)) };
    (chosen, fitting)
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
