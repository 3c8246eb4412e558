//! `hesuan explain`: all that is known of one number, each fact with file, sheet and row, and why it stands where it
//! stands. Changes nothing.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::NaiveDate;

use super::failure::{Failure, USAGE};
use super::{Done, clock, date, explain_text, output, reading};
use crate::ledger::Ledger;
use crate::model::Lang;
use crate::run::explain;

/// Tell the story of one order, receipt, settlement, claim, sale, contract, car or customer
///
/// First where it stands and the sums that put it there, then every row of every export that speaks of it, in order of
/// time, with what newer exports changed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shop folder
    shop: PathBuf,
    /// An order, receipt, settlement, claim, sale or contract number, a plate, a VIN or a customer's name
    number: String,
    /// As of this date (default: the last published one, else yesterday)
    #[arg(long, value_name = "DATE", value_parser = date::parse)]
    as_of: Option<NaiveDate>,
    /// Language (default: that of hesuan.toml)
    #[arg(long)]
    lang: Option<Lang>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Done {
    let shop = reading::open(&args.shop, args.lang)?;
    let wrong = |error: crate::ledger::LedgerError| Failure::from(error);
    let Some(ledger) = Ledger::open_read(&shop.ledger).map_err(wrong)? else {
        return Err(Failure::usage("nothing has been taken yet".to_owned(), "run `hesuan run` first"));
    };
    let last = ledger.published().map_err(wrong)?.last().map(|p| p.as_of);
    let as_of = args.as_of.or(last).unwrap_or_else(clock::yesterday);
    let story = explain::explain(&shop, &ledger, &args.number, as_of).map_err(wrong)?;
    let names: HashMap<i64, String> = ledger.files().map_err(wrong)?.into_iter().map(|f| (f.id, f.name)).collect();
    let words = explain_text::Words { specs: &shop.reading, names: &names, lang: shop.lang };
    if story.records.is_empty() {
        return Err(Failure::new(USAGE, explain_text::Nothing::of(&story)));
    }
    match args.json {
        true => output::print_json(&explain_text::json(&story, &words))?,
        false => output::print(&explain_text::text(&story, &words))?,
    }
    Ok(0)
}
