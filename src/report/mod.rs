//! Views, figures, sheets: what is reported. The only user of frames.
//!
//! Everything whole stays whole: amounts are counted in fen, hours in hundredths, and a rate is kept as numerator and
//! denominator until a cell shows it.

mod blocks;
pub mod books;
pub mod expr;
pub mod figures;
mod frame;
pub mod pages;
pub mod spec;
pub mod ties;
pub mod views;

pub use books::{About, MadeBook, books};
pub use figures::{Amount, Figures};
pub use pages::{Input, Sources, control_name};
pub use spec::{Catalogue, Report, Span};
pub use views::{CloseFacts, Made, Material, RunFacts, without_cost};

/// A frame that could not be computed: a bug, or an expression that no view can answer.
pub use polars::error::PolarsError as ReportError;
