//! `hesuan man`: the manual pages, made from the same definitions as `--help`.

use std::path::PathBuf;

use super::failure::Failure;
use super::{Done, args, output};

/// Print the manual page, or write one page a command
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: hesuan man | man -l -")]
pub struct Args {
    /// Write hesuan.1, hesuan-run.1, ... into this folder
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

pub fn run(args: &Args) -> Done {
    let command = args::command();
    match &args.dir {
        Some(folder) => std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder))
            .map_err(|error| Failure::disk(folder.display(), &error))?,
        None => output::print(&page(command)?)?,
    }
    Ok(0)
}

/// The pages of the program and of its commands, one after the other.
fn page(mut command: clap::Command) -> Result<String, Failure> {
    command.build();
    let mut text = Vec::new();
    let commands = command.get_subcommands().cloned().collect::<Vec<_>>();
    for each in std::iter::once(command).chain(commands) {
        clap_mangen::Man::new(each).render(&mut text).map_err(|error| Failure::internal(error.to_string()))?;
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}
