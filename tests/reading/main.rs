//! Exports that are not what they should be: whatever is wrong with one, either the figures are right or the run says so
//! with file and place. One file a kind of fault, at least three cases each; the shop without a fault is in `case.rs`.

#[path = "../common/mod.rs"]
mod common;

mod base;
mod book;
mod braces;
mod calculated;
mod case;
mod cells;
mod containers;
mod contradicted;
mod cut_off;
mod damaged_decisions;
mod ended;
mod epochs;
mod export_dates;
mod former;
mod gone_lines;
mod no_data;
mod nothing;
mod part_files;
mod quantities;
mod records;
mod refused;
mod sheets;
mod stored;
mod sums;
mod two_tables;
mod units;
mod voided;
mod widths;
mod words_beside;
