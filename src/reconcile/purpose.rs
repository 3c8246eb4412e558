//! What stands on its purpose alone (其他收款): agency, scrap, top-ups, guarantees, other.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::subjects::Subjects;
use crate::model::records::{Facts, Receipt};

/// Codes of the word list `purpose` that are a side of their own.
pub const OTHER_INCOME: [&str; 5] = ["agency", "scrap", "topup", "guarantee", "other"];

/// Those whose reference may be a number of a register of their own.
const WITH_REGISTER: [&str; 3] = ["scrap", "topup", "guarantee"];

/// The numbers of the registers that a purpose rests on, and how the numbers of documents begin.
pub struct Registers<'a> {
    facts: &'a Facts,
    subjects: &'a Subjects<'a>,
    /// Made for the first receipt that needs it: most shops have none.
    made: OnceCell<Made<'a>>,
}

struct Made<'a> {
    scrap: HashSet<&'a str>,
    /// The letters with which orders, sales, contracts and settlements begin.
    document_letters: HashSet<&'a str>,
}

impl<'a> Registers<'a> {
    pub fn new(facts: &'a Facts, subjects: &'a Subjects<'a>) -> Registers<'a> {
        Registers { facts, subjects, made: OnceCell::new() }
    }

    fn made(&self) -> &Made<'a> {
        self.made.get_or_init(|| {
            let documents = self.subjects.all.iter().map(|s| s.number.as_str());
            let documents = documents.chain(self.facts.settlements.iter().map(|s| s.settlement_no.as_str()));
            let documents = documents.chain(self.facts.accessory_moves.iter().map(|m| m.sale_no.as_str()));
            Made {
                scrap: self.facts.scrap.iter().map(|s| s.scrap_no.as_str()).collect(),
                document_letters: documents.filter(|n| !n.is_empty()).map(letters).collect(),
            }
        })
    }

    /// Whether a receipt that names no known document stands on its purpose: it names nothing, or the number of its own
    /// register. Where that register is not exported, such a number is one that begins as no document does; a number
    /// that looks like a document's is a slip, and its receipt stays unknown.
    pub fn is_other_income(&self, receipt: &Receipt, numbers: &[String]) -> bool {
        let purpose = receipt.purpose.as_str();
        let own = |number: &String| {
            let is_sold = purpose == "scrap" && self.made().scrap.contains(number.as_str());
            is_sold || (WITH_REGISTER.contains(&purpose) && !self.made().document_letters.contains(letters(number)))
        };
        OTHER_INCOME.contains(&purpose) && numbers.iter().all(own)
    }
}

/// The letters with which a number begins.
fn letters(number: &str) -> &str {
    &number[..number.find(|c: char| c.is_ascii_digit()).unwrap_or(number.len())]
}
