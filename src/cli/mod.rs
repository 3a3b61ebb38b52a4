//! The commands: arguments, call, print. The only place that writes to a terminal.

pub mod exit;
pub mod init;
pub mod lint;
pub mod stats;
mod style;
mod target;
pub mod terminal;
