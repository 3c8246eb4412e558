//! Formulas that a program wrote without calculating them: many write 0 as the result of each, and ask the spreadsheet to
//! calculate when the file is opened.

use std::collections::HashSet;

/// The formula cells of one sheet of a workbook that asks to be calculated. A column in which some result is other than 0
/// was calculated; one in which all are 0 was not.
#[derive(Debug, Default)]
pub(super) struct Doubtful {
    zeros: Vec<(u32, usize)>,
    calculated: HashSet<usize>,
}

impl Doubtful {
    pub(super) fn zero(&mut self, row: u32, column: usize) {
        self.zeros.push((row, column));
    }

    pub(super) fn result(&mut self, column: usize) {
        self.calculated.insert(column);
    }

    /// Rows and columns of the cells whose 0 is none, in order.
    pub(super) fn without_value(mut self) -> Vec<(u32, usize)> {
        self.zeros.retain(|(_, column)| !self.calculated.contains(column));
        self.zeros.sort_unstable();
        self.zeros
    }
}

/// Whether the stored results of an xlsx workbook are to be believed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Results {
    #[default]
    Calculated,
    /// Every spreadsheet program writes `calcPr` when it saves; nothing is known of a workbook without it. Its zeros are
    /// doubted, its empty texts are not.
    Unknown,
    /// The workbook asks to be calculated when it is opened.
    Asked,
}

/// What a workbook part says of its results.
pub(super) fn results(workbook: &str) -> Results {
    let mut tags = workbook.split('<').filter(|tag| {
        let name = tag.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or_default();
        name == "calcPr" || name.ends_with(":calcPr")
    });
    let Some(tag) = tags.next() else { return Results::Unknown };
    let says = |name: &str, values: [&str; 2]| {
        let value = tag.split_once(&format!("{name}=")).map_or("", |(_, rest)| rest);
        let value = value.get(1..).and_then(|v| v.split(['"', '\'']).next()).unwrap_or_default();
        values.contains(&value)
    };
    let asks = says("fullCalcOnLoad", ["1", "true"]) || says("forceFullCalc", ["1", "true"]);
    if asks || says("calcCompleted", ["0", "false"]) { Results::Asked } else { Results::Calculated }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_asks_or_does_not() {
        for (workbook, said) in [
            ("<workbook><sheets/><calcPr calcId=\"1\" fullCalcOnLoad=\"1\"/></workbook>", Results::Asked),
            ("<x:workbook><x:calcPr fullCalcOnLoad='true'/></x:workbook>", Results::Asked),
            ("<workbook><sheets/></workbook>", Results::Unknown),
            ("<workbook><calcPr calcId=\"191029\"/></workbook>", Results::Calculated),
            ("<workbook><calcPr calcId=\"191029\" fullCalcOnLoad=\"0\"/></workbook>", Results::Calculated),
        ] {
            assert_eq!(results(workbook), said, "{workbook}");
        }
    }

    #[test]
    fn only_columns_of_zeros_are_doubted() {
        let mut cells = Doubtful::default();
        [(3, 1), (2, 1), (2, 4)].into_iter().for_each(|(row, column)| cells.zero(row, column));
        cells.result(4);
        assert_eq!(cells.without_value(), [(2, 1), (3, 1)]);
    }
}
