//! Where the columns stand that one side's rules name, in whatever has columns.

use std::borrow::Cow;

use super::rules::{RowTest, Rules, SideRule};

/// Places of the columns, 0-based.
#[derive(Debug, Clone, Default)]
pub struct Places {
    pub id: Vec<usize>,
    pub amount: usize,
    pub date: Option<usize>,
    pub currency: Option<usize>,
    /// One a key and a comparison of the rules.
    pub keys: Vec<usize>,
    pub compared: Vec<usize>,
    keep: Vec<usize>,
    drop: Vec<usize>,
    /// What a check names, and what lists keep apart: of tables only.
    pub order: Option<usize>,
    pub receipt: Option<usize>,
    pub group: Option<usize>,
    /// The column that names a row's source, and those by which a row is there once.
    pub prefer: Option<usize>,
    pub once: Vec<usize>,
}

impl Places {
    /// The places that `at` gives for the names, or the names for which it gives none.
    pub fn find(rules: &Rules, side: usize, at: impl Fn(&str) -> Option<usize>) -> Result<Places, Vec<String>> {
        let mut missing: Vec<String> = Vec::new();
        let mut place = |name: &String| {
            let found = at(name);
            if found.is_none() && !missing.contains(name) {
                missing.push(name.clone());
            }
            found.unwrap_or(0) // a missing one is told below
        };
        let own: &SideRule = &rules.sides[side];
        let of_tests = |tests: &[RowTest]| tests.iter().map(|test| test.column.clone()).collect::<Vec<String>>();
        let of_table = |name: &Option<String>| name.clone().filter(|_| own.table.is_some());
        let places = Places {
            id: own.id.iter().map(&mut place).collect(),
            amount: place(&own.amount),
            date: own.date.as_ref().map(&mut place),
            currency: own.currency.as_ref().map(&mut place),
            keys: rules.keys.iter().map(|key| place(&key.columns[side])).collect(),
            compared: rules.compares.iter().map(|compare| place(&compare.columns[side])).collect(),
            keep: of_tests(&own.keep).iter().map(&mut place).collect(),
            drop: of_tests(&own.drop).iter().map(&mut place).collect(),
            order: of_table(&own.order).as_ref().map(&mut place),
            receipt: of_table(&own.receipt).as_ref().map(&mut place),
            group: of_table(&own.group).as_ref().map(&mut place),
            prefer: own.prefer.as_ref().map(|prefer| place(&prefer.column)),
            once: own.once.iter().flat_map(|once| &once.by).map(&mut place).collect(),
        };
        if missing.is_empty() { Ok(places) } else { Err(missing) }
    }

    /// Every column that the rules name.
    pub fn all(&self) -> Vec<usize> {
        let lists = [&self.id, &self.keys, &self.compared, &self.keep, &self.drop, &self.once];
        let single = [Some(self.amount), self.date, self.currency, self.order, self.receipt, self.group, self.prefer];
        lists.into_iter().flatten().copied().chain(single.into_iter().flatten()).collect()
    }

    /// What tells whether two rows are one: nothing where the side's rules do not say, or where a part of it is blank.
    pub fn once<'t>(&self, text: impl Fn(usize) -> Cow<'t, str>) -> String {
        let parts: Vec<Cow<'t, str>> = self.once.iter().map(|at| text(*at)).collect();
        if parts.iter().any(|part| part.trim().is_empty()) {
            return String::new();
        }
        parts.iter().map(|part| part.trim()).collect::<Vec<_>>().join("\u{1f}")
    }

    /// The place of a row's source in the order that the side prefers.
    pub fn rank<'t>(&self, own: &SideRule, text: impl Fn(usize) -> Cow<'t, str>) -> u16 {
        own.prefer.as_ref().zip(self.prefer).map_or(0, |(prefer, at)| prefer.rank(&text(at)))
    }

    /// Whether the filters of the side let a row take part.
    pub fn keeps<'t>(&self, own: &SideRule, text: impl Fn(usize) -> Cow<'t, str>) -> bool {
        own.keep.iter().zip(&self.keep).all(|(test, at)| test.holds(&text(*at)))
            && !own.drop.iter().zip(&self.drop).any(|(test, at)| test.holds(&text(*at)))
    }
}
