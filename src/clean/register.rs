//! A register reads itself: a source made of the table's own spec.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::covers::Covers;
use super::direction::Lexicon;
use super::normal;
use super::source::{ColumnSource, Output, Source, Unit, pattern};
use crate::model::TableDef;
use crate::spec::SpecError;
use crate::spec::tables::{Register, Tables};

/// The sources of all registers that name their exports.
pub fn sources(tables: &Tables) -> Result<Vec<Source>, SpecError> {
    let lexicon = Arc::new(Lexicon::new(tables, &BTreeMap::new()));
    tables.registers.iter().map(|register| source(register, &tables.tables[register.table], &lexicon)).collect()
}

/// The source of one register, under the table's id and names.
fn source(register: &Register, table: &TableDef, lexicon: &Arc<Lexicon>) -> Result<Source, SpecError> {
    let file = &register.file;
    let spellings = |texts: &Vec<String>| texts.iter().map(|h| normal::heading(h)).collect::<Vec<String>>();
    let mut columns = Vec::new();
    for (texts, unit) in register.from.iter().zip(&register.units) {
        let unit = unit.as_ref().map(|word| Unit::of_word(file, word)).transpose()?.unwrap_or_default();
        columns.push(Some(ColumnSource { from: spellings(texts), nth: 1, unit, ..ColumnSource::default() }));
    }
    let output = Output {
        table: register.table,
        when_all: Vec::new(),
        when_any: Vec::new(),
        columns,
        pivot: None,
        direction: None,
        former: Vec::new(),
    };
    Ok(Source {
        id: table.id.clone(),
        zh: table.zh.clone(),
        en: table.en.clone(),
        of_shop: file.of_shop,
        names: register.names.iter().map(|name| pattern(file, name)).collect::<Result<_, _>>()?,
        headings: register.headings.iter().map(|at| spellings(&register.from[*at])).collect(),
        without: Vec::new(),
        returned: false,
        covers: Covers::checked(file, register.covers.as_ref(), std::iter::once(table))?,
        outputs: vec![output],
        ignores: Vec::new(),
        aside: Vec::new(),
        lexicon: Arc::clone(lexicon),
        expects: Vec::new(),
    })
}
