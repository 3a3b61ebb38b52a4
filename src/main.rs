//! The `assay` command.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use claim_assay::cli::{self, Exit, Terminal};
use signal_hook::consts::SIGINT;

fn main() -> ExitCode {
    let stop = Arc::new(AtomicBool::new(false));
    // The first Ctrl-C asks to finish, the second one ends at once.
    let hooked = signal_hook::flag::register_conditional_shutdown(SIGINT, i32::from(Exit::Interrupted.code()), Arc::clone(&stop))
        .and_then(|_| signal_hook::flag::register(SIGINT, Arc::clone(&stop)));
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout()));
    let mut err = anstream::AutoStream::auto(io::stderr());
    if let Err(error) = hooked {
        let _ = writeln!(err, "warning: Ctrl-C cannot be caught: {error}");
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
