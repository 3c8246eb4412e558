//! The parameters of a case, each of which must be read: one that nobody asks for is one that nobody understands.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::words::text;

/// Words about a case, not about its rules.
const PROSE: [&str; 8] = ["note", "notes", "comment", "description", "title", "source", "why", "name"];

/// The parameters of a case, or of one of its rules.
pub struct Params {
    map: Map<String, Value>,
    read: RefCell<BTreeSet<String>>,
}

impl Params {
    pub fn new(params: &Value) -> Params {
        Params { map: params.as_object().cloned().unwrap_or_default(), read: RefCell::default() }
    }

    /// What one of several rules says, over what all of them say.
    pub fn over(&self, own: &Value) -> Params {
        let mut map = self.map.clone();
        for list in PASSES {
            map.remove(*list);
        }
        map.extend(own.as_object().cloned().unwrap_or_default());
        // What stands above is read there.
        let read = self.map.keys().filter(|name| own[name.as_str()].is_null()).cloned().collect();
        Params { map, read: RefCell::new(read) }
    }

    pub fn get(&self, name: &str) -> &Value {
        static NOTHING: Value = Value::Null;
        if let Some(value) = self.map.get(name) {
            self.read.borrow_mut().insert(name.to_owned());
            return value;
        }
        &NOTHING
    }

    /// The first of these that is there and says something. A second one that does is left unread.
    pub fn first(&self, names: &[&str]) -> &Value {
        let mut found = &Value::Null;
        for name in names {
            let is_free = found.is_null() || self.map.get(*name).is_none_or(Value::is_null);
            if is_free && !self.get(name).is_null() {
                found = self.get(name);
            }
        }
        found
    }

    /// The text of the first of these, in lower case.
    pub fn words(&self, names: &[&str]) -> String {
        text(self.first(names)).to_lowercase()
    }

    /// Yes or no; nothing where none of them is there.
    pub fn flag(&self, names: &[&str]) -> Result<Option<bool>, String> {
        match self.first(names) {
            Value::Null => Ok(None),
            Value::Bool(yes) => Ok(Some(*yes)),
            other => Err(not_understood(names[0], other)),
        }
    }

    pub fn number(&self, names: &[&str]) -> Result<Option<u64>, String> {
        match self.first(names) {
            Value::Null => Ok(None),
            value => value
                .as_u64()
                .or_else(|| value.as_str()?.trim().parse().ok())
                .map(Some)
                .ok_or_else(|| not_understood(names[0], value)),
        }
    }

    /// Which of these words the parameter says; nothing where it is not there, an error where it says none of them.
    pub fn choice<T: Copy>(&self, names: &[&str], words: &[(T, &[&str])]) -> Result<Option<T>, String> {
        let value = self.first(names);
        let said = text(value).to_lowercase().replace(['_', '-'], " ");
        if value.is_null() {
            return Ok(None);
        }
        let found = words.iter().find(|(_, of)| of.iter().any(|word| said.contains(word)));
        found.map(|(choice, _)| Some(*choice)).ok_or_else(|| not_understood(names[0], value))
    }

    /// Says which parameters nobody has read.
    pub fn all_read(&self) -> Result<(), String> {
        let read = self.read.borrow();
        let unread: Vec<&str> =
            self.map.keys().map(String::as_str).filter(|name| !read.contains(*name) && !PROSE.contains(name)).collect();
        if unread.is_empty() {
            Ok(())
        } else {
            Err(format!("parameters that are not understood: {}", unread.join(", ")))
        }
    }
}

/// Under which names a case lists several rules.
pub const PASSES: &[&str] = &["rules", "passes", "tiers", "steps", "cascade", "stages"];

pub fn not_understood(name: &str, value: &Value) -> String {
    format!("the parameter `{name}` says {value}, which is not understood")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_parameter_that_nobody_reads_is_an_error() {
        let params = Params::new(&json!({"mode": "1:1", "colour": "red", "note": "x"}));
        params.get("mode");
        assert_eq!(params.all_read().unwrap_err(), "parameters that are not understood: colour");
        assert!(params.choice(&["colour"], &[(1, &["blue"])]).unwrap_err().contains("red"));
        assert!(params.all_read().is_ok());
    }

    #[test]
    fn of_two_names_for_one_thing_the_second_is_not_passed_over() {
        let params = Params::new(&json!({"tie": "flag", "ties": "leave"}));
        assert_eq!(params.words(&["tie", "ties"]), "flag");
        assert!(params.all_read().is_err());
    }
}
