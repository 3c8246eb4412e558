//! `hesuan report`: the catalogue of reports, and the definition of one.

use std::path::PathBuf;

use serde_json::json;

use super::failure::Failure;
use super::shop::{self, Shop};
use super::{Done, output, report_text};
use crate::model::Lang;
use crate::report::Catalogue;

/// List the reports, or show what one holds and how its figures are defined
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Every report: id, name, readers, period
    List(Which),
    /// One report: inputs, sheets, figures with their definitions, ties
    Show {
        /// The report's id, e.g. service_daily
        id: String,
        #[command(flatten)]
        which: Which,
    },
}

#[derive(Debug, clap::Args)]
struct Which {
    /// A shop folder: with its own specs and settings (default: the built-in ones)
    #[arg(long, value_name = "DIR")]
    shop: Option<PathBuf>,
    /// Language (default: that of hesuan.toml, else zh)
    #[arg(long)]
    lang: Option<Lang>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Done {
    let (Action::List(which) | Action::Show { which, .. }) = &args.action;
    let (catalogue, lang) = catalogue(which)?;
    let lang = which.lang.unwrap_or(lang);
    match &args.action {
        Action::List(_) if which.json => output::print_json(&report_text::list_json(&catalogue))?,
        Action::List(_) => output::print(&report_text::list(&catalogue, lang))?,
        Action::Show { id, .. } => {
            let Some(report) = catalogue.reports.iter().find(|r| r.id == *id) else {
                let message = format!("no report is called `{id}`");
                return Err(Failure::usage(message, "`hesuan report list` lists them"));
            };
            match which.json {
                true => output::print_json(&json!(report_text::show_json(&catalogue, report)))?,
                false => output::print(&report_text::show(&catalogue, report, lang))?,
            }
        }
    }
    Ok(0)
}

/// The catalogue as the shop sees it, and the shop's language.
fn catalogue(which: &Which) -> Result<(Catalogue, Lang), Failure> {
    Ok(match &which.shop {
        Some(path) => {
            let shop = Shop::load(path)?;
            (shop.catalogue, shop.config.lang)
        }
        None => (shop::built_in_catalogue()?, Lang::default()),
    })
}
