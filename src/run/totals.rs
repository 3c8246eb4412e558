//! Totals that are gone: an export ends without the 合计 with which the others of its kind end.

use std::collections::BTreeMap;

use crate::clean::stem;
use crate::finding::{Code, Finding};
use crate::ledger::{FileRecord, SheetRecord};

/// So many others of a kind tell how it ends.
const OTHERS: usize = 2;

/// One finding for every sheet without a total of its own where nearly all other files of its source, under names that
/// differ in digits and marks only, have one: its end is missing, or all of its rows.
pub fn gone(files: &[&FileRecord]) -> Vec<Finding> {
    let mut kinds: BTreeMap<(String, &str), Vec<(&FileRecord, &SheetRecord)>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.replaced) {
        for sheet in &file.sheets {
            kinds.entry((stem(&file.name), sheet.source.as_str())).or_default().push((file, sheet));
        }
    }
    let mut findings = Vec::new();
    for of_kind in kinds.into_values() {
        let with: Vec<&(&FileRecord, &SheetRecord)> = of_kind.iter().filter(|(_, s)| !s.controls.is_empty()).collect();
        let without: Vec<&(&FileRecord, &SheetRecord)> =
            of_kind.iter().filter(|(_, s)| s.controls.is_empty()).collect();
        // Where many end without, that is a habit: there was nothing to add up.
        if with.len() < OTHERS || (without.len() > 1 && with.len() < 4 * without.len()) {
            continue;
        }
        let other = with.last().map_or("", |(file, _)| file.name.as_str());
        for (file, sheet) in without {
            let mut finding = Finding::new(Code::TotalGone, "").with(other).at(&sheet.name, sheet.heading_row, "");
            finding.file.clone_from(&file.name);
            findings.push(finding);
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::Control;
    use crate::ledger::Ranked;

    fn file(name: &str, has_total: bool) -> FileRecord {
        let control = Control {
            row: 9,
            heading: "金额".to_owned(),
            column: "D".to_owned(),
            sum_fen: 0,
            total_fen: 0,
            primary: true,
            grand: true,
            unread: 0,
        };
        let sheet = SheetRecord {
            name: "S".to_owned(),
            source: "parts_sales".to_owned(),
            heading_row: 2,
            tables: Vec::new(),
            controls: if has_total { vec![control] } else { Vec::new() },
        };
        FileRecord {
            id: 1,
            sha256: String::new(),
            name: name.to_owned(),
            other_names: Vec::new(),
            format: "xlsx".to_owned(),
            encoding: String::new(),
            export_date: None,
            made_at: None,
            taken_after: None,
            replaced: false,
            repeats: None,
            ranked: Ranked::default(),
            sheets: vec![sheet],
            findings: Vec::new(),
        }
    }

    fn told(files: &[FileRecord]) -> Vec<String> {
        gone(&files.iter().collect::<Vec<_>>()).into_iter().map(|f| f.file).collect()
    }

    #[test]
    fn an_export_without_the_total_of_the_others_is_told() {
        let files = [file("零售_1.xlsx", false), file("零售_2.xlsx", true), file("零售_3.xlsx", true)];
        assert_eq!(told(&files), ["零售_1.xlsx"]);
        assert_eq!(told(&files[..2]), [""; 0], "one other tells no habit");
    }

    #[test]
    fn where_many_end_without_a_total_none_is_missed() {
        let name = |day: usize| format!("零售_{day}.xlsx");
        let files: Vec<FileRecord> = (1..=9).map(|day| file(&name(day), day % 4 != 0)).collect();
        assert_eq!(told(&files), [""; 0]);
        let others = [file("零售_1.xlsx", false), file("批发_2.xlsx", true), file("批发_3.xlsx", true)];
        assert_eq!(told(&others), [""; 0], "another kind");
    }
}
