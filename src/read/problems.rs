//! Collects what is wrong with a file, without letting one broken file make a million findings.

use super::limits::OverBudget;
use super::raw::{ProblemCode, ReadProblem};

/// Problems of one kind in one sheet that are told one by one; the rest is told as a number.
const EACH_KIND: u32 = 200;
/// Characters of an offending value that are kept.
const VALUE_CHARS: usize = 120;

/// The reason why nothing of a file can be used.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: ProblemCode,
    pub(super) said: String,
}

impl Refusal {
    pub(super) fn new(code: ProblemCode, said: impl ToString) -> Self {
        Refusal { code, said: said.to_string() }
    }
}

impl From<OverBudget> for Refusal {
    fn from(_: OverBudget) -> Self {
        Refusal::new(ProblemCode::FileTooLarge, "too many cells")
    }
}

/// The problems of one file, in the order found.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<ReadProblem>,
    counts: Vec<(ProblemCode, String, u32)>,
}

impl Problems {
    /// A problem of the whole file.
    pub(super) fn file(&mut self, code: ProblemCode, value: &str) {
        self.push(code, "", 0, String::new(), value);
    }

    /// A problem of a whole sheet.
    pub(super) fn sheet(&mut self, code: ProblemCode, sheet: &str, value: &str) {
        self.push(code, sheet, 0, String::new(), value);
    }

    /// A problem of a row of a sheet without a name.
    pub(super) fn row(&mut self, code: ProblemCode, row: u32, value: &str) {
        self.push(code, "", row, String::new(), value);
    }

    /// What another look at this file found.
    pub(super) fn add(&mut self, other: Problems) {
        self.list.extend(other.list);
        for (code, sheet, count) in other.counts {
            match self.counts.iter_mut().find(|(c, s, _)| *c == code && *s == sheet) {
                Some(known) => known.2 = known.2.saturating_add(count),
                None => self.counts.push((code, sheet, count)),
            }
        }
    }

    /// What was wrong with something inside this file, its sheets named by `within`.
    pub(super) fn absorb(&mut self, problems: Vec<ReadProblem>, within: impl Fn(&str) -> String) {
        self.list.extend(problems.into_iter().map(|p| ReadProblem { sheet: within(&p.sheet), ..p }));
    }

    /// A problem of one cell; `column` is 0-based.
    pub(super) fn cell(&mut self, code: ProblemCode, sheet: &str, row: u32, column: usize, value: &str) {
        self.push(code, sheet, row, column_name(column), value);
    }

    fn push(&mut self, code: ProblemCode, sheet: &str, row: u32, column: String, value: &str) {
        let seen = match self.counts.iter().position(|(c, s, _)| *c == code && s == sheet) {
            Some(at) => at,
            None => {
                self.counts.push((code, sheet.to_owned(), 0));
                self.counts.len() - 1
            }
        };
        self.counts[seen].2 = self.counts[seen].2.saturating_add(1);
        if self.counts[seen].2 <= EACH_KIND {
            self.list.push(ReadProblem { code, sheet: sheet.to_owned(), row, column, value: short(value) });
        }
    }

    /// The list, with one more line for every kind that was cut short.
    pub(super) fn finish(mut self) -> Vec<ReadProblem> {
        for (code, sheet, count) in self.counts {
            if let Some(more) = count.checked_sub(EACH_KIND).filter(|more| *more > 0) {
                let value = format!("+{more}");
                self.list.push(ReadProblem { code, sheet, row: 0, column: String::new(), value });
            }
        }
        self.list
    }
}

/// `value` on one line and not longer than a person wants to read.
fn short(value: &str) -> String {
    let mut cut: String = value.chars().take(VALUE_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(VALUE_CHARS).is_some() {
        cut.push('…');
    }
    cut
}

/// The letters a spreadsheet shows over the 0-based column.
pub(super) fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_a_spreadsheet_names_them() {
        let names: Vec<String> = [0, 25, 26, 701, 702, 16_383].iter().map(|c| column_name(*c)).collect();
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn a_flood_of_one_kind_becomes_a_number() {
        let mut problems = Problems::default();
        for row in 1..=1_000 {
            problems.cell(ProblemCode::FormulaWithoutValue, "s", row, 0, "");
        }
        problems.file(ProblemCode::FileDamaged, "x");
        let list = problems.finish();
        assert_eq!(list.len(), 202);
        assert_eq!(list[201].value, "+800");
    }
}
