//! `assay completions SHELL`.

use clap::Args as ClapArgs;
use clap_complete::Shell;

use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// Print the completion script of a shell.
///
/// For example: assay completions bash > ~/.local/share/bash-completion/completions/assay
#[derive(ClapArgs, Debug)]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Runs the command; `command` is the whole command line.
///
/// # Errors
/// When the output is closed.
pub fn run(args: &Args, mut command: clap::Command, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    // Written to memory first: the generator panics where its stream is closed.
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    terminal.out.write_all(&script)?;
    Ok(Exit::Done)
}
