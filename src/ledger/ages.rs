//! The files of the ledger in order of age, and by which source each fed which table.

use std::collections::HashMap;

use super::files::{FileRecord, TableRecord};
use crate::model::Origin;

/// Every file by its number.
pub struct Ages<'a> {
    files: HashMap<i64, Aged<'a>>,
    sources: HashMap<i64, Vec<Fed<'a>>>,
}

/// A sheet, a table that it feeds, and the source by which it was read.
type Fed<'a> = (&'a str, &'a str, &'a str);

/// A file and its place in the order of age.
#[derive(Clone, Copy)]
pub struct Aged<'a> {
    /// Higher is newer.
    pub rank: usize,
    pub record: &'a FileRecord,
}

impl<'a> Ages<'a> {
    pub fn new(records: &'a [FileRecord]) -> Ages<'a> {
        let mut order: Vec<&FileRecord> = records.iter().collect();
        order.sort_by(|a, b| a.age().cmp(&b.age()));
        let files = order.into_iter().enumerate().map(|(rank, record)| (record.id, Aged { rank, record })).collect();
        let mut sources: HashMap<i64, Vec<Fed<'a>>> = HashMap::new();
        for record in records {
            let fed = record.sheets.iter().flat_map(|sheet| {
                let of_table =
                    |table: &'a TableRecord| (sheet.name.as_str(), table.table.as_str(), sheet.source.as_str());
                sheet.tables.iter().map(of_table)
            });
            sources.insert(record.id, fed.collect());
        }
        Ages { files, sources }
    }

    pub fn get(&self, file: i64) -> Option<&Aged<'a>> {
        self.files.get(&file)
    }

    /// Where a row stands in the order of age.
    pub fn place(&self, origin: &Origin) -> (usize, u32) {
        (self.get(origin.file).map_or(0, |f| f.rank), origin.row)
    }

    /// The source by which a row of a table was read.
    pub fn source(&self, table: &str, origin: &Origin) -> &'a str {
        let fed = self.sources.get(&origin.file).into_iter().flatten();
        fed.into_iter().find(|fed| fed.0 == origin.sheet && fed.1 == table).map_or("", |fed| fed.2)
    }

    /// All files, oldest first.
    pub fn in_order(&self) -> Vec<Aged<'a>> {
        let mut files: Vec<Aged<'a>> = self.files.values().copied().collect();
        files.sort_by_key(|f| f.rank);
        files
    }
}
