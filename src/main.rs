//! The `assay` command.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use claim_assay::cli::{self, CommandGuard, Exit, Terminal};
use signal_hook::consts::{SIGINT, SIGTERM};

fn main() -> ExitCode {
    let stop = Arc::new(AtomicBool::new(false));
    // The first Ctrl-C asks to finish, the second one ends at once; so does the signal of a time limit. Programs that were started
    // must not outlive this one. The end of a session is left alone, because `nohup` relies on its being ignored.
    let hooked = [SIGINT, SIGTERM].into_iter().try_for_each(|signal| {
        signal_hook::flag::register_conditional_shutdown(signal, i32::from(Exit::Interrupted.code()), Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop)).map(drop)
    });
    let colours = [anstream::AutoStream::choice(&io::stdout()), anstream::AutoStream::choice(&io::stderr())];
    let commands = CommandGuard::from_env();
    // Behind the guard nothing takes characters away: a colour before `::` would hide it until it is stripped.
    let guarded_out: Box<dyn Write> = Box::new(commands.guard(io::stdout()));
    let guarded_err: Box<dyn Write + Send> = Box::new(commands.guard(io::stderr()));
    let mut out = io::BufWriter::new(anstream::AutoStream::new(guarded_out, colours[0]));
    let mut err = anstream::AutoStream::new(guarded_err, colours[1]);
    if let Err(error) = hooked {
        let _ = writeln!(err, "warning: signals cannot be caught: {error}");
    }
    let colour = colours[0] != anstream::ColorChoice::Never;
    let mut terminal = Terminal { out: &mut out, err: &mut err, colour, progress: io::stderr().is_terminal(), stop, commands };
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
