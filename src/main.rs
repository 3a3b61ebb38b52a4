//! The `assay` command.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use claim_assay::cli::{self, Exit, Terminal};
use signal_hook::consts::{SIGINT, SIGTERM};

fn main() -> ExitCode {
    let stop = Arc::new(AtomicBool::new(false));
    // The first Ctrl-C asks to finish, the second one ends at once; so does the signal of a time limit. Programs that were started
    // must not outlive this one. The end of a session is left alone, because `nohup` relies on its being ignored.
    let hooked = [SIGINT, SIGTERM].into_iter().try_for_each(|signal| {
        signal_hook::flag::register_conditional_shutdown(signal, i32::from(Exit::Interrupted.code()), Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop)).map(drop)
    });
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout()));
    let mut err = anstream::AutoStream::auto(io::stderr());
    if let Err(error) = hooked {
        let _ = writeln!(err, "warning: signals cannot be caught: {error}");
    }
    let colour = anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let mut terminal = Terminal { out: &mut out, err: &mut err, colour, progress: io::stderr().is_terminal(), stop };
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
