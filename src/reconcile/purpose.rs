//! What stands on its purpose alone (其他收款): agency, scrap, top-ups, guarantees, other.

use std::collections::HashSet;

use super::subjects::Subjects;
use crate::model::records::{Facts, Receipt};

/// Codes of the word list `purpose` that are a side of their own.
pub const OTHER_INCOME: [&str; 5] = ["agency", "scrap", "topup", "guarantee", "other"];

/// Those whose reference may be a number of a register of their own.
const WITH_REGISTER: [&str; 3] = ["scrap", "topup", "guarantee"];

/// The numbers of the registers that a purpose rests on, and how the numbers of documents begin.
pub struct Registers {
    scrap: HashSet<String>,
    /// The letters with which orders, sales, contracts and settlements begin.
    document_letters: HashSet<String>,
}

impl Registers {
    pub fn new(facts: &Facts, subjects: &Subjects<'_>) -> Registers {
        let documents = subjects.all.iter().map(|s| s.number.as_str());
        let documents = documents.chain(facts.settlements.iter().map(|s| s.settlement_no.as_str()));
        let documents = documents.chain(facts.accessory_moves.iter().map(|m| m.sale_no.as_str()));
        let document_letters = documents.filter(|n| !n.is_empty()).map(letters).collect();
        let scrap = facts.scrap.iter().map(|s| s.scrap_no.clone()).collect();
        Registers { scrap, document_letters }
    }

    /// Whether a receipt that names no known document stands on its purpose: it names nothing, or the number of its own
    /// register. Where that register is not exported, such a number is one that begins as no document does; a number
    /// that looks like a document's is a slip, and its receipt stays unknown.
    pub fn is_other_income(&self, receipt: &Receipt, numbers: &[String]) -> bool {
        let purpose = receipt.purpose.as_str();
        let own = |number: &String| {
            let is_sold = purpose == "scrap" && self.scrap.contains(number);
            is_sold || (WITH_REGISTER.contains(&purpose) && !self.document_letters.contains(&letters(number)))
        };
        OTHER_INCOME.contains(&purpose) && numbers.iter().all(own)
    }
}

/// The letters with which a number begins.
fn letters(number: &str) -> String {
    number.chars().take_while(|c| !c.is_ascii_digit()).collect()
}
