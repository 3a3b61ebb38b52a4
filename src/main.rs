//! The `assay` command.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use claim_assay::cli::{self, CommandGuard, Exit, Terminal, Wishes};
use claim_assay::extract::program::{Programs, watch};

/// The only argument of the process that ends programs when this one was killed.
const WATCHDOG: &str = "__watchdog";

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|argument| argument == OsStr::new(WATCHDOG)) {
        watch(io::stdin().lock());
        return ExitCode::SUCCESS;
    }
    let programs = watchdog().map(Programs::watched_by).unwrap_or_default();
    let wishes = Wishes::default();
    let hooked = wishes.listen(programs.clone());
    let colours = [anstream::AutoStream::choice(&io::stdout()), anstream::AutoStream::choice(&io::stderr())];
    let commands = CommandGuard::from_env();
    // Behind the guard nothing takes characters away: a colour before `::` would hide it until it is stripped.
    let guarded_out: Box<dyn Write> = Box::new(commands.guard(wishes.until_hangup(io::stdout())));
    let guarded_err: Box<dyn Write + Send> = Box::new(commands.guard(wishes.until_hangup(io::stderr())));
    let mut out = io::BufWriter::new(anstream::AutoStream::new(guarded_out, colours[0]));
    let mut err = anstream::AutoStream::new(guarded_err, colours[1]);
    if let Err(error) = hooked {
        let _ = writeln!(err, "warning: signals cannot be caught: {error}");
    }
    let colour = colours[0] != anstream::ColorChoice::Never;
    let mut terminal =
        Terminal { out: &mut out, err: &mut err, colour, progress: io::stderr().is_terminal(), stop: wishes.stop, programs, commands };
    let exit = cli::run(std::env::args_os(), &mut terminal);
    match out.flush() {
        Ok(()) => exit.into(),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => exit.into(),
        Err(error) => {
            let _ = writeln!(err, "error: cannot write the output: {error}");
            Exit::Error.into()
        }
    }
}

/// This program again. Where the system has a link to it that link is started: it is still there when the file was replaced, and what ends
/// all processes of the program's name leaves this one.
fn watchdog() -> io::Result<Command> {
    let link = PathBuf::from("/proc/self/exe");
    let program = if link.exists() { link } else { std::env::current_exe()? };
    let mut command = Command::new(program);
    command.arg0("assay-watchdog").arg(WATCHDOG);
    Ok(command)
}
