//! hesuan (核算): clears a car dealership's settlements against its receipts and publishes the daily workbooks.
pub mod model;
pub mod finding;
pub mod spec;
pub mod read;
pub mod clean;
pub mod ledger;
pub mod reconcile;
pub mod config;
pub mod report;
pub mod sample;
pub mod workbook;
pub mod publish;
pub mod run;
pub mod cli;
