//! hesuan (核算): clears a car dealership's settlements against its receipts and publishes the daily workbooks.
pub mod clean;
pub mod cli;
pub mod config;
pub mod disk;
pub mod finding;
pub mod ledger;
pub mod model;
pub mod publish;
pub mod read;
pub mod reconcile;
pub mod report;
pub mod run;
pub mod sample;
pub mod spec;
pub mod workbook;
