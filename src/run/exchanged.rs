//! Headings that were exchanged: the words of one column stand under another heading.
//!
//! Nothing in such an export is wrong by itself, for any text may stand in a column of texts. What earlier exports said
//! in these columns contradicts it.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Code, Finding};
use crate::ledger::{History, Version};
use crate::model::{ColumnKind, TableDef};

/// A column of more words than this holds names: any of them may be new.
const WORDS: usize = 64;

/// One finding for each pair of columns of a file of which one holds none of its own words, but only such as stood in the
/// other one, and that holds none of its own either. With the number of the file, in order of taking.
pub fn found(history: &History<'_>) -> Vec<Finding> {
    let tables = history.tables().tables.iter();
    tables.flat_map(|table| of_table(table, history.versions(&table.id))).collect()
}

/// The words of one column, and the row of the first; `None` once they are too many.
type Words<'v> = Option<BTreeMap<&'v str, &'v Version>>;

fn of_table(table: &TableDef, versions: &[Version]) -> Vec<Finding> {
    let columns: Vec<usize> = (0..table.columns.len())
        .filter(|at| table.columns[*at].kind == ColumnKind::Text && !table.key.contains(at))
        .collect();
    let mut findings = Vec::new();
    if columns.len() < 2 {
        return findings;
    }
    // What each column said before; `None` once it is a column of names.
    let mut known: Vec<Option<BTreeSet<&str>>> = vec![Some(BTreeSet::new()); columns.len()];
    for of_file in versions.chunk_by(|a, b| a.row.origin.file == b.row.origin.file) {
        let own: Vec<Words<'_>> = columns.iter().zip(&known).map(|(at, known)| words(*at, known, of_file)).collect();
        let pairs = (0..columns.len()).flat_map(|a| (0..columns.len()).map(move |b| (a, b)));
        let told: Vec<(usize, usize)> =
            pairs.filter(|(a, b)| a != b && stands_in_place_of(&known, &own, *a, *b)).collect();
        for (under, of) in &told {
            // Where both hold the words of the other one, that is one finding.
            let is_second = under > of && told.contains(&(*of, *under));
            let first =
                own[*under].as_ref().and_then(|words| words.values().map(|v| &v.row.origin).min_by_key(|o| o.row));
            let Some(first) = first.filter(|_| !is_second) else { continue };
            let words: Vec<&str> = own[*under].iter().flatten().map(|(word, _)| *word).take(5).collect();
            let [under, of] = [under, of].map(|at| table.columns[columns[*at]].zh.clone());
            findings.push(Finding::new(Code::ColumnsExchanged, under).with(of).with(words.join("、")).at_row(first));
        }
        if told.is_empty() {
            for (known, own) in known.iter_mut().zip(own) {
                let Some(held) = known else { continue };
                held.extend(own.iter().flatten().map(|(word, _)| *word));
                if own.is_none() || held.len() > WORDS {
                    *known = None;
                }
            }
        }
    }
    findings
}

fn words<'v>(column: usize, known: &Option<BTreeSet<&str>>, versions: &'v [Version]) -> Words<'v> {
    known.as_ref()?;
    let mut words: BTreeMap<&str, &Version> = BTreeMap::new();
    for version in versions.iter().filter(|version| !version.void) {
        let word = version.row.values[column].text();
        if !word.is_empty() {
            words.entry(word).or_insert(version);
        }
        if words.len() > WORDS {
            return None;
        }
    }
    Some(words)
}

/// Whether column `a` holds words of column `b` and none of its own, and `b` none of its own.
fn stands_in_place_of(known: &[Option<BTreeSet<&str>>], own: &[Words<'_>], a: usize, b: usize) -> bool {
    let (Some(known_a), Some(known_b), Some(own_a), Some(own_b)) = (&known[a], &known[b], &own[a], &own[b]) else {
        return false;
    };
    // Words that both used before tell nothing.
    let is_only_of_b = |word: &&&str| known_b.contains(**word) && !known_a.contains(**word);
    !known_a.is_empty()
        && !own_a.is_empty()
        && own_a.keys().filter(is_only_of_b).count() == own_a.len()
        && !own_b.keys().any(|word| known_b.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Origin, Row, Value};
    use crate::spec::SpecFiles;
    use crate::spec::tables::Tables;

    /// Visits of several files: kind, salesperson, reason.
    fn told(files: &[&[[&str; 3]]]) -> Vec<(Option<i64>, String, String)> {
        let tables = Tables::load(&SpecFiles::new(Vec::new())).unwrap();
        let table = tables.get("showroom_visits").unwrap();
        let places = ["kind", "salesperson", "lost_reason"].map(|name| table.column(name).unwrap());
        let version = |file: usize, row: usize, texts: &[&str; 3]| {
            let mut values = vec![Value::Null; table.columns.len()];
            for (at, text) in places.iter().zip(texts).filter(|(_, text)| !text.is_empty()) {
                values[*at] = Value::Text((*text).to_owned());
            }
            let (file, row) = (i64::try_from(file).unwrap(), u32::try_from(row).unwrap());
            let row = Row { origin: Origin { file, sheet: String::new(), row }, values };
            Version { key: String::new(), twin: 0, void: false, record: 0, ended: None, row }
        };
        let rows = |(file, rows): (usize, &&[[&str; 3]])| -> Vec<Version> {
            rows.iter().enumerate().map(|(at, texts)| version(file + 1, at + 2, texts)).collect()
        };
        let versions: Vec<Version> = files.iter().enumerate().flat_map(rows).collect();
        let found = of_table(table, &versions);
        found.into_iter().map(|f| (f.file_id, f.value, f.args[0].clone())).collect()
    }

    const SOUND: &[[&str; 3]] = &[["首次来店", "张", "价格"], ["来电", "李", ""], ["再次来店", "张", "竞品"]];

    #[test]
    fn words_under_the_heading_of_another_column_are_told_once() {
        let spoilt = [["价格", "张", "首次来店"], ["", "李", "来电"]];
        assert_eq!(told(&[SOUND, &spoilt]), [(Some(2), "类型".to_owned(), "战败原因".to_owned())]);
        // What stands wrongly teaches nothing.
        assert_eq!(told(&[SOUND, &spoilt, SOUND, &spoilt]).len(), 2);
    }

    #[test]
    fn new_words_blanks_and_words_of_both_are_no_exchange() {
        assert_eq!(told(&[SOUND, &[["来电", "王", "位置"]], &[["预约来店", "", ""]]]), []);
        // A salesperson who is named as the reason beside kinds as usual.
        assert_eq!(told(&[SOUND, &[["来电", "李", "张"]]]), []);
        assert_eq!(told(&[&[["张", "李", ""]], &[["张", "李", ""]], &[["李", "张", ""]]]).len(), 1);
    }
}
