//! What extractors that are programs share: one running program and its end, the articles among workers, and when to give up.

mod child;
mod programs;
mod queue;
mod record;
mod secrets;
mod settings;
mod transcript;
mod watchdog;
mod workers;

pub use programs::Programs;
pub use settings::ProgramSettings;
pub use transcript::Transcript;
pub use watchdog::watch;

pub(super) use child::{Child, End, Line, TICK, in_words, last_words};
pub(super) use queue::{Next, Task};
pub(super) use record::{answer, faults_in_words};
pub(super) use transcript::probed;
pub(super) use workers::{Hands, share};
