//! The parts store: what snapshots list and what went in and out between them, part by part.

mod counts;
mod months;
mod out;
mod requests;
mod scrap;
mod snapshots;
mod store;
mod supply;

pub use counts::VIEW as COUNTS;
pub use months::VIEW as MONTHS;
pub use out::VIEW as OUT;
pub use requests::{ORDERS, REQUESTS};
pub use scrap::{MONTHS as SCRAP_MONTHS, ROWS as SCRAP};
pub use snapshots::VIEW as STOCK;
pub use store::Store;
pub use supply::VIEW as SUPPLY;
