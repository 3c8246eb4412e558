//! `hesuan completions SHELL`: the script that completes commands and options in a shell.

use clap_complete::Shell;

use super::{Done, args, output};

/// Print the completion script of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: hesuan completions bash > /etc/bash_completion.d/hesuan")]
pub struct Args {
    /// The shell to complete in
    shell: Shell,
}

pub fn run(args: &Args) -> Done {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), "hesuan", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
