//! A shop as commands open it that only look, and the requests of those that change it without a date.

use std::path::Path;

use super::clock;
use super::failure::Failure;
use crate::ledger::LedgerError;
use crate::model::Lang;
use crate::run::{Request, Shop};

/// What a command asks for that names no reporting date.
pub fn request(shop: &Path, lang: Option<Lang>) -> Result<Request, Failure> {
    let program = std::env::current_exe().map_err(|error| Failure::internal(error.to_string()))?;
    Ok(Request {
        shop: shop.to_path_buf(),
        dates: Vec::new(),
        is_ordinary: false,
        today: clock::today(),
        at: clock::now(),
        tells_all: false,
        reports: Vec::new(),
        lang,
        dry_run: false,
        program,
    })
}

/// Opens a shop with everything that a run would need.
pub fn open(shop: &Path, lang: Option<Lang>) -> Result<Shop, Failure> {
    Shop::open(&request(shop, lang)?).map_err(|error| Failure::new(error.exit_code(), error))
}

/// The language asked for, else the shop's.
pub fn lang(shop: &Path, asked: Option<Lang>) -> Result<Lang, Failure> {
    Ok(match asked {
        Some(lang) => lang,
        None => super::shop::Shop::load(shop)?.config.lang,
    })
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Failure {
        let code = error.exit_code();
        Failure::new(code, crate::run::RunError::Ledger(error))
    }
}
