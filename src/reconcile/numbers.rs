//! Order numbers: how a reference is read, and which order bears a number.

use std::collections::{BTreeMap, HashMap};

use crate::model::keys::key;
use crate::model::records::Facts;

/// The order numbers that a reference names, in order, each once.
///
/// Trim; full width becomes half width; upper case; a spreadsheet's `.0` and a leading apostrophe go. Several orders
/// are separated by `/ 、 , ， ; ；` or white space. Nothing else is repaired silently.
pub fn read_reference(text: &str) -> Vec<String> {
    let separator =
        |c: char| matches!(c, '/' | '、' | ',' | '，' | ';' | '；' | '／' | '\u{3000}') || c.is_whitespace();
    let mut numbers: Vec<String> = Vec::new();
    for part in text.split(separator) {
        let number = key(part);
        if !number.is_empty() && !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    numbers
}

/// Which order bears a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer<'a> {
    /// Index into `Facts::orders`.
    One(&'a str),
    /// Two live orders or more: the number finds none of them.
    Several(Vec<&'a str>),
    None,
}

/// Orders by internal key and by number.
pub struct Numbers<'a> {
    by_id: HashMap<&'a str, usize>,
    live: BTreeMap<&'a str, Vec<&'a str>>,
    void: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Numbers<'a> {
    pub fn new(facts: &'a Facts) -> Numbers<'a> {
        let mut numbers = Numbers { by_id: HashMap::new(), live: BTreeMap::new(), void: BTreeMap::new() };
        for (index, order) in facts.orders.iter().enumerate() {
            numbers.by_id.insert(&order.order_id, index);
            let map = if order.is_live() { &mut numbers.live } else { &mut numbers.void };
            let ids = map.entry(&order.order_no).or_default();
            if !ids.contains(&order.order_id.as_str()) {
                ids.push(&order.order_id);
            }
        }
        // Whoever lists the bearers of a number must not depend on the order of rows.
        numbers.live.values_mut().chain(numbers.void.values_mut()).for_each(|ids| ids.sort_unstable());
        numbers
    }

    /// Index of the order with this internal key.
    pub fn order(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The order that bears a number: live ones first; a void one only where no live one bears it.
    pub fn bearer(&self, number: &str) -> Bearer<'a> {
        let ids = self.live.get(number).or_else(|| self.void.get(number));
        match ids.map(Vec::as_slice) {
            None | Some([]) => Bearer::None,
            Some([one]) => Bearer::One(one),
            Some(several) => Bearer::Several(several.to_vec()),
        }
    }

    /// The internal key that a reference means: the number of one order, or the key itself. A number of two live
    /// orders means neither, also where a system has no other key than the number.
    pub fn id_of_reference<'b>(&'b self, reference: &'b str) -> Option<&'b str> {
        match self.bearer(reference) {
            Bearer::One(id) => Some(id),
            Bearer::Several(_) => None,
            Bearer::None => self.by_id.contains_key(reference).then_some(reference),
        }
    }

    /// Whether an order of this key or number stands in any order export.
    pub fn is_known(&self, reference: &str) -> bool {
        self.by_id.contains_key(reference) || self.bearer(reference) != Bearer::None
    }

    /// Numbers borne by two live orders or more.
    pub fn doubled(&self) -> impl Iterator<Item = (&'a str, &[&'a str])> {
        self.live.iter().filter(|(_, ids)| ids.len() > 1).map(|(number, ids)| (*number, ids.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        assert_eq!(read_reference("Ｗ２０２６０９０１００１ "), ["W20260901001"]);
        assert_eq!(read_reference("w1、W2，W3;W4/W5 W6"), ["W1", "W2", "W3", "W4", "W5", "W6"]);
        assert_eq!(read_reference("'00123"), ["00123"]);
        assert_eq!(read_reference("20260901.0"), ["20260901"]);
        assert_eq!(read_reference("W1/W1"), ["W1"]);
        assert!(read_reference("  ").is_empty());
        assert_eq!(read_reference("W-20260901"), ["W-20260901"]);
    }
}
